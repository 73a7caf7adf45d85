//! The decoder.

use std::ptr::NonNull;

use crate::error::{c_len, check, count};
use crate::packet::Packet;
use crate::{Channels, Error, SampleRate};

/// Turns packets into PCM, and invents PCM where a packet is missing. About 18 KiB of state for mono.
///
/// Output channels are the decoder's: a stereo stream comes out of a mono decoder mixed down.
#[derive(Debug)]
pub struct Decoder {
    state: NonNull<opusic_sys::OpusDecoder>,
    rate: SampleRate,
    channels: Channels,
}

// SAFETY: the state is a plain block of memory owned by this object alone; libopus keeps no thread-local data.
unsafe impl Send for Decoder {}

impl Decoder {
    /// A fresh decoder.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new(rate: SampleRate, channels: Channels) -> Result<Self, Error> {
        let mut code = 0;
        // SAFETY: rate and channels come from closed sets libopus accepts; `code` outlives the call.
        let state =
            unsafe { opusic_sys::opus_decoder_create(rate.c(), channels.count() as i32, &raw mut code) };
        check(code)?;
        Ok(Self { state: NonNull::new(state).ok_or(Error::OutOfMemory)?, rate, channels })
    }

    /// The rate of the PCM it gives.
    #[must_use]
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// The channels of the PCM it gives.
    #[must_use]
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Decodes, recovers or conceals, and says how many samples per channel of `out` were filled.
    ///
    /// * `Some(packet)`, `fec` false: the sound of the packet; `out` must hold all of it.
    /// * `Some(packet)`, `fec` true: the sound *before* this packet, from its in-band copy, exactly `out` long. Without
    ///   a copy ([`Packet::has_fec`]) it is concealed. The packet itself is decoded by the next call.
    /// * `None`: concealment, exactly `out` long, in multiples of 2.5 ms.
    ///
    /// # Errors
    /// [`Error::Packet`] for hostile bytes, [`Error::BufferTooSmall`] or [`Error::BadArgument`] for a wrong `out`.
    pub fn decode(&mut self, packet: Option<&[u8]>, out: &mut [i16], fec: bool) -> Result<usize, Error> {
        let frame = self.prepare(packet, out.len(), fec)?;
        let (data, len) = packet.map_or((std::ptr::null(), 0), |bytes| (bytes.as_ptr(), c_len(bytes.len())));
        // SAFETY: the state is live; `data` is null or holds `len` bytes; `out` holds `frame` samples per channel.
        let got = unsafe {
            opusic_sys::opus_decode(self.state.as_ptr(), data, len, out.as_mut_ptr(), frame, i32::from(fec))
        };
        count(got)
    }

    /// The same into samples from -1 to 1 (a little beyond where the codec overshoots).
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    pub fn decode_float(
        &mut self,
        packet: Option<&[u8]>,
        out: &mut [f32],
        fec: bool,
    ) -> Result<usize, Error> {
        let frame = self.prepare(packet, out.len(), fec)?;
        let (data, len) = packet.map_or((std::ptr::null(), 0), |bytes| (bytes.as_ptr(), c_len(bytes.len())));
        // SAFETY: as in `decode`.
        let got = unsafe {
            opusic_sys::opus_decode_float(
                self.state.as_ptr(),
                data,
                len,
                out.as_mut_ptr(),
                frame,
                i32::from(fec),
            )
        };
        count(got)
    }

    /// Effort, 0 to 10; above 4 only matters when the library was built with neural concealment.
    ///
    /// # Errors
    /// Above 10.
    pub fn set_complexity(&mut self, complexity: u8) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_COMPLEXITY_REQUEST, complexity.into())
    }

    /// Output gain in 1/256 dB, as in an Ogg header; -32768 to 32767.
    ///
    /// # Errors
    /// None known.
    pub fn set_gain(&mut self, gain: i16) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_GAIN_REQUEST, gain.into())
    }

    /// Forgets the past; settings stay.
    ///
    /// # Errors
    /// None known.
    pub fn reset(&mut self) -> Result<(), Error> {
        // SAFETY: the state is live and this request takes no argument.
        check(unsafe { opusic_sys::opus_decoder_ctl(self.state.as_ptr(), opusic_sys::OPUS_RESET_STATE) })
    }

    /// Checks everything libopus would otherwise be trusted with, and gives the frame size for it.
    fn prepare(&self, packet: Option<&[u8]>, out: usize, fec: bool) -> Result<i32, Error> {
        let unit = self.rate.hz() as usize / 400;
        let frame = out / self.channels.count();
        if frame == 0 {
            return Err(Error::BufferTooSmall);
        }
        let Some(bytes) = packet else {
            return Self::whole_units(frame, unit);
        };
        let need = Packet::parse(bytes)?.samples() * self.rate.hz() as usize / 48_000;
        if fec {
            return Self::whole_units(frame, unit);
        }
        if frame < need { Err(Error::BufferTooSmall) } else { Ok(c_len(frame)) }
    }

    fn whole_units(frame: usize, unit: usize) -> Result<i32, Error> {
        if frame.is_multiple_of(unit) {
            Ok(c_len(frame))
        } else {
            Err(Error::BadArgument("concealment works in multiples of 2.5 ms"))
        }
    }

    fn set(&mut self, request: i32, value: i32) -> Result<(), Error> {
        // SAFETY: the state is live, and every request passed here is one that takes exactly one 32-bit integer.
        check(unsafe { opusic_sys::opus_decoder_ctl(self.state.as_ptr(), request, value) })
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: created by `opus_decoder_create`, destroyed once, not used again.
        unsafe { opusic_sys::opus_decoder_destroy(self.state.as_ptr()) }
    }
}
