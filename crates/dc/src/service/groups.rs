//! `messages.*` on basic groups: making them, who is in them, what they are called.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{list, object},
};
use crate::world::{
    Happened, Sending,
    groups::{Group, GroupKind},
    mailbox::{Body, Notice},
    peer::PeerId,
    users::UserId,
};

/// Most members of a basic group, as the configuration tells clients.
const MOST_MEMBERS: usize = 200;
/// Longest title; what is longer is cut.
const LONGEST_TITLE: usize = 128;
/// Groups asked for in one request.
const MOST: usize = 1_000;

impl Service {
    pub(super) fn messages_create_chat(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let title = title(request)?;
        let users = self.named_users(own, request)?;
        if users.len() >= MOST_MEMBERS {
            return Err(bad("USERS_TOO_MUCH"));
        }
        let made = self.world.add_group(GroupKind::Basic, title.clone(), String::new(), own, asker.date());
        let mut group = made.ok_or_else(|| bad("CHANNELS_TOO_MUCH"))?;
        for user in &users {
            group.admit(*user, own, asker.date(), 0);
        }
        let id = group.id;
        self.world.replace_group(group);
        let happened = self.announce(asker, own, id, Notice::Created { title, users }, None);
        Ok(invited(self.updates(own, Vec::new(), &happened, asker.date())))
    }

    pub(super) fn messages_add_chat_user(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut group = self.own_chat(own, request.long("chat_id"))?.clone();
        let user = self.named(own, request.object("user_id"), "USER_ID_INVALID")?;
        if group.members.len() >= MOST_MEMBERS {
            return Err(bad("USERS_TOO_MUCH"));
        }
        if !group.admit(user, own, asker.date(), 0) {
            return Err(bad("USER_ALREADY_PARTICIPANT"));
        }
        let id = group.id;
        self.world.replace_group(group);
        let happened = self.announce(asker, own, id, Notice::Added { users: vec![user] }, None);
        Ok(invited(self.updates(own, Vec::new(), &happened, asker.date())))
    }

    pub(super) fn messages_delete_chat_user(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.own_chat(own, request.long("chat_id"))?;
        let user = self.named(own, request.object("user_id"), "USER_ID_INVALID")?;
        let member = group.members.get(&user).ok_or_else(|| bad("USER_NOT_PARTICIPANT"))?;
        // Everybody may leave, the creator removes anybody, and others whom they brought.
        if user != own && group.creator != own && member.inviter != own {
            return Err(bad("CHAT_ADMIN_REQUIRED"));
        }
        let id = group.id;
        let happened = self.announce(asker, own, id, Notice::Removed { user }, Some(user));
        Ok(self.updates(own, Vec::new(), &happened, asker.date()))
    }

    pub(super) fn messages_edit_chat_title(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.own_chat(own, request.long("chat_id"))?.clone();
        self.retitle(asker, group, request)
    }

    pub(super) fn messages_get_chats(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let asked = request.vector("id").unwrap_or(&[]).iter().take(MOST);
        let groups = asked.map(|id| self.own_chat(own, id.as_long())).collect::<Result<Vec<_>, _>>()?;
        Ok(self.chats(own, groups))
    }

    pub(super) fn messages_get_full_chat(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.own_chat(own, request.long("chat_id"))?;
        let members = group.members.iter().map(|(user, member)| {
            if *user == group.creator {
                return object("chatParticipantCreator").with("user_id", user.0);
            }
            object("chatParticipant")
                .with("user_id", user.0)
                .with("inviter_id", member.inviter.0)
                .with("date", member.date)
        });
        let participants = object("chatParticipants")
            .with("chat_id", group.id.number())
            .with("participants", list(members))
            .with("version", group.version);
        let full = object("chatFull")
            .with("id", group.id.number())
            .with("about", group.about.as_str())
            .with("participants", participants)
            .with("notify_settings", object("peerNotifySettings"));
        let peers = group.members.keys().map(|user| PeerId::from(*user)).chain([group.id]);
        Ok(self.with_cast(object("messages.chatFull").with("full_chat", full), own, peers).into())
    }

    /// The users in the field `users` of a request, oneself left out.
    pub(super) fn named_users(&self, own: UserId, request: &Object) -> Result<Vec<UserId>, RpcError> {
        let asked = request.vector("users").unwrap_or(&[]).iter().take(MOST);
        let named = asked.map(|input| self.named(own, input.as_object(), "USER_ID_INVALID"));
        let mut users = named.collect::<Result<Vec<UserId>, _>>()?;
        users.sort_unstable();
        users.dedup();
        users.retain(|user| *user != own);
        Ok(users)
    }

    /// Gives a group another name and says so in it.
    pub(super) fn retitle(
        &mut self,
        asker: &Asker,
        group: Group,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let title = title(request)?;
        if title == group.title {
            return Err(bad("CHAT_NOT_MODIFIED"));
        }
        let id = group.id;
        self.world.replace_group(Group { title: title.clone(), ..group });
        let happened = self.announce(asker, own, id, Notice::Titled { title }, None);
        Ok(self.updates(own, Vec::new(), &happened, asker.date()))
    }

    /// Says something about a group in it, to everybody; who leaves by it hears it as the last thing.
    pub(super) fn announce(
        &mut self,
        asker: &Asker,
        from: UserId,
        to: PeerId,
        notice: Notice,
        leaves: Option<UserId>,
    ) -> Vec<Happened> {
        let date = asker.date();
        let body = Body::Group(notice);
        let sending = Sending { from, to, date, body, random_id: None, reply_to: None };
        let happened = self.world.send(sending);
        if let Some((user, mut group)) = leaves.zip(self.world.group(to).cloned()) {
            group.dismiss(user);
            self.world.replace_group(group);
        }
        self.push_happened(&happened, Some(asker.session), date);
        happened
    }
}

/// What somebody who invites is told; nobody here minds being invited. Older layers had the updates alone.
pub(super) fn invited(updates: Value) -> Value {
    object("messages.invitedUsers")
        .with("updates", updates)
        .with("missing_invitees", Value::Vector(Vec::new()))
        .into()
}

/// The title in a request.
pub(super) fn title(request: &Object) -> Result<String, RpcError> {
    let title = request.str("title").unwrap_or("").trim();
    if title.is_empty() {
        Err(bad("CHAT_TITLE_EMPTY"))
    } else {
        Ok(title.chars().take(LONGEST_TITLE).collect())
    }
}
