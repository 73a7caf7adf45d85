//! Restarts of ICE in modern calls: when they are begun, what they bring, and that they take nothing away.

mod sim;
mod tgsim;

use std::time::Duration;

use offhook_netsim::LinkConfig;
use offhook_voip_proto::tgcalls::cipher::Cipher;
use offhook_voip_proto::tgcalls::message::{InitialSetup, Message};
use offhook_voip_proto::tgcalls::{RestartStats, Version};
use offhook_voip_proto::{Input, Role, State};

use sim::{MS, SECOND};
use tgsim::{Setup, Sim};

const ROLES: [Role; 2] = [Role::Caller, Role::Callee];

fn delay(delay: Duration) -> LinkConfig {
    LinkConfig { delay, ..LinkConfig::default() }
}

fn established(setup: &Setup) -> Sim {
    let mut sim = Sim::new(setup);
    assert!(sim.connect(SECOND * 20), "seed {}: {:?}", setup.seed, sim.sides[0].call.report());
    sim.run(SECOND * 5);
    sim
}

/// Only a direct path: once both ends have moved, no pair of before can ever work again.
fn direct(version: Version, seed: u64) -> Setup {
    Setup { p2p: true, relays: 0, version, seed, ..Setup::default() }
}

fn both_move(sim: &mut Sim, network: u8) {
    for side in 0..2 {
        sim.move_to(side, network);
    }
}

fn cut_media(sim: &mut Sim, on: bool) {
    sim.set_media(LinkConfig { loss: if on { 1.0 } else { 0.0 }, ..delay(MS * 20) });
}

fn cut_signalling(sim: &mut Sim, on: bool) {
    let loss = if on { 1.0 } else { 0.0 };
    sim.signal.iter_mut().for_each(|link| link.set_config(LinkConfig { loss, ..delay(MS * 40) }));
}

fn restarts(sim: &Sim, side: usize) -> RestartStats {
    sim.sides[side].call.report().restarts
}

fn begun_and_agreed(sim: &Sim) -> [(u64, u64); 2] {
    [0, 1].map(|side| (restarts(sim, side).begun, restarts(sim, side).agreed))
}

/// Six seconds of sound both ways: all of it, in its order, and at its time: what is played now was spoken just now.
fn is_heard(sim: &mut Sim, what: &str) {
    let before = [0, 1].map(|side| sim.sides[side].heard.played.len());
    sim.run(SECOND * 6);
    for (side, before) in before.into_iter().enumerate() {
        let heard = &sim.sides[side].heard;
        let count = heard.played.len() - before;
        assert!((98..=101).contains(&count), "{what}, side {side}: {count}");
        assert!(heard.played.windows(2).all(|pair| pair[0] < pair[1]), "{what}, side {side}");
        let spoken = sim.sides[1 - side].spoken[heard.played.last().expect("something was played")];
        assert!(sim.now - spoken < MS * 400, "{what}, side {side}: {:?} late", sim.now - spoken);
        assert_eq!(sim.sides[side].call.report().transport.errors, 0, "{what}, side {side}");
    }
}

/// What a packet of 7.0.0 says: there each message is a packet of its own.
fn read(side: usize, packet: &[u8]) -> Message {
    let (_, body) = Cipher::new(tgsim::key(), ROLES[1 - side]).open(packet).expect("a packet of this call");
    Message::from_json(&body).expect("a message")
}

fn setup_in(side: usize, packet: &[u8]) -> Option<InitialSetup> {
    match read(side, packet) {
        Message::InitialSetup(setup) => Some(setup),
        _ => None,
    }
}

#[test]
fn when_both_ends_move_to_other_networks_at_once_the_call_comes_back_through_one_restart() {
    for version in [Version::V9, Version::V13] {
        for seed in 0..10 {
            let mut sim = established(&direct(version, seed));
            let what = format!("{version}, seed {seed}");
            both_move(&mut sim, 1);
            sim.run(SECOND * 2);
            assert_eq!(sim.states(), [State::Established; 2], "{what}: {:#?}", sim.sides[0].call.report());
            // Both began, and the two restarts became one.
            assert_eq!(begun_and_agreed(&sim), [(1, 1); 2], "{what}");
            is_heard(&mut sim, &what);
            // DTLS was not begun again: the same certificate, and one connection in the events.
            let changes = sim.sides[0].state_changes();
            assert_eq!(changes.iter().filter(|state| **state == State::WaitInitAck).count(), 1, "{what}");
        }
    }
}

#[test]
fn after_a_restart_both_sides_ask_under_the_new_names_alone() {
    for p2p in [false, true] {
        let mut sim = established(&Setup { version: Version::V7, p2p, ..Setup::default() });
        sim.with(0, |call, at| call.handle(Input::NetworkChanged(at)));
        sim.run(SECOND * 3);
        sim.record = true;
        sim.run(SECOND * 5);
        let name = |side: usize, generation| {
            let mut setups = sim.sides[side].signals.iter().filter_map(|packet| setup_in(side, packet));
            setups.find(|setup| setup.generation == Some(generation)).expect("it was said").ufrag
        };
        for side in 0..2 {
            let asked = |generation| {
                let names = format!("{}:{}", name(1 - side, generation), name(side, generation));
                let mut sent = sim.sent.iter().filter(|(from, ..)| *from == side);
                sent.any(|(.., bytes)| bytes.windows(names.len()).any(|part| part == names.as_bytes()))
            };
            assert_eq!([asked(0), asked(1)], [false, true], "direct {p2p}, side {side}");
        }
    }
}

/// Addresses of the peer are taken up to a limit; a restart makes room.
#[test]
fn a_call_on_the_move_never_runs_out_of_room_for_addresses() {
    let mut sim = established(&direct(Version::V13, 1));
    for network in 1..=100 {
        both_move(&mut sim, network);
        sim.run(SECOND * 6);
        let what = format!("move {network}");
        assert_eq!(sim.states(), [State::Established; 2], "{what}: {:#?}", sim.sides[0].call.report());
    }
    is_heard(&mut sim, "after a hundred moves");
    assert_eq!(begun_and_agreed(&sim), [(100, 100); 2]);
    assert_eq!(sim.sides[0].call.report().session.dropped_candidates, 0);
}

#[test]
fn eight_seconds_without_anything_are_survived_as_before_and_the_restart_follows() {
    for (p2p, version) in
        [(false, Version::V13), (true, Version::V13), (false, Version::V9), (true, Version::V9)]
    {
        for seed in 0..5 {
            let mut sim = established(&Setup { p2p, version, seed, ..Setup::default() });
            let what = format!("direct {p2p}, {version}, seed {seed}");
            cut_media(&mut sim, true);
            cut_signalling(&mut sim, true);
            sim.run(MS * 4800);
            assert_eq!(begun_and_agreed(&sim), [(0, 0); 2], "{what}: a short cut begins nothing");
            sim.run(MS * 3200);
            assert_eq!(begun_and_agreed(&sim), [(1, 0); 2], "{what}");
            cut_media(&mut sim, false);
            cut_signalling(&mut sim, false);
            sim.run(MS * 200);
            assert_eq!(sim.states(), [State::Established; 2], "{what}");
            sim.run(SECOND * 6);
            assert_eq!(begun_and_agreed(&sim), [(1, 1); 2], "{what}");
            is_heard(&mut sim, &what);
            assert_eq!(sim.sides[0].state_changes().len(), 5, "{what}: lost once, found once");
        }
    }
}

#[test]
fn a_short_cut_begins_no_restart() {
    let mut sim = established(&Setup { p2p: true, ..Setup::default() });
    cut_media(&mut sim, true);
    sim.run(MS * 4500);
    cut_media(&mut sim, false);
    sim.run(SECOND * 20);
    assert_eq!(begun_and_agreed(&sim), [(0, 0); 2]);
    assert_eq!(sim.states(), [State::Established; 2]);
}

#[test]
fn while_only_the_media_is_cut_new_credentials_are_agreed_on_and_the_old_path_comes_back_under_them() {
    for p2p in [false, true] {
        let mut sim = established(&Setup { p2p, ..Setup::default() });
        cut_media(&mut sim, true);
        sim.run(SECOND * 8);
        assert_eq!(begun_and_agreed(&sim), [(1, 1); 2], "direct {p2p}");
        cut_media(&mut sim, false);
        sim.run(MS * 200);
        assert_eq!(sim.states(), [State::Established; 2], "direct {p2p}");
        // Checks are answered again, not only the media: 2 s is the longest pause between them.
        let answered = |sim: &Sim| sim.sides.each_ref().map(|side| side.call.report().pairs[0].answered);
        let before = answered(&sim);
        sim.run(MS * 4500);
        let after = answered(&sim);
        assert!((0..2).all(|side| after[side] > before[side]), "direct {p2p}: {before:?}, {after:?}");
        is_heard(&mut sim, "after");
    }
}

#[test]
fn who_alone_hears_nothing_begins_alone_and_the_other_side_goes_along() {
    for p2p in [false, true] {
        let mut sim = established(&Setup { p2p, ..Setup::default() });
        sim.media[0].set_config(LinkConfig { loss: 1.0, ..delay(MS * 20) });
        sim.run(SECOND * 8);
        assert_eq!(sim.states(), [State::Established, State::Reconnecting], "direct {p2p}");
        assert_eq!(begun_and_agreed(&sim), [(0, 1), (1, 1)], "direct {p2p}");
        sim.media[0].set_config(delay(MS * 20));
        sim.run(MS * 200);
        assert_eq!(sim.states(), [State::Established; 2], "direct {p2p}");
        let before = sim.sides.each_ref().map(|side| side.call.report().pairs[0].answered);
        is_heard(&mut sim, "after");
        let after = sim.sides.each_ref().map(|side| side.call.report().pairs[0].answered);
        assert!((0..2).all(|side| after[side] > before[side]), "direct {p2p}: {before:?}, {after:?}");
    }
}

#[test]
fn with_a_fifth_of_the_signalling_lost_and_the_rest_reordered_a_restart_still_succeeds() {
    let signal = LinkConfig { loss: 0.2, jitter: MS * 300, duplicate: 0.05, ..delay(MS * 40) };
    for version in [Version::V7, Version::V8, Version::V9, Version::V13] {
        for seed in 0..20 {
            let mut sim = established(&direct(version, seed));
            let what = format!("{version}, seed {seed}");
            sim.signal.iter_mut().for_each(|link| link.set_config(signal));
            both_move(&mut sim, 1);
            sim.run(SECOND * 20);
            let report = sim.sides[0].call.report();
            assert_eq!(sim.states(), [State::Established; 2], "{what}: {report:#?}");
            let counts = begun_and_agreed(&sim);
            assert!(counts.iter().all(|(begun, agreed)| *begun >= 1 && *agreed >= 1), "{what}: {counts:?}");
            assert_eq!(counts[0].1, counts[1].1, "{what}: {counts:?}");
            is_heard(&mut sim, &what);
        }
    }
}

/// One side begins, the other one crosses it at any moment of its way, or answers.
#[test]
fn restarts_that_cross_become_one_and_others_follow_each_other() {
    for after in (0..=200).step_by(20) {
        for first in 0..2 {
            let mut sim = established(&Setup { p2p: true, ..Setup::default() });
            let what = format!("side {first} first, the other after {after} ms");
            let (now, later) = (first, 1 - first);
            sim.move_to(now, 1);
            sim.run(MS * after);
            sim.move_to(later, 1);
            sim.run(SECOND * 6);
            // One way takes 40 ms.
            let agreed = if after < 40 { 1 } else { 2 };
            assert_eq!(begun_and_agreed(&sim), [(1, agreed); 2], "{what}");
            is_heard(&mut sim, &what);
        }
    }
}

#[test]
fn setups_that_come_again_restart_nothing() {
    for moved in [false, true] {
        let mut sim = established(&Setup { version: Version::V7, p2p: true, ..Setup::default() });
        if moved {
            sim.move_to(0, 1);
            sim.run(SECOND * 6);
        }
        let before = begun_and_agreed(&sim);
        assert_eq!(before.map(|(_, agreed)| agreed), [u64::from(moved); 2]);
        // Every setup that was ever said, twice more, as a packet of its own.
        for (side, role) in ROLES.into_iter().enumerate() {
            let mut cipher = Cipher::new(tgsim::key(), role);
            let said: Vec<InitialSetup> =
                sim.sides[side].signals.iter().filter_map(|packet| setup_in(side, packet)).collect();
            assert!(said.len() > usize::from(moved), "{said:?}");
            assert!((0..100).all(|_| cipher.next_seq().is_some()));
            for setup in said.iter().chain(&said) {
                let seq = cipher.next_seq().expect("there are many");
                let packet = cipher.seal(seq, Message::InitialSetup(setup.clone()).to_json().as_bytes());
                sim.inject_signal(1 - side, &packet);
            }
        }
        let ignored = sim.sides.each_ref().map(|side| side.call.report().session.ignored);
        assert!(ignored.iter().all(|count| *count >= 2), "they were read: {ignored:?}");
        sim.run(SECOND * 10);
        assert_eq!(begun_and_agreed(&sim), before);
        is_heard(&mut sim, "after repeats");
        // What answers what must not go on for ever.
        assert!(sim.sides.iter().all(|side| side.signals.len() < 40));
    }
}

fn lose_restarts_of_the_caller(side: usize, _: usize, packet: Vec<u8>) -> Option<Vec<u8>> {
    lose_restarts_of(0, side, packet)
}

fn lose_restarts_of_the_callee(side: usize, _: usize, packet: Vec<u8>) -> Option<Vec<u8>> {
    lose_restarts_of(1, side, packet)
}

fn lose_restarts_of(who: usize, side: usize, packet: Vec<u8>) -> Option<Vec<u8>> {
    let restart = setup_in(side, &packet).is_some_and(|setup| setup.generation > Some(0));
    (side != who || !restart).then_some(packet)
}

/// Whatever of the restart gets lost for good: the answer, the question of one side, and so on.
#[test]
fn when_a_restart_is_never_answered_the_old_path_still_carries_the_call_when_it_comes_back() {
    for tamper in [lose_restarts_of_the_caller, lose_restarts_of_the_callee] {
        for p2p in [false, true] {
            let mut sim = established(&Setup { version: Version::V7, p2p, tamper, ..Setup::default() });
            cut_media(&mut sim, true);
            sim.run(SECOND * 8);
            let counts = begun_and_agreed(&sim);
            assert!(counts.iter().any(|(_, agreed)| *agreed == 0), "{counts:?}");
            assert!(counts.iter().any(|(begun, _)| *begun == 1), "{counts:?}");
            cut_media(&mut sim, false);
            sim.run(MS * 200);
            assert_eq!(sim.states(), [State::Established; 2], "direct {p2p}");
            is_heard(&mut sim, "old path");
            sim.run(SECOND * 60);
            assert_eq!(sim.sides[0].state_changes().len(), 5, "direct {p2p}: lost once, found once");
            is_heard(&mut sim, "old path, a minute later");
        }
    }
}

/// Who answers goes on under the old credentials while it hears the peer: the answer may never arrive.
#[test]
fn while_the_path_is_alive_checks_are_answered_whatever_becomes_of_the_answer_to_a_restart() {
    for (tamper, agreed) in
        [(lose_restarts_of_the_caller as fn(_, _, _) -> _, 0), (lose_restarts_of_the_callee, 1)]
    {
        let mut sim = established(&Setup { version: Version::V7, tamper, ..Setup::default() });
        sim.with(0, |call, at| call.handle(Input::NetworkChanged(at)));
        sim.run(SECOND * 5);
        assert_eq!(begun_and_agreed(&sim), [(1, 0), (0, agreed)]);
        let answered = |sim: &Sim| sim.sides.each_ref().map(|side| side.call.report().pairs[0].answered);
        let before = answered(&sim);
        sim.run(SECOND * 60);
        let after = answered(&sim);
        // One every two seconds.
        assert!((0..2).all(|side| after[side] >= before[side] + 29), "{before:?}, {after:?}");
        assert!(sim.sides.iter().all(|side| side.state_changes().len() == 3));
        is_heard(&mut sim, "a minute later");
    }
}

fn without_generations(side: usize, _: usize, packet: Vec<u8>) -> Option<Vec<u8>> {
    let Some(mut setup) = setup_in(side, &packet).filter(|_| side == 1) else { return Some(packet) };
    setup.generation = None;
    let (seq, _) = Cipher::new(tgsim::key(), ROLES[0]).open(&packet).ok()?;
    Some(Cipher::new(tgsim::key(), ROLES[1]).seal(seq, Message::InitialSetup(setup).to_json().as_bytes()))
}

/// As ntgcalls and the official apps.
#[test]
fn a_peer_that_does_not_say_that_it_follows_restarts_is_offered_none_and_the_call_moves_as_before() {
    let tamper = without_generations;
    let mut sim = established(&Setup { version: Version::V7, p2p: true, tamper, ..Setup::default() });
    sim.move_to(0, 1);
    sim.run(SECOND * 6);
    is_heard(&mut sim, "after the move");
    cut_media(&mut sim, true);
    sim.run(SECOND * 8);
    cut_media(&mut sim, false);
    sim.run(MS * 200);
    assert_eq!(sim.states(), [State::Established; 2]);
    let RestartStats { begun, agreed, refused, .. } = restarts(&sim, 0);
    assert_eq!((begun, agreed), (0, 0));
    assert!(refused >= 2, "{refused}");
    let setups = sim.sides[0].signals.iter().filter_map(|packet| setup_in(0, packet));
    assert_eq!(setups.filter(|setup| setup.generation != Some(0)).count(), 0);
    is_heard(&mut sim, "after the cut");
}

#[test]
fn a_machine_whose_network_changes_all_the_time_restarts_at_a_bounded_rate() {
    let mut sim = established(&Setup::default());
    for _ in 0..100 {
        sim.with(0, |call, at| call.handle(Input::NetworkChanged(at)));
        sim.run(MS * 100);
    }
    let RestartStats { begun, agreed, put_off, .. } = restarts(&sim, 0);
    assert_eq!((begun, agreed, put_off), (2, 2, 98));
    is_heard(&mut sim, "after ten seconds of changes");
}
