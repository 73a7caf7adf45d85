//! Where a message can be: the chat with a person, a basic group, a channel.
//!
//! One number for all three, by the convention of the bot API (and of TDLib's dialogs): users are positive, basic groups
//! negative, channels negative below -10^12. Stored chats with people look as they did before there were groups.

use serde::{Deserialize, Serialize};

use super::users::UserId;

/// What channel numbers are shifted by. The numbers of groups and channels are below it.
const CHANNELS: i64 = 1_000_000_000_000;

/// A chat of any kind. What it is says [`PeerId::kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct PeerId(i64);

/// A [`PeerId`] taken apart, with the number clients know it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PeerKind {
    User(UserId),
    /// A basic group.
    Chat(i64),
    /// A supergroup or a broadcast channel.
    Channel(i64),
}

impl PeerId {
    /// No user has this number.
    const NOBODY: Self = Self(0);

    /// A basic group, by its positive number. Clients send any: [`PeerId::NOBODY`] for those no group can have.
    pub(crate) const fn chat(id: i64) -> Self {
        if 0 < id && id < CHANNELS { Self(-id) } else { Self::NOBODY }
    }

    /// A supergroup or broadcast channel, by its positive number; as [`PeerId::chat`].
    pub(crate) const fn channel(id: i64) -> Self {
        if 0 < id && id < CHANNELS { Self(-CHANNELS - id) } else { Self::NOBODY }
    }

    pub(crate) fn kind(self) -> PeerKind {
        match self.0 {
            id if id <= -CHANNELS => PeerKind::Channel(-(CHANNELS + id)),
            id if id < 0 => PeerKind::Chat(-id),
            id => PeerKind::User(UserId(id)),
        }
    }

    pub(crate) fn is_channel(self) -> bool {
        matches!(self.kind(), PeerKind::Channel(_))
    }

    pub(crate) fn user(self) -> Option<UserId> {
        if let PeerKind::User(user) = self.kind() { Some(user) } else { None }
    }

    /// The number clients know it by.
    pub(crate) fn number(self) -> i64 {
        match self.kind() {
            PeerKind::User(UserId(id)) | PeerKind::Chat(id) | PeerKind::Channel(id) => id,
        }
    }

    /// Whose mailbox the messages of this chat are in, for this reader: channels have one of their own.
    pub(crate) fn mailbox(self, reader: UserId) -> Self {
        if self.is_channel() { self } else { reader.into() }
    }
}

impl From<UserId> for PeerId {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl PartialEq<UserId> for PeerId {
    fn eq(&self, user: &UserId) -> bool {
        self.user() == Some(*user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_range_and_the_number_of_a_user_is_stored_as_ever() {
        for (peer, kind, stored) in [
            (PeerId::from(UserId(7)), PeerKind::User(UserId(7)), "7"),
            (PeerId::chat(7), PeerKind::Chat(7), "-7"),
            (PeerId::channel(7), PeerKind::Channel(7), "-1000000000007"),
        ] {
            assert_eq!((peer.kind(), peer.number()), (kind, 7));
            assert_eq!(serde_json::to_string(&peer).unwrap(), stored);
            assert_eq!(serde_json::from_str::<PeerId>(stored).unwrap(), peer);
        }
    }

    #[test]
    fn numbers_that_no_group_can_have_name_nobody() {
        for id in [i64::MIN, -CHANNELS - 7, -7, 0, CHANNELS, CHANNELS + 7, i64::MAX] {
            assert_eq!((PeerId::chat(id), PeerId::channel(id)), (PeerId::NOBODY, PeerId::NOBODY), "{id}");
        }
        let last = CHANNELS - 1;
        assert_eq!(PeerId::chat(last).kind(), PeerKind::Chat(last));
        assert_eq!(PeerId::channel(last).kind(), PeerKind::Channel(last));
    }
}
