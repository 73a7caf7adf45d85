//! How late frames come, and how long they should therefore wait.
//!
//! For every timestamp, `delay = arrival - timestamp` of whatever first made the frame playable: itself, a copy, or the
//! following packet's in-band redundancy. The clock offset in it does not matter, because only differences to the smallest
//! delay of the last ten seconds count. Unlike a spread of gaps between arrivals (libtgvoip.md 7.2, 7.6) this sees
//! reordering, is not disturbed by losses, and forgets by time. The aim is a quantile of it.

use std::collections::VecDeque;

/// How far back the measure reaches.
const MEMORY_US: i64 = 10_000_000;
/// The most frames remembered: ten seconds of 40 ms frames.
const CAPACITY: usize = 256;
/// Share of frames that should be there when they are due, in thousandths.
const QUANTILE: usize = 985;
/// When nothing came for so long, what comes first says nothing about the path: a network that is back hands over what it
/// kept, all at once.
const OUTAGE_US: i64 = 2_000_000;
/// How long after an outage frames are not counted.
const FLUSH_US: i64 = 100_000;
/// A fall of the delay within this time after a rise means that the rise was a stall, not a pause.
const UNDO_US: i64 = 3_000_000;

#[derive(Clone, Copy, Debug)]
struct Sample {
    at: i64,
    delay: i64,
}

/// A rise of the delay that was taken for a pause of the sender.
#[derive(Clone, Copy, Debug)]
struct Shift {
    at: i64,
    by: i64,
}

/// Delays of the last ten seconds. All times in microseconds.
#[derive(Debug)]
pub(super) struct Delays {
    samples: VecDeque<Sample>,
    scratch: Vec<i64>,
    shift: Option<Shift>,
    /// Frames before this are not counted: they come out of an outage.
    flush_until: i64,
    base: i64,
    spread: i64,
}

impl Delays {
    pub(super) fn new() -> Self {
        Self {
            samples: VecDeque::with_capacity(CAPACITY),
            scratch: Vec::with_capacity(CAPACITY),
            shift: None,
            flush_until: i64::MIN,
            base: 0,
            spread: 0,
        }
    }

    /// The smallest delay: that of a frame that met no queue.
    pub(super) fn base(&self) -> i64 {
        self.base
    }

    /// What nearly all frames need beyond the smallest delay.
    pub(super) fn spread(&self) -> i64 {
        self.spread
    }

    /// Notes that a frame became playable.
    pub(super) fn add(&mut self, at: i64, delay: i64) {
        self.undo_shift(at, delay);
        if at < self.flush_until {
            return;
        }
        while self.samples.len() == CAPACITY
            || self.samples.front().is_some_and(|sample| at - sample.at > MEMORY_US)
        {
            self.samples.pop_front();
        }
        self.samples.push_back(Sample { at, delay });
        self.measure();
    }

    /// The sender's clock stood still: `delay` is the new normal. What is known about the spread stays.
    pub(super) fn rise(&mut self, at: i64, delay: i64) {
        let by = delay - self.base - self.median();
        self.samples.iter_mut().for_each(|sample| sample.delay += by);
        self.shift = Some(Shift { at, by });
        if self.samples.back().is_some_and(|last| at - last.at > OUTAGE_US) {
            self.flush_until = at + FLUSH_US;
        }
        self.measure();
    }

    /// The sender's clock started anew or jumped.
    pub(super) fn restart(&mut self) {
        self.samples.clear();
        (self.shift, self.flush_until) = (None, i64::MIN);
        (self.base, self.spread) = (0, 0);
    }

    /// Frames that were held up come in a burst, each with less delay than the one before: the clock did not stand still.
    fn undo_shift(&mut self, at: i64, delay: i64) {
        let Some(shift) = self.shift else { return };
        if at - shift.at > UNDO_US {
            self.shift = None;
        } else if delay < self.base - shift.by / 2 {
            self.samples
                .iter_mut()
                .filter(|sample| sample.at < shift.at)
                .for_each(|sample| sample.delay -= shift.by);
            self.shift = None;
            self.measure();
        }
    }

    /// Half of the frames need no more than this beyond the smallest delay.
    fn median(&mut self) -> i64 {
        if self.samples.is_empty() {
            return 0;
        }
        self.fill_scratch();
        let middle = self.scratch.len() / 2;
        *self.scratch.select_nth_unstable(middle).1 - self.base
    }

    fn measure(&mut self) {
        self.fill_scratch();
        let Some(base) = self.scratch.iter().min().copied() else { return };
        let index = (self.scratch.len() * QUANTILE).div_ceil(1000) - 1;
        let quantile = *self.scratch.select_nth_unstable(index).1;
        (self.base, self.spread) = (base, quantile - base);
    }

    fn fill_scratch(&mut self) {
        self.scratch.clear();
        self.scratch.extend(self.samples.iter().map(|sample| sample.delay));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1000;

    /// Frames every 60 ms with the given delays on top of an offset between the clocks.
    fn delays(list: impl IntoIterator<Item = i64>) -> Delays {
        let mut delays = Delays::new();
        for (n, delay) in list.into_iter().enumerate() {
            let pts = n as i64 * 60 * MS;
            delays.add(pts + delay * MS, 1_000_000 + delay * MS);
        }
        delays
    }

    #[test]
    fn a_path_without_jitter_has_no_spread() {
        let d = delays([40; 100]);
        assert_eq!((d.base(), d.spread()), (1_040_000, 0));
    }

    #[test]
    fn two_outliers_in_ten_seconds_are_too_few_to_wait_for() {
        let d = delays((0..160).map(|n| if n == 50 || n == 90 { 300 } else { n % 7 }));
        assert_eq!(d.spread(), 6 * MS);
    }

    #[test]
    fn what_lies_ten_seconds_back_is_forgotten() {
        let d = delays((0..400).map(|n| if n < 200 { 0 } else { 80 }));
        assert_eq!((d.base(), d.spread()), (1_080_000, 0));
    }

    #[test]
    fn a_pause_moves_the_base_and_keeps_the_spread() {
        let mut d = delays((0..160).map(|n| (n * 7) % 31));
        let (base, spread) = (d.base(), d.spread());
        d.rise(20_000_000, base + 500 * MS + 15 * MS);
        assert_eq!(d.spread(), spread);
        assert_eq!(d.base(), base + 500 * MS);
    }

    #[test]
    fn a_stall_that_looked_like_a_pause_is_undone_by_the_burst_after_it() {
        let mut d = delays([0; 100]);
        let at = 100 * 60 * MS + 400 * MS;
        d.rise(at, 1_400_000);
        assert_eq!(d.base(), 1_400_000);
        for late in [400, 340, 280, 220, 160, 100, 40, 0] {
            d.add(at, 1_000_000 + late * MS);
        }
        assert_eq!(d.base(), 1_000_000);
        assert!(d.spread() >= 220 * MS, "the stall is remembered: {}", d.spread());
    }

    #[test]
    fn what_an_outage_held_back_says_nothing_about_the_path() {
        let mut d = delays([0; 100]);
        let at = 100 * 60 * MS + 8_000 * MS;
        d.rise(at, 1_740_000);
        for late in (0..=12).rev() {
            d.add(at, 1_000_000 + late * 60 * MS);
        }
        assert_eq!((d.base(), d.spread()), (1_000_000, 0));
        for n in 2..40 {
            d.add(at + n * 60 * MS, 1_000_000 + n % 2 * 20 * MS);
        }
        assert_eq!((d.base(), d.spread()), (1_000_000, 20 * MS), "and then it is measured again");
    }

    #[test]
    fn a_sender_that_stood_still_for_long_is_followed() {
        let mut d = delays([0; 100]);
        let at = 100 * 60 * MS + 8_000 * MS;
        d.rise(at, 9_000_000);
        for n in 0..40 {
            d.add(at + n * 60 * MS, 9_000_000 + n % 2 * 20 * MS);
        }
        assert_eq!((d.base(), d.spread()), (9_000_000, 20 * MS));
    }
}
