//! Encryption of a session database at rest.
//!
//! The key comes from a passphrase by Argon2id; every value is sealed on its own by XChaCha20-Poly1305 under a random
//! nonce, and is bound to the place it is kept in, so that values cannot be exchanged for one another.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use offhook_crypto::hash::sha256_parts;
use zeroize::{Zeroize, Zeroizing};

use crate::clock::seed;
use crate::secret::Password;

const NONCE: usize = 24;
const SALT: usize = 16;
/// What a new database asks of a guesser: 64 MiB and three rounds for each guess, about 0.1 s.
const MEMORY_KIB: u32 = 64 << 10;
const ROUNDS: u32 = 3;
/// A file may not make its reader work for longer than this, whoever wrote it.
const MOST_MEMORY_KIB: u32 = 1 << 20;
const MOST_ROUNDS: u32 = 100;

/// How the key of a database is made from its passphrase. Not secret; kept in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Derivation {
    salt: [u8; SALT],
    memory_kib: u32,
    rounds: u32,
}

impl Derivation {
    pub(super) fn fresh() -> Self {
        Self { salt: seed(), memory_kib: MEMORY_KIB, rounds: ROUNDS }
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        [&self.salt[..], &self.memory_kib.to_le_bytes(), &self.rounds.to_le_bytes()].concat()
    }

    /// `None` when it asks for more than anyone would have written.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (salt, rest) = bytes.split_first_chunk()?;
        let (memory, rounds) = rest.split_first_chunk()?;
        let (memory_kib, rounds) = (u32::from_le_bytes(*memory), u32::from_le_bytes(rounds.try_into().ok()?));
        let sane = memory_kib <= MOST_MEMORY_KIB && rounds <= MOST_ROUNDS;
        sane.then_some(Self { salt: *salt, memory_kib, rounds })
    }

    /// Takes about 0.1 s. `None` for parameters Argon2 does not know.
    pub(super) fn key(&self, passphrase: &Password) -> Option<Sealer> {
        let params = Params::new(self.memory_kib, self.rounds, 1, Some(32)).ok()?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose().as_bytes(), &self.salt, &mut *key)
            .ok()?;
        Some(Sealer(Some(Key(*key))))
    }
}

#[derive(Clone)]
struct Key([u8; 32]);

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Seals values, or leaves them as they are.
#[derive(Clone)]
pub(super) struct Sealer(Option<Key>);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Sealer(hidden)" } else { "Sealer(open)" })
    }
}

impl Sealer {
    /// Keeps values in clear.
    pub(super) const OPEN: Self = Self(None);

    /// A value as it is kept in `place`.
    pub(super) fn seal(&self, place: &[u8], value: &[u8]) -> Vec<u8> {
        let Some(key) = &self.0 else { return value.to_vec() };
        let nonce: [u8; NONCE] = seed();
        let sealed = XChaCha20Poly1305::new(&key.0.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: value, aad: place })
            .expect("a session is shorter than 256 GiB");
        [&nonce[..], &sealed].concat()
    }

    /// The value kept in `place`. `None` when it was not sealed for it with this key.
    pub(super) fn open(&self, place: &[u8], kept: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let Some(key) = &self.0 else { return Some(Zeroizing::new(kept.to_vec())) };
        let (nonce, sealed) = kept.split_first_chunk::<NONCE>()?;
        let opened = XChaCha20Poly1305::new(&key.0.into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: place });
        opened.ok().map(Zeroizing::new)
    }

    /// A number to find a row by that tells nothing about `number` when values are sealed.
    pub(super) fn label(&self, place: &[u8], number: i64) -> i64 {
        let Some(key) = &self.0 else { return number };
        let digest = sha256_parts(&[&key.0, b"row label", place, &number.to_le_bytes()]);
        i64::from_le_bytes(*digest.first_chunk().expect("a digest has 32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quick() -> Derivation {
        Derivation { salt: [7; SALT], memory_kib: 8, rounds: 1 }
    }

    #[test]
    fn a_sealed_value_opens_only_with_its_passphrase_in_its_place_and_whole() {
        let sealer = quick().key(&Password::from("right")).unwrap();
        let kept = sealer.seal(b"here", b"value");
        assert_eq!(sealer.open(b"here", &kept).unwrap().as_slice(), b"value");
        assert_ne!(sealer.seal(b"here", b"value"), kept, "never the same twice");
        assert!(sealer.open(b"there", &kept).is_none());
        assert!(quick().key(&Password::from("wrong")).unwrap().open(b"here", &kept).is_none());
        for at in 0..kept.len() {
            let mut damaged = kept.clone();
            damaged[at] ^= 1;
            assert!(sealer.open(b"here", &damaged).is_none(), "byte {at}");
            assert!(sealer.open(b"here", &kept[..at]).is_none(), "{at} bytes");
        }
    }

    #[test]
    fn a_file_cannot_ask_for_endless_work() {
        let fresh = Derivation::fresh();
        assert_eq!(Derivation::from_bytes(&fresh.to_bytes()), Some(fresh));
        let greedy = Derivation { memory_kib: u32::MAX, ..quick() };
        assert_eq!(Derivation::from_bytes(&greedy.to_bytes()), None);
        assert_eq!(Derivation::from_bytes(&fresh.to_bytes()[1..]), None);
    }

    #[test]
    fn labels_hide_numbers_when_sealed() {
        assert_eq!(Sealer::OPEN.label(b"x", 777), 777);
        let sealer = quick().key(&Password::from("right")).unwrap();
        assert_ne!(sealer.label(b"x", 777), 777);
        assert_eq!(sealer.label(b"x", 777), sealer.label(b"x", 777));
        assert_ne!(sealer.label(b"x", 777), sealer.label(b"y", 777));
    }
}
