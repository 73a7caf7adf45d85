//! When to ask for packets again (RFC 4585, 6.2.1). The crate below asks at once and every 33 ms for all that is missing; it
//! wakes up as often, so it is let only while packets do get lost.

use std::time::{Duration, Instant};

/// After the last gap.
const WHILE: Duration = Duration::from_secs(10);

/// Watches the numbers of the peer's packets for gaps.
#[derive(Debug, Default)]
pub(super) struct Repair {
    /// The peer was asked to send again what is lost.
    agreed: bool,
    newest: Option<u64>,
    /// Packets are asked for until then.
    until: Option<Instant>,
}

impl Repair {
    pub(super) fn new(agreed: bool) -> Self {
        Self { agreed, ..Self::default() }
    }

    /// A packet came. True: missing ones are to be asked for from now on.
    pub(super) fn begins(&mut self, now: Instant, seq: u64) -> bool {
        let newest = self.newest.map_or(seq, |newest| newest.max(seq));
        let gap = self.newest.is_some_and(|before| newest > before + 1);
        self.newest = Some(newest);
        gap && self.agreed && self.until.replace(now + WHILE).is_none()
    }

    /// True once when nothing was missing for long.
    pub(super) fn is_over(&mut self, now: Instant) -> bool {
        self.until.take_if(|until| *until <= now).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_begins_it_and_ten_seconds_without_one_end_it() {
        let begin = crate::testing::origin();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut repair = Repair::new(true);
        let begun =
            [(0, 100), (1, 101), (2, 103), (3, 102), (4, 105)].map(|(s, seq)| repair.begins(at(s), seq));
        assert_eq!(begun, [false, false, true, false, false]);
        assert!(!repair.is_over(at(13)), "the last gap was at 4 s");
        assert!(repair.is_over(at(14)));
        assert!(!repair.is_over(at(15)), "once");
        assert!(repair.begins(at(20), 107));
        let mut never = Repair::new(false);
        assert!(![1, 2, 9, 3, 20].iter().any(|seq| never.begins(begin, *seq)));
    }
}
