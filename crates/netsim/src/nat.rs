//! Address translation in front of a client.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// How a [`Nat`] maps and filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatKind {
    /// One public port per inside address; anyone may answer to it ("full cone").
    Open,
    /// One public port per inside address; only addresses written to before may answer ("port restricted").
    Restricted,
    /// A public port for every pair of inside address and destination ("symmetric").
    Symmetric,
}

/// A translator of addresses. It holds at most 4096 mappings and then refuses new ones.
#[derive(Clone, Debug)]
pub struct Nat {
    kind: NatKind,
    public: IpAddr,
    next_port: u16,
    /// (inside, destination for symmetric) to public port.
    ports: BTreeMap<(SocketAddr, Option<SocketAddr>), u16>,
    /// Public port to inside address.
    inside: BTreeMap<u16, SocketAddr>,
    /// (public port, outside address) pairs that were written to.
    opened: BTreeMap<(u16, SocketAddr), ()>,
}

const MAPPINGS: usize = 4096;

impl Nat {
    /// A translator with one public address whose ports start at `first_port`.
    pub fn new(kind: NatKind, public: IpAddr, first_port: u16) -> Self {
        Self {
            kind,
            public,
            next_port: first_port,
            ports: BTreeMap::new(),
            inside: BTreeMap::new(),
            opened: BTreeMap::new(),
        }
    }

    /// The source that the outside sees when `from` writes to `to`. `None` when the table is full.
    pub fn outbound(&mut self, from: SocketAddr, to: SocketAddr) -> Option<SocketAddr> {
        let key = (from, (self.kind == NatKind::Symmetric).then_some(to));
        let port = match self.ports.get(&key) {
            Some(port) => *port,
            None if self.ports.len() >= MAPPINGS => return None,
            None => {
                let port = self.next_port;
                self.next_port = self.next_port.checked_add(1)?;
                self.ports.insert(key, port);
                self.inside.insert(port, from);
                port
            }
        };
        if self.opened.len() < 4 * MAPPINGS {
            self.opened.insert((port, to), ());
        }
        Some(SocketAddr::new(self.public, port))
    }

    /// Who gets a packet that `from` sent to the public port `to`. `None` = filtered.
    pub fn inbound(&self, from: SocketAddr, to: SocketAddr) -> Option<SocketAddr> {
        if to.ip() != self.public {
            return None;
        }
        let allowed = self.kind == NatKind::Open || self.opened.contains_key(&(to.port(), from));
        allowed.then(|| self.inside.get(&to.port()).copied()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addr(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn nat(kind: NatKind) -> Nat {
        Nat::new(kind, addr("203.0.113.1:0").ip(), 20_000)
    }

    #[test]
    fn an_open_translator_lets_a_stranger_answer_and_a_restricted_one_does_not() {
        let (inside, relay, stranger) =
            (addr("10.0.0.2:5000"), addr("198.51.100.1:599"), addr("198.51.100.2:599"));
        for (kind, expected) in
            [(NatKind::Open, Some(inside)), (NatKind::Restricted, None), (NatKind::Symmetric, None)]
        {
            let mut nat = nat(kind);
            let public = nat.outbound(inside, relay).unwrap();
            assert_eq!(nat.inbound(relay, public), Some(inside));
            assert_eq!(nat.inbound(stranger, public), expected, "{kind:?}");
        }
    }

    #[test]
    fn only_a_symmetric_translator_shows_another_port_to_another_destination() {
        let (inside, one, two) = (addr("10.0.0.2:5000"), addr("198.51.100.1:599"), addr("198.51.100.2:599"));
        for (kind, same) in [(NatKind::Open, true), (NatKind::Restricted, true), (NatKind::Symmetric, false)]
        {
            let mut nat = nat(kind);
            assert_eq!(nat.outbound(inside, one) == nat.outbound(inside, two), same, "{kind:?}");
        }
    }
}
