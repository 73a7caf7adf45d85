//! What is under way.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::time::Instant;

/// Packets under way, given out in the order of their arrival; those of one instant in the order they were pushed.
/// At the bound a new packet is refused and counted.
#[derive(Clone, Debug)]
pub struct Wire<T> {
    heap: BinaryHeap<Entry<T>>,
    pushed: u64,
    bound: usize,
    refused: u64,
}

impl<T> Wire<T> {
    /// An empty wire that holds at most `bound` packets.
    pub fn new(bound: usize) -> Self {
        Self { heap: BinaryHeap::new(), pushed: 0, bound, refused: 0 }
    }

    /// Puts a packet on the wire that arrives at `at`.
    pub fn push(&mut self, at: Instant, packet: T) {
        if self.heap.len() >= self.bound {
            self.refused += 1;
            return;
        }
        self.heap.push(Entry { at, order: self.pushed, packet });
        self.pushed += 1;
    }

    /// Takes the next packet that has arrived by `now`.
    pub fn pop_due(&mut self, now: Instant) -> Option<T> {
        if self.next_at()? > now {
            return None;
        }
        self.heap.pop().map(|entry| entry.packet)
    }

    /// When the next packet arrives.
    pub fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|entry| entry.at)
    }

    /// How many packets are under way.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// True when nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// How many packets found the wire full.
    pub fn refused(&self) -> u64 {
        self.refused
    }
}

#[derive(Clone, Debug)]
struct Entry<T> {
    at: Instant,
    order: u64,
    packet: T,
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        // A heap gives out its greatest: the earliest is the greatest.
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[allow(clippy::disallowed_methods, reason = "the origin of simulated time")]
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn packets_come_out_by_arrival_and_ties_by_order_of_sending() {
        let (mut wire, t0) = (Wire::new(10), start());
        let ms = Duration::from_millis;
        for (at, packet) in [(30, 'd'), (10, 'a'), (20, 'b'), (20, 'c')] {
            wire.push(t0 + ms(at), packet);
        }
        assert_eq!(wire.next_at(), Some(t0 + ms(10)));
        assert_eq!(wire.pop_due(t0 + ms(9)), None);
        let out: String = std::iter::from_fn(|| wire.pop_due(t0 + ms(20))).collect();
        assert_eq!(out, "abc");
        assert_eq!(wire.len(), 1);
    }

    #[test]
    fn a_full_wire_refuses_and_counts() {
        let (mut wire, t0) = (Wire::new(2), start());
        for packet in 0..5 {
            wire.push(t0, packet);
        }
        assert_eq!((wire.len(), wire.refused()), (2, 3));
    }
}
