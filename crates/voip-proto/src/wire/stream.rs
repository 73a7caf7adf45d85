//! Stream packets: sound, its redundant copies, and the state of a stream (5.4 to 5.6).

use super::{Reader, WireError};

/// The id of our audio stream.
pub const AUDIO: u8 = 1;
/// The longest copy the list can hold.
pub const MAX_COPY: usize = 255;
/// The longest frame: libtgvoip keeps 1024 bytes per frame, and a datagram with it stays below 1200.
pub const MAX_FRAME: usize = 1000;

const ID_MASK: u8 = 0x3F;
const LEN16: u8 = 0x40;
const LEN_MASK: u16 = 0x07FF;
const HAS_COPIES: u16 = 0x2000;
const FRAGMENTED: u16 = 0x4000;

/// One STREAM_DATA record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Which stream.
    pub stream: u8,
    /// Timestamp: milliseconds on the sender's frame clock.
    pub pts: u32,
    /// (index, count), video only.
    pub fragment: Option<(u8, u8)>,
    /// One Opus packet.
    pub data: &'a [u8],
    /// Redundant copies of this and earlier frames.
    pub copies: Copies<'a>,
}

impl<'a> Record<'a> {
    /// Reads one record and gives what follows it (for the X2 and X3 packets).
    ///
    /// # Errors
    /// [`WireError::TooShort`].
    pub fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), WireError> {
        let mut r = Reader::new(bytes);
        let head = r.u8()?;
        let word = if head & LEN16 == 0 { u16::from(r.u8()?) } else { r.u16()? };
        let pts = r.u32()?;
        let fragment = if word & FRAGMENTED == 0 { None } else { Some((r.u8()?, r.u8()?)) };
        let data = r.bytes(usize::from(word & LEN_MASK))?;
        let copies = if word & HAS_COPIES == 0 { Copies::default() } else { Copies::parse(&mut r)? };
        Ok((Self { stream: head & ID_MASK, pts, fragment, data, copies }, r.rest()))
    }

    /// Bytes that [`Record::write`] appends.
    pub fn len(data: &[u8], copies: &[&[u8]]) -> usize {
        let wide = usize::from(data.len() > 255 || !copies.is_empty());
        let list =
            if copies.is_empty() { 0 } else { copies.iter().map(|copy| 1 + copy.len()).sum::<usize>() + 1 };
        6 + wide + data.len() + list
    }

    /// Appends a record of our audio stream. The last of `copies` belongs to this frame, those before it to the frames
    /// before; an empty one says nothing.
    ///
    /// # Panics
    /// When the frame is longer than [`MAX_FRAME`] or a copy longer than [`MAX_COPY`].
    pub fn write(pts: u32, data: &[u8], copies: &[&[u8]], out: &mut Vec<u8>) {
        assert!(data.len() <= MAX_FRAME, "own frames are checked when they are taken");
        if data.len() > 255 || !copies.is_empty() {
            let flag = if copies.is_empty() { 0 } else { HAS_COPIES };
            out.push(AUDIO | LEN16);
            out.extend_from_slice(&(data.len() as u16 | flag).to_le_bytes());
        } else {
            out.extend_from_slice(&[AUDIO, data.len() as u8]);
        }
        out.extend_from_slice(&pts.to_le_bytes());
        out.extend_from_slice(data);
        if !copies.is_empty() {
            write_copies(copies, out);
        }
    }
}

fn write_copies(copies: &[&[u8]], out: &mut Vec<u8>) {
    out.push(copies.len() as u8);
    for copy in copies {
        out.push(u8::try_from(copy.len()).expect("copies are checked when they are chosen"));
        out.extend_from_slice(copy);
    }
}

/// A list of redundant copies, checked but not yet read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copies<'a> {
    count: u8,
    bytes: &'a [u8],
}

impl<'a> Copies<'a> {
    fn parse(r: &mut Reader<'a>) -> Result<Self, WireError> {
        let count = r.u8()?;
        let bytes = r.rest();
        for _ in 0..count {
            let len = r.u8()?;
            r.bytes(usize::from(len))?;
        }
        Ok(Self { count, bytes })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many frames before the packet's own each belongs to, and its bytes. Oldest first; the last one repeats the
    /// packet's own frame (distance 0).
    pub fn iter(&self) -> impl Iterator<Item = (u8, &'a [u8])> {
        let mut r = Reader::new(self.bytes);
        let count = self.count;
        (0..count).map_while(move |j| {
            let len = usize::from(r.u8().ok()?);
            Some((count - 1 - j, r.bytes(len).ok()?))
        })
    }
}

/// STREAM_EC of audio: the copies in a packet of their own, for peers below 7 (5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamEc<'a> {
    /// Which stream.
    pub stream: u8,
    /// Timestamp of the newest frame.
    pub pts: u32,
    /// The copies.
    pub copies: Copies<'a>,
}

impl<'a> StreamEc<'a> {
    /// Reads it.
    ///
    /// # Errors
    /// [`WireError::TooShort`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(bytes);
        Ok(Self { stream: r.u8()?, pts: r.u32()?, copies: Copies::parse(&mut r)? })
    }

    /// Bytes that [`StreamEc::write`] appends.
    pub fn len(copies: &[&[u8]]) -> usize {
        6 + copies.iter().map(|copy| 1 + copy.len()).sum::<usize>()
    }

    /// Appends the copies around the frame `pts` of our audio stream.
    pub fn write(pts: u32, copies: &[&[u8]], out: &mut Vec<u8>) {
        out.push(AUDIO);
        out.extend_from_slice(&pts.to_le_bytes());
        write_copies(copies, out);
    }
}

/// STREAM_STATE: a stream is switched on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// Which stream.
    pub stream: u8,
    /// On?
    pub enabled: bool,
}

impl StreamState {
    /// Its length.
    pub const LEN: usize = 2;

    /// Reads it.
    ///
    /// # Errors
    /// [`WireError::TooShort`].
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(bytes);
        Ok(Self { stream: r.u8()?, enabled: r.u8()? != 0 })
    }

    /// Appends it.
    pub fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.stream, u8::from(self.enabled)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_with_copies_says_whose_they_are() {
        let mut bytes = Vec::new();
        Record::write(300, b"primary", &[b"older", b"", b"own"], &mut bytes);
        assert_eq!(bytes.len(), Record::len(b"primary", &[b"older", b"", b"own"]));
        let (record, rest) = Record::parse(&bytes).unwrap();
        assert_eq!((record.stream, record.pts, record.data, rest), (1, 300, &b"primary"[..], &[][..]));
        let copies: Vec<_> = record.copies.iter().collect();
        assert_eq!(copies, [(2, &b"older"[..]), (1, &b""[..]), (0, &b"own"[..])]);
    }

    #[test]
    fn lengths_up_to_255_take_one_byte_and_more_take_two() {
        for len in [0, 1, 255, 256, MAX_FRAME] {
            let data = vec![7; len];
            let mut bytes = Vec::new();
            Record::write(60, &data, &[], &mut bytes);
            assert_eq!(bytes.len(), Record::len(&data, &[]));
            assert_eq!(bytes.len(), len + if len > 255 { 7 } else { 6 });
            assert_eq!(Record::parse(&bytes).unwrap().0.data, data);
        }
    }

    #[test]
    fn every_truncation_of_a_record_is_refused() {
        for copies in [&[][..], &[&b"older"[..], b"own"][..]] {
            let mut bytes = Vec::new();
            Record::write(300, b"primary", copies, &mut bytes);
            for len in 0..bytes.len() {
                assert!(Record::parse(&bytes[..len]).is_err(), "{len}");
            }
        }
        let mut bytes = Vec::new();
        StreamEc::write(300, &[b"older", b"own"], &mut bytes);
        for len in 0..bytes.len() {
            assert!(StreamEc::parse(&bytes[..len]).is_err(), "{len}");
        }
        assert!(StreamState::parse(&[1]).is_err());
    }

    #[test]
    fn a_fragment_of_a_picture_is_recognised_and_its_length_masked() {
        let bytes = [0x42, 3, 0xC0, 5, 0, 0, 0, 1, 4, b'a', b'b', b'c'];
        let (record, rest) = Record::parse(&bytes).unwrap();
        assert_eq!(
            (record.stream, record.fragment, record.data, rest.len()),
            (2, Some((1, 4)), &b"abc"[..], 0)
        );
    }
}
