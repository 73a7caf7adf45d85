//! The server's end of a session.

use super::SaltSchedule;
use crate::packet::Message;
use crate::{Moment, MsgId, RpcError, SessionId};
use offhook_crypto::AuthKey;
use std::time::{Duration, Instant};

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
    /// Unacknowledged messages kept for the next connection; the oldest is forgotten at the bound. Default 1000.
    pub max_unacked: usize,
    /// Messages waiting for a connection or a poll; the oldest update is dropped at the bound. Default 4096.
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
            max_unacked: 1000,
            max_queue: 4096,
            gzip_threshold: 1024,
        }
    }
}

/// What the session asks of its owner. Poll until [`ServerOutput::WaitUntil`].
#[derive(Debug)]
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
}

/// One session, server side. One object per (key, session id).
#[derive(Debug)]
pub struct ServerSession {
    key: AuthKey,
}

impl ServerSession {
    /// A session the server has not heard of before: its first packet is answered with `new_session_created`.
    pub fn new(
        key: AuthKey,
        session_id: SessionId,
        salts: SaltSchedule,
        options: ServerOptions,
        seed: [u8; 32],
    ) -> Self {
        let _ = key;
        todo!("{session_id:?} {salts:?} {options:?} {seed:?}")
    }

    /// The session's id.
    pub fn session_id(&self) -> SessionId {
        todo!()
    }

    /// The authorization key.
    pub fn key(&self) -> &AuthKey {
        &self.key
    }

    /// The connection answers go to: the one the last good packet came from.
    pub fn connection(&self) -> Option<ConnectionId> {
        todo!()
    }

    /// Counters.
    pub fn stats(&self) -> ServerStats {
        todo!()
    }

    /// Takes a message that [`crate::packet::open`] accepted and whose session id is this session's.
    pub fn handle(&mut self, message: Message, connection: ConnectionId, at: Moment) {
        todo!("{message:?} {connection:?} {at:?}")
    }

    /// A connection is gone. What it did not bring across is sent on the next one.
    pub fn disconnected(&mut self, connection: ConnectionId) {
        todo!("{connection:?}")
    }

    /// Answers a request with one boxed object. False when nobody waits for it.
    pub fn respond(&mut self, to: MsgId, result: &[u8], at: Moment) -> bool {
        todo!("{to:?} {result:?} {at:?}")
    }

    /// Answers a request with an error. False when nobody waits for it.
    pub fn respond_error(&mut self, to: MsgId, error: &RpcError, at: Moment) -> bool {
        todo!("{to:?} {error:?} {at:?}")
    }

    /// Sends one boxed `Updates` object, now or when the client is back.
    pub fn push_update(&mut self, body: &[u8], at: Moment) {
        todo!("{body:?} {at:?}")
    }

    /// Answers [`ServerOutput::DestroySession`].
    pub fn answer_destroy_session(&mut self, session_id: SessionId, found: bool) {
        todo!("{session_id:?} {found:?}")
    }

    /// Answers [`ServerOutput::DestroyKey`].
    pub fn answer_destroy_key(&mut self, destroyed: bool) {
        todo!("{destroyed:?}")
    }

    /// True while a request has no answer: what `invokeAfterMsg` must wait for.
    pub fn is_running(&self, request: MsgId) -> bool {
        todo!("{request:?}")
    }

    /// Next thing to do.
    pub fn poll(&mut self, at: Moment) -> ServerOutput {
        todo!("{at:?}")
    }
}
