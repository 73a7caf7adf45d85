//! What a call's controllers and its shard both touch. The shard never waits here: atomics, and locks it only tries.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use offhook_media::{MediaTime, TrackId};

use crate::events::History;
use crate::signals::Outbox;
use crate::{CallState, CallStats, Ended, HangupReason, Outcome};

/// Events of one call that may be on their way to the desk. Beyond that only vital ones are sent.
pub(crate) const EVENTS_UNDER_WAY: u32 = 128;

pub(crate) struct Shared {
    /// Unique in the engine.
    pub(crate) id: u64,
    state: AtomicU8,
    /// Samples sent since established.
    position: AtomicU64,
    /// Samples of the current track that were pulled.
    track_position: AtomicU64,
    current: Mutex<Option<CurrentTrack>>,
    stats: Mutex<CallStats>,
    emoji: OnceLock<[&'static str; 4]>,
    hangup: OnceLock<HangupReason>,
    /// A decoder has been sent to the shard.
    decoder_sent: AtomicBool,
    /// Events between the shard and the desk.
    pub(crate) under_way: AtomicU32,
    pub(crate) history: History,
    /// The call's own signalling.
    pub(crate) signals: Outbox,
    ended: OnceLock<Arc<Ended>>,
}

/// What changes only from track to track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CurrentTrack {
    pub(crate) id: TrackId,
    pub(crate) title: String,
    pub(crate) duration: Option<MediaTime>,
    pub(crate) hold: bool,
}

impl Shared {
    pub(crate) fn new(id: u64) -> Self {
        Self {
            id,
            state: AtomicU8::new(CallState::Prepared as u8),
            position: AtomicU64::new(0),
            track_position: AtomicU64::new(0),
            current: Mutex::new(None),
            stats: Mutex::new(CallStats::default()),
            emoji: OnceLock::new(),
            hangup: OnceLock::new(),
            decoder_sent: AtomicBool::new(false),
            under_way: AtomicU32::new(0),
            history: History::default(),
            signals: Outbox::default(),
            ended: OnceLock::new(),
        }
    }

    pub(crate) fn state(&self) -> CallState {
        CallState::from_number(self.state.load(Ordering::Acquire))
    }

    pub(crate) fn set_state(&self, state: CallState) {
        self.state.store(state as u8, Ordering::Release);
    }

    pub(crate) fn position(&self) -> MediaTime {
        MediaTime::from_samples(self.position.load(Ordering::Relaxed))
    }

    pub(crate) fn set_positions(&self, call: MediaTime, track: MediaTime) {
        self.position.store(call.samples(), Ordering::Relaxed);
        self.track_position.store(track.samples(), Ordering::Relaxed);
    }

    pub(crate) fn track_position(&self) -> MediaTime {
        MediaTime::from_samples(self.track_position.load(Ordering::Relaxed))
    }

    pub(crate) fn current(&self) -> Option<CurrentTrack> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// False when a reader holds it just now: try again later.
    pub(crate) fn try_set_current(&self, current: Option<CurrentTrack>) -> bool {
        self.current.try_lock().map(|mut place| *place = current).is_ok()
    }

    pub(crate) fn stats(&self) -> CallStats {
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Left for the next time when a reader holds it just now.
    pub(crate) fn try_set_stats(&self, stats: &CallStats) {
        if let Ok(mut place) = self.stats.try_lock() {
            *place = *stats;
        }
    }

    pub(crate) fn emoji(&self) -> Option<[&'static str; 4]> {
        self.emoji.get().copied()
    }

    pub(crate) fn set_emoji(&self, emoji: [&'static str; 4]) {
        // The key of a call does not change, so neither does the first value.
        let _ = self.emoji.set(emoji);
    }

    /// True for the first who asks.
    pub(crate) fn ask_hangup(&self, reason: HangupReason) -> bool {
        self.hangup.set(reason).is_ok()
    }

    pub(crate) fn hangup_asked(&self) -> Option<HangupReason> {
        self.hangup.get().copied()
    }

    /// True for the first who asks: that one has to bring the decoder.
    pub(crate) fn needs_decoder(&self) -> bool {
        !self.decoder_sent.swap(true, Ordering::AcqRel)
    }

    pub(crate) fn forget_decoder(&self) {
        self.decoder_sent.store(false, Ordering::Release);
    }

    /// The end, told by the desk when everything is closed.
    pub(crate) fn finish(&self, ended: Arc<Ended>) {
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner) = ended.stats;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if self.ended.set(Arc::clone(&ended)).is_ok() {
            self.set_state(CallState::Ended);
            self.signals.end();
            self.history.push(crate::Event::Ended(ended));
        }
    }
}

/// A call that no shard has taken yet. When its engine stops before one does, this tells the end.
pub(crate) struct Unborn(Option<Arc<Shared>>);

impl Unborn {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(Some(shared))
    }

    /// A shard has it and will tell its end; `None` never happens to who owns one.
    pub(crate) fn born(mut self) -> Option<Arc<Shared>> {
        self.0.take()
    }

    pub(crate) fn id(&self) -> u64 {
        self.0.as_ref().map_or(0, |shared| shared.id)
    }
}

impl Drop for Unborn {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            shared.finish(Arc::new(Ended {
                outcome: Outcome::Cancelled(HangupReason::EngineStopped),
                stats: CallStats::default(),
                stamps: None,
                connect: None,
            }));
        }
    }
}
