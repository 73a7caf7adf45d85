//! `messages.*`: writing, reading, and the numbers of the key exchange.

use offhook_crypto::dh::Group;
use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{list, object},
    show::{peer, short},
};
use crate::{
    calls::Audience,
    world::{
        Happened,
        mailbox::Message,
        peer::{PeerId, PeerKind},
        users::UserId,
    },
};

/// Messages or chats in one answer.
pub(super) const PAGE: usize = 100;
/// Version told for the one set of key-exchange numbers there is.
const DH_VERSION: i32 = 3;
/// Most random bytes a client may ask for.
const MOST_RANDOM: usize = 1_024;

impl Service {
    pub(super) fn messages_get_history(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        let mailbox = chat.mailbox(own);
        let Some(mail) = self.world.mail(mailbox) else { return Err(bad("PEER_ID_INVALID")) };
        let all: Vec<&Message> = mail.history(chat).collect();
        let page = cut(&all, request);
        Ok(self.page_of(own, mailbox, [own.into(), chat], &page, all.len()).into())
    }

    /// Notes to oneself by where they come from. Nothing can be forwarded here, so all are one's own.
    pub(super) fn messages_get_saved_history(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        if self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")? == own {
            return self.messages_get_history(asker, request);
        }
        Ok(self.page_of(own, own.into(), [own], &[], 0).into())
    }

    pub(super) fn messages_get_messages(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        Ok(self.messages_by_id(own, own.into(), request).into())
    }

    /// The messages of a mailbox whose numbers a request has in `id`.
    pub(super) fn messages_by_id(&self, own: UserId, mailbox: PeerId, request: &Object) -> Object {
        let mail = self.world.mail(mailbox);
        let asked = request.vector("id").unwrap_or(&[]).iter().take(PAGE).filter_map(Value::as_object);
        let found: Vec<(i32, Option<&Message>)> = asked
            .filter_map(|input| input.int("id"))
            .map(|id| (id, mail.and_then(|mail| mail.message(id))))
            .collect();
        let shown = found.iter().map(|(id, message)| match message {
            Some(message) => self.message(own, message),
            None => object("messageEmpty").with("id", *id).into(),
        });
        let peers = found.iter().filter_map(|(_, it)| *it).flat_map(Message::peers).chain([own.into()]);
        self.listed(own, mailbox, list(shown), peers, found.len(), found.len())
    }

    pub(super) fn messages_get_dialogs(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let limit = usize::try_from(request.int("limit").unwrap_or(0)).unwrap_or(0).min(PAGE);
        // Archived chats live in folder 1; there are none.
        let archived = request.int("folder_id").unwrap_or(0) != 0;
        let all = if archived { Vec::new() } else { self.chats_by_date(own) };
        let start = self.after_offset(own, &all, request);
        let page: Vec<PeerId> = all[start..].iter().take(limit).map(|(chat, _)| *chat).collect();
        let answer = if page.len() == all.len() {
            object("messages.dialogs")
        } else {
            object("messages.dialogsSlice").with("count", i32::try_from(all.len()).unwrap_or(i32::MAX))
        };
        Ok(self.dialogs(own, &page, answer).into())
    }

    /// Chats with messages in them and the newest of each, the newest first.
    fn chats_by_date(&self, own: UserId) -> Vec<(PeerId, &Message)> {
        let mail = self.world.mail(own);
        let own_chats = mail.into_iter().flat_map(|mail| mail.dialogs());
        let own_chats = own_chats.filter_map(|(chat, _, top)| Some((chat, top?)));
        let channels = self.world.groups_of(own).filter(|group| group.id.is_channel());
        let channels =
            channels.filter_map(|it| Some((it.id, self.world.mail(it.id)?.history(it.id).next()?)));
        let mut all: Vec<(PeerId, &Message)> = own_chats.chain(channels).collect();
        all.sort_by_key(|(chat, top)| std::cmp::Reverse((top.date, top.uid, *chat)));
        all
    }

    /// Where in a list of chats the page begins that a request asks for: after the chat it names, else by date, else by
    /// message.
    fn after_offset(&self, own: UserId, all: &[(PeerId, &Message)], request: &Object) -> usize {
        let named = self.named_peer(own, request.object("offset_peer"), "").ok();
        if let Some(place) = all.iter().position(|(chat, _)| Some(*chat) == named) {
            return place + 1;
        }
        let number = |field| request.int(field).unwrap_or(0);
        let (date, id) = (number("offset_date"), number("offset_id"));
        let begins = |(chat, top): &(PeerId, &Message)| match (date, id) {
            (1.., _) => top.date < date,
            (_, 1..) => !chat.is_channel() && top.id < id,
            _ => true,
        };
        all.iter().position(begins).unwrap_or(all.len())
    }

    pub(super) fn messages_get_peer_dialogs(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut chats = Vec::new();
        for input in request.vector("peers").unwrap_or(&[]).iter().take(PAGE).filter_map(Value::as_object) {
            if let Some(input) = input.object("peer") {
                chats.push(self.named_peer(own, Some(input), "PEER_ID_INVALID")?);
            }
        }
        let answer = self.dialogs(own, &chats, object("messages.peerDialogs"));
        Ok(answer.with("state", self.update_state(own, None, asker.date())).into())
    }

    pub(super) fn messages_read_history(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        if chat.is_channel() {
            return Err(bad("PEER_ID_INVALID"));
        }
        let max_id = request.int("max_id").filter(|id| *id > 0).unwrap_or(i32::MAX);
        let happened = self.world.read(own, chat, max_id);
        Ok(self.affected("messages.affectedMessages", asker, own.into(), &happened).into())
    }

    pub(super) fn messages_delete_messages(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let ids: Vec<i32> =
            request.vector("id").unwrap_or(&[]).iter().take(PAGE).filter_map(Value::as_int).collect();
        let happened = self.world.delete(own, &ids, request.flag("revoke"));
        Ok(self.affected("messages.affectedMessages", asker, own.into(), &happened).into())
    }

    pub(super) fn messages_set_typing(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        self.check_may_write(own, chat)?;
        let Some(action) = request.object("action") else { return Ok(Value::Bool(true)) };
        let update = match chat.kind() {
            PeerKind::User(_) => object("updateUserTyping").with("user_id", own.0),
            PeerKind::Chat(id) => {
                object("updateChatUserTyping").with("chat_id", id).with("from_id", peer(own))
            }
            PeerKind::Channel(id) => {
                object("updateChannelUserTyping").with("channel_id", id).with("from_id", peer(own))
            }
        };
        let update = update.with("action", action.clone());
        let others: Vec<UserId> = match self.world.group(chat) {
            // Who writes in a broadcast is nobody's business.
            Some(group) if self.is_broadcast(group.id) => Vec::new(),
            Some(group) => group.members.keys().copied().filter(|it| *it != own).collect(),
            None => chat.user().filter(|it| *it != own).into_iter().collect(),
        };
        for user in others {
            self.push(user, Audience::All, None, short(update.clone(), asker.date()));
        }
        Ok(Value::Bool(true))
    }

    pub(super) fn messages_get_dh_config(&mut self, request: &Object) -> Result<Value, RpcError> {
        let length = usize::try_from(request.int("random_length").unwrap_or(0)).ok();
        let length =
            length.filter(|length| *length <= MOST_RANDOM).ok_or_else(|| bad("RANDOM_LENGTH_INVALID"))?;
        let random = self.random_bytes(length);
        if request.int("version") == Some(DH_VERSION) {
            return Ok(object("messages.dhConfigNotModified").with("random", random).into());
        }
        let group = Group::telegram();
        Ok(object("messages.dhConfig")
            .with("g", group.generator())
            .with("p", group.prime().to_vec())
            .with("version", DH_VERSION)
            .with("random", random)
            .into())
    }

    /// Tells the others what happened, and the asker how far its pts moved by it.
    pub(super) fn affected(
        &mut self,
        name: &'static str,
        asker: &Asker,
        mailbox: PeerId,
        happened: &[Happened],
    ) -> Object {
        self.push_happened(happened, Some(asker.session), asker.date());
        let own = happened.iter().filter(|it| Some(it.user) == asker.user && it.mailbox == mailbox);
        let moved: i32 = own.map(|it| it.event.count).sum();
        let pts = self.world.mail(mailbox).map_or(1, |mail| mail.pts());
        object(name).with("pts", pts).with("pts_count", moved)
    }

    /// A page of `total` messages, with everybody who is in them.
    pub(super) fn page_of(
        &self,
        own: UserId,
        mailbox: PeerId,
        peers: impl IntoIterator<Item = impl Into<PeerId>>,
        page: &[&Message],
        total: usize,
    ) -> Object {
        let shown = list(page.iter().map(|message| self.message(own, message)));
        let named = page.iter().flat_map(|message| message.peers());
        let peers = peers.into_iter().map(Into::into).chain(named);
        self.listed(own, mailbox, shown, peers, page.len(), total)
    }

    /// `messages.Messages` in the form that its number and its place demand.
    fn listed(
        &self,
        own: UserId,
        mailbox: PeerId,
        shown: Value,
        peers: impl IntoIterator<Item = PeerId>,
        len: usize,
        total: usize,
    ) -> Object {
        let count = i32::try_from(total).unwrap_or(i32::MAX);
        let answer = if mailbox.is_channel() {
            let pts = self.world.mail(mailbox).map_or(1, |mail| mail.pts());
            object("messages.channelMessages").with("pts", pts).with("count", count)
        } else if len == total {
            object("messages.messages")
        } else {
            object("messages.messagesSlice").with("count", count)
        };
        let answer = answer.with("messages", shown).with("topics", Value::Vector(Vec::new()));
        self.with_cast(answer, own, peers)
    }

    /// `answer` with chats, their newest messages, and everybody in them.
    pub(super) fn dialogs(&self, own: UserId, chats: &[PeerId], answer: Object) -> Object {
        let top = |chat: &PeerId| self.world.mail(chat.mailbox(own))?.history(*chat).next();
        let tops: Vec<&Message> = chats.iter().filter_map(top).collect();
        let named = tops.iter().flat_map(|message| message.peers());
        let peers = chats.iter().copied().chain(named).chain([own.into()]);
        let answer = answer
            .with("dialogs", list(chats.iter().filter_map(|chat| self.dialog(own, *chat))))
            .with("messages", list(tops.iter().map(|message| self.message(own, message))));
        self.with_cast(answer, own, peers)
    }
}

/// The page of `all`, newest first, that a request asks for. Its numbers mean the same wherever messages are listed;
/// one that it has not is 0.
pub(super) fn cut<'m>(all: &[&'m Message], request: &Object) -> Vec<&'m Message> {
    let number = |field| request.int(field).unwrap_or(0);
    let (offset_id, offset_date) = (number("offset_id"), number("offset_date"));
    let begins = |message: &&Message| {
        (offset_id <= 0 || message.id < offset_id) && (offset_date <= 0 || message.date < offset_date)
    };
    let start = all.iter().position(begins).unwrap_or(all.len());
    let start = start.saturating_add_signed(number("add_offset") as isize).min(all.len());
    let limit = usize::try_from(number("limit")).unwrap_or(0).min(PAGE);
    let (min_id, max_id) = (number("min_id"), number("max_id"));
    let wanted = |message: &&&Message| message.id > min_id && (max_id <= 0 || message.id < max_id);
    all[start..].iter().filter(wanted).take(limit).copied().collect()
}
