//! The small numbers of the protocol as types, and the two clocks.

use std::time::{Duration, Instant};

/// A moment read from both clocks at once. `instant` drives timers, `unix` makes message ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Monotonic clock.
    pub instant: Instant,
    /// Time since 1970-01-01 UTC by the local clock, right or wrong.
    pub unix: Duration,
}

impl Moment {
    /// The moment `by` later, on both clocks.
    pub fn after(self, by: Duration) -> Self {
        Self { instant: self.instant + by, unix: self.unix + by }
    }
}

/// Message id: about unix time * 2^32, strictly increasing per session and direction.
///
/// The two low bits tell the kind: 0 from a client, 1 a server's answer to a request, 3 other server messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MsgId(pub i64);

impl MsgId {
    /// The smallest id for a time, low two bits zero.
    pub fn at(unix: Duration) -> Self {
        let fraction = (u64::from(unix.subsec_nanos()) << 32) / 1_000_000_000;
        Self((unix.as_secs() << 32 | fraction & !3) as i64)
    }

    /// The time the id claims.
    pub fn unix(self) -> Duration {
        let number = self.0 as u64;
        let nanos = ((number & 0xffff_ffff) * 1_000_000_000) >> 32;
        Duration::new(number >> 32, nanos as u32)
    }

    /// The two low bits.
    pub fn kind(self) -> u8 {
        (self.0 & 3) as u8
    }
}

/// Random id of a session, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub i64);

/// Server salt: a number every client packet must carry, changed every half hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Salt(pub i64);

/// Server time minus local time, as far as 292 years either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOffset {
    nanos: i64,
}

impl TimeOffset {
    /// The offset under which the local time `local` means the server time `server`.
    pub fn between(server: Duration, local: Duration) -> Self {
        Self { nanos: nanos(server) - nanos(local) }
    }

    /// Whole seconds, for storage.
    pub fn from_secs(secs: i64) -> Self {
        Self { nanos: secs.saturating_mul(1_000_000_000) }
    }

    /// Whole seconds, rounded down.
    pub fn as_secs(self) -> i64 {
        self.nanos.div_euclid(1_000_000_000)
    }

    /// Local time to server time. Stops at the epoch.
    pub fn apply(self, local: Duration) -> Duration {
        Duration::from_nanos(nanos(local).saturating_add(self.nanos).max(0).unsigned_abs())
    }
}

/// Nanoseconds of a time since 1970, which is not negative. Each message sent is numbered by it: no 128-bit division.
fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_carries_its_time_in_32nds_and_never_the_kind_bits() {
        let id = MsgId::at(Duration::new(1_700_000_000, 500_000_000));
        assert_eq!(id.0, 1_700_000_000 << 32 | 1 << 31);
        assert_eq!(id.unix(), Duration::new(1_700_000_000, 500_000_000));
        assert_eq!(MsgId::at(Duration::new(1_700_000_000, 999_999_999)).kind(), 0);
        assert_eq!(MsgId::at(Duration::from_secs(1_700_000_000)).0, 7_301_444_403_200_000_000);
    }

    #[test]
    fn an_offset_moves_local_time_both_ways_and_stops_at_the_epoch() {
        let (server, local) = (Duration::from_secs(1000), Duration::from_millis(1_300_500));
        let offset = TimeOffset::between(server, local);
        assert_eq!(offset.as_secs(), -301);
        assert_eq!(offset.apply(local), server);
        assert_eq!(offset.apply(Duration::ZERO), Duration::ZERO);
        assert_eq!(TimeOffset::from_secs(300).apply(local), Duration::from_millis(1_600_500));
        // As far as it goes, and never past it.
        let end = Duration::from_nanos(i64::MAX as u64);
        assert_eq!(TimeOffset::from_secs(i64::MAX).apply(local), end);
        assert_eq!(TimeOffset::between(Duration::MAX, Duration::ZERO).apply(Duration::ZERO), end);
        assert_eq!(TimeOffset::from_secs(i64::MIN).apply(Duration::MAX), Duration::ZERO);
    }
}
