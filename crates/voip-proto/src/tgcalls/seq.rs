//! The word every plaintext starts with, and the window that keeps replays out.

/// Sequence word: a counter of 30 bits that starts at 1 for each direction, and two flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seq(u32);

const SINGLE: u32 = 1 << 31;
const WANTS_ACK: u32 = 1 << 30;

impl Seq {
    /// Bytes on the wire, big-endian.
    pub const LEN: usize = 4;
    /// The last counter that may be used.
    pub const MAX_COUNTER: u32 = WANTS_ACK - 1;

    /// A word without flags; the upper two bits of `counter` are ignored.
    pub const fn new(counter: u32) -> Self {
        Self(counter & Self::MAX_COUNTER)
    }

    /// The same counter, marked as a message to be acknowledged.
    #[must_use]
    pub const fn with_ack(self) -> Self {
        Self(self.0 | WANTS_ACK)
    }

    /// From the wire.
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(u32::from_be_bytes(bytes))
    }

    /// For the wire.
    pub const fn to_bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    /// The counter alone.
    pub const fn counter(self) -> u32 {
        self.0 & Self::MAX_COUNTER
    }

    /// True when the message must be the only one of its packet.
    pub const fn is_single(self) -> bool {
        self.0 & SINGLE != 0
    }

    /// True when the sender repeats the message until it is acknowledged.
    pub const fn wants_ack(self) -> bool {
        self.0 & WANTS_ACK != 0
    }
}

/// Counters that have been seen: the largest and the 63 below it. Older ones count as seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    /// The largest counter and, bit `n`, whether `largest - n` was seen.
    seen: Option<(u32, u64)>,
}

impl Window {
    /// True, once, for a counter that is neither known nor 64 or more behind the largest.
    pub fn admit(&mut self, counter: u32) -> bool {
        let Some((largest, bits)) = self.seen else {
            self.seen = Some((counter, 1));
            return true;
        };
        if counter > largest {
            let bits = bits.checked_shl(counter - largest).unwrap_or(0) | 1;
            self.seen = Some((counter, bits));
            return true;
        }
        let behind = largest - counter;
        let Some(bit) = 1_u64.checked_shl(behind) else { return false };
        if bits & bit != 0 {
            return false;
        }
        self.seen = Some((largest, bits | bit));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_counter_do_not_touch_each_other() {
        let seq = Seq::new(5).with_ack();
        assert_eq!(seq.to_bytes(), [0x40, 0, 0, 5]);
        assert_eq!((seq.counter(), seq.wants_ack(), seq.is_single()), (5, true, false));
        let all = Seq::from_bytes([0xff; 4]);
        assert_eq!((all.counter(), all.wants_ack(), all.is_single()), (0x3fff_ffff, true, true));
    }

    #[test]
    fn a_counter_is_admitted_once_and_never_when_64_behind() {
        let mut window = Window::default();
        assert!(window.admit(1));
        assert!(!window.admit(1));
        assert!(window.admit(100));
        assert!(window.admit(37), "63 behind");
        assert!(!window.admit(36), "64 behind");
        assert!(!window.admit(37));
        assert!(window.admit(163));
        assert!(!window.admit(100), "63 behind and known");
        assert!(window.admit(101));
        assert!(window.admit(Seq::MAX_COUNTER));
        assert!(!window.admit(163));
        assert!(window.admit(Seq::MAX_COUNTER - 1));
    }
}
