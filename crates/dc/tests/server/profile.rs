//! What people say about themselves, and finding what was said.

use offhook_tl::{Object, Value};

use super::client::{Peer, object};
use super::messages::{message, resolve, texts};
use super::{ALICE, BOB, start};

#[tokio::test]
async fn a_changed_profile_is_shown_to_those_who_know_the_account() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let to_alice = resolve(&mut bob, "alice").await;
    bob.call_object(message(&to_alice, "hello", 1)).await;
    let profile = object("account.updateProfile").with("last_name", "Liddell").with("about", "in wonderland");
    let shown = alice.call_object(profile).await;
    assert_eq!((shown.str("first_name"), shown.str("last_name")), (Some("Alice"), Some("Liddell")));
    let told = bob.update("updateUserName").await;
    assert_eq!((told.str("first_name"), told.str("last_name")), (Some("Alice"), Some("Liddell")));
    let id = object("inputUser")
        .with("user_id", to_alice.long("user_id").unwrap())
        .with("access_hash", to_alice.long("access_hash").unwrap());
    let full = bob.call_object(object("users.getFullUser").with("id", id)).await;
    assert_eq!(full.object("full_user").unwrap().str("about"), Some("in wonderland"));
    for (field, text, error) in [
        ("first_name", " ".to_owned(), "400 FIRSTNAME_INVALID"),
        ("last_name", "x".repeat(65), "400 LASTNAME_INVALID"),
        ("about", "x".repeat(71), "400 ABOUT_TOO_LONG"),
    ] {
        assert_eq!(alice.error(object("account.updateProfile").with(field, text)).await, error);
    }
}

#[tokio::test]
async fn a_username_is_taken_by_one_account_at_a_time() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let check = |name: &str| object("account.checkUsername").with("username", name);
    let update = |name: &str| object("account.updateUsername").with("username", name);
    for name in ["abcd", "1abcde", "with space", &"x".repeat(33)] {
        assert_eq!(alice.error(check(name)).await, "400 USERNAME_INVALID");
        assert_eq!(alice.error(update(name)).await, "400 USERNAME_INVALID");
    }
    assert_eq!(alice.error(update("alice")).await, "400 USERNAME_NOT_MODIFIED");
    assert_eq!(bob.call(check("alice")).await, Ok(Value::Bool(false)));
    assert_eq!(bob.error(update("Alice")).await, "400 USERNAME_OCCUPIED");
    assert_eq!(alice.call_object(update("wonder_1")).await.str("username"), Some("wonder_1"));
    let find = |name: &str| object("contacts.resolveUsername").with("username", name);
    assert_eq!(bob.error(find("alice")).await, "400 USERNAME_NOT_OCCUPIED");
    assert!(bob.call(find("wonder_1")).await.is_ok());
    assert_eq!(bob.call(check("alice")).await, Ok(Value::Bool(true)));
    assert_eq!(alice.call_object(update("")).await.str("username"), None);
}

#[tokio::test]
async fn being_online_is_told_to_those_who_know_the_account() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let contact = object("inputPhoneContact").with("client_id", 1_i64).with("phone", BOB);
    let contact = contact.with("first_name", "Bob").with("last_name", "");
    alice.call_object(object("contacts.importContacts").with("contacts", vec![contact])).await;
    let status = async |peer: &mut Peer| {
        let found = peer.call(object("contacts.getStatuses")).await.unwrap();
        let found = found.as_vector().unwrap()[0].as_object().unwrap().clone();
        found.object("status").unwrap().clone()
    };
    assert_eq!(status(&mut alice).await.name(), "userStatusRecently");
    for (offline, name, field) in
        [(false, "userStatusOnline", "expires"), (true, "userStatusOffline", "was_online")]
    {
        let said = object("account.updateStatus").with("offline", offline);
        assert_eq!(bob.call(said).await, Ok(Value::Bool(true)));
        let told = alice.update("updateUserStatus").await.object("status").unwrap().clone();
        assert_eq!(told.name(), name);
        assert!(told.int(field).is_some());
        assert_eq!(status(&mut alice).await, told);
    }
    assert!(bob.is_quiet().await, "nobody is told of their own");
}

#[tokio::test]
async fn a_deleted_contact_is_no_contact_any_more() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let contact = object("inputPhoneContact").with("client_id", 1_i64).with("phone", BOB);
    let contact = contact.with("first_name", "Bob").with("last_name", "");
    let imported = alice.call_object(object("contacts.importContacts").with("contacts", vec![contact])).await;
    let bob = imported.vector("users").unwrap()[0].as_object().unwrap().clone();
    assert!(bob.flag("contact"));
    let id = object("inputUser")
        .with("user_id", bob.long("id").unwrap())
        .with("access_hash", bob.long("access_hash").unwrap());
    let updates = alice.call_object(object("contacts.deleteContacts").with("id", vec![id])).await;
    let shown = updates.vector("users").unwrap().iter().filter_map(Value::as_object);
    let shown: Vec<&Object> = shown.filter(|it| it.long("id") == bob.long("id")).collect();
    assert_eq!(shown.iter().map(|it| it.flag("contact")).collect::<Vec<_>>(), [false]);
    let contacts = alice.call_object(object("contacts.getContacts").with("hash", 0_i64)).await;
    assert!(contacts.vector("contacts").unwrap().is_empty());
}

fn search(method: &'static str, words: &str, limit: i32) -> Object {
    let numbers = ["min_date", "max_date", "offset_id", "add_offset", "max_id", "min_id", "offset_rate"];
    let request = object(method).with("q", words).with("hash", 0_i64).with("limit", limit);
    numbers
        .into_iter()
        .fold(request, |request, field| request.with(field, 0))
        .with("filter", object("inputMessagesFilterEmpty"))
        .with("offset_peer", object("inputPeerEmpty"))
}

#[tokio::test]
async fn words_are_found_in_a_chat_and_in_all_and_a_chat_is_deleted_on_both_sides() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let to_bob = resolve(&mut alice, "bob").await;
    for (number, words) in ["Tea at six", "no coffee", "more TEA"].into_iter().enumerate() {
        alice.call_object(message(&to_bob, words, number as i64 + 1)).await;
    }
    alice.call_object(message(&object("inputPeerSelf"), "buy tea", 9)).await;
    let in_chat = search("messages.search", "tea", 10).with("peer", to_bob.clone());
    let found = alice.call_object(in_chat).await;
    assert_eq!(texts(found.vector("messages").unwrap()), ["more TEA", "Tea at six"]);
    let found = alice.call_object(search("messages.searchGlobal", "tea", 2)).await;
    assert_eq!(texts(found.vector("messages").unwrap()), ["buy tea", "more TEA"]);
    assert_eq!((found.name(), found.int("count")), ("messages.messagesSlice", Some(3)));
    let next = search("messages.searchGlobal", "tea", 2).with("offset_id", 3);
    let found = alice.call_object(next).await;
    assert_eq!(texts(found.vector("messages").unwrap()), ["Tea at six"]);
    assert_eq!(alice.error(search("messages.searchGlobal", " ", 2)).await, "400 SEARCH_QUERY_EMPTY");
    let photos = search("messages.search", "", 10)
        .with("peer", to_bob.clone())
        .with("filter", object("inputMessagesFilterPhotos"));
    assert!(alice.call_object(photos).await.vector("messages").unwrap().is_empty());
    let counters = object("messages.getSearchCounters")
        .with("peer", to_bob.clone())
        .with("filters", vec![object("inputMessagesFilterEmpty"), object("inputMessagesFilterPhotos")]);
    let counted = alice.call(counters).await.unwrap();
    let counts = counted.as_vector().unwrap().iter().map(|it| it.as_object().unwrap().int("count").unwrap());
    assert_eq!(counts.collect::<Vec<_>>(), [3, 0]);

    let delete = object("messages.deleteHistory").with("peer", to_bob.clone()).with("max_id", 0);
    let affected = alice.call_object(delete.with("revoke", true)).await;
    let numbers = ["pts", "pts_count", "offset"].map(|field| affected.int(field));
    assert_eq!(numbers, [Some(8), Some(3), Some(0)]);
    let told = bob.update("updateDeleteMessages").await;
    let mut gone: Vec<i32> = told.vector("messages").unwrap().iter().filter_map(Value::as_int).collect();
    gone.sort_unstable();
    assert_eq!(gone, [1, 2, 3]);
    let found = alice.call_object(search("messages.searchGlobal", "tea", 10)).await;
    assert_eq!(texts(found.vector("messages").unwrap()), ["buy tea"]);
}
