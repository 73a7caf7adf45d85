//! The queue between the connection, which must never wait, and the task that puts updates into order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::session::UpdateState;
use crate::stats::Counters;

/// Something that bears on the order of updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inbound {
    /// A boxed `Updates` the server pushed.
    Pushed(Vec<u8>),
    /// A boxed `Updates` that was the result of a call.
    Result(Vec<u8>),
    /// Numbers out of a call's result: `messages.affectedMessages` and its kin.
    Affected { pts: i32, count: i32 },
    /// The account's state, asked for after a login or at start.
    State(UpdateState),
    /// The account is another one, or none: what was known of the order counts no more.
    Reset,
    /// Something may have been missed.
    MaybeMissed,
}

/// Bounded queue. At the bound the oldest packet that is not about a phone call is dropped and counted, and the
/// difference is fetched for it.
#[derive(Debug)]
pub(crate) struct Inbox {
    queue: Mutex<Queue>,
    filled: Notify,
    bound: usize,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct Queue {
    items: VecDeque<Inbound>,
    missed: bool,
}

impl Inbox {
    pub(crate) fn new(bound: usize, counters: Arc<Counters>) -> Self {
        Self { queue: Mutex::default(), filled: Notify::new(), bound, counters }
    }

    /// A packet the server pushed.
    pub(crate) fn push(&self, body: Vec<u8>) {
        self.put(Inbound::Pushed(body));
    }

    pub(crate) fn put(&self, item: Inbound) {
        let mut queue = self.lock();
        if matches!(item, Inbound::State(_)) {
            // Updates count from this state on, so nothing before it can be missing.
            queue.missed = false;
        }
        if queue.items.len() >= self.bound {
            let victim = queue.items.iter().position(|item| !item.is_phone_call()).unwrap_or(0);
            queue.items.remove(victim);
            queue.missed = true;
            self.counters.inbound_dropped.increment();
        }
        queue.items.push_back(item);
        drop(queue);
        self.filled.notify_one();
    }

    /// Notes that something may have been missed, once however often it is said.
    pub(crate) fn maybe_missed(&self) {
        self.lock().missed = true;
        self.filled.notify_one();
    }

    /// The next item; waits for one. Cancel safe.
    pub(crate) async fn next(&self) -> Inbound {
        loop {
            if let Some(item) = self.take() {
                return item;
            }
            self.filled.notified().await;
        }
    }

    fn take(&self) -> Option<Inbound> {
        let mut queue = self.lock();
        // After the packets: they may hold what is thought missing.
        let item = queue.items.pop_front();
        item.or_else(|| std::mem::take(&mut queue.missed).then_some(Inbound::MaybeMissed))
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbound {
    /// `updateShort` with `updatePhoneCall` or `updatePhoneCallSignalingData`: no difference brings them again.
    fn is_phone_call(&self) -> bool {
        const UPDATE_SHORT: [u8; 4] = 0x78d4_dec1_u32.to_le_bytes();
        const PHONE_CALL: [u8; 4] = 0xab0f_6b1e_u32.to_le_bytes();
        const SIGNALING: [u8; 4] = 0x2661_bf09_u32.to_le_bytes();
        let Self::Pushed(body) = self else { return false };
        body.starts_with(&UPDATE_SHORT)
            && body.get(4..8).is_some_and(|inner| inner == PHONE_CALL || inner == SIGNALING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone_call(tag: u8) -> Vec<u8> {
        let mut body = 0x78d4_dec1_u32.to_le_bytes().to_vec();
        body.extend_from_slice(&0xab0f_6b1e_u32.to_le_bytes());
        body.push(tag);
        body
    }

    fn drain(inbox: &Inbox) -> Vec<Inbound> {
        std::iter::from_fn(|| inbox.take()).collect()
    }

    #[test]
    fn at_the_bound_the_oldest_is_dropped_and_the_difference_is_asked_for() {
        let counters = Arc::new(Counters::default());
        let inbox = Inbox::new(2, counters.clone());
        for tag in [1, 2, 3] {
            inbox.push(vec![tag]);
        }
        assert_eq!(drain(&inbox), [Inbound::Pushed(vec![2]), Inbound::Pushed(vec![3]), Inbound::MaybeMissed]);
        assert_eq!(counters.snapshot().inbound_dropped, 1);
    }

    #[test]
    fn a_phone_call_outlives_other_updates_at_the_bound() {
        let inbox = Inbox::new(2, Arc::default());
        inbox.push(phone_call(1));
        inbox.push(vec![2]);
        inbox.push(vec![3]);
        assert_eq!(
            drain(&inbox),
            [Inbound::Pushed(phone_call(1)), Inbound::Pushed(vec![3]), Inbound::MaybeMissed]
        );
    }

    #[test]
    fn saying_twice_that_something_was_missed_asks_once() {
        let inbox = Inbox::new(2, Arc::default());
        inbox.maybe_missed();
        inbox.maybe_missed();
        assert_eq!(drain(&inbox), [Inbound::MaybeMissed]);
    }
}
