//! Calls whose signalling goes another way than the usual one: hung up half-way, crossed, on several devices, over
//! connections that break.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use common::town::{Town, Who, pair, ring, talk, up};
use common::within;
use offhook::phone::{CallError, Outcome, PhoneConfig, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hanging_up_between_picking_up_and_hearing_is_cancelled_on_both_sides() {
    // Nothing gets through the relay, so that nobody is heard before.
    let cut = offhook::dc::LinkConfig { loss: 1.0, ..Default::default() };
    let town = Town::with(|builder| builder.reflector_link(cut, 1)).await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    for caller_hangs_up in [true, false] {
        let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
        let answered = ringing.accept().unwrap();
        let (one, other) = if caller_hangs_up { (&call, &answered) } else { (&answered, &call) };
        assert!(within("the key is agreed", one.events().reach(Stage::Confirmed)).await);
        let own = within("the hang-up is done", one.hang_up()).await;
        let there = within("the end", other.wait()).await;
        assert_eq!((&own.outcome, &there.outcome), (&Outcome::Cancelled, &Outcome::Cancelled));
        assert!(own.confirmed && there.confirmed);
    }
    assert_eq!(town.dc.counters().calls_alive, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn picking_up_at_the_moment_the_caller_gives_up_is_cancelled_at_once_on_both_sides() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    for _ in 0..10 {
        let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
        let begun = Instant::now();
        let (gave_up, answered) = tokio::join!(call.hang_up(), async { ringing.accept() });
        assert_eq!(gave_up.outcome, Outcome::Cancelled);
        match answered {
            Ok(answered) => {
                assert_eq!(within("the end", answered.wait()).await.outcome, Outcome::Cancelled);
            }
            Err(error) => assert!(matches!(error, CallError::Over), "{error}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "took {:?}", begun.elapsed());
    }
    assert_eq!((alice.stats().calls, town.dc.counters().calls_alive), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_call_each_other_at_once_end_up_in_one_call() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (mut at_alice, mut at_bob) = (alice.incoming(), bob.incoming());
    for round in 0..5 {
        let (from_alice, from_bob) = tokio::join!(alice.call("@bob"), bob.call("@alice"));
        // Whose call rings depends on who was faster; that exactly one does is the point.
        let ringing = within("one of them rings", async {
            tokio::select! {
                ringing = at_alice.next() => ringing,
                ringing = at_bob.next() => ringing,
            }
        });
        let answered = ringing.await.unwrap().accept().unwrap();
        let (winner, loser) =
            if answered.party().name == "Alice" { (from_alice, from_bob) } else { (from_bob, from_alice) };
        let winner = winner.unwrap();
        up(&[&winner, &answered]).await;
        match loser {
            Ok(call) => {
                assert_eq!(within("it is refused", call.wait()).await.outcome, Outcome::Busy, "{round}")
            }
            Err(CallError::TooMany { calls }) => assert_eq!(calls, 1),
            Err(other) => panic!("{other}"),
        }
        assert_eq!(winner.hang_up().await.outcome, Outcome::Completed);
        assert_eq!(within("the end", answered.wait()).await.outcome, Outcome::Completed);
    }
    assert_eq!((alice.stats().calls, bob.stats().calls, town.dc.counters().calls_alive), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_taken_on_one_device_stops_ringing_on_the_others() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let tablet = town.phone(Who::Bob).await;
    let mut at_tablet = tablet.incoming();
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let also = within("the tablet rings", at_tablet.next()).await.unwrap();
    let answered = ringing.accept().unwrap();
    assert_eq!(within("the tablet stops", also.ended()).await.outcome, Outcome::AnsweredElsewhere);
    assert!(matches!(also.accept(), Err(CallError::Over)));
    up(&[&call, &answered]).await;
    assert_eq!(call.hang_up().await.outcome, Outcome::Completed);
    assert_eq!(within("the end", answered.wait()).await.outcome, Outcome::Completed);

    // Declined on one is declined for all.
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let also = within("the tablet rings", at_tablet.next()).await.unwrap();
    also.decline().await;
    assert_eq!(within("the end", call.wait()).await.outcome, Outcome::Declined);
    within("the other device stops", ringing.ended()).await;
    assert_eq!((bob.stats().calls, tablet.stats().calls), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_outlives_the_connections_to_the_server() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    assert_eq!(town.dc.admin().drop_connections(), 2);
    let answered = ringing.accept().unwrap();
    town.dc.admin().drop_connections();
    up(&[&call, &answered]).await;
    assert_eq!(call.emoji(), answered.emoji());
    town.dc.admin().drop_connections();
    let own = within("the hang-up is done", call.hang_up()).await;
    let there = within("the end", answered.wait()).await;
    assert_eq!((&own.outcome, &there.outcome), (&Outcome::Completed, &Outcome::Completed));
    assert!(own.confirmed, "it was said again on the next connection");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_is_shut_down_hangs_up_and_takes_no_more_calls() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (call, answered) = talk(&alice, &bob, Who::Bob).await;
    within("the phone is shut down", bob.shutdown()).await;
    assert_eq!(answered.report().unwrap().outcome, Outcome::Completed);
    assert_eq!(within("the end", call.wait()).await.outcome, Outcome::Completed);
    assert!(matches!(bob.call("@alice").await, Err(CallError::Closed)));
    assert_eq!(bob.stats().calls, 0);
}
