//! The state as clients are shown it. Everything depends on who looks: access hashes, own messages, contacts.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use offhook_tl::{Object, Value};

use super::{
    Service,
    build::{Build, list, object},
    rooms::action,
};
use crate::{
    ReflectorHandle,
    calls::{Call, EndReason, Phase, Protocol, Relayed, Role},
    world::{
        Happened,
        mailbox::{Body, Event, Message, What},
        peer::{PeerId, PeerKind},
        users::{User, UserId},
    },
};

/// `seq` of the whole server: updates are ordered by pts alone, so it never moves.
const SEQ: i32 = 1;

pub(super) fn peer(peer: impl Into<PeerId>) -> Object {
    match peer.into().kind() {
        PeerKind::User(user) => object("peerUser").with("user_id", user.0),
        PeerKind::Chat(id) => object("peerChat").with("chat_id", id),
        PeerKind::Channel(id) => object("peerChannel").with("channel_id", id),
    }
}

/// `updateShort`, for what has no pts.
pub(super) fn short(update: Object, date: i32) -> Value {
    object("updateShort").with("update", update).with("date", date).into()
}

pub(super) fn end_reason(reason: EndReason) -> Object {
    object(match reason {
        EndReason::Missed => "phoneCallDiscardReasonMissed",
        EndReason::Disconnect => "phoneCallDiscardReasonDisconnect",
        EndReason::Hangup => "phoneCallDiscardReasonHangup",
        EndReason::Busy => "phoneCallDiscardReasonBusy",
    })
}

impl Service {
    /// A user as `viewer` sees them.
    pub(super) fn user(&self, viewer: UserId, user: &User) -> Value {
        let own = self.world.users().by_id(viewer);
        let contact = own.is_some_and(|own| own.contacts.contains(&user.id));
        let is_self = viewer == user.id;
        object("user")
            .with_flag("self", is_self)
            .with_flag("contact", contact)
            .with_flag("mutual_contact", contact && user.contacts.contains(&viewer))
            .with("id", user.id.0)
            .with("access_hash", self.world.access_hash(viewer, user.id))
            .with("first_name", user.first_name.as_str())
            .with_opt("last_name", (!user.last_name.is_empty()).then_some(user.last_name.as_str()))
            .with_opt("username", user.username.as_deref())
            // A local server has nothing to hide: numbers are what its users are set up by.
            .with_opt("phone", user.bot_token.is_none().then_some(user.phone.as_str()))
            .with_opt("photo", self.small_photo(user))
            .with_flag("bot", user.bot_token.is_some())
            .with_opt("bot_info_version", user.bot_token.is_some().then_some(1))
            .with("status", self.status(user.id))
            .into()
    }

    /// The users with these ids, those that exist.
    pub(super) fn users(&self, viewer: UserId, ids: impl IntoIterator<Item = UserId>) -> Value {
        let ids: BTreeSet<UserId> = ids.into_iter().collect();
        list(
            ids.into_iter().filter_map(|id| self.world.users().by_id(id)).map(|user| self.user(viewer, user)),
        )
    }

    /// A message as `viewer` sees it.
    pub(super) fn message(&self, viewer: UserId, message: &Message) -> Value {
        let mailbox = message.peer.mailbox(viewer);
        // The one who speaks in a broadcast is the channel.
        let post = self.is_broadcast(message.peer);
        let out = if message.peer.is_channel() { message.from == viewer } else { message.out };
        let common = |name: &'static str| {
            let reply = message.reply_to.and_then(|uid| self.world.mail(mailbox)?.id_of(uid));
            object(name)
                .with_flag("out", out)
                .with_flag("post", post)
                .with("id", message.id)
                .with_opt("from_id", (!post).then(|| peer(message.from)))
                .with("peer_id", peer(message.peer))
                .with_opt(
                    "reply_to",
                    reply.map(|id| object("messageReplyHeader").with("reply_to_msg_id", id)),
                )
                .with("date", message.date)
        };
        let words = |text: &str, entities: &[serde_json::Value]| {
            let entities: Vec<Value> = entities.iter().filter_map(super::sending::entity_from_json).collect();
            common("message")
                .with("message", text)
                .with_opt("entities", (!entities.is_empty()).then(|| list(entities)))
                .with_opt("edit_date", message.edited)
        };
        match &message.body {
            Body::Text { text, entities } => words(text, entities).into(),
            Body::Media { media, text, entities } => {
                words(text, entities).with("media", self.media(viewer, *media)).into()
            }
            Body::Group(notice) => common("messageService").with("action", action(notice)).into(),
            Body::Call { id, video, reason, duration } => {
                let action = object("messageActionPhoneCall")
                    .with_flag("video", *video)
                    .with("call_id", *id)
                    .with_opt("reason", reason.map(end_reason))
                    .with_opt("duration", *duration);
                common("messageService").with("action", action).into()
            }
        }
    }

    /// An event of a mailbox as an update for `viewer`; `None` when what it tells of is gone.
    pub(super) fn update(&self, viewer: UserId, mailbox: PeerId, event: &Event) -> Option<Value> {
        let told = |id: i32| Some(self.message(viewer, self.world.mail(mailbox)?.message(id)?));
        let in_channel = mailbox.is_channel();
        let update = match &event.what {
            What::New { id } => {
                object(if in_channel { "updateNewChannelMessage" } else { "updateNewMessage" })
                    .with("message", told(*id)?)
            }
            What::Edited { id } => {
                object(if in_channel { "updateEditChannelMessage" } else { "updateEditMessage" })
                    .with("message", told(*id)?)
            }
            What::ReadInbox { peer: chat, max_id, unread } => object("updateReadHistoryInbox")
                .with("peer", peer(*chat))
                .with("max_id", *max_id)
                .with("still_unread_count", *unread),
            What::ReadOutbox { peer: chat, max_id } => {
                object("updateReadHistoryOutbox").with("peer", peer(*chat)).with("max_id", *max_id)
            }
            What::Deleted { ids } if in_channel => object("updateDeleteChannelMessages")
                .with("channel_id", mailbox.number())
                .with("messages", list(ids.iter().copied())),
            What::Deleted { ids } => {
                object("updateDeleteMessages").with("messages", list(ids.iter().copied()))
            }
        };
        Some(update.with("pts", event.pts).with("pts_count", event.count).into())
    }

    /// Whom an event of a mailbox names.
    pub(super) fn peers_of(&self, mailbox: PeerId, event: &Event) -> Vec<PeerId> {
        let mut peers = match &event.what {
            What::New { id } | What::Edited { id } => {
                let message = self.world.mail(mailbox).and_then(|mail| mail.message(*id));
                message.map_or_else(Vec::new, Message::peers)
            }
            What::ReadInbox { peer, .. } | What::ReadOutbox { peer, .. } => vec![*peer],
            What::Deleted { .. } => Vec::new(),
        };
        peers.push(mailbox);
        peers
    }

    /// `updates` with what happened to `owner`, after some updates without pts.
    pub(super) fn updates(
        &self,
        owner: UserId,
        first: Vec<Object>,
        happened: &[Happened],
        date: i32,
    ) -> Value {
        let own = || happened.iter().filter(|it| it.user == owner);
        let mut updates: Vec<Value> = first.into_iter().map(Into::into).collect();
        updates.extend(own().filter_map(|it| self.update(owner, it.mailbox, &it.event)));
        let peers = own().flat_map(|it| self.peers_of(it.mailbox, &it.event)).chain([owner.into()]);
        self.updates_with(owner, updates, peers, date)
    }

    /// `updates` with these updates and everybody they name.
    pub(super) fn updates_with(
        &self,
        viewer: UserId,
        updates: Vec<Value>,
        peers: impl IntoIterator<Item = impl Into<PeerId>>,
        date: i32,
    ) -> Value {
        let updates = object("updates").with("updates", Value::Vector(updates));
        self.with_cast(updates, viewer, peers).with("date", date).with("seq", 0).into()
    }

    /// Where the updates of a user stand.
    pub(super) fn update_state(&self, user: UserId, pts: Option<i32>, date: i32) -> Object {
        let mail = self.world.mail(user);
        let unread =
            mail.map_or(0, |mail| mail.dialogs().iter().map(|(peer, _, _)| mail.unread(*peer)).sum::<i32>());
        object("updates.state")
            .with("pts", pts.or(mail.map(|mail| mail.pts())).unwrap_or(1))
            .with("qts", 0)
            .with("date", date)
            .with("seq", SEQ)
            .with("unread_count", unread)
    }

    pub(super) fn difference_empty(date: i32) -> Value {
        object("updates.differenceEmpty").with("date", date).with("seq", SEQ).into()
    }

    /// A call as one of its sides sees it.
    pub(super) fn call(&self, call: &Call, role: Role) -> Object {
        let common = |name: &'static str| {
            object(name)
                .with_flag("video", call.video)
                .with("id", call.id)
                .with("access_hash", call.hash(role))
                .with("date", call.date)
                .with("admin_id", call.users[0].0)
                .with("participant_id", call.users[1].0)
        };
        match (&call.phase, role) {
            (Phase::Contacting, Role::Caller) => {
                common("phoneCallWaiting").with("protocol", protocol(&call.protocol))
            }
            (Phase::Ringing { date }, Role::Caller) => common("phoneCallWaiting")
                .with("protocol", protocol(&call.protocol))
                .with("receive_date", *date),
            (Phase::Contacting | Phase::Ringing { .. }, Role::Callee) => common("phoneCallRequested")
                .with("g_a_hash", call.g_a_hash.to_vec())
                .with("protocol", protocol(&call.protocol)),
            (Phase::Accepted { answer }, Role::Caller) => common("phoneCallAccepted")
                .with("g_b", answer.g_b.clone())
                .with("protocol", protocol(&answer.protocol)),
            (Phase::Accepted { answer }, Role::Callee) => common("phoneCallWaiting")
                .with("protocol", protocol(&answer.protocol))
                .with_opt("receive_date", answer.ringing),
            (Phase::Running { answer, confirmation }, _) => {
                let other_half = match role {
                    Role::Caller => &answer.g_b,
                    Role::Callee => &confirmation.g_a,
                };
                common("phoneCall")
                    .with_flag("p2p_allowed", self.config.p2p_allowed && answer.protocol.udp_p2p)
                    .with("g_a_or_b", other_half.clone())
                    .with("key_fingerprint", confirmation.fingerprint)
                    .with("protocol", protocol(&answer.protocol))
                    .with("connections", self.connections(call, role, answer.protocol.is_modern()))
                    .with("start_date", confirmation.date)
                    .with_opt("custom_parameters", self.custom_parameters())
            }
            (Phase::Ended { reason, duration }, _) => object("phoneCallDiscarded")
                .with_flag("need_rating", self.config.need_rating && duration.is_some())
                .with_flag("video", call.video)
                .with("id", call.id)
                .with_opt("reason", reason.map(end_reason))
                .with_opt("duration", *duration),
        }
    }

    fn custom_parameters(&self) -> Option<Object> {
        let json = self.config.custom_parameters.as_deref()?;
        Some(object("dataJSON").with("data", json))
    }

    /// What a call can send its media through, as one side sees it. Modern clients tell the TCP port of a reflector from
    /// the UDP one by a flag which libtgvoip does not know, so it gets no such entries.
    fn connections(&self, call: &Call, role: Role, modern: bool) -> Value {
        let reflectors = |tcp: bool| {
            let relays = call.allotment.relays.iter();
            relays
                .filter_map(move |relay| self.reflector(relay, role))
                .map(move |it| it.with_flag("tcp", tcp))
        };
        let tcp = modern.then(|| reflectors(true)).into_iter().flatten();
        let turn = self.turn.as_ref().zip(call.allotment.turn.as_ref()).map(|(turn, access)| {
            let login = &access.logins[role.index()];
            let (v4, v6) = by_family(turn.addr().ip());
            object("phoneConnectionWebrtc")
                .with("turn", true)
                .with("stun", true)
                .with("id", access.id)
                .with("ip", v4)
                .with("ipv6", v6)
                .with("port", i32::from(turn.addr().port()))
                .with("username", login.username.as_str())
                .with("password", login.password.as_str())
        });
        list(reflectors(false).chain(tcp).chain(turn))
    }

    fn reflector(&self, relay: &Relayed, role: Role) -> Option<Object> {
        let reflector = self.reflectors.get(relay.reflector)?;
        let (v4, v6) = by_family(self.config.addr.ip());
        let v6 = reflector_v6(reflector, self.config.addr.ip()).map_or(v6, |addr| addr.ip().to_string());
        Some(
            object("phoneConnection")
                .with("id", relay.id)
                .with("ip", v4)
                .with("ipv6", v6)
                .with("port", i32::from(reflector.addr().port()))
                .with("peer_tag", relay.tags[role.index()].0.to_vec()),
        )
    }
}

/// An address as the two fields clients know it by.
fn by_family(ip: IpAddr) -> (String, String) {
    if ip.is_ipv4() { (ip.to_string(), String::new()) } else { (String::new(), ip.to_string()) }
}

/// The IPv6 address clients of a reflector are told beside `told`. Of other addresses than loopback nobody has said which
/// IPv6 address belongs to them.
pub(crate) fn reflector_v6(reflector: &ReflectorHandle, told: IpAddr) -> Option<SocketAddr> {
    let addr = reflector.addr_v6().filter(|_| told == Ipv4Addr::LOCALHOST)?;
    Some(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), addr.port()))
}

fn protocol(protocol: &Protocol) -> Object {
    object("phoneCallProtocol")
        .with_flag("udp_p2p", protocol.udp_p2p)
        .with_flag("udp_reflector", protocol.udp_reflector)
        .with("min_layer", protocol.min_layer)
        .with("max_layer", protocol.max_layer)
        .with("library_versions", list(protocol.versions.iter().map(String::as_str)))
}
