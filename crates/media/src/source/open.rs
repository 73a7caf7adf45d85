//! Probing: what is at that place, what does it hold, who reads it.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read, Seek};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use super::feed::{READERS, feed};
use super::file::{FileSource, Reading};
use super::general::{General, GeneralError};
use super::ogg_opus::{OggError, OggOpus};
use super::packets::PacketPlayer;
use super::pcm_file::{Found, PcmFile};
use super::pipe::{PipeSource, raw_layout};
use super::reader::{Converted, Native, Reader};
use super::spec::Place;
use super::wav_header::{WavError, WavHeader};
use super::{Format, OpenError, SampleRate, Source, SourceSpec, stdin};

/// Opens and probes a source now. May block on the file system: not for the media thread.
///
/// Regular files are recognised by their first bytes, then by the end of their name (`.raw`, `.pcm`, `.s16`, `.s16le`
/// are raw). A FIFO, pipe or character device is raw unless its first bytes are a WAV header; [`SourceSpec::format`]
/// settles it.
///
/// # Errors
/// Each reason its own [`OpenError`], with a remedy.
pub fn open(spec: impl Into<SourceSpec>) -> Result<Box<dyn Source>, OpenError> {
    let spec = spec.into();
    if spec.raw.channels == 0 {
        return Err(OpenError::NoChannels { path: name(&spec) });
    }
    match &spec.place {
        Place::Stdin => open_stdin(&spec),
        Place::Path(path) => open_path(path, &spec),
    }
}

fn open_path(path: &Path, spec: &SourceSpec) -> Result<Box<dyn Source>, OpenError> {
    let found = std::fs::metadata(path).map_err(|error| io_error(spec, error))?;
    if found.is_dir() {
        return Err(OpenError::Directory { path: name(spec) });
    }
    if !found.is_file() {
        return open_pipe(path, spec, "fifo");
    }
    let file = File::open(path).map_err(|error| io_error(spec, error))?;
    open_file(file, path, &found, spec)
}

fn open_stdin(spec: &SourceSpec) -> Result<Box<dyn Source>, OpenError> {
    let place = Path::new("/dev/stdin");
    match std::fs::metadata(place) {
        // A file given as standard input is a file.
        Ok(found) if found.is_file() => {
            let file = File::open(place).map_err(|error| io_error(spec, error))?;
            open_file(file, place, &found, spec)
        }
        // Opening it anew gives a descriptor of our own that need not block, and leaves the shared one alone.
        Ok(found) if found.file_type().is_fifo() => {
            let mut spec = spec.clone();
            spec.wait_for_writers = false;
            open_pipe(place, &spec, "stdin").or_else(|_| read_stdin_on_a_thread(&spec))
        }
        _ => read_stdin_on_a_thread(spec),
    }
}

/// For what cannot be opened anew, such as a socket or a terminal.
fn read_stdin_on_a_thread(spec: &SourceSpec) -> Result<Box<dyn Source>, OpenError> {
    let pipe = stdin::read_ahead().map_err(|error| io_error(spec, error))?;
    let (layout, rate) = (raw_layout(spec.raw.channels), spec.raw.rate.hz());
    Ok(Box::new(PipeSource::new(pipe, name(spec), layout, rate, sniffs(spec), false).of_format("stdin")))
}

fn open_pipe(path: &Path, spec: &SourceSpec, format: &'static str) -> Result<Box<dyn Source>, OpenError> {
    if !matches!(spec.format, None | Some(Format::Raw | Format::Wav)) {
        let what = "a pipe can carry raw samples or WAV".into();
        return Err(OpenError::Unsupported { path: name(spec), what });
    }
    // With O_NONBLOCK the read end of a FIFO opens at once, writer or not (fifo(7)).
    let pipe = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path);
    let pipe = pipe.map_err(|error| io_error(spec, error))?;
    let (layout, rate) = (raw_layout(spec.raw.channels), spec.raw.rate.hz());
    let source = PipeSource::new(pipe, name(spec), layout, rate, sniffs(spec), spec.wait_for_writers);
    Ok(Box::new(source.of_format(format)))
}

fn sniffs(spec: &SourceSpec) -> bool {
    spec.format != Some(Format::Raw)
}

fn open_file(
    mut file: File,
    path: &Path,
    found: &Metadata,
    spec: &SourceSpec,
) -> Result<Box<dyn Source>, OpenError> {
    if found.len() == 0 {
        return Err(OpenError::Empty { path: name(spec) });
    }
    let format = match spec.format {
        Some(format) => format,
        None => recognise(&mut file, path).map_err(|error| io_error(spec, error))?,
    };
    match format {
        Format::Raw => {
            let (layout, rate) = (raw_layout(spec.raw.channels), spec.raw.rate.hz());
            let found = Found { title: title(spec), format: "raw", layout, rate, start: 0, bytes: None };
            pcm_file(file, found, spec)
        }
        Format::Wav => match WavHeader::read(&mut std::io::BufReader::new(&mut file)) {
            Ok(header) => {
                let WavHeader { layout, rate, start, bytes } = header;
                let found = Found { title: title(spec), format: "wav", layout, rate, start, bytes };
                pcm_file(file, found, spec)
            }
            // Compressed sound in WAV is rare; symphonia knows some of it.
            Err(WavError::Unsupported(_)) if spec.format.is_none() => general(file, path, spec),
            Err(error) => Err(wav_error(spec, error)),
        },
        Format::OggOpus => {
            let reader = OggOpus::new(file, title(spec)).map_err(|error| ogg_error(spec, error))?;
            let player = PacketPlayer::new(reader.gain());
            let player = player.map_err(|error| unsupported(spec, &error))?;
            start(Box::new(reader), Some(player), spec)
        }
        Format::Other => general(file, path, spec),
    }
}

fn general(mut file: File, path: &Path, spec: &SourceSpec) -> Result<Box<dyn Source>, OpenError> {
    file.rewind().map_err(|error| io_error(spec, error))?;
    let native = General::new(file, path, title(spec)).map_err(|error| match error {
        GeneralError::Unknown => OpenError::UnknownFormat { path: name(spec) },
        GeneralError::Truncated => OpenError::Truncated { path: name(spec) },
        GeneralError::NoChannels => OpenError::NoChannels { path: name(spec) },
        GeneralError::Unsupported(what) => OpenError::Unsupported { path: name(spec), what },
        GeneralError::Io(error) => io_error(spec, error),
    })?;
    converted(native, spec)
}

fn pcm_file(file: File, found: Found, spec: &SourceSpec) -> Result<Box<dyn Source>, OpenError> {
    // Checked before the length in time is computed from it.
    check_rate(found.rate, spec)?;
    converted(PcmFile::new(file, found).map_err(|error| io_error(spec, error))?, spec)
}

fn check_rate(hz: u32, spec: &SourceSpec) -> Result<(), OpenError> {
    SampleRate::new(hz).map(|_| ()).ok_or_else(|| OpenError::Rate { path: name(spec), hz })
}

fn converted<N: Native + 'static>(native: N, spec: &SourceSpec) -> Result<Box<dyn Source>, OpenError> {
    let hz = native.info().rate;
    check_rate(hz, spec)?;
    let reader = Converted::new(native).ok_or_else(|| OpenError::Rate { path: name(spec), hz })?;
    start(Box::new(reader), None, spec)
}

/// Fills the ring for the first time, here, so that the first frame is there; then whoever is to read goes on.
fn start(
    reader: Box<dyn Reader>,
    packets: Option<PacketPlayer>,
    spec: &SourceSpec,
) -> Result<Box<dyn Source>, OpenError> {
    let info = reader.info().clone();
    let (mut feeder, ring, shared) = feed(reader, packets.is_some());
    feeder.fill();
    let reading = if spec.inline {
        Reading::Here(Box::new(feeder))
    } else {
        Reading::Ahead(READERS.adopt(feeder).map_err(|error| io_error(spec, error))?)
    };
    Ok(Box::new(FileSource::new(ring, shared, reading, packets, info)))
}

/// Content first, then name.
fn recognise(file: &mut File, path: &Path) -> std::io::Result<Format> {
    let mut head = Vec::with_capacity(64);
    file.take(64).read_to_end(&mut head)?;
    file.rewind()?;
    let is_raw = path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| {
        ["raw", "pcm", "s16", "s16le"].iter().any(|raw| ending.eq_ignore_ascii_case(raw))
    });
    Ok(match head.as_slice() {
        [b'R', b'I' | b'F', b'F' | b'6', b'F' | b'4', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Format::Wav,
        // The first page holds the identification header alone: 28 bytes of page, then "OpusHead" (RFC 7845, 3).
        [b'O', b'g', b'g', b'S', ..] if head.get(28..).is_some_and(|body| body.starts_with(b"OpusHead")) => {
            Format::OggOpus
        }
        _ if is_raw => Format::Raw,
        [b'R', b'I', b'F', b'F', ..] if head.len() < 12 => Format::Wav,
        [b'O', b'g', b'g', b'S', ..] if head.len() < 36 => Format::OggOpus,
        _ => Format::Other,
    })
}

fn name(spec: &SourceSpec) -> String {
    match &spec.place {
        Place::Path(path) => path.display().to_string(),
        Place::Stdin => "standard input".into(),
    }
}

fn title(spec: &SourceSpec) -> String {
    match &spec.place {
        Place::Path(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        Place::Stdin => "standard input".into(),
    }
}

fn io_error(spec: &SourceSpec, error: std::io::Error) -> OpenError {
    let path = name(spec);
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => OpenError::Missing { path },
        ErrorKind::PermissionDenied => OpenError::Denied { path },
        ErrorKind::IsADirectory => OpenError::Directory { path },
        _ => OpenError::Io { path, source: error },
    }
}

fn wav_error(spec: &SourceSpec, error: WavError) -> OpenError {
    let path = name(spec);
    match error {
        WavError::NotWav => OpenError::Unsupported { path, what: "it is not WAV".into() },
        WavError::Truncated => OpenError::Truncated { path },
        WavError::NoChannels => OpenError::NoChannels { path },
        WavError::Unsupported(what) => OpenError::Unsupported { path, what },
        WavError::Io(error) => io_error(spec, error),
    }
}

fn ogg_error(spec: &SourceSpec, error: OggError) -> OpenError {
    let path = name(spec);
    match error {
        OggError::Truncated => OpenError::Truncated { path },
        OggError::NoChannels => OpenError::NoChannels { path },
        OggError::Unsupported(what) => OpenError::Unsupported { path, what: what.into() },
        OggError::Io(error) => io_error(spec, error),
    }
}

fn unsupported(spec: &SourceSpec, error: &offhook_opus::Error) -> OpenError {
    OpenError::Unsupported { path: name(spec), what: error.to_string() }
}
