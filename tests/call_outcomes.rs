//! How calls end, through the public API against the local Telegram.

mod program;

use program::{ALICE, BOB, clip, hasty, phone, telegram};
use offhook::phone::{CallError, Outcome, PhoneConfig, Stage};
use offhook::voip::HangupReason;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_answered_is_completed_on_both_sides_with_the_same_emoji() {
    let dc = telegram().await;
    let (alice, bob) = tokio::join!(phone(&dc, ALICE, hasty()), phone(&dc, BOB, hasty()));
    let mut incoming = bob.incoming();
    let call = alice.call("@bob").await.unwrap();
    call.play(clip("speech.wav")).unwrap().then(clip("hold.ogg")).unwrap();
    let answer = incoming.next().await.unwrap();
    assert_eq!(answer.party().username.as_deref(), Some("alice"));
    let answer = answer.accept().unwrap();
    assert!(call.events().reach(Stage::FirstAudio).await || call.report().is_none());
    let (one, two) = (call.hang_up().await, answer.wait().await);
    assert_eq!((&one.outcome, &two.outcome), (&Outcome::Completed, &Outcome::Completed));
    assert!(one.emoji.is_some() && one.emoji == two.emoji);
    assert!(one.confirmed && !one.incoming && two.incoming);
    assert_eq!(call.id(), answer.id());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_call_is_declined_on_both_sides() {
    let dc = telegram().await;
    let (alice, bob) = tokio::join!(phone(&dc, ALICE, hasty()), phone(&dc, BOB, hasty()));
    let mut incoming = bob.incoming();
    let call = alice.call(BOB).await.unwrap();
    let ringing = incoming.next().await.unwrap();
    assert!(call.events().reach(Stage::Ringing).await);
    assert_eq!(ringing.decline().await.outcome, Outcome::Declined);
    assert_eq!(call.wait().await.outcome, Outcome::Declined);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_call_finds_the_callee_busy_and_the_first_goes_on() {
    let dc = telegram().await;
    let config = hasty().max_calls(2);
    let (alice, bob) = tokio::join!(phone(&dc, ALICE, config), phone(&dc, BOB, hasty()));
    let mut incoming = bob.incoming();
    let first = alice.call("@bob").await.unwrap();
    let answer = incoming.next().await.unwrap().accept().unwrap();
    assert!(first.events().reach(Stage::Established).await);
    let second = alice.call("@bob").await.unwrap();
    assert_eq!(second.wait().await.outcome, Outcome::Busy);
    assert_eq!(bob.stats().busy_refused, 1);
    assert!(first.report().is_none() && answer.report().is_none());
    assert_eq!(answer.hang_up().await.outcome, Outcome::Completed);
    assert_eq!(first.wait().await.outcome, Outcome::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers_and_the_callee_is_told_that_it_stopped_ringing() {
    let dc = telegram().await;
    let (alice, bob) = tokio::join!(phone(&dc, ALICE, hasty()), phone(&dc, BOB, PhoneConfig::default()));
    let mut incoming = bob.incoming();
    let call = alice.call("@bob").await.unwrap();
    let ringing = incoming.next().await.unwrap();
    assert_eq!(call.wait().await.outcome, Outcome::NoAnswer);
    assert_eq!(ringing.ended().await.outcome, Outcome::Cancelled);
    assert!(matches!(ringing.accept(), Err(CallError::Over)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callee_that_is_not_there_is_offline() {
    let dc = telegram().await;
    let alice = phone(&dc, ALICE, hasty()).await;
    let call = alice.call("@bob").await.unwrap();
    assert_eq!(call.wait().await.outcome, Outcome::PeerOffline);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_gives_up_has_cancelled() {
    let dc = telegram().await;
    let (alice, bob) = tokio::join!(phone(&dc, ALICE, hasty()), phone(&dc, BOB, hasty()));
    let mut incoming = bob.incoming();
    let call = alice.call("@bob").await.unwrap();
    let ringing = incoming.next().await.unwrap();
    call.hangup(HangupReason::Local);
    assert_eq!(call.wait().await.outcome, Outcome::Cancelled);
    assert_eq!(ringing.ended().await.outcome, Outcome::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_to_nobody_to_oneself_and_beyond_the_limit_is_not_begun() {
    let dc = telegram().await;
    let alice = phone(&dc, ALICE, hasty()).await;
    assert!(matches!(alice.call("@nobody_here").await, Err(CallError::Resolve(_))));
    assert!(matches!(alice.call("bob").await, Err(CallError::PeerName(_))));
    assert!(matches!(alice.call("@alice").await, Err(CallError::Myself)));
    let call = alice.call("@bob").await.unwrap();
    assert!(matches!(alice.call("@bob").await, Err(CallError::TooMany { calls: 1 })));
    call.hang_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shutting_a_phone_down_ends_its_calls_and_takes_no_more() {
    let dc = telegram().await;
    let (alice, bob) = tokio::join!(phone(&dc, ALICE, hasty()), phone(&dc, BOB, hasty()));
    let mut incoming = bob.incoming();
    let call = alice.call("@bob").await.unwrap();
    let answer = incoming.next().await.unwrap().accept().unwrap();
    assert!(call.events().reach(Stage::Established).await);
    alice.shutdown().await;
    assert_eq!(call.wait().await.outcome, Outcome::Completed);
    assert_eq!(answer.wait().await.outcome, Outcome::Completed);
    assert!(matches!(alice.call("@bob").await, Err(CallError::Closed)));
}
