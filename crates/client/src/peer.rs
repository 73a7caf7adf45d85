//! Users, chats and channels: how people name them and what the client remembers of them.

mod cache;
mod object;
mod reference;
mod resolve;

pub(crate) use self::cache::PeerCache;
pub(crate) use self::object::from_object;
pub use self::reference::{PeerRef, PeerRefError};
pub use self::resolve::ResolveError;

use std::fmt;

use crate::secret::PhoneNumber;

/// What kind of peer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeerKind {
    /// A person or a bot.
    User,
    /// A basic group.
    Chat,
    /// A channel or a supergroup.
    Channel,
}

/// A peer's kind and number. Its text form is the one of the bot API: users positive, basic groups negative,
/// channels `-100…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId {
    /// Which numbering `id` belongs to.
    pub kind: PeerKind,
    /// Number within the kind, as TL objects carry it.
    pub id: i64,
}

/// Channel `n` is `-(10^12 + n)` in the bot API.
const CHANNEL_BASE: i64 = 1_000_000_000_000;

impl PeerId {
    /// The bot API's number.
    #[must_use]
    pub fn bot_api(self) -> i64 {
        match self.kind {
            PeerKind::User => self.id,
            PeerKind::Chat => -self.id,
            PeerKind::Channel => -CHANNEL_BASE - self.id,
        }
    }

    /// Reads the bot API's number. `None` for zero and for numbers outside every kind.
    #[must_use]
    pub fn from_bot_api(number: i64) -> Option<Self> {
        // Highest user and channel numbers: 2^40 - 1 and 997,852,516,352. core.telegram.org/api/bots/ids
        const LAST_USER: i64 = (1 << 40) - 1;
        const LAST_CHAT: i64 = 999_999_999_999;
        const LAST_CHANNEL: i64 = 997_852_516_352;
        Some(match number {
            1..=LAST_USER => Self { kind: PeerKind::User, id: number },
            0.. => return None,
            _ if number >= -LAST_CHAT => Self { kind: PeerKind::Chat, id: -number },
            _ if (-CHANNEL_BASE - LAST_CHANNEL..-CHANNEL_BASE).contains(&number) => {
                Self { kind: PeerKind::Channel, id: -number - CHANNEL_BASE }
            }
            _ => return None,
        })
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bot_api().fmt(f)
    }
}

/// A peer as far as this account knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// What it is.
    pub kind: PeerKind,
    /// Its number within its kind.
    pub id: i64,
    /// Proof for the server that this account has met the peer. `None` for basic groups, which need none.
    pub access_hash: Option<i64>,
    /// Whether it was only seen in a reduced form, whose access hash works for pictures only. mtproto.md section 5.2.
    pub min: bool,
    /// Whether it is a bot.
    pub bot: bool,
    /// First and last name, or title.
    pub name: String,
    /// Public name without `@`.
    pub username: Option<String>,
    /// Phone number, when this account may see it.
    pub phone: Option<PhoneNumber>,
}

impl Peer {
    pub(crate) fn new(kind: PeerKind, id: i64) -> Self {
        Self {
            kind,
            id,
            access_hash: None,
            min: false,
            bot: false,
            name: String::new(),
            username: None,
            phone: None,
        }
    }

    /// Kind and number.
    #[must_use]
    pub fn peer_id(&self) -> PeerId {
        PeerId { kind: self.kind, id: self.id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples of mtproto-vectors.json, key `bot_api_dialog_ids`, follow the same formula.
    #[test]
    fn bot_api_numbers_go_both_ways() {
        for (kind, id, number) in [
            (PeerKind::User, 777_000, 777_000),
            (PeerKind::Chat, 42, -42),
            (PeerKind::Channel, 1_234_567_890, -1_001_234_567_890),
        ] {
            let peer = PeerId { kind, id };
            assert_eq!(peer.bot_api(), number);
            assert_eq!(PeerId::from_bot_api(number), Some(peer));
        }
    }

    #[test]
    fn numbers_outside_every_kind_are_no_peers() {
        for number in [0, i64::MIN, i64::MAX, 1 << 40, -CHANNEL_BASE, -4_000_000_000_000] {
            assert_eq!(PeerId::from_bot_api(number), None, "{number}");
        }
    }
}
