//! Time-stretching: a little more or less of the same sound (WSOLA, a single splice).
//!
//! To leave out or repeat `lag` samples without a click, the sound at the two ends of the splice must look alike: the
//! lag is a multiple of the pitch period. The search takes the normalised cross-correlation of 15 ms, first at a
//! quarter of the rate, then exactly; both the place and the lag are free. What joins is cross-faded over 5 ms.

/// How the jitter buffer wants its depth changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    /// As it is.
    #[default]
    None,
    /// Play this piece up to 20 ms shorter: the buffer is deeper than it need be.
    Shorten,
    /// Play this piece up to 20 ms longer: the buffer should get deeper.
    Lengthen,
}

/// The most a piece gets shorter or longer: 20 ms.
const MAX_LAG: usize = 960;
/// The least: 2.5 ms, above the shortest pitch period.
const MIN_LAG: usize = 120;
/// Samples compared: 15 ms, so that a period of the deepest voice is among them.
const WINDOW: usize = 720;
/// Samples cross-faded.
const FADE: usize = 240;
/// Coarse search: every fourth lag, every fourth sample.
const COARSE: usize = 4;
/// Places tried: 5 ms apart.
const PLACE_STEP: usize = 240;
/// How much likeness a longer lag is worth, from the shortest to the longest.
const REWARD: f32 = 0.1;

/// Where to splice.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Splice {
    place: usize,
    lag: usize,
}

/// Leaves out up to 20 ms of `pcm`, whose first `len` samples are sound; what remains.
pub(crate) fn shorten(pcm: &mut [i16], len: usize) -> usize {
    let Some(Splice { place, lag }) = find(&pcm[..len]) else { return len };
    let fade = FADE.min(len - place - lag);
    for n in 0..fade {
        pcm[place + n] = blend(pcm[place + n], pcm[place + lag + n], n, fade);
    }
    pcm.copy_within(place + lag + fade..len, place + fade);
    len - lag
}

/// Repeats up to 20 ms of `pcm`, whose first `len` samples are sound and which has room for more; its new length.
pub(crate) fn lengthen(pcm: &mut [i16], len: usize) -> usize {
    let Some(Splice { place, lag }) = find(&pcm[..len]) else { return len };
    if pcm.len() < len + lag {
        return len;
    }
    // Heard up to place + lag, then again from place on. The fade is no longer than the lag, so its two sides are apart.
    let fade = FADE.min(lag).min(len - place - lag);
    let mut old = [0_i16; FADE];
    old[..fade].copy_from_slice(&pcm[place + lag..place + lag + fade]);
    pcm.copy_within(place..len, place + lag);
    for (n, &old) in old[..fade].iter().enumerate() {
        let slot = &mut pcm[place + lag + n];
        *slot = blend(old, *slot, n, fade);
    }
    len + lag
}

fn blend(old: i16, new: i16, n: usize, fade: usize) -> i16 {
    let (n, fade) = (n as i32 + 1, fade as i32 + 1);
    ((i32::from(old) * (fade - n) + i32::from(new) * n) / fade) as i16
}

/// The best splice, or none in a piece too short for one.
fn find(pcm: &[i16]) -> Option<Splice> {
    let window = WINDOW.min(pcm.len() / 4);
    let longest = MAX_LAG.min(pcm.len().checked_sub(window)?);
    if window < COARSE || longest < MIN_LAG {
        return None;
    }
    let score = |place: usize, lag: usize, step: usize| {
        let reward = REWARD * (lag - MIN_LAG) as f32 / (MAX_LAG - MIN_LAG) as f32;
        likeness(&pcm[place..place + window], &pcm[place + lag..place + lag + window], step) + reward
    };
    let mut best = (f32::MIN, Splice { place: 0, lag: MIN_LAG });
    for place in (0..=pcm.len() - window - MIN_LAG).step_by(PLACE_STEP) {
        let longest = longest.min(pcm.len() - window - place);
        for lag in (MIN_LAG..=longest).step_by(COARSE) {
            let value = score(place, lag, COARSE);
            if value > best.0 {
                best = (value, Splice { place, lag });
            }
        }
    }
    let Splice { place, lag } = best.1;
    let longest = longest.min(pcm.len() - window - place);
    let near = lag.saturating_sub(COARSE).max(MIN_LAG)..=(lag + COARSE).min(longest);
    let exact = near.map(|lag| (score(place, lag, 1), lag)).max_by(|a, b| a.0.total_cmp(&b.0));
    exact.map(|(_, lag)| Splice { place, lag })
}

/// Normalised cross-correlation of every `step`th sample; two silences are alike.
fn likeness(a: &[i16], b: &[i16], step: usize) -> f32 {
    let (mut ab, mut aa, mut bb) = (1.0_f32, 1.0_f32, 1.0_f32);
    for (&x, &y) in a.iter().step_by(step).zip(b.iter().step_by(step)) {
        let (x, y) = (f32::from(x), f32::from(y));
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    ab / (aa * bb).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A voice of so many samples a period: a sharp pulse with a decaying ring.
    fn voice(period: usize, len: usize) -> Vec<i16> {
        (0..len)
            .map(|n| {
                let t = (n % period) as f32;
                ((t * 0.12).sin() * (-t / 90.0).exp() * 12_000.0) as i16
            })
            .collect()
    }

    fn worst_step(pcm: &[i16]) -> i32 {
        pcm.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max().unwrap()
    }

    #[test]
    fn a_voice_is_shortened_and_lengthened_by_whole_periods_without_a_click() {
        for period in [150, 300, 437, 600] {
            let original = voice(period, 2880);
            for work in [shorten, lengthen] {
                let mut pcm = original.clone();
                pcm.resize(2880 + 960, 0);
                let len = work(&mut pcm, 2880);
                let change = len.abs_diff(2880);
                assert!(change > 0 && change <= 960, "{period}: {change}");
                assert_eq!(change % period, 0, "{period}: {change}");
                assert!(worst_step(&pcm[..len]) <= worst_step(&original), "{period}");
                // Still the same voice at both ends.
                assert_eq!(pcm[..100], original[..100]);
                assert_eq!(pcm[len - 100..len], original[2780..]);
            }
        }
    }

    #[test]
    fn silence_changes_by_the_most() {
        let mut pcm = vec![0; 3840];
        assert_eq!(shorten(&mut pcm, 2880), 1920);
        assert_eq!(lengthen(&mut pcm, 2880), 3840);
    }

    #[test]
    fn a_piece_of_twenty_milliseconds_changes_by_less_than_itself() {
        let mut pcm = vec![0; 1920];
        assert_eq!(shorten(&mut pcm, 960), 960 - 720);
        assert_eq!(lengthen(&mut pcm, 960), 960 + 720);
        assert_eq!(shorten(&mut pcm, 100), 100);
        assert_eq!(shorten(&mut pcm, 0), 0);
    }

    #[test]
    fn noise_is_spliced_without_a_jump_larger_than_its_own() {
        let mut seed = 7_u32;
        let noise: Vec<i16> = (0..2880)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ((seed >> 16) as i16) / 8
            })
            .collect();
        let mut pcm = noise.clone();
        pcm.resize(3840, 0);
        let len = lengthen(&mut pcm, 2880);
        assert!(len > 2880);
        assert!(worst_step(&pcm[..len]) <= worst_step(&noise));
    }
}
