//! One numbered sequence of updates.

use std::time::Instant;

use super::message_box::{Fetch, GAP_WAIT};

/// A sequence: what was applied, and what came before its turn.
#[derive(Debug)]
pub(super) struct Line<U> {
    /// Number of the last update applied; `None` before the first.
    pub(super) local: Option<i32>,
    held: Vec<Held<U>>,
    /// When the gap stops being waited for.
    pub(super) gap: Option<Instant>,
    /// The fetch of a channel's difference. The account's and the key's is kept by the box.
    pub(super) fetch: Fetch,
}

#[derive(Debug)]
struct Held<U> {
    pts: i32,
    count: i32,
    update: Option<U>,
}

/// What came of one update.
#[derive(Debug)]
pub(super) enum Verdict<U> {
    /// It is its turn; with it come those that waited for it.
    Apply(Vec<U>),
    /// It was applied before.
    Duplicate,
    /// It waits.
    Held { new_gap: bool },
    /// Too many wait. All were given up.
    Overflow { given_up: u64 },
}

impl<U> Line<U> {
    pub(super) fn new(local: Option<i32>) -> Self {
        Self { local, held: Vec::new(), gap: None, fetch: Fetch::Idle }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.fetch {
            Fetch::Waiting { until, .. } => Some(until),
            Fetch::Idle | Fetch::Running { .. } => self.gap,
        }
    }

    /// Takes an update in. `busy` while the difference is being fetched: everything waits for it then.
    pub(super) fn push(
        &mut self,
        pts: i32,
        count: i32,
        update: Option<U>,
        busy: bool,
        bound: usize,
        now: Instant,
    ) -> Verdict<U> {
        // Servers send 0 where an update has no number; Telethon passes such ones as well.
        if pts == 0 {
            return Verdict::Apply(update.into_iter().collect());
        }
        let turn = if busy { Turn::Early } else { self.turn(pts, count) };
        match turn {
            Turn::Now => {
                self.local = Some(pts);
                let mut applied: Vec<U> = update.into_iter().collect();
                applied.extend(self.release().0);
                Verdict::Apply(applied)
            }
            Turn::Past => Verdict::Duplicate,
            Turn::Early if self.held.len() >= bound => {
                let given_up = self.held.len() as u64 + 1;
                self.held.clear();
                self.gap = None;
                Verdict::Overflow { given_up }
            }
            Turn::Early => {
                self.held.push(Held { pts, count, update });
                let new_gap = !busy && self.gap.is_none();
                if new_gap {
                    self.gap = Some(now + GAP_WAIT);
                }
                Verdict::Held { new_gap }
            }
        }
    }

    /// After a difference: applies what waited, in order. Also tells how many of them the difference had brought.
    pub(super) fn replay(&mut self, now: Instant) -> (Vec<U>, u64) {
        let released = self.release();
        self.gap = (!self.held.is_empty()).then(|| now + GAP_WAIT);
        released
    }

    /// Applies everything that waits although something is missing, because it cannot be fetched.
    pub(super) fn give_up(&mut self) -> Vec<U> {
        self.gap = None;
        self.held.sort_by_key(|held| held.pts);
        let held = std::mem::take(&mut self.held);
        self.local = held.last().map(|held| held.pts).or(self.local);
        held.into_iter().filter_map(|held| held.update).collect()
    }

    /// Applies what waited and whose turn has come.
    fn release(&mut self) -> (Vec<U>, u64) {
        self.held.sort_by_key(|held| (held.pts.saturating_sub(held.count), held.pts));
        let mut applied = Vec::new();
        let mut duplicates = 0;
        let mut rest = Vec::new();
        for held in std::mem::take(&mut self.held) {
            match self.turn(held.pts, held.count) {
                Turn::Now => {
                    self.local = Some(held.pts);
                    applied.extend(held.update);
                }
                Turn::Past => duplicates += 1,
                Turn::Early => rest.push(held),
            }
        }
        self.held = rest;
        if self.held.is_empty() {
            self.gap = None;
        }
        (applied, duplicates)
    }

    fn turn(&self, pts: i32, count: i32) -> Turn {
        let Some(local) = self.local else { return Turn::Now };
        match local.saturating_add(count).cmp(&pts) {
            std::cmp::Ordering::Equal => Turn::Now,
            std::cmp::Ordering::Greater => Turn::Past,
            std::cmp::Ordering::Less => Turn::Early,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Now,
    Past,
    Early,
}
