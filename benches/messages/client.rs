//! Updates through the whole client: off the stream, decrypted, read by the schema, put into order, given to a reader.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use offhook_client::{
    Client, ClientConfig, DcId, DcKey, Dialer, Dialing, Limits, SelfUser, SessionData, SessionStore, Stream,
};
use offhook_crypto::rsa::PrivateKey;
use offhook_mtproto::packet::{self, Origin};
use offhook_mtproto::session::{ConnectionId, SaltSchedule, ServerOptions, ServerOutput, ServerSession};
use offhook_mtproto::transport::{ServerOptions as Accepted, ServerTransport};
use offhook_mtproto::{RpcError, SessionId};
use offhook_tl::{Object, Schema, encode};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::oneshot;

use crate::far::{Far, now};
use crate::{each, median};

/// Updates in one round, and rounds.
const UPDATES: usize = 2_000;
const ROUNDS: usize = 7;
/// Bytes on their way in either direction.
const PIPE: usize = 8 << 20;

pub(crate) fn report(wanted: &dyn Fn(&str) -> bool) {
    let name = "update through the whole client, one thread";
    if !wanted(name) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let rounds: Vec<f64> = (0..ROUNDS).map(|_| runtime.block_on(round())).collect();
    println!("{name:44} {:10.0}", median(rounds.into_iter()));
}

/// Dials the stream it was given, once.
#[derive(Debug)]
struct Pipe(Mutex<Option<DuplexStream>>);

impl Dialer for Pipe {
    fn dial(&self, _address: SocketAddr) -> Dialing {
        let stream =
            self.0.lock().expect("no panic").take().map(|stream| Box::new(stream) as Box<dyn Stream>);
        Box::pin(async move { stream.ok_or_else(|| std::io::ErrorKind::ConnectionRefused.into()) })
    }
}

/// Nanoseconds for each update.
async fn round() -> f64 {
    let far = Far::new();
    let (near, other) = tokio::io::duplex(PIPE);
    let (dc, address) = (DcId(2), SocketAddr::from(([127, 0, 0, 1], 1)));
    let salt = SaltSchedule::new(&far.key).current(now().unix).0;
    let mut data = SessionData { home: Some(dc), ..SessionData::default() };
    data.keys.insert(dc, DcKey { auth_key: *far.key.bytes(), salt, time_offset: 0 });
    data.user = Some(SelfUser { id: 1, bot: true });
    let store = SessionStore::memory();
    store.save(&data).expect("memory takes it");
    // Nothing is to be dropped here: everything comes at once.
    let limits = Limits { updates: 2 * UPDATES, inbound_updates: 2 * UPDATES, ..Limits::default() };
    let config = ClientConfig::new(dc, address, 1, "0123456789abcdef")
        .server_key(PrivateKey::test_key().public().to_pem())
        .session(store)
        .forward_secrecy(false)
        .catch_up(false)
        .limits(limits)
        .dialer(Pipe(Mutex::new(Some(near))));
    let (ready, started) = oneshot::channel();
    let (go, going) = oneshot::channel();
    let server = tokio::spawn(serve(far, other, ready, going));
    let client = Client::connect(config).await.expect("a connection");
    let mut reader = client.updates();
    started.await.expect("the client asks for the state of updates");
    let start: Instant = {
        go.send(()).expect("the server waits");
        Instant::now()
    };
    for _ in 0..UPDATES {
        let update = tokio::time::timeout(Duration::from_secs(60), reader.next()).await;
        assert_eq!(update.expect("it comes").expect("the client lives").name(), "updateNewMessage");
    }
    let time = start.elapsed();
    let stats = client.stats();
    assert_eq!((stats.gaps, stats.inbound_dropped), (0, 0));
    client.shutdown().await;
    server.abort();
    each(time, UPDATES)
}

/// Answers what the client asks at its start, then sends all updates at once, made before.
async fn serve(
    far: Far,
    mut stream: DuplexStream,
    ready: oneshot::Sender<()>,
    mut going: oneshot::Receiver<()>,
) {
    let mut transport = ServerTransport::new(Accepted::default(), [3; 32]);
    let (mut input, mut output) = (BytesMut::new(), Vec::new());
    let mut session: Option<ServerSession> = None;
    let (mut ready, mut made) = (Some(ready), Vec::new());
    loop {
        tokio::select! {
            read = stream.read_buf(&mut input) => {
                if !matches!(read, Ok(1..)) {
                    return;
                }
            }
            _ = &mut going, if !made.is_empty() => {
                let made = std::mem::take(&mut made);
                stream.write_all(&made).await.expect("the client reads");
                // The client acknowledges; nobody needs that.
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
                return;
            }
        }
        while let Some(inbound) = transport.decode(&mut input).expect("the client's framing") {
            let message =
                packet::open(&far.key, Origin::Client, &inbound.bytes).expect("the client's packet");
            let id = message.session_id;
            let session = session.get_or_insert_with(|| {
                let salts = SaltSchedule::new(&far.key);
                ServerSession::new(far.key.clone(), id, salts, ServerOptions::default(), [4; 32])
            });
            session.handle(message, ConnectionId(1), now());
            let asked = answer(session, &mut transport, &mut output);
            stream.write_all(&output).await.expect("the client reads");
            output.clear();
            if let Some(ready) = ready.take_if(|_| asked) {
                made = all_updates(&far, id, &mut transport);
                let _ = ready.send(());
            }
        }
    }
}

/// Answers requests; whether the state of updates was among them.
fn answer(session: &mut ServerSession, transport: &mut ServerTransport, output: &mut Vec<u8>) -> bool {
    const GET_STATE: [u8; 4] = 0xedd4_882a_u32.to_le_bytes();
    let mut asked = false;
    loop {
        match session.poll(now()) {
            ServerOutput::Send { packet, .. } => transport.encode(&packet, output).expect("a small packet"),
            ServerOutput::Request { msg_id, body, .. } if body.ends_with(&GET_STATE) => {
                asked = true;
                let state = ["pts", "qts", "date", "seq", "unread_count"];
                let state = state.into_iter().fold(Object::new("updates.state"), |it, name| it.with(name, 0));
                session.respond(msg_id, &written(state.with("pts", 1)), now());
            }
            ServerOutput::Request { msg_id, .. } => {
                session.respond_error(msg_id, &RpcError::new(400, "INPUT_METHOD_INVALID_0"), now());
            }
            ServerOutput::WaitUntil(_) => return asked,
            other => panic!("{other:?}"),
        }
    }
}

/// Packets with one new message each, framed.
fn all_updates(far: &Far, session: SessionId, transport: &mut ServerTransport) -> Vec<u8> {
    let mut framed = Vec::new();
    for number in 0..UPDATES as i32 {
        let message = Object::new("message")
            .with("id", number + 1)
            .with("peer_id", Object::new("peerUser").with("user_id", 5_i64))
            .with("date", 100)
            .with("message", "A message of the usual length, as people write them to a bot.");
        let update = Object::new("updateNewMessage")
            .with("message", message)
            .with("pts", number + 2)
            .with("pts_count", 1);
        let user =
            Object::new("user").with("id", 5_i64).with("access_hash", 35_i64).with("first_name", "Bob");
        let updates = Object::new("updates")
            .with("updates", vec![update])
            .with("users", vec![user])
            .with("chats", Vec::<Object>::new())
            .with("date", 100)
            .with("seq", 0);
        let packet = far.update(session, written(updates));
        transport.encode(&packet, &mut framed).expect("a small packet");
    }
    framed
}

fn written(object: Object) -> Vec<u8> {
    let mut body = Vec::new();
    encode(Schema::api(), &object.into(), &mut body).expect("an object of the schema");
    body
}
