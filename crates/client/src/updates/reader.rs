//! The readers' ends of the stream of updates.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;

use crate::stats::Counters;

/// What a reader's queue needs to know of an item.
pub(crate) trait Item: Clone {
    /// Whether it is about a phone call: such items outlive others at the bound.
    fn is_phone_call(&self) -> bool;
}

/// What a reader wants of all items.
pub(crate) struct Wanted<T>(Box<dyn Fn(&T) -> bool + Send + Sync>);

impl<T> Wanted<T> {
    pub(crate) fn new(test: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        Self(Box::new(test))
    }
}

impl<T> fmt::Debug for Wanted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wanted(..)")
    }
}

/// All readers. Each gets every item it wants from the moment it was made; the first one also what came before.
#[derive(Debug)]
pub(crate) struct Hub<T> {
    readers: Mutex<Readers<T>>,
    bound: usize,
    counters: Arc<Counters>,
}

#[derive(Debug)]
struct Readers<T> {
    open: Vec<Weak<Mailbox<T>>>,
    /// Filled until the first reader takes it over.
    early: Option<Arc<Mailbox<T>>>,
    closed: bool,
}

impl<T: Item> Hub<T> {
    pub(crate) fn new(bound: usize, counters: Arc<Counters>) -> Self {
        let early = Arc::new(Mailbox::new(bound));
        let readers = Readers { open: vec![Arc::downgrade(&early)], early: Some(early), closed: false };
        Self { readers: Mutex::new(readers), bound, counters }
    }

    /// A reader of all items, or of those that are wanted.
    pub(crate) fn reader(&self, wanted: Option<Wanted<T>>) -> Reader<T> {
        let mut readers = self.lock();
        if let Some(early) = readers.early.take() {
            early.want(wanted);
            return Reader { mailbox: early };
        }
        let mailbox = Arc::new(Mailbox::new(self.bound));
        mailbox.want(wanted);
        mailbox.lock().closed = readers.closed;
        readers.open.push(Arc::downgrade(&mailbox));
        Reader { mailbox }
    }

    pub(crate) fn deliver(&self, item: &T) {
        self.counters.updates.increment();
        self.lock().open.retain(|reader| {
            let Some(mailbox) = reader.upgrade() else { return false };
            if let Some(victim) = mailbox.put(item) {
                self.counters.updates_dropped.increment();
                if victim.is_phone_call() {
                    self.counters.call_updates_dropped.increment();
                    tracing::warn!("an update about a phone call was dropped: the reader does not keep up");
                }
            }
            true
        });
    }

    /// Ends all readers once they have read what is left.
    pub(crate) fn close(&self) {
        let mut readers = self.lock();
        readers.closed = true;
        for mailbox in readers.open.drain(..).filter_map(|reader| reader.upgrade()) {
            mailbox.lock().closed = true;
            mailbox.filled.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Readers<T>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One reader.
#[derive(Debug)]
pub(crate) struct Reader<T> {
    mailbox: Arc<Mailbox<T>>,
}

impl<T: Item> Reader<T> {
    /// The next item; `None` when the client is shut down. Cancel safe.
    pub(crate) async fn next(&mut self) -> Option<T> {
        loop {
            {
                let mut letters = self.mailbox.lock();
                if let Some(item) = letters.items.pop_front() {
                    return Some(item);
                }
                if letters.closed {
                    return None;
                }
            }
            self.mailbox.filled.notified().await;
        }
    }

    pub(crate) fn try_next(&mut self) -> Option<T> {
        self.mailbox.lock().items.pop_front()
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.mailbox.lock().dropped
    }
}

#[derive(Debug)]
struct Mailbox<T> {
    letters: Mutex<Letters<T>>,
    filled: Notify,
    bound: usize,
}

#[derive(Debug)]
struct Letters<T> {
    items: VecDeque<T>,
    wanted: Option<Wanted<T>>,
    dropped: u64,
    closed: bool,
}

impl<T: Item> Mailbox<T> {
    /// Adds an item if it is wanted. At the bound the oldest one that is not about a phone call makes room and is returned.
    fn put(&self, item: &T) -> Option<T> {
        let mut letters = self.lock();
        if letters.wanted.as_ref().is_some_and(|wanted| !wanted.0(item)) {
            return None;
        }
        let mut victim = None;
        if letters.items.len() >= self.bound {
            let index = letters.items.iter().position(|item| !item.is_phone_call()).unwrap_or(0);
            victim = letters.items.remove(index);
            letters.dropped += 1;
        }
        letters.items.push_back(item.clone());
        drop(letters);
        self.filled.notify_one();
        victim
    }
}

impl<T> Mailbox<T> {
    fn new(bound: usize) -> Self {
        let letters = Letters { items: VecDeque::new(), wanted: None, dropped: 0, closed: false };
        Self { letters: Mutex::new(letters), filled: Notify::new(), bound }
    }

    /// Nothing but this from now on, and of what is there already.
    fn want(&self, wanted: Option<Wanted<T>>) {
        let mut letters = self.lock();
        if let Some(wanted) = &wanted {
            letters.items.retain(|item| wanted.0(item));
        }
        letters.wanted = wanted;
    }

    fn lock(&self) -> MutexGuard<'_, Letters<T>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq)]
    enum Note {
        Call(u32),
        Other(u32),
    }

    impl Item for Note {
        fn is_phone_call(&self) -> bool {
            matches!(self, Self::Call(_))
        }
    }

    fn read(reader: &mut Reader<Note>) -> Vec<Note> {
        std::iter::from_fn(|| reader.try_next()).collect()
    }

    #[test]
    fn at_the_bound_the_oldest_is_dropped_and_counted_but_calls_stay() {
        let counters = Arc::new(Counters::default());
        let hub = Hub::new(3, counters.clone());
        let mut reader = hub.reader(None);
        for note in [Note::Call(1), Note::Other(2), Note::Other(3), Note::Other(4), Note::Call(5)] {
            hub.deliver(&note);
        }
        assert_eq!(reader.dropped(), 2);
        assert_eq!(read(&mut reader), [Note::Call(1), Note::Other(4), Note::Call(5)]);
        let stats = counters.snapshot();
        assert_eq!((stats.updates, stats.updates_dropped, stats.call_updates_dropped), (5, 2, 0));
    }

    #[test]
    fn a_dropped_call_is_counted_as_such() {
        let counters = Arc::new(Counters::default());
        let hub = Hub::new(1, counters.clone());
        let mut reader = hub.reader(None);
        hub.deliver(&Note::Call(1));
        hub.deliver(&Note::Call(2));
        assert_eq!(read(&mut reader), [Note::Call(2)]);
        assert_eq!(counters.snapshot().call_updates_dropped, 1);
    }

    #[test]
    fn the_first_reader_gets_what_came_before_it_and_the_second_what_comes_after() {
        let hub = Hub::new(10, Arc::default());
        hub.deliver(&Note::Other(1));
        let mut first = hub.reader(None);
        let mut second = hub.reader(None);
        hub.deliver(&Note::Other(2));
        assert_eq!(read(&mut first), [Note::Other(1), Note::Other(2)]);
        assert_eq!(read(&mut second), [Note::Other(2)]);
    }

    #[test]
    fn what_a_reader_does_not_want_takes_no_room_before_or_after() {
        let counters = Arc::new(Counters::default());
        let hub = Hub::new(2, counters.clone());
        hub.deliver(&Note::Other(1));
        hub.deliver(&Note::Call(2));
        let calls = || Some(Wanted::new(Note::is_phone_call));
        let (mut first, mut second) = (hub.reader(calls()), hub.reader(calls()));
        for n in 3..20 {
            hub.deliver(&Note::Other(n));
        }
        hub.deliver(&Note::Call(20));
        assert_eq!(read(&mut first), [Note::Call(2), Note::Call(20)]);
        assert_eq!(read(&mut second), [Note::Call(20)]);
        assert_eq!((first.dropped(), counters.snapshot().updates_dropped), (0, 0));
    }

    #[test]
    fn a_reader_that_is_gone_costs_nothing() {
        let hub = Hub::new(1, Arc::new(Counters::default()));
        drop(hub.reader(None));
        hub.deliver(&Note::Other(1));
        hub.deliver(&Note::Other(2));
        assert_eq!(hub.counters.snapshot().updates_dropped, 0);
        assert!(hub.lock().open.is_empty());
    }

    #[tokio::test]
    async fn readers_end_after_what_is_left_when_the_client_is_shut_down() {
        let hub = Hub::new(10, Arc::default());
        let mut reader = hub.reader(None);
        hub.deliver(&Note::Other(1));
        hub.close();
        assert_eq!(reader.next().await, Some(Note::Other(1)));
        assert_eq!(reader.next().await, None);
        assert_eq!(hub.reader(None).next().await, None);
    }
}
