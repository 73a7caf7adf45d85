//! A short sound encoded once and played from its beginning by any number of calls.

use std::sync::Arc;
use std::time::Duration;

use offhook_opus::{Bitrate, Error};

use crate::profile::{MAX_PACKET, clamp_bitrate};
use crate::source::packets::PacketPlayer;
use crate::{FRAME_SAMPLES, FrameLen, Info, MediaTime, Profile, Pulled, PulledPacket, SeekError, Source};

/// The longest clip: an hour. Longer sound is read from its file.
const LONGEST: u64 = 48_000 * 3600;

/// An announcement in memory as packets. Cloning is cheap and shares them.
#[derive(Clone, Debug)]
pub struct Clip {
    shared: Arc<Packets>,
}

#[derive(Debug)]
struct Packets {
    bytes: Vec<u8>,
    /// Where each packet ends in `bytes`.
    ends: Vec<usize>,
    frame: FrameLen,
    /// Samples of the codec's delay before the first of the sound.
    lead: u64,
    samples: u64,
    info: Info,
}

impl Packets {
    fn packet(&self, index: usize) -> Option<&[u8]> {
        let begin = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        Some(&self.bytes[begin..*self.ends.get(index)?])
    }
}

impl Clip {
    /// Pulls `source` to its end (an hour of it at most) and encodes it: not for the media thread.
    ///
    /// Give it a source that is never late: memory, or a file opened with [`crate::SourceSpec::inline`].
    ///
    /// # Errors
    /// Out of memory.
    pub fn encode(mut source: Box<dyn Source>, profile: Profile, frame: FrameLen) -> Result<Self, Error> {
        let mut encoder = profile.encoder()?;
        encoder.set_bitrate(Bitrate::Bits(clamp_bitrate(profile.bitrate(), frame)))?;
        let lead = encoder.lookahead()? as u64;
        let mut packets = Packets {
            bytes: Vec::new(),
            ends: Vec::new(),
            frame,
            lead,
            samples: 0,
            info: source.info().clone(),
        };
        let mut pcm = vec![0; frame.samples()];
        let mut out = [0; MAX_PACKET];
        let mut over = false;
        loop {
            let mut filled = 0;
            while filled < pcm.len() && !over {
                let room = FRAME_SAMPLES.min(pcm.len() - filled);
                let (count, ended) = match source.pull(&mut pcm[filled..filled + room]) {
                    Pulled::Pcm => (room, packets.samples >= LONGEST),
                    Pulled::Dry(count) => (count, packets.samples >= LONGEST || count == 0),
                    Pulled::End(count) | Pulled::Failed(count, _) => (count, true),
                };
                filled += count;
                packets.samples += count as u64;
                over = ended;
            }
            pcm[filled..].fill(0);
            let len = encoder.encode(&pcm, &mut out)?;
            packets.bytes.extend_from_slice(&out[..len]);
            packets.ends.push(packets.bytes.len());
            // The codec is behind by its look-ahead: the last of the sound needs packets of its own.
            if over && (packets.ends.len() * frame.samples()) as u64 >= packets.samples + lead {
                break;
            }
        }
        packets.info.duration = Some(MediaTime::from_samples(packets.samples));
        packets.info.live = false;
        Ok(Self { shared: Arc::new(packets) })
    }

    /// What is known about it.
    #[must_use]
    pub fn info(&self) -> &Info {
        &self.shared.info
    }

    /// Bytes of all packets.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.shared.bytes.len()
    }

    /// A source for one call.
    ///
    /// # Errors
    /// Out of memory.
    pub fn source(&self) -> Result<Box<dyn Source>, Error> {
        let player = PacketPlayer::new(0)?;
        let shared = Arc::clone(&self.shared);
        Ok(Box::new(ClipSource { shared, player, next: 0, from: 0, position: 0, repeat: false }))
    }
}

/// One player of a [`Clip`].
struct ClipSource {
    shared: Arc<Packets>,
    player: PacketPlayer,
    /// The packet that goes to the player next.
    next: usize,
    /// First sample to be heard, the codec's delay not counted.
    from: u64,
    position: u64,
    repeat: bool,
}

impl ClipSource {
    /// Gives the player its next packet; false at the end.
    fn feed(&mut self) -> bool {
        let Some(packet) = self.shared.packet(self.next) else { return false };
        let len = self.shared.frame.samples() as u64;
        let begin = self.next as u64 * len;
        // What of this packet is sound, on the scale that counts the codec's delay.
        let first = (self.from + self.shared.lead).clamp(begin, begin + len) - begin;
        let last = (self.shared.samples + self.shared.lead).clamp(begin, begin + len) - begin;
        let keep = last.saturating_sub(first);
        self.player.push(first as usize, keep as usize, |slot| slot.extend_from_slice(packet));
        self.next += 1;
        true
    }

    fn is_over(&self) -> bool {
        self.position >= self.shared.samples
    }

    fn rewind(&mut self, to: u64) {
        self.player.clear();
        self.from = to;
        self.position = to;
        // Two packets early, for the decoder to settle.
        let index = (to + self.shared.lead) / self.shared.frame.samples() as u64;
        let early = 3840 / self.shared.frame.samples() as u64 + 1;
        self.next = index.saturating_sub(if to == 0 { index } else { early }) as usize;
    }
}

impl Source for ClipSource {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        let mut filled = 0;
        while filled < out.len() && !self.is_over() {
            let count = self.player.pull(&mut out[filled..]);
            filled += count;
            self.position += count as u64;
            if count == 0 && !self.feed() {
                self.position = self.shared.samples;
            }
        }
        if !self.is_over() {
            return Pulled::Pcm;
        }
        if self.repeat {
            self.rewind(0);
        }
        Pulled::End(filled)
    }

    fn pull_packet(&mut self, want: Duration, max: usize, out: &mut Vec<u8>) -> PulledPacket {
        let want = MediaTime::from_duration(want).samples() as usize;
        if self.is_over() {
            return PulledPacket::No;
        }
        while self.player.wants_more(want) && self.feed() {}
        match self.player.pass(want, max, out) {
            Some(heard) => {
                self.position += heard as u64;
                PulledPacket::Yes
            }
            None => PulledPacket::No,
        }
    }

    fn position(&self) -> MediaTime {
        MediaTime::from_samples(self.position)
    }

    fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        let end = MediaTime::from_samples(self.shared.samples);
        if to > end {
            return Err(SeekError::BehindEnd { end });
        }
        self.rewind(to.samples());
        Ok(())
    }

    fn set_repeat(&mut self, on: bool) -> bool {
        self.repeat = on;
        if on && self.is_over() {
            self.rewind(0);
        }
        true
    }

    fn info(&self) -> &Info {
        &self.shared.info
    }
}
