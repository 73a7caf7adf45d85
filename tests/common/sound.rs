//! Sound to say, and a measure of how much of it was heard.

use std::path::Path;

use offhook::media::{PcmSource, Profile};
use offhook::voip::MediaOptions;

/// The encoder that keeps wave forms, so that what is heard can be compared with what was said sample by sample.
pub(crate) fn faithful() -> MediaOptions {
    MediaOptions::default().profile(Profile::Dense)
}

/// Syllables of a voice-like sound around a pitch in Hz: a gliding tone with overtones, on and off four times a second.
/// Every stretch of it differs from every other, so that a shift is found without doubt.
pub(crate) fn voice(seconds: f64, pitch: f64) -> Vec<i16> {
    let mut turns = 0.0_f64;
    (0..(seconds * 48_000.0) as usize)
        .map(|n| {
            let t = n as f64 / 48_000.0;
            let glide = 1.0 + 0.4 * (t * 2.3).sin() + 0.18 * (t * 7.1).sin() + 0.08 * t;
            turns += pitch * glide / 48_000.0;
            let phase = turns * std::f64::consts::TAU;
            let tone: f64 = [(1.0, 1.0), (2.0, 0.5), (3.0, 0.3), (5.0, 0.2)]
                .map(|(k, a)| a * (k * phase).sin())
                .iter()
                .sum();
            let loud = (t * 4.0 * std::f64::consts::PI).sin().abs().sqrt();
            (tone * loud * 5_000.0) as i16
        })
        .collect()
}

/// Something to play.
pub(crate) fn source(samples: &[i16]) -> PcmSource {
    PcmSource::new(samples.to_vec())
}

/// Samples as raw PCM.
pub(crate) fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// The samples of a WAV as this project writes it: one `fmt ` chunk, then `data` whose size must be that of the file.
pub(crate) fn read_wav(path: &Path) -> Vec<i16> {
    let file = std::fs::read(path).unwrap();
    let sizes = wav_sizes(&file);
    assert_eq!(sizes, (file.len() as u32 - 8, file.len() as u32 - 44), "the header tells the truth");
    samples_of(&file[44..])
}

/// Raw PCM as samples.
pub(crate) fn samples_of(bytes: &[u8]) -> Vec<i16> {
    bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// The sizes a WAV header promises: after the first eight bytes, and of the samples. Everything else in it must be as it
/// should: 16 bit, 48 kHz, mono.
pub(crate) fn wav_sizes(file: &[u8]) -> (u32, u32) {
    let field = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    assert_eq!((&file[..4], &file[8..16], &file[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
    assert_eq!(
        (field(16), field(20), field(24), field(28), field(32)),
        (16, 0x1_0001, 48_000, 96_000, 0x10_0002)
    );
    (field(4), field(40))
}

/// Samples that are compared in one piece.
const PIECE: usize = 24_000;
/// How far the pieces may have moved against each other: the delay of a path may change, the order of what is said not.
const DRIFT: usize = 9_600;

/// How much of `said` is in `heard`, 0 to 1: the median over half seconds of the normalised correlation at the best
/// shift. A call on a busy machine may have to stretch or conceal a moment; that spoils one piece and no other. Pieces
/// that are not where the others are count as not heard.
pub(crate) fn likeness(said: &[i16], heard: &[i16]) -> f64 {
    assert!(heard.len() >= said.len(), "heard {} samples of {}", heard.len(), said.len());
    let pieces = said.chunks_exact(PIECE).enumerate();
    let found: Vec<(f64, usize)> = pieces
        .map(|(index, piece)| {
            let (alike, shift) = best_shift(piece, heard);
            // All alike when nothing has moved, and never negative.
            (alike, shift + said.len() - index * PIECE)
        })
        .collect();
    let usual = median(found.iter().map(|(_, delay)| *delay as f64).collect()) as usize;
    median(
        found
            .iter()
            .map(|(alike, delay)| if delay.abs_diff(usual) <= DRIFT { *alike } else { 0.0 })
            .collect(),
    )
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) / 2]
}

/// The best correlation of `piece` within `heard`, and where.
fn best_shift(piece: &[i16], heard: &[i16]) -> (f64, usize) {
    // Coarse on sums of 24 samples, then fine around the best.
    let coarse = |list: &[i16]| -> Vec<f64> {
        list.chunks_exact(24).map(|chunk| chunk.iter().map(|s| f64::from(*s)).sum()).collect()
    };
    let (a, b) = (coarse(piece), coarse(heard));
    let best = (0..=b.len() - a.len())
        .max_by(|x, y| correlation(&a, &b[*x..]).total_cmp(&correlation(&a, &b[*y..])))
        .unwrap();
    let fine = |list: &[i16]| -> Vec<f64> { list.iter().map(|s| f64::from(*s)).collect() };
    let from = (best * 24).saturating_sub(48);
    let to = (best * 24 + 48).min(heard.len() - piece.len());
    let (piece, heard) = (fine(piece), fine(&heard[from..to + piece.len()]));
    (0..=to - from)
        .map(|shift| (correlation(&piece, &heard[shift..]), from + shift))
        .max_by(|x, y| x.0.total_cmp(&y.0))
        .unwrap()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    if aa == 0.0 || bb == 0.0 { 0.0 } else { ab / (aa * bb).sqrt() }
}
