//! Payloads for the ICE agent that have not been taken yet.

use std::collections::VecDeque;

use super::Inbound;

/// Most that wait. A datagram holds one, but a piece of a stream may hold many small ones.
const MOST: usize = 64;

/// Waiting payloads, the oldest first. At the bound a new one is refused. Buffers go round, so that a call which takes
/// what arrives allocates nothing.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    waiting: VecDeque<(Inbound, Vec<u8>)>,
    spare: Vec<Vec<u8>>,
}

impl Inbox {
    /// Keeps a payload; false when there is no room.
    pub(super) fn push(&mut self, inbound: Inbound, payload: &[u8]) -> bool {
        if self.waiting.len() >= MOST {
            return false;
        }
        let mut buffer = self.spare.pop().unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(payload);
        self.waiting.push_back((inbound, buffer));
        true
    }

    /// Gives out the oldest; its bytes change places with the lent buffer.
    pub(super) fn pop(&mut self, payload: &mut Vec<u8>) -> Option<Inbound> {
        let (inbound, mut buffer) = self.waiting.pop_front()?;
        std::mem::swap(payload, &mut buffer);
        if self.spare.len() < 2 {
            self.spare.push(buffer);
        }
        Some(inbound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::origin;

    #[test]
    fn payloads_come_out_in_order_and_the_bound_holds() {
        let mut inbox = Inbox::default();
        let place = "192.0.2.1:1".parse().unwrap();
        let inbound = Inbound { at: origin(), source: place, destination: place };
        let taken = (0..100).filter(|n| inbox.push(inbound, &[*n])).count();
        assert_eq!(taken, MOST);
        let mut payload = vec![1, 2, 3];
        for n in 0..MOST {
            assert_eq!(inbox.pop(&mut payload), Some(inbound));
            assert_eq!(payload, [n as u8]);
        }
        assert_eq!(inbox.pop(&mut payload), None);
        assert_eq!(payload, [63], "an empty inbox leaves the buffer alone");
    }
}
