//! How loud a frame is.

/// Loudness of a frame, in dB below full scale (a square wave of full scale has 0; digital silence has -96).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Root mean square.
    pub rms_db: f32,
    /// Largest sample.
    pub peak_db: f32,
}

impl Level {
    /// The floor of 16-bit sound; digital silence reports this.
    pub const FLOOR_DB: f32 = -96.0;

    /// Digital silence.
    pub const SILENCE: Self = Self { rms_db: Self::FLOOR_DB, peak_db: Self::FLOOR_DB };

    /// Measures `pcm`.
    #[must_use]
    pub fn of(pcm: &[i16]) -> Self {
        if pcm.is_empty() {
            return Self::SILENCE;
        }
        let (mut sum, mut peak) = (0_u64, 0_u32);
        for &sample in pcm {
            let size = u32::from(sample.unsigned_abs());
            peak = peak.max(size);
            sum += u64::from(size * size);
        }
        let mean = (sum as f64 / pcm.len() as f64).sqrt();
        Self { rms_db: decibels(mean), peak_db: decibels(f64::from(peak)) }
    }
}

fn decibels(size: f64) -> f32 {
    let db = 20.0 * (size / 32_768.0).log10();
    (db as f32).max(Level::FLOOR_DB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_square_has_zero_and_a_full_sine_three_below() {
        let square: Vec<i16> = (0..960).map(|n| if n % 2 == 0 { -32_768 } else { 32_767 }).collect();
        assert!(Level::of(&square).rms_db.abs() < 0.001);
        let sine: Vec<i16> = (0..960)
            .map(|n| ((f64::from(n) / 48.0 * std::f64::consts::TAU).sin() * 32_767.0) as i16)
            .collect();
        let level = Level::of(&sine);
        assert!((level.rms_db + 3.01).abs() < 0.01, "{level:?}");
        assert!(level.peak_db.abs() < 0.01, "{level:?}");
    }

    #[test]
    fn digital_silence_is_at_the_floor() {
        assert_eq!(Level::of(&[0; 960]), Level::SILENCE);
        assert_eq!(Level::of(&[]), Level::SILENCE);
    }
}
