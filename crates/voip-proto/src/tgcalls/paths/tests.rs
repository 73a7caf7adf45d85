//! Both ends of a call and the servers between them, in virtual time.

mod direct;
mod hostile;
mod lines;
mod privacy;
mod reflector;
mod relays;
mod servers;
mod sim;
mod streams;
mod stuns;
mod turns;
