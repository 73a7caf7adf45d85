//! Is anybody speaking? First sound, speech, and silence that lasts.

use std::time::Duration;

use crate::{FRAME, Level};

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

/// Frames over which the least level is the noise floor: twice this, 3 s. Speech pauses more often.
const FLOOR_FRAMES: u32 = 75;

/// An energy detector with a floor that follows the noise. One frame in, at most two changes out.
///
/// The floor is the least level of the last 1.5 to 3 s, so steady noise stops counting as speech after that time.
#[derive(Clone, Debug)]
pub struct Activity {
    config: ActivityConfig,
    heard: bool,
    speaking: bool,
    /// Frames in a row above, or below, the threshold.
    above: u32,
    below: u32,
    silent: u32,
    told_silence: bool,
    floor_before: f32,
    floor_now: f32,
    floor_age: u32,
}

impl Activity {
    /// Starts out silent.
    #[must_use]
    pub fn new(config: ActivityConfig) -> Self {
        Self {
            config,
            heard: false,
            speaking: false,
            above: 0,
            below: 0,
            silent: 0,
            told_silence: false,
            floor_before: Level::FLOOR_DB,
            floor_now: 0.0,
            floor_age: 0,
        }
    }

    /// Takes the level of the next engine frame (20 ms).
    pub fn frame(&mut self, level: Level) -> [Option<ActivityChange>; 2] {
        let rms = level.rms_db;
        self.follow_floor(rms);
        [self.presence(rms), self.speech(rms)]
    }

    /// Speech is going on.
    #[must_use]
    pub fn is_speaking(&self) -> bool {
        self.speaking
    }

    /// Anything was ever heard.
    #[must_use]
    pub fn has_heard(&self) -> bool {
        self.heard
    }

    fn follow_floor(&mut self, rms: f32) {
        self.floor_now = self.floor_now.min(rms);
        self.floor_age += 1;
        if self.floor_age == FLOOR_FRAMES {
            self.floor_before = self.floor_now;
            self.floor_now = 0.0;
            self.floor_age = 0;
        }
    }

    fn presence(&mut self, rms: f32) -> Option<ActivityChange> {
        if rms > self.config.least_db {
            self.silent = 0;
            self.told_silence = false;
            return (!std::mem::replace(&mut self.heard, true)).then_some(ActivityChange::FirstAudio);
        }
        self.silent = self.silent.saturating_add(1);
        let lasts = self.config.silence.is_some_and(|limit| self.silent >= frames(limit));
        (lasts && !std::mem::replace(&mut self.told_silence, true)).then_some(ActivityChange::SilenceLasts)
    }

    fn speech(&mut self, rms: f32) -> Option<ActivityChange> {
        let floor = self.floor_before.min(self.floor_now);
        if rms > self.config.least_db.max(floor + self.config.above_floor_db) {
            self.above = self.above.saturating_add(1);
            self.below = 0;
        } else {
            self.below = self.below.saturating_add(1);
            self.above = 0;
        }
        if !self.speaking && self.above >= frames(self.config.attack) {
            self.speaking = true;
            return Some(ActivityChange::SpeechStarted);
        }
        if self.speaking && self.below >= frames(self.config.hangover) {
            self.speaking = false;
            return Some(ActivityChange::SpeechStopped);
        }
        None
    }
}

/// Engine frames in `time`, at least one.
fn frames(time: Duration) -> u32 {
    u32::try_from(time.as_millis() / FRAME.as_millis()).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(db: f32) -> Level {
        Level { rms_db: db, peak_db: db }
    }

    /// Feeds so many frames of each level and lists what changed, with the number of the frame.
    fn run(activity: &mut Activity, script: &[(u32, f32)]) -> Vec<(u32, ActivityChange)> {
        let mut changes = Vec::new();
        let mut frame = 0;
        for &(count, db) in script {
            for _ in 0..count {
                changes.extend(activity.frame(level(db)).into_iter().flatten().map(|change| (frame, change)));
                frame += 1;
            }
        }
        changes
    }

    #[test]
    fn speech_is_reported_after_its_attack_and_ended_after_the_hangover() {
        let mut activity = Activity::new(ActivityConfig::default());
        let changes = run(&mut activity, &[(50, -96.0), (50, -25.0), (10, -70.0), (50, -25.0), (40, -70.0)]);
        assert_eq!(
            changes,
            [
                (50, ActivityChange::FirstAudio),
                (52, ActivityChange::SpeechStarted),
                (160 + 24, ActivityChange::SpeechStopped),
            ]
        );
    }

    #[test]
    fn a_click_is_first_audio_but_not_speech() {
        let mut activity = Activity::new(ActivityConfig::default());
        assert_eq!(
            run(&mut activity, &[(10, -96.0), (2, -10.0), (10, -96.0)]),
            [(10, ActivityChange::FirstAudio)]
        );
        assert!(!activity.is_speaking());
    }

    #[test]
    fn steady_noise_stops_being_speech() {
        let mut activity = Activity::new(ActivityConfig::default());
        let changes = run(&mut activity, &[(400, -35.0)]);
        assert_eq!(changes.last().map(|change| change.1), Some(ActivityChange::SpeechStopped));
        // And a voice above it is speech again.
        assert_eq!(run(&mut activity, &[(5, -20.0)]), [(2, ActivityChange::SpeechStarted)]);
    }

    #[test]
    fn lasting_silence_is_reported_once_each_time() {
        let config = ActivityConfig { silence: Some(Duration::from_secs(1)), ..ActivityConfig::default() };
        let mut activity = Activity::new(config);
        let changes = run(&mut activity, &[(200, -96.0), (1, -10.0), (200, -96.0)]);
        assert_eq!(
            changes,
            [
                (49, ActivityChange::SilenceLasts),
                (200, ActivityChange::FirstAudio),
                (250, ActivityChange::SilenceLasts),
            ]
        );
    }
}
