//! Signalling and candidates: what the two sides agree on, carried out.

use super::Call;
use crate::link::Window;
use crate::playout::{Clock, Jitter};
use crate::tgcalls::message::{MediaState, Message};
use crate::tgcalls::paths::{CandidateKind, LocalCandidate};
use crate::tgcalls::report::Stage;
use crate::tgcalls::sctp::Ended;
use crate::tgcalls::session::Order;
use crate::tgcalls::signalling::PushError;
use crate::tgcalls::transport::LocalAddress;
use crate::{Event, FailReason, State};

impl Call {
    /// Gives the signalling what the session has to say, as long as it has room.
    pub(super) fn hand_over_messages(&mut self) {
        while let Some(message) = self.session.take_message() {
            match self.signalling.push_message(&message) {
                Ok(()) => {}
                Err(PushError::Full) => {
                    self.session.put_back(message);
                    return;
                }
                Err(error) => tracing::debug!(%error, kind = message.kind(), "signalling message not sent"),
            }
        }
    }

    pub(super) fn on_message(&mut self, message: Message) {
        self.reach(Stage::Heard);
        if self.state == State::WaitInit {
            self.enter(State::WaitInitAck);
        }
        self.session.handle(message, self.now);
        while let Some(order) = self.session.take_order() {
            self.follow(order);
        }
    }

    pub(super) fn on_signalling_ended(&mut self, why: Ended) {
        tracing::debug!(%why, "signalling");
        if !self.is_up() {
            self.fail(FailReason::SignallingEnded);
        }
    }

    fn follow(&mut self, order: Order) {
        if self.state.is_final() {
            return;
        }
        match order {
            Order::Trust { ufrag, pwd, fingerprint, client } => {
                self.reach(Stage::Trusted);
                if !self.transport.trust(ufrag, pwd, fingerprint, client) {
                    self.fail(FailReason::Fingerprint);
                }
                self.drive_transport();
            }
            Order::Renew { own, theirs, fingerprint, at_once } => {
                self.restarts.agreed += 1;
                self.paths.forget_remotes();
                if !self.transport.renew(own, theirs, fingerprint, at_once) {
                    self.fail(FailReason::Fingerprint);
                }
                self.drive_transport();
                if !at_once {
                    self.tell_addresses();
                }
            }
            Order::Try(line) => self.on_remote_candidate(&line),
            Order::Hear(stream) => {
                if self.hearing.map(|stream| stream.ssrc) != stream.map(|stream| stream.ssrc) {
                    // Another source has another timeline.
                    self.window = Window::default();
                    self.playout = Jitter::new(self.now, Clock::Samples);
                    self.playout.set_muted(self.peer_muted);
                }
                self.hearing = stream;
                self.transport.hear(stream);
            }
            Order::Speak(stream) => {
                self.reach(Stage::Agreed);
                if stream.is_some() {
                    self.transport.speak();
                }
                self.speech.agree(stream);
            }
            Order::State(state) => self.on_state(state),
            Order::Fail(reason) => self.fail(reason),
        }
    }

    pub(super) fn on_local_candidate(&mut self, candidate: LocalCandidate) {
        if self.state.is_final() {
            return;
        }
        self.reach(Stage::Gathered);
        self.transport.add_local(local(&candidate));
        self.drive_transport();
        self.session.add_candidate(candidate.line);
    }

    /// Tells the peer all addresses that it has been told and that can still be used.
    pub(super) fn tell_addresses(&mut self) {
        for line in self.paths.told() {
            self.session.add_candidate(line);
        }
    }

    pub(super) fn on_lost_candidate(&mut self, candidate: &LocalCandidate) {
        if !self.state.is_final() {
            self.transport.remove_local(local(candidate));
            self.drive_transport();
        }
    }

    fn on_remote_candidate(&mut self, line: &str) {
        let Some(candidate) = self.paths.remote(line) else { return };
        let kind = match candidate.kind {
            CandidateKind::Host => str0m::CandidateKind::Host,
            CandidateKind::ServerReflexive => str0m::CandidateKind::ServerReflexive,
            CandidateKind::PeerReflexive => str0m::CandidateKind::PeerReflexive,
            CandidateKind::Relay => str0m::CandidateKind::Relayed,
        };
        self.transport.add_remote(kind, candidate.addr, candidate.priority, candidate.foundation);
        self.drive_transport();
    }

    pub(super) fn set_muted(&mut self, muted: bool) {
        if self.muted == muted {
            return;
        }
        self.muted = muted;
        if self.state.is_final() {
            return;
        }
        if self.transport.is_writable() {
            self.tell_state();
        } else {
            self.session.send_state(self.media_state());
        }
    }

    fn media_state(&self) -> MediaState {
        MediaState { muted: self.muted, ..MediaState::default() }
    }

    /// Tells what this side sends through the data channel, else through the signalling.
    pub(super) fn tell_state(&mut self) {
        let state = self.media_state();
        if !self.transport.say(&Message::MediaState(state).to_json()) {
            self.session.send_state(state);
        }
        self.drive_transport();
    }

    pub(super) fn on_text(&mut self, text: &[u8]) {
        self.on_heard();
        match Message::from_json(text) {
            Ok(Message::MediaState(state)) => self.on_state(state),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "data channel");
                self.stats.dropped_malformed += 1;
            }
        }
    }

    fn on_state(&mut self, state: MediaState) {
        if self.peer_muted != state.muted {
            self.peer_muted = state.muted;
            self.playout.set_muted(state.muted);
            self.emit(Event::PeerMuted(state.muted));
        }
    }
}

fn local(candidate: &LocalCandidate) -> LocalAddress {
    match candidate.kind {
        CandidateKind::Host => LocalAddress::Host(candidate.addr),
        CandidateKind::ServerReflexive | CandidateKind::PeerReflexive => {
            LocalAddress::Reflexive(candidate.addr, candidate.base)
        }
        CandidateKind::Relay => LocalAddress::Relay(candidate.addr),
    }
}
