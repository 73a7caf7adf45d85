//! SCTP as the signalling of 12.0.0 and later needs it: one association, one ordered reliable stream, datagrams that are
//! signalling packets.
//!
//! After RFC 9260, with what the peers use and no more: INIT, COOKIE, DATA, SACK, HEARTBEAT, ABORT and SHUTDOWN; both
//! ports 5000; fragments of at most 1160 bytes; retransmission by timer alone, since packets on this path overtake one
//! another more often than they are lost in bursts. The timers never give up: the call has limits of its own. Left out:
//! restart of an association under another tag, path selection, partial reliability, errors reported to the peer.

mod chunk;
mod crc;
mod event;
mod inbound;
mod outbound;
mod state;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

use chunk::{Chunk, Header, Init, Sack, kind};
use inbound::Inbound;
use outbound::Outbound;
use state::{Peer, State};

pub(super) use chunk::is_sctp;
pub use crc::crc32c;
pub use event::{AssociationStats, Ended, Opening, Output, PushError};

/// Longest packet that is made: what the other implementations use.
pub const MAX_PACKET: usize = 1188;
/// Longest message in either direction.
pub const MAX_MESSAGE: usize = 256 << 10;
/// INIT and COOKIE ECHO are repeated after this, then after twice as long, up to [`OPENING_CAP`].
pub const OPENING_RTO: Duration = Duration::from_millis(400);
/// Longest time between two attempts to open.
pub const OPENING_CAP: Duration = Duration::from_millis(750);
/// How long a side that need not begin waits. Peers repeat their INIT after 1, 2, 4 … seconds: when one gets lost, our own
/// is the faster way.
pub const PATIENCE: Duration = Duration::from_secs(1);
/// Most control packets that wait to be taken; more are dropped, the peer asks again.
const MAX_REPLIES: usize = 32;
/// Most bytes of messages that wait to be taken. Beyond it DATA is not acknowledged, so it comes again.
const INBOX_BYTES: usize = 1 << 20;

/// One side of an association.
#[derive(Debug)]
pub struct Association {
    tag: u32,
    secret: [u8; 32],
    state: State,
    outbound: Outbound,
    inbound: Inbound,
    replies: VecDeque<Vec<u8>>,
    inbox: VecDeque<Vec<u8>>,
    inbox_bytes: usize,
    stats: AssociationStats,
}

impl Association {
    /// An association whose tag, first sequence number and cookies follow from `seed`, which must be random.
    pub fn new(opening: Opening, seed: [u8; 32], at: Instant) -> Self {
        let mut rng = ChaCha12Rng::from_seed(seed);
        let next = match opening {
            Opening::Now => at,
            Opening::Later => at + PATIENCE,
        };
        Self {
            tag: rng.random_range(1..=u32::MAX),
            outbound: Outbound::new(rng.random()),
            secret: rng.random(),
            state: State::CookieWait { next, rto: OPENING_RTO },
            inbound: Inbound::default(),
            replies: VecDeque::new(),
            inbox: VecDeque::new(),
            inbox_bytes: 0,
            stats: AssociationStats::default(),
        }
    }

    /// Takes a message; it waits until the association is up.
    ///
    /// # Errors
    /// A [`PushError`].
    pub fn push(&mut self, message: &[u8]) -> Result<(), PushError> {
        if matches!(self.state, State::Over { .. }) {
            return Err(PushError::Ended);
        }
        self.outbound.push(message)
    }

    /// Takes a packet of the peer. What is wrong with it is counted.
    pub fn handle(&mut self, packet: &[u8], at: Instant) {
        if matches!(self.state, State::Over { .. }) {
            return;
        }
        let Some((header, chunks)) = Header::open(packet) else {
            self.stats.dropped_foreign += 1;
            return;
        };
        if !self.is_tag_right(header.tag, chunks) {
            self.stats.dropped_tag += 1;
            return;
        }
        let mut rest = chunks;
        while !rest.is_empty() {
            let Some((chunk, behind)) = Chunk::parse(rest) else {
                self.stats.dropped_malformed += 1;
                return;
            };
            rest = behind;
            match self.handle_chunk(chunk, at) {
                Handled::Done => {}
                Handled::Unwanted => self.stats.dropped_chunks += 1,
                Handled::Malformed => self.stats.dropped_malformed += 1,
                Handled::Stop => {
                    self.stats.dropped_chunks += 1;
                    return;
                }
            }
        }
    }

    /// The next thing to do at the instant `at`.
    pub fn poll(&mut self, at: Instant) -> Output {
        if let Some(message) = self.inbox.pop_front() {
            self.inbox_bytes -= message.len();
            return Output::Deliver(message);
        }
        if let Some(packet) = self.replies.pop_front() {
            self.stats.packets_sent += 1;
            return Output::Send(packet);
        }
        let packet = match &mut self.state {
            State::Over { why, told: told @ false } => {
                *told = true;
                return Output::Ended(*why);
            }
            State::Over { .. } => None,
            State::CookieWait { next, rto } if *next <= at => {
                State::back_off(next, rto, at);
                let init = Init::ours(self.tag, self.outbound.first_tsn());
                Some(chunk::packet(0, |out| init.write(kind::INIT, None, out)))
            }
            State::CookieEchoed { peer, cookie, next, rto } if *next <= at => {
                State::back_off(next, rto, at);
                let outbound = &mut self.outbound;
                // What waits goes along (RFC 9260, 5.1 C), which saves a round trip through the server.
                outbound.set_peer_room(peer.room);
                outbound.rewind();
                Some(chunk::packet(peer.tag, |out| {
                    chunk::write(kind::COOKIE_ECHO, 0, out, |o| o.extend(&*cookie));
                    outbound.fill(out, at);
                }))
            }
            State::CookieWait { .. } | State::CookieEchoed { .. } => None,
            State::Up { peer } => {
                let tag = peer.tag;
                self.payload(tag, at)
            }
        };
        match packet {
            Some(packet) => {
                self.stats.packets_sent += 1;
                Output::Send(packet)
            }
            None => Output::WaitUntil(self.deadline()),
        }
    }

    /// True when messages flow.
    pub fn is_up(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    /// True when the peer has acknowledged everything.
    pub fn is_settled(&self) -> bool {
        self.outbound.is_empty()
    }

    /// What happened so far.
    pub fn stats(&self) -> AssociationStats {
        AssociationStats {
            retransmitted: self.outbound.retransmitted(),
            duplicates: self.inbound.duplicates,
            dropped_fragments: self.inbound.dropped_fragments,
            dropped_room: self.stats.dropped_room + self.inbound.dropped_room,
            ..self.stats
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::CookieWait { next, .. } | State::CookieEchoed { next, .. } => Some(*next),
            State::Up { .. } => self.outbound.deadline(),
            State::Over { .. } => None,
        }
    }

    /// A packet of acknowledgements and messages, when there is a reason for one.
    fn payload(&mut self, tag: u32, at: Instant) -> Option<Vec<u8>> {
        self.outbound.expire(at);
        let sack = self.inbound.take_sack();
        if sack.is_none() && !self.outbound.wants_to_send() {
            return None;
        }
        let outbound = &mut self.outbound;
        Some(chunk::packet(tag, |out| {
            if let Some(sack) = sack {
                sack.write(out);
            }
            outbound.fill(out, at);
        }))
    }

    /// An INIT comes alone and without a tag; all else carries ours, but an ABORT may reflect the peer's.
    fn is_tag_right(&self, tag: u32, chunks: &[u8]) -> bool {
        match (Chunk::parse(chunks), self.state.peer()) {
            (Some((Chunk { kind: kind::INIT, .. }, behind)), _) => tag == 0 && behind.is_empty(),
            (Some((Chunk { kind: kind::ABORT, flags, .. }, _)), Some(peer)) if flags & 1 == 1 => {
                tag == peer.tag
            }
            _ => tag == self.tag,
        }
    }

    fn handle_chunk(&mut self, chunk: Chunk<'_>, at: Instant) -> Handled {
        match chunk.kind {
            kind::INIT => self.handle_init(chunk.body),
            kind::INIT_ACK => self.handle_init_ack(chunk.body, at),
            kind::COOKIE_ECHO => self.handle_cookie_echo(chunk.body),
            kind::COOKIE_ACK | kind::DATA | kind::SACK => self.handle_flow(chunk, at),
            kind::HEARTBEAT => {
                let Some(tag) = self.state.peer().map(|peer| peer.tag) else { return Handled::Unwanted };
                self.reply(tag, |out| chunk::write(kind::HEARTBEAT_ACK, 0, out, |o| o.extend(chunk.body)))
            }
            kind::ABORT => {
                self.state = State::Over { why: Ended::Aborted, told: false };
                Handled::Done
            }
            kind::SHUTDOWN => {
                let Some(tag) = self.state.peer().map(|peer| peer.tag) else { return Handled::Unwanted };
                self.state = State::Over { why: Ended::ShutDown, told: false };
                self.reply(tag, |out| chunk::write(kind::SHUTDOWN_ACK, 0, out, |_| {}))
            }
            kind::HEARTBEAT_ACK | kind::ERROR => Handled::Done,
            // The upper bit of an unknown type says whether the rest of the packet still counts.
            unknown if unknown & 0x80 == 0 => Handled::Stop,
            _ => Handled::Unwanted,
        }
    }

    /// Answers an INIT, always under the same tag and first sequence number, whatever state we are in.
    fn handle_init(&mut self, body: &[u8]) -> Handled {
        let Some((init, _)) = Init::parse(body) else { return Handled::Malformed };
        if let State::Up { peer } = &self.state
            && (peer.tag, peer.tsn) != (init.tag, init.tsn)
        {
            // An association under another tag would be a restart; a call has one.
            return Handled::Unwanted;
        }
        let cookie = Peer::from(init).cookie(&self.secret);
        let answer = Init::ours(self.tag, self.outbound.first_tsn());
        self.reply(init.tag, |out| answer.write(kind::INIT_ACK, Some(&cookie), out))
    }

    fn handle_init_ack(&mut self, body: &[u8], at: Instant) -> Handled {
        let Some((init, cookie)) = Init::parse(body) else { return Handled::Malformed };
        if !matches!(self.state, State::CookieWait { .. }) {
            return Handled::Unwanted;
        }
        let Some(cookie) = cookie else { return Handled::Malformed };
        self.state = State::CookieEchoed {
            peer: Peer::from(init),
            cookie: cookie.to_vec(),
            next: at,
            rto: OPENING_RTO,
        };
        Handled::Done
    }

    fn handle_cookie_echo(&mut self, cookie: &[u8]) -> Handled {
        let Some(peer) = Peer::from_cookie(cookie, &self.secret) else { return Handled::Unwanted };
        if let State::Up { peer: known } = &self.state {
            if (known.tag, known.tsn) != (peer.tag, peer.tsn) {
                return Handled::Unwanted;
            }
        } else {
            self.establish(peer);
        }
        self.reply(peer.tag, |out| chunk::write(kind::COOKIE_ACK, 0, out, |_| {}))
    }

    /// What flows once the peer has our cookie. That it sends such a chunk under our tag says it has, even when its
    /// COOKIE ACK got lost.
    fn handle_flow(&mut self, chunk: Chunk<'_>, at: Instant) -> Handled {
        if let State::CookieEchoed { peer, .. } = &self.state {
            let peer = *peer;
            self.establish(peer);
        }
        if !self.is_up() {
            return Handled::Unwanted;
        }
        match chunk.kind {
            kind::SACK => match Sack::parse(chunk.body) {
                Some(sack) if self.outbound.handle(&sack, at) => Handled::Done,
                Some(_) => Handled::Unwanted,
                None => Handled::Malformed,
            },
            kind::DATA if self.inbox_bytes >= INBOX_BYTES => {
                self.stats.dropped_room += 1;
                Handled::Done
            }
            kind::DATA => {
                let (inbox, bytes) = (&mut self.inbox, &mut self.inbox_bytes);
                let taken = self.inbound.handle(chunk, |message| {
                    *bytes += message.len();
                    inbox.push_back(message);
                });
                if taken { Handled::Done } else { Handled::Malformed }
            }
            _ => Handled::Done,
        }
    }

    fn establish(&mut self, peer: Peer) {
        self.inbound.start(peer.tsn);
        self.outbound.set_peer_room(peer.room);
        self.state = State::Up { peer };
    }

    fn reply(&mut self, tag: u32, write: impl FnOnce(&mut Vec<u8>)) -> Handled {
        if self.replies.len() >= MAX_REPLIES {
            return Handled::Unwanted;
        }
        self.replies.push_back(chunk::packet(tag, write));
        Handled::Done
    }
}

/// What became of a chunk.
enum Handled {
    Done,
    Unwanted,
    Malformed,
    /// Not understood, and the rest of the packet must not be either.
    Stop,
}

#[cfg(test)]
mod tests;
