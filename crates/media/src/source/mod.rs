//! Where sound comes from.
//!
//! [`open`] turns a path into a [`Source`], probing it now. What runs where:
//!
//! | source | read by | when it has nothing |
//! |---|---|---|
//! | file (raw, WAV, Ogg Opus, mp3, flac, m4a, ...) | one reader thread for all files, a quarter of a second ahead | [`Pulled::Dry`], counted; position stands still |
//! | FIFO, pipe, character device, standard input | the media thread, without blocking | [`Pulled::Dry`], counted |
//! | memory, tone, silence, [`Clip`](crate::Clip), [`Listener`](crate::Listener) | the media thread | never |
//!
//! A file's disk can stall for a second, and an mp3 costs a millisecond a second: neither belongs on the audio clock,
//! so a reader thread works ahead. A pipe is itself a bounded ring with a writer that waits when it is full: a read
//! that does not block costs half a microsecond and adds no delay, so no thread stands between.

mod feed;
mod file;
mod general;
mod layout;
mod memory;
mod ogg_opus;
mod open;
pub(crate) mod packets;
mod pcm_file;
mod pipe;
mod reader;
mod spec;
mod stdin;
mod wav_header;

use std::time::Duration;

pub use memory::{PcmSource, Silence, Tone};
pub use open::open;
pub use spec::{Format, OpenError, RawFormat, SampleRate, SourceSpec};

use crate::MediaTime;

/// Sound that is pulled a frame at a time.
///
/// Implement it to bring your own; then every method runs on the media thread and must not block.
pub trait Source: Send {
    /// Fills `out` with 48 kHz mono. Never blocks, never allocates.
    fn pull(&mut self, out: &mut [i16]) -> Pulled;

    /// An Opus packet of exactly `want`, if the source holds one ready for the wire, at most `max` bytes long.
    ///
    /// Moves the position as [`Source::pull`] would. [`PulledPacket::No`] leaves everything as it was: `pull` instead.
    fn pull_packet(&mut self, want: Duration, max: usize, out: &mut Vec<u8>) -> PulledPacket {
        let _ = (want, max, out);
        PulledPacket::No
    }

    /// How far it has been pulled.
    fn position(&self) -> MediaTime;

    /// Goes to a place. Takes effect at once or, for files, a few milliseconds later (silence in between).
    ///
    /// # Errors
    /// The source only runs forward.
    fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        let _ = to;
        Err(SeekError::Live)
    }

    /// From now on the beginning follows the end without a gap; each round still ends with [`Pulled::End`].
    /// False when the source cannot begin again.
    fn set_repeat(&mut self, on: bool) -> bool {
        let _ = on;
        false
    }

    /// What is known about it.
    fn info(&self) -> &Info;

    /// Samples of silence so far because the source had nothing ready.
    fn dry_samples(&self) -> u64 {
        0
    }
}

/// What a pull gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// `out` is full.
    Pcm,
    /// So many samples are sound; the source is late with the rest, which is left as silence.
    Dry(usize),
    /// So many samples are sound, and they are the last.
    End(usize),
    /// So many samples are sound; nothing can follow.
    Failed(usize, SourceError),
}

/// What a packet pull gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PulledPacket {
    /// A packet was written into `out`.
    Yes,
    /// No packet of that length here: pull PCM.
    No,
}

/// What is known about a source before it plays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// What to call it: a file name, or what it is.
    pub title: String,
    /// Its length, where known.
    pub duration: Option<MediaTime>,
    /// It has no end of its own and cannot seek.
    pub live: bool,
    /// Samples a second before conversion.
    pub rate: u32,
    /// Channels before conversion.
    pub channels: u16,
    /// What it is: `wav`, `ogg opus`, `raw`, `fifo`, ...
    pub format: &'static str,
    /// What was odd but not fatal, such as half a sample at the end.
    pub remark: Option<&'static str>,
}

/// Why a source cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Reading failed.
    #[error("cannot read {title}: {kind}")]
    Io {
        /// What was read.
        title: String,
        /// What the system said.
        kind: std::io::ErrorKind,
    },
    /// The data is damaged from here on.
    #[error("{title} is damaged at {at}: {what}")]
    Damaged {
        /// What was read.
        title: String,
        /// Where.
        at: MediaTime,
        /// What the decoder said.
        what: String,
    },
    /// A custom source gave up.
    #[error("{0}")]
    Custom(String),
}

/// Why there is no going to that place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeekError {
    /// It is live.
    #[error("a live source only runs forward")]
    Live,
    /// Nothing is playing.
    #[error("nothing is playing")]
    NothingPlaying,
    /// Behind the end.
    #[error("the place is behind the end at {end}")]
    BehindEnd {
        /// Where the end is.
        end: MediaTime,
    },
}
