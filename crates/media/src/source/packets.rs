//! Packets that can be heard or handed on: decodes them when PCM is wanted, and joins or splits them untouched when a
//! packet is.
//!
//! Changing from handing on to decoding, the decoder first hears again what was handed on last, so that it begins
//! where a decoder at the far end would be (RFC 7845, 4.6 asks for 80 ms).

use std::collections::VecDeque;

use offhook_opus::packet::Packet;
use offhook_opus::{Channels, Decoder, Error, MAX_SAMPLES, Repacketizer, SampleRate};

/// Samples a decoder needs to settle.
const WARM_UP: usize = 3840;
/// Packets waiting at most: 60 ms can take 24 packets of 2.5 ms.
const WAITING: usize = 32;

/// Bytes an ordinary packet fits in; longer ones grow their slot once.
const SLOT: usize = 512;

/// One packet and which of its samples are to be heard.
#[derive(Debug, Default)]
struct Slot {
    bytes: Vec<u8>,
    samples: usize,
    frame: usize,
    kind: u8,
    skip: usize,
    keep: usize,
}

/// Packets in, PCM or packets out.
pub(crate) struct PacketPlayer {
    decoder: Decoder,
    repacketizer: Repacketizer,
    waiting: VecDeque<Slot>,
    /// Frames of the first waiting packet already handed on.
    passed_frames: usize,
    past: VecDeque<Slot>,
    past_samples: usize,
    spare: Vec<Slot>,
    pcm: Box<[i16; MAX_SAMPLES]>,
    /// Decoded samples not yet heard.
    ready: std::ops::Range<usize>,
    cold: bool,
    passes: bool,
}

impl PacketPlayer {
    /// `gain` in 1/256 dB; any but zero means nothing can be handed on untouched.
    pub(crate) fn new(gain: i16) -> Result<Self, Error> {
        let mut decoder = Decoder::new(SampleRate::Hz48000, Channels::Mono)?;
        decoder.set_gain(gain)?;
        Ok(Self {
            decoder,
            repacketizer: Repacketizer::new()?,
            waiting: VecDeque::with_capacity(WAITING),
            passed_frames: 0,
            past: VecDeque::with_capacity(WAITING),
            past_samples: 0,
            spare: Vec::with_capacity(2 * WAITING),
            pcm: Box::new([0; MAX_SAMPLES]),
            ready: 0..0,
            cold: false,
            passes: gain == 0,
        })
    }

    /// Room for another packet.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting.len() < WAITING
    }

    /// Nothing to hear without another packet.
    pub(crate) fn is_empty(&self) -> bool {
        self.ready.is_empty() && self.waiting.is_empty()
    }

    /// Forgets everything, for a seek.
    pub(crate) fn clear(&mut self) {
        self.spare.extend(self.waiting.drain(..));
        self.spare.extend(self.past.drain(..));
        self.past_samples = 0;
        self.passed_frames = 0;
        self.ready = 0..0;
        self.cold = true;
    }

    /// Adds a packet, of which `skip` samples are not to be heard and `keep` after them are. `fill` writes its bytes.
    pub(crate) fn push(&mut self, skip: usize, keep: usize, fill: impl FnOnce(&mut Vec<u8>)) {
        let mut slot =
            self.spare.pop().unwrap_or_else(|| Slot { bytes: Vec::with_capacity(SLOT), ..Slot::default() });
        slot.bytes.clear();
        fill(&mut slot.bytes);
        match Packet::parse(&slot.bytes) {
            Ok(packet) => {
                slot.samples = packet.samples();
                slot.frame = packet.toc().frame_samples();
                slot.kind = packet.toc().kind();
                slot.skip = skip.min(slot.samples);
                slot.keep = keep.min(slot.samples - slot.skip);
                self.waiting.push_back(slot);
            }
            // No Opus, no time of its own: as if it had not been there.
            Err(_) => self.spare.push(slot),
        }
    }

    /// Copies decoded samples to `out` and says how many; decodes waiting packets as needed.
    pub(crate) fn pull(&mut self, out: &mut [i16]) -> usize {
        let mut filled = 0;
        while filled < out.len() {
            if self.ready.is_empty() && !self.decode() {
                break;
            }
            let count = self.ready.len().min(out.len() - filled);
            out[filled..filled + count]
                .copy_from_slice(&self.pcm[self.ready.start..self.ready.start + count]);
            self.ready.start += count;
            filled += count;
        }
        filled
    }

    fn decode(&mut self) -> bool {
        let Some(slot) = self.waiting.pop_front() else { return false };
        if self.cold {
            self.warm_up();
        }
        let skip = slot.skip.max(std::mem::take(&mut self.passed_frames) * slot.frame);
        let end = slot.skip + slot.keep;
        match self.decoder.decode(Some(&slot.bytes), self.pcm.as_mut_slice(), false) {
            Ok(samples) => self.ready = skip.min(samples)..end.min(samples).max(skip.min(samples)),
            Err(_) => {
                // Its time is kept: concealed.
                let got = self.decoder.decode(None, &mut self.pcm[..slot.samples], false).unwrap_or(0);
                self.ready = skip.min(got)..end.min(got).max(skip.min(got));
            }
        }
        self.remember(slot);
        true
    }

    /// Hears again what was handed on.
    fn warm_up(&mut self) {
        self.cold = false;
        // A state that cannot be reset is only less good a start.
        let _ = self.decoder.reset();
        for slot in &self.past {
            let _ = self.decoder.decode(Some(&slot.bytes), self.pcm.as_mut_slice(), false);
        }
    }

    fn remember(&mut self, slot: Slot) {
        self.past_samples += slot.samples;
        self.past.push_back(slot);
        while self.past.len() >= WAITING
            || self.past.front().is_some_and(|first| self.past_samples - first.samples >= WARM_UP)
        {
            let Some(old) = self.past.pop_front() else { return };
            self.past_samples -= old.samples;
            self.spare.push(old);
        }
    }

    /// Samples that waiting packets of one kind hold, as far as they could be handed on in one packet.
    fn in_line(&self) -> usize {
        let Some(first) = self.waiting.front() else { return 0 };
        let run = self.waiting.iter().take_while(|slot| slot.kind == first.kind);
        run.map(|slot| slot.samples).sum::<usize>() - self.passed_frames * first.frame
    }

    /// More packets would help to hand on `want` samples.
    pub(crate) fn wants_more(&self, want: usize) -> bool {
        self.passes
            && self.ready.is_empty()
            && self.has_room()
            && self.in_line() < want
            && self.waiting.iter().all(|slot| slot.kind == self.waiting[0].kind)
    }

    /// Writes one packet of exactly `want` samples and at most `max` bytes, and says how many samples of it count as
    /// heard; `None` leaves everything as it was.
    pub(crate) fn pass(&mut self, want: usize, max: usize, out: &mut Vec<u8>) -> Option<usize> {
        if !self.passes || !self.ready.is_empty() {
            return None;
        }
        // What only prepares the decoder is not sent.
        while self.waiting.front().is_some_and(|slot| slot.keep == 0 && self.passed_frames == 0) {
            let slot = self.waiting.pop_front()?;
            self.remember(slot);
            self.cold = true;
        }
        let frame = self.waiting.front()?.frame;
        if !want.is_multiple_of(frame) || self.in_line() < want {
            return None;
        }
        let first = self.passed_frames;
        let last = first + want / frame;
        self.repacketizer.clear();
        for slot in &self.waiting {
            if self.repacketizer.frames() >= last {
                break;
            }
            self.repacketizer.push(&slot.bytes).ok()?;
        }
        out.resize(max, 0);
        let written = self.repacketizer.write(first, last, out);
        out.truncate(written.unwrap_or(0));
        if out.is_empty() {
            return None;
        }
        self.cold = true;
        let mut heard = 0;
        let mut left = want;
        while left > 0 {
            let slot = self.waiting.front()?;
            let from = self.passed_frames * slot.frame;
            let upto = (from + left).min(slot.samples);
            heard += upto.min(slot.skip + slot.keep).saturating_sub(from.max(slot.skip));
            left -= upto - from;
            if upto < slot.samples {
                self.passed_frames = upto / slot.frame;
            } else {
                self.passed_frames = 0;
                let slot = self.waiting.pop_front()?;
                self.remember(slot);
            }
        }
        Some(heard)
    }
}
