//! Which message ids of the other side were seen.

use super::ascending::Ascending;
use crate::MsgId;

/// Remembers the newest ids. Ids below the oldest it had to forget count as seen: nobody can tell.
#[derive(Clone, Debug)]
pub(super) struct Window {
    ids: Ascending<MsgId>,
    capacity: usize,
    forgotten: Option<MsgId>,
}

/// What is known of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    New,
    Before,
    /// Below everything remembered.
    TooOld,
}

impl Window {
    pub(super) fn new(capacity: usize) -> Self {
        Self { ids: Ascending::default(), capacity, forgotten: None }
    }

    pub(super) fn look(&self, id: MsgId) -> Seen {
        if self.ids.contains(id) {
            Seen::Before
        } else if self.forgotten.is_some_and(|forgotten| id <= forgotten) {
            Seen::TooOld
        } else {
            Seen::New
        }
    }

    /// Remembers a new id, and tells what it was before.
    pub(super) fn insert(&mut self, id: MsgId) -> Seen {
        let seen = self.look(id);
        if seen == Seen::New {
            self.ids.insert(id);
            if self.ids.len() > self.capacity {
                self.forgotten = self.ids.pop_first();
            }
        }
        seen
    }

    /// The highest id seen.
    pub(super) fn newest(&self) -> Option<MsgId> {
        self.ids.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_new_once_and_too_old_below_the_remembered() {
        let mut window = Window::new(3);
        for id in [10, 30, 20] {
            assert_eq!(window.insert(MsgId(id)), Seen::New);
            assert_eq!(window.insert(MsgId(id)), Seen::Before);
        }
        assert_eq!(window.insert(MsgId(5)), Seen::New);
        // 5 had to go at once; everything up to it is undecidable now.
        assert_eq!(window.look(MsgId(5)), Seen::TooOld);
        assert_eq!(window.insert(MsgId(40)), Seen::New);
        assert_eq!(window.look(MsgId(10)), Seen::TooOld);
        assert_eq!(window.look(MsgId(11)), Seen::New);
        assert_eq!(window.newest(), Some(MsgId(40)));
    }
}
