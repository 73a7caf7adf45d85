//! The reflector: two parties of a call who cannot reach each other send to it, over UDP or TCP, and it passes each
//! datagram on.
//!
//! [`relay`] decides (no socket, no clock), [`packet`] reads and writes the special datagrams, [`modern`] reads those of
//! modern calls, [`Reflector`] is the sockets and the thread. Rules: a tag is 16 opaque bytes; every call has two of
//! them per reflector, one for each party; a party only sends its own tag and only accepts its own tag, so the tag is
//! rewritten on the way. A party of a modern call is named by the first twelve bytes of its tag alone.

mod counters;
pub mod modern;
pub mod packet;
mod pair;
pub mod relay;
mod shell;
mod stream;

use std::{fmt, str::FromStr};

pub use counters::ReflectorCounters;
pub use shell::{Reflector, ReflectorHandle};

/// The 16 bytes with which one party of one call names itself to one reflector. Its `Debug` shows only the first bytes:
/// whoever knows a tag can speak in its owner's place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerTag(pub [u8; 16]);

impl fmt::Debug for PeerTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerTag({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// The text was not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tag is 32 hexadecimal digits")]
pub struct ParseTagError;

impl FromStr for PeerTag {
    type Err = ParseTagError;

    fn from_str(text: &str) -> Result<Self, ParseTagError> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return Err(ParseTagError);
        }
        let mut tag = [0; 16];
        for (byte, pair) in tag.iter_mut().zip(digits.chunks_exact(2)) {
            let nibble = |digit: u8| char::from(digit).to_digit(16).ok_or(ParseTagError);
            *byte = (nibble(pair[0])? << 4 | nibble(pair[1])?) as u8;
        }
        Ok(Self(tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_from_hexadecimal_and_nothing_else() {
        let tag: PeerTag = "000102030405060708090a0b0c0d0eFF".parse().unwrap();
        assert_eq!(tag.0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
        for wrong in ["", "00", "000102030405060708090a0b0c0d0eFG", "000102030405060708090a0b0c0d0eFF0"] {
            assert_eq!(wrong.parse::<PeerTag>(), Err(ParseTagError));
        }
        assert_eq!(format!("{tag:?}"), "PeerTag(0001…)");
    }
}
