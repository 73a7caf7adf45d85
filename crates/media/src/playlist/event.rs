//! Words of the playlist: names of tracks, events, why a track is over.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{MediaTime, SourceError};

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
    /// It never was a track: the queue is full, or a hold track cannot begin again.
    Refused,
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
