//! The playing end of a file: takes records from the ring and gives frames.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rtrb::Consumer;

use super::feed::{Feeder, HEAD, Record, Shared};
use super::packets::PacketPlayer;
use super::{Info, Pulled, PulledPacket, SeekError, Source, SourceError};
use crate::MediaTime;
use crate::pool::Waker;

/// A file that is read ahead, or read where it is pulled.
pub(super) struct FileSource {
    ring: Consumer<u8>,
    shared: Arc<Shared>,
    reading: Reading,
    packets: Option<Box<PacketPlayer>>,
    /// Bytes of the PCM record that are still in the ring.
    pending: usize,
    position: MediaTime,
    /// The seek whose sound has not arrived yet.
    awaited: Option<u32>,
    /// All has been pulled; only a seek or a round goes on.
    over: bool,
    failed: bool,
    dry: u64,
    info: Info,
}

/// Who reads the file. Dropped last, so that the reader thread finds the ring abandoned.
pub(super) enum Reading {
    Ahead(Waker),
    Here(Box<Feeder>),
}

impl FileSource {
    /// The playing end for a ring; `packets` decodes when the records are packets.
    pub(super) fn new(
        ring: Consumer<u8>,
        shared: Arc<Shared>,
        reading: Reading,
        packets: Option<PacketPlayer>,
        info: Info,
    ) -> Self {
        Self {
            ring,
            shared,
            reading,
            packets: packets.map(Box::new),
            pending: 0,
            position: MediaTime::ZERO,
            awaited: None,
            over: false,
            failed: false,
            dry: 0,
            info,
        }
    }

    /// Sees to it that there is something to take.
    fn refill(&mut self) {
        match &mut self.reading {
            Reading::Here(feeder) => feeder.fill(),
            Reading::Ahead(waker) => {
                let half = self.ring.buffer().capacity() / 2;
                if self.ring.slots() < half && !self.shared.asked.swap(true, Ordering::AcqRel) {
                    waker.wake();
                }
            }
        }
    }

    fn peek(&mut self) -> Option<Record> {
        let chunk = self.ring.read_chunk(HEAD).ok()?;
        let mut head = [0; HEAD];
        let (a, b) = chunk.as_slices();
        head.iter_mut().zip(a.iter().chain(b)).for_each(|(slot, &byte)| *slot = byte);
        Some(Record::parse(head))
    }

    fn drop_bytes(&mut self, count: usize) {
        if let Ok(chunk) = self.ring.read_chunk(count) {
            chunk.commit_all();
        }
    }

    /// Takes records up to the sound that was sought; true when it is there.
    fn catch_up(&mut self) -> bool {
        let Some(awaited) = self.awaited else { return true };
        if self.pending > 0 {
            let pending = std::mem::take(&mut self.pending);
            self.drop_bytes(pending);
        }
        loop {
            match self.peek() {
                None => return false,
                Some(Record::Sought { number }) => {
                    self.drop_bytes(HEAD);
                    if number == awaited {
                        self.awaited = None;
                        return true;
                    }
                }
                Some(Record::Failed) => {
                    // Reading broke down before or by the seek: the failure is what comes next.
                    self.awaited = None;
                    return true;
                }
                Some(Record::Pcm { bytes }) => self.drop_bytes(HEAD + bytes),
                Some(Record::Packet { bytes, .. }) => self.drop_bytes(HEAD + bytes.next_multiple_of(2)),
                Some(Record::End) => self.drop_bytes(HEAD),
            }
        }
    }

    /// Catches up; a file read here is read on when the ring was full of what is not wanted any more.
    fn is_caught_up(&mut self) -> bool {
        if self.catch_up() {
            return true;
        }
        if matches!(self.reading, Reading::Here(_)) {
            self.refill();
            return self.catch_up();
        }
        false
    }

    /// Moves waiting packets from the ring to the player, up to the next record of another kind.
    fn take_packet(&mut self) -> bool {
        let Some(Record::Packet { bytes, skip, keep }) = self.peek() else { return false };
        let Some(player) = &mut self.packets else { return false };
        let Ok(chunk) = self.ring.read_chunk(HEAD + bytes.next_multiple_of(2)) else { return false };
        player.push(skip.into(), keep.into(), |slot| {
            let (a, b) = chunk.as_slices();
            let cut = a.len().min(HEAD + bytes);
            slot.extend_from_slice(a.get(HEAD..cut).unwrap_or(&[]));
            let begin = HEAD.saturating_sub(a.len());
            slot.extend_from_slice(
                &b[begin.min(b.len())..(HEAD + bytes).saturating_sub(a.len()).min(b.len())],
            );
        });
        chunk.commit_all();
        true
    }

    fn take_pcm(&mut self, out: &mut [i16]) -> usize {
        let count = (self.pending / 2).min(out.len());
        let Ok(chunk) = self.ring.read_chunk(count * 2) else { return 0 };
        let (a, b) = chunk.as_slices();
        // Ring and records are even, so no sample lies across the seam.
        let pairs = a.chunks_exact(2).chain(b.chunks_exact(2));
        out.iter_mut().zip(pairs).for_each(|(slot, pair)| *slot = i16::from_le_bytes([pair[0], pair[1]]));
        chunk.commit_all();
        self.pending -= count * 2;
        count
    }

    fn failure(&self) -> SourceError {
        let unknown = || SourceError::Custom(format!("reading {} failed", self.info.title));
        self.shared.failure.get().cloned().unwrap_or_else(unknown)
    }

    /// A round is over: the next one, if any, begins at zero.
    fn end(&mut self, filled: usize) -> Pulled {
        self.drop_bytes(HEAD);
        self.over = !self.shared.repeat.load(Ordering::Acquire);
        if !self.over {
            self.position = MediaTime::ZERO;
            if let Some(player) = &mut self.packets {
                // The next round begins as the first did.
                player.clear();
            }
        }
        Pulled::End(filled)
    }
}

impl Source for FileSource {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        if self.failed {
            return Pulled::Failed(0, self.failure());
        }
        if self.over {
            return Pulled::End(0);
        }
        self.refill();
        let mut filled = 0;
        if self.is_caught_up() {
            loop {
                if let Some(player) = &mut self.packets {
                    filled += player.pull(&mut out[filled..]);
                } else if self.pending > 0 {
                    filled += self.take_pcm(&mut out[filled..]);
                }
                let drained =
                    self.pending == 0 && self.packets.as_ref().is_none_or(|player| player.is_empty());
                if filled == out.len() && !drained {
                    break;
                }
                match self.peek() {
                    Some(Record::End) if drained => {
                        self.position += MediaTime::from_samples(filled as u64);
                        return self.end(filled);
                    }
                    Some(Record::Failed) if drained => {
                        self.position += MediaTime::from_samples(filled as u64);
                        self.failed = true;
                        return Pulled::Failed(filled, self.failure());
                    }
                    // A seek's mark that nobody waits for any more.
                    Some(Record::Sought { .. }) => self.drop_bytes(HEAD),
                    _ if filled == out.len() => break,
                    Some(Record::Pcm { bytes }) => {
                        self.drop_bytes(HEAD);
                        self.pending = bytes;
                    }
                    Some(Record::Packet { .. }) => {
                        self.take_packet();
                    }
                    _ if matches!(self.reading, Reading::Here(_)) && self.peek().is_none() => self.refill(),
                    _ => break,
                }
            }
        }
        self.position += MediaTime::from_samples(filled as u64);
        if filled == out.len() {
            return Pulled::Pcm;
        }
        out[filled..].fill(0);
        self.dry += (out.len() - filled) as u64;
        Pulled::Dry(filled)
    }

    fn pull_packet(&mut self, want: Duration, max: usize, out: &mut Vec<u8>) -> PulledPacket {
        if self.packets.is_none() || self.over || self.failed {
            return PulledPacket::No;
        }
        self.refill();
        if !self.is_caught_up() {
            return PulledPacket::No;
        }
        let want = MediaTime::from_duration(want).samples() as usize;
        while self.packets.as_ref().is_some_and(|player| player.wants_more(want)) && self.take_packet() {}
        match self.packets.as_mut().and_then(|player| player.pass(want, max, out)) {
            Some(heard) => {
                self.position += MediaTime::from_samples(heard as u64);
                PulledPacket::Yes
            }
            None => PulledPacket::No,
        }
    }

    fn position(&self) -> MediaTime {
        self.position
    }

    fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        if let Some(end) = self.info.duration.filter(|&end| to > end) {
            return Err(SeekError::BehindEnd { end });
        }
        let number = self.shared.seek_number.load(Ordering::Relaxed).wrapping_add(1);
        self.shared.seek_to.store(to.samples(), Ordering::Release);
        self.shared.seek_number.store(number, Ordering::Release);
        self.awaited = Some(number);
        self.over = false;
        self.position = to;
        if let Some(player) = &mut self.packets {
            player.clear();
        }
        if let Reading::Ahead(waker) = &self.reading {
            self.shared.asked.store(true, Ordering::Release);
            waker.wake();
        }
        Ok(())
    }

    fn set_repeat(&mut self, on: bool) -> bool {
        self.shared.repeat.store(on, Ordering::Release);
        if on && self.over {
            self.over = false;
            self.position = MediaTime::ZERO;
        }
        if let Reading::Ahead(waker) = &self.reading {
            self.shared.asked.store(true, Ordering::Release);
            waker.wake();
        }
        true
    }

    fn info(&self) -> &Info {
        &self.info
    }

    fn dry_samples(&self) -> u64 {
        self.dry
    }
}
