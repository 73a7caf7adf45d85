//! `updates.*`: where a device stands and what it has missed.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{list, object},
};
use crate::world::mailbox::{News, What};

/// Events in one answer; clients ask again after a slice.
const SLICE: usize = 100;

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
        let (events, more) = match mail.since(pts, limit) {
            News::None => return Ok(Self::difference_empty(asker.date())),
            News::TooLong => return Ok(object("updates.differenceTooLong").with("pts", mail.pts()).into()),
            News::Some { events, more } => (events, more),
        };
        let new = |what: &What| matches!(what, What::New { .. });
        let messages = events.iter().filter_map(|event| match event.what {
            What::New { id } => mail.message(id).map(|message| self.message(own, message)),
            _ => None,
        });
        let others =
            events.iter().filter(|event| !new(&event.what)).filter_map(|event| self.update(own, event));
        let users = events.iter().flat_map(|event| self.users_of(own, event)).chain([own]);
        let state = self.update_state(own, events.last().map(|event| event.pts), asker.date());
        let (name, state_field) = if more {
            ("updates.differenceSlice", "intermediate_state")
        } else {
            ("updates.difference", "state")
        };
        Ok(object(name)
            .with("new_messages", list(messages))
            .with("new_encrypted_messages", Value::Vector(Vec::new()))
            .with("other_updates", list(others))
            .with("chats", Value::Vector(Vec::new()))
            .with("users", self.users(own, users))
            .with(state_field, state)
            .into())
    }
}
