//! Merging and splitting packets without touching the sound in them.

use std::ptr::NonNull;

use crate::error::{c_len, count};
use crate::packet::Packet;
use crate::{Error, PacketError};

/// Room for the bytes of the packets being merged.
const STORE: usize = 48 * 1024;

/// Takes packets in, gives ranges of their frames out: three packets of 20 ms as one of 60, or the reverse.
///
/// Holds copies of the packets it was given (48 KiB reserved at construction), so callers may reuse their buffers.
#[derive(Debug)]
pub struct Repacketizer {
    state: NonNull<opusic_sys::OpusRepacketizer>,
    /// libopus keeps pointers into these bytes until the next `clear`; the vector never grows beyond its capacity.
    store: Vec<u8>,
    frames: usize,
    kind: Option<u8>,
}

// SAFETY: the state and the bytes it points into are owned by this object alone and move together; the heap block of
// `store` does not move when the object does.
unsafe impl Send for Repacketizer {}

impl Repacketizer {
    /// An empty one.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new() -> Result<Self, Error> {
        // SAFETY: takes nothing; null means out of memory.
        let state =
            NonNull::new(unsafe { opusic_sys::opus_repacketizer_create() }).ok_or(Error::OutOfMemory)?;
        Ok(Self { state, store: Vec::with_capacity(STORE), frames: 0, kind: None })
    }

    /// Forgets all packets.
    pub fn clear(&mut self) {
        // SAFETY: the state is live; initialising it again is how libopus empties it.
        unsafe { opusic_sys::opus_repacketizer_init(self.state.as_ptr()) };
        self.store.clear();
        self.frames = 0;
        self.kind = None;
    }

    /// Frames held.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Adds a packet behind those already there.
    ///
    /// # Errors
    /// [`Error::Packet`] for hostile bytes; [`Error::Unmergeable`] when mode, band, frame length or channels differ
    /// from what is there or the sum passes 120 ms. What was there stays usable.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let packet = Packet::parse(bytes)?;
        if self.kind.is_some_and(|kind| kind != packet.toc().kind()) {
            return Err(Error::Unmergeable);
        }
        if (self.frames + packet.frames()) * packet.toc().frame_samples() > crate::MAX_SAMPLES {
            return Err(Error::Unmergeable);
        }
        if self.store.capacity() - self.store.len() < bytes.len() {
            return Err(Error::BufferTooSmall);
        }
        let start = self.store.len();
        // Within the capacity checked above: the bytes libopus points into do not move.
        self.store.extend_from_slice(bytes);
        let copy = &self.store[start..];
        // SAFETY: the state is live; `copy` stays in place until `clear`, as libopus requires.
        let code = unsafe {
            opusic_sys::opus_repacketizer_cat(self.state.as_ptr(), copy.as_ptr(), c_len(copy.len()))
        };
        if code < 0 {
            return Err(Error::from_code(code));
        }
        self.frames += packet.frames();
        self.kind = Some(packet.toc().kind());
        Ok(())
    }

    /// Writes frames `begin..end` as one packet into `out` and says how many bytes it took.
    ///
    /// # Errors
    /// [`Error::BadArgument`] for frames that are not there, [`Error::BufferTooSmall`].
    pub fn write(&mut self, begin: usize, end: usize, out: &mut [u8]) -> Result<usize, Error> {
        if begin >= end || end > self.frames {
            return Err(Error::BadArgument("frames that are not there"));
        }
        if out.is_empty() {
            return Err(Error::BufferTooSmall);
        }
        // SAFETY: the state is live and its packets are in `store`; the range was checked; the length is `out`'s own.
        let written = unsafe {
            opusic_sys::opus_repacketizer_out_range(
                self.state.as_ptr(),
                c_len(begin),
                c_len(end),
                out.as_mut_ptr(),
                c_len(out.len()),
            )
        };
        match count(written) {
            Ok(0) => Err(Error::Packet(PacketError::Empty)),
            other => other,
        }
    }
}

impl Drop for Repacketizer {
    fn drop(&mut self) {
        // SAFETY: created by `opus_repacketizer_create`, destroyed once, not used again.
        unsafe { opusic_sys::opus_repacketizer_destroy(self.state.as_ptr()) }
    }
}
