//! Groups and channels as clients name them and as they are shown.

use std::collections::BTreeSet;

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Service, bad,
    build::{Build, list, object},
};
use crate::world::{
    groups::{Group, GroupKind},
    mailbox::Notice,
    peer::{PeerId, PeerKind},
    users::UserId,
};

/// What the creator of a channel may do in it: everything.
pub(super) fn all_rights() -> Object {
    let rights = [
        "change_info",
        "post_messages",
        "edit_messages",
        "delete_messages",
        "ban_users",
        "invite_users",
        "pin_messages",
        "add_admins",
        "manage_call",
        "other",
    ];
    rights.into_iter().fold(object("chatAdminRights"), |it, right| it.with(right, true))
}

/// What a group says about itself, as the action of a service message.
pub(super) fn action(notice: &Notice) -> Object {
    let ids = |users: &[UserId]| list(users.iter().map(|user| user.0));
    match notice {
        Notice::Created { title, users } => {
            object("messageActionChatCreate").with("title", title.as_str()).with("users", ids(users))
        }
        Notice::ChannelCreated { title } => {
            object("messageActionChannelCreate").with("title", title.as_str())
        }
        Notice::Added { users } => object("messageActionChatAddUser").with("users", ids(users)),
        Notice::Removed { user } => object("messageActionChatDeleteUser").with("user_id", user.0),
        Notice::Titled { title } => object("messageActionChatEditTitle").with("title", title.as_str()),
    }
}

impl Service {
    /// The chat an `InputPeer` names; `error` when there is none that the asker may name so.
    pub(super) fn named_peer(
        &self,
        asker: UserId,
        input: Option<&Object>,
        error: &str,
    ) -> Result<PeerId, RpcError> {
        match input.map(|it| (it.name(), it)) {
            Some(("inputPeerChat", input)) => {
                let id = PeerId::chat(input.long("chat_id").unwrap_or(0));
                // Who has left keeps what they had read.
                let had = || self.world.mail(asker).is_some_and(|mail| mail.dialog(id).is_some());
                let known = self.world.group(id).is_some_and(|group| group.has(asker) || had());
                if known { Ok(id) } else { Err(bad(error)) }
            }
            Some(("inputPeerChannel" | "inputChannel", input)) => {
                Ok(self.visible_channel(asker, Some(input))?.id)
            }
            Some((_, input)) => Ok(self.named(asker, Some(input), error)?.into()),
            None => Err(bad(error)),
        }
    }

    /// The channel an `InputChannel` names, whether the asker may look inside or not.
    pub(super) fn named_channel(&self, asker: UserId, input: Option<&Object>) -> Result<&Group, RpcError> {
        let invalid = || bad("CHANNEL_INVALID");
        let input = input.ok_or_else(invalid)?;
        // Anything else has no such number, and 0 is nobody's.
        let id = PeerId::channel(input.long("channel_id").unwrap_or(0));
        let group = self.world.group(id).ok_or_else(invalid)?;
        let named = input.long("access_hash") == Some(self.world.channel_hash(asker, id));
        if named { Ok(group) } else { Err(invalid()) }
    }

    /// The channel an `InputChannel` names, when the asker may look inside.
    pub(super) fn visible_channel(&self, asker: UserId, input: Option<&Object>) -> Result<&Group, RpcError> {
        let group = self.named_channel(asker, input)?;
        if group.is_visible_to(asker) { Ok(group) } else { Err(bad("CHANNEL_PRIVATE")) }
    }

    /// The basic group with this number that the asker is in.
    pub(super) fn own_chat(&self, asker: UserId, id: Option<i64>) -> Result<&Group, RpcError> {
        let group = id.and_then(|id| self.world.group(PeerId::chat(id)));
        group.filter(|group| group.has(asker)).ok_or_else(|| bad("CHAT_ID_INVALID"))
    }

    pub(super) fn is_broadcast(&self, peer: PeerId) -> bool {
        peer.is_channel() && self.world.group(peer).is_some_and(|it| it.kind == GroupKind::Broadcast)
    }

    /// Refuses who may not write in a chat.
    pub(super) fn check_may_write(&self, own: UserId, to: PeerId) -> Result<(), RpcError> {
        let Some(group) = self.world.group(to).filter(|group| !group.admits_words_of(own)) else {
            return Ok(());
        };
        Err(if group.kind == GroupKind::Broadcast {
            bad("CHAT_ADMIN_REQUIRED")
        } else {
            RpcError::new(403, "CHAT_WRITE_FORBIDDEN")
        })
    }

    /// `users` and `chats` of an answer: everybody and everything it names.
    pub(super) fn with_cast(
        &self,
        answer: Object,
        viewer: UserId,
        peers: impl IntoIterator<Item = impl Into<PeerId>>,
    ) -> Object {
        let peers: BTreeSet<PeerId> = peers.into_iter().map(Into::into).collect();
        let chats = peers.iter().filter_map(|id| self.world.group(*id)).map(|it| self.chat(viewer, it));
        answer
            .with("users", self.users(viewer, peers.iter().filter_map(|id| id.user())))
            .with("chats", list(chats))
    }

    /// A group as `viewer` sees it.
    pub(super) fn chat(&self, viewer: UserId, group: &Group) -> Object {
        let id = group.id.number();
        let members = i32::try_from(group.members.len()).unwrap_or(i32::MAX);
        let creator = viewer == group.creator && group.has(viewer);
        let broadcast = group.kind == GroupKind::Broadcast;
        let nothing_banned = || object("chatBannedRights").with("until_date", i32::MAX);
        match group.id.kind() {
            PeerKind::Channel(_) if group.is_visible_to(viewer) => object("channel")
                .with_flag("creator", creator)
                .with_flag("left", !group.has(viewer))
                .with_flag("broadcast", broadcast)
                .with_flag("megagroup", !broadcast)
                .with("id", id)
                .with("access_hash", self.world.channel_hash(viewer, group.id))
                .with("title", group.title.as_str())
                .with_opt("username", group.username.as_deref())
                .with("photo", object("chatPhotoEmpty"))
                .with("date", group.members.get(&viewer).map_or(group.date, |member| member.date))
                .with_opt("admin_rights", creator.then(all_rights))
                .with_opt("default_banned_rights", (!broadcast).then(nothing_banned))
                .with("participants_count", members),
            PeerKind::Channel(_) => object("channelForbidden")
                .with_flag("broadcast", broadcast)
                .with_flag("megagroup", !broadcast)
                .with("id", id)
                .with("access_hash", self.world.channel_hash(viewer, group.id))
                .with("title", group.title.as_str()),
            _ if group.has(viewer) => object("chat")
                .with_flag("creator", creator)
                .with("id", id)
                .with("title", group.title.as_str())
                .with("photo", object("chatPhotoEmpty"))
                .with("participants_count", members)
                .with("date", group.date)
                .with("version", group.version)
                .with("default_banned_rights", nothing_banned()),
            _ => object("chatForbidden").with("id", id).with("title", group.title.as_str()),
        }
    }

    /// The chats an answer names by hand.
    pub(super) fn chats<'g>(&self, viewer: UserId, groups: impl IntoIterator<Item = &'g Group>) -> Value {
        let shown = list(groups.into_iter().map(|group| self.chat(viewer, group)));
        object("messages.chats").with("chats", shown).into()
    }

    /// A chat in the list of chats. `None` for a channel that one is not in.
    pub(super) fn dialog(&self, own: UserId, chat: PeerId) -> Option<Object> {
        let mail = self.world.mail(chat.mailbox(own))?;
        let top = mail.history(chat).next().map_or(0, |message| message.id);
        let (inbox, outbox, unread) = if chat.is_channel() {
            let member = self.world.group(chat)?.members.get(&own);
            let (read, seen) = member.map_or((0, 0), |member| (member.read, member.seen));
            (read, seen, self.world.unread_in_channel(own, chat))
        } else {
            let read = mail.dialog(chat).cloned().unwrap_or_default();
            (read.read_inbox, read.read_outbox, mail.unread(chat))
        };
        Some(
            object("dialog")
                .with("peer", super::show::peer(chat))
                .with("top_message", top)
                .with("read_inbox_max_id", inbox)
                .with("read_outbox_max_id", outbox)
                .with("unread_count", unread)
                .with("unread_mentions_count", 0)
                .with("unread_reactions_count", 0)
                .with("unread_poll_votes_count", 0)
                .with("notify_settings", object("peerNotifySettings"))
                .with_opt("pts", chat.is_channel().then(|| mail.pts())),
        )
    }
}
