//! `users.*` and `contacts.*`: finding people and remembering them.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{list, object},
    show::peer,
};
use crate::{
    Phone,
    world::{
        peer::PeerId,
        users::{User, UserId},
    },
};

/// Users asked for or contacts imported in one request.
const MOST: usize = 1_000;
/// People found by a search.
const FOUND: usize = 50;

impl Service {
    /// The user an `InputUser` or an `InputPeer` names; `error` when there is none or its access hash is not the asker's.
    pub(super) fn named(
        &self,
        asker: UserId,
        input: Option<&Object>,
        error: &str,
    ) -> Result<UserId, RpcError> {
        let input = input.ok_or_else(|| bad(error))?;
        match input.name() {
            "inputUserSelf" | "inputPeerSelf" => Ok(asker),
            "inputUser" | "inputPeerUser" => {
                let id = UserId(input.long("user_id").unwrap_or(0));
                let hash = input.long("access_hash").unwrap_or(0);
                let known = self.world.users().by_id(id).is_some();
                // One's own id needs no hash.
                let named = known && (id == asker || hash == self.world.access_hash(asker, id));
                if named { Ok(id) } else { Err(bad(error)) }
            }
            _ => Err(bad(error)),
        }
    }

    pub(super) fn users_get_users(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let asked = request.vector("id").unwrap_or(&[]);
        let found = asked.iter().take(MOST).filter_map(|input| {
            let id = self.named(own, input.as_object(), "USER_ID_INVALID").ok()?;
            Some(self.user(own, self.world.users().by_id(id)?))
        });
        Ok(list(found))
    }

    pub(super) fn users_get_full_user(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let id = self.named(own, request.object("id"), "USER_ID_INVALID")?;
        let about = self.world.users().by_id(id).map(|user| user.about.clone()).filter(|it| !it.is_empty());
        let full = object("userFull")
            .with_opt("about", about)
            .with("phone_calls_available", true)
            .with("can_pin_message", true)
            .with("id", id.0)
            .with("settings", object("peerSettings"))
            .with("notify_settings", object("peerNotifySettings"))
            .with_opt("profile_photo", self.current_photo(own, id))
            .with("common_chats_count", self.common_chats(own, id));
        Ok(object("users.userFull")
            .with("full_user", full)
            .with("chats", Value::Vector(Vec::new()))
            .with("users", self.users(own, [id]))
            .into())
    }

    pub(super) fn contacts_resolve_username(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let name = request.str("username").unwrap_or("");
        if name.is_empty() {
            return Err(bad("USERNAME_INVALID"));
        }
        let user = self.world.users().by_name(name).map(|user| PeerId::from(user.id));
        let group = || self.world.group_by_name(name).map(|group| group.id);
        Ok(self.resolved(own, user.or_else(group).ok_or_else(|| bad("USERNAME_NOT_OCCUPIED"))?))
    }

    pub(super) fn contacts_resolve_phone(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let phone = Phone::new(request.str("phone").unwrap_or(""));
        let user = self.world.users().by_phone(&phone).ok_or_else(|| bad("PHONE_NOT_OCCUPIED"))?;
        Ok(self.resolved(own, user.id))
    }

    pub(super) fn contacts_import_contacts(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut imported: Vec<(UserId, i64)> = Vec::new();
        for contact in
            request.vector("contacts").unwrap_or(&[]).iter().take(MOST).filter_map(Value::as_object)
        {
            let phone = Phone::new(contact.str("phone").unwrap_or(""));
            if let Some(user) = self.world.users().by_phone(&phone).map(|user| user.id) {
                imported.push((user, contact.long("client_id").unwrap_or(0)));
            }
        }
        for (user, _) in &imported {
            self.world.add_contact(own, *user);
        }
        let contacts = imported.iter().map(|(user, client)| {
            object("importedContact").with("user_id", user.0).with("client_id", *client)
        });
        Ok(object("contacts.importedContacts")
            .with("imported", list(contacts))
            .with("popular_invites", Value::Vector(Vec::new()))
            .with("retry_contacts", Value::Vector(Vec::new()))
            .with("users", self.users(own, imported.iter().map(|(user, _)| *user)))
            .into())
    }

    pub(super) fn contacts_add_contact(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let user = self.named(own, request.object("id"), "CONTACT_ID_INVALID")?;
        self.world.add_contact(own, user);
        Ok(self.updates_with(own, Vec::new(), [user], asker.date()))
    }

    pub(super) fn contacts_delete_contacts(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let asked = request.vector("id").unwrap_or(&[]).iter().take(MOST);
        let ids = asked.map(|input| self.named(own, input.as_object(), "CONTACT_ID_INVALID"));
        let ids = ids.collect::<Result<Vec<UserId>, _>>()?;
        if let Some(mut user) = self.world.users().by_id(own).cloned() {
            user.contacts.retain(|contact| !ids.contains(contact));
            self.world.replace_user(user);
        }
        Ok(self.updates_with(own, Vec::new(), ids, asker.date()))
    }

    pub(super) fn contacts_get_contacts(&self, asker: &Asker) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let contacts = self.world.users().by_id(own).map(|user| user.contacts.clone()).unwrap_or_default();
        let mutual =
            |id: &UserId| self.world.users().by_id(*id).is_some_and(|user| user.contacts.contains(&own));
        let shown =
            contacts.iter().map(|id| object("contact").with("user_id", id.0).with("mutual", mutual(id)));
        Ok(object("contacts.contacts")
            .with("contacts", list(shown))
            .with("saved_count", 0)
            .with("users", self.users(own, contacts.iter().copied()))
            .into())
    }

    pub(super) fn contacts_search(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let words = request.str("q").unwrap_or("").trim_start_matches('@').to_lowercase();
        if words.chars().count() < 3 {
            return Err(bad("QUERY_TOO_SHORT"));
        }
        let fits = |user: &&User| {
            let name = user.username.as_deref().unwrap_or("").to_lowercase();
            name.starts_with(&words) || user.first_name.to_lowercase().starts_with(&words)
        };
        let found: Vec<UserId> =
            self.world.users().iter().filter(fits).take(FOUND).map(|user| user.id).collect();
        Ok(object("contacts.found")
            .with("my_results", Value::Vector(Vec::new()))
            .with("results", list(found.iter().map(|id| peer(*id))))
            .with("chats", Value::Vector(Vec::new()))
            .with("users", self.users(own, found))
            .into())
    }

    fn resolved(&self, viewer: UserId, found: impl Into<PeerId>) -> Value {
        let found = found.into();
        let answer = object("contacts.resolvedPeer").with("peer", peer(found));
        self.with_cast(answer, viewer, [found]).into()
    }

    /// How many groups two people are both in.
    fn common_chats(&self, own: UserId, other: UserId) -> i32 {
        let common = self.world.groups_of(own).filter(|group| own != other && group.has(other)).count();
        i32::try_from(common).unwrap_or(i32::MAX)
    }
}
