//! Basic groups and channels: who is in them, who may do what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{World, mailbox::Mailbox, peer::PeerId, record::Record, users::UserId};

/// The number of the first group; basic groups and channels share the sequence.
const FIRST_GROUP: i64 = 1_500_000_001;

/// What kind of room it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum GroupKind {
    /// Every member has copies of the messages in their own mailbox.
    Basic,
    /// A channel in which every member writes.
    Supergroup,
    /// A channel in which only its creator writes.
    Broadcast,
}

/// Somebody who is in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Member {
    /// Who brought them; themselves when they joined.
    pub inviter: UserId,
    pub date: i32,
    /// The newest message they have read. Channels only: in basic groups each mailbox knows it.
    pub read: i32,
    /// The newest of their own messages that somebody else has read. Channels only.
    pub seen: i32,
}

/// A basic group or a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub id: PeerId,
    pub kind: GroupKind,
    pub title: String,
    pub about: String,
    /// The public name of a channel that anybody may read and join.
    pub username: Option<String>,
    pub date: i32,
    pub creator: UserId,
    pub members: BTreeMap<UserId, Member>,
    /// Grows with every change of the members of a basic group.
    pub version: i32,
    /// When something last happened in a channel.
    pub changed: i32,
}

impl Group {
    pub(crate) fn has(&self, user: UserId) -> bool {
        self.members.contains_key(&user)
    }

    /// Whether a user may write here.
    pub(crate) fn admits_words_of(&self, user: UserId) -> bool {
        self.has(user) && (self.kind != GroupKind::Broadcast || user == self.creator)
    }

    /// Whether a user may look inside.
    pub(crate) fn is_visible_to(&self, user: UserId) -> bool {
        self.has(user) || self.username.is_some()
    }

    /// Lets somebody in. False when they were in already.
    pub(crate) fn admit(&mut self, user: UserId, inviter: UserId, date: i32, read: i32) -> bool {
        if self.has(user) {
            return false;
        }
        self.members.insert(user, Member { inviter, date, read, seen: 0 });
        self.version += 1;
        true
    }

    /// Takes somebody out. False when they were not in.
    pub(crate) fn dismiss(&mut self, user: UserId) -> bool {
        let was_in = self.members.remove(&user).is_some();
        self.version += i32::from(was_in);
        was_in
    }
}

impl World {
    pub(crate) fn group(&self, id: PeerId) -> Option<&Group> {
        self.groups.get(&id)
    }

    /// The groups a user is in.
    pub(crate) fn groups_of(&self, user: UserId) -> impl Iterator<Item = &Group> {
        self.groups.values().filter(move |group| group.has(user))
    }

    /// Public names do not distinguish case.
    pub(crate) fn group_by_name(&self, name: &str) -> Option<&Group> {
        let name = name.trim_start_matches('@');
        let is_it = |own: &String| own.eq_ignore_ascii_case(name);
        self.groups.values().find(|group| group.username.as_ref().is_some_and(is_it))
    }

    /// The number by which `viewer` must name a channel.
    pub(crate) fn channel_hash(&self, viewer: UserId, channel: PeerId) -> i64 {
        self.hash(viewer, b"channel", channel.number())
    }

    /// A new group with its creator in it. `None` when there are too many.
    pub(crate) fn add_group(
        &mut self,
        kind: GroupKind,
        title: String,
        about: String,
        creator: UserId,
        date: i32,
    ) -> Option<Group> {
        if self.groups.len() >= self.limits.groups {
            return None;
        }
        let number = self.groups.keys().map(|id| id.number() + 1).max().unwrap_or(FIRST_GROUP);
        let id = if kind == GroupKind::Basic { PeerId::chat(number) } else { PeerId::channel(number) };
        let member = Member { inviter: creator, date, read: 0, seen: 0 };
        let group = Group {
            id,
            kind,
            title,
            about,
            username: None,
            date,
            creator,
            members: BTreeMap::from([(creator, member)]),
            version: 1,
            changed: date,
        };
        self.replace_group(group.clone());
        Some(group)
    }

    /// Puts a group in the place of what was known of it.
    pub(crate) fn replace_group(&mut self, group: Group) {
        self.records.push(Record::Group(group.clone()));
        if group.id.is_channel() {
            self.mails.entry(group.id).or_default();
        }
        self.groups.insert(group.id, group);
    }

    /// Messages of a channel by others that a member has not read.
    pub(crate) fn unread_in_channel(&self, reader: UserId, channel: PeerId) -> i32 {
        let read = self.group(channel).and_then(|group| group.members.get(&reader)).map_or(0, |it| it.read);
        let unread = |mail: &Mailbox| {
            mail.history(channel).take_while(|it| it.id > read).filter(|it| it.from != reader).count()
        };
        self.mail(channel).map_or(0, |mail| i32::try_from(unread(mail)).unwrap_or(i32::MAX))
    }
}
