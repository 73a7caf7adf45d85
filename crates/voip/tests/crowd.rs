//! Many calls at once, and many calls one after the other.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::Mutex;
use std::time::Duration;

use common::{Pair, Relay, dense, descriptors, engine, threads, until, until_established, wait_for};
use offhook_media::Tone;
use offhook_voip::{CallState, Event, HangupReason, Outcome};

/// What is counted here belongs to the whole process: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_hundred_calls_with_both_ends_take_no_more_threads_and_sockets_than_one() {
    let _alone = ALONE.lock().unwrap();
    let (relay, engine) = (Relay::start(), engine(2));
    let before = (threads(), descriptors());
    let pairs: Vec<Pair> = (0..100).map(|call| Pair::start(&engine, &relay, call, dense())).collect();
    for pair in &pairs {
        pair.caller.play(Tone::new(440.0, 0.3).lasting(Duration::from_millis(500))).unwrap();
    }
    for pair in &pairs {
        until_established(&mut pair.caller.events());
        until_established(&mut pair.callee.events());
    }
    assert_eq!((threads(), descriptors()), before);
    assert_eq!(engine.stats().calls, 200);
    let shards = engine.stats().shards;
    assert_eq!((shards[0].calls, shards[1].calls), (100, 100));
    for pair in &pairs {
        until(&mut pair.caller.events(), "PlaylistEmpty", |e| matches!(e, Event::PlaylistEmpty));
        until(&mut pair.callee.events(), "FirstAudio", |e| matches!(e, Event::FirstAudio));
        assert_eq!(pair.callee.state(), CallState::Established);
    }
    for pair in &pairs {
        pair.caller.hangup(HangupReason::Local);
        pair.callee.hangup(HangupReason::Peer);
    }
    for pair in &pairs {
        assert_eq!(pair.caller.wait_ended().outcome, Outcome::Completed(HangupReason::Local));
        assert_eq!(pair.callee.wait_ended().outcome, Outcome::Completed(HangupReason::Peer));
    }
    let stats = engine.stats();
    assert_eq!((stats.calls, stats.started, stats.ended.completed), (0, 200, 200));
    assert_eq!((threads(), descriptors()), before);
    assert!(stats.lateness.frames > 200 * 20, "{:?}", stats.lateness);
}

#[test]
fn short_calls_leave_no_thread_no_file_and_no_memory_behind() {
    let _alone = ALONE.lock().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (relay, engine) = (Relay::start(), engine(2));
    let batch = |round: u32| {
        let pairs: Vec<Pair> = (0..25)
            .map(|n| {
                let pair = Pair::start(&engine, &relay, round * 100 + n, dense().hang_up_when_done(true));
                pair.caller.play(Tone::new(440.0, 0.3).lasting(Duration::from_millis(60))).unwrap();
                pair.callee.set_output_file(folder.path().join(format!("{n}.wav"))).unwrap();
                pair
            })
            .collect();
        for pair in &pairs {
            assert_eq!(pair.caller.wait_ended().outcome, Outcome::Completed(HangupReason::Done));
            pair.callee.hangup(HangupReason::Peer);
        }
        for pair in &pairs {
            pair.callee.wait_ended();
        }
    };
    (0..2).for_each(batch);
    let before = (threads(), descriptors(), resident_kib());
    (2..8).for_each(batch);
    // The writer thread gives files back a moment after their report.
    wait_for("files are closed", || descriptors() <= before.1);
    assert_eq!(threads(), before.0);
    let grown = resident_kib().saturating_sub(before.2);
    assert!(grown < 4_096, "{grown} KiB more after 300 calls more");
    assert_eq!(engine.stats().calls, 0);
    assert_eq!(engine.stats().ended.completed, 400);
}
