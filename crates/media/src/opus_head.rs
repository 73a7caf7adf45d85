//! The two header packets of Opus in Ogg (RFC 7845, section 5).

/// The identification header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpusHead {
    pub(crate) channels: u8,
    /// Samples at 48 kHz to drop from the beginning of the decoded sound.
    pub(crate) pre_skip: u16,
    /// What the sound was before it was encoded; of interest to people only.
    pub(crate) input_rate: u32,
    /// Gain to apply when playing, in 1/256 dB.
    pub(crate) gain: i16,
}

/// Why an identification header is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadError {
    NotOpus,
    Truncated,
    NoChannels,
    /// A version or a channel mapping that needs more than one stream.
    Unsupported,
}

impl OpusHead {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, HeadError> {
        if !bytes.starts_with(b"OpusHead") {
            return Err(HeadError::NotOpus);
        }
        let Some(&[version, channels, p0, p1, r0, r1, r2, r3, g0, g1, family]) = bytes.get(8..19) else {
            return Err(HeadError::Truncated);
        };
        if channels == 0 {
            return Err(HeadError::NoChannels);
        }
        // The upper half of the version changes only with incompatible formats. Family 0 is mono or stereo; family 1
        // of up to two channels is the same thing with a table behind it.
        if version >= 16 || channels > 2 || family > 1 {
            return Err(HeadError::Unsupported);
        }
        Ok(Self {
            channels,
            pre_skip: u16::from_le_bytes([p0, p1]),
            input_rate: u32::from_le_bytes([r0, r1, r2, r3]),
            gain: i16::from_le_bytes([g0, g1]),
        })
    }

    pub(crate) fn write(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(19);
        out.extend_from_slice(b"OpusHead");
        out.extend_from_slice(&[1, self.channels]);
        out.extend_from_slice(&self.pre_skip.to_le_bytes());
        out.extend_from_slice(&self.input_rate.to_le_bytes());
        out.extend_from_slice(&self.gain.to_le_bytes());
        out.push(0);
        out
    }
}

/// The comment header: who wrote it, and nothing else.
pub(crate) fn opus_tags() -> Vec<u8> {
    let vendor = concat!("offhook ", env!("CARGO_PKG_VERSION")).as_bytes();
    let mut out = Vec::with_capacity(16 + vendor.len());
    out.extend_from_slice(b"OpusTags");
    out.extend_from_slice(&(vendor.len() as u32).to_le_bytes());
    out.extend_from_slice(vendor);
    out.extend_from_slice(&0_u32.to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: OpusHead = OpusHead { channels: 1, pre_skip: 312, input_rate: 48_000, gain: 0 };

    #[test]
    fn the_identification_header_is_the_bytes_of_the_standard() {
        //                              version channels pre-skip  rate          gain  family
        let want = [b"OpusHead".as_slice(), &[1, 1, 0x38, 0x01, 0x80, 0xBB, 0, 0, 0, 0, 0]].concat();
        assert_eq!(HEAD.write(), want);
        assert_eq!(OpusHead::parse(&want), Ok(HEAD));
    }

    #[test]
    fn every_truncation_and_foreign_head_is_refused_by_name() {
        let bytes = HEAD.write();
        for cut in 0..8 {
            assert_eq!(OpusHead::parse(&bytes[..cut]), Err(HeadError::NotOpus));
        }
        for cut in 8..bytes.len() {
            assert_eq!(OpusHead::parse(&bytes[..cut]), Err(HeadError::Truncated));
        }
        let patched = |at: usize, value: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = value;
            OpusHead::parse(&bytes)
        };
        assert_eq!(patched(9, 0), Err(HeadError::NoChannels));
        assert_eq!(patched(9, 6), Err(HeadError::Unsupported));
        assert_eq!(patched(8, 16), Err(HeadError::Unsupported));
        assert_eq!(patched(18, 255), Err(HeadError::Unsupported));
    }
}
