//! The encoder.

use std::ptr::NonNull;

use crate::error::{c_len, check, count};
use crate::{Application, Bandwidth, Bitrate, Channels, Error, SampleRate, Signal};

/// Turns PCM into packets. About 32 KiB of state for mono.
#[derive(Debug)]
pub struct Encoder {
    state: NonNull<opusic_sys::OpusEncoder>,
    rate: SampleRate,
    channels: Channels,
}

// SAFETY: the state is a plain block of memory owned by this object alone; libopus keeps no thread-local data.
unsafe impl Send for Encoder {}

impl Encoder {
    /// A fresh encoder with the defaults of libopus: complexity 9, constrained VBR, no FEC, no DTX.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new(rate: SampleRate, channels: Channels, application: Application) -> Result<Self, Error> {
        let mut code = 0;
        // SAFETY: rate, channels and application come from closed sets libopus accepts; `code` outlives the call.
        let state = unsafe {
            opusic_sys::opus_encoder_create(rate.c(), channels.count() as i32, application.c(), &raw mut code)
        };
        check(code)?;
        Ok(Self { state: NonNull::new(state).ok_or(Error::OutOfMemory)?, rate, channels })
    }

    /// The rate of the PCM it takes.
    #[must_use]
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// The channels of the PCM it takes.
    #[must_use]
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Encodes one packet of 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms and says how many bytes of `out` it takes.
    ///
    /// The length of `out` caps the packet; 1275 bytes are enough for every frame up to 20 ms.
    ///
    /// # Errors
    /// [`Error::BadArgument`] for another length of PCM, [`Error::BufferTooSmall`] for a useless `out`.
    pub fn encode(&mut self, pcm: &[i16], out: &mut [u8]) -> Result<usize, Error> {
        let frame = self.frame_size(pcm.len())?;
        if out.is_empty() {
            return Err(Error::BufferTooSmall);
        }
        // SAFETY: the state is live; `pcm` holds `frame` samples for each channel; the output length given is the
        // length of `out`.
        let written = unsafe {
            opusic_sys::opus_encode(
                self.state.as_ptr(),
                pcm.as_ptr(),
                frame,
                out.as_mut_ptr(),
                c_len(out.len()),
            )
        };
        count(written)
    }

    /// The same for samples from -1 to 1.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn encode_float(&mut self, pcm: &[f32], out: &mut [u8]) -> Result<usize, Error> {
        let frame = self.frame_size(pcm.len())?;
        if out.is_empty() {
            return Err(Error::BufferTooSmall);
        }
        // SAFETY: as in `encode`.
        let written = unsafe {
            opusic_sys::opus_encode_float(
                self.state.as_ptr(),
                pcm.as_ptr(),
                frame,
                out.as_mut_ptr(),
                c_len(out.len()),
            )
        };
        count(written)
    }

    /// Bits per second to aim at.
    ///
    /// # Errors
    /// Outside of 500 to 512,000 a channel.
    pub fn set_bitrate(&mut self, bitrate: Bitrate) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_BITRATE_REQUEST, bitrate.c())
    }

    /// Effort, 0 to 10. From 7 up the signal is analysed and music leaves hybrid for CELT.
    ///
    /// # Errors
    /// Above 10.
    pub fn set_complexity(&mut self, complexity: u8) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_COMPLEXITY_REQUEST, complexity.into())
    }

    /// Carry a coarse copy of the previous frame (LBRR) when losses are expected and the mode has room for it.
    ///
    /// # Errors
    /// None known.
    pub fn set_inband_fec(&mut self, on: bool) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_INBAND_FEC_REQUEST, on.into())
    }

    /// The loss to prepare for, in percent.
    ///
    /// # Errors
    /// Above 100.
    pub fn set_packet_loss(&mut self, percent: u8) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_PACKET_LOSS_PERC_REQUEST, percent.into())
    }

    /// What to expect of the sound.
    ///
    /// # Errors
    /// None known.
    pub fn set_signal(&mut self, signal: Signal) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_SIGNAL_REQUEST, signal.c())
    }

    /// Fixes the band, or lets the encoder choose (`None`).
    ///
    /// # Errors
    /// None known.
    pub fn set_bandwidth(&mut self, band: Option<Bandwidth>) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_BANDWIDTH_REQUEST, band.map_or(opusic_sys::OPUS_AUTO, Bandwidth::c))
    }

    /// The widest band the encoder may choose.
    ///
    /// # Errors
    /// None known.
    pub fn set_max_bandwidth(&mut self, band: Bandwidth) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_MAX_BANDWIDTH_REQUEST, band.c())
    }

    /// Variable bitrate; `constrained` keeps the size of each packet near the target.
    ///
    /// # Errors
    /// None known.
    pub fn set_vbr(&mut self, on: bool, constrained: bool) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_VBR_REQUEST, on.into())?;
        self.set(opusic_sys::OPUS_SET_VBR_CONSTRAINT_REQUEST, constrained.into())
    }

    /// One-byte packets during silence.
    ///
    /// # Errors
    /// None known.
    pub fn set_dtx(&mut self, on: bool) -> Result<(), Error> {
        self.set(opusic_sys::OPUS_SET_DTX_REQUEST, on.into())
    }

    /// Samples of delay the encoder adds: 312 at 48 kHz, less in low delay. Also the pre-skip of an Ogg stream.
    ///
    /// # Errors
    /// None known.
    pub fn lookahead(&mut self) -> Result<usize, Error> {
        let mut value = 0;
        self.read(opusic_sys::OPUS_GET_LOOKAHEAD_REQUEST, &mut value)?;
        count(value)
    }

    /// The last bitrate aimed at, in bits per second.
    ///
    /// # Errors
    /// None known.
    pub fn bitrate(&mut self) -> Result<u32, Error> {
        let mut value = 0;
        self.read(opusic_sys::OPUS_GET_BITRATE_REQUEST, &mut value)?;
        u32::try_from(value).map_err(|_| Error::from_code(value))
    }

    /// Forgets the past; settings stay.
    ///
    /// # Errors
    /// None known.
    pub fn reset(&mut self) -> Result<(), Error> {
        // SAFETY: the state is live and this request takes no argument.
        check(unsafe { opusic_sys::opus_encoder_ctl(self.state.as_ptr(), opusic_sys::OPUS_RESET_STATE) })
    }

    fn frame_size(&self, samples: usize) -> Result<i32, Error> {
        let frame = samples / self.channels.count();
        if !samples.is_multiple_of(self.channels.count()) {
            return Err(Error::BadArgument("samples are not whole frames of all channels"));
        }
        // 2.5 ms is 1/400 s; the legal lengths are 1, 2, 4, 8, 16, 24, 32, 40 and 48 of them (RFC 6716, 2.1.4).
        let unit = self.rate.hz() as usize / 400;
        if matches!((frame / unit, frame % unit), (1 | 2 | 4 | 8 | 16 | 24 | 32 | 40 | 48, 0)) {
            Ok(c_len(frame))
        } else {
            Err(Error::BadArgument("PCM length is not that of an Opus packet"))
        }
    }

    fn set(&mut self, request: i32, value: i32) -> Result<(), Error> {
        // SAFETY: the state is live, and every request passed here is one that takes exactly one 32-bit integer.
        check(unsafe { opusic_sys::opus_encoder_ctl(self.state.as_ptr(), request, value) })
    }

    fn read(&mut self, request: i32, value: &mut i32) -> Result<(), Error> {
        // SAFETY: the state is live, and every request passed here writes exactly one 32-bit integer.
        check(unsafe {
            opusic_sys::opus_encoder_ctl(self.state.as_ptr(), request, std::ptr::from_mut(value))
        })
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: created by `opus_encoder_create`, destroyed once, not used again.
        unsafe { opusic_sys::opus_encoder_destroy(self.state.as_ptr()) }
    }
}
