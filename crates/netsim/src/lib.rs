//! Seeded sans-IO network: delay, jitter, loss, reordering, duplication, rate and NAT.
//!
//! A [`Link`] is one direction of a path. It decides what becomes of each packet and says when it arrives; it holds no
//! packets itself. A [`Wire`] is the queue of what is under way. Both know only the instants they are given, so that a
//! simulated hour takes as long as its events do, and the same seed gives the same hour again.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use offhook_netsim::{Link, LinkConfig, Wire};
//!
//! let config = LinkConfig { delay: Duration::from_millis(40), ..LinkConfig::default() };
//! let (mut link, mut wire, t0) = (Link::new(config, 7), Wire::new(16), Instant::now());
//! for arrival in link.transmit(t0, 120) {
//!     wire.push(arrival, "hello");
//! }
//! assert_eq!(wire.pop_due(t0), None);
//! assert_eq!(wire.next_at(), Some(t0 + Duration::from_millis(40)));
//! assert_eq!(wire.pop_due(t0 + Duration::from_millis(40)), Some("hello"));
//! ```
//!
//! It leaves to others: sockets, routing, and everything about the content of a packet.

mod link;
mod nat;
mod wire;

pub use link::{Arrivals, Bursts, Link, LinkConfig, LinkStats, Rate};
pub use nat::{Nat, NatKind};
pub use wire::Wire;
