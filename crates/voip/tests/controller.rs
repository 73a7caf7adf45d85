//! The words of the controller through a real call, with their edges.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::Duration;

use common::{
    Memory, Pair, Relay, dense, engine, source, tone_level, until, until_established, voice, wait_for,
};
use offhook_media::{EndReason, FRAME, Tone};
use offhook_voip::{
    CallState, ControlError, Event, HangupReason, MediaTime, OpenError, OpenSinkError, Outcome, SeekError,
    Track,
};

fn tone(hz: f64, millis: u64) -> Track {
    Tone::new(hz, 0.4).lasting(Duration::from_millis(millis)).into()
}

/// Everything until the end, in order.
fn all(call: &offhook_voip::Controller) -> Vec<Event> {
    let mut events = call.events();
    std::iter::from_fn(|| events.next_timeout(common::PATIENCE)).collect()
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events
        .iter()
        .map(|event| match event {
            Event::Connecting => "connecting",
            Event::Established => "established",
            Event::FirstAudio => "first-audio",
            Event::TrackStarted { .. } => "track-started",
            Event::TrackEnded { .. } => "track-ended",
            Event::PlaylistEmpty => "playlist-empty",
            Event::HoldStarted => "hold-started",
            Event::HoldEnded => "hold-ended",
            Event::OutputClosed { .. } => "output-closed",
            Event::Ended(_) => "ended",
            _ => "other",
        })
        .collect()
}

#[test]
fn tracks_are_heard_one_after_the_other_and_the_call_hangs_up_when_done() {
    let (relay, engine) = (Relay::start(), engine(1));
    let ear = Memory::default();
    let pair = Pair::start(&engine, &relay, 1, dense().hang_up_when_done(true));
    pair.callee.set_output(ear.sink()).unwrap();
    let first = pair.caller.enqueue(tone(500.0, 600)).unwrap();
    pair.caller.then(tone(1_250.0, 600)).unwrap();
    let ended = pair.caller.wait_ended();
    assert_eq!(ended.outcome, Outcome::Completed(HangupReason::Done));
    let events = all(&pair.caller);
    let tracks: Vec<&str> = names(&events)
        .into_iter()
        .filter(|name| name.starts_with("track") || name.starts_with("playlist") || *name == "ended")
        .collect();
    assert_eq!(
        tracks,
        ["track-started", "track-ended", "track-started", "track-ended", "playlist-empty", "ended"]
    );
    let (id, reason, played) = events
        .iter()
        .find_map(|event| match event {
            Event::TrackEnded { id, reason, played } => Some((*id, reason.clone(), *played)),
            _ => None,
        })
        .unwrap();
    assert_eq!((id, reason, played), (first, EndReason::Finished, MediaTime::from_samples(28_800)));
    pair.callee.hangup(HangupReason::Peer);
    pair.callee.wait_ended();
    let heard = ear.samples();
    let windows: Vec<&[i16]> = heard.chunks_exact(4_800).collect();
    let first = windows.iter().filter(|w| tone_level(w, 500.0) > 6_000.0).count();
    let second = windows.iter().filter(|w| tone_level(w, 1_250.0) > 6_000.0).count();
    assert!((4..=7).contains(&first) && (4..=7).contains(&second), "{first} and {second} tenths of a second");
}

#[test]
fn hold_music_goes_round_until_something_is_played_and_comes_back_after_it() {
    let (relay, engine) = (Relay::start(), engine(1));
    let pair = Pair::start(&engine, &relay, 2, dense());
    pair.caller.play_on_hold([tone(300.0, 200), tone(400.0, 200)]).unwrap();
    let mut events = pair.caller.events();
    until(&mut events, "HoldStarted", |e| matches!(e, Event::HoldStarted));
    // Three rounds of it.
    wait_for("hold music goes on", || {
        pair.caller.position() > MediaTime::from_duration(Duration::from_millis(1_200))
    });
    assert!(pair.caller.current().is_some_and(|current| current.hold));
    let id = pair.caller.enqueue(tone(800.0, 300)).unwrap();
    until(&mut events, "HoldEnded", |e| matches!(e, Event::HoldEnded));
    until(
        &mut events,
        "TrackStarted",
        |e| matches!(e, Event::TrackStarted { id: started } if *started == id),
    );
    until(&mut events, "PlaylistEmpty", |e| matches!(e, Event::PlaylistEmpty));
    until(&mut events, "HoldStarted again", |e| matches!(e, Event::HoldStarted));
    pair.caller.play_on_hold(Vec::<Track>::new()).unwrap();
    until(&mut events, "HoldEnded", |e| matches!(e, Event::HoldEnded));
    assert_eq!(pair.caller.state(), CallState::Established);
}

#[test]
fn pause_holds_still_skip_goes_on_and_stop_clears_everything() {
    let (relay, engine) = (Relay::start(), engine(1));
    let pair = Pair::start(&engine, &relay, 3, dense());
    let call = &pair.caller;
    let first = call.enqueue(tone(300.0, 60_000)).unwrap();
    let second = call.enqueue(tone(400.0, 60_000)).unwrap();
    let third = call.enqueue(tone(500.0, 60_000)).unwrap();
    let mut events = call.events();
    until(&mut events, "TrackStarted", |e| matches!(e, Event::TrackStarted { id } if *id == first));
    call.pause().unwrap().pause().unwrap();
    let packet = FRAME * 3;
    wait_for("a packet of the pause", || call.position() > MediaTime::ZERO);
    std::thread::sleep(packet * 2);
    let still = call.current().unwrap();
    assert_eq!((still.id, still.duration), (first, Some(MediaTime::from_duration(Duration::from_secs(60)))));
    let at = call.position();
    wait_for("time goes on in a pause", || call.position() > at + MediaTime::from_duration(packet * 3));
    assert_eq!(call.current().unwrap().position, still.position);
    call.resume().unwrap();
    wait_for("the track goes on", || call.current().is_some_and(|now| now.position > still.position));

    call.seek(Duration::from_secs(30)).unwrap();
    let half = MediaTime::from_duration(Duration::from_secs(30));
    wait_for("the place is reached", || call.current().is_some_and(|now| now.position >= half));
    call.seek(Duration::from_secs(61)).unwrap();
    let failed = until(&mut events, "SeekFailed", |e| matches!(e, Event::SeekFailed(_)));
    assert!(matches!(failed, Event::SeekFailed(SeekError::BehindEnd { .. })), "{failed:?}");

    call.skip().unwrap();
    let ended = until(&mut events, "TrackEnded", |e| matches!(e, Event::TrackEnded { .. }));
    assert!(
        matches!(ended, Event::TrackEnded { id, reason: EndReason::Skipped, .. } if id == first),
        "{ended:?}"
    );
    until(&mut events, "TrackStarted", |e| matches!(e, Event::TrackStarted { id } if *id == second));
    call.stop().unwrap().stop().unwrap();
    for track in [second, third] {
        let ended = until(&mut events, "TrackEnded", |e| matches!(e, Event::TrackEnded { .. }));
        assert!(
            matches!(ended, Event::TrackEnded { id, reason: EndReason::Stopped, .. } if id == track),
            "{ended:?}"
        );
    }
    wait_for("nothing plays", || call.current().is_none());
    assert_eq!(call.state(), CallState::Established);
}

#[test]
fn an_output_is_replaced_closed_and_reported_while_the_call_goes_on() {
    let (relay, engine) = (Relay::start(), engine(1));
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.wav"), folder.path().join("two.wav"));
    let pair = Pair::start(&engine, &relay, 4, dense());
    pair.callee.set_output_file(&one).unwrap();
    pair.caller.play(source(&voice(30.0))).unwrap();
    let mut events = pair.callee.events();
    until_established(&mut events);
    wait_for("half a second is heard", || pair.callee.stats().heard.seconds() > 0.5);
    pair.callee.set_output_file(&two).unwrap();
    let closed = until(&mut events, "OutputClosed", |e| matches!(e, Event::OutputClosed { .. }));
    let Event::OutputClosed { report } = closed else { unreachable!() };
    assert_eq!((report.path.as_deref(), report.error.as_deref()), (Some(one.as_path()), None));
    assert!(report.length.seconds() > 0.4, "{report:?}");
    wait_for("half a second more is heard", || pair.callee.stats().heard.seconds() > 1.2);
    pair.callee.unset_output().unwrap().unset_output().unwrap();
    let closed = until(&mut events, "OutputClosed", |e| matches!(e, Event::OutputClosed { .. }));
    let Event::OutputClosed { report } = closed else { unreachable!() };
    assert_eq!(report.path.as_deref(), Some(two.as_path()));
    pair.callee.hangup(HangupReason::Local);
    pair.callee.wait_ended();
    for path in [one, two] {
        let length = std::fs::metadata(&path).unwrap().len();
        assert!(length > 2 * 48_000 / 3, "{} has {length} bytes", path.display());
    }
}

#[test]
fn what_cannot_be_opened_is_an_error_now_and_changes_nothing() {
    let (relay, engine) = (Relay::start(), engine(1));
    let folder = tempfile::tempdir().unwrap();
    let pair = Pair::start(&engine, &relay, 5, dense());
    let missing = pair.caller.play(folder.path().join("missing.wav")).unwrap_err();
    assert!(matches!(missing, ControlError::Open(OpenError::Missing { .. })), "{missing}");
    let nowhere = pair.caller.set_output_file(folder.path().join("no/such/folder.wav")).unwrap_err();
    assert!(matches!(nowhere, ControlError::OpenSink(OpenSinkError::NoFolder { .. })), "{nowhere}");
    assert!(matches!(pair.caller.gain(f32::NAN), Err(ControlError::OutOfRange { what: "gain" })));
    pair.caller.hangup(HangupReason::Local);
    let after = pair.caller.play(tone(300.0, 100)).unwrap_err();
    assert!(matches!(after, ControlError::Ended), "{after}");
    // Nothing is opened for a call that is over: the path is not even looked at.
    assert!(matches!(pair.caller.play("/no/such/file"), Err(ControlError::Ended)));
    let ended = pair.caller.wait_ended();
    assert_eq!(
        names(&all(&pair.caller)).iter().filter(|name| name.starts_with("track")).count(),
        0,
        "{ended:?}"
    );
}

#[test]
fn mute_is_told_to_the_peer_and_the_track_goes_on_unheard() {
    let (relay, engine) = (Relay::start(), engine(1));
    let pair = Pair::start(&engine, &relay, 6, dense());
    let ear = Memory::default();
    pair.callee.set_output(ear.sink()).unwrap();
    pair.caller.play(tone(500.0, 60_000)).unwrap();
    let mut events = pair.callee.events();
    wait_for("the tone is heard", || {
        let heard = ear.samples();
        heard.len() > 9_600 && tone_level(&heard[heard.len() - 4_800..], 500.0) > 6_000.0
    });
    pair.caller.mute(true).unwrap().mute(true).unwrap();
    until(&mut events, "PeerMuted", |e| matches!(e, Event::PeerMuted(true)));
    let at = pair.caller.current().unwrap().position;
    wait_for("it is silent", || {
        let heard = ear.samples();
        heard[heard.len() - 4_800..].iter().all(|sample| sample.unsigned_abs() < 50)
    });
    wait_for("the track goes on", || {
        pair.caller.current().unwrap().position > at + MediaTime::from_duration(Duration::from_millis(500))
    });
    pair.caller.mute(false).unwrap();
    until(&mut events, "PeerMuted", |e| matches!(e, Event::PeerMuted(false)));
    wait_for("the tone is heard again", || {
        let heard = ear.samples();
        tone_level(&heard[heard.len() - 4_800..], 500.0) > 6_000.0
    });
}

#[test]
fn media_queued_while_it_rings_starts_when_the_call_is_established() {
    let (relay, engine) = (Relay::start(), engine(1));
    let (caller, reservation) = engine.prepare(dense()).unwrap();
    let id = caller.enqueue(tone(500.0, 300)).unwrap();
    reservation.set_emoji(["a", "b", "c", "d"]);
    assert_eq!(caller.emoji(), Some(["a", "b", "c", "d"]));
    assert_eq!((caller.state(), caller.position()), (CallState::Prepared, MediaTime::ZERO));
    assert!(caller.events().next_timeout(Duration::from_millis(100)).is_none());
    reservation.start(common::config(&relay, 7, offhook_voip::Role::Caller)).unwrap();
    let callee = engine.start_call(common::config(&relay, 7, offhook_voip::Role::Callee), dense()).unwrap();
    until(&mut caller.events(), "PlaylistEmpty", |e| matches!(e, Event::PlaylistEmpty));
    caller.hangup(HangupReason::Local);
    callee.hangup(HangupReason::Peer);
    caller.wait_ended();
    let events = all(&caller);
    let established = events.iter().position(|e| matches!(e, Event::Established)).unwrap();
    let started = events.iter().position(|e| matches!(e, Event::TrackStarted { id: s } if *s == id)).unwrap();
    assert!(matches!(events[0], Event::Connecting) && established < started, "{events:?}");
    assert!(matches!(events.last(), Some(Event::Ended(_))), "{events:?}");
}
