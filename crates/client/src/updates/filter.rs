//! Which updates a reader wants.

use std::fmt;
use std::sync::Arc;

use offhook_tl::Object;

use super::Update;
use crate::peer::PeerId;

/// Which updates a reader or a handler wants. What it does not want takes no room in its queue. Conditions add up: an
/// update must meet all kinds of them that were given; of several names or several chats one is enough.
///
/// ```
/// use offhook_client::{PeerId, UpdateFilter};
///
/// let from_friends = UpdateFilter::messages().incoming().chat(PeerId::user(17)).chat(PeerId::user(18));
/// let rings = UpdateFilter::named("updatePhoneCall");
/// ```
#[derive(Clone, Default)]
pub struct UpdateFilter {
    names: Vec<String>,
    chats: Vec<PeerId>,
    incoming: bool,
    test: Option<Test>,
}

type Test = Arc<dyn Fn(&Update) -> bool + Send + Sync>;

impl UpdateFilter {
    /// Every update.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Updates of this constructor, for example `updatePhoneCall`.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self::all().or_named(name)
    }

    /// New messages, in channels too.
    #[must_use]
    pub fn messages() -> Self {
        Self::named("updateNewMessage").or_named("updateNewChannelMessage")
    }

    /// Updates of this constructor as well.
    #[must_use]
    pub fn or_named(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Only what is about this chat, or another one named so: messages in it, and updates with it as `peer`.
    #[must_use]
    pub fn chat(mut self, chat: PeerId) -> Self {
        self.chats.push(chat);
        self
    }

    /// Only messages that somebody else wrote.
    #[must_use]
    pub fn incoming(mut self) -> Self {
        self.incoming = true;
        self
    }

    /// Only what passes this test too. It runs where updates are put into order, so it must not wait.
    #[must_use]
    pub fn passing(mut self, test: impl Fn(&Update) -> bool + Send + Sync + 'static) -> Self {
        self.test = Some(match self.test.take() {
            None => Arc::new(test),
            Some(first) => Arc::new(move |update: &Update| first(update) && test(update)),
        });
        self
    }

    /// Whether it wants this update.
    #[must_use]
    pub fn wants(&self, update: &Update) -> bool {
        let object = update.object();
        let named = self.names.is_empty() || self.names.iter().any(|name| name == update.name());
        let about =
            || self.chats.is_empty() || chat_of(object).is_some_and(|chat| self.chats.contains(&chat));
        let incoming =
            || !self.incoming || object.object("message").is_some_and(|message| !message.flag("out"));
        named && about() && incoming() && self.test.as_ref().is_none_or(|test| test(update))
    }
}

impl fmt::Debug for UpdateFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateFilter")
            .field("names", &self.names)
            .field("chats", &self.chats)
            .field("incoming", &self.incoming)
            .field("test", &self.test.is_some())
            .finish()
    }
}

/// The chat that an update is about.
fn chat_of(update: &Object) -> Option<PeerId> {
    let message = update.object("message").and_then(|message| message.object("peer_id"));
    let peer = message.or_else(|| update.object("peer"))?;
    match peer.name() {
        "peerUser" => peer.long("user_id").map(PeerId::user),
        "peerChat" => peer.long("chat_id").map(PeerId::chat),
        "peerChannel" => peer.long("channel_id").map(PeerId::channel),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::updates::Origin;

    fn message(name: &'static str, peer: Object, out: bool) -> Update {
        let mut message = Object::new("message").with("peer_id", peer).with("message", "text");
        if out {
            message.set("out", true);
        }
        Update::new(Object::new(name).with("message", message), Origin::Pushed)
    }

    fn user(id: i64) -> Object {
        Object::new("peerUser").with("user_id", id)
    }

    #[test]
    fn all_kinds_of_conditions_must_hold_and_of_each_kind_one() {
        let hello = message("updateNewMessage", user(5), false);
        let own = message("updateNewMessage", user(5), true);
        let post =
            message("updateNewChannelMessage", Object::new("peerChannel").with("channel_id", 5_i64), false);
        let read = Object::new("updateReadHistoryInbox").with("peer", user(6)).with("max_id", 3);
        let read = Update::new(read, Origin::Pushed);
        let ring = Update::new(Object::new("updatePhoneCall"), Origin::Pushed);
        let every = [&hello, &own, &post, &read, &ring];
        let wanted = |filter: UpdateFilter| every.map(|update| filter.wants(update));
        assert_eq!(wanted(UpdateFilter::all()), [true; 5]);
        assert_eq!(wanted(UpdateFilter::messages()), [true, true, true, false, false]);
        assert_eq!(wanted(UpdateFilter::messages().incoming()), [true, false, true, false, false]);
        assert_eq!(wanted(UpdateFilter::all().incoming()), [true, false, true, false, false]);
        assert_eq!(wanted(UpdateFilter::all().chat(PeerId::user(5))), [true, true, false, false, false]);
        let either = UpdateFilter::all().chat(PeerId::channel(5)).chat(PeerId::user(6));
        assert_eq!(wanted(either), [false, false, true, true, false]);
        assert_eq!(wanted(UpdateFilter::named("updatePhoneCall")), [false, false, false, false, true]);
        let both = UpdateFilter::all().passing(|it| it != &hello_again()).passing(|it| it.name().len() > 15);
        assert_eq!(wanted(both), [false, true, true, true, false]);
    }

    fn hello_again() -> Update {
        message("updateNewMessage", user(5), false)
    }
}
