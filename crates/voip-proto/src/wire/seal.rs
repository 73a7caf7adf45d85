//! Sealing and opening of packets, in place (section 3).
//!
//! `prefix || clear fields || IGE(length || block || padding)`. Which of the three forms applies is decided by the peer's
//! version (0.1).

use offhook_crypto::{ct, hash, ige, kdf};

use crate::Role;

/// How a packet is sealed (3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// MTProto 2.0 with a 16-bit length and no fingerprint: protocol 8 and 9.
    Short,
    /// MTProto 2.0 with a 32-bit length and the key's fingerprint: protocol 5 to 7.
    Long,
    /// MTProto 1.0: before that.
    Old,
}

impl Form {
    /// Bytes between the prefix and what is encrypted.
    pub const fn clear_len(self) -> usize {
        match self {
            Self::Short => MSG_KEY,
            Self::Long | Self::Old => FINGERPRINT + MSG_KEY,
        }
    }

    /// Bytes between the prefix and the block.
    pub(crate) const fn block_start(self) -> usize {
        self.clear_len() + self.length_len()
    }

    const fn length_len(self) -> usize {
        match self {
            Self::Short => 2,
            Self::Long | Self::Old => 4,
        }
    }

    /// Padding after `used` bytes of length and block (3.2).
    const fn padding_len(self, used: usize) -> usize {
        match self {
            Self::Old => used.next_multiple_of(ige::BLOCK) - used,
            Self::Short | Self::Long => {
                let fill = ige::BLOCK - used % ige::BLOCK;
                if fill < 16 { fill + 16 } else { fill }
            }
        }
    }
}

const FINGERPRINT: usize = 8;
const MSG_KEY: usize = 16;
/// What must remain after the prefix (2.1).
pub const MIN_SEALED: usize = 40;

/// Why a packet was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Too short, or not whole cipher blocks.
    #[error("{got} bytes cannot be a sealed packet")]
    Shape {
        /// Its length after the prefix.
        got: usize,
    },
    /// The fingerprint is not that of our key.
    #[error("the fingerprint belongs to another key")]
    Fingerprint,
    /// The message key does not match the content: another key, another role, or changed on the way.
    #[error("message key does not match the plaintext")]
    Forged,
    /// It authenticates, but its length field points outside.
    #[error("the inner length {got} does not fit into {limit} bytes")]
    Length {
        /// The length field.
        got: usize,
        /// What it may be at most.
        limit: usize,
    },
}

/// What both ends seal with.
#[derive(Clone, zeroize::ZeroizeOnDrop)]
pub struct SealKey {
    key: [u8; 256],
    #[zeroize(skip)]
    fingerprint: [u8; 8],
    #[zeroize(skip)]
    call_id: [u8; 16],
}

impl SealKey {
    /// Derives what a call needs from its key (1.4).
    pub fn new(key: &[u8; 256]) -> Self {
        let (sha1, sha256) = (hash::sha1(key), hash::sha256(key));
        let (mut fingerprint, mut call_id) = ([0; 8], [0; 16]);
        fingerprint.copy_from_slice(&sha1[12..]);
        call_id.copy_from_slice(&sha256[16..]);
        Self { key: *key, fingerprint, call_id }
    }

    /// The 128-bit call id: prefix of direct datagrams to older peers, and part of form A headers.
    pub fn call_id(&self) -> &[u8; 16] {
        &self.call_id
    }

    /// The key's fingerprint as it goes over the wire.
    pub fn fingerprint(&self) -> &[u8; 8] {
        &self.fingerprint
    }

    /// Starts a datagram: clears `out`, writes the prefix and leaves room for what [`SealKey::finish`] fills in.
    /// Append the block, then finish.
    pub fn start(&self, form: Form, prefix: &[u8], out: &mut Vec<u8>) -> Started {
        out.clear();
        out.extend_from_slice(prefix);
        out.resize(prefix.len() + form.clear_len() + form.length_len(), 0);
        Started { form, prefix: prefix.len() }
    }

    /// Pads and encrypts what was appended since [`SealKey::start`]. `padding` draws the random bytes.
    ///
    /// # Panics
    /// When the block is longer than the 16-bit length can say: our own packets stay below 1200 bytes.
    pub fn finish(&self, started: Started, sender: Role, out: &mut Vec<u8>, padding: impl FnOnce(&mut [u8])) {
        let Started { form, prefix } = started;
        let inner = prefix + form.clear_len();
        let block_start = inner + form.length_len();
        let block_len = out.len() - block_start;
        if form == Form::Short {
            let len = u16::try_from(block_len).expect("own blocks are shorter than 64 KiB");
            out[inner..block_start].copy_from_slice(&len.to_le_bytes());
        } else {
            out[inner..block_start].copy_from_slice(&(block_len as u32).to_le_bytes());
        }
        let block_end = out.len();
        out.resize(block_end + form.padding_len(block_end - inner), 0);
        padding(&mut out[block_end..]);
        let msg_key = self.msg_key(form, sender, &out[inner..], block_len);
        let (key, iv) = self.derive(form, &msg_key, sender);
        ige::encrypt_in_place(&key, &iv, &mut out[inner..]);
        if form != Form::Short {
            out[prefix..prefix + FINGERPRINT].copy_from_slice(&self.fingerprint);
        }
        out[inner - MSG_KEY..inner].copy_from_slice(&msg_key);
    }

    /// Opens what follows the prefix, in place, and gives the block. When it fails the bytes are as they were, so that
    /// another form can be tried.
    ///
    /// # Errors
    /// [`OpenError`] says why; none of them means more than "drop it".
    pub fn open<'a>(&self, form: Form, sender: Role, bytes: &'a mut [u8]) -> Result<&'a [u8], OpenError> {
        let shape = OpenError::Shape { got: bytes.len() };
        if bytes.len() < MIN_SEALED {
            return Err(shape);
        }
        let (clear, inner) = bytes.split_at_mut(form.clear_len());
        if inner.is_empty() || inner.len() % ige::BLOCK != 0 {
            return Err(shape);
        }
        // Protocol 2.x does not compare the fingerprint of MTProto 1.0 packets (3.4).
        if form == Form::Long && clear[..FINGERPRINT] != self.fingerprint {
            return Err(OpenError::Fingerprint);
        }
        let msg_key: [u8; MSG_KEY] = *clear.last_chunk().expect("the clear fields end with the message key");
        let (key, iv) = self.derive(form, &msg_key, sender);
        ige::decrypt_in_place(&key, &iv, inner);
        match self.check(form, sender, &msg_key, inner) {
            Ok(len) => Ok(&inner[form.length_len()..form.length_len() + len]),
            Err(error) => {
                ige::encrypt_in_place(&key, &iv, inner);
                Err(error)
            }
        }
    }

    /// Authenticates a plaintext and gives the length of its block.
    fn check(
        &self,
        form: Form,
        sender: Role,
        msg_key: &[u8; MSG_KEY],
        inner: &[u8],
    ) -> Result<usize, OpenError> {
        let len = match form {
            Form::Short => usize::from(u16::from_le_bytes([inner[0], inner[1]])),
            Form::Long | Form::Old => u32::from_le_bytes([inner[0], inner[1], inner[2], inner[3]]) as usize,
        };
        let available = inner.len() - form.length_len();
        // MTProto 1.0 does not hash the padding: the length is clamped before hashing (3.4).
        let hashed = if form == Form::Old { len.min(available) } else { len };
        let expected = self.msg_key(form, sender, inner, hashed);
        if !ct::eq(&expected, msg_key) {
            return Err(OpenError::Forged);
        }
        let limit = match form {
            Form::Short => inner.len() - 16,
            Form::Long => inner.len() - 16,
            Form::Old => return Ok(hashed),
        };
        if len > limit {
            return Err(OpenError::Length { got: len, limit });
        }
        Ok(len)
    }

    fn msg_key(&self, form: Form, sender: Role, inner: &[u8], block_len: usize) -> [u8; MSG_KEY] {
        match form {
            Form::Short => kdf::msg_key_v2(&self.key, &[inner], x(sender)),
            Form::Long => kdf::msg_key_v2(&self.key, &[&inner[4..]], x(sender)),
            Form::Old => kdf::msg_key_v1(&[&inner[..4 + block_len]]),
        }
    }

    fn derive(&self, form: Form, msg_key: &[u8; MSG_KEY], sender: Role) -> ([u8; 32], [u8; 32]) {
        match form {
            Form::Short | Form::Long => kdf::v2(&self.key, msg_key, x(sender)),
            Form::Old => kdf::v1(&self.key, msg_key, x(sender)),
        }
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(..)")
    }
}

/// A datagram that has been started and not finished.
#[derive(Debug)]
#[must_use]
pub struct Started {
    form: Form,
    prefix: usize,
}

/// The offset into the key by the sender's role (3.1).
const fn x(sender: Role) -> usize {
    match sender {
        Role::Caller => 0,
        Role::Callee => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SealKey {
        SealKey::new(&std::array::from_fn(|i| (i * 7) as u8))
    }

    fn sealed(form: Form, block: &[u8]) -> Vec<u8> {
        let mut out = vec![9; 3];
        let started = key().start(form, &[], &mut out);
        out.extend_from_slice(block);
        key().finish(started, Role::Caller, &mut out, |padding| padding.fill(0x55));
        out
    }

    #[test]
    fn every_form_gives_back_every_length_of_block() {
        for form in [Form::Short, Form::Long, Form::Old] {
            for len in 24..80 {
                let block: Vec<u8> = (0..len).collect();
                let mut out = sealed(form, &block);
                assert_eq!(key().open(form, Role::Caller, &mut out), Ok(&block[..]), "{form:?} {len}");
            }
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_forged_and_the_bytes_come_back() {
        for form in [Form::Short, Form::Long] {
            let clean = sealed(form, &[7; 40]);
            for i in 0..clean.len() {
                let mut out = clean.clone();
                out[i] ^= 0x10;
                let before = out.clone();
                let error = key().open(form, Role::Caller, &mut out).unwrap_err();
                assert!(matches!(error, OpenError::Forged | OpenError::Fingerprint), "{error:?}");
                assert_eq!(out, before);
            }
        }
    }

    #[test]
    fn a_packet_reflected_to_its_sender_does_not_open() {
        for form in [Form::Short, Form::Long, Form::Old] {
            let mut out = sealed(form, &[7; 40]);
            assert_eq!(key().open(form, Role::Callee, &mut out), Err(OpenError::Forged));
        }
    }

    #[test]
    fn every_truncation_is_refused() {
        for form in [Form::Short, Form::Long, Form::Old] {
            let clean = sealed(form, &[7; 60]);
            for len in 0..clean.len() {
                let mut out = clean[..len].to_vec();
                assert!(key().open(form, Role::Caller, &mut out).is_err(), "{form:?} {len}");
            }
        }
    }

    #[test]
    fn an_authentic_length_that_points_outside_is_refused() {
        // Sealed by hand: a length of 49 in 64 bytes leaves 15, one less than the rule wants.
        for (len, fits) in [(48, true), (49, false), (5000, false)] {
            let mut inner = [0; 64];
            inner[..2].copy_from_slice(&u16::to_le_bytes(len));
            let key = key();
            let msg_key = key.msg_key(Form::Short, Role::Caller, &inner, 0);
            let (aes, iv) = key.derive(Form::Short, &msg_key, Role::Caller);
            ige::encrypt_in_place(&aes, &iv, &mut inner);
            let mut out = [&msg_key[..], &inner].concat();
            assert_eq!(key.open(Form::Short, Role::Caller, &mut out).is_ok(), fits, "{len}");
        }
    }

    #[test]
    fn debug_does_not_show_the_key() {
        assert_eq!(format!("{:?}", key()), "SealKey(..)");
    }
}
