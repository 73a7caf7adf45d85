//! What one hears of a modern call through loss and jitter: order, and an account of every frame.

mod sim;
mod tgsim;

use offhook_netsim::LinkConfig;
use offhook_voip_proto::State;
use offhook_voip_proto::tgcalls::Version;

use sim::{MS, SECOND};
use tgsim::{Setup, Sim};

/// A call at 10 % loss and U[0,50] ms that spoke for a minute, and then was silent until all that was under way is played.
fn talked(seed: u64, redundant: bool) -> Sim {
    let media = LinkConfig { delay: MS * 20, ..LinkConfig::default() };
    let mut sim = Sim::new(&Setup { version: Version::V9, media, seed, ..Setup::default() });
    sim.sides.iter_mut().for_each(|side| side.redundant = redundant);
    assert!(sim.connect(SECOND * 5), "seed {seed}");
    sim.set_media(LinkConfig { loss: 0.1, delay: MS * 20, jitter: MS * 50, ..LinkConfig::default() });
    sim.run(SECOND * 60);
    sim.sides.iter_mut().for_each(|side| side.speaking = false);
    sim.run(SECOND * 2);
    sim
}

#[test]
fn at_ten_percent_loss_and_jitter_frames_keep_their_order_and_every_one_is_accounted_for() {
    for seed in 0..10 {
        let sim = talked(seed, false);
        for side in 0..2 {
            let (heard, stats) = (&sim.sides[side].heard, sim.sides[side].call.stats());
            let spoken = sim.sides[1 - side].spoken.len() as u64;
            let what = format!("seed {seed}, side {side}, spoken {spoken}: {stats:#?}");
            assert_eq!(sim.sides[side].call.state(), State::Established, "{what}");
            assert!(heard.played.is_sorted() && heard.recovered.is_sorted(), "{what}");
            let mut all = [&heard.played[..], &heard.recovered].concat();
            all.sort_unstable();
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "nothing is played twice: {what}");
            assert_eq!(heard.played.len() as u64, stats.frames_played, "{what}");
            assert_eq!(heard.recovered.len() as u64, stats.frames_recovered, "{what}");
            assert_eq!(stats.frames_duplicate, 0, "{what}");
            // Every frame came as itself or did not; what did not was played from a copy, or concealed.
            assert_eq!(stats.frames_lost, stats.frames_recovered + stats.frames_concealed, "{what}");
            assert_eq!(
                stats.frames_received,
                stats.frames_played + stats.frames_late + stats.frames_skipped,
                "{what}"
            );
        }
    }
}

#[test]
fn copies_of_earlier_frames_recover_nearly_all_that_is_lost() {
    let (mut lost, mut recovered) = (0, 0);
    for seed in 0..10 {
        let sim = talked(seed, false);
        for side in &sim.sides {
            let stats = side.call.stats();
            (lost, recovered) = (lost + stats.frames_lost, recovered + stats.frames_recovered);
            assert!(stats.copies_sent > 500, "seed {seed}: {stats:?}");
        }
    }
    println!("{recovered} of {lost} recovered");
    assert!(lost > 1500 && recovered * 100 >= lost * 90, "{recovered} of {lost}");
}
