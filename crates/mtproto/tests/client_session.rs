//! A client session against messages made by hand: complaints, announcements, forgeries and junk.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "test code; one Instant to count from")]

mod common;

use common::{CALL, RESULT, START, UPDATE, key, object};
use offhook_mtproto::packet::{self, Message, Origin, PacketError};
use offhook_mtproto::session::*;
use offhook_mtproto::wire::{Reader, Writer, constructor, id};
use offhook_mtproto::{Moment, MsgId, RpcError, Salt, SessionId, TimeOffset, gzip};
use std::time::{Duration, Instant};

const SALT: Salt = Salt(99);

/// A connected client and the server's side of it, driven message by message.
struct Hand {
    client: ClientSession,
    now: Moment,
    last: MsgId,
    /// Under which id the client asked for salts.
    salts_asked: MsgId,
    events: Vec<ClientEvent>,
    closes: Vec<CloseReason>,
}

/// A message the client sent: packet id, its own id, sequence number, body.
type Sent = (MsgId, MsgId, i32, Vec<u8>);

impl Hand {
    fn new() -> Self {
        Self::with(ClientOptions::default())
    }

    fn with(options: ClientOptions) -> Self {
        let now = Moment { instant: Instant::now(), unix: START };
        let http = options.http;
        let mut client = ClientSession::new(key(), SALT, TimeOffset::default(), options, [1; 32]);
        client.connected(now);
        let mut hand =
            Self { client, now, last: MsgId(0), salts_asked: MsgId(0), events: vec![], closes: vec![] };
        // The first ping and the question for salts.
        let first = hand.drain();
        let kinds: Vec<u32> = first.iter().filter_map(|sent| constructor(&sent.3)).collect();
        match http {
            false => assert_eq!(kinds, [id::PING_DELAY_DISCONNECT, id::GET_FUTURE_SALTS]),
            true => assert_eq!(kinds, [id::PING, id::GET_FUTURE_SALTS, id::HTTP_WAIT]),
        }
        hand.salts_asked = first[1].1;
        hand
    }

    fn call(&mut self, number: u32) -> RequestId {
        self.client.push_request(object(CALL, number), self.now).unwrap()
    }

    /// Pushes a call and returns it with the message id it left under.
    fn sent_call(&mut self, number: u32) -> (RequestId, MsgId) {
        let request = self.call(number);
        let sent = self.drain();
        (request, sent.iter().find(|sent| sent.3 == object(CALL, number)).unwrap().1)
    }

    fn packet(&mut self, session_id: SessionId, msg_id: MsgId, seq_no: i32, body: Vec<u8>) -> Vec<u8> {
        let message = Message { salt: SALT, session_id, msg_id, seq_no, body, quick_ack: 0 };
        let padding = vec![0; packet::padding_len(message.body.len(), 0)];
        packet::seal(&key(), Origin::Server, &message, &padding)
    }

    fn get_as(&mut self, msg_id: MsgId, seq_no: i32, body: Vec<u8>) {
        let session_id = self.client.session_id();
        let packet = self.packet(session_id, msg_id, seq_no, body);
        self.client.handle_packet(&packet, self.now).unwrap();
    }

    fn get(&mut self, seq_no: i32, body: Vec<u8>) -> MsgId {
        self.last = MsgId((MsgId::at(self.now.unix).0 | 1).max(self.last.0 + 4));
        self.get_as(self.last, seq_no, body);
        self.last
    }

    fn drain(&mut self) -> Vec<Sent> {
        let mut sent = vec![];
        loop {
            match self.client.poll(self.now) {
                ClientOutput::Send(packet) => {
                    let message = packet::open(&key(), Origin::Client, &packet).unwrap();
                    assert_eq!(message.session_id, self.client.session_id());
                    sent.extend(open(message));
                }
                ClientOutput::Event(event) => self.events.push(event),
                ClientOutput::Close(reason) => self.closes.push(reason),
                ClientOutput::WaitUntil(_) => return sent,
            }
        }
    }

    fn bodies(&mut self) -> Vec<Vec<u8>> {
        self.drain().into_iter().map(|sent| sent.3).collect()
    }
}

fn open(message: Message) -> Vec<Sent> {
    let Message { msg_id: outer, seq_no, body, .. } = message;
    if constructor(&body) != Some(id::MSG_CONTAINER) {
        return vec![(outer, outer, seq_no, body)];
    }
    let mut reader = Reader::new(&body[4..]);
    let count = reader.u32().unwrap();
    let inner = (0..count).map(|_| {
        let (msg_id, seq_no) = (MsgId(reader.long().unwrap()), reader.int().unwrap());
        let len = reader.u32().unwrap() as usize;
        (outer, msg_id, seq_no, reader.raw(len).unwrap().to_vec())
    });
    inner.collect()
}

fn result(request: MsgId, body: &[u8]) -> Vec<u8> {
    Writer::boxed(id::RPC_RESULT).long(request.0).raw(body).done()
}

fn bad_msg(bad: MsgId, code: i32) -> Vec<u8> {
    Writer::boxed(id::BAD_MSG_NOTIFICATION).long(bad.0).int(1).int(code).done()
}

#[test]
fn answers_are_acknowledged_with_the_next_packet_or_after_ten_seconds() {
    let mut hand = Hand::new();
    let (request, msg_id) = hand.sent_call(1);
    let answer = hand.get(1, result(msg_id, &object(RESULT, 1)));
    assert_eq!(hand.bodies(), Vec::<Vec<u8>>::new());
    assert_eq!(hand.events, [ClientEvent::Result { request, body: object(RESULT, 1) }]);
    let ack = Writer::boxed(id::MSGS_ACK).longs([answer.0].into_iter()).done();
    hand.now = hand.now.after(Duration::from_secs(10));
    assert_eq!(hand.bodies(), [ack]);
    let other = hand.get(3, object(UPDATE, 1));
    hand.call(2);
    let ack = Writer::boxed(id::MSGS_ACK).longs([other.0].into_iter()).done();
    let sent = hand.drain();
    assert_eq!((sent[0].3.clone(), sent[1].3.clone()), (ack, object(CALL, 2)));
    assert_eq!((sent[0].2 & 1, sent[1].2 & 1), (0, 1));
    for seq_no in 0..64 {
        hand.get(2 * seq_no + 5, object(UPDATE, seq_no as u32));
    }
    assert_eq!(hand.bodies()[0].len(), 12 + 64 * 8, "sixty-four do not wait");
}

#[test]
fn requests_not_received_are_sent_again_and_the_others_waited_for() {
    let mut hand = Hand::new();
    let ids: Vec<MsgId> = (0..5).map(|number| hand.sent_call(number).1).collect();
    hand.client.disconnected();
    hand.now = hand.now.after(Duration::from_secs(1));
    hand.client.connected(hand.now);
    let sent = hand.drain();
    let question = sent.iter().find(|sent| constructor(&sent.3) == Some(id::MSGS_STATE_REQ)).unwrap().clone();
    assert_eq!(question.3, Writer::boxed(id::MSGS_STATE_REQ).longs(ids.iter().map(|id| id.0)).done());
    assert!(sent.iter().all(|sent| constructor(&sent.3) != Some(CALL)));
    hand.get(
        2,
        Writer::boxed(id::MSGS_STATE_INFO).long(question.1.0).bytes(&[1, 2, 3, 4, 4 + 32 + 64]).done(),
    );
    assert_eq!(hand.bodies(), [object(CALL, 0), object(CALL, 1), object(CALL, 2)]);
    // An answer to the old id of a repeated request still counts.
    hand.get(1, result(ids[1], &object(RESULT, 1)));
    hand.drain();
    assert_eq!(hand.client.pending(), 4);
    assert_eq!(hand.client.stats().resent, 3);
}

#[test]
fn a_server_that_does_not_tell_states_gets_everything_again_after_ten_seconds() {
    let mut hand = Hand::new();
    hand.sent_call(1);
    hand.client.disconnected();
    hand.client.connected(hand.now);
    hand.drain();
    hand.now = hand.now.after(Duration::from_millis(9_999));
    assert_eq!(hand.bodies(), Vec::<Vec<u8>>::new());
    hand.now = hand.now.after(Duration::from_millis(1));
    assert_eq!(hand.bodies(), [object(CALL, 1)]);
}

#[test]
fn a_new_session_gets_requests_from_before_it_and_no_others_again() {
    let mut hand = Hand::new();
    hand.sent_call(1);
    hand.now = hand.now.after(Duration::from_secs(1));
    let (_, second) = hand.sent_call(2);
    let created = |unique| Writer::boxed(id::NEW_SESSION_CREATED).long(second.0).long(unique).long(7).done();
    hand.get(1, created(5));
    assert_eq!(hand.bodies()[1..], [object(CALL, 1)]);
    assert_eq!(hand.events, [ClientEvent::SaltChanged(Salt(7)), ClientEvent::NewSession]);
    hand.get(3, created(5));
    hand.drain();
    assert_eq!(hand.events.len(), 2, "the same session told twice is news once");
}

#[test]
fn sequence_numbers_out_of_step_start_a_new_session() {
    for code in [32, 33, 34, 35] {
        let mut hand = Hand::new();
        let before = hand.client.session_id();
        let (_, msg_id) = hand.sent_call(1);
        hand.get(2, bad_msg(msg_id, code));
        let sent = hand.drain();
        assert_ne!(hand.client.session_id(), before);
        assert_eq!(hand.events, [ClientEvent::SessionReset(hand.client.session_id())]);
        let again = sent.iter().find(|sent| sent.3 == object(CALL, 1)).unwrap();
        assert_eq!(again.2, 1, "counted from the start");
    }
}

#[test]
fn a_refused_container_is_sent_again_message_by_message() {
    let mut hand = Hand::new();
    hand.call(1);
    hand.call(2);
    let first = hand.drain();
    assert_eq!(first[0].0, first[1].0);
    hand.get(2, bad_msg(first[0].0, 64));
    let again = hand.drain();
    assert_eq!(
        again.iter().map(|sent| sent.3.clone()).collect::<Vec<_>>(),
        [object(CALL, 1), object(CALL, 2)]
    );
    assert!(again.iter().all(|sent| sent.0 == sent.1), "each in its own packet");
}

#[test]
fn a_request_refused_ten_times_fails() {
    let mut hand = Hand::new();
    let (request, mut msg_id) = hand.sent_call(1);
    for _ in 0..9 {
        hand.get(2, bad_msg(msg_id, 20));
        let again = hand.drain();
        assert_eq!(again.len(), 1);
        assert!(again[0].1 > msg_id);
        msg_id = again[0].1;
    }
    hand.get(2, bad_msg(msg_id, 20));
    assert_eq!(hand.bodies(), Vec::<Vec<u8>>::new());
    let error = RpcError::new(400, "BAD_MSG_20");
    assert_eq!(hand.events, [ClientEvent::Failed { request, error }]);
    assert_eq!(hand.client.stats().bad_msgs, 10);
}

#[test]
fn a_wrong_salt_brings_acknowledgements_and_pings_again_too() {
    let mut hand = Hand::new();
    let update = hand.get(1, object(UPDATE, 1));
    hand.call(1);
    let first = hand.drain();
    assert_eq!(first.len(), 2);
    let bad = Writer::boxed(id::BAD_SERVER_SALT).long(first[0].0.0).int(0).int(48).long(31).done();
    hand.get(2, bad);
    let again = hand.bodies();
    assert_eq!(again[0], Writer::boxed(id::MSGS_ACK).longs([update.0].into_iter()).done());
    assert!(again.contains(&object(CALL, 1)));
    assert_eq!(hand.client.salt(), Salt(31));
}

#[test]
fn an_announced_answer_is_fetched_unless_it_is_here() {
    let mut hand = Hand::new();
    let (_, msg_id) = hand.sent_call(1);
    let info =
        |answer: i64| Writer::boxed(id::MSG_DETAILED_INFO).long(msg_id.0).long(answer).int(9).int(0).done();
    let unseen = hand.last.0 + (1 << 33) + 1;
    hand.get(2, info(unseen));
    assert_eq!(hand.bodies(), [Writer::boxed(id::MSG_RESEND_REQ).longs([unseen].into_iter()).done()]);
    let answer = hand.get(2, result(msg_id, &object(RESULT, 1)));
    hand.get(2, info(answer.0));
    hand.call(2);
    assert_eq!(hand.bodies()[0], Writer::boxed(id::MSGS_ACK).longs([answer.0].into_iter()).done());
}

#[test]
fn the_servers_questions_about_states_are_answered() {
    let mut hand = Hand::new();
    let seen = hand.get(2, object(UPDATE, 1));
    let question = hand.get(2, Writer::boxed(id::MSGS_STATE_REQ).longs([seen.0, 5].into_iter()).done());
    let info = Writer::boxed(id::MSGS_STATE_INFO).long(question.0).bytes(&[4, 2]).done();
    assert_eq!(hand.bodies(), [info]);
    let (_, msg_id) = hand.sent_call(1);
    hand.get(2, Writer::boxed(id::MSG_RESEND_REQ).longs([msg_id.0].into_iter()).done());
    assert_eq!(hand.bodies(), [object(CALL, 1)]);
}

#[test]
fn salts_that_were_told_are_used_in_their_time() {
    let mut hand = Hand::new();
    let now = START.as_secs() as i32;
    let salts = Writer::boxed(id::FUTURE_SALTS).long(hand.salts_asked.0).int(now).int(2);
    let salts = salts.int(now - 10).int(now + 100).long(501).int(now + 50).int(now + 200).long(502).done();
    hand.get(2, salts);
    hand.sent_call(1);
    assert_eq!(hand.client.salt(), Salt(501));
    hand.now = hand.now.after(Duration::from_secs(51));
    hand.sent_call(2);
    assert_eq!(hand.client.salt(), Salt(502));
}

#[test]
fn complaints_and_salts_about_messages_never_sent_change_nothing() {
    let mut hand = Hand::new();
    let (request, msg_id) = hand.sent_call(1);
    let session_id = hand.client.session_id();
    let stranger = MsgId(msg_id.0 + 4);
    hand.get(2, Writer::boxed(id::BAD_SERVER_SALT).long(stranger.0).int(0).int(48).long(31).done());
    // From a hundred seconds ago, by which the clock would be set.
    let earlier = MsgId::at(START - Duration::from_secs(100)).0 | 3;
    for (index, code) in [16, 17, 33, 20].into_iter().enumerate() {
        hand.get_as(MsgId(earlier + 4 * index as i64), 2, bad_msg(stranger, code));
    }
    let now = START.as_secs() as i32;
    let salts = Writer::boxed(id::FUTURE_SALTS).long(stranger.0).int(now).int(1);
    hand.get(2, salts.int(now - 10).int(now + 100).long(501).done());
    assert_eq!(hand.drain().len(), 0, "nothing is sent again");
    assert_eq!((hand.client.salt(), hand.client.session_id()), (SALT, session_id));
    assert_eq!(hand.client.time_offset().as_secs(), 0);
    let stats = hand.client.stats();
    assert_eq!((stats.orphan_complaints, stats.orphan_results, stats.bad_msgs), (5, 1, 0));
    // The same about a message of ours counts.
    hand.get(2, Writer::boxed(id::BAD_SERVER_SALT).long(msg_id.0).int(0).int(48).long(31).done());
    assert_eq!(hand.client.salt(), Salt(31));
    hand.drain();
    assert_eq!(hand.events, [ClientEvent::SaltChanged(Salt(31))]);
    assert_eq!(hand.client.pending(), 1, "{request:?}");
}

#[test]
fn forged_cut_and_foreign_packets_are_counted_and_change_nothing() {
    let mut hand = Hand::new();
    let (_, msg_id) = hand.sent_call(1);
    let session_id = hand.client.session_id();
    let answer = MsgId(MsgId::at(START).0 | 1);
    let good = hand.packet(session_id, answer, 1, result(msg_id, &object(RESULT, 1)));
    for i in 8..good.len() {
        let mut forged = good.clone();
        forged[i] ^= 1;
        assert_eq!(hand.client.handle_packet(&forged, hand.now), Err(PacketError::Forged));
    }
    for len in 0..good.len() {
        assert!(hand.client.handle_packet(&good[..len], hand.now).is_err());
    }
    assert_eq!(hand.client.stats().packets_refused, (2 * good.len() - 8) as u64);
    assert_eq!(hand.client.pending(), 1);
    hand.drain();
    assert!(matches!(hand.closes[..], [CloseReason::BadPacket(_)]));
    let foreign = hand.packet(SessionId(12345), answer, 1, result(msg_id, &object(RESULT, 1)));
    assert_eq!(hand.client.handle_packet(&foreign, hand.now), Ok(()));
    assert_eq!(hand.client.pending(), 1);
    assert_eq!(hand.client.handle_packet(&good, hand.now), Ok(()));
    assert_eq!(hand.client.pending(), 0);
    assert_eq!(hand.client.handle_packet(&good, hand.now), Ok(()));
    assert_eq!(hand.client.stats().duplicates, 1);
}

#[test]
fn ids_of_the_wrong_kind_or_time_are_refused_and_ten_in_a_row_end_the_connection() {
    let mut hand = Hand::new();
    hand.get(2, object(UPDATE, 0));
    let at = |secs: u64, kind: i64| MsgId(MsgId::at(Duration::from_secs(secs)).0 | kind);
    let now = START.as_secs();
    for (i, bad) in [at(now - 302, 1), at(now - 400, 3), at(now, 0), at(now, 2)].into_iter().enumerate() {
        hand.get_as(MsgId(bad.0 + 8 * i as i64), 1, object(UPDATE, 1));
    }
    assert_eq!(hand.client.stats().bad_msg_ids, 4);
    hand.get(2, object(UPDATE, 2));
    for i in 0..10 {
        assert_eq!(hand.closes, []);
        hand.get_as(MsgId(at(now - 302, 1).0 + 4 * i), 1, object(UPDATE, 3));
        hand.drain();
    }
    assert_eq!(hand.closes, [CloseReason::TooManyRefused]);
    let updates = hand.events.iter().filter(|event| matches!(event, ClientEvent::Update(_))).count();
    assert_eq!(updates, 2);
}

#[test]
fn an_id_from_the_future_ends_the_connection_and_the_next_one_sets_the_clock() {
    let mut hand = Hand::new();
    hand.get(2, object(UPDATE, 1));
    let ahead = |secs: u64| MsgId(MsgId::at(START + Duration::from_secs(secs)).0 | 1);
    hand.get_as(ahead(29), 1, object(UPDATE, 2));
    // By the clock that the last one set.
    hand.get_as(ahead(29 + 31), 1, object(UPDATE, 3));
    hand.drain();
    assert_eq!((hand.client.stats().bad_msg_ids, &hand.closes[..]), (1, &[CloseReason::ClockBehind][..]));
    hand.client.connected(hand.now);
    // What was refused is sent again, later: as old as before.
    hand.get_as(ahead(300), 1, object(UPDATE, 4));
    hand.get_as(ahead(29 + 31), 1, object(UPDATE, 3));
    hand.drain();
    assert_eq!(hand.client.time_offset().as_secs(), 300);
    let updates: Vec<&ClientEvent> =
        hand.events.iter().filter(|event| matches!(event, ClientEvent::Update(_))).collect();
    let expected = [1, 2, 4, 3].map(|number| ClientEvent::Update(object(UPDATE, number)));
    assert_eq!(updates, expected.iter().collect::<Vec<_>>());
    assert_eq!(hand.closes.len(), 1);
    // Not a second time on one connection.
    hand.get_as(ahead(300 + 31), 1, object(UPDATE, 5));
    hand.drain();
    assert_eq!(hand.closes.len(), 2);
}

#[test]
fn unreadable_results_fail_their_request_instead_of_leaving_it_hanging() {
    let mut hand = Hand::new();
    for (body, text) in [
        (Writer::boxed(id::GZIP_PACKED).bytes(b"no gzip").done(), "RESULT_GZIP_INVALID"),
        (Writer::boxed(id::RPC_ERROR).int(400).done(), "RESULT_INVALID"),
    ] {
        let (request, msg_id) = hand.sent_call(1);
        hand.get(1, result(msg_id, &body));
        hand.drain();
        let error = RpcError::new(500, text);
        assert_eq!(hand.events.pop(), Some(ClientEvent::Failed { request, error }));
    }
    let (request, msg_id) = hand.sent_call(1);
    let body = [object(RESULT, 1), vec![0; 4000]].concat();
    hand.get(1, result(msg_id, &gzip::pack(&body).unwrap()));
    hand.drain();
    assert_eq!(hand.events.pop(), Some(ClientEvent::Result { request, body }));
    hand.get(1, result(msg_id, &object(RESULT, 1)));
    assert_eq!(hand.client.stats().orphan_results, 1);
}

#[test]
fn updates_nobody_fetches_are_dropped_at_the_bound_and_counted_but_results_are_not() {
    let mut hand = Hand::with(ClientOptions { max_events: 3, ..ClientOptions::default() });
    let (request, msg_id) = hand.sent_call(1);
    for number in 0..5 {
        hand.get(2, object(UPDATE, number));
    }
    hand.get(1, result(msg_id, &object(RESULT, 1)));
    hand.drain();
    assert_eq!(hand.client.stats().updates_dropped, 2);
    assert_eq!(hand.events.len(), 4);
    assert_eq!(hand.events[3], ClientEvent::Result { request, body: object(RESULT, 1) });
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
        id::RPC_RESULT,
        id::MSGS_ACK,
        id::BAD_SERVER_SALT,
        id::NEW_SESSION_CREATED,
        id::FUTURE_SALTS,
        id::MSGS_STATE_INFO,
        id::MSGS_STATE_REQ,
        id::MSG_RESEND_REQ,
        id::MSG_DETAILED_INFO,
        id::GZIP_PACKED,
        id::PONG,
    ];
    let mut hand = Hand::new();
    for round in 0..3000usize {
        if round % 10 == 0 {
            hand.call(round as u32);
        }
        let len = (next() % 15 * 4) as usize;
        let mut body = known[round % known.len()].to_le_bytes().to_vec();
        body.extend((0..len).map(|_| if next() % 3 == 0 { 0 } else { next() as u8 }));
        hand.get(next() as i32, body);
        if round % 20 == 0 {
            hand.drain();
        }
    }
    assert!(hand.client.stats().malformed > 100);
}

fn wait(max_delay: i32, wait_after: i32, max_wait: i32) -> Vec<u8> {
    Writer::boxed(id::HTTP_WAIT).int(max_delay).int(wait_after).int(max_wait).done()
}

#[test]
fn over_http_no_packet_lets_its_answer_wait_but_the_one_long_poll() {
    const LONGEST: Duration = Duration::from_secs(25);
    let mut hand = Hand::with(ClientOptions { http: true, ..ClientOptions::default() });
    let polled = |hand: &mut Hand| {
        let packet = hand.client.long_poll(LONGEST, hand.now)?;
        Some(open(packet::open(&key(), Origin::Client, &packet).unwrap()))
    };
    hand.call(1);
    assert_eq!(hand.bodies(), [object(CALL, 1), wait(0, 0, 0)]);
    let poll = polled(&mut hand).unwrap();
    assert_eq!(poll.last().unwrap().3, wait(30, 10, 25_000));
    assert_eq!(polled(&mut hand), None);
    // What came in between is acknowledged by the next.
    let update = hand.get(1, object(UPDATE, 1));
    assert_eq!(hand.bodies(), Vec::<Vec<u8>>::new());
    hand.client.long_poll_ended();
    let poll = polled(&mut hand).unwrap();
    let bodies: Vec<Vec<u8>> = poll.iter().map(|sent| sent.3.clone()).collect();
    let ack = Writer::boxed(id::MSGS_ACK).longs([update.0].into_iter()).done();
    assert_eq!(bodies, [ack.clone(), wait(30, 10, 25_000)]);
    // A poll that was refused is not said again by the others, what it acknowledged is.
    let refused = poll.first().unwrap().0;
    let notice = Writer::boxed(id::BAD_SERVER_SALT).long(refused.0).int(0).int(48).long(98).done();
    hand.get(0, notice);
    hand.client.long_poll_ended();
    assert_eq!(hand.bodies(), Vec::<Vec<u8>>::new());
    assert_eq!(hand.client.salt(), Salt(98));
    let bodies: Vec<Vec<u8>> = polled(&mut hand).unwrap().into_iter().map(|sent| sent.3).collect();
    assert_eq!(bodies, [ack, wait(30, 10, 25_000)]);
    // The next connection has one of its own.
    hand.client.disconnected();
    assert_eq!(polled(&mut hand), None);
    hand.client.connected(hand.now);
    hand.bodies();
    assert!(polled(&mut hand).is_some());
}
