//! Message ids and sequence numbers of what we send.

use crate::MsgId;
use std::time::Duration;

/// Counts one direction of a session.
///
/// Ids are made at the moment of sending, strictly increasing. A sequence number is twice the count of
/// content-related messages before, plus one when this one is content-related itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbering {
    last: MsgId,
    content: i32,
}

impl Numbering {
    /// The next id near `unix` (by the server's clock) with the given low bits.
    pub(super) fn id(&mut self, unix: Duration, kind: u8) -> MsgId {
        let mut fresh = MsgId::at(unix).0;
        if fresh as u32 == 0 {
            fresh += 4; // Ids with an empty lower half are refused by servers.
        }
        let fresh = fresh.max((self.last.0 & !3) + 4);
        self.last = MsgId(fresh | i64::from(kind));
        self.last
    }

    /// The next sequence number.
    pub(super) fn seq_no(&mut self, content_related: bool) -> i32 {
        let even = self.content.wrapping_mul(2);
        if content_related {
            self.content = self.content.wrapping_add(1);
            even + 1
        } else {
            even
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_when_time_stands_still_or_goes_back_and_keep_their_kind() {
        let mut numbering = Numbering::default();
        let mut last = MsgId(0);
        for (secs, kind) in [(100, 0), (100, 3), (100, 1), (90, 1), (90, 3), (101, 0)] {
            let id = numbering.id(Duration::from_secs(secs), kind);
            assert!(id > last, "{id:?}");
            assert_eq!(id.kind(), kind);
            assert_ne!(id.0 as u32, 0);
            last = id;
        }
    }

    #[test]
    fn sequence_numbers_count_content_twice() {
        let mut numbering = Numbering::default();
        let numbers: Vec<i32> = [true, false, true, true, false, false]
            .into_iter()
            .map(|content| numbering.seq_no(content))
            .collect();
        assert_eq!(numbers, [1, 2, 3, 5, 6, 6]);
    }
}
