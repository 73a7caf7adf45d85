//! What has been counted.

use std::time::Duration;

use offhook_media::{DownlinkStats, MediaTime, Profile, UplinkStats};
use offhook_voip_proto::Stats as LinkStats;

/// Counts of one call, cheap to copy. Refreshed five times a second; final in [`crate::Ended`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CallStats {
    /// What the core has counted: datagrams, frames, loss, delay.
    pub link: LinkStats,
    /// What the encoder's side has counted.
    pub uplink: UplinkStats,
    /// What the decoder's side has counted.
    pub downlink: DownlinkStats,
    /// Sound sent since the call was established, silence included.
    pub position: MediaTime,
    /// Sound handed to outputs (or thrown away for want of one) since then.
    pub heard: MediaTime,
    /// From the start of the media until established.
    pub setup: Option<Duration>,
    /// Time spent established.
    pub talked: Duration,
    /// Frames handed over more than 5 ms after their deadline.
    pub late_frames: u64,
    /// Packets that were not sent because the thread had been held up for longer than can be caught up with.
    pub skipped_packets: u64,
    /// Packets the core did not want.
    pub refused_packets: u64,
    /// Datagrams the kernel did not take.
    pub send_failures: u64,
    /// Sockets of its own that the call has opened; TCP connections that came to nothing included.
    pub sockets_opened: u64,
    /// Sockets of its own that could not be had, or were lost.
    pub socket_failures: u64,
    /// Pieces of a TCP connection given up because it took no more.
    pub stream_dropped: u64,
    /// Packets of its own signalling given up because nobody took them ([`crate::Controller::signals`]).
    pub signals_dropped: u64,
    /// Events given up because too many were on their way.
    pub events_dropped: u64,
    /// The encoder's profile, lower than asked for after overload.
    pub profile: Profile,
}

/// Lateness of frames: from the deadline to the moment a packet was handed to the core or sound to the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lateness {
    /// Frames measured.
    pub frames: u64,
    /// Half of them were no later than this.
    pub p50: Duration,
    /// 99 of 100 were no later than this.
    pub p99: Duration,
    /// The latest.
    pub max: Duration,
}

/// Calls that are over, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcomes {
    /// [`crate::Outcome::Completed`].
    pub completed: u64,
    /// [`crate::Outcome::Cancelled`].
    pub cancelled: u64,
    /// [`crate::Outcome::ConnectFailed`].
    pub connect_failed: u64,
    /// [`crate::Outcome::KeyMismatch`].
    pub key_mismatch: u64,
    /// [`crate::Outcome::MediaLost`].
    pub media_lost: u64,
    /// [`crate::Outcome::Incompatible`] and [`crate::Outcome::WrongCall`].
    pub incompatible: u64,
    /// [`crate::Outcome::Internal`].
    pub internal: u64,
}

/// Counts of one shard.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ShardStats {
    /// Calls it holds, prepared ones included.
    pub calls: usize,
    /// Processor time of its thread.
    pub cpu: Duration,
    /// The share of it spent in encoders and decoders.
    pub codec: Duration,
    /// Share of its time spent working lately, 0 to 1.
    pub load: f32,
}

/// Counts of an engine.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EngineStats {
    /// Calls that are up or prepared.
    pub calls: usize,
    /// Calls ever prepared or started.
    pub started: u64,
    /// Calls refused because of overload.
    pub refused: u64,
    /// Calls that are over.
    pub ended: Outcomes,
    /// Frames handed over more than 5 ms after their deadline, of established calls.
    pub late_frames: u64,
    /// Lateness of all frames of established calls.
    pub lateness: Lateness,
    /// Datagrams received.
    pub datagrams_in: u64,
    /// Datagrams sent.
    pub datagrams_out: u64,
    /// Datagrams received that belong to no call.
    pub datagrams_unknown: u64,
    /// Datagrams the kernel did not take.
    pub send_failures: u64,
    /// Sockets that are open for one call alone.
    pub own_sockets: usize,
    /// Such sockets ever opened.
    pub sockets_opened: u64,
    /// Such sockets that could not be had, or were lost.
    pub socket_failures: u64,
    /// Pieces of TCP connections given up because these took no more.
    pub stream_dropped: u64,
    /// Packets of calls' own signalling given up because nobody took them.
    pub signals_dropped: u64,
    /// Times a call's profile was stepped down.
    pub stepped_down: u64,
    /// One entry per shard.
    pub shards: Vec<ShardStats>,
}
