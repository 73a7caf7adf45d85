//! Making an authorization key: six plain messages, both ends.
//!
//! The client end ([`Client`]) is one exchange. The server end ([`Server`]) serves all exchanges of a DC at once
//! and knows nothing of sockets: an exchange is found by its two nonces, so a client may finish on another
//! connection. Source: core.telegram.org/mtproto/auth_key and security_guidelines.
//!
//! ```
//! use offhook_crypto::rsa::PrivateKey;
//! use offhook_mtproto::Moment;
//! use offhook_mtproto::exchange::{Client, ClientConfig, Reply, Server, ServerConfig, Step};
//! # let now = Moment { instant: std::time::Instant::now(), unix: std::time::Duration::from_secs(1_700_000_000) };
//!
//! let rsa = PrivateKey::test_key();
//! let mut client = Client::new(ClientConfig::new(vec![rsa.public().clone()], 2), [1; 32]);
//! let mut server = Server::new(ServerConfig::new(rsa, [2]), [2; 32]);
//! let mut packet = client.start(now);
//! let established = loop {
//!     let answer = match server.handle(&packet, now, |_| false) {
//!         Reply::Send(answer) | Reply::Created { packet: answer, .. } => answer,
//!         other => panic!("{other:?}"),
//!     };
//!     match client.handle(&answer, now)? {
//!         Step::Send(next) => packet = next,
//!         Step::Done(established) => break established,
//!     }
//! };
//! assert_eq!(established.time_offset.as_secs(), 0);
//! # Ok::<(), offhook_mtproto::exchange::ExchangeError>(())
//! ```

mod client;
mod inner;
mod server;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an end that cannot go on fails the test")]
mod tests;

pub use client::{Client, ClientConfig, Established, ExchangeError, RsaScheme, Step};
pub use server::{NewKey, Reply, Server, ServerConfig};
