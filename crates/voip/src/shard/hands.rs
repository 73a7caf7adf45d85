//! What a call works with while it has its turn on the shard.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use offhook_media::Playlist;

use super::ear::Scratch;
use super::net::Net;
use super::ready::Readiness;
use super::wheel::Wheel;
use crate::counters::{Counters, add};
use crate::desk::Message;

/// Phases over which packets are spread: the milliseconds of the longest packet.
const SEND_SLOTS: usize = 60;
/// Phases over which listeners are spread: the milliseconds of an engine frame.
const HEAR_SLOTS: usize = super::PERIOD as usize;

/// What a leg works with; the legs themselves are kept apart so that one can be lent with it.
pub(crate) struct Hands {
    pub(super) epoch: Instant,
    pub(super) net: Net,
    pub(super) ready: Readiness,
    pub(super) wheel: Wheel,
    pub(super) desk: Sender<Message>,
    pub(super) counters: Arc<Counters>,
    pub(super) scratch: Scratch,
    /// A datagram the core wants sent.
    pub(super) datagram: Vec<u8>,
    /// Plays silence until a call is established.
    pub(super) nothing: Playlist,
    /// Time spent in codecs.
    pub(super) codec: Duration,
    /// The part of it in encoders.
    pub(super) encoding: Duration,
    pub(super) lag: Lag,
    /// Senders per millisecond of the sending period.
    pub(super) senders: [u32; SEND_SLOTS],
    /// Listeners per millisecond of an engine frame.
    pub(super) listeners: [u32; HEAR_SLOTS],
}

impl Hands {
    pub(super) fn new(
        epoch: Instant,
        (net, ready): (Net, Readiness),
        desk: Sender<Message>,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            epoch,
            net,
            ready,
            wheel: Wheel::new(),
            desk,
            counters,
            scratch: Scratch::new(),
            datagram: Vec::with_capacity(2048),
            nothing: Playlist::new(),
            codec: Duration::ZERO,
            encoding: Duration::ZERO,
            lag: Lag { micros: 0.0 },
            senders: [0; SEND_SLOTS],
            listeners: [0; HEAR_SLOTS],
        }
    }

    /// The slot whose time has come by `now`.
    pub(super) fn tick_of(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.epoch).as_millis() as u64
    }

    /// The first slot not before `deadline`.
    pub(super) fn tick_after(&self, deadline: Instant) -> u64 {
        let nanos = deadline.saturating_duration_since(self.epoch).as_nanos();
        u64::try_from(nanos.div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }

    pub(super) fn instant_of(&self, tick: u64) -> Instant {
        self.epoch + Duration::from_millis(tick)
    }

    /// Sends what the core wants sent from the shared socket.
    pub(super) fn send(&mut self, to: SocketAddr) -> bool {
        let taken = self.net.send(&self.datagram, to);
        self.count_sent(taken);
        taken
    }

    pub(super) fn count_sent(&self, taken: bool) {
        add(if taken { &self.counters.datagrams_out } else { &self.counters.send_failures }, 1);
    }

    pub(super) fn desk(&self, message: Message) {
        // The desk outlives the shards.
        let _ = self.desk.send(message);
    }

    /// The least used millisecond; of equals, the one furthest from those in use, by walking in large strides.
    pub(super) fn take_send_slot(&mut self) -> usize {
        let stride = |n: usize| n * 23 % SEND_SLOTS;
        let slot = (0..SEND_SLOTS).map(stride).min_by_key(|slot| self.senders[*slot]).unwrap_or(0);
        self.senders[slot] += 1;
        slot
    }

    /// The first millisecond from `from` on that holds no more than its share of listeners: what is heard waits as little
    /// as it can, and calls that begin together do not all decode at once.
    pub(super) fn take_hear_slot(&mut self, from: u64) -> u64 {
        let share = self.listeners.iter().sum::<u32>() / HEAR_SLOTS as u32;
        let slot = |tick: u64| tick as usize % HEAR_SLOTS;
        let due =
            (from..from + super::PERIOD).find(|tick| self.listeners[slot(*tick)] <= share).unwrap_or(from);
        self.listeners[slot(due)] += 1;
        due
    }

    /// Gives the slot of a listener back whose frames are due at `due`.
    pub(super) fn free_hear_slot(&mut self, due: u64) {
        let listeners = &mut self.listeners[due as usize % HEAR_SLOTS];
        *listeners = listeners.saturating_sub(1);
    }
}

/// Typical lateness: a mean that forgets.
pub(super) struct Lag {
    pub(super) micros: f32,
}

impl Lag {
    pub(super) fn note(&mut self, late: Duration) {
        self.micros += (late.as_micros() as f32 - self.micros) / 64.0;
    }
}
