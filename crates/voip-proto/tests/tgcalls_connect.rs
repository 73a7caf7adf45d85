//! Modern calls come about: in every version and role, over relays and directly, whatever the signalling loses.

mod sim;
mod tgsim;

use std::time::Duration;

use offhook_netsim::LinkConfig;
use offhook_voip_proto::tgcalls::{PairOutcome, PathState, Stage, Version};
use offhook_voip_proto::{CallConfig, EndpointKind, Event, FailReason, IceServer, Input, State};

use sim::{MS, SECOND};
use tgsim::{Setup, Sim};

const VERSIONS: [Version; 4] = [Version::V8, Version::V9, Version::V12, Version::V13];

fn delay(delay: Duration) -> LinkConfig {
    LinkConfig { delay, ..LinkConfig::default() }
}

#[test]
fn two_ends_connect_through_a_relay_and_hear_each_other_in_every_version() {
    for version in VERSIONS {
        let mut sim = Sim::new(&Setup { version, ..Setup::default() });
        assert!(sim.connect(SECOND * 5), "{version}: {:?}", sim.sides[0].call);
        // One way of the signalling takes 40 ms, and so does one way of the media. Association and setup: two round trips,
        // or one without an association; then one for the addresses and two for the keys.
        let expected = if version >= Version::V12 { MS * 280 } else { MS * 200 };
        assert_eq!(sim.elapsed(), expected, "{version}");
        sim.run(SECOND * 10);
        for side in &sim.sides {
            let expected = [State::WaitInit, State::WaitInitAck, State::Established];
            assert_eq!(side.state_changes(), expected, "{version}");
            assert_eq!(side.events.iter().filter(|(_, event)| *event == Event::FirstAudio).count(), 1);
            let stats = side.call.stats();
            assert!((0..=2).contains(&(stats.frames_received - stats.frames_played)), "{version}: {stats:?}");
            assert!(side.heard.played.is_sorted() && side.heard.played.len() > 155, "{version}");
            assert!(side.heard.longest_gap < MS * 40, "{version}: {:?}", side.heard.longest_gap);
            assert_eq!(stats.rtt, Some(MS * 40), "{version}");
        }
    }
}

#[test]
fn the_report_tells_every_stage_and_which_pair_won() {
    let mut sim = Sim::new(&Setup { p2p: true, ..Setup::default() });
    assert!(sim.connect(SECOND * 5));
    sim.run(SECOND);
    for side in &sim.sides {
        let report = side.call.report();
        let stages: Vec<Stage> = report.stages.iter().map(|(stage, _)| *stage).collect();
        assert_eq!(stages.len(), 7, "{stages:?}");
        assert!(report.stages.is_sorted_by_key(|(_, at)| *at), "{:?}", report.stages);
        assert_eq!(report.failure, None);
        let outcomes: Vec<PairOutcome> = report.pairs.iter().map(|pair| pair.outcome).collect();
        assert_eq!(outcomes, [PairOutcome::InUse, PairOutcome::Spare], "{:?}", report.pairs);
        assert!(report.pairs[0].local.is_ipv4() && report.pairs[1].local.is_ipv6(), "the direct path wins");
        assert!(report.pairs.iter().all(|pair| pair.answered > 0 && pair.rtt.is_some()));
    }
}

#[test]
fn with_a_fifth_of_the_signalling_lost_and_the_rest_reordered_every_call_comes_up() {
    let signal =
        LinkConfig { loss: 0.2, delay: MS * 40, jitter: MS * 300, duplicate: 0.05, ..LinkConfig::default() };
    for version in VERSIONS {
        let mut took = Vec::new();
        for seed in 0..200 {
            let mut sim = Sim::new(&Setup { version, signal, seed, ..Setup::default() });
            let up = sim.connect(SECOND * 20);
            assert!(up, "version {version}, seed {seed}: {:#?}", sim.sides[0].call.report());
            took.push(sim.elapsed());
            // What is not acknowledged yet is repeated meanwhile.
            sim.sides.iter_mut().for_each(|side| side.speaking = false);
            sim.run(SECOND * 20);
            for (n, side) in sim.sides.iter().enumerate() {
                let signalling = side.call.report().signalling;
                // Setup, offer, answer and one address: nothing twice.
                let messages = (signalling.messages_sent, signalling.messages_received);
                assert_eq!(messages, (4, 4), "version {version}, seed {seed}, side {n}");
                assert_eq!(side.call.state(), State::Established, "version {version}, seed {seed}, side {n}");
            }
        }
        took.sort();
        println!("{version}: median {:?}, 95 % {:?}, all {:?}", took[100], took[190], took[199]);
    }
}

#[test]
fn a_callee_that_starts_late_is_not_missed() {
    for version in VERSIONS {
        for seconds in [1, 5, 12] {
            let second_starts = SECOND * seconds;
            let mut sim = Sim::new(&Setup { version, second_starts, ..Setup::default() });
            assert!(sim.connect(SECOND * 20), "{version}, {seconds} s");
            let limit = second_starts + SECOND * 5 + MS * 500;
            assert!(sim.elapsed() < limit, "{version}, {seconds} s: {:?}", sim.elapsed());
        }
    }
}

#[test]
fn media_loss_delays_the_keys_and_does_not_prevent_them() {
    for seed in 0..40 {
        let media = LinkConfig { loss: 0.2, ..delay(MS * 20) };
        let mut sim = Sim::new(&Setup { media, seed, ..Setup::default() });
        assert!(sim.connect(SECOND * 20), "seed {seed}: {:#?}", sim.sides[0].call.report());
    }
}

#[test]
fn several_relays_are_tried_at_once() {
    let mut sim = Sim::new(&Setup { version: Version::V9, relays: 4, ..Setup::default() });
    assert!(sim.connect(SECOND * 5));
    assert_eq!(sim.elapsed(), MS * 200, "as fast as with one");
}

#[test]
fn a_relay_over_tcp_is_left_alone_while_one_over_udp_leads() {
    let configure = |config: &mut CallConfig, _| {
        let mut spare = config.endpoints[0];
        (spare.id, spare.kind) = (spare.id + 1, EndpointKind::TcpRelay);
        config.endpoints.push(spare);
    };
    let mut sim = Sim::new(&Setup { configure, ..Setup::default() });
    assert!(sim.connect(SECOND * 5));
    sim.run(SECOND * 30);
    for side in &sim.sides {
        let states: Vec<PathState> = side.call.report().paths.iter().map(|path| path.state).collect();
        assert_eq!(states, [PathState::Ready, PathState::Spare]);
    }
}

#[test]
fn a_short_path_wakes_nobody_more_often() {
    let steps_a_second = |path| {
        let mut sim = Sim::new(&Setup { media: delay(path), ..Setup::default() });
        assert!(sim.connect(SECOND * 5));
        sim.run(SECOND * 5);
        let before = sim.steps;
        sim.run(SECOND * 10);
        (sim.steps - before) / 10
    };
    let (long, short) = (steps_a_second(MS * 20), steps_a_second(MS / 10));
    println!("{long} {short}");
    assert!(short < long + long / 4, "{short} steps a second on a short path, {long} on a long one");
}

#[test]
fn without_permission_no_address_of_this_machine_leaves_it() {
    let mut sim = Sim::new(&Setup { version: Version::V9, ..Setup::default() });
    sim.record = true;
    assert!(sim.connect(SECOND * 5));
    sim.run(SECOND * 5);
    for (side, to, bytes) in &sim.sent {
        assert_eq!(*to, tgsim::relay_addr(0), "only relays are spoken to");
        let std::net::IpAddr::V4(own) = sim.sides[*side].host else { panic!("IPv4") };
        let found = bytes.windows(4).any(|window| window == own.octets());
        assert!(!found, "side {side} names its address in {bytes:02x?}");
    }
}

#[test]
fn what_cannot_come_about_fails_at_once_and_by_name() {
    let failure = |configure| {
        let mut sim = Sim::new(&Setup { configure, relays: 0, ..Setup::default() });
        sim.run(MS);
        assert_eq!(sim.sides[0].state_changes(), [State::WaitInit, State::Failed]);
        let Some((_, Event::Failed(reason))) = sim.sides[0].events.last() else { panic!("a reason") };
        assert_eq!(sim.sides[0].call.report().failure, Some(*reason));
        *reason
    };
    assert_eq!(failure(|_, _| {}), FailReason::NoPath);
    assert_eq!(
        failure(|config, _| {
            let addr = "192.0.2.9:3478".parse().unwrap();
            config.servers = vec![IceServer { addr, stun: true, turn: None }];
        }),
        FailReason::NoPath,
        "a server that only answers questions relays nothing"
    );
    assert_eq!(
        failure(|config, _| {
            config.p2p_allowed = true;
            config.custom_parameters = Some(r#"{"network_use_mtproto":true}"#.into());
        }),
        FailReason::CustomParameter
    );
    assert_eq!(
        failure(|config, _| {
            config.p2p_allowed = true;
            config.custom_parameters = Some(r#"{"x":[],"network_signaling_nosctp":1}"#.into());
        }),
        FailReason::CustomParameter
    );
    assert_eq!(FailReason::CustomParameter.to_string(), "unsupported custom parameter");
}

#[test]
fn other_custom_parameters_are_ignored() {
    let configure = |config: &mut CallConfig, side: usize| {
        let texts = [r#"{"network_use_mtproto":false,"network_skip_initial_ping":true}"#, "no JSON at all"];
        config.custom_parameters = Some(texts[side].into());
    };
    let mut sim = Sim::new(&Setup { configure, ..Setup::default() });
    assert!(sim.connect(SECOND * 5));
}

#[test]
fn a_peer_that_never_answers_is_given_up_after_twenty_seconds() {
    let second_starts = SECOND * 3600;
    let mut sim = Sim::new(&Setup { second_starts, ..Setup::default() });
    sim.run(SECOND * 19);
    assert_eq!(sim.sides[0].call.state(), State::WaitInit);
    sim.run(SECOND * 2);
    let end = &sim.sides[0].events[1..];
    let expected = [
        (SECOND * 20, Event::StateChanged(State::Failed)),
        (SECOND * 20, Event::Failed(FailReason::ConnectTimeout)),
    ];
    assert_eq!(end, expected);
}

#[test]
fn a_shorter_connect_time_out_of_the_server_counts() {
    let configure = |config: &mut CallConfig, _| config.connect_timeout = SECOND * 7;
    let mut sim = Sim::new(&Setup { configure, second_starts: SECOND * 3600, ..Setup::default() });
    sim.run(SECOND * 8);
    assert_eq!(sim.sides[0].events[1], (SECOND * 7, Event::StateChanged(State::Failed)));
}

#[test]
fn an_aborted_signalling_ends_a_call_that_is_not_up_by_name() {
    let mut sim = Sim::new(&Setup { second_starts: SECOND * 3600, ..Setup::default() });
    sim.run(MS * 100);
    // SCTP, ports 5000, the tag of our INIT reflected; ABORT with the T bit (RFC 9260, 8.4) needs the peer's tag, so ours.
    let init = sim.sides[0].signals[0].clone();
    let mut abort = vec![0x13, 0x88, 0x13, 0x88];
    abort.extend_from_slice(&init[16..20]);
    abort.extend_from_slice(&[0, 0, 0, 0, 6, 0, 0, 4]);
    let crc = offhook_voip_proto::tgcalls::sctp::crc32c(&abort);
    abort[8..12].copy_from_slice(&crc.to_le_bytes());
    sim.inject_signal(0, &abort);
    assert_eq!(sim.sides[0].call.state(), State::Failed);
    assert_eq!(sim.sides[0].events.last().unwrap().1, Event::Failed(FailReason::SignallingEnded));
}

#[test]
fn a_closed_call_says_so_on_its_path_and_nothing_more() {
    let mut sim = Sim::new(&Setup::default());
    assert!(sim.connect(SECOND * 5));
    sim.run(SECOND);
    sim.with(0, |call, at| call.close(at));
    assert_eq!(sim.states(), [State::Closed, State::Established]);
    sim.record = true;
    sim.run(SECOND);
    assert_eq!(sim.states(), [State::Closed, State::Established], "the server says how the call ended");
    assert!(sim.sent.iter().all(|(side, ..)| *side == 1), "nothing leaves a closed call");
    sim.with(0, |call, at| {
        call.close(at);
        call.handle(Input::NetworkChanged(at));
        assert!(call.push_frame(at, &sim::frame(0, false, 100)).is_err());
    });
    sim.run(SECOND * 30);
    let side = &sim.sides[1];
    assert_eq!(side.call.state(), State::Failed);
    assert_eq!(side.events.last().unwrap().1, Event::Failed(FailReason::PeerLeft));
}
