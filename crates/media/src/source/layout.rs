//! Samples as bytes: the encodings of raw and WAV files, mixed down to mono.

/// How one sample is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Unsigned 8 bit, as WAV has it.
    U8,
    /// Signed little-endian of 2, 3 or 4 bytes.
    S16,
    S24,
    S32,
    /// IEEE float.
    F32,
    F64,
    /// ITU-T G.711.
    ALaw,
    MuLaw,
}

impl Coding {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::ALaw | Self::MuLaw => 1,
            Self::S16 => 2,
            Self::S24 => 3,
            Self::S32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// One sample from -1 to 1; `bytes` holds exactly one.
    fn value(self, bytes: &[u8]) -> f32 {
        match (self, bytes) {
            (Self::U8, [a]) => (f32::from(*a) - 128.0) / 128.0,
            (Self::ALaw, [a]) => f32::from(a_law(*a)) / 32_768.0,
            (Self::MuLaw, [a]) => f32::from(mu_law(*a)) / 32_768.0,
            (Self::S16, &[a, b]) => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            (Self::S24, &[a, b, c]) => i32::from_le_bytes([0, a, b, c]) as f32 / 2_147_483_648.0,
            (Self::S32, &[a, b, c, d]) => i32::from_le_bytes([a, b, c, d]) as f32 / 2_147_483_648.0,
            (Self::F32, &[a, b, c, d]) => finite(f32::from_le_bytes([a, b, c, d])),
            (Self::F64, &[a, b, c, d, e, f, g, h]) => {
                finite(f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32)
            }
            _ => 0.0,
        }
    }
}

/// How samples of all channels lie in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) coding: Coding,
    pub(super) channels: u16,
}

impl Layout {
    /// Bytes of one sample of every channel.
    pub(super) const fn block(self) -> usize {
        self.coding.bytes() * self.channels as usize
    }

    /// Appends whole blocks of `bytes` as mono. A mean, not a sum: two equal channels keep their level.
    pub(super) fn mono(self, bytes: &[u8], out: &mut Vec<f32>) {
        let share = 1.0 / f32::from(self.channels.max(1));
        out.extend(bytes.chunks_exact(self.block()).map(|block| self.block_value(block, share)));
    }

    /// One block as one mono sample.
    pub(super) fn mono_sample(self, block: &[u8]) -> f32 {
        self.block_value(block, 1.0 / f32::from(self.channels.max(1)))
    }

    fn block_value(self, block: &[u8], share: f32) -> f32 {
        if self.channels == 1 {
            return self.coding.value(block);
        }
        block.chunks_exact(self.coding.bytes()).map(|sample| self.coding.value(sample)).sum::<f32>() * share
    }
}

/// To 16 bit, rounded and saturated.
pub(super) fn to_i16(value: f32) -> i16 {
    (value * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16
}

fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { 0.0 }
}

/// G.711 A-law, table-free: the even bits are inverted on the line.
fn a_law(code: u8) -> i16 {
    let code = code ^ 0x55;
    let (exponent, mantissa) = (u32::from(code >> 4 & 7), i16::from(code & 15));
    let size = match exponent {
        0 => mantissa * 16 + 8,
        _ => (mantissa * 16 + 264) << (exponent - 1),
    };
    if code & 0x80 == 0 { -size } else { size }
}

/// G.711 mu-law: all bits are inverted on the line, and a bias of 132 is taken off.
fn mu_law(code: u8) -> i16 {
    let code = !code;
    let (exponent, mantissa) = (u32::from(code >> 4 & 7), i16::from(code & 15));
    let size = ((mantissa * 8 + 132) << exponent) - 132;
    if code & 0x80 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bit_samples_survive_the_trip_exactly() {
        for value in [i16::MIN, -12_345, -1, 0, 1, 20_000, i16::MAX] {
            assert_eq!(to_i16(Coding::S16.value(&value.to_le_bytes())), value);
        }
    }

    #[test]
    fn every_coding_says_half_the_same_way() {
        let half = |coding: Coding, bytes: &[u8]| to_i16(coding.value(bytes));
        assert_eq!(half(Coding::U8, &[192]), 16_384);
        assert_eq!(half(Coding::S24, &[0, 0, 0x40]), 16_384);
        assert_eq!(half(Coding::S32, &[0, 0, 0, 0x40]), 16_384);
        assert_eq!(half(Coding::F32, &0.5_f32.to_le_bytes()), 16_384);
        assert_eq!(half(Coding::F64, &0.5_f64.to_le_bytes()), 16_384);
        assert_eq!(half(Coding::F32, &f32::NAN.to_le_bytes()), 0);
    }

    #[test]
    fn the_telephone_laws_hit_their_published_ends() {
        // ITU-T G.711: extreme and smallest values of both laws, in 16-bit scale.
        assert_eq!([a_law(0xAA), a_law(0x2A), a_law(0xD5), a_law(0x55)], [32_256, -32_256, 8, -8]);
        assert_eq!([mu_law(0x80), mu_law(0x00), mu_law(0xFF), mu_law(0x7F)], [32_124, -32_124, 0, 0]);
    }

    #[test]
    fn two_channels_are_averaged() {
        let layout = Layout { coding: Coding::S16, channels: 2 };
        let mut out = Vec::new();
        layout.mono(&[0x00, 0x10, 0x00, 0x30, 0xFF], &mut out);
        assert_eq!(out.iter().map(|&v| to_i16(v)).collect::<Vec<_>>(), [0x2000]);
    }
}
