//! Every way that leads out of this machine for one call of the modern family (tgcalls.md 4.3, 7.1 to 7.5).
//!
//! An ICE agent thinks in addresses: it wants candidates, and it sends a payload from one address to another. [`Paths`] says
//! which local candidates there are, and what becomes of a payload: bytes on a shared socket for a Telegram relay, on a
//! connection to one, or on a socket of the call's own. Sans-IO; the same seed and the same inputs give the same outputs.
//!
//! The contract: one input, then [`Paths::poll`] until it answers [`Step::WaitUntil`], and [`Paths::inbound`] until it is
//! empty. [`Paths::send`] may be called at any time.
//!
//! Ports at Telegram relays have no address that the other side could send to. They get synthetic ones ([`pseudo`]), and
//! are never paired with real addresses.

mod frame;
mod gathered;
mod inbox;
mod line;
mod local;
mod outward;
mod pseudo;
mod relay;
mod remote;
mod report;
mod socket;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::Instant;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use self::frame::{Frame, Tag};
use self::gathered::{Found, Gathered, Origin};
use self::inbox::Inbox;
use self::local::Local;
use self::pseudo::Pseudo;
use self::relay::{Port, Relay};
use self::remote::Remotes;
pub(crate) use self::report::{PathKind, PathReport, PathState, PathStats};
use crate::{Endpoint, EndpointKind, IceServer, PeerTag, Via};

/// Relays and servers of a call that are used; further ones are counted and left alone.
const MOST_SERVERS: usize = 16;
/// The port that 0 stands for (7.2).
const DEFAULT_PORT: u16 = 599;
/// Longest payload. DTLS and RTP stay far below it.
const LONGEST_PAYLOAD: usize = 4096;

/// What kind of way a candidate is (RFC 8445, 5.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CandidateKind {
    /// An interface's own address.
    Host,
    /// What an address looks like to a STUN server.
    ServerReflexive,
    /// What an address looked like to the other side. None of ours is.
    PeerReflexive,
    /// An address at a relay.
    Relay,
}

/// A candidate of this side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocalCandidate {
    /// Its kind.
    pub(crate) kind: CandidateKind,
    /// Where the other side sends to. Of a port at a Telegram relay, a synthetic address.
    pub(crate) addr: SocketAddr,
    /// What to name as source when sending from it.
    pub(crate) base: SocketAddr,
    /// RFC 8445, 5.1.2.
    pub(crate) priority: u32,
    /// RFC 8445, 5.1.1.3.
    pub(crate) foundation: String,
    /// For the other side, without a user name fragment.
    pub(crate) line: String,
}

/// A candidate of the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteCandidate {
    /// Its kind.
    pub(crate) kind: CandidateKind,
    /// Where to send to. Of a port at a Telegram relay, a synthetic address.
    pub(crate) addr: SocketAddr,
    /// As the line has it; any number.
    pub(crate) priority: u32,
    /// As the line has it, 1 to 32 ICE characters.
    pub(crate) foundation: String,
}

/// Where a payload came from and where it arrived, in the ICE agent's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inbound {
    /// When.
    pub(crate) at: Instant,
    /// The other side's address.
    pub(crate) source: SocketAddr,
    /// The base of a local candidate.
    pub(crate) destination: SocketAddr,
}

/// What [`Paths`] asks of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Step {
    /// Send the bytes in the lent buffer.
    Send {
        /// From which socket.
        via: Via,
        /// To whom.
        to: SocketAddr,
    },
    /// Open a socket; answer with [`Paths::opened`] or [`Paths::closed`].
    Open {
        /// Its kind and number.
        via: Via,
        /// A TCP connection goes there; a UDP socket is bound to the unspecified address of its family.
        to: SocketAddr,
    },
    /// Close a socket. Not answered.
    Close {
        /// Which.
        via: Via,
    },
    /// A new local candidate, for the ICE agent and for the other side.
    Candidate(LocalCandidate),
    /// A local candidate that was told before can no longer be used.
    Lost(LocalCandidate),
    /// Nothing to do before this instant, which is later than the one given; `None` = before the next input.
    WaitUntil(Option<Instant>),
}

/// The ways of one call.
#[derive(Debug)]
pub(crate) struct Paths {
    p2p_allowed: bool,
    now: Instant,
    relays: Vec<Relay>,
    local: Local,
    gathered: Gathered,
    remotes: Remotes,
    inbox: Inbox,
    stats: PathStats,
    closed: bool,
    /// Nothing has happened since [`Paths::poll`] said that there is nothing to do before this.
    idle: Option<Option<Instant>>,
}

impl Paths {
    /// The ways of a call with these relays and servers. Of each at most [`MOST_SERVERS`] are used, in the given order; the
    /// numbers of relays follow from all of them.
    pub(crate) fn new(
        relays: Vec<Endpoint>,
        _servers: Vec<IceServer>,
        p2p_allowed: bool,
        seed: [u8; 32],
        now: Instant,
    ) -> Self {
        let mut random = ChaCha20Rng::from_seed(seed);
        let mut stats = PathStats::default();
        let ports = ports(relays, &mut random, &mut stats);
        Self {
            p2p_allowed,
            now,
            relays: ports
                .iter()
                .filter(|(kind, _)| *kind == EndpointKind::UdpRelay)
                .map(|(_, port)| Relay::new(*port, now))
                .collect(),
            local: Local::new(),
            gathered: Gathered::new(random.random()),
            remotes: Remotes::default(),
            inbox: Inbox::default(),
            stats,
            closed: false,
            idle: None,
        }
    }

    /// The tags that packets on the shared socket begin with, by relay. They stay the same for the whole call.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (SocketAddr, PeerTag)> + '_ {
        self.relays.iter().map(|relay| (relay.port.server, PeerTag(relay.port.tag.bytes())))
    }

    /// Addresses of this machine's interfaces, all that there are now; the ports mean nothing.
    pub(crate) fn local_addresses(&mut self, at: Instant, addresses: &[SocketAddr]) {
        self.advance(at);
        self.stats.addresses_refused += self.local.set_addresses(addresses);
        self.want_sockets();
        self.find_hosts();
    }

    /// A socket that was asked for can be used.
    pub(crate) fn opened(&mut self, at: Instant, via: Via, local: SocketAddr) {
        self.advance(at);
        match via {
            Via::Udp(number) => {
                if self.local.on_opened(number, plain(local), self.now) {
                    self.find_hosts();
                }
            }
            Via::Shared | Via::Tcp(_) => {}
        }
    }

    /// A socket that was asked for could not be had, or was lost.
    pub(crate) fn closed(&mut self, at: Instant, via: Via) {
        self.advance(at);
        match via {
            Via::Udp(number) => {
                if self.local.on_closed(number, self.now) {
                    self.find_hosts();
                }
            }
            Via::Shared | Via::Tcp(_) => {}
        }
    }

    /// This machine's place in the network has changed: everything is tried anew, and candidates that hang on an address of
    /// before are lost. Ports at relays over UDP stay: the relays learn our new address.
    pub(crate) fn network_changed(&mut self, at: Instant) {
        self.advance(at);
        if self.closed {
            return;
        }
        for relay in &mut self.relays {
            relay.on_network_changed(self.now);
        }
        self.local.renew(self.now);
        self.find_hosts();
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, at: Instant) {
        self.advance(at);
    }

    /// A datagram, or a piece of a stream, has arrived. What it holds for the ICE agent is then taken with
    /// [`Paths::inbound`].
    pub(crate) fn receive(&mut self, at: Instant, via: Via, from: SocketAddr, bytes: &[u8]) {
        self.now = self.now.max(at);
        if self.closed {
            return;
        }
        let from = plain(from);
        match via {
            Via::Shared => self.receive_shared(from, bytes),
            Via::Udp(number) => self.receive_own(number, from, bytes),
            Via::Tcp(_) => self.stats.dropped_stranger += 1,
        }
    }

    /// The oldest payload that has arrived; its bytes change places with the lent buffer's.
    pub(crate) fn inbound(&mut self, payload: &mut Vec<u8>) -> Option<Inbound> {
        self.inbox.pop(payload)
    }

    /// What was tried with each server and what came of it.
    pub(crate) fn report(&self) -> Vec<PathReport> {
        self.relays.iter().map(|relay| self.report_relay(relay)).collect()
    }

    /// Counters.
    pub(crate) fn stats(&self) -> PathStats {
        self.stats
    }

    /// The call is over. What a server would keep for us is given back; the steps follow.
    pub(crate) fn close(&mut self, at: Instant) {
        self.advance(at);
        self.closed = true;
        self.local.close();
        self.gathered.lose(|_, _| true);
    }

    fn report_relay(&self, relay: &Relay) -> PathReport {
        let addr = relay.port.pseudo().addr();
        PathReport {
            kind: PathKind::UdpReflector,
            addr: relay.port.server,
            id: relay.port.endpoint,
            state: if relay.is_ready() {
                PathState::Ready
            } else {
                PathState::Asking { tried: relay.greetings() }
            },
            rtt: relay.rtt(),
            candidate: relay.is_ready().then_some(addr),
        }
    }

    fn advance(&mut self, at: Instant) {
        self.now = self.now.max(at);
        self.idle = None;
    }

    /// From a relay, over the socket that many calls share.
    fn receive_shared(&mut self, from: SocketAddr, bytes: &[u8]) {
        let of_relay = |relay: &Relay| relay.port.server == from;
        let whole = |relay: &Relay| of_relay(relay) && bytes.starts_with(&relay.port.tag.bytes());
        let begun = |relay: &Relay| of_relay(relay) && relay.port.tag.read(bytes).is_some();
        let index = self.relays.iter().position(whole).or_else(|| self.relays.iter().position(begun));
        let Some(index) = index else {
            self.stats.dropped_stranger += 1;
            return;
        };
        let relay = &mut self.relays[index];
        let port = relay.port;
        if !matches!(port.tag.read(bytes), Some(Frame::Data { .. })) || !relay.is_ready() {
            self.idle = None;
        }
        if relay.on_packet(self.now) {
            self.gathered.add(found_relay(Origin::Relay(index), port));
        }
        self.take_frame(port, bytes);
    }

    /// What a relay sent for one of our ports.
    fn take_frame(&mut self, port: Port, packet: &[u8]) {
        match port.tag.read(packet) {
            Some(Frame::Data { r, payload }) if payload.len() <= LONGEST_PAYLOAD => {
                let source = Pseudo { r, ..port.pseudo() }.addr();
                self.deliver(source, port.pseudo().addr(), payload);
            }
            Some(Frame::Service) => self.stats.control_received += 1,
            Some(Frame::Data { .. } | Frame::Malformed) => self.stats.dropped_malformed += 1,
            None => self.stats.dropped_stranger += 1,
        }
    }

    fn deliver(&mut self, source: SocketAddr, destination: SocketAddr, payload: &[u8]) {
        if self.inbox.push(Inbound { at: self.now, source, destination }, payload) {
            self.stats.payloads_received += 1;
        } else {
            self.stats.dropped_full += 1;
        }
    }
}

/// The ports of a call at its relays. Relays are numbered by the ascending order of their ids (7.1), so that both sides
/// give the same numbers; the entries of one relay (IPv4, IPv6, TCP) share one.
fn ports(
    relays: Vec<Endpoint>,
    random: &mut ChaCha20Rng,
    stats: &mut PathStats,
) -> Vec<(EndpointKind, Port)> {
    let mut ids: Vec<i64> = relays.iter().map(|relay| relay.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut ports: Vec<(EndpointKind, Port)> = Vec::new();
    for relay in relays {
        let server = served(relay.addr);
        let place = ids.binary_search(&relay.id).ok().and_then(|place| u8::try_from(place + 1).ok());
        let twice = ports.iter().any(|(kind, port)| {
            let same_tag = port.tag == Tag::new(relay.peer_tag, port.tag.r());
            (*kind, port.server, port.endpoint, same_tag) == (relay.kind, server, relay.id, true)
        });
        let Some(id) = place.filter(|_| !twice && ports.len() < MOST_SERVERS && is_server(server)) else {
            stats.servers_refused += 1;
            continue;
        };
        let tag = Tag::new(
            relay.peer_tag,
            fresh_number(random, |r| ports.iter().any(|(_, port)| port.tag.r() == r)),
        );
        ports.push((relay.kind, Port { endpoint: relay.id, id, server, tag }));
    }
    ports
}

/// A number for a port: never 0, and none that is in use.
fn fresh_number(random: &mut ChaCha20Rng, used: impl Fn(u32) -> bool) -> u32 {
    loop {
        let r = random.random();
        if r != 0 && !used(r) {
            return r;
        }
    }
}

fn found_relay(origin: Origin, port: Port) -> Found {
    let addr = port.pseudo().addr();
    let (Origin::Relay(rank) | Origin::Stream(rank) | Origin::Stun(rank) | Origin::Turn(rank)) = origin
    else {
        unreachable!("a port is at a server")
    };
    Found { origin, kind: CandidateKind::Relay, addr, base: addr, server: port.server.ip(), rank }
}

/// The address of a server as the server's list has it, with the port that 0 stands for.
fn served(addr: SocketAddr) -> SocketAddr {
    let port = if addr.port() == 0 { DEFAULT_PORT } else { addr.port() };
    plain(SocketAddr::new(addr.ip(), port))
}

fn is_server(addr: SocketAddr) -> bool {
    !addr.ip().is_unspecified() && !addr.ip().is_multicast() && !pseudo::is_pseudo(addr.ip())
}

/// The same address without what the system adds (scope, flow) and not dressed as IPv6, so that equal ones compare equal.
fn plain(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}
