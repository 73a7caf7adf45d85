//! The connection to the account's data center: one task that owns the stream and the session.
//!
//! The task is always in one of four phases: dialling (or pausing before it), exchanging a key, carrying packets, or
//! failed for good. In each of them it takes commands; calls that cannot be sent yet wait in [`calls::Calls`].

mod backoff;
pub(crate) mod calls;
pub(crate) mod dial;
mod events;
mod http;
pub(crate) mod init;
mod keys;
mod lane;
mod link;
mod renewal;
mod sessions;
mod task;
mod websocket;

use tokio::sync::{mpsc, oneshot, watch};

pub(crate) use self::task::{Connection, Wiring};
use crate::config::DcId;
use crate::error::LinkError;
use calls::{Call, CallId};

/// What the client tells the connection.
#[derive(Debug)]
pub(crate) enum Command {
    /// Send this and answer it.
    Call(Call),
    /// Nobody waits for this one any more.
    Cancel(CallId),
    /// The account lives on another data center.
    MoveTo(DcId),
    /// Write what is queued, close, and end.
    Shutdown(oneshot::Sender<()>),
}

/// How the connection stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// On the way up; with what the last attempt met.
    Connecting(Option<LinkError>),
    /// Calls can be sent to this data center.
    Up(DcId),
    /// Given up.
    Failed(LinkError),
    /// Shut down.
    Closed,
}

/// The client's ends of the wires to the connection task.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) status: watch::Receiver<Status>,
}
