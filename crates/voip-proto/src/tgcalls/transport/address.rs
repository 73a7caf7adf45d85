//! An address of this side, as the ICE agent takes it.

use std::net::SocketAddr;

use str0m::Candidate;
use str0m::net::Protocol;

/// An address that this side can be reached at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum LocalAddress {
    Host(SocketAddr),
    /// As others see a host address, and that address.
    Reflexive(SocketAddr, SocketAddr),
    Relay(SocketAddr),
}

impl LocalAddress {
    pub(super) fn build(self) -> Option<Candidate> {
        match self {
            Self::Host(addr) => Candidate::host(addr, Protocol::Udp),
            Self::Reflexive(addr, base) => Candidate::server_reflexive(addr, base, Protocol::Udp),
            Self::Relay(addr) => Candidate::relayed(addr, addr, Protocol::Udp),
        }
        .ok()
    }

    /// What the agent names as the source of a datagram.
    pub(super) fn base(self) -> SocketAddr {
        match self {
            Self::Host(addr) | Self::Relay(addr) => addr,
            Self::Reflexive(_, base) => base,
        }
    }
}
