//! Is anybody speaking? First sound, speech, and silence that lasts.
use std::time::Duration;

use crate::Level;

/// When something counts as speech, and when as silence.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityConfig {
    /// Sound this much above the noise floor is speech. 9 dB by default.
    pub above_floor_db: f32,
    /// Sound below this is never speech. -55 dB by default.
    pub least_db: f32,
    /// Speech must last this long to be reported. 60 ms by default.
    pub attack: Duration,
    /// A pause must last this long to end speech. 500 ms by default: longer than pauses inside a sentence.
    pub hangover: Duration,
    /// Nothing heard for this long is reported once; `None` never. 30 s by default.
    pub silence: Option<Duration>,
}

impl Default for ActivityConfig {
    fn default() -> Self {
        Self {
            above_floor_db: 9.0,
            least_db: -55.0,
            attack: Duration::from_millis(60),
            hangover: Duration::from_millis(500),
            silence: Some(Duration::from_secs(30)),
        }
    }
}

/// What changed with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ActivityChange {
    /// The first sound above [`ActivityConfig::least_db`] ever. Once.
    FirstAudio,
    /// Somebody began to speak, attack included.
    SpeechStarted,
    /// Nobody has spoken for the hangover time.
    SpeechStopped,
    /// Nothing was heard for [`ActivityConfig::silence`]. Once per silence.
    SilenceLasts,
}

/// An energy detector with a floor that follows the noise. One frame in, at most two changes out.
#[derive(Clone, Debug)]
pub struct Activity {
    config: ActivityConfig,
}

impl Activity {
    /// Starts out silent.
    #[must_use]
    pub fn new(config: ActivityConfig) -> Self {
        Self { config }
    }

    /// Takes the level of the next engine frame (20 ms).
    pub fn frame(&mut self, level: Level) -> [Option<ActivityChange>; 2] {
        let _ = (level, &self.config);
        todo!()
    }

    /// Speech is going on.
    #[must_use]
    pub fn is_speaking(&self) -> bool {
        todo!()
    }
}
