//! Updates: from packets to readers, in order and complete.

mod filter;
pub(crate) mod inbox;
mod line;
mod message_box;
pub(crate) mod read;
pub(crate) mod reader;
pub(crate) mod results;
mod sorter;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use offhook_tl::{DecodeError, Deserializable, Object};
use tokio_util::task::AbortOnDropHandle;

pub use self::filter::UpdateFilter;
use self::reader::{Item, Reader};
pub(crate) use self::sorter::Sorter;

/// Where an update came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The server pushed it.
    Pushed,
    /// It was in the result of one of this client's own calls.
    Result,
    /// It was fetched: it happened while the client was away or a packet was lost.
    Difference,
}

/// One update, for example `updateNewMessage` or `updatePhoneCall`. Cheap to clone.
///
/// Short forms (`updateShortMessage`) come as the update they stand for. The users and chats that came with it are in
/// the client's cache before it is delivered.
#[derive(Clone, PartialEq)]
pub struct Update {
    object: Arc<Object>,
    origin: Origin,
}

impl Update {
    pub(crate) fn new(object: Object, origin: Origin) -> Self {
        Self { object: Arc::new(object), origin }
    }

    /// The constructor's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.object.name()
    }

    /// The update itself.
    #[must_use]
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The update as a generated type: `enums::Update`, or what the project has for it.
    ///
    /// # Errors
    /// When it is something else than `T`.
    pub fn read<T: Deserializable>(&self) -> Result<T, DecodeError> {
        self::read::typed(&self.object)
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }
}

impl fmt::Debug for Update {
    /// Shows the name only: the content is people's messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Update({}, {:?})", self.name(), self.origin)
    }
}

impl Item for Update {
    fn is_phone_call(&self) -> bool {
        matches!(self.name(), "updatePhoneCall" | "updatePhoneCallSignalingData")
    }
}

/// A bounded stream of updates in order, from [`Client::updates`](crate::Client::updates).
///
/// Policy at the bound ([`Limits::updates`](crate::Limits::updates)): the oldest update that is not about a phone call
/// is dropped and counted. Updates about phone calls are dropped only when nothing else is left to drop, and then
/// counted and logged of their own.
#[derive(Debug)]
pub struct Updates(pub(crate) Reader<Update>);

impl Updates {
    /// The next update; `None` after the client was shut down. Can be cancelled without losing one.
    pub async fn next(&mut self) -> Option<Update> {
        self.0.next().await
    }

    /// The next update if there is one now.
    pub fn try_next(&mut self) -> Option<Update> {
        self.0.try_next()
    }

    /// How many updates this reader lost at the bound.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.dropped()
    }
}

/// A handler of updates, from [`Client::on`](crate::Client::on). It ends when this is dropped, in the middle of an update
/// if need be.
#[derive(Debug)]
#[must_use = "the handler ends when this is dropped"]
pub struct Handler(AbortOnDropHandle<()>);

impl Handler {
    /// Runs `handle` for each update, one after another.
    pub(crate) fn start<D: Future<Output = ()> + Send + 'static>(
        mut updates: Updates,
        mut handle: impl FnMut(Update) -> D + Send + 'static,
    ) -> Self {
        Self(AbortOnDropHandle::new(tokio::spawn(async move {
            while let Some(update) = updates.next().await {
                handle(update).await;
            }
        })))
    }

    /// Waits until the client was shut down and the last update is handled. False when the handler panicked before.
    pub async fn finished(self) -> bool {
        self.0.await.is_ok()
    }
}
