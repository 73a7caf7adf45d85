//! Connections that are lost.

use std::time::Duration;

use offhook_client::{Client, TimeOuts};
use offhook_tl::Object;

use crate::scene::*;
use crate::server::{Habits, Reply, Server};

#[tokio::test]
async fn a_call_whose_connection_is_cut_before_the_answer_is_executed_once_and_answered_once() {
    let mut cut = false;
    let (server, client) = pair(move |call| match (call.name(), telegram(call)) {
        ("help.getNearestDc", Reply::Value(answer)) if !std::mem::replace(&mut cut, true) => {
            Reply::CutBeforeAnswer(answer)
        }
        (_, reply) => reply,
    })
    .await;
    let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
    assert_eq!(country(&answer), "DE");
    assert_eq!(server.executed("help.getNearestDc"), 1);
    assert_eq!((server.accepted(), client.stats().reconnects), (2, 1));
    assert_eq!(client.stats().keys_made, 1, "the same key and session go on");
}

#[tokio::test]
async fn calls_made_while_there_is_no_connection_are_sent_when_there_is_one() {
    let (server, client) = pair(telegram).await;
    server.set_listening(false);
    server.cut();
    let waiting: Vec<_> = (0..5)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.invoke_value(call("help.getNearestDc")).await })
        })
        .collect();
    while client.link_error().is_none() {
        tokio::task::yield_now().await;
    }
    server.set_listening(true);
    for call in waiting {
        assert_eq!(country(&call.await.unwrap().unwrap()), "DE");
    }
    assert_eq!(server.executed("help.getNearestDc"), 5);
}

#[tokio::test]
async fn a_server_that_forgot_the_session_executes_what_it_had_not_answered() {
    let mut first = true;
    let (server, client) = pair(move |call| match call.name() {
        "help.getNearestDc" if std::mem::take(&mut first) => Reply::Silence,
        _ => telegram(call),
    })
    .await;
    let waiting = {
        let client = client.clone();
        tokio::spawn(async move { client.invoke_value(call("help.getNearestDc")).await })
    };
    server.wait_for("help.getNearestDc", 1).await;
    server.forget_sessions();
    assert_eq!(country(&waiting.await.unwrap().unwrap()), "DE");
    assert_eq!(server.executed("help.getNearestDc"), 2);
    assert!(client.stats().resends >= 1);
}

#[tokio::test]
async fn messages_are_neither_lost_nor_doubled_while_every_connection_is_cut_again_and_again() {
    let mut count = 0;
    let (server, client) = pair(move |call| {
        count += 1;
        let answer = match call.name() {
            "help.getAppConfig" => Object::new("help.appConfig")
                .with("hash", call.int("hash").unwrap())
                .with("config", Object::new("jsonNull")),
            _ => return telegram(call),
        };
        if count % 7 == 0 { Reply::CutBeforeAnswer(answer.into()) } else { answer.into() }
    })
    .await;
    let calls: Vec<_> = (0..60)
        .map(|hash| {
            let client = client.clone();
            tokio::spawn(async move {
                let call = call("help.getAppConfig").with("hash", hash);
                client.invoke_value(call).await.unwrap().into_object().unwrap().int("hash")
            })
        })
        .collect();
    for (hash, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap(), Some(hash as i32));
    }
    let mut executed: Vec<i32> =
        server.calls("help.getAppConfig").iter().map(|call| call.int("hash").unwrap()).collect();
    executed.sort_unstable();
    assert_eq!(executed, (0..60).collect::<Vec<_>>());
    assert!(client.stats().reconnects >= 1);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_and_dialled_again() {
    let server = Server::start(Habits::default(), telegram).await;
    let (ping, dead) = (Duration::from_millis(100), Duration::from_millis(300));
    let times = TimeOuts { ping, dead, ..time_outs() };
    let client = Client::connect(config(&server).time_outs(times)).await.unwrap();
    client.invoke_value(call("help.getNearestDc")).await.unwrap();
    server.mute(true);
    server.wait_for_connections(2).await;
    server.mute(false);
    client.invoke_value(call("help.getNearestDc")).await.unwrap();
    assert!(client.stats().reconnects >= 1);
}
