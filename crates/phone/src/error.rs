//! Why a word to the phone was not followed.

use offhook_client::{InvokeError, PeerRefError, ResolveError};
use offhook_voip::StartError;

/// Why a phone cannot be made of a client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PhoneError {
    /// The account cannot be asked for; most often it is not logged in.
    #[error("cannot ask who this account is: {0}; is it logged in?")]
    Account(#[source] InvokeError),
}

/// Why a call was not begun. How a call that was begun ended is its [`crate::Outcome`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The text does not name a peer.
    #[error(transparent)]
    PeerName(#[from] PeerRefError),
    /// There is no such peer, or the server cannot be asked.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// It is a group, a channel or a bot.
    #[error("{0} is no person: only people can be called")]
    NotAPerson(String),
    /// The account itself.
    #[error("an account cannot call itself")]
    Myself,
    /// As many calls as [`crate::PhoneConfig::max_calls`] are up.
    #[error("{calls} calls are up, as many as this phone may have; hang up first or raise `max_calls`")]
    TooMany {
        /// Calls that are up.
        calls: usize,
    },
    /// The engine takes no more calls.
    #[error(transparent)]
    Engine(#[from] StartError),
    /// The incoming call is over already.
    #[error("the call is over already")]
    Over,
    /// The phone was shut down.
    #[error("the phone has been shut down")]
    Closed,
}

/// Why a rating was not given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RateError {
    /// Stars go from 1 to 5.
    #[error("{0} stars cannot be given; give 1 to 5")]
    Stars(u8),
    /// The call never reached the server.
    #[error("the call never reached the server, so there is nothing to rate")]
    NoCall,
    /// The server did not take it.
    #[error(transparent)]
    Invoke(#[from] InvokeError),
}
