//! Which server salts are valid when.

use crate::Salt;
use offhook_crypto::AuthKey;
use offhook_crypto::hash::hmac_sha256;
use std::time::Duration;

/// The salts of one authorization key, server side.
///
/// Each salt lasts half an hour and is accepted for half an hour more. Salts are derived from the key and the
/// number of the half hour, so nothing needs to be stored; the salt of the key exchange is accepted for its
/// first hour.
#[derive(Clone)]
pub struct SaltSchedule {
    secret: [u8; 32],
    handshake: Option<(Salt, Duration)>,
}

impl SaltSchedule {
    /// The schedule of a key.
    pub fn new(key: &AuthKey) -> Self {
        Self { secret: hmac_sha256(b"salts", &[key.bytes()]), handshake: None }
    }

    /// Also accepts the salt of the key exchange, made at the unix time `created`.
    #[must_use]
    pub fn with_handshake(mut self, salt: Salt, created: Duration) -> Self {
        self.handshake = Some((salt, created));
        self
    }

    /// Other salts of the same key: all earlier ones have ended at once.
    #[must_use]
    pub fn renewed(self) -> Self {
        Self { secret: hmac_sha256(&self.secret, &[b"renewed"]), handshake: None }
    }

    /// The salt of a moment.
    pub fn current(&self, unix: Duration) -> Salt {
        self.of_period(period(unix))
    }

    /// True when a client may use `salt` now.
    pub fn accepts(&self, salt: Salt, unix: Duration) -> bool {
        let now = period(unix);
        let fresh = |(first, created): (Salt, Duration)| {
            first == salt && unix < created + Duration::from_secs(2 * PERIOD)
        };
        salt == self.of_period(now)
            || salt == self.of_period(now.saturating_sub(1))
            || self.handshake.is_some_and(fresh)
    }

    /// The current salt and those that follow, as (valid since, valid until, salt) in unix seconds. `count` is
    /// held to 1..=64.
    pub fn future(&self, unix: Duration, count: usize) -> Vec<(i32, i32, Salt)> {
        let first = period(unix);
        let periods = first..first + count.clamp(1, 64) as u64;
        periods.map(|n| ((n * PERIOD) as i32, ((n + 2) * PERIOD) as i32, self.of_period(n))).collect()
    }

    fn of_period(&self, number: u64) -> Salt {
        let hash = hmac_sha256(&self.secret, &[&number.to_le_bytes()]);
        let salt = i64::from_le_bytes(hash[..8].try_into().expect("32 is more than 8"));
        Salt(salt | 1) // Never zero, which clients send when they know none.
    }
}

impl std::fmt::Debug for SaltSchedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SaltSchedule(..)")
    }
}

/// Seconds until the next salt.
const PERIOD: u64 = 30 * 60;

fn period(unix: Duration) -> u64 {
    unix.as_secs() / PERIOD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_lives_an_hour_and_the_next_is_known_before() {
        let schedule = SaltSchedule::new(&AuthKey::new([1; 256]));
        let now = Duration::from_secs(1_700_000_000);
        let half_hour = Duration::from_secs(PERIOD);
        let future = schedule.future(now, 64);
        assert_eq!(future.len(), 64);
        assert_eq!(future[0].2, schedule.current(now));
        assert_eq!(future[1].2, schedule.current(now + half_hour));
        for (since, until, salt) in &future {
            assert!(!schedule.accepts(*salt, Duration::from_secs(*since as u64 - 1)));
            assert!(schedule.accepts(*salt, Duration::from_secs(*since as u64)));
            assert!(schedule.accepts(*salt, Duration::from_secs(*until as u64 - 1)));
            assert!(!schedule.accepts(*salt, Duration::from_secs(*until as u64)));
        }
        assert!(future[0].0 <= 1_700_000_000 && 1_700_000_000 < future[0].1);
        assert_eq!(future[0].1, future[1].0 + PERIOD as i32);
        assert!(!schedule.accepts(Salt(0), now));
        assert_eq!(schedule.future(now, 0).len(), 1);
        assert_eq!(schedule.future(now, 1000).len(), 64);
    }

    #[test]
    fn the_salt_of_the_key_exchange_is_good_for_its_first_hour() {
        let made = Duration::from_secs(1_700_000_000);
        let schedule = SaltSchedule::new(&AuthKey::new([1; 256])).with_handshake(Salt(77), made);
        assert!(schedule.accepts(Salt(77), made));
        assert!(schedule.accepts(Salt(77), made + Duration::from_secs(3599)));
        assert!(!schedule.accepts(Salt(77), made + Duration::from_secs(3600)));
        let other = SaltSchedule::new(&AuthKey::new([2; 256]));
        assert!(!other.accepts(schedule.current(made), made));
    }
}
