//! Sources without files: samples in memory, a tone, silence.

use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::Duration;

use super::{Info, Pulled, SeekError, Source};
use crate::{MediaTime, RATE};

/// 48 kHz mono samples in memory, shared between any number of players.
#[derive(Clone, Debug)]
pub struct PcmSource {
    samples: Arc<[i16]>,
    at: usize,
    repeat: bool,
    info: Info,
}

impl PcmSource {
    /// Plays `samples`, 48 kHz mono.
    pub fn new(samples: impl Into<Arc<[i16]>>) -> Self {
        let samples = samples.into();
        let duration = Some(MediaTime::from_samples(samples.len() as u64));
        let info = Info {
            title: "memory".into(),
            duration,
            rate: RATE,
            channels: 1,
            format: "pcm",
            ..Info::default()
        };
        Self { samples, at: 0, repeat: false, info }
    }

    /// The same under a name.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.info.title = title.into();
        self
    }
}

impl Source for PcmSource {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        let rest = &self.samples[self.at..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        if count == out.len() && self.at < self.samples.len() {
            return Pulled::Pcm;
        }
        if self.repeat {
            self.at = 0;
        }
        Pulled::End(count)
    }

    fn position(&self) -> MediaTime {
        MediaTime::from_samples(self.at as u64)
    }

    fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        let end = MediaTime::from_samples(self.samples.len() as u64);
        if to > end {
            return Err(SeekError::BehindEnd { end });
        }
        self.at = to.samples() as usize;
        Ok(())
    }

    fn set_repeat(&mut self, on: bool) -> bool {
        self.repeat = on;
        if on && self.at == self.samples.len() {
            self.at = 0;
        }
        true
    }

    fn info(&self) -> &Info {
        &self.info
    }
}

/// A sine, endless unless told otherwise.
#[derive(Clone, Debug)]
pub struct Tone {
    hz: f64,
    amplitude: f64,
    at: u64,
    end: Option<u64>,
    repeat: bool,
    info: Info,
}

impl Tone {
    /// A sine of `hz`, `amplitude` from 0 to 1 of full scale.
    #[must_use]
    pub fn new(hz: f64, amplitude: f64) -> Self {
        let info = Info {
            title: format!("tone {hz} Hz"),
            rate: RATE,
            channels: 1,
            format: "tone",
            ..Info::default()
        };
        Self { hz, amplitude: amplitude.clamp(0.0, 1.0), at: 0, end: None, repeat: false, info }
    }

    /// Ends after `time`.
    #[must_use]
    pub fn lasting(mut self, time: Duration) -> Self {
        let end = MediaTime::from_duration(time);
        self.end = Some(end.samples());
        self.info.duration = Some(end);
        self
    }
}

impl Source for Tone {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        let left = self.end.map_or(u64::MAX, |end| end - self.at);
        let count = out.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let step = self.hz / f64::from(RATE);
        for sample in &mut out[..count] {
            let turns = (self.at as f64 * step).fract();
            *sample = ((turns * TAU).sin() * self.amplitude * 32_767.0).round() as i16;
            self.at += 1;
        }
        if count as u64 == left {
            if self.repeat {
                self.at = 0;
            }
            return Pulled::End(count);
        }
        Pulled::Pcm
    }

    fn position(&self) -> MediaTime {
        MediaTime::from_samples(self.at)
    }

    fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        match self.end.map(MediaTime::from_samples) {
            Some(end) if to > end => Err(SeekError::BehindEnd { end }),
            _ => {
                self.at = to.samples();
                Ok(())
            }
        }
    }

    fn set_repeat(&mut self, on: bool) -> bool {
        self.repeat = on;
        if on && self.end == Some(self.at) {
            self.at = 0;
        }
        true
    }

    fn info(&self) -> &Info {
        &self.info
    }
}

/// Nothing to hear for a while, or for ever.
#[derive(Clone, Debug)]
pub struct Silence(Tone);

impl Silence {
    /// Endless.
    #[must_use]
    pub fn endless() -> Self {
        let mut tone = Tone::new(0.0, 0.0);
        tone.info.title = "silence".into();
        tone.info.format = "silence";
        Self(tone)
    }

    /// For `time`.
    #[must_use]
    pub fn lasting(time: Duration) -> Self {
        Self(Self::endless().0.lasting(time))
    }
}

impl Source for Silence {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        self.0.pull(out)
    }

    fn position(&self) -> MediaTime {
        self.0.position()
    }

    fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        self.0.seek(to)
    }

    fn set_repeat(&mut self, on: bool) -> bool {
        self.0.set_repeat(on)
    }

    fn info(&self) -> &Info {
        self.0.info()
    }
}
