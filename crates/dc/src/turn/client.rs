//! One client of the TURN server: an address that asked for something.
//!
//! Each has an instance of the protocol of its own. So what the protocol remembers of a client goes with it, an instance
//! knows no login but its client's, and finding the allocation of a datagram does not take longer with more clients.

use std::{
    collections::HashSet,
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use offhook_netsim::Link;
use turn_server_proto::{
    api::DelayedMessageOrChannelSend,
    server::TurnServer,
    types::{
        prelude::DelayedTransmitBuild,
        stun::{TransportType, message::TransactionId},
        transmit::TransmitBuild,
    },
};

use crate::budget::Budget;

/// The realm of every login: the server's name for itself in the protocol.
pub(super) const REALM: &str = "offhook";
/// Addresses that one client may name as peers: an ICE agent names one for each candidate of the other side.
pub(super) const MOST_PEERS: usize = 64;

/// One client.
pub(super) struct Client {
    pub(super) server: TurnServer,
    /// Clients are counted; none has the number of another.
    pub(super) number: u64,
    /// The user it logged in as.
    pub(super) login: Option<String>,
    /// Its allocations, by relayed address.
    pub(super) relayed: Vec<SocketAddr>,
    pub(super) heard: Instant,
    /// Peers it asked permissions for.
    peers: HashSet<IpAddr>,
    /// The way to its peers, and back from peers that are not clients themselves.
    pub(super) links: Option<[Link; 2]>,
    /// The answer to its last allocation, which is repeated when the question is.
    pub(super) allocated: Option<(TransactionId, Vec<u8>)>,
    pub(super) budget: Budget,
}

impl Client {
    pub(super) fn new(told: SocketAddr, number: u64, links: Option<[Link; 2]>, now: Instant) -> Self {
        Self {
            server: TurnServer::new(TransportType::Udp, told, REALM.to_owned()),
            number,
            login: None,
            relayed: Vec::new(),
            heard: now,
            peers: HashSet::new(),
            links,
            allocated: None,
            budget: Budget::new(now),
        }
    }

    /// Notes peers the client asks permissions for; false when they are too many.
    pub(super) fn may_have(&mut self, peers: impl Iterator<Item = IpAddr>) -> bool {
        let new: HashSet<IpAddr> = peers.filter(|peer| !self.peers.contains(peer)).collect();
        if self.peers.len() + new.len() > MOST_PEERS {
            return false;
        }
        self.peers.extend(new);
        true
    }
}

/// Replaces `out` by what the protocol wants sent.
pub(super) fn build<T: AsRef<[u8]> + std::fmt::Debug>(
    built: TransmitBuild<DelayedMessageOrChannelSend<T>>,
    out: &mut Vec<u8>,
) -> (SocketAddr, SocketAddr) {
    let (from, to) = (built.from, built.to);
    match built.data {
        // Written into a lent buffer, an indication for a client comes out as one for a server (crate version 0.7.3).
        DelayedMessageOrChannelSend::Message(message) => *out = message.build(),
        other => {
            out.resize(other.len(), 0);
            let len = other.write_into(out);
            out.truncate(len);
        }
    }
    (from, to)
}
