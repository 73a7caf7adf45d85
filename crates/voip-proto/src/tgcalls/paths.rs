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
mod inward;
mod line;
mod local;
mod outward;
mod ports;
mod pseudo;
mod relay;
mod remote;
mod report;
mod socket;
mod stream;
mod stun;
#[cfg(test)]
mod tests;
mod turn;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use self::gathered::{Gathered, Origin};
use self::inbox::Inbox;
use self::local::Local;
use self::ports::{Numbers, is_server, plain, ports};
use self::relay::Relay;
use self::remote::Remotes;
pub(crate) use self::report::PathStats;
pub use self::report::{PathKind, PathReport, PathState};
use self::stream::Stream;
use self::stun::Binding;
use self::turn::Turn;
use crate::{Endpoint, EndpointKind, IceServer, PeerTag, Via};

/// Relays and servers of a call that are used; further ones are counted and left alone.
const MOST_SERVERS: usize = 16;
/// Longest payload. DTLS and RTP stay far below it.
const LONGEST_PAYLOAD: usize = 4096;
/// Where there are relays over UDP, those over TCP are connected to only when none of the former has answered for so long,
/// or when there is no contact with the peer so long after one did: they are slower, and cost two sockets each.
const TCP_AFTER: Duration = Duration::from_millis(500);
const TCP_BESIDE_UDP_AFTER: Duration = Duration::from_secs(3);

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
    numbers: Numbers,
    relays: Vec<Relay>,
    /// Their places are the numbers of their sockets.
    streams: Vec<Stream>,
    bindings: Vec<Binding>,
    turns: Vec<Turn>,
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
        servers: Vec<IceServer>,
        p2p_allowed: bool,
        seed: [u8; 32],
        now: Instant,
    ) -> Self {
        let mut random = ChaCha20Rng::from_seed(seed);
        let salt = random.random();
        let (mut numbers, mut stats) = (Numbers::new(random), PathStats::default());
        let (mut relays_over_udp, mut streams) = (Vec::new(), Vec::new());
        let udp = relays.iter().any(|relay| relay.kind == EndpointKind::UdpRelay);
        let tcp_from = if udp { now + TCP_AFTER } else { now };
        for (kind, port) in ports(relays, &mut numbers, &mut stats) {
            match (kind, u8::try_from(streams.len())) {
                (EndpointKind::UdpRelay, _) => relays_over_udp.push(Relay::new(port, now)),
                (EndpointKind::TcpRelay, Ok(number)) if number < Via::MOST => {
                    streams.push(Stream::new(port, number, tcp_from));
                }
                (EndpointKind::TcpRelay, _) => stats.servers_refused += 1,
            }
        }
        let (mut bindings, mut turns) = (Vec::new(), Vec::new());
        for (place, server) in servers.into_iter().enumerate() {
            let addr = plain(server.addr);
            if place >= MOST_SERVERS || !is_server(addr) {
                stats.servers_refused += 1;
                continue;
            }
            // Where no direct path is allowed nobody must learn how we look from outside.
            if server.stun && p2p_allowed && !bindings.iter().any(|known: &Binding| known.server == addr) {
                bindings.push(Binding::new(addr));
            }
            match server.turn.map(|login| Turn::new(addr, login, now)) {
                Some(Some(turn)) if !turns.iter().any(|known: &Turn| known.server == addr) => {
                    turns.push(turn)
                }
                Some(_) => stats.servers_refused += 1,
                None => {}
            }
        }
        let mut paths = Self {
            p2p_allowed,
            now,
            numbers,
            relays: relays_over_udp,
            streams,
            bindings,
            turns,
            local: Local::new(),
            gathered: Gathered::new(salt),
            remotes: Remotes::default(),
            inbox: Inbox::default(),
            stats,
            closed: false,
            idle: None,
        };
        paths.want_sockets();
        paths
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
                    self.ask_servers(number, plain(local));
                    self.find_hosts();
                }
            }
            Via::Tcp(number) => {
                let number = usize::from(number);
                if self.streams.get_mut(number).is_some_and(|stream| stream.on_opened(local, self.now)) {
                    self.gathered.add(self.streams[number].port.found(Origin::Stream(number), number));
                }
            }
            Via::Shared => {}
        }
    }

    /// A socket that was asked for could not be had, or was lost.
    pub(crate) fn closed(&mut self, at: Instant, via: Via) {
        self.advance(at);
        match via {
            Via::Udp(number) => {
                if self.local.on_closed(number, self.now) {
                    self.leave_servers(number);
                    self.find_hosts();
                }
            }
            Via::Tcp(number) => {
                let number = usize::from(number);
                if self.streams.get_mut(number).is_some_and(|stream| stream.socket.on_closed(self.now)) {
                    self.lose_stream(number);
                }
            }
            Via::Shared => {}
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
        for number in 0..self.streams.len() {
            self.streams[number].socket.renew(self.now);
            self.lose_stream(number);
        }
        self.local.renew(self.now);
        [0, 1].into_iter().for_each(|number| self.leave_servers(number));
        self.find_hosts();
    }

    /// The peer is not heard any more: relays may see this machine under another address than the one they know, others may
    /// see it under another one than we know, or nothing but connections may get through now.
    pub(crate) fn contact_lost(&mut self, at: Instant) {
        self.advance(at);
        if !self.closed {
            self.relays.iter_mut().for_each(|relay| relay.on_network_changed(at));
            self.bindings.iter_mut().for_each(|binding| binding.ask_now(at));
            self.streams.iter_mut().for_each(|stream| stream.socket.want(at));
        }
    }

    /// The peer is heard: what has not been tried is not needed.
    pub(crate) fn contact_made(&mut self, at: Instant) {
        self.advance(at);
        self.streams.iter_mut().for_each(|stream| stream.socket.spare());
    }

    /// The lines of all candidates that the owner has been given and that can still be used.
    pub(crate) fn told(&self) -> Vec<String> {
        self.gathered.told()
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, at: Instant) {
        self.advance(at);
    }

    /// What was tried with each server and what came of it.
    pub(crate) fn report(&self) -> Vec<PathReport> {
        let relays = self.relays.iter().map(report::of_relay);
        let streams = self.streams.iter().map(report::of_stream);
        let bindings = self.bindings.iter().map(report::of_binding);
        relays.chain(streams).chain(bindings).chain(self.turns.iter().map(report::of_turn)).collect()
    }

    /// Counters.
    pub(crate) fn stats(&self) -> PathStats {
        self.stats
    }

    /// The call is over. Addresses at TURN servers are given back and all sockets closed; the steps follow, for a second at
    /// most. Nothing else is sent or taken any more.
    pub(crate) fn close(&mut self, at: Instant) {
        self.advance(at);
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        self.streams.iter_mut().for_each(|stream| stream.socket.drop());
        self.bindings.iter_mut().for_each(Binding::stop);
        self.turns.iter_mut().for_each(|turn| turn.close(self.now));
        self.gathered.lose(|_, _| true);
    }

    /// Gives a connection up whose bytes make no sense.
    fn break_stream(&mut self, number: usize) {
        self.stats.streams_broken += 1;
        self.streams[number].socket.fail(self.now);
        self.lose_stream(number);
    }

    /// A connection is gone, and the port with it. The next one is another port.
    fn lose_stream(&mut self, number: usize) {
        self.gathered.lose(|origin, _| origin == Origin::Stream(number));
        self.streams[number].forget(self.numbers.draw());
    }

    fn advance(&mut self, at: Instant) {
        self.now = self.now.max(at);
        self.idle = None;
    }
}
