//! The two clocks, read together.

use std::time::{Duration, SystemTime};

use offhook_mtproto::Moment;
use tokio::time::Instant;

/// Unix time that runs with the monotonic clock: setting the system's clock does not move message ids.
/// The server's corrections make up for a wrong start and for time asleep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
    unix: Duration,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), unix }
    }

    pub(crate) fn now(&self) -> Moment {
        let instant = Instant::now();
        Moment { instant: instant.into_std(), unix: self.unix + (instant - self.start) }
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
