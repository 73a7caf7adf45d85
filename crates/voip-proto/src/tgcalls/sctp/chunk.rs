//! Packets and chunks on the wire (RFC 9260, section 3). Big-endian, but for the checksum.

use super::crc::crc32c;

/// Both ports.
const PORT: u16 = 5000;
/// Ports, verification tag, checksum.
const HEADER: usize = 12;
/// Type, flags, length.
const HEAD: usize = 4;
/// Payload protocol "WebRTC binary".
const PPID_BINARY: u32 = 53;

/// Types of chunks.
pub(super) mod kind {
    pub(crate) const DATA: u8 = 0;
    pub(crate) const INIT: u8 = 1;
    pub(crate) const INIT_ACK: u8 = 2;
    pub(crate) const SACK: u8 = 3;
    pub(crate) const HEARTBEAT: u8 = 4;
    pub(crate) const HEARTBEAT_ACK: u8 = 5;
    pub(crate) const ABORT: u8 = 6;
    pub(crate) const SHUTDOWN: u8 = 7;
    pub(crate) const SHUTDOWN_ACK: u8 = 8;
    pub(crate) const ERROR: u8 = 9;
    pub(crate) const COOKIE_ECHO: u8 = 10;
    pub(crate) const COOKIE_ACK: u8 = 11;
}

/// What a receiver looks at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) tag: u32,
}

impl Header {
    /// The header and the chunks of a packet between our ports whose checksum is right.
    pub(super) fn open(packet: &[u8]) -> Option<(Self, &[u8])> {
        let (ports, rest) = packet.split_first_chunk::<4>()?;
        let (tag, rest) = rest.split_first_chunk::<4>()?;
        let (checksum, chunks) = rest.split_first_chunk::<4>()?;
        let zeroed = [&packet[..8], &[0; 4], chunks].concat();
        let right = is_sctp(ports) && crc32c(&zeroed) == u32::from_le_bytes(*checksum);
        right.then_some((Self { tag: u32::from_be_bytes(*tag) }, chunks))
    }
}

/// True when the bytes begin like a packet between our ports. A sealed packet does so once in 2^32 times.
pub(crate) fn is_sctp(packet: &[u8]) -> bool {
    packet.starts_with(&[0x13, 0x88, 0x13, 0x88])
}

/// A packet to the peer that chose `tag`.
pub(super) fn packet(tag: u32, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    out.extend_from_slice(&PORT.to_be_bytes());
    out.extend_from_slice(&PORT.to_be_bytes());
    out.extend_from_slice(&tag.to_be_bytes());
    out.extend_from_slice(&[0; 4]);
    write(&mut out);
    let checksum = crc32c(&out);
    out[HEADER - 4..HEADER].copy_from_slice(&checksum.to_le_bytes());
    out
}

/// Appends a chunk with its length and padding.
pub(super) fn write(kind: u8, flags: u8, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[kind, flags, 0, 0]);
    body(out);
    // Our chunks stay below a packet, a reflected heartbeat below what one can claim.
    let len = (out.len() - start) as u16;
    out[start + 2..start + HEAD].copy_from_slice(&len.to_be_bytes());
    out.resize(start + (out.len() - start).next_multiple_of(4), 0);
}

/// A chunk as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) body: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// The first chunk and what follows its padding.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[kind, flags, high, low], _) = bytes.split_first_chunk::<HEAD>()?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let body = bytes.get(HEAD..len)?;
        // The last chunk may come without its padding.
        let rest = bytes.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some((Self { kind, flags, body }, rest))
    }
}

/// Takes a big-endian word.
fn word<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (word, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(word)
}

fn word32(bytes: &mut &[u8]) -> Option<u32> {
    word(bytes).map(|word| u32::from_be_bytes(*word))
}

fn word16(bytes: &mut &[u8]) -> Option<u16> {
    word(bytes).map(|word| u16::from_be_bytes(*word))
}

/// INIT and INIT ACK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Init {
    pub(super) tag: u32,
    pub(super) room: u32,
    pub(super) streams: [u16; 2],
    pub(super) tsn: u32,
}

impl Init {
    const COOKIE: u16 = 7;

    /// Our own: no extensions, as many streams as the others announce.
    pub(super) fn ours(tag: u32, tsn: u32) -> Self {
        Self { tag, room: super::inbound::ROOM, streams: [u16::MAX; 2], tsn }
    }

    /// Reads the body and the cookie among its parameters; other parameters do not matter to us.
    pub(super) fn parse(mut body: &[u8]) -> Option<(Self, Option<&[u8]>)> {
        let (tag, room) = (word32(&mut body)?, word32(&mut body)?);
        let streams = [word16(&mut body)?, word16(&mut body)?];
        let tsn = word32(&mut body)?;
        if tag == 0 || streams.contains(&0) {
            return None;
        }
        let mut cookie = None;
        while !body.is_empty() {
            let mut parameter = body;
            let (kind, len) = (word16(&mut parameter)?, usize::from(word16(&mut parameter)?));
            let value = body.get(HEAD..len)?;
            if kind == Self::COOKIE {
                cookie = Some(value);
            }
            body = body.get(len.next_multiple_of(4)..).unwrap_or_default();
        }
        Some((Self { tag, room, streams, tsn }, cookie))
    }

    /// Appends the chunk.
    pub(super) fn write(self, kind: u8, cookie: Option<&[u8]>, out: &mut Vec<u8>) {
        write(kind, 0, out, |out| {
            out.extend_from_slice(&self.tag.to_be_bytes());
            out.extend_from_slice(&self.room.to_be_bytes());
            self.streams.iter().for_each(|count| out.extend_from_slice(&count.to_be_bytes()));
            out.extend_from_slice(&self.tsn.to_be_bytes());
            if let Some(cookie) = cookie {
                // A parameter is laid out like a chunk with a 16-bit type.
                let [high, low] = Self::COOKIE.to_be_bytes();
                write(high, low, out, |out| out.extend_from_slice(cookie));
            }
        });
    }
}

/// Acknowledgement of DATA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sack {
    /// Everything up to here has arrived.
    pub(super) cumulative: u32,
    pub(super) room: u32,
    /// First and last of each block that has arrived beyond, as offsets from `cumulative`.
    pub(super) gaps: Vec<(u16, u16)>,
}

impl Sack {
    pub(super) fn parse(mut body: &[u8]) -> Option<Self> {
        let (cumulative, room) = (word32(&mut body)?, word32(&mut body)?);
        let (gap_count, duplicate_count) = (word16(&mut body)?, word16(&mut body)?);
        if body.len() < (usize::from(gap_count) + usize::from(duplicate_count)) * 4 {
            return None;
        }
        let gaps = (0..gap_count).map(|_| Some((word16(&mut body)?, word16(&mut body)?)));
        Some(Self { cumulative, room, gaps: gaps.collect::<Option<_>>()? })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        write(kind::SACK, 0, out, |out| {
            out.extend_from_slice(&self.cumulative.to_be_bytes());
            out.extend_from_slice(&self.room.to_be_bytes());
            out.extend_from_slice(&(self.gaps.len() as u16).to_be_bytes());
            out.extend_from_slice(&[0; 2]);
            for (first, last) in &self.gaps {
                out.extend_from_slice(&first.to_be_bytes());
                out.extend_from_slice(&last.to_be_bytes());
            }
        });
    }
}

/// A DATA chunk: a piece of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Data<'a> {
    pub(super) tsn: u32,
    pub(super) stream: u16,
    /// Number of the message in its stream.
    pub(super) ssn: u16,
    pub(super) begins: bool,
    pub(super) ends: bool,
    pub(super) piece: &'a [u8],
}

impl<'a> Data<'a> {
    const BEGINS: u8 = 2;
    const ENDS: u8 = 1;
    /// Bytes besides the piece.
    pub(super) const HEAD: usize = HEAD + 12;
    /// The largest piece that leaves a packet within its limit.
    pub(super) const MAX_PIECE: usize = super::MAX_PACKET - HEADER - Self::HEAD;

    /// A piece of no bytes breaks the rules.
    pub(super) fn parse(chunk: Chunk<'a>) -> Option<Self> {
        let mut body = chunk.body;
        let tsn = word32(&mut body)?;
        let (stream, ssn) = (word16(&mut body)?, word16(&mut body)?);
        let _protocol = word32(&mut body)?;
        let (begins, ends) = (chunk.flags & Self::BEGINS != 0, chunk.flags & Self::ENDS != 0);
        (!body.is_empty()).then_some(Self { tsn, stream, ssn, begins, ends, piece: body })
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        let flags = if self.begins { Self::BEGINS } else { 0 } | if self.ends { Self::ENDS } else { 0 };
        write(kind::DATA, flags, out, |out| {
            out.extend_from_slice(&self.tsn.to_be_bytes());
            out.extend_from_slice(&self.stream.to_be_bytes());
            out.extend_from_slice(&self.ssn.to_be_bytes());
            out.extend_from_slice(&PPID_BINARY.to_be_bytes());
            out.extend_from_slice(self.piece);
        });
    }
}

#[cfg(test)]
mod tests;
