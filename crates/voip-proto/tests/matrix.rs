//! How the sound comes through, loss by jitter, as a table one can read and compare.
//!
//! 60 seconds of speech over 20 ms of delay. Columns: per cent of the frames sent that were played as themselves, from
//! redundancy, and concealed; median delay from handing a frame over to hearing its first sample (20 ms of it on the
//! wire, up to 20 ms until the next tick of the listener) and the longest run of invented sound. Run with
//! `UPDATE_SNAPSHOT=1` to accept a change.

mod sim;

use offhook_netsim::LinkConfig;
use sim::{MS, SECOND, Setup, Sim};

fn row(loss: u32, jitter: u32) -> String {
    let chance = f64::from(loss) / 100.0;
    let link = LinkConfig { loss: chance, jitter: MS * jitter, delay: MS * 20, ..LinkConfig::default() };
    let mut sim = Sim::new(Setup { link, seed: 1, ..Setup::default() });
    assert!(sim.connect(SECOND * 10));
    sim.run(SECOND * 60);
    let stats = sim.sides[1].call.stats();
    let sent = sim.sides[0].call.stats().frames_sent as f64;
    let heard = &sim.sides[1].heard;
    let percent = |n: u64| 100.0 * n as f64 / sent;
    format!(
        "{loss:>5} % {jitter:>5} ms {:>8.1} % {:>8.1} % {:>8.1} % {:>8} ms {:>8} ms\n",
        percent(stats.frames_played),
        percent(stats.frames_recovered),
        percent(stats.frames_concealed),
        heard.median_delay(heard.delays.len() / 2).as_millis(),
        heard.longest_gap.as_millis(),
    )
}

#[test]
fn sound_comes_through_loss_and_jitter_as_the_table_says() {
    let mut table =
        String::from("   loss   jitter     played  recovered  concealed      delay longest gap\n");
    for loss in [0, 1, 2, 5, 10, 20, 30] {
        for jitter in [0, 20, 50, 100, 200] {
            table += &row(loss, jitter);
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/matrix.txt");
    if std::env::var_os("UPDATE_SNAPSHOT").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert!(table == expected, "was:\n{expected}\nis now:\n{table}");
}
