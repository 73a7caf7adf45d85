//! Finding messages, and throwing whole chats away.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{list, object},
    messages::{PAGE, cut},
};
use crate::{
    calls::EndReason,
    world::{
        mailbox::{Body, Mailbox, Media, Message},
        peer::PeerId,
        users::UserId,
    },
};

/// What is looked for.
struct Query<'a> {
    chat: Option<PeerId>,
    from: Option<UserId>,
    words: String,
    filter: &'a str,
    missed: bool,
    dates: (i32, i32),
}

impl Query<'_> {
    fn fits(&self, message: &Message) -> bool {
        let (first, last) = self.dates;
        self.chat.is_none_or(|chat| message.peer == chat)
            && self.from.is_none_or(|from| message.from == from)
            && (first <= 0 || message.date > first)
            && (last <= 0 || message.date < last)
            && self.has_content(&message.body)
    }

    fn has_content(&self, body: &Body) -> bool {
        match (body, self.filter) {
            (Body::Text { text, .. }, "inputMessagesFilterEmpty") => {
                text.to_lowercase().contains(&self.words)
            }
            (Body::Call { .. }, "inputMessagesFilterEmpty") => self.words.is_empty(),
            (Body::Call { reason, .. }, "inputMessagesFilterPhoneCalls") => {
                self.words.is_empty() && (!self.missed || *reason == Some(EndReason::Missed))
            }
            (Body::Media { media, text, .. }, filter) => {
                let kind = match media {
                    Media::Photo(_) => ["inputMessagesFilterPhotos", "inputMessagesFilterPhotoVideo"],
                    Media::Document(_) => ["inputMessagesFilterDocument", ""],
                };
                (filter == "inputMessagesFilterEmpty" || kind.contains(&filter))
                    && text.to_lowercase().contains(&self.words)
            }
            (Body::Group(_), "inputMessagesFilterEmpty") => self.words.is_empty(),
            // There are no links or places.
            _ => false,
        }
    }

    fn found<'m>(&'m self, mail: &'m Mailbox) -> impl Iterator<Item = &'m Message> {
        mail.newest_first().filter(|message| self.fits(message))
    }
}

impl Service {
    pub(super) fn messages_search(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let peer = request.object("peer");
        // Calls are searched for in all chats at once.
        let chat = match peer.map(Object::name) {
            Some("inputPeerEmpty") => None,
            _ => Some(self.named_peer(own, peer, "PEER_ID_INVALID")?),
        };
        let from = request.object("from_id");
        let from = from.map(|from| self.named(own, Some(from), "PEER_ID_INVALID")).transpose()?;
        let query = Query { chat, from, ..query(request, request.object("filter")) };
        if query.words.is_empty() && query.filter == "inputMessagesFilterEmpty" && from.is_none() {
            return Err(bad("SEARCH_QUERY_EMPTY"));
        }
        self.found(own, &query, request, None)
    }

    pub(super) fn messages_search_global(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let query = query(request, request.object("filter"));
        if query.words.is_empty() && query.filter == "inputMessagesFilterEmpty" {
            return Err(bad("SEARCH_QUERY_EMPTY"));
        }
        self.found(own, &query, request, Some("next_rate"))
    }

    pub(super) fn messages_get_search_counters(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        let mail = self.world.mail(chat.mailbox(own)).ok_or_else(|| bad("PEER_ID_INVALID"))?;
        let filters = request.vector("filters").unwrap_or(&[]).iter().take(PAGE).filter_map(Value::as_object);
        Ok(list(filters.map(|filter| {
            let query = Query { chat: Some(chat), ..query(request, Some(filter)) };
            let count = i32::try_from(query.found(mail).count()).unwrap_or(i32::MAX);
            object("messages.searchCounter").with("filter", filter.clone()).with("count", count)
        })))
    }

    pub(super) fn messages_delete_history(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        if chat.is_channel() {
            return Err(bad("PEER_ID_INVALID"));
        }
        let last = request.int("max_id").filter(|id| *id > 0).unwrap_or(i32::MAX);
        let mail = self.world.mail(own).ok_or_else(|| bad("PEER_ID_INVALID"))?;
        let ids: Vec<i32> = mail.history(chat).map(|message| message.id).filter(|id| *id <= last).collect();
        let happened = self.world.delete(own, &ids, request.flag("revoke"));
        let affected = self.affected("messages.affectedHistory", asker, own.into(), &happened);
        Ok(affected.with("offset", 0).into())
    }

    /// A page of what a query finds, newest first.
    fn found(
        &self,
        own: UserId,
        query: &Query<'_>,
        request: &Object,
        rate: Option<&'static str>,
    ) -> Result<Value, RpcError> {
        let mailbox = query.chat.map_or(own.into(), |chat| chat.mailbox(own));
        let mail = self.world.mail(mailbox).ok_or_else(|| bad("PEER_ID_INVALID"))?;
        let all: Vec<&Message> = query.found(mail).collect();
        let page = cut(&all, request);
        let answer = self.page_of(own, mailbox, [own], &page, all.len());
        let next = rate.zip(page.last()).filter(|_| page.len() < all.len());
        Ok(match next {
            Some((field, last)) => answer.with(field, last.date),
            None => answer,
        }
        .into())
    }
}

fn query<'a>(request: &Object, filter: Option<&'a Object>) -> Query<'a> {
    Query {
        chat: None,
        from: None,
        words: request.str("q").unwrap_or("").trim().to_lowercase(),
        filter: filter.map_or("inputMessagesFilterEmpty", Object::name),
        missed: filter.is_some_and(|filter| filter.flag("missed")),
        dates: (request.int("min_date").unwrap_or(0), request.int("max_date").unwrap_or(0)),
    }
}
