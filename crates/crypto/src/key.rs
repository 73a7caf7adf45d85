//! The 2048-bit authorization key.

use crate::hash::sha1;
use zeroize::ZeroizeOnDrop;

/// A shared 256-byte key, leading zeros included. `Debug` shows its public id only; memory is wiped on drop.
#[derive(Clone, ZeroizeOnDrop)]
pub struct AuthKey {
    bytes: [u8; 256],
    /// Every packet starts with it, so it is computed once.
    id: i64,
}

impl AuthKey {
    /// Wraps the big-endian key, padded to 256 bytes.
    pub fn new(bytes: [u8; 256]) -> Self {
        let hash = sha1(&bytes);
        let id = i64::from_le_bytes(hash[12..].try_into().expect("twenty minus twelve is eight"));
        Self { bytes, id }
    }

    /// Wraps the key when `bytes` is exactly 256 long.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Self::new(bytes.try_into().ok()?))
    }

    /// The key itself.
    pub fn bytes(&self) -> &[u8; 256] {
        &self.bytes
    }

    /// `auth_key_id`: the low 64 bits of SHA-1, as the TL long that starts every encrypted packet.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// `auth_key_aux_hash`: the high 64 bits of SHA-1, as raw bytes.
    pub fn aux_hash(&self) -> [u8; 8] {
        let hash = sha1(&self.bytes);
        hash[..8].try_into().expect("a prefix of eight")
    }
}

impl std::fmt::Debug for AuthKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuthKey(id {:016x})", self.id())
    }
}

impl PartialEq for AuthKey {
    fn eq(&self, other: &Self) -> bool {
        crate::ct::eq(&self.bytes, &other.bytes)
    }
}

impl Eq for AuthKey {}
