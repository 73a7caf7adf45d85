//! A small Telegram for the client to talk to: real TCP on loopback, the server halves of `mtproto`, and a handler
//! that a test scripts. It can do what goes wrong in the world: cut connections, forget keys, be late.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime};

use bytes::BytesMut;
use offhook_crypto::AuthKey;
use offhook_crypto::rsa::PrivateKey;
use offhook_mtproto::exchange::{Reply as ExchangeReply, Server as Exchange, ServerConfig};
use offhook_mtproto::packet::{self, Origin};
use offhook_mtproto::session::{
    ConnectionId, SaltSchedule, ServerOptions as SessionOptions, ServerOutput, ServerSession,
};
use offhook_mtproto::transport::{Kind, ServerOptions, ServerTransport};
use offhook_mtproto::{Moment, MsgId, RpcError, Salt, SessionId};
use offhook_tl::{EncodeOptions, Limits, Object, Schema, Value, decode, encode, encode_type};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

/// What a handler does with a call.
pub(crate) enum Reply {
    /// Answers.
    Value(Value),
    /// Answers with an error.
    Error(i32, &'static str),
    /// Executes it, and cuts the connection before the answer leaves.
    CutBeforeAnswer(Value),
    /// Says nothing.
    Silence,
}

impl From<Object> for Reply {
    fn from(object: Object) -> Self {
        Self::Value(object.into())
    }
}

type Handler = Box<dyn FnMut(&Object) -> Reply + Send>;

/// How the server differs from a well-behaved one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    /// The DC it is.
    pub(crate) dc: i32,
    /// Its clock, in seconds before (negative) or after the true time.
    pub(crate) clock: i64,
    /// Whether the salt of the key exchange may be used.
    pub(crate) handshake_salt: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self { dc: 2, clock: 0, handshake_salt: true }
    }
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) pem: String,
    state: Arc<Mutex<State>>,
    executed: watch::Sender<u64>,
}

struct State {
    habits: Habits,
    start: (Instant, Duration),
    exchange: Exchange,
    keys: HashMap<i64, (AuthKey, Salt)>,
    sessions: BTreeMap<(i64, i64), ServerSession>,
    connections: HashMap<ConnectionId, Connection>,
    handler: Handler,
    log: Vec<Object>,
    wrapped: u64,
    accepted: u64,
    kinds: Vec<Option<Kind>>,
    refuse_all: Option<i32>,
    listening: bool,
    muted: bool,
}

struct Connection {
    outgoing: mpsc::UnboundedSender<Outgoing>,
    /// Whatever is sent from now on is lost.
    cut: bool,
}

enum Outgoing {
    Packet(Vec<u8>),
    Error(i32),
    Close,
}

impl Server {
    pub(crate) async fn start(
        habits: Habits,
        handler: impl FnMut(&Object) -> Reply + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        Self::on(listener, habits, handler)
    }

    pub(crate) fn on(
        listener: TcpListener,
        habits: Habits,
        handler: impl FnMut(&Object) -> Reply + Send + 'static,
    ) -> Self {
        let key = PrivateKey::test_key();
        let pem = key.public().to_pem();
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        let state = State {
            habits,
            start: (Instant::now(), unix),
            exchange: Exchange::new(ServerConfig::new(key, [habits.dc]), [3; 32]),
            keys: HashMap::new(),
            sessions: BTreeMap::new(),
            connections: HashMap::new(),
            handler: Box::new(handler),
            log: Vec::new(),
            wrapped: 0,
            accepted: 0,
            kinds: Vec::new(),
            refuse_all: None,
            listening: true,
            muted: false,
        };
        let server = Self {
            address: listener.local_addr().expect("a bound listener has an address"),
            pem,
            state: Arc::new(Mutex::new(state)),
            executed: watch::Sender::new(0),
        };
        tokio::spawn(server.clone().accept(listener));
        tokio::spawn(server.clone().tick());
        server
    }

    /// How often a method was executed.
    pub(crate) fn executed(&self, method: &str) -> usize {
        self.lock().log.iter().filter(|call| call.name() == method).count()
    }

    /// The calls of a method, in order.
    pub(crate) fn calls(&self, method: &str) -> Vec<Object> {
        self.lock().log.iter().filter(|call| call.name() == method).cloned().collect()
    }

    /// Waits until a method was executed so often.
    pub(crate) async fn wait_for(&self, method: &str, times: usize) {
        let mut executed = self.executed.subscribe();
        let reached = async {
            while self.executed(method) < times {
                executed.changed().await.expect("the server lives");
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reached).await.unwrap_or_else(|_| {
            panic!("{method} was executed {} times, not {times}", self.executed(method));
        });
    }

    /// Connections accepted so far.
    pub(crate) fn accepted(&self) -> u64 {
        self.lock().accepted
    }

    /// Calls that came inside `initConnection`.
    pub(crate) fn wrapped(&self) -> u64 {
        self.lock().wrapped
    }

    /// Framings of the connections so far.
    pub(crate) fn kinds(&self) -> Vec<Option<Kind>> {
        self.lock().kinds.clone()
    }

    /// Cuts every connection.
    pub(crate) fn cut(&self) {
        for connection in self.lock().connections.values_mut() {
            connection.cut();
        }
    }

    /// Forgets all keys and sessions, as after a restart without its data, and cuts every connection.
    pub(crate) fn forget_keys(&self) {
        let mut state = self.lock();
        state.keys.clear();
        state.sessions.clear();
        drop(state);
        self.cut();
    }

    /// Forgets the sessions but not the keys, and cuts every connection.
    pub(crate) fn forget_sessions(&self) {
        self.lock().sessions.clear();
        self.cut();
    }

    /// Answers every packet with this transport error.
    pub(crate) fn refuse_all(&self, code: i32) {
        self.lock().refuse_all = Some(code);
    }

    /// Swallows everything that is sent to clients, and everything they send.
    pub(crate) fn mute(&self, yes: bool) {
        self.lock().muted = yes;
    }

    /// Waits until so many connections were accepted.
    pub(crate) async fn wait_for_connections(&self, count: u64) {
        let mut executed = self.executed.subscribe();
        let reached = async {
            while self.accepted() < count {
                executed.changed().await.expect("the server lives");
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reached)
            .await
            .unwrap_or_else(|_| panic!("{} connections, not {count}", self.accepted()));
    }

    /// Closes new connections at once until told otherwise.
    pub(crate) fn set_listening(&self, yes: bool) {
        self.lock().listening = yes;
    }

    /// Pushes an `Updates` object to every session.
    pub(crate) fn push(&self, updates: &Object) {
        let bytes = to_bytes(updates);
        let mut state = self.lock();
        let now = state.now();
        for session in state.sessions.values_mut() {
            session.push_update(&bytes, now);
        }
        drop(state);
        self.pump();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no handler panicked")
    }

    async fn accept(self, listener: TcpListener) {
        for number in 0.. {
            let Ok((stream, _)) = listener.accept().await else { return };
            let mut state = self.lock();
            if !state.listening {
                continue;
            }
            state.accepted += 1;
            state.kinds.push(None);
            let (outgoing, queue) = mpsc::unbounded_channel();
            state.connections.insert(ConnectionId(number), Connection { outgoing, cut: false });
            drop(state);
            self.executed.send_modify(|_| {});
            tokio::spawn(self.clone().serve(ConnectionId(number), stream, queue));
        }
    }

    async fn serve(
        self,
        id: ConnectionId,
        mut stream: TcpStream,
        mut queue: mpsc::UnboundedReceiver<Outgoing>,
    ) {
        let mut transport = ServerTransport::new(ServerOptions::default(), [5; 32]);
        let mut input = BytesMut::new();
        let index = self.lock().kinds.len() - 1;
        loop {
            tokio::select! {
                count = stream.read_buf(&mut input) => {
                    if !matches!(count, Ok(1..)) {
                        break;
                    }
                    while let Some(inbound) = transport.decode(&mut input).expect("the client frames well") {
                        let reply = self.on_packet(id, &inbound.bytes);
                        if let Some(reply) = reply {
                            write(&mut stream, &mut transport, reply).await;
                        }
                    }
                    self.lock().kinds[index] = transport.kind();
                    self.pump();
                }
                outgoing = queue.recv() => match outgoing {
                    Some(Outgoing::Close) | None => break,
                    Some(outgoing) => write(&mut stream, &mut transport, outgoing).await,
                },
            }
        }
        let mut state = self.lock();
        state.connections.remove(&id);
        for session in state.sessions.values_mut() {
            session.disconnected(id);
        }
    }

    /// Plain packets are answered at once; encrypted ones go to their session.
    fn on_packet(&self, id: ConnectionId, bytes: &[u8]) -> Option<Outgoing> {
        let mut state = self.lock();
        let now = state.now();
        if state.muted {
            return None;
        }
        if let Some(code) = state.refuse_all {
            return Some(Outgoing::Error(code));
        }
        if packet::key_id(bytes) == Some(0) {
            return state.on_plain(bytes, now);
        }
        let Some((key, salt)) = packet::key_id(bytes).and_then(|id| state.keys.get(&id).cloned()) else {
            return Some(Outgoing::Error(-404));
        };
        let message = packet::open(&key, Origin::Client, bytes).expect("the client seals well");
        let handshake_salt = state.habits.handshake_salt;
        let session = state.sessions.entry((key.id(), message.session_id.0)).or_insert_with(|| {
            let mut salts = SaltSchedule::new(&key);
            if handshake_salt {
                salts = salts.with_handshake(salt, now.unix);
            }
            ServerSession::new(
                key,
                SessionId(message.session_id.0),
                salts,
                SessionOptions::default(),
                [7; 32],
            )
        });
        session.handle(message, id, now);
        None
    }

    /// Does what the sessions want.
    fn pump(&self) {
        let mut state = self.lock();
        let now = state.now();
        let names: Vec<(i64, i64)> = state.sessions.keys().copied().collect();
        let mut executed = 0;
        for name in names {
            executed += state.pump(name, now);
        }
        drop(state);
        if executed > 0 {
            self.executed.send_modify(|count| *count += executed);
        }
    }

    /// The sessions' timers.
    async fn tick(self) {
        let mut interval = tokio::time::interval(Duration::from_millis(20));
        loop {
            interval.tick().await;
            self.pump();
        }
    }
}

impl State {
    fn now(&self) -> Moment {
        let instant = Instant::now();
        let unix = self.start.1 + (instant - self.start.0);
        let moved = unix.as_secs().checked_add_signed(self.habits.clock).expect("a time after 1970");
        Moment { instant, unix: Duration::new(moved, unix.subsec_nanos()) }
    }

    fn on_plain(&mut self, bytes: &[u8], now: Moment) -> Option<Outgoing> {
        let keys = &self.keys;
        match self.exchange.handle(bytes, now, |id| keys.contains_key(&id)) {
            ExchangeReply::Send(packet) => Some(Outgoing::Packet(packet)),
            ExchangeReply::Created { packet, key } => {
                self.keys.insert(key.key.id(), (key.key, key.salt));
                Some(Outgoing::Packet(packet))
            }
            ExchangeReply::Error(code) => Some(Outgoing::Error(code)),
            ExchangeReply::Nothing => None,
        }
    }

    fn pump(&mut self, name: (i64, i64), now: Moment) -> u64 {
        let mut executed = 0;
        loop {
            let Some(session) = self.sessions.get_mut(&name) else { return executed };
            match session.poll(now) {
                ServerOutput::Send { connection, packet } => self.send(connection, Outgoing::Packet(packet)),
                ServerOutput::Close { connection, .. } => self.send(connection, Outgoing::Close),
                ServerOutput::Request { msg_id, body, .. } => {
                    self.on_request(name, msg_id, &body, now);
                    executed += 1;
                }
                ServerOutput::WaitUntil(_) => return executed,
                _ => {}
            }
        }
    }

    fn send(&mut self, connection: ConnectionId, outgoing: Outgoing) {
        if self.muted {
            return;
        }
        if let Some(connection) = self.connections.get(&connection).filter(|connection| !connection.cut) {
            let _ = connection.outgoing.send(outgoing);
        }
    }

    fn on_request(&mut self, name: (i64, i64), msg_id: MsgId, body: &[u8], now: Moment) {
        let call = decode(Schema::api(), body, &Limits::default()).expect("the client writes well");
        let mut call = call.into_object().expect("a call is an object");
        while matches!(call.name(), "invokeWithLayer" | "initConnection") {
            self.wrapped += u64::from(call.name() == "initConnection");
            call = call.remove("query").and_then(Value::into_object).expect("a wrapper carries a call");
        }
        self.log.push(call.clone());
        let reply = (self.handler)(&call);
        let Some(session) = self.sessions.get_mut(&name) else { return };
        match reply {
            Reply::Value(value) => {
                session.respond(msg_id, &answer(&call, &value), now);
            }
            Reply::Error(code, text) => {
                session.respond_error(msg_id, &RpcError::new(code, text), now);
            }
            Reply::CutBeforeAnswer(value) => {
                session.respond(msg_id, &answer(&call, &value), now);
                if let Some(connection) = session.connection().and_then(|id| self.connections.get_mut(&id)) {
                    connection.cut();
                }
            }
            Reply::Silence => {}
        }
    }
}

impl Connection {
    fn cut(&mut self) {
        self.cut = true;
        let _ = self.outgoing.send(Outgoing::Close);
    }
}

async fn write(stream: &mut TcpStream, transport: &mut ServerTransport, outgoing: Outgoing) {
    let mut bytes = Vec::new();
    match outgoing {
        Outgoing::Packet(packet) => transport.encode(&packet, &mut bytes),
        Outgoing::Error(code) => transport.encode_error(code, &mut bytes),
        Outgoing::Close => Ok(()),
    }
    .expect("the server frames well");
    // The client may be gone already.
    let _ = stream.write_all(&bytes).await;
}

fn to_bytes(object: &Object) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(Schema::api(), &Value::Object(object.clone()), &mut bytes).expect("the test writes well");
    bytes
}

fn answer(call: &Object, value: &Value) -> Vec<u8> {
    let schema = Schema::api();
    let ty = schema.function(call.name()).expect("the client calls what exists").result;
    let mut bytes = Vec::new();
    encode_type(schema, ty, value, EncodeOptions::default(), &mut bytes).expect("the test answers well");
    bytes
}
