//! The local Telegram: an MTProto server with users, messages, updates and calls, and the reflectors and the TURN server
//! those calls talk through. Any Telegram client that can be pointed at an address and an RSA key logs in here with no account and
//! no internet.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use offhook_dc::{CodePolicy, Dc, UserSpec};
//!
//! let dc = Dc::builder()
//!     .user(UserSpec::new("+10000000001", "Alice").username("alice"))
//!     .user(UserSpec::new("+10000000002", "Bob").username("bob"))
//!     .codes(CodePolicy::fixed("12345"))
//!     .start()
//!     .await?;
//! println!("{} {}", dc.addr(), dc.public_key_pem());
//! dc.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! How it is built: `world` is the state of the service (users, messages, calls) and knows neither sockets nor clocks;
//! `service` answers methods on it; `gateway` is the tokio shell that owns sockets, sessions and timers; `reflector`
//! and `turn` are relay cores with thin shells. Answers are [`offhook_tl::Value`]s which are serialised in the layer of the
//! session that asked.
//!
//! What it leaves to others: everything a client does. No code is shared with the client, so that both agree only
//! through the wire.

mod budget;
mod builder;
mod calls;
mod config;
mod gateway;
mod handle;
pub mod reflector;

mod secret;
mod service;
mod storage;
mod turn;
mod world;

pub use builder::{Builder, Dc, StartError};
pub use config::{CallTimers, CodeIssued, CodePolicy, FloodLimit, Limits, UserSpec};
pub use handle::{Admin, Counters, DcHandle};
pub use offhook_netsim::LinkConfig;
pub use reflector::{PeerTag, Reflector, ReflectorCounters, ReflectorHandle};
pub use secret::{LoginCode, Phone};
pub use turn::TurnCounters;
