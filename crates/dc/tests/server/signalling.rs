//! `phone.sendSignalingData`: whom it reaches, when, and what is refused.

use std::time::Duration;

use offhook_dc::LinkConfig;
use offhook_tl::{Object, Value};

use super::calls::Pair;
use super::client::{Peer, object};
use super::{BOB, builder, start};

fn signal(peer: &Object, data: Vec<u8>) -> Object {
    object("phone.sendSignalingData").with("peer", peer.clone()).with("data", data)
}

async fn heard(peer: &mut Peer) -> Vec<u8> {
    peer.update("updatePhoneCallSignalingData").await.bytes("data").unwrap().to_vec()
}

/// True when a session has been told no signalling that it has not taken.
async fn heard_nothing(peer: &mut Peer) -> bool {
    peer.is_quiet().await;
    let mut short = peer.updates.iter().filter_map(|update| update.as_object()?.object("update"));
    short.all(|update| update.name() != "updatePhoneCallSignalingData")
}

#[tokio::test]
async fn it_reaches_the_other_side_in_order_from_the_answer_on() {
    let dc = start().await;
    let mut pair = Pair::modern(&dc).await;
    pair.ring().await;
    assert_eq!(pair.alice.error(signal(&pair.caller, vec![1])).await, "400 CALL_PEER_INVALID");
    assert_eq!(pair.bob.error(signal(&pair.callee, vec![1])).await, "400 CALL_PEER_INVALID");
    let accept = pair.accept();
    pair.bob.call_object(accept).await;
    for turn in 0..5_u8 {
        assert_eq!(pair.alice.call(signal(&pair.caller, vec![turn; 900])).await, Ok(Value::Bool(true)));
    }
    for turn in 0..5_u8 {
        let update = pair.bob.update("updatePhoneCallSignalingData").await;
        assert_eq!(update.bytes("data"), Some(&[turn; 900][..]));
        assert_eq!(update.long("phone_call_id"), pair.callee.long("id"));
    }
    let confirm = pair.confirm();
    pair.alice.call_object(confirm).await;
    assert_eq!(pair.bob.call(signal(&pair.callee, vec![7; 4])).await, Ok(Value::Bool(true)));
    assert_eq!(heard(&mut pair.alice).await, [7; 4]);
    assert_eq!(dc.counters().signals, 6);
}

#[tokio::test]
async fn what_is_too_long_or_not_ones_own_is_refused() {
    let dc = start().await;
    let mut pair = Pair::modern(&dc).await;
    pair.establish().await;
    let longest = vec![3; 128 << 10];
    assert_eq!(pair.alice.call(signal(&pair.caller, longest.clone())).await, Ok(Value::Bool(true)));
    assert_eq!(heard(&mut pair.bob).await, longest);
    let longer = vec![3; (128 << 10) + 1];
    assert_eq!(pair.alice.error(signal(&pair.caller, longer)).await, "400 DATA_INVALID");
    let wrong = [
        signal(&pair.callee, vec![1]),
        signal(&pair.caller.clone().with("id", 5_i64), vec![1]),
        signal(&pair.caller.clone().with("access_hash", 5_i64), vec![1]),
    ];
    for request in wrong {
        assert_eq!(pair.alice.error(request).await, "400 CALL_PEER_INVALID");
    }
    // Another device of the callee has no part in the call.
    let mut tablet = Peer::log_in(&dc, BOB).await;
    assert_eq!(tablet.error(signal(&pair.callee, vec![1])).await, "400 CALL_PEER_INVALID");
    pair.hang_up().await;
    assert_eq!(pair.alice.error(signal(&pair.caller, vec![1])).await, "400 CALL_PEER_INVALID");
    assert_eq!(pair.bob.error(signal(&pair.callee, vec![1])).await, "400 CALL_PEER_INVALID");
    assert_eq!(dc.counters().signals, 1);
}

#[tokio::test]
async fn only_the_session_that_answered_hears_it_and_after_it_whichever_comes_back() {
    let dc = start().await;
    let mut pair = Pair::modern(&dc).await;
    let key = pair.bob.session.key().clone();
    let mut second = Peer::resume(dc.addr(), key).await;
    second.call_object(object("updates.getState")).await;
    let mut tablet = Peer::log_in(&dc, BOB).await;
    pair.establish().await;
    pair.alice.call(signal(&pair.caller, vec![1])).await.unwrap();
    assert_eq!(heard(&mut pair.bob).await, [1]);
    assert!(heard_nothing(&mut second).await && heard_nothing(&mut tablet).await);
    // The one that answered is gone: the other session of its device stands in.
    pair.bob.drop_wire();
    while dc.counters().connections_open > 3 {
        tokio::task::yield_now().await;
    }
    pair.alice.call(signal(&pair.caller, vec![2])).await.unwrap();
    assert_eq!(heard(&mut second).await, [2]);
    assert!(heard_nothing(&mut tablet).await);
    assert_eq!((dc.counters().signals, dc.counters().signals_dropped), (2, 0));
}

#[tokio::test]
async fn so_much_waits_for_a_session_that_is_away_and_is_there_when_it_comes_back() {
    const BOUND: usize = 256;
    let dc = start().await;
    let mut pair = Pair::modern(&dc).await;
    pair.establish().await;
    pair.bob.drop_wire();
    while dc.counters().connections_open > 1 {
        tokio::task::yield_now().await;
    }
    for turn in 0..BOUND + 3 {
        pair.alice.call(signal(&pair.caller, vec![(turn % 251) as u8])).await.unwrap();
    }
    assert_eq!((dc.counters().signals, dc.counters().signals_dropped), (BOUND as u64, 3));
    pair.bob.reconnect().await;
    pair.bob.ask(&object("help.getNearestDc"));
    for turn in 0..BOUND {
        assert_eq!(heard(&mut pair.bob).await, [(turn % 251) as u8]);
    }
    pair.alice.call(signal(&pair.caller, vec![255])).await.unwrap();
    assert_eq!(heard(&mut pair.bob).await, [255]);
}

#[tokio::test]
async fn a_bad_path_delays_and_loses_and_can_be_mended() {
    let slow = LinkConfig { delay: Duration::from_millis(80), ..LinkConfig::default() };
    let dc = builder().signalling_link(slow, 3).start().await.unwrap();
    let mut pair = Pair::modern(&dc).await;
    pair.establish().await;
    let begin = std::time::Instant::now();
    for turn in 0..3 {
        pair.alice.call(signal(&pair.caller, vec![turn])).await.unwrap();
    }
    for turn in 0..3 {
        assert_eq!(heard(&mut pair.bob).await, [turn]);
    }
    assert!(begin.elapsed() >= Duration::from_millis(80));
    dc.admin().set_signalling_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    assert_eq!(pair.bob.call(signal(&pair.callee, vec![8])).await, Ok(Value::Bool(true)), "nobody is told");
    assert_eq!(dc.counters().signals_lost, 1);
    dc.admin().set_signalling_link(LinkConfig::default());
    pair.bob.call(signal(&pair.callee, vec![9])).await.unwrap();
    assert_eq!(heard(&mut pair.alice).await, [9]);
    assert_eq!((dc.counters().signals, dc.counters().signals_dropped), (4, 0));
}
