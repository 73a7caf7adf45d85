//! The two clocks, read together.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use offhook_mtproto::{Moment, TimeOffset};
use tokio::time::Instant;

/// Unix time that runs with the monotonic clock: setting the system's clock does not move message ids.
/// The server's corrections make up for a wrong start and for time asleep.
///
/// Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    start: Instant,
    unix: Duration,
    /// Seconds by which the clock is wrong.
    error: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock, as it is set now.
    #[must_use]
    pub fn system() -> Self {
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), unix, error: Arc::default() }
    }

    /// Makes the Unix time wrong by so many seconds from now on, as that of a machine is that slept or was set. For tests.
    pub fn set_error(&self, seconds: i64) {
        self.error.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Moment {
        let instant = Instant::now();
        let error = TimeOffset::from_secs(self.error.load(Ordering::Relaxed));
        Moment { instant: instant.into_std(), unix: error.apply(self.unix + (instant - self.start)) }
    }
}

/// Fresh randomness of the operating system.
///
/// # Panics
/// When the system has none to give: nothing secret can be made then.
pub(crate) fn seed<const N: usize>() -> [u8; N] {
    let mut seed = [0; N];
    getrandom::fill(&mut seed).expect("the operating system gives random bytes");
    seed
}
