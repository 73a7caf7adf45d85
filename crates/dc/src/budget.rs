//! How many datagrams somebody may send.

use std::time::Instant;

/// Datagrams per second that one party may send for long. A call sends 17 to 60.
pub(crate) const RATE: u32 = 1_000;
/// Datagrams that one party may send at once on top of [`RATE`].
pub(crate) const BURST: u32 = 1_000;

/// A token bucket that holds [`BURST`] and is filled with [`RATE`] a second.
#[derive(Debug)]
pub(crate) struct Budget {
    left: f64,
    at: Instant,
}

impl Budget {
    pub(crate) fn new(now: Instant) -> Self {
        Self { left: f64::from(BURST), at: now }
    }

    /// True when one more datagram is within the budget, which it then is taken from.
    pub(crate) fn spend(&mut self, now: Instant) -> bool {
        let grown = now.saturating_duration_since(self.at).as_secs_f64() * f64::from(RATE);
        self.left = (self.left + grown).min(f64::from(BURST));
        self.at = now;
        let allowed = self.left >= 1.0;
        if allowed {
            self.left -= 1.0;
        }
        allowed
    }
}
