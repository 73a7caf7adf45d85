//! A port of this call at a Telegram relay over UDP (tgcalls.md 7.3).
//!
//! The relay is greeted until it answers, and then often enough that it, and whatever translates addresses on the way, does
//! not forget us. All calls share one socket for this: the tag tells them apart, so the number in it stays the same for the
//! whole call, also on another network.

use std::time::{Duration, Instant};

use super::ports::Port;

/// Between greetings that have not been answered.
const GREETING: Duration = Duration::from_millis(500);
/// Between greetings once one has been answered.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// A relay that was there and says nothing for so long is gone: two greetings were not answered.
const SILENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Relay {
    pub(super) port: Port,
    /// Greetings sent, and since the last packet of the relay.
    greetings: u32,
    unanswered: u32,
    greeted: Option<Instant>,
    next: Instant,
    heard: Option<Instant>,
    /// It has answered, and may be used.
    ready: bool,
    /// Greet quickly although it is ready: we may look different to it now.
    urgent: bool,
    rtt: Option<Duration>,
}

/// What a relay asks of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Send it a greeting.
    Greet,
    /// It is gone.
    Lost,
}

impl Relay {
    pub(super) fn new(port: Port, now: Instant) -> Self {
        Self {
            port,
            greetings: 0,
            unanswered: 0,
            greeted: None,
            next: now,
            heard: None,
            ready: false,
            urgent: false,
            rtt: None,
        }
    }

    /// The next thing to do.
    pub(super) fn poll(&mut self, now: Instant) -> Option<Ask> {
        if self.silent_at().is_some_and(|at| now >= at) {
            (self.ready, self.next) = (false, now);
            return Some(Ask::Lost);
        }
        if now < self.next {
            return None;
        }
        self.greetings = self.greetings.saturating_add(1);
        self.unanswered = self.unanswered.saturating_add(1);
        self.greeted = Some(now);
        self.next = now + if self.ready && !self.urgent { KEEP_ALIVE } else { GREETING };
        Some(Ask::Greet)
    }

    /// When there is something to do again.
    pub(super) fn deadline(&self) -> Instant {
        self.silent_at().map_or(self.next, |silent| silent.min(self.next))
    }

    /// It has sent something. True when it may be used from now on.
    pub(super) fn on_packet(&mut self, now: Instant) -> bool {
        // With one question in the air the answer is to that; with more nobody can tell.
        if self.unanswered == 1 {
            self.rtt = self.greeted.map(|at| now.saturating_duration_since(at));
        }
        if self.unanswered > 0 {
            self.next = self.greeted.map_or(now, |at| at + KEEP_ALIVE).max(now);
        }
        (self.unanswered, self.urgent, self.heard) = (0, false, Some(now));
        !std::mem::replace(&mut self.ready, true)
    }

    /// It may see us under another address from now on: tell it at once.
    pub(super) fn on_network_changed(&mut self, now: Instant) {
        (self.unanswered, self.urgent, self.next) = (0, true, now);
        self.heard = self.heard.map(|_| now);
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    pub(super) fn greetings(&self) -> u32 {
        self.greetings
    }

    /// Round trip of the last greeting whose answer could be told from others.
    pub(super) fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    fn silent_at(&self) -> Option<Instant> {
        self.heard.filter(|_| self.ready).map(|at| at + SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::Tag;
    use super::*;
    use crate::PeerTag;
    use crate::testing::origin;

    fn relay(now: Instant) -> Relay {
        let tag = Tag::new(PeerTag([1; 16]), 5);
        Relay::new(Port { endpoint: 1, id: 1, server: "192.0.2.1:599".parse().unwrap(), tag }, now)
    }

    /// Milliseconds at which a relay that hears nothing is greeted or given up.
    fn asks(relay: &mut Relay, start: Instant, until: Duration) -> Vec<(u128, Ask)> {
        let mut asks = Vec::new();
        let mut now = start;
        loop {
            while let Some(ask) = relay.poll(now) {
                asks.push(((now - start).as_millis(), ask));
            }
            assert!(relay.deadline() > now);
            now = relay.deadline();
            if now > start + until {
                return asks;
            }
        }
    }

    #[test]
    fn greetings_go_out_twice_a_second_until_an_answer_and_then_every_ten_seconds() {
        let t0 = origin();
        let mut relay = relay(t0);
        let greet = |at| (at, Ask::Greet);
        let expected = [0, 500, 1000, 1500, 2000].map(greet);
        assert_eq!(asks(&mut relay, t0, Duration::from_secs(2)), expected);

        let answered = t0 + Duration::from_millis(2040);
        assert!(relay.on_packet(answered));
        assert!(!relay.on_packet(answered), "ready is said once");
        assert_eq!(relay.rtt(), None, "five greetings were in the air");
        assert_eq!(relay.deadline(), t0 + Duration::from_secs(12));
        assert_eq!(relay.poll(t0 + Duration::from_secs(12)), Some(Ask::Greet));
        relay.on_packet(t0 + Duration::from_millis(12_035));
        assert_eq!(relay.rtt(), Some(Duration::from_millis(35)));
        assert_eq!(relay.deadline(), t0 + Duration::from_secs(22));
    }

    #[test]
    fn a_relay_that_falls_silent_is_given_up_and_greeted_quickly_again() {
        let t0 = origin();
        let mut relay = relay(t0);
        assert_eq!(relay.poll(t0), Some(Ask::Greet));
        relay.on_packet(t0);
        let asks = asks(&mut relay, t0, Duration::from_millis(31_000));
        let (lost, greet) = (Ask::Lost, Ask::Greet);
        let expected = [
            (10_000, greet),
            (20_000, greet),
            (30_000, lost),
            (30_000, greet),
            (30_500, greet),
            (31_000, greet),
        ];
        assert_eq!(asks, expected);
        assert!(relay.on_packet(t0 + Duration::from_secs(32)), "and taken up again");
    }

    #[test]
    fn on_another_network_it_is_greeted_until_it_answers_from_there() {
        let t0 = origin();
        let mut relay = relay(t0);
        relay.poll(t0);
        relay.on_packet(t0);
        let changed = t0 + Duration::from_secs(3);
        relay.on_network_changed(changed);
        let asks = asks(&mut relay, changed, Duration::from_secs(1));
        assert_eq!(asks, [(0, Ask::Greet), (500, Ask::Greet), (1000, Ask::Greet)]);
        assert!(!relay.on_packet(changed + Duration::from_secs(1)), "it never ceased to be of use");
        assert_eq!(relay.deadline(), changed + Duration::from_secs(11));
    }
}
