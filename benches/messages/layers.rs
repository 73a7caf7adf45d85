//! The two message layers behind one face, and what is done with them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use grammers_crypto::{AuthKey as TheirKey, DequeBuffer, decrypt_data_v2, encrypt_data_v2};
use grammers_mtproto::mtp::{self, Deserialization, Encrypted, Mtp};
use offhook_mtproto::packet::{self, Message, Origin};
use offhook_mtproto::session::{ClientEvent, ClientOptions, ClientOutput, ClientSession};
use offhook_mtproto::{MsgId, Salt, SessionId, TimeOffset};

use crate::each;
use crate::far::{CALL, Far, OBJECT, body, now};

/// Packets in one round.
const PACKETS: usize = 64;

/// A client's end of a session.
pub(crate) trait Layer {
    /// One packet with these calls.
    fn send(&mut self, calls: Vec<Vec<u8>>) -> Vec<u8>;
    /// Takes a packet; how many answers and objects came out of it.
    fn take(&mut self, packet: Vec<u8>) -> usize;
}

pub(crate) struct Ours(ClientSession);

impl Ours {
    pub(crate) fn new(far: &Far) -> Self {
        let options = ClientOptions { gzip_threshold: usize::MAX, ..ClientOptions::default() };
        let mut session =
            ClientSession::new(far.key.clone(), Salt(1), TimeOffset::default(), options, [1; 32]);
        session.connected(now());
        let mut ours = Self(session);
        // The first ping, the question for salts, and a first answer.
        warm(&mut ours, far);
        ours
    }
}

impl Layer for Ours {
    fn send(&mut self, calls: Vec<Vec<u8>>) -> Vec<u8> {
        let at = now();
        for call in calls {
            self.0.push_request(call, at).expect("room for a call");
        }
        let mut sent = Vec::new();
        loop {
            match self.0.poll(at) {
                ClientOutput::Send(packet) => sent = packet,
                ClientOutput::Event(_) | ClientOutput::Close(_) => panic!("nothing happened"),
                ClientOutput::WaitUntil(_) => return sent,
            }
        }
    }

    fn take(&mut self, packet: Vec<u8>) -> usize {
        let at = now();
        self.0.handle_packet(&packet, at).expect("a good packet");
        let mut count = 0;
        loop {
            match self.0.poll(at) {
                ClientOutput::Event(ClientEvent::Result { body, .. } | ClientEvent::Update(body)) => {
                    black_box(body);
                    count += 1;
                }
                // Acknowledgements that do not wait for company.
                ClientOutput::Send(packet) => drop(black_box(packet)),
                ClientOutput::Event(event) => panic!("{event:?}"),
                ClientOutput::Close(reason) => panic!("{reason:?}"),
                ClientOutput::WaitUntil(_) => return count,
            }
        }
    }
}

pub(crate) struct Grammers {
    layer: Encrypted,
    buffer: DequeBuffer<u8>,
}

/// Room that grammers' own sender leaves in front of a packet's content.
const FRONT: usize = mtp::MAX_TRANSPORT_HEADER_LEN
    + mtp::ENCRYPTED_PACKET_HEADER_LEN
    + mtp::PLAIN_PACKET_HEADER_LEN
    + mtp::MESSAGE_CONTAINER_HEADER_LEN;

impl Grammers {
    pub(crate) fn new(far: &Far) -> Self {
        let layer = Encrypted::build().compression_threshold(None).finish(*far.key.bytes());
        let mut theirs = Self { layer, buffer: DequeBuffer::with_capacity(64 << 10, FRONT) };
        warm(&mut theirs, far);
        theirs
    }
}

impl Layer for Grammers {
    fn send(&mut self, calls: Vec<Vec<u8>>) -> Vec<u8> {
        self.buffer.clear();
        for call in &calls {
            self.layer.push(&mut self.buffer, call).expect("room for a call");
        }
        self.layer.finalize(&mut self.buffer).expect("a packet");
        // Ours gives a packet of its own away; here the transport would write from the buffer.
        black_box(self.buffer.as_ref());
        Vec::new()
    }

    fn take(&mut self, mut packet: Vec<u8>) -> usize {
        let found = self.layer.deserialize(&mut packet).expect("a good packet");
        let whole =
            |it: &&Deserialization| matches!(it, Deserialization::RpcResult(_) | Deserialization::Update(_));
        let count = found.iter().filter(whole).count();
        black_box(found);
        count
    }
}

/// What was sent, where it is not given away.
pub(crate) trait Sent: Layer {
    fn sent(&self, given: Vec<u8>) -> Vec<u8>;
}

impl Sent for Ours {
    fn sent(&self, given: Vec<u8>) -> Vec<u8> {
        given
    }
}

impl Sent for Grammers {
    fn sent(&self, _given: Vec<u8>) -> Vec<u8> {
        self.buffer.as_ref().to_vec()
    }
}

/// One call and its answer, untimed; the session they have.
fn warm(layer: &mut impl Sent, far: &Far) -> SessionId {
    let packet = layer.send(vec![body(CALL, 64)]);
    let (session, calls) = far.open(&layer.sent(packet));
    assert_eq!((calls.len(), layer.take(far.answer(session, &calls, 64))), (1, 1));
    session
}

/// Nanoseconds for each call out, with the acknowledgement of the one before, and for each answer in.
pub(crate) fn calls(layer: &mut impl Sent, far: &Far, together: usize, size: usize) -> [f64; 2] {
    let (mut out, mut back) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..PACKETS {
        let bodies = vec![body(CALL, size); together];
        let start = Instant::now();
        let packet = layer.send(bodies);
        out += start.elapsed();
        let (session, calls) = far.open(&layer.sent(packet));
        let answer = far.answer(session, &calls, size);
        let start = Instant::now();
        let count = layer.take(answer);
        back += start.elapsed();
        assert_eq!((calls.len(), count), (together, together));
    }
    [each(out, PACKETS * together), each(back, PACKETS * together)]
}

/// Nanoseconds for each object nobody asked for.
pub(crate) fn updates(layer: &mut impl Sent, far: &Far, size: usize) -> f64 {
    let session = warm(layer, far);
    let packets: Vec<Vec<u8>> = (0..PACKETS * 4).map(|_| far.update(session, body(OBJECT, size))).collect();
    let start = Instant::now();
    let count: usize = packets.into_iter().map(|packet| layer.take(packet)).sum();
    let time = start.elapsed();
    assert_eq!(count, PACKETS * 4);
    each(time, count)
}

pub(crate) fn encrypt_ours(far: &Far, size: usize) -> f64 {
    let (session_id, msg_id) = (SessionId(7), MsgId::at(now().unix));
    let message =
        Message { salt: Salt(1), session_id, msg_id, seq_no: 1, body: body(CALL, size), quick_ack: 0 };
    let mut padding = [7; 32];
    let padding = &mut padding[..packet::padding_len(size, 0)];
    let start = Instant::now();
    for _ in 0..PACKETS {
        getrandom::fill(padding).expect("randomness");
        black_box(packet::seal(&far.key, Origin::Client, black_box(&message), padding));
    }
    each(start.elapsed(), PACKETS)
}

pub(crate) fn encrypt_theirs(far: &Far, size: usize) -> f64 {
    let key = TheirKey::from_bytes(*far.key.bytes());
    // What is encrypted: 32 bytes of header, and the body.
    let plain = body(CALL, 32 + size);
    let mut buffer = DequeBuffer::with_capacity(plain.len() + 64, FRONT);
    let start = Instant::now();
    for _ in 0..PACKETS {
        buffer.clear();
        buffer.extend(black_box(&plain));
        encrypt_data_v2(&mut buffer, &key);
        black_box(buffer.as_ref());
    }
    each(start.elapsed(), PACKETS)
}

fn packets(far: &Far, size: usize) -> Vec<Vec<u8>> {
    let packet = far.update(SessionId(7), body(OBJECT, size));
    vec![packet; PACKETS]
}

pub(crate) fn decrypt_ours(far: &Far, size: usize) -> f64 {
    let packets = packets(far, size);
    let start = Instant::now();
    for packet in &packets {
        black_box(packet::open(&far.key, Origin::Server, packet).expect("a good packet"));
    }
    each(start.elapsed(), PACKETS)
}

pub(crate) fn decrypt_theirs(far: &Far, size: usize) -> f64 {
    let key = TheirKey::from_bytes(*far.key.bytes());
    let mut packets = packets(far, size);
    let start = Instant::now();
    for packet in &mut packets {
        // Ours gives the body in memory of its own; so does what follows in theirs.
        black_box(decrypt_data_v2(packet, &key).expect("a good packet").to_vec());
    }
    each(start.elapsed(), PACKETS)
}
