//! How the sound comes through, loss by jitter, as a table one can read.

mod sim;

use offhook_netsim::LinkConfig;
use sim::{MS, SECOND, Setup, Sim};

/// 60 seconds of speech in one direction. Percentages of the frames sent.
fn row(loss: f64, jitter: u32, seed: u64) -> String {
    let link = LinkConfig { loss, jitter: MS * jitter, delay: MS * 20, ..LinkConfig::default() };
    let mut sim = Sim::new(Setup { link, seed, ..Setup::default() });
    assert!(sim.connect(SECOND * 10), "seed {seed}");
    sim.run(SECOND * 60);
    let stats = sim.sides[1].call.stats();
    let sent = sim.sides[0].call.stats().frames_sent as f64;
    let heard = &sim.sides[1].heard;
    let percent = |n: u64| 100.0 * n as f64 / sent;
    format!(
        "{:>3} % {:>4} ms | {:>6.1} {:>6.1} {:>6.1} {:>6.1} | {:>5} ms {:>5} ms | copies {} late {} skipped {} +{} -{}",
        loss * 100.0,
        jitter,
        percent(stats.frames_played),
        percent(stats.frames_recovered),
        percent(stats.frames_concealed),
        heard.concealed.as_secs_f64() / 0.6,
        heard.median_delay(heard.delays.len() / 2).as_millis(),
        heard.longest_gap.as_millis(),
        sim.sides[0].call.stats().copies,
        stats.frames_late,
        stats.frames_skipped,
        stats.lengthened,
        stats.shortened,
    )
}

#[test]
fn print() {
    for loss in [0.0, 0.01, 0.05, 0.1, 0.2] {
        for jitter in [0, 20, 50, 150] {
            println!("{}", row(loss, jitter, 1));
        }
    }
}
