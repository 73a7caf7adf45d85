//! The four framings, either end.
//!
//! Source: core.telegram.org/mtproto/mtproto-transports. A quick ack travels unframed: as a little-endian number
//! with bit 31 set in (padded) intermediate framing, byte-reversed in abridged framing, so that its first byte
//! has bit 7 set and cannot be mistaken for a length.

use super::{Kind, MAX_INBOUND, MAX_OUTBOUND, TransportError};
use bytes::{Buf, BytesMut};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::RngCore;

/// Bytes of a full frame that are not payload: length, number, checksum.
const FULL_OVERHEAD: usize = 4 + 4 + 4;
/// First byte of an abridged frame whose length follows in three bytes.
const ABRIDGED_LONG: u8 = 0x7f;
/// Quick-ack bit of the first abridged byte.
const ABRIDGED_QUICK: u8 = 0x80;
/// Quick-ack bit of an intermediate length.
const QUICK: u32 = 1 << 31;

/// Which end reads: the quick-ack bit means different things to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Client,
    Server,
}

/// One frame off the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Packet {
        bytes: Vec<u8>,
        wants_quick_ack: bool,
    },
    QuickAck(u32),
    /// A negative number where a full frame's length belongs.
    Error(i32),
}

/// Framing of both directions of one connection.
#[derive(Debug)]
pub(super) struct Framing {
    kind: Kind,
    end: End,
    sent: u32,
    received: u32,
}

impl Framing {
    pub(super) fn new(kind: Kind, end: End) -> Self {
        Self { kind, end, sent: 0, received: 0 }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Appends a frame.
    pub(super) fn encode(
        &mut self,
        packet: &[u8],
        quick_ack: bool,
        rng: &mut ChaCha20Rng,
        out: &mut Vec<u8>,
    ) -> Result<(), TransportError> {
        let got = packet.len();
        if got > MAX_OUTBOUND {
            return Err(TransportError::TooLong { got, limit: MAX_OUTBOUND });
        }
        if got == 0 || !got.is_multiple_of(4) {
            return Err(TransportError::Unaligned { got });
        }
        let quick_bit = if quick_ack { QUICK } else { 0 };
        match self.kind {
            Kind::Abridged => {
                let words = got / 4;
                let quick_bit = if quick_ack { ABRIDGED_QUICK } else { 0 };
                if words < usize::from(ABRIDGED_LONG) {
                    out.push(words as u8 | quick_bit);
                } else {
                    out.push(ABRIDGED_LONG | quick_bit);
                    out.extend_from_slice(&(words as u32).to_le_bytes()[..3]);
                }
                out.extend_from_slice(packet);
            }
            Kind::Intermediate => {
                out.extend_from_slice(&(got as u32 | quick_bit).to_le_bytes());
                out.extend_from_slice(packet);
            }
            Kind::PaddedIntermediate => {
                let mut padding = [0; 15];
                rng.fill_bytes(&mut padding);
                // Error codes go bare: a reader knows them by their length of four.
                let len = if got == 4 { 0 } else { (rng.next_u32() % 16) as usize };
                out.extend_from_slice(&((got + len) as u32 | quick_bit).to_le_bytes());
                out.extend_from_slice(packet);
                out.extend_from_slice(&padding[..len]);
            }
            Kind::Full if quick_ack => return Err(TransportError::NoQuickAck),
            Kind::Full => {
                let start = out.len();
                out.extend_from_slice(&((got + FULL_OVERHEAD) as u32).to_le_bytes());
                out.extend_from_slice(&self.sent.to_le_bytes());
                out.extend_from_slice(packet);
                let checksum = crc32fast::hash(&out[start..]);
                out.extend_from_slice(&checksum.to_le_bytes());
                self.sent = self.sent.wrapping_add(1);
            }
        }
        Ok(())
    }

    /// Appends a quick ack; nothing on the full transport.
    pub(super) fn encode_quick_ack(&self, token: u32, out: &mut Vec<u8>) {
        match self.kind {
            Kind::Abridged => out.extend_from_slice(&(token | QUICK).to_be_bytes()),
            Kind::Intermediate | Kind::PaddedIntermediate => {
                out.extend_from_slice(&(token | QUICK).to_le_bytes());
            }
            Kind::Full => {}
        }
    }

    /// Takes one whole frame off the front of `input`, or nothing.
    pub(super) fn decode(&mut self, input: &mut BytesMut) -> Result<Option<Raw>, TransportError> {
        match self.kind {
            Kind::Abridged => self.decode_abridged(input),
            Kind::Intermediate | Kind::PaddedIntermediate => self.decode_intermediate(input),
            Kind::Full => self.decode_full(input),
        }
    }

    fn decode_abridged(&self, input: &mut BytesMut) -> Result<Option<Raw>, TransportError> {
        let Some(&first) = input.first() else { return Ok(None) };
        let quick = first & ABRIDGED_QUICK != 0;
        if quick && self.end == End::Client {
            return Ok(take_u32(input).map(|ack| Raw::QuickAck(ack.swap_bytes())));
        }
        let (header, words) = match first & !ABRIDGED_QUICK {
            ABRIDGED_LONG => {
                let Some(&[_, a, b, c]) = input.first_chunk() else { return Ok(None) };
                (4, usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16)
            }
            words => (1, usize::from(words)),
        };
        let len = words * 4;
        if len == 0 {
            return Err(TransportError::BadLength { got: 0 });
        }
        Ok(take_packet(input, header, len, 0)?.map(|bytes| Raw::Packet { bytes, wants_quick_ack: quick }))
    }

    fn decode_intermediate(&self, input: &mut BytesMut) -> Result<Option<Raw>, TransportError> {
        let Some(&first) = input.first_chunk() else { return Ok(None) };
        let word = u32::from_le_bytes(first);
        let quick = word & QUICK != 0;
        if quick && self.end == End::Client {
            input.advance(4);
            return Ok(Some(Raw::QuickAck(word)));
        }
        let len = (word & !QUICK) as usize;
        if len < 4 || self.kind == Kind::Intermediate && !len.is_multiple_of(4) {
            return Err(TransportError::BadLength { got: len });
        }
        let Some(mut bytes) = take_packet(input, 4, len, 0)? else { return Ok(None) };
        if self.kind == Kind::PaddedIntermediate {
            cut_padding(&mut bytes)?;
        }
        Ok(Some(Raw::Packet { bytes, wants_quick_ack: quick }))
    }

    fn decode_full(&mut self, input: &mut BytesMut) -> Result<Option<Raw>, TransportError> {
        let Some(&first) = input.first_chunk() else { return Ok(None) };
        let len = u32::from_le_bytes(first) as usize;
        if self.end == End::Client && (first[3] & 0x80) != 0 {
            input.advance(4);
            return Ok(Some(Raw::Error(i32::from_le_bytes(first))));
        }
        if len < FULL_OVERHEAD + 4 || !len.is_multiple_of(4) {
            return Err(TransportError::BadLength { got: len });
        }
        let Some(mut frame) = take_packet(input, 0, len, FULL_OVERHEAD)? else { return Ok(None) };
        let (content, checksum) = frame.split_at(len - 4);
        if crc32fast::hash(content).to_le_bytes() != *checksum {
            return Err(TransportError::Checksum);
        }
        let got = u32::from_le_bytes([content[4], content[5], content[6], content[7]]);
        if got != self.received {
            return Err(TransportError::Sequence { got, need: self.received });
        }
        self.received = self.received.wrapping_add(1);
        frame.truncate(len - 4);
        frame.drain(..8);
        Ok(Some(Raw::Packet { bytes: frame, wants_quick_ack: false }))
    }
}

fn take_u32(input: &mut BytesMut) -> Option<u32> {
    let word = u32::from_le_bytes(*input.first_chunk()?);
    input.advance(4);
    Some(word)
}

/// Takes `header` bytes and then `len` bytes, of which `overhead` do not count against the limit.
fn take_packet(
    input: &mut BytesMut,
    header: usize,
    len: usize,
    overhead: usize,
) -> Result<Option<Vec<u8>>, TransportError> {
    if len - overhead > MAX_INBOUND {
        return Err(TransportError::TooLong { got: len - overhead, limit: MAX_INBOUND });
    }
    if input.len() < header + len {
        return Ok(None);
    }
    input.advance(header);
    Ok(Some(input.split_to(len).to_vec()))
}

/// Cuts the 0 to 15 bytes after a padded packet: unencrypted messages say their length, encrypted ones are whole
/// AES blocks after 24 bytes, and what is shorter is an error code of four bytes.
fn cut_padding(bytes: &mut Vec<u8>) -> Result<(), TransportError> {
    let got = bytes.len();
    let len = if got < crate::plain::HEADER {
        4
    } else if bytes[..8] == [0; 8] {
        let said = u32::from_le_bytes([bytes[16], bytes[17], bytes[18], bytes[19]]) as usize;
        crate::plain::HEADER.saturating_add(said)
    } else {
        24 + (got.saturating_sub(24) & !15)
    };
    if len > got {
        return Err(TransportError::BadLength { got });
    }
    bytes.truncate(len);
    Ok(())
}
