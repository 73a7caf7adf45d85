//! Making an authorization key: eight plain messages, both ends.
//!
//! The client end ([`Client`]) is one exchange. The server end ([`Server`]) serves all exchanges of a DC at once
//! and knows nothing of sockets: an exchange is found by its two nonces, so a client may finish on another
//! connection. Source: core.telegram.org/mtproto/auth_key and security_guidelines.

mod client;
mod server;

pub use client::{Client, ClientConfig, Established, ExchangeError, RsaScheme, Step};
pub use server::{NewKey, Reply, Server, ServerConfig};
