//! Flags about sound, the same for every command that makes a call.

use std::path::PathBuf;

use clap::Args;
use offhook_voip::{Controller, Profile};

use crate::exit::Failure;

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

    /// True when a playlist is given, which can come to its end.
    pub(crate) fn plays(&self) -> bool {
        self.play.is_some() || !self.then.is_empty()
    }
}
