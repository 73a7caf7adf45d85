//! The pairs of addresses that have been tried, and which of them are alive.
//!
//! The ICE agent below keeps to its nominated pair until that has failed for some twenty seconds, and as the controlled side
//! it does not follow when the peer moves on to a pair of lower priority. Media must not wait for either, so everything but
//! the checks goes through the pair that is alive: the nominated one as long as it is, else the one that proved itself
//! last. Proof is the answer to a question of ours (its transaction id is 96 random bits) or an authentic packet.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Pairs remembered; then the one that has been silent for longest goes.
const MAX_ROUTES: usize = 64;
/// Questions of one pair whose answers are awaited.
const ASKED: usize = 4;
/// A pair that proved itself within this time is alive. Questions come every two seconds ([`super::MAX_RTO`]).
const ALIVE: Duration = Duration::from_millis(4500);
/// The same while the pair carries media.
const ALIVE_MEDIA: Duration = Duration::from_millis(1500);

/// Transaction id of a STUN message.
type TransId = [u8; 12];

/// Local address, remote address.
pub(in super::super) type Pair = (SocketAddr, SocketAddr);

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Route {
    pub(in super::super) pair: Pair,
    /// Questions sent, answers received.
    pub(in super::super) asked: u32,
    pub(in super::super) answered: u32,
    pub(in super::super) rtt: Option<Duration>,
    /// It was nominated at some time.
    pub(in super::super) nominated: bool,
    pending: [Option<(TransId, Instant)>; ASKED],
    proved: Option<Instant>,
    media: Option<Instant>,
    since: Instant,
}

impl Route {
    fn new(pair: Pair, now: Instant) -> Self {
        Self {
            pair,
            asked: 0,
            answered: 0,
            rtt: None,
            nominated: false,
            pending: [None; ASKED],
            proved: None,
            media: None,
            since: now,
        }
    }

    fn is_alive(&self, now: Instant) -> bool {
        let within = |at: Option<Instant>, limit| at.is_some_and(|at| now < at + limit);
        // A pair that carried media and stopped is dead sooner, unless a question has been answered since.
        let stopped = self.media.is_some_and(|media| {
            now >= media + ALIVE_MEDIA
                && now < media + ALIVE
                && self.proved.is_none_or(|proved| proved <= media)
        });
        !stopped && (within(self.proved, ALIVE) || within(self.media, ALIVE_MEDIA))
    }

    fn last(&self) -> Instant {
        self.since.max(self.proved.unwrap_or(self.since)).max(self.media.unwrap_or(self.since))
    }
}

#[derive(Debug, Default)]
pub(super) struct Routes {
    routes: Vec<Route>,
}

impl Routes {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// A datagram of the ICE agent leaves.
    pub(super) fn on_check(&mut self, now: Instant, pair: Pair, bytes: &[u8]) {
        let Some(id) = binding(bytes, REQUEST) else { return };
        let route = self.route(pair, now);
        route.pending[route.asked as usize % ASKED] = Some((id, now));
        route.asked += 1;
    }

    /// A datagram for the ICE agent has arrived. True when it answers a question of ours.
    pub(super) fn on_answer(&mut self, now: Instant, bytes: &[u8]) -> bool {
        let Some(id) = binding(bytes, SUCCESS) else { return false };
        for route in &mut self.routes {
            let hit = route.pending.iter_mut().find(|asked| asked.is_some_and(|(asked, _)| asked == id));
            if let Some(hit) = hit {
                route.rtt = hit.take().map(|(_, at)| now.saturating_duration_since(at));
                route.answered += 1;
                route.proved = Some(now);
                return true;
            }
        }
        false
    }

    /// An authentic packet has arrived.
    pub(super) fn on_media(&mut self, now: Instant, pair: Pair) {
        self.route(pair, now).media = Some(now);
    }

    pub(super) fn on_nominated(&mut self, now: Instant, pair: Pair) {
        self.route(pair, now).nominated = true;
    }

    /// A local address is gone.
    pub(super) fn forget_local(&mut self, local: SocketAddr) {
        for route in self.routes.iter_mut().filter(|route| route.pair.0 == local) {
            (route.proved, route.media) = (None, None);
        }
    }

    /// True while some pair is alive.
    pub(super) fn any_alive(&self, now: Instant) -> bool {
        self.routes.iter().any(|route| route.is_alive(now))
    }

    pub(super) fn find(&self, pair: Pair) -> Option<&Route> {
        self.routes.iter().find(|route| route.pair == pair)
    }

    /// The pair to send through when the agent would take `nominated`.
    pub(super) fn choose(&self, now: Instant, nominated: Pair) -> Pair {
        if self.find(nominated).is_some_and(|route| route.is_alive(now)) {
            return nominated;
        }
        let alive = self.routes.iter().filter(|route| route.is_alive(now));
        alive.max_by_key(|route| (route.media, route.last())).map_or(nominated, |route| route.pair)
    }

    fn route(&mut self, pair: Pair, now: Instant) -> &mut Route {
        if let Some(index) = self.routes.iter().position(|route| route.pair == pair) {
            return &mut self.routes[index];
        }
        if self.routes.len() == MAX_ROUTES {
            let oldest = (0..MAX_ROUTES).min_by_key(|index| self.routes[*index].last());
            self.routes.swap_remove(oldest.unwrap_or_default());
        }
        self.routes.push(Route::new(pair, now));
        self.routes.last_mut().expect("one was just put there")
    }
}

/// Types of STUN messages (RFC 8489).
const REQUEST: [u8; 2] = [0x00, 0x01];
const SUCCESS: [u8; 2] = [0x01, 0x01];

/// The transaction id of a binding message of that type.
fn binding(bytes: &[u8], kind: [u8; 2]) -> Option<TransId> {
    let header = bytes.first_chunk::<20>()?;
    (header[..2] == kind).then(|| header[8..].try_into().expect("20 bytes less 8 are 12"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::origin;

    const MS: Duration = Duration::from_millis(1);

    fn pair(n: u8) -> Pair {
        (([192, 0, 2, 1], 1000).into(), ([192, 0, 2, n], 2000).into())
    }

    fn stun(kind: [u8; 2], id: u8) -> Vec<u8> {
        let mut bytes = vec![kind[0], kind[1], 0, 0, 0x21, 0x12, 0xA4, 0x42];
        bytes.extend_from_slice(&[id; 12]);
        bytes
    }

    fn prove(routes: &mut Routes, now: Instant, n: u8) {
        routes.on_check(now, pair(n), &stun(REQUEST, n));
        assert!(routes.on_answer(now + 7 * MS, &stun(SUCCESS, n)));
    }

    #[test]
    fn only_the_answer_to_a_question_proves_a_pair_and_only_once() {
        let (mut routes, now) = (Routes::default(), origin());
        assert!(!routes.on_answer(now, &stun(SUCCESS, 5)), "nothing was asked");
        routes.on_check(now, pair(5), &stun(REQUEST, 5));
        assert!(!routes.on_answer(now, &stun(SUCCESS, 6)), "another question");
        assert!(!routes.on_answer(now, &stun(REQUEST, 5)) && !routes.on_answer(now, &stun(SUCCESS, 5)[..19]));
        assert!(routes.on_answer(now + 3 * MS, &stun(SUCCESS, 5)));
        assert!(!routes.on_answer(now + 4 * MS, &stun(SUCCESS, 5)), "a repeat");
        let route = routes.find(pair(5)).unwrap();
        assert_eq!((route.asked, route.answered, route.rtt), (1, 1, Some(3 * MS)));
    }

    #[test]
    fn the_nominated_pair_is_kept_while_it_lives_and_the_one_heard_last_takes_over() {
        let (mut routes, now) = (Routes::default(), origin());
        assert_eq!(routes.choose(now, pair(1)), pair(1), "nothing is known");
        prove(&mut routes, now, 1);
        prove(&mut routes, now + 1000 * MS, 2);
        prove(&mut routes, now + 500 * MS, 3);
        assert_eq!(routes.choose(now + 4000 * MS, pair(1)), pair(1));
        assert_eq!(routes.choose(now + 4600 * MS, pair(1)), pair(2));
        routes.on_media(now + 4600 * MS, pair(3));
        assert_eq!(routes.choose(now + 4700 * MS, pair(1)), pair(3), "the peer speaks there");
        assert_eq!(routes.choose(now + 60_000 * MS, pair(1)), pair(1), "all are dead");
    }

    #[test]
    fn a_pair_whose_media_stops_is_left_soon_unless_it_still_answers() {
        let (mut routes, now) = (Routes::default(), origin());
        prove(&mut routes, now, 1);
        prove(&mut routes, now + 900 * MS, 2);
        routes.on_media(now + 1000 * MS, pair(1));
        assert_eq!(routes.choose(now + 2400 * MS, pair(1)), pair(1));
        assert_eq!(routes.choose(now + 2600 * MS, pair(1)), pair(2));
        prove(&mut routes, now + 2650 * MS, 1);
        assert_eq!(routes.choose(now + 2700 * MS, pair(1)), pair(1));
        routes.forget_local(pair(1).0);
        assert_eq!(routes.choose(now + 2700 * MS, pair(9)), pair(9), "the interface is gone");
    }

    #[test]
    fn the_number_of_pairs_is_bounded() {
        let (mut routes, now) = (Routes::default(), origin());
        for n in 0..=200 {
            routes.on_check(now + MS * u32::from(n), pair(n), &stun(REQUEST, n));
        }
        assert_eq!(routes.routes.len(), MAX_ROUTES);
        assert!(routes.find(pair(200)).is_some() && routes.find(pair(136)).is_none());
    }
}
