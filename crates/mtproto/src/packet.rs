//! Encrypted packets: key id, message key, and the AES-IGE of salt, session, message and padding.

use crate::{MsgId, Salt, SessionId};
use offhook_crypto::AuthKey;

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

/// Decrypts and checks a packet.
///
/// # Errors
/// A [`PacketError`]; the message key is compared before anything inside is looked at.
pub fn open(key: &AuthKey, from: Origin, packet: &[u8]) -> Result<Message, PacketError> {
    todo!("{key:?} {from:?} {packet:?}")
}

/// Encrypts a message. `padding` supplies the random tail: 12 to 1024 bytes so that the whole is a multiple of 16.
///
/// # Panics
/// When the padding breaks that rule.
pub fn seal(key: &AuthKey, from: Origin, message: &Message, padding: &[u8]) -> Vec<u8> {
    todo!("{key:?} {from:?} {message:?} {padding:?}")
}

/// The token a quick ack of a sealed packet will carry.
pub fn quick_ack_token(key: &AuthKey, from: Origin, packet: &[u8]) -> Option<u32> {
    open(key, from, packet).ok().map(|message| message.quick_ack)
}
