//! Encrypted packets: key id, message key, and the AES-IGE of salt, session, message and padding.

use crate::wire::Reader;
use crate::{MsgId, Salt, SessionId};
use offhook_crypto::{AuthKey, ct, ige, kdf};

/// Who made a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The client; x = 0 in the key derivation.
    Client,
    /// The server; x = 8.
    Server,
}

/// The decrypted content of a packet.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Server salt.
    pub salt: Salt,
    /// Session.
    pub session_id: SessionId,
    /// Message id.
    pub msg_id: MsgId,
    /// Sequence number.
    pub seq_no: i32,
    /// One TL object: a container, a request, an answer…
    pub body: Vec<u8>,
    /// Bit 31 and the first four bytes of the long message key: what a quick ack of this packet carries.
    pub quick_ack: u32,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("session_id", &self.session_id)
            .field("msg_id", &self.msg_id)
            .field("seq_no", &self.seq_no)
            .field("len", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why a packet was refused. The reaction to each is the same: drop the packet and the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PacketError {
    /// Too short, or its encrypted part is not made of whole AES blocks.
    #[error("{got} bytes cannot be an encrypted packet")]
    Length {
        /// Bytes of the packet.
        got: usize,
    },
    /// Made for another key.
    #[error("packet is for another key")]
    ForeignKey,
    /// The message key does not match the plaintext.
    #[error("message key does not match the plaintext")]
    Forged,
    /// The inner length or the padding (12 to 1024 bytes) is impossible. Only the holder of the key can cause it.
    #[error("inner length or padding out of range")]
    Padding,
    /// Another session's packet.
    #[error("packet is for another session")]
    ForeignSession,
}

/// The key id a packet starts with: 0 for unencrypted ones ([`crate::plain`]), `None` when it is too short.
pub fn key_id(packet: &[u8]) -> Option<i64> {
    packet.first_chunk().map(|id| i64::from_le_bytes(*id))
}

/// Bytes in clear: key id and message key.
const CLEAR: usize = 8 + 16;
/// Encrypted bytes before the body: salt, session id, message id, sequence number, length.
const INNER: usize = 8 + 8 + 8 + 4 + 4;
/// Padding at least and at most.
const PADDING: std::ops::RangeInclusive<usize> = 12..=1024;

/// Decrypts and checks a packet.
///
/// # Errors
/// A [`PacketError`]; the message key is compared before anything inside is looked at.
pub fn open(key: &AuthKey, from: Origin, packet: &[u8]) -> Result<Message, PacketError> {
    let length = PacketError::Length { got: packet.len() };
    let (clear, encrypted) = packet.split_at_checked(CLEAR).ok_or(length)?;
    if encrypted.len() < INNER + *PADDING.start() || encrypted.len() % ige::BLOCK != 0 {
        return Err(length);
    }
    if key_id(packet) != Some(key.id()) {
        return Err(PacketError::ForeignKey);
    }
    let msg_key: [u8; 16] = clear[8..].try_into().expect("24 minus 8 is 16");
    let (aes_key, aes_iv) = kdf::v2(key.bytes(), &msg_key, from.x());
    let mut plain = encrypted.to_vec();
    ige::decrypt_in_place(&aes_key, &aes_iv, &mut plain);
    let large = kdf::msg_key_v2_large(key.bytes(), &[&plain], from.x());
    if !ct::eq(&large[8..24], &msg_key) {
        return Err(PacketError::Forged);
    }
    read_inner(plain, quick_ack_of(&large)).ok_or(PacketError::Padding)
}

/// What was decrypted becomes the body, in the same memory.
fn read_inner(mut plain: Vec<u8>, quick_ack: u32) -> Option<Message> {
    let mut reader = Reader::new(&plain);
    let salt = Salt(reader.long()?);
    let session_id = SessionId(reader.long()?);
    let msg_id = MsgId(reader.long()?);
    let seq_no = reader.int()?;
    let len = usize::try_from(reader.int()?).ok().filter(|len| len % 4 == 0)?;
    reader.raw(len)?;
    PADDING.contains(&reader.rest().len()).then_some(())?;
    plain.truncate(INNER + len);
    plain.drain(..INNER);
    Some(Message { salt, session_id, msg_id, seq_no, body: plain, quick_ack })
}

/// Encrypts a message; its `quick_ack` is not used. `padding` supplies the random tail: 12 to 1024 bytes that make
/// the whole a multiple of 16, see [`padding_len`].
///
/// # Panics
/// When the padding breaks that rule.
pub fn seal(key: &AuthKey, from: Origin, message: &Message, padding: &[u8]) -> Vec<u8> {
    assert!(PADDING.contains(&padding.len()), "padding is 12 to 1024 bytes");
    let mut out = Vec::with_capacity(CLEAR + INNER + message.body.len() + padding.len());
    out.extend_from_slice(&key.id().to_le_bytes());
    out.extend_from_slice(&[0; 16]);
    out.extend_from_slice(&message.salt.0.to_le_bytes());
    out.extend_from_slice(&message.session_id.0.to_le_bytes());
    out.extend_from_slice(&message.msg_id.0.to_le_bytes());
    out.extend_from_slice(&message.seq_no.to_le_bytes());
    out.extend_from_slice(&(message.body.len() as u32).to_le_bytes());
    out.extend_from_slice(&message.body);
    out.extend_from_slice(padding);
    let msg_key = kdf::msg_key_v2(key.bytes(), &[&out[CLEAR..]], from.x());
    out[8..CLEAR].copy_from_slice(&msg_key);
    let (aes_key, aes_iv) = kdf::v2(key.bytes(), &msg_key, from.x());
    ige::encrypt_in_place(&aes_key, &aes_iv, &mut out[CLEAR..]);
    out
}

/// The least padding for a body, plus `extra` blocks of 16 (at most 62) that hide its length.
pub fn padding_len(body: usize, extra: usize) -> usize {
    let least = INNER + body + PADDING.start();
    PADDING.start() + (least.next_multiple_of(ige::BLOCK) - least) + ige::BLOCK * extra.min(62)
}

/// The token a quick ack of a sealed packet will carry.
pub fn quick_ack_token(key: &AuthKey, from: Origin, packet: &[u8]) -> Option<u32> {
    open(key, from, packet).ok().map(|message| message.quick_ack)
}

fn quick_ack_of(large: &[u8; 32]) -> u32 {
    u32::from_le_bytes([large[0], large[1], large[2], large[3]]) | 1 << 31
}

impl Origin {
    fn x(self) -> usize {
        match self {
            Self::Client => 0,
            Self::Server => 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Origin, content, padding, packet.
    type Case = (Origin, Message, Vec<u8>, Vec<u8>);

    fn vectors() -> (AuthKey, Vec<Case>) {
        let all: Value = serde_json::from_str(include_str!("../tests/data/mtproto.json")).unwrap();
        let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
        let key = AuthKey::from_slice(&bytes(&all["auth_key"]["auth_key"])).unwrap();
        let cases = all["encrypted_message_v2"].as_array().unwrap().iter().map(|case| {
            let message = Message {
                salt: Salt(case["salt"].as_i64().unwrap()),
                session_id: SessionId(case["session_id"].as_i64().unwrap()),
                msg_id: MsgId(case["msg_id"].as_i64().unwrap()),
                seq_no: case["seq_no"].as_i64().unwrap() as i32,
                body: bytes(&case["body"]),
                quick_ack: case["quick_ack_token_u32"].as_u64().unwrap() as u32,
            };
            let origin = if case["x"] == 0 { Origin::Client } else { Origin::Server };
            (origin, message, bytes(&case["padding"]), bytes(&case["packet"]))
        });
        (key.clone(), cases.collect())
    }

    #[test]
    fn published_packets_open_and_are_made_again_byte_for_byte() {
        let (key, cases) = vectors();
        for (origin, message, padding, packet) in cases {
            assert_eq!(open(&key, origin, &packet).unwrap(), message);
            assert_eq!(seal(&key, origin, &message, &padding), packet);
            assert_eq!(key_id(&packet), Some(key.id()));
        }
    }

    #[test]
    fn a_packet_does_not_open_as_the_other_sides() {
        let (key, cases) = vectors();
        assert_eq!(open(&key, Origin::Server, &cases[0].3), Err(PacketError::Forged));
        assert_eq!(open(&AuthKey::new([1; 256]), Origin::Client, &cases[0].3), Err(PacketError::ForeignKey));
    }

    #[test]
    fn every_changed_byte_after_the_key_id_is_the_same_error_and_every_cut_is_one() {
        let (key, cases) = vectors();
        let packet = &cases[0].3;
        for i in 8..packet.len() {
            let mut changed = packet.clone();
            changed[i] ^= 0x10;
            assert_eq!(open(&key, Origin::Client, &changed), Err(PacketError::Forged), "{i}");
        }
        for len in 0..packet.len() {
            let error = open(&key, Origin::Client, &packet[..len]).unwrap_err();
            let whole_blocks = len >= CLEAR + 48 && (len - CLEAR).is_multiple_of(16);
            assert_eq!(
                error,
                if whole_blocks { PacketError::Forged } else { PacketError::Length { got: len } }
            );
        }
    }

    /// A correctly encrypted packet whose inner length says `len`.
    fn with_len(key: &AuthKey, len: i32, body: usize, padding: usize) -> Result<Message, PacketError> {
        let mut plain = vec![0; 28];
        plain.extend_from_slice(&len.to_le_bytes());
        plain.resize(32 + body + padding, 0xaa);
        let msg_key = kdf::msg_key_v2(key.bytes(), &[&plain], 0);
        let (aes_key, aes_iv) = kdf::v2(key.bytes(), &msg_key, 0);
        ige::encrypt_in_place(&aes_key, &aes_iv, &mut plain);
        let packet = [&key.id().to_le_bytes()[..], &msg_key, &plain].concat();
        open(key, Origin::Client, &packet)
    }

    #[test]
    fn lengths_and_paddings_out_of_range_are_refused_after_the_key_is_compared() {
        let key = AuthKey::new([3; 256]);
        assert!(with_len(&key, 20, 20, 12).is_ok());
        assert!(with_len(&key, 0, 0, 1024).is_ok());
        for (len, body, padding) in
            [(18, 20, 12), (24, 20, 12), (-4, 20, 12), (i32::MAX, 20, 12), (0, 0, 1040), (64, 20, 12)]
        {
            assert_eq!(with_len(&key, len, body, padding), Err(PacketError::Padding), "{len}");
        }
    }

    #[test]
    fn padding_fills_blocks_and_stays_in_range() {
        for body in (0..200).step_by(4) {
            for extra in [0, 1, 62, 1000] {
                let padding = padding_len(body, extra);
                assert_eq!((INNER + body + padding) % 16, 0);
                assert!(PADDING.contains(&padding));
            }
        }
    }
}
