//! HTTP: each packet of the client is a request that is owed exactly one answer, and messages leave in answers only.
//!
//! How long an answer waits for messages is what `http_wait` says, core.telegram.org/mtproto/service_messages#http-wait:
//! `max_delay` counts from the first message that waits, `wait_after` from the latest, `max_wait` from the request; the
//! first to pass ends the wait. After `max_wait` with no message the answer is an empty container.

use super::ConnectionId;
use crate::wire::Reader;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Requests that wait at once; the oldest is answered early at the bound.
const MAX_WAITING: usize = 32;
/// Connections remembered; at the bound the oldest counts as gone.
const MAX_CONNECTIONS: usize = 64;
/// Longest wait of an answer, whatever the client asks for: proxies cut what is silent for longer.
const LONGEST: Duration = Duration::from_secs(120);

/// How long the answer to a request waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    max_delay: Duration,
    wait_after: Duration,
    max_wait: Duration,
}

impl Default for Wait {
    /// Without `http_wait`.
    fn default() -> Self {
        Self { max_delay: Duration::ZERO, wait_after: Duration::ZERO, max_wait: Duration::from_secs(25) }
    }
}

impl Wait {
    const NONE: Self =
        Self { max_delay: Duration::ZERO, wait_after: Duration::ZERO, max_wait: Duration::ZERO };

    /// The fields of `http_wait`, milliseconds. `None` when it is cut; what is negative counts as zero.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut next = || {
            let millis = u64::try_from(reader.int()?).unwrap_or(0);
            Some(Duration::from_millis(millis).min(LONGEST))
        };
        Some(Self { max_delay: next()?, wait_after: next()?, max_wait: next()? })
    }
}

/// A request without an answer.
#[derive(Clone, Copy, Debug)]
struct Post {
    connection: ConnectionId,
    since: Instant,
    wait: Wait,
}

/// What a session knows of the HTTP connections of its client.
#[derive(Clone, Debug, Default)]
pub(super) struct Posts {
    connections: BTreeSet<ConnectionId>,
    /// Oldest first.
    waiting: Vec<Post>,
    /// When the first of the messages that wait came, and the latest.
    queued: Option<(Instant, Instant)>,
    /// Messages queued so far, when that was looked at last.
    counted: u64,
    hurried: u64,
}

impl Posts {
    /// A request came. True when its connection is new.
    pub(super) fn begin(&mut self, connection: ConnectionId, now: Instant) -> bool {
        self.waiting.retain(|post| post.connection != connection);
        self.waiting.push(Post { connection, since: now, wait: Wait::default() });
        if self.waiting.len() > MAX_WAITING
            && let Some(oldest) = self.waiting.iter_mut().find(|post| post.wait != Wait::NONE)
        {
            oldest.wait = Wait::NONE;
            self.hurried += 1;
        }
        let new = self.connections.insert(connection);
        if self.connections.len() > MAX_CONNECTIONS {
            self.connections.pop_first();
        }
        new
    }

    /// The request of this connection is an `http_wait`, or holds one. Does nothing on any other connection.
    pub(super) fn set_wait(&mut self, connection: ConnectionId, wait: Wait) {
        if let Some(post) = self.waiting.iter_mut().find(|post| post.connection == connection) {
            post.wait = wait;
        }
    }

    /// Nothing is worth waiting for any more. False when nothing waits.
    pub(super) fn hurry(&mut self) -> bool {
        self.waiting.iter_mut().for_each(|post| post.wait = Wait::NONE);
        !self.waiting.is_empty()
    }

    /// A connection is gone. True when it was one of these.
    pub(super) fn end(&mut self, connection: ConnectionId) -> bool {
        self.waiting.retain(|post| post.connection != connection);
        self.connections.remove(&connection)
    }

    pub(super) fn has(&self, connection: ConnectionId) -> bool {
        self.connections.contains(&connection)
    }

    /// The connection that was opened last.
    pub(super) fn latest(&self) -> Option<ConnectionId> {
        self.connections.last().copied()
    }

    /// Requests answered before their time because too many waited.
    pub(super) fn hurried(&self) -> u64 {
        self.hurried
    }

    /// Says how many messages were queued so far, and whether any waits.
    pub(super) fn note_queue(&mut self, counted: u64, any: bool, now: Instant) {
        let grown = std::mem::replace(&mut self.counted, counted) != counted;
        self.queued = match self.queued.filter(|_| any) {
            Some((first, _)) if grown => Some((first, now)),
            None if any => Some((now, now)),
            queued => queued,
        };
    }

    /// Takes the request to be answered now. Of several the latest: an answer belongs where the question came from, and
    /// long polls wait longest. `busy`: requests are being worked on, so that those of this very moment wait for them.
    pub(super) fn take_due(&mut self, busy: bool, now: Instant) -> Option<ConnectionId> {
        let due = |post: &Post| self.due(post) <= now && !(busy && post.since == now);
        let index = self.waiting.iter().rposition(due)?;
        Some(self.waiting.remove(index).connection)
    }

    /// When [`Posts::take_due`] has something to give.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.waiting.iter().map(|post| self.due(post)).min()
    }

    fn due(&self, post: &Post) -> Instant {
        let last = post.since + post.wait.max_wait;
        self.queued.map_or(last, |(first, latest)| {
            last.min(first + post.wait.max_delay).min(latest + post.wait.wait_after)
        })
    }
}
