//! The header of a block (section 4): the short form, and the two TL forms of older peers.

use super::ack::Ack;
use super::extra::Extras;
use super::{Reader, Seq, WireError};

const FORM_A: u32 = 0xDBF9_48C1;
const FORM_B: u32 = 0xCC0D_0E76;
/// "GrVP".
const PROTOCOL: u32 = 0x5056_7247;

const A_DATA: u32 = 1;
const A_EXTRA: u32 = 2;
const A_CALL_ID: u32 = 4;
const A_PROTOCOL: u32 = 8;
const A_SEQ: u32 = 16;
const A_MASK: u32 = 32;

const HAS_EXTRAS: u8 = 1;
const HAS_RECV_TS: u8 = 2;

/// What a packet is for (5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Opening.
    Init,
    /// Answer to it.
    InitAck,
    /// A stream is switched on or off.
    StreamState,
    /// Sound or pictures.
    StreamData,
    /// Answer me.
    Ping,
    /// Answer.
    Pong,
    /// Two records.
    StreamDataX2,
    /// Three records.
    StreamDataX3,
    /// Own address in the local network.
    LanEndpoint,
    /// The sender's network has changed.
    NetworkChanged,
    /// Keep-alive and carrier of acknowledgements and extras.
    Nop,
    /// Redundant copies.
    StreamEc,
    /// Counted as received and otherwise ignored.
    Other(u8),
}

impl Kind {
    const NUMBERS: [(Self, u8); 12] = [
        (Self::Init, 1),
        (Self::InitAck, 2),
        (Self::StreamState, 3),
        (Self::StreamData, 4),
        (Self::Ping, 6),
        (Self::Pong, 7),
        (Self::StreamDataX2, 8),
        (Self::StreamDataX3, 9),
        (Self::LanEndpoint, 10),
        (Self::NetworkChanged, 11),
        (Self::Nop, 14),
        (Self::StreamEc, 17),
    ];

    /// The kind with this number.
    pub fn from_number(number: u8) -> Self {
        Self::NUMBERS.iter().find(|(_, n)| *n == number).map_or(Self::Other(number), |(kind, _)| *kind)
    }

    /// Its number.
    pub fn number(self) -> u8 {
        if let Self::Other(number) = self {
            return number;
        }
        Self::NUMBERS.iter().find(|(kind, _)| *kind == self).map_or(0, |(_, n)| *n)
    }
}

/// What every packet says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the packet is for.
    pub kind: Kind,
    /// What its sender has received.
    pub ack: Ack,
    /// Its own number.
    pub seq: Seq,
}

/// A block taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The header.
    pub header: Header,
    /// Announcements.
    pub extras: Extras<'a>,
    /// Milliseconds from the sender's start until its newest reception; only sent while it receives video.
    pub recv_ts: Option<u32>,
    /// The rest.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads a block with the short header (4.1).
    ///
    /// # Errors
    /// [`WireError`].
    pub fn parse_short(block: &'a [u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(block);
        let header = parse_core(&mut r)?;
        let flags = r.u8()?;
        let extras = if flags & HAS_EXTRAS == 0 { Extras::default() } else { Extras::parse(&mut r)? };
        let recv_ts = if flags & HAS_RECV_TS == 0 { None } else { Some(r.u32()?) };
        Ok(Self { header, extras, recv_ts, payload: r.rest() })
    }

    /// Reads a block with one of the TL headers (4.2, 4.3). `has_flags`: the sender is at least version 6.
    ///
    /// # Errors
    /// [`WireError`]; [`WireError::WrongCall`] and [`WireError::Protocol`] end a call, since the block is authentic.
    pub fn parse_tl(block: &'a [u8], call_id: &[u8; 16], has_flags: bool) -> Result<Self, WireError> {
        let mut r = Reader::new(block);
        match r.u32()? {
            FORM_A => Self::parse_a(r, call_id),
            FORM_B => Self::parse_b(r, has_flags),
            id => Err(WireError::Constructor { id }),
        }
    }

    fn parse_a(mut r: Reader<'a>, call_id: &[u8; 16]) -> Result<Self, WireError> {
        r.bytes(8)?;
        r.tl_bytes()?;
        let flags = r.u32()?;
        if flags & A_CALL_ID != 0 && r.array::<16>()? != *call_id {
            return Err(WireError::WrongCall);
        }
        if flags & (A_SEQ | A_MASK) != A_SEQ | A_MASK {
            return Err(WireError::Flags { flags });
        }
        let (newest, seq, mask) = (Seq(r.u32()?), Seq(r.u32()?), r.u32()?);
        if flags & A_PROTOCOL != 0 {
            let got = r.u32()?;
            if got != PROTOCOL {
                return Err(WireError::Protocol { got });
            }
        }
        if flags & A_EXTRA != 0 {
            r.tl_bytes()?;
        }
        let payload = if flags & A_DATA == 0 {
            &[]
        } else {
            let (len, _) = r.tl_len()?;
            r.bytes(len)?
        };
        let header = Header { kind: Kind::from_number((flags >> 24) as u8), ack: Ack { newest, mask }, seq };
        Ok(Self { header, extras: Extras::default(), recv_ts: None, payload })
    }

    fn parse_b(mut r: Reader<'a>, has_flags: bool) -> Result<Self, WireError> {
        r.bytes(8)?;
        r.tl_bytes()?;
        // Only indicative: it does not count flags and extras.
        r.tl_len()?;
        let header = parse_core(&mut r)?;
        let flags = if has_flags { r.u8()? } else { 0 };
        let extras = if flags & HAS_EXTRAS == 0 { Extras::default() } else { Extras::parse(&mut r)? };
        Ok(Self { header, extras, recv_ts: None, payload: r.rest() })
    }
}

/// Type, acknowledged number, own number and mask, as the short form and form B have them.
fn parse_core(r: &mut Reader<'_>) -> Result<Header, WireError> {
    let kind = Kind::from_number(r.u8()?);
    let (newest, seq, mask) = (Seq(r.u32()?), Seq(r.u32()?), r.u32()?);
    Ok(Header { kind, ack: Ack { newest, mask }, seq })
}

/// Which header a block is written with, and what that form needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderForm {
    /// Protocol 8 and 9.
    Short,
    /// Older peers, until the call is established.
    A {
        /// Random.
        random: [u8; 15],
        /// The call's 128-bit id.
        call_id: [u8; 16],
    },
    /// Older peers, afterwards.
    B {
        /// Random.
        random: [u8; 15],
        /// The peer is at least version 6 and expects flags and extras.
        flags: bool,
    },
}

impl HeaderForm {
    /// True when this form can carry extras.
    pub fn has_extras(&self) -> bool {
        matches!(self, Self::Short | Self::B { flags: true, .. })
    }
}

impl Header {
    /// Appends the header; a payload of exactly `payload_len` bytes must follow. `extras` is the ready list: a count and
    /// the extras, or nothing. It is left out where the form has no room for it.
    pub fn write(&self, form: &HeaderForm, extras: &[u8], payload_len: usize, out: &mut Vec<u8>) {
        match form {
            HeaderForm::Short => {
                self.write_core(out);
                write_flags(extras, out);
            }
            HeaderForm::A { random, call_id } => self.write_a(random, call_id, payload_len, out),
            HeaderForm::B { random, flags } => {
                out.extend_from_slice(&FORM_B.to_le_bytes());
                write_random(random, out);
                write_tl_len(payload_len + 13, out);
                self.write_core(out);
                if *flags {
                    write_flags(extras, out);
                }
            }
        }
    }

    fn write_core(&self, out: &mut Vec<u8>) {
        out.push(self.kind.number());
        out.extend_from_slice(&self.ack.newest.0.to_le_bytes());
        out.extend_from_slice(&self.seq.0.to_le_bytes());
        out.extend_from_slice(&self.ack.mask.to_le_bytes());
    }

    fn write_a(&self, random: &[u8; 15], call_id: &[u8; 16], payload_len: usize, out: &mut Vec<u8>) {
        let data = if payload_len > 0 { A_DATA } else { 0 };
        let flags = u32::from(self.kind.number()) << 24 | A_CALL_ID | A_PROTOCOL | A_SEQ | A_MASK | data;
        out.extend_from_slice(&FORM_A.to_le_bytes());
        write_random(random, out);
        out.extend_from_slice(&flags.to_le_bytes());
        out.extend_from_slice(call_id);
        for word in [self.ack.newest.0, self.seq.0, self.ack.mask, PROTOCOL] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        if payload_len > 0 {
            write_tl_len(payload_len, out);
        }
    }
}

fn write_flags(extras: &[u8], out: &mut Vec<u8>) {
    out.push(if extras.is_empty() { 0 } else { HAS_EXTRAS });
    out.extend_from_slice(extras);
}

/// A random id of 8 bytes and seven random bytes with their length.
fn write_random(random: &[u8; 15], out: &mut Vec<u8>) {
    out.extend_from_slice(&random[..8]);
    out.push(7);
    out.extend_from_slice(&random[8..]);
}

fn write_tl_len(len: usize, out: &mut Vec<u8>) {
    if len < 254 {
        out.push(len as u8);
    } else {
        out.push(254);
        out.extend_from_slice(&(len as u32).to_le_bytes()[..3]);
    }
}

/// The longest header of any form, without extras.
pub const MAX_HEADER: usize = 4 + 16 + 4 + 16 + 16 + 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::extra::Extra;

    fn header() -> Header {
        Header { kind: Kind::Nop, ack: Ack { newest: Seq(7), mask: 0xE000_0000 }, seq: Seq(5) }
    }

    fn forms() -> [HeaderForm; 4] {
        let random = [3; 15];
        [
            HeaderForm::Short,
            HeaderForm::A { random, call_id: [8; 16] },
            HeaderForm::B { random, flags: false },
            HeaderForm::B { random, flags: true },
        ]
    }

    fn parse<'a>(form: &HeaderForm, block: &'a [u8]) -> Result<Packet<'a>, WireError> {
        match form {
            HeaderForm::Short => Packet::parse_short(block),
            other => Packet::parse_tl(block, &[8; 16], other.has_extras()),
        }
    }

    #[test]
    fn every_form_gives_back_header_extras_and_payload() {
        let mut extras = vec![1];
        Extra::NetworkChanged { flags: 0 }.write(&mut extras);
        for form in forms() {
            for payload in [0, 5, 300] {
                let mut block = Vec::new();
                header().write(&form, &extras, payload, &mut block);
                block.resize(block.len() + payload, 0x77);
                let packet = parse(&form, &block).unwrap();
                assert_eq!(packet.header, header());
                assert_eq!(packet.payload, vec![0x77; payload]);
                assert_eq!(packet.extras.len(), usize::from(form.has_extras()));
            }
        }
    }

    #[test]
    fn every_truncation_of_a_header_is_refused() {
        let mut extras = vec![1];
        Extra::NetworkChanged { flags: 0 }.write(&mut extras);
        for form in forms() {
            let mut block = Vec::new();
            header().write(&form, &extras, 0, &mut block);
            for len in 0..block.len() {
                assert!(parse(&form, &block[..len]).is_err(), "{form:?} {len}");
            }
        }
    }

    #[test]
    fn form_a_of_another_call_or_protocol_is_told_apart() {
        let mut block = Vec::new();
        header().write(&forms()[1], &[], 0, &mut block);
        assert_eq!(Packet::parse_tl(&block, &[9; 16], false), Err(WireError::WrongCall));
        let protocol = block.len() - 4;
        block[protocol] ^= 1;
        assert!(matches!(Packet::parse_tl(&block, &[8; 16], false), Err(WireError::Protocol { .. })));
        block[0] ^= 1;
        assert!(matches!(Packet::parse_tl(&block, &[8; 16], false), Err(WireError::Constructor { .. })));
    }

    #[test]
    fn kinds_and_numbers_are_a_round_trip() {
        for number in 0..=255 {
            assert_eq!(Kind::from_number(number).number(), number);
        }
        assert_eq!(Kind::from_number(5), Kind::Other(5));
    }
}
