//! What a server does with a client's messages.
//!
//! Order of the checks: the packet's id (kind, window), its salt, the container's own rules, then each message by
//! itself: kind, duplicate, sequence number, content. One bad message does not stop the others of its container.

use super::posts::Wait;
use super::send::Outgoing;
use super::{ConnectionId, Running, ServerCloseReason, ServerOutput, ServerSession};
use crate::packet::Message;
use crate::session::container::{self, Inner};
use crate::session::window::Seen;
use crate::wire::{Reader, Writer, constructor, id};
use crate::{Moment, MsgId, SessionId, gzip};
use std::time::{Duration, Instant};

/// Largest packet content; above it the connection is closed.
const MAX_CONTENT: usize = 1_044_456;
/// Ids in one acknowledgement or question about states.
const MAX_IDS: usize = 8192;
/// A stored answer from this length on is announced to a client that asks twice, not sent.
const LARGE_ANSWER: usize = 32 << 10;

/// `bad_msg_notification` codes.
mod code {
    pub(super) const ID_TOO_LOW: i32 = 16;
    pub(super) const ID_TOO_HIGH: i32 = 17;
    pub(super) const ID_KIND: i32 = 18;
    pub(super) const CONTAINER_ID_REUSED: i32 = 19;
    pub(super) const ID_TOO_OLD: i32 = 20;
    pub(super) const ODD_EXPECTED_EVEN: i32 = 34;
    pub(super) const EVEN_EXPECTED_ODD: i32 = 35;
    pub(super) const BAD_SALT: i32 = 48;
    pub(super) const BAD_CONTAINER: i32 = 64;
}

impl ServerSession {
    pub(super) fn receive(&mut self, message: Message, connection: ConnectionId, at: Moment) {
        let Message { salt, msg_id, seq_no, body, .. } = message;
        if body.len() > MAX_CONTENT {
            let reason = ServerCloseReason::TooLarge;
            self.outputs.push_back(ServerOutput::Close { connection, reason });
            return;
        }
        let packet = Inner { msg_id, seq_no, body };
        if let Some(code) = self.refuse_id(msg_id, at.unix) {
            return self.bad_msg(&packet, code);
        }
        if !self.salts.accepts(salt, at.unix) {
            self.stats.bad_salts += 1;
            let notice = Writer::boxed(id::BAD_SERVER_SALT).long(msg_id.0).int(seq_no).int(code::BAD_SALT);
            let notice = notice.long(self.salts.current(at.unix).0);
            return self.enqueue(Outgoing::notice(notice.done()));
        }
        if constructor(&packet.body) == Some(id::MSG_CONTAINER) {
            self.receive_container(&packet, connection, at);
        } else {
            self.greet(msg_id, at.unix);
            self.receive_message(packet, connection, at);
        }
    }

    /// A new connection: what the last one may have lost is sent on this one.
    pub(super) fn arrive_on(&mut self, connection: ConnectionId) {
        // A client that has gone over to a stream is not left waiting elsewhere.
        self.posts.hurry();
        if self.connection != Some(connection) {
            self.connection = Some(connection);
            self.requeue_unacked(|sent_on| sent_on == connection);
        }
    }

    /// An HTTP request: what went out on connections that are still there may yet arrive.
    pub(super) fn arrive_posted(&mut self, connection: ConnectionId, now: Instant) {
        self.connection = None;
        self.close_at = None;
        if self.posts.begin(connection, now) {
            let posts = self.posts.clone();
            self.requeue_unacked(|sent_on| posts.has(sent_on));
        }
    }

    fn refuse_id(&self, msg_id: MsgId, now: Duration) -> Option<i32> {
        if msg_id.kind() != 0 {
            Some(code::ID_KIND)
        } else if msg_id.unix() + self.options.window_past < now {
            Some(code::ID_TOO_LOW)
        } else if msg_id.unix() > now + self.options.window_future {
            Some(code::ID_TOO_HIGH)
        } else {
            None
        }
    }

    fn bad_msg(&mut self, message: &Inner, code: i32) {
        self.stats.bad_msgs += 1;
        let notice =
            Writer::boxed(id::BAD_MSG_NOTIFICATION).long(message.msg_id.0).int(message.seq_no).int(code);
        self.enqueue(Outgoing::notice(notice.done()));
    }

    /// `new_session_created`, once, before any answer. `first` is the earliest message of the first packet:
    /// TDLib sends everything older than it again.
    fn greet(&mut self, first: MsgId, now: Duration) {
        if std::mem::replace(&mut self.greeted, true) {
            return;
        }
        let unique_id = self.draw_long();
        let body = Writer::boxed(id::NEW_SESSION_CREATED).long(first.0).long(unique_id);
        let body = body.long(self.salts.current(now).0).done();
        self.enqueue_first(Outgoing::content(body));
    }

    fn receive_container(&mut self, packet: &Inner, connection: ConnectionId, at: Moment) {
        if packet.seq_no & 1 == 1 {
            return self.bad_msg(packet, code::ODD_EXPECTED_EVEN);
        }
        let whole = container::read(&packet.body).filter(|messages| {
            messages.iter().all(|message| message.msg_id < packet.msg_id && message.msg_id.0 > 0)
        });
        let Some(messages) = whole else { return self.bad_msg(packet, code::BAD_CONTAINER) };
        // A container that comes twice holds messages that come twice; another kind of message is a mistake.
        let reused = self.seen.insert(packet.msg_id) == Seen::Before;
        if reused && self.is_message(packet.msg_id) {
            return self.bad_msg(packet, code::CONTAINER_ID_REUSED);
        }
        if let Some(first) = messages.iter().map(|message| message.msg_id).min() {
            self.greet(first, at.unix);
        }
        for message in messages {
            self.receive_message(message.into(), connection, at);
        }
    }

    /// True for the id of a request, as opposed to a container's.
    fn is_message(&self, id: MsgId) -> bool {
        self.running.contains_key(&id) || self.answers.get(id).is_some()
    }

    fn receive_message(&mut self, message: Inner, connection: ConnectionId, at: Moment) {
        if message.msg_id.kind() != 0 {
            return self.bad_msg(&message, code::ID_KIND);
        }
        match self.seen.look(message.msg_id) {
            Seen::New => {}
            Seen::Before => return self.repeat(message.msg_id, message.seq_no),
            Seen::TooOld => return self.bad_msg(&message, code::ID_TOO_OLD),
        }
        let Inner { msg_id, seq_no, body } = message;
        let Ok(body) = gzip::unpacked(&body).map(std::borrow::Cow::into_owned) else {
            self.stats.malformed += 1;
            self.seen.insert(msg_id);
            self.running.insert(msg_id, Running { since: at.instant, acked: false });
            self.respond_error(msg_id, &crate::RpcError::new(400, "INPUT_FETCH_ERROR"), at);
            return;
        };
        let message = Inner { msg_id, seq_no, body };
        let odd = seq_no & 1 == 1;
        match constructor(&message.body) {
            None => self.stats.malformed += 1,
            Some(id::MSG_CONTAINER) => self.bad_msg(&message, code::BAD_CONTAINER),
            Some(known) if is_service(known) => {
                self.seen.insert(msg_id);
                if self.serve(known, &message, connection, at).is_none() {
                    self.stats.malformed += 1;
                }
            }
            Some(_) if !odd => self.bad_msg(&message, code::EVEN_EXPECTED_ODD),
            Some(known) => {
                self.seen.insert(msg_id);
                self.receive_request(known, message, at);
            }
        }
    }

    fn receive_request(&mut self, known: u32, message: Inner, at: Moment) {
        let Inner { msg_id, seq_no, body } = message;
        self.running.insert(msg_id, Running { since: at.instant, acked: false });
        if known == id::RPC_DROP_ANSWER {
            let mut reader = Reader::new(&body[4..]);
            match reader.long() {
                Some(dropped) => self.drop_answer(msg_id, MsgId(dropped), at),
                None => {
                    self.respond_error(msg_id, &crate::RpcError::new(400, "INPUT_FETCH_ERROR"), at);
                }
            }
            return;
        }
        if self.running.len() > self.options.max_running {
            self.respond_error(msg_id, &crate::RpcError::new(420, "FLOOD_WAIT_1"), at);
            return;
        }
        self.stats.requests += 1;
        self.outputs.push_back(ServerOutput::Request { msg_id, seq_no, body });
    }

    fn drop_answer(&mut self, question: MsgId, dropped: MsgId, at: Moment) {
        let verdict = if self.running.contains_key(&dropped) && dropped != question {
            let verdict = Writer::boxed(id::RPC_ANSWER_DROPPED_RUNNING).done();
            self.respond(dropped, &verdict, at);
            self.outputs.push_back(ServerOutput::RequestDropped { msg_id: dropped });
            verdict
        } else if let Some((answer_id, unacked)) = self.unacked.answer_to(dropped) {
            let verdict = Writer::boxed(id::RPC_ANSWER_DROPPED).long(answer_id.0).int(unacked.seq_no);
            let verdict = verdict.int(unacked.body.len() as i32).done();
            self.unacked.remove(answer_id);
            verdict
        } else {
            Writer::boxed(id::RPC_ANSWER_UNKNOWN).done()
        };
        self.respond(question, &verdict, at);
    }

    /// A message that came before: it is not run again.
    fn repeat(&mut self, msg_id: MsgId, seq_no: i32) {
        self.stats.duplicates += 1;
        let ack = |id: MsgId| Writer::boxed(id::MSGS_ACK).longs([id.0].into_iter()).done();
        if let Some(running) = self.running.get_mut(&msg_id) {
            running.acked = true;
            return self.enqueue(Outgoing::notice(ack(msg_id)));
        }
        let Some(answer) = self.answers.get(msg_id).cloned() else {
            if seq_no & 1 == 1 {
                self.enqueue(Outgoing::notice(ack(msg_id)));
            }
            return;
        };
        if self.queue.iter().any(|waiting| waiting.answers == Some(msg_id)) {
            return;
        }
        let sent = self.unacked.answer_to(msg_id).map(|(id, _)| id);
        match sent {
            Some(answer_id) if answer.len() >= LARGE_ANSWER => {
                let info = Writer::boxed(id::MSG_DETAILED_INFO).long(msg_id.0).long(answer_id.0);
                self.enqueue(Outgoing::notice(info.int(answer.len() as i32).int(0).done()));
            }
            sent => {
                if let Some(old) = sent {
                    self.unacked.remove(old);
                }
                self.stats.resent += 1;
                self.enqueue(Outgoing::answer(msg_id, answer));
            }
        }
    }

    /// Messages the layer itself understands. `None` when one is cut.
    fn serve(&mut self, known: u32, message: &Inner, connection: ConnectionId, at: Moment) -> Option<()> {
        let mut reader = Reader::new(&message.body[4..]);
        let reader = &mut reader;
        match known {
            id::MSGS_ACK => {
                for acked in reader.longs(MAX_IDS)? {
                    self.unacked.remove(MsgId(acked));
                }
            }
            id::PING | id::PING_DELAY_DISCONNECT => {
                let ping_id = reader.long()?;
                // An HTTP connection may go whenever it likes.
                if known == id::PING_DELAY_DISCONNECT && self.connection.is_some() {
                    let delay = Duration::from_secs(u64::try_from(reader.int()?).ok()?);
                    self.close_at = Some((connection, at.instant + delay));
                }
                let pong = Writer::boxed(id::PONG).long(message.msg_id.0).long(ping_id);
                self.enqueue(Outgoing::service_reply(pong.done()));
            }
            id::GET_FUTURE_SALTS => {
                let count = usize::try_from(reader.int()?).ok()?;
                let salts = self.salts.future(at.unix, count);
                let head =
                    Writer::boxed(id::FUTURE_SALTS).long(message.msg_id.0).int(at.unix.as_secs() as i32);
                let body = salts.iter().fold(head.int(salts.len() as i32), |out, (since, until, salt)| {
                    out.int(*since).int(*until).long(salt.0)
                });
                self.enqueue(Outgoing::service_reply(body.done()));
            }
            id::MSGS_STATE_REQ => {
                let ids = reader.longs(MAX_IDS)?;
                self.tell_states(message.msg_id, &ids, at.unix);
            }
            id::MSG_RESEND_REQ | id::MSG_RESEND_ANS_REQ => {
                let ids = reader.longs(MAX_IDS)?;
                if ids.iter().all(|id| self.unacked.get(MsgId(*id)).is_some()) {
                    self.requeue(ids.into_iter().map(MsgId).collect());
                } else {
                    self.tell_states(message.msg_id, &ids, at.unix);
                }
            }
            id::DESTROY_SESSION => {
                let session_id = SessionId(reader.long()?);
                if session_id == self.session_id {
                    self.answer_destroy_session(session_id, false);
                } else {
                    self.outputs.push_back(ServerOutput::DestroySession { session_id });
                }
            }
            id::DESTROY_AUTH_KEY => self.outputs.push_back(ServerOutput::DestroyKey),
            // Means nothing on a stream.
            id::HTTP_WAIT => self.posts.set_wait(connection, Wait::read(reader)?),
            // States and copies of clients carry nothing we need.
            _ => {}
        }
        Some(())
    }

    fn tell_states(&mut self, question: MsgId, ids: &[i64], now: Duration) {
        let states: Vec<u8> = ids.iter().map(|id| self.state_of(MsgId(*id), now)).collect();
        let info = Writer::boxed(id::MSGS_STATE_INFO).long(question.0).bytes(&states);
        self.enqueue(Outgoing::service_reply(info.done()));
    }

    /// One byte of `msgs_state_info`.
    fn state_of(&self, msg_id: MsgId, now: Duration) -> u8 {
        const RECEIVED: u8 = 4;
        const ACKED: u8 = 8;
        const NO_ACK_NEEDED: u8 = 16;
        const RUNNING: u8 = 32;
        const ANSWERED: u8 = 64;
        match self.seen.look(msg_id) {
            _ if self.running.contains_key(&msg_id) => {
                RECEIVED + RUNNING + if self.running[&msg_id].acked { ACKED } else { 0 }
            }
            _ if self.answers.get(msg_id).is_some() => RECEIVED + RUNNING + ANSWERED,
            Seen::Before => RECEIVED + NO_ACK_NEEDED,
            Seen::TooOld => 1,
            Seen::New if msg_id.unix() > now + self.options.window_future => 3,
            Seen::New if self.seen.newest().is_some_and(|newest| msg_id > newest) => 3,
            Seen::New => 2,
        }
    }
}

/// Messages that are no requests: answered here, with either parity of their sequence number. Clients differ even where
/// the protocol says what it must be: mtcute acknowledges with odd ones, and resets its session when told that it is wrong.
fn is_service(constructor: u32) -> bool {
    matches!(
        constructor,
        id::MSGS_ACK
            | id::PING
            | id::PING_DELAY_DISCONNECT
            | id::GET_FUTURE_SALTS
            | id::MSGS_STATE_REQ
            | id::MSGS_STATE_INFO
            | id::MSGS_ALL_INFO
            | id::MSG_COPY
            | id::MSG_RESEND_REQ
            | id::MSG_RESEND_ANS_REQ
            | id::DESTROY_SESSION
            | id::DESTROY_AUTH_KEY
            | id::HTTP_WAIT
    )
}
