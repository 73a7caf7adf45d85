//! What the message layer costs: making a key, carrying calls and answers, handling updates, beside grammers' message
//! layer on the same payloads in the same run.
//!
//! Method: a client's end of a session lives on through the whole run of one row, as in a long connection; each row is
//! measured in rounds, ours and theirs in turn, and the median of the rounds is told. Payloads do not shrink, so that
//! compression has no part in it on either side. The far end is the same for both and is not timed. Ratios travel between
//! machines, absolute numbers do not. grammers' exchange of keys cannot be run: it knows the keys of Telegram's own servers
//! only.
//!
//! `cargo bench --bench messages [-- WORD]`; only rows whose name holds the word are measured.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on says why and stops"
)]

mod client;
mod exchange;
mod far;
mod layers;

use std::time::Duration;

use far::Far;
use layers::{Grammers, Ours};

/// Rounds of each row; their median counts.
const ROUNDS: usize = 31;
/// Bytes of a call's or an answer's body.
const SIZES: [usize; 3] = [64, 1024, 16 << 10];
/// Messages in one container.
const TOGETHER: usize = 50;

fn main() {
    let word = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let wanted = |name: &str| word.as_ref().is_none_or(|word| name.contains(word.as_str()));
    exchange::report(&wanted);
    println!("{:44} {:>10} {:>10}  grammers/ours", "message layer, ns each", "ours", "grammers");
    for size in SIZES {
        row(&wanted, &format!("encrypt one packet, {size} B"), |far| {
            (layers::encrypt_ours(far, size), layers::encrypt_theirs(far, size))
        });
        row(&wanted, &format!("decrypt and check one packet, {size} B"), |far| {
            (layers::decrypt_ours(far, size), layers::decrypt_theirs(far, size))
        });
    }
    for size in SIZES {
        calls(&wanted, 1, size);
    }
    calls(&wanted, TOGETHER, 64);
    row(&wanted, "update taken, 256 B", |far| {
        (layers::updates(&mut Ours::new(far), far, 256), layers::updates(&mut Grammers::new(far), far, 256))
    });
    client::report(&wanted);
}

/// One row: what is measured, in nanoseconds per message, ours and theirs.
fn row(wanted: &dyn Fn(&str) -> bool, name: &str, mut measure: impl FnMut(&Far) -> (f64, f64)) {
    if !wanted(name) {
        return;
    }
    let far = Far::new();
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| measure(&far)).collect();
    let ours = median(rounds.iter().map(|(ours, _)| *ours));
    let theirs = median(rounds.iter().map(|(_, theirs)| *theirs));
    println!("{name:44} {ours:10.0} {theirs:10.0}  {:.2}", theirs / ours);
}

/// Calls out and answers in, `together` to a packet. Every call but the first goes with the acknowledgement of the answer
/// before it.
fn calls(wanted: &dyn Fn(&str) -> bool, together: usize, size: usize) {
    let kind = if together == 1 { String::new() } else { format!(", {together} to a container") };
    let names =
        [format!("call and acknowledgement out, {size} B{kind}"), format!("answer in, {size} B{kind}")];
    if !names.iter().any(|name| wanted(name)) {
        return;
    }
    let far = Far::new();
    let (mut ours, mut theirs) = (Ours::new(&far), Grammers::new(&far));
    let rounds: Vec<[[f64; 2]; 2]> = (0..ROUNDS)
        .map(|_| {
            [layers::calls(&mut ours, &far, together, size), layers::calls(&mut theirs, &far, together, size)]
        })
        .collect();
    for (way, name) in names.iter().enumerate() {
        let ours = median(rounds.iter().map(|round| round[0][way]));
        let theirs = median(rounds.iter().map(|round| round[1][way]));
        println!("{name:44} {ours:10.0} {theirs:10.0}  {:.2}", theirs / ours);
    }
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Nanoseconds each, when `count` took this long.
fn each(time: Duration, count: usize) -> f64 {
    time.as_nanos() as f64 / count as f64
}
