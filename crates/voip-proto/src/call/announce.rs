//! What the peer has to learn reliably: extras (4.4), and their forerunner for peers below 6 (6.5).
//!
//! An extra rides on every packet until a number at or after the first that carried it is acknowledged. At most one of
//! each type is pending; a newer one replaces it.

use std::time::{Duration, Instant};

use super::{Call, Outgoing, Timer};
use crate::link::SentLog;
use crate::wire::extra::{Extra, FLAG_ENABLED, FLAG_EXTRA_EC};
use crate::wire::{Seq, stream};

/// Repetition and end of a STREAM_STATE to peers below 6.
const STATE_EVERY: Duration = Duration::from_millis(500);
const STATE_FOR: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, Debug)]
struct Pending {
    extra: Extra<'static>,
    /// The first packet that carried it.
    first: Option<Seq>,
}

/// Pending extras and the memory of those received.
#[derive(Debug, Default)]
pub(super) struct Announcements {
    pending: [Option<Pending>; 2],
    /// Count and extras as they go over the wire; empty when nothing is pending.
    wire: Vec<u8>,
    /// Contents of the last extra of each type, to process each once. One entry for each of 256 types at most.
    received: Vec<(u8, Vec<u8>)>,
    /// A STREAM_STATE that has not been acknowledged: its newest number, and when to give up.
    state: Option<(Option<Seq>, Instant)>,
}

impl Announcements {
    fn put(&mut self, slot: usize, extra: Extra<'static>) {
        self.pending[slot] = Some(Pending { extra, first: None });
        self.rebuild();
    }

    /// The network of this machine has changed.
    pub(super) fn network_changed(&mut self) {
        self.put(1, Extra::NetworkChanged { flags: 0 });
    }

    /// The list to put into the next packet.
    pub(super) fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// The list has been put into packet `seq`.
    pub(super) fn on_sent(&mut self, seq: Seq) {
        for pending in self.pending.iter_mut().flatten() {
            pending.first.get_or_insert(seq);
        }
    }

    /// Acknowledgements have moved on.
    pub(super) fn on_acked(&mut self, sent: &SentLog) {
        let mut changed = false;
        for slot in &mut self.pending {
            let done = slot.and_then(|pending| pending.first).is_some_and(|first| sent.is_acked_since(first));
            if done {
                *slot = None;
                changed = true;
            }
        }
        if changed {
            self.rebuild();
        }
        if let Some((Some(seq), _)) = self.state
            && sent.is_acked_since(seq)
        {
            self.state = None;
        }
    }

    fn rebuild(&mut self) {
        self.wire.clear();
        let count = self.pending.iter().flatten().count();
        if count > 0 {
            self.wire.push(count as u8);
            self.pending.iter().flatten().for_each(|pending| pending.extra.write(&mut self.wire));
        }
    }

    /// True when an extra of the peer differs from the last one of its type. (The original compares a hash.)
    pub(super) fn is_news(&mut self, kind: u8, data: &[u8]) -> bool {
        match self.received.iter_mut().find(|(seen, _)| *seen == kind) {
            Some((_, last)) if last == data => false,
            Some((_, last)) => {
                last.clear();
                last.extend_from_slice(data);
                true
            }
            None => {
                self.received.push((kind, data.to_vec()));
                true
            }
        }
    }

    pub(super) fn on_state_sent(&mut self, seq: Seq) {
        if let Some((newest, _)) = &mut self.state {
            *newest = Some(seq);
        }
    }
}

impl Call {
    /// Tells the peer about our microphone and our copies.
    pub(super) fn announce_stream(&mut self) {
        let enabled = if self.muted { 0 } else { FLAG_ENABLED };
        let copies = if self.uplink.copies() > 0 { FLAG_EXTRA_EC } else { 0 };
        self.announcements.put(0, Extra::StreamFlags { stream: stream::AUDIO, flags: enabled | copies });
        if (1..6).contains(&self.peer.version) && self.is_up() {
            self.announcements.state = Some((None, self.now + STATE_FOR));
            self.timers.set(Timer::StreamState, self.now);
        }
    }

    pub(super) fn on_state_timer(&mut self) {
        if self.announcements.state.is_some_and(|(_, end)| self.now < end) {
            self.enqueue(Outgoing::StreamState);
            self.timers.set(Timer::StreamState, self.now + STATE_EVERY);
        }
    }
}
