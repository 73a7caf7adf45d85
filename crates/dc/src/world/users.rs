//! Who exists: ids, phone numbers, public names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::password::StoredPassword;
use crate::{Phone, secret::BotToken};

/// Telegram's number of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct UserId(pub i64);

/// The first id given out; the next user gets the next number.
const FIRST_USER: i64 = 1_000_001;

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub id: UserId,
    pub phone: Phone,
    pub username: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub contacts: BTreeSet<UserId>,
    /// A few words about oneself.
    #[serde(default)]
    pub about: String,
    /// Files shown as one's picture, the present one first.
    #[serde(default)]
    pub photos: Vec<i64>,
    /// What a bot logs in with; `None` for people.
    #[serde(default)]
    pub bot_token: Option<BotToken>,
    /// The data centre the account lives on; `None` for the first.
    #[serde(default)]
    pub home: Option<i32>,
    /// The second step of a login, when the account has one.
    #[serde(default)]
    pub password: Option<StoredPassword>,
}

/// All users and the ways to find them.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_id: BTreeMap<UserId, User>,
    by_phone: HashMap<Phone, UserId>,
    by_name: HashMap<String, UserId>,
}

impl Users {
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.by_id.values()
    }

    pub(crate) fn by_id(&self, id: UserId) -> Option<&User> {
        self.by_id.get(&id)
    }

    pub(crate) fn by_phone(&self, phone: &Phone) -> Option<&User> {
        self.by_phone.get(phone).and_then(|id| self.by_id.get(id))
    }

    /// Public names do not distinguish case.
    pub(crate) fn by_name(&self, name: &str) -> Option<&User> {
        self.by_name.get(&name.trim_start_matches('@').to_lowercase()).and_then(|id| self.by_id.get(id))
    }

    /// Tokens are compared in constant time: they are all a bot has.
    pub(crate) fn by_token(&self, token: &str) -> Option<&User> {
        self.iter().find(|user| user.bot_token.as_ref().is_some_and(|own| own.is(token)))
    }

    /// The id the next new user gets.
    pub(crate) fn next_id(&self) -> UserId {
        UserId(self.by_id.last_key_value().map_or(FIRST_USER, |(id, _)| id.0 + 1))
    }

    /// Adds or replaces a user. The caller has checked that number and name are free.
    pub(crate) fn insert(&mut self, user: User) {
        if let Some(old) = self.by_id.remove(&user.id) {
            self.by_phone.remove(&old.phone);
            if let Some(name) = old.username {
                self.by_name.remove(&name.to_lowercase());
            }
        }
        self.by_phone.insert(user.phone.clone(), user.id);
        if let Some(name) = &user.username {
            self.by_name.insert(name.to_lowercase(), user.id);
        }
        self.by_id.insert(user.id, user);
    }

    /// Sets or removes the password of a user. False when nobody has that id.
    pub(crate) fn set_password(&mut self, id: UserId, password: Option<StoredPassword>) -> bool {
        self.by_id.get_mut(&id).map(|user| user.password = password).is_some()
    }

    /// Puts `contact` into the address book of `owner`. False when nothing changed.
    pub(crate) fn add_contact(&mut self, owner: UserId, contact: UserId) -> bool {
        self.by_id.get_mut(&owner).is_some_and(|user| user.contacts.insert(contact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64, phone: &str, name: Option<&str>) -> User {
        User {
            id: UserId(id),
            phone: Phone::new(phone),
            username: name.map(str::to_owned),
            first_name: "A".into(),
            last_name: String::new(),
            contacts: BTreeSet::new(),
            about: String::new(),
            photos: Vec::new(),
            bot_token: None,
            home: None,
            password: None,
        }
    }

    #[test]
    fn a_user_is_found_by_id_number_and_name_in_any_case() {
        let mut users = Users::default();
        assert_eq!(users.next_id(), UserId(1_000_001));
        users.insert(user(1_000_001, "+100001", Some("Alice")));
        assert_eq!(users.next_id(), UserId(1_000_002));
        assert_eq!(users.by_name("@aLICE").map(|user| user.id), Some(UserId(1_000_001)));
        assert_eq!(users.by_phone(&Phone::new("100001")).map(|user| user.id), Some(UserId(1_000_001)));
        assert!(users.by_name("bob").is_none());
    }

    #[test]
    fn a_replaced_user_is_no_longer_found_by_the_old_name() {
        let mut users = Users::default();
        users.insert(user(1, "100001", Some("old")));
        users.insert(user(1, "100002", Some("new")));
        assert!(users.by_name("old").is_none() && users.by_phone(&Phone::new("100001")).is_none());
        assert_eq!(users.by_name("new").map(|user| user.phone.clone()), Some(Phone::new("100002")));
        assert_eq!(users.len(), 1);
    }
}
