//! Every kind of recording: what was heard is in the file, at its time, and the file is valid at every moment.

mod common;

use std::path::PathBuf;
use std::time::Duration;

use common::{drain, likeness, speech};
use offhook_media::{
    Clip, FRAME, FRAME_SAMPLES, FrameLen, MediaTime, NullSink, OpenSinkError, PcmSource, Playlist, Profile,
    Report, SinkFormat, SinkSpec, SourceSpec, Tee, Uplink, UplinkConfig, open, open_sink,
};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn record(spec: impl Into<SinkSpec>, frames: &[[i16; FRAME_SAMPLES]]) -> Report {
    let mut sink = open_sink(spec).expect("a sink");
    frames.iter().for_each(|frame| sink.write(frame));
    sink.close().wait()
}

fn frames(count: i16) -> Vec<[i16; FRAME_SAMPLES]> {
    (0..count).map(|n| [n * 7; FRAME_SAMPLES]).collect()
}

fn heard(path: &PathBuf) -> Vec<i16> {
    drain(open(SourceSpec::new(path).inline()).expect("a recording").as_mut())
}

/// Packets of 60 ms as a call sends them.
fn packets(pcm: &[i16]) -> Vec<Vec<u8>> {
    let mut playlist = Playlist::new();
    playlist.play(Box::new(PcmSource::new(pcm)));
    let mut uplink = Uplink::new(UplinkConfig::default()).expect("an encoder");
    let mut out = Vec::new();
    (0..pcm.len() / 2880)
        .map(|_| {
            uplink.next_packet(&mut playlist, &mut out).expect("a packet");
            out.clone()
        })
        .collect()
}

#[test]
fn raw_and_wav_hold_exactly_what_was_written() {
    let folder = folder();
    let written: Vec<i16> = frames(40).concat();
    for (name, header) in [("a.raw", 0), ("a.wav", 44)] {
        let path = folder.path().join(name);
        let report = record(&path, &frames(40));
        let want = Report {
            path: Some(path.clone()),
            length: MediaTime::from_samples(40 * 960),
            frames: 40,
            bytes: header + 40 * 1920,
            ..Report::default()
        };
        assert_eq!(report, want);
        assert!(heard(&path) == written, "{name}");
    }
    // An independent reader agrees on the WAV.
    let mut reader = hound::WavReader::open(folder.path().join("a.wav")).expect("a WAV");
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (1, 48_000, 16));
    assert!(reader.samples::<i16>().map(|s| s.expect("a sample")).eq(written));
}

#[test]
fn the_wav_header_is_the_44_bytes_of_the_books() {
    let folder = folder();
    let path = folder.path().join("one.wav");
    record(&path, &frames(1));
    let bytes = std::fs::read(&path).expect("the file");
    //           RIFF size       WAVE fmt  16          PCM   mono  48000             96000 bytes/s     2     16 bit  data size
    let want = [
        b"RIFF".as_slice(),
        &(36_u32 + 1920).to_le_bytes(),
        b"WAVEfmt ",
        &[16, 0, 0, 0],
        &[1, 0],
        &[1, 0],
        &[0x80, 0xBB, 0, 0],
        &[0x00, 0x77, 0x01, 0],
        &[2, 0],
        &[16, 0],
        b"data",
        &1920_u32.to_le_bytes(),
    ];
    assert_eq!(bytes[..44], want.concat());
}

#[test]
fn a_wav_is_valid_while_it_is_being_written() {
    let folder = folder();
    let path = folder.path().join("live.wav");
    let mut sink = open_sink(&path).expect("a sink");
    assert!(heard(&path).is_empty() || std::fs::metadata(&path).expect("the file").len() == 44);
    let mut seen = 0;
    for frame in frames(30) {
        sink.write(&frame);
    }
    // The writer has been woken; whatever it has written by now, the header agrees with it.
    for _ in 0..20_000 {
        let mut reader = hound::WavReader::open(&path).expect("a valid WAV at every moment");
        let count = reader.samples::<i16>().filter(Result::is_ok).count();
        assert!(count >= seen);
        seen = count;
        if seen >= 10 * 960 {
            break;
        }
        std::thread::yield_now();
    }
    assert!(seen >= 10 * 960, "{seen}");
    assert_eq!(sink.close().wait().frames, 30);
}

#[test]
fn a_dropped_sink_is_finished_too() {
    let folder = folder();
    let path = folder.path().join("dropped.wav");
    let mut sink = open_sink(&path).expect("a sink");
    sink.write(&[5; FRAME_SAMPLES]);
    drop(sink);
    for _ in 0..1_000_000 {
        if std::fs::metadata(&path).expect("the file").len() == 44 + 1920 {
            break;
        }
        std::thread::yield_now();
    }
    assert!(heard(&path) == [5; FRAME_SAMPLES]);
}

#[test]
fn overload_loses_sound_but_keeps_time() {
    let folder = folder();
    let path = folder.path().join("late.wav");
    // A minute at once, far more than the ring holds: some is lost, and silence stands in its place.
    let report = record(&path, &frames(3_000));
    assert_eq!(report.length, MediaTime::from_samples(3_000 * 960));
    let sound = heard(&path);
    assert_eq!(sound.len(), 3_000 * 960);
    let silent = sound.chunks_exact(960).skip(1).filter(|frame| frame[0] == 0).count() as u64;
    assert_eq!(report.lost, MediaTime::from_samples(silent * 960));
    for (n, frame) in sound.chunks_exact(960).enumerate() {
        assert!(frame[0] == 0 || frame[0] == (n as i16).wrapping_mul(7), "frame {n} is where it belongs");
    }
}

#[test]
fn ogg_opus_keeps_the_packets_of_the_call_and_their_time() {
    let folder = folder();
    let path = folder.path().join("call.ogg");
    let pcm = speech(48_000 * 3);
    let packets = packets(&pcm);
    let mut sink = open_sink(&path).expect("a sink");
    assert!(sink.wants_packets() && !sink.wants_pcm());
    for (n, packet) in packets.iter().enumerate() {
        match n {
            // One lost, and half a second in which the peer is silent.
            10 => sink.write_gap(Duration::from_millis(60)),
            25 => {
                sink.write_gap(Duration::from_millis(500));
                sink.write_packet(packet);
            }
            _ => sink.write_packet(packet),
        }
    }
    let report = sink.close().wait();
    let want = packets.len() as u64 * 2880 + 24_000;
    assert_eq!((report.length, report.error), (MediaTime::from_samples(want), None));
    let source = open(SourceSpec::new(&path).inline()).expect("the recording");
    assert_eq!(source.info().duration, Some(MediaTime::from_samples(want)));
    let heard = heard(&path);
    assert_eq!(heard.len() as u64, want);
    // Sound before and after the gaps is at its time.
    let before = likeness(&pcm[5_000..25_000], &heard[5_000..25_000]);
    let after = likeness(&pcm[80_000..140_000], &heard[80_000 + 24_000..140_000 + 24_000]);
    assert!(before > 0.85 && after > 0.85, "{before} {after}");
    assert!(
        heard[25 * 2880 + 14_000..25 * 2880 + 23_000].iter().all(|s| s.abs() < 30),
        "the pause is silent"
    );
    check_with_opusinfo(&path);
}

/// A second opinion where the tool is installed.
fn check_with_opusinfo(path: &PathBuf) {
    let Ok(output) = std::process::Command::new("opusinfo").arg(path).output() else { return };
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !text.contains("WARNING"), "{text}");
}

#[test]
fn ogg_opus_encoded_from_pcm_has_its_length_to_the_sample() {
    let folder = folder();
    let path = folder.path().join("heard.opus");
    let pcm = speech(960 * 40);
    let frames: Vec<[i16; FRAME_SAMPLES]> = pcm.as_chunks().0.to_vec();
    let report = record(SinkSpec::new(&path).format(SinkFormat::OggOpusEncoded), &frames);
    assert_eq!((report.length, report.error), (MediaTime::from_samples(960 * 40), None));
    let heard = heard(&path);
    assert_eq!(heard.len(), 960 * 40);
    assert!(likeness(&pcm[5_000..35_000], &heard[5_000..35_000]) > 0.85);
    check_with_opusinfo(&path);
}

#[test]
fn an_empty_recording_is_a_valid_file() {
    let folder = folder();
    for name in ["empty.wav", "empty.ogg"] {
        let path = folder.path().join(name);
        assert_eq!(record(&path, &[]).length, MediaTime::ZERO);
        assert!(heard(&path).len() <= FRAME_SAMPLES, "{name}");
    }
}

#[test]
fn a_tee_feeds_sinks_of_packets_and_of_pcm() {
    let folder = folder();
    let (ogg, wav) = (folder.path().join("t.ogg"), folder.path().join("t.wav"));
    let sinks =
        vec![open_sink(&ogg).expect("ogg"), open_sink(&wav).expect("wav"), Box::new(NullSink::new()) as _];
    let mut tee: Box<dyn offhook_media::Sink> = Box::new(Tee::new(sinks));
    assert!(tee.wants_packets() && tee.wants_pcm());
    for packet in packets(&speech(2880 * 5)) {
        tee.write_packet(&packet);
        (0..3).for_each(|_| tee.write(&[1; FRAME_SAMPLES]));
    }
    let report = tee.close().wait();
    assert_eq!(report.parts.len(), 3);
    assert_eq!(report.length, MediaTime::from_samples(5 * 2880));
    assert_eq!((heard(&ogg).len(), heard(&wav).len()), (5 * 2880, 5 * 2880));
}

#[test]
fn what_cannot_be_written_says_why_now() {
    let folder = folder();
    let refused = |path: PathBuf| open_sink(&path).err().expect("a refusal");
    assert!(matches!(refused(folder.path().join("no/such/a.wav")), OpenSinkError::NoFolder { .. }));
    assert!(matches!(refused(folder.path().to_path_buf()), OpenSinkError::Directory { .. }));
    assert!(matches!(refused(folder.path().join("a.mp3")), OpenSinkError::UnknownFormat { .. }));
    let text = refused(folder.path().join("a.mp3")).to_string();
    assert!(text.contains("a.mp3") && text.contains(".wav"), "{text}");
}

#[test]
fn a_full_disk_is_reported_at_close() {
    let full = PathBuf::from("/dev/full");
    if !full.exists() {
        return;
    }
    let report = record(SinkSpec::new(&full).format(SinkFormat::Raw), &frames(50));
    assert!(report.error.is_some(), "{report:?}");
}

#[test]
fn a_clip_is_encoded_once_and_played_by_many_to_the_sample() {
    let pcm = speech(48_000 + 123);
    let source = Box::new(PcmSource::new(pcm.as_slice()));
    let clip = Clip::encode(source, Profile::Quality, FrameLen::Ms60).expect("a clip");
    let mut one = clip.source().expect("a player");
    let heard = drain(one.as_mut());
    assert_eq!(heard.len(), pcm.len());
    assert!(likeness(&pcm[5_000..45_000], &heard[5_000..45_000]) > 0.85);
    assert!(drain(clip.source().expect("a player").as_mut()) == heard);
    one.seek(MediaTime::from_samples(20_000)).expect("a place in the clip");
    let rest = drain(one.as_mut());
    assert_eq!(rest.len(), pcm.len() - 20_000);
    assert!(likeness(&rest[960..20_000], &heard[20_960..40_000]) > 0.97);
    assert!(clip.bytes() < 6_000 && FRAME == Duration::from_millis(20));
}
