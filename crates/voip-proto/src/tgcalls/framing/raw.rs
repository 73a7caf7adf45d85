//! One message, one packet, once: 7.0.0, and inside SCTP, where nothing gets lost.

use std::collections::VecDeque;

use super::{FramingError, FramingStats, Inbox, Output, is_raw};
use crate::tgcalls::cipher::{Cipher, CipherStats, MAX_PACKET, MIN_PACKET};

/// Most packets that wait to be taken.
const MAX_WAITING: usize = 256;
/// Most bytes of a message.
const MAX_MESSAGE: usize = MAX_PACKET - MIN_PACKET + 1;

/// The raw framing of one side.
#[derive(Debug)]
pub struct Raw {
    cipher: Cipher,
    outbox: VecDeque<Vec<u8>>,
    inbox: Inbox,
    stats: FramingStats,
}

impl Raw {
    /// A framing that seals with `cipher`.
    pub fn new(cipher: Cipher) -> Self {
        Self { cipher, outbox: VecDeque::new(), inbox: Inbox::default(), stats: FramingStats::default() }
    }

    /// Seals a message.
    ///
    /// # Errors
    /// When it is empty, has more than about 128 KiB, 256 packets wait already, or the counters are used up.
    pub fn push(&mut self, message: &[u8]) -> Result<(), FramingError> {
        match message.len() {
            0 => return Err(FramingError::Empty),
            got if got > MAX_MESSAGE => return Err(FramingError::TooLong { got, limit: MAX_MESSAGE }),
            _ if self.outbox.len() >= MAX_WAITING => return Err(FramingError::Full),
            _ => {}
        }
        let seq = self.cipher.next_seq().ok_or(FramingError::Exhausted)?;
        self.outbox.push_back(self.cipher.seal(seq, message));
        Ok(())
    }

    /// Takes a packet of the other side. What is wrong with it is counted.
    pub fn handle(&mut self, packet: &[u8]) {
        if self.inbox.is_full() {
            self.stats.dropped_busy += 1;
            return;
        }
        let Ok((_, body)) = self.cipher.open(packet) else { return };
        if is_raw(&body) {
            self.stats.delivered += 1;
            self.inbox.push(body);
        } else {
            self.stats.dropped_malformed += 1;
        }
    }

    /// The next thing to do; never a time to wait for.
    pub fn poll(&mut self) -> Output {
        if let Some(message) = self.inbox.pop() {
            return Output::Deliver(message);
        }
        match self.outbox.pop_front() {
            Some(packet) => {
                self.stats.packets_sent += 1;
                Output::Send(packet)
            }
            None => Output::WaitUntil(None),
        }
    }

    /// What happened so far.
    pub fn stats(&self) -> FramingStats {
        self.stats
    }

    /// What became of the packets of the other side.
    pub fn cipher_stats(&self) -> CipherStats {
        self.cipher.stats()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CallKey, Role};

    fn raw(role: Role) -> Raw {
        Raw::new(Cipher::new(CallKey::new(std::array::from_fn(|i| i as u8)), role))
    }

    #[test]
    fn a_message_is_one_packet_and_a_packet_is_one_message() {
        let (mut caller, mut callee) = (raw(Role::Caller), raw(Role::Callee));
        for text in [&b"{}"[..], b"{\"a\":1}"] {
            caller.push(text).unwrap();
            let Output::Send(packet) = caller.poll() else { panic!("a packet") };
            assert_eq!(packet.len(), 16 + 4 + text.len());
            callee.handle(&packet);
            callee.handle(&packet);
            assert_eq!(callee.poll(), Output::Deliver(text.to_vec()));
            assert_eq!(callee.poll(), Output::WaitUntil(None));
        }
        assert_eq!(callee.cipher_stats().dropped_replayed, 2);
        assert_eq!(callee.stats().delivered, 2);
    }

    #[test]
    fn the_bounds_are_errors_and_a_foreign_body_is_counted() {
        let (mut caller, mut callee) = (raw(Role::Caller), raw(Role::Callee));
        assert_eq!(caller.push(b""), Err(FramingError::Empty));
        let long = vec![b'{'; MAX_MESSAGE + 1];
        assert_eq!(
            caller.push(&long),
            Err(FramingError::TooLong { got: MAX_MESSAGE + 1, limit: MAX_MESSAGE })
        );
        assert_eq!(caller.push(&long[1..]), Ok(()));
        assert_eq!(caller.push(&[0x7f, 0, 0, 0, 2, b'{', b'}']), Ok(()));
        for _ in 2..MAX_WAITING {
            caller.push(b"{}").unwrap();
        }
        assert_eq!(caller.push(b"{}"), Err(FramingError::Full));
        let mut packets = Vec::new();
        while let Output::Send(packet) = caller.poll() {
            callee.handle(&packet);
            packets.push(packet);
        }
        assert_eq!((packets.len(), packets[0].len()), (MAX_WAITING, MAX_PACKET));
        assert_eq!(callee.stats().dropped_malformed, 1);
        assert_eq!(callee.stats().delivered, MAX_WAITING as u64 - 1);
    }

    #[test]
    fn what_nobody_takes_stops_growing() {
        let (mut caller, mut callee) = (raw(Role::Caller), raw(Role::Callee));
        let message = vec![b'{'; 100_000];
        for _ in 0..20 {
            caller.push(&message).unwrap();
            let Output::Send(packet) = caller.poll() else { panic!("a packet") };
            callee.handle(&packet);
        }
        assert_eq!((callee.stats().delivered, callee.stats().dropped_busy), (11, 9));
    }
}
