//! A server session against messages made by hand: service messages byte for byte, and every complaint.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "test code; one Instant to count from")]

mod common;

use common::{CALL, RESULT, START, UPDATE, key, object};
use offhook_mtproto::packet::{self, Message, Origin};
use offhook_mtproto::session::*;
use offhook_mtproto::wire::{Reader, Writer, constructor, id};
use offhook_mtproto::{Moment, MsgId, Salt, SessionId, gzip};
use std::time::{Duration, Instant};

const SESSION: SessionId = SessionId(77);
const FIRST: ConnectionId = ConnectionId(1);

/// A session and the client's side of it, driven message by message.
struct Hand {
    session: ServerSession,
    salts: SaltSchedule,
    now: Moment,
    last: MsgId,
    connection: ConnectionId,
    requests: Vec<(MsgId, Vec<u8>)>,
    other: Vec<ServerOutput>,
}

/// A message off the wire: id, sequence number, body.
type Got = (MsgId, i32, Vec<u8>);

impl Hand {
    fn new() -> Self {
        Self::with(ServerOptions::default())
    }

    fn with(options: ServerOptions) -> Self {
        let salts = SaltSchedule::new(&key());
        Self {
            session: ServerSession::new(key(), SESSION, salts.clone(), options, [3; 32]),
            salts,
            now: Moment { instant: Instant::now(), unix: START },
            last: MsgId(0),
            connection: FIRST,
            requests: vec![],
            other: vec![],
        }
    }

    /// Past the greeting.
    fn greeted() -> Self {
        let mut hand = Self::new();
        hand.send(0, ack(&[]));
        hand.drain();
        hand
    }

    fn id(&mut self) -> MsgId {
        self.last = MsgId((MsgId::at(self.now.unix).0 | 4).max(self.last.0 + 4));
        self.last
    }

    fn send(&mut self, seq_no: i32, body: Vec<u8>) -> MsgId {
        let msg_id = self.id();
        self.send_as(msg_id, seq_no, body);
        msg_id
    }

    fn send_as(&mut self, msg_id: MsgId, seq_no: i32, body: Vec<u8>) {
        self.send_salted(self.salts.current(self.now.unix), msg_id, seq_no, body);
    }

    fn send_salted(&mut self, salt: Salt, msg_id: MsgId, seq_no: i32, body: Vec<u8>) {
        let message = Message { salt, session_id: SESSION, msg_id, seq_no, body, quick_ack: 0 };
        self.session.handle(message, self.connection, self.now);
    }

    /// Polls to the end; messages of all packets, containers opened.
    fn drain(&mut self) -> Vec<Got> {
        let mut got = vec![];
        loop {
            match self.session.poll(self.now) {
                ServerOutput::Send { connection, packet } => {
                    assert_eq!(connection, self.connection);
                    let message = packet::open(&key(), Origin::Server, &packet).unwrap();
                    assert_eq!(message.session_id, SESSION);
                    assert_eq!(message.salt, self.salts.current(self.now.unix));
                    got.extend(open(message.msg_id, message.seq_no, message.body));
                }
                ServerOutput::Request { msg_id, body, .. } => self.requests.push((msg_id, body)),
                ServerOutput::WaitUntil(_) => return got,
                other => self.other.push(other),
            }
        }
    }

    fn bodies(&mut self) -> Vec<Vec<u8>> {
        self.drain().into_iter().map(|(_, _, body)| body).collect()
    }
}

fn open(msg_id: MsgId, seq_no: i32, body: Vec<u8>) -> Vec<Got> {
    if constructor(&body) != Some(id::MSG_CONTAINER) {
        return vec![(msg_id, seq_no, body)];
    }
    assert_eq!(seq_no & 1, 0);
    let mut reader = Reader::new(&body[4..]);
    let count = reader.u32().unwrap();
    let mut got = vec![];
    for _ in 0..count {
        let (inner, seq_no) = (MsgId(reader.long().unwrap()), reader.int().unwrap());
        assert!(inner < msg_id);
        let len = reader.u32().unwrap() as usize;
        got.push((inner, seq_no, reader.raw(len).unwrap().to_vec()));
    }
    assert!(reader.rest().is_empty());
    got
}

fn ack(ids: &[i64]) -> Vec<u8> {
    Writer::boxed(id::MSGS_ACK).longs(ids.iter().copied()).done()
}

fn ping(number: i64) -> Vec<u8> {
    Writer::boxed(id::PING).long(number).done()
}

fn container(messages: &[(MsgId, i32, Vec<u8>)]) -> Vec<u8> {
    let start = Writer::boxed(id::MSG_CONTAINER).u32(messages.len() as u32);
    let whole = messages.iter().fold(start, |out, (msg_id, seq_no, body)| {
        out.long(msg_id.0).int(*seq_no).u32(body.len() as u32).raw(body)
    });
    whole.done()
}

fn bad_msg(bad: MsgId, seq_no: i32, code: i32) -> Vec<u8> {
    Writer::boxed(id::BAD_MSG_NOTIFICATION).long(bad.0).int(seq_no).int(code).done()
}

fn result(request: MsgId, body: &[u8]) -> Vec<u8> {
    Writer::boxed(id::RPC_RESULT).long(request.0).raw(body).done()
}

#[test]
fn the_first_packet_is_greeted_with_the_earliest_message_in_it() {
    let mut hand = Hand::new();
    let (a, b, outer) = (hand.id(), hand.id(), hand.id());
    hand.send_as(outer, 2, container(&[(b, 1, object(CALL, 1)), (a, 3, object(CALL, 2))]));
    let got = hand.drain();
    assert_eq!(got.len(), 1);
    let (msg_id, seq_no, body) = &got[0];
    assert_eq!((msg_id.kind(), *seq_no), (3, 1));
    let mut reader = Reader::new(body);
    assert_eq!(reader.u32(), Some(id::NEW_SESSION_CREATED));
    assert_eq!(reader.long(), Some(a.0));
    assert!(reader.long().is_some());
    assert_eq!(reader.long(), Some(hand.salts.current(START).0));
    assert_eq!(hand.requests, [(b, object(CALL, 1)), (a, object(CALL, 2))]);
    hand.send(4, ack(&[]));
    assert_eq!(hand.drain(), []);
}

#[test]
fn a_wrong_salt_is_answered_with_the_right_one_naming_the_container() {
    let mut hand = Hand::new();
    for salt in [Salt(0), Salt(12345)] {
        let (inner, outer) = (hand.id(), hand.id());
        hand.send_salted(salt, outer, 2, container(&[(inner, 1, object(CALL, 1))]));
        let expected = Writer::boxed(id::BAD_SERVER_SALT).long(outer.0).int(2).int(48);
        let expected = expected.long(hand.salts.current(START).0).done();
        let got = hand.drain();
        assert_eq!(got[0].2, expected);
        assert_eq!((got.len(), got[0].1 & 1, got[0].0.kind()), (1, 0, 3));
    }
    assert_eq!(hand.requests, []);
    assert_eq!(hand.session.stats().bad_salts, 2);
    let handshake = hand.salts.clone().with_handshake(Salt(55), START);
    let options = ServerOptions::default();
    hand.session = ServerSession::new(key(), SESSION, handshake, options, [3; 32]);
    let msg_id = hand.id();
    hand.send_salted(Salt(55), msg_id, 1, object(CALL, 1));
    hand.drain();
    assert_eq!(hand.requests.len(), 1, "the salt of the key exchange works");
}

#[test]
fn published_service_messages_are_the_bytes_we_send() {
    let all: serde_json::Value = serde_json::from_str(include_str!("data/mtproto.json")).unwrap();
    let published = |name: &str| hex::decode(all["service_messages"][name].as_str().unwrap()).unwrap();
    let msg_id = MsgId(7_301_444_403_505_419_896);
    assert_eq!(bad_msg(msg_id, 1, 16), published("bad_msg_notification_16"));
    let salt = i64::from_le_bytes(published("bad_server_salt")[20..28].try_into().unwrap());
    let ours = Writer::boxed(id::BAD_SERVER_SALT).long(msg_id.0).int(1).int(48).long(salt).done();
    assert_eq!(ours, published("bad_server_salt"));
    let error = Writer::boxed(id::RPC_ERROR).int(420).bytes(b"FLOOD_WAIT_3").done();
    assert_eq!(result(msg_id, &error), published("rpc_error"));
    let states = Writer::boxed(id::MSGS_STATE_INFO).long(msg_id.0).bytes(&[4, 1, 0x64]).done();
    assert_eq!(states.len(), published("msgs_state_info_3").len());
}

#[test]
fn salts_are_told_bare_unwrapped_and_from_the_current_one_on() {
    let mut hand = Hand::greeted();
    for (seq_no, asked, told) in [(2, 2, 2), (3, 64, 64), (4, 0, 1), (6, 1000, 64)] {
        let question = hand.send(seq_no, Writer::boxed(id::GET_FUTURE_SALTS).int(asked).done());
        let got = hand.drain();
        assert_eq!((got.len(), got[0].0.kind(), got[0].1 & 1), (1, 1, 0));
        let mut reader = Reader::new(&got[0].2);
        assert_eq!(reader.u32(), Some(id::FUTURE_SALTS));
        assert_eq!(reader.long(), Some(question.0));
        assert_eq!(reader.int(), Some(START.as_secs() as i32));
        assert_eq!(reader.int(), Some(told));
        assert_eq!(reader.rest().len(), told as usize * 16);
        let (since, until) = (reader.int().unwrap(), reader.int().unwrap());
        assert!(since <= START.as_secs() as i32 && START.as_secs() as i32 + 60 < until);
        assert_eq!(reader.long(), Some(hand.salts.current(START).0));
    }
    assert_eq!(hand.requests, []);
}

#[test]
fn pings_of_either_parity_are_answered_bare_and_only_the_delayed_kind_sets_the_clock() {
    let mut hand = Hand::greeted();
    for (seq_no, delayed) in [(2, false), (3, false), (4, true), (5, true)] {
        let body =
            if delayed { Writer::boxed(id::PING_DELAY_DISCONNECT).long(9).int(25).done() } else { ping(9) };
        let question = hand.send(seq_no, body);
        let expected = Writer::boxed(id::PONG).long(question.0).long(9).done();
        let got = hand.drain();
        assert_eq!(got[0].2, expected);
        assert_eq!((got.len(), got[0].0.kind(), got[0].1 & 1), (1, 1, 0));
    }
    hand.now = hand.now.after(Duration::from_secs(20));
    hand.send(6, ping(1));
    hand.drain();
    assert!(hand.other.is_empty());
    hand.now = hand.now.after(Duration::from_secs(5));
    hand.drain();
    let closes = matches!(
        hand.other[..],
        [ServerOutput::Close { connection: FIRST, reason: ServerCloseReason::NoPing }]
    );
    assert!(closes, "{:?}", hand.other);
}

#[test]
fn a_request_is_run_once_and_its_answer_given_again() {
    let mut hand = Hand::greeted();
    let request = hand.send(1, object(CALL, 5));
    hand.drain();
    hand.send_as(request, 1, object(CALL, 5));
    assert_eq!(hand.bodies(), [ack(&[request.0])], "still running: only acknowledged");
    assert!(hand.session.respond(request, &object(RESULT, 5), hand.now));
    let first = hand.drain();
    hand.send_as(request, 1, object(CALL, 5));
    let second = hand.drain();
    assert_eq!(first[0].2, result(request, &object(RESULT, 5)));
    assert_eq!(second[0].2, first[0].2);
    assert!(second[0].0 > first[0].0);
    assert_eq!(hand.requests.len(), 1);
    assert_eq!(hand.session.stats().duplicates, 2);
    assert_eq!((first[0].1 & 1, first[0].0.kind()), (1, 1));
}

#[test]
fn a_large_answer_asked_for_twice_is_announced_and_fetched_by_id() {
    let mut hand = Hand::greeted();
    let request = hand.send(1, object(CALL, 5));
    hand.drain();
    let noise: Vec<u8> = (0..5000u32).flat_map(|i| offhook_crypto::hash::sha1(&i.to_le_bytes())).collect();
    hand.session.respond(request, &[object(RESULT, 5), noise].concat(), hand.now);
    let first = hand.drain();
    hand.send_as(request, 1, object(CALL, 5));
    let (answer, len) = (first[0].0, first[0].2.len() as i32);
    let info = Writer::boxed(id::MSG_DETAILED_INFO).long(request.0).long(answer.0).int(len).int(0).done();
    assert_eq!(hand.bodies(), [info]);
    hand.send(2, Writer::boxed(id::MSG_RESEND_REQ).longs([answer.0].into_iter()).done());
    assert_eq!(hand.drain(), first, "the same id and number, in a fresh container");
    let question = hand.send(2, Writer::boxed(id::MSG_RESEND_REQ).longs([answer.0, 999].into_iter()).done());
    let states = hand.bodies();
    assert_eq!(states[0][..12], Writer::boxed(id::MSGS_STATE_INFO).long(question.0).done());
}

#[test]
fn states_of_messages_are_told_by_what_became_of_them() {
    let mut hand = Hand::greeted();
    let never = hand.id();
    let running = hand.send(1, object(CALL, 1));
    let answered = hand.send(3, object(CALL, 2));
    let pinged = hand.send(4, ping(1));
    hand.drain();
    hand.session.respond(answered, &object(RESULT, 2), hand.now);
    hand.drain();
    hand.now = hand.now.after(Duration::from_secs(2));
    assert_eq!(hand.bodies(), [ack(&[running.0])]);
    let ahead = MsgId(MsgId::at(START + Duration::from_secs(100)).0);
    let ids = [running, answered, pinged, never, ahead].map(|id| id.0);
    let question = hand.send(4, Writer::boxed(id::MSGS_STATE_REQ).longs(ids.into_iter()).done());
    let info = Writer::boxed(id::MSGS_STATE_INFO).long(question.0);
    assert_eq!(hand.bodies(), [info.bytes(&[4 + 32 + 8, 4 + 32 + 64, 4 + 16, 2, 3]).done()]);
}

#[test]
fn every_kind_of_bad_message_is_named_by_its_code() {
    let mut hand = Hand::greeted();
    let at = |secs: u64| MsgId(MsgId::at(Duration::from_secs(secs)).0 | 8);
    let now = START.as_secs();
    for (msg_id, code) in [(at(now - 302), 16), (at(now + 32), 17), (MsgId(at(now).0 | 1), 18)] {
        hand.send_as(msg_id, 1, object(CALL, 1));
        let got = hand.drain();
        assert_eq!(got[0].2, bad_msg(msg_id, 1, code));
        assert_eq!((got.len(), got[0].1 & 1, got[0].0.kind()), (1, 0, 3));
    }
    let even_call = hand.send(0, object(CALL, 1));
    assert_eq!(hand.bodies(), [bad_msg(even_call, 0, 35)]);
    // Against the letter of the protocol, but mtcute does so and takes the objection for the end of its session.
    hand.send(1, ack(&[5]));
    assert_eq!(hand.bodies(), Vec::<Vec<u8>>::new());
    let odd_container = hand.send(1, container(&[]));
    assert_eq!(hand.bodies(), [bad_msg(odd_container, 1, 34)]);
    assert_eq!(hand.requests, []);
    assert_eq!(hand.session.stats().bad_msgs, 5);
    hand.send_as(at(now - 299), 1, object(CALL, 1));
    hand.send_as(at(now + 29), 3, object(CALL, 2));
    hand.drain();
    assert_eq!(hand.requests.len(), 2, "inside the window");
}

#[test]
fn broken_containers_are_refused_as_a_whole() {
    let mut hand = Hand::greeted();
    let inner = hand.id();
    let call = (inner, 1, object(CALL, 1));
    let whole = container(std::slice::from_ref(&call));
    let nested = container(&[(inner, 0, whole.clone())]);
    let mut long = whole.clone();
    long[20..24].copy_from_slice(&1000u32.to_le_bytes());
    let unaligned = container(&[(inner, 1, vec![1, 2, 3, 4, 5])]);
    let from_later = container(&[(MsgId(inner.0 + 4000), 1, object(CALL, 1))]);
    for body in [nested, long, unaligned, from_later, whole[..16].to_vec()] {
        let outer = hand.send(0, body);
        assert_eq!(hand.bodies(), [bad_msg(outer, 0, 64)]);
    }
    assert_eq!(hand.requests, []);
    let outer = hand.send(0, whole.clone());
    hand.drain();
    assert_eq!(hand.requests, [(inner, object(CALL, 1))]);
    // The id of a request cannot name a container.
    hand.send_as(inner, 0, container(&[]));
    assert_eq!(hand.bodies(), [bad_msg(inner, 0, 19)]);
    // The same container again is nothing but a repetition.
    hand.send_as(outer, 0, whole);
    assert_eq!(hand.bodies(), [ack(&[inner.0])]);
}

#[test]
fn one_unknown_or_broken_message_does_not_stop_its_container() {
    let mut hand = Hand::greeted();
    let ids: [MsgId; 5] = std::array::from_fn(|_| hand.id());
    hand.send(
        0,
        container(&[
            (ids[0], 2, ping(3)),
            (ids[1], 3, object(0xdead_beef, 0)),
            (ids[2], 4, id::PING.to_le_bytes().to_vec()),
            (ids[3], 5, vec![]),
            (ids[4], 7, object(CALL, 9)),
        ]),
    );
    let pong = Writer::boxed(id::PONG).long(ids[0].0).long(3).done();
    assert_eq!(hand.bodies(), [pong]);
    assert_eq!(hand.requests, [(ids[1], object(0xdead_beef, 0)), (ids[4], object(CALL, 9))]);
    assert_eq!(hand.session.stats().malformed, 2);
}

#[test]
fn packed_requests_are_unpacked_and_bombs_answered_with_an_error() {
    let mut hand = Hand::greeted();
    let body = [object(CALL, 1), vec![0; 5000]].concat();
    let inner = hand.id();
    let packed = gzip::pack(&body).unwrap();
    hand.send(0, container(&[(inner, 1, packed.clone())]));
    hand.send(3, packed);
    hand.drain();
    assert_eq!(hand.requests.iter().map(|(_, body)| body.len()).collect::<Vec<_>>(), [5008, 5008]);
    let damaged = hand.send(5, Writer::boxed(id::GZIP_PACKED).bytes(b"no gzip").done());
    let error = Writer::boxed(id::RPC_ERROR).int(400).bytes(b"INPUT_FETCH_ERROR").done();
    assert_eq!(hand.bodies(), [result(damaged, &error)]);
}

#[test]
fn dropping_an_answer_depends_on_how_far_it_is() {
    let mut hand = Hand::greeted();
    let drop = |request: MsgId| Writer::boxed(id::RPC_DROP_ANSWER).long(request.0).done();
    let unknown = hand.send(1, drop(MsgId(4)));
    assert_eq!(hand.bodies(), [result(unknown, &id::RPC_ANSWER_UNKNOWN.to_le_bytes())]);
    let running = hand.send(3, object(CALL, 1));
    hand.drain();
    let question = hand.send(5, drop(running));
    let dropped = id::RPC_ANSWER_DROPPED_RUNNING.to_le_bytes();
    assert_eq!(hand.bodies(), [result(running, &dropped), result(question, &dropped)]);
    assert!(matches!(hand.other[..], [ServerOutput::RequestDropped { msg_id }] if msg_id == running));
    assert!(!hand.session.respond(running, &object(RESULT, 1), hand.now));
    let answered = hand.send(7, object(CALL, 2));
    hand.drain();
    hand.session.respond(answered, &object(RESULT, 2), hand.now);
    let answer = hand.drain();
    let question = hand.send(9, drop(answered));
    let (answer_id, seq_no, body) = &answer[0];
    let dropped = Writer::boxed(id::RPC_ANSWER_DROPPED).long(answer_id.0).int(*seq_no).int(body.len() as i32);
    assert_eq!(hand.bodies(), [result(question, &dropped.done())]);
}

#[test]
fn sessions_and_keys_are_destroyed_by_their_owner() {
    let mut hand = Hand::greeted();
    hand.send(0, Writer::boxed(id::DESTROY_SESSION).long(5).done());
    hand.drain();
    assert!(matches!(hand.other[..], [ServerOutput::DestroySession { session_id: SessionId(5) }]));
    hand.session.answer_destroy_session(SessionId(5), true);
    assert_eq!(hand.bodies(), [Writer::boxed(id::DESTROY_SESSION_OK).long(5).done()]);
    hand.send(0, Writer::boxed(id::DESTROY_SESSION).long(SESSION.0).done());
    assert_eq!(hand.bodies(), [Writer::boxed(id::DESTROY_SESSION_NONE).long(SESSION.0).done()]);
    hand.send(1, Writer::boxed(id::DESTROY_AUTH_KEY).done());
    hand.drain();
    assert!(matches!(hand.other[1], ServerOutput::DestroyKey));
    hand.session.answer_destroy_key(true);
    assert_eq!(hand.bodies(), [Writer::boxed(id::DESTROY_AUTH_KEY_OK).done()]);
}

#[test]
fn what_was_not_acknowledged_comes_again_on_the_next_connection_once() {
    let mut hand = Hand::greeted();
    hand.session.push_update(&object(UPDATE, 1), hand.now);
    hand.session.push_update(&object(UPDATE, 2), hand.now);
    let first = hand.drain();
    let acked = first[0].0;
    hand.send(0, ack(&[acked.0, 424_242]));
    assert_eq!(hand.drain(), []);
    hand.session.disconnected(FIRST);
    assert_eq!(hand.session.connection(), None);
    hand.session.push_update(&object(UPDATE, 3), hand.now);
    assert_eq!(hand.drain(), []);
    hand.connection = ConnectionId(2);
    hand.send(0, ack(&[]));
    let second = hand.drain();
    // The greeting, the second update under its old number, and the new one.
    assert_eq!(constructor(&second[0].2), Some(id::NEW_SESSION_CREATED));
    assert_eq!(second[1], first[1]);
    assert_eq!(second[2].2, object(UPDATE, 3));
    assert_eq!(second.len(), 3);
    hand.send(0, ping(1));
    assert_eq!(hand.drain().len(), 1, "not a second time on the same connection");
    hand.send(0, ack(&second.iter().map(|(id, ..)| id.0).collect::<Vec<_>>()));
    hand.connection = ConnectionId(3);
    hand.send(0, ack(&[]));
    assert_eq!(hand.drain(), []);
    assert_eq!(hand.session.stats().resent, 2);
}

#[test]
fn ten_thousand_answers_leave_in_the_order_of_their_ids() {
    let options = ServerOptions { max_running: 20_000, max_queue: 20_000, ..ServerOptions::default() };
    let mut hand = Hand::with(options);
    let requests: Vec<MsgId> = (0..10_000).map(|i| hand.send(2 * i + 1, object(CALL, i as u32))).collect();
    hand.drain();
    for i in 0..10_000 {
        hand.session.respond(requests[(i * 7919) % 10_000], &object(RESULT, 0), hand.now);
    }
    let ids: Vec<MsgId> = hand.drain().into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids.len(), 10_000);
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn bounds_hold_and_are_counted() {
    let options = ServerOptions { max_running: 3, max_queue: 5, max_unacked: 4, ..ServerOptions::default() };
    let mut hand = Hand::with(options);
    let requests: Vec<MsgId> = (0..5).map(|i| hand.send(2 * i + 1, object(CALL, i as u32))).collect();
    let got = hand.bodies();
    let flood = Writer::boxed(id::RPC_ERROR).int(420).bytes(b"FLOOD_WAIT_1").done();
    assert_eq!(got[1..], [result(requests[3], &flood), result(requests[4], &flood)]);
    assert_eq!(hand.requests.len(), 3);
    hand.session.disconnected(FIRST);
    hand.session.respond(requests[0], &object(RESULT, 0), hand.now);
    for number in 0..10 {
        hand.session.push_update(&object(UPDATE, number), hand.now);
    }
    assert_eq!(hand.session.stats().updates_dropped, 6);
    hand.connection = ConnectionId(2);
    hand.send(0, ack(&[]));
    let got = hand.bodies();
    // The greeting and the flood answers were not acknowledged; room was made by dropping updates.
    assert!(got.iter().any(|body| *body == result(requests[0], &object(RESULT, 0))));
    assert!(hand.session.stats().updates_dropped >= 6);
    let huge = vec![0; 1_044_460];
    hand.send(1, huge);
    hand.drain();
    let closed = matches!(hand.other[..], [ServerOutput::Close { reason: ServerCloseReason::TooLarge, .. }]);
    assert!(closed);
}

#[test]
fn messages_below_everything_remembered_are_too_old_to_judge() {
    let mut hand = Hand::greeted();
    let old = hand.id();
    for i in 0..5000 {
        hand.send(0, ping(i));
        if i % 100 == 0 {
            hand.drain();
        }
    }
    hand.drain();
    let outer = hand.id();
    hand.send_as(outer, 0, container(&[(old, 1, object(CALL, 1))]));
    assert_eq!(hand.bodies(), [bad_msg(old, 1, 20)]);
    assert_eq!(hand.requests, []);
}

#[test]
fn random_and_cut_messages_never_panic_the_session() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let known = [
        id::MSG_CONTAINER,
        id::MSGS_ACK,
        id::PING,
        id::PING_DELAY_DISCONNECT,
        id::GET_FUTURE_SALTS,
        id::MSGS_STATE_REQ,
        id::MSG_RESEND_REQ,
        id::RPC_DROP_ANSWER,
        id::DESTROY_SESSION,
        id::GZIP_PACKED,
        id::HTTP_WAIT,
        CALL,
    ];
    let mut hand = Hand::greeted();
    for round in 0..3000usize {
        let len = (next() % 60) as usize;
        let mut body = known[round % known.len()].to_le_bytes().to_vec();
        body.extend((0..len).map(|_| if next() % 3 == 0 { 0 } else { next() as u8 }));
        let seq_no = next() as i32;
        hand.send(seq_no, body);
        if round % 50 == 0 {
            hand.drain();
        }
    }
    hand.drain();
    assert!(hand.session.stats().malformed > 100);
}

/// A session whose client speaks HTTP.
struct Posting {
    session: ServerSession,
    salt: Salt,
    now: Moment,
    last: MsgId,
}

impl Posting {
    /// Past the greeting, which the first request got at once.
    fn new() -> Self {
        let salts = SaltSchedule::new(&key());
        let salt = salts.current(START);
        let session = ServerSession::new(key(), SESSION, salts, ServerOptions::default(), [3; 32]);
        let now = Moment { instant: Instant::now(), unix: START };
        let mut posting = Self { session, salt, now, last: MsgId(0) };
        posting.post(1, ack(&[]));
        let greeting = posting.answers();
        assert!(matches!(&greeting[..], [(ConnectionId(1), got)]
            if matches!(&got[..], [(_, 1, body)] if constructor(body) == Some(id::NEW_SESSION_CREATED))));
        let (greeting, _, _) = greeting[0].1[0];
        posting.post(1, container_of(&[ack(&[greeting.0]), wait(0, 0, 0)], &mut posting_ids(&posting)));
        assert_eq!(posting.answers(), [(ConnectionId(1), vec![])]);
        posting
    }

    fn post(&mut self, connection: u64, body: Vec<u8>) -> MsgId {
        self.post_as(connection, 0, body)
    }

    fn post_as(&mut self, connection: u64, seq_no: i32, body: Vec<u8>) -> MsgId {
        let msg_id = MsgId((MsgId::at(self.now.unix).0 | 4).max(self.last.0 + 4));
        self.last = MsgId(msg_id.0 + 400);
        let message =
            Message { salt: self.salt, session_id: SESSION, msg_id: self.last, seq_no, body, quick_ack: 0 };
        self.session.handle_posted(message, ConnectionId(connection), self.now);
        self.last
    }

    fn pass(&mut self, time: Duration) {
        self.now = Moment { instant: self.now.instant + time, unix: self.now.unix + time };
    }

    /// What is sent now, connection by connection; requests are answered with [`RESULT`].
    fn answers(&mut self) -> Vec<(ConnectionId, Vec<Got>)> {
        let mut answers = vec![];
        let mut asked = vec![];
        loop {
            match self.session.poll(self.now) {
                ServerOutput::Send { connection, packet } => {
                    let message = packet::open(&key(), Origin::Server, &packet).unwrap();
                    answers.push((connection, open(message.msg_id, message.seq_no, message.body)));
                }
                ServerOutput::Request { msg_id, .. } => asked.push(msg_id),
                ServerOutput::WaitUntil(_) if !asked.is_empty() => {
                    for msg_id in asked.drain(..) {
                        assert!(self.session.respond(msg_id, &object(RESULT, 1), self.now));
                    }
                }
                ServerOutput::WaitUntil(_) => return answers,
                other => panic!("{other:?}"),
            }
        }
    }

    /// When the next answer is due.
    fn due_in(&mut self) -> Option<Duration> {
        let ServerOutput::WaitUntil(until) = self.session.poll(self.now) else { panic!("not drained") };
        until.map(|until| until - self.now.instant)
    }

    fn push(&mut self) {
        self.session.push_update(&object(UPDATE, 7), self.now);
    }
}

/// Ids for messages inside the next container.
fn posting_ids(posting: &Posting) -> impl FnMut() -> MsgId + use<> {
    let mut id = (MsgId::at(posting.now.unix).0 | 4).max(posting.last.0 + 4);
    move || {
        id += 4;
        MsgId(id)
    }
}

fn container_of(bodies: &[Vec<u8>], ids: &mut impl FnMut() -> MsgId) -> Vec<u8> {
    let head = Writer::boxed(id::MSG_CONTAINER).u32(bodies.len() as u32);
    let whole =
        bodies.iter().fold(head, |out, body| out.long(ids().0).int(0).u32(body.len() as u32).raw(body));
    whole.done()
}

fn wait(max_delay: i32, wait_after: i32, max_wait: i32) -> Vec<u8> {
    Writer::boxed(id::HTTP_WAIT).int(max_delay).int(wait_after).int(max_wait).done()
}

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_long_poll_is_answered_with_an_empty_container_when_its_time_is_over() {
    let mut posting = Posting::new();
    for (body, longest) in [(wait(30, 10, 9_000), 9_000), (wait(0, 0, -1), 0), (ack(&[]), 25_000)] {
        posting.post(1, body);
        if longest > 0 {
            assert_eq!(posting.answers(), []);
            assert_eq!(posting.due_in(), Some(MS * longest));
            posting.pass(MS * (longest - 1));
            assert_eq!(posting.answers(), []);
            posting.pass(MS);
        }
        assert_eq!(posting.answers(), [(ConnectionId(1), vec![])]);
        assert_eq!(posting.due_in(), None);
    }
}

#[test]
fn an_answer_waits_for_company_as_long_as_the_client_says() {
    let mut posting = Posting::new();
    // Ten milliseconds of quiet end the wait.
    posting.post(1, wait(30, 10, 9_000));
    assert_eq!(posting.answers(), []);
    posting.pass(MS * 500);
    posting.push();
    assert_eq!(posting.answers(), []);
    assert_eq!(posting.due_in(), Some(MS * 10));
    posting.pass(MS * 6);
    posting.push();
    assert_eq!(posting.answers(), []);
    assert_eq!(posting.due_in(), Some(MS * 10));
    posting.pass(MS * 10);
    let answers = posting.answers();
    assert!(matches!(&answers[..], [(ConnectionId(1), got)] if got.len() == 2), "{answers:?}");
    // Without quiet, thirty from the first message.
    posting.post(1, wait(30, 10, 9_000));
    for step in 0..5 {
        posting.push();
        assert_eq!(posting.answers(), []);
        assert_eq!(posting.due_in(), Some(MS * (30 - 6 * step).min(10)));
        posting.pass(MS * 6);
    }
    assert_eq!(posting.answers()[0].1.len(), 5);
    // And never longer than the longest wait.
    posting.post(1, wait(30, 20, 15));
    posting.push();
    assert_eq!(posting.answers(), []);
    assert_eq!(posting.due_in(), Some(MS * 15));
}

#[test]
fn what_a_request_asks_for_comes_in_its_own_answer_while_a_long_poll_waits() {
    let mut posting = Posting::new();
    posting.post(1, wait(0, 0, 9_000));
    assert_eq!(posting.answers(), []);
    for _ in 0..2 {
        posting.post_as(2, 1, object(CALL, 1));
        let answers = posting.answers();
        assert!(matches!(&answers[..], [(ConnectionId(2), got)] if got.len() == 1), "{answers:?}");
    }
    posting.push();
    let answers = posting.answers();
    assert!(matches!(&answers[..], [(ConnectionId(1), got)] if got.len() == 1), "{answers:?}");
    // Nobody to answer: the next request takes it, and only what is new.
    posting.push();
    assert_eq!(posting.answers(), []);
    posting.post(2, wait(0, 0, 0));
    assert_eq!(posting.answers()[0].1.len(), 1);
}

#[test]
fn what_an_answer_may_have_lost_is_said_again_when_its_connection_ends_and_not_before() {
    let mut posting = Posting::new();
    posting.post(1, wait(0, 0, 9_000));
    posting.push();
    let first = posting.answers();
    posting.post(2, wait(0, 0, 9_000));
    assert_eq!(posting.answers(), []);
    assert!(posting.session.disconnected(ConnectionId(1)));
    assert!(!posting.session.disconnected(ConnectionId(1)));
    let again = posting.answers();
    assert_eq!(again, [(ConnectionId(2), first[0].1.clone())]);
    assert_eq!(posting.session.connection(), Some(ConnectionId(2)));
    assert!(posting.session.is_on(ConnectionId(2)) && !posting.session.is_on(ConnectionId(1)));
}

#[test]
fn a_client_that_goes_over_to_a_stream_is_not_left_waiting() {
    let mut posting = Posting::new();
    posting.post(1, wait(0, 0, 9_000));
    assert_eq!(posting.answers(), []);
    let msg_id = MsgId(posting.last.0 + 4);
    let body = ack(&[]);
    let message = Message { salt: posting.salt, session_id: SESSION, msg_id, seq_no: 0, body, quick_ack: 0 };
    posting.session.handle(message, ConnectionId(9), posting.now);
    assert_eq!(posting.answers(), [(ConnectionId(1), vec![])]);
    // `http_wait` means nothing there.
    let body = wait(0, 0, 0);
    let msg_id = MsgId(posting.last.0 + 8);
    let message = Message { salt: posting.salt, session_id: SESSION, msg_id, seq_no: 0, body, quick_ack: 0 };
    posting.session.handle(message, ConnectionId(9), posting.now);
    assert_eq!(posting.answers(), []);
    // The other way round, a ping that would close the stream closes nothing.
    let ping = Writer::boxed(id::PING_DELAY_DISCONNECT).long(5).int(1).done();
    posting.pass(MS);
    posting.post(1, ping);
    assert_eq!(posting.answers().len(), 1);
    assert_eq!(posting.due_in(), None);
}

#[test]
fn so_many_requests_wait_and_the_oldest_is_answered_early() {
    let mut posting = Posting::new();
    for connection in 1..=32 {
        posting.post(connection, wait(0, 0, 9_000));
    }
    assert_eq!(posting.answers(), []);
    posting.post(33, wait(0, 0, 9_000));
    assert_eq!(posting.answers(), [(ConnectionId(1), vec![])]);
    assert_eq!(posting.session.stats().posts_hurried, 1);
    assert!(posting.session.release_posts());
    assert_eq!(posting.answers().len(), 32);
    assert!(!posting.session.release_posts());
}
