//! `messages.*`: writing, reading, and the numbers of the key exchange.

use offhook_crypto::dh::Group;
use offhook_mtproto::RpcError;
use offhook_tl::{Object, Schema, Value, from_json, to_json};

use super::{
    Asker, Service, bad,
    build::{list, object},
    show::{peer, short},
};
use crate::{
    calls::Audience,
    world::{
        Happened, Sending,
        mailbox::{Body, Message},
        users::UserId,
    },
};

/// Longest text, in UTF-16 code units would be exact; characters are what the configuration promises.
const LONGEST_TEXT: usize = 4_096;
/// Formatting marks kept per message.
const MOST_ENTITIES: usize = 100;
/// Messages or chats in one answer.
pub(super) const PAGE: usize = 100;
/// Version told for the one set of key-exchange numbers there is.
const DH_VERSION: i32 = 3;
/// Most random bytes a client may ask for.
const MOST_RANDOM: usize = 1_024;

impl Service {
    pub(super) fn messages_send_message(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let to = self.named(own, request.object("peer"), "PEER_ID_INVALID")?;
        let text = request.str("message").unwrap_or("");
        if text.trim().is_empty() {
            return Err(bad("MESSAGE_EMPTY"));
        }
        if text.chars().count() > LONGEST_TEXT {
            return Err(bad("MESSAGE_TOO_LONG"));
        }
        let random_id =
            request.long("random_id").filter(|id| *id != 0).ok_or_else(|| bad("RANDOM_ID_EMPTY"))?;
        let mail = self.world.mail(own).ok_or_else(|| bad("PEER_ID_INVALID"))?;
        if let Some(id) = mail.sent_as(random_id) {
            // A client that lost the answer asks again; it gets the same one.
            let event = mail.event_of(id).cloned().ok_or_else(|| bad("RANDOM_ID_DUPLICATE"))?;
            return Ok(self.sent(own, id, random_id, &[Happened { user: own, event }], asker.date()));
        }
        // Layers before replies to stories had the bare number.
        let reply =
            request.object("reply_to").map_or(request.int("reply_to_msg_id"), |it| it.int("reply_to_msg_id"));
        let reply_to = reply.and_then(|id| mail.message(id)).map(|message| message.uid);
        let entities = request.vector("entities").unwrap_or(&[]).iter().filter_map(entity_to_json);
        let body = Body::Text { text: text.to_owned(), entities: entities.take(MOST_ENTITIES).collect() };
        let date = asker.date();
        let happened =
            self.world.send(Sending { from: own, to, date, body, random_id: Some(random_id), reply_to });
        let id = self.world.mail(own).and_then(|mail| mail.sent_as(random_id)).unwrap_or(0);
        self.push_happened(&happened, Some(asker.session), date);
        Ok(self.sent(own, id, random_id, &happened, date))
    }

    pub(super) fn messages_get_history(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named(own, request.object("peer"), "PEER_ID_INVALID")?;
        let Some(mail) = self.world.mail(own) else { return Err(bad("PEER_ID_INVALID")) };
        let all: Vec<&Message> = mail.history(chat).collect();
        let page = cut(&all, request);
        Ok(self.page_of(own, [own, chat], &page, all.len()).into())
    }

    /// Notes to oneself by where they come from. Nothing can be forwarded here, so all are one's own.
    pub(super) fn messages_get_saved_history(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        if self.named(own, request.object("peer"), "PEER_ID_INVALID")? == own {
            return self.messages_get_history(asker, request);
        }
        Ok(messages("messages.messages", Value::Vector(Vec::new()), self.users(own, [own])).into())
    }

    pub(super) fn messages_get_messages(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mail = self.world.mail(own).ok_or_else(|| bad("MESSAGE_IDS_EMPTY"))?;
        let asked = request.vector("id").unwrap_or(&[]).iter().take(PAGE).filter_map(Value::as_object);
        let ids: Vec<i32> = asked.filter_map(|input| input.int("id")).collect();
        let found: Vec<&Message> = ids.iter().filter_map(|id| mail.message(*id)).collect();
        let shown = ids.iter().map(|id| match mail.message(*id) {
            Some(message) => self.message(own, message),
            None => object("messageEmpty").with("id", *id).into(),
        });
        let users = found.iter().flat_map(|message| [message.from, message.peer]).chain([own]);
        Ok(messages("messages.messages", list(shown), self.users(own, users)).into())
    }

    pub(super) fn messages_get_dialogs(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mail = self.world.mail(own).ok_or_else(|| bad("PEER_ID_INVALID"))?;
        let limit = usize::try_from(request.int("limit").unwrap_or(0)).unwrap_or(0).min(PAGE);
        let offset = request.int("offset_id").unwrap_or(0);
        // Archived chats live in folder 1; there are none.
        let archived = request.int("folder_id").unwrap_or(0) != 0;
        let all: Vec<UserId> = if archived {
            Vec::new()
        } else {
            mail.dialogs().into_iter().filter(|(_, _, top)| top.is_some()).map(|(chat, _, _)| chat).collect()
        };
        let top = |chat: &UserId| mail.history(*chat).next().map_or(0, |message| message.id);
        let page: Vec<UserId> =
            all.iter().filter(|chat| offset == 0 || top(chat) < offset).take(limit).copied().collect();
        let (dialogs, tops, users) = self.dialogs(own, &page);
        let answer = if page.len() == all.len() {
            object("messages.dialogs")
        } else {
            object("messages.dialogsSlice").with("count", i32::try_from(all.len()).unwrap_or(i32::MAX))
        };
        Ok(answer
            .with("dialogs", dialogs)
            .with("messages", tops)
            .with("chats", Value::Vector(Vec::new()))
            .with("users", users)
            .into())
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
                chats.push(self.named(own, Some(input), "PEER_ID_INVALID")?);
            }
        }
        let (dialogs, tops, users) = self.dialogs(own, &chats);
        Ok(object("messages.peerDialogs")
            .with("dialogs", dialogs)
            .with("messages", tops)
            .with("chats", Value::Vector(Vec::new()))
            .with("users", users)
            .with("state", self.update_state(own, None, asker.date()))
            .into())
    }

    pub(super) fn messages_read_history(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named(own, request.object("peer"), "PEER_ID_INVALID")?;
        let max_id = request.int("max_id").filter(|id| *id > 0).unwrap_or(i32::MAX);
        let happened = self.world.read(own, chat, max_id);
        Ok(self.affected("messages.affectedMessages", asker, own, &happened).into())
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
        Ok(self.affected("messages.affectedMessages", asker, own, &happened).into())
    }

    pub(super) fn messages_set_typing(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named(own, request.object("peer"), "PEER_ID_INVALID")?;
        if chat != own
            && let Some(action) = request.object("action")
        {
            let update = object("updateUserTyping").with("user_id", own.0).with("action", action.clone());
            self.push(chat, Audience::All, None, short(update, asker.date()));
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

    /// What the sender of a message is told.
    fn sent(&self, own: UserId, id: i32, random_id: i64, happened: &[Happened], date: i32) -> Value {
        let named = object("updateMessageID").with("id", id).with("random_id", random_id);
        self.updates(own, vec![named], happened, date)
    }

    /// Tells the others what happened, and the asker how far its pts moved by it.
    pub(super) fn affected(
        &mut self,
        name: &'static str,
        asker: &Asker,
        own: UserId,
        happened: &[Happened],
    ) -> Object {
        self.push_happened(happened, Some(asker.session), asker.date());
        let moved: i32 = happened.iter().filter(|it| it.user == own).map(|it| it.event.count).sum();
        let pts = self.world.mail(own).map_or(1, |mail| mail.pts());
        object(name).with("pts", pts).with("pts_count", moved)
    }

    /// A page of `total` messages, with everybody who is in them.
    pub(super) fn page_of(
        &self,
        own: UserId,
        users: impl IntoIterator<Item = UserId>,
        page: &[&Message],
        total: usize,
    ) -> Object {
        let shown = list(page.iter().map(|message| self.message(own, message)));
        let users = self.users(own, users);
        if page.len() == total {
            return messages("messages.messages", shown, users);
        }
        messages("messages.messagesSlice", shown, users)
            .with("count", i32::try_from(total).unwrap_or(i32::MAX))
    }

    /// Chats, their newest messages, and everybody in them.
    fn dialogs(&self, own: UserId, chats: &[UserId]) -> (Value, Value, Value) {
        let Some(mail) = self.world.mail(own) else {
            return (Value::Vector(Vec::new()), Value::Vector(Vec::new()), Value::Vector(Vec::new()));
        };
        let tops: Vec<&Message> = chats.iter().filter_map(|chat| mail.history(*chat).next()).collect();
        let dialogs = chats.iter().map(|chat| {
            let top = mail.history(*chat).next().map_or(0, |message| message.id);
            let read = mail.dialog(*chat).cloned().unwrap_or_default();
            object("dialog")
                .with("peer", peer(*chat))
                .with("top_message", top)
                .with("read_inbox_max_id", read.read_inbox)
                .with("read_outbox_max_id", read.read_outbox)
                .with("unread_count", mail.unread(*chat))
                .with("unread_mentions_count", 0)
                .with("unread_reactions_count", 0)
                .with("unread_poll_votes_count", 0)
                .with("notify_settings", object("peerNotifySettings"))
        });
        let users = chats.iter().copied().chain([own]);
        (list(dialogs), list(tops.iter().map(|message| self.message(own, message))), self.users(own, users))
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

fn messages(name: &'static str, shown: Value, users: Value) -> Object {
    object(name)
        .with("messages", shown)
        .with("topics", Value::Vector(Vec::new()))
        .with("chats", Value::Vector(Vec::new()))
        .with("users", users)
}

/// Formatting as it is stored. A mention by user is dropped: what a client sends is not what it must be shown.
fn entity_to_json(entity: &Value) -> Option<serde_json::Value> {
    if entity.name() == Some("inputMessageEntityMentionName") {
        return None;
    }
    Some(to_json(entity))
}

/// Formatting as it is shown; what the newest schema does not know any more is dropped.
pub(super) fn entity_from_json(json: &serde_json::Value) -> Option<Value> {
    from_json(Schema::api(), json).ok()
}
