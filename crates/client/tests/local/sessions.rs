//! Sessions: in a database, and from other clients' strings.

use offhook_client::{Password, SessionDatabase, SessionError, SessionStore, SessionString, StringFormat};

use crate::town::*;

#[tokio::test]
async fn two_accounts_live_in_one_encrypted_database_and_stay_logged_in() {
    let dc = start().await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("accounts.db");
    let passphrase = Password::from("open sesame");
    let database = SessionDatabase::open(&path, Some(&passphrase)).unwrap();
    let mut ids = Vec::new();
    for (name, phone) in [("alice", ALICE), ("bob", BOB)] {
        let client = log_in_with(config(&dc).session(database.account(name).unwrap()), phone).await;
        assert!(matches!(database.account(name), Err(SessionError::InUse { .. })));
        ids.push(client.user().unwrap().id);
        client.shutdown().await;
    }
    drop(database);
    let database = SessionDatabase::open(&path, Some(&passphrase)).unwrap();
    assert_eq!(database.accounts().unwrap(), ["alice", "bob"]);
    let stores = (database.account("alice").unwrap(), database.account("bob").unwrap());
    let both = tokio::join!(with_session(&dc, &stores.0), with_session(&dc, &stores.1));
    assert!(both.0.is_authorized().await.unwrap() && both.1.is_authorized().await.unwrap());
    assert_eq!([both.0.user().unwrap().id, both.1.user().unwrap().id], ids[..]);
    assert_eq!((both.0.stats().keys_made, both.1.stats().keys_made), (0, 0));
}

#[tokio::test]
async fn a_login_goes_through_the_strings_of_other_clients_and_back() {
    let dc = start().await;
    let store = SessionStore::memory();
    let alice = log_in_with(config(&dc).session(store.clone()), ALICE).await;
    let me = alice.user().unwrap();
    alice.shutdown().await;
    let mut string = SessionString::from_session(&store.load().unwrap().unwrap()).unwrap();
    (string.address, string.api_id) = (Some(dc.addr()), Some(1));
    for format in [StringFormat::Telethon, StringFormat::Pyrogram] {
        let text = string.export(format).unwrap();
        let imported = SessionString::parse(&text).unwrap();
        let store = SessionStore::memory();
        store.save(&imported.to_session()).unwrap();
        let client = with_session(&dc, &store).await;
        assert!(client.is_authorized().await.unwrap(), "{format:?}");
        assert_eq!(client.user(), Some(me), "{format:?}: who it is comes from the string or the server");
        client.shutdown().await;
    }
}
