//! A local Telegram with two accounts, and clients of it.

use std::future::Future;
use std::time::Duration;

use offhook_client::{
    Client, ClientConfig, DcId, LoginError, SentCode, SessionStore, SignIn, TimeOuts, Updates,
};
use offhook_dc::{Builder, CodePolicy, Dc, DcHandle, UserSpec};

pub(crate) const ALICE: &str = "+10000000001";
pub(crate) const BOB: &str = "+10000000002";
pub(crate) const CODE: &str = "12345";

/// Nothing here takes this long, however busy the machine is: what does is a hang.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn builder() -> Builder {
    Dc::builder()
        .codes(CodePolicy::fixed(CODE))
        .user(UserSpec::new(ALICE, "Alice").username("alice"))
        .user(UserSpec::new(BOB, "Bob").username("bob"))
        .reflectors(0)
}

pub(crate) async fn start() -> DcHandle {
    builder().start().await.unwrap()
}

/// Quick reconnects, and patience with a busy machine.
pub(crate) fn config(dc: &DcHandle) -> ClientConfig {
    ClientConfig::new(DcId(dc.dc_id()), dc.addr(), 1, "0123456789abcdef")
        .server_key(dc.public_key_pem())
        .time_outs(quick())
}

pub(crate) fn quick() -> TimeOuts {
    TimeOuts {
        connect: PATIENCE,
        call: PATIENCE,
        backoff_first: Duration::from_millis(10),
        backoff_longest: Duration::from_millis(100),
        ..TimeOuts::default()
    }
}

pub(crate) async fn connect(config: ClientConfig) -> Client {
    within("a connection", Client::connect(config)).await.unwrap()
}

/// A client with this session, logged in or not.
pub(crate) async fn with_session(dc: &DcHandle, store: &SessionStore) -> Client {
    connect(config(dc).session(store.clone())).await
}

pub(crate) async fn request_code(client: &Client, phone: &str) -> SentCode {
    client.request_code(&phone.parse().unwrap()).await.unwrap()
}

/// Gives the right code.
pub(crate) async fn enter_code(client: &Client, phone: &str) -> Result<SignIn, LoginError> {
    let sent = request_code(client, phone).await;
    within("an answer to the code", client.sign_in(&sent, &CODE.into())).await
}

pub(crate) async fn log_in_with(config: ClientConfig, phone: &str) -> Client {
    let client = connect(config).await;
    let signed = enter_code(&client, phone).await.unwrap();
    assert!(matches!(signed, SignIn::Authorized(_)), "{signed:?}");
    client
}

pub(crate) async fn log_in(dc: &DcHandle, phone: &str) -> Client {
    log_in_with(config(dc), phone).await
}

/// Sends a message to whom `to` names.
pub(crate) async fn write(from: &Client, to: &str, text: &str) {
    let to = from.resolve(&to.parse().unwrap()).await.unwrap();
    within("a sent message", from.send_message(&to, text)).await.unwrap();
}

/// The text of the next message that somebody else wrote.
pub(crate) async fn hear(updates: &mut Updates) -> String {
    loop {
        let update = within("a message", updates.next()).await.unwrap();
        let message = update.object().object("message").filter(|message| !message.flag("out"));
        if let Some(text) = message.and_then(|message| message.str("message")) {
            return text.to_owned();
        }
    }
}

/// The result of `future`, or a failure that says what did not happen.
pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(result) => result,
        Err(_) => panic!("still not: {what}"),
    }
}
