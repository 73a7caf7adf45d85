//! How long to pause before the next attempt to connect.

use std::time::Duration;

/// Pauses that double from `first` to `longest` and start over after a success.
///
/// Each is moved by up to a quarter at random, so that many clients of one server do not come back at once.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// A connection brought something: the next failure is the first again.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The pause after one more failure. `random` is spread evenly over the whole range of its type.
    pub(crate) fn failed(&mut self, random: u32) -> Duration {
        let doubled = self.first.saturating_mul(1 << self.failures.min(16)).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        let share = f64::from(random) / f64::from(u32::MAX);
        doubled.mul_f64(0.75 + share / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: u32 = u32::MAX / 2;

    #[test]
    fn pauses_double_to_the_longest_and_start_over() {
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(3));
        let pauses: Vec<u128> = (0..5).map(|_| (backoff.failed(MIDDLE).as_millis() + 5) / 10 * 10).collect();
        assert_eq!(pauses, [500, 1000, 2000, 3000, 3000]);
        backoff.succeeded();
        assert_eq!((backoff.failed(MIDDLE).as_millis() + 5) / 10 * 10, 500);
    }

    #[test]
    fn a_pause_is_moved_by_a_quarter_at_most() {
        let pause = |random| Backoff::new(Duration::from_secs(4), Duration::from_secs(4)).failed(random);
        assert_eq!(pause(0), Duration::from_secs(3));
        assert_eq!(pause(u32::MAX), Duration::from_secs(5));
    }

    #[test]
    fn many_failures_do_not_overflow() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
        for _ in 0..100 {
            assert!(backoff.failed(u32::MAX) <= Duration::from_secs(38));
        }
    }
}
