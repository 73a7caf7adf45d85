//! What a server keeps: answers for questions that come twice, messages the client has not acknowledged.

use super::ConnectionId;

use crate::MsgId;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// Bytes of all stored answers together.
const MAX_BYTES: usize = 8 << 20;

/// Answers by request, bounded in number, bytes and age; the oldest goes first.
pub(super) struct AnswerStore {
    bodies: BTreeMap<MsgId, Vec<u8>>,
    ages: VecDeque<(Instant, MsgId)>,
    bytes: usize,
    capacity: usize,
    life: Duration,
}

impl AnswerStore {
    pub(super) fn new(capacity: usize, life: Duration) -> Self {
        Self { bodies: BTreeMap::new(), ages: VecDeque::new(), bytes: 0, capacity, life }
    }

    pub(super) fn insert(&mut self, request: MsgId, body: Vec<u8>, now: Instant) {
        self.bytes += body.len();
        self.bodies.insert(request, body);
        self.ages.push_back((now, request));
        while self.bodies.len() > self.capacity || self.bytes > MAX_BYTES {
            self.forget_oldest();
        }
    }

    pub(super) fn get(&self, request: MsgId) -> Option<&Vec<u8>> {
        self.bodies.get(&request)
    }

    pub(super) fn expire(&mut self, now: Instant) {
        while self.ages.front().is_some_and(|(made, _)| now.duration_since(*made) >= self.life) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, request)) = self.ages.pop_front() {
            self.bytes -= self.bodies.remove(&request).map_or(0, |body| body.len());
        }
    }
}

/// Bytes of all unacknowledged messages together.
const MAX_UNACKED_BYTES: usize = 16 << 20;

/// A message the client has not acknowledged.
#[derive(Clone)]
pub(super) struct Unacked {
    pub(super) seq_no: i32,
    pub(super) body: Vec<u8>,
    /// The request it answers.
    pub(super) answers: Option<MsgId>,
    /// The connection it last went out on.
    pub(super) sent_on: ConnectionId,
}

/// Unacknowledged messages by id, bounded in number and bytes; the oldest goes first.
pub(super) struct UnackedStore {
    messages: BTreeMap<MsgId, Unacked>,
    bytes: usize,
    capacity: usize,
    dropped: u64,
}

impl UnackedStore {
    pub(super) fn new(capacity: usize) -> Self {
        Self { messages: BTreeMap::new(), bytes: 0, capacity, dropped: 0 }
    }

    pub(super) fn insert(&mut self, id: MsgId, message: Unacked) {
        self.remove(id);
        self.bytes += message.body.len();
        self.messages.insert(id, message);
        while self.messages.len() > self.capacity || self.bytes > MAX_UNACKED_BYTES {
            let Some((&oldest, _)) = self.messages.first_key_value() else { break };
            self.remove(oldest);
            self.dropped += 1;
        }
    }

    pub(super) fn remove(&mut self, id: MsgId) {
        if let Some(message) = self.messages.remove(&id) {
            self.bytes -= message.body.len();
        }
    }

    pub(super) fn get(&self, id: MsgId) -> Option<&Unacked> {
        self.messages.get(&id)
    }

    /// The message that carries the answer to a request.
    pub(super) fn answer_to(&self, request: MsgId) -> Option<(MsgId, &Unacked)> {
        let mut messages = self.messages.iter();
        messages.find(|(_, message)| message.answers == Some(request)).map(|(id, message)| (*id, message))
    }

    /// Ids of messages that went out on connections that are not among the good ones, lowest first.
    pub(super) fn not_on(&self, is_good: impl Fn(ConnectionId) -> bool) -> Vec<MsgId> {
        self.messages.iter().filter(|(_, message)| !is_good(message.sent_on)).map(|(id, _)| *id).collect()
    }

    /// How many were forgotten at a bound.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_bytes_and_age_of_stored_answers_are_bounded() {
        #[allow(clippy::disallowed_methods, reason = "the only way to an Instant; its value does not matter")]
        let start = Instant::now();
        let mut store = AnswerStore::new(3, Duration::from_secs(10));
        for i in 0..5 {
            store.insert(MsgId(i), vec![0; 10], start + Duration::from_secs(i as u64));
        }
        let kept: Vec<bool> = (0..5).map(|i| store.get(MsgId(i)).is_some()).collect();
        assert_eq!(kept, [false, false, true, true, true]);
        store.insert(MsgId(9), vec![0; MAX_BYTES - 10], start + Duration::from_secs(5));
        let kept: Vec<bool> = [2, 3, 4, 9].iter().map(|i| store.get(MsgId(*i)).is_some()).collect();
        assert_eq!(kept, [false, false, true, true]);
        store.expire(start + Duration::from_secs(14));
        assert!(store.get(MsgId(4)).is_none() && store.get(MsgId(9)).is_some());
        store.expire(start + Duration::from_secs(15));
        assert_eq!(store.bytes, 0);
    }

    #[test]
    fn number_and_bytes_of_unacknowledged_messages_are_bounded() {
        let message = |len, connection| Unacked {
            seq_no: 1,
            body: vec![0; len],
            answers: Some(MsgId(len as i64)),
            sent_on: ConnectionId(connection),
        };
        let mut store = UnackedStore::new(3);
        for i in 1..=4 {
            store.insert(MsgId(i), message(10 * i as usize, i as u64));
        }
        assert_eq!(store.not_on(|sent_on| sent_on == ConnectionId(3)), [MsgId(2), MsgId(4)]);
        assert_eq!(store.answer_to(MsgId(30)).unwrap().0, MsgId(3));
        assert_eq!((store.dropped(), store.bytes), (1, 90));
        store.insert(MsgId(9), message(MAX_UNACKED_BYTES - 40, 1));
        assert_eq!((store.dropped(), store.bytes), (3, MAX_UNACKED_BYTES));
        assert!(store.get(MsgId(3)).is_none());
        store.remove(MsgId(9));
        store.remove(MsgId(9));
        assert_eq!(store.bytes, 40);
    }
}
