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

/// Damaged packets in a row after which a file is given up.
const PATIENCE: u32 = 50;

/// A file symphonia can demux and decode.
pub(super) struct General {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// Timestamp of the first sample.
    start: i64,
    /// Samples to drop before the sought place.
    drop: u64,
    /// Where a seek went; the next packet says how far before it decoding begins.
    sought: Option<u64>,
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
        Ok(Self { format, decoder, track, start, drop: 0, sought: None, interleaved: Vec::new(), info })
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
            if let Some(sought) = self.sought.take() {
                let begins = (packet.pts.get() - self.start).max(0) as u64;
                self.drop = sought.saturating_sub(begins);
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
            let drop = self.drop.min(frames as u64);
            self.drop -= drop;
            let share = 1.0 / channels as f32;
            let kept = self.interleaved.chunks_exact(channels).skip(drop as usize);
            out.extend(kept.map(|frame| frame.iter().sum::<f32>() * share));
            return Ok(true);
        }
        Err(SourceError::Custom(format!("{} is damaged: too many bad packets in a row", self.info.title)))
    }

    fn seek(&mut self, to: u64) -> Result<(), SourceError> {
        let ts = Timestamp::new(self.start + i64::try_from(to).unwrap_or(i64::MAX / 2));
        let target = SeekTo::Timestamp { ts, track_id: self.track };
        self.format.seek(SeekMode::Accurate, target).map_err(|error| self.failure(&error))?;
        self.decoder.reset();
        self.sought = Some(to);
        self.drop = 0;
        Ok(())
    }

    fn info(&self) -> &Info {
        &self.info
    }
}
