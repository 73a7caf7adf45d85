//! The ordered record of what happened in a call, and those who read it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::Event;

/// Events a call remembers for readers that are behind. Beyond that the oldest event
/// that tells no end gives way, then the oldest that is not a state of the call.
pub const EVENT_HISTORY: usize = 256;

/// What happened in one call. Written by the desk, read by any number of [`Events`].
#[derive(Default)]
pub(crate) struct History {
    record: Mutex<Record>,
    blocking: Condvar,
    waiting: Notify,
}

#[derive(Default)]
struct Record {
    /// In ascending order of number; gaps are events that gave way.
    events: VecDeque<(u64, Event)>,
    next: u64,
    ended: bool,
}

impl History {
    /// Appends an event and wakes the readers. Nothing follows [`Event::Ended`].
    pub(crate) fn push(&self, event: Event) {
        {
            let mut record = self.lock();
            if record.ended {
                return;
            }
            record.ended = matches!(event, Event::Ended(_));
            let number = record.next;
            record.next += 1;
            if record.events.len() >= EVENT_HISTORY {
                let first =
                    |give_up: fn(&Event) -> bool| record.events.iter().position(|(_, event)| give_up(event));
                let victim = first(|event| !event.is_vital()).or_else(|| first(|event| !event.is_state()));
                let victim = victim.unwrap_or(0);
                record.events.remove(victim);
            }
            record.events.push_back((number, event));
        }
        self.blocking.notify_all();
        self.waiting.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        // A reader that panicked while it cloned an event has not harmed the record.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a call's events from its beginning, in order, until [`Event::Ended`]. Any number of readers may follow a call,
/// each at its own pace; works in async and in blocking code.
pub struct Events {
    history: Arc<crate::shared::Shared>,
    next: u64,
    missed: u64,
    done: bool,
}

impl Events {
    pub(crate) fn new(shared: Arc<crate::shared::Shared>) -> Self {
        Self { history: shared, next: 0, missed: 0, done: false }
    }

    /// The next event; `None` after [`Event::Ended`]. Cancel-safe.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if self.done {
                return None;
            }
            let shared = Arc::clone(&self.history);
            let woken = shared.history.waiting.notified();
            tokio::pin!(woken);
            // Registers before looking, so that nothing slips between the look and the wait.
            woken.as_mut().enable();
            if let Some(event) = self.try_next() {
                return Some(event);
            }
            woken.await;
        }
    }

    /// The same for blocking code.
    pub fn next_blocking(&mut self) -> Option<Event> {
        self.wait(None)
    }

    /// The same, but `None` also when nothing happens for `time`.
    pub fn next_timeout(&mut self, time: Duration) -> Option<Event> {
        self.wait(Some(time))
    }

    /// The next event if there is one already.
    pub fn try_next(&mut self) -> Option<Event> {
        let shared = Arc::clone(&self.history);
        let record = shared.history.lock();
        self.take(&record)
    }

    /// Events this reader never saw because it was more than [`EVENT_HISTORY`] behind.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }

    fn wait(&mut self, time: Option<Duration>) -> Option<Event> {
        let deadline = time.map(|time| Instant::now() + time);
        let shared = Arc::clone(&self.history);
        let mut record = shared.history.lock();
        loop {
            if self.done {
                return None;
            }
            if let Some(event) = self.take(&record) {
                return Some(event);
            }
            let blocking = &shared.history.blocking;
            record = match deadline {
                None => blocking.wait(record).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.checked_duration_since(Instant::now())?;
                    blocking.wait_timeout(record, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn take(&mut self, record: &Record) -> Option<Event> {
        let at = record.events.partition_point(|(number, _)| *number < self.next);
        let (number, event) = record.events.get(at)?;
        self.missed += number - self.next;
        self.next = number + 1;
        self.done = matches!(event, Event::Ended(_));
        Some(event.clone())
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("next", &self.next)
            .field("missed", &self.missed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Shared;
    use crate::{CallStats, Ended, HangupReason, Outcome};

    fn ended() -> Event {
        Event::Ended(Arc::new(Ended {
            outcome: Outcome::Completed(HangupReason::Local),
            stats: CallStats::default(),
            stamps: None,
            connect: None,
        }))
    }

    #[test]
    fn every_reader_sees_every_event_from_the_beginning_and_nothing_after_the_end() {
        let shared = Arc::new(Shared::new(1));
        let mut early = Events::new(Arc::clone(&shared));
        shared.history.push(Event::Connecting);
        shared.history.push(Event::Established);
        assert!(matches!(early.try_next(), Some(Event::Connecting)));
        shared.history.push(ended());
        shared.history.push(Event::FirstAudio);
        assert!(matches!(early.next_blocking(), Some(Event::Established)));
        assert!(matches!(early.next_blocking(), Some(Event::Ended(_))));
        assert!(early.next_blocking().is_none());
        let mut late = Events::new(shared);
        let names: Vec<String> = std::iter::from_fn(|| late.try_next()).map(|e| format!("{e:?}")).collect();
        assert_eq!(names.len(), 3);
        assert_eq!(late.missed(), 0);
    }

    #[test]
    fn a_full_history_gives_up_the_oldest_event_that_is_not_vital_and_counts_it() {
        let shared = Arc::new(Shared::new(1));
        shared.history.push(Event::Connecting);
        for _ in 0..300 {
            shared.history.push(Event::SpeechStarted);
        }
        shared.history.push(ended());
        let mut reader = Events::new(shared);
        assert!(matches!(reader.try_next(), Some(Event::Connecting)));
        let rest: Vec<Event> = std::iter::from_fn(|| reader.try_next()).collect();
        assert_eq!(rest.len(), EVENT_HISTORY - 1);
        assert!(matches!(rest.last(), Some(Event::Ended(_))));
        assert_eq!(reader.missed(), 302 - EVENT_HISTORY as u64);
    }

    #[test]
    fn a_blocking_reader_gives_up_after_its_time() {
        let mut reader = Events::new(Arc::new(Shared::new(1)));
        assert!(reader.next_timeout(Duration::from_millis(5)).is_none());
    }

    #[tokio::test]
    async fn an_async_reader_is_woken_by_an_event_pushed_from_another_thread() {
        let shared = Arc::new(Shared::new(1));
        let mut reader = Events::new(Arc::clone(&shared));
        let writer = std::thread::spawn(move || shared.history.push(ended()));
        assert!(matches!(reader.next().await, Some(Event::Ended(_))));
        assert!(reader.next().await.is_none());
        writer.join().unwrap();
    }
}
