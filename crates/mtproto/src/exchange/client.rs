//! The end that wants a key.

use crate::{Moment, Salt, TimeOffset};
use offhook_crypto::AuthKey;
use offhook_crypto::rsa::PublicKey;
use std::time::Duration;

/// Padding of the RSA block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RsaScheme {
    /// RSA_PAD, the current one.
    #[default]
    Pad,
    /// SHA-1 block, before 2021; for tests of servers.
    Sha1,
}

/// What a client knows before the exchange.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Keys of the servers it trusts.
    pub keys: Vec<PublicKey>,
    /// DC id put into the inner data: +10000 on test servers, negative for media.
    pub dc: i32,
    /// Ask for a temporary key of this life (whole seconds).
    pub expires_in: Option<Duration>,
    /// Padding.
    pub scheme: RsaScheme,
}

/// One exchange, client side. Calls cost up to some tens of milliseconds of arithmetic: keep them off busy threads.
#[derive(Debug)]
pub struct Client {
    config: ClientConfig,
}

/// What to do after a packet of the server was read.
#[derive(Debug)]
pub enum Step {
    /// Send this packet (already a whole plain message) and wait for the next.
    Send(Vec<u8>),
    /// The key is made.
    Done(Established),
}

/// The result of an exchange.
#[derive(Clone, Debug)]
pub struct Established {
    /// The key.
    pub key: AuthKey,
    /// First server salt.
    pub salt: Salt,
    /// Server clock against ours, to within the round trip.
    pub time_offset: TimeOffset,
    /// Server unix time at which a temporary key ends.
    pub expires_at: Option<i32>,
}

/// Why an exchange failed. Start a new one, on a new connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// Not the message that is due, or cut.
    #[error("unexpected message")]
    Unexpected,
    /// A nonce is not the one of this exchange.
    #[error("nonce does not match")]
    Nonce,
    /// The server offers none of our keys.
    #[error("the server has none of the known RSA keys, it offers {offered:x?}")]
    NoKnownKey {
        /// Fingerprints offered.
        offered: Vec<i64>,
    },
    /// pq is not a product of two primes below 2^63.
    #[error("pq cannot be factored")]
    Factor,
    /// The server answered `server_DH_params_fail`.
    #[error("the server refused the RSA block")]
    Refused,
    /// The encrypted answer is damaged.
    #[error("the encrypted answer does not match its hash")]
    AnswerHash,
    /// The Diffie-Hellman numbers are unsafe.
    #[error(transparent)]
    Dh(#[from] offhook_crypto::dh::DhError),
    /// The server proved another key.
    #[error("the server's proof of the key does not match")]
    NewNonceHash,
    /// The server answered `dh_gen_fail`, or asked for too many retries.
    #[error("the server refused the key")]
    KeyRefused,
}

impl Client {
    /// An exchange that has not begun.
    pub fn new(config: ClientConfig, seed: [u8; 32]) -> Self {
        todo!("{config:?} {seed:?}")
    }

    /// The first packet (already a whole plain message, ready for the transport).
    pub fn start(&mut self, at: Moment) -> Vec<u8> {
        todo!("{at:?} {:?}", self.config)
    }

    /// The last packet given out, to be sent again unchanged when the connection was lost.
    pub fn last_packet(&self) -> &[u8] {
        todo!()
    }

    /// Reads a packet of the server.
    ///
    /// # Errors
    /// An [`ExchangeError`] ends the exchange.
    pub fn handle(&mut self, packet: &[u8], at: Moment) -> Result<Step, ExchangeError> {
        todo!("{packet:?} {at:?}")
    }
}
