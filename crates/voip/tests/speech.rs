//! What one side says is what the other side hears.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::atomic::Ordering;

use common::{
    Memory, Pair, Relay, dense, engine, likeness, source, until, until_established, voice, wait_for,
};
use offhook_voip::{Event, HangupReason, Outcome};

#[test]
fn speech_goes_both_ways_at_once_through_a_relay() {
    let (relay, engine) = (Relay::start(), engine(2));
    let pair = Pair::start(&engine, &relay, 1, dense().stamps(1_000));
    let (at_caller, at_callee) = (Memory::default(), Memory::default());
    let said = voice(3.0);
    let answer: Vec<i16> = said.iter().rev().copied().collect();
    pair.caller.set_output(at_caller.sink()).unwrap().play(source(&said)).unwrap();
    pair.callee.set_output(at_callee.sink()).unwrap().play(source(&answer)).unwrap();
    let (mut caller, mut callee) = (pair.caller.events(), pair.callee.events());
    until_established(&mut caller);
    until_established(&mut callee);
    until(&mut caller, "PlaylistEmpty", |e| matches!(e, Event::PlaylistEmpty));
    until(&mut callee, "PlaylistEmpty", |e| matches!(e, Event::PlaylistEmpty));
    let enough = said.len() + 48_000;
    wait_for("a second more is heard", || {
        at_caller.samples().len() > enough && at_callee.samples().len() > enough
    });
    pair.caller.hangup(HangupReason::Local);
    pair.callee.hangup(HangupReason::Peer);
    let (caller, callee) = (pair.caller.wait_ended(), pair.callee.wait_ended());

    assert_eq!(caller.outcome, Outcome::Completed(HangupReason::Local));
    assert_eq!(callee.outcome, Outcome::Completed(HangupReason::Peer));
    let (there, shift) = likeness(&said, &at_callee.samples());
    let (back, _) = likeness(&answer, &at_caller.samples());
    assert!(there > 0.95 && back > 0.95, "likeness {there} and {back}");

    let sent = &caller.stamps.as_ref().unwrap().sent;
    let got = &callee.stamps.as_ref().unwrap().got;
    let mut delays: Vec<f64> =
        (0..100).map(|k| got[(shift + k * 960) / 960] - sent[k] + (shift % 960) as f64 / 48_000.0).collect();
    delays.sort_by(f64::total_cmp);
    // Codec, packet and jitter buffer together; the reference takes 233 to 250 ms to itself.
    assert!(delays[50] < 0.160, "mouth to ear takes {:.0} ms", delays[50] * 1e3);
    assert!(delays[0] > 0.006, "sound cannot arrive before it was said: {:.1} ms", delays[0] * 1e3);
}

#[test]
fn a_lossy_path_keeps_the_call_up_and_the_time_of_the_recording() {
    let (relay, engine) = (Relay::start(), engine(1));
    let pair = Pair::start(&engine, &relay, 2, dense());
    let ear = Memory::default();
    let said = voice(3.0);
    pair.callee.set_output(ear.sink()).unwrap();
    let mut caller = pair.caller.events();
    until_established(&mut caller);
    until_established(&mut pair.callee.events());
    // An odd number, so that the loss falls on both directions although they take turns.
    relay.lose.store(9, Ordering::Relaxed);
    pair.caller.play(source(&said)).unwrap();
    until(&mut caller, "PlaylistEmpty", |e| matches!(e, Event::PlaylistEmpty));
    let enough = pair.caller.position().samples() as usize;
    wait_for("everything is heard", || ear.samples().len() > enough);
    pair.caller.hangup(HangupReason::Local);
    pair.callee.hangup(HangupReason::Peer);
    let stats = pair.callee.wait_ended().stats;
    assert!(stats.link.frames_lost > 0, "every ninth datagram was lost: {stats:?}");
    assert_eq!(
        stats.link.frames_lost,
        stats.link.frames_recovered + stats.link.frames_concealed,
        "{stats:?}"
    );
    let talked = stats.talked.as_secs_f64();
    let recorded = ear.samples().len() as f64 / 48_000.0;
    assert!((talked - recorded).abs() < 0.5, "{recorded} s recorded of {talked} s talked");
}

#[test]
fn a_recording_as_ogg_opus_is_made_without_decoding() {
    let (relay, engine) = (Relay::start(), engine(1));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("peer.ogg");
    let pair = Pair::start(&engine, &relay, 3, dense());
    pair.callee.set_output_file(&path).unwrap();
    pair.caller.play(source(&voice(1.5))).unwrap();
    until(&mut pair.caller.events(), "PlaylistEmpty", |e| matches!(e, Event::PlaylistEmpty));
    let said = pair.caller.position();
    wait_for("it is heard", || pair.callee.stats().heard > said);
    pair.caller.hangup(HangupReason::Local);
    pair.callee.hangup(HangupReason::Peer);
    let mut events = pair.callee.events();
    let Event::OutputClosed { report } =
        until(&mut events, "OutputClosed", |e| matches!(e, Event::OutputClosed { .. }))
    else {
        unreachable!()
    };
    assert_eq!(report.error, None);
    assert!(report.length.seconds() > 1.4, "{report:?}");
    assert_eq!(pair.callee.wait_ended().stats.downlink.decoded, 0);
    let mut source = offhook_media::open(offhook_voip::SourceSpec::new(&path).inline()).unwrap();
    let mut loudest = 0;
    let mut frame = [0; 960];
    while source.pull(&mut frame) == offhook_media::Pulled::Pcm {
        loudest = loudest.max(frame.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0));
    }
    assert!(loudest > 3_000, "the voice is in the file: {loudest}");
}
