//! Packet numbers.

/// Packet sequence number (4.5). Wraps, so it has no `Ord`: ask [`Seq::is_after`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seq(pub u32);

impl Seq {
    /// True when `self` was sent after `other`, within half the number space.
    pub fn is_after(self, other: Self) -> bool {
        self != other && self.since(other) < 1 << 31
    }

    /// How many numbers lie between `earlier` and this one.
    pub fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// The number `n` later.
    pub fn plus(self, n: u32) -> Self {
        Self(self.0.wrapping_add(n))
    }

    /// The number `n` earlier.
    pub fn minus(self, n: u32) -> Self {
        Self(self.0.wrapping_sub(n))
    }
}

#[cfg(test)]
mod tests {
    use super::Seq;

    #[test]
    fn a_number_is_after_another_across_the_wrap() {
        assert!(Seq(1).is_after(Seq(0)));
        assert!(Seq(3).is_after(Seq(u32::MAX)));
        assert!(!Seq(u32::MAX).is_after(Seq(3)));
        assert!(!Seq(7).is_after(Seq(7)));
        assert_eq!(Seq(3).since(Seq(u32::MAX)), 4);
        assert_eq!(Seq(u32::MAX).plus(4).minus(4), Seq(u32::MAX));
    }
}
