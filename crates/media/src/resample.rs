//! From any rate to 48 kHz.
//!
//! Files go through rubato's FFT resampler: the best and the cheapest there is, at 5 to 10 ms of delay, which is
//! trimmed here so that a file keeps its length to the sample. Live sound goes through [`Polyphase`], a windowed sinc
//! of our own at a third of the cost of rubato's and under a millisecond of delay. rubato changes its API with every
//! major release: it is known to this module only.

use std::f64::consts::PI;

use audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _};

use crate::RATE;

/// Input samples given to rubato at once. At least a few blocks of every usual rate.
const CHUNK: usize = 1024;

/// Mono sound of a file's rate to 48 kHz, sample-exact in length: `n` samples become `round(n * 48000 / rate)`.
pub struct Resampler {
    hz: u32,
    engine: Option<Engine>,
    /// Output samples still to be dropped: the delay of the filter.
    lead: usize,
    taken: u64,
    given: u64,
}

struct Engine {
    fft: Fft<f32>,
    input: Vec<f32>,
    filled: usize,
    output: Vec<f32>,
}

impl std::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resampler").field("hz", &self.hz).field("taken", &self.taken).finish_non_exhaustive()
    }
}

impl Resampler {
    /// From `hz`; 48,000 passes through. `None` when rubato cannot do the rate.
    #[must_use]
    pub fn new(hz: u32) -> Option<Self> {
        if hz == RATE {
            return Some(Self { hz, engine: None, lead: 0, taken: 0, given: 0 });
        }
        let fft = Fft::new(hz as usize, RATE as usize, CHUNK, 1, FixedSync::Input).ok()?;
        let (input, output) = (vec![0.0; fft.input_frames_max()], vec![0.0; fft.output_frames_max()]);
        let lead = fft.output_delay();
        Some(Self { hz, engine: Some(Engine { fft, input, filled: 0, output }), lead, taken: 0, given: 0 })
    }

    /// Appends to `out` what `input` makes ready.
    pub fn process(&mut self, mut input: &[f32], out: &mut Vec<f32>) {
        self.taken += input.len() as u64;
        let Some(engine) = &mut self.engine else {
            self.given += input.len() as u64;
            out.extend_from_slice(input);
            return;
        };
        while !input.is_empty() {
            let need = engine.fft.input_frames_next();
            let take = input.len().min(need - engine.filled);
            engine.input[engine.filled..engine.filled + take].copy_from_slice(&input[..take]);
            engine.filled += take;
            input = &input[take..];
            if engine.filled == need {
                engine.filled = 0;
                let made = engine.run(None);
                self.lead = append(&engine.output[..made], self.lead, out, &mut self.given, u64::MAX);
            }
        }
    }

    /// Appends what the filter still holds and begins anew.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let hz = u64::from(self.hz);
        let due = (self.taken * u64::from(RATE) + hz / 2) / hz;
        if let Some(engine) = &mut self.engine {
            // Each run on silence pushes out the samples behind it; the delay is a few runs at most.
            let mut filled = std::mem::take(&mut engine.filled);
            while self.given < due {
                let made = engine.run(Some(std::mem::take(&mut filled)));
                if made == 0 {
                    break;
                }
                self.lead = append(&engine.output[..made], self.lead, out, &mut self.given, due);
            }
        }
        self.reset();
    }

    /// Forgets everything; for seeking.
    pub fn reset(&mut self) {
        (self.taken, self.given) = (0, 0);
        if let Some(engine) = &mut self.engine {
            engine.fft.reset();
            engine.filled = 0;
            self.lead = engine.fft.output_delay();
        }
    }
}

impl Engine {
    /// One run of rubato over `input`, of which `partial` samples are real.
    fn run(&mut self, partial: Option<usize>) -> usize {
        let indexing = partial.map(|frames| Indexing::new().partial_len(frames));
        let (frames_in, frames_out) = (self.input.len(), self.output.len());
        let input = SequentialSlice::new(&self.input, 1, frames_in).expect("buffer holds its own length");
        let mut output =
            SequentialSlice::new_mut(&mut self.output, 1, frames_out).expect("buffer holds its own length");
        match self.fft.process_into_buffer(&input, &mut output, indexing.as_ref()) {
            Ok((_, made)) => made,
            Err(_) => 0,
        }
    }
}

/// Appends `made` without its first `lead` samples and not beyond `due` in all; what of the lead remains.
fn append(made: &[f32], lead: usize, out: &mut Vec<f32>, given: &mut u64, due: u64) -> usize {
    let skip = lead.min(made.len());
    let room = usize::try_from(due - *given).unwrap_or(usize::MAX);
    let keep = (made.len() - skip).min(room);
    out.extend_from_slice(&made[skip..skip + keep]);
    *given += keep as u64;
    lead - skip
}

/// Zero crossings of the sinc on each side.
const WINGS: usize = 32;
/// Positions between two samples that have a filter of their own; between them filters are interpolated.
const PHASES: usize = 256;

/// Live mono sound of one rate to 48 kHz, sample by sample, without allocation.
#[derive(Debug)]
pub(crate) struct Polyphase {
    /// `PHASES + 1` filters of `taps` coefficients.
    table: Vec<f32>,
    taps: usize,
    /// The last `taps` input samples, twice, so that a window of them is always contiguous.
    history: Vec<f32>,
    at: usize,
    /// Input samples per output sample, and how far the next output lies behind the newest window.
    step: f64,
    phase: f64,
}

impl Polyphase {
    /// From `hz`.
    pub(crate) fn new(hz: u32) -> Self {
        let ratio = f64::from(RATE) / f64::from(hz.max(1));
        // Going down, the filter is as much longer as the band is narrower.
        let cutoff = ratio.min(1.0) * 0.92;
        let taps = ((2 * WINGS) as f64 / ratio.min(1.0)).ceil() as usize;
        let mut table = Vec::with_capacity((PHASES + 1) * taps);
        for phase in 0..=PHASES {
            let shift = phase as f64 / PHASES as f64;
            let start = table.len();
            for tap in 0..taps {
                let x = tap as f64 - (taps / 2) as f64 + 1.0 - shift;
                table.push((sinc(x * cutoff) * cutoff * kaiser(x / (taps as f64 / 2.0))) as f32);
            }
            let sum: f32 = table[start..].iter().sum();
            table[start..].iter_mut().for_each(|c| *c /= sum);
        }
        Self { table, taps, history: vec![0.0; 2 * taps], at: 0, step: 1.0 / ratio, phase: 1.0 }
    }

    /// True when an input sample is needed before the next output.
    pub(crate) fn is_hungry(&self) -> bool {
        self.phase >= 1.0
    }

    /// Takes an input sample.
    pub(crate) fn push(&mut self, sample: f32) {
        self.history[self.at] = sample;
        self.history[self.at + self.taps] = sample;
        self.at = (self.at + 1) % self.taps;
        self.phase -= 1.0;
    }

    /// The next output sample; ask [`Polyphase::is_hungry`] before.
    pub(crate) fn next(&mut self) -> f32 {
        let place = self.phase.clamp(0.0, 1.0) * PHASES as f64;
        let index = (place as usize).min(PHASES - 1);
        let blend = (place - index as f64) as f32;
        let window = &self.history[self.at..self.at + self.taps];
        let low = &self.table[index * self.taps..(index + 1) * self.taps];
        let high = &self.table[(index + 1) * self.taps..(index + 2) * self.taps];
        self.phase += self.step;
        let (mut a, mut b) = (0.0, 0.0);
        for ((&x, &l), &h) in window.iter().zip(low).zip(high) {
            a += x * l;
            b += x * h;
        }
        a + (b - a) * blend
    }
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// Kaiser window, beta 10: side lobes below -100 dB.
fn kaiser(x: f64) -> f64 {
    let bessel = |x: f64| {
        let (mut sum, mut term) = (1.0, 1.0);
        for k in 1..40 {
            term *= (x / (2.0 * f64::from(k))).powi(2);
            sum += term;
        }
        sum
    };
    let beta = 10.0;
    if x.abs() >= 1.0 { 0.0 } else { bessel(beta * (1.0 - x * x).sqrt()) / bessel(beta) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f64, rate: u32, count: usize) -> Vec<f32> {
        (0..count)
            .map(|n| ((n as f64 * hz / f64::from(rate)).fract() * 2.0 * PI).sin() as f32 * 0.5)
            .collect()
    }

    /// Level of the best-fitting sine of `hz` and the ratio of it to everything else, both in dB.
    fn fit(signal: &[f32], hz: f64) -> (f64, f64) {
        let turn = |n: usize| (n as f64 * hz / f64::from(RATE)).fract() * 2.0 * PI;
        // Least squares on the two quadratures.
        let (mut ss, mut cc, mut sc, mut xs, mut xc) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (n, &x) in signal.iter().enumerate() {
            let (s, c) = turn(n).sin_cos();
            ss += s * s;
            cc += c * c;
            sc += s * c;
            xs += f64::from(x) * s;
            xc += f64::from(x) * c;
        }
        let det = ss * cc - sc * sc;
        let (a, b) = ((xs * cc - xc * sc) / det, (xc * ss - xs * sc) / det);
        let (mut tone, mut rest) = (0.0, 0.0);
        for (n, &x) in signal.iter().enumerate() {
            let (s, c) = turn(n).sin_cos();
            let y = a * s + b * c;
            tone += y * y;
            rest += (f64::from(x) - y).powi(2);
        }
        (20.0 * a.hypot(b).log10(), 10.0 * (tone / rest).log10())
    }

    #[test]
    fn files_keep_level_length_and_more_than_100_db_of_purity_at_every_usual_rate() {
        for hz in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 96_000] {
            let input = sine(1_000.0, hz, hz as usize / 2 + 7);
            let mut resampler = Resampler::new(hz).unwrap();
            let mut out = Vec::new();
            for piece in input.chunks(333) {
                resampler.process(piece, &mut out);
            }
            resampler.finish(&mut out);
            let due = (input.len() as f64 * 48_000.0 / f64::from(hz)).round() as usize;
            assert_eq!(out.len(), due, "{hz}");
            let (level, purity) = fit(&out[2_000..20_000], 1_000.0);
            assert!((level + 6.02).abs() < 0.01, "{hz}: level {level}");
            assert!(purity > 100.0, "{hz}: {purity} dB");
        }
    }

    #[test]
    fn the_delay_of_the_filter_is_trimmed_to_the_sample() {
        // A tone that starts at once: the output's phase must be the input's.
        let mut resampler = Resampler::new(44_100).unwrap();
        let mut out = Vec::new();
        resampler.process(&sine(441.0, 44_100, 44_100), &mut out);
        resampler.finish(&mut out);
        let want = sine(441.0, 48_000, 48_000);
        let worst = out[2_000..46_000]
            .iter()
            .zip(&want[2_000..46_000])
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(worst < 1e-4, "{worst}");
    }

    #[test]
    fn live_sound_keeps_level_and_more_than_80_db_of_purity() {
        for hz in [8_000, 16_000, 22_050, 44_100, 96_000] {
            let input = sine(997.0, hz, hz as usize);
            let mut live = Polyphase::new(hz);
            let (mut out, mut feed) = (Vec::new(), input.iter());
            'all: loop {
                while live.is_hungry() {
                    let Some(&sample) = feed.next() else { break 'all };
                    live.push(sample);
                }
                out.push(live.next());
            }
            assert!((out.len() as i64 - 48_000).abs() <= 1, "{hz}: {}", out.len());
            let (level, purity) = fit(&out[4_000..40_000], 997.0);
            assert!((level + 6.02).abs() < 0.01, "{hz}: level {level}");
            assert!(purity > 80.0, "{hz}: {purity} dB");
        }
    }

    #[test]
    fn forty_eight_kilohertz_pass_untouched() {
        let input = sine(300.0, 48_000, 1_000);
        let mut out = Vec::new();
        let mut resampler = Resampler::new(48_000).unwrap();
        resampler.process(&input, &mut out);
        resampler.finish(&mut out);
        assert_eq!(out, input);
    }
}
