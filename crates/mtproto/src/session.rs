//! Sessions: requests, answers and updates in encrypted packets, both ends.
//!
//! A session outlives its connections. Tell it when one comes or goes; it decides what to send again.
//!
//! ```no_run
//! # use offhook_mtproto::{Moment, Salt, TimeOffset, session::*};
//! # fn io() -> (offhook_crypto::AuthKey, Moment) { unimplemented!() }
//! let (key, now) = io();
//! let mut session = ClientSession::new(key, Salt(0), TimeOffset::default(), ClientOptions::default(), [0; 32]);
//! session.connected(now);
//! let ping_like = session.push_request(vec![0x6b, 0x18, 0xf9, 0xc4], now)?; // help.getConfig
//! loop {
//!     match session.poll(now) {
//!         ClientOutput::Send(packet) => { /* transport.encode(&packet) and write */ }
//!         ClientOutput::Event(event) => { /* results, updates */ }
//!         ClientOutput::Close(reason) => { /* drop the connection, open another, session.connected() */ }
//!         ClientOutput::WaitUntil(deadline) => break, // wait for the socket, a new request, or the deadline
//!     }
//! }
//! # Ok::<(), PushError>(())
//! ```

mod ascending;
mod client;
mod container;
mod numbering;
mod salts;
mod server;
mod window;

pub use client::{
    ClientEvent, ClientOptions, ClientOutput, ClientSession, ClientStats, CloseReason, PushError, RequestId,
};
pub use salts::SaltSchedule;
pub use server::{ConnectionId, ServerCloseReason, ServerOptions, ServerOutput, ServerSession, ServerStats};

/// Largest body of one message, and of one container: servers close the connection above it.
pub const MAX_BODY: usize = 1_044_404;
