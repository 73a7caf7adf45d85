//! An account that can dial and answer: the only place where the Telegram client and the call engine meet.
//!
//! ```no_run
//! # async fn run(client: offhook_client::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use offhook_phone::{Phone, PhoneConfig};
//! use offhook_voip::{Engine, EngineConfig};
//!
//! let engine = Engine::start(EngineConfig::default())?;
//! let phone = Phone::new(client, engine, PhoneConfig::default()).await?;
//!
//! // Sound can be queued at once; it is heard when somebody picks up.
//! let call = phone.call("@alice").await?;
//! call.play("hello.wav")?.then("menu.ogg")?.play_on_hold(["hold.ogg"])?.set_output_file("alice.wav")?;
//! println!("{}", call.wait().await.outcome);
//!
//! // Or the other way round.
//! let mut incoming = phone.incoming();
//! while let Some(ringing) = incoming.next().await {
//!     println!("{} calls", ringing.party());
//!     ringing.accept()?.play("welcome.ogg")?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! How it is built: `signalling` is the state machine of one call without clock or socket; `drive` is the task around it;
//! `wire` holds every name of Telegram's API; `phone` leads updates to calls. The key exchange is
//! [`offhook_voip::handshake`], its big powers run on blocking threads, as many at a time as there are cores.
//!
//! Left to others: login and updates (`client`), sound (`voip`).
//!
//! # Queues, and what happens when they are full
//!
//! | queue | bound | when full |
//! |---|---|---|
//! | calls at one time | [`PhoneConfig::max_calls`] | incoming ones are refused as busy, outgoing ones are an error |
//! | calls that ring and were not taken | [`PhoneConfig::incoming_queue`] | refused as busy, counted |
//! | updates for one call | 32 | dropped, counted by [`PhoneStats::updates_dropped`] |
//! | updates about calls not known yet | 64 | the oldest is dropped, counted |
//! | packets of one call's own signalling | 128 | dropped, counted by [`PhoneStats::signals_dropped`]; the call repeats them |
//! | the same of calls not known yet | 64 | the oldest is dropped, counted |
//! | events of a call | [`EVENT_HISTORY`] | the oldest about sound gives way, counted by [`CallEvents::missed`] |

mod call;
mod config;
mod debug;
mod drive;
mod error;
mod group;
mod line;
mod outcome;
mod phone;
mod report;
mod signalling;
mod signals;
mod stage;
mod wire;

pub use call::{Call, Incoming, IncomingCall};
pub use config::{CallOptions, PhoneConfig, Timers};
pub use error::{CallError, PhoneError, RateError};
pub use offhook_voip::{Controller, Family, HangupReason, MediaOptions, Offer, OfferError};
pub use outcome::Outcome;
pub use phone::{IntoCallee, Phone, PhoneStats};
pub use report::{CallReport, Party};
pub use stage::{CallEvent, CallEvents, EVENT_HISTORY, Stage, Stages};
