//! How a client's messages leave: acknowledgements first, then the layer's own, then requests in their order.

use super::requests::{Body, Sent};
use super::{AFTER_HEADER, ClientSession, CloseReason, Connection, RequestId};
use crate::bind::{self, Binding};
use crate::packet::{self, Message, Origin};
use crate::session::container::{self, CONTAINER_HEADER, Inner, MESSAGE_HEADER};
use crate::session::window::Seen;
use crate::wire::{Writer, id};
use crate::{Moment, MsgId, gzip};
use rand_chacha::rand_core::RngCore;
use std::time::{Duration, Instant};

/// Messages in one container of ours.
const MAX_MESSAGES: usize = 100;
/// Bytes of one packet of ours, unless a single request is longer.
const MAX_PACKET: usize = 32 << 10;
/// Acknowledgements that do not wait for more.
const ACK_BATCH: usize = 64;
/// Ids in one acknowledgement or question about states.
const MAX_IDS: usize = 8192;
/// How long an answer to `msgs_state_req` is waited for.
const STATES_LIMIT: Duration = Duration::from_secs(10);
/// Salts asked for at once, and the shortest time between two questions.
const SALTS: i32 = 64;
const SALTS_INTERVAL: Duration = Duration::from_secs(600);
/// How long the answer to a long poll waits for company, milliseconds from the first message and from the latest: what
/// TDLib asks for.
const POLL_DELAY: i32 = 30;
const POLL_AFTER: i32 = 10;

/// The layer's own messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Ping,
    AskSalts,
    /// Which of these requests, under these ids, arrived?
    AskStates(Vec<(RequestId, MsgId)>),
    /// The answer to the server's question about its own messages.
    TellStates(MsgId, Vec<i64>),
    /// Send these messages of yours again.
    AskAgain(Vec<i64>),
    DropAnswer(MsgId),
}

impl ClientSession {
    /// Everything that time brings about.
    pub(super) fn run_timers(&mut self, now: Instant) {
        let silence_limit = self.options.silence_limit;
        let Some(connection) = &mut self.connection else { return };
        if connection.pinged.is_some_and(|pinged| pinged.max(connection.heard) + silence_limit <= now) {
            self.close.get_or_insert(CloseReason::Silent);
            return;
        }
        if connection.next_ping <= now {
            connection.next_ping = now + self.options.ping_interval;
            self.service.push_back(Service::Ping);
        }
        if connection.states_due.is_some_and(|due| due <= now) {
            connection.states_due = None;
            let silent: Vec<RequestId> = self.requests.in_flight().map(|(id, ..)| id).collect();
            for request in silent {
                self.send_again(request);
            }
        }
    }

    /// When [`ClientSession::run_timers`] or the acknowledgements have something to do next.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let Connection { heard, pinged, next_ping, states_due, .. } = self.connection?;
        let silence = pinged.map(|pinged| pinged.max(heard) + self.options.silence_limit);
        [Some(next_ping), silence, states_due, self.ack_due].into_iter().flatten().min()
    }

    /// On a new connection: what became of the requests of the last one?
    pub(super) fn ask_states(&mut self, now: Instant) {
        let asked: Vec<(RequestId, MsgId)> =
            self.requests.in_flight().map(|(id, msg_id, _)| (id, msg_id)).take(MAX_IDS).collect();
        if asked.is_empty() {
            return;
        }
        self.service.push_back(Service::AskStates(asked));
        if let Some(connection) = &mut self.connection {
            connection.states_due = Some(now + STATES_LIMIT);
        }
    }

    pub(super) fn send_again(&mut self, request: RequestId) {
        if self.requests.requeue(request) {
            self.stats.resent += 1;
        }
    }

    /// The next packet, when something wants to be sent.
    pub(super) fn next_packet(&mut self, at: Moment) -> Option<Vec<u8>> {
        self.connection?;
        self.keep_salts(at);
        let mut messages = self.next_messages(at);
        if messages.is_empty() {
            return None;
        }
        // What must be alone brings an answer, and that ends the wait for it.
        if self.options.http && !self.is_alone(&messages) {
            self.add_wait(Duration::ZERO, at, &mut messages);
        }
        Some(self.seal(messages, at))
    }

    /// The next long poll over HTTP.
    pub(super) fn next_poll(&mut self, longest: Duration, at: Moment) -> Vec<u8> {
        let mut messages = Vec::new();
        self.take_acks(at, &mut messages);
        self.add_wait(longest, at, &mut messages);
        self.seal(messages, at)
    }

    /// Tells how long the answer to this packet waits for something to say.
    fn add_wait(&mut self, longest: Duration, at: Moment, messages: &mut Vec<Inner>) {
        let longest = i32::try_from(longest.as_millis()).unwrap_or(i32::MAX);
        let (delay, after) = if longest > 0 { (POLL_DELAY, POLL_AFTER) } else { (0, 0) };
        let body = Writer::boxed(id::HTTP_WAIT).int(delay).int(after).int(longest).done();
        self.add(Sent::Wait, body, false, at, messages);
    }

    /// Whether this is a request that goes without company.
    fn is_alone(&self, messages: &[Inner]) -> bool {
        let [Inner { msg_id, .. }] = messages else { return false };
        let Some(Sent::Request(request)) = self.sent.get(*msg_id) else { return false };
        self.requests.get(*request).is_some_and(|request| request.alone)
    }

    fn seal(&mut self, mut messages: Vec<Inner>, at: Moment) -> Vec<u8> {
        let (msg_id, seq_no, body) = match messages.len() {
            1 => {
                let Inner { msg_id, seq_no, body } = messages.swap_remove(0);
                (msg_id, seq_no, body)
            }
            _ => {
                let msg_id = self.new_id(at);
                let ids: Vec<MsgId> = messages.iter().map(|message| message.msg_id).collect();
                for inner in &ids {
                    if let Some(Sent::Request(request)) = self.sent.get(*inner)
                        && let Some(request) = self.requests.get_mut(*request)
                    {
                        request.packet = msg_id;
                    }
                }
                self.sent.insert(msg_id, Sent::Container(ids));
                (msg_id, self.numbering.seq_no(false), container::write(&messages))
            }
        };
        let (salt, session_id) = (self.salt, self.session_id);
        let message = Message { salt, session_id, msg_id, seq_no, body, quick_ack: 0 };
        let extra = (self.rng.next_u32() % 8) as usize;
        let mut padding = vec![0; packet::padding_len(message.body.len(), extra)];
        self.rng.fill_bytes(&mut padding);
        self.stats.packets_sent += 1;
        packet::seal(&self.key, Origin::Client, &message, &padding)
    }

    fn next_messages(&mut self, at: Moment) -> Vec<Inner> {
        let mut messages = Vec::new();
        if let Some((request, _)) = self.requests.first_waiting().filter(|(_, request)| request.alone) {
            self.take_request(request, at, &mut messages);
            return messages;
        }
        let company = !self.service.is_empty() || self.requests.first_waiting().is_some();
        let due = self.ack_due.is_some_and(|due| due <= at.instant) || self.acks.len() >= ACK_BATCH;
        if company || due {
            self.take_acks(at, &mut messages);
        }
        while messages.len() < MAX_MESSAGES
            && let Some(service) = self.service.pop_front()
        {
            let body = self.service_body(&service, at);
            let content_related = matches!(service, Service::DropAnswer(_));
            self.add(Sent::Service(service), body, content_related, at, &mut messages);
        }
        let mut size = CONTAINER_HEADER;
        size += messages.iter().map(|message| MESSAGE_HEADER + message.body.len()).sum::<usize>();
        while messages.len() < MAX_MESSAGES
            && let Some((request, next)) = self.requests.first_waiting()
        {
            size += MESSAGE_HEADER + AFTER_HEADER + next.body.len();
            if next.alone || (size > MAX_PACKET && !messages.is_empty()) {
                break;
            }
            self.take_request(request, at, &mut messages);
        }
        messages
    }

    fn take_acks(&mut self, at: Moment, messages: &mut Vec<Inner>) {
        if self.acks.is_empty() {
            return;
        }
        let acked: Vec<i64> = std::iter::from_fn(|| self.acks.pop_first()).take(MAX_IDS).collect();
        self.ack_due = None;
        let body = Writer::boxed(id::MSGS_ACK).longs(acked.iter().copied()).done();
        self.add(Sent::Acks(acked), body, false, at, messages);
    }

    fn take_request(&mut self, request: RequestId, at: Moment, messages: &mut Vec<Inner>) {
        let msg_id = self.new_id(at);
        let body = self.request_body(request, msg_id);
        if let Some(forgotten) = self.requests.mark_sent(request, msg_id) {
            self.sent.remove(forgotten);
        }
        self.sent.insert(msg_id, Sent::Request(request));
        messages.push(Inner { msg_id, seq_no: self.numbering.seq_no(true), body });
    }

    fn add(
        &mut self,
        sent: Sent,
        body: Vec<u8>,
        content_related: bool,
        at: Moment,
        messages: &mut Vec<Inner>,
    ) {
        let msg_id = self.new_id(at);
        self.sent.insert(msg_id, sent);
        messages.push(Inner { msg_id, seq_no: self.numbering.seq_no(content_related), body });
    }

    /// The request as it goes out: after its predecessor, packed when that pays.
    fn request_body(&mut self, request: RequestId, msg_id: MsgId) -> Vec<u8> {
        let Some(found) = self.requests.get(request) else { return Vec::new() };
        let body = match &found.body {
            Body::Plain(body) => body.clone(),
            Body::Bind { perm_key, expires_at } => {
                let mut random = [0; 24];
                self.rng.fill_bytes(&mut random);
                let binding = Binding {
                    nonce: self.rng.next_u64() as i64,
                    temp_auth_key_id: self.key.id(),
                    perm_auth_key_id: perm_key.id(),
                    temp_session_id: self.session_id,
                    expires_at: *expires_at,
                };
                bind::call(perm_key, &binding, msg_id, &random)
            }
        };
        let predecessor = found.after.and_then(|after| self.requests.get(after)?.latest());
        let body = match predecessor {
            Some(before) => Writer::boxed(id::INVOKE_AFTER_MSG).long(before.0).raw(&body).done(),
            None => body,
        };
        if body.len() < self.options.gzip_threshold {
            return body;
        }
        gzip::pack(&body).unwrap_or(body)
    }

    fn service_body(&mut self, service: &Service, at: Moment) -> Vec<u8> {
        let out = match service {
            Service::Ping => {
                self.stats.pings += 1;
                if let Some(connection) = &mut self.connection {
                    connection.pinged.get_or_insert(at.instant);
                    connection.ping_left = Some(at.instant);
                }
                let delay = self.options.disconnect_delay.as_secs().min(i32::MAX as u64) as i32;
                let ping_id = self.rng.next_u64() as i64;
                match self.options.http {
                    // Connections come and go.
                    true => Writer::boxed(id::PING).long(ping_id),
                    false => Writer::boxed(id::PING_DELAY_DISCONNECT).long(ping_id).int(delay),
                }
            }
            Service::AskSalts => Writer::boxed(id::GET_FUTURE_SALTS).int(SALTS),
            Service::AskStates(asked) => {
                Writer::boxed(id::MSGS_STATE_REQ).longs(asked.iter().map(|(_, msg_id)| msg_id.0))
            }
            Service::TellStates(question, ids) => {
                let state = |id: &i64| match self.seen.look(MsgId(*id)) {
                    Seen::Before => 4,
                    Seen::TooOld => 1,
                    Seen::New => 2,
                };
                let states: Vec<u8> = ids.iter().map(state).collect();
                Writer::boxed(id::MSGS_STATE_INFO).long(question.0).bytes(&states)
            }
            Service::AskAgain(ids) => Writer::boxed(id::MSG_RESEND_REQ).longs(ids.iter().copied()),
            Service::DropAnswer(sent) => Writer::boxed(id::RPC_DROP_ANSWER).long(sent.0),
        };
        out.done()
    }

    /// Moves on to the salt of the moment, and asks for more before the known ones run out.
    fn keep_salts(&mut self, at: Moment) {
        let now = self.offset.apply(at.unix).as_secs() as i32;
        self.salts.retain(|(_, until, _)| *until > now);
        let current = self.salts.iter().filter(|(since, ..)| *since <= now).max_by_key(|(since, ..)| *since);
        if let Some((_, _, salt)) = current {
            self.salt = *salt;
        }
        let asked_lately = self.salts_asked.is_some_and(|asked| at.instant < asked + SALTS_INTERVAL);
        if self.salts.len() < 2 && !asked_lately {
            self.salts_asked = Some(at.instant);
            self.service.push_back(Service::AskSalts);
        }
    }

    fn new_id(&mut self, at: Moment) -> MsgId {
        self.numbering.id(self.offset.apply(at.unix), 0)
    }
}

impl Body {
    /// Bytes, near enough to fill a packet.
    fn len(&self) -> usize {
        match self {
            Self::Plain(body) => body.len(),
            Self::Bind { .. } => 160,
        }
    }
}
