//! What controllers tell a shard.

use std::net::SocketAddr;
use std::time::Duration;

use offhook_media::{Downlink, MediaTime, Sink, Source, TrackId, Uplink};

use super::claim::Claim;
use crate::MediaOptions;
use crate::family::Family;
use crate::shared::Unborn;
use crate::stamps::Recorder;

/// A word about one call, for the bounded queue.
pub(crate) struct Command {
    pub(crate) call: u64,
    pub(crate) word: Word,
}

pub(crate) enum Word {
    Play(TrackId, Box<dyn Source>),
    Hold(Vec<(TrackId, Box<dyn Source>)>),
    /// With a decoder when it is the first output that needs one.
    SetOutput(Option<Box<dyn Sink>>, Option<Box<Downlink>>),
    Skip,
    Stop,
    Pause,
    Resume,
    Seek(MediaTime),
    Gain(f32),
    Mute(bool),
    /// The addresses of this machine's interfaces from now on.
    NetworkChanged(Vec<SocketAddr>),
    /// A packet of the call's own signalling has come.
    Signal(Vec<u8>),
}

/// What must arrive whatever else waits. At most three per call, one per shard, and one in two seconds, so its queue needs
/// no other bound.
pub(crate) enum Vital {
    Add(Box<NewCall>),
    Start(Box<Start>),
    /// Somebody asked for the end; the reason is with what the call shares.
    Hangup(u64),
    /// For every call: the addresses of this machine's interfaces from now on.
    NetworkChanged(Vec<SocketAddr>),
    /// End every call and the thread.
    Stop,
}

/// A call that was prepared.
pub(crate) struct NewCall {
    pub(crate) unborn: Unborn,
    pub(crate) options: MediaOptions,
    pub(crate) stamps: Option<Recorder>,
    pub(crate) downlink: Option<Box<Downlink>>,
}

/// Its key and relays have become known.
pub(crate) struct Start {
    pub(crate) call: u64,
    pub(crate) family: Family,
    pub(crate) uplink: Uplink,
    pub(crate) claim: Claim,
    /// The addresses of this machine's interfaces; empty for families that do not ask.
    pub(crate) addresses: Vec<SocketAddr>,
    /// Sound per packet of ours.
    pub(crate) packet: Duration,
}
