//! PCM in, PCM out: sources, sinks, containers, codecs, DSP, playlist. No protocol, no runtime, no clock.
//!
//! The engine side has one format, fixed: 48 kHz, mono, signed 16 bit, in frames of 20 ms ([`FRAME_SAMPLES`]). Whoever
//! owns the audio clock pulls and feeds one frame at a time:
//!
//! ```
//! use offhook_media::{Downlink, Decode, FRAME, Outgoing, Playlist, Stretch, Uplink, UplinkConfig, open};
//! # use offhook_media::{FRAME_SAMPLES, Tone};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut playlist = Playlist::new();
//! playlist.play(Box::new(Tone::new(440.0, 0.5).lasting(FRAME * 3)));
//! let mut uplink = Uplink::new(UplinkConfig::default())?;
//! let mut packet = Vec::with_capacity(1275);
//!
//! // Every 60 ms: one packet for the network.
//! let outgoing = uplink.next_packet(&mut playlist, &mut packet)?;
//! assert_eq!(outgoing, Outgoing::Encoded);
//!
//! // Every 20 ms: one frame for the recording; decode when fewer samples than that are ready.
//! let mut downlink = Downlink::new()?;
//! let mut frame = [0; FRAME_SAMPLES];
//! while downlink.is_short() {
//!     downlink.feed(Decode::Frame(&packet), FRAME * 3, Stretch::None);
//! }
//! downlink.pull(&mut frame);
//! # Ok(())
//! # }
//! ```
//!
//! # What runs where
//!
//! * `pull`, `feed`, `write` and their kin run on the media thread. They never block, lock, log or allocate per frame.
//! * [`open`] and [`open_sink`] touch the file system at once, so that what cannot work is an error now. Call them
//!   where blocking is allowed.
//! * Files are read and decoded ahead by one reader thread, and written by one writer thread, however many there are
//!   ([`source`], [`sink`]). Pipes are read without blocking on the media thread itself.
//!
//! Left to others: when to pull (`voip`), what to do with events (`phone`), where packets go (`voip-proto`).

mod activity;
mod broadcast;
mod clip;
mod downlink;
mod level;
mod opus_head;
mod playlist;
mod pool;
mod profile;
mod resample;
pub mod sink;
pub mod source;
mod stretch;
mod time;
mod uplink;

pub use activity::{Activity, ActivityChange, ActivityConfig};
pub use broadcast::{Broadcast, Listener};
pub use clip::Clip;
pub use downlink::{Decode, Downlink, DownlinkStats, Fed};
pub use level::Level;
pub use offhook_opus::Error as OpusError;
pub use playlist::{Current, EndReason, Event as PlaylistEvent, Filled, Playlist, TrackId};
pub use profile::{EncoderHints, Profile};
pub use resample::Resampler;
pub use sink::{Closing, NullSink, OpenSinkError, Report, Sink, SinkFormat, SinkSpec, Tee, open_sink};
pub use source::{
    Format, Info, OpenError, PcmSource, Pulled, PulledPacket, RawFormat, SampleRate, SeekError, Silence,
    Source, SourceError, SourceSpec, Tone, open,
};
pub use stretch::Stretch;
pub use time::{FRAME, FRAME_SAMPLES, FrameLen, MediaTime, RATE};
pub use uplink::{Outgoing, Uplink, UplinkConfig, UplinkStats};
