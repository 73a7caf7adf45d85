//! The end that gives keys away.

use crate::{Moment, Salt};
use offhook_crypto::AuthKey;
use offhook_crypto::rsa::PrivateKey;

/// What a DC knows.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// RSA key whose fingerprint is offered.
    pub key: PrivateKey,
    /// Id of this DC; its negative and both plus or minus 10000 are accepted too, other ids get -444.
    pub dc: i32,
    /// Exchanges held at once; the oldest is forgotten at the bound. Default 4096.
    pub capacity: usize,
}

/// All exchanges of one DC.
#[derive(Debug)]
pub struct Server {
    config: ServerConfig,
}

/// What to do with a plain packet.
#[derive(Debug)]
pub enum Reply {
    /// Send this packet on the connection the question came from.
    Send(Vec<u8>),
    /// Store the key first, then send the packet: the client may use the key at once, on any connection.
    Created {
        /// `dh_gen_ok`.
        packet: Vec<u8>,
        /// The key to store.
        key: NewKey,
    },
    /// Send this transport error (-404 unknown state, -444 wrong DC).
    Error(i32),
    /// Nothing to send.
    Nothing,
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The key.
    pub key: AuthKey,
    /// Its first salt.
    pub salt: Salt,
    /// DC id the client named, if it did.
    pub dc: Option<i32>,
    /// Unix time at which a temporary key ends; `None` for a permanent one.
    pub expires_at: Option<i32>,
}

impl ServerConfig {
    /// The usual configuration for a key and a DC id.
    pub fn new(key: PrivateKey, dc: i32) -> Self {
        Self { key, dc, capacity: 4096 }
    }
}

impl Server {
    /// A DC without exchanges.
    pub fn new(config: ServerConfig, seed: [u8; 32]) -> Self {
        todo!("{config:?} {seed:?}")
    }

    /// Reads a plain packet from any connection. `is_taken` tells whether a key id exists already
    /// (`dh_gen_retry` is the answer then).
    ///
    /// Costs up to some tens of milliseconds of arithmetic.
    pub fn handle(&mut self, packet: &[u8], at: Moment, is_taken: impl Fn(i64) -> bool) -> Reply {
        let _ = is_taken;
        todo!("{packet:?} {at:?} {:?}", self.config)
    }
}
