//! What a call has counted.

use std::time::Duration;

/// Counters and gauges of one call, cheap to copy. Frames are those of the peer's sound or of ours, as named.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// From the start until both directions worked.
    pub setup: Option<Duration>,
    /// Datagrams sent, of any kind.
    pub datagrams_sent: u64,
    /// Datagrams accepted: authentic and new, or answers of a relay.
    pub datagrams_received: u64,
    /// Bytes of the datagrams sent, without IP and UDP headers.
    pub bytes_sent: u64,
    /// Bytes of the datagrams accepted.
    pub bytes_received: u64,
    /// Dropped: from an address that is no endpoint.
    pub dropped_stranger: u64,
    /// Dropped: the tag is not ours.
    pub dropped_foreign: u64,
    /// Dropped: too short or no whole cipher blocks.
    pub dropped_short: u64,
    /// Dropped: the seal does not hold.
    pub dropped_forged: u64,
    /// Dropped: the sequence number was seen before, or is too old to tell.
    pub dropped_replayed: u64,
    /// Dropped: authentic, but the content does not parse.
    pub dropped_malformed: u64,
    /// Dropped: a relay's answer to a question that was not asked.
    pub dropped_unasked: u64,
    /// Frames of ours handed to the network.
    pub frames_sent: u64,
    /// Copies of earlier frames sent along.
    pub copies_sent: u64,
    /// Frames refused by [`crate::Call::push_frame`] after the call was established.
    pub frames_refused: u64,
    /// Frames of the peer that arrived for the first time as themselves (not as a copy).
    pub frames_received: u64,
    /// Frames played from their own packet.
    pub frames_played: u64,
    /// Frames played from a copy or from the redundancy inside the following packet.
    pub frames_recovered: u64,
    /// Frames that were due and could only be concealed.
    pub frames_concealed: u64,
    /// Frames that never arrived while they were of use: recovered or concealed.
    pub frames_lost: u64,
    /// Frames that arrived when their time had passed.
    pub frames_late: u64,
    /// Frames that arrived more than once as themselves.
    pub frames_duplicate: u64,
    /// Frames thrown away to catch up with a delay that had shrunk, or because the buffer was full.
    pub frames_skipped: u64,
    /// Sound invented because nothing was there to play while the peer was sending.
    pub concealed: Duration,
    /// How often the playback was shortened by a stretch.
    pub shortened: u64,
    /// How often the playback was lengthened by a stretch.
    pub lengthened: u64,
    /// How often the peer's timeline broke off and was taken up anew (pause, restart, step in delay).
    pub resyncs: u64,
    /// Events dropped because nobody polled.
    pub events_dropped: u64,
    /// Packets that were not sent because too many waited: nobody polled.
    pub outbox_dropped: u64,
    /// Copies of earlier frames that go with each of our frames at the moment, 0 to 3.
    pub copies: u8,
    /// Round-trip time of the current endpoint, mean of the last six answers.
    pub rtt: Option<Duration>,
    /// The jitter buffer's aim: waiting time of a frame between its earliest possible arrival and its playback.
    pub jitter_target: Duration,
    /// The same as it is now, with the decoded sound that waits behind it.
    pub jitter_depth: Duration,
    /// Share of our packets that did not reach the peer lately, 0 to 1.
    pub send_loss: f32,
    /// Share of the peer's packets that did not reach us lately, 0 to 1.
    pub receive_loss: f32,
    /// Relays that have answered a question of their own: UDP gets through to them.
    pub relays_answering: u8,
    /// The protocol version the peer announced.
    pub peer_version: Option<i32>,
    /// The relay preferred at the moment: `connection_id` of a hang-up.
    pub preferred_relay: i64,
}
