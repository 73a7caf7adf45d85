//! What an association says to its owner.

use std::time::Instant;

use super::MAX_MESSAGE;

/// Who begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Sends INIT at once. Both sides may: that is an ordinary simultaneous open.
    Now,
    /// Leaves it to the peer for [`super::PATIENCE`], then sends INIT as well.
    Later,
}

/// Why an association ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Ended {
    /// The peer sent ABORT.
    #[error("the other side aborted the signalling association")]
    Aborted,
    /// The peer sent SHUTDOWN.
    #[error("the other side shut the signalling association down")]
    ShutDown,
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// SCTP carries no empty messages.
    #[error("the message is empty")]
    Empty,
    /// Longer than [`MAX_MESSAGE`].
    #[error("{got} bytes, at most {MAX_MESSAGE}")]
    TooLong {
        /// Its length.
        got: usize,
    },
    /// A mebibyte waits already.
    #[error("too much waits to be sent or acknowledged")]
    Full,
    /// The association has ended.
    #[error("the association has ended")]
    Ended,
}

/// What an association asks of its owner.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this packet.
    Send(Vec<u8>),
    /// A message of the peer.
    Deliver(Vec<u8>),
    /// It is over. Said once.
    Ended(Ended),
    /// Nothing to do before this instant; `None` = before the next packet or message.
    WaitUntil(Option<Instant>),
}

/// Counters of an association.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssociationStats {
    /// Packets made.
    pub packets_sent: u64,
    /// DATA chunks sent again.
    pub retransmitted: u64,
    /// Packets dropped: no SCTP packet of ours, or a wrong checksum.
    pub dropped_foreign: u64,
    /// Packets dropped for their verification tag.
    pub dropped_tag: u64,
    /// Packets of which a part is malformed; that part and what followed was dropped.
    pub dropped_malformed: u64,
    /// Chunks that have no place in this state, or of a type that is not understood.
    pub dropped_chunks: u64,
    /// DATA chunks that came again.
    pub duplicates: u64,
    /// DATA chunks beyond the room we announced, or while nobody takes what was delivered.
    pub dropped_room: u64,
    /// Fragments and messages that were dropped although acknowledged: wrong order, other stream, too long.
    pub dropped_fragments: u64,
}
