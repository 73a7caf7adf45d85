//! From a path to a sink.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::Sink;
use super::ogg::OggFile;
use super::pcm::{PcmFile, Stream};
use super::queue::queue;
use super::writers::{Backend, Lane, adopt};

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
    let spec = spec.into();
    let io = |error| io_error(&spec, error);
    match &spec.place {
        Place::Stdout => {
            let wav = stream_is_wav(&spec, spec.format)?;
            start(Lane::Stdout, Box::new(Stream::stdout(wav)), false).map_err(io)
        }
        Place::Path(path) => {
            let found = std::fs::metadata(path).ok();
            let is_fifo = found.as_ref().is_some_and(|found| found.file_type().is_fifo());
            let format = spec.format.or_else(|| by_name(path));
            if is_fifo {
                let wav = stream_is_wav(&spec, format)?;
                check_writable(path).map_err(io)?;
                return start(Lane::Shared, Box::new(Stream::fifo(path.clone(), wav)), false).map_err(io);
            }
            if found.is_some_and(|found| found.is_dir()) {
                return Err(OpenSinkError::Directory { path: name(&spec) });
            }
            let format = format.ok_or_else(|| OpenSinkError::UnknownFormat { path: name(&spec) })?;
            let file = File::create(path).map_err(io)?;
            let packets = format == SinkFormat::OggOpus;
            start(Lane::Shared, backend(file, path, format).map_err(io)?, packets).map_err(io)
        }
    }
}

fn backend(file: File, path: &Path, format: SinkFormat) -> io::Result<Box<dyn Backend>> {
    // Names the logical stream within a file that holds one: any number will do, two of one process should differ.
    static SERIAL: AtomicU32 = AtomicU32::new(0x0FF0_0001);
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let path = path.to_path_buf();
    Ok(match format {
        SinkFormat::Raw => Box::new(PcmFile::new(file, path, false)?),
        SinkFormat::Wav => Box::new(PcmFile::new(file, path, true)?),
        SinkFormat::OggOpus => Box::new(OggFile::of_packets(file, path, serial)),
        SinkFormat::OggOpusEncoded => {
            Box::new(OggFile::encoded(file, path, serial).map_err(io::Error::other)?)
        }
    })
}

fn start(lane: Lane, backend: Box<dyn Backend>, packets: bool) -> io::Result<Box<dyn Sink>> {
    Ok(Box::new(queue(packets, |queue| adopt(lane, queue, backend))?))
}

fn by_name(path: &Path) -> Option<SinkFormat> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "wav" => Some(SinkFormat::Wav),
        "ogg" | "opus" => Some(SinkFormat::OggOpus),
        "raw" | "pcm" | "s16" | "s16le" => Some(SinkFormat::Raw),
        _ => None,
    }
}

/// Streams carry raw samples or WAV.
fn stream_is_wav(spec: &SinkSpec, format: Option<SinkFormat>) -> Result<bool, OpenSinkError> {
    match format {
        None | Some(SinkFormat::Raw) => Ok(false),
        Some(SinkFormat::Wav) => Ok(true),
        Some(_) => Err(OpenSinkError::UnknownFormat { path: name(spec) }),
    }
}

/// A FIFO we may not write to is an error now; one without a reader is not.
fn check_writable(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK).open(path) {
        Err(error) if error.raw_os_error() != Some(libc::ENXIO) => Err(error),
        _ => Ok(()),
    }
}

fn name(spec: &SinkSpec) -> String {
    match &spec.place {
        Place::Path(path) => path.display().to_string(),
        Place::Stdout => "standard output".into(),
    }
}

fn io_error(spec: &SinkSpec, error: io::Error) -> OpenSinkError {
    let path = name(spec);
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => OpenSinkError::NoFolder { path },
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => OpenSinkError::Denied { path },
        ErrorKind::IsADirectory => OpenSinkError::Directory { path },
        _ => OpenSinkError::Io { path, source: error },
    }
}
