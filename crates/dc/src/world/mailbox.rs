//! The messages of one user or channel and the numbered events that tell devices about them.
//!
//! Message ids and pts are one sequence per user, so the two sides of a chat know a message under different ids; `uid`
//! is what they share. pts starts at 1 (some clients take 0 for "none") and grows by the count of each event.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::{peer::PeerId, users::UserId};
use crate::calls::EndReason;

/// pts of a user to whom nothing happened yet.
pub(crate) const FIRST_PTS: i32 = 1;
/// Newest `random_id`s remembered to recognise a message sent twice.
const RANDOM_IDS: usize = 1_000;

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Body {
    /// Words, with their formatting as schema JSON.
    Text { text: String, entities: Vec<serde_json::Value> },
    /// A file with words under it.
    Media { media: Media, text: String, entities: Vec<serde_json::Value> },
    /// Something about the group itself.
    Group(Notice),
    /// A call that ended.
    Call { id: i64, video: bool, reason: Option<EndReason>, duration: Option<i32> },
}

/// What is attached to a message, by the number of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Media {
    Photo(i64),
    Document(i64),
}

/// What a group tells its members about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Notice {
    Created { title: String, users: Vec<UserId> },
    ChannelCreated { title: String },
    Added { users: Vec<UserId> },
    Removed { user: UserId },
    Titled { title: String },
}

/// A message as its owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub id: i32,
    /// The same on both sides.
    pub uid: u64,
    pub from: UserId,
    /// The chat it is in.
    pub peer: PeerId,
    pub out: bool,
    pub date: i32,
    pub body: Body,
    /// `uid` of the message it answers.
    pub reply_to: Option<u64>,
    /// When its words were changed.
    #[serde(default)]
    pub edited: Option<i32>,
}

impl Message {
    /// Everybody and everything it names.
    pub(crate) fn peers(&self) -> Vec<PeerId> {
        let mut peers = vec![self.from.into(), self.peer];
        match &self.body {
            Body::Group(Notice::Created { users, .. } | Notice::Added { users }) => {
                peers.extend(users.iter().copied().map(PeerId::from));
            }
            Body::Group(Notice::Removed { user }) => peers.push((*user).into()),
            _ => {}
        }
        peers
    }
}

/// What happened to a mailbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum What {
    New { id: i32 },
    Edited { id: i32 },
    ReadInbox { peer: PeerId, max_id: i32, unread: i32 },
    ReadOutbox { peer: PeerId, max_id: i32 },
    Deleted { ids: Vec<i32> },
}

/// An event and the pts after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Event {
    pub pts: i32,
    pub count: i32,
    pub what: What,
}

/// One chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dialog {
    pub read_inbox: i32,
    pub read_outbox: i32,
}

/// How far behind somebody who asks for news is.
#[derive(Debug, PartialEq)]
pub(crate) enum News<'a> {
    /// Nothing happened since.
    None,
    /// These events, and whether more follow.
    Some { events: Vec<&'a Event>, more: bool },
    /// Events were forgotten, or the asker is ahead of us.
    TooLong,
}

/// Everything one user has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Mailbox {
    pts: i32,
    next_id: i32,
    messages: BTreeMap<i32, Message>,
    events: VecDeque<Event>,
    dialogs: BTreeMap<PeerId, Dialog>,
    random_ids: VecDeque<(i64, i32)>,
    #[serde(skip)]
    by_uid: HashMap<u64, i32>,
    #[serde(skip)]
    dropped: u64,
}

impl Default for Mailbox {
    fn default() -> Self {
        Self {
            pts: FIRST_PTS,
            next_id: 1,
            messages: BTreeMap::new(),
            events: VecDeque::new(),
            dialogs: BTreeMap::new(),
            random_ids: VecDeque::new(),
            by_uid: HashMap::new(),
            dropped: 0,
        }
    }
}

impl Mailbox {
    /// Restores what is not stored.
    pub(crate) fn reindex(&mut self) {
        self.by_uid = self.messages.values().map(|message| (message.uid, message.id)).collect();
    }

    pub(crate) fn pts(&self) -> i32 {
        self.pts
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) fn message(&self, id: i32) -> Option<&Message> {
        self.messages.get(&id)
    }

    pub(crate) fn id_of(&self, uid: u64) -> Option<i32> {
        self.by_uid.get(&uid).copied()
    }

    /// The newest number given to a message; 0 before the first.
    pub(crate) fn newest_id(&self) -> i32 {
        self.next_id - 1
    }

    /// The message that this member of a channel sent with this `random_id`: others may have drawn the same.
    pub(crate) fn sent_by(&self, from: UserId, random_id: i64) -> Option<i32> {
        let own = |id: &i32| self.messages.get(id).is_some_and(|message| message.from == from);
        let mut same = self.random_ids.iter().filter(|(random, _)| *random == random_id);
        same.find(|(_, id)| own(id)).map(|(_, id)| *id)
    }

    /// The message that was sent with this `random_id`.
    pub(crate) fn sent_as(&self, random_id: i64) -> Option<i32> {
        self.random_ids.iter().find(|(random, _)| *random == random_id).map(|(_, id)| *id)
    }

    /// Files a message under the next id (the given one is ignored) and returns the event. Beyond `limit` messages the
    /// oldest is forgotten.
    pub(crate) fn store(&mut self, mut message: Message, random_id: Option<i64>, limit: usize) -> Event {
        message.id = self.next_id;
        self.next_id += 1;
        let id = message.id;
        self.dialogs.entry(message.peer).or_default();
        self.by_uid.insert(message.uid, id);
        self.messages.insert(id, message);
        if let Some(random_id) = random_id {
            self.random_ids.push_back((random_id, id));
            if self.random_ids.len() > RANDOM_IDS {
                self.random_ids.pop_front();
            }
        }
        while self.messages.len() > limit.max(1) {
            if let Some((_, old)) = self.messages.pop_first() {
                self.by_uid.remove(&old.uid);
                self.dropped += 1;
            }
        }
        self.happen(What::New { id }, 1, limit)
    }

    /// Marks incoming messages of a chat up to `max_id` as read. `None` when nothing changed, else the event and the
    /// `uid` of the last message that is now read.
    pub(crate) fn read(
        &mut self,
        peer: impl Into<PeerId>,
        max_id: i32,
        limit: usize,
    ) -> Option<(Event, Option<u64>)> {
        let peer = peer.into();
        let before = self.dialogs.get(&peer)?.read_inbox;
        let last = self
            .messages
            .range(..=max_id)
            .rev()
            .map(|(_, message)| message)
            .find(|message| message.peer == peer && !message.out)?;
        let (id, uid) = (last.id, last.uid);
        if id <= before {
            return None;
        }
        self.dialogs.entry(peer).or_default().read_inbox = id;
        let unread = self.unread(peer);
        Some((self.happen(What::ReadInbox { peer, max_id: id, unread }, 1, limit), Some(uid)))
    }

    /// Marks a chat as read without telling anybody: one knows what one wrote to oneself.
    pub(crate) fn mark_read(&mut self, peer: PeerId) {
        let newest = self.next_id - 1;
        self.dialogs.entry(peer).or_default().read_inbox = newest;
    }

    /// The event that told of a message.
    pub(crate) fn event_of(&self, id: i32) -> Option<&Event> {
        self.events.iter().rev().find(|event| event.what == What::New { id })
    }

    /// Somebody else in a chat has read up to the message that both know as `uid`. `None` when that was no news about a
    /// message of ours.
    pub(crate) fn read_by_peer(&mut self, peer: impl Into<PeerId>, uid: u64, limit: usize) -> Option<Event> {
        let peer = peer.into();
        let read = self.id_of(uid)?;
        let own = self.messages.range(..=read).rev().find(|(_, it)| it.peer == peer && it.out);
        let max_id = *own?.0;
        let dialog = self.dialogs.get_mut(&peer)?;
        if max_id <= dialog.read_outbox {
            return None;
        }
        dialog.read_outbox = max_id;
        Some(self.happen(What::ReadOutbox { peer, max_id }, 1, limit))
    }

    /// Gives a message new words. `None` when there is no such message.
    pub(crate) fn edit(&mut self, uid: u64, body: &Body, date: i32, limit: usize) -> Option<Event> {
        let id = self.id_of(uid)?;
        let message = self.messages.get_mut(&id)?;
        message.body = body.clone();
        message.edited = Some(date);
        Some(self.happen(What::Edited { id }, 1, limit))
    }

    /// Removes messages; ids that do not exist are skipped. Returns the event and the messages, or `None` when nothing
    /// was there.
    pub(crate) fn delete(&mut self, ids: &[i32], limit: usize) -> Option<(Event, Vec<Message>)> {
        let gone: Vec<Message> = ids.iter().filter_map(|id| self.messages.remove(id)).collect();
        if gone.is_empty() {
            return None;
        }
        for message in &gone {
            self.by_uid.remove(&message.uid);
        }
        let ids: Vec<i32> = gone.iter().map(|message| message.id).collect();
        let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
        Some((self.happen(What::Deleted { ids }, count, limit), gone))
    }

    /// What happened after `pts`, at most `most` events.
    pub(crate) fn since(&self, pts: i32, most: usize) -> News<'_> {
        if pts == self.pts {
            return News::None;
        }
        let known_from = self.events.front().map_or(self.pts, |event| event.pts - event.count);
        if pts > self.pts || pts < known_from {
            return News::TooLong;
        }
        let mut later = self.events.iter().filter(|event| event.pts > pts);
        let events: Vec<_> = later.by_ref().take(most.max(1)).collect();
        News::Some { events, more: later.next().is_some() }
    }

    /// Chats, the one with the newest message first.
    pub(crate) fn dialogs(&self) -> Vec<(PeerId, &Dialog, Option<&Message>)> {
        let mut top: HashMap<PeerId, &Message> = HashMap::new();
        for message in self.messages.values() {
            top.insert(message.peer, message);
        }
        let mut all: Vec<_> =
            self.dialogs.iter().map(|(peer, dialog)| (*peer, dialog, top.get(peer).copied())).collect();
        all.sort_by_key(|(_, _, top)| std::cmp::Reverse(top.map(|message| message.id)));
        all
    }

    pub(crate) fn dialog(&self, peer: impl Into<PeerId>) -> Option<&Dialog> {
        self.dialogs.get(&peer.into())
    }

    /// Incoming messages of a chat that are not read.
    pub(crate) fn unread(&self, peer: impl Into<PeerId>) -> i32 {
        let peer = peer.into();
        let read = self.dialogs.get(&peer).map_or(0, |dialog| dialog.read_inbox);
        let unread = self.messages.range(read + 1..).filter(|(_, m)| m.peer == peer && !m.out).count();
        i32::try_from(unread).unwrap_or(i32::MAX)
    }

    /// Messages of all chats, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Message> {
        self.messages.values().rev()
    }

    /// Messages of a chat, newest first.
    pub(crate) fn history(&self, peer: impl Into<PeerId>) -> impl Iterator<Item = &Message> {
        let peer = peer.into();
        self.messages.values().rev().filter(move |message| message.peer == peer)
    }

    fn happen(&mut self, what: What, count: i32, limit: usize) -> Event {
        self.pts += count;
        let event = Event { pts: self.pts, count, what };
        self.events.push_back(event.clone());
        // Reads outnumber messages at most twice in practice; older events are answered with "too long".
        while self.events.len() > limit.max(1) * 2 {
            self.events.pop_front();
        }
        event
    }
}

#[cfg(test)]
mod tests;
