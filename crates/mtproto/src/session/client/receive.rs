//! What a client does with the server's messages.

use super::requests::Sent;
use super::send::Service;
use super::{ClientEvent, ClientSession, CloseReason, RequestId, draw_session_id};
use crate::packet::{self, Origin, PacketError};
use crate::session::container::{self, Part};
use crate::session::numbering::Numbering;
use crate::session::window::{Seen, Window};
use crate::wire::{Reader, constructor, id};
use crate::{Moment, MsgId, RpcError, Salt, TimeOffset, gzip};
use std::time::Duration;

/// Server message ids may be this old, and this far in the future, by the server's clock as we know it.
const WINDOW_PAST: Duration = Duration::from_secs(300);
const WINDOW_FUTURE: Duration = Duration::from_secs(30);
/// Refused messages in a row after which the connection is given up.
const MAX_REFUSED: u32 = 10;
/// Times a request may be refused by `bad_msg_notification` before it fails.
const MAX_REFUSALS: u32 = 10;
/// Ids in one list of the server.
const MAX_IDS: usize = 8192;
/// A change of the clock offset below this is not worth an event.
const NOTABLE: i64 = 2;

impl ClientSession {
    pub(super) fn receive(&mut self, packet: &[u8], at: Moment) -> Result<(), PacketError> {
        let message = packet::open(&self.key, Origin::Server, packet).inspect_err(|error| {
            self.stats.packets_refused += 1;
            self.close = Some(CloseReason::BadPacket(*error));
        })?;
        if message.session_id != self.session_id {
            self.stats.packets_refused += 1;
            return Ok(());
        }
        self.stats.packets_received += 1;
        if let Some(connection) = &mut self.connection {
            connection.heard = at.instant;
            connection.pinged = None;
        }
        let outer = Part { msg_id: message.msg_id, seq_no: message.seq_no, body: &message.body };
        if !self.is_timely(&outer, at) {
            self.stats.bad_msg_ids += 1;
            self.refused_in_a_row += 1;
            if self.is_ahead(outer.msg_id, at) && outer.msg_id.kind() & 1 == 1 {
                self.close = Some(CloseReason::ClockBehind);
            }
            if self.refused_in_a_row >= MAX_REFUSED {
                self.close = Some(CloseReason::TooManyRefused);
            }
            return Ok(());
        }
        self.refused_in_a_row = 0;
        if let Some(connection) = &mut self.connection {
            connection.timed = true;
        }
        // A message cannot arrive before it was made: the offset is at least this.
        let least = TimeOffset::between(outer.msg_id.unix(), at.unix);
        if least > self.offset {
            self.set_offset(least);
        }
        if constructor(outer.body) != Some(id::MSG_CONTAINER) {
            self.take(outer, at);
        } else if self.seen.insert(outer.msg_id) == Seen::New {
            match container::read(outer.body) {
                Some(messages) => messages.into_iter().for_each(|message| self.take(message, at)),
                None => self.stats.malformed += 1,
            }
        } else {
            self.stats.duplicates += 1;
        }
        Ok(())
    }

    /// Kind and age of a packet's id. Complaints about our own ids are read whatever the clocks say, since they are
    /// what sets them right. Nobody but the server can make an id from the future, so the first of a connection tells that
    /// our clock is behind.
    fn is_timely(&self, outer: &Part<'_>, at: Moment) -> bool {
        let complaint =
            matches!(constructor(outer.body), Some(id::BAD_MSG_NOTIFICATION | id::BAD_SERVER_SALT));
        let (made, now) = (outer.msg_id.unix(), self.offset.apply(at.unix));
        let untimed = self.connection.is_some_and(|connection| !connection.timed);
        let timely = made + WINDOW_PAST >= now && (untimed || !self.is_ahead(outer.msg_id, at));
        // Before the first good packet our own clock may be anything.
        let first = self.seen.newest().is_none();
        outer.msg_id.kind() & 1 == 1 && (timely || complaint || first)
    }

    fn is_ahead(&self, msg_id: MsgId, at: Moment) -> bool {
        msg_id.unix() > self.offset.apply(at.unix) + WINDOW_FUTURE
    }

    fn take(&mut self, message: Part<'_>, at: Moment) {
        let Part { msg_id, seq_no, body } = message;
        if msg_id.kind() & 1 == 0 {
            self.stats.bad_msg_ids += 1;
            return;
        }
        if seq_no & 1 == 1 && self.acks.len() < MAX_IDS {
            self.acks.insert(msg_id.0);
            self.ack_due.get_or_insert(at.instant + self.options.ack_delay);
        }
        if self.seen.insert(msg_id) != Seen::New {
            self.stats.duplicates += 1;
            return;
        }
        let read = gzip::unpacked(body).ok().and_then(|body| self.dispatch(msg_id, &body, at));
        if read.is_none() {
            self.stats.malformed += 1;
        }
    }

    /// `None` when the message is cut.
    fn dispatch(&mut self, msg_id: MsgId, body: &[u8], at: Moment) -> Option<()> {
        let reader = &mut Reader::new(body);
        match reader.u32()? {
            id::RPC_RESULT => {
                let request = MsgId(reader.long()?);
                self.on_result(request, reader.rest());
            }
            id::MSGS_ACK => {
                for acked in reader.longs(MAX_IDS)? {
                    self.on_ack(MsgId(acked));
                }
            }
            id::BAD_SERVER_SALT => {
                let (bad, _, _) = (MsgId(reader.long()?), reader.int()?, reader.int()?);
                let salt = Salt(reader.long()?);
                if !self.is_about_ours(bad) {
                    return Some(());
                }
                self.stats.bad_salts += 1;
                self.salts.clear();
                self.set_salt(salt);
                self.refused(bad, None, at);
            }
            id::BAD_MSG_NOTIFICATION => {
                let (bad, _, code) = (MsgId(reader.long()?), reader.int()?, reader.int()?);
                if self.is_about_ours(bad) {
                    self.on_bad_msg(msg_id, bad, code, at);
                }
            }
            id::NEW_SESSION_CREATED => {
                let (first, unique_id, salt) = (MsgId(reader.long()?), reader.long()?, Salt(reader.long()?));
                self.set_salt(salt);
                self.on_new_session(first, unique_id);
            }
            // Liveness was noted with the packet.
            id::PONG => {
                let ping = MsgId(reader.long()?);
                self.sent.remove(ping);
                let left = self.connection.as_mut().and_then(|connection| connection.ping_left.take());
                self.stats.rtt = left.map(|left| at.instant - left).or(self.stats.rtt);
            }
            id::FUTURE_SALTS => self.on_future_salts(reader)?,
            id::MSGS_STATE_INFO => {
                let question = MsgId(reader.long()?);
                self.on_states(question, reader.bytes()?);
            }
            id::MSGS_STATE_REQ => {
                let ids = reader.longs(MAX_IDS)?;
                self.serve(Service::TellStates(msg_id, ids));
            }
            id::MSG_RESEND_REQ | id::MSG_RESEND_ANS_REQ => {
                for wanted in reader.longs(MAX_IDS)? {
                    if let Some(Sent::Request(request)) = self.sent.get(MsgId(wanted)) {
                        self.send_again(*request);
                    }
                }
            }
            id::MSG_DETAILED_INFO => {
                reader.long()?;
                self.fetch(reader.long()?, at);
            }
            id::MSG_NEW_DETAILED_INFO => self.fetch(reader.long()?, at),
            id::MSGS_ALL_INFO | id::MSG_COPY | id::DESTROY_SESSION_OK | id::DESTROY_SESSION_NONE => {}
            id::MSG_CONTAINER => return None,
            _ if self.events.len() < self.options.max_events => {
                self.events.push_back(ClientEvent::Update(body.to_vec()));
            }
            _ => self.stats.updates_dropped += 1,
        }
        Some(())
    }

    fn on_result(&mut self, msg_id: MsgId, result: &[u8]) {
        let request = match self.sent.get(msg_id) {
            Some(Sent::Request(request)) => *request,
            Some(_) => {
                self.sent.remove(msg_id);
                return;
            }
            None => {
                self.stats.orphan_results += 1;
                return;
            }
        };
        if let Some(done) = self.requests.remove(request) {
            self.sent.forget_request(&done);
        }
        let unreadable = |what| ClientEvent::Failed { request, error: RpcError::new(500, what) };
        let event = match gzip::unpacked(result) {
            Err(_) => unreadable("RESULT_GZIP_INVALID"),
            Ok(body) if constructor(&body) == Some(id::RPC_ERROR) => match read_error(&body) {
                Some(error) => ClientEvent::Failed { request, error },
                None => unreadable("RESULT_INVALID"),
            },
            Ok(body) => ClientEvent::Result { request, body: body.into_owned() },
        };
        self.events.push_back(event);
    }

    fn on_ack(&mut self, msg_id: MsgId) {
        let Some(Sent::Request(id)) = self.sent.get(msg_id) else { return };
        let id = *id;
        if let Some(request) = self.requests.get_mut(id).filter(|request| !request.acked) {
            request.acked = true;
            self.events.push_back(ClientEvent::Acked(id));
        }
    }

    /// Salt and clock follow a complaint only when it names a message we sent and still remember: service messages
    /// about messages, "the client must check that it has, in fact, recently sent a message with the specified
    /// msg_id".
    fn is_about_ours(&mut self, bad: MsgId) -> bool {
        let ours = self.sent.get(bad).is_some();
        self.stats.orphan_complaints += u64::from(!ours);
        ours
    }

    fn on_bad_msg(&mut self, complaint: MsgId, bad: MsgId, code: i32, at: Moment) {
        self.stats.bad_msgs += 1;
        match code {
            16 | 17 => {
                self.set_offset(TimeOffset::between(complaint.unix(), at.unix));
                if code == 17 {
                    // Ids of this session are ahead of the clock now and cannot be used on.
                    self.reset(at);
                } else {
                    self.refused(bad, None, at);
                }
            }
            // Sequence numbers out of step: count from the start in a new session.
            32..=35 => {
                self.note_refusals(bad, code);
                self.reset(at);
            }
            _ => self.refused(bad, Some(code), at),
        }
    }

    /// A message of ours was not processed: everything in it is sent again in new messages.
    fn refused(&mut self, bad: MsgId, code: Option<i32>, at: Moment) {
        if let Some(code) = code {
            self.note_refusals(bad, code);
        }
        for msg_id in self.unwrap_container(bad) {
            match self.sent.get(msg_id).cloned() {
                Some(Sent::Request(request)) => {
                    // An older id of a request that was sent again since needs nothing.
                    if self.requests.get(request).and_then(|request| request.latest()) == Some(msg_id) {
                        self.send_again(request);
                    }
                }
                Some(Sent::Acks(ids)) => {
                    self.acks.extend(ids);
                    self.ack_due.get_or_insert(at.instant + self.options.ack_delay);
                }
                Some(Sent::Service(Service::AskStates(_))) => self.ask_states(at.instant),
                Some(Sent::Service(service)) => self.serve(service),
                Some(Sent::Container(_) | Sent::Wait) | None => {}
            }
            if !matches!(self.sent.get(msg_id), Some(Sent::Request(_))) {
                self.sent.remove(msg_id);
            }
        }
    }

    /// A request the server refuses again and again fails; one from a refused container goes alone.
    fn note_refusals(&mut self, bad: MsgId, code: i32) {
        const BAD_CONTAINER: i32 = 64;
        for msg_id in self.unwrap_container(bad) {
            let Some(Sent::Request(id)) = self.sent.get(msg_id).cloned() else { continue };
            let Some(request) = self.requests.get_mut(id) else { continue };
            request.refusals += 1;
            request.alone |= code == BAD_CONTAINER;
            if request.refusals >= MAX_REFUSALS {
                self.fail(id, code);
            }
        }
    }

    fn fail(&mut self, id: RequestId, code: i32) {
        if let Some(failed) = self.requests.remove(id) {
            self.sent.forget_request(&failed);
            let error = RpcError::new(400, format!("BAD_MSG_{code}"));
            self.events.push_back(ClientEvent::Failed { request: id, error });
        }
    }

    fn unwrap_container(&self, msg_id: MsgId) -> Vec<MsgId> {
        match self.sent.get(msg_id) {
            Some(Sent::Container(ids)) => ids.clone(),
            _ => vec![msg_id],
        }
    }

    fn on_new_session(&mut self, first: MsgId, unique_id: i64) {
        let lost: Vec<RequestId> = self
            .requests
            .in_flight()
            .filter(|(_, _, request)| request.packet < first)
            .map(|(id, ..)| id)
            .collect();
        for request in lost {
            self.send_again(request);
        }
        if self.server_session.replace(unique_id) != Some(unique_id) {
            self.events.push_back(ClientEvent::NewSession);
        }
    }

    fn on_future_salts(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let (question, _now, count) = (MsgId(reader.long()?), reader.int()?, reader.u32()? as usize);
        (count <= 64).then_some(())?;
        let mut salts = Vec::new();
        for _ in 0..count {
            salts.push((reader.int()?, reader.int()?, Salt(reader.long()?)));
        }
        match self.sent.remove(question) {
            Some(Sent::Service(Service::AskSalts)) => self.salts = salts,
            // An answer counts for the question it names, and only once.
            _ => self.stats.orphan_results += 1,
        }
        Some(())
    }

    fn on_states(&mut self, question: MsgId, states: &[u8]) {
        let Some(Sent::Service(Service::AskStates(asked))) = self.sent.remove(question) else { return };
        if let Some(connection) = &mut self.connection {
            connection.states_due = None;
        }
        for ((request, msg_id), state) in asked.into_iter().zip(states) {
            let latest = self.requests.get(request).and_then(|request| request.latest());
            if latest == Some(msg_id) && matches!(state & 7, 1..=3) {
                self.send_again(request);
            }
        }
    }

    /// An answer was announced and not sent: ask for it unless it is here.
    fn fetch(&mut self, answer: i64, at: Moment) {
        match self.seen.look(MsgId(answer)) {
            Seen::New => self.serve(Service::AskAgain(vec![answer])),
            Seen::Before | Seen::TooOld => {
                self.acks.insert(answer);
                self.ack_due.get_or_insert(at.instant + self.options.ack_delay);
            }
        }
    }

    /// Queues one of the layer's own messages, once, and not without bound.
    fn serve(&mut self, service: Service) {
        if self.service.len() < 64 && !self.service.contains(&service) {
            self.service.push_back(service);
        }
    }

    /// A new session id: every number starts again, requests without an answer too.
    fn reset(&mut self, at: Moment) {
        self.session_id = draw_session_id(&mut self.rng);
        self.numbering = Numbering::default();
        self.seen = Window::new(super::SEEN);
        self.sent = super::SentBook::default();
        self.acks.clear();
        self.ack_due = None;
        self.service.clear();
        self.server_session = None;
        self.stats.resent += self.requests.requeue_all();
        if let Some(connection) = &mut self.connection {
            connection.states_due = None;
            connection.next_ping = at.instant;
        }
        self.events.push_back(ClientEvent::SessionReset(self.session_id));
    }

    fn set_salt(&mut self, salt: Salt) {
        if std::mem::replace(&mut self.salt, salt) != salt {
            self.events.push_back(ClientEvent::SaltChanged(salt));
        }
    }

    fn set_offset(&mut self, offset: TimeOffset) {
        let before = std::mem::replace(&mut self.offset, offset);
        if (offset.as_secs() - before.as_secs()).abs() >= NOTABLE {
            self.events.push_back(ClientEvent::TimeOffsetChanged(offset));
        }
    }
}

fn read_error(body: &[u8]) -> Option<RpcError> {
    let mut reader = Reader::new(body);
    reader.expect(id::RPC_ERROR)?;
    let code = reader.int()?;
    let message = String::from_utf8_lossy(reader.bytes()?).into_owned();
    Some(RpcError { code, message })
}
