//! What takes time: requests to the server and big powers. Done elsewhere.

use offhook_voip::handshake::{Agreed, Callee, Caller, HandshakeError};

use crate::wire::{CallName, Reason, Word};

/// Something to be done for a call.
#[derive(Debug)]
pub(crate) enum Job {
    /// Caller: fetch the group, draw a secret. [`Done::Committed`]
    Commit,
    /// Caller: `phone.requestCall`. [`Done::Requested`]
    Request([u8; 32]),
    /// Caller: compute the key from g_b. [`Done::Agreed`]
    Agree(Box<Caller>, Vec<u8>),
    /// Caller: `phone.confirmCall`. [`Done::Confirmed`]
    Confirm(CallName, Box<[u8; 256]>, i64),
    /// Callee: `phone.receivedCall`. [`Done::Received`]
    Received(CallName),
    /// Callee: fetch the group, draw a secret against the caller's hash. [`Done::Prepared`]
    Prepare(Vec<u8>),
    /// Callee: `phone.acceptCall`. [`Done::Accepted`]
    Accept(CallName, Box<[u8; 256]>),
    /// Callee: compute the key from g_a, check hash and fingerprint. [`Done::Checked`]
    Check(Box<Callee>, Vec<u8>, i64),
    /// `phone.discardCall`. [`Done::Discarded`]
    Discard { call: CallName, reason: Reason, duration: i32, connection_id: i64 },
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Done {
    Committed(Result<Box<Caller>, JobError>),
    Requested(Result<Word, JobError>),
    Agreed(Result<Box<(Agreed, [u8; 256])>, HandshakeError>),
    Confirmed(Result<Word, JobError>),
    Received,
    Prepared(Result<Box<Callee>, JobError>),
    Accepted(Result<Word, JobError>),
    Checked(Result<Box<Agreed>, HandshakeError>),
    Discarded(Result<(), JobError>),
}

/// Why a job came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JobError {
    /// The server answered with this error.
    Server {
        /// Telegram's name of it.
        name: String,
        /// In words.
        text: String,
    },
    /// A check of the key exchange failed.
    Key(HandshakeError),
    /// No answer, or one that cannot be read.
    Lost(String),
}
