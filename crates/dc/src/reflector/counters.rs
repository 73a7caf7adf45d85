//! What a reflector did, in numbers.

/// What a reflector did. All counts are datagrams (over TCP: frames), except where said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReflectorCounters {
    /// Received.
    pub received: u64,
    /// Bytes received.
    pub received_bytes: u64,
    /// Passed on to the other party.
    pub forwarded: u64,
    /// Self-info requests answered.
    pub self_info: u64,
    /// Peer-info requests answered.
    pub peer_info: u64,
    /// Hellos of modern calls taken.
    pub hellos: u64,
    /// Dropped: tag not in the table.
    pub unknown_tag: u64,
    /// Dropped: too short, or a special of the wrong form.
    pub malformed: u64,
    /// Dropped: from a socket of a modern call that has not said hello.
    pub unregistered: u64,
    /// Dropped: the other party has not been heard yet (or, for peer-info, has no IPv4 address).
    pub no_peer: u64,
    /// Dropped: over the budget of its tag.
    pub rate_limited: u64,
    /// Dropped on purpose by the impaired link.
    pub impaired: u64,
    /// Dropped: too many datagrams on their way through impaired links.
    pub queue_full: u64,
    /// The socket refused to send, or the TCP connection was gone.
    pub send_errors: u64,
    /// Pairs (not datagrams) forgotten because nobody used them.
    pub expired_pairs: u64,
    /// Pairs (not datagrams) known now.
    pub pairs: u64,
    /// Sockets of modern calls (not datagrams) forgotten because they were silent.
    pub expired_sockets: u64,
    /// Sockets of modern calls (not datagrams) forgotten because their party had too many.
    pub displaced_sockets: u64,
    /// TCP connections (not datagrams) accepted.
    pub tcp_connections: u64,
    /// TCP connections (not datagrams) closed at once because there were too many.
    pub tcp_refused: u64,
    /// TCP connections (not datagrams) closed because of what they sent.
    pub tcp_malformed: u64,
    /// TCP connections (not datagrams) closed because they were silent.
    pub tcp_idle: u64,
    /// Frames dropped because a TCP connection did not take what was sent before.
    pub tcp_full: u64,
}
