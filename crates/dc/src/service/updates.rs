//! `updates.*`: where a device stands and what it has missed.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{Asker, Service, bad, build::object};
use crate::world::{
    groups::Group,
    mailbox::{Event, News, What},
    peer::PeerId,
    users::UserId,
};

/// Events in one answer; clients ask again after a slice.
const SLICE: usize = 100;
/// Seconds after which a client may ask for the news of an open channel again.
const POLL: i32 = 30;

impl Service {
    pub(super) fn updates_get_state(&self, asker: &Asker) -> Result<Value, RpcError> {
        Ok(self.update_state(asker.logged_in()?, None, asker.date()).into())
    }

    pub(super) fn updates_get_difference(&self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let pts =
            request.int("pts").filter(|pts| *pts > 0).ok_or_else(|| bad("PERSISTENT_TIMESTAMP_INVALID"))?;
        let limit = request.int("pts_limit").and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.map_or(SLICE, |limit| limit.clamp(1, SLICE));
        let mail = self.world.mail(own).ok_or_else(|| bad("PERSISTENT_TIMESTAMP_INVALID"))?;
        let behind = self.channels_since(own, request.int("date").unwrap_or(0));
        let (events, more) = match mail.since(pts, limit) {
            News::None if behind.is_empty() => return Ok(Self::difference_empty(asker.date())),
            News::None => (Vec::new(), false),
            News::TooLong => return Ok(object("updates.differenceTooLong").with("pts", mail.pts()).into()),
            News::Some { events, more } => (events, more),
        };
        let (messages, mut others, mut peers) = self.told_of(own, own.into(), &events);
        if !more {
            peers.extend(behind.iter().map(|group| group.id));
            others.extend(behind.iter().filter_map(|group| {
                let too_long = object("updateChannelTooLong").with("channel_id", group.id.number());
                Some(too_long.with("pts", self.world.mail(group.id)?.pts()).into())
            }));
        }
        let pts = events.last().map_or(pts, |event| event.pts);
        let state = self.update_state(own, Some(pts), asker.date());
        let (name, state_field) = if more {
            ("updates.differenceSlice", "intermediate_state")
        } else {
            ("updates.difference", "state")
        };
        let answer = object(name)
            .with("new_messages", Value::Vector(messages))
            .with("new_encrypted_messages", Value::Vector(Vec::new()))
            .with("other_updates", Value::Vector(others));
        Ok(self.with_cast(answer, own, peers).with(state_field, state).into())
    }

    pub(super) fn updates_get_channel_difference(
        &self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let channel = self.visible_channel(own, request.object("channel"))?.id;
        let pts =
            request.int("pts").filter(|pts| *pts > 0).ok_or_else(|| bad("PERSISTENT_TIMESTAMP_INVALID"))?;
        let limit = usize::try_from(request.int("limit").unwrap_or(0)).unwrap_or(0).clamp(1, SLICE);
        let mail = self.world.mail(channel).ok_or_else(|| bad("CHANNEL_INVALID"))?;
        let (events, more) = match mail.since(pts, limit) {
            News::None => {
                let empty = object("updates.channelDifferenceEmpty").with("final", true);
                return Ok(empty.with("pts", pts).with("timeout", POLL).into());
            }
            News::TooLong => {
                let answer = object("updates.channelDifferenceTooLong").with("final", true);
                let mut answer = self.dialogs(own, &[channel], answer.with("timeout", POLL));
                // The same as in a list of chats, for one.
                let dialog = match answer.remove("dialogs") {
                    Some(Value::Vector(dialogs)) => dialogs.into_iter().next(),
                    _ => None,
                };
                return Ok(answer.with_opt("dialog", dialog).into());
            }
            News::Some { events, more } => (events, more),
        };
        let (messages, others, peers) = self.told_of(own, channel, &events);
        let answer = object("updates.channelDifference");
        let answer = if more { answer } else { answer.with("final", true) }
            .with("pts", events.last().map_or(pts, |event| event.pts))
            .with("timeout", POLL)
            .with("new_messages", Value::Vector(messages))
            .with("other_updates", Value::Vector(others));
        Ok(self.with_cast(answer, own, peers).into())
    }

    /// What events of a mailbox say: new messages, other updates, and whom they name.
    fn told_of(
        &self,
        own: UserId,
        mailbox: PeerId,
        events: &[&Event],
    ) -> (Vec<Value>, Vec<Value>, Vec<PeerId>) {
        let (mut messages, mut others) = (Vec::new(), Vec::new());
        for event in events {
            match event.what {
                What::New { id } => {
                    let message = self.world.mail(mailbox).and_then(|mail| mail.message(id));
                    messages.extend(message.map(|message| self.message(own, message)));
                }
                _ => others.extend(self.update(own, mailbox, event)),
            }
        }
        let peers = events.iter().flat_map(|event| self.peers_of(mailbox, event));
        (messages, others, peers.chain([own.into(), mailbox]).collect())
    }

    /// The channels of a user in which something happened since this Unix time.
    fn channels_since(&self, own: UserId, date: i32) -> Vec<&Group> {
        let channels = self.world.groups_of(own).filter(|group| group.id.is_channel());
        channels.filter(|group| group.changed >= date).collect()
    }
}
