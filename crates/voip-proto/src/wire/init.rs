//! INIT and INIT_ACK (5.2, 5.3).

use super::{MIN_VERSION, OPUS, Reader, VERSION, WireError};

/// Opening of a call: who I am and what I can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Init {
    /// Protocol version of the sender.
    pub version: i32,
    /// Oldest version it speaks.
    pub min_version: i32,
    /// Bit 0 data saving, 1 group calls, 2 can send video, 3 can receive video.
    pub flags: u32,
    /// Opus is among its audio codecs.
    pub opus: bool,
}

impl Init {
    /// Our own.
    pub const OURS: Self = Self { version: VERSION, min_version: MIN_VERSION, flags: 0, opus: true };

    /// Reads an INIT. Video abilities at its end are not read: they matter to nobody without video.
    ///
    /// # Errors
    /// [`WireError::TooShort`].
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(bytes);
        let (version, min_version, flags) = (r.i32()?, r.i32()?, r.u32()?);
        let mut opus = false;
        for _ in 0..r.u8()? {
            opus |= if version < 5 { r.u8()? == 1 } else { r.u32()? == OPUS };
        }
        Ok(Self { version, min_version, flags, opus })
    }

    /// Bytes that [`Init::write`] appends.
    pub fn len(max_layer: i32) -> usize {
        if max_layer < 74 { 23 } else { 19 }
    }

    /// Appends the INIT that fits the merged layer: below 74 a codec list that both generations can read.
    pub fn write(&self, max_layer: i32, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.version.to_le_bytes());
        out.extend_from_slice(&self.min_version.to_le_bytes());
        out.extend_from_slice(&self.flags.to_le_bytes());
        if max_layer < 74 {
            out.extend_from_slice(&[2, 1, 0, 0, 0]);
        } else {
            out.push(1);
        }
        out.extend_from_slice(&OPUS.to_le_bytes());
        // No video decoders, no video resolution.
        out.extend_from_slice(&[0, 0]);
    }
}

/// What a stream carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamKind {
    /// Sound.
    Audio,
    /// Pictures, and whatever else may come.
    Other(u8),
}

/// One stream that a peer offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamOffer {
    /// Its id: libtgvoip gives audio 1, MadelineProto 0.
    pub id: u8,
    /// What it carries.
    pub kind: StreamKind,
    /// Its codec is Opus.
    pub opus: bool,
    /// Milliseconds per frame.
    pub frame: u16,
    /// It is switched on.
    pub enabled: bool,
}

/// Answer to an INIT: which streams I will send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InitAck {
    /// Version and oldest version; absent from version 1.
    pub versions: Option<(i32, i32)>,
    /// Its first audio stream.
    pub audio: Option<StreamOffer>,
    /// Bit n set = id n is a stream that is not audio.
    pub others: u64,
}

impl InitAck {
    /// Reads an INIT_ACK.
    ///
    /// # Errors
    /// [`WireError::TooShort`].
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(bytes);
        let versions = if bytes.len() > 10 { Some((r.i32()?, r.i32()?)) } else { None };
        let narrow = versions.is_none_or(|(version, _)| version < 5);
        let (mut audio, mut others) = (None, 0);
        for _ in 0..r.u8()? {
            let stream = Self::parse_stream(&mut r, narrow)?;
            match stream.kind {
                StreamKind::Audio => audio = audio.or(Some(stream)),
                StreamKind::Other(_) => others |= 1 << (stream.id & 63),
            }
        }
        Ok(Self { versions, audio, others })
    }

    fn parse_stream(r: &mut Reader<'_>, narrow: bool) -> Result<StreamOffer, WireError> {
        let id = r.u8()?;
        let kind = match r.u8()? {
            1 => StreamKind::Audio,
            other => StreamKind::Other(other),
        };
        let opus = if narrow { r.u8()? == 1 } else { r.u32()? == OPUS };
        Ok(StreamOffer { id, kind, opus, frame: r.u16()?, enabled: r.u8()? != 0 })
    }

    /// Bytes that [`InitAck::write_ours`] appends.
    pub fn ours_len(peer_version: i32) -> usize {
        if peer_version < 5 { 15 } else { 18 }
    }

    /// Appends ours: one Opus stream with id 1.
    pub fn write_ours(peer_version: i32, frame: u16, out: &mut Vec<u8>) {
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&MIN_VERSION.to_le_bytes());
        out.extend_from_slice(&[1, super::stream::AUDIO, 1]);
        if peer_version < 5 {
            out.push(1);
        } else {
            out.extend_from_slice(&OPUS.to_le_bytes());
        }
        out.extend_from_slice(&frame.to_le_bytes());
        out.push(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_truncation_of_an_init_that_loses_a_codec_is_refused() {
        let mut bytes = Vec::new();
        Init::OURS.write(92, &mut bytes);
        assert_eq!(bytes.len(), Init::len(92));
        assert_eq!(Init::parse(&bytes), Ok(Init::OURS));
        for len in 0..17 {
            assert!(Init::parse(&bytes[..len]).is_err(), "{len}");
        }
    }

    #[test]
    fn every_truncation_of_an_init_ack_is_refused() {
        for version in [4, 9] {
            let mut bytes = Vec::new();
            InitAck::write_ours(version, 60, &mut bytes);
            assert_eq!(bytes.len(), InitAck::ours_len(version));
            for len in 0..bytes.len() {
                assert!(InitAck::parse(&bytes[..len]).is_err(), "{len}");
            }
        }
    }

    #[test]
    fn a_stream_of_video_is_told_from_sound() {
        // Two streams: video 2 ("AVC "), audio 1.
        let bytes =
            hex::decode("0900000003000000 02 0202 20435641 0000 01 0101 5355504f 3c00 00".replace(' ', ""))
                .unwrap();
        let ack = InitAck::parse(&bytes).unwrap();
        assert_eq!(ack.others, 1 << 2);
        let audio = StreamOffer { id: 1, kind: StreamKind::Audio, opus: true, frame: 60, enabled: false };
        assert_eq!(ack.audio, Some(audio));
    }
}
