//! What a TURN server did, in numbers.

/// What the STUN and TURN server did. All counts are datagrams, except where said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TurnCounters {
    /// Received from clients, all kinds.
    pub received: u64,
    /// STUN binding requests answered.
    pub bindings: u64,
    /// Allocations (not datagrams) made.
    pub allocations: u64,
    /// Allocations (not datagrams) open now.
    pub allocations_open: u64,
    /// Allocations (not datagrams) refused because of a bound.
    pub allocations_refused: u64,
    /// Allocations (not datagrams) closed because their time or their login was over.
    pub allocations_expired: u64,
    /// Logins (not datagrams) valid now.
    pub logins: u64,
    /// Requests with a user name that nobody has, or has no more. They are answered 401.
    pub unknown_login: u64,
    /// Passed on from a client to a peer.
    pub to_peers: u64,
    /// Passed on from a peer to a client.
    pub to_clients: u64,
    /// Dropped: neither STUN nor channel data, or not what a client may send.
    pub malformed: u64,
    /// Dropped: data from an address that has no allocation.
    pub unknown_client: u64,
    /// Dropped: from a client to a peer, or the other way, without permission.
    pub not_permitted: u64,
    /// Dropped: over the budget of its client.
    pub rate_limited: u64,
    /// Dropped: requests that would have named more peers than a client may have.
    pub too_many_peers: u64,
    /// Clients (not datagrams) forgotten because there were too many that had not logged in.
    pub displaced_clients: u64,
    /// Dropped on purpose by the impaired link.
    pub impaired: u64,
    /// Dropped: too many datagrams on their way through impaired links.
    pub queue_full: u64,
    /// A socket refused to send.
    pub send_errors: u64,
}
