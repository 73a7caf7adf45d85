//! The call's own UDP sockets, one for each address family, and the addresses of this machine that they can be reached at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use super::gathered::{Found, Origin};
use super::line::is_link_local;
use super::socket::Socket;
use super::{CandidateKind, LONGEST_PAYLOAD, Paths, pseudo};
use crate::Via;

/// Addresses of one family that become candidates.
const MOST_ADDRESSES: usize = 8;
/// Remote addresses whose way back is remembered; the one used least lately is forgotten first.
const MOST_ROUTES: usize = 64;

/// Sockets of the two families, IPv4 first.
#[derive(Debug)]
pub(super) struct Local {
    pub(super) sockets: [Socket; 2],
    /// What candidates are made of, in the given order.
    addresses: Vec<IpAddr>,
    /// Which local address was used with a remote one; the latest last.
    routes: Vec<(SocketAddr, SocketAddr)>,
}

impl Local {
    pub(super) fn new() -> Self {
        let v4 = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        let v6 = SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0));
        let sockets = [Socket::new(Via::Udp(0), v4), Socket::new(Via::Udp(1), v6)];
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

    pub(super) fn close(&mut self) {
        self.sockets.iter_mut().for_each(Socket::drop);
        self.routes.clear();
    }

    /// Where the socket of a family can be reached: its port on each interface, or on the one that it is bound to.
    pub(super) fn hosts(&self, number: u8) -> impl Iterator<Item = (usize, SocketAddr)> + '_ {
        let local = self.sockets[usize::from(number)].local();
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
        for (number, v4) in [(0, true), (1, false)] {
            if !self.closed && self.p2p_allowed && self.local.has_family(v4) {
                self.local.sockets[number].want(self.now);
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
    }

    /// A datagram on an own socket.
    pub(super) fn receive_own(&mut self, number: u8, from: SocketAddr, bytes: &[u8]) {
        if self.local.sockets.get(usize::from(number)).is_none_or(|socket| socket.local().is_none()) {
            self.stats.dropped_stranger += 1;
            return;
        }
        let destination = if self.p2p_allowed { self.local.leading_to(number, from) } else { None };
        match destination {
            Some(_) if bytes.is_empty() || bytes.len() > LONGEST_PAYLOAD => self.stats.dropped_malformed += 1,
            Some(destination) => self.deliver(from, destination, bytes),
            None => self.stats.dropped_stranger += 1,
        }
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
