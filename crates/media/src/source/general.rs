//! Every other container and codec, through symphonia: mp3, flac, AAC in mp4, Vorbis in Ogg.

use std::fs::File;
use std::path::Path;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::Timestamp;

use super::reader::Native;
use super::{Info, SourceError};
use crate::MediaTime;

/// Samples decoded before a sought place: more than two blocks of any codec here.
const WARM_UP: u64 = 16_384;
/// Damaged packets in a row after which a file is given up.
const PATIENCE: u32 = 50;

/// A file symphonia can demux and decode.
pub(super) struct General {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// Timestamp of the first sample.
    start: i64,
    /// Where a seek went, until the packet with that place is decoded.
    sought: Option<u64>,
    /// Samples still to be dropped after a seek that counts from the beginning.
    skip: u64,
    /// Something has been decoded since the seek.
    warm: bool,
    interleaved: Vec<f32>,
    info: Info,
}

/// Why symphonia cannot play a file.
pub(super) enum GeneralError {
    Unknown,
    Truncated,
    NoChannels,
    Unsupported(String),
    Io(std::io::Error),
}

impl From<Error> for GeneralError {
    fn from(error: Error) -> Self {
        match error {
            Error::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Self::Truncated,
            Error::IoError(error) => Self::Io(error),
            other => Self::Unsupported(other.to_string()),
        }
    }
}

impl General {
    /// Probes `file`; `path` gives a hint by its ending.
    pub(super) fn new(file: File, path: &Path, title: String) -> Result<Self, GeneralError> {
        let mut hint = Hint::new();
        if let Some(ending) = path.extension().and_then(|ending| ending.to_str()) {
            hint.with_extension(ending);
        }
        let stream = MediaSourceStream::new(Box::new(file), MediaSourceStreamOptions::default());
        let probed = symphonia::default::get_probe().probe(
            &hint,
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        );
        let format = probed.map_err(|error| match error {
            Error::Unsupported(_) => GeneralError::Unknown,
            Error::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                GeneralError::Unknown
            }
            other => other.into(),
        })?;
        let track = format.default_track(TrackType::Audio).ok_or(GeneralError::NoChannels)?;
        let params = track.codec_params.as_ref().and_then(|params| params.audio());
        let params =
            params.ok_or_else(|| GeneralError::Unsupported("its sound has no known codec".into()))?;
        let decoder =
            symphonia::default::get_codecs().make_audio_decoder(params, &AudioDecoderOptions::default())?;
        let rate = params.sample_rate.unwrap_or(0);
        let channels = params.channels.as_ref().map_or(1, |channels| channels.count() as u16);
        let duration = track.num_frames.map(|frames| MediaTime::from_samples_at(frames, rate));
        let info = Info {
            title,
            duration,
            live: false,
            rate,
            channels,
            format: format.format_info().short_name,
            remark: None,
        };
        let (track, start) = (track.id, track.start_ts.get());
        Ok(Self {
            format,
            decoder,
            track,
            start,
            sought: None,
            skip: 0,

            warm: false,
            interleaved: Vec::new(),
            info,
        })
    }

    fn failure(&self, error: &Error) -> SourceError {
        match error {
            Error::IoError(error) => SourceError::Io { title: self.info.title.clone(), kind: error.kind() },
            other => SourceError::Custom(format!("{}: {other}", self.info.title)),
        }
    }
}

impl Native for General {
    fn read(&mut self, out: &mut Vec<f32>) -> Result<bool, SourceError> {
        for _ in 0..PATIENCE {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(false),
                Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Ok(false);
                }
                Err(Error::ResetRequired) => {
                    self.decoder.reset();
                    continue;
                }
                Err(error) => return Err(self.failure(&error)),
            };
            if packet.track_id != self.track {
                continue;
            }
            let sound = match self.decoder.decode(&packet) {
                Ok(sound) => sound,
                Err(Error::DecodeError(_)) => continue,
                Err(Error::ResetRequired) => {
                    self.decoder.reset();
                    continue;
                }
                Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Ok(false);
                }
                Err(error) => {
                    let error = Err(error);
                    return error.map_err(|error| self.failure(&error));
                }
            };
            let channels = sound.num_planes().max(1);
            self.interleaved.resize(sound.samples_interleaved(), 0.0);
            sound.copy_to_slice_interleaved(&mut self.interleaved);
            let frames = self.interleaved.len() / channels;
            let mut drop = self.skip.min(frames as u64) as usize;
            self.skip -= drop as u64;
            if let Some(sought) = self.sought {
                let begin = (packet.pts.get() - self.start).max(0) as u64;
                let end = begin + frames as u64;
                // What a decoder gives first after a seek may lack its overlap with what was before.
                if frames == 0 || end <= sought || (begin > 0 && !std::mem::replace(&mut self.warm, true)) {
                    self.warm |= frames > 0;
                    return Ok(true);
                }
                drop = sought.saturating_sub(begin) as usize;
                self.sought = None;
            }
            let share = 1.0 / channels as f32;
            let kept = self.interleaved.chunks_exact(channels).skip(drop);
            out.extend(kept.map(|frame| frame.iter().sum::<f32>() * share));
            return Ok(true);
        }
        Err(SourceError::Custom(format!("{} is damaged: too many bad packets in a row", self.info.title)))
    }

    /// Ogg pages name the place of their last sample only, and packets between are placed by guess: there, and near the
    /// beginning of everything else, samples are counted from the first on.
    fn seek(&mut self, to: u64) -> Result<(), SourceError> {
        let count = self.info.format.starts_with("ogg") || to <= WARM_UP;
        self.skip = if count { to } else { 0 };
        let to = if count { 0 } else { to };
        let early = i64::try_from(to.saturating_sub(WARM_UP)).unwrap_or(i64::MAX / 2);
        let target = SeekTo::Timestamp { ts: Timestamp::new(self.start + early), track_id: self.track };
        self.format.seek(SeekMode::Accurate, target).map_err(|error| self.failure(&error))?;
        self.decoder.reset();
        self.sought = (!count).then_some(to);
        self.warm = false;
        Ok(())
    }

    fn info(&self) -> &Info {
        &self.info
    }
}
