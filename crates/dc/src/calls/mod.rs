//! One-to-one calls: the states of each call, who may move it, and whom every move concerns.
//!
//! No socket and no clock. Every move returns [`Notice`]s, which say who must be shown the call in its new state; what
//! a viewer is shown follows from the phase and the viewer's role. Each move is accepted once; the same device asking
//! the same thing again gets the same answer, since clients re-send after a reconnect.

mod protocol;
mod table;

use serde::{Deserialize, Serialize};

use crate::{reflector::PeerTag, turn::TurnLogin, world::users::UserId};

pub(crate) use protocol::Protocol;
pub(crate) use table::{Calls, Discard, Moved, NewCall, Timers};

/// The auth key a device speaks under: what tells the devices of one user apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Device(pub i64);

/// Which end of a call somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Caller,
    Callee,
}

impl Role {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Caller => Self::Callee,
            Self::Callee => Self::Caller,
        }
    }

    /// Position in per-side pairs.
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Caller => 0,
            Self::Callee => 1,
        }
    }
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EndReason {
    Missed,
    Disconnect,
    Hangup,
    Busy,
}

/// How far a call is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Requested; no device of the callee has shown it yet.
    Contacting,
    /// A device of the callee rings since this date.
    Ringing { date: i32 },
    /// Answered on one device; the caller must confirm.
    Accepted { answer: Answer },
    /// Both have what they need for the media.
    Running { answer: Answer, confirmation: Confirmation },
    /// Over.
    Ended { reason: Option<EndReason>, duration: Option<i32> },
}

/// What the callee answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub device: Device,
    pub g_b: Vec<u8>,
    pub protocol: Protocol,
    pub ringing: Option<i32>,
}

/// What the caller confirmed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Confirmation {
    pub g_a: Vec<u8>,
    pub fingerprint: i64,
    pub date: i32,
    pub started: std::time::Instant,
}

/// One reflector as the two sides of a call see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relayed {
    /// Unique among the endpoints of the call.
    pub id: i64,
    /// Index in the list of reflectors.
    pub reflector: usize,
    /// Tag of the caller, tag of the callee.
    pub tags: [PeerTag; 2],
}

/// What the server gives a call to send its media through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allotment {
    pub relays: Vec<Relayed>,
    /// The STUN and TURN server, in calls of the modern family.
    pub turn: Option<TurnAccess>,
}

impl Allotment {
    /// What of it a call gets that agreed on this protocol: libtgvoip knows no TURN.
    pub(crate) fn of(self, agreed: &Protocol) -> Self {
        Self { turn: self.turn.filter(|_| agreed.is_modern()), ..self }
    }
}

/// The STUN and TURN server as the two sides of a call see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TurnAccess {
    /// Unique among the endpoints of the call.
    pub id: i64,
    /// Login of the caller, login of the callee.
    pub logins: [TurnLogin; 2],
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub id: i64,
    /// Access hash of the caller, of the callee.
    pub hashes: [i64; 2],
    pub users: [UserId; 2],
    pub caller_device: Device,
    pub random_id: i32,
    pub date: i32,
    pub video: bool,
    pub g_a_hash: [u8; 32],
    pub protocol: Protocol,
    pub allotment: Allotment,
    pub phase: Phase,
}

impl Call {
    pub(crate) fn user(&self, role: Role) -> UserId {
        self.users[role.index()]
    }

    pub(crate) fn hash(&self, role: Role) -> i64 {
        self.hashes[role.index()]
    }

    pub(crate) fn role_of(&self, user: UserId) -> Option<Role> {
        if user == self.users[0] {
            Some(Role::Caller)
        } else if user == self.users[1] {
            Some(Role::Callee)
        } else {
            None
        }
    }

    /// The device that speaks for one side; the callee has none before somebody answers.
    pub(crate) fn device(&self, role: Role) -> Option<Device> {
        match (role, &self.phase) {
            (Role::Caller, _) => Some(self.caller_device),
            (Role::Callee, Phase::Accepted { answer } | Phase::Running { answer, .. }) => Some(answer.device),
            (Role::Callee, _) => None,
        }
    }
}

/// Which devices of one side must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    One(Device),
    All,
    AllBut(Device),
}

/// Somebody must be shown something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub role: Role,
    pub audience: Audience,
    pub show: Show,
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// The call in its present phase.
    Call,
    /// That the call is not this device's any more, though it goes on elsewhere.
    Gone,
}

/// Why a request about a call was refused. The text is Telegram's name of the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallError {
    Peer,
    AlreadyAccepted,
    AlreadyDeclined,
    ProtocolFlags,
    ProtocolLayer,
    ProtocolCompat,
    Key,
    Full,
}

impl CallError {
    pub(crate) fn code(self) -> i32 {
        match self {
            Self::ProtocolCompat => 406,
            Self::Full => 500,
            _ => 400,
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Peer => "CALL_PEER_INVALID",
            Self::AlreadyAccepted => "CALL_ALREADY_ACCEPTED",
            Self::AlreadyDeclined => "CALL_ALREADY_DECLINED",
            Self::ProtocolFlags => "CALL_PROTOCOL_FLAGS_INVALID",
            Self::ProtocolLayer => "CALL_PROTOCOL_LAYER_INVALID",
            Self::ProtocolCompat => "CALL_PROTOCOL_COMPAT_LAYER_INVALID",
            Self::Key => "DH_G_A_INVALID",
            Self::Full => "CALL_OCCUPY_FAILED",
        }
    }
}
