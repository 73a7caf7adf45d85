//! The two parties of a call as a reflector knows them.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use offhook_netsim::{Link, LinkConfig};

use super::{
    PeerTag,
    modern::{Prefix, SocketNumber},
    relay::Lifetime,
};
use crate::budget::Budget;

/// Sockets that one party of a modern call may have at once, over all its networks and restarts. At the bound the one
/// silent for longest is forgotten.
pub const MOST_SOCKETS: usize = 16;

/// Where a datagram came from, and so where answers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A UDP address.
    Udp(SocketAddr),
    /// A TCP connection to the reflector.
    Tcp {
        /// Its number, never given twice.
        connection: u64,
        /// The address of its other end.
        addr: SocketAddr,
    },
}

impl Place {
    /// The address as the reflector sees it.
    #[must_use]
    pub fn addr(self) -> SocketAddr {
        match self {
            Self::Udp(addr) | Self::Tcp { addr, .. } => addr,
        }
    }
}

/// A socket of a modern call.
#[derive(Debug)]
struct KnownSocket {
    number: SocketNumber,
    place: Place,
    heard: Instant,
}

/// One party of a pair.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) tag: PeerTag,
    /// Where a party of a libtgvoip call was heard last.
    pub(super) place: Option<Place>,
    /// The sockets of a party of a modern call.
    sockets: Vec<KnownSocket>,
    /// The way from this party to the other; `None` is a perfect one.
    pub(super) link: Option<Link>,
    pub(super) budget: Budget,
}

impl Side {
    pub(super) fn new(tag: PeerTag, link: Option<Link>, now: Instant) -> Self {
        Self { tag, place: None, sockets: Vec::new(), link, budget: Budget::new(now) }
    }

    pub(super) fn prefix(&self) -> Prefix {
        Prefix::of(self.tag)
    }

    /// Remembers a socket that said hello. True when another had to go for it.
    pub(super) fn register(&mut self, number: SocketNumber, place: Place, now: Instant) -> bool {
        if self.hear(number, place, now) {
            return false;
        }
        let silent = self.sockets.iter().enumerate().min_by_key(|(_, socket)| socket.heard);
        let displaced = silent.map(|(index, _)| index).filter(|_| self.sockets.len() >= MOST_SOCKETS);
        if let Some(index) = displaced {
            self.sockets.swap_remove(index);
        }
        self.sockets.push(KnownSocket { number, place, heard: now });
        displaced.is_some()
    }

    /// Notes that a known socket sent something, perhaps from a new place. False when it is not known.
    pub(super) fn hear(&mut self, number: SocketNumber, place: Place, now: Instant) -> bool {
        let known = self.sockets.iter_mut().find(|socket| socket.number == number);
        if let Some(socket) = known {
            socket.place = place;
            socket.heard = now;
            return true;
        }
        false
    }

    /// Where a socket is reached.
    pub(super) fn place_of(&self, number: SocketNumber) -> Option<Place> {
        self.sockets.iter().find(|socket| socket.number == number).map(|socket| socket.place)
    }

    /// Forgets sockets silent for longer than `idle` and says how many.
    pub(super) fn forget_silent(&mut self, now: Instant, idle: Duration) -> u64 {
        let before = self.sockets.len();
        self.sockets.retain(|socket| now.saturating_duration_since(socket.heard) <= idle);
        (before - self.sockets.len()) as u64
    }
}

/// The two parties of a call.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) sides: [Side; 2],
    pub(super) used: Instant,
    pub(super) lifetime: Lifetime,
}

/// The way from one party of a pair to the other; a perfect one needs no link.
pub(super) fn start_link(link: LinkConfig, seed: u64, pair: u64, role: usize) -> Option<Link> {
    // Distinct odd multiples keep the seeds of neighbouring pairs and directions apart.
    let seed = seed.wrapping_add((2 * pair + role as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (link != LinkConfig::default()).then(|| Link::new(link, seed))
}
