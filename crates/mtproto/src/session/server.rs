//! The server's end of a session.

mod posts;
mod receive;
mod send;
mod store;

use super::SaltSchedule;
use super::numbering::Numbering;
use super::window::Window;
use crate::packet::Message;
use crate::wire::{Writer, id};
use crate::{Moment, MsgId, RpcError, SessionId};
use offhook_crypto::AuthKey;
use posts::Posts;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use send::Outgoing;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};
use store::{AnswerStore, UnackedStore};

/// A connection, numbered by the owner of the sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// How a server session behaves.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// A request without an answer for this long is acknowledged. Default 1 s.
    pub ack_after: Duration,
    /// Client message ids older than this are refused. Default 300 s.
    pub window_past: Duration,
    /// Client message ids further in the future than this are refused. Default 30 s.
    pub window_future: Duration,
    /// Answers kept for repeated questions; the oldest is forgotten at the bound. Default 1000.
    pub stored_answers: usize,
    /// How long an answer is kept. Default 10 min.
    pub answer_life: Duration,
    /// Requests running at once; more are answered 420 `FLOOD_WAIT_1`. Default 4096.
    pub max_running: usize,
    /// Unacknowledged messages kept for the next connection; the oldest is forgotten at the bound. Default 1000,
    /// and 16 MiB together.
    pub max_unacked: usize,
    /// Messages waiting for a connection or a poll; the oldest update is dropped at the bound. Default 4096, and
    /// 32 MiB together.
    pub max_queue: usize,
    /// Answers from this length on are gzipped when that makes them smaller. Default 1024 bytes.
    pub gzip_threshold: usize,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            ack_after: Duration::from_secs(1),
            window_past: Duration::from_secs(300),
            window_future: Duration::from_secs(30),
            stored_answers: 1000,
            answer_life: Duration::from_secs(600),
            max_running: 4096,
            max_unacked: 1000,
            max_queue: 4096,
            gzip_threshold: 1024,
        }
    }
}

/// What the session asks of its owner. Poll until [`ServerOutput::WaitUntil`].
/// `Debug` tells lengths, never content.
#[must_use]
pub enum ServerOutput {
    /// Send this packet on that connection.
    Send {
        /// Where.
        connection: ConnectionId,
        /// What.
        packet: Vec<u8>,
    },
    /// A remote call, still inside whatever `invokeWithLayer` and the like it came in. Answer it with
    /// [`ServerSession::respond`] or [`ServerSession::respond_error`], now or later.
    Request {
        /// Its message id, which names it in the answer.
        msg_id: MsgId,
        /// Its sequence number.
        seq_no: i32,
        /// One boxed object, unpacked.
        body: Vec<u8>,
    },
    /// The client destroys another session of the same key: do so and call
    /// [`ServerSession::answer_destroy_session`].
    DestroySession {
        /// The session to destroy.
        session_id: SessionId,
    },
    /// The client destroys the key of this session: do so and call [`ServerSession::answer_destroy_key`].
    DestroyKey,
    /// The client gave up waiting for a request that is still running: its answer will go nowhere.
    RequestDropped {
        /// The request.
        msg_id: MsgId,
    },
    /// Close that connection.
    Close {
        /// Which.
        connection: ConnectionId,
        /// Why.
        reason: ServerCloseReason,
    },
    /// Nothing to do before this instant (`None`: before the next call). Ends the drain.
    WaitUntil(Option<Instant>),
}

/// Why a server closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerCloseReason {
    /// The delay of the last `ping_delay_disconnect` is over.
    NoPing,
    /// A message was too large.
    TooLarge,
}

/// Counters since the session was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerStats {
    /// Messages handed up as requests.
    pub requests: u64,
    /// Messages seen before and not run again.
    pub duplicates: u64,
    /// `bad_server_salt` sent.
    pub bad_salts: u64,
    /// `bad_msg_notification` sent.
    pub bad_msgs: u64,
    /// Messages that could not be read.
    pub malformed: u64,
    /// Answers to requests that were unknown, answered or dropped.
    pub orphan_answers: u64,
    /// Updates dropped at the bound of the queue.
    pub updates_dropped: u64,
    /// Messages sent again.
    pub resent: u64,
    /// Messages forgotten at a bound before the client acknowledged them.
    pub unacked_dropped: u64,
    /// HTTP requests answered before their time because too many waited.
    pub posts_hurried: u64,
}

/// One session, server side. One object per (key, session id). `Debug` tells counts, never what was said.
pub struct ServerSession {
    key: AuthKey,
    session_id: SessionId,
    salts: SaltSchedule,
    options: ServerOptions,
    rng: ChaCha20Rng,
    /// The stream in use; `None` while the client speaks HTTP.
    connection: Option<ConnectionId>,
    posts: Posts,
    /// `new_session_created` was queued.
    greeted: bool,
    numbering: Numbering,
    /// Ids of the client's messages; containers too.
    seen: Window,
    running: BTreeMap<MsgId, Running>,
    answers: AnswerStore,
    /// Made, waiting for a connection and a poll.
    queue: VecDeque<Outgoing>,
    queue_bytes: usize,
    /// Messages queued so far.
    queued: u64,
    /// Sent, content-related, not acknowledged by the client.
    unacked: UnackedStore,
    /// For the owner.
    outputs: VecDeque<ServerOutput>,
    close_at: Option<(ConnectionId, Instant)>,
    stats: ServerStats,
}

/// A request without an answer.
#[derive(Clone, Copy, Debug)]
struct Running {
    since: Instant,
    acked: bool,
}

/// Client message ids remembered for duplicates.
const SEEN: usize = 4096;

impl ServerSession {
    /// A session the server has not heard of before: its first packet is answered with `new_session_created`.
    pub fn new(
        key: AuthKey,
        session_id: SessionId,
        salts: SaltSchedule,
        options: ServerOptions,
        seed: [u8; 32],
    ) -> Self {
        Self {
            key,
            session_id,
            salts,
            rng: ChaCha20Rng::from_seed(seed),
            connection: None,
            posts: Posts::default(),
            greeted: false,
            numbering: Numbering::default(),
            seen: Window::new(SEEN),
            running: BTreeMap::new(),
            answers: AnswerStore::new(options.stored_answers, options.answer_life),
            queue: VecDeque::new(),
            queue_bytes: 0,
            queued: 0,
            unacked: UnackedStore::new(options.max_unacked),
            outputs: VecDeque::new(),
            close_at: None,
            stats: ServerStats::default(),
            options,
        }
    }

    /// The session's id.
    pub fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// The authorization key.
    pub fn key(&self) -> &AuthKey {
        &self.key
    }

    /// The connection answers go to: the one the last good packet came from. Of several HTTP connections, the one
    /// opened last.
    pub fn connection(&self) -> Option<ConnectionId> {
        self.connection.or_else(|| self.posts.latest())
    }

    /// Whether the client uses this connection.
    pub fn is_on(&self, connection: ConnectionId) -> bool {
        self.connection == Some(connection) || self.posts.has(connection)
    }

    /// Ends every salt of this session's key at once ([`SaltSchedule::renewed`]).
    pub fn renew_salts(&mut self) {
        self.salts = self.salts.clone().renewed();
    }

    /// Counters.
    pub fn stats(&self) -> ServerStats {
        let unacked_dropped = self.stats.unacked_dropped + self.unacked.dropped();
        ServerStats { unacked_dropped, posts_hurried: self.posts.hurried(), ..self.stats }
    }

    /// Takes a message that [`crate::packet::open`] accepted and whose session id is this session's.
    pub fn handle(&mut self, message: Message, connection: ConnectionId, at: Moment) {
        self.arrive_on(connection);
        self.receive(message, connection, at);
    }

    /// The same for a message that came as an HTTP request, one at a time on each connection: [`ServerOutput::Send`]
    /// answers it once, within the time its `http_wait` gives or 25 s, at once when there is something to say.
    pub fn handle_posted(&mut self, message: Message, connection: ConnectionId, at: Moment) {
        self.arrive_posted(connection, at.instant);
        self.receive(message, connection, at);
    }

    /// Makes the next polls answer every HTTP request that waits, as before the session is forgotten. False when none
    /// does.
    pub fn release_posts(&mut self) -> bool {
        self.posts.hurry()
    }

    /// A connection is gone. What it did not bring across is sent on the next one. False when it was not in use.
    pub fn disconnected(&mut self, connection: ConnectionId) -> bool {
        let used = self.is_on(connection);
        self.connection = self.connection.filter(|current| *current != connection);
        self.close_at = self.close_at.filter(|(closing, _)| *closing != connection);
        if self.posts.end(connection) {
            self.requeue_unacked(|other| other != connection);
        }
        used
    }

    /// Answers a request with one boxed object. False when nobody waits for it.
    pub fn respond(&mut self, to: MsgId, result: &[u8], at: Moment) -> bool {
        if self.running.remove(&to).is_none() {
            self.stats.orphan_answers += 1;
            return false;
        }
        let packed =
            (result.len() >= self.options.gzip_threshold).then(|| crate::gzip::pack(result)).flatten();
        let body = packed.as_deref().unwrap_or(result);
        let body = Writer::boxed(id::RPC_RESULT).long(to.0).raw(body).done();
        self.answers.insert(to, body.clone(), at.instant);
        self.enqueue(Outgoing::answer(to, body));
        true
    }

    /// Answers a request with an error. False when nobody waits for it.
    pub fn respond_error(&mut self, to: MsgId, error: &RpcError, at: Moment) -> bool {
        let result = Writer::boxed(id::RPC_ERROR).int(error.code).bytes(error.message.as_bytes()).done();
        self.respond(to, &result, at)
    }

    /// Sends one boxed `Updates` object, now or when the client is back.
    pub fn push_update(&mut self, body: &[u8], at: Moment) {
        let _ = at; // Ids are made when the update leaves, so the moment of making it does not matter.
        let packed = (body.len() >= self.options.gzip_threshold).then(|| crate::gzip::pack(body)).flatten();
        self.enqueue(Outgoing::update(packed.unwrap_or_else(|| body.to_vec())));
    }

    /// Answers [`ServerOutput::DestroySession`].
    pub fn answer_destroy_session(&mut self, session_id: SessionId, found: bool) {
        let verdict = if found { id::DESTROY_SESSION_OK } else { id::DESTROY_SESSION_NONE };
        self.enqueue(Outgoing::service_reply(Writer::boxed(verdict).long(session_id.0).done()));
    }

    /// Answers [`ServerOutput::DestroyKey`].
    pub fn answer_destroy_key(&mut self, destroyed: bool) {
        let verdict = if destroyed { id::DESTROY_AUTH_KEY_OK } else { id::DESTROY_AUTH_KEY_FAIL };
        self.enqueue(Outgoing::service_reply(Writer::boxed(verdict).done()));
    }

    /// True while a request has no answer: what `invokeAfterMsg` must wait for.
    pub fn is_running(&self, request: MsgId) -> bool {
        self.running.contains_key(&request)
    }

    /// Next thing to do.
    pub fn poll(&mut self, at: Moment) -> ServerOutput {
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        if let Some((connection, _)) = self.close_at.filter(|(_, deadline)| *deadline <= at.instant) {
            self.disconnected(connection);
            return ServerOutput::Close { connection, reason: ServerCloseReason::NoPing };
        }
        self.answers.expire(at.instant);
        self.ack_slow_requests(at.instant);
        if let Some(output) = self.next_answer(at).or_else(|| self.next_packet(at)) {
            return output;
        }
        ServerOutput::WaitUntil(self.deadline())
    }

    /// Tells the client that a request arrived when its answer takes long: some clients send it again otherwise.
    fn ack_slow_requests(&mut self, now: Instant) {
        let ack_after = self.options.ack_after;
        let due = |running: &Running| !running.acked && now.duration_since(running.since) >= ack_after;
        let slow: Vec<i64> = self
            .running
            .iter_mut()
            .filter(|(_, running)| due(running))
            .map(|(id, running)| {
                running.acked = true;
                id.0
            })
            .collect();
        if !slow.is_empty() {
            self.enqueue(Outgoing::notice(Writer::boxed(id::MSGS_ACK).longs(slow.into_iter()).done()));
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let waiting = self.running.values().filter(|running| !running.acked);
        let ack = waiting.map(|running| running.since + self.options.ack_after).min();
        [ack, self.close_at.map(|(_, at)| at), self.posts.deadline()].into_iter().flatten().min()
    }
}

impl std::fmt::Debug for ServerSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerSession")
            .field("key", &self.key)
            .field("session_id", &self.session_id)
            .field("connection", &self.connection)
            .field("running", &self.running.len())
            .field("queued", &self.queue.len())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ServerOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Send { connection, packet } => write!(f, "Send({connection:?}, {} bytes)", packet.len()),
            Self::Request { msg_id, seq_no, body } => {
                write!(f, "Request({msg_id:?}, {seq_no}, {} bytes)", body.len())
            }
            Self::DestroySession { session_id } => write!(f, "DestroySession({})", session_id.0),
            Self::DestroyKey => f.write_str("DestroyKey"),
            Self::RequestDropped { msg_id } => write!(f, "RequestDropped({msg_id:?})"),
            Self::Close { connection, reason } => write!(f, "Close({connection:?}, {reason:?})"),
            Self::WaitUntil(deadline) => f.debug_tuple("WaitUntil").field(deadline).finish(),
        }
    }
}
