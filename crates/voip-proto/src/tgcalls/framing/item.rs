//! What an acked packet is made of: `sequence word || type || body`, one after another.

use crate::tgcalls::seq::Seq;

const CUSTOM: u8 = 0x7f;
const EMPTY: u8 = 0xfe;
const ACK: u8 = 0xff;
/// Sequence word and type.
pub(super) const HEAD: usize = Seq::LEN + 1;
/// Length field of a message.
const LENGTH: usize = 4;

/// One item of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A message (JSON, rarely packed).
    Message(&'a [u8]),
    /// The sequence word is that of a message of ours which has arrived.
    Ack,
    /// Nothing: it lends its counter to a packet of acks and repetitions.
    Empty,
}

impl<'a> Item<'a> {
    /// Reads the item behind a sequence word, and what follows it. `None` = it breaks the layout.
    pub(super) fn parse(body: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (kind, rest) = body.split_first()?;
        let (item, rest) = match *kind {
            ACK => (Self::Ack, rest),
            EMPTY => (Self::Empty, rest),
            CUSTOM => {
                let (len, rest) = rest.split_first_chunk::<LENGTH>()?;
                let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
                let (message, rest) = rest.split_at_checked(len)?;
                (Self::Message(message), rest)
            }
            _ => return None,
        };
        Some((item, rest))
    }

    /// Bytes it takes, sequence word included.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::Message(message) => HEAD + LENGTH + message.len(),
            Self::Ack | Self::Empty => HEAD,
        }
    }

    /// Appends it.
    pub(super) fn write(self, seq: Seq, out: &mut Vec<u8>) {
        out.extend_from_slice(&seq.to_bytes());
        match self {
            Self::Ack => out.push(ACK),
            Self::Empty => out.push(EMPTY),
            Self::Message(message) => {
                out.push(CUSTOM);
                out.extend_from_slice(&(message.len() as u32).to_be_bytes());
                out.extend_from_slice(message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_written_as_published_and_read_back() {
        let mut out = Vec::new();
        Item::Message(b"{}").write(Seq::new(1).with_ack(), &mut out);
        assert_eq!(hex::encode(&out), "40000001".to_owned() + "7f" + "00000002" + "7b7d");
        assert_eq!(Item::parse(&out[4..]), Some((Item::Message(b"{}"), &[][..])));
        assert_eq!(Item::Message(b"{}").size(), out.len());
        out.clear();
        Item::Empty.write(Seq::new(2), &mut out);
        Item::Ack.write(Seq::new(1).with_ack(), &mut out);
        assert_eq!(hex::encode(&out), "00000002fe40000001ff");
        assert_eq!(Item::parse(&out[4..]), Some((Item::Empty, &out[5..])));
        assert_eq!(Item::parse(&out[9..]), Some((Item::Ack, &[][..])));
    }

    #[test]
    fn cut_items_lengths_that_lie_and_other_types_are_refused() {
        let whole = [CUSTOM, 0, 0, 0, 2, b'{', b'}'];
        for len in 0..whole.len() {
            assert_eq!(Item::parse(&whole[..len]), None, "{len}");
        }
        assert_eq!(Item::parse(&[CUSTOM, 0xff, 0xff, 0xff, 0xff, 1]), None);
        for kind in (0..=0xfd).filter(|kind| *kind != CUSTOM) {
            assert_eq!(Item::parse(&[kind, 0, 0, 0, 0]), None, "{kind}");
        }
    }
}
