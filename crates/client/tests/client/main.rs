//! The client against a small Telegram over real TCP.
#![allow(clippy::unwrap_used, reason = "tests may")]

mod calls;
mod keys;
mod login;
mod peers;
mod reconnect;
mod scene;
mod server;
mod sessions;
mod updates;
