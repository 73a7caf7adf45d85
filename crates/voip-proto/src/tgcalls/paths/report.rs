//! What became of each server of a call, and what was refused on the way.

use std::net::SocketAddr;
use std::time::Duration;

use super::relay::Relay;
use super::stream::Stream;
use super::stun::{Binding, Outcome};
use super::turn::Turn;

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathKind {
    /// A Telegram relay over UDP.
    UdpReflector,
    /// A Telegram relay over TCP.
    TcpReflector,
    /// It tells how this machine looks from outside.
    Stun,
    /// A standard relay over UDP.
    Turn,
}

impl PathKind {
    /// A word for it, lower case with hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::UdpReflector => "udp-reflector",
            Self::TcpReflector => "tcp-reflector",
            Self::Stun => "stun",
            Self::Turn => "turn",
        }
    }
}

/// How far it went with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathState {
    /// There is no socket that leads to it.
    NoSocket,
    /// It was not needed: another way was there first.
    Spare,
    /// Asked so often, no answer so far or since it fell silent.
    Asking {
        /// Questions sent, or connections attempted.
        tried: u32,
    },
    /// It has answered and can be used.
    Ready,
    /// It has answered with an error.
    Refused {
        /// The error code of STUN (RFC 8489, 14.8; RFC 8656, 19).
        code: u16,
    },
    /// It was asked as often as the protocol provides and did not answer.
    Silent,
}

impl PathState {
    /// A word for it, lower case with hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoSocket => "no-socket",
            Self::Spare => "spare",
            Self::Asking { .. } => "asking",
            Self::Ready => "ready",
            Self::Refused { .. } => "refused",
            Self::Silent => "silent",
        }
    }
}

/// What became of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathReport {
    /// What it is for.
    pub kind: PathKind,
    /// Where it is.
    pub addr: SocketAddr,
    /// The server's id of a relay; 0 for others.
    pub id: i64,
    /// How far it went.
    pub state: PathState,
    /// Round trip of the last question whose answer could be told from others.
    pub rtt: Option<Duration>,
    /// The candidate it gave, while there is one.
    pub candidate: Option<SocketAddr>,
}

pub(super) fn of_relay(relay: &Relay) -> PathReport {
    PathReport {
        kind: PathKind::UdpReflector,
        addr: relay.port.server,
        id: relay.port.endpoint,
        state: if relay.is_ready() {
            PathState::Ready
        } else {
            PathState::Asking { tried: relay.greetings() }
        },
        rtt: relay.rtt(),
        candidate: relay.is_ready().then(|| relay.port.pseudo().addr()),
    }
}

pub(super) fn of_stream(stream: &Stream) -> PathReport {
    PathReport {
        kind: PathKind::TcpReflector,
        addr: stream.port.server,
        id: stream.port.endpoint,
        state: match stream.socket.attempts() {
            _ if stream.is_ready() => PathState::Ready,
            0 if stream.socket.is_idle() => PathState::Spare,
            tried => PathState::Asking { tried },
        },
        rtt: stream.rtt(),
        candidate: stream.is_ready().then(|| stream.port.pseudo().addr()),
    }
}

pub(super) fn of_binding(binding: &Binding) -> PathReport {
    PathReport {
        kind: PathKind::Stun,
        addr: binding.server,
        id: 0,
        state: match binding.outcome() {
            _ if binding.is_idle() => PathState::NoSocket,
            None => PathState::Asking { tried: binding.sent() },
            Some(Outcome::Mapped(_)) => PathState::Ready,
            Some(Outcome::Refused(code)) => PathState::Refused { code },
            Some(Outcome::Silent) => PathState::Silent,
        },
        rtt: binding.rtt(),
        candidate: binding.mapped(),
    }
}

pub(super) fn of_turn(turn: &Turn) -> PathReport {
    PathReport {
        kind: PathKind::Turn,
        addr: turn.server,
        id: 0,
        state: match (turn.relayed(), turn.refused()) {
            (Some(_), _) => PathState::Ready,
            (None, Some(code)) => PathState::Refused { code },
            (None, None) if !turn.has_socket() => PathState::NoSocket,
            (None, None) if turn.is_silent() => PathState::Silent,
            (None, None) => PathState::Asking { tried: turn.asked() },
        },
        rtt: turn.rtt(),
        candidate: turn.relayed(),
    }
}

/// Counters. Nothing of what is counted here has any other effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PathStats {
    /// Payloads handed to the ICE agent.
    pub(crate) payloads_received: u64,
    /// Payloads of the ICE agent that went out.
    pub(crate) payloads_sent: u64,
    /// Packets of our own: greetings, questions, keep-alives.
    pub(crate) control_sent: u64,
    /// Packets of servers for ourselves.
    pub(crate) control_received: u64,
    /// Servers that were one too many, named twice, or without a usable address.
    pub(crate) servers_refused: u64,
    /// Interfaces that were one too many.
    pub(crate) addresses_refused: u64,
    /// Dropped: from nobody that we know, or for nobody.
    pub(crate) dropped_stranger: u64,
    /// Dropped: it broke a rule of its format.
    pub(crate) dropped_malformed: u64,
    /// Dropped: too many payloads wait to be taken.
    pub(crate) dropped_full: u64,
    /// Connections given up because what came made no sense.
    pub(crate) streams_broken: u64,
    /// Not sent: no way leads from the source to the destination.
    pub(crate) unsent_no_way: u64,
    /// Not sent: the relay is not ready, or not for this destination.
    pub(crate) unsent_not_ready: u64,
    /// Not sent: longer than a payload may be.
    pub(crate) unsent_long: u64,
    /// Candidate lines of the other side that were taken.
    pub(crate) lines_taken: u64,
    /// Refused lines: against the grammar.
    pub(crate) lines_malformed: u64,
    /// Refused lines: about TCP.
    pub(crate) lines_tcp: u64,
    /// Refused lines: a name that would have to be looked up.
    pub(crate) lines_name: u64,
    /// Refused lines: an address that nobody can or should send to.
    pub(crate) lines_address: u64,
    /// Refused lines: a direct path, which is not allowed in this call.
    pub(crate) lines_direct: u64,
    /// Refused lines: no way of ours leads there.
    pub(crate) lines_no_way: u64,
    /// Refused lines: one too many.
    pub(crate) lines_full: u64,
}
