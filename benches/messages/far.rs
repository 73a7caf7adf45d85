//! The server's side of both message layers, made by hand and never timed.

use std::cell::Cell;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use offhook_crypto::AuthKey;
use offhook_mtproto::packet::{self, Message, Origin};
use offhook_mtproto::wire::{Reader, Writer, constructor, id};
use offhook_mtproto::{Moment, MsgId, Salt, SessionId};

/// Constructors of the call and the object that cross the wire here.
pub(crate) const CALL: u32 = 0x1111_1111;
pub(crate) const OBJECT: u32 = 0x2222_2222;

pub(crate) fn now() -> Moment {
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    Moment { instant: Instant::now(), unix }
}

/// A body of `size` bytes that does not shrink.
pub(crate) fn body(constructor: u32, size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut out = constructor.to_le_bytes().to_vec();
    while out.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        out.push((state >> 24) as u8);
    }
    out
}

pub(crate) struct Far {
    pub(crate) key: AuthKey,
    last: Cell<MsgId>,
    seq_no: Cell<i32>,
}

impl Far {
    pub(crate) fn new() -> Self {
        let key = AuthKey::new(std::array::from_fn(|i| (i * 31 + 7) as u8));
        Self { key, last: Cell::default(), seq_no: Cell::new(1) }
    }

    fn id(&self) -> MsgId {
        let next = MsgId((MsgId::at(now().unix).0 | 1).max(self.last.get().0 + 4));
        self.last.set(next);
        next
    }

    fn odd(&self) -> i32 {
        self.seq_no.replace(self.seq_no.get() + 2)
    }

    /// The session of a client's packet, and the ids of the calls in it.
    pub(crate) fn open(&self, packet: &[u8]) -> (SessionId, Vec<MsgId>) {
        let message = packet::open(&self.key, Origin::Client, packet).expect("a client's packet");
        let mut calls = Vec::new();
        match constructor(&message.body) {
            Some(CALL) => calls.push(message.msg_id),
            Some(id::MSG_CONTAINER) => {
                let mut reader = Reader::new(&message.body[4..]);
                for _ in 0..reader.u32().expect("a count") {
                    let msg_id = MsgId(reader.long().expect("an id"));
                    reader.int().expect("a number");
                    let len = reader.u32().expect("a length") as usize;
                    if constructor(reader.raw(len).expect("a body")) == Some(CALL) {
                        calls.push(msg_id);
                    }
                }
            }
            _ => {}
        }
        (message.session_id, calls)
    }

    /// One packet with the answers to these calls.
    pub(crate) fn answer(&self, session: SessionId, calls: &[MsgId], size: usize) -> Vec<u8> {
        let results = calls.iter().map(|call| {
            let body = Writer::boxed(id::RPC_RESULT).long(call.0).raw(&body(OBJECT, size)).done();
            (self.id(), self.odd(), body)
        });
        let mut results: Vec<_> = results.collect();
        if results.len() == 1 {
            let (msg_id, seq_no, body) = results.remove(0);
            return self.packet(session, msg_id, seq_no, body);
        }
        let head = Writer::boxed(id::MSG_CONTAINER).u32(results.len() as u32);
        let whole = results.iter().fold(head, |out, (msg_id, seq_no, body)| {
            out.long(msg_id.0).int(*seq_no).u32(body.len() as u32).raw(body)
        });
        let (msg_id, seq_no) = (self.id(), self.seq_no.get() - 1);
        self.packet(session, msg_id, seq_no, whole.done())
    }

    /// One packet with an object nobody asked for.
    pub(crate) fn update(&self, session: SessionId, body: Vec<u8>) -> Vec<u8> {
        let (msg_id, seq_no) = (MsgId(self.id().0 | 3), self.odd());
        self.packet(session, msg_id, seq_no, body)
    }

    fn packet(&self, session_id: SessionId, msg_id: MsgId, seq_no: i32, body: Vec<u8>) -> Vec<u8> {
        let padding = vec![7; packet::padding_len(body.len(), 1)];
        let message = Message { salt: Salt(1), session_id, msg_id, seq_no, body, quick_ack: 0 };
        packet::seal(&self.key, Origin::Server, &message, &padding)
    }
}
