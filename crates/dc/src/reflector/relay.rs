//! Which datagram goes where. No socket and no clock: datagrams and instants in, datagrams out.
//!
//! Per datagram: [`Relay::handle`], and send the buffer to the address it returns. Then [`Relay::poll`] until it has
//! nothing due, and sleep until [`Relay::next_at`].
//!
//! Not documented by Telegram and chosen here: a party's address is the source of its last well-formed datagram, so the
//! relay follows a rebinding NAT; a pair nobody uses for [`IDLE`] is forgotten; each tag has a budget of datagrams.

use std::{
    collections::HashMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use offhook_netsim::{Link, LinkConfig, Wire};

use super::{
    PeerTag,
    packet::{self, Request, TAG_LEN},
};

/// A pair of tags without any datagram for this long is forgotten, unless it was added for good.
pub const IDLE: Duration = Duration::from_secs(60);
/// Datagrams per second that one tag may send for long. A call sends 17 to 60.
pub const RATE: u32 = 1_000;
/// Datagrams that one tag may send at once on top of [`RATE`].
pub const BURST: u32 = 1_000;
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

/// What a reflector did. All counts are datagrams, except where said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReflectorCounters {
    /// Received.
    pub received: u64,
    /// Bytes received.
    pub received_bytes: u64,
    /// Passed on to the other party.
    pub forwarded: u64,
    /// Self-info requests answered.
    pub self_info: u64,
    /// Peer-info requests answered.
    pub peer_info: u64,
    /// Dropped: tag not in the table.
    pub unknown_tag: u64,
    /// Dropped: too short, or a special of the wrong form.
    pub malformed: u64,
    /// Dropped: the other party has not been heard yet (or, for peer-info, has no IPv4 address).
    pub no_peer: u64,
    /// Dropped: over the budget of its tag.
    pub rate_limited: u64,
    /// Dropped on purpose by the impaired link.
    pub impaired: u64,
    /// Dropped: too many datagrams on their way through impaired links.
    pub queue_full: u64,
    /// The socket refused to send.
    pub send_errors: u64,
    /// Pairs (not datagrams) forgotten because nobody used them.
    pub expired_pairs: u64,
    /// Pairs (not datagrams) known now.
    pub pairs: u64,
}

/// One party of a pair.
#[derive(Debug)]
struct Side {
    tag: PeerTag,
    addr: Option<SocketAddr>,
    /// The way from this party to the other.
    link: Option<Link>,
    budget: f64,
    budget_at: Instant,
}

impl Side {
    /// Token bucket: true when this datagram is within the budget.
    fn spend(&mut self, now: Instant) -> bool {
        let grown = now.saturating_duration_since(self.budget_at).as_secs_f64() * f64::from(RATE);
        self.budget = (self.budget + grown).min(f64::from(BURST));
        self.budget_at = now;
        let allowed = self.budget >= 1.0;
        if allowed {
            self.budget -= 1.0;
        }
        allowed
    }
}

#[derive(Debug)]
struct Pair {
    sides: [Side; 2],
    used: Instant,
    lifetime: Lifetime,
}

/// The table of tags and everything decided by it.
#[derive(Debug)]
pub struct Relay {
    tags: HashMap<PeerTag, (u64, usize)>,
    pairs: HashMap<u64, Pair>,
    flights: Wire<(SocketAddr, Vec<u8>)>,
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
            pairs: HashMap::new(),
            flights: Wire::new(IN_FLIGHT),
            link,
            seed,
            next_pair: 0,
            swept: None,
            counters: ReflectorCounters::default(),
        }
    }

    /// Makes two parties known to each other.
    ///
    /// # Errors
    /// [`TagInUse`] when one of the tags is already known, or both are equal. Nothing is changed then.
    pub fn add(&mut self, now: Instant, tags: [PeerTag; 2], lifetime: Lifetime) -> Result<(), TagInUse> {
        if tags[0] == tags[1] || tags.iter().any(|tag| self.tags.contains_key(tag)) {
            return Err(TagInUse);
        }
        let id = self.next_pair;
        self.next_pair += 1;
        let side = |role: usize| Side {
            tag: tags[role],
            addr: None,
            link: start_link(self.link, self.seed, id, role),
            budget: f64::from(BURST),
            budget_at: now,
        };
        let sides = [side(0), side(1)];
        self.pairs.insert(id, Pair { sides, used: now, lifetime });
        for (role, tag) in tags.into_iter().enumerate() {
            self.tags.insert(tag, (id, role));
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

    /// Counts a datagram that the socket did not take.
    pub fn on_send_error(&mut self) {
        self.counters.send_errors += 1;
    }

    /// Takes a datagram received at `now` from `from`; `date` is the unix time told in self-info answers. When an
    /// address comes back, `datagram` has been replaced by what must be sent there at once.
    pub fn handle(
        &mut self,
        now: Instant,
        date: i32,
        from: SocketAddr,
        datagram: &mut Vec<u8>,
    ) -> Option<SocketAddr> {
        self.sweep(now);
        self.counters.received += 1;
        self.counters.received_bytes += datagram.len() as u64;
        let Some(tag) = datagram.first_chunk::<TAG_LEN>().copied().map(PeerTag) else {
            self.counters.malformed += 1;
            return None;
        };
        let Some((id, role)) = self.tags.get(&tag).copied() else {
            self.counters.unknown_tag += 1;
            return None;
        };
        let pair = self.pairs.get_mut(&id).expect("a tag in the table names a pair");
        if !pair.sides[role].spend(now) {
            self.counters.rate_limited += 1;
            return None;
        }
        let Some(request) = Request::parse(datagram) else {
            self.counters.malformed += 1;
            return None;
        };
        pair.used = now;
        pair.sides[role].addr = Some(from);
        match request {
            Request::SelfInfo { query } => {
                packet::write_self_info(datagram, tag, date, query, from);
                self.counters.self_info += 1;
                Some(from)
            }
            Request::PeerInfo => self.answer_peer_info(id, role, datagram),
            Request::Forward => self.forward(now, id, role, datagram),
        }
    }

    /// The next datagram whose time on the impaired link has passed: written to `out`, to be sent to the address.
    pub fn poll(&mut self, now: Instant, out: &mut Vec<u8>) -> Option<SocketAddr> {
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

    fn answer_peer_info(&mut self, id: u64, role: usize, datagram: &mut Vec<u8>) -> Option<SocketAddr> {
        let sides = &self.pairs[&id].sides;
        let to = sides[role].addr?;
        let addresses = packet::as_v4(to).zip(sides[1 - role].addr.and_then(packet::as_v4));
        let Some((own, peer)) = addresses else {
            self.counters.no_peer += 1;
            return None;
        };
        packet::write_peer_info(datagram, sides[role].tag, own, peer);
        self.counters.peer_info += 1;
        Some(to)
    }

    fn forward(&mut self, now: Instant, id: u64, role: usize, datagram: &mut [u8]) -> Option<SocketAddr> {
        let pair = self.pairs.get_mut(&id)?;
        let other = &pair.sides[1 - role];
        let (tag, to) = (other.tag, other.addr);
        let Some(to) = to else {
            self.counters.no_peer += 1;
            return None;
        };
        datagram[..TAG_LEN].copy_from_slice(&tag.0);
        let Some(link) = &mut pair.sides[role].link else {
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
        if let Some(pair) = self.pairs.remove(&id) {
            for side in pair.sides {
                self.tags.remove(&side.tag);
            }
        }
    }
}

/// The way from one party of a pair to the other; a perfect one needs no link.
fn start_link(link: LinkConfig, seed: u64, pair: u64, role: usize) -> Option<Link> {
    // Distinct odd multiples keep the seeds of neighbouring pairs and directions apart.
    let seed = seed.wrapping_add((2 * pair + role as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (link != LinkConfig::default()).then(|| Link::new(link, seed))
}

#[cfg(test)]
#[path = "relay_tests.rs"]
mod tests;
