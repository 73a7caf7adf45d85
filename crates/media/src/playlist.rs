//! What is heard when: a queue, a hold list, and the edges between them.
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::{FRAME_SAMPLES, MediaTime, PulledPacket, SeekError, Source, SourceError};

/// Names one source given to a playlist. Unique in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId(u64);

impl TrackId {
    /// A fresh one. For callers that need the name before the playlist sees the source.
    #[must_use]
    pub fn unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// As a number, for logs and JSON.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// What happened, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The first sample of a track has left.
    TrackStarted {
        /// Which.
        id: TrackId,
    },
    /// A track is over. Exactly one for each track ever given, hold tracks included.
    TrackEnded {
        /// Which.
        id: TrackId,
        /// Why.
        reason: EndReason,
        /// How much of it was heard.
        played: MediaTime,
    },
    /// The last sample of the last queued track has left.
    PlaylistEmpty,
    /// Hold music begins to be heard.
    HoldStarted,
    /// Hold music is no longer heard.
    HoldEnded,
}

/// Why a track is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// Its last sample has left.
    Finished,
    /// `skip`.
    Skipped,
    /// `stop`.
    Stopped,
    /// A new hold list took its place.
    Replaced,
    /// Its source broke; what was there was heard.
    Failed(SourceError),
    /// The playlist was given up with the call.
    Closed,
}

/// What is playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current<'a> {
    /// Which track.
    pub id: TrackId,
    /// Its name.
    pub title: &'a str,
    /// How far it is.
    pub position: MediaTime,
    /// How long it is, where known.
    pub duration: Option<MediaTime>,
    /// It is hold music.
    pub hold: bool,
}

/// What a frame was made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// A track was playing, even if its sound is silence.
    pub playing: bool,
    /// Samples left silent because a source was late.
    pub dry: usize,
}

/// The playlist of one call.
#[derive(Default)]
pub struct Playlist {
    events: VecDeque<Event>,
}

impl Playlist {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a track; hold music stops at once.
    pub fn play(&mut self, source: Box<dyn Source>) -> TrackId {
        let id = TrackId::unique();
        self.play_as(id, source);
        id
    }

    /// Appends a track under a name taken before from [`TrackId::unique`].
    pub fn play_as(&mut self, id: TrackId, source: Box<dyn Source>) {
        let _ = (id, source);
        todo!()
    }

    /// Replaces the hold list: an endless round while the queue is empty. An empty list is silence.
    pub fn play_on_hold(&mut self, sources: Vec<(TrackId, Box<dyn Source>)>) {
        let _ = sources;
        todo!()
    }

    /// Ends the current track and goes on to the next. Nothing happens when nothing plays.
    pub fn skip(&mut self) {
        todo!()
    }

    /// Ends everything and forgets queue and hold list.
    pub fn stop(&mut self) {
        todo!()
    }

    /// Holds still; silence is heard.
    pub fn pause(&mut self) {
        todo!()
    }

    /// Goes on.
    pub fn resume(&mut self) {
        todo!()
    }

    /// True between `pause` and `resume`.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        todo!()
    }

    /// Moves within the current track.
    ///
    /// # Errors
    /// Nothing plays, the source is live, or the place is behind its end.
    pub fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        let _ = to;
        todo!()
    }

    /// Loudness of everything, in dB; 0 is unchanged. Clamped to -60 (which is silence) to +20.
    pub fn set_gain_db(&mut self, db: f32) {
        let _ = db;
        todo!()
    }

    /// Silence goes out while time goes on.
    pub fn set_muted(&mut self, muted: bool) {
        let _ = muted;
        todo!()
    }

    /// True while muted.
    #[must_use]
    pub fn is_muted(&self) -> bool {
        todo!()
    }

    /// What is playing now.
    #[must_use]
    pub fn current(&self) -> Option<Current<'_>> {
        todo!()
    }

    /// Tracks waiting behind the current one.
    #[must_use]
    pub fn queued(&self) -> usize {
        todo!()
    }

    /// Nothing queued and nothing on hold.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        todo!()
    }

    /// One engine frame; silence where nothing plays.
    pub fn pull(&mut self, out: &mut [i16; FRAME_SAMPLES]) -> Filled {
        let _ = out;
        todo!()
    }

    /// A ready-made packet, when the current source has one and no gain, fade, pause or boundary is in the way.
    pub fn pull_packet(&mut self, want: Duration, max: usize, out: &mut Vec<u8>) -> PulledPacket {
        let _ = (want, max, out);
        todo!()
    }

    /// The next event, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Ends every track with [`EndReason::Closed`]; the events remain to be polled.
    pub fn close(&mut self) {
        todo!()
    }
}
