//! Everything a server knows, behind one lock: connections, sessions, and the service.
//!
//! No socket in here: packets come in, and leave through the bounded queue of each connection.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use offhook_crypto::AuthKey;
use offhook_mtproto::{
    Moment, Salt, SessionId,
    exchange::NewKey,
    packet::{self, Origin},
    session::{ConnectionId, SaltSchedule, ServerOptions, ServerOutput, ServerSession},
};
use offhook_tl::Schema;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::sessions::{Session, Sessions};
use crate::{
    Counters, Limits,
    service::{Service, SessionName},
    storage::Storage,
    world::keys::{KeyBytes, KeyRecord},
};

/// How often abandoned sessions and expired keys are looked for.
const SWEEP: Duration = Duration::from_secs(60);
/// How long a packet waits for the one that is to overtake it.
const HELD: Duration = Duration::from_millis(20);
/// No key is known by this id, or no such exchange is under way.
const NOT_FOUND: i32 = -404;

/// What a connection must send.
#[derive(Clone, Debug)]
pub(super) enum Outbound {
    Packet(Vec<u8>),
    Error(i32),
    QuickAck(u32),
}

/// How a packet came.
#[derive(Clone, Copy, Debug)]
pub(super) enum Arrival {
    /// In a stream, where packets go either way at any time.
    Stream { wants_quick_ack: bool },
    /// As an HTTP request: the connection is owed one thing to send.
    Post,
}

/// The connection's end of its queue.
#[derive(Debug)]
pub(super) struct Line {
    pub id: ConnectionId,
    /// The data centre it leads to; `None` for the first.
    pub dc: Option<i32>,
    pub queue: mpsc::Receiver<Outbound>,
    /// Cuts the connection at once.
    pub cut: CancellationToken,
}

/// The hub's end.
#[derive(Debug)]
struct Wire {
    dc: Option<i32>,
    /// It carries HTTP requests, each with one answer.
    posts: bool,
    queue: mpsc::Sender<Outbound>,
    cut: CancellationToken,
}

/// What goes wrong on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// Packets to clients are swallowed.
    pub(crate) lose: bool,
    /// So many updates are not sent.
    pub(crate) swallow: u64,
    /// Every packet is sent twice.
    pub(crate) duplicate: bool,
    /// Every other packet is overtaken by the one after it.
    reorder: bool,
    /// How often all salts were ended, and when last (unix time).
    salts: (u32, Duration),
}

/// Everything.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) service: Service,
    pub(super) sessions: Sessions,
    pub(super) counters: Counters,
    pub(super) max_layer: i32,
    limits: Limits,
    pub(super) storage: Option<Storage>,
    pub(crate) faults: Faults,
    wires: HashMap<ConnectionId, Wire>,
    /// Packets to be overtaken, one for each connection at most, and when they are sent at the latest.
    held: BTreeMap<ConnectionId, Outbound>,
    held_until: Option<Instant>,
    next_line: u64,
    next_sweep: Instant,
    random: ChaCha20Rng,
}

impl Hub {
    pub(crate) fn new(
        service: Service,
        storage: Option<Storage>,
        limits: Limits,
        max_layer: i32,
        seed: [u8; 32],
        now: Instant,
    ) -> Self {
        Self {
            service,
            sessions: Sessions::default(),
            counters: Counters::default(),
            max_layer,
            limits,
            storage,
            faults: Faults::default(),
            wires: HashMap::new(),
            held: BTreeMap::new(),
            held_until: None,
            next_line: 0,
            next_sweep: now + SWEEP,
            random: ChaCha20Rng::from_seed(seed),
        }
    }

    /// What happened so far.
    pub(crate) fn counters(&self) -> Counters {
        Counters {
            connections_open: self.wires.len() as u64,
            sessions: self.sessions.len() as u64,
            messages_dropped: self.service.world.messages_dropped(),
            calls: self.service.calls_requested,
            calls_alive: self.service.calls.len() as u64,
            signals_lost: self.service.signalling.lost(),
            signals_dropped: self.counters.signals_dropped + self.service.signalling.dropped(),
            turn: self.service.turn.as_ref().map(|turn| turn.counters()),
            reflectors: self.service.reflectors.iter().map(|it| it.counters()).collect(),
            ..self.counters.clone()
        }
    }

    /// When [`Hub::tick`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        [Some(self.next_sweep), self.held_until, self.sessions.next_deadline(), self.service.next_deadline()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Does what time demands.
    pub(crate) fn tick(&mut self, at: Moment) {
        self.service.tick(at);
        if self.held_until.is_some_and(|until| until <= at.instant) {
            self.release_held();
        }
        for name in self.sessions.take_due(at.instant) {
            self.drive(name, at);
        }
        if self.next_sweep <= at.instant {
            self.next_sweep = at.instant + SWEEP;
            for name in self.sessions.abandoned(at.instant) {
                self.remove_session(name);
            }
            for key in self.service.world.keys().expired(at.unix.as_secs() as i64) {
                self.forget_key(key);
            }
            self.sync();
        }
        self.settle(at);
    }

    /// A place for a new connection; `None` when there are too many.
    pub(super) fn open_line(&mut self, dc: Option<i32>) -> Option<Line> {
        if self.wires.len() >= self.limits.connections {
            self.counters.connections_refused += 1;
            return None;
        }
        self.counters.connections += 1;
        let id = ConnectionId(self.next_line);
        self.next_line += 1;
        let (sender, queue) = mpsc::channel(self.limits.connection_queue.max(1));
        let cut = CancellationToken::new();
        self.wires.insert(id, Wire { dc, posts: false, queue: sender, cut: cut.clone() });
        Some(Line { id, dc, queue, cut })
    }

    /// A connection is gone.
    pub(super) fn close_line(&mut self, line: ConnectionId, at: Moment) {
        self.wires.remove(&line);
        self.held.remove(&line);
        let mut left = Vec::new();
        for (name, session) in self.sessions.iter_mut() {
            if session.server.disconnected(line) {
                session.line = session.server.connection();
                session.used = at.instant;
                left.push(name);
            }
        }
        for name in left {
            self.drive(name, at);
        }
        self.settle(at);
    }

    /// Cuts every connection and says how many there were.
    pub(crate) fn cut_all(&mut self) -> usize {
        self.wires.values().for_each(|wire| wire.cut.cancel());
        self.wires.len()
    }

    pub(super) fn count_bad_packet(&mut self) {
        self.counters.bad_packets += 1;
    }

    pub(super) fn knows_key(&self, key: i64) -> bool {
        self.service.world.keys().get(key).is_some()
    }

    /// Stores a key that was just made. False when there is no room.
    pub(super) fn add_key(&mut self, key: &NewKey, dc: Option<i32>, at: Moment) -> bool {
        let added = self.service.world.add_key(KeyRecord {
            key: KeyBytes(key.key.clone()),
            salt: key.salt.0,
            created: at.unix.as_secs() as i64,
            expires: key.expires_at,
            bound_to: None,
            user: None,
            layer: None,
            dc: key.dc,
            program: None,
            used: at.unix.as_secs() as i64,
            place: dc,
        });
        self.counters.keys_made += u64::from(added);
        self.settle(at);
        added
    }

    /// Takes an encrypted packet from a connection.
    pub(super) fn handle_packet(&mut self, line: ConnectionId, bytes: &[u8], arrival: Arrival, at: Moment) {
        if let Arrival::Post = arrival {
            self.counters.posts += 1;
            self.wires.entry(line).and_modify(|wire| wire.posts = true);
        }
        let record = packet::key_id(bytes).and_then(|id| self.service.world.keys().get(id));
        let dc = self.wires.get(&line).and_then(|wire| wire.dc);
        // No data centre knows the keys of another.
        let Some(record) = record.filter(|record| !is_expired(record, at) && record.place == dc) else {
            self.counters.unknown_keys += 1;
            self.send(line, Outbound::Error(NOT_FOUND));
            return;
        };
        let key = record.key.0.clone();
        let (salt, created) = (Salt(record.salt), Duration::from_secs(record.created.unsigned_abs()));
        let message = match packet::open(&key, Origin::Client, bytes) {
            Ok(message) => message,
            Err(error) => {
                tracing::debug!(%error, "packet refused");
                self.counters.bad_packets += 1;
                self.cut(line);
                return;
            }
        };
        if message.session_id == SessionId(0) {
            self.send(line, Outbound::Error(NOT_FOUND));
            return;
        }
        if let Arrival::Stream { wants_quick_ack: true } = arrival {
            self.send(line, Outbound::QuickAck(message.quick_ack));
        }
        let name = SessionName { key: key.id(), id: message.session_id };
        if !self.sessions.contains(name) {
            let salts = self.salts(&key, salt, created);
            self.open_session(name, key, salts, at.instant);
        }
        let Some(session) = self.sessions.get_mut(name) else {
            self.cut(line);
            return;
        };
        let moved = !session.server.is_on(line);
        session.line = Some(line);
        session.waiting_signals = 0;
        session.used = at.instant;
        match arrival {
            Arrival::Stream { .. } => session.server.handle(message, line, at),
            Arrival::Post => session.server.handle_posted(message, line, at),
        }
        let returned = moved.then_some(session.subscribed).flatten();
        self.drive(name, at);
        if returned.is_some() {
            self.show_calls(name, at);
        }
        self.settle(at);
    }

    /// Makes a session that is logged in and wants updates get them, with the calls under way first.
    pub(super) fn subscribe(&mut self, name: SessionName, at: Moment) {
        let user = self.service.world.keys().user(name.key);
        let Some(session) = self.sessions.get_mut(name) else { return };
        let user = user.filter(|user| !session.without_updates && self.service.lives_here(*user, name.key));
        if session.subscribed == user {
            return;
        }
        self.sessions.subscribe(name, user);
        if user.is_some() {
            self.show_calls(name, at);
        }
    }

    /// The layer of a session: its own, that of its key, or the newest.
    pub(super) fn layer_of(&mut self, name: SessionName) -> i32 {
        let own = self.sessions.get_mut(name).and_then(|session| session.layer);
        own.or_else(|| self.service.world.keys().layer(name.key))
            .unwrap_or_else(|| Schema::api().layer())
            .min(self.max_layer)
    }

    fn open_session(&mut self, name: SessionName, key: AuthKey, salts: SaltSchedule, now: Instant) {
        if self.sessions.len() >= self.limits.sessions {
            let Some(oldest) = self.sessions.most_dispensable() else { return };
            self.remove_session(oldest);
            self.counters.sessions_dropped += 1;
        }
        let mut seed = [0; 32];
        self.random.fill_bytes(&mut seed);
        let server = ServerSession::new(key, name.id, salts, ServerOptions::default(), seed);
        self.sessions.insert(name, Session::new(server, now));
    }

    /// Lets a session say everything it has to say.
    pub(super) fn drive(&mut self, name: SessionName, at: Moment) {
        loop {
            let mut requests = BTreeMap::new();
            loop {
                let Some(session) = self.sessions.get_mut(name) else { return };
                match session.server.poll(at) {
                    ServerOutput::Send { connection, packet } => {
                        self.send(connection, Outbound::Packet(packet))
                    }
                    ServerOutput::Request { msg_id, body, .. } => drop(requests.insert(msg_id, body)),
                    ServerOutput::DestroySession { session_id } => {
                        let found = self.remove_session(SessionName { id: session_id, ..name });
                        if let Some(session) = self.sessions.get_mut(name) {
                            session.server.answer_destroy_session(session_id, found);
                        }
                    }
                    ServerOutput::DestroyKey => {
                        let known = self.knows_key(name.key);
                        if let Some(session) = self.sessions.get_mut(name) {
                            session.server.answer_destroy_key(known);
                        }
                        self.flush(name, at);
                        self.forget_key(name.key);
                    }
                    // Requests are answered at once, so none is ever still running.
                    ServerOutput::RequestDropped { .. } => {}
                    ServerOutput::Close { connection, .. } => self.cut(connection),
                    ServerOutput::WaitUntil(deadline) => {
                        self.sessions.set_deadline(name, deadline);
                        break;
                    }
                }
            }
            if requests.is_empty() {
                return;
            }
            // Ids tell the order in which the client made them; containers need not.
            for (msg_id, body) in requests {
                self.answer(name, msg_id, &body, at);
            }
        }
    }

    /// Sends what a session has ready without taking up its requests.
    fn flush(&mut self, name: SessionName, at: Moment) {
        while let Some(session) = self.sessions.get_mut(name)
            && let ServerOutput::Send { connection, packet } = session.server.poll(at)
        {
            self.send(connection, Outbound::Packet(packet));
        }
    }

    /// Forgets a session. Whoever waits for an answer over HTTP gets an empty one, and finds out by asking again.
    fn remove_session(&mut self, name: SessionName) -> bool {
        if self.sessions.get_mut(name).is_some_and(|session| session.server.release_posts()) {
            self.flush(name, super::now());
        }
        self.sessions.remove(name)
    }

    /// Forgets a key with its sessions and, when it is a permanent one, the temporary keys bound to it.
    pub(super) fn forget_key(&mut self, key: i64) {
        let bound: Vec<i64> = self.service.world.keys().bound_to(key).collect();
        for key in bound.into_iter().chain([key]) {
            for name in self.sessions.of_key(key) {
                self.remove_session(name);
            }
            self.service.world.remove_key(key);
        }
    }

    /// Forgets every permanent key, and the temporary ones bound to them. Returns how many there were.
    pub(crate) fn forget_permanent_keys(&mut self) -> usize {
        let keys = self.service.world.keys().permanent();
        keys.iter().for_each(|key| self.forget_key(*key));
        keys.len()
    }

    /// Ends the time of every temporary key, as if it had passed. Returns how many there were.
    pub(crate) fn expire_temporary_keys(&mut self) -> usize {
        let keys = self.service.world.keys().temporary();
        keys.iter().for_each(|key| self.forget_key(*key));
        keys.len()
    }

    /// The salts of a key; those from before the last time all were ended are no more.
    fn salts(&self, key: &AuthKey, first: Salt, created: Duration) -> SaltSchedule {
        let (times, last) = self.faults.salts;
        let salts = (0..times).fold(SaltSchedule::new(key), |salts, _| salts.renewed());
        if created >= last { salts.with_handshake(first, created) } else { salts }
    }

    /// Ends every salt at once.
    pub(crate) fn expire_salts(&mut self) {
        self.faults.salts = (self.faults.salts.0 + 1, super::now().unix);
        for (_, session) in self.sessions.iter_mut() {
            session.server.renew_salts();
        }
    }

    /// Forgets every session. Returns how many there were.
    pub(crate) fn forget_sessions(&mut self) -> usize {
        let names: Vec<SessionName> = self.sessions.iter_mut().map(|(name, _)| name).collect();
        for name in &names {
            self.remove_session(*name);
        }
        names.len()
    }

    /// Makes every other packet be overtaken by the next one of its connection, or stops doing so.
    pub(crate) fn set_reorder(&mut self, reorder: bool) {
        self.faults.reorder = reorder;
        if !reorder {
            self.release_held();
        }
    }

    /// Nothing came that could overtake these.
    fn release_held(&mut self) {
        self.held_until = None;
        for (line, message) in std::mem::take(&mut self.held) {
            self.queue(line, message);
        }
    }

    /// Sends something on a connection, with what goes wrong on purpose.
    fn send(&mut self, line: ConnectionId, message: Outbound) {
        if self.faults.lose {
            return;
        }
        // An answer belongs to its request.
        if self.wires.get(&line).is_some_and(|wire| wire.posts) {
            return self.queue(line, message);
        }
        if self.faults.duplicate {
            self.counters.packets_doubled += 1;
            self.queue(line, message.clone());
        }
        if !self.faults.reorder {
            return self.queue(line, message);
        }
        match self.held.remove(&line) {
            Some(overtaken) => {
                self.counters.packets_overtaken += 1;
                self.queue(line, message);
                self.queue(line, overtaken);
            }
            None if self.wires.contains_key(&line) => {
                self.held.insert(line, message);
                self.held_until.get_or_insert(super::now().instant + HELD);
            }
            None => {}
        }
    }

    /// Queues something for a connection; one that does not take its packets is cut.
    fn queue(&mut self, line: ConnectionId, message: Outbound) {
        let Some(wire) = self.wires.get(&line) else { return };
        if let Err(mpsc::error::TrySendError::Full(_)) = wire.queue.try_send(message) {
            self.counters.connections_refused += 1;
            wire.cut.cancel();
        }
    }

    fn cut(&mut self, line: ConnectionId) {
        if let Some(wire) = self.wires.get(&line) {
            wire.cut.cancel();
        }
    }
}

fn is_expired(record: &KeyRecord, at: Moment) -> bool {
    record.expires.is_some_and(|expires| i64::from(expires) < at.unix.as_secs() as i64)
}
