//! Contact of a modern call lost, found again, moved.

mod sim;
mod tgsim;

use std::net::IpAddr;
use std::time::Duration;

use offhook_netsim::LinkConfig;
use offhook_voip_proto::tgcalls::{PairOutcome, Version};
use offhook_voip_proto::{Event, State};

use sim::{MS, SECOND};
use tgsim::{Setup, Sim};

const UP: [State; 3] = [State::WaitInit, State::WaitInitAck, State::Established];

fn established(setup: &Setup) -> Sim {
    let mut sim = Sim::new(setup);
    assert!(sim.connect(SECOND * 20), "seed {}: {:?}", setup.seed, sim.sides[0].call.report());
    sim.run(SECOND * 5);
    sim
}

fn cut(sim: &mut Sim, on: bool) {
    let loss = if on { 1.0 } else { 0.0 };
    sim.set_media(LinkConfig { loss, delay: MS * 20, ..LinkConfig::default() });
    for link in &mut sim.signal {
        link.set_config(LinkConfig { loss, delay: MS * 40, ..LinkConfig::default() });
    }
}

/// Both sides hear each other again: how many frames of each were played within six seconds.
fn played(sim: &mut Sim) -> [usize; 2] {
    let before = [0, 1].map(|side| sim.sides[side].heard.played.len());
    sim.run(SECOND * 6);
    [0, 1].map(|side| sim.sides[side].heard.played.len() - before[side])
}

#[test]
fn eight_seconds_without_a_packet_are_survived_by_relay_and_directly() {
    for (p2p, version) in
        [(false, Version::V13), (true, Version::V13), (false, Version::V9), (true, Version::V9)]
    {
        for seed in 0..10 {
            let mut sim = established(&Setup { p2p, version, seed, ..Setup::default() });
            let what = format!("direct {p2p}, version {version}, seed {seed}");
            cut(&mut sim, true);
            let began = sim.elapsed();
            sim.run(SECOND * 8);
            assert_eq!(sim.states(), [State::Reconnecting; 2], "{what}");
            for side in &sim.sides {
                let reconnecting = Event::StateChanged(State::Reconnecting);
                let (at, _) = side.events.iter().find(|(_, event)| *event == reconnecting).expect(&what);
                // The last packet before the cut was at most a frame and its way old.
                let after = *at - began;
                assert!(after > SECOND * 2 - MS * 81 && after <= SECOND * 2 + MS * 21, "{what}: {after:?}");
            }
            cut(&mut sim, false);
            sim.run(SECOND * 3);
            assert_eq!(sim.states(), [State::Established; 2], "{what}: {:#?}", sim.sides[0].call.report());
            let heard = played(&mut sim);
            assert!(heard.iter().all(|count| (98..=101).contains(count)), "{what}: {heard:?}");
            for side in &sim.sides {
                let expected = [&UP[..], &[State::Reconnecting, State::Established]].concat();
                assert_eq!(side.state_changes(), expected, "{what}");
                assert!(side.heard.played.is_sorted(), "{what}");
                assert_eq!(side.call.report().failure, None, "{what}");
            }
        }
    }
}

#[test]
fn several_cuts_are_survived_as_one_is() {
    let mut sim = established(&Setup { p2p: true, ..Setup::default() });
    for round in 1..=5 {
        cut(&mut sim, true);
        sim.run(SECOND * 8);
        cut(&mut sim, false);
        sim.run(SECOND * 12);
        assert_eq!(sim.states(), [State::Established; 2], "round {round}");
        assert_eq!(sim.sides[0].state_changes().len(), 3 + 2 * round);
    }
}

#[test]
fn a_cut_without_end_is_fatal_after_ten_seconds() {
    let mut sim = established(&Setup::default());
    cut(&mut sim, true);
    let began = sim.elapsed();
    sim.run(SECOND * 60);
    for side in &sim.sides {
        let expected = [&UP[..], &[State::Reconnecting, State::Failed]].concat();
        assert_eq!(side.state_changes(), expected);
        let after = side.events.last().expect("there are events").0 - began;
        assert!(after > SECOND * 10 - MS * 81 && after <= SECOND * 10 + MS * 21, "{after:?}");
        assert!(side.call.report().failure.is_some());
    }
}

/// From now on the world sees side 0 under another address, and packets to the old one go nowhere. Nobody tells it.
fn translate(sim: &mut Sim) {
    sim.translated[0] = Some(IpAddr::from([203, 0, 113, 77]));
}

#[test]
fn a_relay_learns_that_a_translated_address_has_changed() {
    for seed in 0..10 {
        let mut sim = established(&Setup { seed, ..Setup::default() });
        translate(&mut sim);
        sim.run(SECOND * 4);
        assert_eq!(sim.states(), [State::Established; 2], "seed {seed}");
        let changes = sim.sides[0].state_changes();
        assert_eq!(changes[3..], [State::Reconnecting, State::Established], "seed {seed}");
        assert_eq!(sim.sides[1].state_changes(), UP, "seed {seed}: it has heard all the time");
        let heard = played(&mut sim);
        assert!(heard.iter().all(|count| (98..=101).contains(count)), "seed {seed}: {heard:?}");
    }
}

#[test]
fn on_a_direct_path_the_peer_answers_to_a_translated_address_that_has_changed() {
    for relays in [0, 1] {
        for seed in 0..10 {
            let mut sim = established(&Setup { p2p: true, relays, seed, ..Setup::default() });
            translate(&mut sim);
            sim.run(SECOND * 8);
            let what = format!("{relays} relays, seed {seed}");
            assert_eq!(sim.states(), [State::Established; 2], "{what}: {:#?}", sim.sides[1].call.report());
            let heard = played(&mut sim);
            assert!(heard.iter().all(|count| (98..=101).contains(count)), "{what}: {heard:?}");
            let report = sim.sides[1].call.report();
            assert_eq!(report.pairs[0].outcome, PairOutcome::InUse, "{what}");
        }
    }
}

#[test]
fn a_machine_that_moves_to_another_network_keeps_its_call() {
    for (p2p, relays) in [(false, 1), (true, 0), (true, 1)] {
        for side in 0..2 {
            for seed in 0..5 {
                let mut sim = established(&Setup { p2p, relays, seed, ..Setup::default() });
                let what = format!("direct {p2p}, {relays} relays, side {side}, seed {seed}");
                sim.move_to(side, 1);
                sim.run(SECOND * 6);
                assert_eq!(
                    sim.states(),
                    [State::Established; 2],
                    "{what}: {:#?}",
                    sim.sides[1 - side].call.report()
                );
                let heard = played(&mut sim);
                assert!(heard.iter().all(|count| (98..=101).contains(count)), "{what}: {heard:?}");
            }
        }
    }
}

#[test]
fn who_is_silent_and_reachable_does_not_reconnect() {
    let mut sim = established(&Setup::default());
    sim.mute(0, true);
    sim.mute(1, true);
    sim.run(Duration::from_secs(120));
    assert!(sim.sides.iter().all(|side| side.state_changes() == UP));
}
