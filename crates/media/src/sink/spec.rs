//! From a path to a sink.

use std::path::{Path, PathBuf};

use super::Sink;

/// How sound is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SinkFormat {
    /// Signed 16-bit little-endian, 48 kHz, mono, no header.
    Raw,
    /// RIFF WAVE, 16 bit, 48 kHz, mono; valid at every moment.
    Wav,
    /// Opus in Ogg from the packets of the call, without decoding.
    OggOpus,
    /// Opus in Ogg encoded again from what was heard (concealment and stretching included).
    OggOpusEncoded,
}

/// What to write and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkSpec {
    pub(crate) place: Place,
    pub(crate) format: Option<SinkFormat>,
}

/// Where the bytes go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path(PathBuf),
    Stdout,
}

impl SinkSpec {
    /// A file, which is overwritten, or a FIFO; `-` is standard output.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let place = if path == Path::new("-") { Place::Stdout } else { Place::Path(path) };
        Self { place, format: None }
    }

    /// This format, whatever the name says.
    #[must_use]
    pub fn format(mut self, format: SinkFormat) -> Self {
        self.format = Some(format);
        self
    }
}

impl<P: Into<PathBuf>> From<P> for SinkSpec {
    fn from(path: P) -> Self {
        Self::new(path)
    }
}

/// Why a sink cannot be opened, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenSinkError {
    /// The folder is not there.
    #[error("cannot create {path}: its folder does not exist; create it first")]
    NoFolder {
        /// What was asked for.
        path: String,
    },
    /// The system does not let us.
    #[error("not allowed to write {path}; check the permissions of the file and its folder")]
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
    /// The name says nothing.
    #[error("{path} has no known ending; use .wav, .ogg, .opus, .raw, .pcm or .s16, or choose a format")]
    UnknownFormat {
        /// What was asked for.
        path: String,
    },
    /// Anything else the system says.
    #[error("cannot write {path}: {source}")]
    Io {
        /// What was asked for.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Opens a sink now. May block on the file system: not for the media thread.
///
/// `.wav`, `.ogg`/`.opus`, `.raw`/`.pcm`/`.s16`/`.s16le` by name; FIFOs and standard output without a known ending
/// are raw.
///
/// # Errors
/// Each reason its own [`OpenSinkError`], with a remedy.
pub fn open_sink(spec: impl Into<SinkSpec>) -> Result<Box<dyn Sink>, OpenSinkError> {
    let _ = spec.into();
    todo!()
}
