//! However a call between two accounts ends, both sides learn it under its own name.
//!
//! A local Telegram, phones logged in over TCP, media over UDP; everything through the public API.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use common::sound::{likeness, read_wav, source, voice};
use common::town::{Town, Who, pair, ring, talk, up};
use common::within;
use offhook::client::ResolveError;
use offhook::dc::LinkConfig;
use offhook::phone::{CallError, CallEvent, Outcome, PhoneConfig, Stage};
use offhook::voip::{Event, HangupReason};

const CUT: fn() -> LinkConfig = || LinkConfig { loss: 1.0, ..LinkConfig::default() };

fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_was_talked_ends_completed_on_both_sides_whoever_hangs_up() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    for caller_hangs_up in [true, false] {
        let (call, answered) = talk(&alice, &bob, Who::Bob).await;
        let first = if caller_hangs_up { &call } else { &answered };
        let own = within("the hang-up is done", first.hang_up()).await;
        let (there, here) = (within("the end", call.wait()).await, within("the end", answered.wait()).await);
        assert_eq!((&there.outcome, &here.outcome), (&Outcome::Completed, &Outcome::Completed));
        assert!(own.confirmed && there.confirmed && here.confirmed, "the server knows");
        assert_eq!((there.incoming, here.incoming), (false, true));
        assert_eq!((there.party.name.as_str(), here.party.name.as_str()), ("Bob", "Alice"));
        let emoji = there.emoji.unwrap();
        assert_eq!(Some(emoji), here.emoji);
        assert_eq!((call.emoji(), answered.emoji()), (Some(emoji), Some(emoji)));
        let stages =
            [Stage::Requested, Stage::Ringing, Stage::Answered, Stage::Confirmed, Stage::Established];
        let reached: Vec<Stage> = there.stages.iter().map(|(stage, _)| stage).collect();
        assert_eq!(reached[..5], stages);
        assert!(there.stages.iter().is_sorted_by_key(|(_, at)| at), "{:?}", there.stages);
    }
    assert_eq!((alice.stats().calls, bob.stats().calls), (0, 0));
    assert_eq!((town.dc.counters().calls, town.dc.counters().calls_alive), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_declined_while_it_rings_is_declined_on_both_sides() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let there = within("declining is done", ringing.decline()).await;
    let here = within("the end", call.wait()).await;
    assert_eq!((&here.outcome, &there.outcome), (&Outcome::Declined, &Outcome::Declined));
    assert_eq!((here.emoji, here.talked), (None, Duration::ZERO));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_dropped_unanswered_is_declined() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    drop(ringing);
    assert_eq!(within("the end", call.wait()).await.outcome, Outcome::Declined);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_in_a_call_is_busy_for_others_and_talks_on() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let carol = town.phone(Who::Carol).await;
    let (call, answered) = talk(&alice, &bob, Who::Bob).await;

    let refused = within("the peer is known", carol.call("@bob")).await.unwrap();
    assert_eq!(within("the end", refused.wait()).await.outcome, Outcome::Busy);
    // Whoever calls is busy as well.
    let _ears = alice.incoming();
    let refused = within("the peer is known", carol.call("@alice")).await.unwrap();
    assert_eq!(within("the end", refused.wait()).await.outcome, Outcome::Busy);
    assert_eq!((alice.stats().busy_refused, bob.stats().busy_refused), (1, 1));
    let second = within("the answer", alice.call("@carol")).await.unwrap_err();
    assert!(matches!(second, CallError::TooMany { calls: 1 }), "{second}");

    assert!(call.report().is_none() && answered.report().is_none());
    call.hang_up().await;
    assert_eq!(within("the end", answered.wait()).await.outcome, Outcome::Completed);
    // And then no longer.
    let (call, _answered) = talk(&carol, &bob, Who::Bob).await;
    assert_eq!(call.hang_up().await.outcome, Outcome::Completed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_answering_is_no_answer_for_the_caller_and_a_missed_call_for_the_callee() {
    let town = Town::start().await;
    let alice = town.phone_with(Who::Alice, PhoneConfig::default().ring_timeout(millis(600))).await;
    let bob = town.phone(Who::Bob).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let missed = within("it stops ringing", ringing.ended()).await;
    let report = within("the end", call.wait()).await;
    assert_eq!((&report.outcome, &missed.outcome), (&Outcome::NoAnswer, &Outcome::Cancelled));
    assert!(matches!(ringing.accept(), Err(CallError::Over)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callee_that_rings_no_longer_than_it_likes_gives_no_answer_to_both() {
    let town = Town::start().await;
    let alice = town.phone(Who::Alice).await;
    let bob = town.phone_with(Who::Bob, PhoneConfig::default().ring_timeout(millis(1500))).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let own = within("it stops ringing", ringing.ended()).await;
    let report = within("the end", call.wait()).await;
    assert_eq!((&report.outcome, &own.outcome), (&Outcome::NoAnswer, &Outcome::NoAnswer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callee_without_a_device_that_rings_is_offline() {
    let town = Town::start().await;
    let alice = town.phone_with(Who::Alice, PhoneConfig::default().receive_timeout(millis(500))).await;
    // Never logged in.
    let call = within("the peer is known", alice.call("@bob")).await.unwrap();
    assert_eq!(within("the end", call.wait()).await.outcome, Outcome::PeerOffline);
    // Logged in, but no phone listens there.
    let _carol = town.phone(Who::Carol).await;
    let call = within("the peer is known", alice.call("@carol")).await.unwrap();
    let report = within("the end", call.wait()).await;
    assert_eq!(report.outcome, Outcome::PeerOffline);
    assert!(report.confirmed && report.stages.at(Stage::Ringing).is_none(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_be_called_is_an_error_before_anything_rings() {
    let town = Town::start().await;
    let alice = town.phone(Who::Alice).await;
    let mut asked = Vec::new();
    for peer in ["@nobody_here", "+19999999999", "@alice", "not a name"] {
        asked.push(within("the answer", alice.call(peer)).await.unwrap_err());
    }
    assert!(
        matches!(
            &asked[..],
            [
                CallError::Resolve(ResolveError::UsernameUnknown(name)),
                CallError::Resolve(ResolveError::PhoneUnknown),
                CallError::Myself,
                CallError::PeerName(_),
            ] if name == "nobody_here"
        ),
        "{asked:?}"
    );
    assert_eq!((town.dc.counters().calls, alice.stats().calls), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_hangs_up_while_it_rings_has_cancelled_for_both() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let report = within("the hang-up is done", call.hang_up()).await;
    let missed = within("it stops ringing", ringing.ended()).await;
    assert_eq!((&report.outcome, &missed.outcome), (&Outcome::Cancelled, &Outcome::Cancelled));
    assert!(report.confirmed);
    assert!(matches!(ringing.accept(), Err(CallError::Over)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_hangs_up_at_once_leaves_no_call_behind() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let _ears = bob.incoming();
    let call = within("the peer is known", alice.call("@bob")).await.unwrap();
    let report = within("the hang-up is done", call.hang_up()).await;
    assert_eq!(report.outcome, Outcome::Cancelled);
    assert_eq!((town.dc.counters().calls_alive, alice.stats().calls), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_that_never_connects_is_a_failed_connection_within_its_time_out() {
    let town = Town::with(|builder| builder.reflector_link(CUT(), 1)).await;
    let (alice, bob) = pair(&town, PhoneConfig::default().connect_timeout(millis(1500))).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let answered = ringing.accept().unwrap();
    assert!(within("the key is agreed", call.events().reach(Stage::Confirmed)).await);
    let begun = Instant::now();
    let (there, here) = (within("the end", call.wait()).await, within("the end", answered.wait()).await);
    assert_eq!((&there.outcome, &here.outcome), (&Outcome::ConnectFailed, &Outcome::ConnectFailed));
    assert_eq!((there.talked, here.talked), (Duration::ZERO, Duration::ZERO));
    // The time-out, and as much again for a busy machine.
    assert!(begun.elapsed() < millis(3000), "took {:?}", begun.elapsed());
    assert!(town.dc.counters().reflectors[0].impaired > 0, "something was sent, and lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_fails_for_good_in_a_call_is_lost_media_on_both_sides() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default().packet_timeout(millis(2500))).await;
    let (call, answered) = talk(&alice, &bob, Who::Bob).await;
    town.dc.admin().set_reflector_link(CUT());
    let (there, here) = (within("the end", call.wait()).await, within("the end", answered.wait()).await);
    assert_eq!((&there.outcome, &here.outcome), (&Outcome::MediaLost, &Outcome::MediaLost));
    assert!(there.confirmed && here.confirmed, "signalling still worked");
    assert!(there.talked >= millis(2000), "it was given its time: {:?}", there.talked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_comes_back_reconnects_the_call() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (call, answered) = talk(&alice, &bob, Who::Bob).await;
    let mut events = call.events();
    town.dc.admin().set_reflector_link(CUT());
    let mut hears = async |what: &str, fits: fn(&Event) -> bool| {
        let next = async {
            loop {
                match events.next().await {
                    Some(CallEvent::Media(event)) if fits(&event) => return,
                    Some(CallEvent::Over(report)) => panic!("over: {report:?}"),
                    other => assert!(other.is_some()),
                }
            }
        };
        within(what, next).await;
    };
    hears("contact is lost", |event| matches!(event, Event::Reconnecting)).await;
    town.dc.admin().set_reflector_link(LinkConfig::default());
    hears("contact is found again", |event| matches!(event, Event::Reconnected)).await;
    call.hang_up().await;
    assert_eq!(within("the end", answered.wait()).await.outcome, Outcome::Completed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_does_not_hold_up_a_hang_up() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default().hangup_timeout(millis(700))).await;
    let (call, _answered) = talk(&alice, &bob, Who::Bob).await;
    within("the server stops", town.dc.shutdown()).await;
    let begun = Instant::now();
    let report = within("the hang-up is done", call.hang_up()).await;
    assert_eq!((&report.outcome, report.confirmed), (&Outcome::Completed, false));
    assert!(begun.elapsed() < millis(5000), "took {:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_calls_at_once_hear_their_own_sound_and_end_on_their_own() {
    let town = Town::start().await;
    let ((alice, bob), (carol, dave)) = tokio::join!(pair(&town, PhoneConfig::default()), async {
        tokio::join!(town.phone(Who::Carol), town.phone(Who::Dave))
    });
    let dir = tempfile::tempdir().unwrap();
    let (low, high) = (voice(2.5, 140.0), voice(2.5, 310.0));
    let ((first, at_bob), (second, at_dave)) =
        tokio::join!(talk(&alice, &bob, Who::Bob), talk(&carol, &dave, Who::Dave));
    let (to_bob, to_dave) = (dir.path().join("bob.wav"), dir.path().join("dave.wav"));
    at_bob.set_output_file(&to_bob).unwrap();
    at_dave.set_output_file(&to_dave).unwrap();
    // The same machine says both, so both must be heard through the other.
    first.play(source(&low)).unwrap();
    second.play(source(&high)).unwrap();
    assert_ne!(first.emoji(), second.emoji());
    heard_out(&first).await;
    heard_out(&second).await;
    arrived(&at_bob).await;
    arrived(&at_dave).await;

    first.hang_up().await;
    assert_eq!(within("the end", at_bob.wait()).await.outcome, Outcome::Completed);
    assert!(second.report().is_none() && at_dave.report().is_none(), "the other call goes on");
    at_dave.hang_up().await;
    assert_eq!(within("the end", second.wait()).await.outcome, Outcome::Completed);

    let (bob_heard, dave_heard) = (read_wav(&to_bob), read_wav(&to_dave));
    let own = [likeness(&low, &bob_heard), likeness(&high, &dave_heard)];
    assert!(own.iter().all(|likeness| *likeness > 0.95), "{own:?}");
    let crossed = likeness(&low, &dave_heard);
    assert!(crossed < 0.5, "one hears the other call: {crossed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_queued_while_it_rang_is_recorded_by_the_callee_as_it_was_said() {
    let town = Town::start().await;
    let (alice, bob) = pair(&town, PhoneConfig::default()).await;
    let (call, ringing) = ring(&alice, &bob, Who::Bob).await;
    let said = voice(3.0, 180.0);
    call.play(source(&said)).unwrap();
    let answered = ringing.accept().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("heard.wav");
    answered.set_output_file(&path).unwrap();
    up(&[&call, &answered]).await;
    heard_out(&call).await;
    arrived(&answered).await;
    call.hang_up().await;
    let report = within("the end", answered.wait()).await;

    assert_eq!(report.outcome, Outcome::Completed);
    let heard = read_wav(&path);
    let alike = likeness(&said, &heard);
    assert!(alike > 0.95, "{alike}");
    assert_eq!(report.recordings.len(), 1);
    let recording = &report.recordings[0];
    assert_eq!((recording.path.as_deref(), recording.error.as_deref()), (Some(path.as_path()), None));
    assert_eq!((recording.length.samples(), recording.lost.samples()), (heard.len() as u64, 0));
    let media = report.media.as_ref().unwrap();
    assert_eq!(media.outcome, offhook::voip::Outcome::Completed(HangupReason::Peer));
    let link = &media.stats.link;
    assert_eq!((link.dropped_forged, link.dropped_replayed, link.dropped_malformed), (0, 0, 0));
    assert!(link.frames_received >= 50, "three seconds are fifty packets: {}", link.frames_received);
}

/// Waits until everything queued has left.
async fn heard_out(call: &offhook::phone::Call) {
    let mut events = call.events();
    let done = async {
        while let Some(event) = events.next().await {
            if matches!(event, CallEvent::Media(Event::PlaylistEmpty)) {
                return;
            }
        }
        panic!("over: {:?}", call.report());
    };
    within("everything is played", done).await;
}

/// Waits until the other side has heard a second more: longer than anything is on its way.
async fn arrived(call: &offhook::phone::Call) {
    let enough = call.stats().heard.samples() + 48_000;
    let heard = async {
        // Counts are refreshed five times a second and have no event.
        while call.stats().heard.samples() < enough {
            tokio::time::sleep(millis(20)).await;
        }
    };
    within("it is heard", heard).await;
}
