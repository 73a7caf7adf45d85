//! Packets of numbered messages that are acknowledged and repeated: 8.0.0 and 9.0.0.
//!
//! A message goes out alone when nothing of ours is unacknowledged, else behind all that is, so that whoever receives a
//! message has had everything before it: delivery is in order, exactly once. What stays unacknowledged is repeated.
//! Other implementations forget delivered counters early and deliver a reordered repetition twice; this one keeps them.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use super::item::{HEAD, Item};
use super::{FramingError, FramingStats, Inbox, Output, is_raw};
use crate::tgcalls::cipher::{Cipher, CipherStats};
use crate::tgcalls::seq::Seq;

/// Longest packet that is made, message key included.
const MAX_PACKET: usize = 16 << 10;
const MSG_KEY: usize = 16;
/// Most bytes of a message: it must fit behind the empty item when it is repeated.
const MAX_MESSAGE: usize = MAX_PACKET - MSG_KEY - HEAD - Item::Message(&[]).size();
/// Unacknowledged messages are repeated after this, then after twice as long, up to [`REPEAT`]. Other implementations
/// always take five seconds, which is a quarter of the time that a call has to come up.
const FIRST_REPEAT: Duration = Duration::from_secs(1);
/// Longest time between two repetitions; also, when acks that nothing carried are sent.
const REPEAT: Duration = Duration::from_secs(5);
/// A message younger than this, or than the next repetition asks for, is not sent along with a packet made for another
/// reason.
const YOUTH: Duration = Duration::from_secs(3);
/// Most messages that may be unacknowledged. A call has some dozens.
const MAX_UNACKED: usize = 1024;
/// Most acks that wait. A message whose ack finds no room is repeated by the other side and acknowledged then.
const MAX_ACKS: usize = 512;
/// Most delivered counters that are remembered; those below the lowest of them count as delivered.
const MAX_DELIVERED: usize = 4096;

/// A message of ours that has not been acknowledged.
#[derive(Debug)]
struct Unacked {
    seq: Seq,
    message: Vec<u8>,
    /// When it was last in a packet. `None` = it belongs into the next one.
    sent: Option<Instant>,
    /// True when it has been in a packet.
    tried: bool,
}

/// The acked framing of one side.
#[derive(Debug)]
pub struct Acked {
    cipher: Cipher,
    unacked: VecDeque<Unacked>,
    /// A message that nothing has carried yet wants a packet.
    fresh: bool,
    /// How long the oldest message waits for its ack before it is repeated.
    patience: Duration,
    acks: Vec<Seq>,
    /// When the acks must go at the latest; in the past for those that go at once.
    acks_due: Option<Instant>,
    delivered: BTreeSet<u32>,
    /// Counters up to here are delivered or will not be.
    floor: u32,
    inbox: Inbox,
    stats: FramingStats,
    exhausted: bool,
}

impl Acked {
    /// A framing that seals with `cipher`.
    pub fn new(cipher: Cipher) -> Self {
        Self {
            cipher,
            unacked: VecDeque::new(),
            fresh: false,
            patience: FIRST_REPEAT,
            acks: Vec::new(),
            acks_due: None,
            delivered: BTreeSet::new(),
            floor: 0,
            inbox: Inbox::default(),
            stats: FramingStats::default(),
            exhausted: false,
        }
    }

    /// Takes a message to deliver to the other side.
    ///
    /// # Errors
    /// When it is empty, does not fit into a packet of 16 KiB, 1024 messages are unacknowledged, or the counters are
    /// used up.
    pub fn push(&mut self, message: &[u8]) -> Result<(), FramingError> {
        match message.len() {
            0 => return Err(FramingError::Empty),
            got if got > MAX_MESSAGE => return Err(FramingError::TooLong { got, limit: MAX_MESSAGE }),
            _ if self.unacked.len() >= MAX_UNACKED => return Err(FramingError::Full),
            _ => {}
        }
        let seq = self.cipher.next_seq().ok_or(FramingError::Exhausted)?.with_ack();
        self.unacked.push_back(Unacked { seq, message: message.to_vec(), sent: None, tried: false });
        self.fresh = true;
        Ok(())
    }

    /// Takes a packet of the other side. What is wrong with it is counted.
    pub fn handle(&mut self, packet: &[u8], at: Instant) {
        if self.inbox.is_full() {
            // Before it is opened, so that its counter stays unknown and the repetition is welcome.
            self.stats.dropped_busy += 1;
            return;
        }
        let Ok((seq, body)) = self.cipher.open(packet) else { return };
        if is_raw(&body) {
            self.stats.foreign += 1;
            self.deliver(body);
        } else if !self.handle_items(seq, &body, at) {
            self.stats.dropped_malformed += 1;
        }
    }

    /// The next thing to do at the instant `at`.
    pub fn poll(&mut self, at: Instant) -> Output {
        if let Some(message) = self.inbox.pop() {
            return Output::Deliver(message);
        }
        if self.deadline().is_some_and(|due| due.is_none_or(|due| due <= at))
            && let Some(packet) = self.packet(at)
        {
            self.stats.packets_sent += 1;
            return Output::Send(packet);
        }
        Output::WaitUntil(self.deadline().flatten())
    }

    /// True when anything authentic has come from the other side.
    pub fn has_heard(&self) -> bool {
        self.cipher_stats().opened > 0
    }

    /// For another framing in place of this one: its cipher, and what has not been acknowledged.
    pub fn leave(&mut self) -> (Cipher, Vec<Vec<u8>>) {
        let messages = self.unacked.drain(..).map(|unacked| unacked.message).collect();
        (self.cipher.clone(), messages)
    }

    /// True when the other side has acknowledged everything.
    pub fn is_settled(&self) -> bool {
        self.unacked.is_empty()
    }

    /// What happened so far.
    pub fn stats(&self) -> FramingStats {
        self.stats
    }

    /// What became of the packets of the other side.
    pub fn cipher_stats(&self) -> CipherStats {
        self.cipher.stats()
    }

    /// True when the packet kept the rules to its end.
    fn handle_items(&mut self, first: Seq, body: &[u8], at: Instant) -> bool {
        let (mut seq, mut rest, mut is_first) = (first, body, true);
        loop {
            let Some((item, behind)) = Item::parse(rest) else { return false };
            let alone = is_first && behind.is_empty();
            match item {
                Item::Ack if is_first => return false,
                Item::Ack => self.handle_ack(seq),
                _ if seq.is_single() && !alone => return false,
                Item::Empty if !is_first => return false,
                Item::Empty => {}
                Item::Message(message) if seq.wants_ack() => self.handle_message(seq, message, at),
                Item::Message(message) => {
                    // The counter of the first was admitted with the packet.
                    if is_first || self.cipher.admit(seq) {
                        self.deliver(message.to_vec());
                    }
                }
            }
            if behind.is_empty() {
                return true;
            }
            let Some((word, next)) = behind.split_first_chunk::<{ Seq::LEN }>() else { return false };
            (seq, rest, is_first) = (Seq::from_bytes(*word), next, false);
        }
    }

    fn handle_ack(&mut self, seq: Seq) {
        let before = self.unacked.len();
        self.unacked.retain(|unacked| unacked.seq != seq);
        if self.unacked.len() < before {
            self.patience = FIRST_REPEAT;
            // What found no room before has it now.
            self.fresh |= self.unacked.iter().any(|unacked| unacked.sent.is_none());
        }
    }

    fn handle_message(&mut self, seq: Seq, message: &[u8], at: Instant) {
        if !self.acks.contains(&seq) && self.acks.len() < MAX_ACKS {
            self.acks.push(seq);
        }
        let counter = seq.counter();
        let due = if counter <= self.floor || !self.delivered.insert(counter) {
            self.stats.duplicates += 1;
            at + REPEAT
        } else {
            self.deliver(message.to_vec());
            at
        };
        self.acks_due = Some(self.acks_due.map_or(due, |earlier| earlier.min(due)));
        if self.delivered.len() > MAX_DELIVERED {
            self.floor = self.delivered.pop_first().map_or(self.floor, |lowest| self.floor.max(lowest));
        }
    }

    fn deliver(&mut self, message: Vec<u8>) {
        self.stats.delivered += 1;
        self.inbox.push(message);
    }

    /// When the next packet is due; `Some(None)` = at once.
    fn deadline(&self) -> Option<Option<Instant>> {
        let oldest = self.unacked.front().map(|oldest| oldest.sent.map(|sent| sent + self.patience));
        if self.exhausted {
            None
        } else if self.fresh || oldest == Some(None) {
            Some(None)
        } else {
            match (self.acks_due, oldest.flatten()) {
                (Some(a), Some(b)) => Some(Some(a.min(b))),
                (a, b) => a.or(b).map(Some),
            }
        }
    }

    fn packet(&mut self, at: Instant) -> Option<Vec<u8>> {
        let mut plain = Vec::new();
        let sent = self.unacked.front().filter(|_| !self.fresh).and_then(|oldest| oldest.sent);
        let repeats = sent.is_some_and(|sent| sent + self.patience <= at);
        let alone = self.unacked.len() == 1 && !self.unacked[0].tried;
        let seq = if alone { self.unacked[0].seq } else { self.next_seq()? };
        if alone {
            let first = &mut self.unacked[0];
            Item::Message(&first.message).write(seq, &mut plain);
            (first.sent, first.tried) = (Some(at), true);
            self.write_acks(at, &mut plain);
        } else {
            Item::Empty.write(seq, &mut plain);
            self.write_acks(at, &mut plain);
            self.write_unacked(at, &mut plain);
        }
        self.fresh = false;
        if repeats {
            self.patience = (self.patience * 2).min(REPEAT);
        }
        Some(self.cipher.seal(seq, &plain[Seq::LEN..]))
    }

    fn next_seq(&mut self) -> Option<Seq> {
        let seq = self.cipher.next_seq();
        self.exhausted = seq.is_none();
        seq
    }

    fn write_acks(&mut self, at: Instant, plain: &mut Vec<u8>) {
        let room = (MAX_PACKET - MSG_KEY - plain.len()) / Item::Ack.size();
        let fitting = self.acks.len().min(room);
        for seq in self.acks.drain(..fitting) {
            Item::Ack.write(seq, plain);
        }
        self.acks_due = (!self.acks.is_empty()).then_some(at);
    }

    /// Appends, oldest first, what is due: everything when there is something fresh, else what is not too young.
    fn write_unacked(&mut self, at: Instant, plain: &mut Vec<u8>) {
        if self.fresh {
            self.unacked.iter_mut().for_each(|unacked| unacked.sent = None);
        }
        let youth = YOUTH.min(self.patience);
        for unacked in &mut self.unacked {
            let item = Item::Message(&unacked.message);
            let young = unacked.sent.is_some_and(|sent| at.saturating_duration_since(sent) < youth);
            if young || MSG_KEY + plain.len() + item.size() > MAX_PACKET {
                break;
            }
            item.write(unacked.seq, plain);
            self.stats.repeated += u64::from(unacked.tried);
            (unacked.sent, unacked.tried) = (Some(at), true);
        }
    }
}

#[cfg(test)]
mod tests;
