//! Contact lost, found again, kept.

mod sim;

use std::time::Duration;

use offhook_netsim::LinkConfig;
use offhook_voip_proto::{Event, FailReason, Input, State};
use sim::{MS, SECOND, Setup, Sim};

fn established(setup: Setup) -> Sim {
    let mut sim = Sim::new(setup);
    assert!(sim.connect(SECOND * 2));
    sim.run(SECOND * 5);
    sim
}

const CUT: LinkConfig = LinkConfig {
    loss: 1.0,
    bursts: None,
    delay: Duration::ZERO,
    jitter: Duration::ZERO,
    duplicate: 0.0,
    rate: None,
};

#[test]
fn a_cut_wire_is_noticed_after_two_seconds_and_fatal_after_ten() {
    let mut sim = established(Setup::default());
    let before: Vec<usize> = sim.sides.iter().map(|side| side.events.len()).collect();
    sim.cut(0);
    let cut = sim.elapsed();
    sim.run(SECOND * 60);
    for (side, before) in sim.sides.iter().zip(before) {
        let after: Vec<_> = side.events[before..].iter().map(|(_, event)| *event).collect();
        let failed = [State::Reconnecting, State::Failed].map(Event::StateChanged);
        assert_eq!(after, [failed[0], failed[1], Event::Failed(FailReason::ReceiveTimeout)]);
        // The last packet before the cut was at most 60 ms old.
        for (event, after) in side.events[before..].iter().zip([2, 10]) {
            let since = event.0 - cut;
            assert!(since > SECOND * after - MS * 61 && since <= SECOND * after, "{event:?} {since:?}");
        }
    }
}

#[test]
fn contact_that_comes_back_is_taken_up_again() {
    let mut sim = established(Setup::default());
    sim.set_all_links(CUT);
    sim.run(SECOND * 5);
    assert_eq!(sim.states(), [State::Reconnecting; 2]);
    sim.set_all_links(LinkConfig::default());
    sim.run(MS * 300);
    assert_eq!(sim.states(), [State::Established; 2]);
    let played = sim.sides[0].heard.played.len();
    sim.run(SECOND * 6);
    assert!(sim.sides[0].heard.played.len() >= played + 99);
}

#[test]
fn two_muted_ends_stay_connected_for_an_hour() {
    let mut sim = Sim::new(Setup::default());
    assert!(sim.connect(SECOND));
    sim.mute(0, true);
    sim.mute(1, true);
    sim.run(SECOND * 3600);
    // The second end hears of the first by its INIT_ACK. After that nothing ever changes.
    assert_eq!(sim.sides[0].state_changes(), [State::WaitInit, State::WaitInitAck, State::Established]);
    assert_eq!(sim.sides[1].state_changes(), [State::WaitInit, State::Established]);
    for side in &sim.sides {
        assert!(side.events.iter().any(|(_, event)| *event == Event::PeerMuted(true)));
    }
    assert!(
        sim.longest_silence_on_wire().iter().all(|gap| *gap <= MS * 500),
        "{:?}",
        sim.longest_silence_on_wire()
    );
}

#[test]
fn a_muted_end_says_so_once_through_any_loss_and_says_when_it_speaks_again() {
    for seed in 0..20 {
        let link = LinkConfig { loss: 0.4, ..LinkConfig::default() };
        let mut sim = Sim::new(Setup { link, seed, ..Setup::default() });
        assert!(sim.connect(SECOND * 20));
        let muted = |sim: &Sim| -> Vec<Event> {
            let events = sim.sides[1].events.iter().map(|(_, event)| *event);
            events.filter(|event| matches!(event, Event::PeerMuted(_))).collect()
        };
        sim.mute(0, true);
        sim.run(SECOND * 5);
        assert_eq!(muted(&sim), [Event::PeerMuted(true)], "seed {seed}");
        let sent = sim.sides[0].call.stats().frames_sent;
        sim.run(SECOND * 5);
        assert_eq!(sim.sides[0].call.stats().frames_sent, sent);
        sim.mute(0, false);
        sim.run(SECOND * 5);
        assert_eq!(muted(&sim), [Event::PeerMuted(true), Event::PeerMuted(false)], "seed {seed}");
        assert!(sim.sides[0].call.stats().frames_sent >= sent + 80);
    }
}

#[test]
fn an_end_that_only_listens_acknowledges_at_least_every_fifth_of_a_second() {
    let mut sim = Sim::new(Setup::default());
    sim.sides[1].speaking = false;
    assert!(sim.connect(SECOND));
    sim.run(SECOND * 30);
    let stats = [sim.sides[0].call.stats(), sim.sides[1].call.stats()];
    assert_eq!(stats[0].send_loss, 0.0);
    assert!(stats[1].datagrams_sent >= 150 && stats[1].datagrams_sent < 170, "{}", stats[1].datagrams_sent);
}

#[test]
fn when_a_relay_dies_both_ends_move_to_the_other_within_two_seconds_and_the_call_goes_on() {
    for dead in 0..2 {
        let mut sim = established(Setup { relays: 2, ..Setup::default() });
        // Both start with the first relay of the list; the other case cuts the spare.
        sim.cut(dead);
        sim.run(SECOND * 2);
        let played = sim.sides[0].heard.played.len();
        sim.run(SECOND * 6);
        for side in &sim.sides {
            assert!(!side.state_changes().contains(&State::Failed));
            assert_eq!(side.call.state(), State::Established);
        }
        assert!(sim.sides[0].heard.played.len() >= played + 98, "relay {dead}");
    }
}

#[test]
fn one_direction_of_a_relay_that_dies_is_left_after_a_second_without_acknowledgements() {
    let mut sim = established(Setup { relays: 2, ..Setup::default() });
    sim.set_link(0, 0, CUT);
    sim.run(MS * 1500);
    let changed = |sim: &Sim, side: usize| {
        sim.sides[side].events.iter().any(|(_, event)| *event == Event::EndpointChanged { id: 2 })
    };
    assert!(changed(&sim, 0));
    assert!(!sim.sides[1].state_changes().contains(&State::Reconnecting));
    assert_eq!(sim.sides[0].call.stats().preferred_relay, 2);
}

#[test]
fn the_nearer_relay_is_preferred_once_it_is_known() {
    let far = LinkConfig { delay: MS * 100, ..LinkConfig::default() };
    let near = LinkConfig { delay: MS * 10, ..LinkConfig::default() };
    let mut sim = Sim::new(Setup { relays: 2, link: far, ..Setup::default() });
    (0..2).for_each(|side| sim.set_link(1, side, near));
    assert!(sim.connect(SECOND * 2));
    sim.run(SECOND * 15);
    for side in &sim.sides {
        let stats = side.call.stats();
        assert_eq!(stats.preferred_relay, 2);
        assert_eq!(stats.rtt, Some(MS * 20));
        assert_eq!(stats.relays_answering, 2);
    }
}

#[test]
fn the_relay_tells_the_public_address_once() {
    let sim = established(Setup { relays: 2, ..Setup::default() });
    let addresses: Vec<_> = sim.sides[0]
        .events
        .iter()
        .filter_map(
            |(_, event)| if let Event::PublicAddress(addr) = event { Some(addr.to_string()) } else { None },
        )
        .collect();
    // Once by each relay.
    assert_eq!(addresses, ["198.51.100.1:5000"; 2]);
}

#[test]
fn a_changed_network_is_announced_and_measured_again() {
    let mut sim = established(Setup::default());
    assert!(sim.sides[0].call.stats().rtt.is_some());
    sim.with(0, |call, now| call.handle(Input::NetworkChanged(now)));
    assert_eq!(sim.sides[0].call.stats().rtt, None);
    sim.run(SECOND);
    assert_eq!(sim.sides[0].call.stats().rtt, Some(Duration::ZERO));
    assert_eq!(sim.states(), [State::Established; 2]);
}
