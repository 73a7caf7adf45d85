//! The acknowledgement mask and its dialects (4.5).

use super::Seq;

/// How a peer writes its mask. The announced version does not tell; the mask does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// libtgvoip 2.4.4 and older: bit 31 - i is `ack_seq - i`. Assumed until a mask with bit 31 clear is seen.
    #[default]
    Shifted,
    /// libtgvoip 2.5 and ourselves: bit 31 - i is `ack_seq - (i + 1)`.
    Exact,
}

impl Dialect {
    /// What is known after one more acknowledgement. Once exact, always exact.
    pub fn learn(self, ack_seq: Seq, mask: u32) -> Self {
        // Nothing has been received yet: the mask says nothing.
        if ack_seq != Seq(0) && mask & (1 << 31) == 0 { Self::Exact } else { self }
    }
}

/// What a packet header says about the packets its sender has received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// Newest number received, 0 = none.
    pub newest: Seq,
    /// Which of the 32 before it.
    pub mask: u32,
}

impl Ack {
    /// True when `seq` is acknowledged; false when it is missing or outside of what the mask covers.
    pub fn has(&self, dialect: Dialect, seq: Seq) -> bool {
        let behind = self.newest.since(seq);
        let bit = match (dialect, behind) {
            (_, 0) => return true,
            (Dialect::Shifted, 1..=31) => behind,
            (Dialect::Exact, 1..=32) => behind - 1,
            _ => return false,
        };
        self.mask & (1 << (31 - bit)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_acknowledgement_tells_the_dialects_apart() {
        assert_eq!(Dialect::default().learn(Seq(1), 0x8000_0000), Dialect::Shifted);
        assert_eq!(Dialect::default().learn(Seq(1), 0), Dialect::Exact);
        assert_eq!(Dialect::default().learn(Seq(0), 0), Dialect::Shifted);
        assert_eq!(Dialect::Exact.learn(Seq(9), u32::MAX), Dialect::Exact);
    }

    #[test]
    fn nothing_outside_of_the_mask_is_acknowledged() {
        let ack = Ack { newest: Seq(100), mask: u32::MAX };
        assert!(ack.has(Dialect::Exact, Seq(68)) && !ack.has(Dialect::Exact, Seq(67)));
        assert!(ack.has(Dialect::Shifted, Seq(69)) && !ack.has(Dialect::Shifted, Seq(68)));
        assert!(!ack.has(Dialect::Exact, Seq(101)));
    }
}
