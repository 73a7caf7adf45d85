//! Unencrypted messages: key id 0, message id, length, body.

use crate::MsgId;

/// Bytes before the body.
pub const HEADER: usize = 8 + 8 + 4;

/// Wraps a body.
pub fn write(msg_id: MsgId, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + body.len());
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&msg_id.0.to_le_bytes());
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// The message id and body of an unencrypted packet; `None` when it is encrypted or cut.
pub fn read(packet: &[u8]) -> Option<(MsgId, &[u8])> {
    let rest = packet.strip_prefix(&[0; 8])?;
    let (id, rest) = rest.split_first_chunk()?;
    let (len, rest) = rest.split_first_chunk()?;
    let body = rest.get(..u32::from_le_bytes(*len) as usize)?;
    Some((MsgId(i64::from_le_bytes(*id)), body))
}
