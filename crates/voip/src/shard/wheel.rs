//! Timers in slots of one millisecond.
//!
//! Everything periodic and every deadline of a core sits here. A slot is a list that keeps its memory, so arming a timer
//! allocates nothing once the shard has warmed up. Deadlines beyond the wheel's 256 slots wait in its last slot and are
//! put on again from there.

/// Slots of the wheel: milliseconds it reaches ahead.
const SLOTS: u64 = 256;

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A packet of ours is due.
    Send,
    /// An engine frame of the peer's sound is due.
    Hear,
    /// The core asked for it.
    Core,
    /// Counts, hints, look after the call.
    House,
}

/// A timer that was armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timer {
    /// When, in milliseconds since the shard began.
    pub(crate) due: u64,
    /// Whose: the place of the call and its number, which tells it from an earlier call in that place.
    pub(crate) place: u32,
    pub(crate) call: u64,
    pub(crate) kind: Kind,
}

/// The timers of a shard.
pub(crate) struct Wheel {
    slots: Vec<Vec<Timer>>,
    /// One bit per slot that is not empty.
    used: [u64; 4],
    /// The slot that is taken next; everything before it has fired.
    now: u64,
    /// Taken out of the slot that fires.
    firing: Vec<Timer>,
}

impl Wheel {
    pub(crate) fn new() -> Self {
        let slots = (0..SLOTS).map(|_| Vec::with_capacity(8)).collect();
        Self { slots, used: [0; 4], now: 0, firing: Vec::with_capacity(8) }
    }

    /// Arms a timer. One whose time has passed fires with the next slot.
    pub(crate) fn arm(&mut self, timer: Timer) {
        let at = timer.due.clamp(self.now, self.now + SLOTS - 1);
        let slot = (at % SLOTS) as usize;
        self.slots[slot].push(timer);
        self.used[slot / 64] |= 1 << (slot % 64);
    }

    /// The slot that would fire next, if any timer is armed.
    pub(crate) fn next(&self) -> Option<u64> {
        let start = self.now % SLOTS;
        let mut ahead = 0;
        while ahead < SLOTS {
            let slot = (start + ahead) % SLOTS;
            let word = self.used[(slot / 64) as usize] >> (slot % 64);
            if word != 0 {
                let found = ahead + u64::from(word.trailing_zeros());
                return (found < SLOTS).then_some(self.now + found);
            }
            ahead += 64 - slot % 64;
        }
        None
    }

    /// Takes the timers of the next slot that is due at `until` or before. Give the list back to [`Wheel::done`].
    pub(crate) fn take(&mut self, until: u64) -> Option<Vec<Timer>> {
        let Some(at) = self.next().filter(|at| *at <= until) else {
            self.now = self.now.max(until + 1);
            return None;
        };
        let slot = (at % SLOTS) as usize;
        self.used[slot / 64] &= !(1 << (slot % 64));
        self.now = at + 1;
        let mut list = std::mem::take(&mut self.firing);
        std::mem::swap(&mut list, &mut self.slots[slot]);
        // Those that only waited in the last slot go on again.
        let mut kept = 0;
        for i in 0..list.len() {
            if list[i].due > at {
                self.arm(list[i]);
            } else {
                list[kept] = list[i];
                kept += 1;
            }
        }
        list.truncate(kept);
        Some(list)
    }

    /// Takes the first packet that is due at `until` or before, whatever is due besides.
    pub(crate) fn take_send(&mut self, until: u64) -> Option<Timer> {
        for at in self.now..=until.min(self.now + SLOTS - 1) {
            let slot = (at % SLOTS) as usize;
            let list = &mut self.slots[slot];
            let Some(place) = list.iter().position(|timer| timer.kind == Kind::Send && timer.due <= at)
            else {
                continue;
            };
            let timer = list.remove(place);
            if list.is_empty() {
                self.used[slot / 64] &= !(1 << (slot % 64));
            }
            return Some(timer);
        }
        None
    }

    /// Keeps the memory of a list that has fired.
    pub(crate) fn done(&mut self, mut list: Vec<Timer>) {
        list.clear();
        self.firing = list;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer(due: u64, place: u32) -> Timer {
        Timer { due, place, call: 0, kind: Kind::Core }
    }

    fn fire(wheel: &mut Wheel, until: u64) -> Vec<(u64, u32)> {
        let mut fired = Vec::new();
        while let Some(list) = wheel.take(until) {
            fired.extend(list.iter().map(|timer| (timer.due, timer.place)));
            wheel.done(list);
        }
        fired
    }

    #[test]
    fn timers_fire_in_the_order_of_their_deadlines_and_once() {
        let mut wheel = Wheel::new();
        for (due, place) in [(7, 0), (3, 1), (250, 2), (3, 3), (100, 4)] {
            wheel.arm(timer(due, place));
        }
        assert_eq!(wheel.next(), Some(3));
        assert_eq!(fire(&mut wheel, 99), [(3, 1), (3, 3), (7, 0)]);
        assert_eq!(fire(&mut wheel, 300), [(100, 4), (250, 2)]);
        assert_eq!(wheel.next(), None);
    }

    #[test]
    fn a_deadline_beyond_the_wheel_fires_at_its_time_and_not_before() {
        let mut wheel = Wheel::new();
        wheel.arm(timer(1_000, 9));
        assert_eq!(fire(&mut wheel, 999), []);
        assert_eq!(fire(&mut wheel, 1_000), [(1_000, 9)]);
        wheel.arm(timer(100_000, 1));
        for until in 1_001..100_000 {
            assert_eq!(fire(&mut wheel, until), [], "{until}");
        }
        assert_eq!(fire(&mut wheel, 100_000), [(100_000, 1)]);
    }

    #[test]
    fn a_deadline_that_has_passed_fires_with_the_next_slot() {
        let mut wheel = Wheel::new();
        assert_eq!(fire(&mut wheel, 500), []);
        wheel.arm(timer(20, 1));
        assert_eq!(wheel.next(), Some(501));
        assert_eq!(fire(&mut wheel, 501), [(20, 1)]);
    }

    #[test]
    fn packets_can_be_taken_ahead_in_order_and_nothing_else() {
        let mut wheel = Wheel::new();
        assert_eq!(fire(&mut wheel, 99), []);
        let send = |due, place| Timer { kind: Kind::Send, ..timer(due, place) };
        // The last waits in a slot that it shares with earlier ones.
        for armed in [send(110, 0), timer(103, 1), send(103, 2), send(105, 3), send(105 + 256, 4)] {
            wheel.arm(armed);
        }
        let mut ahead = |until| wheel.take_send(until).map(|timer| timer.place);
        assert_eq!(
            [ahead(109), ahead(109), ahead(109), ahead(110), ahead(1_000)],
            [Some(2), Some(3), None, Some(0), None]
        );
        assert_eq!(wheel.next(), Some(103));
        assert_eq!(fire(&mut wheel, 400), [(103, 1), (361, 4)]);
        assert_eq!(wheel.next(), None);
    }

    #[test]
    fn a_thousand_random_timers_fire_each_at_its_millisecond() {
        let mut wheel = Wheel::new();
        let mut seed = 1_u64;
        let mut expected = Vec::new();
        for place in 0..1_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let due = 1 + (seed >> 33) % 2_000;
            wheel.arm(timer(due, place));
            expected.push((due, place));
        }
        expected.sort_unstable();
        let mut fired = Vec::new();
        for now in 0..=2_000 {
            for (due, place) in fire(&mut wheel, now) {
                assert_eq!(due, now);
                fired.push((due, place));
            }
        }
        fired.sort_unstable();
        assert_eq!(fired, expected);
    }
}
