//! RSA_PAD, the padding of `req_DH_params` since 2021.
//!
//! Source: core.telegram.org/mtproto/auth_key, "RSA_PAD". Up to 144 bytes of data are padded to 192, reversed,
//! hashed with a temporary AES key, encrypted under that key, and the key is masked with the hash of the result.

use super::{PublicKey, RsaError};
use crate::{Random, ct, hash, ige};

/// Most data the padding carries.
pub const MAX_DATA: usize = 144;
/// Data with its random filling.
pub const PADDED: usize = 192;

/// Pads and encrypts `data` for the holder of `key`.
///
/// # Errors
/// [`RsaError::TooLong`] above [`MAX_DATA`] bytes.
pub fn encrypt(key: &PublicKey, data: &[u8], random: &mut impl Random) -> Result<[u8; 256], RsaError> {
    if data.len() > MAX_DATA {
        return Err(RsaError::TooLong { got: data.len(), limit: MAX_DATA });
    }
    let mut padded: [u8; PADDED] = random.array();
    padded[..data.len()].copy_from_slice(data);
    loop {
        // About one temporary key in three makes a number that is not below n.
        if let Some(encrypted) = key.raw(&block(&padded, &random.array())) {
            return Ok(encrypted);
        }
    }
}

/// Undoes the padding of a block that went through [`super::PrivateKey::raw`]: the data and its random filling.
///
/// # Errors
/// [`RsaError::Padding`] when the hash inside does not match, compared in constant time.
pub fn open(block: &[u8; 256]) -> Result<[u8; PADDED], RsaError> {
    let (masked, body) = block.split_first_chunk::<32>().expect("256 is more than 32");
    let mask = hash::sha256(body);
    let temp_key: [u8; 32] = std::array::from_fn(|i| masked[i] ^ mask[i]);
    let mut body: [u8; 224] = body.try_into().expect("256 minus 32 is 224");
    ige::decrypt_in_place(&temp_key, &[0; 32], &mut body);
    let (reversed, digest) = body.split_first_chunk::<PADDED>().expect("224 is more than 192");
    let mut padded = *reversed;
    padded.reverse();
    if ct::eq(&hash::sha256_parts(&[&temp_key, &padded]), digest) {
        Ok(padded)
    } else {
        Err(RsaError::Padding)
    }
}

/// The number to encrypt, for one choice of temporary key.
fn block(padded: &[u8; PADDED], temp_key: &[u8; 32]) -> [u8; 256] {
    let mut out = [0; 256];
    let (masked, body) = out.split_at_mut(32);
    body[..PADDED].copy_from_slice(padded);
    body[..PADDED].reverse();
    body[PADDED..].copy_from_slice(&hash::sha256_parts(&[temp_key, padded]));
    ige::encrypt_in_place(temp_key, &[0; 32], body);
    let mask = hash::sha256(body);
    for (i, byte) in masked.iter_mut().enumerate() {
        *byte = temp_key[i] ^ mask[i];
    }
    out
}
