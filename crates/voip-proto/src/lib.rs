//! Sans-IO call core: handshake, wire formats, links, jitter buffer, packetizer.
//!
//! A [`Call`] is one side of the media of one call. Datagrams, instants and encoded frames go in; datagrams, events and
//! pieces of sound to play come out. It opens no socket, reads no clock, draws no randomness of the system: the same
//! [`CallConfig`] (with its seed) and the same inputs give the same outputs.
//!
//! The contract: one [`Call::handle`] (or [`Call::push_frame`]), then [`Call::poll`] until it answers
//! [`Output::WaitUntil`], then the next. [`Call::pull_frame`] may be called at any time.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use offhook_voip_proto::{Call, CallConfig, CallKey, Endpoint, Input, Output, PeerTag, Role};
//!
//! # fn now() -> Instant { Instant::now() }
//! let relay = Endpoint::relay(1, "192.0.2.1:599".parse()?, PeerTag([7; 16]));
//! let config = CallConfig::new(Role::Caller, CallKey::new([1; 256]), vec![relay], [9; 32]);
//! let mut call = Call::new(config, now())?;
//! let mut datagram = Vec::with_capacity(1500);
//! let deadline = loop {
//!     match call.poll(&mut datagram) {
//!         Output::Send { to, .. } => println!("send {} bytes to {to}", datagram.len()),
//!         Output::Event(event) => println!("{event:?}"),
//!         Output::WaitUntil(deadline) => break deadline,
//!         // Only calls of the modern family ask for more: their signalling, and sockets of their own.
//!         Output::Signal | Output::Open { .. } | Output::Close { .. } => {}
//!     }
//! };
//! // Sleep until the deadline, a datagram or a frame; then tell the call.
//! call.handle(Input::Tick(deadline));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The family that a [`Call`] speaks is libtgvoip "2.4.4" ([`wire`]). The modern one is [`tgcalls`], whose
//! [`tgcalls::Call`] has the same surface. There the randomness of keys and transaction ids is that of the WebRTC crate.
//! It leaves to others: sockets, codecs, the signalling that yields the key (but see [`handshake`]).

pub mod handshake;
pub mod tgcalls;
pub mod wire;

mod call;
mod config;
mod event;
mod link;
mod playout;
mod server_config;
mod stats;
#[cfg(test)]
mod testing;
mod toc;
mod uplink;

pub use call::Call;
pub use config::{
    CallConfig, CallKey, ConfigError, Endpoint, EndpointKind, FrameLen, IceServer, PeerTag, Role, TurnLogin,
};
pub use event::{Event, FailReason, Input, Output, PushError, State, Via};
pub use playout::{Playout, Stretch};
pub use server_config::ServerConfig;
pub use stats::Stats;
pub use tgcalls::negotiate::Family;
pub use uplink::EncoderHints;
