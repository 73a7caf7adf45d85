//! From messages to sealed packets and back: once ([`Raw`]) or until acknowledged ([`Acked`]).
//!
//! Both are machines in virtual time: `push` a message or `handle` a packet, then `poll` until `WaitUntil`.

mod acked;
mod item;
mod raw;

use std::collections::VecDeque;
use std::time::Instant;

pub use acked::Acked;
pub use raw::Raw;

/// What a framing asks of its owner.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Hand this packet to the transport.
    Send(Vec<u8>),
    /// A message of the other side.
    Deliver(Vec<u8>),
    /// Nothing to do before this instant; `None` = before the next packet or message.
    WaitUntil(Option<Instant>),
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FramingError {
    /// An empty message cannot be told from a damaged packet.
    #[error("the message is empty")]
    Empty,
    /// No packet can hold it.
    #[error("{got} bytes, a packet holds at most {limit}")]
    TooLong {
        /// Its length.
        got: usize,
        /// The most there is room for.
        limit: usize,
    },
    /// Too many messages wait already.
    #[error("too many messages wait to be sent or acknowledged")]
    Full,
    /// All counters of this call are used up.
    #[error("all counters of this call are used up")]
    Exhausted,
}

/// Counters of a framing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FramingStats {
    /// Packets made.
    pub packets_sent: u64,
    /// Messages delivered.
    pub delivered: u64,
    /// Messages sent again because they were not acknowledged in time, or along with a later one.
    pub repeated: u64,
    /// Messages that came again and were not delivered again.
    pub duplicates: u64,
    /// Packets dropped because what was delivered has not been taken.
    pub dropped_busy: u64,
    /// Packets of which a part broke a rule; that part and what followed was dropped.
    pub dropped_malformed: u64,
    /// Messages in another framing than the agreed one that could be read all the same.
    pub foreign: u64,
}

/// Most messages and most bytes that wait to be taken. Beyond it packets are dropped unread, so that a side which repeats
/// them brings them again.
const INBOX_MESSAGES: usize = 1024;
const INBOX_BYTES: usize = 1 << 20;

/// Messages that wait for the owner to take them.
#[derive(Debug, Default)]
struct Inbox {
    queue: VecDeque<Vec<u8>>,
    bytes: usize,
}

impl Inbox {
    fn is_full(&self) -> bool {
        self.queue.len() >= INBOX_MESSAGES || self.bytes >= INBOX_BYTES
    }

    fn push(&mut self, message: Vec<u8>) {
        self.bytes += message.len();
        self.queue.push_back(message);
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let message = self.queue.pop_front()?;
        self.bytes -= message.len();
        Some(message)
    }
}

/// True when the body behind a sequence word is a message itself, plain or packed: the raw framing. The types of the acked
/// framing are 0x7f, 0xfe and 0xff, so the two cannot be confused.
fn is_raw(body: &[u8]) -> bool {
    matches!(body, [b'{', ..] | [0x1f, 0x8b, ..] | [0x78, 0x9c, ..])
}
