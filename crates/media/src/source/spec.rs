//! From a path to a source: what was asked for, what is there, and what to say when they do not meet.

use std::path::{Path, PathBuf};

/// Samples a second of a source, 1 to 768,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SampleRate(u32);

impl SampleRate {
    /// The rate of the engine.
    pub const HZ_48000: Self = Self(48_000);

    /// So many samples a second, if that is in range.
    #[must_use]
    pub const fn new(hz: u32) -> Option<Self> {
        if hz == 0 || hz > 768_000 { None } else { Some(Self(hz)) }
    }

    /// Samples a second.
    #[must_use]
    pub const fn hz(self) -> u32 {
        self.0
    }
}

/// How samples without a header are laid out: signed 16-bit little-endian, interleaved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawFormat {
    /// Samples a second and channel. 48 kHz by default.
    pub rate: SampleRate,
    /// Interleaved channels, mixed down. One by default.
    pub channels: u16,
}

impl Default for RawFormat {
    fn default() -> Self {
        Self { rate: SampleRate::HZ_48000, channels: 1 }
    }
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Samples without a header, laid out as [`RawFormat`] says.
    Raw,
    /// RIFF WAVE: 8, 16, 24, 32 bit or float.
    Wav,
    /// Opus in Ogg.
    OggOpus,
    /// Whatever the general demuxer recognises: mp3, flac, m4a, Ogg Vorbis.
    Other,
}

/// What to open and how to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSpec {
    pub(crate) place: Place,
    pub(crate) format: Option<Format>,
    pub(crate) raw: RawFormat,
    pub(crate) inline: bool,
    pub(crate) wait_for_writers: bool,
}

/// Where the bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path(PathBuf),
    Stdin,
}

impl SourceSpec {
    /// A file or FIFO; `-` is standard input.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let place = if path == Path::new("-") { Place::Stdin } else { Place::Path(path) };
        Self { place, format: None, raw: RawFormat::default(), inline: false, wait_for_writers: true }
    }

    /// Reads it as this format, whatever name and first bytes say.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// The layout of samples without a header.
    #[must_use]
    pub fn raw(mut self, raw: RawFormat) -> Self {
        self.raw = raw;
        self
    }

    /// Reads files where they are pulled instead of ahead on the reader thread. Right for programs that run faster
    /// than sound, such as tests and converters; wrong on an audio clock.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }

    /// A FIFO ends when its writer closes it, instead of waiting for the next one. Standard input always ends.
    #[must_use]
    pub fn end_with_writer(mut self) -> Self {
        self.wait_for_writers = false;
        self
    }
}

impl<P: Into<PathBuf>> From<P> for SourceSpec {
    fn from(path: P) -> Self {
        Self::new(path)
    }
}

/// Why a source cannot be opened, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No such file.
    #[error("no such file: {path}; check the name and the folder the program runs in")]
    Missing {
        /// What was asked for.
        path: String,
    },
    /// The system does not let us.
    #[error("not allowed to read {path}; check its permissions and owner")]
    Denied {
        /// What was asked for.
        path: String,
    },
    /// A folder.
    #[error("{path} is a folder; name a file in it")]
    Directory {
        /// What was asked for.
        path: String,
    },
    /// Not a byte in it.
    #[error("{path} is empty; was it written to the end?")]
    Empty {
        /// What was asked for.
        path: String,
    },
    /// Neither name nor content say what it is.
    #[error(
        "{path} is of no known format; known are wav, ogg/opus, mp3, flac, m4a, ogg vorbis, and raw s16le as .raw, .pcm or .s16"
    )]
    UnknownFormat {
        /// What was asked for.
        path: String,
    },
    /// The header says there are no channels.
    #[error("{path} has no channels; the file is damaged or not what its name says")]
    NoChannels {
        /// What was asked for.
        path: String,
    },
    /// The header says there is no rate, or an absurd one.
    #[error("{path} has {hz} samples a second; 1 to 768000 can be played")]
    Rate {
        /// What was asked for.
        path: String,
        /// What the header says.
        hz: u32,
    },
    /// The file ends inside its header.
    #[error("{path} ends inside its header; copy or convert it again")]
    Truncated {
        /// What was asked for.
        path: String,
    },
    /// Known container, unknown content.
    #[error("{path} cannot be played: {what}; convert it to wav or ogg opus")]
    Unsupported {
        /// What was asked for.
        path: String,
        /// What is not supported.
        what: String,
    },
    /// Anything else the system says.
    #[error("cannot open {path}: {source}")]
    Io {
        /// What was asked for.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}
