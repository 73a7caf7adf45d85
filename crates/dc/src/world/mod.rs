//! The lasting state of the service: users, their messages, their devices' keys. No sockets, no clocks, no layers.
//!
//! Every change goes through a method here, which notes a [`Record`] of it; [`World::take_records`] hands them to the
//! storage, and [`World::replay`] makes the same changes again after a restart.

pub(crate) mod keys;
pub(crate) mod mailbox;
pub(crate) mod password;
pub(crate) mod record;
pub(crate) mod users;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Phone, secret::BotToken};
use keys::{KeyRecord, Keys, Program};
use mailbox::{Body, Event, Mailbox, Message};
use password::StoredPassword;
use record::Record;
use users::{User, UserId, Users};

/// Bounds that concern lasting state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorldLimits {
    pub users: usize,
    pub messages: usize,
    pub keys: usize,
}

/// A message on its way into mailboxes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sending {
    pub from: UserId,
    pub to: UserId,
    pub date: i32,
    pub body: Body,
    /// The sender's number against duplicates.
    pub random_id: Option<i64>,
    /// `uid` of the message it answers.
    pub reply_to: Option<u64>,
}

/// An event in the mailbox of a user.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Happened {
    pub user: UserId,
    pub event: Event,
}

/// The state.
#[derive(Debug)]
pub(crate) struct World {
    limits: WorldLimits,
    secret: [u8; 32],
    next_uid: u64,
    users: Users,
    keys: Keys,
    mails: BTreeMap<UserId, Mailbox>,
    records: Vec<Record>,
}

impl World {
    /// An empty world. `secret` is what access hashes are made from.
    pub(crate) fn new(limits: WorldLimits, secret: [u8; 32]) -> Self {
        Self {
            limits,
            secret,
            next_uid: 1,
            users: Users::default(),
            keys: Keys::default(),
            mails: BTreeMap::new(),
            records: Vec::new(),
        }
    }

    /// The world that these records tell of.
    pub(crate) fn replay(limits: WorldLimits, secret: [u8; 32], records: Vec<Record>) -> Self {
        let mut world = Self::new(limits, secret);
        for record in records {
            world.apply(record);
        }
        world.records.clear();
        world
    }

    /// What has changed since the last call.
    pub(crate) fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }

    /// Everything as few records.
    pub(crate) fn snapshot(&self) -> Vec<Record> {
        let mut records = vec![Record::Secret(self.secret), Record::NextUid(self.next_uid)];
        records.extend(self.users.iter().cloned().map(Record::User));
        records.extend(self.keys.iter().cloned().map(Record::Key));
        records
            .extend(self.mails.iter().map(|(user, mail)| Record::Mail { user: *user, mail: mail.clone() }));
        records
    }

    /// What numbers that must not be guessed are made from.
    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    pub(crate) fn users(&self) -> &Users {
        &self.users
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The mailbox of a user who exists.
    pub(crate) fn mail(&self, user: UserId) -> Option<&Mailbox> {
        self.mails.get(&user)
    }

    /// Messages forgotten because of the bound, over all users.
    pub(crate) fn messages_dropped(&self) -> u64 {
        self.mails.values().map(Mailbox::dropped).sum()
    }

    /// The number by which `viewer` must name `subject`.
    pub(crate) fn access_hash(&self, viewer: UserId, subject: UserId) -> i64 {
        let digest = offhook_crypto::hash::sha256_parts(&[
            &self.secret,
            &viewer.0.to_le_bytes(),
            &subject.0.to_le_bytes(),
        ]);
        let (head, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
        i64::from_le_bytes(*head)
    }

    /// A new account. `None` when there are too many, or the number or name is taken.
    pub(crate) fn add_user(
        &mut self,
        phone: Phone,
        username: Option<String>,
        first_name: String,
        last_name: String,
    ) -> Option<UserId> {
        let taken = self.users.by_phone(&phone).is_some()
            || username.as_deref().is_some_and(|name| self.users.by_name(name).is_some());
        if taken || self.users.len() >= self.limits.users {
            return None;
        }
        let id = self.users.next_id();
        let contacts = BTreeSet::new();
        self.insert_user(User {
            id,
            phone,
            username,
            first_name,
            last_name,
            contacts,
            about: String::new(),
            bot_token: None,
            password: None,
        });
        Some(id)
    }

    /// Makes a user a bot that logs in with this token.
    pub(crate) fn set_bot_token(&mut self, id: UserId, token: BotToken) {
        if let Some(user) = self.users.by_id(id).cloned() {
            self.insert_user(User { bot_token: Some(token), ..user });
        }
    }

    /// Puts a user who exists in the place of what was known of them. The caller has checked that the name is free.
    pub(crate) fn replace_user(&mut self, user: User) {
        if self.users.by_id(user.id).is_some() {
            self.insert_user(user);
        }
    }

    /// Sets, changes or (with `None`) removes the second step of a login.
    pub(crate) fn set_password(&mut self, user: UserId, password: Option<StoredPassword>) {
        if self.users.set_password(user, password.clone()) {
            self.records.push(Record::Password { user, password });
        }
    }

    pub(crate) fn add_contact(&mut self, owner: UserId, contact: UserId) {
        if self.users.by_id(contact).is_some() && self.users.add_contact(owner, contact) {
            self.records.push(Record::Contact { owner, contact });
        }
    }

    /// Puts a message into both mailboxes (one, when somebody writes to themselves): the sender's event comes first.
    pub(crate) fn send(&mut self, sending: Sending) -> Vec<Happened> {
        self.records.push(Record::Sent(sending.clone()));
        let uid = self.next_uid;
        self.next_uid += 1;
        let Sending { from, to, date, body, random_id, reply_to } = sending;
        let copy = |peer, out, body| Message { id: 0, uid, from, peer, out, date, body, reply_to };
        let limit = self.limits.messages;
        // Official servers mark what is in the chat with oneself as incoming.
        let own = copy(to, from != to, body.clone());
        let mut happened = Vec::with_capacity(2);
        if let Some(mail) = self.mails.get_mut(&from) {
            happened.push(Happened { user: from, event: mail.store(own, random_id, limit) });
            if from == to {
                mail.mark_read(to);
            }
        }
        if from != to
            && let Some(mail) = self.mails.get_mut(&to)
        {
            happened.push(Happened { user: to, event: mail.store(copy(from, false, body), None, limit) });
        }
        happened
    }

    /// `reader` has read the chat with `peer` up to `max_id`.
    pub(crate) fn read(&mut self, reader: UserId, peer: UserId, max_id: i32) -> Vec<Happened> {
        let limit = self.limits.messages;
        let read = self.mails.get_mut(&reader).and_then(|mail| mail.read(peer, max_id, limit));
        let Some((event, uid)) = read else { return Vec::new() };
        self.records.push(Record::Read { reader, peer, max_id });
        let mut happened = vec![Happened { user: reader, event }];
        let seen = uid
            .filter(|_| reader != peer)
            .and_then(|uid| self.mails.get_mut(&peer)?.read_by_peer(reader, uid, limit));
        happened.extend(seen.map(|event| Happened { user: peer, event }));
        happened
    }

    /// Removes messages of a user and, when wished, the other sides' copies.
    pub(crate) fn delete(&mut self, user: UserId, ids: &[i32], both_sides: bool) -> Vec<Happened> {
        let limit = self.limits.messages;
        let deleted = self.mails.get_mut(&user).and_then(|mail| mail.delete(ids, limit));
        let Some((event, copies)) = deleted else { return Vec::new() };
        self.records.push(Record::Deleted { user, ids: ids.to_vec(), both_sides });
        let mut happened = vec![Happened { user, event }];
        if both_sides {
            let mut per_peer: BTreeMap<UserId, Vec<i32>> = BTreeMap::new();
            for (peer, uid) in copies {
                if let Some(id) = self.mails.get(&peer).and_then(|mail| mail.id_of(uid)) {
                    per_peer.entry(peer).or_default().push(id);
                }
            }
            for (peer, ids) in per_peer {
                let deleted = self.mails.get_mut(&peer).and_then(|mail| mail.delete(&ids, limit));
                happened.extend(deleted.map(|(event, _)| Happened { user: peer, event }));
            }
        }
        happened
    }

    /// Remembers a new key. False when there are too many keys that somebody uses.
    pub(crate) fn add_key(&mut self, record: KeyRecord) -> bool {
        if self.keys.len() >= self.limits.keys {
            let Some(oldest) = self.keys.most_dispensable() else { return false };
            self.remove_key(oldest);
        }
        self.records.push(Record::Key(record.clone()));
        self.keys.insert(record);
        true
    }

    pub(crate) fn remove_key(&mut self, key: i64) -> bool {
        let known = self.keys.remove(key).is_some();
        if known {
            self.records.push(Record::KeyGone { key });
        }
        known
    }

    /// Logs a device in or (with `None`) out.
    pub(crate) fn set_key_user(&mut self, key: i64, user: Option<UserId>) {
        let device = self.keys.device(key).0;
        if let Some(record) = self.keys.get_mut(device)
            && record.user != user
        {
            record.user = user;
            self.records.push(Record::Login { key: device, user });
        }
    }

    pub(crate) fn set_key_layer(&mut self, key: i64, layer: i32) {
        if let Some(record) = self.keys.get_mut(key)
            && record.layer != Some(layer)
        {
            record.layer = Some(layer);
            self.records.push(Record::Layer { key, layer });
        }
    }

    /// Notes which program uses the device of a key.
    pub(crate) fn set_program(&mut self, key: i64, program: Program) {
        let device = self.keys.device(key).0;
        if let Some(record) = self.keys.get_mut(device)
            && record.program.as_ref() != Some(&program)
        {
            record.program = Some(program.clone());
            self.records.push(Record::Program { key: device, program });
        }
    }

    /// Notes that the device of a key was used, at this Unix time.
    pub(crate) fn note_use(&mut self, key: i64, unix: i64) {
        let device = self.keys.device(key).0;
        if let Some(record) = self.keys.get_mut(device) {
            record.used = unix;
        }
    }

    /// Binds a temporary key to a permanent one.
    pub(crate) fn bind_key(&mut self, temporary: i64, permanent: i64) {
        if let Some(record) = self.keys.get_mut(temporary) {
            record.bound_to = Some(permanent);
            self.records.push(Record::Bound { temporary, permanent });
        }
    }

    fn insert_user(&mut self, user: User) {
        self.mails.entry(user.id).or_default();
        self.records.push(Record::User(user.clone()));
        self.users.insert(user);
    }

    fn apply(&mut self, record: Record) {
        match record {
            Record::Secret(secret) => self.secret = secret,
            Record::NextUid(uid) => self.next_uid = uid,
            Record::User(user) => self.insert_user(user),
            Record::Contact { owner, contact } => self.add_contact(owner, contact),
            Record::Password { user, password } => self.set_password(user, password),
            Record::Mail { user, mut mail } => {
                mail.reindex();
                self.mails.insert(user, mail);
            }
            Record::Sent(sending) => drop(self.send(sending)),
            Record::Read { reader, peer, max_id } => drop(self.read(reader, peer, max_id)),
            Record::Deleted { user, ids, both_sides } => drop(self.delete(user, &ids, both_sides)),
            Record::Key(key) => self.keys.insert(key),
            Record::Login { key, user } => self.set_key_user(key, user),
            Record::Layer { key, layer } => self.set_key_layer(key, layer),
            Record::Program { key, program } => self.set_program(key, program),
            Record::Bound { temporary, permanent } => self.bind_key(temporary, permanent),
            Record::KeyGone { key } => drop(self.keys.remove(key)),
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
