//! Two sides, servers, and a network between them that delays, loses and translates.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use offhook_netsim::{Link, LinkConfig, Nat, Wire};

use super::super::{
    CandidateKind, Inbound, LocalCandidate, PathReport, PathStats, Paths, RemoteCandidate, Step,
};
use crate::testing::origin;
use crate::{Endpoint, IceServer, Via};

pub(super) const MS: Duration = Duration::from_millis(1);
pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) fn addr(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// What travels.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) kind: Carried,
}

#[derive(Clone, Debug)]
pub(super) enum Carried {
    Datagram(Vec<u8>),
    /// A connection is asked for, made, or ended.
    Connect,
    Connected,
    Reset,
    /// A piece of a stream.
    Piece(Vec<u8>),
}

/// A server: packets in, packets out.
pub(super) trait Server {
    fn receive(&mut self, at: Instant, packet: Packet, out: &mut Vec<Packet>);
    fn tick(&mut self, _at: Instant, _out: &mut Vec<Packet>) {}
    fn deadline(&self, _at: Instant) -> Option<Instant> {
        None
    }
}

/// One side of the call: its ways, and what its machine does for them.
pub(super) struct Side {
    pub(super) paths: Paths,
    /// The machine's addresses: one of each family at most is used by sockets.
    ips: Vec<IpAddr>,
    sockets: BTreeMap<String, (Via, SocketAddr)>,
    next_port: u16,
    pub(super) nat: Option<Nat>,
    /// Sockets of this kind cannot be had.
    pub(super) refuses: Option<Via>,
    pub(super) candidates: Vec<LocalCandidate>,
    pub(super) lost: Vec<LocalCandidate>,
    pub(super) received: Vec<(Inbound, Vec<u8>)>,
    /// Every byte that left this side.
    pub(super) sent: Vec<(Via, SocketAddr, Vec<u8>)>,
    pub(super) opened: Vec<Via>,
    pub(super) closed: Vec<Via>,
}

const SHARED: u16 = 4000;

impl Side {
    pub(super) fn new(
        ips: &[&str],
        relays: Vec<Endpoint>,
        servers: Vec<IceServer>,
        p2p: bool,
        seed: u8,
        now: Instant,
    ) -> Self {
        let mut side = Self {
            paths: Paths::new(relays, servers, p2p, [seed; 32], now),
            ips: Vec::new(),
            sockets: BTreeMap::new(),
            next_port: 5000 + u16::from(seed) * 1000,
            nat: None,
            refuses: None,
            candidates: Vec::new(),
            lost: Vec::new(),
            received: Vec::new(),
            sent: Vec::new(),
            opened: Vec::new(),
            closed: Vec::new(),
        };
        side.move_to(ips, now);
        side
    }

    /// The machine has these addresses from now on.
    pub(super) fn move_to(&mut self, ips: &[&str], now: Instant) {
        self.ips = ips.iter().map(|ip| ip.parse().expect("an address")).collect();
        let told: Vec<SocketAddr> = self.ips.iter().map(|ip| SocketAddr::new(*ip, SHARED)).collect();
        self.paths.local_addresses(now, &told);
    }

    /// The local candidates of a kind.
    pub(super) fn found(&self, kind: CandidateKind) -> Vec<LocalCandidate> {
        self.candidates.iter().filter(|candidate| candidate.kind == kind).cloned().collect()
    }

    pub(super) fn report(&self) -> Vec<PathReport> {
        self.paths.report()
    }

    pub(super) fn stats(&self) -> PathStats {
        self.paths.stats()
    }

    /// Payloads that arrived, without where from.
    pub(super) fn payloads(&self) -> Vec<&[u8]> {
        self.received.iter().map(|(_, payload)| &payload[..]).collect()
    }

    fn local(&self, via: Via, to: SocketAddr) -> Option<SocketAddr> {
        if via == Via::Shared {
            let ip = self.ips.iter().find(|ip| ip.is_ipv4() == to.is_ipv4())?;
            return Some(SocketAddr::new(*ip, SHARED));
        }
        self.sockets.get(&format!("{via:?}")).map(|(_, local)| *local)
    }

    fn via(&self, local: SocketAddr) -> Option<Via> {
        if local.port() == SHARED {
            return Some(Via::Shared);
        }
        self.sockets.values().find(|(_, own)| *own == local).map(|(via, _)| *via)
    }
}

/// The world.
pub(super) struct World {
    pub(super) now: Instant,
    pub(super) start: Instant,
    pub(super) sides: Vec<Side>,
    pub(super) servers: Vec<(IpAddr, Box<dyn Server>)>,
    link: Link,
    wire: Wire<Packet>,
    buffer: Vec<u8>,
}

impl World {
    pub(super) fn new(config: LinkConfig, seed: u64) -> Self {
        let now = origin();
        Self {
            now,
            start: now,
            sides: Vec::new(),
            servers: Vec::new(),
            link: Link::new(config, seed),
            wire: Wire::new(10_000),
            buffer: Vec::new(),
        }
    }

    /// A network that delays by 20 ms.
    pub(super) fn perfect() -> Self {
        Self::new(LinkConfig { delay: 20 * MS, ..LinkConfig::default() }, 1)
    }

    pub(super) fn set_link(&mut self, config: LinkConfig) {
        self.link.set_config(config);
    }

    pub(super) fn serve(&mut self, ip: &str, server: impl Server + 'static) {
        self.servers.push((ip.parse().expect("an address"), Box::new(server)));
    }

    /// Lets time pass.
    pub(super) fn run(&mut self, span: Duration) {
        let until = self.now + span;
        for turns in 0.. {
            assert!(turns < 1_000_000, "time stands still");
            self.drain();
            let servers = self.servers.iter().filter_map(|(_, server)| server.deadline(self.now));
            let sides = self.sides.iter_mut().filter_map(|side| side.deadline(self.now));
            let next = servers.chain(sides).chain(self.wire.next_at()).min().unwrap_or(until + MS);
            if next > until {
                self.now = until;
                return;
            }
            self.now = self.now.max(next);
            while let Some(packet) = self.wire.pop_due(self.now) {
                self.arrive(packet);
            }
            let mut out = Vec::new();
            for (_, server) in &mut self.servers {
                server.tick(self.now, &mut out);
            }
            out.into_iter().for_each(|packet| self.launch(packet));
            for side in &mut self.sides {
                side.paths.tick(self.now);
            }
        }
    }

    /// Runs both sides and hands each side's lines to the other.
    pub(super) fn exchange(&mut self) -> [Vec<RemoteCandidate>; 2] {
        [1, 0].map(|other: usize| {
            let lines: Vec<String> =
                self.sides[other].candidates.iter().map(|candidate| candidate.line.clone()).collect();
            let side = &mut self.sides[1 - other];
            lines.iter().filter_map(|line| side.paths.remote(line)).collect()
        })
    }

    /// Sends a payload as the ICE agent of a side would. False when it was refused.
    pub(super) fn send(&mut self, side: usize, from: SocketAddr, to: SocketAddr, payload: &[u8]) -> bool {
        let mut out = std::mem::take(&mut self.buffer);
        let sent = self.sides[side].paths.send(self.now, from, to, payload, &mut out);
        if let Some((via, to)) = sent {
            self.transmit(side, via, to, out.clone());
        }
        self.buffer = out;
        sent.is_some()
    }

    fn drain(&mut self) {
        for index in 0..self.sides.len() {
            let mut out = Vec::new();
            for turns in 0.. {
                assert!(turns < 1000, "a storm");
                let side = &mut self.sides[index];
                match side.paths.poll(self.now, &mut out) {
                    Step::Send { via, to } => self.transmit(index, via, to, out.clone()),
                    Step::Open { via, to } => self.open(index, via, to),
                    Step::Close { via } => {
                        side.closed.push(via);
                        if let (Via::Tcp(_), Some((_, local))) =
                            (via, side.sockets.remove(&format!("{via:?}")))
                        {
                            self.hang_up(local);
                        }
                    }
                    Step::Candidate(candidate) => side.candidates.push(candidate),
                    Step::Lost(candidate) => {
                        side.candidates.retain(|known| *known != candidate);
                        side.lost.push(candidate);
                    }
                    Step::WaitUntil(deadline) => {
                        assert!(
                            deadline.is_none_or(|deadline| deadline > self.now),
                            "a deadline in the past"
                        );
                        break;
                    }
                }
            }
        }
    }

    fn open(&mut self, index: usize, via: Via, to: SocketAddr) {
        let (now, side) = (self.now, &mut self.sides[index]);
        side.opened.push(via);
        let ip = side.ips.iter().find(|ip| ip.is_ipv4() == to.is_ipv4());
        let Some(ip) = ip.filter(|_| side.refuses != Some(via)) else {
            side.paths.closed(now, via);
            return;
        };
        let local = SocketAddr::new(*ip, side.next_port);
        side.next_port += 1;
        side.sockets.insert(format!("{via:?}"), (via, local));
        if let Via::Tcp(_) = via {
            self.launch(Packet { from: local, to, kind: Carried::Connect });
        } else {
            // Bound to no address in particular.
            let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
            side.paths.opened(now, via, SocketAddr::new(addr(any).ip(), local.port()));
        }
    }

    fn hang_up(&mut self, local: SocketAddr) {
        let mut out = Vec::new();
        for (ip, server) in &mut self.servers {
            let packet = Packet { from: local, to: SocketAddr::new(*ip, 0), kind: Carried::Reset };
            server.receive(self.now, packet, &mut out);
        }
        out.into_iter().for_each(|packet| self.launch(packet));
    }

    fn transmit(&mut self, index: usize, via: Via, to: SocketAddr, bytes: Vec<u8>) {
        let side = &mut self.sides[index];
        side.sent.push((via, to, bytes.clone()));
        let Some(mut from) = side.local(via, to) else { return };
        let kind = if let Via::Tcp(_) = via { Carried::Piece(bytes) } else { Carried::Datagram(bytes) };
        if let Some(nat) = side.nat.as_mut().filter(|_| to.is_ipv4()) {
            from = nat.outbound(from, to).expect("room for mappings");
        }
        self.launch(Packet { from, to, kind });
    }

    fn launch(&mut self, packet: Packet) {
        let len = match &packet.kind {
            Carried::Datagram(bytes) => bytes.len(),
            // Streams are reliable and in order.
            _ => return self.wire.push(self.now + self.link.config().delay, packet),
        };
        for arrival in self.link.transmit(self.now, len) {
            self.wire.push(arrival, packet.clone());
        }
    }

    fn arrive(&mut self, mut packet: Packet) {
        let mut out = Vec::new();
        if let Some((_, server)) = self.servers.iter_mut().find(|(ip, _)| *ip == packet.to.ip()) {
            server.receive(self.now, packet, &mut out);
            return out.into_iter().for_each(|packet| self.launch(packet));
        }
        for side in &mut self.sides {
            if let Some(nat) = &side.nat {
                let Some(inside) = nat.inbound(packet.from, packet.to) else { continue };
                packet.to = inside;
            }
            if !side.ips.contains(&packet.to.ip()) {
                continue;
            }
            if let Some(via) = side.via(packet.to) {
                side.take(self.now, via, packet);
            }
            return;
        }
    }
}

impl Side {
    fn take(&mut self, now: Instant, via: Via, packet: Packet) {
        match packet.kind {
            Carried::Datagram(bytes) | Carried::Piece(bytes) => {
                self.paths.receive(now, via, packet.from, &bytes)
            }
            Carried::Connected => self.paths.opened(now, via, packet.to),
            Carried::Reset => {
                self.sockets.remove(&format!("{via:?}"));
                self.paths.closed(now, via);
            }
            Carried::Connect => {}
        }
        let mut payload = Vec::new();
        while let Some(inbound) = self.paths.inbound(&mut payload) {
            self.received.push((inbound, payload.clone()));
        }
    }

    fn deadline(&mut self, now: Instant) -> Option<Instant> {
        match self.paths.poll(now, &mut Vec::new()) {
            Step::WaitUntil(deadline) => deadline,
            step => panic!("{step:?} after the drain"),
        }
    }
}
