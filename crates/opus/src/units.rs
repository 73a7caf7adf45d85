//! The closed sets of values that Opus understands.

use std::time::Duration;

/// A sampling rate Opus works at. The stream itself has no rate: each end chooses its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SampleRate {
    /// 8 kHz.
    Hz8000,
    /// 12 kHz.
    Hz12000,
    /// 16 kHz.
    Hz16000,
    /// 24 kHz.
    Hz24000,
    /// 48 kHz, the rate of the media engine.
    Hz48000,
}

impl SampleRate {
    /// The rate in samples per second and channel.
    #[must_use]
    pub const fn hz(self) -> u32 {
        match self {
            Self::Hz8000 => 8_000,
            Self::Hz12000 => 12_000,
            Self::Hz16000 => 16_000,
            Self::Hz24000 => 24_000,
            Self::Hz48000 => 48_000,
        }
    }

    /// The rate of so many samples per second, if Opus works at it.
    #[must_use]
    pub const fn from_hz(hz: u32) -> Option<Self> {
        match hz {
            8_000 => Some(Self::Hz8000),
            12_000 => Some(Self::Hz12000),
            16_000 => Some(Self::Hz16000),
            24_000 => Some(Self::Hz24000),
            48_000 => Some(Self::Hz48000),
            _ => None,
        }
    }

    /// Samples per channel in `time`, rounded down.
    #[must_use]
    pub const fn samples(self, time: Duration) -> usize {
        (time.as_nanos() * self.hz() as u128 / 1_000_000_000) as usize
    }

    pub(crate) const fn c(self) -> i32 {
        self.hz() as i32
    }
}

/// One or two channels; interleaved when two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channels {
    /// One channel.
    Mono,
    /// Left and right, interleaved.
    Stereo,
}

impl Channels {
    /// One or two.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::Mono => 1,
            Self::Stereo => 2,
        }
    }
}

/// What the encoder is tuned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Application {
    /// Speech: prefers SILK and hybrid.
    Voip,
    /// Faithful sound: goes to CELT as soon as the bitrate allows.
    Audio,
    /// CELT only, with 4 ms less look-ahead.
    LowDelay,
}

impl Application {
    pub(crate) const fn c(self) -> i32 {
        match self {
            Self::Voip => opusic_sys::OPUS_APPLICATION_VOIP,
            Self::Audio => opusic_sys::OPUS_APPLICATION_AUDIO,
            Self::LowDelay => opusic_sys::OPUS_APPLICATION_RESTRICTED_LOWDELAY,
        }
    }
}

/// The audio band a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bandwidth {
    /// Up to 4 kHz.
    Narrow,
    /// Up to 6 kHz.
    Medium,
    /// Up to 8 kHz.
    Wide,
    /// Up to 12 kHz.
    SuperWide,
    /// Up to 20 kHz.
    Full,
}

impl Bandwidth {
    pub(crate) const fn c(self) -> i32 {
        match self {
            Self::Narrow => opusic_sys::OPUS_BANDWIDTH_NARROWBAND,
            Self::Medium => opusic_sys::OPUS_BANDWIDTH_MEDIUMBAND,
            Self::Wide => opusic_sys::OPUS_BANDWIDTH_WIDEBAND,
            Self::SuperWide => opusic_sys::OPUS_BANDWIDTH_SUPERWIDEBAND,
            Self::Full => opusic_sys::OPUS_BANDWIDTH_FULLBAND,
        }
    }
}

/// How many bits per second to aim at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bitrate {
    /// Chosen by the library from rate and channels.
    Auto,
    /// As many as the output buffer holds.
    Max,
    /// Bits per second, 500 to 512,000.
    Bits(u32),
}

impl Bitrate {
    pub(crate) fn c(self) -> i32 {
        match self {
            Self::Auto => opusic_sys::OPUS_AUTO,
            Self::Max => opusic_sys::OPUS_BITRATE_MAX,
            Self::Bits(bits) => i32::try_from(bits).unwrap_or(i32::MAX),
        }
    }
}

/// What kind of sound the encoder should expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// Let the encoder find out.
    Auto,
    /// Speech.
    Voice,
    /// Music.
    Music,
}

impl Signal {
    pub(crate) const fn c(self) -> i32 {
        match self {
            Self::Auto => opusic_sys::OPUS_AUTO,
            Self::Voice => opusic_sys::OPUS_SIGNAL_VOICE,
            Self::Music => opusic_sys::OPUS_SIGNAL_MUSIC,
        }
    }
}
