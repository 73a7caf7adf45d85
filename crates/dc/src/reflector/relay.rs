//! Which datagram goes where. No socket and no clock: datagrams and instants in, datagrams out.
//!
//! Per datagram: [`Relay::handle`], and send the buffer to the place it returns. Then [`Relay::poll`] until it has
//! nothing due, and sleep until [`Relay::next_at`].
//!
//! A datagram that begins with a whole tag belongs to a libtgvoip call, one that begins only with the first twelve bytes
//! of a tag to a modern call ([`super::modern`]). UDP and TCP parties may be mixed.
//!
//! Not documented by Telegram and chosen here: a party's place is the source of its last well-formed datagram, so the
//! relay follows a rebinding NAT; a pair or a socket nobody uses for [`IDLE`] is forgotten; each tag has a budget of
//! datagrams; the prefix of a modern datagram is replaced by that of its receiver.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use offhook_netsim::{LinkConfig, Wire};

use super::{
    PeerTag,
    modern::{Frame, PREFIX_LEN, Prefix, SocketNumber},
    packet::{self, Request, TAG_LEN},
    pair::{Pair, Side, start_link},
};
pub use super::{
    counters::ReflectorCounters,
    pair::{MOST_SOCKETS, Place},
};

/// A pair of tags without any datagram for this long is forgotten, unless it was added for good. So is a socket of a
/// modern call, which says hello every 10 s.
pub const IDLE: Duration = Duration::from_secs(60);
/// Datagrams on their way through impaired links, over all pairs. At the bound new ones are dropped and counted.
pub const IN_FLIGHT: usize = 65_536;
/// How often idle pairs are looked for.
const SWEEP: Duration = Duration::from_secs(5);

/// How long a pair of tags is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is removed.
    Forever,
    /// Until it is removed or unused for [`IDLE`].
    WhileUsed,
}

/// One party: number of the pair, and which of the two.
type Party = (u64, usize);

/// The table of tags and everything decided by it.
#[derive(Debug)]
pub struct Relay {
    tags: HashMap<PeerTag, Party>,
    prefixes: HashMap<Prefix, Party>,
    pairs: HashMap<u64, Pair>,
    flights: Wire<(Place, Vec<u8>)>,
    link: LinkConfig,
    seed: u64,
    next_pair: u64,
    swept: Option<Instant>,
    counters: ReflectorCounters,
}

/// A tag is already in the table (or the pair has the same tag twice).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tag is in use")]
pub struct TagInUse;

impl Relay {
    /// An empty table. Every pair added later gets two links of this kind, one per direction, seeded from `seed`, the
    /// number of the pair and the direction.
    #[must_use]
    pub fn new(link: LinkConfig, seed: u64) -> Self {
        Self {
            tags: HashMap::new(),
            prefixes: HashMap::new(),
            pairs: HashMap::new(),
            flights: Wire::new(IN_FLIGHT),
            link,
            seed,
            next_pair: 0,
            swept: None,
            counters: ReflectorCounters::default(),
        }
    }

    /// Makes two parties known to each other. They can talk as modern calls do when the first twelve bytes of their tags
    /// differ, from each other and from all that are known.
    ///
    /// # Errors
    /// [`TagInUse`] when one of the tags is already known, or both are equal. Nothing is changed then.
    pub fn add(&mut self, now: Instant, tags: [PeerTag; 2], lifetime: Lifetime) -> Result<(), TagInUse> {
        if tags[0] == tags[1] || tags.iter().any(|tag| self.tags.contains_key(tag)) {
            return Err(TagInUse);
        }
        let id = self.next_pair;
        self.next_pair += 1;
        let side = |role: usize| Side::new(tags[role], start_link(self.link, self.seed, id, role), now);
        self.pairs.insert(id, Pair { sides: [side(0), side(1)], used: now, lifetime });
        let prefixes = tags.map(Prefix::of);
        let distinct =
            prefixes[0] != prefixes[1] && prefixes.iter().all(|it| !self.prefixes.contains_key(it));
        for role in [0, 1] {
            self.tags.insert(tags[role], (id, role));
            if distinct {
                self.prefixes.insert(prefixes[role], (id, role));
            }
        }
        Ok(())
    }

    /// Changes the path of every pair, known or to come: a cut (`loss: 1.0`), a repair, a step of delay. Datagrams on their
    /// way still arrive as it was when they left.
    pub fn set_link(&mut self, link: LinkConfig) {
        self.link = link;
        for (id, pair) in &mut self.pairs {
            for (role, side) in pair.sides.iter_mut().enumerate() {
                match &mut side.link {
                    Some(known) => known.set_config(link),
                    perfect => *perfect = start_link(link, self.seed, *id, role),
                }
            }
        }
    }

    /// Forgets the pair to which a tag belongs. Datagrams on their way still arrive. False when it was not known.
    pub fn remove(&mut self, tag: PeerTag) -> bool {
        let Some((id, _)) = self.tags.get(&tag).copied() else { return false };
        self.remove_pair(id);
        true
    }

    /// What was counted so far.
    #[must_use]
    pub fn counters(&self) -> ReflectorCounters {
        ReflectorCounters {
            pairs: self.pairs.len() as u64,
            queue_full: self.flights.refused(),
            ..self.counters
        }
    }

    /// For what the owner of the sockets counts.
    pub(super) fn counters_mut(&mut self) -> &mut ReflectorCounters {
        &mut self.counters
    }

    /// Takes a datagram received at `now` from `from`; `date` is the unix time told in self-info answers. When a place
    /// comes back, `datagram` has been replaced by what must be sent there at once.
    pub fn handle(&mut self, now: Instant, date: i32, from: Place, datagram: &mut Vec<u8>) -> Option<Place> {
        self.sweep(now);
        self.counters.received += 1;
        self.counters.received_bytes += datagram.len() as u64;
        let Some(tag) = datagram.first_chunk::<TAG_LEN>().copied().map(PeerTag) else {
            self.counters.malformed += 1;
            return None;
        };
        let whole = self.tags.get(&tag).copied();
        let Some(party) = whole.or_else(|| self.prefixes.get(&Prefix::of(tag)).copied()) else {
            self.counters.unknown_tag += 1;
            return None;
        };
        if !self.side(party).budget.spend(now) {
            self.counters.rate_limited += 1;
            return None;
        }
        match whole {
            Some(_) => self.handle_libtgvoip(now, date, (party, from), datagram),
            None => self.handle_modern(now, date, (party, from), datagram),
        }
    }

    /// The next datagram whose time on the impaired link has passed: written to `out`, to be sent to the place.
    pub fn poll(&mut self, now: Instant, out: &mut Vec<u8>) -> Option<Place> {
        let (to, bytes) = self.flights.pop_due(now)?;
        out.clear();
        out.extend_from_slice(&bytes);
        Some(to)
    }

    /// When [`Relay::poll`] will next have something.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        self.flights.next_at()
    }

    fn handle_libtgvoip(
        &mut self,
        now: Instant,
        date: i32,
        (party, from): (Party, Place),
        datagram: &mut Vec<u8>,
    ) -> Option<Place> {
        let Some(request) = Request::parse(datagram) else {
            self.counters.malformed += 1;
            return None;
        };
        self.pair(party.0).used = now;
        let side = self.side(party);
        side.place = Some(from);
        match request {
            Request::SelfInfo { query } => {
                packet::write_self_info(datagram, side.tag, date, query, from.addr());
                self.counters.self_info += 1;
                Some(from)
            }
            Request::PeerInfo => self.answer_peer_info(party, datagram),
            Request::Forward => {
                let other = self.other(party);
                let (tag, to) = (other.tag, other.place);
                let Some(to) = to else {
                    self.counters.no_peer += 1;
                    return None;
                };
                datagram[..TAG_LEN].copy_from_slice(&tag.0);
                self.forward(now, party, to, datagram)
            }
        }
    }

    fn answer_peer_info(&mut self, party: Party, datagram: &mut Vec<u8>) -> Option<Place> {
        let address = |place: Option<Place>| match place? {
            Place::Udp(addr) => packet::as_v4(addr),
            // The other party could not be reached there by UDP.
            Place::Tcp { .. } => None,
        };
        let own = self.side(party).place;
        let peer = self.other(party).place;
        let Some((own_addr, peer_addr)) = address(own).zip(address(peer)) else {
            self.counters.no_peer += 1;
            return None;
        };
        packet::write_peer_info(datagram, self.side(party).tag, own_addr, peer_addr);
        self.counters.peer_info += 1;
        own
    }

    fn handle_modern(
        &mut self,
        now: Instant,
        date: i32,
        (party, from): (Party, Place),
        datagram: &mut Vec<u8>,
    ) -> Option<Place> {
        match (Frame::parse(datagram), from) {
            (Some(Frame::Hello { own, query }), _) => {
                let tag = PeerTag(*datagram.first_chunk().expect("a hello has a tag"));
                self.take_hello(now, party, own, from);
                packet::write_self_info(datagram, tag, date, query, from.addr());
                self.counters.self_info += 1;
                Some(from)
            }
            // Over UDP the answer would be three times as long as the question, and no client asks so.
            (Some(Frame::ShortHello { own }), Place::Tcp { .. }) => {
                self.take_hello(now, party, own, from);
                None
            }
            (Some(Frame::Data { to, own }), _) => {
                if !self.side(party).hear(own, from, now) {
                    self.counters.unregistered += 1;
                    return None;
                }
                self.pair(party.0).used = now;
                let other = self.other(party);
                let (prefix, place) = (other.prefix(), other.place_of(to));
                let Some(place) = place else {
                    self.counters.no_peer += 1;
                    return None;
                };
                datagram[..PREFIX_LEN].copy_from_slice(&prefix.0);
                self.forward(now, party, place, datagram)
            }
            _ => {
                self.counters.malformed += 1;
                None
            }
        }
    }

    fn take_hello(&mut self, now: Instant, party: Party, own: SocketNumber, from: Place) {
        self.pair(party.0).used = now;
        let displaced = self.side(party).register(own, from, now);
        self.counters.displaced_sockets += u64::from(displaced);
        self.counters.hellos += 1;
    }

    /// Puts a datagram on the way to the other party.
    fn forward(&mut self, now: Instant, party: Party, to: Place, datagram: &[u8]) -> Option<Place> {
        let pair = self.pairs.get_mut(&party.0)?;
        let Some(link) = &mut pair.sides[party.1].link else {
            self.counters.forwarded += 1;
            return Some(to);
        };
        let mut at_once = None;
        let mut arrivals = 0;
        for due in link.transmit(now, datagram.len()) {
            arrivals += 1;
            if due <= now && at_once.is_none() {
                at_once = Some(to);
            } else {
                self.flights.push(due, (to, datagram.to_vec()));
            }
        }
        match arrivals {
            0 => self.counters.impaired += 1,
            _ => self.counters.forwarded += 1,
        }
        at_once
    }

    fn sweep(&mut self, now: Instant) {
        let swept = *self.swept.get_or_insert(now);
        if now.saturating_duration_since(swept) < SWEEP {
            return;
        }
        self.swept = Some(now);
        for side in self.pairs.values_mut().flat_map(|pair| &mut pair.sides) {
            self.counters.expired_sockets += side.forget_silent(now, IDLE);
        }
        let idle = |pair: &Pair| {
            pair.lifetime == Lifetime::WhileUsed && now.saturating_duration_since(pair.used) > IDLE
        };
        let expired: Vec<u64> = self.pairs.iter().filter(|(_, pair)| idle(pair)).map(|(id, _)| *id).collect();
        self.counters.expired_pairs += expired.len() as u64;
        for id in expired {
            self.remove_pair(id);
        }
    }

    fn remove_pair(&mut self, id: u64) {
        let Some(pair) = self.pairs.remove(&id) else { return };
        for side in pair.sides {
            self.tags.remove(&side.tag);
            // The prefix may be that of another pair, which came first.
            if self.prefixes.get(&side.prefix()).is_some_and(|(owner, _)| *owner == id) {
                self.prefixes.remove(&side.prefix());
            }
        }
    }

    fn pair(&mut self, id: u64) -> &mut Pair {
        self.pairs.get_mut(&id).expect("a tag in the table names a pair")
    }

    fn side(&mut self, (id, role): Party) -> &mut Side {
        &mut self.pair(id).sides[role]
    }

    fn other(&mut self, (id, role): Party) -> &Side {
        self.side((id, 1 - role))
    }
}

#[cfg(test)]
#[path = "relay_tests.rs"]
mod tests;
