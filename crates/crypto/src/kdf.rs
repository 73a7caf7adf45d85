//! Message keys and the AES keys and IVs derived from them.
//!
//! `x` is 0 for what the client (the caller of a call, the creator of a secret chat) sends and 8 for what the
//! other side sends. Source: core.telegram.org/mtproto/description and mtproto_v1.

use crate::hash::{sha1_parts, sha256_parts};

/// MTProto 2.0: AES key and IGE IV from two SHA-256.
pub fn v2(key: &[u8; 256], msg_key: &[u8; 16], x: usize) -> ([u8; 32], [u8; 32]) {
    let a = sha256_parts(&[msg_key, &key[x..x + 36]]);
    let b = sha256_parts(&[&key[40 + x..76 + x], msg_key]);
    let (mut aes_key, mut aes_iv) = ([0; 32], [0; 32]);
    aes_key[..8].copy_from_slice(&a[..8]);
    aes_key[8..24].copy_from_slice(&b[8..24]);
    aes_key[24..].copy_from_slice(&a[24..]);
    aes_iv[..8].copy_from_slice(&b[..8]);
    aes_iv[8..24].copy_from_slice(&a[8..24]);
    aes_iv[24..].copy_from_slice(&b[24..]);
    (aes_key, aes_iv)
}

/// MTProto 1.0: AES key and IGE IV from four SHA-1. Still used by `auth.bindTempAuthKey` and by old calls.
pub fn v1(key: &[u8; 256], msg_key: &[u8; 16], x: usize) -> ([u8; 32], [u8; 32]) {
    let a = sha1_parts(&[msg_key, &key[x..32 + x]]);
    let b = sha1_parts(&[&key[32 + x..48 + x], msg_key, &key[48 + x..64 + x]]);
    let c = sha1_parts(&[&key[64 + x..96 + x], msg_key]);
    let d = sha1_parts(&[msg_key, &key[96 + x..128 + x]]);
    let (mut aes_key, mut aes_iv) = ([0; 32], [0; 32]);
    aes_key[..8].copy_from_slice(&a[..8]);
    aes_key[8..20].copy_from_slice(&b[8..20]);
    aes_key[20..].copy_from_slice(&c[4..16]);
    aes_iv[..12].copy_from_slice(&a[8..20]);
    aes_iv[12..20].copy_from_slice(&b[..8]);
    aes_iv[20..24].copy_from_slice(&c[16..20]);
    aes_iv[24..].copy_from_slice(&d[..8]);
    (aes_key, aes_iv)
}

/// MTProto 2.0: all 32 bytes whose middle is the message key and whose first four are the quick ack.
///
/// `parts` joined are the plaintext including its padding.
pub fn msg_key_v2_large(key: &[u8; 256], parts: &[&[u8]], x: usize) -> [u8; 32] {
    use sha1::Digest;
    let mut hash = sha2::Sha256::new();
    hash.update(&key[88 + x..120 + x]);
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// MTProto 2.0 message key: bytes 8 to 24 of [`msg_key_v2_large`].
pub fn msg_key_v2(key: &[u8; 256], parts: &[&[u8]], x: usize) -> [u8; 16] {
    let large = msg_key_v2_large(key, parts, x);
    let mut msg_key = [0; 16];
    msg_key.copy_from_slice(&large[8..24]);
    msg_key
}

/// MTProto 1.0 message key: bytes 4 to 20 of the SHA-1 of the plaintext **without** padding.
pub fn msg_key_v1(parts: &[&[u8]]) -> [u8; 16] {
    let hash = sha1_parts(parts);
    let mut msg_key = [0; 16];
    msg_key.copy_from_slice(&hash[4..20]);
    msg_key
}
