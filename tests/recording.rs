//! A recording is a file that others can read: at every moment of the call, after it, and after another has taken its
//! place.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use common::PATIENCE;
use common::sound::{faithful, likeness, read_wav, samples_of, source, voice, wav_sizes};
use offhook::dc::{LinkConfig, PeerTag as RelayTag, Reflector, ReflectorHandle};
use offhook::media::{FRAME_SAMPLES, Pulled, SourceSpec, open};
use offhook::voip::{
    CallConfig, CallKey, Controller, Endpoint, Engine, EngineConfig, Event, HangupReason, PeerTag, Report,
    Role,
};

/// Both ends of one call over a relay, and a folder.
struct Scene {
    engine: Engine,
    _relay: ReflectorHandle,
    caller: Controller,
    callee: Controller,
    dir: tempfile::TempDir,
}

impl Scene {
    /// A call that is up.
    fn start() -> Self {
        let tags = [[1; 16], [2; 16]];
        let pair = [(RelayTag(tags[0]), RelayTag(tags[1]))];
        let relay = Reflector::bind(([127, 0, 0, 1], 0).into(), pair, LinkConfig::default(), 1).unwrap();
        let engine = Engine::start(EngineConfig::default().shards(1)).unwrap();
        let side = |role: Role| {
            let endpoint = Endpoint::relay(1, relay.addr(), PeerTag(tags[role as usize]));
            let config = CallConfig::new(role, CallKey::new([7; 256]), vec![endpoint], [role as u8; 32]);
            engine.start_call(config, faithful()).unwrap()
        };
        let (caller, callee) = (side(Role::Caller), side(Role::Callee));
        for call in [&caller, &callee] {
            until(call, "Established", |event| matches!(event, Event::Established).then_some(()));
        }
        Self { engine, _relay: relay, caller, callee, dir: tempfile::tempdir().unwrap() }
    }

    /// Says it, and waits until a second more has been heard.
    fn say(&self, samples: &[i16]) {
        let track = self.caller.enqueue(source(samples)).unwrap();
        until(&self.caller, "TrackEnded", |event| match event {
            Event::TrackEnded { id, .. } if *id == track => Some(()),
            _ => None,
        });
        let enough = self.callee.stats().heard.samples() + 48_000;
        wait_for("it is heard", || self.callee.stats().heard.samples() >= enough);
    }

    fn hang_up(&self) {
        self.caller.hangup(HangupReason::Local);
        self.callee.hangup(HangupReason::Peer);
        self.caller.wait_ended();
        self.callee.wait_ended();
    }

    /// The reports of everything the callee has recorded.
    fn reports(&self) -> Vec<Report> {
        let mut events = self.callee.events();
        std::iter::from_fn(|| events.next_timeout(PATIENCE))
            .filter_map(|event| match event {
                Event::OutputClosed { report } => Some(report),
                _ => None,
            })
            .collect()
    }
}

fn until<T>(call: &Controller, what: &str, mut fits: impl FnMut(&Event) -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    let mut events = call.events();
    loop {
        match events.next_timeout(deadline.saturating_duration_since(Instant::now())) {
            Some(event) => {
                if let Some(found) = fits(&event) {
                    return found;
                }
            }
            None => panic!("no {what}"),
        }
    }
}

/// For what has no event: the growth of a file, counts.
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "still not: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Plays a file to its end.
fn play_back(path: &Path) -> Vec<i16> {
    let mut file = open(SourceSpec::new(path).inline()).unwrap();
    let mut samples = Vec::new();
    let mut frame = [0; FRAME_SAMPLES];
    loop {
        match file.pull(&mut frame) {
            Pulled::Pcm => samples.extend_from_slice(&frame),
            Pulled::End(last) => {
                samples.extend_from_slice(&frame[..last]);
                return samples;
            }
            other => panic!("{other:?} after {} samples", samples.len()),
        }
    }
}

#[test]
fn a_wav_is_valid_at_every_moment_of_the_call() {
    let scene = Scene::start();
    let path = scene.dir.path().join("heard.wav");
    scene.callee.set_output_file(&path).unwrap();
    assert_eq!(wav_sizes(&std::fs::read(&path).unwrap()), (36, 0), "before the first sample");
    scene.caller.play(source(&voice(3.0, 180.0))).unwrap();
    // Samples go out before the header that counts them: what it promises is always there.
    let mut promised = Vec::new();
    wait_for("four lengths are seen", || {
        let file = std::fs::read(&path).unwrap();
        let (whole, samples) = wav_sizes(&file);
        assert_eq!(whole, samples + 36);
        assert!(file.len() as u32 >= 44 + samples, "{samples} bytes promised, {} there", file.len());
        assert_eq!(samples % 1920, 0, "whole frames");
        if promised.last() != Some(&samples) {
            promised.push(samples);
        }
        promised.len() >= 5
    });
    assert!(promised.is_sorted(), "{promised:?}");
    assert!(!scene.callee.state().is_over());
    // A copy taken now is a recording of its own.
    let copy = scene.dir.path().join("copy.wav");
    std::fs::copy(&path, &copy).unwrap();
    let length = open(SourceSpec::new(&copy).inline()).unwrap().info().duration.unwrap();
    assert!(length.samples() * 2 >= u64::from(promised[4]), "{length:?}");
    scene.hang_up();
    let whole = read_wav(&path);
    assert_eq!(scene.reports()[0].length.samples(), whole.len() as u64);
}

#[test]
fn an_ogg_recording_plays_back_at_its_full_length_and_sounds_as_it_was_said() {
    let scene = Scene::start();
    let path = scene.dir.path().join("heard.ogg");
    let said = voice(2.5, 180.0);
    scene.callee.set_output_file(&path).unwrap();
    scene.say(&said);
    scene.hang_up();
    let report = &scene.reports()[0];
    assert_eq!((report.path.as_deref(), report.error.as_deref()), (Some(path.as_path()), None));
    assert_eq!(report.bytes, std::fs::metadata(&path).unwrap().len());
    let known = open(SourceSpec::new(&path).inline()).unwrap().info().clone();
    assert_eq!((known.format, known.duration), ("ogg opus", Some(report.length)));
    let heard = play_back(&path);
    assert_eq!(heard.len() as u64, report.length.samples());
    let alike = likeness(&said, &heard);
    assert!(alike > 0.95, "{alike}");
}

#[test]
fn a_replaced_output_is_closed_and_complete_and_nothing_is_lost_between_the_two() {
    let scene = Scene::start();
    let path = |name: &str| scene.dir.path().join(name);
    let said = voice(2.0, 180.0);
    scene.callee.set_output_file(path("first.wav")).unwrap();
    scene.say(&said);
    scene.callee.set_output_file(path("second.raw")).unwrap();
    let closed = until(&scene.callee, "OutputClosed", |event| match event {
        Event::OutputClosed { report } => Some(report.clone()),
        _ => None,
    });
    // While the call goes on, the first is what it will be.
    let first = read_wav(&path("first.wav"));
    assert_eq!((closed.path, closed.error), (Some(path("first.wav")), None));
    assert_eq!((closed.length.samples(), closed.lost.samples()), (first.len() as u64, 0));
    let alike = likeness(&said, &first);
    assert!(alike > 0.95, "{alike}");
    scene.say(&said);
    scene.callee.unset_output().unwrap();
    wait_for("both are closed", || {
        let mut events = scene.callee.events();
        std::iter::from_fn(|| events.try_next()).filter(|e| matches!(e, Event::OutputClosed { .. })).count()
            == 2
    });
    scene.hang_up();

    assert_eq!(read_wav(&path("first.wav")), first);
    let second = samples_of(&std::fs::read(path("second.raw")).unwrap());
    let reports = scene.reports();
    assert_eq!(reports.len(), 2, "{reports:?}");
    assert_eq!((reports[1].length.samples(), reports[1].lost.samples()), (second.len() as u64, 0));
    let alike = likeness(&said, &second);
    assert!(alike > 0.95, "{alike}");
    assert_eq!(scene.engine.stats().ended.completed, 2);
}

#[test]
fn a_path_that_cannot_be_written_leaves_the_old_recording_going() {
    let scene = Scene::start();
    let path = scene.dir.path().join("heard.wav");
    let said = voice(2.0, 180.0);
    scene.callee.set_output_file(&path).unwrap();
    let refused = scene.callee.set_output_file(scene.dir.path().join("no/such/folder.wav")).unwrap_err();
    assert!(refused.to_string().contains("folder does not exist"), "{refused}");
    scene.say(&said);
    scene.hang_up();
    let alike = likeness(&said, &read_wav(&path));
    assert!(alike > 0.95, "{alike}");
    assert_eq!(scene.reports().len(), 1);
}
