//! `channels.*`: supergroups and broadcast channels, whose messages and pts are their own.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{Build, list, object},
    groups::{invited, title},
    profile::is_username,
    rooms::all_rights,
    show::short,
};
use crate::{
    calls::Audience,
    world::{
        groups::{Group, GroupKind, Member},
        mailbox::Notice,
        peer::PeerId,
        users::UserId,
    },
};

/// Longest description, as official clients limit it.
const LONGEST_ABOUT: usize = 255;
/// Most members of a channel, as the configuration tells clients.
const MOST_MEMBERS: usize = 200_000;
/// Members in one answer.
const PAGE: usize = 200;
/// Channels or messages named in one request.
const MOST: usize = 100;

impl Service {
    pub(super) fn channels_create_channel(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let title = title(request)?;
        let about = request.str("about").unwrap_or("").trim();
        if about.chars().count() > LONGEST_ABOUT {
            return Err(bad("CHAT_ABOUT_TOO_LONG"));
        }
        let kind = if request.flag("broadcast") { GroupKind::Broadcast } else { GroupKind::Supergroup };
        let made = self.world.add_group(kind, title.clone(), about.to_owned(), own, asker.date());
        let id = made.ok_or_else(|| bad("CHANNELS_TOO_MUCH"))?.id;
        let happened = self.announce(asker, own, id, Notice::ChannelCreated { title }, None);
        Ok(self.updates(own, vec![changed(id)], &happened, asker.date()))
    }

    pub(super) fn channels_invite_to_channel(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut group = self.joined_channel(own, request)?.clone();
        if group.kind == GroupKind::Broadcast && group.creator != own {
            return Err(bad("CHAT_ADMIN_REQUIRED"));
        }
        let mut users = self.named_users(own, request)?;
        if group.members.len() + users.len() > MOST_MEMBERS {
            return Err(bad("USERS_TOO_MUCH"));
        }
        let read = self.world.mail(group.id).map_or(0, |mail| mail.newest_id());
        users.retain(|user| group.admit(*user, own, asker.date(), read));
        Ok(invited(self.enter(asker, own, group, users)))
    }

    pub(super) fn channels_join_channel(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut group = self.visible_channel(own, request.object("channel"))?.clone();
        let read = self.world.mail(group.id).map_or(0, |mail| mail.newest_id());
        if group.members.len() >= MOST_MEMBERS {
            return Err(bad("USERS_TOO_MUCH"));
        }
        if !group.admit(own, own, asker.date(), read) {
            return Err(bad("USER_ALREADY_PARTICIPANT"));
        }
        let updates = self.enter(asker, own, group, vec![own]);
        // Older layers had the updates alone.
        Ok(object("messages.chatInviteJoinResultOk").with("updates", updates).into())
    }

    pub(super) fn channels_leave_channel(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.joined_channel(own, request)?;
        if group.creator == own {
            return Err(bad("USER_CREATOR"));
        }
        let (id, date) = (group.id, asker.date());
        if group.kind == GroupKind::Supergroup {
            self.announce(asker, own, id, Notice::Removed { user: own }, Some(own));
        } else {
            let mut group = group.clone();
            group.dismiss(own);
            self.world.replace_group(group);
        }
        let updates = self.updates_with(own, vec![changed(id).into()], [id, own.into()], date);
        self.push(own, Audience::All, Some(asker.session), updates.clone());
        Ok(updates)
    }

    pub(super) fn channels_edit_title(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let group = self.created_channel(asker.logged_in()?, request)?.clone();
        self.retitle(asker, group, request)
    }

    pub(super) fn channels_check_username(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let name = request.str("username").unwrap_or("");
        if !is_username(name) {
            return Err(bad("USERNAME_INVALID"));
        }
        // Before a channel is made, clients ask about none.
        let channel = request.object("channel").filter(|it| it.name() != "inputChannelEmpty");
        let own = channel.map(|it| self.named_channel(asker.logged_in()?, Some(it))).transpose()?;
        let is_own =
            own.is_some_and(|it| it.username.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(name)));
        Ok(Value::Bool(is_own || !self.world.is_name_taken(name)))
    }

    pub(super) fn channels_update_username(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.created_channel(own, request)?.clone();
        let name = request.str("username").filter(|name| !name.is_empty());
        if name.is_some_and(|name| !is_username(name)) {
            return Err(bad("USERNAME_INVALID"));
        }
        if name == group.username.as_deref() {
            return Err(bad("USERNAME_NOT_MODIFIED"));
        }
        let same = |name: &str| group.username.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(name));
        if name.is_some_and(|name| !same(name) && self.world.is_name_taken(name)) {
            return Err(bad("USERNAME_OCCUPIED"));
        }
        let id = group.id;
        self.world.replace_group(Group { username: name.map(str::to_owned), ..group });
        self.tell_changed(id, Some(asker), asker.date());
        Ok(Value::Bool(true))
    }

    pub(super) fn channels_get_channels(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let asked = request.vector("id").unwrap_or(&[]).iter().take(MOST);
        let groups =
            asked.map(|input| self.named_channel(own, input.as_object())).collect::<Result<Vec<_>, _>>()?;
        Ok(self.chats(own, groups))
    }

    pub(super) fn channels_get_full_channel(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.visible_channel(own, request.object("channel"))?;
        let member = group.members.get(&own);
        let full = object("channelFull")
            .with_flag("can_view_participants", may_see_members(group, own))
            .with_flag("can_set_username", group.creator == own)
            .with("id", group.id.number())
            .with("about", group.about.as_str())
            .with("participants_count", i32::try_from(group.members.len()).unwrap_or(i32::MAX))
            .with("admins_count", 1)
            .with("read_inbox_max_id", member.map_or(0, |member| member.read))
            .with("read_outbox_max_id", member.map_or(0, |member| member.seen))
            .with("unread_count", self.world.unread_in_channel(own, group.id))
            .with("chat_photo", object("photoEmpty").with("id", 0_i64))
            .with("notify_settings", object("peerNotifySettings"))
            .with("bot_info", Value::Vector(Vec::new()))
            .with("pts", self.world.mail(group.id).map_or(1, |mail| mail.pts()));
        let answer = object("messages.chatFull").with("full_chat", full);
        Ok(self.with_cast(answer, own, [group.id, own.into()]).into())
    }

    pub(super) fn channels_get_participants(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.visible_channel(own, request.object("channel"))?;
        if !may_see_members(group, own) {
            return Err(bad("CHAT_ADMIN_REQUIRED"));
        }
        let filter = request.object("filter");
        let words = filter.and_then(|it| it.str("q")).unwrap_or("").to_lowercase();
        let user = |id: &UserId| self.world.users().by_id(*id);
        let fits = |id: &UserId| match filter.map(Object::name) {
            Some("channelParticipantsAdmins") => *id == group.creator,
            Some("channelParticipantsBots") => user(id).is_some_and(|it| it.bot_token.is_some()),
            // Nobody is banned here.
            Some("channelParticipantsKicked" | "channelParticipantsBanned") => false,
            Some("channelParticipantsContacts") => user(&own).is_some_and(|it| it.contacts.contains(id)),
            _ => user(id).is_some_and(|it| {
                let names = [Some(&it.first_name), Some(&it.last_name), it.username.as_ref()];
                names.into_iter().flatten().any(|name| name.to_lowercase().starts_with(&words))
            }),
        };
        let all: Vec<(&UserId, &Member)> = group.members.iter().filter(|(id, _)| fits(id)).collect();
        let number = |field| usize::try_from(request.int(field).unwrap_or(0)).unwrap_or(0);
        let page = all.iter().skip(number("offset")).take(number("limit").min(PAGE));
        let shown = page.clone().map(|(id, member)| participant(group, own, **id, member));
        let answer = object("channels.channelParticipants")
            .with("count", i32::try_from(all.len()).unwrap_or(i32::MAX))
            .with("participants", list(shown));
        let peers = page.map(|(id, _)| PeerId::from(**id)).chain([group.id]);
        Ok(self.with_cast(answer, own, peers).into())
    }

    pub(super) fn channels_get_participant(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.visible_channel(own, request.object("channel"))?;
        // Layers before anonymous admins named a user.
        let input = request.object("participant").or_else(|| request.object("user_id"));
        let user = self.named(own, input, "PARTICIPANT_ID_INVALID")?;
        if user != own && !may_see_members(group, own) {
            return Err(bad("CHAT_ADMIN_REQUIRED"));
        }
        let member = group.members.get(&user).ok_or_else(|| bad("USER_NOT_PARTICIPANT"))?;
        let answer =
            object("channels.channelParticipant").with("participant", participant(group, own, user, member));
        Ok(self.with_cast(answer, own, [group.id, user.into(), member.inviter.into()]).into())
    }

    pub(super) fn channels_get_messages(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let channel = self.visible_channel(own, request.object("channel"))?.id;
        Ok(self.messages_by_id(own, channel, request).into())
    }

    pub(super) fn channels_read_history(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let id = self.joined_channel(own, request)?.id;
        let max_id = request.int("max_id").filter(|id| *id > 0).unwrap_or(i32::MAX);
        let Some(read) = self.world.read_channel(own, id, max_id) else { return Ok(Value::Bool(false)) };
        let inbox = object("updateReadChannelInbox")
            .with("channel_id", id.number())
            .with("max_id", read.max_id)
            .with("still_unread_count", read.unread)
            .with("pts", self.world.mail(id).map_or(1, |mail| mail.pts()));
        self.push(own, Audience::All, Some(asker.session), short(inbox, asker.date()));
        for (author, max_id) in read.authors {
            let outbox =
                object("updateReadChannelOutbox").with("channel_id", id.number()).with("max_id", max_id);
            self.push(author, Audience::All, None, short(outbox, asker.date()));
        }
        Ok(Value::Bool(true))
    }

    pub(super) fn channels_delete_messages(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let group = self.joined_channel(own, request)?;
        let ids: Vec<i32> =
            request.vector("id").unwrap_or(&[]).iter().take(MOST).filter_map(Value::as_int).collect();
        let is_own = |id: &i32| {
            let message = self.world.mail(group.id).and_then(|mail| mail.message(*id));
            message.is_none_or(|message| message.from == own)
        };
        if group.creator != own && !ids.iter().all(is_own) {
            return Err(RpcError::new(403, "MESSAGE_DELETE_FORBIDDEN"));
        }
        let id = group.id;
        let happened = self.world.delete_in_channel(own, id, &ids, asker.date());
        Ok(self.affected("messages.affectedMessages", asker, id, &happened).into())
    }

    /// The channel a request names, when the asker is in it.
    fn joined_channel(&self, own: UserId, request: &Object) -> Result<&Group, RpcError> {
        let group = self.visible_channel(own, request.object("channel"))?;
        if group.has(own) { Ok(group) } else { Err(bad("USER_NOT_PARTICIPANT")) }
    }

    /// The channel a request names, when the asker made it.
    fn created_channel(&self, own: UserId, request: &Object) -> Result<&Group, RpcError> {
        let group = self.joined_channel(own, request)?;
        if group.creator == own { Ok(group) } else { Err(bad("CHAT_ADMIN_REQUIRED")) }
    }

    /// Puts a channel with new members in the place of the old one and tells the members what concerns them.
    fn enter(&mut self, asker: &Asker, own: UserId, group: Group, users: Vec<UserId>) -> Value {
        let (id, kind, date) = (group.id, group.kind, asker.date());
        if users.is_empty() {
            return self.updates_with(own, Vec::new(), [id, own.into()], date);
        }
        self.world.replace_group(group);
        for user in &users {
            let body = self.updates_with(*user, vec![changed(id).into()], [id, (*user).into()], date);
            self.push(*user, Audience::All, Some(asker.session), body);
        }
        // Nobody is told who reads a broadcast.
        let happened = if kind == GroupKind::Supergroup {
            self.announce(asker, own, id, Notice::Added { users }, None)
        } else {
            Vec::new()
        };
        let updates = vec![changed(id).into()];
        if happened.is_empty() {
            return self.updates_with(own, updates, [id, own.into()], date);
        }
        self.updates(own, vec![changed(id)], &happened, date)
    }

    /// Tells the members of a channel to look at it again.
    fn tell_changed(&mut self, id: PeerId, asker: Option<&Asker>, date: i32) {
        let members = self.world.group(id).into_iter().flat_map(|it| it.members.keys().copied());
        for user in members.collect::<Vec<_>>() {
            let body = self.updates_with(user, vec![changed(id).into()], [id, user.into()], date);
            self.push(user, Audience::All, asker.map(|asker| asker.session), body);
        }
    }
}

fn changed(channel: PeerId) -> Object {
    object("updateChannel").with("channel_id", channel.number())
}

/// Who reads a broadcast is known to its creator only.
fn may_see_members(group: &Group, viewer: UserId) -> bool {
    group.creator == viewer || group.kind == GroupKind::Supergroup
}

fn participant(group: &Group, viewer: UserId, user: UserId, member: &Member) -> Object {
    if user == group.creator {
        return object("channelParticipantCreator")
            .with("user_id", user.0)
            .with("admin_rights", all_rights());
    }
    if user == viewer {
        return object("channelParticipantSelf")
            .with("user_id", user.0)
            .with("inviter_id", member.inviter.0)
            .with("date", member.date);
    }
    object("channelParticipant").with("user_id", user.0).with("date", member.date)
}
