//! What the tests' Telegram says, and clients of it.

use std::time::Duration;

use offhook_client::{Client, ClientConfig, DcId, SessionStore, TimeOuts};
use offhook_tl::{Object, Value};

use crate::server::{Habits, Reply, Server};

pub(crate) const ME: i64 = 1001;
pub(crate) const CODE: &str = "22222";
pub(crate) const PHONE: &str = "+99966 2 1234";

/// A user as the server shows it.
pub(crate) fn user(id: i64, name: &str) -> Object {
    let user = Object::new("user").with("id", id).with("access_hash", id * 7).with("first_name", name);
    if id == ME { user.with("self", true) } else { user }
}

pub(crate) fn state(pts: i32) -> Object {
    let state = Object::new("updates.state").with("pts", pts).with("qts", 1).with("date", 100);
    state.with("seq", 0).with("unread_count", 0)
}

pub(crate) fn nearest() -> Object {
    Object::new("nearestDc").with("country", "DE").with("this_dc", 2).with("nearest_dc", 2)
}

pub(crate) fn authorization() -> Object {
    Object::new("auth.authorization").with("user", user(ME, "Ada"))
}

pub(crate) fn empty_difference() -> Object {
    Object::new("updates.differenceEmpty").with("date", 100).with("seq", 0)
}

/// A private message to this account.
pub(crate) fn message(id: i32, from: i64, text: &str) -> Object {
    Object::new("message")
        .with("id", id)
        .with("peer_id", Object::new("peerUser").with("user_id", from))
        .with("date", 100)
        .with("message", text)
}

pub(crate) fn new_message(id: i32, text: &str, pts: i32) -> Object {
    Object::new("updateNewMessage")
        .with("message", message(id, 5, text))
        .with("pts", pts)
        .with("pts_count", 1)
}

/// `updates` without a number, with the sender of the tests' messages.
pub(crate) fn updates(updates: Vec<Object>) -> Object {
    Object::new("updates")
        .with("updates", updates)
        .with("users", vec![user(5, "Bob")])
        .with("chats", Vec::<Object>::new())
        .with("date", 100)
        .with("seq", 0)
}

/// A small Telegram with one account.
pub(crate) fn telegram(call: &Object) -> Reply {
    match call.name() {
        "help.getNearestDc" => nearest().into(),
        "auth.sendCode" => Object::new("auth.sentCode")
            .with("type", Object::new("auth.sentCodeTypeApp").with("length", 5))
            .with("phone_code_hash", "hash")
            .with("timeout", 60)
            .into(),
        "auth.signIn" if call.str("phone_code") == Some(CODE) => authorization().into(),
        "auth.signIn" => Reply::Error(400, "PHONE_CODE_INVALID"),
        "auth.signUp" => authorization().into(),
        "auth.logOut" => Object::new("auth.loggedOut").into(),
        "updates.getState" => state(10).into(),
        "updates.getDifference" => empty_difference().into(),
        "users.getUsers" => Reply::Value(vec![user(ME, "Ada")].into()),
        _ => Reply::Error(400, "INPUT_METHOD_INVALID_0"),
    }
}

/// Quick reconnects, so that tests are.
pub(crate) fn time_outs() -> TimeOuts {
    TimeOuts {
        connect: Duration::from_secs(10),
        call: Duration::from_secs(10),
        backoff_first: Duration::from_millis(20),
        backoff_longest: Duration::from_millis(100),
        ..TimeOuts::default()
    }
}

pub(crate) fn config(server: &Server) -> ClientConfig {
    // The server of these tests knows no temporary keys; the local Telegram's tests do.
    ClientConfig::new(DcId(2), server.address, 6, "api hash")
        .server_key(&server.pem)
        .time_outs(time_outs())
        .forward_secrecy(false)
}

pub(crate) async fn connect(server: &Server) -> Client {
    Client::connect(config(server)).await.expect("the server is there")
}

/// A server of the usual habits, and a client of it.
pub(crate) async fn pair(handler: impl FnMut(&Object) -> Reply + Send + 'static) -> (Server, Client) {
    let server = Server::start(Habits::default(), handler).await;
    let client = connect(&server).await;
    (server, client)
}

/// Logs in with the right code.
pub(crate) async fn log_in(client: &Client) {
    let sent = client.request_code(&PHONE.parse().expect("a phone number")).await.expect("a code is sent");
    let signed = client.sign_in(&sent, &CODE.into()).await.expect("the code is right");
    assert!(matches!(signed, offhook_client::SignIn::Authorized(_)), "{signed:?}");
}

/// A server, and a client that is logged in.
pub(crate) async fn logged_in(handler: impl FnMut(&Object) -> Reply + Send + 'static) -> (Server, Client) {
    let (server, client) = pair(handler).await;
    log_in(&client).await;
    (server, client)
}

/// A session store that can be given to one client after another.
pub(crate) fn store() -> SessionStore {
    SessionStore::memory()
}

pub(crate) fn call(name: &'static str) -> Object {
    Object::new(name)
}

/// The country in an answer to `help.getNearestDc`.
pub(crate) fn country(value: &Value) -> &str {
    value.as_object().and_then(|object| object.str("country")).expect("a nearestDc")
}
