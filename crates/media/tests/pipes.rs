//! FIFOs at both ends: absent, slow, dead and returning partners, and nothing ever waits.

mod common;

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Command;

use common::sine;
use offhook_media::{
    FRAME_SAMPLES, MediaTime, Pulled, RawFormat, SampleRate, Sink, SourceSpec, open, open_sink,
};
use tempfile::TempDir;

fn fifo(folder: &TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    let made = Command::new("mkfifo").arg(&path).status().expect("mkfifo is part of every system");
    assert!(made.success());
    path
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// Opens for writing; a reader is there.
fn writer(path: &PathBuf) -> File {
    OpenOptions::new().write(true).open(path).expect("a FIFO with a reader")
}

#[test]
fn a_fifo_source_outlives_its_writers() {
    let folder = folder();
    let path = fifo(&folder, "radio");
    // Opening does not wait for a writer, and neither does pulling.
    let mut source = open(&path).expect("a FIFO without a writer");
    assert!(source.info().live);
    let mut frame = [7; FRAME_SAMPLES];
    assert_eq!(source.pull(&mut frame), Pulled::Dry(0));
    assert_eq!(frame, [0; FRAME_SAMPLES]);

    let mut first = writer(&path);
    assert_eq!(source.pull(&mut frame), Pulled::Dry(0), "a writer that has written nothing yet");
    first.write_all(&bytes(&[11; FRAME_SAMPLES + 100])).expect("room in the pipe");
    assert_eq!(source.pull(&mut frame), Pulled::Pcm);
    assert_eq!(frame, [11; FRAME_SAMPLES]);
    assert_eq!(source.pull(&mut frame), Pulled::Dry(100), "a slow writer");
    assert_eq!((frame[99], frame[100]), (11, 0));

    // It leaves in the middle of a sample: padded with zeros.
    first.write_all(&[0x22]).expect("room in the pipe");
    drop(first);
    assert_eq!(source.pull(&mut frame), Pulled::Dry(1));
    assert_eq!(frame[0], 0x22);
    assert_eq!(source.pull(&mut frame), Pulled::Dry(0), "nobody is there, and the source waits");

    // The next one begins with a whole sample.
    let mut second = writer(&path);
    second.write_all(&bytes(&[33; FRAME_SAMPLES])).expect("room in the pipe");
    assert_eq!(source.pull(&mut frame), Pulled::Pcm);
    assert_eq!(frame, [33; FRAME_SAMPLES]);
    assert_eq!(source.position(), MediaTime::from_samples(2 * 960 + 100 + 1));
    assert_eq!(source.dry_samples(), 960 + 960 + 860 + 959 + 960);
}

#[test]
fn a_fifo_source_may_end_with_its_writer() {
    let folder = folder();
    let path = fifo(&folder, "once");
    let mut source = open(SourceSpec::new(&path).end_with_writer()).expect("a FIFO");
    let mut frame = [0; FRAME_SAMPLES];
    assert_eq!(source.pull(&mut frame), Pulled::Dry(0), "not before there was one");
    let mut writer = writer(&path);
    writer.write_all(&bytes(&[5; 1000])).expect("room in the pipe");
    drop(writer);
    assert_eq!(source.pull(&mut frame), Pulled::Pcm);
    assert_eq!(source.pull(&mut frame), Pulled::End(40));
}

#[test]
fn a_wav_header_in_a_fifo_is_read_and_each_writer_brings_its_own() {
    let folder = folder();
    let path = fifo(&folder, "wav");
    let mut source = open(&path).expect("a FIFO");
    let mut frame = [0; FRAME_SAMPLES];
    let mut one = writer(&path);
    let mut header = Vec::new();
    {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut cursor = std::io::Cursor::new(&mut header);
        hound::WavWriter::new(&mut cursor, spec).and_then(hound::WavWriter::finalize).expect("a header");
    }
    // The header comes in two pieces, with a pull between them.
    one.write_all(&header[..20]).expect("room in the pipe");
    assert_eq!(source.pull(&mut frame), Pulled::Dry(0));
    one.write_all(&header[20..]).expect("room in the pipe");
    one.write_all(&bytes(&[100, 300].repeat(FRAME_SAMPLES))).expect("room in the pipe");
    assert_eq!(source.pull(&mut frame), Pulled::Pcm);
    assert_eq!(frame, [200; FRAME_SAMPLES], "two channels mixed down");
    drop(one);
    source.pull(&mut frame);
    writer(&path).write_all(&bytes(&[9; FRAME_SAMPLES])).expect("room in the pipe");
    assert_eq!(source.pull(&mut frame), Pulled::Pcm);
    assert_eq!(frame, [9; FRAME_SAMPLES], "the next writer sends raw samples");
}

#[test]
fn a_fifo_of_another_rate_is_resampled_live() {
    let folder = folder();
    let path = fifo(&folder, "phone");
    let raw = RawFormat { rate: SampleRate::new(8_000).expect("a rate"), channels: 1 };
    let mut source = open(SourceSpec::new(&path).raw(raw)).expect("a FIFO");
    let tone: Vec<i16> = sine(600.0, 0.5, 48_000).into_iter().step_by(6).collect();
    let mut writer = writer(&path);
    let (mut heard, mut frame) = (Vec::new(), [0; FRAME_SAMPLES]);
    for piece in tone.chunks(160) {
        writer.write_all(&bytes(piece)).expect("room in the pipe");
        assert_eq!(source.pull(&mut frame), Pulled::Pcm);
        heard.extend_from_slice(&frame);
    }
    let (level, purity) = common::tone(&heard[4_000..44_000], 600.0);
    assert!((level + 6.02).abs() < 0.02 && purity > 75.0, "{level} {purity}");
}

#[test]
fn a_fifo_sink_without_a_reader_drops_and_counts() {
    let folder = folder();
    let path = fifo(&folder, "out.raw");
    let mut sink = open_sink(&path).expect("a FIFO without a reader");
    for _ in 0..100 {
        sink.write(&[1; FRAME_SAMPLES]);
    }
    let report = sink.close().wait();
    assert_eq!(report.frames, 100);
    assert_eq!(report.lost, MediaTime::from_samples(100 * 960));
    assert_eq!((report.bytes, report.error), (0, None));
}

#[test]
fn a_reader_of_a_fifo_sink_gets_whole_samples_from_when_it_comes() {
    let folder = folder();
    let path = fifo(&folder, "out.wav");
    let mut reader =
        OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&path).expect("a FIFO");
    let mut sink = open_sink(&path).expect("a FIFO");
    for n in 0..20 {
        sink.write(&[n; FRAME_SAMPLES]);
    }
    let report = sink.close().wait();
    assert_eq!((report.lost, report.error), (MediaTime::ZERO, None));
    let mut got = Vec::new();
    reader.read_to_end(&mut got).expect("what was written");
    assert_eq!(got.len(), 44 + 20 * 1920);
    // A stream's header says that nobody knows its length.
    assert_eq!((&got[..4], &got[40..44]), (b"RIFF".as_slice(), [0xFF; 4].as_slice()));
    assert_eq!(got[44 + 19 * 1920], 19);
}

#[test]
fn a_reader_that_stands_still_costs_sound_but_no_time() {
    let folder = folder();
    let path = fifo(&folder, "stuck.raw");
    let _reader = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&path).expect("a FIFO");
    let mut sink: Box<dyn Sink> = open_sink(&path).expect("a FIFO");
    // Ten seconds: the pipe and the ring hold less than three.
    for _ in 0..500 {
        sink.write(&[1; FRAME_SAMPLES]);
    }
    let report = sink.close().wait();
    assert_eq!(report.frames, 500);
    let kept = report.bytes / 2;
    assert!(report.lost.samples() > 0 && kept > 0);
    assert!(report.lost.samples() + kept >= 500 * 960 - 48_000, "{report:?}");
}
