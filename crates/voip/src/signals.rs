//! A call's own signalling, to and from whoever carries it: packets of `phone.sendSignalingData` and
//! `updatePhoneCallSignalingData`.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::shared::Shared;

/// Outgoing packets that may wait for a reader of [`Signals`]. At the bound the newest is given up, which the call's own
/// repetition makes good as if the network had lost it, and counted by [`crate::CallStats::signals_dropped`].
pub const SIGNALS_OUT: usize = 256;

/// Bytes of incoming packets that may wait for the call, each counted with 1 KiB at least. At the bound
/// [`crate::Controller::signal`] is an error.
pub const SIGNALS_IN: usize = 512 << 10;

/// Largest packet taken (tgcalls.md 3.1).
pub(crate) const SIGNAL: usize = 128 << 10;

/// Packets on their way out, and the room for those on their way in.
#[derive(Default)]
pub(crate) struct Outbox {
    queue: Mutex<Queue>,
    blocking: Condvar,
    waiting: Notify,
    /// Packets between the shard and a reader.
    under_way: AtomicUsize,
    /// Bytes between [`crate::Controller::signal`] and the call.
    incoming: AtomicUsize,
}

#[derive(Default)]
struct Queue {
    packets: VecDeque<Vec<u8>>,
    ended: bool,
}

impl Outbox {
    /// Room for one more packet out; whoever gets it brings one with [`Outbox::push`].
    pub(crate) fn take_place(&self) -> bool {
        let place = |count: usize| (count < SIGNALS_OUT).then_some(count + 1);
        self.under_way.fetch_update(Ordering::Relaxed, Ordering::Relaxed, place).is_ok()
    }

    /// A packet for whoever carries it.
    pub(crate) fn push(&self, packet: Vec<u8>) {
        self.lock().packets.push_back(packet);
        self.blocking.notify_one();
        self.waiting.notify_one();
    }

    /// No more will come.
    pub(crate) fn end(&self) {
        self.lock().ended = true;
        self.blocking.notify_all();
        self.waiting.notify_waiters();
    }

    /// Room for a packet in.
    pub(crate) fn take_room(&self, packet: usize) -> bool {
        let room = |used: usize| Some(used + cost(packet)).filter(|used| *used <= SIGNALS_IN);
        self.incoming.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).is_ok()
    }

    /// A packet that came in has been taken.
    pub(crate) fn give_room(&self, packet: usize) {
        self.incoming.fetch_sub(cost(packet), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Every change of it is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cost(packet: usize) -> usize {
    packet.max(1024)
}

/// Takes the packets that a call wants handed to the server for the other side (`phone.sendSignalingData`), in order,
/// until the end of the call. Each packet goes to one taker, so one [`Signals`] per call is the rule. Works in async and
/// in blocking code, from the moment there is a controller.
///
/// Calls of the libtgvoip family have none.
pub struct Signals {
    shared: Arc<Shared>,
}

impl Signals {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The next packet; `None` when the call is over and all were taken. Cancel-safe.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            let woken = self.shared.signals.waiting.notified();
            tokio::pin!(woken);
            // Registers before looking, so that nothing slips between the look and the wait.
            woken.as_mut().enable();
            {
                let mut queue = self.shared.signals.lock();
                if let Some(packet) = self.take(&mut queue) {
                    return Some(packet);
                }
                if queue.ended {
                    return None;
                }
            }
            woken.await;
        }
    }

    /// The same for blocking code.
    pub fn next_blocking(&mut self) -> Option<Vec<u8>> {
        self.wait(None)
    }

    /// The same, but `None` also when there is none for `time`.
    pub fn next_timeout(&mut self, time: Duration) -> Option<Vec<u8>> {
        self.wait(Some(Instant::now() + time))
    }

    /// The next packet if there is one already.
    pub fn try_next(&mut self) -> Option<Vec<u8>> {
        let mut queue = self.shared.signals.lock();
        self.take(&mut queue)
    }

    fn wait(&self, deadline: Option<Instant>) -> Option<Vec<u8>> {
        let outbox = &self.shared.signals;
        let mut queue = outbox.lock();
        loop {
            if let Some(packet) = self.take(&mut queue) {
                return Some(packet);
            }
            if queue.ended {
                return None;
            }
            queue = match deadline {
                None => outbox.blocking.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.checked_duration_since(Instant::now())?;
                    outbox.blocking.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn take(&self, queue: &mut Queue) -> Option<Vec<u8>> {
        let packet = queue.packets.pop_front()?;
        self.shared.signals.under_way.fetch_sub(1, Ordering::Relaxed);
        Some(packet)
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").field("call", &self.shared.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(shared: &Shared, packet: u8) -> bool {
        let place = shared.signals.take_place();
        if place {
            shared.signals.push(vec![packet]);
        }
        place
    }

    #[test]
    fn packets_are_taken_once_in_order_and_after_the_end_there_are_no_more() {
        let shared = Arc::new(Shared::new(1));
        let (mut one, mut other) = (Signals::new(Arc::clone(&shared)), Signals::new(Arc::clone(&shared)));
        assert_eq!(one.try_next(), None);
        assert_eq!(one.next_timeout(Duration::from_millis(2)), None);
        for packet in 1..=3 {
            assert!(push(&shared, packet));
        }
        shared.signals.end();
        assert_eq!((one.try_next(), other.next_blocking()), (Some(vec![1]), Some(vec![2])));
        assert_eq!((one.next_blocking(), one.next_blocking(), other.try_next()), (Some(vec![3]), None, None));
    }

    #[test]
    fn what_nobody_takes_is_bounded_and_taking_makes_room() {
        let shared = Arc::new(Shared::new(1));
        let mut signals = Signals::new(Arc::clone(&shared));
        for _ in 0..SIGNALS_OUT {
            assert!(push(&shared, 0));
        }
        assert!(!push(&shared, 0));
        assert!(signals.try_next().is_some() && push(&shared, 0) && !push(&shared, 0));
    }

    #[test]
    fn what_comes_in_has_bounded_room_in_bytes_and_in_packets() {
        let outbox = Outbox::default();
        let small = std::iter::repeat_with(|| outbox.take_room(1)).take_while(|taken| *taken).count();
        assert_eq!(small, SIGNALS_IN / 1024);
        outbox.give_room(1);
        assert!(!outbox.take_room(1025) && outbox.take_room(1024) && !outbox.take_room(0));
        (0..small).for_each(|_| outbox.give_room(1));
        let large = std::iter::repeat_with(|| outbox.take_room(SIGNAL)).take_while(|taken| *taken).count();
        assert_eq!(large, SIGNALS_IN / SIGNAL);
    }

    #[tokio::test]
    async fn an_async_taker_is_woken_by_a_packet_and_by_the_end() {
        let shared = Arc::new(Shared::new(1));
        let mut signals = Signals::new(Arc::clone(&shared));
        let (first, written) = tokio::join!(signals.next(), async { push(&shared, 7) });
        assert_eq!((first, written), (Some(vec![7]), true));
        let (last, ()) = tokio::join!(signals.next(), async { shared.signals.end() });
        assert_eq!(last, None);
    }
}
