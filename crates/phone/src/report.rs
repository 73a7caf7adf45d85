//! What there is to say about a call that is over.

use std::sync::Arc;
use std::time::Duration;

use offhook_client::Peer;
use offhook_voip::{Ended, Family, Report};

use crate::{Outcome, Stages};

/// The other side of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its user id.
    pub id: i64,
    /// First and last name; empty when not known.
    pub name: String,
    /// Public name without `@`.
    pub username: Option<String>,
}

impl Party {
    pub(crate) fn unknown(id: i64) -> Self {
        Self { id, name: String::new(), username: None }
    }
}

impl From<&Peer> for Party {
    fn from(peer: &Peer) -> Self {
        Self { id: peer.id, name: peer.name.clone(), username: peer.username.clone() }
    }
}

impl std::fmt::Display for Party {
    /// The name, else the public name, else the number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.username {
            _ if !self.name.is_empty() => f.write_str(&self.name),
            Some(username) => write!(f, "@{username}"),
            None => write!(f, "user {}", self.id),
        }
    }
}

/// Everything there is to say about a call that is over.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallReport {
    /// How it ended.
    pub outcome: Outcome,
    /// The other side called.
    pub incoming: bool,
    /// Who that is.
    pub party: Party,
    /// The four emoji both users compare; `None` when there was no key.
    pub emoji: Option<[&'static str; 4]>,
    /// What carried it; `None` when it never came to that.
    pub family: Option<Family>,
    /// When each stage was reached.
    pub stages: Stages,
    /// Time spent established.
    pub talked: Duration,
    /// Counts and stamps of the media; `None` when there was none.
    pub media: Option<Arc<Ended>>,
    /// Recordings, in the order they were closed.
    pub recordings: Vec<Report>,
    /// The server would like a rating: [`crate::Call::rate`].
    pub need_rating: bool,
    /// The server knows that the call is over. False when the hang-up could not be said in time; it goes on being said
    /// while the client lives.
    pub confirmed: bool,
    /// Updates about this call that were repeated, out of turn or not of it.
    pub ignored: u64,
}
