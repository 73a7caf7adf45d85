//! The stages of a call and what it tells on the way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::CallReport;

/// How far a call has come. Each is reached at most once, in this order; which of them depends on the side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The server has taken the request and looks for a device of the callee.
    Requested,
    /// It rings: there (caller), or here (callee).
    Ringing,
    /// Somebody picked up.
    Answered,
    /// The key is agreed, the relays are known, the media starts. The emoji are there from now on.
    Confirmed,
    /// Both sides hear each other.
    Established,
    /// The first sound of the other side has arrived.
    FirstAudio,
}

impl Stage {
    /// A stable word for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Confirmed => "confirmed",
            Self::Established => "established",
            Self::FirstAudio => "first-audio",
        }
    }
}

/// What a call tells, in order. The last one is [`CallEvent::Over`], exactly once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallEvent {
    /// The call has come further.
    Stage(Stage),
    /// Something happened to its sound: tracks, recordings, contact. Its `Established`, `FirstAudio` and `Ended` are told
    /// as [`Stage`] and as [`CallEvent::Over`].
    Media(offhook_voip::Event),
    /// The call is over.
    Over(Arc<CallReport>),
}

/// Events a call remembers for readers that are behind.
pub const EVENT_HISTORY: usize = 512;

/// The ordered record of what happened in a call. At the bound the oldest event about sound gives way, and is counted by
/// readers that had not seen it.
#[derive(Debug)]
pub(crate) struct Log {
    kept: Mutex<Kept>,
    written: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Events by their number, in order; a number is missing where one gave way.
    events: VecDeque<(u64, CallEvent)>,
    next: u64,
    report: Option<Arc<CallReport>>,
}

impl Log {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { kept: Mutex::default(), written: watch::Sender::new(0) })
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Nothing panics while it is held, and a half-made push is harmless.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, event: CallEvent) {
        let mut kept = self.lock();
        if kept.events.len() >= EVENT_HISTORY {
            let about_sound = |(_, event): &(u64, CallEvent)| matches!(event, CallEvent::Media(_));
            let oldest = kept.events.iter().position(about_sound).unwrap_or(0);
            kept.events.remove(oldest);
        }
        if let CallEvent::Over(report) = &event {
            kept.report = Some(Arc::clone(report));
        }
        let number = kept.next;
        kept.events.push_back((number, event));
        kept.next += 1;
        drop(kept);
        self.written.send_replace(number + 1);
    }

    pub(crate) fn report(&self) -> Option<Arc<CallReport>> {
        self.lock().report.clone()
    }

    /// Waits for the end of the call.
    pub(crate) async fn ended(&self) -> Arc<CallReport> {
        let mut written = self.written.subscribe();
        loop {
            if let Some(report) = self.report() {
                return report;
            }
            // The sender lives in `self`, so a change comes or the call goes on.
            let _ = written.changed().await;
        }
    }
}

/// Reads a call's events from its beginning, in order, until [`CallEvent::Over`]. Any number of readers may follow a call.
#[derive(Debug)]
pub struct CallEvents {
    log: Arc<Log>,
    written: watch::Receiver<u64>,
    next: u64,
    missed: u64,
}

impl CallEvents {
    pub(crate) fn new(log: Arc<Log>) -> Self {
        let written = log.written.subscribe();
        Self { log, written, next: 0, missed: 0 }
    }

    /// The next event; `None` after [`CallEvent::Over`]. Cancel-safe.
    pub async fn next(&mut self) -> Option<CallEvent> {
        loop {
            if let Some(event) = self.try_next() {
                return Some(event);
            }
            if self.log.report().is_some() && self.next >= self.log.lock().next {
                return None;
            }
            let _ = self.written.changed().await;
        }
    }

    /// The next event if there is one already.
    pub fn try_next(&mut self) -> Option<CallEvent> {
        let kept = self.log.lock();
        let index = kept.events.partition_point(|(number, _)| *number < self.next);
        let (number, event) = kept.events.get(index)?;
        self.missed += number - self.next;
        self.next = number + 1;
        Some(event.clone())
    }

    /// Waits until the call has reached `stage`; `false` when it ended before.
    pub async fn reach(&mut self, stage: Stage) -> bool {
        while let Some(event) = self.next().await {
            if matches!(event, CallEvent::Stage(reached) if reached >= stage) {
                return true;
            }
        }
        false
    }

    /// Events this reader never saw because it was more than [`EVENT_HISTORY`] behind.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }
}

/// When each stage was reached, from the moment the call was dialled (caller) or announced (callee).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stages(Vec<(Stage, Duration)>);

impl Stages {
    pub(crate) fn reach(&mut self, stage: Stage, after: Duration) {
        if self.at(stage).is_none() {
            self.0.push((stage, after));
        }
    }

    /// When a stage was reached.
    #[must_use]
    pub fn at(&self, stage: Stage) -> Option<Duration> {
        self.0.iter().find(|(reached, _)| *reached == stage).map(|(_, after)| *after)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Stage, Duration)> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> CallEvent {
        CallEvent::Media(offhook_voip::Event::HoldStarted)
    }

    #[test]
    fn stages_outlive_sound_and_what_gave_way_is_counted() {
        let log = Log::new();
        log.push(CallEvent::Stage(Stage::Requested));
        for _ in 0..EVENT_HISTORY + 9 {
            log.push(sound());
        }
        let mut events = CallEvents::new(log);
        assert!(matches!(events.try_next(), Some(CallEvent::Stage(Stage::Requested))));
        let rest = std::iter::from_fn(|| events.try_next()).count();
        assert_eq!((rest, events.missed()), (EVENT_HISTORY - 1, 10));
    }

    #[test]
    fn a_stage_keeps_its_first_time() {
        let mut stages = Stages::default();
        stages.reach(Stage::Ringing, Duration::from_secs(1));
        stages.reach(Stage::Ringing, Duration::from_secs(2));
        assert_eq!(stages.at(Stage::Ringing), Some(Duration::from_secs(1)));
        assert_eq!(stages.iter().count(), 1);
    }
}
