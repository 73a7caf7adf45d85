//! Sealing of signalling packets: `msg_key || AES-256-CTR(sequence word || body)`, without padding.
//!
//! The key derivation is that of MTProto 2.0 with `x` 128 higher, and half of its IV. Every framing uses this cipher and
//! its two counters: ours, and the window over the other side's.

use offhook_crypto::{ct, ctr::Ctr, kdf};

use super::seq::{Seq, Window};
use crate::{CallKey, Role};

const MSG_KEY: usize = 16;
/// Shortest packet: message key, sequence word, one byte.
pub const MIN_PACKET: usize = MSG_KEY + Seq::LEN + 1;
/// Longest packet that is opened.
pub const MAX_PACKET: usize = 128 << 10;

/// Why a packet was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Shorter than [`MIN_PACKET`] or longer than [`MAX_PACKET`].
    #[error("{got} bytes, need {MIN_PACKET} to {MAX_PACKET}")]
    Size {
        /// Its length.
        got: usize,
    },
    /// The message key does not match: another key, the wrong direction, or changed on the way.
    #[error("message key does not match the plaintext")]
    Forged,
    /// Authentic, but its counter was seen before or is too old to tell.
    #[error("counter {counter} was seen before or is too old")]
    Replayed {
        /// The counter at its head.
        counter: u32,
    },
}

/// What became of the packets given to [`Cipher::open`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CipherStats {
    /// Opened.
    pub opened: u64,
    /// Dropped for their size.
    pub dropped_size: u64,
    /// Dropped because the message key did not match.
    pub dropped_forged: u64,
    /// Dropped because of their counter.
    pub dropped_replayed: u64,
}

/// One side's cipher of one call.
#[derive(Clone, Debug)]
pub struct Cipher {
    key: CallKey,
    role: Role,
    /// Counters used so far.
    used: u32,
    window: Window,
    stats: CipherStats,
}

impl Cipher {
    /// The cipher of the side `role` under the key both agreed on.
    pub fn new(key: CallKey, role: Role) -> Self {
        Self { key, role, used: 0, window: Window::default(), stats: CipherStats::default() }
    }

    /// The next counter of our direction, without flags. `None` when all 2^30 - 1 are used up: nothing more can be sent.
    pub fn next_seq(&mut self) -> Option<Seq> {
        if self.used == Seq::MAX_COUNTER {
            return None;
        }
        self.used += 1;
        Some(Seq::new(self.used))
    }

    /// Seals the plaintext `seq || body`.
    pub fn seal(&self, seq: Seq, body: &[u8]) -> Vec<u8> {
        let x = base(self.role);
        let word = seq.to_bytes();
        let msg_key = kdf::msg_key_v2(self.key.bytes(), &[&word, body], x);
        let mut packet = Vec::with_capacity(MSG_KEY + Seq::LEN + body.len());
        packet.extend_from_slice(&msg_key);
        packet.extend_from_slice(&word);
        packet.extend_from_slice(body);
        self.stream(&msg_key, x).apply(&mut packet[MSG_KEY..]);
        packet
    }

    /// Opens a packet of the other side: its sequence word and the body behind it.
    ///
    /// # Errors
    /// An [`OpenError`], counted in [`Cipher::stats`]. Only an authentic packet moves the replay window.
    pub fn open(&mut self, packet: &[u8]) -> Result<(Seq, Vec<u8>), OpenError> {
        let opened = self.try_open(packet);
        match &opened {
            Ok(_) => self.stats.opened += 1,
            Err(OpenError::Size { .. }) => self.stats.dropped_size += 1,
            Err(OpenError::Forged) => self.stats.dropped_forged += 1,
            Err(OpenError::Replayed { .. }) => self.stats.dropped_replayed += 1,
        }
        opened
    }

    /// Takes part in the replay window with a counter found inside a packet.
    pub(super) fn admit(&mut self, seq: Seq) -> bool {
        let new = self.window.admit(seq.counter());
        self.stats.dropped_replayed += u64::from(!new);
        new
    }

    /// What became of the packets so far.
    pub fn stats(&self) -> CipherStats {
        self.stats
    }

    /// A cipher that has `left` counters left.
    #[cfg(test)]
    pub(super) fn exhausted(key: CallKey, role: Role, left: u32) -> Self {
        Self { used: Seq::MAX_COUNTER - left, ..Self::new(key, role) }
    }

    fn try_open(&mut self, packet: &[u8]) -> Result<(Seq, Vec<u8>), OpenError> {
        let size = OpenError::Size { got: packet.len() };
        if packet.len() < MIN_PACKET || packet.len() > MAX_PACKET {
            return Err(size);
        }
        let (msg_key, sealed) = packet.split_first_chunk::<MSG_KEY>().ok_or(size)?;
        let x = base(self.role.peer());
        let mut plain = sealed.to_vec();
        self.stream(msg_key, x).apply(&mut plain);
        if !ct::eq(msg_key, &kdf::msg_key_v2(self.key.bytes(), &[&plain], x)) {
            return Err(OpenError::Forged);
        }
        let (word, body) = plain.split_first_chunk::<{ Seq::LEN }>().ok_or(size)?;
        let seq = Seq::from_bytes(*word);
        if !self.window.admit(seq.counter()) {
            return Err(OpenError::Replayed { counter: seq.counter() });
        }
        Ok((seq, body.to_vec()))
    }

    fn stream(&self, msg_key: &[u8; MSG_KEY], x: usize) -> Ctr {
        let (key, long) = kdf::v2(self.key.bytes(), msg_key, x);
        let mut iv = [0; 16];
        iv[..4].copy_from_slice(&long[..4]);
        iv[4..12].copy_from_slice(&long[8..16]);
        iv[12..].copy_from_slice(&long[24..28]);
        Ctr::new(&key, &iv)
    }
}

/// Where in the call key the direction of `sender` begins: 128 is signalling, 8 the callee.
fn base(sender: Role) -> usize {
    match sender {
        Role::Caller => 128,
        Role::Callee => 128 + 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the published vectors: 00 01 02 .. ff.
    fn cipher(role: Role) -> Cipher {
        Cipher::new(CallKey::new(std::array::from_fn(|i| i as u8)), role)
    }

    const BODY: &[u8] = br#"{"@type":"MediaState"}"#;
    const BY_CALLER: &str = "9e2f692beaf25cea2d8aef72ac500951\
                             f346a463c816b38ce0579967e9c11ecbf6728cf3cd4a32b2da98";
    const BY_CALLEE: &str = "c97b0917329cfb0b4ad6afb3f41423c2\
                             9c88288ba8cd6f2e9585fc0f2741892ad57a165200ea981f739e";

    #[test]
    fn the_published_plaintext_seals_to_the_published_packets_and_back() {
        for (role, packet) in [(Role::Caller, BY_CALLER), (Role::Callee, BY_CALLEE)] {
            let mut sender = cipher(role);
            let seq = sender.next_seq().unwrap();
            assert_eq!(hex::encode(sender.seal(seq, BODY)), packet);
            let opened = cipher(role.peer()).open(&hex::decode(packet).unwrap());
            assert_eq!(opened, Ok((Seq::new(1), BODY.to_vec())));
        }
    }

    #[test]
    fn the_published_aes_keys_and_counters_follow_from_the_message_keys() {
        let vectors = [
            (128, BY_CALLER, "1413295c255cc5869e7d7b9eb7ceab50ce406edf1ef662b63481e4b14455eec4"),
            (136, BY_CALLEE, "1193653469215f123be0fa054fc8686d9e8996c9d70c69a4384273f1eceb6e63"),
        ];
        for (x, packet, aes_key) in vectors {
            let msg_key = hex::decode(&packet[..32]).unwrap().try_into().unwrap();
            assert_eq!(hex::encode(kdf::v2(cipher(Role::Caller).key.bytes(), &msg_key, x).0), aes_key);
        }
        // The key stream at the published counter block, against the cipher's own.
        let key = hex::decode(vectors[0].2).unwrap().try_into().unwrap();
        let iv = hex::decode("a3fdc13b1c1a44324271aa23c140d9bf").unwrap().try_into().unwrap();
        let mut plain = [&[0, 0, 0, 1], BODY].concat();
        Ctr::new(&key, &iv).apply(&mut plain);
        assert_eq!(hex::encode(plain), BY_CALLER[32..]);
    }

    #[test]
    fn a_packet_opens_once_and_each_other_fate_has_its_counter() {
        let packet = hex::decode(BY_CALLER).unwrap();
        let mut callee = cipher(Role::Callee);
        assert!(callee.open(&packet).is_ok());
        assert_eq!(callee.open(&packet), Err(OpenError::Replayed { counter: 1 }));
        assert_eq!(callee.open(&packet[..20]), Err(OpenError::Size { got: 20 }));
        assert_eq!(callee.open(&vec![0; MAX_PACKET + 1]), Err(OpenError::Size { got: MAX_PACKET + 1 }));
        assert_eq!(cipher(Role::Caller).open(&packet), Err(OpenError::Forged), "our own packet, reflected");
        assert_eq!(
            callee.stats(),
            CipherStats { opened: 1, dropped_size: 2, dropped_forged: 0, dropped_replayed: 1 }
        );
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_a_forgery_and_leaves_the_window_alone() {
        let packet = hex::decode(BY_CALLER).unwrap();
        let mut callee = cipher(Role::Callee);
        for len in MIN_PACKET..packet.len() {
            assert_eq!(callee.open(&packet[..len]), Err(OpenError::Forged), "{len}");
        }
        for bit in 0..packet.len() * 8 {
            let mut other = packet.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(callee.open(&other), Err(OpenError::Forged), "{bit}");
        }
        assert!(callee.open(&packet).is_ok());
    }

    #[test]
    fn the_longest_packet_is_opened_and_the_counters_end() {
        let mut caller = cipher(Role::Caller);
        let seq = caller.next_seq().unwrap();
        let packet = caller.seal(seq, &vec![7; MAX_PACKET - MSG_KEY - Seq::LEN]);
        assert_eq!(packet.len(), MAX_PACKET);
        assert!(cipher(Role::Callee).open(&packet).is_ok());
        caller.used = Seq::MAX_COUNTER - 1;
        assert_eq!(caller.next_seq(), Some(Seq::new(Seq::MAX_COUNTER)));
        assert_eq!(caller.next_seq(), None);
    }
}
