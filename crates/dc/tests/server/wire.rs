use offhook_crypto::AuthKey;
use offhook_mtproto::{
    exchange::RsaScheme,
    transport::{Frame, Kind, Obfuscation},
};
use std::time::Duration;

use super::client::{Peer, Wire, config, object};
use super::{ALICE, builder, start};

const KINDS: [Kind; 4] = [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate, Kind::Full];

#[tokio::test]
async fn every_transport_works_plain_and_obfuscated() {
    let dc = start().await;
    for kind in KINDS {
        for obfuscated in [false, true] {
            if kind == Kind::Full && obfuscated {
                continue;
            }
            let obfuscation = obfuscated.then_some(Obfuscation { secret: None, dc: None });
            let mut peer = Peer::connect_as(&dc, kind, obfuscation).await;
            let nearest = peer.call_object(object("help.getNearestDc")).await;
            assert_eq!(nearest.int("this_dc"), Some(2), "{kind:?} {obfuscated}");
        }
    }
    assert_eq!(dc.counters().keys_made, 7);
}

#[tokio::test]
async fn the_old_padding_of_the_exchange_is_understood_too() {
    let dc = start().await;
    let mut wire = Wire::open(dc.addr(), Kind::Full, None).await;
    let mut old = config(&dc);
    old.scheme = RsaScheme::Sha1;
    let made = wire.exchange(old).await;
    let mut peer = Peer::with_key(dc.addr(), wire, made.key, made.salt);
    assert_eq!(peer.call_object(object("help.getNearestDc")).await.int("this_dc"), Some(2));
}

#[tokio::test]
async fn a_key_works_on_every_connection_and_beside_a_new_exchange() {
    let dc = start().await;
    let mut peer = Peer::log_in(&dc, ALICE).await;
    let key = peer.session.key().clone();
    let mut other = Peer::resume(dc.addr(), key).await;
    assert_eq!(other.call_object(object("updates.getState")).await.int("pts"), Some(1));
    // An exchange for another key on a connection that carries encrypted packets.
    let made = peer.wire.as_mut().unwrap().exchange(config(&dc)).await;
    assert_ne!(made.key.id(), peer.session.key().id());
    assert_eq!(peer.call_object(object("updates.getState")).await.int("pts"), Some(1));
}

#[tokio::test]
async fn an_unknown_key_is_answered_with_404_each_time() {
    let dc = start().await;
    let mut wire = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    for turn in 1..=3 {
        let mut packet = vec![7; 8 + 16 + 64];
        packet[0] = turn;
        wire.send(&packet).await;
        assert_eq!(wire.frame().await, Some(Frame::Error(-404)));
    }
    assert_eq!(dc.counters().unknown_keys, 3);
}

#[tokio::test]
async fn a_forged_packet_closes_the_connection_and_nothing_else() {
    let dc = start().await;
    let mut peer = Peer::log_in(&dc, ALICE).await;
    let key: AuthKey = peer.session.key().clone();
    let mut wire = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    let mut packet = key.id().to_le_bytes().to_vec();
    packet.extend([9; 16 + 64]);
    wire.send(&packet).await;
    assert_eq!(wire.frame().await, None);
    assert_eq!(peer.call_object(object("updates.getState")).await.int("pts"), Some(1));
    assert_eq!(dc.counters().bad_packets, 1);
}

#[tokio::test]
async fn noise_and_silence_are_not_served() {
    let dc = start().await;
    let mut noisy = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    noisy.send_raw(b"GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!(noisy.frame().await, None);
    let mut huge = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    huge.send_raw(&[0xee, 0xee, 0xee, 0xee, 0xff, 0xff, 0xff, 0x7f]).await;
    assert_eq!(huge.frame().await, None);
    let mut random = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    random.send_raw(&[0x55; 64]).await;
    assert_eq!(random.frame().await, None);
    let mut peer = Peer::connect(&dc).await;
    assert_eq!(peer.call_object(object("help.getNearestDc")).await.int("this_dc"), Some(2));
}

#[tokio::test]
async fn unknown_and_unreadable_requests_are_refused_at_once_and_harm_no_other() {
    let dc = start().await;
    let mut peer = Peer::log_in(&dc, ALICE).await;
    let unknown = peer.ask_raw(vec![1, 2, 3, 4]);
    let cut = peer.ask_raw(0xda9b_0d0d_u32.to_le_bytes().to_vec());
    let known = object("updates.getState");
    let good = peer.ask(&known);
    let method = object("messages.getStickers").with("emoticon", "x").with("hash", 0_i64);
    assert_eq!(
        peer.answer(unknown).await.unwrap_err().message,
        format!("INPUT_METHOD_INVALID_{}", 0x0403_0201)
    );
    assert_eq!(peer.answer(cut).await.unwrap_err().message, "INPUT_FETCH_ERROR");
    assert!(peer.answer(good).await.is_ok());
    assert_eq!(peer.error(method).await, format!("400 INPUT_METHOD_INVALID_{}", 0xd5a5_d3a1_u32));
    assert_eq!(dc.counters().unknown_methods, 2);
}

#[tokio::test]
async fn requests_that_depend_on_others_see_how_those_ended() {
    let dc = start().await;
    let mut peer = Peer::log_in(&dc, ALICE).await;
    let after = |id: i64| {
        let mut body = 0xcb9f_372d_u32.to_le_bytes().to_vec();
        body.extend(id.to_le_bytes());
        body.extend(0x1fb3_3026_u32.to_le_bytes()); // help.getNearestDc
        body
    };
    // A request nobody knows counts as ended.
    let alone = peer.ask_raw(after(4));
    assert!(peer.answer(alone).await.is_ok());
    let wrong = peer.ask_raw(vec![1, 2, 3, 4]);
    let dependent =
        peer.session.push_request_after(0x1fb3_3026_u32.to_le_bytes().to_vec(), wrong, super::client::now());
    assert_eq!(peer.answer(dependent.unwrap()).await.unwrap_err().message, "MSG_WAIT_FAILED");
}

#[tokio::test]
async fn dropped_connections_lose_no_update() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut note = Peer::resume(dc.addr(), alice.session.key().clone()).await;
    alice.call_object(object("updates.getState")).await;
    note.call_object(object("updates.getState")).await;
    assert_eq!(dc.admin().drop_connections(), 2);
    alice.closed().await;
    note.closed().await;
    note.reconnect().await;
    let send = object("messages.sendMessage")
        .with("peer", object("inputPeerSelf"))
        .with("message", "while away")
        .with("random_id", 5_i64);
    note.call_object(send).await;
    alice.reconnect().await;
    alice.ask(&object("help.getNearestDc"));
    let update = alice.update("updateNewMessage").await;
    assert_eq!(update.object("message").unwrap().str("message"), Some("while away"));
}

#[tokio::test]
async fn a_session_that_wants_no_updates_gets_none() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut files = Peer::resume(dc.addr(), alice.session.key().clone()).await;
    let mut body = 0xbf94_59b7_u32.to_le_bytes().to_vec(); // invokeWithoutUpdates
    body.extend(0xedd4_882a_u32.to_le_bytes()); // updates.getState
    let quiet = files.ask_raw(body);
    files.answer(quiet).await.unwrap();
    let send = object("messages.sendMessage")
        .with("peer", object("inputPeerSelf"))
        .with("message", "x")
        .with("random_id", 5_i64);
    alice.call_object(send).await;
    assert!(files.is_quiet().await);
}

#[tokio::test]
async fn a_temporary_key_speaks_for_its_permanent_one_once_it_is_bound() {
    let dc = start().await;
    let permanent = Peer::log_in(&dc, ALICE).await;
    let mut wire = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    let mut asked = config(&dc);
    asked.expires_in = Some(Duration::from_secs(3_600));
    let made = wire.exchange(asked).await;
    let expires = made.expires_at.unwrap();
    let mut peer = Peer::with_key(dc.addr(), wire, made.key, made.salt);
    assert_eq!(peer.error(object("updates.getState")).await, "401 AUTH_KEY_PERM_EMPTY");
    let bound = peer.session.push_bind(permanent.session.key(), expires, super::client::now()).unwrap();
    assert_eq!(peer.answer(bound).await.unwrap(), 0x9972_75b5_u32.to_le_bytes());
    assert_eq!(peer.call_object(object("updates.getState")).await.int("pts"), Some(1));
    let again = peer.session.push_bind(permanent.session.key(), expires, super::client::now()).unwrap();
    assert!(peer.answer(again).await.is_ok(), "binding the same pair again succeeds");
}

#[tokio::test]
async fn connections_beyond_the_bound_are_refused_and_counted() {
    let limits = offhook_dc::Limits { connections: 1, ..offhook_dc::Limits::default() };
    let dc = builder().limits(limits).start().await.unwrap();
    let mut first = Peer::connect(&dc).await;
    let mut second = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    assert_eq!(second.frame().await, None);
    assert_eq!(first.call_object(object("help.getNearestDc")).await.int("this_dc"), Some(2));
    let counters = dc.counters();
    assert_eq!((counters.connections, counters.connections_refused, counters.connections_open), (1, 1, 1));
}

#[tokio::test]
async fn the_dh_numbers_come_once_and_randomness_every_time() {
    let dc = start().await;
    let mut peer = Peer::connect(&dc).await;
    let ask = |version, length| {
        object("messages.getDhConfig").with("version", version).with("random_length", length)
    };
    let fresh = peer.call_object(ask(0, 256)).await;
    assert_eq!((fresh.int("g"), fresh.bytes("p").map(<[u8]>::len)), (Some(3), Some(256)));
    assert_eq!(fresh.bytes("p"), Some(&offhook_crypto::dh::TELEGRAM_PRIME[..]));
    let known = peer.call_object(ask(fresh.int("version").unwrap(), 16)).await;
    assert_eq!(known.name(), "messages.dhConfigNotModified");
    assert_eq!(known.bytes("random").map(<[u8]>::len), Some(16));
    assert_eq!(peer.error(ask(0, 1_025)).await, "400 RANDOM_LENGTH_INVALID");
    assert_eq!(peer.error(ask(0, -1)).await, "400 RANDOM_LENGTH_INVALID");
}
