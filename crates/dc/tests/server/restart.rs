use offhook_dc::StartError;
use offhook_tl::Object;

use super::client::{Peer, object};
use super::{ALICE, BOB, builder};

#[tokio::test]
async fn keys_messages_and_pts_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let dc = builder().data(dir.path()).start().await.unwrap();
    let pem = dc.public_key_pem().to_owned();
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let found = alice.call_object(object("contacts.resolveUsername").with("username", "bob")).await;
    let bob = found.vector("users").unwrap()[0].as_object().unwrap();
    let to_bob = object("inputPeerUser")
        .with("user_id", bob.long("id").unwrap())
        .with("access_hash", bob.long("access_hash").unwrap());
    let send = |text: &str, random_id: i64| {
        object("messages.sendMessage")
            .with("peer", to_bob.clone())
            .with("message", text)
            .with("random_id", random_id)
    };
    alice.call_object(send("before", 1)).await;
    let key = alice.session.key().clone();
    dc.shutdown().await;

    let dc = builder().data(dir.path()).start().await.unwrap();
    assert_eq!(dc.public_key_pem(), pem, "clients know the server again");
    let mut alice = Peer::resume(dc.addr(), key).await;
    assert_eq!(alice.call_object(object("updates.getState")).await.int("pts"), Some(2));
    assert_eq!(alice.call_object(send("before", 1)).await.vector("updates").map(<[_]>::len), Some(2));
    alice.call_object(send("after", 2)).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let ask = object("updates.getDifference").with("pts", 1).with("date", 0).with("qts", 0);
    let missed = bob.call_object(ask).await;
    let texts: Vec<&str> = missed
        .vector("new_messages")
        .unwrap()
        .iter()
        .filter_map(|it| it.as_object().and_then(|it: &Object| it.str("message")))
        .collect();
    assert_eq!(texts, ["before", "after"]);
    dc.shutdown().await;
}

#[tokio::test]
async fn a_server_that_is_killed_keeps_what_it_answered() {
    let dir = tempfile::tempdir().unwrap();
    let dc = builder().data(dir.path()).start().await.unwrap();
    let alice = Peer::log_in(&dc, ALICE).await;
    let key = alice.session.key().clone();
    // A copy of the files as they are now stands for what a killed process leaves.
    let left = tempfile::tempdir().unwrap();
    for file in ["state.log", "server.pem"] {
        std::fs::copy(dir.path().join(file), left.path().join(file)).unwrap();
    }
    dc.shutdown().await;
    let dc = builder().data(left.path()).start().await.unwrap();
    let mut alice = Peer::resume(dc.addr(), key).await;
    assert_eq!(alice.call_object(object("updates.getState")).await.int("pts"), Some(1));
}

#[tokio::test]
async fn a_directory_that_cannot_be_used_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"x").unwrap();
    assert!(matches!(builder().data(&file).start().await, Err(StartError::Data { .. })));
    let first = builder().data(dir.path()).start().await.unwrap();
    let second = builder().data(dir.path()).start().await;
    assert!(
        matches!(second, Err(StartError::Data { source, .. }) if source.to_string() == "in use by another server")
    );
    first.shutdown().await;
    std::fs::write(dir.path().join("server.pem"), b"nonsense").unwrap();
    assert!(matches!(builder().data(dir.path()).start().await, Err(StartError::Key { .. })));
}
