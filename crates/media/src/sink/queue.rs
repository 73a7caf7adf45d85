//! Between the media thread and the one that writes: a bounded ring of records.
//!
//! A full ring loses what does not fit. The loss is counted, and its time comes out as silence once there is room
//! again, so that everything after it is where it belongs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use rtrb::{Consumer, Producer, RingBuffer};

use super::{Closing, Report, Sink};
use crate::MediaTime;
use crate::pool::Waker;

/// One second of PCM in frames of 20 ms, with the heads of the records.
const PCM_RING: usize = 50 * (1920 + HEAD);
/// Several seconds of packets at call bitrates.
const PACKET_RING: usize = 16 * 1024;
/// Samples in one record at most.
const PCM_RECORD: usize = 960;
/// Bytes of a record's head.
const HEAD: usize = 6;
/// Gap records are cut to this many samples, which fits their field.
const MAX_GAP: u64 = u32::MAX as u64;

/// One record, as the writer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record<'a> {
    /// 16-bit little-endian samples.
    Pcm(&'a [u8]),
    /// One Opus packet.
    Packet(&'a [u8]),
    /// So many samples without sound.
    Gap(u64),
}

const KIND_PCM: u8 = 0;
const KIND_PACKET: u8 = 1;
const KIND_GAP: u8 = 2;

#[derive(Debug, Default)]
struct Shared {
    asked: AtomicBool,
    /// Loss still to be written as silence when the ring was closed.
    tail_gap: AtomicU64,
    frames: AtomicU64,
    lost: AtomicU64,
}

/// The end that takes frames.
pub(super) struct QueuedSink {
    ring: Producer<u8>,
    shared: Arc<Shared>,
    /// Samples lost and not yet written as a gap.
    owed: u64,
    frames: u64,
    lost: u64,
    packets: bool,
    waker: Waker,
    report: Option<Receiver<Report>>,
}

/// The end that is written from.
pub(super) struct Queue {
    ring: Consumer<u8>,
    shared: Arc<Shared>,
    scratch: Vec<u8>,
    pub(super) report: Sender<Report>,
}

/// A ring; `adopt` gives the writing end to its thread and returns what wakes it.
pub(super) fn queue(
    packets: bool,
    adopt: impl FnOnce(Queue) -> std::io::Result<Waker>,
) -> std::io::Result<QueuedSink> {
    let (producer, consumer) = RingBuffer::new(if packets { PACKET_RING } else { PCM_RING });
    let shared = Arc::new(Shared::default());
    let (report, receiver) = channel();
    let queue = Queue { ring: consumer, shared: Arc::clone(&shared), scratch: Vec::new(), report };
    let waker = adopt(queue)?;
    let report = Some(receiver);
    Ok(QueuedSink { ring: producer, shared, owed: 0, frames: 0, lost: 0, packets, waker, report })
}

impl QueuedSink {
    fn push(&mut self, kind: u8, value: u32, sound: impl Iterator<Item = u8>, bytes: usize) -> bool {
        let Ok(mut chunk) = self.ring.write_chunk(HEAD + bytes) else { return false };
        let v = value.to_le_bytes();
        let head = [kind, 0, v[0], v[1], v[2], v[3]];
        let (a, b) = chunk.as_mut_slices();
        a.iter_mut().chain(b).zip(head.into_iter().chain(sound)).for_each(|(slot, byte)| *slot = byte);
        chunk.commit_all();
        true
    }

    /// Writes what is owed, if there is room for that and for `bytes` more.
    fn settle(&mut self, bytes: usize) -> bool {
        let need = if self.owed > 0 { 2 * HEAD + bytes } else { HEAD + bytes };
        if self.ring.slots() < need {
            return false;
        }
        if self.owed > 0 {
            let gap = self.owed.min(MAX_GAP);
            self.push(KIND_GAP, gap as u32, std::iter::empty(), 0);
            self.owed -= gap;
        }
        true
    }

    fn lose(&mut self, samples: u64) {
        self.owed += samples;
        self.lost += samples;
        self.shared.lost.store(self.lost, Ordering::Relaxed);
        self.shared.tail_gap.store(self.owed, Ordering::Relaxed);
    }

    fn count_and_wake(&mut self) {
        self.frames += 1;
        self.shared.frames.store(self.frames, Ordering::Relaxed);
        self.shared.tail_gap.store(self.owed, Ordering::Relaxed);
        let capacity = self.ring.buffer().capacity();
        let used = capacity - self.ring.slots();
        if used > capacity / 4 && !self.shared.asked.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
    }
}

impl Sink for QueuedSink {
    fn write(&mut self, pcm: &[i16]) {
        for piece in pcm.chunks(PCM_RECORD) {
            let bytes = piece.len() * 2;
            let sound = piece.iter().flat_map(|sample| sample.to_le_bytes());
            if !(self.settle(bytes) && self.push(KIND_PCM, bytes as u32, sound, bytes)) {
                self.lose(piece.len() as u64);
            }
        }
        self.count_and_wake();
    }

    fn wants_packets(&self) -> bool {
        self.packets
    }

    fn write_packet(&mut self, packet: &[u8]) {
        // What is no packet has no time of its own; the owner sends a gap for it.
        let Ok(samples) = offhook_opus::packet::samples(packet) else { return };
        let bytes = packet.len();
        if !(self.settle(bytes) && self.push(KIND_PACKET, bytes as u32, packet.iter().copied(), bytes)) {
            self.lose(samples as u64);
        }
        self.count_and_wake();
    }

    fn write_gap(&mut self, time: Duration) {
        // Owed like a loss, but not counted as one.
        self.owed += MediaTime::from_duration(time).samples();
        self.settle(0);
        self.count_and_wake();
    }

    fn close(mut self: Box<Self>) -> Closing {
        match self.report.take() {
            Some(report) => Closing::of(report),
            None => Closing::done(Report::default()),
        }
        // Dropping the ring and then the waker tells the writer that this was all.
    }
}

impl Queue {
    /// The sink is gone: what is in the ring is the last.
    pub(super) fn is_abandoned(&self) -> bool {
        self.ring.is_abandoned()
    }

    /// There is something to write, or to finish.
    pub(super) fn is_wanted(&self) -> bool {
        self.shared.asked.load(Ordering::Acquire) || self.is_abandoned()
    }

    /// From now on the sink wakes the writer again.
    pub(super) fn listen(&self) {
        self.shared.asked.store(false, Ordering::Release);
    }

    /// Silence owed after the last record; to be asked once, when the ring is empty and abandoned.
    pub(super) fn tail_gap(&self) -> u64 {
        self.shared.tail_gap.load(Ordering::Acquire)
    }

    /// Frames given and samples lost so far.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.shared.frames.load(Ordering::Relaxed), self.shared.lost.load(Ordering::Relaxed))
    }

    /// Takes the next record; false when there is none.
    pub(super) fn take(&mut self, with: impl FnOnce(Record<'_>)) -> bool {
        let mut head = [0; HEAD];
        if self.ring.pop_entire_slice(&mut head).is_err() {
            return false;
        }
        let value = u32::from_le_bytes([head[2], head[3], head[4], head[5]]);
        if head[0] == KIND_GAP {
            with(Record::Gap(value.into()));
            return true;
        }
        // The ring is committed a record at a time: with the head, the sound is there.
        self.scratch.resize(value as usize, 0);
        if self.ring.pop_entire_slice(&mut self.scratch).is_err() {
            return false;
        }
        with(match head[0] {
            KIND_PACKET => Record::Packet(&self.scratch),
            _ => Record::Pcm(&self.scratch),
        });
        true
    }
}
