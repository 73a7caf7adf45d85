//! The client against the local Telegram: two programs that share nothing but the wire.
#![allow(clippy::unwrap_used, reason = "tests")]

mod forward_secrecy;
mod password;
mod town;
