//! From packets to engine frames, whatever the network did to them.
//!
//! Each piece of time is decoded, recovered from the copy in the packet after it, concealed, or silent, in this order of
//! preference, which the jitter buffer decides. Concealment holds for 120 ms, fades for 60, and is silence after that;
//! sound that comes back from silence comes back with a ramp.

use std::time::Duration;

use offhook_opus::packet::Packet;
use offhook_opus::{Channels, Decoder, Error, MAX_SAMPLES, SampleRate};

use crate::stretch::{lengthen, shorten};
use crate::{FRAME_SAMPLES, Level, MediaTime, Stretch};

/// What the jitter buffer has for the next piece of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decode<'a> {
    /// The packet of this piece.
    Frame(&'a [u8]),
    /// This piece is lost, but here is the packet after it, whose in-band copy may cover it. The packet itself comes
    /// again as the next [`Decode::Frame`].
    Fec(&'a [u8]),
    /// This piece is lost.
    Conceal,
    /// The peer sends nothing: muted, or not yet begun.
    Silence,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fed {
    /// Samples now added to what can be pulled.
    pub samples: usize,
    /// Samples by which the piece is longer (or, negative, shorter) than it was coded.
    pub stretched: i32,
    /// The packet could not be decoded; its time was concealed.
    pub damaged: bool,
}

/// Counters of a downlink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DownlinkStats {
    /// Packets decoded.
    pub decoded: u64,
    /// Pieces recovered from a copy in the packet after.
    pub recovered: u64,
    /// Samples invented.
    pub concealed_samples: u64,
    /// Samples of silence because the peer sent nothing.
    pub silent_samples: u64,
    /// Packets that were no Opus.
    pub damaged: u64,
    /// Samples left out by shortening.
    pub shortened_samples: u64,
    /// Samples added by lengthening.
    pub lengthened_samples: u64,
    /// Engine frames pulled while too little was fed.
    pub starved: u64,
}

/// Samples concealed in a row before the sound begins to fade: 120 ms. Beyond that concealment is guesswork.
const PATIENCE: usize = 5760;
/// Samples of the fade to silence: 60 ms.
const FADE_OUT: usize = 2880;
/// Samples of the ramps around silence: 5 ms.
const RAMP: usize = 240;
/// The step concealment works in: 2.5 ms.
const UNIT: usize = 120;
/// Room for the longest packet, its lengthening, and two engine frames.
const ROOM: usize = MAX_SAMPLES + 3 * FRAME_SAMPLES;

/// The receiving half of a call's sound. No allocation after construction.
#[derive(Debug)]
pub struct Downlink {
    decoder: Decoder,
    ready: Box<[i16; ROOM]>,
    span: std::ops::Range<usize>,
    /// Samples concealed since the last that were not.
    concealed: usize,
    /// The last sample fed was digital silence.
    quiet: bool,
    stats: DownlinkStats,
}

impl Downlink {
    /// Sets the decoder up.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            decoder: Decoder::new(SampleRate::Hz48000, Channels::Mono)?,
            ready: Box::new([0; ROOM]),
            span: 0..0,
            concealed: 0,
            quiet: true,
            stats: DownlinkStats::default(),
        })
    }

    /// Decodes, recovers, conceals or is silent for `duration`, stretched as asked. Feed while [`Downlink::is_short`].
    ///
    /// Of a [`Decode::Frame`] the packet's own duration counts; `duration` is what is concealed should it be damaged.
    /// More than is pulled is not kept: the oldest of it goes.
    pub fn feed(&mut self, piece: Decode<'_>, duration: Duration, stretch: Stretch) -> Fed {
        let want = MediaTime::from_duration(duration).samples() as usize;
        let want = (want.clamp(UNIT, MAX_SAMPLES) / UNIT) * UNIT;
        self.make_room();
        let begin = self.span.end;
        let (len, damaged) = match piece {
            Decode::Frame(packet) => self.decode(packet, want),
            Decode::Fec(packet) => (self.recover(packet, want), false),
            Decode::Conceal => (self.conceal(want), false),
            Decode::Silence => (self.be_silent(want), false),
        };
        let stretched = self.stretch(begin, len, stretch);
        self.span.end = begin + stretched;
        Fed { samples: stretched, stretched: stretched as i32 - len as i32, damaged }
    }

    /// Samples ready to be pulled.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.span.len()
    }

    /// Fewer samples than an engine frame are ready: feed before the next pull.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.buffered() < FRAME_SAMPLES
    }

    /// The next engine frame. What is missing is concealed and counted as starved.
    pub fn pull(&mut self, out: &mut [i16; FRAME_SAMPLES]) -> Level {
        if self.is_short() {
            self.stats.starved += 1;
            let missing = (FRAME_SAMPLES - self.buffered()).next_multiple_of(UNIT);
            self.make_room();
            let begin = self.span.end;
            let len = self.conceal(missing);
            self.span.end = begin + len;
        }
        out.copy_from_slice(&self.ready[self.span.start..self.span.start + FRAME_SAMPLES]);
        self.span.start += FRAME_SAMPLES;
        Level::of(out)
    }

    /// Counters so far.
    #[must_use]
    pub fn stats(&self) -> DownlinkStats {
        self.stats
    }

    /// Room behind what is ready for the longest packet and its stretching.
    fn make_room(&mut self) {
        let keep = self.span.len().min(2 * FRAME_SAMPLES);
        self.ready.copy_within(self.span.end - keep..self.span.end, 0);
        self.span = 0..keep;
    }

    fn decode(&mut self, packet: &[u8], want: usize) -> (usize, bool) {
        let begin = self.span.end;
        let room = &mut self.ready[begin..begin + MAX_SAMPLES];
        match self.decoder.decode(Some(packet), room, false) {
            Ok(len) => {
                self.stats.decoded += 1;
                self.sound_again(len);
                (len, false)
            }
            Err(_) => {
                self.stats.damaged += 1;
                (self.conceal(want), true)
            }
        }
    }

    fn recover(&mut self, packet: &[u8], want: usize) -> usize {
        let has_copy = Packet::parse(packet).is_ok_and(|packet| packet.has_fec());
        if !has_copy {
            return self.conceal(want);
        }
        let begin = self.span.end;
        match self.decoder.decode(Some(packet), &mut self.ready[begin..begin + want], true) {
            Ok(len) => {
                self.stats.recovered += 1;
                self.sound_again(len);
                len
            }
            Err(_) => self.conceal(want),
        }
    }

    /// Invented sound for a while, then fading, then silence.
    fn conceal(&mut self, want: usize) -> usize {
        let begin = self.span.end;
        let piece = begin..begin + want;
        self.stats.concealed_samples += want as u64;
        if self.quiet || self.concealed >= PATIENCE + FADE_OUT {
            self.quiet = true;
            self.ready[piece].fill(0);
            return want;
        }
        if self.decoder.decode(None, &mut self.ready[piece.clone()], false).is_err() {
            self.ready[piece.clone()].fill(0);
        }
        for (n, sample) in self.ready[piece].iter_mut().enumerate() {
            let faded = (self.concealed + n).saturating_sub(PATIENCE).min(FADE_OUT) as i32;
            *sample = (i32::from(*sample) * (FADE_OUT as i32 - faded) / FADE_OUT as i32) as i16;
        }
        self.concealed += want;
        self.quiet = self.concealed >= PATIENCE + FADE_OUT;
        want
    }

    /// Digital silence, reached by a ramp over what concealment makes of the last sound.
    fn be_silent(&mut self, want: usize) -> usize {
        let begin = self.span.end;
        self.stats.silent_samples += want as u64;
        let mut at = begin;
        if !std::mem::replace(&mut self.quiet, true) {
            let ramp = RAMP.min(want);
            let piece = &mut self.ready[begin..begin + ramp];
            if self.decoder.decode(None, piece, false).is_ok() {
                for (n, sample) in piece.iter_mut().enumerate() {
                    *sample = (i32::from(*sample) * (ramp - 1 - n) as i32 / ramp as i32) as i16;
                }
                at += ramp;
            }
        }
        self.ready[at..begin + want].fill(0);
        self.concealed = PATIENCE + FADE_OUT;
        want
    }

    /// Real sound: after silence it begins with a ramp.
    fn sound_again(&mut self, len: usize) {
        let begin = self.span.end;
        if std::mem::replace(&mut self.quiet, false) {
            for (n, sample) in self.ready[begin..begin + len.min(RAMP)].iter_mut().enumerate() {
                *sample = (i32::from(*sample) * (n as i32 + 1) / RAMP as i32) as i16;
            }
        }
        self.concealed = 0;
    }

    fn stretch(&mut self, begin: usize, len: usize, stretch: Stretch) -> usize {
        let piece = &mut self.ready[begin..];
        let new = match stretch {
            Stretch::None => len,
            Stretch::Shorten => shorten(piece, len),
            Stretch::Lengthen => lengthen(piece, len),
        };
        self.stats.shortened_samples += len.saturating_sub(new) as u64;
        self.stats.lengthened_samples += new.saturating_sub(len) as u64;
        new
    }
}
