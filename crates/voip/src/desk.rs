//! The desk: one thread per engine that does what a shard must not wait for. It brings events to their readers, waits for
//! recordings to be closed, tells the end of calls, frees what they leave behind, and watches the machine's network.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use offhook_media::{Closing, Report};

use crate::counters::OutcomeCounters;
use crate::engine::ShardHandle;
use crate::shared::Shared;
use crate::watch::Watch;
use crate::{CallStats, ConnectReport, Ended, Event, Outcome, Stamps};

/// How long a recording may take to be closed before the call's end is told without it.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);
/// How often recordings that are being closed are looked at.
const LOOK: Duration = Duration::from_millis(2);

/// What a shard hands over. Messages of one call keep their order.
///
/// The channel has no bound of its own: a call has at most [`crate::shared::EVENTS_UNDER_WAY`] events,
/// [`crate::SIGNALS_OUT`] packets and a few recordings in it, and the number of calls is bounded.
pub(crate) enum Message {
    Event(Arc<Shared>, Event),
    /// A packet of a call's own signalling, which has its place in the call's outbox.
    Signal(Arc<Shared>, Vec<u8>),
    /// An output was replaced or taken away.
    Closing(Arc<Shared>, Closing),
    /// A call is over.
    Finished(Box<Finished>),
    /// Tell these shards when the machine moves to another network.
    Watch(Vec<Arc<ShardHandle>>),
    /// The engine stops: finish what is there.
    Stop,
}

pub(crate) struct Finished {
    pub(crate) shared: Arc<Shared>,
    pub(crate) outcome: Outcome,
    pub(crate) stats: CallStats,
    pub(crate) stamps: Option<Stamps>,
    pub(crate) connect: Option<Box<ConnectReport>>,
    pub(crate) closing: Option<Closing>,
    /// Codecs, playlist, core: freed here.
    pub(crate) remains: Box<dyn Any + Send>,
}

struct Open {
    shared: Arc<Shared>,
    closing: Closing,
    deadline: Instant,
}

pub(crate) struct Desk {
    inbox: Receiver<Message>,
    outcomes: Arc<OutcomeCounters>,
    open: Vec<Open>,
    finished: Vec<Finished>,
    watch: Option<Watch>,
}

impl Desk {
    pub(crate) fn new(inbox: Receiver<Message>, outcomes: Arc<OutcomeCounters>) -> Self {
        Self { inbox, outcomes, open: Vec::new(), finished: Vec::new(), watch: None }
    }

    /// Runs until [`Message::Stop`] has come and everything is closed.
    pub(crate) fn run(mut self) {
        let mut stopping = false;
        loop {
            let waiting = !self.open.is_empty();
            if stopping && !waiting && self.inbox.is_empty() {
                return;
            }
            let message = match &self.watch {
                _ if waiting || stopping => self.inbox.recv_timeout(LOOK),
                Some(watch) => self.inbox.recv_deadline(watch.due()),
                None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match message {
                Ok(Message::Stop) => stopping = true,
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => stopping = true,
            }
            let now = Instant::now();
            self.look(now);
            if let Some(watch) = self.watch.as_mut().filter(|_| !stopping) {
                watch.look(now);
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Event(shared, event) => {
                shared.under_way.fetch_sub(1, Ordering::Relaxed);
                shared.history.push(event);
            }
            Message::Signal(shared, packet) => shared.signals.push(packet),
            Message::Closing(shared, closing) => self.wait_for(shared, closing),
            Message::Finished(mut finished) => {
                // Freed first: when the end is told, the memory is back.
                finished.remains = Box::new(());
                if let Some(closing) = finished.closing.take() {
                    self.wait_for(Arc::clone(&finished.shared), closing);
                }
                self.finished.push(*finished);
            }
            Message::Watch(shards) => self.watch = Some(Watch::new(shards, Instant::now())),
            Message::Stop => {}
        }
    }

    fn wait_for(&mut self, shared: Arc<Shared>, closing: Closing) {
        self.open.push(Open { shared, closing, deadline: Instant::now() + CLOSE_LIMIT });
    }

    /// Reports recordings that are closed, then ends calls that have none left.
    fn look(&mut self, now: Instant) {
        self.open.retain_mut(|open| {
            let report = open.closing.poll().or_else(|| {
                (now >= open.deadline).then(|| Report {
                    error: Some("closing took longer than five seconds".into()),
                    ..Report::default()
                })
            });
            let closed = report.is_some();
            if let Some(report) = report {
                open.shared.history.push(Event::OutputClosed { report });
            }
            !closed
        });
        let mut at = 0;
        while at < self.finished.len() {
            let id = self.finished[at].shared.id;
            if self.open.iter().any(|open| open.shared.id == id) {
                at += 1;
                continue;
            }
            // In order, so that calls that end together are told in the order in which they ended.
            let finished = self.finished.remove(at);
            self.outcomes.count(finished.outcome);
            finished.shared.finish(Arc::new(Ended {
                outcome: finished.outcome,
                stats: finished.stats,
                stamps: finished.stamps,
                connect: finished.connect,
            }));
        }
    }
}
