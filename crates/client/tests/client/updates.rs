//! Updates over the wire.

use offhook_client::{Client, Limits, Origin, PeerId, UpdateFilter, Updates};
use offhook_tl::Object;

use crate::scene::*;
use crate::server::{Habits, Server};

async fn text(reader: &mut Updates) -> (String, Origin) {
    let update = reader.next().await.expect("the client lives");
    let message = update.object().object("message").expect("a message");
    (message.str("message").unwrap().to_owned(), update.origin())
}

fn difference(messages: &[&str], pts: i32) -> Object {
    let messages: Vec<Object> = messages.iter().map(|text| message(1, 5, text)).collect();
    Object::new("updates.difference")
        .with("new_messages", messages)
        .with("new_encrypted_messages", Vec::<Object>::new())
        .with("other_updates", Vec::<Object>::new())
        .with("chats", Vec::<Object>::new())
        .with("users", vec![user(5, "Bob")])
        .with("state", state(pts))
}

fn short(update: Object) -> Object {
    Object::new("updateShort").with("update", update).with("date", 100)
}

fn phone_call(id: i64) -> Object {
    short(Object::new("updatePhoneCall").with("phone_call", Object::new("phoneCallDiscarded").with("id", id)))
}

#[tokio::test]
async fn pushed_messages_arrive_in_order_at_every_reader() {
    let (server, client) = logged_in(telegram).await;
    let (mut first, mut second) = (client.updates(), client.updates());
    // Out of order on the wire, within the half second.
    for (name, pts) in [("b", 12), ("a", 11), ("c", 13)] {
        server.push(&updates(vec![new_message(pts, name, pts)]));
    }
    for reader in [&mut first, &mut second] {
        for name in ["a", "b", "c"] {
            assert_eq!(text(reader).await, (name.to_owned(), Origin::Pushed));
        }
    }
    assert_eq!((client.stats().gaps, client.stats().differences), (1, 0));
}

#[tokio::test]
async fn a_gap_that_stays_is_filled_with_the_difference() {
    let (server, client) = logged_in(|call| match call.name() {
        "updates.getDifference" => difference(&["a", "b"], 12).into(),
        _ => telegram(call),
    })
    .await;
    let mut reader = client.updates();
    server.push(&updates(vec![new_message(12, "b", 12)]));
    assert_eq!(text(&mut reader).await, ("a".to_owned(), Origin::Difference));
    assert_eq!(text(&mut reader).await, ("b".to_owned(), Origin::Difference));
    let asked = &server.calls("updates.getDifference")[0];
    assert_eq!((asked.int("pts"), asked.int("qts")), (Some(10), Some(1)));
    server.push(&updates(vec![new_message(13, "c", 13)]));
    assert_eq!(text(&mut reader).await, ("c".to_owned(), Origin::Pushed));
    assert_eq!(client.stats().updates_duplicate, 1);
}

#[tokio::test]
async fn a_phone_call_does_not_wait_for_a_gap_to_close() {
    let (server, client) = logged_in(telegram).await;
    let mut reader = client.updates();
    server.push(&updates(vec![new_message(20, "far ahead", 20)]));
    server.push(&phone_call(77));
    let update = reader.next().await.unwrap();
    assert_eq!(update.name(), "updatePhoneCall");
    assert_eq!(update.object().object("phone_call").unwrap().long("id"), Some(77));
}

#[tokio::test]
async fn a_reader_that_does_not_read_loses_the_oldest_messages_but_no_phone_call() {
    let server = Server::start(Habits::default(), telegram).await;
    let limits = Limits { updates: 3, ..Limits::default() };
    let client = Client::connect(config(&server).limits(limits)).await.unwrap();
    log_in(&client).await;
    let mut reader = client.updates();
    let mut witness = client.updates();
    server.push(&phone_call(1));
    assert_eq!(witness.next().await.unwrap().name(), "updatePhoneCall");
    for pts in 11..=16 {
        server.push(&updates(vec![new_message(pts, "m", pts)]));
        witness.next().await.unwrap();
    }
    let names: Vec<String> =
        std::iter::from_fn(|| reader.try_next()).map(|update| update.name().to_owned()).collect();
    assert_eq!(names, ["updatePhoneCall", "updateNewMessage", "updateNewMessage"]);
    assert_eq!(reader.dropped(), 4);
    let stats = client.stats();
    assert_eq!((stats.updates_dropped, stats.call_updates_dropped), (4, 0));
}

#[tokio::test]
async fn a_short_message_of_a_known_user_comes_in_its_long_form() {
    let (server, client) = logged_in(telegram).await;
    let mut reader = client.updates();
    server.push(&updates(vec![new_message(11, "hello", 11)]));
    text(&mut reader).await;
    let short = Object::new("updateShortMessage")
        .with("id", 12)
        .with("user_id", 5_i64)
        .with("message", "short")
        .with("pts", 12)
        .with("pts_count", 1)
        .with("date", 100);
    server.push(&short);
    let update = reader.next().await.unwrap();
    let message = update.object().object("message").unwrap();
    assert_eq!((message.int("id"), message.str("message")), (Some(12), Some("short")));
    assert_eq!(message.object("peer_id").unwrap().long("user_id"), Some(5));
}

#[tokio::test]
async fn a_short_message_of_a_stranger_is_fetched_with_its_user() {
    let (server, client) = logged_in(|call| match call.name() {
        "updates.getDifference" => difference(&["short"], 11).into(),
        _ => telegram(call),
    })
    .await;
    let mut reader = client.updates();
    let short = Object::new("updateShortMessage")
        .with("id", 12)
        .with("user_id", 5_i64)
        .with("message", "short")
        .with("pts", 11)
        .with("pts_count", 1)
        .with("date", 100);
    server.push(&short);
    assert_eq!(text(&mut reader).await, ("short".to_owned(), Origin::Difference));
    assert_eq!(client.peer(offhook_client::PeerId::user(5)).unwrap().name, "Bob");
}

#[tokio::test]
async fn after_a_lost_connection_what_was_missed_is_fetched() {
    let (server, client) = logged_in(|call| match call.name() {
        "updates.getDifference" => difference(&["missed"], 11).into(),
        _ => telegram(call),
    })
    .await;
    let mut reader = client.updates();
    server.forget_sessions();
    assert_eq!(text(&mut reader).await, ("missed".to_owned(), Origin::Difference));
}

#[tokio::test]
async fn deleting_counts_so_that_the_next_message_opens_no_gap() {
    let (server, client) = logged_in(|call| match call.name() {
        "messages.deleteMessages" => {
            Object::new("messages.affectedMessages").with("pts", 12).with("pts_count", 2).into()
        }
        _ => telegram(call),
    })
    .await;
    let mut reader = client.updates();
    client
        .invoke_value(call("messages.deleteMessages").with("id", vec![1.into(), offhook_tl::Value::Int(2)]))
        .await
        .unwrap();
    server.push(&updates(vec![new_message(13, "next", 13)]));
    assert_eq!(text(&mut reader).await.0, "next");
    assert_eq!(client.stats().gaps, 0);
}

fn channel_message(text: &str, id: i32) -> Object {
    message(id, 5, text).with("peer_id", Object::new("peerChannel").with("channel_id", 7_i64))
}

fn new_channel_message(text: &str, pts: i32) -> Object {
    Object::new("updateNewChannelMessage")
        .with("message", channel_message(text, pts))
        .with("pts", pts)
        .with("pts_count", 1)
}

#[tokio::test]
async fn a_gap_of_a_channel_is_filled_after_a_restart_with_the_hash_known_from_before_it() {
    let store = store();
    let server = Server::start(Habits::default(), |call: &Object| match call.name() {
        "updates.getChannelDifference" => Object::new("updates.channelDifference")
            .with("final", true)
            .with("pts", 102)
            .with("new_messages", vec![channel_message("b", 101), channel_message("c", 102)])
            .with("other_updates", Vec::<Object>::new())
            .with("chats", Vec::<Object>::new())
            .with("users", vec![user(5, "Bob")])
            .into(),
        _ => telegram(call),
    })
    .await;
    let client = Client::connect(config(&server).session(store.clone())).await.unwrap();
    log_in(&client).await;
    let mut reader = client.updates();
    let channel = Object::new("channel")
        .with("id", 7_i64)
        .with("access_hash", 49_i64)
        .with("title", "News")
        .with("photo", Object::new("chatPhotoEmpty"))
        .with("date", 1);
    server.push(&updates(vec![new_channel_message("a", 100)]).with("chats", vec![channel]));
    assert_eq!(text(&mut reader).await, ("a".to_owned(), Origin::Pushed));
    client.shutdown().await;
    drop(client);
    let client = Client::connect(config(&server).session(store)).await.unwrap();
    let mut reader = client.updates();
    client.is_authorized().await.unwrap();
    // The channel itself does not come along this time.
    server.push(&updates(vec![new_channel_message("c", 102)]));
    for name in ["b", "c"] {
        assert_eq!(text(&mut reader).await, (name.to_owned(), Origin::Difference));
    }
    let asked = server.calls("updates.getChannelDifference");
    assert_eq!(asked.len(), 1, "a final difference is not asked for again");
    assert_eq!(asked[0].object("channel").unwrap().long("access_hash"), Some(49));
    assert_eq!(asked[0].int("pts"), Some(100));
}

#[tokio::test]
async fn a_handler_gets_what_it_wants_in_order_until_it_is_dropped_or_the_client_ends() {
    let (server, client) = logged_in(telegram).await;
    let (heard, mut hear) = tokio::sync::mpsc::unbounded_channel();
    let listen = |filter: UpdateFilter, name: &'static str| {
        let heard = heard.clone();
        client.on(filter, move |update| {
            let heard = heard.clone();
            async move {
                let text = update.object().object("message").and_then(|it| it.str("message")).unwrap_or("");
                heard.send((name, text.to_owned())).expect("the test listens");
            }
        })
    };
    let bob = listen(UpdateFilter::messages().chat(PeerId::user(5)), "bob");
    let nobody = listen(UpdateFilter::messages().chat(PeerId::user(6)), "nobody");
    server.push(&phone_call(1));
    for (name, pts) in [("a", 11), ("b", 12)] {
        server.push(&updates(vec![new_message(pts, name, pts)]));
        assert_eq!(hear.recv().await, Some(("bob", name.to_owned())));
    }
    drop(bob);
    let rings = listen(UpdateFilter::named("updatePhoneCall"), "rings");
    server.push(&updates(vec![new_message(13, "c", 13)]));
    server.push(&phone_call(2));
    assert_eq!(hear.recv().await, Some(("rings", String::new())));
    client.shutdown().await;
    assert!(nobody.finished().await && rings.finished().await);
    assert!(hear.try_recv().is_err());
}
