//! From TL objects to batches the message box understands.
//!
//! Works on dynamic objects: what matters are a dozen field names, and an update this client has no type for must
//! still be counted and passed on.

use offhook_tl::{DecodeError, Deserializable, Object, Schema, Value, encode};

use super::message_box::{Batch, Difference, Stamp, Stamped};
use super::{Origin, Update};
use crate::session::UpdateState;

/// What a packet of updates comes to.
#[derive(Debug)]
pub(super) enum Packet {
    Batch(Batch<Update>),
    /// `updatesTooLong`.
    TooLong,
    /// A short message from or in a peer that is not in the cache: the difference brings it with its peers.
    Unknown,
}

/// A channel whose updates are too many to push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Behind {
    pub(super) channel: i64,
    pub(super) pts: Option<i32>,
}

/// Reads a boxed `Updates`. `knows_user` says whether a short message's sender can be addressed.
pub(super) fn packet(object: &Object, origin: Origin, knows_user: impl Fn(i64) -> bool) -> Option<Packet> {
    let batch = match object.name() {
        "updatesTooLong" => return Some(Packet::TooLong),
        "updateShort" => Batch {
            seq: None,
            date: object.int("date").unwrap_or(0),
            updates: vec![stamped(object.object("update")?.clone(), origin)],
        },
        "updateShortMessage" | "updateShortChatMessage" => {
            let sender = object.long("user_id").or_else(|| object.long("from_id"))?;
            if !knows_user(sender) {
                return Some(Packet::Unknown);
            }
            Batch {
                seq: None,
                date: object.int("date").unwrap_or(0),
                updates: vec![stamped(long_form(object)?, origin)],
            }
        }
        "updateShortSentMessage" => Batch {
            seq: None,
            date: object.int("date").unwrap_or(0),
            updates: vec![Stamped {
                stamp: Stamp::Pts { pts: object.int("pts")?, count: object.int("pts_count")? },
                update: None,
            }],
        },
        "updates" | "updatesCombined" => {
            let last = object.int("seq")?;
            let first = object.int("seq_start").unwrap_or(last);
            Batch {
                seq: (last != 0).then_some((first, last)),
                date: object.int("date").unwrap_or(0),
                updates: objects(object, "updates").map(|update| stamped(update.clone(), origin)).collect(),
            }
        }
        _ => return None,
    };
    Some(Packet::Batch(batch))
}

/// Channels that a batch says are behind.
pub(super) fn behind(batch: &Batch<Update>) -> Vec<Behind> {
    let updates = batch.updates.iter().filter_map(|stamped| stamped.update.as_ref());
    updates
        .filter(|update| update.name() == "updateChannelTooLong")
        .filter_map(|update| {
            Some(Behind { channel: update.object().long("channel_id")?, pts: update.object().int("pts") })
        })
        .collect()
}

/// Reads a boxed `updates.Difference`.
pub(super) fn difference(object: &Object) -> Option<Difference<Update>> {
    Some(match object.name() {
        "updates.differenceEmpty" => Difference::Empty { date: object.int("date")?, seq: object.int("seq")? },
        "updates.differenceTooLong" => Difference::TooLong { pts: object.int("pts")? },
        "updates.difference" => {
            Difference::Part { updates: missed(object), state: state(object.object("state")?)?, last: true }
        }
        "updates.differenceSlice" => Difference::Part {
            updates: missed(object),
            state: state(object.object("intermediate_state")?)?,
            last: false,
        },
        _ => return None,
    })
}

/// Reads a boxed `updates.ChannelDifference`.
pub(super) fn channel_difference(object: &Object) -> Option<Difference<Update>> {
    let last = object.flag("final");
    Some(match object.name() {
        "updates.channelDifferenceEmpty" => {
            Difference::Channel { updates: Vec::new(), pts: object.int("pts")?, last, reset: false }
        }
        "updates.channelDifference" => {
            let mut updates = channel_messages(object, "new_messages");
            updates.extend(objects(object, "other_updates").map(|update| whole(update.clone())));
            Difference::Channel { updates, pts: object.int("pts")?, last, reset: false }
        }
        "updates.channelDifferenceTooLong" => Difference::Channel {
            updates: channel_messages(object, "messages"),
            pts: object.object("dialog")?.int("pts")?,
            last,
            reset: true,
        },
        _ => return None,
    })
}

/// Reads `updates.state`.
pub(crate) fn state(object: &Object) -> Option<UpdateState> {
    Some(UpdateState {
        pts: object.int("pts")?,
        qts: object.int("qts")?,
        date: object.int("date")?,
        seq: object.int("seq")?,
        ..UpdateState::default()
    })
}

/// A dynamic object as a generated type.
pub(crate) fn typed<T: Deserializable>(object: &Object) -> Result<T, DecodeError> {
    let mut bytes = Vec::new();
    // Decoded objects always fit their layer; what does not is not read below either.
    let _ = encode(Schema::api(), &Value::Object(object.clone()), &mut bytes);
    T::from_bytes(&bytes)
}

/// The objects of a vector field.
pub(crate) fn objects<'a>(object: &'a Object, field: &str) -> impl Iterator<Item = &'a Object> {
    object.vector(field).unwrap_or_default().iter().filter_map(|value| match value {
        Value::Object(object) => Some(object),
        _ => None,
    })
}

fn stamped(update: Object, origin: Origin) -> Stamped<Update> {
    Stamped { stamp: stamp(&update), update: Some(Update::new(update, origin)) }
}

/// A channel's part is ordered as a whole, so its updates need no places of their own.
fn whole(update: Object) -> Stamped<Update> {
    Stamped { stamp: Stamp::None, update: Some(Update::new(update, Origin::Difference)) }
}

fn stamp(update: &Object) -> Stamp {
    if let Some(qts) = update.int("qts") {
        return Stamp::Qts { qts };
    }
    let (Some(pts), Some(count)) = (update.int("pts"), update.int("pts_count")) else { return Stamp::None };
    let channel = match update.name() {
        "updateNewChannelMessage" | "updateEditChannelMessage" => update
            .object("message")
            .and_then(|message| message.object("peer_id"))
            .and_then(|peer| peer.long("channel_id")),
        _ => update.long("channel_id"),
    };
    match channel {
        Some(id) => Stamp::Channel { id, pts, count },
        None => Stamp::Pts { pts, count },
    }
}

/// What a difference holds, messages first, as the server orders it.
fn missed(object: &Object) -> Vec<Stamped<Update>> {
    let mut updates = Vec::new();
    for message in objects(object, "new_messages") {
        let update = Object::new("updateNewMessage").with("message", message.clone());
        updates.push(whole(update.with("pts", 0).with("pts_count", 0)));
    }
    for message in objects(object, "new_encrypted_messages") {
        let update = Object::new("updateNewEncryptedMessage").with("message", message.clone());
        updates.push(whole(update.with("qts", 0)));
    }
    updates
        .extend(objects(object, "other_updates").map(|update| stamped(update.clone(), Origin::Difference)));
    updates
}

fn channel_messages(object: &Object, field: &str) -> Vec<Stamped<Update>> {
    objects(object, field)
        .map(|message| {
            let update = Object::new("updateNewChannelMessage").with("message", message.clone());
            whole(update.with("pts", 0).with("pts_count", 0))
        })
        .collect()
}

/// The `updateNewMessage` that a short form stands for. core.telegram.org/api/updates#updates-constructors
fn long_form(short: &Object) -> Option<Object> {
    const COPIED: [&str; 13] = [
        "out",
        "mentioned",
        "media_unread",
        "silent",
        "id",
        "message",
        "date",
        "fwd_from",
        "via_bot_id",
        "reply_to",
        "entities",
        "ttl_period",
        "from_boosts_applied",
    ];
    let user = |id: i64| Object::new("peerUser").with("user_id", id);
    let mut message = Object::new("message");
    for field in COPIED {
        if let Some(value) = short.get(field) {
            message.set(field, value.clone());
        }
    }
    match short.long("chat_id") {
        Some(chat) => {
            message.set("peer_id", Object::new("peerChat").with("chat_id", chat));
            message.set("from_id", user(short.long("from_id")?));
        }
        None => message.set("peer_id", user(short.long("user_id")?)),
    }
    let update = Object::new("updateNewMessage").with("message", message);
    Some(update.with("pts", short.int("pts")?).with("pts_count", short.int("pts_count")?))
}
