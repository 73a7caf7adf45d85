//! The padding of `req_DH_params` before 2021: SHA1(data) | data | random, 255 bytes.
//!
//! Telethon, Pyrogram and its forks, and grammers still send it, so servers read both.

use super::{PublicKey, RsaError};
use crate::{Random, ct, hash};

/// Bytes of the block before it becomes a number; the 256th is zero.
pub const BLOCK: usize = 255;
/// Most data the block carries.
pub const MAX_DATA: usize = BLOCK - 20;

/// Pads and encrypts `data` for the holder of `key`.
///
/// # Errors
/// [`RsaError::TooLong`] above [`MAX_DATA`] bytes.
pub fn encrypt(key: &PublicKey, data: &[u8], random: &mut impl Random) -> Result<[u8; 256], RsaError> {
    if data.len() > MAX_DATA {
        return Err(RsaError::TooLong { got: data.len(), limit: MAX_DATA });
    }
    let mut block: [u8; 256] = random.array();
    block[0] = 0;
    block[1..21].copy_from_slice(&hash::sha1(data));
    block[21..21 + data.len()].copy_from_slice(data);
    Ok(key.raw(&block).expect("a leading zero byte keeps the number below n"))
}

/// Undoes the padding of a block that went through [`super::PrivateKey::raw`]: the data alone.
///
/// The block does not say how long the data is: `object_len` reads that off the TL object at its start.
///
/// # Errors
/// [`RsaError::Padding`] when the first byte is not zero, the length cannot be told, or the hash differs.
pub fn open(block: &[u8; 256], object_len: impl FnOnce(&[u8]) -> Option<usize>) -> Result<&[u8], RsaError> {
    let (digest, body) = block[1..].split_at(20);
    let data = object_len(body).and_then(|len| body.get(..len)).ok_or(RsaError::Padding)?;
    if block[0] == 0 && ct::eq(&hash::sha1(data), digest) { Ok(data) } else { Err(RsaError::Padding) }
}
