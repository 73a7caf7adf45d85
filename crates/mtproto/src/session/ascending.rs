//! A set whose members mostly come in order, as ids do.

use std::collections::VecDeque;

/// Adding above all others, taking the lowest and asking for what is above all others cost next to nothing; anything else
/// is a search, or a move of what is above it.
#[derive(Clone, Debug)]
pub(super) struct Ascending<T>(VecDeque<T>);

impl<T> Default for Ascending<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: Copy + Ord> Ascending<T> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn first(&self) -> Option<T> {
        self.0.front().copied()
    }

    pub(super) fn last(&self) -> Option<T> {
        self.0.back().copied()
    }

    pub(super) fn contains(&self, member: T) -> bool {
        self.last().is_some_and(|last| member <= last) && self.0.binary_search(&member).is_ok()
    }

    /// False when it is there already.
    pub(super) fn insert(&mut self, member: T) -> bool {
        if self.last().is_none_or(|last| member > last) {
            self.0.push_back(member);
            return true;
        }
        let place = self.0.binary_search(&member);
        if let Err(place) = place {
            self.0.insert(place, member);
        }
        place.is_err()
    }

    /// False when it is not there.
    pub(super) fn remove(&mut self, member: T) -> bool {
        if self.first() == Some(member) {
            self.0.pop_front();
            return true;
        }
        let place = self.0.binary_search(&member);
        if let Ok(place) = place {
            self.0.remove(place);
        }
        place.is_ok()
    }

    pub(super) fn pop_first(&mut self) -> Option<T> {
        self.0.pop_front()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl<T: Copy + Ord> Extend<T> for Ascending<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        for member in members {
            self.insert(member);
        }
    }
}

impl<T: Copy + Ord> FromIterator<T> for Ascending<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::default();
        set.extend(members);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn it_is_a_sorted_set_in_whatever_order_things_happen() {
        let (mut ours, mut reference) = (Ascending::default(), BTreeSet::new());
        let mut state = 7_u32;
        for _ in 0..20_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let member = (state >> 16) % 64;
            match state >> 29 {
                0..=3 => assert_eq!(ours.insert(member), reference.insert(member)),
                4..=5 => assert_eq!(ours.remove(member), reference.remove(&member)),
                6 => assert_eq!(ours.pop_first(), reference.pop_first()),
                _ => assert_eq!(ours.contains(member), reference.contains(&member)),
            }
            assert_eq!((ours.first(), ours.last()), (reference.first().copied(), reference.last().copied()));
            assert_eq!((ours.len(), ours.is_empty()), (reference.len(), reference.is_empty()));
        }
        let all: Vec<u32> = std::iter::from_fn(|| ours.pop_first()).collect();
        assert_eq!(all, reference.into_iter().collect::<Vec<_>>());
    }
}
