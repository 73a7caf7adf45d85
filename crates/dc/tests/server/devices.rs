//! What clients such as TDLib need besides talking: the number of the data centre, and the list of devices.

use offhook_mtproto::exchange::ClientConfig;
use offhook_mtproto::transport::Kind;
use offhook_tl::{Object, Value};

use super::client::{Peer, Wire, config, object};
use super::{ALICE, BOB, start};

async fn connect_for(dc: &offhook_dc::DcHandle, id: i32) -> Peer {
    let mut wire = Wire::open(dc.addr(), Kind::Abridged, None).await;
    let made = wire.exchange(ClientConfig { dc: id, ..config(dc) }).await;
    Peer::with_key(dc.addr(), wire, made.key, made.salt)
}

#[tokio::test]
async fn a_client_is_told_the_data_centre_it_has_made_its_key_for() {
    let dc = start().await;
    // The media variant and the test numbering of the fourth are the fourth.
    for (claimed, told) in [(1, 1), (2, 2), (-4, 4), (10_004, 4)] {
        let mut peer = connect_for(&dc, claimed).await;
        let config = peer.call_object(object("help.getConfig")).await;
        assert_eq!(config.int("this_dc"), Some(told), "claimed {claimed}");
        let nearest = peer.call_object(object("help.getNearestDc")).await;
        assert_eq!((nearest.int("this_dc"), nearest.int("nearest_dc")), (Some(told), Some(2)));
    }
}

/// A request in an `initConnection` of a program with this device and version.
async fn introduce(peer: &mut Peer, device: &str, version: &str) {
    let request = object("initConnection")
        .with("api_id", 6)
        .with("device_model", device)
        .with("system_version", "sys")
        .with("app_version", version)
        .with("system_lang_code", "en")
        .with("lang_pack", "")
        .with("lang_code", "en")
        .with("query", object("help.getConfig"));
    let id = peer.ask(&request);
    peer.answer(id).await.unwrap();
}

async fn devices(peer: &mut Peer) -> Vec<Object> {
    let answer = peer.call_object(object("account.getAuthorizations")).await;
    answer.vector("authorizations").unwrap().iter().map(|it| it.as_object().unwrap().clone()).collect()
}

#[tokio::test]
async fn an_account_sees_its_devices_and_logs_them_out() {
    let dc = start().await;
    let mut phone = Peer::log_in(&dc, ALICE).await;
    introduce(&mut phone, "phone", "1.0").await;
    let mut tablet = Peer::log_in(&dc, ALICE).await;
    introduce(&mut tablet, "tablet", "2.0").await;
    let mut other = Peer::log_in(&dc, BOB).await;
    let mut shown: Vec<_> = devices(&mut phone)
        .await
        .iter()
        .map(|it| {
            let text = |field| it.str(field).unwrap().to_owned();
            (text("device_model"), text("app_version"), it.int("api_id").unwrap(), it.flag("current"))
        })
        .collect();
    shown.sort();
    let expected = [("phone", "1.0", 6, true), ("tablet", "2.0", 6, false)];
    assert_eq!(
        shown,
        expected.map(|(model, version, id, own)| (model.to_owned(), version.to_owned(), id, own))
    );
    let found = devices(&mut phone).await;
    let hash = |current| found.iter().find(|it| it.flag("current") == current).unwrap().long("hash").unwrap();
    assert_eq!(hash(true), 0);
    let reset = |hash: i64| object("account.resetAuthorization").with("hash", hash);
    assert_eq!(phone.error(reset(0)).await, "400 HASH_INVALID");
    assert_eq!(other.error(reset(hash(false))).await, "400 HASH_INVALID", "somebody else's device");
    assert_eq!(phone.call(reset(hash(false))).await, Ok(Value::Bool(true)));
    assert_eq!(tablet.error(object("updates.getState")).await, "401 AUTH_KEY_UNREGISTERED");
    assert_eq!(devices(&mut phone).await.len(), 1);
    let mut third = Peer::log_in(&dc, ALICE).await;
    assert_eq!(third.call(object("auth.resetAuthorizations")).await, Ok(Value::Bool(true)));
    assert_eq!(phone.error(object("updates.getState")).await, "401 AUTH_KEY_UNREGISTERED");
    assert!(third.call(object("updates.getState")).await.is_ok());
    assert!(other.call(object("updates.getState")).await.is_ok());
}

#[tokio::test]
async fn password_answers_name_only_algorithms_that_clients_know() {
    let dc = start().await;
    let mut peer = Peer::log_in(&dc, ALICE).await;
    let state = peer.call_object(object("account.getPassword")).await;
    let names = ["new_algo", "new_secure_algo"].map(|field| state.object(field).unwrap().name());
    assert_eq!(
        names,
        [
            "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
            "securePasswordKdfAlgoPBKDF2HMACSHA512iter100000",
        ]
    );
    assert_eq!(state.object("new_secure_algo").unwrap().bytes("salt").map(<[u8]>::len), Some(8));
}

#[tokio::test]
async fn what_nobody_has_is_told_apart_from_what_nobody_knows() {
    let dc = start().await;
    let mut peer = Peer::log_in(&dc, ALICE).await;
    let set = object("messages.getStickerSet")
        .with("stickerset", object("inputStickerSetAnimatedEmoji"))
        .with("hash", 0);
    assert_eq!(peer.error(set).await, "400 STICKERSET_INVALID");
    let photos = |id: Object| {
        let request = object("photos.getUserPhotos").with("user_id", id).with("offset", 0);
        request.with("max_id", 0_i64).with("limit", 10)
    };
    let answer = peer.call_object(photos(object("inputUserSelf"))).await;
    assert_eq!((answer.name(), answer.vector("photos").unwrap().len()), ("photos.photos", 0));
    let stranger = object("inputUser").with("user_id", 5_i64).with("access_hash", 0_i64);
    assert_eq!(peer.error(photos(stranger)).await, "400 USER_ID_INVALID");
    let balance = object("payments.getStarsStatus").with("peer", object("inputPeerSelf")).with("ton", true);
    let answer = peer.call_object(balance).await;
    assert_eq!(answer.object("balance").unwrap().name(), "starsTonAmount");
    let stories =
        object("stories.getPeerMaxIDs").with("id", vec![object("inputPeerSelf"), object("inputPeerSelf")]);
    let answer = peer.call(stories).await.unwrap();
    assert_eq!(answer, Value::Vector(vec![object("recentStory").into(), object("recentStory").into()]));
    assert_eq!(dc.counters().unknown_methods, 0);
}
