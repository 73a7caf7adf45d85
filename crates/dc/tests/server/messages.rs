use offhook_tl::{Object, Value};

use super::client::{Peer, object};
use super::{ALICE, BOB, start};

pub async fn resolve(peer: &mut Peer, name: &str) -> Object {
    let request = object("contacts.resolveUsername").with("username", name);
    let found = peer.call_object(request).await;
    let user = found.vector("users").unwrap()[0].as_object().unwrap().clone();
    object("inputPeerUser")
        .with("user_id", user.long("id").unwrap())
        .with("access_hash", user.long("access_hash").unwrap())
}

pub fn message(peer: &Object, text: &str, random_id: i64) -> Object {
    object("messages.sendMessage")
        .with("peer", peer.clone())
        .with("message", text)
        .with("random_id", random_id)
}

pub fn texts(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|it| it.as_object().unwrap().str("message").unwrap()).collect()
}

#[tokio::test]
async fn a_message_reaches_every_other_session_of_both_sides_with_continuous_pts() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut tablet = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let to_bob = resolve(&mut alice, "bob").await;
    for (turn, words) in ["one", "two", "three"].into_iter().enumerate() {
        let sent = alice.call_object(message(&to_bob, words, turn as i64 + 1)).await;
        let updates = sent.vector("updates").unwrap();
        let named = updates[0].as_object().unwrap();
        let id = turn as i32 + 1;
        assert_eq!((named.int("id"), named.long("random_id")), (Some(id), Some(turn as i64 + 1)));
        for update in [
            updates[1].as_object().unwrap().clone(),
            tablet.update("updateNewMessage").await,
            bob.update("updateNewMessage").await,
        ] {
            assert_eq!((update.int("pts"), update.int("pts_count")), (Some(id + 1), Some(1)));
            assert_eq!(update.object("message").unwrap().str("message"), Some(words));
        }
    }
    assert!(alice.is_quiet().await, "the sender has it in the answer");
}

#[tokio::test]
async fn what_was_missed_comes_as_a_difference_in_slices() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let to_bob = resolve(&mut alice, "bob").await;
    for turn in 1..=5 {
        alice.call_object(message(&to_bob, &format!("number {turn}"), turn)).await;
    }
    let ask = |pts: i32, limit: Option<i32>| {
        object("updates.getDifference")
            .with("pts", pts)
            .with("date", 0)
            .with("qts", 0)
            .with_opt("pts_limit", limit)
    };
    let slice = bob.call_object(ask(1, Some(3))).await;
    assert_eq!(slice.name(), "updates.differenceSlice");
    assert_eq!(texts(slice.vector("new_messages").unwrap()), ["number 1", "number 2", "number 3"]);
    let pts = slice.object("intermediate_state").unwrap().int("pts").unwrap();
    let rest = bob.call_object(ask(pts, Some(3))).await;
    assert_eq!(rest.name(), "updates.difference");
    assert_eq!(texts(rest.vector("new_messages").unwrap()), ["number 4", "number 5"]);
    assert_eq!(rest.object("state").unwrap().int("pts"), Some(6));
    assert_eq!(rest.vector("users").unwrap().len(), 2);
    assert_eq!(bob.call_object(ask(6, None)).await.name(), "updates.differenceEmpty");
    assert_eq!(bob.call_object(ask(7, None)).await.name(), "updates.differenceTooLong");
    assert_eq!(bob.error(ask(0, None)).await, "400 PERSISTENT_TIMESTAMP_INVALID");
}

#[tokio::test]
async fn reading_and_deleting_are_told_to_both_sides() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let to_bob = resolve(&mut alice, "bob").await;
    let to_alice = resolve(&mut bob, "alice").await;
    alice.call_object(message(&to_bob, "read me", 1)).await;
    let dialogs = object("messages.getDialogs")
        .with("offset_date", 0)
        .with("offset_id", 0)
        .with("offset_peer", object("inputPeerEmpty"))
        .with("limit", 10)
        .with("hash", 0_i64);
    let unread =
        |dialogs: &Object| dialogs.vector("dialogs").unwrap()[0].as_object().unwrap().int("unread_count");
    assert_eq!(unread(&bob.call_object(dialogs.clone()).await), Some(1));
    let read = object("messages.readHistory").with("peer", to_alice.clone()).with("max_id", 0);
    let affected = bob.call_object(read).await;
    assert_eq!((affected.int("pts"), affected.int("pts_count")), (Some(3), Some(1)));
    assert_eq!(unread(&bob.call_object(dialogs).await), Some(0));
    let seen = alice.update("updateReadHistoryOutbox").await;
    assert_eq!((seen.int("max_id"), seen.int("pts"), seen.int("pts_count")), (Some(1), Some(3), Some(1)));
    let delete =
        object("messages.deleteMessages").with("revoke", true).with("id", Value::Vector(vec![1.into()]));
    assert_eq!(alice.call_object(delete).await.int("pts"), Some(4));
    let deleted = bob.update("updateDeleteMessages").await;
    assert_eq!((deleted.vector("messages"), deleted.int("pts")), (Some(&[Value::Int(1)][..]), Some(4)));
}

#[tokio::test]
async fn history_is_paged_from_the_newest() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let to_bob = resolve(&mut alice, "bob").await;
    for turn in 1..=6 {
        alice.call_object(message(&to_bob, &turn.to_string(), turn)).await;
    }
    let ask = |fields: &[(&'static str, i32)]| {
        let blank = ["offset_id", "offset_date", "add_offset", "limit", "max_id", "min_id"];
        let request = object("messages.getHistory").with("peer", to_bob.clone()).with("hash", 0_i64);
        let request = blank.into_iter().fold(request, |request, field| request.with(field, 0));
        fields.iter().fold(request, |request, (field, value)| request.with(*field, *value))
    };
    type Fields = &'static [(&'static str, i32)];
    let cases: [(Fields, &[&str]); 6] = [
        (&[("limit", 2)], &["6", "5"]),
        (&[("limit", 2), ("offset_id", 5)], &["4", "3"]),
        (&[("limit", 9), ("offset_id", 2)], &["1"]),
        (&[("limit", 2), ("offset_id", 5), ("add_offset", -1)], &["5", "4"]),
        (&[("limit", 9), ("min_id", 4)], &["6", "5"]),
        (&[("limit", 0)], &[]),
    ];
    for (fields, expected) in cases {
        let page = alice.call_object(ask(fields)).await;
        assert_eq!(page.name(), "messages.messagesSlice", "{fields:?}");
        assert_eq!(page.int("count"), Some(6), "{fields:?}");
        assert_eq!(texts(page.vector("messages").unwrap()), expected, "{fields:?}");
    }
    assert_eq!(alice.call_object(ask(&[("limit", 9)])).await.name(), "messages.messages");
}

#[tokio::test]
async fn notes_to_oneself_are_a_history_of_their_own() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let to_bob = resolve(&mut alice, "bob").await;
    alice.call_object(message(&object("inputPeerSelf"), "a note", 1)).await;
    alice.call_object(message(&to_bob, "not a note", 2)).await;
    let mut saved = async |peer: Object| {
        let request = object("messages.getSavedHistory").with("peer", peer).with("hash", 0_i64);
        let numbers = ["offset_id", "offset_date", "add_offset", "max_id", "min_id"];
        let request = numbers.into_iter().fold(request.with("limit", 10), |it, field| it.with(field, 0));
        let answer = alice.call_object(request).await;
        texts(answer.vector("messages").unwrap()).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(saved(object("inputPeerSelf")).await, ["a note"]);
    assert!(saved(to_bob).await.is_empty(), "nothing was forwarded from there");
}

#[tokio::test]
async fn bad_messages_have_their_errors_and_a_repeated_one_its_answer() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let to_bob = resolve(&mut alice, "bob").await;
    assert_eq!(alice.error(message(&to_bob, " ", 1)).await, "400 MESSAGE_EMPTY");
    assert_eq!(alice.error(message(&to_bob, &"x".repeat(4_097), 1)).await, "400 MESSAGE_TOO_LONG");
    assert_eq!(alice.error(message(&to_bob, "x", 0)).await, "400 RANDOM_ID_EMPTY");
    let stranger = to_bob.clone().with("access_hash", 1_i64);
    assert_eq!(alice.error(message(&stranger, "x", 1)).await, "400 PEER_ID_INVALID");
    let first = alice.call_object(message(&to_bob, "x", 9)).await;
    let again = alice.call_object(message(&to_bob, "x", 9)).await;
    assert_eq!(first.get("updates"), again.get("updates"));
    assert_eq!(alice.call_object(object("updates.getState")).await.int("pts"), Some(2));
}

#[tokio::test]
async fn people_are_found_by_number_and_remembered_as_contacts() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let contact = |phone: &str, client: i64| {
        object("inputPhoneContact")
            .with("client_id", client)
            .with("phone", phone)
            .with("first_name", "X")
            .with("last_name", "")
    };
    let import =
        object("contacts.importContacts").with("contacts", vec![contact(BOB, 7), contact("+1999999999", 8)]);
    let imported = alice.call_object(import).await;
    let found = imported.vector("imported").unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].as_object().unwrap().long("client_id"), Some(7));
    let contacts = alice.call_object(object("contacts.getContacts").with("hash", 0_i64)).await;
    assert_eq!(contacts.vector("contacts").unwrap().len(), 1);
    let by_phone = |phone: &str| object("contacts.resolvePhone").with("phone", phone);
    assert_eq!(alice.call_object(by_phone(BOB)).await.vector("users").unwrap().len(), 1);
    assert_eq!(alice.error(by_phone("+1999999999")).await, "400 PHONE_NOT_OCCUPIED");
    let nobody = object("contacts.resolveUsername").with("username", "nobody");
    assert_eq!(alice.error(nobody).await, "400 USERNAME_NOT_OCCUPIED");
}

#[tokio::test]
async fn typing_is_shown_to_the_other_side_without_pts() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    bob.call_object(object("updates.getState")).await;
    let to_bob = resolve(&mut alice, "bob").await;
    let typing =
        object("messages.setTyping").with("peer", to_bob).with("action", object("sendMessageTypingAction"));
    assert_eq!(alice.call(typing).await, Ok(Value::Bool(true)));
    let update = bob.update("updateUserTyping").await;
    assert_eq!(update.object("action").map(Object::name), Some("sendMessageTypingAction"));
    assert_eq!(bob.call_object(object("updates.getState")).await.int("pts"), Some(1));
}
