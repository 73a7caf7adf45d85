//! What `offhook leg` and `offhook reflector` make of bad keys, bad datagrams, bad files and bad arguments.
//!
//! The real binary on one or both ends, a relay in this process between them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use common::legs::{Meddler, Run, Stage, is_sealed, key, offhook, shown, words};
use common::sound::{bytes, likeness, samples_of, voice};
use serde_json::Value;

/// How many datagrams of each kind are slipped in.
const SLIPPED: u64 = 20;
/// Both legs stay this long: enough for the call to come up on a busy machine, and for what it is to show.
const TALK: &str = "--profile dense --seconds 4";

fn count(report: &Value, path: &str) -> u64 {
    report.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("no number {path} in {report}"))
}

fn seconds(report: &Value, name: &str) -> f64 {
    report[name].as_f64().unwrap_or_else(|| panic!("no number {name} in {report}"))
}

/// Both legs were up and ended as they should.
fn completed(runs: [&Run; 2]) -> [Value; 2] {
    runs.map(|run| {
        let report = run.json();
        assert_eq!((run.code, report["outcome"].as_str()), (Some(0), Some("completed")), "{run:?}");
        report
    })
}

#[tokio::test]
async fn two_sides_with_different_keys_end_as_a_key_mismatch() {
    let stage = Stage::new();
    let relay = stage.relay.addr();
    let (own, other) = (key(), key().replace("0a", "0b"));
    assert_ne!(own, other);
    let (caller, callee) = tokio::join!(
        stage.leg_with(&own, relay, true, "--connect-timeout 3"),
        stage.leg_with(&other, relay, false, "--connect-timeout 3")
    );
    for run in [caller, callee] {
        let report = run.json();
        assert_eq!((run.code, report["outcome"].as_str()), (Some(16), Some("key-mismatch")), "{run:?}");
        assert!(count(&report, "/datagrams/forged") > 0, "{report}");
        assert_eq!((count(&report, "/frames/received"), &report["established_s"]), (0, &Value::Null));
    }
}

#[tokio::test]
async fn a_side_that_nobody_joins_gives_up_at_its_connect_time_out() {
    let stage = Stage::new();
    let begun = Instant::now();
    let run = stage.leg(true, "--connect-timeout 0.8").await;
    assert_eq!((run.code, run.json()["outcome"].as_str()), (Some(15), Some("connect-failed")), "{run:?}");
    assert!(begun.elapsed() >= Duration::from_millis(800));
    assert_eq!(run.json()["established_s"], Value::Null);
}

#[tokio::test]
async fn datagrams_with_the_tag_of_another_call_are_counted_and_the_call_goes_on() {
    let stage = Stage::new();
    let mut left = SLIPPED;
    let foreign = move |datagram: &[u8]| {
        let mut out = vec![datagram.to_vec()];
        if is_sealed(datagram) && left > 0 {
            left -= 1;
            let mut other = datagram.to_vec();
            other[..16].fill(0x77);
            out.insert(0, other);
        }
        out
    };
    let meddler = Meddler::start(stage.relay.addr(), Box::new(foreign)).await;
    let (caller, callee) = tokio::join!(stage.leg(true, TALK), stage.leg_at(meddler.addr, false, TALK));
    let [_, heard] = completed([&caller, &callee]);
    assert_eq!(count(&heard, "/datagrams/unknown"), SLIPPED);
    for kind in ["forged", "short", "replayed", "malformed"] {
        assert_eq!(count(&heard, &format!("/datagrams/{kind}")), 0, "{kind} in {heard}");
    }
    assert!(count(&heard, "/frames/received") > 10, "{heard}");
}

#[tokio::test]
async fn replayed_cut_and_changed_datagrams_are_counted_one_by_one_and_do_no_harm() {
    let stage = Stage::new();
    let mut left = SLIPPED;
    let meddle = move |datagram: &[u8]| {
        let mut out = vec![datagram.to_vec()];
        if is_sealed(datagram) && left > 0 {
            left -= 1;
            // Nothing but the tag, then too little, then no whole cipher blocks.
            out.push(datagram[..16].to_vec());
            out.push(datagram[..40].to_vec());
            out.push(datagram[..datagram.len() - 1].to_vec());
            let mut changed = datagram.to_vec();
            changed[40] ^= 1;
            out.push(changed);
            out.push(datagram.to_vec());
        }
        out
    };
    let meddler = Meddler::start(stage.relay.addr(), Box::new(meddle)).await;
    let said = voice(2.0, 180.0);
    let play = stage.file("said.raw", &bytes(&said));
    let record = stage.path("heard.raw");
    let (caller, callee) = tokio::join!(
        stage.leg(true, format!("{TALK} --play {}", shown(&play))),
        stage.leg_at(meddler.addr, false, format!("{TALK} --record {}", shown(&record)))
    );
    let [_, heard] = completed([&caller, &callee]);
    assert_eq!(count(&heard, "/datagrams/replayed"), SLIPPED, "{heard}");
    assert_eq!(count(&heard, "/datagrams/short"), 3 * SLIPPED, "{heard}");
    assert_eq!(count(&heard, "/datagrams/forged"), SLIPPED, "{heard}");
    assert_eq!(count(&heard, "/frames/duplicate"), 0, "{heard}");
    let alike = likeness(&said, &samples_of(&std::fs::read(&record).unwrap()));
    assert!(alike > 0.95, "{alike}");
}

#[tokio::test]
async fn a_relay_that_cuts_everything_short_is_a_failed_connection() {
    let stage = Stage::new();
    let cut = |datagram: &[u8]| {
        let keep = if is_sealed(datagram) { datagram.len() - 16 } else { datagram.len() };
        vec![datagram[..keep].to_vec()]
    };
    let meddler = Meddler::start(stage.relay.addr(), Box::new(cut)).await;
    let (caller, callee) = tokio::join!(
        stage.leg(true, "--connect-timeout 2"),
        stage.leg_at(meddler.addr, false, "--connect-timeout 2")
    );
    // The caller's packets are what the callee cannot open; whole blocks that do not authenticate look like another key.
    assert_eq!(
        (callee.code, callee.json()["outcome"].as_str()),
        (Some(16), Some("key-mismatch")),
        "{callee:?}"
    );
    assert_eq!(
        (caller.code, caller.json()["outcome"].as_str()),
        (Some(15), Some("connect-failed")),
        "{caller:?}"
    );
}

#[tokio::test]
async fn an_input_that_cannot_be_played_is_an_error_at_once_that_names_it() {
    let stage = Stage::new();
    let cut_wav = {
        let mut header = b"RIFF\x24\0\0\0WAVEfmt ".to_vec();
        header.extend(16_u32.to_le_bytes());
        header
    };
    let cases = [
        (stage.path("missing.wav"), "no such file"),
        (stage.dir.path().to_path_buf(), "is a folder"),
        (stage.file("empty.raw", b""), "is empty"),
        (stage.file("empty.wav", b""), "is empty"),
        (stage.file("noise.bin", &[0x5A; 4096]), "no known format"),
        (stage.file("cut.wav", &cut_wav), "ends inside its header"),
        (stage.path("missing.wav").join("below.wav"), "no such file"),
    ];
    for flag in ["--play", "--then", "--hold"] {
        for (path, reason) in &cases {
            let run = stage.leg(true, format!("{flag} {}", shown(path))).await;
            run.fails(3, &[&shown(path), reason]);
            assert_eq!(run.stdout, "");
        }
    }
    assert_eq!(stage.relay.counters().received, 0, "nothing was sent");
}

#[tokio::test]
async fn an_output_that_cannot_be_written_is_an_error_at_once_that_names_it() {
    let stage = Stage::new();
    let full = stage.path("full.wav");
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    let file = stage.file("file", b"kept");
    let cases = [
        (stage.path("no/such/folder.wav"), "folder does not exist"),
        (file.join("below.wav"), "folder does not exist"),
        (stage.dir.path().to_path_buf(), "is a folder"),
        (stage.path("heard.xyz"), "no known ending"),
        (full, "No space left"),
    ];
    for (path, reason) in &cases {
        let run = stage.leg(true, format!("--record {}", shown(path))).await;
        run.fails(3, &[&shown(path), reason]);
    }
    let stamps = stage.path("no/stamps.json");
    stage.leg(true, format!("--stamps {}", shown(&stamps))).await.fails(3, &[&shown(&stamps)]);
    assert_eq!(std::fs::read(&file).unwrap(), b"kept");
    assert!(!stage.path("heard.xyz").exists());
    assert_eq!(stage.relay.counters().received, 0, "nothing was sent");
}

#[tokio::test]
async fn a_disk_that_is_full_ends_the_recording_and_not_the_call() {
    let stage = Stage::new();
    let full = stage.path("full.raw");
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    let record = format!("{TALK} --record {}", shown(&full));
    let (caller, callee) = tokio::join!(stage.leg(true, TALK), stage.leg(false, &record));
    let report = callee.json();
    assert_eq!(report["outcome"], "completed", "{report}");
    assert!(report["recordings"][0]["error"].as_str().unwrap().contains("No space left"), "{report}");
    assert_eq!(report["recordings"][0]["bytes"], 0);
    assert_eq!(report["recordings"][0]["path"], shown(&full));
    callee.fails(3, &["the recording failed", "No space left"]);
    assert_eq!((caller.code, caller.json()["outcome"].as_str()), (Some(0), Some("completed")));
}

#[tokio::test]
async fn half_a_sample_at_the_end_of_a_raw_file_is_padded_and_named() {
    let stage = Stage::new();
    let said = voice(2.0, 180.0);
    let mut odd = bytes(&said);
    // One whole sample and half of one beyond the last full frame.
    odd.extend([0x10, 0x00, 0x10]);
    let play = stage.file("odd.raw", &odd);
    let record = stage.path("heard.raw");
    let (caller, callee) = tokio::join!(
        stage.leg(true, format!("{TALK} --play {}", shown(&play))),
        stage.leg(false, format!("{TALK} --record {}", shown(&record)))
    );
    completed([&caller, &callee]);
    for word in ["odd.raw", "the last sample is incomplete"] {
        assert!(caller.stderr.contains(word), "{}", caller.stderr);
    }
    let alike = likeness(&said, &samples_of(&std::fs::read(&record).unwrap()));
    assert!(alike > 0.95, "{alike}");
}

#[tokio::test]
async fn a_fifo_without_a_writer_keeps_the_call_up_and_its_silence_is_counted() {
    let stage = Stage::new();
    let fifo = stage.path("radio");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let record = stage.path("heard.raw");
    let (caller, callee) = tokio::join!(
        stage.leg(true, format!("{TALK} --play {}", shown(&fifo))),
        stage.leg(false, format!("{TALK} --record {}", shown(&record)))
    );
    let [said, _] = completed([&caller, &callee]);
    // All that was sent was silence for want of sound.
    let (dry, sent) = (seconds(&said, "dry_s"), seconds(&said, "played_s"));
    assert!(sent > 1.0 && (sent - dry).abs() <= 0.06, "{dry} s of {sent} s are dry");
    let heard = samples_of(&std::fs::read(&record).unwrap());
    assert!(heard.len() > 48_000, "{} samples", heard.len());
    let loudest = heard.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
    assert!(loudest < 200, "silence has a peak of {loudest}");
}

#[tokio::test]
async fn keys_and_tags_of_the_wrong_form_are_refused_and_never_repeated() {
    let stage = Stage::new();
    let relay = stage.relay.addr();
    let whole = key();
    let no_hex = format!("{}zz", &whole[2..]);
    for (bad, reason) in [
        (&whole[2..], "510 characters"),
        (&whole[1..], "511 characters"),
        (&*format!("{whole}00"), "514 characters"),
        (&*no_hex, "no hex digit"),
    ] {
        let run = stage.leg_with(bad, relay, true, "").await;
        run.fails(2, &["--key", reason, "512 hex digits"]);
        // Not even a piece of it.
        assert!(
            !run.stderr.contains(&bad[8..24]) && run.stdout.is_empty(),
            "the key is told: {}",
            run.stderr
        );
    }
    let tag = "a1".repeat(15);
    let leg = format!("leg --role caller --key {whole} --reflector {relay} --tag {tag}");
    let run = offhook(&words(&leg)).await;
    run.fails(2, &["--tag", "30 characters", "32 hex digits"]);
    assert!(!run.stderr.contains(&tag) && !run.stderr.contains(&whole[8..24]));
    let run = offhook(&words(&format!("reflector --pair {tag}:{tag}"))).await;
    run.fails(2, &["--pair", "30 characters"]);
    assert!(!run.stderr.contains(&tag));
}

#[tokio::test]
async fn addresses_and_numbers_that_make_no_sense_are_told_with_a_remedy() {
    let tag = |byte: &str| byte.repeat(16);
    let (a, b) = (tag("a1"), tag("b2"));
    let key = key();
    let leg = |relay: &str, more: &str| {
        words(&format!("leg --role callee --key {key} --tag {a} --reflector {relay} {more}"))
    };
    let reflector = |more: &str| words(&format!("reflector --pair {a}:{b} {more}"));
    let here = "127.0.0.1:9";
    for (arguments, expected) in [
        (leg("nonsense", ""), "HOST:PORT"),
        (leg("127.0.0.1", ""), "HOST:PORT"),
        (leg("127.0.0.1:99999", ""), "HOST:PORT"),
        (leg("127.0.0.1:0", ""), "HOST:PORT"),
        (leg(here, "--seconds=-1"), "--seconds -1 is no length of time"),
        (leg(here, "--seconds -1"), "unexpected argument '-1'"),
        (leg(here, "--seconds nan"), "--seconds NaN is no length of time"),
        (leg(here, "--connect-timeout inf"), "--connect-timeout inf is no length of time"),
        (leg(here, "--max-layer 12"), "--max-layer 12 is below 65"),
        (leg(here, "--profile loud"), "loud"),
        (leg(here, "--family tgcalls"), "give --signalling stdio"),
        (
            leg(here, "--family tgcalls --signalling stdio --version 14.0.0"),
            "7.0.0, 8.0.0, 9.0.0, 12.0.0, 13.0.0",
        ),
        (leg(here, "--family tgcalls --signalling stdio --play -"), "- cannot be sound as well"),
        (
            leg(here, "--family tgcalls --signalling stdio --server secret@nowhere"),
            "turn:USER:PASSWORD@HOST:PORT",
        ),
        (leg(here, "--family tgcalls --signalling stdio --server stun:nowhere"), "HOST:PORT"),
        (leg(here, &format!("--tag {b} --tag {a}")), "3 --tag for 1 --reflector"),
        (leg(here, "--p2p"), "--p2p and --server are for --family tgcalls"),
        (words(&format!("leg --role caller --key {key}")), "--reflector ADDR --tag HEX"),
        (reflector("--loss 1.5"), "did you mean 0.015?"),
        (reflector("--loss 10"), "did you mean 0.1?"),
        (reflector("--loss=-0.1"), "--loss -0.1 is no share from 0 to 1\n"),
        (reflector("--loss nan"), "--loss NaN is no share from 0 to 1"),
        (reflector("--delay=-5"), "--delay -5 is not from 0"),
        (reflector("--jitter 1e9"), "--jitter 1000000000 is not from 0"),
        (reflector("--listen nonsense"), "--listen"),
        (words(&format!("reflector --pair {a}{b}")), "colon"),
        (words(&format!("reflector --pair {a}:{a}")), "--pair names a tag twice"),
        (reflector(&format!("--pair {a}:{b}")), "--pair names a tag twice"),
        (words("reflector"), "--pair"),
        (words(&format!("leg --role both --key {key}")), "--role"),
    ] {
        offhook(&arguments).await.fails(2, &[expected]);
    }
    // An address that is in use is no mistake of form.
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    offhook(&reflector(&format!("--listen {addr}"))).await.fails(4, &[&addr]);
}
