//! AES-256 in counter mode as a stream that remembers where it is.

use aes::Aes256;
use cipher::{KeyIvInit, StreamCipher};

/// One direction of an AES-256-CTR stream with a 128-bit big-endian counter.
///
/// Calls continue where the last one stopped, whatever the lengths.
pub struct Ctr(ctr::Ctr128BE<Aes256>);

impl Ctr {
    /// A stream at its first byte; `iv` is the first counter value.
    pub fn new(key: &[u8; 32], iv: &[u8; 16]) -> Self {
        Self(ctr::Ctr128BE::<Aes256>::new(key.into(), iv.into()))
    }

    /// Encrypts or decrypts (the same operation) the next `data.len()` bytes.
    pub fn apply(&mut self, data: &mut [u8]) {
        self.0.apply_keystream(data);
    }
}

impl std::fmt::Debug for Ctr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ctr(..)")
    }
}
