//! Writing messages: words, files, and new words for what was written.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Schema, Value, from_json, to_json};

use super::{Asker, Service, bad, build::object};
use crate::world::{
    Editing, Happened, Sending,
    mailbox::{Body, Media},
    peer::PeerId,
    users::UserId,
};

/// Longest text, in UTF-16 code units would be exact; characters are what the configuration promises.
const LONGEST_TEXT: usize = 4_096;
/// Longest text under a file.
const LONGEST_CAPTION: usize = 1_024;
/// Formatting marks kept per message.
const MOST_ENTITIES: usize = 100;

impl Service {
    pub(super) fn messages_send_message(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let (text, entities) = words(request);
        if text.trim().is_empty() {
            return Err(bad("MESSAGE_EMPTY"));
        }
        if text.chars().count() > LONGEST_TEXT {
            return Err(bad("MESSAGE_TOO_LONG"));
        }
        self.write(asker, request, |_| Ok(Body::Text { text, entities }))
    }

    pub(super) fn messages_send_media(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let (text, entities) = words(request);
        if text.chars().count() > LONGEST_CAPTION {
            return Err(bad("MEDIA_CAPTION_TOO_LONG"));
        }
        let input = request.object("media").ok_or_else(|| bad("MEDIA_EMPTY"))?;
        self.write(asker, request, |service| {
            Ok(Body::Media { media: service.take_media(asker, input)?, text, entities })
        })
    }

    pub(super) fn messages_upload_media(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let to = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        self.check_may_write(own, to)?;
        let input = request.object("media").ok_or_else(|| bad("MEDIA_EMPTY"))?;
        let media = self.take_media(asker, input)?;
        Ok(self.media(own, media).into())
    }

    pub(super) fn messages_edit_message(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let chat = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        let mailbox = chat.mailbox(own);
        let id = request.int("id").unwrap_or(0);
        let message = self.world.mail(mailbox).and_then(|mail| mail.message(id));
        let message =
            message.filter(|it| it.peer == chat).cloned().ok_or_else(|| bad("MESSAGE_ID_INVALID"))?;
        if message.from != own {
            return Err(RpcError::new(403, "MESSAGE_AUTHOR_REQUIRED"));
        }
        self.check_may_write(own, chat)?;
        let (text, entities) = words(request);
        if request.get("media").is_some() {
            return Err(bad("MEDIA_PREV_INVALID"));
        }
        let longest = match &message.body {
            Body::Text { .. } if text.trim().is_empty() => return Err(bad("MESSAGE_EMPTY")),
            Body::Text { .. } => LONGEST_TEXT,
            Body::Media { .. } => LONGEST_CAPTION,
            Body::Group(_) | Body::Call { .. } => return Err(bad("MESSAGE_ID_INVALID")),
        };
        if text.chars().count() > longest {
            return Err(bad("MESSAGE_TOO_LONG"));
        }
        let body = match &message.body {
            Body::Media { media, .. } => Body::Media { media: *media, text, entities },
            _ => Body::Text { text, entities },
        };
        if body == message.body {
            return Err(bad("MESSAGE_NOT_MODIFIED"));
        }
        let date = asker.date();
        let happened = self.world.edit(Editing { mailbox, id, date, body });
        self.push_happened(&happened, Some(asker.session), date);
        Ok(self.updates(own, Vec::new(), &happened, date))
    }

    /// Sends what `body` makes, which is not asked for when the message was sent before.
    fn write(
        &mut self,
        asker: &Asker,
        request: &Object,
        body: impl FnOnce(&mut Self) -> Result<Body, RpcError>,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let to = self.named_peer(own, request.object("peer"), "PEER_ID_INVALID")?;
        self.check_may_write(own, to)?;
        let random_id =
            request.long("random_id").filter(|id| *id != 0).ok_or_else(|| bad("RANDOM_ID_EMPTY"))?;
        let mailbox = to.mailbox(own);
        let mail = self.world.mail(mailbox).ok_or_else(|| bad("PEER_ID_INVALID"))?;
        if let Some(id) = self.sent_before(own, mailbox, random_id) {
            // A client that lost the answer asks again; it gets the same one.
            let event = mail.event_of(id).cloned().ok_or_else(|| bad("RANDOM_ID_DUPLICATE"))?;
            let happened = [Happened { user: own, mailbox, event }];
            return Ok(self.sent(own, id, random_id, &happened, asker.date()));
        }
        // Layers before replies to stories had the bare number.
        let reply =
            request.object("reply_to").map_or(request.int("reply_to_msg_id"), |it| it.int("reply_to_msg_id"));
        let reply_to = reply.and_then(|id| mail.message(id)).map(|message| message.uid);
        let body = body(self)?;
        let date = asker.date();
        let happened =
            self.world.send(Sending { from: own, to, date, body, random_id: Some(random_id), reply_to });
        let id = self.sent_before(own, mailbox, random_id).unwrap_or(0);
        self.push_happened(&happened, Some(asker.session), date);
        Ok(self.sent(own, id, random_id, &happened, date))
    }

    fn sent_before(&self, own: UserId, mailbox: PeerId, random_id: i64) -> Option<i32> {
        let mail = self.world.mail(mailbox)?;
        if mailbox.is_channel() { mail.sent_by(own, random_id) } else { mail.sent_as(random_id) }
    }

    /// What the sender of a message is told.
    fn sent(&self, own: UserId, id: i32, random_id: i64, happened: &[Happened], date: i32) -> Value {
        let named = object("updateMessageID").with("id", id).with("random_id", random_id);
        self.updates(own, vec![named], happened, date)
    }

    /// What an `InputMedia` names or has uploaded.
    fn take_media(&mut self, asker: &Asker, input: &Object) -> Result<Media, RpcError> {
        let own = asker.logged_in()?;
        match input.name() {
            "inputMediaUploadedPhoto" => Ok(Media::Photo(self.take_photo(asker, input.object("file"))?)),
            "inputMediaUploadedDocument" => Ok(Media::Document(self.take_document(asker, input)?)),
            "inputMediaPhoto" => {
                Ok(Media::Photo(self.named_photo(own, input.object("id"), "MEDIA_INVALID")?))
            }
            "inputMediaDocument" => Ok(Media::Document(self.named_document(own, input.object("id"))?)),
            "inputMediaEmpty" => Err(bad("MEDIA_EMPTY")),
            _ => Err(bad("MEDIA_INVALID")),
        }
    }
}

/// The text of a request and its formatting, as they are stored.
fn words(request: &Object) -> (String, Vec<serde_json::Value>) {
    let entities = request.vector("entities").unwrap_or(&[]).iter().filter_map(entity_to_json);
    (request.str("message").unwrap_or("").to_owned(), entities.take(MOST_ENTITIES).collect())
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
