//! What the peer sends: numbering, reassembly, and what to tell it about both.

use std::collections::BTreeMap;

use super::MAX_MESSAGE;
use super::chunk::{Chunk, Data, Sack};

/// Bytes of DATA that we hold at most: what overtook, and a message in the making. Announced to the peer.
pub(super) const ROOM: u32 = 1 << 20;
/// How far a chunk may be ahead of the first missing one.
const AHEAD: u32 = 4096;
/// Most blocks told in one SACK, so that it stays within a packet.
const MAX_GAPS: usize = 128;

/// The receiving half of an association.
#[derive(Debug, Default)]
pub(super) struct Inbound {
    /// Everything up to here has arrived.
    cumulative: u32,
    /// What has arrived beyond, by its distance from the first number of the association.
    ahead: BTreeMap<u64, Piece>,
    ahead_bytes: usize,
    /// How far `cumulative` is from the first number.
    position: u64,
    /// The message in the making, from its first piece on.
    message: Option<Vec<u8>>,
    sack_due: bool,
    pub(super) duplicates: u64,
    pub(super) dropped_room: u64,
    pub(super) dropped_fragments: u64,
}

#[derive(Debug)]
struct Piece {
    stream: u16,
    begins: bool,
    ends: bool,
    bytes: Vec<u8>,
}

impl Inbound {
    /// Begins with the peer's first number.
    pub(super) fn start(&mut self, tsn: u32) {
        *self = Self { cumulative: tsn.wrapping_sub(1), ..Self::default() };
    }

    /// Takes a DATA chunk; hands out every message that it completes. False when it is malformed.
    pub(super) fn handle(&mut self, chunk: Chunk<'_>, mut deliver: impl FnMut(Vec<u8>)) -> bool {
        let Some(data) = Data::parse(chunk) else { return false };
        // At every DATA, also a repeated one: the peer may have missed the last word on it.
        self.sack_due = true;
        let distance = data.tsn.wrapping_sub(self.cumulative);
        let position = self.position + u64::from(distance);
        if distance == 0 || distance > u32::MAX / 2 || self.ahead.contains_key(&position) {
            self.duplicates += 1;
            return true;
        }
        // The next one always finds room: only it can free any.
        let room = ROOM as usize - self.ahead_bytes.min(ROOM as usize);
        if distance > AHEAD || (distance > 1 && data.piece.len() > room) {
            self.dropped_room += 1;
            return true;
        }
        self.ahead_bytes += data.piece.len();
        let piece =
            Piece { stream: data.stream, begins: data.begins, ends: data.ends, bytes: data.piece.to_vec() };
        self.ahead.insert(position, piece);
        while let Some(piece) = self.ahead.remove(&(self.position + 1)) {
            self.position += 1;
            self.cumulative = self.cumulative.wrapping_add(1);
            self.ahead_bytes -= piece.bytes.len();
            if let Some(message) = self.assemble(piece) {
                deliver(message);
            }
        }
        true
    }

    /// The acknowledgement that is due, once.
    pub(super) fn take_sack(&mut self) -> Option<Sack> {
        if !std::mem::take(&mut self.sack_due) {
            return None;
        }
        let mut gaps: Vec<(u16, u16)> = Vec::new();
        for position in self.ahead.keys() {
            // At most AHEAD.
            let offset = (position - self.position) as u16;
            match gaps.pop() {
                Some((first, last)) if last + 1 == offset => gaps.push((first, offset)),
                last => {
                    gaps.extend(last);
                    if gaps.len() == MAX_GAPS {
                        break;
                    }
                    gaps.push((offset, offset));
                }
            }
        }
        let held = self.ahead_bytes + self.message.as_ref().map_or(0, Vec::len);
        Some(Sack { cumulative: self.cumulative, room: ROOM.saturating_sub(held as u32), gaps })
    }

    /// Adds the next piece in order. Numbers run without gaps and only one stream is in use, so the flags tell all.
    fn assemble(&mut self, piece: Piece) -> Option<Vec<u8>> {
        if piece.stream != 0 {
            self.dropped_fragments += 1;
            return None;
        }
        let mut message = match (self.message.take(), piece.begins) {
            (None, true) => Vec::new(),
            (Some(message), false) => message,
            (cut, begins) => {
                // The rest of a message that was dropped, or a new one while the last has no end.
                self.dropped_fragments += 1;
                if cut.is_none() || !begins {
                    return None;
                }
                Vec::new()
            }
        };
        if message.len() + piece.bytes.len() > MAX_MESSAGE {
            self.dropped_fragments += 1;
            return None;
        }
        message.extend_from_slice(&piece.bytes);
        if piece.ends {
            return Some(message);
        }
        self.message = Some(message);
        None
    }
}
