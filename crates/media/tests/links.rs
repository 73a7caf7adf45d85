//! Uplink to downlink: the sound of a call from the playlist to the ear, with and without losses; pass-through; sharing.

mod common;

use std::time::Duration;

use common::{clip, events, likeness, speech};
use offhook_media::{
    Broadcast, Decode, Downlink, EncoderHints, FRAME_SAMPLES, FrameLen, Level, Outgoing, PcmSource, Playlist,
    PlaylistEvent, Profile, Source, SourceSpec, Stretch, Tone, Uplink, UplinkConfig, open,
};

const MS60: Duration = Duration::from_millis(60);

fn playing(source: Box<dyn Source>) -> Playlist {
    let mut playlist = Playlist::new();
    playlist.play(source);
    playlist
}

fn uplink(profile: Profile, frame: FrameLen) -> Uplink {
    Uplink::new(UplinkConfig { profile, frame, ..UplinkConfig::default() }).expect("an encoder")
}

fn packets(uplink: &mut Uplink, playlist: &mut Playlist, count: usize) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    (0..count)
        .map(|_| {
            uplink.next_packet(playlist, &mut out).expect("a packet");
            out.clone()
        })
        .collect()
}

/// Hears all that has been fed.
fn hear(downlink: &mut Downlink, into: &mut Vec<i16>) {
    let mut frame = [0; FRAME_SAMPLES];
    while !downlink.is_short() {
        downlink.pull(&mut frame);
        into.extend_from_slice(&frame);
    }
}

#[test]
fn what_is_played_is_heard_in_every_profile_and_frame_length() {
    let pcm = speech(48_000 * 2);
    for profile in [Profile::Quality, Profile::Balanced, Profile::Dense] {
        for frame in [FrameLen::Ms20, FrameLen::Ms40, FrameLen::Ms60] {
            let mut playlist = playing(Box::new(PcmSource::new(pcm.as_slice())));
            let mut downlink = Downlink::new().expect("a decoder");
            let mut heard = Vec::new();
            let mut bytes = 0;
            for packet in packets(&mut uplink(profile, frame), &mut playlist, pcm.len() / frame.samples()) {
                bytes += packet.len();
                let fed = downlink.feed(Decode::Frame(&packet), frame.duration(), Stretch::None);
                assert_eq!((fed.samples, fed.stretched, fed.damaged), (frame.samples(), 0, false));
                hear(&mut downlink, &mut heard);
            }
            let like = likeness(&pcm[10_000..80_000], &heard[10_312..80_312]);
            assert!(like > 0.85, "{profile} {frame:?}: {like}");
            let bits = bytes * 8 / 2;
            assert!((10_000..=48_000).contains(&bits), "{profile} {frame:?}: {bits} bit/s");
        }
    }
}

#[test]
fn nothing_to_play_is_silence_and_said_so() {
    let mut uplink = uplink(Profile::Quality, FrameLen::Ms60);
    let mut out = Vec::new();
    assert_eq!(uplink.next_packet(&mut Playlist::new(), &mut out), Ok(Outgoing::Silence));
    assert_eq!(uplink.stats().silent, 1);
    let mut downlink = Downlink::new().expect("a decoder");
    downlink.feed(Decode::Frame(&out), MS60, Stretch::None);
    let mut frame = [9; FRAME_SAMPLES];
    let level = downlink.pull(&mut frame);
    assert!(level.rms_db < -80.0, "{level:?}");
}

#[test]
fn ticks_complete_a_packet_with_the_third_frame() {
    let mut uplink = uplink(Profile::Balanced, FrameLen::Ms60);
    let mut playlist = playing(Box::new(Tone::new(300.0, 0.3)));
    let mut out = Vec::new();
    let mut tick = || uplink.tick(&mut playlist, &mut out).expect("a tick");
    assert_eq!([tick(), tick(), tick(), tick()], [None, None, Some(Outgoing::Encoded), None]);
}

#[test]
fn packets_of_an_ogg_file_pass_untouched_three_in_one() {
    let source = open(SourceSpec::new(clip("hold.ogg")).inline()).expect("the clip");
    let mut playlist = playing(source);
    let mut uplink = uplink(Profile::Quality, FrameLen::Ms60);
    let mut downlink = Downlink::new().expect("a decoder");
    let (mut out, mut heard) = (Vec::new(), Vec::new());
    for _ in 0..134 {
        uplink.next_packet(&mut playlist, &mut out).expect("a packet");
        assert!(out.len() <= 1000);
        downlink.feed(Decode::Frame(&out), MS60, Stretch::None);
        hear(&mut downlink, &mut heard);
    }
    let stats = uplink.stats();
    assert!(stats.passed > 100, "{stats:?}");
    let direct = common::drain(open(SourceSpec::new(clip("hold.ogg")).inline()).expect("the clip").as_mut());
    let like = likeness(&direct[10_000..300_000], &heard[10_312..300_312]);
    assert!(like > 0.99, "{like}");
    let ends: Vec<_> =
        events(&mut playlist).into_iter().filter(|e| matches!(e, PlaylistEvent::TrackEnded { .. })).collect();
    assert_eq!(ends.len(), 1);
}

#[test]
fn gain_and_mute_keep_packets_from_passing() {
    let source = open(SourceSpec::new(clip("hold.ogg")).inline()).expect("the clip");
    let mut playlist = playing(source);
    let mut uplink = uplink(Profile::Quality, FrameLen::Ms60);
    let mut out = Vec::new();
    let mut next = |playlist: &mut Playlist| uplink.next_packet(playlist, &mut out).expect("a packet");
    assert_eq!(next(&mut playlist), Outgoing::Passed);
    playlist.set_gain_db(-6.0);
    assert_eq!(next(&mut playlist), Outgoing::Encoded);
    playlist.set_gain_db(0.0);
    // The ramp back is still sound of ours.
    assert_eq!(next(&mut playlist), Outgoing::Encoded);
    assert_eq!(next(&mut playlist), Outgoing::Passed);
    playlist.set_muted(true);
    assert_eq!(next(&mut playlist), Outgoing::Encoded);
}

#[test]
fn a_lost_packet_is_recovered_from_the_next_one_when_hints_ask_for_it() {
    let pcm = speech(48_000 * 4);
    let mut uplink = uplink(Profile::Quality, FrameLen::Ms60);
    uplink.set_hints(EncoderHints { bitrate: None, expected_loss: 20, fec: true });
    let packets = packets(&mut uplink, &mut playing(Box::new(PcmSource::new(pcm.as_slice()))), 66);
    let play = |conceal: bool| {
        let mut downlink = Downlink::new().expect("a decoder");
        let mut heard = Vec::new();
        for (n, packet) in packets.iter().enumerate() {
            let piece = match n % 5 {
                4 if n + 1 < packets.len() && !conceal => Decode::Fec(&packets[n + 1]),
                4 => Decode::Conceal,
                _ => Decode::Frame(packet),
            };
            assert_eq!(downlink.feed(piece, MS60, Stretch::None).samples, 2880);
            hear(&mut downlink, &mut heard);
        }
        (likeness(&pcm[10_000..180_000], &heard[10_312..180_312]), downlink.stats())
    };
    let ((recovered, stats), (concealed, _)) = (play(false), play(true));
    assert!(stats.recovered >= 8, "{stats:?}");
    assert!(recovered > concealed + 0.03, "recovered {recovered}, concealed {concealed}");
}

#[test]
fn concealment_fades_to_silence_within_180_ms_and_sound_returns_without_a_click() {
    let mut playlist = playing(Box::new(Tone::new(400.0, 0.5)));
    let packets = packets(&mut uplink(Profile::Quality, FrameLen::Ms60), &mut playlist, 20);
    let mut downlink = Downlink::new().expect("a decoder");
    let mut heard = Vec::new();
    for packet in &packets[..10] {
        downlink.feed(Decode::Frame(packet), MS60, Stretch::None);
        hear(&mut downlink, &mut heard);
    }
    let gap = heard.len();
    for _ in 0..5 {
        downlink.feed(Decode::Conceal, MS60, Stretch::None);
        hear(&mut downlink, &mut heard);
    }
    assert!(Level::of(&heard[gap..gap + 960]).rms_db > -20.0, "still heard at first");
    assert!(heard[gap + 8640..].iter().all(|&s| s == 0), "silence after 180 ms");
    downlink.feed(Decode::Frame(&packets[15]), MS60, Stretch::None);
    hear(&mut downlink, &mut heard);
    let worst = heard.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max();
    assert!(worst < Some(2_500), "a sine of this level moves by 860 a sample: {worst:?}");
    assert_eq!(downlink.stats().concealed_samples, 5 * 2880);
}

#[test]
fn a_peer_that_sends_nothing_is_silence_at_once() {
    let mut playlist = playing(Box::new(Tone::new(400.0, 0.5)));
    let packets = packets(&mut uplink(Profile::Quality, FrameLen::Ms60), &mut playlist, 10);
    let mut downlink = Downlink::new().expect("a decoder");
    let mut heard = Vec::new();
    for packet in &packets {
        downlink.feed(Decode::Frame(packet), MS60, Stretch::None);
        hear(&mut downlink, &mut heard);
    }
    let begin = heard.len();
    downlink.feed(Decode::Silence, MS60, Stretch::None);
    hear(&mut downlink, &mut heard);
    assert!(heard[begin + 240..].iter().all(|&s| s == 0));
    assert_ne!(heard[begin], 0, "reached by a ramp");
}

#[test]
fn hostile_packets_are_counted_and_their_time_is_kept() {
    let mut downlink = Downlink::new().expect("a decoder");
    for bytes in [&[][..], &[0x03], &[0x03, 0], &[0xFF; 3], &[0x1B, 3, 0, 0, 0]] {
        let fed = downlink.feed(Decode::Frame(bytes), MS60, Stretch::None);
        assert_eq!((fed.samples, fed.damaged), (2880, true), "{bytes:02x?}");
        downlink.feed(Decode::Fec(bytes), MS60, Stretch::Lengthen);
        hear(&mut downlink, &mut Vec::new());
    }
    assert_eq!(downlink.stats().damaged, 5);
}

#[test]
fn stretching_changes_the_length_as_told_and_leaves_the_tone_pure() {
    for (stretch, sign) in [(Stretch::Shorten, -1), (Stretch::Lengthen, 1)] {
        let mut playlist = playing(Box::new(Tone::new(400.0, 0.5)));
        let packets = packets(&mut uplink(Profile::Quality, FrameLen::Ms60), &mut playlist, 40);
        let mut downlink = Downlink::new().expect("a decoder");
        let (mut heard, mut change) = (Vec::new(), 0);
        for (n, packet) in packets.iter().enumerate() {
            let stretch = if n % 4 == 3 { stretch } else { Stretch::None };
            let fed = downlink.feed(Decode::Frame(packet), MS60, stretch);
            assert_eq!(fed.samples as i32, 2880 + fed.stretched);
            assert!(fed.stretched.abs() <= 960 && (fed.stretched == 0 || fed.stretched.signum() == sign));
            change += fed.stretched;
            hear(&mut downlink, &mut heard);
        }
        assert!(change.abs() >= 10 * 480, "{change}");
        let worst = heard[10_000..].windows(2).map(|p| (i32::from(p[1]) - i32::from(p[0])).abs()).max();
        assert!(worst < Some(1_500), "{stretch:?}: {worst:?}");
    }
}

#[test]
fn an_owner_that_feeds_too_little_hears_concealment_and_it_is_counted() {
    let mut downlink = Downlink::new().expect("a decoder");
    let mut frame = [1; FRAME_SAMPLES];
    assert_eq!(downlink.pull(&mut frame), Level::SILENCE);
    assert_eq!((frame, downlink.stats().starved), ([0; FRAME_SAMPLES], 1));
}

#[test]
fn a_broadcast_is_encoded_once_for_all_listeners() {
    let pcm = speech(48_000 * 2);
    let source = Box::new(PcmSource::new(pcm.as_slice()));
    let broadcast = Broadcast::new(source, Profile::Quality, FrameLen::Ms60).expect("an encoder");
    let mut calls: Vec<_> = (0..5)
        .map(|_| {
            let listener = broadcast.listen().expect("a listener");
            (playing(Box::new(listener)), uplink(Profile::Quality, FrameLen::Ms60), Vec::new())
        })
        .collect();
    for _ in 0..33 {
        for (playlist, uplink, out) in &mut calls {
            assert_eq!(uplink.next_packet(playlist, out), Ok(Outgoing::Passed));
        }
        assert!(calls.iter().all(|call| call.2 == calls[0].2), "all hear the same");
    }
    assert_eq!(broadcast.packets(), 34, "one more than was needed");
    let (_, uplink, _) = &calls[4];
    assert_eq!((uplink.stats().passed, uplink.stats().encoded), (33, 0));
    // The end reaches everybody.
    let (playlist, uplink, out) = &mut calls[0];
    while uplink.next_packet(playlist, out) == Ok(Outgoing::Passed) {}
    assert_eq!(events(playlist).last(), Some(&PlaylistEvent::PlaylistEmpty));
}

#[test]
fn a_listener_that_was_away_goes_on_with_what_is_on_air() {
    let broadcast =
        Broadcast::new(Box::new(Tone::new(300.0, 0.3)), Profile::Dense, FrameLen::Ms20).expect("an encoder");
    let (mut here, mut away) =
        (broadcast.listen().expect("a listener"), broadcast.listen().expect("a listener"));
    let mut frame = [0; FRAME_SAMPLES];
    here.pull(&mut frame);
    away.pull(&mut frame);
    for _ in 0..100 {
        assert_eq!(here.pull(&mut frame), offhook_media::Pulled::Pcm);
    }
    assert_eq!(away.pull(&mut frame), offhook_media::Pulled::Pcm);
    assert!(away.skipped() > 80, "{}", away.skipped());
    assert_eq!(here.skipped(), 0);
}

/// Configuration of a packet: what codes it, and up to which sound (RFC 6716, table 2).
fn configuration(packet: &[u8]) -> u8 {
    packet[0] >> 3
}

#[test]
fn a_change_between_the_speech_profiles_changes_what_is_coded_and_goes_on_with_the_same_encoder() {
    /// Hybrid up to 20 kHz in frames of 20 ms, and SILK up to 8 kHz in one frame of 60.
    const FULL: u8 = 15;
    const WIDE: u8 = 11;
    let source = open(SourceSpec::new(clip("speech.wav")).inline()).expect("the clip");
    let mut playlist = playing(source);
    let mut uplink = uplink(Profile::Quality, FrameLen::Ms60);
    let mut run = |uplink: &mut Uplink| {
        // The encoder may finish what it has begun.
        packets(uplink, &mut playlist, 20)[4..].iter().map(|packet| configuration(packet)).collect::<Vec<_>>()
    };
    assert_eq!(run(&mut uplink), [FULL; 16]);
    uplink.set_profile(Profile::Balanced).expect("the encoder takes it");
    assert_eq!(run(&mut uplink), [WIDE; 16]);
    // What the network asks for does not widen it.
    uplink.set_hints(EncoderHints { bitrate: None, expected_loss: 1, fec: true });
    assert_eq!(run(&mut uplink), [WIDE; 16]);
    uplink.set_profile(Profile::Quality).expect("the encoder takes it");
    assert_eq!(run(&mut uplink), [FULL; 16]);
    assert_eq!(uplink.stats().encoded, 80);
}
