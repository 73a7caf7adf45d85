//! One source, encoded once, heard by many calls.
//!
//! The packets lie in a ring of a second. There is no thread: the listener that is furthest on encodes the next packet
//! when the ring holds less than one packet more than it needs, all others find it ready. All clocks are the same, so
//! whoever dials in last is the one with the work. A listener that cannot get at the encoder because another call's
//! thread is in it has the spare packet; it never waits.
//!
//! A slot is words of atomics under a sequence number (a seqlock), written by whoever holds the encoder and copied by
//! anyone: a copy during which the number changed is thrown away.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, OnceLock, TryLockError};
use std::time::Duration;

use offhook_opus::{Bitrate, Encoder, Error};

use crate::profile::{MAX_PACKET, clamp_bitrate};
use crate::source::packets::PacketPlayer;
use crate::{FRAME_SAMPLES, FrameLen, Info, MediaTime, Profile, Pulled, PulledPacket, Source, SourceError};

/// Packets in the ring: a listener may fall behind by this many, less the two around the head.
const SLOTS: u64 = 16;
/// Packets ready beyond the one that is needed.
const SPARE: u64 = 1;
/// Words of a slot.
const WORDS: usize = 128;
/// `ended` while it has not.
const NEVER: u64 = u64::MAX;

/// One source that any number of calls listen to together, as to a radio. Cloning is cheap and shares it.
///
/// While nobody listens nothing is pulled: a file stands still, the writer of a FIFO waits.
#[derive(Clone)]
pub struct Broadcast {
    shared: Arc<Shared>,
}

struct Shared {
    slots: Box<[Slot]>,
    /// Packets made so far.
    head: AtomicU64,
    /// Packets there will ever be, once that is known.
    ended: AtomicU64,
    failure: OnceLock<SourceError>,
    dry: AtomicU64,
    station: Mutex<Station>,
    frame: FrameLen,
    info: Info,
}

struct Slot {
    /// Twice the number of the packet, plus two; odd while it is written.
    version: AtomicU64,
    len: AtomicU64,
    words: [AtomicU64; WORDS],
}

/// Source and encoder: who holds them makes the next packet.
struct Station {
    source: Box<dyn Source>,
    encoder: Encoder,
    pcm: Vec<i16>,
    packet: Vec<u8>,
    over: bool,
}

impl Broadcast {
    /// Encodes `source` in packets of `frame` for all listeners.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new(source: Box<dyn Source>, profile: Profile, frame: FrameLen) -> Result<Self, Error> {
        let mut encoder = profile.encoder()?;
        encoder.set_bitrate(Bitrate::Bits(clamp_bitrate(profile.bitrate(), frame)))?;
        let info = Info { live: true, duration: None, ..source.info().clone() };
        let slot = || Slot {
            version: AtomicU64::new(0),
            len: AtomicU64::new(0),
            words: [const { AtomicU64::new(0) }; WORDS],
        };
        let station = Station {
            source,
            encoder,
            pcm: vec![0; frame.samples()],
            packet: Vec::with_capacity(MAX_PACKET),
            over: false,
        };
        let shared = Shared {
            slots: (0..SLOTS).map(|_| slot()).collect(),
            head: AtomicU64::new(0),
            ended: AtomicU64::new(NEVER),
            failure: OnceLock::new(),
            dry: AtomicU64::new(0),
            station: Mutex::new(station),
            frame,
            info,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// A source for one call, at what is now on air.
    ///
    /// # Errors
    /// Out of memory.
    pub fn listen(&self) -> Result<Listener, Error> {
        let shared = Arc::clone(&self.shared);
        let next = shared.head.load(Ordering::Acquire);
        let player = PacketPlayer::new(0)?;
        Ok(Listener {
            shared,
            player,
            packet: Vec::with_capacity(WORDS * 8),
            next,
            position: 0,
            skipped: 0,
            dry: 0,
        })
    }

    /// Packets encoded so far, however many listen.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.shared.head.load(Ordering::Acquire)
    }
}

/// One call's ear on a [`Broadcast`].
pub struct Listener {
    shared: Arc<Shared>,
    player: PacketPlayer,
    packet: Vec<u8>,
    /// The packet that goes to the player next.
    next: u64,
    position: u64,
    skipped: u64,
    dry: u64,
}

/// What the ring has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Packet,
    NotYet,
    Over,
}

impl Listener {
    /// Packets missed because this call did not listen for more than the ring holds, as after a pause.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Gives the player its next packet.
    fn feed(&mut self) -> Found {
        self.shared.produce(self.next + 1 + SPARE);
        loop {
            if self.next >= self.shared.ended.load(Ordering::Acquire) {
                return Found::Over;
            }
            let head = self.shared.head.load(Ordering::Acquire);
            if self.next >= head {
                return Found::NotYet;
            }
            if self.shared.copy(self.next, &mut self.packet) {
                break;
            }
            // Overwritten: on to what is on air now.
            let now = head.saturating_sub(1 + SPARE).max(self.next + 1);
            self.skipped += now - self.next;
            self.next = now;
        }
        self.next += 1;
        let packet = &self.packet;
        self.player.push(0, usize::MAX, |slot| slot.extend_from_slice(packet));
        Found::Packet
    }
}

impl Shared {
    /// Sees to it that there are `wanted` packets, if the encoder is free.
    fn produce(&self, wanted: u64) {
        if self.head.load(Ordering::Acquire) >= wanted {
            return;
        }
        let mut station = match self.station.try_lock() {
            Ok(station) => station,
            Err(TryLockError::WouldBlock) => return,
            // A source that panicked in another call is not asked again.
            Err(TryLockError::Poisoned(_)) => {
                self.ended.store(self.head.load(Ordering::Acquire), Ordering::Release);
                return;
            }
        };
        while !station.over && self.head.load(Ordering::Acquire) < wanted {
            let number = self.head.load(Ordering::Acquire);
            match station.make(self) {
                true => {
                    self.publish(number, &station.packet);
                    self.head.store(number + 1, Ordering::Release);
                }
                false => station.over = true,
            }
            if station.over {
                self.ended.store(self.head.load(Ordering::Acquire), Ordering::Release);
            }
        }
    }

    fn publish(&self, number: u64, packet: &[u8]) {
        let slot = &self.slots[(number % SLOTS) as usize];
        slot.version.store(2 * number + 1, Ordering::Relaxed);
        // The odd number is seen before any of the words changes.
        fence(Ordering::Release);
        slot.len.store(packet.len() as u64, Ordering::Relaxed);
        for (word, bytes) in slot.words.iter().zip(packet.chunks(8)) {
            let mut padded = [0; 8];
            padded[..bytes.len()].copy_from_slice(bytes);
            word.store(u64::from_le_bytes(padded), Ordering::Relaxed);
        }
        slot.version.store(2 * number + 2, Ordering::Release);
    }

    /// Copies a packet; false when the ring no longer has it.
    fn copy(&self, number: u64, out: &mut Vec<u8>) -> bool {
        let slot = &self.slots[(number % SLOTS) as usize];
        if slot.version.load(Ordering::Acquire) != 2 * number + 2 {
            return false;
        }
        let len = (slot.len.load(Ordering::Relaxed) as usize).min(WORDS * 8);
        out.clear();
        for word in &slot.words[..len.div_ceil(8)] {
            out.extend_from_slice(&word.load(Ordering::Relaxed).to_le_bytes());
        }
        out.truncate(len);
        // The words are read before the number is looked at again.
        fence(Ordering::Acquire);
        slot.version.load(Ordering::Relaxed) == 2 * number + 2
    }
}

impl Station {
    /// The next packet into `self.packet`; false when there is none any more.
    fn make(&mut self, shared: &Shared) -> bool {
        let Self { source, encoder, pcm, packet, over } = self;
        if source.pull_packet(shared.frame.duration(), MAX_PACKET, packet) == PulledPacket::Yes {
            return true;
        }
        let mut filled = 0;
        for frame in pcm.chunks_mut(FRAME_SAMPLES) {
            if *over {
                frame.fill(0);
                continue;
            }
            let count = match source.pull(frame) {
                Pulled::Pcm => frame.len(),
                Pulled::Dry(count) => {
                    shared.dry.fetch_add((frame.len() - count) as u64, Ordering::Relaxed);
                    frame[count..].fill(0);
                    frame.len()
                }
                Pulled::End(count) => {
                    *over = true;
                    count
                }
                Pulled::Failed(count, error) => {
                    *over = true;
                    // The first reason is the one that counts.
                    let _ = shared.failure.set(error);
                    count
                }
            };
            frame[count..].fill(0);
            filled += count;
        }
        if filled == 0 {
            return false;
        }
        packet.resize(MAX_PACKET, 0);
        match encoder.encode(pcm, packet) {
            Ok(len) => packet.truncate(len),
            Err(error) => {
                let _ = shared.failure.set(SourceError::Custom(error.to_string()));
                return false;
            }
        }
        true
    }
}

impl Source for Listener {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        let mut filled = 0;
        while filled < out.len() {
            filled += self.player.pull(&mut out[filled..]);
            if filled == out.len() {
                break;
            }
            match self.feed() {
                Found::Packet => {}
                Found::NotYet => break,
                Found::Over => {
                    self.position += filled as u64;
                    return match self.shared.failure.get() {
                        Some(error) => Pulled::Failed(filled, error.clone()),
                        None => Pulled::End(filled),
                    };
                }
            }
        }
        self.position += filled as u64;
        if filled == out.len() {
            return Pulled::Pcm;
        }
        out[filled..].fill(0);
        self.dry += (out.len() - filled) as u64;
        Pulled::Dry(filled)
    }

    fn pull_packet(&mut self, want: Duration, max: usize, out: &mut Vec<u8>) -> PulledPacket {
        let want = MediaTime::from_duration(want).samples() as usize;
        while self.player.wants_more(want) && self.feed() == Found::Packet {}
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

    fn info(&self) -> &Info {
        &self.shared.info
    }

    fn dry_samples(&self) -> u64 {
        self.dry + self.shared.dry.load(Ordering::Relaxed)
    }
}
