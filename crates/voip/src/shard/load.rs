//! How busy a shard is, and what it does about that.
//!
//! Busy is all time that is not spent waiting, so it also counts what the machine gave to others. Above half, packets are
//! encoded ahead of their time; above a limit, calls spend less on encoding, at once as many as it takes to get below it
//! again; and when there has been room for a while, they get back what they had, a few at a time. What a change itself costs
//! is bounded: a change that needs another encoder takes as long as encoding some packets.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use offhook_media::Profile;
use rustix::time::{ClockId, clock_gettime};

use super::Shard;
use crate::counters::add;

/// How often load is measured. Calls that begin to talk together ask for a full second of the shard's time within a second:
/// what is not seen at once is late.
pub(super) const SURVEY: Duration = Duration::from_millis(100);
/// Typical lateness above which profiles are stepped down.
const LAG_STEP: Duration = Duration::from_millis(10);
/// Typical lateness above which calls are refused.
pub(crate) const LAG_REFUSE: Duration = Duration::from_millis(20);
/// Share of the time above which packets are encoded ahead. Below it they are seldom late, and sound that is made live
/// had better be taken at its time.
const AHEAD_FROM: f32 = 0.5;
/// How far below the limit a change of profiles aims, so that the next word does not go over it again.
const MARGIN: f32 = 0.1;
/// How long there must have been room before profiles are stepped up.
const CALM: Duration = Duration::from_secs(10);

/// Between two steps up: what the last one cost has been measured then.
const STEP_UP_EVERY: Duration = Duration::from_millis(300);
/// Most steps up after one survey.
const STEPS_UP: usize = 4;
/// Most encoders that are made after one survey.
const NEW_ENCODERS: usize = 4;

/// What the last survey found.
pub(super) struct Load {
    at: Instant,
    /// Processor time, time in encoders, and time spent waiting, all until then.
    cpu: Duration,
    encoding: Duration,
    waited: Duration,
    /// Time spent waiting until now.
    pub(super) waiting: Duration,
    /// Packets are encoded ahead of their time.
    pub(super) ahead: bool,
    /// Since when there has been room.
    calm: Instant,
    /// Where the last change of profiles left off.
    next: usize,
}

/// What calls are to spend on encoding from now on, in shares of the shard's time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    None,
    Less(f32),
    /// At most so much more.
    More(f32),
}

impl Load {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            at: now,
            cpu: Duration::ZERO,
            encoding: Duration::ZERO,
            waited: Duration::ZERO,
            waiting: Duration::ZERO,
            ahead: false,
            calm: now,
            next: 0,
        }
    }

    /// The thread runs from now on.
    pub(super) fn begin(&mut self) {
        self.cpu = thread_cpu();
    }

    /// What to do about a share of the time that is busy, and a typical lateness in microseconds.
    fn judge(&mut self, now: Instant, busy: f32, lag: f32, limit: f32) -> Change {
        let lagging = lag > LAG_STEP.as_micros() as f32;
        if busy > limit || lagging {
            self.calm = now;
            Change::Less((busy - limit).max(0.0) + MARGIN)
        } else if busy > limit - 2.0 * MARGIN {
            self.calm = now;
            Change::None
        } else if now - self.calm >= CALM {
            self.calm += now - self.calm - CALM + STEP_UP_EVERY;
            Change::More(limit - MARGIN - busy)
        } else {
            Change::None
        }
    }

    /// When the next survey is due.
    pub(super) fn due(&self) -> Instant {
        self.at + SURVEY
    }
}

impl Shard {
    /// Measures load, and spends less when there is too much of it.
    pub(super) fn survey(&mut self, now: Instant) {
        if self.places.is_empty() {
            self.hands.lag.micros = 0.0;
        }
        let (load, cpu) = (&mut self.load, thread_cpu());
        let wall = (now - load.at).as_secs_f32();
        let share = |now: Duration, then: Duration| now.saturating_sub(then).as_secs_f32() / wall;
        let used = share(cpu, load.cpu);
        let busy = 1.0 - share(load.waiting, load.waited);
        let encoding = share(self.hands.encoding, load.encoding);
        (load.at, load.cpu) = (now, cpu);
        (load.encoding, load.waited) = (self.hands.encoding, load.waiting);
        load.ahead = busy > AHEAD_FROM;
        let lag = self.hands.lag.micros;
        let counters = &self.hands.counters;
        counters.cpu_nanos.store(cpu.as_nanos() as u64, Ordering::Relaxed);
        counters.codec_nanos.store(self.hands.codec.as_nanos() as u64, Ordering::Relaxed);
        counters.load.store((used * 1000.0) as u32, Ordering::Relaxed);
        counters.lag.store(lag as u32, Ordering::Relaxed);
        match self.load.judge(now, busy, lag, self.config.step_down_at) {
            Change::None => {}
            Change::Less(excess) => {
                let stepped =
                    self.change_profiles(encoding, Profile::cheaper, Budget::DOWN, |saved, _| saved < excess);
                add(&self.hands.counters.stepped_down, stepped);
            }
            Change::More(room) => {
                let fits = |spent, more| spent + more <= room;
                self.change_profiles(encoding, Profile::dearer, Budget::UP, fits);
            }
        }
    }

    /// Calls change their profile, by turns and within `budget`, as long as `wanted` says so of the share of the shard's
    /// time that the changes make so far, and of what the next one would make. `encoding` is the share that encoders take
    /// now.
    fn change_profiles(
        &mut self,
        encoding: f32,
        to: fn(Profile) -> Option<Profile>,
        mut budget: Budget,
        wanted: impl Fn(f32, f32) -> bool,
    ) -> u64 {
        let profiles = self.legs.iter().flatten().filter_map(|leg| leg.profile());
        let unit = encoding / profiles.map(relative_cost).sum::<f32>();
        if unit.is_nan() || unit <= 0.0 {
            // Nobody encodes: ready packets, or silence. There is nothing to save.
            return 0;
        }
        let (mut made, mut changed) = (0.0, 0);
        for _ in 0..self.legs.len() {
            let place = self.load.next % self.legs.len();
            self.load.next = place + 1;
            if let Some(leg) = &mut self.legs[place]
                && let Some(from) = leg.profile()
                && let Some(to) = to(from).filter(|to| *to <= leg.dearest())
            {
                if !budget.allows(from, to) {
                    continue;
                }
                let more = (relative_cost(from) - relative_cost(to)).abs() * unit;
                if !wanted(made, more) {
                    self.load.next = place;
                    break;
                }
                if leg.set_profile(to, &mut self.hands) {
                    made += more;
                    changed += 1;
                    budget.spend(from, to);
                }
            }
        }
        changed
    }
}

/// How many calls may change their profile at one survey.
#[derive(Clone, Copy, Debug)]
struct Budget {
    changes: usize,
    /// Among them those that need another encoder.
    encoders: usize,
}

impl Budget {
    /// Too busy is worse than the changes, but for those that cost as much as they save.
    const DOWN: Self = Self { changes: usize::MAX, encoders: NEW_ENCODERS };
    const UP: Self = Self { changes: STEPS_UP, encoders: NEW_ENCODERS };

    fn allows(&self, from: Profile, to: Profile) -> bool {
        self.changes > 0 && (self.encoders > 0 || !needs_encoder(from, to))
    }

    fn spend(&mut self, from: Profile, to: Profile) {
        self.changes -= 1;
        self.encoders -= usize::from(needs_encoder(from, to));
    }
}

fn needs_encoder(from: Profile, to: Profile) -> bool {
    from.application() != to.application()
}

/// What an encoder costs, beside one of `quality`.
fn relative_cost(profile: Profile) -> f32 {
    match profile {
        Profile::Quality => 1.0,
        Profile::Balanced => 0.5,
        Profile::Dense => 0.12,
    }
}

fn thread_cpu() -> Duration {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(used.tv_sec as u64, used.tv_nsec as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: f32 = 0.7;

    /// How many changes in a row a budget pays for.
    fn pays(mut budget: Budget, from: Profile, to: Profile) -> usize {
        let tries = (0..100).take_while(|_| {
            let allowed = budget.allows(from, to);
            if allowed {
                budget.spend(from, to);
            }
            allowed
        });
        tries.count()
    }

    #[test]
    fn what_a_change_costs_is_bounded_but_never_what_it_saves() {
        use Profile::{Balanced, Dense, Quality};
        assert_eq!(pays(Budget::DOWN, Quality, Balanced), 100);
        assert_eq!(pays(Budget::DOWN, Balanced, Dense), NEW_ENCODERS);
        assert_eq!(pays(Budget::UP, Balanced, Quality), STEPS_UP);
        assert_eq!(pays(Budget::UP, Dense, Balanced), NEW_ENCODERS);
        let mut down = Budget::DOWN;
        (0..NEW_ENCODERS).for_each(|_| down.spend(Balanced, Dense));
        assert!(down.allows(Quality, Balanced), "needs no encoder");
    }

    fn near(change: Change, expected: Change) -> bool {
        match (change, expected) {
            (Change::Less(share), Change::Less(wanted)) | (Change::More(share), Change::More(wanted)) => {
                (share - wanted).abs() < 1e-5
            }
            _ => change == expected,
        }
    }

    #[test]
    fn too_much_work_asks_for_as_much_less_as_it_is_too_much_and_a_margin() {
        let now = Instant::now();
        let mut load = Load::new(now);
        assert!(near(load.judge(now, 0.71, 0.0, LIMIT), Change::Less(0.11)));
        assert!(near(load.judge(now, 1.0, 0.0, LIMIT), Change::Less(0.4)));
        assert_eq!(load.judge(now, 0.7, 10_000.0, LIMIT), Change::None, "neither is above its limit");
        assert!(near(load.judge(now, 0.1, 10_001.0, LIMIT), Change::Less(0.1)), "late, busy or not");
    }

    #[test]
    fn room_must_last_ten_seconds_before_it_is_used_and_is_used_but_for_the_margin() {
        let begin = Instant::now();
        let at = |seconds: f32| begin + Duration::from_secs_f32(seconds);
        let mut load = Load::new(begin);
        assert_eq!(load.judge(at(9.9), 0.3, 0.0, LIMIT), Change::None);
        assert!(near(load.judge(at(10.0), 0.3, 0.0, LIMIT), Change::More(0.3)));
        // A step at a time while it lasts.
        assert_eq!(load.judge(at(10.2), 0.4, 0.0, LIMIT), Change::None);
        assert!(near(load.judge(at(10.3), 0.4, 0.0, LIMIT), Change::More(0.2)));
        assert!(near(load.judge(at(15.0), 0.4, 0.0, LIMIT), Change::More(0.2)));
        assert_eq!(load.judge(at(15.2), 0.4, 0.0, LIMIT), Change::None);
        // Neither too much nor room: the ten seconds begin anew.
        assert_eq!(load.judge(at(19.95), 0.55, 0.0, LIMIT), Change::None);
        assert_eq!(load.judge(at(29.9), 0.3, 0.0, LIMIT), Change::None);
        assert!(near(load.judge(at(30.0), 0.45, 0.0, LIMIT), Change::More(0.15)));
    }
}
