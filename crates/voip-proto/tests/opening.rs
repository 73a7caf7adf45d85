//! How a call comes up.

mod sim;

use std::time::Duration;

use offhook_netsim::LinkConfig;
use offhook_voip_proto::{Call, ConfigError, Event, FailReason, PushError, State};
use sim::{MS, SECOND, Setup, Sim, config};

fn up(sim: &Sim, side: usize) -> Duration {
    sim.sides[side].call.stats().setup.expect("the call is up")
}

#[test]
fn both_ends_are_established_as_soon_as_inits_and_acks_have_crossed() {
    let link = LinkConfig { delay: MS * 40, ..LinkConfig::default() };
    let mut sim = Sim::new(Setup { link, ..Setup::default() });
    assert!(sim.connect(SECOND));
    // The relay hears both at 40 ms. It does not know the second end yet when the first one's INIT comes: that one is
    // lost, and sent again in answer to the other's. One round trip for the second end, one and a half for the first.
    assert_eq!([up(&sim, 0), up(&sim, 1)], [MS * 120, MS * 80]);
    assert_eq!(sim.sides[0].state_changes(), [State::WaitInit, State::WaitInitAck, State::Established]);
    // Its own INIT is acknowledged before it has seen one.
    assert_eq!(sim.sides[1].state_changes(), [State::WaitInit, State::Established]);
}

#[test]
fn ends_that_start_at_once_on_a_short_path_do_not_wait_for_the_next_round() {
    let link = LinkConfig { delay: MS * 2, ..LinkConfig::default() };
    let mut sim = Sim::new(Setup { link, ..Setup::default() });
    assert!(sim.connect(SECOND));
    // The first end's INIT is lost as above. The second end needs no other: it is up with the INIT_ACK to its own, and
    // sends one back unasked, with which the first is up.
    assert_eq!([up(&sim, 0), up(&sim, 1)], [MS * 6, MS * 4]);
}

#[test]
fn an_end_that_starts_later_is_met_within_half_a_second() {
    let mut sim = Sim::new(Setup { second_starts: MS * 1730, ..Setup::default() });
    assert!(sim.connect(SECOND * 5));
    // Its own INIT is answered at once; the first end's INIT comes at the next half second, at 2.0 s.
    assert!(up(&sim, 1) <= MS * 500, "{:?}", up(&sim, 1));
    assert!(up(&sim, 0) <= MS * 2010, "{:?}", up(&sim, 0));
}

#[test]
fn two_hundred_calls_come_up_through_thirty_per_cent_loss() {
    let mut worst = Duration::ZERO;
    let mut sum = Duration::ZERO;
    for seed in 0..200 {
        let link = LinkConfig { loss: 0.3, delay: MS * 20, jitter: MS * 30, ..LinkConfig::default() };
        let mut sim = Sim::new(Setup { link, seed, ..Setup::default() });
        assert!(sim.connect(SECOND * 20), "seed {seed}: {:?}", sim.states());
        let last = up(&sim, 0).max(up(&sim, 1));
        worst = worst.max(last);
        sum += last;
    }
    assert!(worst < SECOND * 5, "the slowest took {worst:?}");
    assert!(sum / 200 < MS * 900, "the mean was {:?}", sum / 200);
}

#[test]
fn every_layer_that_both_ends_share_comes_up_and_carries_sound() {
    for layer in [65, 73, 74, 91, 92] {
        let mut sim = Sim::new(Setup { layers: [layer; 2], ..Setup::default() });
        assert!(sim.connect(SECOND * 3), "layer {layer}");
        sim.run(SECOND * 5);
        for side in 0..2 {
            let stats = sim.sides[side].call.stats();
            assert!(stats.frames_played > 70, "layer {layer}: {stats:?}");
            assert_eq!(stats.peer_version, Some(9));
        }
    }
}

#[test]
fn ends_with_different_keys_never_meet_and_time_out_by_name() {
    let mut sim = Sim::new(Setup { keys: [[1; 256], [2; 256]], ..Setup::default() });
    sim.run(SECOND * 31);
    for side in &sim.sides {
        assert_eq!(side.state_changes(), [State::WaitInit, State::Failed]);
        assert_eq!(side.events.last().map(|(_, e)| *e), Some(Event::Failed(FailReason::ConnectTimeout)));
        let at = side.events.last().map(|(at, _)| *at);
        assert_eq!(at, Some(SECOND * 30));
        // INIT every half second from 0 to 29.5 s, and all of the other side's were forged to this one. At one instant
        // the other side's INIT may arrive before this side's relay knows it.
        assert!((59..=60).contains(&side.call.stats().dropped_forged), "{:?}", side.call.stats());
    }
}

#[test]
fn a_frame_is_refused_with_a_reason_until_the_call_is_up_and_when_it_is_wrong() {
    let mut sim = Sim::new(Setup::default());
    let now = sim.now;
    let good = sim::frame(0, false, 100);
    let call = &mut Call::new(config(&Setup::default(), 0), now).unwrap();
    assert_eq!(call.push_frame(now, &good), Err(PushError::NotReady));
    assert!(!call.wants_frames());
    assert!(sim.connect(SECOND));
    let now = sim.now;
    let call = &mut sim.sides[0].call;
    assert_eq!(call.push_frame(now, &[]), Err(PushError::Duration));
    assert_eq!(call.push_frame(now, &[9 << 3, 0]), Err(PushError::Duration));
    assert_eq!(
        call.push_frame(now, &vec![11 << 3; 1001]),
        Err(PushError::TooLong { got: 1001, limit: 1000 })
    );
    for _ in 0..4 {
        assert_eq!(call.push_frame(now, &good), Ok(()));
    }
    assert_eq!(call.push_frame(now, &good), Err(PushError::Full));
    assert_eq!(call.stats().frames_refused, 4);
}

#[test]
fn a_configuration_without_a_way_is_refused() {
    let now = Sim::new(Setup::default()).now;
    let good = config(&Setup { relays: 2, ..Setup::default() }, 0);
    let error = |change: &dyn Fn(&mut offhook_voip_proto::CallConfig)| {
        let mut config = good.clone();
        change(&mut config);
        Call::new(config, now).unwrap_err()
    };
    assert_eq!(error(&|c| c.endpoints.clear()), ConfigError::NoEndpoint);
    assert_eq!(error(&|c| c.endpoints[1] = c.endpoints[0]), ConfigError::SameAddress);
    assert_eq!(error(&|c| c.max_layer = 64), ConfigError::Layer { got: 64, need: 65 });
    let many = |c: &mut offhook_voip_proto::CallConfig| c.endpoints = vec![c.endpoints[0]; 17];
    assert_eq!(error(&many), ConfigError::TooManyEndpoints { got: 17, limit: 16 });
}

#[test]
fn a_closed_call_is_silent_for_ever() {
    let mut sim = Sim::new(Setup::default());
    assert!(sim.connect(SECOND));
    sim.with(0, |call, now| call.close(now));
    sim.with(0, |call, now| call.close(now));
    sim.run(SECOND);
    let sent = sim.sides[0].call.stats().datagrams_sent;
    sim.run(SECOND * 5);
    assert_eq!(sim.sides[0].call.stats().datagrams_sent, sent);
    assert_eq!(sim.sides[0].state_changes().last(), Some(&State::Closed));
    assert_eq!(sim.sides[0].state_changes().len(), 4);
}

#[test]
fn the_same_seeds_give_the_same_call_to_the_byte() {
    let run = |seed| {
        let link = LinkConfig { loss: 0.1, jitter: MS * 80, duplicate: 0.05, ..LinkConfig::default() };
        let mut sim = Sim::new(Setup { link, seed, relays: 2, ..Setup::default() });
        sim.sides.iter_mut().for_each(|side| side.keep_datagrams = true);
        sim.run(SECOND * 10);
        sim.sides.map(|side| (side.datagrams, side.heard, side.events))
    };
    assert!(run(3) == run(3));
    assert!(run(3) != run(4));
}
