//! What a packet says about itself, in pure Rust (RFC 6716, section 3).
//!
//! The table-of-contents byte names mode, band, frame length and channels; the code in its low two bits says how
//! frames are packed. Everything is checked here before libopus sees the bytes.

use std::time::Duration;

use crate::{Bandwidth, Channels, MAX_FRAME_BYTES, MAX_SAMPLES, PacketError};

/// Which of the three coders made the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Linear prediction: speech at low rates.
    Silk,
    /// SILK below 8 kHz, CELT above.
    Hybrid,
    /// Transform: music, low delay.
    Celt,
}

/// The first byte of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Toc(pub u8);

impl Toc {
    /// Which coder.
    #[must_use]
    pub const fn mode(self) -> Mode {
        match self.0 >> 3 {
            0..=11 => Mode::Silk,
            12..=15 => Mode::Hybrid,
            _ => Mode::Celt,
        }
    }

    /// How much of the spectrum.
    #[must_use]
    pub const fn bandwidth(self) -> Bandwidth {
        match self.0 >> 3 {
            0..=3 | 16..=19 => Bandwidth::Narrow,
            4..=7 => Bandwidth::Medium,
            8..=11 | 20..=23 => Bandwidth::Wide,
            12 | 13 | 24..=27 => Bandwidth::SuperWide,
            _ => Bandwidth::Full,
        }
    }

    /// One or two coded channels.
    #[must_use]
    pub const fn channels(self) -> Channels {
        if self.0 & 4 == 0 { Channels::Mono } else { Channels::Stereo }
    }

    /// Samples of one frame at 48 kHz: 120 (2.5 ms) to 2880 (60 ms).
    #[must_use]
    pub const fn frame_samples(self) -> usize {
        let config = self.0 >> 3;
        match self.mode() {
            Mode::Silk => [480, 960, 1920, 2880][(config & 3) as usize],
            Mode::Hybrid => [480, 960][(config & 1) as usize],
            Mode::Celt => 120 << (config & 3),
        }
    }

    /// The kind of the frames: packets merge only when this is equal.
    #[must_use]
    pub const fn kind(self) -> u8 {
        self.0 & 0xFC
    }
}

/// A packet whose structure has been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    bytes: &'a [u8],
    toc: Toc,
    frames: usize,
    /// Where the first frame's bytes begin, and how many there are.
    first: (usize, usize),
}

impl<'a> Packet<'a> {
    /// Checks the structure of a packet (requirements R1 to R7 of RFC 6716, 3.4).
    ///
    /// # Errors
    /// Which rule the bytes break.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PacketError> {
        let (&toc, rest) = bytes.split_first().ok_or(PacketError::Empty)?;
        let toc = Toc(toc);
        let (frames, first) = match toc.0 & 3 {
            0 => (1, (1, rest.len())),
            1 if rest.len().is_multiple_of(2) => (2, (1, rest.len() / 2)),
            1 => return Err(PacketError::Lengths),
            2 => {
                let (len, head) = frame_length(rest)?;
                if head + len > rest.len() {
                    return Err(PacketError::Lengths);
                }
                fits(rest.len() - head - len)?;
                (2, (1 + head, len))
            }
            _ => many(toc, rest)?,
        };
        fits(first.1)?;
        if frames * toc.frame_samples() > MAX_SAMPLES {
            return Err(PacketError::FrameCount);
        }
        Ok(Self { bytes, toc, frames, first })
    }

    /// The bytes that were parsed.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The table-of-contents byte.
    #[must_use]
    pub const fn toc(&self) -> Toc {
        self.toc
    }

    /// Number of frames, 1 to 48.
    #[must_use]
    pub const fn frames(&self) -> usize {
        self.frames
    }

    /// Samples per channel of the whole packet at 48 kHz.
    #[must_use]
    pub const fn samples(&self) -> usize {
        self.frames * self.toc.frame_samples()
    }

    /// Length in time.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        Duration::from_nanos(self.samples() as u64 * 1_000_000_000 / 48_000)
    }

    /// The first frame has no bytes: discontinuous transmission or a placeholder for a lost frame.
    #[must_use]
    pub const fn is_dtx(&self) -> bool {
        self.first.1 <= 1
    }

    /// Carries a copy of the sound before it (LBRR). Only SILK and hybrid frames can (RFC 6716, 4.2.4).
    ///
    /// Reads the header bits of the first frame: a voice-activity flag for each 20 ms of each channel, then the LBRR
    /// flag of that channel. Header bits are coded with even odds from the most significant bit of the first byte.
    #[must_use]
    pub fn has_fec(&self) -> bool {
        if self.toc.mode() == Mode::Celt || self.first.1 == 0 {
            return false;
        }
        let silk_frames = match self.toc.frame_samples() {
            1920 => 2,
            2880 => 3,
            _ => 1,
        };
        let byte = self.bytes[self.first.0];
        let flag = |index: u32| byte >> (7 - index) & 1 == 1;
        let mid = flag(silk_frames);
        let side = self.toc.channels() == Channels::Stereo && flag(2 * silk_frames + 1);
        mid || side
    }
}

/// Length in time, or why the bytes are no packet.
///
/// # Errors
/// As [`Packet::parse`].
pub fn duration(bytes: &[u8]) -> Result<Duration, PacketError> {
    Packet::parse(bytes).map(|packet| packet.duration())
}

/// Samples per channel at 48 kHz, or why the bytes are no packet.
///
/// # Errors
/// As [`Packet::parse`].
pub fn samples(bytes: &[u8]) -> Result<usize, PacketError> {
    Packet::parse(bytes).map(|packet| packet.samples())
}

/// A frame length of one or two bytes (RFC 6716, 3.2.1): the length, and the bytes it took.
fn frame_length(bytes: &[u8]) -> Result<(usize, usize), PacketError> {
    match bytes {
        [short @ 0..=251, ..] => Ok((usize::from(*short), 1)),
        [low, high, ..] => Ok((usize::from(*high) * 4 + usize::from(*low), 2)),
        _ => Err(PacketError::Lengths),
    }
}

fn fits(len: usize) -> Result<(), PacketError> {
    if len > MAX_FRAME_BYTES { Err(PacketError::Lengths) } else { Ok(()) }
}

/// Code 3: a count byte, optional padding, and equal or given lengths (RFC 6716, 3.2.5).
fn many(toc: Toc, rest: &[u8]) -> Result<(usize, (usize, usize)), PacketError> {
    let (&count, mut body) = rest.split_first().ok_or(PacketError::Lengths)?;
    let frames = usize::from(count & 0x3F);
    if frames == 0 || frames * toc.frame_samples() > MAX_SAMPLES {
        return Err(PacketError::FrameCount);
    }
    let mut start = 2;
    if count & 0x40 != 0 {
        let mut padding = 0;
        loop {
            let (&byte, tail) = body.split_first().ok_or(PacketError::Lengths)?;
            body = tail;
            start += 1;
            // 255 stands for 254 bytes and another length byte.
            padding += if byte == 255 { 254 } else { usize::from(byte) };
            if byte != 255 {
                break;
            }
        }
        body = body.len().checked_sub(padding).map(|keep| &body[..keep]).ok_or(PacketError::Lengths)?;
    }
    if count & 0x80 == 0 {
        if !body.len().is_multiple_of(frames) {
            return Err(PacketError::Lengths);
        }
        return Ok((frames, (start, body.len() / frames)));
    }
    let (mut sum, mut first) = (0, None);
    for _ in 1..frames {
        let (len, took) = frame_length(body)?;
        fits(len)?;
        first = first.or(Some(len));
        sum += len;
        start += took;
        body = &body[took..];
    }
    let last = body.len().checked_sub(sum).ok_or(PacketError::Lengths)?;
    fits(last)?;
    Ok((frames, (start, first.unwrap_or(last))))
}
