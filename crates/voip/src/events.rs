//! The ordered record of what happened in a call, and those who read it.

use std::time::Duration;

use crate::Event;

/// Events a call remembers for readers that are behind.
pub const EVENT_HISTORY: usize = 256;

/// Reads a call's events from its beginning, in order, until [`Event::Ended`]. Any number of readers may follow a call,
/// each at its own pace; works in async and in blocking code.
pub struct Events(());

impl Events {
    /// The next event; `None` after [`Event::Ended`]. Cancel-safe.
    pub async fn next(&mut self) -> Option<Event> {
        todo!()
    }

    /// The same for blocking code.
    pub fn next_blocking(&mut self) -> Option<Event> {
        todo!()
    }

    /// The same, but `None` also when nothing happens for `time`.
    pub fn next_timeout(&mut self, time: Duration) -> Option<Event> {
        let _ = time;
        todo!()
    }

    /// The next event if there is one already.
    pub fn try_next(&mut self) -> Option<Event> {
        todo!()
    }

    /// Events this reader never saw because it was more than [`EVENT_HISTORY`] behind.
    #[must_use]
    pub fn missed(&self) -> u64 {
        todo!()
    }
}
