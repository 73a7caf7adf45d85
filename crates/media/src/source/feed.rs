//! Reading ahead: records in a ring between the thread that reads files and the one that plays them.
//!
//! A record is eight bytes of head and an even number of bytes of sound. The ring of a file holds a quarter of a second
//! of PCM, or several seconds of packets. The player wakes the reader when half of it has been played. Seeks and
//! rounds are records too, so both ends agree on the order of everything.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rtrb::{Consumer, Producer, RingBuffer};

use super::SourceError;
use super::reader::{Piece, Reader, Step};
use crate::MediaTime;
use crate::pool::{Next as When, Pool, Task};

/// A quarter of a second of PCM and the heads of its records.
const PCM_RING: usize = 24 * 1024;
/// The longest packet, a few ordinary ones, and their heads.
const PACKET_RING: usize = 12 * 1024;
/// Samples of PCM in one record at most.
const PCM_RECORD: usize = 960;
/// Bytes of a record's head.
pub(super) const HEAD: usize = 8;

/// Two, so that one stuck network disk silences at most half of the files.
pub(super) static READERS: Pool<Feeder, 2> = Pool::new("offhook-read");

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// So many bytes of 16-bit PCM follow.
    Pcm { bytes: usize },
    /// A packet of so many bytes follows (and a byte of padding if odd).
    Packet { bytes: usize, skip: u16, keep: u16 },
    /// The end of the sound; another round follows if the source repeats.
    End,
    /// From here on the sound is that of the numbered seek.
    Sought { number: u32 },
    /// Reading failed; the reason is in [`Shared::failure`].
    Failed,
}

impl Record {
    fn head(self) -> [u8; HEAD] {
        let pack = |kind: u8, len: usize, a: u16, b: u16| {
            let (len, a, b) = ((len as u16).to_le_bytes(), a.to_le_bytes(), b.to_le_bytes());
            [kind, 0, len[0], len[1], a[0], a[1], b[0], b[1]]
        };
        match self {
            Self::Pcm { bytes } => pack(0, bytes, 0, 0),
            Self::Packet { bytes, skip, keep } => pack(1, bytes, skip, keep),
            Self::End => pack(2, 0, 0, 0),
            Self::Sought { number } => pack(3, 0, number as u16, (number >> 16) as u16),
            Self::Failed => pack(4, 0, 0, 0),
        }
    }

    /// The record whose head this is; both ends are ours.
    pub(super) fn parse(head: [u8; HEAD]) -> Self {
        let half = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let bytes = usize::from(half(2));
        match head[0] {
            0 => Self::Pcm { bytes },
            1 => Self::Packet { bytes, skip: half(4), keep: half(6) },
            2 => Self::End,
            3 => Self::Sought { number: u32::from(half(4)) | u32::from(half(6)) << 16 },
            _ => Self::Failed,
        }
    }
}

/// What player and reader tell each other beside the ring. Nothing here is ever waited for.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Number of the last seek asked for, and where to.
    pub(super) seek_number: AtomicU32,
    pub(super) seek_to: AtomicU64,
    pub(super) repeat: AtomicBool,
    /// The player has asked for more since the reader last looked.
    pub(super) asked: AtomicBool,
    pub(super) failure: OnceLock<SourceError>,
}

/// The reading end: a file and the ring it fills.
pub(super) struct Feeder {
    reader: Box<dyn Reader>,
    ring: Producer<u8>,
    shared: Arc<Shared>,
    piece: Piece,
    /// Samples of `piece.pcm` already in the ring.
    sent: usize,
    next: Next,
    sought: u32,
    /// Something was heard in this round: a sound of no length must not repeat for ever.
    heard: bool,
}

/// What goes into the ring next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Read,
    Pcm,
    Record(Record),
    /// After the end or a failure, until a seek or a round.
    Nothing,
}

/// A ring with `reader` behind it.
pub(super) fn feed(reader: Box<dyn Reader>, packets: bool) -> (Feeder, Consumer<u8>, Arc<Shared>) {
    let (ring, consumer) = RingBuffer::new(if packets { PACKET_RING } else { PCM_RING });
    let shared = Arc::new(Shared::default());
    let feeder = Feeder {
        reader,
        ring,
        shared: Arc::clone(&shared),
        piece: Piece::default(),
        sent: 0,
        next: Next::Read,
        sought: 0,
        heard: false,
    };
    (feeder, consumer, shared)
}

impl Task for Feeder {
    fn step(&mut self) -> When {
        if self.is_abandoned() {
            return When::Done;
        }
        if !self.is_wanted() {
            return When::Woken;
        }
        self.fill();
        When::Turn
    }
}

impl Feeder {
    /// Nobody plays this any more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.ring.is_abandoned()
    }

    /// The player has asked for more.
    pub(super) fn is_wanted(&self) -> bool {
        self.shared.asked.load(Ordering::Acquire)
    }

    /// Fills the ring as far as it goes. Blocks on the file system only.
    pub(super) fn fill(&mut self) {
        self.shared.asked.store(false, Ordering::Release);
        // Decoders of other people's formats are other people's code: one that panics must not silence every call.
        if catch_unwind(AssertUnwindSafe(|| self.fill_ring())).is_err() {
            self.fail(SourceError::Custom(format!("the decoder of {} broke down", self.reader.info().title)));
            self.push_control();
        }
    }

    fn fill_ring(&mut self) {
        loop {
            self.look_for_seek();
            match self.next {
                Next::Nothing => {
                    if !(self.shared.repeat.load(Ordering::Acquire) && self.heard) {
                        return;
                    }
                    self.begin_again();
                }
                Next::Read => self.read(),
                Next::Pcm => {
                    if !self.push_pcm() {
                        return;
                    }
                }
                Next::Record(_) => {
                    if !self.push_control() {
                        return;
                    }
                }
            }
        }
    }

    fn look_for_seek(&mut self) {
        let number = self.shared.seek_number.load(Ordering::Acquire);
        if number == self.sought {
            return;
        }
        self.sought = number;
        let to = MediaTime::from_samples(self.shared.seek_to.load(Ordering::Acquire));
        match self.reader.seek(to) {
            Ok(()) => self.next = Next::Record(Record::Sought { number }),
            Err(error) => self.fail(error),
        }
    }

    fn begin_again(&mut self) {
        self.heard = false;
        match self.reader.seek(MediaTime::ZERO) {
            Ok(()) => self.next = Next::Read,
            Err(error) => self.fail(error),
        }
    }

    fn read(&mut self) {
        self.next = match self.reader.next(&mut self.piece) {
            Ok(Step::Pcm) if self.piece.pcm.is_empty() => Next::Read,
            Ok(Step::Pcm) => {
                self.sent = 0;
                Next::Pcm
            }
            Ok(Step::Packet { skip, keep }) => {
                Next::Record(Record::Packet { bytes: self.piece.packet.len(), skip, keep })
            }
            Ok(Step::End) => Next::Record(Record::End),
            Err(error) => return self.fail(error),
        };
    }

    fn fail(&mut self, error: SourceError) {
        // The first reason is the one that counts.
        let _ = self.shared.failure.set(error);
        self.heard = false;
        self.next = Next::Record(Record::Failed);
    }

    fn push_pcm(&mut self) -> bool {
        let rest = &self.piece.pcm[self.sent..];
        let count = rest.len().min(PCM_RECORD);
        let bytes = count * 2;
        let Ok(mut chunk) = self.ring.write_chunk(HEAD + bytes) else { return false };
        let head = Record::Pcm { bytes }.head();
        let sound = rest[..count].iter().flat_map(|sample| sample.to_le_bytes());
        let (a, b) = chunk.as_mut_slices();
        a.iter_mut().chain(b).zip(head.into_iter().chain(sound)).for_each(|(slot, byte)| *slot = byte);
        chunk.commit_all();
        self.heard = true;
        self.sent += count;
        if self.sent == self.piece.pcm.len() {
            self.next = Next::Read;
        }
        true
    }

    fn push_control(&mut self) -> bool {
        let Next::Record(record) = self.next else { return true };
        let (sound, then) = match record {
            Record::Packet { .. } => (self.piece.packet.as_slice(), Next::Read),
            Record::End | Record::Failed => (&[][..], Next::Nothing),
            _ => (&[][..], Next::Read),
        };
        let len = HEAD + sound.len().next_multiple_of(2);
        let Ok(mut chunk) = self.ring.write_chunk(len) else { return false };
        let (a, b) = chunk.as_mut_slices();
        let bytes = record.head().into_iter().chain(sound.iter().copied());
        a.iter_mut().chain(b).zip(bytes).for_each(|(slot, byte)| *slot = byte);
        chunk.commit_all();
        self.heard |= !sound.is_empty();
        self.next = then;
        true
    }
}
