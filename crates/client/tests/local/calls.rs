//! Calls by name: flood waits, time-outs, order.

use std::time::Duration;

use offhook_client::{CallOptions, InvokeError, Limits, RpcError};
use offhook_dc::FloodLimit;
use offhook_tl::{Object, Value};

use crate::town::*;

fn note(text: &str, random_id: i64) -> Object {
    Object::new("messages.sendMessage")
        .with("peer", Object::new("inputPeerSelf"))
        .with("message", text)
        .with("random_id", random_id)
}

/// The newest notes to oneself, oldest first.
async fn notes(client: &offhook_client::Client, count: i32) -> Vec<String> {
    let history = Object::new("messages.getHistory")
        .with("peer", Object::new("inputPeerSelf"))
        .with("offset_id", 0)
        .with("offset_date", 0)
        .with("add_offset", 0)
        .with("limit", count)
        .with("max_id", 0)
        .with("min_id", 0)
        .with("hash", 0_i64);
    let answer = client.invoke_value(history).await.unwrap().into_object().unwrap();
    let messages = answer.vector("messages").unwrap().iter().rev().filter_map(Value::as_object);
    messages.map(|message| message.str("message").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_flood_wait_below_the_limit_is_slept_through_and_one_above_it_is_told() {
    let dc = builder()
        .flood_limit(FloodLimit::new("messages.sendMessage", 2, Duration::from_secs(2)))
        .start()
        .await
        .unwrap();
    let alice = log_in(&dc, ALICE).await;
    for number in 1..=3 {
        alice.invoke_value(note(&format!("note {number}"), number)).await.unwrap();
    }
    let stats = alice.stats();
    assert!(stats.flood_waits >= 1 && (1..=4).contains(&stats.flood_wait_seconds), "{stats:?}");
    assert_eq!(notes(&alice, 5).await, ["note 1", "note 2", "note 3"]);

    dc.admin().set_flood_limits(vec![FloodLimit::new("help.getNearestDc", 0, Duration::from_secs(90))]);
    let error = alice.invoke_value(Object::new("help.getNearestDc")).await.unwrap_err();
    assert_eq!(error.rpc().and_then(RpcError::flood_wait), Some(Duration::from_secs(90)));
    let short = Limits { flood_wait: Duration::ZERO, ..Limits::default() };
    dc.admin().set_flood_limits(vec![FloodLimit::new("help.getNearestDc", 0, Duration::from_secs(1))]);
    let bob = log_in_with(config(&dc).limits(short), BOB).await;
    let error = bob.invoke_value(Object::new("help.getNearestDc")).await.unwrap_err();
    assert_eq!(error.rpc().and_then(RpcError::flood_wait), Some(Duration::from_secs(1)));
    dc.admin().set_flood_limits(Vec::new());
    bob.invoke_value(Object::new("help.getNearestDc")).await.unwrap();
}

#[tokio::test]
async fn one_call_can_have_bounds_of_its_own() {
    let dc = builder()
        .flood_limit(FloodLimit::new("help.getNearestDc", 0, Duration::from_secs(1)))
        .start()
        .await
        .unwrap();
    let alice = log_in(&dc, ALICE).await;
    let call = || Object::new("help.getNearestDc");
    let at_once = CallOptions::default().flood_wait(Duration::ZERO);
    let error = alice.invoke_with(call(), at_once).await.unwrap_err();
    assert_eq!(error.rpc().and_then(RpcError::flood_wait), Some(Duration::from_secs(1)));
    let twice = CallOptions::default().retries(2);
    let error = alice.invoke_with(call(), twice).await.unwrap_err();
    assert!(error.is_rpc("FLOOD_WAIT"), "{error}");
    assert_eq!(alice.stats().flood_waits, 1 + 3);
    dc.admin().lose_packets(true);
    let within = Duration::from_millis(50);
    let error = alice.invoke_with(call(), CallOptions::default().within(within)).await.unwrap_err();
    assert!(matches!(error, InvokeError::TimedOut { after, .. } if after == within), "{error}");
}

#[tokio::test]
async fn calls_in_order_run_one_after_the_other_and_stop_at_the_first_that_fails() {
    let dc = start().await;
    let alice = log_in(&dc, ALICE).await;
    let ten = (0..10).map(|number| note(&format!("note {number}"), 100 + number)).collect();
    for done in alice.invoke_in_order(ten).await {
        done.unwrap();
    }
    let expected: Vec<String> = (0..10).map(|number| format!("note {number}")).collect();
    assert_eq!(notes(&alice, 10).await, expected);

    let stranger = Object::new("inputPeerUser").with("user_id", 5_i64).with("access_hash", 5_i64);
    let chain = vec![note("before", 200), note("lost", 201).with("peer", stranger), note("never", 202)];
    let done = alice.invoke_in_order(chain).await;
    assert!(done[0].is_ok());
    assert!(done[1].as_ref().is_err_and(|error| error.is_rpc("PEER_ID_INVALID")), "{:?}", done[1]);
    assert!(done[2].as_ref().is_err_and(|error| error.is_rpc("MSG_WAIT_FAILED")), "{:?}", done[2]);
    assert_eq!(notes(&alice, 1).await, ["before"]);
}
