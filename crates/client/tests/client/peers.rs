//! Naming peers and writing to them.

use offhook_client::{PeerRef, ResolveError};
use offhook_tl::Object;

use crate::scene::*;
use crate::server::Reply;

fn found(user: Object) -> Reply {
    Object::new("contacts.resolvedPeer")
        .with("peer", Object::new("peerUser").with("user_id", user.long("id").unwrap()))
        .with("chats", Vec::<Object>::new())
        .with("users", vec![user])
        .into()
}

fn named(text: &str) -> PeerRef {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_username_is_asked_for_once() {
    let (server, client) = logged_in(|call| match call.name() {
        "contacts.resolveUsername" if call.str("username") == Some("bob") => {
            found(user(5, "Bob").with("username", "bob"))
        }
        "contacts.resolveUsername" => Reply::Error(400, "USERNAME_NOT_OCCUPIED"),
        _ => telegram(call),
    })
    .await;
    for _ in 0..2 {
        let bob = client.resolve(&named("@bob")).await.unwrap();
        assert_eq!((bob.id, bob.access_hash), (5, Some(35)));
    }
    assert_eq!(server.executed("contacts.resolveUsername"), 1);
    let error = client.resolve(&named("@nobody")).await.unwrap_err();
    assert!(matches!(&error, ResolveError::UsernameUnknown(name) if name == "nobody"), "{error}");
}

#[tokio::test]
async fn a_phone_number_is_resolved_or_imported_where_that_is_the_only_way() {
    for old in [false, true] {
        let (server, client) = logged_in(move |call| match call.name() {
            "contacts.resolvePhone" if old => Reply::Error(400, "INPUT_METHOD_INVALID_8AF94344"),
            "contacts.resolvePhone" => found(user(5, "Bob").with("phone", "123456")),
            "contacts.importContacts" => Object::new("contacts.importedContacts")
                .with(
                    "imported",
                    vec![Object::new("importedContact").with("user_id", 5_i64).with("client_id", 0_i64)],
                )
                .with("popular_invites", Vec::<Object>::new())
                .with("retry_contacts", Vec::<offhook_tl::Value>::new())
                .with("users", vec![user(5, "Bob").with("phone", "123456")])
                .into(),
            _ => telegram(call),
        })
        .await;
        for _ in 0..2 {
            assert_eq!(client.resolve(&named("+12 34 56")).await.unwrap().id, 5);
        }
        assert_eq!(server.executed("contacts.resolvePhone"), 1);
        assert_eq!(server.executed("contacts.importContacts"), usize::from(old));
    }
}

#[tokio::test]
async fn a_phone_number_without_an_account_is_named_as_such() {
    let (_server, client) = logged_in(|call| match call.name() {
        "contacts.resolvePhone" => Reply::Error(400, "PHONE_NOT_OCCUPIED"),
        _ => telegram(call),
    })
    .await;
    assert!(matches!(client.resolve(&named("+123456")).await, Err(ResolveError::PhoneUnknown)));
}

#[tokio::test]
async fn an_id_is_known_once_its_user_was_met() {
    let (server, client) = logged_in(|call| match call.name() {
        "users.getUsers" => Reply::Value(vec![Object::new("userEmpty").with("id", 5_i64)].into()),
        _ => telegram(call),
    })
    .await;
    let error = client.resolve(&named("5")).await.unwrap_err();
    assert!(matches!(error, ResolveError::IdUnknown(id) if id.id == 5), "{error}");
    let mut reader = client.updates();
    server.push(&updates(vec![new_message(1, "hello", 11)]));
    reader.next().await.unwrap();
    let bob = client.resolve(&named("5")).await.unwrap();
    assert_eq!((bob.name.as_str(), bob.access_hash), ("Bob", Some(35)));
}

#[tokio::test]
async fn a_message_is_sent_once_and_its_id_returned() {
    let (server, client) = logged_in(|call| match call.name() {
        "contacts.resolveUsername" => found(user(5, "Bob").with("username", "bob")),
        "messages.sendMessage" => {
            let id = Object::new("updateMessageID").with("id", 42);
            let id = id.with("random_id", call.long("random_id").unwrap());
            updates(vec![id, new_message(42, call.str("message").unwrap(), 11)]).into()
        }
        _ => telegram(call),
    })
    .await;
    let mut reader = client.updates();
    let bob = client.resolve(&named("@bob")).await.unwrap();
    assert_eq!(client.send_message(&bob, "hello").await.unwrap(), 42);
    let sent = &server.calls("messages.sendMessage")[0];
    assert_eq!(sent.str("message"), Some("hello"));
    let peer = sent.object("peer").unwrap();
    assert_eq!(
        (peer.name(), peer.long("user_id"), peer.long("access_hash")),
        ("inputPeerUser", Some(5), Some(35))
    );
    // The numbers in the answer count: the next message opens no gap.
    server.push(&updates(vec![new_message(43, "and you", 12)]));
    let names: Vec<String> = [reader.next().await, reader.next().await, reader.next().await]
        .map(|update| update.unwrap().name().to_owned())
        .into();
    assert_eq!(names, ["updateMessageID", "updateNewMessage", "updateNewMessage"]);
    assert_eq!(client.stats().gaps, 0);
}
