//! STUN and TURN for modern calls: where parties learn their own address, and a relay of the standard kind.
//!
//! [`server`] decides who may have what (no socket, no clock) and leaves the protocol to a crate, [`client`] is one
//! client of it, [`shell`] is the sockets. A login is made for each side of each call and is void when the call ends.
//! Rules: RFC 8489 and RFC 8656, over UDP.

mod client;
mod counters;
mod server;
mod shell;

use std::fmt;

pub use counters::TurnCounters;
pub(crate) use shell::TurnHandle;

/// What one side of one call logs in with. Its `Debug` shows nothing of it: whoever knows it can relay.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TurnLogin {
    pub username: String,
    pub password: String,
}

impl fmt::Debug for TurnLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TurnLogin(…)")
    }
}
