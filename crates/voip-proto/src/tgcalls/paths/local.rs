//! The call's own UDP sockets, one for each address family, and the addresses of this machine that they can be reached at.
//! Further ones are for relays that want another address of ours than that of the first.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use super::gathered::{Found, Origin};
use super::inward::deliver;
use super::line::is_link_local;
use super::ports::plain;
use super::socket::Socket;
use super::stun::Binding;
use super::turn::Turn;
use super::{CandidateKind, Inbound, LONGEST_PAYLOAD, MOST_SERVERS, Paths, pseudo};
use crate::Via;

/// Addresses of one family that become candidates.
const MOST_ADDRESSES: usize = 8;
/// Remote addresses whose way back is remembered; the one used least lately is forgotten first.
const MOST_ROUTES: usize = 64;

/// Sockets of the two families, IPv4 first, then spare ones.
#[derive(Debug)]
pub(super) struct Local {
    pub(super) sockets: Vec<Socket>,
    /// What candidates are made of, in the given order.
    addresses: Vec<IpAddr>,
    /// Which local address was used with a remote one; the latest last.
    routes: Vec<(SocketAddr, SocketAddr)>,
}

impl Local {
    pub(super) fn new() -> Self {
        let sockets =
            vec![Socket::new(Via::Udp(0), unspecified(true)), Socket::new(Via::Udp(1), unspecified(false))];
        Self { sockets, addresses: Vec::new(), routes: Vec::new() }
    }

    /// Takes the addresses of this machine that may become candidates; says how many were too many.
    pub(super) fn set_addresses(&mut self, addresses: &[SocketAddr]) -> u64 {
        self.addresses.clear();
        let mut refused = 0;
        let usable = |ip: &IpAddr| {
            !ip.is_unspecified() && !ip.is_multicast() && !is_link_local(*ip) && !pseudo::is_pseudo(*ip)
        };
        let ips = || addresses.iter().map(|addr| addr.ip().to_canonical()).filter(usable);
        // Loopback leads to this machine alone: of use only where there is nothing else, as in tests.
        let alone = ips().all(|ip| ip.is_loopback());
        for ip in ips().filter(|ip| alone || !ip.is_loopback()) {
            if self.addresses.contains(&ip) {
                continue;
            }
            let family = self.addresses.iter().filter(|known| known.is_ipv4() == ip.is_ipv4());
            if family.count() < MOST_ADDRESSES {
                self.addresses.push(ip);
            } else {
                refused += 1;
            }
        }
        refused
    }

    /// True when loopback is all there is.
    pub(super) fn is_loopback(&self) -> bool {
        self.addresses.iter().any(|ip| ip.is_loopback())
    }

    pub(super) fn has_family(&self, v4: bool) -> bool {
        self.addresses.iter().any(|ip| ip.is_ipv4() == v4)
    }

    pub(super) fn on_opened(&mut self, number: u8, local: SocketAddr, now: Instant) -> bool {
        self.sockets.get_mut(usize::from(number)).is_some_and(|socket| socket.on_opened(local, now))
    }

    pub(super) fn on_closed(&mut self, number: u8, now: Instant) -> bool {
        self.sockets.get_mut(usize::from(number)).is_some_and(|socket| socket.on_closed(now))
    }

    /// Other sockets in place of those that there are.
    pub(super) fn renew(&mut self, now: Instant) {
        self.sockets.iter_mut().for_each(|socket| socket.renew(now));
        self.routes.clear();
    }

    /// Asks for another socket of a family; `None` when there are as many as a call may have.
    pub(super) fn spare(&mut self, v4: bool, now: Instant) -> Option<u8> {
        let number = u8::try_from(self.sockets.len()).ok().filter(|number| *number < Via::MOST)?;
        let mut socket = Socket::new(Via::Udp(number), unspecified(v4));
        socket.want(now);
        self.sockets.push(socket);
        Some(number)
    }

    pub(super) fn close(&mut self) {
        self.sockets.iter_mut().for_each(Socket::drop);
        self.routes.clear();
    }

    /// Where the socket of a family can be reached: its port on each interface, or on the one that it is bound to. Spare
    /// ones are not for that.
    pub(super) fn hosts(&self, number: u8) -> impl Iterator<Item = (usize, SocketAddr)> + '_ {
        let local = self.sockets[..2].get(usize::from(number)).and_then(Socket::local);
        self.addresses.iter().enumerate().filter_map(move |(rank, ip)| {
            let local = local?;
            let bound = local.ip().is_unspecified() || local.ip() == *ip;
            (bound && local.is_ipv4() == ip.is_ipv4()).then(|| (rank, SocketAddr::new(*ip, local.port())))
        })
    }

    /// The local address that leads back to `remote`. The system does not tell which one a datagram was sent to: it is the
    /// only one, or the one last used with that remote, or the one that has most in common with it.
    pub(super) fn leading_to(&self, number: u8, remote: SocketAddr) -> Option<SocketAddr> {
        let mut hosts = self.hosts(number).map(|(_, addr)| addr);
        let (first, second) = (hosts.next()?, hosts.next());
        if second.is_none() {
            return Some(first);
        }
        let used = self.routes.iter().rev().find(|(known, _)| *known == remote).map(|(_, local)| *local);
        let alive = |local: &SocketAddr| self.hosts(number).any(|(_, addr)| addr == *local);
        used.filter(alive).or_else(|| {
            let likeness = |addr: &SocketAddr| common_bits(addr.ip(), remote.ip());
            // Of equals the first, which `max_by_key` would give last.
            self.hosts(number).map(|(_, addr)| addr).rev_max_by_key(likeness)
        })
    }

    /// The agent uses `local` with `remote`.
    pub(super) fn on_used(&mut self, local: SocketAddr, remote: SocketAddr) {
        if self.routes.last() == Some(&(remote, local)) {
            return;
        }
        match self.routes.iter().position(|(known, _)| *known == remote) {
            Some(index) => drop(self.routes.remove(index)),
            None if self.routes.len() >= MOST_ROUTES => drop(self.routes.remove(0)),
            None => {}
        }
        self.routes.push((remote, local));
    }
}

fn unspecified(v4: bool) -> SocketAddr {
    if v4 { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() }
}

/// The largest, and of equal ones the first.
trait RevMaxByKey: Iterator + Sized {
    fn rev_max_by_key<K: Ord>(self, key: impl Fn(&Self::Item) -> K) -> Option<Self::Item> {
        self.reduce(|best, next| if key(&next) > key(&best) { next } else { best })
    }
}

impl<I: Iterator> RevMaxByKey for I {}

/// Leading bits that two addresses have in common.
fn common_bits(a: IpAddr, b: IpAddr) -> u32 {
    match (a, b) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        _ => 0,
    }
}

impl Paths {
    /// Asks for the sockets that this call has a use for.
    pub(super) fn want_sockets(&mut self) {
        for (number, v4) in [(0_u8, true), (1, false)] {
            let asked = self.bindings.iter().any(|binding| binding.number == number)
                || self.turns.iter().any(|turn| turn.number == number);
            if !self.closed && (asked || self.p2p_allowed && self.local.has_family(v4)) {
                self.local.sockets[usize::from(number)].want(self.now);
            }
        }
    }

    /// The servers that an own socket leads to are asked from now on.
    pub(super) fn ask_servers(&mut self, number: u8, local: SocketAddr) {
        if self.closed {
            return;
        }
        for binding in self.bindings.iter_mut().filter(|binding| binding.number == number) {
            binding.start(self.now);
        }
        for turn in self.turns.iter_mut().filter(|turn| turn.number == number) {
            turn.start(local, self.now);
        }
    }

    /// An own socket is gone, and what servers gave through it.
    pub(super) fn leave_servers(&mut self, number: u8) {
        self.bindings.iter_mut().filter(|binding| binding.number == number).for_each(Binding::stop);
        self.turns.iter_mut().filter(|turn| turn.number == number).for_each(Turn::stop);
        self.find_relayed();
    }

    /// Brings the candidates of STUN servers in line with their answers and with the interfaces behind them.
    pub(super) fn find_mapped(&mut self) {
        let pairs: Vec<Option<(SocketAddr, SocketAddr)>> = self
            .bindings
            .iter()
            .map(|binding| Some((binding.mapped()?, self.local.leading_to(binding.number, binding.server)?)))
            .collect();
        self.gathered.lose(|origin, known| match origin {
            Origin::Stun(index) => pairs[index] != Some((known.addr, known.base)),
            _ => false,
        });
        for (rank, (binding, pair)) in self.bindings.iter().zip(pairs).enumerate() {
            if let Some((addr, base)) = pair {
                let (origin, kind) = (Origin::Stun(rank), CandidateKind::ServerReflexive);
                self.gathered.add(Found { origin, kind, addr, base, server: binding.server.ip(), rank });
            }
        }
    }

    /// Brings the candidates of TURN servers in line with what they have given.
    pub(super) fn find_relayed(&mut self) {
        let turns = &self.turns;
        self.gathered.lose(|origin, known| match origin {
            Origin::Turn(index) => turns[index].relayed() != Some(known.addr),
            _ => false,
        });
        for (index, turn) in turns.iter().enumerate() {
            if let Some(addr) = turn.relayed() {
                let (origin, kind, rank) = (Origin::Turn(index), CandidateKind::Relay, MOST_SERVERS + index);
                self.gathered.add(Found { origin, kind, addr, base: addr, server: turn.server.ip(), rank });
            }
        }
    }

    /// Brings the host candidates in line with the sockets and interfaces that there are.
    pub(super) fn find_hosts(&mut self) {
        for number in [0, 1] {
            let local = &self.local;
            let host =
                |addr: SocketAddr| self.p2p_allowed && local.hosts(number).any(|(_, host)| host == addr);
            self.gathered
                .lose(|origin, candidate| origin == Origin::Interface(number) && !host(candidate.addr));
            if !self.p2p_allowed {
                continue;
            }
            for (rank, addr) in local.hosts(number) {
                let (origin, kind) = (Origin::Interface(number), CandidateKind::Host);
                self.gathered.add(Found { origin, kind, addr, base: addr, server: addr.ip(), rank });
            }
        }
        self.find_mapped();
    }

    /// A datagram on an own socket.
    pub(super) fn receive_own(&mut self, number: u8, from: SocketAddr, bytes: &[u8]) {
        if self.local.sockets.get(usize::from(number)).is_none_or(|socket| socket.local().is_none()) {
            self.stats.dropped_stranger += 1;
            return;
        }
        if self.is_of_server(number, from) {
            return self.receive_server(from, bytes);
        }
        let destination = if self.p2p_allowed { self.local.leading_to(number, from) } else { None };
        match destination {
            Some(_) if bytes.is_empty() || bytes.len() > LONGEST_PAYLOAD => self.stats.dropped_malformed += 1,
            Some(destination) => self.deliver(from, destination, bytes),
            None => self.stats.dropped_stranger += 1,
        }
    }

    fn is_of_server(&self, number: u8, from: SocketAddr) -> bool {
        self.bindings.iter().any(|binding| (binding.number, binding.server) == (number, from))
            || self.turns.iter().any(|turn| (turn.number, turn.server) == (number, from))
    }

    /// A datagram of a STUN or TURN server; one server may be both.
    fn receive_server(&mut self, from: SocketAddr, bytes: &[u8]) {
        self.idle = None;
        let mut asked = self.bindings.iter_mut().filter(|binding| binding.server == from);
        if let Some(changed) = asked.find_map(|binding| binding.receive(self.now, bytes)) {
            self.stats.control_received += 1;
            if changed {
                self.find_mapped();
            }
            return;
        }
        let Some(turn) = self.turns.iter_mut().find(|turn| turn.server == from) else {
            self.stats.dropped_stranger += 1;
            return;
        };
        let relayed = turn.relayed();
        let (inbox, stats, at) = (&mut self.inbox, &mut self.stats, self.now);
        let mut data = false;
        let known = turn.receive(at, bytes, |source, payload| {
            data = true;
            match relayed {
                Some(destination) if !payload.is_empty() && payload.len() <= LONGEST_PAYLOAD => {
                    deliver(inbox, stats, Inbound { at, source: plain(source), destination }, payload);
                }
                _ => stats.dropped_malformed += 1,
            }
        });
        match (known, data) {
            (true, true) => {}
            (true, false) => self.stats.control_received += 1,
            (false, _) => self.stats.dropped_stranger += 1,
        }
        if turn.take_displaced()
            && let Some(number) = self.local.spare(from.is_ipv4(), at)
        {
            turn.move_to(number);
        }
        // An answer may have ended an allocation.
        self.find_relayed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::origin;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
    }

    fn addr(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn open(texts: &[&str]) -> Local {
        let mut local = Local::new();
        local.set_addresses(&addresses(texts));
        for number in [0, 1] {
            let any = if number == 0 { "0.0.0.0:5000" } else { "[::]:6000" };
            local.sockets[usize::from(number)].want(origin());
            let _ = local.sockets[usize::from(number)].poll(origin());
            assert!(local.on_opened(number, addr(any), origin()));
        }
        local
    }

    fn hosts(local: &Local, number: u8) -> Vec<String> {
        local.hosts(number).map(|(_, addr)| addr.to_string()).collect()
    }

    #[test]
    fn every_usable_address_has_the_port_of_the_socket() {
        let local = open(&[
            "127.0.0.1",
            "10.0.0.2",
            "169.254.1.1",
            "10.0.0.2",
            "::1",
            "fe80::1",
            "2001:db8::2",
            "0.0.0.0",
            "::ffff:10.1.0.2",
            "fd6f:6666:686f:6f6b::1",
        ]);
        assert_eq!(hosts(&local, 0), ["10.0.0.2:5000", "10.1.0.2:5000"]);
        assert_eq!(hosts(&local, 1), ["[2001:db8::2]:6000"]);
    }

    #[test]
    fn loopback_is_used_where_there_is_nothing_else() {
        let local = open(&["127.0.0.1", "::1", "fe80::1"]);
        assert_eq!(hosts(&local, 0), ["127.0.0.1:5000"]);
        assert_eq!(hosts(&local, 1), ["[::1]:6000"]);
        assert!(local.is_loopback());
    }

    #[test]
    fn a_socket_bound_to_one_address_is_reached_there_alone() {
        let mut local = Local::new();
        local.set_addresses(&addresses(&["10.0.0.2", "10.1.0.2"]));
        local.sockets[0].want(origin());
        let _ = local.sockets[0].poll(origin());
        assert!(local.on_opened(0, addr("10.1.0.2:7"), origin()));
        assert_eq!(hosts(&local, 0), ["10.1.0.2:7"]);
    }

    #[test]
    fn interfaces_beyond_eight_of_a_family_are_refused() {
        let many: Vec<String> = (1..=11).map(|n| format!("10.0.0.{n}")).collect();
        let mut texts: Vec<&str> = many.iter().map(String::as_str).collect();
        texts.push("2001:db8::1");
        let mut local = Local::new();
        assert_eq!(local.set_addresses(&addresses(&texts)), 3);
        assert!(local.has_family(false));
    }

    #[test]
    fn the_way_back_is_the_only_address_or_the_one_used_last_or_the_most_alike() {
        let local = open(&["10.0.0.2"]);
        assert_eq!(local.leading_to(0, addr("192.0.2.1:9")), Some(addr("10.0.0.2:5000")));
        assert_eq!(local.leading_to(1, addr("[2001:db8::1]:9")), None);

        let mut local = open(&["10.0.0.2", "192.168.1.2", "192.168.2.2"]);
        let remote = addr("192.168.2.9:9");
        assert_eq!(local.leading_to(0, remote), Some(addr("192.168.2.2:5000")));
        assert_eq!(local.leading_to(0, addr("8.8.8.8:9")), Some(addr("10.0.0.2:5000")));
        local.on_used(addr("10.0.0.2:5000"), remote);
        assert_eq!(local.leading_to(0, remote), Some(addr("10.0.0.2:5000")));
        local.on_used(addr("192.168.1.2:5000"), remote);
        assert_eq!(local.leading_to(0, remote), Some(addr("192.168.1.2:5000")));
        local.set_addresses(&addresses(&["10.0.0.2", "192.168.2.2"]));
        assert_eq!(local.leading_to(0, remote), Some(addr("192.168.2.2:5000")), "that interface is gone");
    }

    #[test]
    fn ways_back_are_forgotten_from_the_oldest() {
        let mut local = open(&["10.0.0.2", "192.168.1.2"]);
        let remote = |n: usize| SocketAddr::new(addr("192.168.1.9:1").ip(), 1000 + n as u16);
        let used = addr("10.0.0.2:5000");
        for n in 0..=MOST_ROUTES {
            local.on_used(used, remote(n));
        }
        assert_eq!(local.leading_to(0, remote(0)), Some(addr("192.168.1.2:5000")), "forgotten");
        assert_eq!(local.leading_to(0, remote(1)), Some(used));
        assert_eq!(local.routes.len(), MOST_ROUTES);
    }
}
