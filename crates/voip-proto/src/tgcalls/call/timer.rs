//! When something happens by itself.

use std::time::Instant;

use super::Call;
use crate::FailReason;

/// The reasons for a deadline. Each is set at most once at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The call must be established by then.
    Connect,
    /// Contact counts as lost.
    Contact,
    /// The call counts as dead.
    Receive,
    /// Given-up addresses are tried again.
    Again,
    /// ICE is restarted, if contact is still lost.
    Restart,
}

impl Timer {
    const ALL: [Self; 5] = [Self::Connect, Self::Contact, Self::Receive, Self::Again, Self::Restart];
}

/// One deadline for each reason.
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
            match timer {
                Timer::Connect => self.fail(FailReason::ConnectTimeout),
                Timer::Contact => self.on_contact_lost(),
                Timer::Receive if self.left => self.fail(FailReason::PeerLeft),
                Timer::Receive => self.fail(FailReason::ReceiveTimeout),
                Timer::Again => self.try_again(),
                Timer::Restart => self.on_restart_due(),
            }
        }
        if self.state.is_final() {
            return;
        }
        self.session.tick(self.now);
        if self.paths_due.is_some_and(|due| due <= self.now) {
            self.paths.tick(self.now);
            self.take_payloads();
        }
        if self.transport_due <= self.now {
            self.transport.advance(self.now);
            self.drive_transport();
        }
    }
}
