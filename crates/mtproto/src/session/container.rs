//! `msg_container#73f1f8dc`: several messages in one packet.

use crate::MsgId;
use crate::wire::{Reader, Writer, id};

/// Messages a receiver takes in one container.
pub(super) const MAX_MESSAGES: usize = 1024;
/// Bytes a message adds to a container besides its body: id, sequence number, length.
pub(super) const MESSAGE_HEADER: usize = 8 + 4 + 4;
/// Bytes of the container itself: constructor and count.
pub(super) const CONTAINER_HEADER: usize = 4 + 4;

/// One message as it stands in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inner {
    pub(super) msg_id: MsgId,
    pub(super) seq_no: i32,
    pub(super) body: Vec<u8>,
}

/// The same where it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) msg_id: MsgId,
    pub(super) seq_no: i32,
    pub(super) body: &'a [u8],
}

impl From<Part<'_>> for Inner {
    fn from(Part { msg_id, seq_no, body }: Part<'_>) -> Self {
        Self { msg_id, seq_no, body: body.to_vec() }
    }
}

/// The container's body. Count and messages are bare.
pub(super) fn write(messages: &[Inner]) -> Vec<u8> {
    let bodies: usize = messages.iter().map(|message| MESSAGE_HEADER + message.body.len()).sum();
    let start =
        Writer::with_room(CONTAINER_HEADER + bodies).u32(id::MSG_CONTAINER).u32(messages.len() as u32);
    let whole = messages.iter().fold(start, |out, message| {
        out.long(message.msg_id.0).int(message.seq_no).u32(message.body.len() as u32).raw(&message.body)
    });
    whole.done()
}

/// The messages of a container's body. `None` when it is cut, too full, or holds another container.
pub(super) fn read(body: &[u8]) -> Option<Vec<Part<'_>>> {
    let mut reader = Reader::new(body);
    reader.expect(id::MSG_CONTAINER)?;
    let count = reader.u32()? as usize;
    (count <= MAX_MESSAGES).then_some(())?;
    // So many fit, whatever the count says.
    let mut messages = Vec::with_capacity(count.min(body.len() / MESSAGE_HEADER));
    for _ in 0..count {
        let (msg_id, seq_no, len) = (MsgId(reader.long()?), reader.int()?, reader.u32()? as usize);
        let body = reader.raw(len).filter(|_| len.is_multiple_of(4))?;
        if crate::wire::constructor(body) == Some(id::MSG_CONTAINER) {
            return None;
        }
        messages.push(Part { msg_id, seq_no, body });
    }
    reader.rest().is_empty().then_some(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_container_is_read_and_written_and_every_cut_is_refused() {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/data/mtproto.json")).unwrap();
        let case = &all["msg_container"];
        let body = hex::decode(case["container_body"].as_str().unwrap()).unwrap();
        let messages: Vec<Inner> = read(&body).unwrap().into_iter().map(Inner::from).collect();
        for (message, expected) in messages.iter().zip(case["messages"].as_array().unwrap()) {
            assert_eq!(message.msg_id.0, expected["msg_id"].as_i64().unwrap());
            assert_eq!(i64::from(message.seq_no), expected["seq_no"].as_i64().unwrap());
            assert_eq!(hex::encode(&message.body), expected["body"].as_str().unwrap());
        }
        assert_eq!(messages.len(), 2);
        assert_eq!(write(&messages), body);
        for len in 0..body.len() {
            assert_eq!(read(&body[..len]), None);
        }
    }

    #[test]
    fn nested_overfull_and_unaligned_containers_are_refused() {
        let inner = |body: Vec<u8>| Inner { msg_id: MsgId(4), seq_no: 1, body };
        assert!(read(&write(&[inner(vec![1, 2, 3, 4])])).is_some());
        assert_eq!(read(&write(&[inner(write(&[]))])), None);
        assert_eq!(read(&write(&[inner(vec![1, 2, 3])])), None);
        let full = vec![inner(vec![0; 4]); MAX_MESSAGES];
        let written = write(&full);
        let read_again = read(&written).map(|parts| parts.into_iter().map(Inner::from).collect());
        assert_eq!(read_again, Some(full.clone()));
        assert_eq!(read(&write(&[full, vec![inner(vec![0; 4])]].concat())), None);
        let huge = Writer::boxed(id::MSG_CONTAINER).u32(u32::MAX).done();
        assert_eq!(read(&huge), None);
    }
}
