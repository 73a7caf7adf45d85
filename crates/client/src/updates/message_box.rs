//! Puts updates into order and finds out what is missing. Sans-IO: batches and moments in, decisions out.
//!
//! Rules of mtproto.md section 5.1 (core.telegram.org/api/updates):
//! * `local + count == pts` applies, less was applied before, more is a gap;
//! * a gap is given 0.5 s to close by itself, then the difference is fetched; what arrives meanwhile is held back;
//! * updates without a number pass at once. Those of a numbered batch are dropped when the batch was seen before,
//!   but never held back: a phone call must not wait for a message, and no difference brings it again;
//! * after 15 min of silence the difference is fetched to make sure.
//!
//! The box is generic over what an update is: it looks at numbers only.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::line::{Line, Verdict};
use crate::session::{ChannelState, UpdateState};

/// How long a gap may close by itself.
pub(super) const GAP_WAIT: Duration = Duration::from_millis(500);
/// Silence after which the difference is fetched.
pub(super) const SILENCE: Duration = Duration::from_secs(15 * 60);

/// Where an update stands in its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// Nowhere: passes at once.
    None,
    /// In the account's sequence: private chats and basic groups.
    Pts { pts: i32, count: i32 },
    /// In the sequence of this key or of a bot.
    Qts { qts: i32 },
    /// In a channel's sequence.
    Channel { id: i64, pts: i32, count: i32 },
}

/// An update with its place. Without content it only advances the place (results of calls).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamped<U> {
    pub(crate) stamp: Stamp,
    pub(crate) update: Option<U>,
}

/// What one packet of updates holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Batch<U> {
    /// First and last number of the batch; `None` when it is unordered (`seq` 0 or a short form).
    pub(crate) seq: Option<(i32, i32)>,
    /// Server time, 0 when the form has none.
    pub(crate) date: i32,
    pub(crate) updates: Vec<Stamped<U>>,
}

/// What can be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sequence {
    /// Account, key and batches: one difference covers them.
    Common,
    /// One channel.
    Channel(i64),
}

/// The answer to a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference<U> {
    /// Nothing is missing.
    Empty { date: i32, seq: i32 },
    /// What was missing. When it is not the last part, the box asks for the next.
    Part { updates: Vec<Stamped<U>>, state: UpdateState, last: bool },
    /// Too much is missing: go on from here.
    TooLong { pts: i32 },
    /// What was missing in a channel. `reset` when the part does not continue what was known.
    Channel { updates: Vec<Stamped<U>>, pts: i32, last: bool, reset: bool },
}

/// Why a fetch brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchFailure {
    /// May work later.
    Later,
    /// Will not work: the sequence goes on with what is there.
    Never,
}

/// What the outside world tells the box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input<U> {
    /// A packet of updates, or of numbers out of a call's result.
    Batch(Batch<U>),
    /// Something may have been missed: `updatesTooLong`, a new session, a packet that could not be read.
    MaybeMissed,
    /// `updateChannelTooLong`.
    ChannelTooLong { id: i64, pts: Option<i32> },
    /// The server's state, taken without a difference: after a login, or when not catching up.
    State(UpdateState),
    /// A fetch was answered.
    Fetched(Sequence, Difference<U>),
    /// A fetch failed.
    FetchFailed(Sequence, FetchFailure),
    /// The deadline of the last [`Output::WaitUntil`] has passed.
    Tick,
}

/// What the box wants. Poll until [`Output::WaitUntil`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Output<U> {
    /// Give this to the readers.
    Deliver(U),
    /// Fetch the common difference from this state.
    FetchCommon { pts: i32, qts: i32, date: i32 },
    /// Fetch a channel's difference from this state.
    FetchChannel { id: i64, pts: i32 },
    /// Nothing to do before this moment. Ends the drain.
    WaitUntil(Instant),
}

/// What the box counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BoxCounters {
    pub(crate) duplicates: u64,
    pub(crate) gaps: u64,
    pub(crate) differences: u64,
    /// Updates held back and given up because the bound was reached; they come again with the difference.
    pub(crate) refetched: u64,
}

/// The box. See the head of this file.
#[derive(Debug)]
pub(crate) struct MessageBox<U> {
    account: Line<U>,
    secret: Line<U>,
    channels: BTreeMap<i64, Line<U>>,
    date: i32,
    seq: Option<i32>,
    /// Batches that came before their turn: first and last number.
    early: Vec<(i32, i32)>,
    seq_gap: Option<Instant>,
    common: Fetch,
    silence: Instant,
    bound: usize,
    outputs: VecDeque<Output<U>>,
    counters: BoxCounters,
}

/// Where the fetch of the common difference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fetch {
    Idle,
    /// Asked; `again` when something was lost since. `failures` in a row before.
    Running {
        again: bool,
        failures: u32,
    },
    /// Failed; asked again then. `failures` in a row.
    Waiting {
        until: Instant,
        failures: u32,
    },
}

impl<U> MessageBox<U> {
    /// A box that goes on from `state`; without one it begins with the first number it sees. At most `bound` updates
    /// are held back for each sequence; at the bound they are given up and fetched again.
    pub(crate) fn new(state: Option<&UpdateState>, bound: usize, now: Instant) -> Self {
        let line = |pts: Option<i32>| Line::new(pts.filter(|pts| *pts > 0));
        Self {
            account: line(state.map(|state| state.pts)),
            secret: line(state.map(|state| state.qts)),
            channels: state
                .into_iter()
                .flat_map(|state| &state.channels)
                .map(|(id, channel)| (*id, line(Some(channel.pts))))
                .collect(),
            date: state.map_or(0, |state| state.date),
            seq: state.map(|state| state.seq),
            early: Vec::new(),
            seq_gap: None,
            common: Fetch::Idle,
            silence: now + SILENCE,
            bound,
            outputs: VecDeque::new(),
            counters: BoxCounters::default(),
        }
    }

    /// What to keep so that a later box goes on from here. `None` before any number was seen.
    pub(crate) fn state(&self) -> Option<UpdateState> {
        let pts = self.account.local?;
        Some(UpdateState {
            pts,
            qts: self.secret.local.unwrap_or(0),
            date: self.date,
            seq: self.seq.unwrap_or(0),
            channels: self
                .channels
                .iter()
                .filter_map(|(id, line)| Some((*id, ChannelState { pts: line.local? })))
                .collect(),
        })
    }

    pub(crate) fn counters(&self) -> BoxCounters {
        self.counters
    }

    /// Takes one input. Poll afterwards.
    pub(crate) fn handle(&mut self, input: Input<U>, now: Instant) {
        match input {
            Input::Batch(batch) => self.on_batch(batch, now),
            Input::MaybeMissed => self.fetch_common(),
            Input::ChannelTooLong { id, pts } => self.on_channel_too_long(id, pts),
            Input::State(state) => self.on_state(&state, now),
            Input::Fetched(Sequence::Common, difference) => self.on_common(difference, now),
            Input::Fetched(Sequence::Channel(id), difference) => self.on_channel(id, difference, now),
            Input::FetchFailed(sequence, failure) => self.on_fetch_failed(sequence, failure, now),
            Input::Tick => self.on_tick(now),
        }
    }

    /// The next decision.
    pub(crate) fn poll(&mut self) -> Output<U> {
        self.outputs.pop_front().unwrap_or_else(|| Output::WaitUntil(self.deadline()))
    }

    fn deadline(&self) -> Instant {
        let retry = match self.common {
            Fetch::Waiting { until, .. } => Some(until),
            Fetch::Idle | Fetch::Running { .. } => None,
        };
        let gaps = [self.account.gap, self.secret.gap, self.seq_gap, retry];
        let channels = self.channels.values().filter_map(Line::deadline);
        gaps.into_iter().flatten().chain(channels).fold(self.silence, Instant::min)
    }

    fn on_batch(&mut self, batch: Batch<U>, now: Instant) {
        self.silence = now + SILENCE;
        self.date = self.date.max(batch.date);
        let seen = batch.seq.is_some_and(|(first, last)| !self.on_seq(first, last, now));
        for Stamped { stamp, update } in batch.updates {
            match (stamp, update) {
                (Stamp::None, Some(_)) if seen => self.counters.duplicates += 1,
                (Stamp::None, Some(update)) => self.outputs.push_back(Output::Deliver(update)),
                (Stamp::None, None) => {}
                (stamp, update) => self.on_stamped(stamp, update, now),
            }
        }
    }

    /// Notes a numbered batch. False when it was seen before.
    fn on_seq(&mut self, first: i32, last: i32, now: Instant) -> bool {
        let Some(local) = self.seq else {
            self.seq = Some(last);
            return true;
        };
        if last <= local || self.early.contains(&(first, last)) {
            return false;
        }
        if first > local.saturating_add(1) {
            if self.early.len() < self.bound {
                self.early.push((first, last));
            }
            if self.seq_gap.is_none() && self.common == Fetch::Idle {
                self.counters.gaps += 1;
                self.seq_gap = Some(now + GAP_WAIT);
            }
            return true;
        }
        self.seq = Some(last);
        self.close_seq_gap();
        true
    }

    /// Takes in early batches whose turn has come.
    fn close_seq_gap(&mut self) {
        self.early.sort_unstable();
        let mut local = self.seq.unwrap_or(0);
        self.early.retain(|(first, last)| {
            if *first <= local.saturating_add(1) {
                local = local.max(*last);
                return false;
            }
            true
        });
        self.seq = Some(local);
        if self.early.is_empty() {
            self.seq_gap = None;
        }
    }

    fn on_stamped(&mut self, stamp: Stamp, update: Option<U>, now: Instant) {
        let common_busy = self.common != Fetch::Idle;
        let (line, pts, count, busy) = match stamp {
            Stamp::None => return,
            Stamp::Pts { pts, count } => (&mut self.account, pts, count, common_busy),
            Stamp::Qts { qts } => (&mut self.secret, qts, 1, common_busy),
            Stamp::Channel { id, pts, count } => {
                let line = self.channels.entry(id).or_insert_with(|| Line::new(None));
                let busy = line.fetch != Fetch::Idle;
                (line, pts, count, busy)
            }
        };
        match line.push(pts, count, update, busy, self.bound, now) {
            Verdict::Apply(updates) => self.outputs.extend(updates.into_iter().map(Output::Deliver)),
            Verdict::Duplicate => self.counters.duplicates += 1,
            Verdict::Held { new_gap } => self.counters.gaps += u64::from(new_gap),
            Verdict::Overflow { given_up } => {
                self.counters.refetched += given_up;
                match stamp {
                    Stamp::Channel { id, .. } => self.fetch_channel(id),
                    _ => self.fetch_common(),
                }
            }
        }
    }

    fn fetch_common(&mut self) {
        match &mut self.common {
            Fetch::Running { again, .. } => *again = true,
            Fetch::Idle | Fetch::Waiting { .. } => self.ask_common(),
        }
    }

    /// Asks for the common difference. Without a state there is nothing to differ from.
    fn ask_common(&mut self) {
        let Some(pts) = self.account.local else {
            self.common = Fetch::Idle;
            return;
        };
        self.common = self.common.asked();
        self.account.gap = None;
        self.secret.gap = None;
        self.seq_gap = None;
        self.counters.differences += 1;
        let (qts, date) = (self.secret.local.unwrap_or(0), self.date);
        self.outputs.push_back(Output::FetchCommon { pts, qts, date });
    }

    fn fetch_channel(&mut self, id: i64) {
        let Some(line) = self.channels.get_mut(&id) else { return };
        let Some(pts) = line.local else { return };
        if let Fetch::Running { again, .. } = &mut line.fetch {
            *again = true;
            return;
        }
        line.fetch = line.fetch.asked();
        line.gap = None;
        self.counters.differences += 1;
        self.outputs.push_back(Output::FetchChannel { id, pts });
    }

    fn on_channel_too_long(&mut self, id: i64, pts: Option<i32>) {
        let line = self.channels.entry(id).or_insert_with(|| Line::new(None));
        match (line.local, pts) {
            (Some(local), Some(pts)) if pts <= local => {}
            (Some(_), _) => self.fetch_channel(id),
            // Nothing was known of it, so nothing of it can be missing.
            (None, pts) => line.local = pts,
        }
    }

    /// A state without a difference never goes back behind what was already applied.
    fn on_state(&mut self, state: &UpdateState, now: Instant) {
        let ahead = |local: Option<i32>, server: i32| Some(local.map_or(server, |local| local.max(server)));
        self.account.local = ahead(self.account.local, state.pts);
        self.secret.local = ahead(self.secret.local, state.qts);
        self.seq = ahead(self.seq, state.seq);
        self.date = self.date.max(state.date);
        self.replay_common(now);
    }

    fn on_common(&mut self, difference: Difference<U>, now: Instant) {
        self.silence = now + SILENCE;
        let again = matches!(self.common, Fetch::Running { again: true, .. });
        let last = match difference {
            Difference::Empty { date, seq } => {
                self.date = self.date.max(date);
                self.seq = Some(seq);
                true
            }
            Difference::Part { updates, state, last } => {
                self.take_part(updates, now);
                self.account.local = Some(state.pts);
                self.secret.local = Some(state.qts);
                self.seq = Some(state.seq);
                self.date = state.date;
                last
            }
            Difference::TooLong { pts } => {
                self.account.local = Some(pts);
                false
            }
            // The driver pairs answers with questions.
            Difference::Channel { .. } => true,
        };
        self.common = Fetch::Idle;
        if last && !again {
            self.replay_common(now);
        } else {
            self.ask_common();
        }
    }

    /// Delivers what a difference brought. Updates of channels still have to pass their own sequence.
    fn take_part(&mut self, updates: Vec<Stamped<U>>, now: Instant) {
        for Stamped { stamp, update } in updates {
            match stamp {
                Stamp::Channel { .. } => self.on_stamped(stamp, update, now),
                _ => self.outputs.extend(update.map(Output::Deliver)),
            }
        }
    }

    fn replay_common(&mut self, now: Instant) {
        self.close_seq_gap();
        if !self.early.is_empty() {
            self.seq_gap = Some(now + GAP_WAIT);
        }
        for line in [&mut self.account, &mut self.secret] {
            let (updates, duplicates) = line.replay(now);
            self.counters.duplicates += duplicates;
            self.outputs.extend(updates.into_iter().map(Output::Deliver));
        }
    }

    fn on_channel(&mut self, id: i64, difference: Difference<U>, now: Instant) {
        let Difference::Channel { updates, pts, last, reset: _ } = difference else { return };
        let Some(line) = self.channels.get_mut(&id) else { return };
        let again = matches!(line.fetch, Fetch::Running { again: true, .. });
        line.local = Some(pts);
        line.fetch = Fetch::Idle;
        self.outputs.extend(updates.into_iter().filter_map(|stamped| stamped.update).map(Output::Deliver));
        if last && !again {
            let (updates, duplicates) = line.replay(now);
            self.counters.duplicates += duplicates;
            self.outputs.extend(updates.into_iter().map(Output::Deliver));
        } else {
            self.fetch_channel(id);
        }
    }

    fn on_fetch_failed(&mut self, sequence: Sequence, failure: FetchFailure, now: Instant) {
        let fetch = match sequence {
            Sequence::Common => &mut self.common,
            Sequence::Channel(id) => match self.channels.get_mut(&id) {
                Some(line) => &mut line.fetch,
                None => return,
            },
        };
        match failure {
            FetchFailure::Later => *fetch = fetch.failed(now),
            FetchFailure::Never => {
                *fetch = Fetch::Idle;
                match sequence {
                    Sequence::Common => self.give_up_common(),
                    Sequence::Channel(id) => self.give_up_channel(id),
                }
            }
        }
    }

    fn give_up_common(&mut self) {
        self.early.clear();
        self.seq_gap = None;
        for line in [&mut self.account, &mut self.secret] {
            self.outputs.extend(line.give_up().into_iter().map(Output::Deliver));
        }
    }

    fn give_up_channel(&mut self, id: i64) {
        let Some(line) = self.channels.get_mut(&id) else { return };
        self.outputs.extend(line.give_up().into_iter().map(Output::Deliver));
    }

    fn on_tick(&mut self, now: Instant) {
        let due = |deadline: Option<Instant>| deadline.is_some_and(|deadline| deadline <= now);
        let retry = matches!(self.common, Fetch::Waiting { until, .. } if until <= now);
        if retry || due(self.account.gap) || due(self.secret.gap) || due(self.seq_gap) {
            self.ask_common();
        }
        if self.silence <= now {
            self.silence = now + SILENCE;
            self.fetch_common();
        }
        let channels: Vec<i64> =
            self.channels.iter().filter(|(_, line)| due(line.deadline())).map(|(id, _)| *id).collect();
        for id in channels {
            self.fetch_channel(id);
        }
    }
}

impl Fetch {
    fn asked(self) -> Self {
        let failures = match self {
            Self::Waiting { failures, .. } => failures,
            Self::Idle | Self::Running { .. } => 0,
        };
        Self::Running { again: false, failures }
    }

    /// After a failure: 1 s, doubling to 64 s.
    fn failed(self, now: Instant) -> Self {
        let failures = match self {
            Self::Running { failures, .. } | Self::Waiting { failures, .. } => failures,
            Self::Idle => 0,
        };
        let until = now + Duration::from_secs(1 << failures.min(6));
        Self::Waiting { until, failures: failures.saturating_add(1) }
    }
}
