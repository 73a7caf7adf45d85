//! AES-256 in IGE mode, in place.
//!
//! c_i = E(p_i ^ c_{i-1}) ^ p_{i-1}. The IV is the OpenSSL one: the first 16 bytes stand for the ciphertext
//! block before the first, the last 16 for the plaintext block before the first.

use aes::{Aes256, Aes256Dec, Aes256Enc};
use cipher::{Block, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

// One direction at a time: the round keys of the other are not made.

/// Bytes in one AES block; every length given to this module is a multiple of it.
pub const BLOCK: usize = 16;

/// Encrypts `data` where it lies.
///
/// # Panics
/// When the length of `data` is not a multiple of [`BLOCK`]. Lengths from the network are checked before.
pub fn encrypt_in_place(key: &[u8; 32], iv: &[u8; 32], data: &mut [u8]) {
    let blocks = blocks(data);
    ige::Encryptor::<Aes256Enc>::new(key.into(), iv.into()).encrypt_blocks(blocks);
}

/// Decrypts `data` where it lies.
///
/// # Panics
/// When the length of `data` is not a multiple of [`BLOCK`]. Lengths from the network are checked before.
pub fn decrypt_in_place(key: &[u8; 32], iv: &[u8; 32], data: &mut [u8]) {
    let blocks = blocks(data);
    ige::Decryptor::<Aes256Dec>::new(key.into(), iv.into()).decrypt_blocks(blocks);
}

fn blocks(data: &mut [u8]) -> &mut [Block<Aes256>] {
    let (blocks, rest) = Block::<Aes256>::slice_as_chunks_mut(data);
    assert!(rest.is_empty(), "IGE works on whole blocks");
    blocks
}
