//! How a server's messages leave: queued, numbered at the moment of sending, in id order, repeated on a new
//! connection until the client acknowledges them.

use super::store::Unacked;
use super::{ConnectionId, ServerOutput, ServerSession};
use crate::packet::{self, Message, Origin};
use crate::session::container::{self, CONTAINER_HEADER, Inner, MESSAGE_HEADER};
use crate::{Moment, MsgId};
use rand_chacha::rand_core::RngCore;

/// Messages in one container of ours.
const MAX_MESSAGES: usize = 100;
/// Bytes of one packet of ours, unless a single message is longer.
const MAX_PACKET: usize = 1 << 20;
/// Bytes of all waiting messages together.
const MAX_QUEUE_BYTES: usize = 32 << 20;
/// Low bits of ids that answer a message of the client, and of others.
const REPLY: u8 = 1;
const OTHER: u8 = 3;

/// A message that waits to be sent.
#[derive(Clone)]
pub(super) struct Outgoing {
    body: Vec<u8>,
    content_related: bool,
    kind: u8,
    /// The request this answers.
    pub(super) answers: Option<MsgId>,
    /// Number of a message that was sent before.
    again: Option<(MsgId, i32)>,
    /// May be dropped when too much waits.
    is_update: bool,
}

impl Outgoing {
    fn new(body: Vec<u8>, content_related: bool, kind: u8) -> Self {
        Self { body, content_related, kind, answers: None, again: None, is_update: false }
    }

    /// `rpc_result`.
    pub(super) fn answer(request: MsgId, body: Vec<u8>) -> Self {
        Self { answers: Some(request), ..Self::new(body, true, REPLY) }
    }

    /// An update: the client can ask for the difference when it is lost.
    pub(super) fn update(body: Vec<u8>) -> Self {
        Self { is_update: true, ..Self::new(body, true, OTHER) }
    }

    /// Something the client must acknowledge.
    pub(super) fn content(body: Vec<u8>) -> Self {
        Self::new(body, true, OTHER)
    }

    /// A pong, salts, states: needs no acknowledgement.
    pub(super) fn service_reply(body: Vec<u8>) -> Self {
        Self::new(body, false, REPLY)
    }

    /// An acknowledgement or a complaint.
    pub(super) fn notice(body: Vec<u8>) -> Self {
        Self::new(body, false, OTHER)
    }
}

impl ServerSession {
    pub(super) fn enqueue(&mut self, outgoing: Outgoing) {
        self.queued += 1;
        self.queue_bytes += outgoing.body.len();
        self.queue.push_back(outgoing);
        self.bound_queue();
    }

    pub(super) fn enqueue_first(&mut self, outgoing: Outgoing) {
        self.queued += 1;
        self.queue_bytes += outgoing.body.len();
        self.queue.push_front(outgoing);
        self.bound_queue();
    }

    fn dequeue(&mut self) -> Option<Outgoing> {
        let next = self.queue.pop_front()?;
        self.queue_bytes -= next.body.len();
        Some(next)
    }

    /// At the bound the oldest update goes, else the oldest message.
    fn bound_queue(&mut self) {
        while self.queue.len() > self.options.max_queue || self.queue_bytes > MAX_QUEUE_BYTES {
            let victim = self.queue.iter().position(|waiting| waiting.is_update).unwrap_or(0);
            let Some(victim) = self.queue.remove(victim) else { break };
            self.queue_bytes -= victim.body.len();
            if victim.is_update {
                self.stats.updates_dropped += 1;
            } else {
                self.stats.unacked_dropped += 1;
            }
        }
    }

    /// Queues again what was sent on connections that are not among the good ones.
    pub(super) fn requeue_unacked(&mut self, is_good: impl Fn(ConnectionId) -> bool) {
        self.requeue(self.unacked.not_on(is_good));
    }

    /// Puts sent messages before everything else, in the order given, under their old numbers.
    pub(super) fn requeue(&mut self, ids: Vec<MsgId>) {
        for msg_id in ids.into_iter().rev() {
            let waiting = self.queue.iter().any(|waiting| waiting.again.is_some_and(|(id, _)| id == msg_id));
            let Some(unacked) = self.unacked.get(msg_id).filter(|_| !waiting) else { continue };
            let again = Outgoing {
                answers: unacked.answers,
                again: Some((msg_id, unacked.seq_no)),
                ..Outgoing::content(unacked.body.clone())
            };
            self.stats.resent += 1;
            self.enqueue_first(again);
        }
    }

    /// The next packet for the stream in use.
    pub(super) fn next_packet(&mut self, at: Moment) -> Option<ServerOutput> {
        let connection = self.connection?;
        let messages = self.next_messages(connection, at);
        (!messages.is_empty()).then(|| self.send(connection, messages, at))
    }

    /// The answer to an HTTP request whose time has come.
    pub(super) fn next_answer(&mut self, at: Moment) -> Option<ServerOutput> {
        // Acknowledged while it waited: an answer would be empty before its time.
        while let Some((old, _)) = self.queue.front().and_then(|next| next.again)
            && self.unacked.get(old).is_none()
        {
            self.dequeue();
        }
        self.posts.note_queue(self.queued, !self.queue.is_empty(), at.instant);
        let connection = self.posts.take_due(!self.running.is_empty(), at.instant)?;
        let messages = match self.connection {
            // A stream is faster than an answer to a client that has left.
            Some(_) => Vec::new(),
            None => self.next_messages(connection, at),
        };
        Some(self.send(connection, messages, at))
    }

    /// A packet with these messages; `true` marks old numbers.
    fn send(
        &mut self,
        connection: ConnectionId,
        mut messages: Vec<(Inner, bool)>,
        at: Moment,
    ) -> ServerOutput {
        let (msg_id, seq_no, body) = match messages.len() {
            // A message under an old number needs a container with a fresh one around it.
            1 if !messages[0].1 => {
                let Inner { msg_id, seq_no, body } = messages.swap_remove(0).0;
                (msg_id, seq_no, body)
            }
            _ => {
                let messages: Vec<Inner> = messages.into_iter().map(|(message, _)| message).collect();
                let msg_id = self.numbering.id(at.unix, OTHER);
                (msg_id, self.numbering.seq_no(false), container::write(&messages))
            }
        };
        let (salt, session_id) = (self.salts.current(at.unix), self.session_id);
        let message = Message { salt, session_id, msg_id, seq_no, body, quick_ack: 0 };
        let extra = (self.rng.next_u32() % 8) as usize;
        let mut padding = vec![0; packet::padding_len(message.body.len(), extra)];
        self.rng.fill_bytes(&mut padding);
        let packet = packet::seal(&self.key, Origin::Server, &message, &padding);
        ServerOutput::Send { connection, packet }
    }

    /// Takes as many waiting messages as fit, numbered; `true` marks old numbers.
    fn next_messages(&mut self, connection: ConnectionId, at: Moment) -> Vec<(Inner, bool)> {
        let mut messages = Vec::new();
        let mut size = CONTAINER_HEADER;
        while let Some(next) = self.queue.front() {
            size += MESSAGE_HEADER + next.body.len();
            if messages.len() == MAX_MESSAGES || (size > MAX_PACKET && !messages.is_empty()) {
                break;
            }
            let Some(next) = self.dequeue() else { break };
            let is_old = next.again.is_some();
            let (msg_id, seq_no) = match next.again {
                // Acknowledged while it waited.
                Some((old, _)) if self.unacked.get(old).is_none() => continue,
                Some(old) => old,
                None => (self.numbering.id(at.unix, next.kind), self.numbering.seq_no(next.content_related)),
            };
            if next.content_related {
                let (body, sent_on) = (next.body.clone(), connection);
                self.unacked.insert(msg_id, Unacked { seq_no, body, answers: next.answers, sent_on });
            }
            messages.push((Inner { msg_id, seq_no, body: next.body }, is_old));
        }
        messages
    }

    pub(super) fn draw_long(&mut self) -> i64 {
        self.rng.next_u64() as i64
    }
}
