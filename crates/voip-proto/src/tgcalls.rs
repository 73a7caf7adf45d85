//! The modern family of calls, "tgcalls".
//!
//! [`Call`] is one side of such a call; the rest of this module is what it stands on.
//!
//! Two engines of this family talk to each other twice: over the call's media path, and before that through the server,
//! which carries opaque packets (`phone.sendSignalingData`). This module is the second conversation, without any IO:
//! [`Signalling`] turns [`message::Message`]s into packets and back for an agreed [`Version`]. The layers below it are
//! public because other tools read the same packets: [`cipher`] seals, [`framing`] numbers and repeats, [`sctp`] carries,
//! [`gzip`] packs. [`negotiate`] says what is offered to the other side and what an answer means.
//!
//! The contract is that of the crate: one call of `handle_packet` or `push_message`, then `poll` until it answers
//! `WaitUntil`, then the next. Nothing a peer sends is fatal but an abort of its transport, which is reported by name.
//!
//! ```
//! use std::time::Instant;
//! use offhook_voip_proto::tgcalls::message::{MediaState, Message};
//! use offhook_voip_proto::tgcalls::{Output, Signalling};
//! use offhook_voip_proto::{CallKey, Role};
//!
//! # fn now() -> Instant { Instant::now() }
//! let mut signalling = Signalling::new("9.0.0".parse()?, Role::Caller, CallKey::new([1; 256]), [9; 32], now());
//! signalling.push_message(&Message::MediaState(MediaState::default()))?;
//! let mut packet = Vec::new();
//! let deadline = loop {
//!     match signalling.poll(now(), &mut packet) {
//!         Output::Send => println!("{} bytes for the server to carry", packet.len()),
//!         Output::Message(message) => println!("{message:?}"),
//!         Output::Failed(why) => println!("{why}"),
//!         Output::WaitUntil(deadline) => break deadline,
//!     }
//! };
//! # assert!(deadline.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What the messages mean, and the answers to them, is the business of [`Call`].

pub mod cipher;
pub mod framing;
pub mod gzip;
pub mod message;
pub mod negotiate;
pub mod sctp;
pub mod seq;

mod call;
mod paths;
mod red;
mod report;
mod session;
mod signalling;
mod transport;
mod version;

pub use call::Call;
pub use paths::{PathKind, PathReport, PathState};
pub use report::{ConnectReport, PairOutcome, PairReport, RestartStats, Stage};
pub use session::SessionStats;
pub use signalling::{Output, PushError, Signalling, SignallingStats};
pub use transport::TransportStats;
pub use version::{Framing, UnknownVersion, Version};
