//! When something happens by itself.

use std::time::Instant;

use super::{
    ACK_SILENCE, ASSESS_EVERY, CALM, CONGESTED, Call, INIT_EVERY, NEVER_SILENT, Outgoing, PING_AGE,
    PING_ROUND, PROBE_ROUND, QUERY_EVERY,
};
use crate::uplink::Loss;
use crate::{Event, FailReason, State};

/// The reasons for a deadline. Each is set at most once at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The next INIT round.
    Init,
    /// The call must be established by then.
    Connect,
    /// The next question to the relays.
    Query,
    /// Something must be sent by then.
    KeepAlive,
    /// Relays are looked at.
    Ping,
    /// Loss and acknowledgements are looked at.
    Assess,
    /// Contact counts as lost.
    Contact,
    /// The call counts as dead.
    Receive,
    /// A STREAM_STATE is repeated.
    StreamState,
}

impl Timer {
    const ALL: [Self; 9] = [
        Self::Init,
        Self::Connect,
        Self::Query,
        Self::KeepAlive,
        Self::Ping,
        Self::Assess,
        Self::Contact,
        Self::Receive,
        Self::StreamState,
    ];
}

/// One deadline for each reason; the least of them is the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timers([Option<Instant>; Timer::ALL.len()]);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        self.0[timer as usize] = Some(at);
    }

    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().flatten().min().copied()
    }

    /// Takes one timer that is due.
    fn take_due(&mut self, now: Instant) -> Option<Timer> {
        let due = Timer::ALL.into_iter().find(|timer| self.0[*timer as usize].is_some_and(|at| at <= now))?;
        self.stop(due);
        Some(due)
    }
}

impl Call {
    pub(super) fn drive_timers(&mut self) {
        while let Some(timer) = self.timers.take_due(self.now) {
            self.on_timer(timer);
        }
    }

    fn on_timer(&mut self, timer: Timer) {
        match timer {
            Timer::Init => self.on_init_timer(),
            Timer::Connect => self.fail(FailReason::ConnectTimeout),
            Timer::Query => self.on_query_timer(),
            Timer::KeepAlive => self.on_keep_alive(),
            Timer::Ping => self.on_ping_timer(),
            Timer::Assess => self.on_assess(),
            Timer::Contact => self.on_contact_lost(),
            Timer::Receive => self.fail(FailReason::ReceiveTimeout),
            Timer::StreamState => self.on_state_timer(),
        }
    }

    /// One INIT through every endpoint, all with one number (6.2).
    fn on_init_timer(&mut self) {
        for path in 0..self.paths.len() {
            self.enqueue(Outgoing::Init { path, first: path == 0 });
        }
        self.init_at = self.now;
        self.timers.set(Timer::Init, self.now + INIT_EVERY);
    }

    fn on_query_timer(&mut self) {
        if self.queries_left == 0 {
            return;
        }
        self.queries_left -= 1;
        (0..self.paths.len()).for_each(|path| self.enqueue(Outgoing::Query { path }));
        self.timers.set(Timer::Query, self.now + QUERY_EVERY);
    }

    fn on_keep_alive(&mut self) {
        if self.is_up() {
            self.enqueue(Outgoing::Nop { path: self.current });
            // Writing it sets the timer; this is for the case that nobody polls.
            self.timers.set(Timer::KeepAlive, self.now + NEVER_SILENT);
        }
    }

    fn on_ping_timer(&mut self) {
        if self.state == State::Reconnecting {
            self.ping_all();
            self.timers.set(Timer::Ping, self.now + PROBE_ROUND);
            return;
        }
        for path in 0..self.paths.len() {
            if self.paths[path].wants_ping(self.now, PING_AGE) {
                self.enqueue(Outgoing::Ping { path });
            }
        }
        self.choose_relay();
        self.timers.set(Timer::Ping, self.now + PING_ROUND);
    }

    /// Prefers a relay that is clearly nearer (2.10).
    pub(super) fn choose_relay(&mut self) {
        let cost = |path: usize| self.paths[path].rtt().map_or(f64::INFINITY, |rtt| rtt.as_secs_f64());
        let Some(best) = (0..self.paths.len()).min_by(|a, b| cost(*a).total_cmp(&cost(*b))) else { return };
        if cost(best) < self.server.relay_switch * cost(self.preferred) {
            self.preferred = best;
            self.switch_to(best);
        }
    }

    pub(super) fn switch_to(&mut self, path: usize) {
        if self.current != path {
            self.current = path;
            self.ack_progress = self.now;
            self.emit(Event::EndpointChanged { id: self.paths[path].endpoint.id });
        }
    }

    fn on_assess(&mut self) {
        self.timers.set(Timer::Assess, self.now + ASSESS_EVERY);
        let loss = Loss { all: self.sent.loss(), in_row: [1, 2].map(|after| self.sent.loss_in_row(after)) };
        if f64::from(loss.all) > self.server.loss_for_copies {
            self.lossy_at = self.now;
        }
        if self.uplink.set_loss(loss, self.now >= self.lossy_at + CALM) {
            self.announce_stream();
        }
        if self.now >= self.congestion_at {
            self.congestion_at = self.now + std::time::Duration::from_secs(1);
            self.uplink.set_congested(self.sent.queueing() > CONGESTED);
        }
        self.look_for_acks();
    }

    /// Acknowledgements have stopped although the peer is heard: our way to it is cut.
    fn look_for_acks(&mut self) {
        let silent = self.sent.has_unacked() && self.now >= self.ack_progress + ACK_SILENCE;
        if !silent || self.paths.len() < 2 || self.state != State::Established {
            return;
        }
        self.paths[self.current].forget();
        let next = self.best_other_than(self.current);
        self.preferred = next;
        self.switch_to(next);
        self.ping_all();
    }

    /// The endpoint most likely to work: heard last, then nearest, then next in the list.
    fn best_other_than(&self, path: usize) -> usize {
        let count = self.paths.len();
        (1..count)
            .map(|step| (path + step) % count)
            .min_by_key(|other| {
                let candidate = &self.paths[*other];
                let silent = candidate.heard.is_none_or(|at| self.now >= at + PING_AGE);
                (silent, candidate.rtt().unwrap_or(PING_AGE))
            })
            .unwrap_or(path)
    }

    fn on_contact_lost(&mut self) {
        if self.state != State::Established {
            return;
        }
        self.enter(State::Reconnecting);
        self.ask_relays();
        self.ping_all();
        self.timers.set(Timer::Ping, self.now + PROBE_ROUND);
    }
}
