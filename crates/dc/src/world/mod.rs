//! The lasting state of the service: users, their messages, their devices' keys. No sockets, no clocks, no layers.
//!
//! Every change goes through a method here, which notes a [`Record`] of it; [`World::take_records`] hands them to the
//! storage, and [`World::replay`] makes the same changes again after a restart.

pub(crate) mod files;
pub(crate) mod groups;
pub(crate) mod keys;
pub(crate) mod mailbox;
pub(crate) mod password;
pub(crate) mod peer;
pub(crate) mod record;
mod talk;
pub(crate) mod users;

use std::collections::{BTreeMap, BTreeSet};

use crate::{Phone, secret::BotToken};
use files::Files;
use groups::Group;
use keys::{KeyRecord, Keys, Program};
use mailbox::Mailbox;
use password::StoredPassword;
use peer::PeerId;
use record::Record;
pub(crate) use talk::{Editing, Happened, Sending};
use users::{User, UserId, Users};

/// Bounds that concern lasting state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorldLimits {
    pub users: usize,
    pub messages: usize,
    pub keys: usize,
    pub groups: usize,
    /// Bytes of all files together.
    pub file_bytes: usize,
}

/// The state.
#[derive(Debug)]
pub(crate) struct World {
    limits: WorldLimits,
    secret: [u8; 32],
    next_uid: u64,
    users: Users,
    keys: Keys,
    /// Of users and of channels.
    mails: BTreeMap<PeerId, Mailbox>,
    groups: BTreeMap<PeerId, Group>,
    files: Files,
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
            groups: BTreeMap::new(),
            files: Files::default(),
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
        records.extend(self.groups.values().cloned().map(Record::Group));
        records.extend(self.files.iter().cloned().map(Record::File));
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

    /// The mailbox of a user or a channel that exists.
    pub(crate) fn mail(&self, owner: impl Into<PeerId>) -> Option<&Mailbox> {
        self.mails.get(&owner.into())
    }

    /// Messages forgotten because of the bound, over all users.
    pub(crate) fn messages_dropped(&self) -> u64 {
        self.mails.values().map(Mailbox::dropped).sum()
    }

    /// The number by which `viewer` must name `subject`.
    pub(crate) fn access_hash(&self, viewer: UserId, subject: UserId) -> i64 {
        self.hash(viewer, b"", subject.0)
    }

    /// A number that only this world can tell of a thing of some kind, another one for every viewer.
    fn hash(&self, viewer: UserId, kind: &[u8], thing: i64) -> i64 {
        let digest = offhook_crypto::hash::sha256_parts(&[
            &self.secret,
            &viewer.0.to_le_bytes(),
            kind,
            &thing.to_le_bytes(),
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
            || username.as_deref().is_some_and(|name| self.is_name_taken(name));
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
            photos: Vec::new(),
            bot_token: None,
            home: None,
            password: None,
        });
        Some(id)
    }

    /// Whether a user or a channel has this public name.
    pub(crate) fn is_name_taken(&self, name: &str) -> bool {
        self.users.by_name(name).is_some() || self.group_by_name(name).is_some()
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

    /// Moves an account to another data centre. False when nobody has that id.
    pub(crate) fn set_home(&mut self, id: UserId, home: Option<i32>) -> bool {
        let Some(user) = self.users.by_id(id).cloned() else { return false };
        self.insert_user(User { home, ..user });
        true
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
        self.mails.entry(user.id.into()).or_default();
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
            Record::Edited(editing) => drop(self.edit(editing)),
            Record::Read { reader, peer, max_id } if peer.is_channel() => {
                self.read_channel(reader, peer, max_id);
            }
            Record::Read { reader, peer, max_id } => drop(self.read(reader, peer, max_id)),
            Record::ChannelDeleted { user, channel, ids, date } => {
                drop(self.delete_in_channel(user, channel, &ids, date));
            }
            Record::Group(group) => self.replace_group(group),
            Record::File(file) => self.insert_file(file),
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
