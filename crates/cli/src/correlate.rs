//! Was what was heard what was said? Normalised cross-correlation of short windows, aligned.
//!
//! Both signals are reduced to the telephone band (300 to 3400 Hz) at 16 kHz, and lags are found to a fraction of a sample:
//! half a sample of 8 kHz would already cost a tenth of the correlation. Each half second of what was *said* is
//! looked for in what was heard, around where the whole fits best; so sound that is missing counts against the call, not
//! only sound that is wrong. The median of the windows' peaks is the correlation.

mod fourier;

use fourier::cross_correlation;

/// Samples a second after reduction.
const RATE: usize = 16_000;
/// 48 kHz to 16 kHz.
const STEP: usize = 3;
/// Half a second.
const WINDOW: usize = RATE / 2;
/// How far a window may lie from where the whole fits best: a jitter buffer moves, and stretches pile up.
const AROUND: usize = RATE * 6 / 10;
/// Windows quieter than this (mean square, of 16-bit samples in the band) hold no speech to compare.
const QUIET: f64 = 150.0 * 150.0;
/// A window with a lower peak was not heard.
const HEARD: f64 = 0.5;

/// How two signals compare.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Match {
    /// Median of the windows' peaks, 0 to 1.
    pub(crate) correlation: f64,
    /// Share of the windows that were heard at all.
    pub(crate) heard: f64,
    /// Windows compared.
    pub(crate) windows: usize,
    /// For each window that was heard: first sample in what was said, and in what was heard (48 kHz).
    pub(crate) places: Vec<(usize, usize)>,
}

/// Looks for `said` in `heard`, both 48 kHz mono. The first `skip` samples of `said` are not looked for: a path takes a
/// moment to open.
pub(crate) fn compare(said: &[i16], heard: &[i16], skip: usize) -> Match {
    let (said, heard) = (reduce(said), reduce(heard));
    let skip = skip / STEP;
    let Some(lag) = whole_lag(&said, &heard) else { return Match::default() };
    let mut peaks = Vec::new();
    let mut places = Vec::new();
    // What was said last may not have been heard when the call ended.
    let last = said.len().min((heard.len() as i64 - lag).max(0) as usize);
    for start in (skip..last.saturating_sub(WINDOW)).step_by(WINDOW) {
        let window = &said[start..start + WINDOW];
        if energy(window) / (WINDOW as f64) < QUIET {
            continue;
        }
        let expected = start as i64 + lag;
        let (mut peak, at) = find(window, &heard, expected);
        if peak < HEARD {
            // The delay may have changed within it, as a jitter buffer does; then its halves lie apart.
            let (one, two) = window.split_at(WINDOW / 2);
            let halves = find(one, &heard, expected).0 + find(two, &heard, expected + WINDOW as i64 / 2).0;
            peak = peak.max(halves / 2.0);
            if peak >= HEARD {
                peaks.push(peak);
                continue;
            }
        }
        peaks.push(peak);
        if peak >= HEARD {
            places.push((start * STEP, at * STEP));
        }
    }
    let windows = peaks.len();
    if windows == 0 {
        return Match::default();
    }
    let heard = peaks.iter().filter(|peak| **peak >= HEARD).count() as f64 / windows as f64;
    Match { correlation: median(peaks), heard, windows, places }
}

/// The median; zero of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn energy(signal: &[f64]) -> f64 {
    signal.iter().map(|x| x * x).sum()
}

/// Where the beginning fits best: samples by which `heard` is behind `said`.
fn whole_lag(said: &[f64], heard: &[f64]) -> Option<i64> {
    let piece = &said[..said.len().min(6 * RATE)];
    let range = &heard[..heard.len().min(9 * RATE)];
    if piece.len() < WINDOW || range.len() < WINDOW {
        return None;
    }
    let products = cross_correlation(piece, range);
    let best = products.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(best.0)
}

/// The best place of `window` in `heard` around `expected`: its normalised peak and where it begins.
fn find(window: &[f64], heard: &[f64], expected: i64) -> (f64, usize) {
    let length = window.len();
    let from = (expected - AROUND as i64).max(0) as usize;
    let to = ((expected + (AROUND + length) as i64).max(0) as usize).min(heard.len());
    if to < from + length {
        return (0.0, 0);
    }
    let range = &heard[from..to];
    let own = energy(window);
    let mut running = energy(&range[..length]);
    let mut best = (0.0, 0);
    let products = cross_correlation(window, range);
    for (index, (lag, product)) in products.iter().enumerate() {
        let Ok(at) = usize::try_from(*lag) else { continue };
        if at + length > range.len() {
            break;
        }
        if at > 0 {
            running += range[at + length - 1].powi(2) - range[at - 1].powi(2);
        }
        let before = index.checked_sub(1).map_or(0.0, |index| products[index].1);
        let after = products.get(index + 1).map_or(0.0, |(_, product)| *product);
        let peak = summit(before, *product, after) / (own * running.max(1.0)).sqrt();
        if peak > best.0 {
            best = (peak.min(1.0), from + at);
        }
    }
    best
}

/// The height of the parabola through three neighbours, where the middle one is the highest.
fn summit(before: f64, middle: f64, after: f64) -> f64 {
    let bend = before - 2.0 * middle + after;
    if middle < before || middle < after || bend >= 0.0 {
        return middle;
    }
    middle - (before - after).powi(2) / (8.0 * bend)
}

/// To the telephone band and 16 kHz: a windowed-sinc band-pass of which every third output is computed. Zero delay.
fn reduce(signal: &[i16]) -> Vec<f64> {
    const HALF: usize = 240;
    let taps: Vec<f64> = (0..=2 * HALF)
        .map(|n| {
            let x = n as f64 - HALF as f64;
            let low_pass = |hz: f64| {
                let f = hz / 48_000.0;
                if x == 0.0 {
                    2.0 * f
                } else {
                    (std::f64::consts::TAU * f * x).sin() / (std::f64::consts::PI * x)
                }
            };
            let hann = 0.5 + 0.5 * (std::f64::consts::PI * x / (HALF as f64 + 1.0)).cos();
            (low_pass(3400.0) - low_pass(300.0)) * hann
        })
        .collect();
    (0..signal.len())
        .step_by(STEP)
        .map(|centre| {
            let from = centre.saturating_sub(HALF);
            let to = (centre + HALF + 1).min(signal.len());
            let first = from + HALF - centre;
            signal[from..to].iter().zip(&taps[first..]).map(|(s, t)| f64::from(*s) * t).sum()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something like speech: bursts of noise in the band, from a fixed seed.
    fn speech(seconds: usize, seed: u32) -> Vec<i16> {
        let (mut state, mut smooth) = (seed, 0.0);
        (0..seconds * 48_000)
            .map(|i| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                smooth = 0.9 * smooth + f64::from((state >> 16) as i16) * 0.1;
                let loud = (i / 9600) % 4 != 3;
                if loud { smooth as i16 } else { 0 }
            })
            .collect()
    }

    fn delayed(signal: &[i16], by: usize) -> Vec<i16> {
        std::iter::repeat_n(0, by).chain(signal.iter().copied()).collect()
    }

    #[test]
    fn the_same_later_is_the_same() {
        let said = speech(6, 1);
        let found = compare(&said, &delayed(&said, 7200), 0);
        assert!(found.correlation > 0.999, "{found:?}");
        assert_eq!(found.heard, 1.0);
        assert!(found.places.iter().all(|(said, heard)| heard - said == 7200), "{:?}", found.places);
    }

    #[test]
    fn other_speech_is_not_the_same() {
        let found = compare(&speech(6, 1), &speech(6, 2), 0);
        assert!(found.correlation < 0.3 && found.heard == 0.0, "{found:?}");
    }

    #[test]
    fn what_was_not_heard_counts() {
        let said = speech(8, 1);
        let mut heard = delayed(&said, 4800);
        heard[2 * 48_000..5 * 48_000].fill(0);
        let found = compare(&said, &heard, 0);
        assert!((0.5..0.75).contains(&found.heard), "{found:?}");
    }

    #[test]
    fn silence_and_nothing_are_not_heard() {
        let said = speech(3, 1);
        assert_eq!(compare(&said, &vec![0; 200_000], 0).heard, 0.0);
        assert_eq!(compare(&said, &[], 0), Match::default());
        assert_eq!(compare(&[], &said, 0), Match::default());
    }

    #[test]
    fn a_change_of_delay_on_the_way_is_followed() {
        let said = speech(8, 1);
        let mut heard = delayed(&said[..4 * 48_000], 4800);
        heard.extend(std::iter::repeat_n(0, 9600));
        heard.extend(&said[4 * 48_000..]);
        let found = compare(&said, &heard, 0);
        assert!(found.correlation > 0.99 && found.heard > 0.9, "{found:?}");
    }
}
