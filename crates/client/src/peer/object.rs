//! Peers from and to TL objects.

use offhook_tl::Object;

use super::{Peer, PeerKind};
use crate::updates::read::objects;

/// The peer that a `User` or `Chat` object shows; `None` for other objects and for deleted users.
pub(crate) fn from_object(object: &Object) -> Option<Peer> {
    match object.name() {
        "user" => Some(user(object)?),
        "chat" | "chatForbidden" => {
            let name = object.str("title").unwrap_or_default().to_owned();
            Some(Peer { name, ..Peer::new(PeerKind::Chat, object.long("id")?) })
        }
        "channel" | "channelForbidden" => Some(Peer {
            access_hash: object.long("access_hash"),
            min: object.flag("min"),
            name: object.str("title").unwrap_or_default().to_owned(),
            username: username(object),
            ..Peer::new(PeerKind::Channel, object.long("id")?)
        }),
        _ => None,
    }
}

fn user(object: &Object) -> Option<Peer> {
    let names = [object.str("first_name"), object.str("last_name")];
    let names: Vec<&str> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
    Some(Peer {
        access_hash: object.long("access_hash"),
        min: object.flag("min"),
        bot: object.flag("bot"),
        name: names.join(" "),
        username: username(object),
        phone: object.str("phone").and_then(|phone| phone.parse().ok()),
        ..Peer::new(PeerKind::User, object.long("id")?)
    })
}

/// The main username: the old single field, or the first active one of the list.
fn username(object: &Object) -> Option<String> {
    let main = object.str("username").filter(|name| !name.is_empty());
    let listed = || {
        objects(object, "usernames").find(|name| name.flag("active")).and_then(|name| name.str("username"))
    };
    main.or_else(listed).map(str::to_owned)
}

impl Peer {
    /// `InputPeer`, for methods that take any peer.
    #[must_use]
    pub fn input_peer(&self) -> Object {
        let hash = self.access_hash.unwrap_or(0);
        match self.kind {
            PeerKind::User => Object::new("inputPeerUser").with("user_id", self.id).with("access_hash", hash),
            PeerKind::Chat => Object::new("inputPeerChat").with("chat_id", self.id),
            PeerKind::Channel => {
                Object::new("inputPeerChannel").with("channel_id", self.id).with("access_hash", hash)
            }
        }
    }

    /// `InputUser`, when it is a user.
    #[must_use]
    pub fn input_user(&self) -> Option<Object> {
        let hash = self.access_hash.unwrap_or(0);
        (self.kind == PeerKind::User)
            .then(|| Object::new("inputUser").with("user_id", self.id).with("access_hash", hash))
    }

    /// `InputChannel`, when it is a channel whose access hash is known.
    #[must_use]
    pub fn input_channel(&self) -> Option<Object> {
        let hash = self.access_hash.filter(|_| self.kind == PeerKind::Channel && !self.min)?;
        Some(Object::new("inputChannel").with("channel_id", self.id).with("access_hash", hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_object_becomes_a_peer() {
        let object = Object::new("user")
            .with("bot", true)
            .with("id", 5_i64)
            .with("access_hash", -9_i64)
            .with("first_name", "Ada")
            .with("last_name", "L")
            .with("phone", "441234567");
        let peer = from_object(&object).unwrap();
        assert_eq!((peer.id, peer.access_hash, peer.bot, peer.min), (5, Some(-9), true, false));
        assert_eq!((peer.name.as_str(), peer.phone.as_ref().unwrap().digits()), ("Ada L", "441234567"));
    }

    #[test]
    fn a_collectible_username_counts_when_it_is_active() {
        let name = |text: &str, active: bool| {
            let object = Object::new("username").with("username", text);
            if active { object.with("active", true) } else { object }
        };
        let object = Object::new("user")
            .with("id", 5_i64)
            .with("usernames", vec![name("sold", false), name("shown", true)]);
        assert_eq!(from_object(&object).unwrap().username.as_deref(), Some("shown"));
    }

    #[test]
    fn a_deleted_user_is_no_peer() {
        assert_eq!(from_object(&Object::new("userEmpty").with("id", 5_i64)), None);
    }
}
