//! The frames that wait, in the order of their timestamps.
//!
//! At most [`BOUND`] frames wait; then the oldest goes. Their memory is kept and used again.

use std::collections::VecDeque;

/// Frames that can wait: nearly four seconds of 60 ms frames.
pub(super) const BOUND: usize = 64;
/// Timestamps that are remembered as having arrived.
const MEMORY: usize = 128;

/// What is known about a waiting frame. Times in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) pts: i64,
    pub(super) duration: i64,
    /// It is a redundant copy.
    pub(super) copy: bool,
    /// It carries in-band redundancy for the frame before it.
    pub(super) redundant: bool,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// It waits.
    Kept,
    /// It waits, and the oldest frame had to go for it.
    Evicted,
    /// A frame at least as good was there.
    Unneeded,
}

#[derive(Debug)]
pub(super) struct Buffer {
    frames: VecDeque<(Frame, Vec<u8>)>,
    spare: Vec<Vec<u8>>,
    /// (timestamp, arrived as itself).
    seen: VecDeque<(i64, bool)>,
}

impl Buffer {
    pub(super) fn new() -> Self {
        Self {
            frames: VecDeque::with_capacity(BOUND + 1),
            spare: Vec::with_capacity(BOUND + 1),
            seen: VecDeque::with_capacity(MEMORY + 1),
        }
    }

    /// Stores a frame. A primary replaces a copy; nothing replaces a primary.
    pub(super) fn insert(&mut self, frame: Frame, data: &[u8]) -> Stored {
        let index = self.frames.partition_point(|(other, _)| other.pts < frame.pts);
        if let Some((other, bytes)) = self.frames.get_mut(index).filter(|(other, _)| other.pts == frame.pts) {
            if !other.copy || frame.copy {
                return Stored::Unneeded;
            }
            *other = frame;
            bytes.clear();
            bytes.extend_from_slice(data);
            return Stored::Kept;
        }
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(data);
        self.frames.insert(index, (frame, bytes));
        if self.frames.len() > BOUND {
            self.drop_first();
            return Stored::Evicted;
        }
        Stored::Kept
    }

    /// The frame with the smallest timestamp.
    pub(super) fn first(&self) -> Option<Frame> {
        self.frames.front().map(|(frame, _)| *frame)
    }

    /// Moves the first frame into `out`.
    pub(super) fn take_first(&mut self, out: &mut Vec<u8>) {
        self.copy_first(out);
        self.drop_first();
    }

    /// Copies the first frame into `out`; it stays.
    pub(super) fn copy_first(&self, out: &mut Vec<u8>) {
        out.clear();
        if let Some((_, bytes)) = self.frames.front() {
            out.extend_from_slice(bytes);
        }
    }

    pub(super) fn drop_first(&mut self) {
        self.spare.extend(self.frames.pop_front().map(|(_, bytes)| bytes));
    }

    /// Forgets every frame and timestamp.
    pub(super) fn clear(&mut self) {
        while !self.frames.is_empty() {
            self.drop_first();
        }
        self.seen.clear();
    }

    /// Notes that a timestamp has become playable, as itself or not. Gives (first time at all, first time as itself).
    pub(super) fn note(&mut self, pts: i64, primary: bool) -> (bool, bool) {
        if let Some((_, as_itself)) = self.seen.iter_mut().rev().find(|(seen, _)| *seen == pts) {
            let first = primary && !*as_itself;
            *as_itself |= primary;
            return (false, first);
        }
        if self.seen.len() == MEMORY {
            self.seen.pop_front();
        }
        self.seen.push_back((pts, primary));
        (true, primary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(pts: i64, copy: bool) -> Frame {
        Frame { pts, duration: 60, copy, redundant: false }
    }

    #[test]
    fn frames_come_out_by_timestamp_and_a_primary_replaces_a_copy() {
        let mut buffer = Buffer::new();
        assert_eq!(buffer.insert(frame(120, false), b"c"), Stored::Kept);
        assert_eq!(buffer.insert(frame(0, false), b"a"), Stored::Kept);
        assert_eq!(buffer.insert(frame(60, true), b"copy"), Stored::Kept);
        assert_eq!(buffer.insert(frame(60, false), b"b"), Stored::Kept);
        assert_eq!(buffer.insert(frame(60, true), b"copy"), Stored::Unneeded);
        assert_eq!(buffer.insert(frame(0, false), b"again"), Stored::Unneeded);
        let mut out = Vec::new();
        let mut all = Vec::new();
        while let Some(first) = buffer.first() {
            assert!(!first.copy);
            buffer.take_first(&mut out);
            all.extend_from_slice(&out);
        }
        assert_eq!(all, b"abc");
    }

    #[test]
    fn a_full_buffer_gives_up_its_oldest_frame() {
        let mut buffer = Buffer::new();
        for n in 0..BOUND as i64 {
            assert_eq!(buffer.insert(frame(n, false), b"x"), Stored::Kept);
        }
        assert_eq!(buffer.insert(frame(1000, false), b"x"), Stored::Evicted);
        assert_eq!((buffer.first().unwrap().pts, buffer.frames.len()), (1, BOUND));
    }

    #[test]
    fn a_timestamp_is_new_once_as_a_copy_and_once_as_itself() {
        let mut buffer = Buffer::new();
        assert_eq!(buffer.note(60, false), (true, false));
        assert_eq!(buffer.note(60, false), (false, false));
        assert_eq!(buffer.note(60, true), (false, true));
        assert_eq!(buffer.note(60, true), (false, false));
        assert_eq!(buffer.note(120, true), (true, true));
    }
}
