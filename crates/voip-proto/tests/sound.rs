//! What one hears: order, completeness and delay under everything a network and a sender can do.

mod sim;

use std::time::Duration;

use offhook_netsim::{Bursts, LinkConfig};
use offhook_voip_proto::{CallConfig, Event};
use sim::{MS, SECOND, Setup, Sim};

fn talking(link: LinkConfig, seed: u64) -> Sim {
    let mut sim = Sim::new(Setup { link, seed, ..Setup::default() });
    assert!(sim.connect(SECOND * 10));
    sim
}

#[test]
fn a_clean_path_plays_every_frame_once_in_order_with_little_delay() {
    let mut sim = talking(LinkConfig::default(), 1);
    sim.run(SECOND * 60);
    for side in 0..2 {
        let (stats, heard) = (sim.sides[side].call.stats(), &sim.sides[side].heard);
        let expected: Vec<u32> = (0..heard.played.len() as u32).collect();
        assert_eq!(heard.played, expected);
        assert!(heard.played.len() >= 998);
        assert_eq!((stats.frames_lost, stats.frames_late, stats.frames_skipped, stats.resyncs), (0, 0, 0, 0));
        assert_eq!((heard.recovered.len(), heard.concealed), (0, Duration::ZERO));
        // From the end of a frame's recording to its first sample: at most one tick of the listener and the margin.
        assert!(heard.median_delay(100) <= MS * 30, "{:?}", heard.median_delay(100));
        assert!(sim.sides[side].events.iter().any(|(_, event)| *event == Event::FirstAudio));
    }
}

#[test]
fn every_lost_frame_is_recovered_once_the_sender_knows_of_the_loss() {
    let mut sim = talking(LinkConfig { loss: 0.05, delay: MS * 20, ..LinkConfig::default() }, 7);
    sim.run(SECOND * 5);
    let before = sim.sides[1].call.stats();
    sim.run(SECOND * 60);
    let after = sim.sides[1].call.stats();
    assert!(after.frames_recovered - before.frames_recovered >= 35);
    assert!(after.frames_concealed - before.frames_concealed <= 2, "{after:?}");
    assert!((after.receive_loss - 0.05).abs() < 0.06);
    assert!((sim.sides[0].call.stats().send_loss - 0.05).abs() < 0.06);
}

#[test]
fn a_lossy_path_is_known_within_two_seconds() {
    for seed in 0..20 {
        let mut sim = talking(LinkConfig { loss: 0.1, delay: MS * 20, ..LinkConfig::default() }, seed);
        sim.run(SECOND * 5 / 2);
        assert!(sim.sides.iter().any(|side| side.call.stats().copies > 0), "seed {seed}");
    }
}

#[test]
fn bursts_of_two_are_mostly_recovered() {
    // Three copies save the last three frames of a burst; one burst in eight is longer.
    let link = LinkConfig { bursts: Some(Bursts::of(0.08, 2.0)), delay: MS * 20, ..LinkConfig::default() };
    let mut sim = talking(link, 5);
    sim.run(SECOND * 5);
    let before = sim.sides[1].call.stats();
    sim.run(SECOND * 120);
    let after = sim.sides[1].call.stats();
    let lost = after.frames_lost - before.frames_lost;
    let recovered = after.frames_recovered - before.frames_recovered;
    assert!(lost > 100 && recovered * 100 >= lost * 80, "{recovered} of {lost}");
}

#[test]
fn in_band_redundancy_fills_a_gap_and_the_packet_it_came_in_is_played_too() {
    // The server forbids copies: only the encoder's own redundancy helps.
    let link = LinkConfig { loss: 0.05, delay: MS * 20, ..LinkConfig::default() };
    let configure = |config: &mut CallConfig| config.server.loss_for_copies = 1.0;
    let mut sim = Sim::new(Setup { link, configure, ..Setup::default() });
    sim.sides[0].redundant = true;
    assert!(sim.connect(SECOND * 5));
    sim.run(SECOND * 60);
    let (heard, stats) = (&sim.sides[1].heard, sim.sides[1].call.stats());
    assert!(heard.recovered.len() as u64 * 10 >= stats.frames_lost * 8, "{stats:?}");
    assert!(stats.frames_lost > 30);
    for number in &heard.recovered {
        assert!(heard.played.contains(&(number + 1)), "{number}");
    }
}

#[test]
fn reordering_within_the_depth_costs_nothing() {
    let link = LinkConfig { delay: MS * 20, jitter: MS * 150, ..LinkConfig::default() };
    let mut sim = talking(link, 3);
    sim.run(SECOND * 10);
    let before = sim.sides[1].call.stats();
    let first = sim.sides[1].heard.played.len();
    sim.run(SECOND * 60);
    let after = sim.sides[1].call.stats();
    let order = &sim.sides[1].heard.played[first..];
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
    let trouble =
        |stats: offhook_voip_proto::Stats| stats.frames_late + stats.frames_skipped + stats.frames_concealed;
    assert!(trouble(after) - trouble(before) <= 10, "{after:?}");
}

#[test]
fn a_step_in_delay_loses_no_frame_and_is_followed_down_again() {
    for step in [100, 200, 400] {
        let mut sim = talking(LinkConfig { delay: MS * 20, ..LinkConfig::default() }, 1);
        sim.run(SECOND * 10);
        sim.set_link(0, 0, LinkConfig { delay: MS * (20 + step), ..LinkConfig::default() });
        sim.run(SECOND * 20);
        let stats = sim.sides[1].call.stats();
        assert_eq!((stats.frames_lost, stats.frames_late), (0, 0), "{step}");
        let heard = &sim.sides[1].heard;
        assert!(heard.longest_gap <= MS * (step + 80), "{step}: {:?}", heard.longest_gap);
        // No more delay than the path itself has, once the old normal is forgotten.
        let settled = heard.median_delay(heard.delays.len() - 30);
        assert!(settled <= MS * (20 + step + 40), "{step}: {settled:?}");
        sim.set_link(0, 0, LinkConfig { delay: MS * 20, ..LinkConfig::default() });
        sim.run(SECOND * 20);
        let heard = &sim.sides[1].heard;
        let settled = heard.median_delay(heard.delays.len() - 30);
        assert!(settled <= MS * 60, "{step}: {settled:?}");
        assert_eq!(sim.sides[1].call.stats().frames_lost, 0, "{step}");
    }
}

#[test]
fn a_sender_that_pauses_is_not_late_and_nothing_is_lost() {
    for pause in [100, 300, 1000, 5000] {
        let mut sim = talking(LinkConfig { delay: MS * 20, ..LinkConfig::default() }, 1);
        sim.run(SECOND * 5);
        sim.sides[0].speaking = false;
        sim.run(MS * pause);
        sim.sides[0].speaking = true;
        sim.run(SECOND * 25);
        let stats = sim.sides[1].call.stats();
        assert_eq!((stats.frames_lost, stats.frames_late, stats.frames_skipped), (0, 0, 0), "{pause}");
        let heard = &sim.sides[1].heard;
        let settled = heard.median_delay(heard.delays.len() - 30);
        assert!(settled <= MS * 60, "{pause}: {settled:?}");
        assert!(heard.concealed <= MS * 200, "{pause}: {:?}", heard.concealed);
    }
}

#[test]
fn a_stall_delays_what_it_held_up_and_loses_none_of_it() {
    let mut sim = talking(LinkConfig { delay: MS * 20, ..LinkConfig::default() }, 1);
    sim.run(SECOND * 5);
    // For 300 ms everything takes as much longer as the stall still lasts: it all arrives at its end.
    for left in (1..=30).rev() {
        sim.set_link(0, 0, LinkConfig { delay: MS * (20 + 10 * left), ..LinkConfig::default() });
        sim.run(MS * 10);
    }
    sim.set_link(0, 0, LinkConfig { delay: MS * 20, ..LinkConfig::default() });
    sim.run(SECOND * 30);
    let stats = sim.sides[1].call.stats();
    assert_eq!((stats.frames_lost, stats.frames_late, stats.frames_skipped), (0, 0, 0), "{stats:?}");
    let heard = &sim.sides[1].heard;
    let settled = heard.median_delay(heard.delays.len() - 30);
    assert!(settled <= MS * 60, "{settled:?}");
}

#[test]
fn what_a_network_kept_while_it_was_gone_is_not_waited_for_afterwards() {
    let link = LinkConfig { delay: MS * 20, ..LinkConfig::default() };
    let mut sim = talking(link, 1);
    sim.run(SECOND * 12);
    sim.set_link(0, 0, LinkConfig { loss: 1.0, ..link });
    sim.run(SECOND * 5);
    // What is sent in the last 700 ms arrives at once when the network is back.
    for left in (1..=70).rev() {
        sim.set_link(0, 0, LinkConfig { delay: MS * (20 + 10 * left), ..link });
        sim.run(MS * 10);
    }
    sim.set_link(0, 0, link);
    sim.run(SECOND * 3);
    let heard = &sim.sides[1].heard;
    let settled = heard.median_delay(heard.delays.len() - 20);
    assert!(settled <= MS * 60, "{settled:?}");
}

#[test]
fn a_duplicated_packet_is_heard_once() {
    let mut sim =
        talking(LinkConfig { duplicate: 1.0, delay: MS * 5, jitter: MS * 10, ..LinkConfig::default() }, 1);
    sim.run(SECOND * 10);
    let stats = sim.sides[1].call.stats();
    assert!(stats.dropped_replayed > 160);
    let heard = &sim.sides[1].heard;
    assert!(heard.played.windows(2).all(|pair| pair[0] + 1 == pair[1]));
}

#[test]
fn frames_of_a_thousand_bytes_fit_and_get_no_copies() {
    let mut sim = talking(LinkConfig { loss: 0.1, ..LinkConfig::default() }, 1);
    sim.sides[0].frame_bytes = 1000;
    sim.run(SECOND * 10);
    assert!(sim.sides[0].call.stats().copies > 0);
    assert_eq!(sim.sides[0].call.stats().copies_sent, 0);
    assert!(sim.sides[1].heard.played.len() > 130);
    assert!(sim.sides[0].call.encoder_hints().max_bitrate < 34_000);
}

#[test]
fn a_clean_path_is_never_taken_for_a_lossy_one_whoever_starts_first() {
    for (delay, second_starts) in
        [(0, 0), (0, 1), (0, 5), (0, 19), (0, 21), (1, 3), (2, 0), (20, 0), (20, 100), (0, 1730)]
    {
        let link = LinkConfig { delay: MS * delay, ..LinkConfig::default() };
        let mut sim = Sim::new(Setup { link, second_starts: MS * second_starts, ..Setup::default() });
        assert!(sim.connect(SECOND * 10));
        sim.run(SECOND * 20);
        let copies = [0, 1].map(|side| sim.sides[side].call.stats().copies_sent);
        assert_eq!(copies, [0, 0], "delay {delay} ms, the second end starts {second_starts} ms later");
    }
}
