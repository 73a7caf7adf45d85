//! What an encoder spends: the three profiles, and the hints the network gives at run time.

use std::fmt;
use std::str::FromStr;

use offhook_opus::{Application, Bandwidth, Bitrate, Encoder, Error, Signal};

use crate::FrameLen;

/// How much processor time a call's encoder may take. `cargo bench --bench parts codec` measures what each takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// CELT at complexity 0: a tenth of the cost of `quality`.
    Dense,
    /// Speech coder at complexity 5, for what is below 8 kHz: half of the cost.
    Balanced,
    /// Speech coder at complexity 7, the least at which music is recognised and coded as such.
    #[default]
    Quality,
}

impl Profile {
    /// The profile below, taken when the machine is overloaded.
    #[must_use]
    pub const fn cheaper(self) -> Option<Self> {
        match self {
            Self::Quality => Some(Self::Balanced),
            Self::Balanced => Some(Self::Dense),
            Self::Dense => None,
        }
    }

    /// The profile above, taken back when there is room for it.
    #[must_use]
    pub const fn dearer(self) -> Option<Self> {
        match self {
            Self::Quality => None,
            Self::Balanced => Some(Self::Quality),
            Self::Dense => Some(Self::Balanced),
        }
    }

    /// Bits a second when nothing else is asked for. Speech in 60 ms frames scores PESQ-WB 4.1 at this rate and 3.7 at
    /// 28 kbit/s (the codec alone, `audio/speech.wav` and `audio/story.wav`); under loss the network's hints take it down, so that
    /// packets are small enough to be copied.
    #[must_use]
    pub const fn bitrate(self) -> u32 {
        40_000
    }

    /// What libopus is told the encoder is for.
    #[must_use]
    pub const fn application(self) -> Application {
        match self {
            Self::Quality | Self::Balanced => Application::Voip,
            Self::Dense => Application::Audio,
        }
    }

    const fn complexity(self) -> u8 {
        match self {
            Self::Quality => 7,
            Self::Balanced => 5,
            Self::Dense => 0,
        }
    }

    /// The highest sound it codes. What lies above 8 kHz is a good part of the speech coder's cost, and takes bits from the
    /// rest.
    pub(crate) const fn max_bandwidth(self) -> Bandwidth {
        match self {
            Self::Balanced => Bandwidth::Wide,
            Self::Quality | Self::Dense => Bandwidth::Full,
        }
    }

    /// An encoder set up for this profile.
    pub(crate) fn encoder(self) -> Result<Encoder, Error> {
        let mut encoder = Encoder::new(
            offhook_opus::SampleRate::Hz48000,
            offhook_opus::Channels::Mono,
            self.application(),
        )?;
        self.set_up(&mut encoder)?;
        encoder.set_bitrate(Bitrate::Bits(self.bitrate()))?;
        encoder.set_signal(Signal::Auto)?;
        encoder.set_vbr(true, true)?;
        Ok(encoder)
    }

    /// Tells an encoder for the same application what this profile spends.
    pub(crate) fn set_up(self, encoder: &mut Encoder) -> Result<(), Error> {
        encoder.set_complexity(self.complexity())?;
        encoder.set_max_bandwidth(self.max_bandwidth())
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quality => "quality",
            Self::Balanced => "balanced",
            Self::Dense => "dense",
        })
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;
    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        match text {
            "quality" => Ok(Self::Quality),
            "balanced" => Ok(Self::Balanced),
            "dense" => Ok(Self::Dense),
            _ => Err(UnknownProfile),
        }
    }
}

/// The text names no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown profile; choose quality, balanced or dense")]
pub struct UnknownProfile;

/// What the network asks of the encoder. Applied without allocation, from the next packet on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncoderHints {
    /// Bits a second at most; `None` leaves the profile's own.
    pub bitrate: Option<u32>,
    /// Loss to prepare for, percent, 0 to 100.
    pub expected_loss: u8,
    /// Carry a copy of the frame before in each packet.
    pub fec: bool,
}

/// The room a packet of `frame` gets at most: the receiver's slots hold 1024 bytes (libtgvoip 2.4.4, jitter buffer).
pub(crate) const MAX_PACKET: usize = 1000;

/// A bitrate at which constrained VBR keeps packets of `frame` below [`MAX_PACKET`].
pub(crate) fn clamp_bitrate(bitrate: u32, frame: FrameLen) -> u32 {
    let most = MAX_PACKET as u64 * 8 * 1000 / frame.duration().as_millis() as u64;
    bitrate.clamp(6_000, most as u32)
}
