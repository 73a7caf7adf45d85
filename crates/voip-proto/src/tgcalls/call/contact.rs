//! The transport's news, the states that follow from them, and the end.
//!
//! ICE is restarted (RFC 8445, 9) when contact stays lost, and when this machine's network changes. Nothing is given up for
//! it: the credentials in use stay so until the peer has answered with its own new ones, media goes on through whatever
//! pair is alive, addresses that are found are told and tried at once. What a restart brings beyond that: addresses of
//! before are forgotten on both sides, so that there is always room for those of today, and all that are there are told
//! again. A peer that did not say that it follows restarts is offered none.

use super::{Call, QUIET, Timer};
use crate::tgcalls::paths::PathState;
use crate::tgcalls::report::Stage;
use crate::tgcalls::transport::Step;
use crate::{Event, FailReason, State};
use std::time::Duration;

/// Given-up addresses are tried again so often while contact is lost.
const AGAIN_EVERY: Duration = Duration::from_secs(2);
/// ICE is restarted when contact has been lost for so long: 5 s after the last sign of a peer that speaks, which is when
/// libwebrtc calls a path disconnected. A path that comes back by itself mostly has by then, and five seconds are left
/// before the call counts as dead, enough for a round trip of signalling with a loss or two in it.
const RESTART_AFTER: Duration = Duration::from_secs(3);
/// This side begins restarts at most so often.
const RESTART_EVERY: Duration = Duration::from_secs(5);
/// A peer whose sound was there within this time before its last sign is speaking.
const SPEAKING: Duration = Duration::from_secs(2);

impl Call {
    /// Does what the transport asks for, until it has nothing more.
    pub(super) fn drive_transport(&mut self) {
        loop {
            match self.transport.poll() {
                Step::Send { pair, contents } => {
                    if self.outbox.len() == super::MAX_OUTBOX {
                        self.stats.outbox_dropped += 1;
                    } else {
                        self.outbox.push_back((pair, contents));
                    }
                }
                Step::Rtp { at, seq, timestamp, payload_type, payload } => {
                    self.on_heard();
                    self.on_rtp(at, seq, timestamp, payload_type, &payload);
                }
                Step::Heard => self.on_heard(),
                Step::Reached => self.reach(Stage::Reached),
                Step::Connected => self.on_connected(),
                Step::Writable => self.tell_state(),
                Step::Text(text) => self.on_text(&text),
                Step::Measured(measured) => {
                    self.speech.on_measured(measured, self.now);
                    self.note_relay();
                }
                Step::WrongFingerprint => self.fail(FailReason::Fingerprint),
                // The server says how the call ended; if it does not, silence will.
                Step::Closed => self.left = true,
                Step::WaitUntil(due) => {
                    self.transport_due = due;
                    return;
                }
            }
        }
    }

    fn on_connected(&mut self) {
        if self.state.is_final() {
            return;
        }
        self.reach(Stage::Connected);
        self.timers.stop(Timer::Connect);
        self.session.connected();
        self.paths.contact_made(self.now);
        self.stats.setup = Some(self.now.saturating_duration_since(self.start));
        self.enter(State::Established);
        self.on_heard();
    }

    pub(super) fn on_heard(&mut self) {
        self.heard = Some(self.now);
        if !self.is_up() {
            return;
        }
        if self.state == State::Reconnecting {
            self.timers.stop(Timer::Again);
            self.timers.stop(Timer::Restart);
            self.enter(State::Established);
        }
        let speaking = !self.peer_muted && self.sound_at.is_some_and(|at| self.now < at + SPEAKING);
        let limit = if speaking { self.reconnecting_after } else { QUIET.max(self.reconnecting_after) };
        self.timers.set(Timer::Contact, self.now + limit);
        self.timers.set(Timer::Receive, self.now + self.receive_timeout);
    }

    /// Which relays answer, and which one is in use.
    fn note_relay(&mut self) {
        let local = self.transport.current().map(|(local, _)| local);
        let (mut answering, mut current) = (0, 0);
        for path in self.paths.report() {
            answering += u8::from(path.state == PathState::Ready);
            if path.candidate.is_some() && path.candidate == local {
                current = path.id;
            }
        }
        self.stats.relays_answering = answering;
        if self.stats.preferred_relay != current {
            self.stats.preferred_relay = current;
            self.emit(Event::EndpointChanged { id: current });
        }
    }

    pub(super) fn on_contact_lost(&mut self) {
        if self.state == State::Established {
            self.enter(State::Reconnecting);
            self.paths.contact_lost(self.now);
            self.timers.set(Timer::Restart, self.now + RESTART_AFTER);
            self.try_again();
        }
    }

    pub(super) fn on_restart_due(&mut self) {
        if self.state == State::Reconnecting {
            self.restart();
        }
    }

    /// Restarts ICE, or puts it off while the last restart is young.
    fn restart(&mut self) {
        let due = self.restarted.map_or(self.now, |at| at + RESTART_EVERY);
        if due > self.now {
            self.restarts.put_off += 1;
            self.timers.set(Timer::Restart, due);
            return;
        }
        if !self.session.restart(self.now) {
            self.restarts.refused += 1;
            return;
        }
        self.restarted = Some(self.now);
        self.restarts.begun += 1;
        self.timers.set(Timer::Restart, self.now + RESTART_EVERY);
        self.tell_addresses();
    }

    pub(super) fn try_again(&mut self) {
        if self.state == State::Reconnecting {
            self.transport.try_again();
            self.drive_transport();
            self.timers.set(Timer::Again, self.now + AGAIN_EVERY);
        }
    }

    /// Every path is in doubt.
    pub(super) fn on_network_changed(&mut self) {
        if self.is_up() {
            self.transport.try_again();
            self.drive_transport();
            self.restart();
        }
    }

    pub(super) fn enter(&mut self, state: State) {
        if self.state != state {
            self.state = state;
            tracing::debug!(?state, "call");
            self.emit(Event::StateChanged(state));
        }
    }

    pub(super) fn fail(&mut self, reason: FailReason) {
        if !self.state.is_final() {
            self.failed = Some(reason);
            self.finish(State::Failed);
            self.emit(Event::Failed(reason));
        }
    }

    pub(super) fn finish(&mut self, state: State) {
        self.last_report = Some(Box::new(self.report_now()));
        self.enter(state);
        self.timers = super::Timers::default();
        self.transport.close();
        self.drive_transport();
    }
}
