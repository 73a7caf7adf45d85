//! Flags about sound, the same for every command that makes a call.

use std::path::PathBuf;

use clap::Args;
use offhook_voip::{Controller, Profile};

use crate::exit::{Exit, Failure};

/// What to say and where to keep what is heard.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sound")]
pub(crate) struct MediaArgs {
    /// Play this first: raw PCM (s16le, 48 kHz, mono), WAV, Ogg Opus, MP3, FLAC, M4A, a FIFO, or - for stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) play: Option<PathBuf>,
    /// Then play this; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) then: Vec<PathBuf>,
    /// Play this round and round while there is nothing else to play; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) hold: Vec<PathBuf>,
    /// Record the other side: .wav, .raw, .ogg or .opus by name, a FIFO, or - for stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Processor time the encoder may take: quality, balanced or dense
    #[arg(long, value_name = "PROFILE", default_value = "quality")]
    pub(crate) profile: Profile,
}

impl MediaArgs {
    /// Says the words to a call. A file that cannot be opened is an error now.
    pub(crate) fn apply(&self, call: &Controller) -> Result<(), Failure> {
        if let Some(output) = &self.record {
            call.set_output_file(output)?;
        }
        if let Some(first) = &self.play {
            call.play(first)?;
        }
        for next in &self.then {
            call.then(next)?;
        }
        if !self.hold.is_empty() {
            call.play_on_hold(&self.hold)?;
        }
        Ok(())
    }

    /// Opens every file once, so that what is wrong with one is an error before anything rings. Pipes are left alone: they
    /// can be opened only once.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        for file in self.play.iter().chain(&self.then).chain(&self.hold) {
            let piped = file.as_os_str() == "-"
                || file.metadata().is_ok_and(|data| !data.is_file() && !data.is_dir());
            if !piped {
                offhook_media::open(file).map_err(|error| Failure::new(Exit::File, error))?;
            }
        }
        Ok(())
    }

    /// True when a playlist is given, which can come to its end.
    pub(crate) fn plays(&self) -> bool {
        self.play.is_some() || !self.then.is_empty()
    }
}
