//! The local candidates: which there are, what the owner has been told of them, and how much each is worth.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, SocketAddr};

use super::line::Written;
use super::{CandidateKind, LocalCandidate, Step};

/// Whom a candidate was learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// An interface of this machine; the number of the own socket.
    Interface(u8),
    /// A relay over UDP.
    Relay(usize),
    /// A relay over TCP.
    Stream(usize),
    /// A STUN server.
    Stun(usize),
    /// A TURN server.
    Turn(usize),
}

/// A candidate as it is found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) origin: Origin,
    pub(super) kind: CandidateKind,
    pub(super) addr: SocketAddr,
    pub(super) base: SocketAddr,
    /// The server that gave it; of one of an interface the interface's own address.
    pub(super) server: IpAddr,
    /// Its place among those of its kind; earlier ones are preferred.
    pub(super) rank: usize,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Gathered {
    entries: Vec<Entry>,
    salt: [u8; 16],
    /// Something has to be told.
    dirty: bool,
}

#[derive(Debug)]
struct Entry {
    origin: Origin,
    candidate: LocalCandidate,
    told: bool,
    gone: bool,
}

impl Gathered {
    /// None yet. Foundations follow from `salt`, so that nothing can be learned from them about the addresses behind.
    pub(super) fn new(salt: [u8; 16]) -> Self {
        Self { entries: Vec::new(), salt, dirty: false }
    }

    /// Adds one, unless one with the same address and base is there.
    pub(super) fn add(&mut self, found: Found) {
        let Found { origin, kind, addr, base, .. } = found;
        let same = |entry: &&mut Entry| {
            let candidate = &entry.candidate;
            (candidate.kind, candidate.addr, candidate.base) == (kind, addr, base)
        };
        self.dirty = true;
        if let Some(entry) = self.entries.iter_mut().find(same) {
            // Lost and found before anybody was told.
            if entry.gone {
                (entry.origin, entry.gone) = (origin, false);
            }
            return;
        }
        if self.live().any(|(_, candidate)| candidate.addr == addr && candidate.base == base) {
            return;
        }
        let (foundation, priority) = (self.foundation(&found), priority(&found));
        let related = (kind == CandidateKind::ServerReflexive).then_some(base);
        let line = Written { foundation: &foundation, priority, kind, addr, related }.to_string();
        let candidate = LocalCandidate { kind, addr, base, priority, foundation, line };
        self.entries.push(Entry { origin, candidate, told: false, gone: false });
    }

    /// Those that `gone` is true for can no longer be used.
    pub(super) fn lose(&mut self, gone: impl Fn(Origin, &LocalCandidate) -> bool) {
        for entry in self.entries.iter_mut().filter(|entry| !entry.gone) {
            if gone(entry.origin, &entry.candidate) {
                entry.gone = true;
                self.dirty = true;
            }
        }
        self.entries.retain(|entry| entry.told || !entry.gone);
    }

    /// Those that can be used.
    pub(super) fn live(&self) -> impl Iterator<Item = (Origin, &LocalCandidate)> {
        self.entries.iter().filter(|entry| !entry.gone).map(|entry| (entry.origin, &entry.candidate))
    }

    /// The lines of those that can be used and that the owner knows of.
    pub(super) fn told(&self) -> Vec<String> {
        let known = self.entries.iter().filter(|entry| entry.told && !entry.gone);
        known.map(|entry| entry.candidate.line.clone()).collect()
    }

    /// The next thing to tell. What is lost is told before what is found.
    pub(super) fn poll(&mut self) -> Option<Step> {
        if !self.dirty {
            return None;
        }
        if let Some(index) = self.entries.iter().position(|entry| entry.gone) {
            return Some(Step::Lost(self.entries.remove(index).candidate));
        }
        let new = self.entries.iter_mut().find(|entry| !entry.told);
        self.dirty = new.is_some();
        new.map(|entry| {
            entry.told = true;
            Step::Candidate(entry.candidate.clone())
        })
    }

    /// Equal for candidates of one kind, base and server (RFC 8445, 5.1.1.3).
    fn foundation(&self, found: &Found) -> String {
        let mut hasher = DefaultHasher::new();
        let stream = matches!(found.origin, Origin::Stream(_));
        (self.salt, found.kind as u8, stream, found.base.ip(), found.server).hash(&mut hasher);
        (hasher.finish() as u32).to_string()
    }
}

/// RFC 8445, 5.1.2.1. The type preferences are libwebrtc's: relays over TCP are worth less than relays over UDP. The local
/// preference is made of the class of the interface's (or server's) address and of the place among those of its kind.
fn priority(found: &Found) -> u32 {
    let kind = match (found.kind, found.origin) {
        (CandidateKind::Host, _) => 126,
        (CandidateKind::PeerReflexive, _) => 110,
        (CandidateKind::ServerReflexive, _) => 100,
        (CandidateKind::Relay, Origin::Stream(_)) => 1,
        (CandidateKind::Relay, _) => 2,
    };
    let place = 255 - u32::try_from(found.rank).unwrap_or(u32::MAX).min(255);
    kind << 24 | precedence(found.server) << 16 | place << 8 | 255
}

/// How likely an address of this class leads somewhere (RFC 6724, section 2.1).
fn precedence(ip: IpAddr) -> u32 {
    let IpAddr::V6(ip) = ip else { return 35 };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => 50,
        [0x2002, ..] => 30,
        [0x2001, 0, ..] => 5,
        [first, ..] if first & 0xfe00 == 0xfc00 => 3,
        _ => 40,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(origin: Origin, kind: CandidateKind, addr: &str, rank: usize) -> Found {
        let addr: SocketAddr = addr.parse().unwrap();
        Found { origin, kind, addr, base: addr, server: addr.ip(), rank }
    }

    fn host(addr: &str, rank: usize) -> Found {
        found(Origin::Interface(0), CandidateKind::Host, addr, rank)
    }

    #[test]
    fn kind_class_and_place_make_the_priority() {
        use CandidateKind::{Host, Relay, ServerReflexive};

        assert_eq!(priority(&host("192.0.2.1:1", 0)), 126 << 24 | 35 << 16 | 255 << 8 | 255);
        let sinking = [
            found(Origin::Interface(1), Host, "[2001:db8::1]:1", 0),
            found(Origin::Interface(1), Host, "[2001:db8::1]:1", 1),
            found(Origin::Interface(0), Host, "192.0.2.1:1", 0),
            found(Origin::Interface(1), Host, "[2002::1]:1", 0),
            found(Origin::Interface(1), Host, "[2001::1]:1", 0),
            found(Origin::Interface(1), Host, "[fd00::1]:1", 0),
            found(Origin::Stun(0), ServerReflexive, "192.0.2.1:1", 0),
            found(Origin::Relay(0), Relay, "192.0.2.1:1", 0),
            found(Origin::Turn(0), Relay, "192.0.2.1:1", 1),
            found(Origin::Turn(0), Relay, "192.0.2.1:1", 400),
            found(Origin::Stream(0), Relay, "192.0.2.1:1", 0),
        ];
        let priorities: Vec<u32> = sinking.iter().map(priority).collect();
        assert!(priorities.is_sorted_by(|a, b| a > b), "{priorities:?}");
    }

    #[test]
    fn a_candidate_is_told_once_and_its_loss_before_what_replaces_it() {
        let mut gathered = Gathered::new([0; 16]);
        gathered.add(host("192.0.2.1:1", 0));
        gathered.add(host("192.0.2.1:1", 0));
        let Some(Step::Candidate(first)) = gathered.poll() else { panic!() };
        assert!(gathered.poll().is_none());

        gathered.lose(|_, candidate| candidate.addr == first.addr);
        gathered.add(host("192.0.2.2:1", 0));
        let Some(Step::Lost(lost)) = gathered.poll() else { panic!() };
        assert_eq!(lost, first);
        assert!(
            matches!(gathered.poll(), Some(Step::Candidate(next)) if next.addr.to_string() == "192.0.2.2:1")
        );
        assert!(gathered.poll().is_none());
    }

    #[test]
    fn what_comes_and_goes_untold_is_never_told() {
        let mut gathered = Gathered::new([0; 16]);
        gathered.add(host("192.0.2.1:1", 0));
        gathered.lose(|_, _| true);
        assert!(gathered.poll().is_none());

        gathered.add(host("192.0.2.1:1", 0));
        assert!(matches!(gathered.poll(), Some(Step::Candidate(_))));
        gathered.lose(|_, _| true);
        gathered.add(host("192.0.2.1:1", 0));
        assert!(gathered.poll().is_none(), "lost and found again");
        assert_eq!(gathered.live().count(), 1);
    }

    #[test]
    fn an_address_that_is_known_already_is_redundant() {
        let mut gathered = Gathered::new([0; 16]);
        gathered.add(host("192.0.2.1:1", 0));
        let mapped = found(Origin::Stun(0), CandidateKind::ServerReflexive, "192.0.2.1:1", 0);
        gathered.add(mapped);
        assert_eq!(gathered.live().count(), 1);
    }

    #[test]
    fn foundations_are_shared_by_kind_base_and_server_and_hide_what_they_are_made_of() {
        let gathered = Gathered::new([7; 16]);
        let one = host("192.0.2.1:1", 0);
        assert_eq!(gathered.foundation(&one), gathered.foundation(&host("192.0.2.1:2", 5)));
        assert_ne!(gathered.foundation(&one), gathered.foundation(&host("192.0.2.2:1", 0)));
        let mapped = found(Origin::Stun(0), CandidateKind::ServerReflexive, "192.0.2.1:1", 0);
        assert_ne!(gathered.foundation(&one), gathered.foundation(&mapped));
        assert_ne!(gathered.foundation(&one), Gathered::new([8; 16]).foundation(&one));
    }
}
