//! A client just big enough to ask a server anything, over a real socket.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bytes::BytesMut;
use offhook_crypto::{AuthKey, rsa::PublicKey};
use offhook_dc::DcHandle;
use offhook_mtproto::{
    Moment, RpcError, Salt, TimeOffset,
    exchange::{Client, ClientConfig, Established, Step},
    session::{ClientEvent, ClientOptions, ClientOutput, ClientSession, RequestId},
    transport::{ClientTransport, Frame, Kind, Obfuscation},
};
use offhook_tl::{Limits, Object, Schema, Value, decode, decode_type, encode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn now() -> Moment {
    Moment { instant: Instant::now(), unix: SystemTime::now().duration_since(UNIX_EPOCH).unwrap() }
}

pub fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    seed
}

pub fn object(name: &'static str) -> Object {
    Object::new(name)
}

/// A connection that carries packets.
pub struct Wire {
    stream: TcpStream,
    transport: ClientTransport,
    input: BytesMut,
}

impl Wire {
    pub async fn open(addr: SocketAddr, kind: Kind, obfuscation: Option<Obfuscation>) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        let transport = ClientTransport::new(kind, obfuscation, seed()).unwrap();
        Self { stream, transport, input: BytesMut::new() }
    }

    pub async fn send(&mut self, packet: &[u8]) {
        let mut bytes = Vec::new();
        self.transport.encode(packet, &mut bytes).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    pub async fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next frame; `None` when the server closed the connection.
    pub async fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.transport.decode(&mut self.input).unwrap() {
                return Some(frame);
            }
            let read =
                timeout(PATIENCE, self.stream.read_buf(&mut self.input)).await.expect("an answer in time");
            if !matches!(read, Ok(1..)) {
                return None;
            }
        }
    }

    pub async fn packet(&mut self) -> Vec<u8> {
        match self.frame().await {
            Some(Frame::Packet(packet)) => packet,
            other => panic!("{other:?} instead of a packet"),
        }
    }

    /// Makes a key over this connection.
    pub async fn exchange(&mut self, config: ClientConfig) -> Established {
        let mut client = Client::new(config, seed());
        self.send(&client.start(now())).await;
        loop {
            let packet = self.packet().await;
            match client.handle(&packet, now()).unwrap() {
                Step::Send(packet) => self.send(&packet).await,
                Step::Done(established) => return established,
            }
        }
    }
}

pub fn config(dc: &DcHandle) -> ClientConfig {
    ClientConfig::new(vec![PublicKey::from_pem(dc.public_key_pem()).unwrap()], dc.dc_id())
}

/// A session over a connection. `None` in place of the wire: not connected.
pub struct Peer {
    pub addr: SocketAddr,
    pub session: ClientSession,
    pub wire: Option<Wire>,
    pub layer: i32,
    pub updates: VecDeque<Value>,
    events: VecDeque<ClientEvent>,
}

impl Peer {
    /// Connects and makes a key.
    pub async fn connect(dc: &DcHandle) -> Self {
        Self::connect_as(dc, Kind::Intermediate, None).await
    }

    pub async fn connect_as(dc: &DcHandle, kind: Kind, obfuscation: Option<Obfuscation>) -> Self {
        let mut wire = Wire::open(dc.addr(), kind, obfuscation).await;
        let made = wire.exchange(config(dc)).await;
        Self::with_key(dc.addr(), wire, made.key, made.salt)
    }

    /// A new session under a key that exists.
    pub async fn resume(addr: SocketAddr, key: AuthKey) -> Self {
        let wire = Wire::open(addr, Kind::Abridged, None).await;
        Self::with_key(addr, wire, key, Salt(0))
    }

    pub fn with_key(addr: SocketAddr, wire: Wire, key: AuthKey, salt: Salt) -> Self {
        let mut session =
            ClientSession::new(key, salt, TimeOffset::default(), ClientOptions::default(), seed());
        session.connected(now());
        Self {
            addr,
            session,
            wire: Some(wire),
            layer: Schema::api().layer(),
            updates: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Connects and logs a user in.
    pub async fn log_in(dc: &DcHandle, phone: &str) -> Self {
        let mut peer = Self::connect(dc).await;
        peer.sign_in(phone, "12345").await.unwrap();
        peer
    }

    pub async fn sign_in(&mut self, phone: &str, code: &str) -> Result<Value, RpcError> {
        let hash = self.send_code(phone).await?;
        let request = object("auth.signIn")
            .with("phone_number", phone)
            .with("phone_code_hash", hash)
            .with("phone_code", code);
        self.call(request).await
    }

    pub async fn send_code(&mut self, phone: &str) -> Result<String, RpcError> {
        let request = object("auth.sendCode")
            .with("phone_number", phone)
            .with("api_id", 1)
            .with("api_hash", "local")
            .with("settings", object("codeSettings"));
        let sent = self.call(request).await?.into_object().unwrap();
        Ok(sent.str("phone_code_hash").unwrap().to_owned())
    }

    /// Asks and waits for the answer; updates that come first are kept.
    pub async fn call(&mut self, request: Object) -> Result<Value, RpcError> {
        let answer = Schema::api_layer(self.layer).function(request.name()).unwrap().result;
        let id = self.ask(&request);
        let body = self.answer(id).await?;
        Ok(decode_type(Schema::api_layer(self.layer), answer, &body, &Limits::default()).unwrap())
    }

    pub async fn call_object(&mut self, request: Object) -> Object {
        let name = request.name().to_owned();
        match self.call(request).await {
            Ok(value) => value.into_object().unwrap(),
            Err(error) => panic!("{name}: {error}"),
        }
    }

    /// The error a request must be answered with.
    pub async fn error(&mut self, request: Object) -> String {
        match self.call(request).await {
            Ok(value) => panic!("an error was expected, not {value:?}"),
            Err(error) => format!("{} {}", error.code, error.message),
        }
    }

    /// Sends a request wrapped as clients wrap their first one.
    pub fn ask(&mut self, request: &Object) -> RequestId {
        let mut body = Vec::new();
        encode(Schema::api_layer(self.layer), &request.clone().into(), &mut body).unwrap();
        let mut wrapped = 0xda9b_0d0d_u32.to_le_bytes().to_vec();
        wrapped.extend(self.layer.to_le_bytes());
        wrapped.extend(body);
        self.ask_raw(wrapped)
    }

    pub fn ask_raw(&mut self, body: Vec<u8>) -> RequestId {
        self.session.push_request(body, now()).unwrap()
    }

    /// The answer to a request.
    pub async fn answer(&mut self, id: RequestId) -> Result<Vec<u8>, RpcError> {
        loop {
            let found = self.events.iter().position(|event| match event {
                ClientEvent::Result { request, .. } | ClientEvent::Failed { request, .. } => *request == id,
                _ => false,
            });
            if let Some(index) = found {
                return match self.events.remove(index).unwrap() {
                    ClientEvent::Result { body, .. } => Ok(body),
                    ClientEvent::Failed { error, .. } => Err(error),
                    _ => unreachable!(),
                };
            }
            self.turn().await;
        }
    }

    /// The next `Updates`.
    pub async fn updates(&mut self) -> Object {
        loop {
            if let Some(update) = self.updates.pop_front() {
                return update.into_object().unwrap();
            }
            self.turn().await;
        }
    }

    /// The next single update of one kind; others are skipped.
    pub async fn update(&mut self, kind: &str) -> Object {
        loop {
            let updates = self.updates().await;
            let single = updates.object("update").cloned().into_iter();
            let many =
                updates.vector("updates").unwrap_or(&[]).iter().filter_map(|it| it.as_object().cloned());
            if let Some(found) = single.chain(many).find(|update| update.name() == kind) {
                return found;
            }
        }
    }

    /// The next state of a call.
    pub async fn phone_call(&mut self) -> Object {
        self.update("updatePhoneCall").await.object("phone_call").unwrap().clone()
    }

    /// True when the server has nothing more to say: a ping and its answer pass without an update in between.
    pub async fn is_quiet(&mut self) -> bool {
        let id = self.ask(&object("help.getNearestDc"));
        self.answer(id).await.unwrap();
        self.updates.is_empty()
    }

    /// Drops the connection; the session stays.
    pub fn drop_wire(&mut self) {
        self.wire = None;
        self.session.disconnected();
    }

    /// Opens another connection for the same session.
    pub async fn reconnect(&mut self) {
        self.drop_wire();
        self.wire = Some(Wire::open(self.addr, Kind::Full, None).await);
        self.session.connected(now());
    }

    /// Waits until the server closes the connection.
    pub async fn closed(&mut self) {
        self.drain().await;
        while let Some(frame) = self.wire.as_mut().unwrap().frame().await {
            self.take(frame);
        }
        self.drop_wire();
    }

    async fn turn(&mut self) {
        let before = (self.events.len(), self.updates.len());
        self.drain().await;
        if (self.events.len(), self.updates.len()) != before {
            return;
        }
        let frame = self.wire.as_mut().expect("connected").frame().await.expect("an open connection");
        self.take(frame);
        self.drain().await;
    }

    fn take(&mut self, frame: Frame) {
        match frame {
            Frame::Packet(packet) => self.session.handle_packet(&packet, now()).unwrap(),
            Frame::QuickAck(_) => {}
            Frame::Error(code) => panic!("transport error {code}"),
        }
    }

    async fn drain(&mut self) {
        loop {
            match self.session.poll(now()) {
                ClientOutput::Send(packet) => {
                    if let Some(wire) = &mut self.wire {
                        wire.send(&packet).await;
                    }
                }
                ClientOutput::Event(ClientEvent::Update(body)) => {
                    let update = decode(Schema::api_layer(self.layer), &body, &Limits::default()).unwrap();
                    self.updates.push_back(update);
                }
                ClientOutput::Event(event @ (ClientEvent::Result { .. } | ClientEvent::Failed { .. })) => {
                    self.events.push_back(event);
                }
                ClientOutput::Event(_) => {}
                ClientOutput::Close(reason) => panic!("{reason:?}"),
                ClientOutput::WaitUntil(_) => return,
            }
        }
    }
}
