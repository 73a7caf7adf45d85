//! The call engine: shards, sockets, timers and the audio clock around the sans-IO core, and the controller users hold.
//!
//! An [`Engine`] runs a fixed number of plain threads ("shards"), whatever the number of calls. A shard owns its calls
//! outright: one UDP socket per address family, sockets that single calls ask for, one timer wheel
//! of 1 ms slots, codecs, buffers. What the rest of the
//! program holds of a call is a [`Controller`]: a word there becomes a command in the shard's queue, a look is a snapshot
//! that never waits, and what happens comes back as ordered [`Event`]s with exactly one [`Event::Ended`].
//!
//! ```no_run
//! use offhook_voip::{CallConfig, Engine, EngineConfig, Event, HangupReason, MediaOptions};
//! # fn config() -> CallConfig { unimplemented!() }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::start(EngineConfig::default())?;
//! let call = engine.start_call(config(), MediaOptions::default().hang_up_when_done(true))?;
//! call.play("hello.wav")?.then("menu.ogg")?.set_output_file("peer.wav")?;
//! let mut events = call.events();
//! while let Some(event) = events.next_blocking() {
//!     if let Event::Ended(end) = event {
//!         println!("{:?} after {:?}", end.outcome, end.stats.position);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A controller may exist before the key does: [`Engine::prepare`] gives one at once, so that media can be queued while
//! the phone still rings, and a [`Reservation`] that starts the call when signalling is through.
//!
//! # What runs where
//!
//! * **The caller's thread** opens and probes files, allocates codecs and builds the core of a call, so that what cannot
//!   work is an error now and a shard never waits for a disk or the allocator.
//! * **A shard** receives, decrypts, decodes, writes to sinks, pulls sources, encodes, encrypts, sends. Per frame it
//!   allocates nothing, takes no lock, logs nothing, and runs no code of the user but sources and sinks.
//! * **The desk**, one thread per engine, carries events from the shards to their receivers, waits for recordings to be
//!   closed, and frees what calls leave behind.
//!
//! # Queues, and what happens when they are full
//!
//! | queue | bound | when full |
//! |---|---|---|
//! | commands to a shard | [`EngineConfig::command_queue`] | [`ControlError::Busy`], nothing has happened |
//! | events of a call | [`EVENT_HISTORY`] | the oldest event that is not a state or the end gives way, counted by [`Events::missed`] |
//! | signalling packets for a call | [`SIGNALS_IN`] bytes | [`ControlError::SignalsFull`], nothing has happened |
//! | signalling packets of a call | [`SIGNALS_OUT`] | the newest is given up, [`CallStats::signals_dropped`] |
//! | bytes for a TCP connection of a call | 16 KiB | the oldest whole piece gives way, [`CallStats::stream_dropped`] |
//! | datagrams of a shard | the socket's buffer, [`EngineConfig::receive_buffer`] | the kernel drops the newest |
//! | stamps | [`MediaOptions::stamps`] | the newest are counted, not kept |
//!
//! Left to others: where keys and endpoints come from (`phone`), what is on the wire (`offhook_voip_proto`), what is in
//! the packets (`offhook_media`).

mod config;
mod control_error;
mod controller;
mod counters;
mod desk;
mod engine;
mod event;
mod events;
mod family;
mod interfaces;
mod shard;
mod shared;
mod signals;
mod stamps;
mod stats;
mod track;
mod watch;

pub use config::{EngineConfig, MediaOptions, SpeechEvents};
pub use control_error::{ControlError, StartError};
pub use controller::{Controller, Current};
pub use counters::LatenessCounts;
pub use engine::{Engine, Reservation};
pub use event::{CallState, Ended, Event, HangupReason, Outcome};
pub use events::{EVENT_HISTORY, Events};
pub use offhook_media::{
    ActivityConfig, DownlinkStats, EndReason, MediaTime, OpenError, OpenSinkError, Profile, Report,
    SeekError, Sink, SinkSpec, Source, SourceSpec, TrackId, UplinkStats,
};
/// The core's own names, for those who drive signalling: the handshake, the server's configuration.
pub use offhook_voip_proto as proto;
pub use offhook_voip_proto::handshake;
pub use offhook_voip_proto::tgcalls::negotiate::{
    DEFAULT_VERSIONS, LIBTGVOIP, MAX_LAYER, MIN_LAYER, Offer, OfferError, VersionsDoNotMeet,
};
pub use offhook_voip_proto::tgcalls::{
    ConnectReport, PairOutcome, PairReport, PathKind, PathReport, PathState, Stage as ConnectStage, Version,
};
pub use offhook_voip_proto::{
    CallConfig, CallKey, Endpoint, EndpointKind, FailReason, Family, FrameLen, IceServer, PeerTag, Role,
    ServerConfig, Stats as LinkStats, TurnLogin,
};
pub use signals::{SIGNALS_IN, SIGNALS_OUT, Signals};
pub use stamps::Stamps;
pub use stats::{CallStats, EngineStats, Lateness, Outcomes, ShardStats};
pub use track::Track;
