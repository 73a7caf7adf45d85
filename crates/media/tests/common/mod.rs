//! Helpers of the tests: signals, measures, drained sources.
#![allow(dead_code, reason = "each test file uses some of them")]
#![allow(clippy::unwrap_used, reason = "a helper that fails should fail the test")]

use std::path::PathBuf;

use offhook_media::{FRAME_SAMPLES, Playlist, PlaylistEvent, Pulled, Source};

/// A clip of the repository.
pub(crate) fn clip(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../audio").join(name)
}

/// A sine of so many samples at 48 kHz.
pub(crate) fn sine(hz: f64, amplitude: f64, samples: usize) -> Vec<i16> {
    (0..samples)
        .map(|n| ((n as f64 * hz / 48_000.0).fract() * std::f64::consts::TAU).sin() * amplitude * 32_767.0)
        .map(|value| value.round() as i16)
        .collect()
}

/// Samples of the speech clip.
pub(crate) fn speech(samples: usize) -> Vec<i16> {
    let bytes = std::fs::read(clip("speech.wav")).unwrap();
    let speech = bytes[44 + 24_000..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
    speech.take(samples).collect()
}

/// Everything a source has, in frames; a source that is read ahead is given time.
pub(crate) fn drain(source: &mut dyn Source) -> Vec<i16> {
    let mut all = Vec::new();
    let mut frame = [0; FRAME_SAMPLES];
    let mut idle = 0;
    loop {
        match source.pull(&mut frame) {
            Pulled::Pcm => all.extend_from_slice(&frame),
            Pulled::End(count) => {
                all.extend_from_slice(&frame[..count]);
                return all;
            }
            Pulled::Dry(count) => {
                all.extend_from_slice(&frame[..count]);
                idle += 1;
                assert!(idle < 2_000_000, "the source never goes on");
                std::thread::yield_now();
            }
            Pulled::Failed(count, error) => panic!("failed after {} samples: {error}", all.len() + count),
        }
    }
}

pub(crate) fn pull(playlist: &mut Playlist) -> [i16; FRAME_SAMPLES] {
    let mut frame = [99; FRAME_SAMPLES];
    playlist.pull(&mut frame);
    frame
}

pub(crate) fn events(playlist: &mut Playlist) -> Vec<PlaylistEvent> {
    std::iter::from_fn(|| playlist.poll_event()).collect()
}

/// Likeness of two pieces of sound, 1 for equal shape.
pub(crate) fn likeness(a: &[i16], b: &[i16]) -> f64 {
    let product =
        |a: &[i16], b: &[i16]| -> f64 { a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum() };
    product(a, b) / (product(a, a) * product(b, b)).sqrt().max(1.0)
}

/// Level in dB of the best-fitting sine of `hz`, and how far everything else lies below it.
pub(crate) fn tone(signal: &[i16], hz: f64) -> (f64, f64) {
    let turn = |n: usize| (n as f64 * hz / 48_000.0).fract() * std::f64::consts::TAU;
    let (mut ss, mut cc, mut sc, mut xs, mut xc) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (n, &x) in signal.iter().enumerate() {
        let (s, c) = turn(n).sin_cos();
        let x = f64::from(x) / 32_768.0;
        (ss, cc, sc, xs, xc) = (ss + s * s, cc + c * c, sc + s * c, xs + x * s, xc + x * c);
    }
    let det = ss * cc - sc * sc;
    let (a, b) = ((xs * cc - xc * sc) / det, (xc * ss - xs * sc) / det);
    let (mut power, mut rest) = (0.0, 1e-20);
    for (n, &x) in signal.iter().enumerate() {
        let (s, c) = turn(n).sin_cos();
        let y = a * s + b * c;
        power += y * y;
        rest += (f64::from(x) / 32_768.0 - y).powi(2);
    }
    (20.0 * a.hypot(b).log10(), 10.0 * (power / rest).log10())
}
