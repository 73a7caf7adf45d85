//! Why a word was not followed.

use offhook_media::{OpenError, OpenSinkError};
use offhook_voip_proto::ConfigError;

/// Why a call cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Every shard is busy or full. Calls that are up keep their sound; try again later or elsewhere.
    #[error(
        "the engine is overloaded: {calls} calls are up, the least busy shard spends {percent} % of its time"
    )]
    Overloaded {
        /// Calls that are up in all shards.
        calls: usize,
        /// Load of the least busy shard, per cent.
        percent: u32,
    },
    /// The configuration makes no call possible.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A call with the same relay and the same tag is up on every shard: their datagrams could not be told apart.
    #[error("calls with this relay and peer tag are up already")]
    TagInUse,
    /// An endpoint has an IPv6 address and this machine has no IPv6 (or it was configured away).
    #[error("no IPv6 socket for {endpoint}")]
    NoIpv6 {
        /// Which.
        endpoint: std::net::SocketAddr,
    },
    /// The codec cannot be set up.
    #[error("cannot set the codec up: {0}")]
    Codec(#[from] offhook_media::OpusError),
    /// The call was hung up before it was started.
    #[error("the call has ended already")]
    Ended,
    /// The engine has been shut down.
    #[error("the engine has stopped")]
    Stopped,
}

/// Why a controller's word was not followed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// The source cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The output cannot be opened.
    #[error(transparent)]
    OpenSink(#[from] OpenSinkError),
    /// The decoder cannot be set up.
    #[error("cannot set the codec up: {0}")]
    Codec(#[from] offhook_media::OpusError),
    /// The call is over.
    #[error("the call has ended")]
    Ended,
    /// The shard's command queue is full; try again in a moment.
    #[error("the engine is busy: its command queue is full")]
    Busy,
    /// Too many packets of the call's own signalling wait to be taken: it has not been started for long, or somebody floods it.
    #[error("too many signalling packets wait for the call")]
    SignalsFull,
    /// The number is out of range.
    #[error("{what} is out of range")]
    OutOfRange {
        /// Which argument.
        what: &'static str,
    },
}
