//! The signalling of modern calls: opaque bytes from one side's session to the other's, over a path that may be bad on
//! purpose.

use std::{collections::BTreeMap, time::Instant};

use offhook_netsim::{Link, LinkConfig, Wire};

use super::SessionName;
use crate::calls::Role;

/// Pieces of signalling under way over all calls; more are dropped and counted.
const IN_FLIGHT: usize = 4_096;
/// Their bytes together.
const IN_FLIGHT_BYTES: usize = 16 << 20;

/// A piece of signalling and whom it is for.
#[derive(Debug)]
pub(super) struct Signal {
    pub call: i64,
    pub to: Role,
    pub data: Vec<u8>,
}

/// What is kept of one call.
#[derive(Debug)]
struct Lane {
    number: u64,
    /// The session that requested or accepted, or whichever of its device spoke last about the call.
    sessions: [Option<SessionName>; 2],
    /// The ways from the caller and from the callee; perfect ones need no links.
    links: Option<[Link; 2]>,
}

/// The signalling of all calls.
#[derive(Debug)]
pub(crate) struct Signalling {
    link: LinkConfig,
    seed: u64,
    lanes: BTreeMap<i64, Lane>,
    next: u64,
    flights: Wire<Signal>,
    flying_bytes: usize,
    lost: u64,
    dropped: u64,
}

impl Signalling {
    /// Every call gets two links of this kind, one per direction, seeded from `seed`, the number of the call and the
    /// direction.
    pub(crate) fn new(link: LinkConfig, seed: u64) -> Self {
        Self {
            link,
            seed,
            lanes: BTreeMap::new(),
            next: 0,
            flights: Wire::new(IN_FLIGHT),
            flying_bytes: 0,
            lost: 0,
            dropped: 0,
        }
    }

    /// Changes the path of all calls, those under way included.
    pub(crate) fn set_link(&mut self, link: LinkConfig) {
        self.link = link;
        for lane in self.lanes.values_mut() {
            match &mut lane.links {
                Some(links) => links.iter_mut().for_each(|known| known.set_config(link)),
                perfect => *perfect = start_links(link, self.seed, lane.number),
            }
        }
    }

    /// Lost on purpose by the impaired path.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// Dropped because too much was under way.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// A session speaks for one side of a call: it is where that side wants to be told.
    pub(super) fn note(&mut self, call: i64, role: Role, session: SessionName) {
        let (link, seed, next) = (self.link, self.seed, &mut self.next);
        let lane = self.lanes.entry(call).or_insert_with(|| {
            let number = *next;
            *next += 1;
            Lane { number, sessions: [None; 2], links: start_links(link, seed, number) }
        });
        lane.sessions[role.index()] = Some(session);
    }

    /// The session that speaks for one side.
    pub(super) fn session(&self, call: i64, role: Role) -> Option<SessionName> {
        self.lanes.get(&call)?.sessions[role.index()]
    }

    /// Forgets a call. What is under way goes nowhere.
    pub(super) fn close(&mut self, call: i64) {
        self.lanes.remove(&call);
    }

    /// Puts something one side says on its way. It comes back when it arrives at once.
    pub(super) fn send(&mut self, now: Instant, call: i64, from: Role, data: Vec<u8>) -> Option<Signal> {
        let signal = |data| Signal { call, to: from.other(), data };
        let links = self.lanes.get_mut(&call).and_then(|lane| lane.links.as_mut());
        let Some(links) = links else { return Some(signal(data)) };
        let Some(due) = links[from.index()].send(now) else {
            self.lost += 1;
            return None;
        };
        if due <= now {
            return Some(signal(data));
        }
        if self.flights.len() >= IN_FLIGHT || self.flying_bytes + data.len() > IN_FLIGHT_BYTES {
            self.dropped += 1;
            return None;
        }
        self.flying_bytes += data.len();
        self.flights.push(due, signal(data));
        None
    }

    /// The next piece that has arrived.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Signal> {
        let signal = self.flights.pop_due(now)?;
        self.flying_bytes -= signal.data.len();
        Some(signal)
    }

    /// When [`Signalling::take_due`] will next have something.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.flights.next_at()
    }
}

fn start_links(link: LinkConfig, seed: u64, call: u64) -> Option<[Link; 2]> {
    // Distinct odd multiples keep the seeds of neighbouring calls and directions apart.
    let seed = |way: u64| seed.wrapping_add((2 * call + way + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (link != LinkConfig::default()).then(|| [Link::new(link, seed(0)), Link::new(link, seed(1))])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use offhook_mtproto::SessionId;

    use super::*;

    const SESSION: SessionName = SessionName { key: 1, id: SessionId(1) };

    fn signalling(link: LinkConfig, seed: u64) -> (Signalling, Instant) {
        let mut signalling = Signalling::new(link, seed);
        signalling.note(7, Role::Caller, SESSION);
        signalling.note(8, Role::Caller, SESSION);
        (signalling, Instant::now())
    }

    #[test]
    fn a_clean_path_delivers_at_once_and_a_slow_one_in_order() {
        let (mut clean, now) = signalling(LinkConfig::default(), 1);
        let signal = clean.send(now, 7, Role::Caller, vec![1]).unwrap();
        assert_eq!((signal.call, signal.to, signal.data), (7, Role::Callee, vec![1]));
        let slow = LinkConfig { delay: Duration::from_millis(50), ..LinkConfig::default() };
        let (mut slow, now) = signalling(slow, 1);
        for turn in 0..3 {
            assert!(slow.send(now, 7, Role::Callee, vec![turn]).is_none());
        }
        assert_eq!(slow.next_at(), Some(now + Duration::from_millis(50)));
        assert!(slow.take_due(now + Duration::from_millis(49)).is_none());
        for turn in 0..3 {
            let signal = slow.take_due(now + Duration::from_millis(50)).unwrap();
            assert_eq!((signal.to, signal.data), (Role::Caller, vec![turn]));
        }
        assert_eq!(slow.flying_bytes, 0);
    }

    #[test]
    fn the_same_seed_loses_the_same_pieces_and_each_call_and_direction_its_own() {
        let lost = |seed, call, from| {
            let (mut path, now) = signalling(LinkConfig { loss: 0.5, ..LinkConfig::default() }, seed);
            let lost: Vec<bool> = (0..64).map(|_| path.send(now, call, from, vec![1]).is_none()).collect();
            assert_eq!(path.lost(), lost.iter().filter(|lost| **lost).count() as u64);
            lost
        };
        let one = lost(1, 7, Role::Caller);
        assert_eq!(lost(1, 7, Role::Caller), one);
        assert_ne!(lost(1, 7, Role::Callee), one);
        assert_ne!(lost(1, 8, Role::Caller), one);
        assert_ne!(lost(2, 7, Role::Caller), one);
    }

    #[test]
    fn only_so_much_is_under_way() {
        let slow = LinkConfig { delay: Duration::from_millis(50), ..LinkConfig::default() };
        let (mut path, now) = signalling(slow, 1);
        let piece = vec![0; 128 << 10];
        let fit = IN_FLIGHT_BYTES / piece.len();
        for _ in 0..fit + 2 {
            assert!(path.send(now, 7, Role::Caller, piece.clone()).is_none());
        }
        assert_eq!(path.dropped(), 2);
        let arrived = std::iter::from_fn(|| path.take_due(now + Duration::from_secs(1))).count();
        assert_eq!(arrived, fit);
        for _ in 0..IN_FLIGHT + 1 {
            assert!(path.send(now, 7, Role::Caller, vec![1]).is_none());
        }
        assert_eq!(path.dropped(), 3);
    }
}
