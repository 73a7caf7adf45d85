//! Calls and their answers.

use std::time::Duration;

use offhook_client::{Client, InvokeError, Limits, LinkError, TimeOuts, Transport};
use offhook_mtproto::transport::Kind;
use offhook_tl::Object;

use crate::scene::*;
use crate::server::{Habits, Reply, Server};

#[tokio::test]
async fn a_call_by_name_brings_its_answer() {
    let (server, client) = pair(telegram).await;
    let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
    assert_eq!(country(&answer), "DE");
    assert_eq!(server.executed("help.getNearestDc"), 1);
}

#[tokio::test]
async fn every_transport_carries_calls() {
    for (transport, kind) in [
        (Transport::Abridged, Kind::Abridged),
        (Transport::Intermediate, Kind::Intermediate),
        (Transport::PaddedIntermediate, Kind::PaddedIntermediate),
        (Transport::Full, Kind::Full),
        (Transport::ObfuscatedAbridged, Kind::Abridged),
        (Transport::ObfuscatedIntermediate, Kind::Intermediate),
        (Transport::ObfuscatedPadded, Kind::PaddedIntermediate),
    ] {
        let server = Server::start(Habits::default(), telegram).await;
        let client = Client::connect(config(&server).transport(transport)).await.unwrap();
        let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
        assert_eq!(country(&answer), "DE", "{transport:?}");
        assert_eq!(server.kinds(), [Some(kind)], "{transport:?}");
    }
}

#[tokio::test]
async fn the_first_calls_introduce_the_client_and_later_ones_do_not() {
    let (server, client) = pair(telegram).await;
    for _ in 0..3 {
        client.invoke_value(call("help.getNearestDc")).await.unwrap();
    }
    assert_eq!(server.wrapped(), 1);
}

#[tokio::test]
async fn a_server_that_forgot_the_introduction_gets_another() {
    let mut asked = 0;
    let (server, client) = pair(move |call| match call.name() {
        "help.getNearestDc" => {
            asked += 1;
            if asked == 2 { Reply::Error(400, "CONNECTION_NOT_INITED") } else { telegram(call) }
        }
        _ => telegram(call),
    })
    .await;
    for _ in 0..2 {
        let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
        assert_eq!(country(&answer), "DE");
    }
    assert_eq!((server.wrapped(), server.executed("help.getNearestDc")), (2, 3));
}

#[tokio::test]
async fn the_round_trip_is_measured_with_the_first_packets() {
    let (_server, client) = pair(telegram).await;
    // The answer to the ping comes before the answer to what is asked after it.
    for _ in 0..2 {
        client.invoke_value(call("help.getNearestDc")).await.unwrap();
    }
    let stats = client.stats();
    assert_eq!(stats.pings, 1);
    assert!(stats.rtt.is_some_and(|rtt| rtt < Duration::from_secs(5)), "{:?}", stats.rtt);
    assert!(stats.connected && stats.bytes_sent > 0 && stats.bytes_received > 0);
}

#[tokio::test]
async fn errors_of_the_server_come_with_name_and_number() {
    let (_server, client) = pair(|_| Reply::Error(400, "FILE_PART_7_MISSING")).await;
    let error = client.invoke_value(call("help.getNearestDc")).await.unwrap_err();
    let rpc = error.rpc().unwrap();
    assert_eq!((rpc.code, rpc.name.as_str(), rpc.value), (400, "FILE_PART_MISSING", Some(7)));
    assert_eq!(error.to_string(), "help.getNearestDc: FILE_PART_MISSING [7] (code 400)");
}

#[tokio::test]
async fn many_calls_at_once_are_each_answered_with_their_own() {
    let server = Server::start(Habits::default(), |call: &Object| {
        let hash = call.int("hash").unwrap_or_default();
        Object::new("help.appConfig").with("hash", hash).with("config", Object::new("jsonNull")).into()
    })
    .await;
    let limits = Limits { in_flight: 10, ..Limits::default() };
    let client = Client::connect(config(&server).limits(limits)).await.unwrap();
    let calls = (0..200).map(|hash| {
        let client = client.clone();
        tokio::spawn(async move {
            let call = call("help.getAppConfig").with("hash", hash);
            client.invoke_value(call).await.unwrap().into_object().unwrap().int("hash")
        })
    });
    let calls: Vec<_> = calls.collect();
    for (hash, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap(), Some(hash as i32));
    }
    assert_eq!(server.executed("help.getAppConfig"), 200);
}

#[tokio::test]
async fn a_call_that_is_never_answered_ends_in_time() {
    let server = Server::start(Habits::default(), |_| Reply::Silence).await;
    let times = TimeOuts { call: Duration::from_millis(200), ..time_outs() };
    let client = Client::connect(config(&server).time_outs(times)).await.unwrap();
    let error = client.invoke_value(call("help.getNearestDc")).await.unwrap_err();
    assert!(matches!(&error, InvokeError::TimedOut { link: None, .. }), "{error}");
    assert_eq!(error.to_string(), "help.getNearestDc: no answer within 200ms");
    assert_eq!(client.stats().call_time_outs, 1);
}

#[tokio::test]
async fn an_unknown_method_and_a_missing_field_fail_before_anything_is_sent() {
    let (server, client) = pair(telegram).await;
    let error = client.invoke_value(call("help.getNothing")).await.unwrap_err();
    assert!(matches!(&error, InvokeError::Encode { method, .. } if method == "help.getNothing"), "{error}");
    let error = client.invoke_value(call("contacts.resolveUsername")).await.unwrap_err();
    assert!(error.to_string().contains("username"), "{error}");
    assert_eq!(server.executed("contacts.resolveUsername"), 0);
}

#[tokio::test]
async fn a_shut_down_client_says_so_and_leaves_no_connection() {
    let (server, client) = pair(telegram).await;
    let mut updates = client.updates();
    client.shutdown().await;
    client.shutdown().await;
    let error = client.invoke_value(call("help.getNearestDc")).await.unwrap_err();
    assert!(matches!(error, InvokeError::Closed { .. }), "{error}");
    assert_eq!(updates.next().await, None);
    assert_eq!(server.executed("help.getNearestDc"), 0);
}

#[tokio::test]
async fn a_server_that_goes_away_is_named_with_a_remedy() {
    let (server, client) = pair(telegram).await;
    server.set_listening(false);
    server.cut();
    let call = tokio::time::timeout(Duration::from_secs(1), client.invoke_value(call("help.getNearestDc")));
    call.await.unwrap_err();
    let error = client.link_error().expect("there is no connection");
    assert!(matches!(error, LinkError::Lost { .. }), "{error}");
    assert!(error.to_string().contains(&server.address.to_string()), "{error}");
    assert_eq!(client.stats().calls_cancelled, 1);
}
