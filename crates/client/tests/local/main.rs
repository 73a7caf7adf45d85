//! The client against the local Telegram: two programs that share nothing but the wire.
#![allow(clippy::unwrap_used, reason = "tests")]

mod calls;
mod faults;
mod forward_secrecy;
mod login;
mod migration;
mod password;
mod proxies;
mod sessions;
mod town;
mod transports;
