//! Flood limits: what a bot does when it is told to wait can only be tested when somebody tells it.

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use crate::{FloodLimit, calls::Device};

/// Devices watched for each limit; at the bound the one with the lowest key is forgotten.
const MOST: usize = 10_000;

/// The limits in force and how often devices have called lately.
#[derive(Debug, Default)]
pub(crate) struct Flood {
    limits: Vec<Watched>,
}

#[derive(Debug)]
struct Watched {
    limit: FloodLimit,
    lately: BTreeMap<Device, VecDeque<Instant>>,
}

impl Flood {
    pub(crate) fn new(limits: Vec<FloodLimit>) -> Self {
        let mut flood = Self::default();
        limits.into_iter().for_each(|limit| flood.add(limit));
        flood
    }

    pub(crate) fn add(&mut self, limit: FloodLimit) {
        self.limits.push(Watched { limit, lately: BTreeMap::new() });
    }

    /// Counts a call. How many seconds its device must wait first, if it must.
    pub(super) fn wait(&mut self, device: Device, method: &str, now: Instant) -> Option<u64> {
        let watched = self.limits.iter_mut().filter(|watched| watched.limit.method == method);
        watched.filter_map(|watched| watched.wait(device, now)).max()
    }
}

impl Watched {
    fn wait(&mut self, device: Device, now: Instant) -> Option<u64> {
        let FloodLimit { calls, per, .. } = self.limit;
        if self.lately.len() >= MOST && !self.lately.contains_key(&device) {
            self.lately.pop_first();
        }
        let lately = self.lately.entry(device).or_default();
        while lately.front().is_some_and(|earlier| *earlier + per <= now) {
            lately.pop_front();
        }
        if lately.len() < calls {
            lately.push_back(now);
            return None;
        }
        // A limit of no calls at all is over after its time as well: the wait must be some number.
        let over = lately.front().map_or(per, |earlier| *earlier + per - now);
        Some(whole_seconds(over))
    }
}

/// Rounded up: whoever waits as long as told must not be told again.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_calls_too_often_waits_until_the_oldest_call_is_forgotten() {
        let mut flood = Flood::new(vec![FloodLimit::new("m", 2, Duration::from_secs(10))]);
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut wait = |device, method, millis| flood.wait(Device(device), method, at(millis));
        assert_eq!(wait(1, "m", 0), None);
        assert_eq!(wait(1, "m", 4_000), None);
        assert_eq!(wait(1, "m", 4_100), Some(6), "5.9 s, rounded up");
        assert_eq!(wait(2, "m", 4_100), None, "others are not concerned");
        assert_eq!(wait(1, "n", 4_100), None, "nor are other methods");
        assert_eq!(wait(1, "m", 10_000), None, "the refused call did not count");
        assert_eq!(wait(1, "m", 10_000), Some(4));
    }

    #[test]
    fn a_limit_of_no_calls_refuses_all() {
        let mut flood = Flood::new(vec![FloodLimit::new("m", 0, Duration::from_secs(3))]);
        assert_eq!(flood.wait(Device(1), "m", Instant::now()), Some(3));
    }
}
