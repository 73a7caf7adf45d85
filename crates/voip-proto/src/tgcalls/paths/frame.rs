//! Packets between a call and a relay (tgcalls.md 7.3, 7.5).
//!
//! Each port of a call at a relay has a tag: the first 12 bytes of the secret that the server gave to this side, and a
//! number `r` that the call has drawn, little-endian. A packet to the other side carries its `r` in place of ours; the relay
//! finds the port by it and puts the beginning that its holder knows in front.

use super::pseudo::Pseudo;
use crate::PeerTag;

/// The tag of one port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    prefix: [u8; Tag::PREFIX],
    r: u32,
}

impl Tag {
    /// Bytes that all ports of one side have in common.
    pub(super) const PREFIX: usize = 12;
    /// Bytes of a tag.
    pub(super) const LEN: usize = Self::PREFIX + 4;

    /// The port `r` of the side that has `secret`.
    pub(super) fn new(secret: PeerTag, r: u32) -> Self {
        let mut prefix = [0; Self::PREFIX];
        prefix.copy_from_slice(&secret.0[..Self::PREFIX]);
        Self { prefix, r }
    }

    /// Another port of the same side.
    pub(super) fn with_number(self, r: u32) -> Self {
        Self { r, ..self }
    }

    /// What it looks like on the wire.
    pub(super) fn bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..Self::PREFIX].copy_from_slice(&self.prefix);
        bytes[Self::PREFIX..].copy_from_slice(&self.r.to_le_bytes());
        bytes
    }

    /// The number that was drawn.
    pub(super) fn r(self) -> u32 {
        self.r
    }

    /// Appends the greeting of a UDP relay: libtgvoip's question "how do I look from outside" with query number 123. Any
    /// answer will do.
    pub(super) fn write_hello(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes());
        out.extend_from_slice(&[0xff; 12]);
        out.extend_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
        out.extend_from_slice(&123_u64.to_be_bytes());
    }

    /// Appends the greeting of a TCP relay.
    pub(super) fn write_stream_hello(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes());
        out.extend_from_slice(&[0; 4]);
    }

    /// Appends a packet for the port `to` of the other side, with zeros up to a multiple of four bytes.
    pub(super) fn write_data(self, to: Pseudo, payload: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(&self.with_number(to.r).bytes());
        out.extend_from_slice(&self.r.to_le_bytes());
        // The callers bound payloads far below this.
        out.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(payload);
        out.resize(out.len() + padding(payload.len()), 0);
    }

    /// Reads what a relay sent. `None`: it is not for the side that has this tag.
    ///
    /// The number in the packet is not compared: a relay may answer with the common beginning alone (7.3).
    pub(super) fn read(self, packet: &[u8]) -> Option<Frame<'_>> {
        if packet.len() < Self::LEN || packet[..Self::PREFIX] != self.prefix {
            return None;
        }
        Some(Frame::read(packet))
    }
}

/// Length of a packet that carries `payload` bytes.
pub(super) fn data_len(payload: usize) -> usize {
    Frame::HEADER + payload + padding(payload)
}

fn padding(payload: usize) -> usize {
    payload.wrapping_neg() % 4
}

/// What a packet of a relay holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// Something of the relay itself: an answer to a greeting. Nobody reads more into it.
    Service,
    /// From the port `r` of somebody behind the same relay.
    Data {
        /// Whose.
        r: u32,
        /// What they sent.
        payload: &'a [u8],
    },
    /// It names a length that it does not have, or nobody as its sender.
    Malformed,
}

impl<'a> Frame<'a> {
    /// Bytes before a payload: the tag, the sender, the length.
    pub(super) const HEADER: usize = Tag::LEN + 4 + 4;

    fn read(packet: &'a [u8]) -> Self {
        let Some((head, body)) = packet.split_first_chunk::<{ Frame::HEADER }>() else {
            return Self::Service;
        };
        let marker = &packet[Tag::LEN..packet.len().min(Tag::LEN + 12)];
        if body.is_empty() || marker.iter().all(|byte| *byte == 0xff) {
            return Self::Service;
        }
        let word = |at: usize| [head[at], head[at + 1], head[at + 2], head[at + 3]];
        let r = u32::from_le_bytes(word(Tag::LEN));
        let len = u32::from_be_bytes(word(Tag::LEN + 4)) as usize;
        match body.get(..len) {
            Some(payload) if r != 0 && len != 0 => Self::Data { r, payload },
            _ => Self::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: PeerTag = PeerTag(*b"\x00ABCDEFGHIJKLMNO");

    fn tag() -> Tag {
        Tag::new(SECRET, 0x0403_0201)
    }

    fn peer(r: u32) -> Pseudo {
        Pseudo { id: 1, r, port: 599 }
    }

    fn hex(text: &str) -> Vec<u8> {
        hex::decode(text.replace(' ', "")).unwrap()
    }

    #[test]
    fn the_greeting_of_a_udp_relay_has_the_bytes_of_section_7_3() {
        let mut out = Vec::new();
        tag().write_hello(&mut out);
        let expected =
            "00 41424344 45464748 494a4b 01020304 ffffffff ffffffff ffffffff feffffff 00000000 0000007b";
        assert_eq!(out, hex(expected));
        assert_eq!(out.len(), 40);
    }

    #[test]
    fn the_greeting_of_a_tcp_relay_has_the_bytes_of_section_7_5() {
        let mut out = Vec::new();
        tag().write_stream_hello(&mut out);
        assert_eq!(out, hex("00 41424344 45464748 494a4b 01020304 00000000"));
    }

    #[test]
    fn data_carries_both_numbers_its_length_and_zeros_up_to_four() {
        let mut out = Vec::new();
        tag().write_data(peer(0x0d0c_0b0a), b"hello", &mut out);
        let expected = "00 41424344 45464748 494a4b 0a0b0c0d 01020304 00000005 68656c6c 6f000000";
        assert_eq!(out, hex(expected));
        assert_eq!(out.len(), data_len(5));
        for (len, whole) in [(1, 28), (4, 28), (8, 32)] {
            out.clear();
            tag().write_data(peer(1), &vec![9; len], &mut out);
            assert_eq!((out.len(), data_len(len)), (whole, whole));
        }
    }

    #[test]
    fn data_of_the_other_side_is_read_with_its_number() {
        let packet = hex("00 41424344 45464748 494a4b 01020304 0a0b0c0d 00000005 68656c6c 6f000000");
        let frame = Frame::Data { r: 0x0d0c_0b0a, payload: b"hello" };
        assert_eq!(tag().read(&packet), Some(frame));
        assert_eq!(tag().read(&packet[..29]), Some(frame), "padding may be missing");
        assert_eq!(Tag::new(SECRET, 9).read(&packet), Some(frame), "the common beginning is enough");
        assert_eq!(tag().read(&packet[..28]), Some(Frame::Malformed), "a byte of five is missing");
        let mut foreign = packet;
        foreign[0] = 1;
        assert_eq!(tag().read(&foreign), None);
    }

    #[test]
    fn what_the_relay_says_itself_is_no_data() {
        let mut answer = Vec::new();
        tag().write_hello(&mut answer);
        for len in Tag::LEN..=answer.len() {
            assert_eq!(tag().read(&answer[..len]), Some(Frame::Service), "{len}");
        }
        assert_eq!(tag().read(&answer[..15]), None);
        let mut hello = Vec::new();
        tag().write_stream_hello(&mut hello);
        assert_eq!(tag().read(&hello), Some(Frame::Service));
    }

    #[test]
    fn a_sender_without_number_and_an_empty_payload_are_malformed() {
        for (r, len) in [("00000000", "00000001"), ("0a0b0c0d", "00000000"), ("0a0b0c0d", "ffffffff")] {
            let text = format!("00 41424344 45464748 494a4b 01020304 {r} {len} 00000000");
            assert_eq!(tag().read(&hex(&text)), Some(Frame::Malformed), "{r} {len}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_within_their_bounds(tail in prop::collection::vec(any::<u8>(), 0..80)) {
            let packet = [&SECRET.0[..12], &tail].concat();
            match tag().read(&packet) {
                None => prop_assert!(tail.len() < 4),
                Some(Frame::Data { payload, .. }) => prop_assert!(payload.len() + 24 <= packet.len()),
                Some(Frame::Service | Frame::Malformed) => {}
            }
        }

        #[test]
        fn what_one_side_writes_the_other_reads(
            r in 1..=u32::MAX,
            mine in 1..=u32::MAX,
            payload in prop::collection::vec(any::<u8>(), 1..200),
        ) {
            let (sender, receiver) = (Tag::new(SECRET, mine), Tag::new(SECRET, r));
            let mut packet = Vec::new();
            sender.write_data(peer(r), &payload, &mut packet);
            prop_assert_eq!(packet.len() % 4, 0);
            prop_assert_eq!(&packet[..16], &receiver.bytes());
            // A number and a length of all ones, then more of them: the relay's own mark. No payload is that long.
            prop_assert_eq!(receiver.read(&packet), Some(Frame::Data { r: mine, payload: &payload }));
        }
    }
}
