//! The client's end of a session.

mod receive;
mod requests;
mod send;

use super::MAX_BODY;
use super::ascending::Ascending;
use super::numbering::Numbering;
use super::window::Window;
use crate::packet::PacketError;
use crate::{Moment, RpcError, Salt, SessionId, TimeOffset};
use offhook_crypto::AuthKey;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use requests::{Body, Requests, SentBook};
use send::Service;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Names a request for as long as it lives; message ids change when it is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// How a client session behaves. The defaults suit a long-lived main connection.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Time between keep-alive pings (`ping_delay_disconnect`). Default 30 s.
    pub ping_interval: Duration,
    /// After how long without a ping the server should close the connection. Default 75 s.
    pub disconnect_delay: Duration,
    /// A connection that brings nothing for this long after a ping is dead. Default 15 s.
    pub silence_limit: Duration,
    /// Longest time an acknowledgement waits for company. Default 10 s; 64 of them do not wait.
    pub ack_delay: Duration,
    /// Bodies from this length on are gzipped when that makes them smaller. Default 512 bytes.
    pub gzip_threshold: usize,
    /// Requests waiting for an answer or for a connection; above it `push_request` refuses. Default 4096.
    pub max_requests: usize,
    /// Events not yet polled; above it `handle_packet` drops updates and counts them. Default 65,536.
    pub max_events: usize,
    /// Packets travel as HTTP requests: each says that its answer need not wait, and one long poll
    /// ([`ClientSession::long_poll`]) is to be there at all times. Default false.
    pub http: bool,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(30),
            disconnect_delay: Duration::from_secs(75),
            silence_limit: Duration::from_secs(15),
            ack_delay: Duration::from_secs(10),
            gzip_threshold: 512,
            max_requests: 4096,
            max_events: 65_536,
            http: false,
        }
    }
}

/// Why a request was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// Larger than a server takes; sending it would end the connection again and again.
    #[error("request of {got} bytes, at most {limit} are allowed")]
    TooLong {
        /// Bytes given.
        got: usize,
        /// The limit.
        limit: usize,
    },
    /// Bodies are TL objects: whole 4-byte words, at least one.
    #[error("request of {got} bytes is not a TL object")]
    NotAnObject {
        /// Bytes given.
        got: usize,
    },
    /// Too many requests wait already.
    #[error("{limit} requests are waiting already")]
    Full {
        /// [`ClientOptions::max_requests`].
        limit: usize,
    },
}

/// What the session asks of its owner. Poll until [`ClientOutput::WaitUntil`].
/// `Debug` tells lengths, never content.
#[must_use]
pub enum ClientOutput {
    /// Send this packet on the current connection.
    Send(Vec<u8>),
    /// Something happened.
    Event(ClientEvent),
    /// Drop the connection, open a new one, then call [`ClientSession::connected`].
    Close(CloseReason),
    /// Nothing to do before this instant (`None`: before the next call). Ends the drain.
    WaitUntil(Option<Instant>),
}

/// What happened in a session. `Debug` tells lengths, never content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientEvent {
    /// The answer to a request: a boxed object, unpacked.
    Result {
        /// The request.
        request: RequestId,
        /// The result.
        body: Vec<u8>,
    },
    /// A request was answered with an error.
    Failed {
        /// The request.
        request: RequestId,
        /// The error.
        error: RpcError,
    },
    /// A request was received by the server but has no answer yet.
    Acked(RequestId),
    /// A cancelled request will bring no answer.
    Cancelled(RequestId),
    /// An object nobody asked for, usually `Updates`, unpacked.
    Update(Vec<u8>),
    /// The server began a new session: updates may have been missed, ask for the difference.
    NewSession,
    /// The server gave another salt: worth storing.
    SaltChanged(Salt),
    /// The clock offset was corrected: worth storing.
    TimeOffsetChanged(TimeOffset),
    /// The session had to take a new id; requests without an answer are sent again by themselves.
    SessionReset(SessionId),
}

/// Why a connection is of no more use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// Nothing came for [`ClientOptions::silence_limit`] after a ping.
    Silent,
    /// A packet could not be decrypted.
    BadPacket(PacketError),
    /// Ten messages in a row were refused (wrong ids or duplicates).
    TooManyRefused,
    /// A message came from the future by our clock: ours has fallen behind, as after sleep. The first message on the next
    /// connection sets it right.
    ClockBehind,
}

/// Counters since the session was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientStats {
    /// Packets made.
    pub packets_sent: u64,
    /// Packets opened.
    pub packets_received: u64,
    /// Packets that failed decryption or its checks.
    pub packets_refused: u64,
    /// Messages seen before.
    pub duplicates: u64,
    /// Messages with an id of the wrong kind or outside the time window.
    pub bad_msg_ids: u64,
    /// Messages that could not be read.
    pub malformed: u64,
    /// Updates dropped because nobody polled.
    pub updates_dropped: u64,
    /// Requests sent again.
    pub resent: u64,
    /// Answers to nothing.
    pub orphan_results: u64,
    /// Salts replaced by `bad_server_salt`.
    pub bad_salts: u64,
    /// `bad_msg_notification` received.
    pub bad_msgs: u64,
    /// Complaints about messages we did not send, or no longer remember; nothing follows from them.
    pub orphan_complaints: u64,
    /// Pings made.
    pub pings: u64,
    /// Time from the last ping to its pong.
    pub rtt: Option<Duration>,
}

/// One session, client side. `Debug` tells counts, never what was said.
pub struct ClientSession {
    key: AuthKey,
    session_id: SessionId,
    salt: Salt,
    offset: TimeOffset,
    options: ClientOptions,
    rng: ChaCha20Rng,
    connection: Option<Connection>,
    numbering: Numbering,
    requests: Requests,
    sent: SentBook,
    /// The layer's own messages that wait to be sent.
    service: VecDeque<Service>,
    /// Messages of the server to acknowledge, and when at the latest.
    acks: Ascending<i64>,
    ack_due: Option<Instant>,
    /// Ids of the server's messages.
    seen: Window,
    /// Salts to come: valid since, valid until (server unix seconds).
    salts: Vec<(i32, i32, Salt)>,
    salts_asked: Option<Instant>,
    /// `unique_id` of the last `new_session_created`.
    server_session: Option<i64>,
    refused_in_a_row: u32,
    events: VecDeque<ClientEvent>,
    close: Option<CloseReason>,
    stats: ClientStats,
}

/// What is known of the current connection.
#[derive(Clone, Copy, Debug)]
struct Connection {
    /// When the last good packet came.
    heard: Instant,
    /// A packet with a good id has come on it.
    timed: bool,
    /// When a ping left that nothing has followed yet.
    pinged: Option<Instant>,
    /// When the ping left whose pong has not come.
    ping_left: Option<Instant>,
    next_ping: Instant,
    /// A long poll is on its way or waits for its answer.
    polling: bool,
    /// Requests of an earlier connection are sent again when their states are not told by then.
    states_due: Option<Instant>,
}

/// Server message ids remembered for duplicates.
const SEEN: usize = 2000;
/// Bytes `invokeAfterMsg` adds to a request.
const AFTER_HEADER: usize = 4 + 8;

impl ClientSession {
    /// A session with a fresh random id that has no connection yet.
    ///
    /// `salt` and `offset` come from the key exchange or from storage; wrong ones (a salt of 0) cost one round trip.
    pub fn new(key: AuthKey, salt: Salt, offset: TimeOffset, options: ClientOptions, seed: [u8; 32]) -> Self {
        let mut rng = ChaCha20Rng::from_seed(seed);
        Self {
            key,
            session_id: draw_session_id(&mut rng),
            salt,
            offset,
            requests: Requests::new(options.max_requests),
            options,
            rng,
            connection: None,
            numbering: Numbering::default(),
            sent: SentBook::default(),
            service: VecDeque::new(),
            acks: Ascending::default(),
            ack_due: None,
            seen: Window::new(SEEN),
            salts: Vec::new(),
            salts_asked: None,
            server_session: None,
            refused_in_a_row: 0,
            events: VecDeque::new(),
            close: None,
            stats: ClientStats::default(),
        }
    }

    /// The session's id; changes with [`ClientEvent::SessionReset`].
    pub fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// The authorization key.
    pub fn key(&self) -> &AuthKey {
        &self.key
    }

    /// The salt in use.
    pub fn salt(&self) -> Salt {
        self.salt
    }

    /// Server time against local time.
    pub fn time_offset(&self) -> TimeOffset {
        self.offset
    }

    /// Requests without an answer.
    pub fn pending(&self) -> usize {
        self.requests.len()
    }

    /// Counters.
    pub fn stats(&self) -> ClientStats {
        self.stats
    }

    /// A connection is up: what was not answered is sent (again).
    ///
    /// The server is first asked what it received of the requests of an earlier connection, so that none runs
    /// twice.
    pub fn connected(&mut self, at: Moment) {
        let now = at.instant;
        self.close = None;
        self.service.clear();
        self.salts_asked = None;
        self.connection = Some(Connection {
            heard: now,
            timed: false,
            pinged: None,
            ping_left: None,
            next_ping: now,
            polling: false,
            states_due: None,
        });
        self.ask_states(now);
    }

    /// The connection is gone: requests wait for the next.
    pub fn disconnected(&mut self) {
        self.connection = None;
    }

    /// Queues a request: one boxed TL function. It leaves with the next [`ClientSession::poll`] while connected.
    ///
    /// # Errors
    /// A [`PushError`].
    pub fn push_request(&mut self, body: Vec<u8>, at: Moment) -> Result<RequestId, PushError> {
        self.push(Body::Plain(body), None, at)
    }

    /// Queues a request that the server must not run before `after` has ended (`invokeAfterMsg`). When `after` is
    /// answered already this is the same as [`ClientSession::push_request`].
    ///
    /// # Errors
    /// A [`PushError`].
    pub fn push_request_after(
        &mut self,
        body: Vec<u8>,
        after: RequestId,
        at: Moment,
    ) -> Result<RequestId, PushError> {
        self.push(Body::Plain(body), Some(after), at)
    }

    /// Queues `auth.bindTempAuthKey` for a session that runs under a temporary key.
    ///
    /// # Errors
    /// A [`PushError`].
    pub fn push_bind(
        &mut self,
        perm_key: &AuthKey,
        expires_at: i32,
        at: Moment,
    ) -> Result<RequestId, PushError> {
        self.push(Body::Bind { perm_key: Box::new(perm_key.clone()), expires_at }, None, at)
    }

    fn push(&mut self, body: Body, after: Option<RequestId>, at: Moment) -> Result<RequestId, PushError> {
        // The moment decides nothing: a request gets its number when it leaves.
        let _ = at;
        if let Body::Plain(body) = &body {
            let got = body.len();
            let limit = MAX_BODY - AFTER_HEADER;
            if got > limit {
                return Err(PushError::TooLong { got, limit });
            }
            if got < 4 || !got.is_multiple_of(4) {
                return Err(PushError::NotAnObject { got });
            }
        }
        self.requests.push(body, after).ok_or(PushError::Full { limit: self.options.max_requests })
    }

    /// Gives a request up: it is not sent any more, and the server is told to drop the answer
    /// (`rpc_drop_answer`). No event but [`ClientEvent::Cancelled`] follows. False when it has ended already.
    pub fn cancel(&mut self, request: RequestId, at: Moment) -> bool {
        let _ = at;
        let Some(cancelled) = self.requests.remove(request) else { return false };
        self.sent.forget_request(&cancelled);
        if let Some(sent) = cancelled.latest().filter(|_| self.connection.is_some()) {
            self.service.push_back(Service::DropAnswer(sent));
        }
        self.events.push_back(ClientEvent::Cancelled(request));
        true
    }

    /// A packet to be posted beside all others, whose answer may take `longest`: what comes unasked, comes in it. `None`
    /// without a connection, and until [`ClientSession::long_poll_ended`]. Ask after [`ClientSession::poll`].
    pub fn long_poll(&mut self, longest: Duration, at: Moment) -> Option<Vec<u8>> {
        let connection = self.connection.as_mut().filter(|connection| !connection.polling)?;
        connection.polling = true;
        Some(self.next_poll(longest, at))
    }

    /// The long poll was answered.
    pub fn long_poll_ended(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.polling = false;
        }
    }

    /// Reads a packet from the current connection.
    ///
    /// # Errors
    /// A [`PacketError`]: drop the connection ([`ClientOutput::Close`] says so too). Packets of an earlier session
    /// of ours are no error, only counted.
    pub fn handle_packet(&mut self, packet: &[u8], at: Moment) -> Result<(), PacketError> {
        self.receive(packet, at)
    }

    /// Next thing to do.
    pub fn poll(&mut self, at: Moment) -> ClientOutput {
        if let Some(event) = self.events.pop_front() {
            return ClientOutput::Event(event);
        }
        self.run_timers(at.instant);
        if let Some(reason) = self.close.take() {
            self.connection = None;
            return ClientOutput::Close(reason);
        }
        match self.next_packet(at) {
            Some(packet) => ClientOutput::Send(packet),
            None => ClientOutput::WaitUntil(self.deadline()),
        }
    }
}

impl std::fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientSession")
            .field("key", &self.key)
            .field("session_id", &self.session_id)
            .field("pending", &self.pending())
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ClientOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Send(packet) => write!(f, "Send({} bytes)", packet.len()),
            Self::Event(event) => f.debug_tuple("Event").field(event).finish(),
            Self::Close(reason) => f.debug_tuple("Close").field(reason).finish(),
            Self::WaitUntil(deadline) => f.debug_tuple("WaitUntil").field(deadline).finish(),
        }
    }
}

impl std::fmt::Debug for ClientEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Result { request, body } => write!(f, "Result({}, {} bytes)", request.0, body.len()),
            Self::Failed { request, error } => write!(f, "Failed({}, {error})", request.0),
            Self::Acked(request) => write!(f, "Acked({})", request.0),
            Self::Cancelled(request) => write!(f, "Cancelled({})", request.0),
            Self::Update(body) => write!(f, "Update({} bytes)", body.len()),
            Self::NewSession => f.write_str("NewSession"),
            Self::SaltChanged(_) => f.write_str("SaltChanged"),
            Self::TimeOffsetChanged(offset) => write!(f, "TimeOffsetChanged({} s)", offset.as_secs()),
            Self::SessionReset(id) => write!(f, "SessionReset({})", id.0),
        }
    }
}

fn draw_session_id(rng: &mut ChaCha20Rng) -> SessionId {
    session_id(rng.next_u64())
}

/// Zero is no session: servers answer it with an error.
fn session_id(drawn: u64) -> SessionId {
    SessionId(drawn.max(1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_never_has_the_number_zero() {
        assert_eq!(session_id(0), SessionId(1));
        assert_eq!(session_id(2), SessionId(2));
        assert_eq!(session_id(u64::MAX), SessionId(-1));
    }
}
