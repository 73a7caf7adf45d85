//! The Diffie-Hellman exchange of a 1:1 call, both roles (libtgvoip.md 1.2 to 1.5).
//!
//! Caller: [`Caller::new`] gives the hash for `phone.requestCall`; [`Caller::on_accepted`] takes g_b of
//! `phoneCallAccepted` and gives what `phone.confirmCall` needs. Callee: [`Callee::new`] takes the hash of
//! `phoneCallRequested` and gives g_b for `phone.acceptCall`; [`Callee::on_confirmed`] takes g_a and the fingerprint of
//! `phoneCall`. Random bytes are arguments. Each power takes milliseconds: keep them off media threads.

use offhook_crypto::dh::Group;

use crate::CallKey;

/// What both sides hold when the exchange is over.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The shared key.
    pub key: CallKey,
    /// Its fingerprint: `key_fingerprint` of `phone.confirmCall` and `phoneCall`.
    pub fingerprint: i64,
    /// The four emoji both users should compare.
    pub emoji: [&'static str; 4],
}

/// Why an exchange failed. Each means that somebody between the two sides is lying or broken: end the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// `g_a_hash` is not 32 bytes long.
    #[error("the hash of g_a has {got} bytes, not 32")]
    HashLength {
        /// Its length.
        got: usize,
    },
    /// A public value is outside the safe range.
    #[error("the peer's public value is outside the safe range")]
    PublicRange,
    /// g_a is not the value the caller committed to.
    #[error("g_a does not match the hash the caller sent first")]
    HashMismatch,
    /// The fingerprint of the key differs.
    #[error("the key fingerprint is {got}, ours is {ours}")]
    Fingerprint {
        /// The peer's.
        got: i64,
        /// Ours.
        ours: i64,
    },
}

/// The calling side, waiting for g_b.
#[derive(Debug)]
pub struct Caller {}

impl Caller {
    /// Draws the secret from `random`, which is asked again until g_a has 256 significant bytes (1.3).
    pub fn new(group: Group, random: impl FnMut(&mut [u8])) -> Self {
        let _ = (group, random);
        todo!()
    }

    /// SHA256(g_a) for `phone.requestCall`.
    pub fn g_a_hash(&self) -> [u8; 32] {
        todo!()
    }

    /// Takes g_b of `phoneCallAccepted`; gives the agreement and g_a for `phone.confirmCall`.
    ///
    /// # Errors
    /// [`HandshakeError::PublicRange`].
    pub fn on_accepted(self, g_b: &[u8]) -> Result<(Agreed, [u8; 256]), HandshakeError> {
        let _ = g_b;
        todo!()
    }
}

/// The called side, waiting for g_a.
#[derive(Debug)]
pub struct Callee {}

impl Callee {
    /// Takes `g_a_hash` of `phoneCallRequested` and draws the secret.
    ///
    /// # Errors
    /// [`HandshakeError::HashLength`].
    pub fn new(group: Group, g_a_hash: &[u8], random: impl FnMut(&mut [u8])) -> Result<Self, HandshakeError> {
        let _ = (group, g_a_hash, random);
        todo!()
    }

    /// g_b for `phone.acceptCall`.
    pub fn g_b(&self) -> [u8; 256] {
        todo!()
    }

    /// Takes g_a and the fingerprint of `phoneCall`, with every check.
    ///
    /// # Errors
    /// [`HandshakeError`] names the check that failed.
    pub fn on_confirmed(self, g_a: &[u8], fingerprint: i64) -> Result<Agreed, HandshakeError> {
        let _ = (g_a, fingerprint);
        todo!()
    }
}

/// The four emoji of a key and of g_a as it was sent (1.5).
pub fn emoji(key: &CallKey, g_a: &[u8]) -> [&'static str; 4] {
    let _ = (key, g_a);
    todo!()
}
