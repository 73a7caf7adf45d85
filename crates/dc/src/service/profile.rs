//! What an account says about itself: names, username, a few words, and whether somebody is there.

use std::collections::BTreeSet;

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service,
    auth::LONGEST_NAME,
    bad,
    build::{Build, list, object},
    show::short,
};
use crate::{
    calls::Audience,
    world::users::{User, UserId},
};

/// Longest description of oneself, as official clients limit it.
const LONGEST_ABOUT: usize = 70;
/// Length of a username that somebody may choose.
const USERNAME: std::ops::RangeInclusive<usize> = 5..=32;
/// Seconds for which "I am here" is believed; clients say it again earlier.
const ONLINE: i32 = 300;

/// Whether somebody is there, as they said themselves. Forgotten at a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Until this Unix time, unless they say so again.
    Online { expires: i32 },
    /// Since this Unix time.
    Offline { since: i32 },
}

impl Service {
    pub(super) fn account_update_profile(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut user = self.own_user(own)?;
        if let Some(name) = request.str("first_name").map(str::trim) {
            if name.is_empty() || name.chars().count() > LONGEST_NAME {
                return Err(bad("FIRSTNAME_INVALID"));
            }
            user.first_name = name.to_owned();
        }
        if let Some(name) = request.str("last_name").map(str::trim) {
            if name.chars().count() > LONGEST_NAME {
                return Err(bad("LASTNAME_INVALID"));
            }
            user.last_name = name.to_owned();
        }
        if let Some(about) = request.str("about").map(str::trim) {
            if about.chars().count() > LONGEST_ABOUT {
                return Err(bad("ABOUT_TOO_LONG"));
            }
            user.about = about.to_owned();
        }
        self.change_user(asker, user)
    }

    pub(super) fn account_check_username(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let name = request.str("username").unwrap_or("");
        if !is_username(name) {
            return Err(bad("USERNAME_INVALID"));
        }
        let taken = self
            .world
            .users()
            .by_name(name)
            .map_or_else(|| self.world.is_name_taken(name), |user| user.id != own);
        Ok(Value::Bool(!taken))
    }

    pub(super) fn account_update_username(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut user = self.own_user(own)?;
        // Without a name one is found by the number only.
        let name = request.str("username").filter(|name| !name.is_empty());
        if name.is_some_and(|name| !is_username(name)) {
            return Err(bad("USERNAME_INVALID"));
        }
        if name == user.username.as_deref() {
            return Err(bad("USERNAME_NOT_MODIFIED"));
        }
        let by_another = |name| match self.world.users().by_name(name) {
            Some(user) => user.id != own,
            None => self.world.is_name_taken(name),
        };
        if name.is_some_and(by_another) {
            return Err(bad("USERNAME_OCCUPIED"));
        }
        user.username = name.map(str::to_owned);
        self.change_user(asker, user)
    }

    pub(super) fn account_update_status(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let date = asker.date();
        let now = if request.bool("offline") == Some(true) {
            Presence::Offline { since: date }
        } else {
            Presence::Online { expires: date.saturating_add(ONLINE) }
        };
        self.presence.insert(own, now);
        let update = object("updateUserStatus").with("user_id", own.0).with("status", self.status(own));
        for user in self.acquaintances(own) {
            self.push(user, Audience::All, None, short(update.clone(), date));
        }
        Ok(Value::Bool(true))
    }

    pub(super) fn contacts_get_statuses(&self, asker: &Asker) -> Result<Value, RpcError> {
        let own = self.own_user(asker.logged_in()?)?;
        let status =
            |id: &UserId| object("contactStatus").with("user_id", id.0).with("status", self.status(*id));
        Ok(list(own.contacts.iter().map(status)))
    }

    /// Whether somebody is there.
    pub(super) fn status(&self, user: UserId) -> Object {
        match self.presence.get(&user) {
            Some(Presence::Online { expires }) => object("userStatusOnline").with("expires", *expires),
            Some(Presence::Offline { since }) => object("userStatusOffline").with("was_online", *since),
            None => object("userStatusRecently"),
        }
    }

    pub(super) fn own_user(&self, own: UserId) -> Result<User, RpcError> {
        self.world.users().by_id(own).cloned().ok_or_else(|| bad("USER_ID_INVALID"))
    }

    /// Puts a changed user in the place of the old one and tells everybody concerned.
    fn change_user(&mut self, asker: &Asker, user: User) -> Result<Value, RpcError> {
        let own = user.id;
        let names = user.username.iter().map(|name| {
            let username = object("username").with_flag("editable", true).with_flag("active", true);
            username.with("username", name.as_str())
        });
        let update = object("updateUserName")
            .with("user_id", own.0)
            .with("first_name", user.first_name.as_str())
            .with("last_name", user.last_name.as_str())
            .with("usernames", list(names))
            // Layers before several usernames had one.
            .with("username", user.username.clone().unwrap_or_default());
        let shown = self.user(own, &user);
        self.world.replace_user(user);
        for it in self.acquaintances(own) {
            self.push(it, Audience::All, None, short(update.clone(), asker.date()));
        }
        self.push(own, Audience::All, Some(asker.session), short(update, asker.date()));
        Ok(shown)
    }

    /// Who has a user in the contacts or a chat with them, themselves excepted.
    pub(super) fn acquaintances(&self, own: UserId) -> BTreeSet<UserId> {
        let knows = |user: &&User| {
            let talks = || self.world.mail(user.id).is_some_and(|mail| mail.dialog(own).is_some());
            user.id != own && (user.contacts.contains(&own) || talks())
        };
        self.world.users().iter().filter(knows).map(|user| user.id).collect()
    }
}

/// Latin letters, digits and underscores, a letter first.
pub(super) fn is_username(name: &str) -> bool {
    USERNAME.contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
