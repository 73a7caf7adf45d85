//! What modern calls (tgcalls) exchange with a reflector.
//!
//! A party has one tag for a reflector but may reach it from many sockets. The first twelve bytes of the tag, the prefix,
//! name the party; each socket draws a number that takes the place of the last four. Both ends of a datagram are named
//! by number: it goes out as `own prefix, receiver's number, own number, length, payload, padding` and comes in with the
//! receiver's prefix. A socket is known once it has said hello, which over UDP is libtgvoip's self-info request and over
//! TCP a short frame of its own. Numbers of sockets are little-endian, lengths big-endian. Layouts as libwebrtc-based
//! clients send and read them.

use std::fmt;

use super::{PeerTag, packet};

/// Length of the part of a tag that names a party.
pub const PREFIX_LEN: usize = 12;
/// Length of a hello over TCP: prefix, own number, zero.
const SHORT_HELLO_LEN: usize = PREFIX_LEN + 4 + 4;
/// Length of what stands before the payload: prefix, two numbers, length.
const DATA_HEADER_LEN: usize = PREFIX_LEN + 4 + 4 + 4;

/// The part of a tag that names a party of a modern call. Its `Debug` shows only the first bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Prefix(pub [u8; PREFIX_LEN]);

impl Prefix {
    /// The prefix of a tag.
    #[must_use]
    pub fn of(tag: PeerTag) -> Self {
        let mut prefix = [0; PREFIX_LEN];
        prefix.copy_from_slice(&tag.0[..PREFIX_LEN]);
        Self(prefix)
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prefix({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// The number a client drew for one of its sockets. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SocketNumber(pub u32);

/// What a client wants with one datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// "This socket is mine", also used as keep-alive.
    Hello {
        /// The socket it comes from.
        own: SocketNumber,
        /// Comes back in the answer.
        query: i64,
    },
    /// The same over TCP, where nothing has to come back.
    ShortHello {
        /// The socket it comes from.
        own: SocketNumber,
    },
    /// Pass this on to that socket of the other party.
    Data {
        /// The receiver.
        to: SocketNumber,
        /// The socket it comes from.
        own: SocketNumber,
    },
}

impl Frame {
    /// Reads what follows the prefix of a datagram; `None` when it is nothing a client may send.
    #[must_use]
    pub fn parse(datagram: &[u8]) -> Option<Self> {
        let (_, rest) = datagram.split_at_checked(PREFIX_LEN)?;
        let (first, rest) = number(rest)?;
        if rest == [0; 4] {
            return Some(Self::ShortHello { own: first });
        }
        if let Some(packet::Request::SelfInfo { query }) = packet::Request::parse(datagram) {
            return Some(Self::Hello { own: first, query });
        }
        let (own, rest) = number(rest)?;
        let (length, rest) = rest.split_first_chunk()?;
        // Padding brings a datagram to a multiple of four; more than that is nobody's business.
        let fits = usize::try_from(u32::from_be_bytes(*length)).is_ok_and(|length| length <= rest.len());
        fits.then_some(Self::Data { to: first, own })
    }
}

fn number(bytes: &[u8]) -> Option<(SocketNumber, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    let number = u32::from_le_bytes(*number);
    (number != 0).then_some((SocketNumber(number), rest))
}

const _: () = assert!(SHORT_HELLO_LEN < DATA_HEADER_LEN, "a short hello is never taken for data");

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u32> =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).unwrap()).collect();
        digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
    }

    const PREFIX: &str = "00 0102030405060708090a0b";

    #[test]
    fn the_three_frames_have_the_layout_clients_send() {
        let hello = hex(&format!("{PREFIX} 78563412 ffffffffffffffffffffffff feffffff 000000000000007b"));
        assert_eq!(hello.len(), 40);
        let query = i64::from_le_bytes([0, 0, 0, 0, 0, 0, 0, 123]);
        assert_eq!(Frame::parse(&hello), Some(Frame::Hello { own: SocketNumber(0x1234_5678), query }));
        let short = hex(&format!("{PREFIX} 78563412 00000000"));
        assert_eq!(Frame::parse(&short), Some(Frame::ShortHello { own: SocketNumber(0x1234_5678) }));
        assert_eq!(short.len(), SHORT_HELLO_LEN);
        let data = hex(&format!("{PREFIX} 01000000 78563412 00000005 a1a2a3a4a5 000000"));
        let frame = Frame::Data { to: SocketNumber(1), own: SocketNumber(0x1234_5678) };
        assert_eq!(Frame::parse(&data), Some(frame));
        assert_eq!(Frame::parse(&data[..DATA_HEADER_LEN + 5]), Some(frame), "padding may be missing");
    }

    #[test]
    fn every_truncation_is_refused_or_never_read_as_another_frame() {
        let data = hex(&format!("{PREFIX} 01000000 78563412 00000005 a1a2a3a4a5"));
        for len in 0..data.len() {
            assert_eq!(Frame::parse(&data[..len]), None, "{len} bytes of data");
        }
        let hello = hex(&format!("{PREFIX} 78563412 ffffffffffffffffffffffff feffffff 000000000000007b"));
        for len in 0..hello.len() {
            assert_eq!(Frame::parse(&hello[..len]), None, "{len} bytes of a hello");
        }
    }

    #[test]
    fn nobody_is_number_zero() {
        for frame in [
            format!("{PREFIX} 00000000 00000000"),
            format!("{PREFIX} 00000000 ffffffffffffffffffffffff feffffff 000000000000007b"),
            format!("{PREFIX} 00000000 78563412 00000000"),
            format!("{PREFIX} 78563412 00000000 00000000"),
        ] {
            assert_eq!(Frame::parse(&hex(&frame)), None, "{frame}");
        }
    }
}
