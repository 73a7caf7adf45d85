//! Media time: samples at 48 kHz, never seconds of the wall.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// Samples a second on the engine side.
pub const RATE: u32 = 48_000;

/// Samples of one engine frame: 20 ms.
pub const FRAME_SAMPLES: usize = 960;

/// One engine frame in time.
pub const FRAME: Duration = Duration::from_millis(20);

/// A place in, or a length of, sound: samples at 48 kHz.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaTime(u64);

impl MediaTime {
    /// The beginning.
    pub const ZERO: Self = Self(0);

    /// So many samples at 48 kHz.
    #[must_use]
    pub const fn from_samples(samples: u64) -> Self {
        Self(samples)
    }

    /// So many samples at another rate, rounded down.
    #[must_use]
    pub const fn from_samples_at(samples: u64, hz: u32) -> Self {
        let hz = if hz == 0 { 1 } else { hz };
        Self((samples as u128 * RATE as u128 / hz as u128) as u64)
    }

    /// The same length in samples, rounded down.
    #[must_use]
    pub const fn from_duration(time: Duration) -> Self {
        Self((time.as_nanos() * RATE as u128 / 1_000_000_000) as u64)
    }

    /// Samples at 48 kHz.
    #[must_use]
    pub const fn samples(self) -> u64 {
        self.0
    }

    /// Samples at another rate, rounded down.
    #[must_use]
    pub const fn samples_at(self, hz: u32) -> u64 {
        (self.0 as u128 * hz as u128 / RATE as u128) as u64
    }

    /// As time of the wall.
    #[must_use]
    pub const fn duration(self) -> Duration {
        let nanos = (self.0 % RATE as u64) * 1_000_000_000 / RATE as u64;
        Duration::new(self.0 / RATE as u64, nanos as u32)
    }

    /// As seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / f64::from(RATE)
    }

    /// The difference, or zero when `other` is later.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for MediaTime {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for MediaTime {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for MediaTime {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl From<Duration> for MediaTime {
    fn from(time: Duration) -> Self {
        Self::from_duration(time)
    }
}

impl fmt::Display for MediaTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s", self.seconds())
    }
}

/// Sound per packet on the wire. libtgvoip sends and expects 60 ms (libtgvoip 2.4.4, `VoIPController`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FrameLen {
    /// 20 ms: least delay, most packets.
    Ms20,
    /// 40 ms.
    Ms40,
    /// 60 ms, what libtgvoip uses.
    #[default]
    Ms60,
}

impl FrameLen {
    /// Engine frames in one packet: 1, 2 or 3.
    #[must_use]
    pub const fn frames(self) -> usize {
        match self {
            Self::Ms20 => 1,
            Self::Ms40 => 2,
            Self::Ms60 => 3,
        }
    }

    /// Samples in one packet.
    #[must_use]
    pub const fn samples(self) -> usize {
        self.frames() * FRAME_SAMPLES
    }

    /// Length in time.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_millis(20 * self.frames() as u64)
    }

    /// The length of so many milliseconds, if it is one of the three.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Option<Self> {
        match ms {
            20 => Some(Self::Ms20),
            40 => Some(Self::Ms40),
            60 => Some(Self::Ms60),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_forty_eight_thousand_samples_and_back() {
        let second = MediaTime::from_duration(Duration::from_secs(1));
        assert_eq!(second.samples(), 48_000);
        assert_eq!(second.duration(), Duration::from_secs(1));
        assert_eq!(second.samples_at(44_100), 44_100);
        assert_eq!(MediaTime::from_samples_at(22_050, 44_100).samples(), 24_000);
        assert_eq!(second.to_string(), "1.000 s");
    }

    #[test]
    fn a_frame_length_is_one_two_or_three_engine_frames() {
        let lengths: Vec<_> = [20, 40, 60, 10].into_iter().map(FrameLen::from_millis).collect();
        assert_eq!(lengths, [Some(FrameLen::Ms20), Some(FrameLen::Ms40), Some(FrameLen::Ms60), None]);
        assert_eq!(FrameLen::Ms60.samples(), 2880);
        assert_eq!(FrameLen::default().duration(), Duration::from_millis(60));
    }
}
