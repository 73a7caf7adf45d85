//! The media thread allocates nothing once a call is under way.

mod common;

use std::time::Duration;

use assert_no_alloc::{AllocDisabler, assert_no_alloc, reset_violation_count, violation_count};
use common::{clip, speech};
use offhook_media::{
    Activity, ActivityConfig, Broadcast, Decode, Downlink, EncoderHints, FRAME_SAMPLES, FrameLen, Level,
    PcmSource, Playlist, Profile, Source, Stretch, Uplink, UplinkConfig, open, open_sink,
};

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

const MS60: Duration = Duration::from_millis(60);

fn source(name: &str) -> Box<dyn Source> {
    let mut source = open(clip(name)).expect("a clip");
    source.set_repeat(true);
    source
}

/// Without this the other test could not fail.
fn allocations_are_noticed() -> bool {
    reset_violation_count();
    assert_no_alloc(|| drop(std::hint::black_box(Box::new(1))));
    violation_count() > 0
}

#[test]
fn a_call_under_way_allocates_nothing() {
    assert!(allocations_are_noticed());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let radio = Box::new(PcmSource::new(speech(480_000)));
    let broadcast = Broadcast::new(radio, Profile::Dense, FrameLen::Ms60).expect("an encoder");
    let sources: Vec<Box<dyn Source>> = vec![
        Box::new(PcmSource::new(speech(480_000))),
        source("hold.ogg"),
        source("tone-44100-stereo.wav"),
        Box::new(broadcast.listen().expect("a listener")),
    ];
    for (index, source) in sources.into_iter().enumerate() {
        let mut playlist = Playlist::new();
        playlist.play(source);
        let mut uplink = Uplink::new(UplinkConfig::default()).expect("an encoder");
        let mut downlink = Downlink::new().expect("a decoder");
        let mut activity = Activity::new(ActivityConfig::default());
        let mut wav = open_sink(folder.path().join(format!("{index}.wav"))).expect("a sink");
        let mut ogg = open_sink(folder.path().join(format!("{index}.ogg"))).expect("a sink");
        let mut packet = Vec::new();
        let mut frame = [0; FRAME_SAMPLES];
        let mut second = |round: usize| {
            for n in 0..17_usize {
                // Everything a call meets: hints, gain, losses, recovery, stretching.
                uplink.set_hints(EncoderHints {
                    bitrate: None,
                    expected_loss: (n % 3) as u8,
                    fec: n.is_multiple_of(2),
                });
                playlist.set_gain_db(if round.is_multiple_of(2) { 0.0 } else { -3.0 });
                uplink.next_packet(&mut playlist, &mut packet).expect("a packet");
                while playlist.poll_event().is_some() {}
                let stretch = [Stretch::None, Stretch::Shorten, Stretch::Lengthen][n % 3];
                match n % 7 {
                    3 => downlink.feed(Decode::Fec(&packet), MS60, stretch),
                    5 => downlink.feed(Decode::Conceal, MS60, stretch),
                    6 => downlink.feed(Decode::Silence, MS60, stretch),
                    _ => downlink.feed(Decode::Frame(&packet), MS60, stretch),
                };
                ogg.write_packet(&packet);
                while !downlink.is_short() {
                    let level = downlink.pull(&mut frame);
                    wav.write(&frame);
                    activity.frame(level);
                    let _ = Level::of(&frame);
                }
            }
        };
        (0..4).for_each(&mut second);
        reset_violation_count();
        assert_no_alloc(|| (4..6).for_each(&mut second));
        assert_eq!(violation_count(), 0, "source {index}");
    }
}
