//! One endpoint and what is known about the way to it (2.6, 2.10).

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::Endpoint;
use crate::wire::Seq;

/// How many round trips the average is taken from.
const RTT_MEMORY: usize = 6;

/// One endpoint.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) endpoint: Endpoint,
    /// The newest PING through it: only its answer counts.
    ping: Option<(Seq, Instant)>,
    rtts: VecDeque<Duration>,
    /// The last questions to the relay that have not been answered; a slow relay may be several behind.
    queries: [Option<u64>; 4],
    /// The relay has answered a question of its own: UDP gets through to it.
    pub(crate) answers: bool,
    /// Our address as this relay sees it.
    pub(crate) public: Option<SocketAddr>,
    /// When a sealed packet last came through it.
    pub(crate) heard: Option<Instant>,
}

impl Path {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            ping: None,
            rtts: VecDeque::with_capacity(RTT_MEMORY),
            queries: [None; 4],
            answers: false,
            public: None,
            heard: None,
        }
    }

    /// True when its last PING is at least `age` old.
    pub(crate) fn wants_ping(&self, now: Instant, age: Duration) -> bool {
        self.ping.is_none_or(|(_, at)| now >= at + age)
    }

    pub(crate) fn on_ping(&mut self, seq: Seq, now: Instant) {
        self.ping = Some((seq, now));
    }

    /// Takes a PONG. True when it answers the newest PING.
    pub(crate) fn on_pong(&mut self, seq: Seq, now: Instant) -> bool {
        let Some((_, at)) = self.ping.filter(|(ping, _)| *ping == seq) else { return false };
        if self.rtts.len() == RTT_MEMORY {
            self.rtts.pop_front();
        }
        self.rtts.push_back(now.saturating_duration_since(at));
        true
    }

    /// Mean of the last six round trips to the peer through this endpoint.
    pub(crate) fn rtt(&self) -> Option<Duration> {
        let count = u32::try_from(self.rtts.len()).ok().filter(|count| *count > 0)?;
        Some(self.rtts.iter().sum::<Duration>() / count)
    }

    /// Nothing measured before holds any more.
    pub(crate) fn forget(&mut self) {
        self.rtts.clear();
        self.ping = None;
    }

    pub(crate) fn on_query(&mut self, query: u64) {
        self.queries.rotate_right(1);
        self.queries[0] = Some(query);
    }

    /// Takes the number of an answer. True when it was asked for and not answered yet.
    pub(crate) fn on_answer(&mut self, query: u64) -> bool {
        let Some(asked) = self.queries.iter_mut().find(|asked| **asked == Some(query)) else { return false };
        *asked = None;
        self.answers = true;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PeerTag;
    use crate::testing::origin;

    fn path() -> Path {
        Path::new(Endpoint::relay(1, "192.0.2.1:599".parse().unwrap(), PeerTag([0; 16])))
    }

    #[test]
    fn only_the_answer_to_the_newest_ping_counts() {
        let (mut path, t0) = (path(), origin());
        let ms = Duration::from_millis;
        path.on_ping(Seq(5), t0);
        path.on_ping(Seq(9), t0 + ms(100));
        assert!(!path.on_pong(Seq(5), t0 + ms(150)));
        assert!(path.on_pong(Seq(9), t0 + ms(150)));
        assert_eq!(path.rtt(), Some(ms(50)));
    }

    #[test]
    fn the_round_trip_is_the_mean_of_the_last_six() {
        let (mut path, t0) = (path(), origin());
        for n in 1..=8 {
            path.on_ping(Seq(n), t0);
            path.on_pong(Seq(n), t0 + Duration::from_millis(u64::from(n) * 10));
        }
        assert_eq!(path.rtt(), Some(Duration::from_millis(55)));
    }

    #[test]
    fn an_answer_is_taken_once_and_only_when_asked_for() {
        let mut path = path();
        path.on_query(7);
        path.on_query(8);
        assert!(!path.on_answer(9));
        assert!(path.on_answer(7) && path.on_answer(8));
        assert!(!path.on_answer(8));
        assert!(path.answers);
    }
}
