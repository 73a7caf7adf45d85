//! Safe wrapper of libopus 1.6: encoder, decoder, packet inspection, repacketizer.
//!
//! The one crate of the workspace that holds `unsafe`; each block says why it is sound. Nothing here allocates after
//! construction, no call blocks, and hostile packets can only yield an [`Error`].
//!
//! ```
//! use offhook_opus::{Application, Channels, Decoder, Encoder, SampleRate};
//!
//! let mut encoder = Encoder::new(SampleRate::Hz48000, Channels::Mono, Application::Voip)?;
//! let mut decoder = Decoder::new(SampleRate::Hz48000, Channels::Mono)?;
//! let mut packet = [0; 1275];
//! let len = encoder.encode(&[0; 960], &mut packet)?;
//! let mut pcm = [0; 5760];
//! assert_eq!(decoder.decode(Some(&packet[..len]), &mut pcm, false)?, 960);
//! # Ok::<(), offhook_opus::Error>(())
//! ```
//!
//! Durations are counted in samples per channel at the rate of the codec object; [`packet`] counts at 48 kHz, the
//! clock of RFC 6716. Encoders and decoders may move between threads and are used by one at a time (`Send`, not `Sync`).

mod decoder;
mod encoder;
mod error;
pub mod packet;
mod repacketizer;
mod units;

pub use decoder::Decoder;
pub use encoder::Encoder;
pub use error::{Error, PacketError};
pub use repacketizer::Repacketizer;
pub use units::{Application, Bandwidth, Bitrate, Channels, SampleRate, Signal};

/// The longest packet in samples per channel at 48 kHz: 120 ms (RFC 6716, 3.2.5, R5).
pub const MAX_SAMPLES: usize = 5760;

/// The longest single frame in bytes (RFC 6716, 3.2.1). A packet of one frame is at most one byte longer.
pub const MAX_FRAME_BYTES: usize = 1275;

/// The version text of the linked library, such as `libopus 1.6.1`.
#[must_use]
pub fn version() -> &'static str {
    // SAFETY: the function takes nothing and returns a pointer to a constant, zero-terminated string that lives as
    // long as the program.
    let text = unsafe { std::ffi::CStr::from_ptr(opusic_sys::opus_get_version_string()) };
    text.to_str().unwrap_or("libopus")
}
