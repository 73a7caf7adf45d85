//! What is kept between runs.

use offhook_client::{Client, ConnectError, DcId, FormatError, SessionError, SessionStore};
use offhook_tl::Object;

use crate::scene::*;
use crate::server::{Habits, Server};

#[tokio::test]
async fn a_session_file_logs_in_without_a_code_the_second_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ada.session");
    let server = Server::start(Habits::default(), telegram).await;
    let with_file = || config(&server).session(SessionStore::file(&path).unwrap());
    let client = Client::connect(with_file()).await.unwrap();
    log_in(&client).await;
    client.shutdown().await;
    drop(client);
    let client = Client::connect(with_file()).await.unwrap();
    assert_eq!(client.user().unwrap().id, ME);
    assert_eq!(client.me().await.unwrap().name, "Ada");
    assert_eq!(client.stats().keys_made, 0);
    assert_eq!(server.executed("auth.sendCode"), 1);
}

#[tokio::test]
async fn a_login_is_on_disk_as_soon_as_it_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ada.session");
    let server = Server::start(Habits::default(), telegram).await;
    let client = Client::connect(config(&server).session(SessionStore::file(&path).unwrap())).await.unwrap();
    log_in(&client).await;
    // A copy, as a crash would leave it.
    let copy = dir.path().join("copy.session");
    std::fs::copy(&path, &copy).unwrap();
    let kept = SessionStore::file(&copy).unwrap().load().unwrap().unwrap();
    assert_eq!(kept.user.unwrap().id, ME);
    assert!(kept.keys.contains_key(&DcId(2)));
}

#[tokio::test]
async fn a_damaged_session_file_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ada.session");
    let server = Server::start(Habits::default(), telegram).await;
    let client = Client::connect(config(&server).session(SessionStore::file(&path).unwrap())).await.unwrap();
    client.shutdown().await;
    drop(client);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let again = Client::connect(config(&server).session(SessionStore::file(&path).unwrap())).await;
    let error = again.unwrap_err();
    assert!(
        matches!(&error, ConnectError::Session(SessionError::Unusable { source: FormatError::Checksum, .. })),
        "{error}"
    );
    assert!(error.to_string().contains("it was left as it is"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[tokio::test]
async fn two_clients_cannot_use_one_session_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ada.session");
    let server = Server::start(Habits::default(), telegram).await;
    let client = Client::connect(config(&server).session(SessionStore::file(&path).unwrap())).await.unwrap();
    assert!(matches!(SessionStore::file(&path), Err(SessionError::InUse { .. })));
    client.shutdown().await;
    drop(client);
    SessionStore::file(&path).unwrap();
}

#[tokio::test]
async fn no_key_appears_in_debug_output() {
    let store = store();
    let server = Server::start(Habits::default(), telegram).await;
    let client = Client::connect(config(&server).session(store.clone())).await.unwrap();
    client.shutdown().await;
    let kept = store.load().unwrap().unwrap();
    let key = kept.keys[&DcId(2)].auth_key;
    let shown = format!("{kept:?} {store:?} {client:?}");
    let listed = format!("{:?}", &key[..8]);
    let hex: String = key[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!shown.contains(&listed[1..listed.len() - 1]) && !shown.contains(&hex), "{shown}");
}

#[tokio::test]
async fn what_came_while_the_client_was_away_is_caught_up_with_or_not_as_configured() {
    for catch_up in [true, false] {
        let store = store();
        let server = Server::start(Habits::default(), |call: &Object| match call.name() {
            "updates.getDifference" => Object::new("updates.difference")
                .with("new_messages", vec![message(1, 5, "while away")])
                .with("new_encrypted_messages", Vec::<Object>::new())
                .with("other_updates", Vec::<Object>::new())
                .with("chats", Vec::<Object>::new())
                .with("users", vec![user(5, "Bob")])
                .with("state", state(11))
                .into(),
            _ => telegram(call),
        })
        .await;
        let client = Client::connect(config(&server).session(store.clone())).await.unwrap();
        log_in(&client).await;
        server.push(&updates(vec![new_message(0, "before", 11)]));
        let mut reader = client.updates();
        assert_eq!(reader.next().await.unwrap().name(), "updateNewMessage");
        client.shutdown().await;
        assert_eq!(store.load().unwrap().unwrap().updates.unwrap().pts, 11);
        let client = Client::connect(config(&server).session(store).catch_up(catch_up)).await.unwrap();
        let mut reader = client.updates();
        if catch_up {
            let update = reader.next().await.unwrap();
            let text = update.object().object("message").unwrap().str("message");
            assert_eq!(text, Some("while away"));
            assert_eq!(server.calls("updates.getDifference").last().unwrap().int("pts"), Some(11));
        } else {
            server.wait_for("updates.getState", 2).await;
            assert_eq!(server.executed("updates.getDifference"), 0);
        }
    }
}

#[tokio::test]
async fn peers_met_are_known_after_a_restart() {
    let store = store();
    let server = Server::start(Habits::default(), |call: &Object| match call.name() {
        "contacts.resolveUsername" => Object::new("contacts.resolvedPeer")
            .with("peer", Object::new("peerUser").with("user_id", 5_i64))
            .with("chats", Vec::<Object>::new())
            .with("users", vec![user(5, "Bob").with("username", "bob")])
            .into(),
        _ => telegram(call),
    })
    .await;
    let client = Client::connect(config(&server).session(store.clone())).await.unwrap();
    log_in(&client).await;
    let bob = client.resolve(&"@bob".parse().unwrap()).await.unwrap();
    client.shutdown().await;
    let client = Client::connect(config(&server).session(store)).await.unwrap();
    assert_eq!(client.resolve(&"@Bob".parse().unwrap()).await.unwrap(), bob);
    assert_eq!(client.resolve(&"5".parse().unwrap()).await.unwrap(), bob);
    assert_eq!(server.executed("contacts.resolveUsername"), 1);
}
