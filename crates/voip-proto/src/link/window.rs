//! Which of the peer's packet numbers have arrived: the guard against replay and the source of our acknowledgements.
//!
//! Rule (3.6, 4.5): a number is accepted once. Numbers more than 127 behind the newest cannot be told from repeats and are
//! refused. The first number may be any: MadelineProto starts at 0, libtgvoip and we at 1.

use crate::wire::Seq;
use crate::wire::ack::Ack;

const WIDTH: u32 = u128::BITS;

/// What to make of a packet number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// New, and after all others.
    Newest,
    /// New, but overtaken by others.
    Overtaken,
    /// Seen before, or too old to tell.
    Replayed,
}

/// The last 128 numbers. Bit i = `newest - i` has arrived.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    newest: Option<Seq>,
    bits: u128,
    /// How many numbers there have been since the first, at most [`WIDTH`].
    span: u32,
}

impl Window {
    /// Notes an authentic number.
    pub(crate) fn accept(&mut self, seq: Seq) -> Arrival {
        let Some(newest) = self.newest else {
            *self = Self { newest: Some(seq), bits: 1, span: 1 };
            return Arrival::Newest;
        };
        if seq.is_after(newest) {
            let step = seq.since(newest);
            self.bits = self.bits.checked_shl(step).unwrap_or(0) | 1;
            self.span = self.span.saturating_add(step).min(WIDTH);
            self.newest = Some(seq);
            return Arrival::Newest;
        }
        let behind = newest.since(seq);
        if behind >= WIDTH || self.bits & (1 << behind) != 0 {
            return Arrival::Replayed;
        }
        self.bits |= 1 << behind;
        self.span = self.span.max(behind + 1);
        Arrival::Overtaken
    }

    /// What to tell the peer, in the 2.5 form: bit 31 - i is `newest - (i + 1)`.
    pub(crate) fn ack(&self) -> Ack {
        Ack { newest: self.newest.unwrap_or_default(), mask: ((self.bits >> 1) as u32).reverse_bits() }
    }

    /// Share of the last hundred numbers that are missing. The newest few do not count: they may be under way.
    pub(crate) fn loss(&self) -> f32 {
        const SETTLING: u32 = 4;
        let span = self.span.min(100 + SETTLING).saturating_sub(SETTLING);
        if span == 0 {
            return 0.0;
        }
        let settled = (self.bits >> SETTLING) & ((1u128 << span) - 1);
        1.0 - settled.count_ones() as f32 / span as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(numbers: impl IntoIterator<Item = u32>) -> Window {
        let mut window = Window::default();
        numbers.into_iter().for_each(|n| {
            window.accept(Seq(n));
        });
        window
    }

    #[test]
    fn a_number_is_accepted_once_and_only_within_the_last_128() {
        let mut w = window(1..=200);
        for n in 1..=200 {
            assert_eq!(w.accept(Seq(n)), Arrival::Replayed, "{n}");
        }
        let mut w = window([1, 200]);
        assert_eq!(w.accept(Seq(200 - 127)), Arrival::Overtaken);
        assert_eq!(w.accept(Seq(200 - 127)), Arrival::Replayed);
        assert_eq!(w.accept(Seq(200 - 128)), Arrival::Replayed);
        assert_eq!(w.accept(Seq(201)), Arrival::Newest);
    }

    #[test]
    fn a_jump_of_any_size_keeps_the_newest_marked() {
        for jump in [31, 32, 33, 127, 128, 129, 100_000] {
            let mut w = window(1..=10);
            assert_eq!(w.accept(Seq(10 + jump)), Arrival::Newest);
            assert_eq!(w.accept(Seq(10 + jump)), Arrival::Replayed);
        }
    }

    #[test]
    fn numbers_may_start_at_zero_and_wrap() {
        let mut w = window([0]);
        assert_eq!(w.accept(Seq(0)), Arrival::Replayed);
        let mut w = window([u32::MAX - 1]);
        assert_eq!(w.accept(Seq(1)), Arrival::Newest);
        assert_eq!(w.accept(Seq(0)), Arrival::Overtaken);
        assert_eq!(w.accept(Seq(u32::MAX)), Arrival::Overtaken);
        assert_eq!(w.accept(Seq(u32::MAX - 1)), Arrival::Replayed);
    }

    #[test]
    fn the_mask_is_the_one_of_the_vectors() {
        assert_eq!(window([]).ack(), Ack { newest: Seq(0), mask: 0 });
        assert_eq!(window([1]).ack(), Ack { newest: Seq(1), mask: 0 });
        assert_eq!(window(1..=10).ack().mask, 0xFF80_0000);
        assert_eq!(window((1..=10).filter(|n| *n != 9)).ack().mask, 0x7F80_0000);
        assert_eq!(window((1..=10).filter(|n| ![8, 5].contains(n))).ack().mask, 0xB780_0000);
        assert_eq!(window((1..=100).filter(|n| ![99, 98, 90].contains(n))).ack().mask, 0x3FBF_FFFF);
    }

    #[test]
    fn every_tenth_missing_is_a_loss_of_a_tenth() {
        let loss = window((1..=300).filter(|n| n % 10 != 5)).loss();
        assert!((loss - 0.1).abs() < 1e-6, "{loss}");
        assert_eq!(window(1..=300).loss(), 0.0);
    }
}
