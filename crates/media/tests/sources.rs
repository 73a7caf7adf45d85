//! Every kind of file as a source: exact samples where the format allows it, and every reason why one cannot be opened.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{clip, drain, likeness, sine, tone};
use offhook_media::{
    FRAME_SAMPLES, Format, MediaTime, OpenError, Pulled, RawFormat, SampleRate, SeekError, Source,
    SourceSpec, open,
};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file in a temporary folder");
    path
}

fn inline(path: impl AsRef<Path>) -> Box<dyn Source> {
    open(SourceSpec::new(path.as_ref()).inline()).expect("a source that opens")
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

fn refused(spec: impl Into<SourceSpec>) -> OpenError {
    match open(spec) {
        Ok(source) => panic!("opened as {:?}", source.info()),
        Err(error) => error,
    }
}

#[test]
fn raw_samples_come_out_as_they_went_in() {
    let folder = folder();
    let samples: Vec<i16> = (0..5_000).map(|n| (n * 13 - 30_000) as i16).collect();
    let mut source = inline(write(&folder, "a.raw", &bytes(&samples)));
    assert_eq!(source.info().duration, Some(MediaTime::from_samples(5_000)));
    assert_eq!(source.info().remark, None);
    assert!(drain(source.as_mut()) == samples);
    assert_eq!(source.position(), MediaTime::from_samples(5_000));
}

#[test]
fn half_a_sample_at_the_end_is_padded_with_zeros_and_remarked() {
    let folder = folder();
    let mut source = inline(write(&folder, "odd.pcm", &[0x01, 0x02, 0x7F]));
    assert!(source.info().remark.is_some_and(|remark| remark.contains("padded")));
    assert_eq!(drain(source.as_mut()), [0x0201, 0x007F]);
}

#[test]
fn raw_layout_is_an_option() {
    let folder = folder();
    // Stereo at 24 kHz: left and right are averaged, and twice as many samples come out.
    let pairs: Vec<i16> = sine(500.0, 0.5, 24_000).iter().step_by(2).flat_map(|&s| [s, s]).collect();
    let path = write(&folder, "stereo.s16", &bytes(&pairs));
    let raw = RawFormat { rate: SampleRate::new(24_000).expect("a rate"), channels: 2 };
    let mut source = open(SourceSpec::new(path).raw(raw).inline()).expect("a source");
    let heard = drain(source.as_mut());
    assert_eq!(heard.len(), 24_000);
    let (level, purity) = tone(&heard[2_000..22_000], 500.0);
    assert!((level + 6.02).abs() < 0.02 && purity > 80.0, "{level} {purity}");
}

#[test]
fn every_wav_coding_comes_out_the_same() {
    let folder = folder();
    let samples = sine(440.0, 0.5, 4_801);
    for (bits, format) in [
        (8, hound::SampleFormat::Int),
        (16, hound::SampleFormat::Int),
        (24, hound::SampleFormat::Int),
        (32, hound::SampleFormat::Int),
        (32, hound::SampleFormat::Float),
    ] {
        let path = folder.path().join(format!("{bits}{format:?}.wav"));
        let spec =
            hound::WavSpec { channels: 1, sample_rate: 48_000, bits_per_sample: bits, sample_format: format };
        let mut writer = hound::WavWriter::create(&path, spec).expect("a writer");
        for &sample in &samples {
            let sample = i32::from(sample);
            match (format, bits) {
                (hound::SampleFormat::Float, _) => writer.write_sample(sample as f32 / 32_768.0),
                (_, 8) => writer.write_sample(sample >> 8),
                (_, bits) => writer.write_sample(sample << (bits - 16)),
            }
            .expect("a sample");
        }
        writer.finalize().expect("a file");
        let mut source = inline(&path);
        assert_eq!(source.info().format, "wav");
        let heard = drain(source.as_mut());
        if bits == 8 {
            let worst = heard.iter().zip(&samples).map(|(a, b)| (a - b).abs()).max();
            assert!(worst <= Some(256), "{worst:?}");
            assert_eq!(heard.len(), samples.len());
        } else {
            assert!(heard == samples, "{bits} {format:?}");
        }
    }
}

#[test]
fn the_stereo_tone_of_another_rate_arrives_pure_at_its_level() {
    let mut source = inline(clip("tone-44100-stereo.wav"));
    assert_eq!((source.info().rate, source.info().channels), (44_100, 2));
    let heard = drain(source.as_mut());
    assert_eq!(heard.len(), 48_000);
    let (level, purity) = tone(&heard[2_000..46_000], 1_000.0);
    assert!((level + 6.0).abs() < 0.05, "{level}");
    assert!(purity > 80.0, "{purity}");
    let raw = drain(inline(clip("tone-48000-mono.s16")).as_mut());
    assert!(
        likeness(&raw[1_000..47_000], &heard[1_000..47_000]) > 0.999_99,
        "in phase with the tone made at 48 kHz"
    );
}

#[test]
fn flac_and_vorbis_are_the_same_second() {
    let mut flac = inline(clip("chime.flac"));
    assert_eq!(flac.info().duration, Some(MediaTime::from_samples(48_000)));
    let flac = drain(flac.as_mut());
    assert_eq!(flac.len(), 48_000);
    let vorbis = drain(inline(clip("chime-vorbis.ogg")).as_mut());
    assert_eq!(vorbis.len(), 48_000);
    assert!(likeness(&flac, &vorbis) > 0.98);
    let opus = drain(inline(clip("hold.ogg")).as_mut());
    assert!(likeness(&flac, &opus[..48_000]) > 0.95);
}

#[test]
fn ogg_opus_has_its_length_to_the_sample() {
    let mut source = inline(clip("hold.ogg"));
    let info = source.info().clone();
    assert_eq!((info.format, info.duration), ("ogg opus", Some(MediaTime::from_samples(384_000))));
    assert_eq!(drain(source.as_mut()).len(), 384_000);
}

#[test]
fn seeking_lands_on_the_sample_in_every_container() {
    for name in [
        "speech.wav",
        "tone-48000-mono.s16",
        "tone-44100-stereo.wav",
        "chime.flac",
        "chime-vorbis.ogg",
        "hold.ogg",
    ] {
        let whole = drain(inline(clip(name)).as_mut());
        let mut source = inline(clip(name));
        for place in [30_001_usize, 7, 47_000, 0] {
            source.seek(MediaTime::from_samples(place as u64)).expect("a place in the file");
            assert_eq!(source.position(), MediaTime::from_samples(place as u64));
            let mut heard = [0; FRAME_SAMPLES];
            assert!(matches!(source.pull(&mut heard), Pulled::Pcm | Pulled::End(_)), "{name}");
            // Filters and decoders settle within a frame; then it is the same sound.
            let mut next = [0; FRAME_SAMPLES];
            source.pull(&mut next);
            let begin = (place + FRAME_SAMPLES).min(whole.len());
            let end = (begin + FRAME_SAMPLES).min(whole.len());
            if begin < end {
                let like = likeness(&whole[begin..end], &next[..end - begin]);
                assert!(like > 0.97, "{name} at {place}: {like}");
            }
        }
        source.seek(MediaTime::from_samples(20_000)).expect("a place in the file");
        assert_eq!(drain(source.as_mut()).len(), whole.len() - 20_000, "{name}");
        let end = MediaTime::from_samples(whole.len() as u64);
        let behind = end + MediaTime::from_samples(1);
        assert_eq!(source.seek(behind), Err(SeekError::BehindEnd { end }), "{name}");
    }
}

#[test]
fn a_repeating_source_goes_round_without_a_gap() {
    for name in ["tone-48000-mono.s16", "chime.flac", "chime-vorbis.ogg", "hold.ogg"] {
        let mut source = inline(clip(name));
        assert!(source.set_repeat(true));
        let first = drain(source.as_mut());
        let second = drain(source.as_mut());
        assert!(first == second, "{name}");
        assert_eq!(source.position(), MediaTime::ZERO);
        source.set_repeat(false);
        assert!(drain(source.as_mut()) == first, "the round that has begun is heard");
        assert_eq!(source.pull(&mut [0; FRAME_SAMPLES]), Pulled::End(0));
    }
}

#[test]
fn a_file_read_ahead_sounds_like_one_read_in_place() {
    for name in ["speech.wav", "hold.ogg", "chime-vorbis.ogg"] {
        let here = drain(inline(clip(name)).as_mut());
        let mut ahead = open(clip(name)).expect("a source");
        let mut frame = [0; FRAME_SAMPLES];
        assert_eq!(ahead.pull(&mut frame), Pulled::Pcm, "the first frame is there when the source is open");
        ahead.seek(MediaTime::ZERO).expect("the beginning");
        assert!(drain(ahead.as_mut()) == here, "{name}");
        // Back again after the end.
        ahead.seek(MediaTime::from_samples(40_000)).expect("a place in the file");
        let again = drain(ahead.as_mut());
        assert_eq!(again.len(), here.len() - 40_000, "{name}");
    }
}

#[test]
fn a_hundred_open_files_need_no_more_threads_than_two() {
    let count = || fs::read_dir("/proc/self/task").map(Iterator::count).unwrap_or(0);
    let first: Vec<_> = (0..2).map(|_| open(clip("hold.ogg")).expect("a source")).collect();
    let before = count();
    let many: Vec<_> = (0..100).map(|_| open(clip("hold.ogg")).expect("a source")).collect();
    // Other tests come and go on threads of their own; a thread for each file would be far more.
    assert!(count() < before + 50, "{} threads before, {} after", before, count());
    drop((first, many));
}

#[test]
fn what_cannot_be_opened_says_why_and_what_to_do() {
    let folder = folder();
    let wav = |channels: u16, rate: u32| {
        let mut bytes = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
        bytes.extend(channels.to_le_bytes());
        bytes.extend(rate.to_le_bytes());
        bytes.extend([0, 0, 0, 0, 2, 0, 16, 0]);
        bytes.extend(b"data\x04\0\0\0\x01\0\x02\0");
        bytes
    };
    assert!(matches!(refused(folder.path().join("none.wav")), OpenError::Missing { .. }));
    assert!(matches!(refused(folder.path()), OpenError::Directory { .. }));
    assert!(matches!(refused(write(&folder, "empty.wav", b"")), OpenError::Empty { .. }));
    assert!(matches!(
        refused(write(&folder, "text.txt", b"just some words\n")),
        OpenError::UnknownFormat { .. }
    ));
    assert!(matches!(refused(write(&folder, "x.wav", &wav(0, 8_000))), OpenError::NoChannels { .. }));
    assert!(matches!(refused(write(&folder, "y.wav", &wav(1, 0))), OpenError::Rate { hz: 0, .. }));
    assert!(matches!(refused(write(&folder, "z.wav", &wav(1, 1_000_000))), OpenError::Rate { .. }));
    let whole = wav(1, 48_000);
    assert_eq!(drain(inline(write(&folder, "ok.wav", &whole)).as_mut()), [1, 2]);
    for cut in 5..44 {
        let path = write(&folder, "cut.wav", &whole[..cut]);
        let error = refused(SourceSpec::new(path).format(Format::Wav));
        assert!(matches!(error, OpenError::Truncated { .. }), "{cut}: {error}");
    }
    let ogg = fs::read(clip("hold.ogg")).expect("the clip");
    for cut in [30, 40, 47, 60, 80] {
        let path = write(&folder, "cut.ogg", &ogg[..cut]);
        let error = refused(SourceSpec::new(path).format(Format::OggOpus));
        assert!(matches!(error, OpenError::Truncated { .. }), "{cut}: {error}");
    }
    let text = refused(folder.path().join("none.wav")).to_string();
    assert!(
        text.starts_with("no such file: ") && text.contains("none.wav") && text.contains("check"),
        "{text}"
    );
}

#[test]
fn a_file_without_permission_is_denied() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = write(&folder, "secret.wav", b"RIFF");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("permissions of our own file");
    if fs::File::open(&path).is_ok() {
        return; // The superuser reads everything.
    }
    assert!(matches!(refused(path), OpenError::Denied { .. }));
}

#[test]
fn a_wav_that_is_shorter_than_its_header_says_is_heard_so_far() {
    let folder = folder();
    let whole = fs::read(clip("speech.wav")).expect("the clip");
    let mut source = inline(write(&folder, "cut.wav", &whole[..44 + 9_601]));
    assert!(source.info().remark.is_some_and(|remark| remark.contains("shorter")));
    assert_eq!(drain(source.as_mut()).len(), 4_801);
}

#[test]
fn an_ogg_that_is_cut_anywhere_is_heard_so_far() {
    let folder = folder();
    let ogg = fs::read(clip("hold.ogg")).expect("the clip");
    for cut in (5_000..ogg.len()).step_by(4_999) {
        let mut source = inline(write(&folder, "cut.ogg", &ogg[..cut]));
        let heard = drain(source.as_mut()).len();
        assert!(heard <= 384_000, "{cut}: {heard}");
        assert!(cut < 20_000 || heard > 48_000, "{cut}: {heard}");
    }
}

#[test]
fn a_damaged_ogg_ends_with_a_reason_or_goes_on_but_never_panics() {
    let folder = folder();
    let ogg = fs::read(clip("hold.ogg")).expect("the clip");
    for at in (100..ogg.len()).step_by(3_001) {
        let mut bytes = ogg.clone();
        bytes[at] ^= 0x55;
        let Ok(mut source) = open(SourceSpec::new(write(&folder, "bad.ogg", &bytes)).inline()) else {
            continue;
        };
        let mut frame = [0; FRAME_SAMPLES];
        let mut pulls = 0;
        while matches!(source.pull(&mut frame), Pulled::Pcm | Pulled::Dry(_)) {
            pulls += 1;
            assert!(pulls < 1_000, "{at}");
        }
    }
}
