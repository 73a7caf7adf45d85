//! Bytes to bytes: the cryptography of MTProto and of Telegram calls, both ends of each exchange.
//!
//! Plain functions on slices and small key types. Nothing here reads a clock, and randomness is always an
//! argument: either bytes, or a [`Random`], which any `FnMut(&mut [u8])` is.
//!
//! ```
//! use offhook_crypto::{hash, ige, kdf};
//!
//! let key = [7; 256];
//! let mut text = *b"sixteen bytes of speech, twice!!";
//! let msg_key = kdf::msg_key_v2(&key, &[&text], 0);
//! let (aes_key, aes_iv) = kdf::v2(&key, &msg_key, 0);
//! ige::encrypt_in_place(&aes_key, &aes_iv, &mut text);
//! ige::decrypt_in_place(&aes_key, &aes_iv, &mut text);
//! assert_eq!(kdf::msg_key_v2(&key, &[&text], 0), msg_key);
//! assert_eq!(hash::sha1(b"abc")[..4], [0xa9, 0x99, 0x3e, 0x36]);
//! ```
//!
//! Powers with a secret exponent run in constant time ([`dh`], [`rsa`], [`srp`]); tests of public numbers
//! ([`prime`], [`pq`]) do not. Numbers of 2048 bits are big-endian, 256 bytes, leading zeros kept.

pub mod ct;
pub mod ctr;
pub mod dh;
pub mod hash;
pub mod ige;
pub mod kdf;
mod key;
pub mod pq;
pub mod prime;
pub mod rsa;
pub mod srp;
mod uint;

pub use key::AuthKey;

/// A source of unpredictable bytes. Every `FnMut(&mut [u8])` is one.
pub trait Random {
    /// Fills `out` with fresh bytes.
    fn fill(&mut self, out: &mut [u8]);

    /// A fresh array.
    fn array<const N: usize>(&mut self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }
}

impl<F: FnMut(&mut [u8])> Random for F {
    fn fill(&mut self, out: &mut [u8]) {
        self(out);
    }
}
