//! A client and a server on one simulated wire in virtual time.

#![allow(dead_code, unreachable_pub, reason = "every test file uses a part")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "test code; one Instant to count from")]

use offhook_crypto::AuthKey;
use offhook_mtproto::packet::{self, Message, Origin};
use offhook_mtproto::session::*;
use offhook_mtproto::{Moment, MsgId, Salt, SessionId, TimeOffset};
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// Seconds since 1970 when every test begins, by the server's clock.
pub const START: Duration = Duration::from_secs(1_700_000_123);
/// Constructor of the test's own function and of its result.
pub const CALL: u32 = 0x1111_1111;
pub const RESULT: u32 = 0x2222_2222;
pub const UPDATE: u32 = 0x3333_3333;

pub fn key() -> AuthKey {
    AuthKey::new(std::array::from_fn(|i| (i * 31 + 7) as u8))
}

pub fn object(constructor: u32, number: u32) -> Vec<u8> {
    [constructor.to_le_bytes(), number.to_le_bytes()].concat()
}

pub fn number(body: &[u8]) -> u32 {
    u32::from_le_bytes(body[4..8].try_into().unwrap())
}

/// What the server's user does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// At once.
    Now,
    /// After this time.
    After(Duration),
    /// Only when the test says so.
    Never,
}

pub struct World {
    pub now: Moment,
    /// Client clock minus server clock.
    pub client_ahead: i64,
    pub latency: Duration,
    pub answer: Answer,
    /// Every packet arrives twice.
    pub doubled: bool,
    /// Nothing the client sends arrives.
    pub deaf: bool,
    pub client: ClientSession,
    pub servers: BTreeMap<SessionId, ServerSession>,
    pub salts: SaltSchedule,
    pub connection: Option<ConnectionId>,
    /// The client opens a new connection by itself when it closed the last.
    pub reconnects: bool,
    /// Requests the server ran, in order.
    pub ran: Vec<u32>,
    pub requests: Vec<(SessionId, MsgId, Vec<u8>)>,
    pub events: Vec<ClientEvent>,
    pub closes: Vec<CloseReason>,
    pub server_closes: Vec<ServerCloseReason>,
    /// Content of every packet the server sent.
    pub sent_by_server: Vec<Message>,
    pub sent_by_client: Vec<Message>,
    later: Vec<(Instant, SessionId, MsgId, u32)>,
    to_server: VecDeque<(Instant, ConnectionId, Vec<u8>)>,
    to_client: VecDeque<(Instant, ConnectionId, Vec<u8>)>,
    connections: u64,
}

impl World {
    pub fn new() -> Self {
        Self::with(ClientOptions::default(), Salt(0), 0)
    }

    pub fn with(options: ClientOptions, salt: Salt, client_ahead: i64) -> Self {
        let client = ClientSession::new(key(), salt, TimeOffset::default(), options, [1; 32]);
        let mut world = Self {
            now: Moment { instant: Instant::now(), unix: START },
            client_ahead,
            latency: Duration::from_millis(50),
            answer: Answer::Now,
            doubled: false,
            deaf: false,
            client,
            servers: BTreeMap::new(),
            salts: SaltSchedule::new(&key()),
            connection: None,
            reconnects: true,
            ran: vec![],
            requests: vec![],
            events: vec![],
            closes: vec![],
            server_closes: vec![],
            sent_by_server: vec![],
            sent_by_client: vec![],
            later: vec![],
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            connections: 0,
        };
        world.connect();
        world
    }

    pub fn client_now(&self) -> Moment {
        let secs = self.now.unix.as_secs().checked_add_signed(self.client_ahead).unwrap();
        Moment { unix: Duration::new(secs, self.now.unix.subsec_nanos()), ..self.now }
    }

    pub fn call(&mut self, number: u32) -> RequestId {
        self.client.push_request(object(CALL, number), self.client_now()).unwrap()
    }

    /// Both ends learn of it at once; what is on the wire is lost.
    pub fn cut(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        self.client.disconnected();
        for server in self.servers.values_mut() {
            server.disconnected(connection);
        }
        self.to_server.clear();
        self.to_client.clear();
    }

    pub fn connect(&mut self) {
        self.connections += 1;
        self.connection = Some(ConnectionId(self.connections));
        let now = self.client_now();
        self.client.connected(now);
    }

    /// The server forgets everything but keys.
    pub fn restart_server(&mut self) {
        self.cut();
        self.servers.clear();
    }

    pub fn server(&mut self) -> &mut ServerSession {
        let id = self.client.session_id();
        self.servers.get_mut(&id).unwrap()
    }

    pub fn results(&self) -> Vec<u32> {
        let result = |event: &ClientEvent| match event {
            ClientEvent::Result { body, .. } => Some(number(body)),
            _ => None,
        };
        self.events.iter().filter_map(result).collect()
    }

    pub fn updates(&self) -> Vec<u32> {
        let update = |event: &ClientEvent| match event {
            ClientEvent::Update(body) => Some(number(body)),
            _ => None,
        };
        self.events.iter().filter_map(update).collect()
    }

    pub fn run(&mut self, time: Duration) {
        let end = self.now.instant + time;
        loop {
            let next = self.step();
            let next = [self.to_server.front(), self.to_client.front()]
                .into_iter()
                .flatten()
                .map(|(at, ..)| *at)
                .chain(self.later.iter().map(|(at, ..)| *at))
                .chain(next)
                .min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            let by = next.saturating_duration_since(self.now.instant).max(Duration::from_micros(10));
            self.now = self.now.after(by);
        }
        let rest = end.saturating_duration_since(self.now.instant);
        self.now = self.now.after(rest);
    }

    /// Delivers what is due and drains both ends; returns their nearest deadline.
    fn step(&mut self) -> Option<Instant> {
        while self.to_server.front().is_some_and(|(at, ..)| *at <= self.now.instant) {
            let (_, connection, bytes) = self.to_server.pop_front().unwrap();
            self.deliver(connection, &bytes);
        }
        while self.to_client.front().is_some_and(|(at, ..)| *at <= self.now.instant) {
            let (_, _, bytes) = self.to_client.pop_front().unwrap();
            let now = self.client_now();
            let _ = self.client.handle_packet(&bytes, now);
        }
        let due: Vec<_> = self.later.iter().filter(|(at, ..)| *at <= self.now.instant).copied().collect();
        self.later.retain(|(at, ..)| *at > self.now.instant);
        for (_, session, msg_id, number) in due {
            if let Some(server) = self.servers.get_mut(&session) {
                server.respond(msg_id, &object(RESULT, number), self.now);
            }
        }
        let servers = self.drain_servers();
        let client = self.drain_client();
        [servers, client].into_iter().flatten().min()
    }

    pub fn deliver(&mut self, connection: ConnectionId, bytes: &[u8]) {
        let message = packet::open(&key(), Origin::Client, bytes).unwrap();
        self.sent_by_client.push(message.clone());
        let salts = self.salts.clone();
        let server = self.servers.entry(message.session_id).or_insert_with(|| {
            ServerSession::new(key(), message.session_id, salts, ServerOptions::default(), [2; 32])
        });
        server.handle(message, connection, self.now);
    }

    fn drain_servers(&mut self) -> Option<Instant> {
        let mut deadline = None;
        let sessions: Vec<SessionId> = self.servers.keys().copied().collect();
        for session in sessions {
            loop {
                let server = self.servers.get_mut(&session).unwrap();
                match server.poll(self.now) {
                    ServerOutput::Send { connection, packet } => {
                        self.sent_by_server.push(packet::open(&key(), Origin::Server, &packet).unwrap());
                        if Some(connection) == self.connection {
                            for _ in 0..1 + u8::from(self.doubled) {
                                let at = self.now.instant + self.latency;
                                self.to_client.push_back((at, connection, packet.clone()));
                            }
                        }
                    }
                    ServerOutput::Request { msg_id, body, .. } => {
                        self.requests.push((session, msg_id, body.clone()));
                        self.ran.push(number(&body));
                        match self.answer {
                            Answer::Now => {
                                server.respond(msg_id, &object(RESULT, number(&body)), self.now);
                            }
                            Answer::After(time) => {
                                self.later.push((self.now.instant + time, session, msg_id, number(&body)));
                            }
                            Answer::Never => {}
                        }
                    }
                    ServerOutput::Close { connection, reason } => {
                        self.server_closes.push(reason);
                        if self.connection == Some(connection) {
                            self.cut();
                        }
                    }
                    ServerOutput::WaitUntil(at) => {
                        deadline = [deadline, at].into_iter().flatten().min();
                        break;
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
        deadline
    }

    fn drain_client(&mut self) -> Option<Instant> {
        loop {
            let now = self.client_now();
            match self.client.poll(now) {
                ClientOutput::Send(packet) => {
                    let Some(connection) = self.connection.filter(|_| !self.deaf) else { continue };
                    for _ in 0..1 + u8::from(self.doubled) {
                        let at = self.now.instant + self.latency;
                        self.to_server.push_back((at, connection, packet.clone()));
                    }
                }
                ClientOutput::Event(event) => self.events.push(event),
                ClientOutput::Close(reason) => {
                    self.closes.push(reason);
                    self.cut();
                    if self.reconnects {
                        self.connect();
                    }
                }
                ClientOutput::WaitUntil(at) => return at,
            }
        }
    }
}
