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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_packet_is_read_and_written_and_every_cut_of_it_is_refused() {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../tests/data/mtproto.json")).unwrap();
        let case = &all["unencrypted_req_pq_multi"];
        let packet = hex::decode(case["packet"].as_str().unwrap()).unwrap();
        let (msg_id, body) = read(&packet).unwrap();
        assert_eq!(msg_id.0, case["msg_id"].as_i64().unwrap());
        assert_eq!(hex::encode(&body[4..]), case["nonce"].as_str().unwrap());
        assert_eq!(write(msg_id, body), packet);
        for len in 0..packet.len() {
            assert_eq!(read(&packet[..len]), None);
        }
        let mut encrypted = packet;
        encrypted[0] = 1;
        assert_eq!(read(&encrypted), None);
    }
}
