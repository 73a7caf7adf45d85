//! The ports that a call has at its relays, and their numbers.

use std::net::SocketAddr;

use rand::Rng as _;
use rand_chacha::ChaCha20Rng;

use super::frame::Tag;
use super::gathered::{Found, Origin};
use super::pseudo::{self, Pseudo};
use super::report::PathStats;
use super::stun::Id;
use super::{CandidateKind, MOST_SERVERS};
use crate::{Endpoint, EndpointKind};

/// The port that 0 stands for (7.2).
const DEFAULT_PORT: u16 = 599;

/// A port at a relay, over UDP or TCP.
#[derive(Clone, Copy, Debug)]
pub(super) struct Port {
    /// The server's id of the relay.
    pub(super) endpoint: i64,
    /// The relay's place in the list of the call.
    pub(super) id: u8,
    /// Where it is; the port is never 0.
    pub(super) server: SocketAddr,
    pub(super) tag: Tag,
}

impl Port {
    /// What the two ICE agents call it.
    pub(super) fn pseudo(&self) -> Pseudo {
        Pseudo { id: self.id, r: self.tag.r(), port: self.server.port() }
    }

    /// True for ports, of whatever side, that packets of this one can go to.
    pub(super) fn reaches(&self, other: Pseudo) -> bool {
        (other.id, other.port) == (self.id, self.server.port()) && other.r != self.tag.r()
    }

    /// It as a candidate; `rank` is its place among those of its kind.
    pub(super) fn found(&self, origin: Origin, rank: usize) -> Found {
        let addr = self.pseudo().addr();
        Found { origin, kind: CandidateKind::Relay, addr, base: addr, server: self.server.ip(), rank }
    }
}

/// Draws the numbers of ports: never 0, and none twice.
#[derive(Debug)]
pub(super) struct Numbers {
    random: ChaCha20Rng,
    used: Vec<u32>,
}

impl Numbers {
    pub(super) fn new(random: ChaCha20Rng) -> Self {
        Self { random, used: Vec::new() }
    }

    /// A number of a STUN transaction.
    pub(super) fn draw_id(&mut self) -> Id {
        self.random.random()
    }

    /// A number of a port.
    pub(super) fn draw(&mut self) -> u32 {
        loop {
            let number = self.random.random();
            if number != 0 && !self.used.contains(&number) {
                // Of a call that connects again and again the first numbers may come again.
                if self.used.len() < 4 * MOST_SERVERS {
                    self.used.push(number);
                }
                return number;
            }
        }
    }
}

/// The ports of a call at its relays. Relays are numbered by the ascending order of their ids (7.1), so that both sides
/// give the same numbers; the entries of one relay (IPv4, IPv6, TCP) share one. What cannot be used is counted.
pub(super) fn ports(
    relays: Vec<Endpoint>,
    numbers: &mut Numbers,
    stats: &mut PathStats,
) -> Vec<(EndpointKind, Port)> {
    let mut ids: Vec<i64> = relays.iter().map(|relay| relay.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut ports: Vec<(EndpointKind, Port)> = Vec::new();
    for relay in relays {
        let server = server(relay.addr);
        let place = ids.binary_search(&relay.id).ok().and_then(|place| u8::try_from(place + 1).ok());
        let twice = ports.iter().any(|(kind, port)| {
            let same_tag = port.tag == Tag::new(relay.peer_tag, port.tag.r());
            (*kind, port.server, port.endpoint, same_tag) == (relay.kind, server, relay.id, true)
        });
        let usable = |_: &u8| !twice && ports.len() < MOST_SERVERS && is_server(server);
        let Some(id) = place.filter(usable) else {
            stats.servers_refused += 1;
            continue;
        };
        let tag = Tag::new(relay.peer_tag, numbers.draw());
        ports.push((relay.kind, Port { endpoint: relay.id, id, server, tag }));
    }
    ports
}

/// The address of a relay as the server's list has it, with the port that 0 stands for.
fn server(addr: SocketAddr) -> SocketAddr {
    let port = if addr.port() == 0 { DEFAULT_PORT } else { addr.port() };
    plain(SocketAddr::new(addr.ip(), port))
}

/// False for what cannot be a server's address.
pub(super) fn is_server(addr: SocketAddr) -> bool {
    let ip = addr.ip();
    !ip.is_unspecified() && !ip.is_multicast() && !pseudo::is_pseudo(ip) && addr.port() != 0
}

/// The same address without what the system adds (scope, flow) and not dressed as IPv6, so that equal ones compare equal.
pub(super) fn plain(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}
