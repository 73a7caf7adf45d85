//! The sessions of a connection.
//!
//! With perfect forward secrecy packets travel under temporary keys. A connection then has up to three sessions at a
//! time: the one in use, one whose fresh key is being bound, and earlier ones that still owe answers. mtproto.md
//! section 2.5.

use std::time::{Duration, Instant};

use offhook_mtproto::session::{ClientSession, ClientStats, RequestId};

use super::calls::LaneId;

/// How long an earlier session is listened to after the next has taken over: updates may be on their way under it.
const FAREWELL: Duration = Duration::from_secs(10);

/// One session and the key it runs under.
pub(super) struct Lane {
    pub(super) id: LaneId,
    pub(super) session: ClientSession,
    /// A call inside `initConnection` was answered on this connection.
    pub(super) initialized: bool,
    /// What of the session's counters has been reported.
    pub(super) reported: ClientStats,
    pub(super) key: LaneKey,
}

/// How a session's key stands.
pub(super) enum LaneKey {
    /// The permanent key: forward secrecy is off.
    Permanent,
    /// A temporary key that the server is asked to bind.
    Binding { request: RequestId, life: Life },
    /// A bound temporary key: calls go here.
    Bound { life: Life },
    /// Another session has taken over; kept until it owes nothing, `until` at least.
    Retired { until: Instant, ends: Instant },
}

/// The time of a temporary key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    /// When the next key is to be made.
    pub(super) renew: Instant,
    /// When the server stops knowing it.
    pub(super) ends: Instant,
}

impl Life {
    /// Of a key made now. The next one is made after three quarters of the time, earlier by up to a tenth of it:
    /// clients that started together should not renew together.
    pub(super) fn new(now: Instant, length: Duration, random: u32) -> Self {
        let early = length.mul_f64(f64::from(random) / f64::from(u32::MAX) / 10.0);
        Self { renew: now + length * 3 / 4 - early, ends: now + length }
    }
}

impl Lane {
    /// Whether calls can be given to it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.key, LaneKey::Permanent | LaneKey::Bound { .. })
    }

    /// Whether it is of no more use.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        match self.key {
            LaneKey::Permanent => false,
            LaneKey::Binding { life, .. } | LaneKey::Bound { life } => life.ends <= now,
            LaneKey::Retired { until, ends } => ends <= now || (until <= now && self.session.pending() == 0),
        }
    }

    /// When [`Lane::is_over`] may change without anything happening.
    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        match self.key {
            LaneKey::Permanent => None,
            LaneKey::Binding { life, .. } | LaneKey::Bound { life } => Some(life.ends),
            LaneKey::Retired { until, ends } => Some(if until > now { until } else { ends }),
        }
    }

    /// Another session takes over.
    pub(super) fn retire(&mut self, now: Instant) {
        if let LaneKey::Bound { life } = self.key {
            self.key = LaneKey::Retired { until: now + FAREWELL, ends: life.ends };
        }
    }

    /// The bind request of this lane, when it is the one.
    pub(super) fn is_binding(&self, answered: RequestId) -> bool {
        matches!(self.key, LaneKey::Binding { request, .. } if request == answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_renewed_well_before_it_ends() {
        let now = Instant::now();
        let day = Duration::from_secs(86_400);
        let (latest, earliest) = (Life::new(now, day, 0), Life::new(now, day, u32::MAX));
        assert_eq!(latest.renew, now + day * 3 / 4);
        assert_eq!(earliest.renew, now + day.mul_f64(0.65));
        assert_eq!((latest.ends, earliest.ends), (now + day, now + day));
    }
}
