//! Both ends of a call and the servers between them, in virtual time.

mod direct;
mod hostile;
mod lines;
mod reflector;
mod relays;
mod sim;
mod streams;
