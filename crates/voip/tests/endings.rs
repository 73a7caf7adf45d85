//! However a call ends, it ends once, under its own name, and leaves nothing behind.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use common::{Pair, Relay, config, dense, engine, tag, until, until_established};
use offhook_media::{Info, MediaTime, Pulled, Source};
use offhook_voip::{
    CallKey, CallState, ControlError, Endpoint, Engine, EngineConfig, Event, HangupReason, Outcome, Role,
    StartError, Track,
};

fn ends(call: &offhook_voip::Controller) -> usize {
    let mut events = call.events();
    std::iter::from_fn(|| events.next_timeout(common::PATIENCE))
        .filter(|e| matches!(e, Event::Ended(_)))
        .count()
}

#[test]
fn a_hangup_ends_the_call_once_in_every_state() {
    let (relay, engine) = (Relay::start(), engine(1));
    // While it rings.
    let (ringing, reservation) = engine.prepare(dense()).unwrap();
    ringing.hangup(HangupReason::Missed);
    ringing.hangup(HangupReason::Local);
    assert_eq!(ringing.wait_ended().outcome, Outcome::Cancelled(HangupReason::Missed));
    let late = reservation.start(config(&relay, 1, Role::Caller)).unwrap_err();
    assert!(matches!(late, StartError::Ended), "{late}");
    // While it connects.
    let alone = engine.start_call(config(&relay, 2, Role::Caller), dense()).unwrap();
    until(&mut alone.events(), "Connecting", |e| matches!(e, Event::Connecting));
    alone.hangup(HangupReason::Local);
    assert_eq!(alone.wait_ended().outcome, Outcome::Cancelled(HangupReason::Local));
    // While it is up, and again after the end.
    let pair = Pair::start(&engine, &relay, 3, dense());
    until_established(&mut pair.caller.events());
    pair.caller.hangup(HangupReason::Local);
    pair.caller.hangup(HangupReason::Peer);
    assert_eq!(pair.caller.wait_ended().outcome, Outcome::Completed(HangupReason::Local));
    pair.caller.hangup(HangupReason::Peer);
    // While it reconnects.
    let mut events = pair.callee.events();
    until(&mut events, "Reconnecting", |e| matches!(e, Event::Reconnecting));
    assert_eq!(pair.callee.state(), CallState::Reconnecting);
    pair.callee.hangup(HangupReason::Peer);
    assert_eq!(pair.callee.wait_ended().outcome, Outcome::Completed(HangupReason::Peer));
    for call in [&ringing, &alone, &pair.caller, &pair.callee] {
        assert_eq!((call.state(), ends(call)), (CallState::Ended, 1));
    }
    let ended = engine.stats().ended;
    assert_eq!((ended.cancelled, ended.completed), (2, 2));
}

#[test]
fn a_dropped_reservation_abandons_its_call() {
    let engine = engine(1);
    let (call, reservation) = engine.prepare(dense()).unwrap();
    drop(reservation);
    assert_eq!(call.wait_ended().outcome, Outcome::Cancelled(HangupReason::Abandoned));
}

#[test]
fn a_peer_with_another_key_is_named_long_before_the_time_out() {
    let (relay, engine) = (Relay::start(), engine(1));
    let mut wrong = config(&relay, 1, Role::Callee);
    wrong.key = CallKey::new([9; 256]);
    let begin = Instant::now();
    let caller = engine.start_call(config(&relay, 1, Role::Caller), dense()).unwrap();
    let callee = engine.start_call(wrong, dense()).unwrap();
    let (caller, callee) = (caller.wait_ended(), callee.wait_ended());
    assert_eq!((caller.outcome, callee.outcome), (Outcome::KeyMismatch, Outcome::KeyMismatch));
    assert!(caller.stats.link.dropped_forged > 0, "{:?}", caller.stats.link);
    assert!(begin.elapsed() < Duration::from_secs(20), "the connect time-out alone is 30 s");
}

#[test]
fn a_peer_that_never_comes_is_a_failed_connection() {
    let (relay, engine) = (Relay::start(), engine(1));
    let mut lonely = config(&relay, 1, Role::Caller);
    lonely.connect_timeout = Duration::from_millis(700);
    let call = engine.start_call(lonely, dense()).unwrap();
    assert_eq!(call.wait_ended().outcome, Outcome::ConnectFailed);
    assert!(matches!(call.play("x.wav"), Err(ControlError::Ended)));
}

#[test]
fn a_wire_that_is_cut_and_mended_reconnects_and_one_that_stays_cut_loses_the_call() {
    let (relay, engine) = (Relay::start(), engine(1));
    let patient = |role| {
        let mut config = config(&relay, 1, role);
        config.receive_timeout = Duration::from_secs(4);
        engine.start_call(config, dense()).unwrap()
    };
    let (caller, callee) = (patient(Role::Caller), patient(Role::Callee));
    let mut events = caller.events();
    until_established(&mut events);
    until_established(&mut callee.events());
    relay.cut.store(true, Ordering::Relaxed);
    until(&mut events, "Reconnecting", |e| matches!(e, Event::Reconnecting));
    relay.cut.store(false, Ordering::Relaxed);
    until(&mut events, "Reconnected", |e| matches!(e, Event::Reconnected));
    relay.cut.store(true, Ordering::Relaxed);
    assert_eq!(caller.wait_ended().outcome, Outcome::MediaLost);
    assert_eq!(callee.wait_ended().outcome, Outcome::MediaLost);
}

#[test]
fn two_calls_with_one_tag_on_one_relay_cannot_share_a_shard() {
    let (relay, engine) = (Relay::start(), engine(1));
    let first = engine.start_call(config(&relay, 1, Role::Caller), dense()).unwrap();
    let again = engine.start_call(config(&relay, 1, Role::Caller), dense()).unwrap_err();
    assert!(matches!(again, StartError::TagInUse), "{again}");
    first.hangup(HangupReason::Local);
    first.wait_ended();
    let second = engine.start_call(config(&relay, 1, Role::Caller), dense()).unwrap();
    assert!(!second.state().is_over());
}

#[test]
fn a_configuration_without_relays_is_refused_and_counts_nothing() {
    let (relay, engine) = (Relay::start(), engine(1));
    let mut nowhere = config(&relay, 1, Role::Caller);
    nowhere.endpoints.clear();
    assert!(matches!(engine.start_call(nowhere, dense()), Err(StartError::Config(_))));
    assert_eq!((engine.stats().calls, engine.stats().started), (0, 0));
}

#[test]
fn a_call_over_ipv6_needs_an_ipv6_socket() {
    let engine = Engine::start(EngineConfig::default().shards(1).bind_v6(None)).unwrap();
    let relay = Relay::start();
    let mut six = config(&relay, 1, Role::Caller);
    six.endpoints = vec![Endpoint::relay(1, "[::1]:9".parse().unwrap(), tag(1, Role::Caller))];
    let refused = engine.start_call(six, dense()).unwrap_err();
    assert!(matches!(refused, StartError::NoIpv6 { .. }), "{refused}");
}

#[test]
fn a_full_engine_refuses_the_next_call_and_takes_one_again_later() {
    let engine = Engine::start(EngineConfig::default().shards(2).calls_per_shard(2)).unwrap();
    let held: Vec<_> = (0..4).map(|_| engine.prepare(dense()).unwrap()).collect();
    let refused = engine.prepare(dense()).unwrap_err();
    assert!(matches!(refused, StartError::Overloaded { calls: 4, .. }), "{refused}");
    assert_eq!(engine.stats().refused, 1);
    held[0].0.hangup(HangupReason::Local);
    held[0].0.wait_ended();
    engine.prepare(dense()).unwrap();
}

/// Panics when it is pulled.
struct Broken(Info);

impl Source for Broken {
    fn pull(&mut self, _: &mut [i16]) -> Pulled {
        panic!("this source is broken on purpose");
    }

    fn position(&self) -> MediaTime {
        MediaTime::ZERO
    }

    fn info(&self) -> &Info {
        &self.0
    }
}

#[test]
fn a_source_that_panics_ends_its_call_and_no_other() {
    let (relay, engine) = (Relay::start(), engine(1));
    let good = Pair::start(&engine, &relay, 1, dense());
    let bad = Pair::start(&engine, &relay, 2, dense());
    until_established(&mut good.caller.events());
    let source: Box<dyn Source> = Box::new(Broken(Info::default()));
    bad.caller.play(Track::Source(source)).unwrap();
    assert_eq!(bad.caller.wait_ended().outcome, Outcome::Internal);
    assert_eq!(good.caller.state(), CallState::Established);
    good.caller.hangup(HangupReason::Local);
    assert_eq!(good.caller.wait_ended().outcome, Outcome::Completed(HangupReason::Local));
}

#[test]
fn a_shutdown_ends_every_call_and_later_words_are_refused() {
    let (relay, engine) = (Relay::start(), engine(2));
    let pair = Pair::start(&engine, &relay, 1, dense());
    let (ringing, reservation) = engine.prepare(dense()).unwrap();
    until_established(&mut pair.caller.events());
    engine.shutdown();
    assert_eq!(pair.caller.wait_ended().outcome, Outcome::Completed(HangupReason::EngineStopped));
    assert_eq!(ringing.wait_ended().outcome, Outcome::Cancelled(HangupReason::EngineStopped));
    assert!(matches!(engine.prepare(dense()), Err(StartError::Stopped)));
    assert!(reservation.start(config(&relay, 9, Role::Caller)).is_err());
    assert!(matches!(pair.caller.skip(), Err(ControlError::Ended)));
    engine.shutdown();
}
