//! Messages on their way into mailboxes, and what becomes of them: read, edited, deleted.
//!
//! A message between two people or in a basic group is one copy per mailbox, under ids and pts of that mailbox; a message
//! in a channel is one for all, in the mailbox of the channel.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    World,
    groups::GroupKind,
    mailbox::{Body, Event, Message},
    peer::{PeerId, PeerKind},
    record::Record,
    users::UserId,
};

/// A message on its way into mailboxes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sending {
    pub from: UserId,
    pub to: PeerId,
    pub date: i32,
    pub body: Body,
    /// The sender's number against duplicates.
    pub random_id: Option<i64>,
    /// `uid` of the message it answers.
    pub reply_to: Option<u64>,
}

/// New words for a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Editing {
    /// The mailbox that knows the message as `id`.
    pub mailbox: PeerId,
    pub id: i32,
    pub date: i32,
    pub body: Body,
}

/// An event that concerns a user.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Happened {
    pub user: UserId,
    /// Whose mailbox, and whose pts: the user's own, or that of a channel they are in.
    pub mailbox: PeerId,
    pub event: Event,
}

/// What reading a channel changed.
#[derive(Debug, PartialEq)]
pub(crate) struct ChannelRead {
    pub max_id: i32,
    pub unread: i32,
    /// Who learns that their messages were seen, and up to which of them.
    pub authors: Vec<(UserId, i32)>,
}

impl World {
    /// Puts a message into the mailboxes it belongs in; the sender's event comes first.
    pub(crate) fn send(&mut self, sending: Sending) -> Vec<Happened> {
        self.records.push(Record::Sent(sending.clone()));
        let uid = self.next_uid;
        self.next_uid += 1;
        let Sending { from, to, date, body, random_id, reply_to } = sending;
        let limit = self.limits.messages;
        let copy = |peer: PeerId, out| Message {
            id: 0,
            uid,
            from,
            peer,
            out,
            date,
            body: body.clone(),
            reply_to,
            edited: None,
        };
        let copies: Vec<(UserId, Message)> = match to.kind() {
            // Official servers mark what is in the chat with oneself as incoming.
            PeerKind::User(to) if to == from => vec![(from, copy(to.into(), false))],
            PeerKind::User(user) => vec![(from, copy(to, true)), (user, copy(from.into(), false))],
            PeerKind::Chat(_) => {
                let others = self.members_but(to, from).into_iter().map(|user| (user, copy(to, false)));
                std::iter::once((from, copy(to, true))).chain(others).collect()
            }
            PeerKind::Channel(_) => {
                let Some(mail) = self.mails.get_mut(&to) else { return Vec::new() };
                let event = mail.store(copy(to, false), random_id, limit);
                let newest = mail.newest_id();
                if let Some(group) = self.groups.get_mut(&to) {
                    group.changed = date;
                    // One knows what one wrote.
                    if let Some(member) = group.members.get_mut(&from) {
                        member.read = newest;
                    }
                }
                return self.told(to, from, &event);
            }
        };
        let mut happened = Vec::with_capacity(copies.len());
        for (user, message) in copies {
            if let Some(mail) = self.mails.get_mut(&user.into()) {
                let event = mail.store(message, random_id.filter(|_| user == from), limit);
                happened.push(Happened { user, mailbox: user.into(), event });
                if to == from {
                    mail.mark_read(to);
                }
            }
        }
        happened
    }

    /// `reader` has read the chat with `peer`, a person or a basic group, up to `max_id`.
    pub(crate) fn read(&mut self, reader: UserId, peer: impl Into<PeerId>, max_id: i32) -> Vec<Happened> {
        let (peer, limit) = (peer.into(), self.limits.messages);
        let own = PeerId::from(reader);
        let read = self.mails.get_mut(&own).and_then(|mail| mail.read(peer, max_id, limit));
        let Some((event, uid)) = read else { return Vec::new() };
        self.records.push(Record::Read { reader, peer, max_id });
        let mut happened = vec![Happened { user: reader, mailbox: own, event }];
        let (others, theirs) = match peer.kind() {
            PeerKind::User(user) if user == reader => return happened,
            PeerKind::User(user) => (vec![user], own),
            PeerKind::Chat(_) | PeerKind::Channel(_) => (self.members_but(peer, reader), peer),
        };
        for user in others {
            let mail = self.mails.get_mut(&user.into());
            let seen = uid.and_then(|uid| mail?.read_by_peer(theirs, uid, limit));
            happened.extend(seen.map(|event| Happened { user, mailbox: user.into(), event }));
        }
        happened
    }

    /// `reader` has read a channel up to `max_id`. `None` when nothing changed.
    pub(crate) fn read_channel(
        &mut self,
        reader: UserId,
        channel: PeerId,
        max_id: i32,
    ) -> Option<ChannelRead> {
        let max_id = max_id.min(self.mail(channel)?.newest_id());
        let group = self.groups.get_mut(&channel)?;
        let member = group.members.get_mut(&reader)?;
        let before = member.read;
        if max_id <= before {
            return None;
        }
        member.read = max_id;
        let mut authors: BTreeMap<UserId, i32> = BTreeMap::new();
        let read = self.mails.get(&channel)?.history(channel).skip_while(|it| it.id > max_id);
        for message in read.take_while(|it| it.id > before).filter(|it| it.from != reader) {
            authors.entry(message.from).or_insert(message.id);
        }
        let mut told = Vec::new();
        // Nobody is told who reads a broadcast.
        let authors = authors.into_iter().filter(|_| group.kind == GroupKind::Supergroup);
        for (author, id) in authors {
            if let Some(member) = group.members.get_mut(&author).filter(|it| it.seen < id) {
                member.seen = id;
                told.push((author, id));
            }
        }
        self.records.push(Record::Read { reader, peer: channel, max_id });
        Some(ChannelRead { max_id, unread: self.unread_in_channel(reader, channel), authors: told })
    }

    /// Removes messages of a user and, when wished, the copies of the others.
    pub(crate) fn delete(&mut self, user: UserId, ids: &[i32], both_sides: bool) -> Vec<Happened> {
        let limit = self.limits.messages;
        let own = PeerId::from(user);
        let deleted = self.mails.get_mut(&own).and_then(|mail| mail.delete(ids, limit));
        let Some((event, gone)) = deleted else { return Vec::new() };
        self.records.push(Record::Deleted { user, ids: ids.to_vec(), both_sides });
        let mut happened = vec![Happened { user, mailbox: own, event }];
        let mut copies: BTreeMap<UserId, Vec<i32>> = BTreeMap::new();
        for message in gone.iter().filter(|_| both_sides) {
            let others = match message.peer.kind() {
                PeerKind::User(peer) => vec![peer],
                // In a group one takes back one's own words; its creator takes back anybody's.
                _ if message.from == user || self.is_creator(message.peer, user) => {
                    self.members_but(message.peer, user)
                }
                _ => Vec::new(),
            };
            for other in others {
                if let Some(id) = self.mail(other).and_then(|mail| mail.id_of(message.uid)) {
                    copies.entry(other).or_default().push(id);
                }
            }
        }
        for (user, ids) in copies {
            let deleted = self.mails.get_mut(&user.into()).and_then(|mail| mail.delete(&ids, limit));
            happened.extend(deleted.map(|(event, _)| Happened { user, mailbox: user.into(), event }));
        }
        happened
    }

    /// Removes messages of a channel; `user` is told first.
    pub(crate) fn delete_in_channel(
        &mut self,
        user: UserId,
        channel: PeerId,
        ids: &[i32],
        date: i32,
    ) -> Vec<Happened> {
        let limit = self.limits.messages;
        let deleted = self.mails.get_mut(&channel).and_then(|mail| mail.delete(ids, limit));
        let Some((event, _)) = deleted else { return Vec::new() };
        self.records.push(Record::ChannelDeleted { user, channel, ids: ids.to_vec(), date });
        self.touch(channel, date);
        self.told(channel, user, &event)
    }

    /// Gives a message and all its copies new words.
    pub(crate) fn edit(&mut self, editing: Editing) -> Vec<Happened> {
        let Editing { mailbox, id, date, body } = editing.clone();
        let limit = self.limits.messages;
        let Some(message) = self.mail(mailbox).and_then(|mail| mail.message(id)).cloned() else {
            return Vec::new();
        };
        self.records.push(Record::Edited(editing));
        let Some(user) = mailbox.user() else {
            let event = self.mails.get_mut(&mailbox).and_then(|it| it.edit(message.uid, &body, date, limit));
            self.touch(mailbox, date);
            return event.map_or_else(Vec::new, |event| self.told(mailbox, message.from, &event));
        };
        let others = match message.peer.kind() {
            PeerKind::User(peer) => vec![peer],
            PeerKind::Chat(_) | PeerKind::Channel(_) => self.members_but(message.peer, user),
        };
        let mut happened = Vec::new();
        for user in std::iter::once(user).chain(others.into_iter().filter(|it| *it != user)) {
            let mail = self.mails.get_mut(&user.into());
            let event = mail.and_then(|mail| mail.edit(message.uid, &body, date, limit));
            happened.extend(event.map(|event| Happened { user, mailbox: user.into(), event }));
        }
        happened
    }

    fn touch(&mut self, channel: PeerId, date: i32) {
        if let Some(group) = self.groups.get_mut(&channel) {
            group.changed = date;
        }
    }

    fn is_creator(&self, group: PeerId, user: UserId) -> bool {
        self.group(group).is_some_and(|group| group.creator == user)
    }

    fn members_but(&self, group: PeerId, user: UserId) -> Vec<UserId> {
        let members = self.group(group).into_iter().flat_map(|group| group.members.keys().copied());
        members.filter(|member| *member != user).collect()
    }

    /// An event of a channel for everybody in it, and first for who caused it.
    fn told(&self, channel: PeerId, first: UserId, event: &Event) -> Vec<Happened> {
        let members = std::iter::once(first).chain(self.members_but(channel, first));
        members.map(|user| Happened { user, mailbox: channel, event: event.clone() }).collect()
    }
}
