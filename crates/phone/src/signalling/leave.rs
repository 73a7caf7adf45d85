//! The end of a call: what to tell the server, how long to try, what the outcome is.

use std::time::{Duration, Instant};

use offhook_voip::{HangupReason, Outcome as MediaOutcome, Role};

use super::{Farewell, Job, JobError, Output, Phase, Signalling};
use crate::Outcome;
use crate::wire::Reason;

/// Pause before a hang-up that did not get through is said again.
const RETRY: Duration = Duration::from_millis(500);

/// How signalling ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub outcome: Outcome,
    /// The server knows that the call is over.
    pub confirmed: bool,
    pub need_rating: bool,
    pub need_debug: bool,
}

impl Ending {
    pub(super) fn unconfirmed(outcome: Outcome) -> Self {
        Self { outcome, confirmed: false, need_rating: false, need_debug: false }
    }
}

impl Signalling {
    /// Ends the call from this side. What was decided first stays.
    pub(super) fn leave(&mut self, now: Instant, mut outcome: Outcome, reason: Reason, media: HangupReason) {
        if let Outcome::VersionsDoNotMeet { theirs, .. } = &mut outcome
            && theirs.is_empty()
            && self.is_hopeless(&self.theirs)
        {
            theirs.clone_from(&self.theirs);
        }
        let duration = match self.take_phase() {
            phase @ (Phase::Leaving(..) | Phase::Over) => {
                self.phase = phase;
                return;
            }
            Phase::Committing => {
                self.outputs.push_back(Output::StopMedia(media));
                // The server has not heard of this call.
                return self.over(Ending { confirmed: true, ..Ending::unconfirmed(outcome) });
            }
            Phase::Media { since: Some(since) } => now.saturating_duration_since(since).as_secs(),
            _ => 0,
        };
        self.outputs.push_back(Output::StopMedia(media));
        let farewell = Farewell {
            reason,
            duration: i32::try_from(duration).unwrap_or(i32::MAX),
            connection_id: self.connection_id,
            until: now + self.limits.hangup,
        };
        self.say_goodbye(now, Ending::unconfirmed(outcome), farewell);
    }

    /// Tells the server, as soon as the call has a name.
    pub(super) fn say_goodbye(&mut self, _now: Instant, ending: Ending, farewell: Farewell) {
        if let Some(call) = self.name {
            let Farewell { reason, duration, connection_id, .. } = farewell;
            self.ask(Job::Discard { call, reason, duration, connection_id });
        }
        self.deadline = Some(farewell.until);
        self.phase = Phase::Leaving(ending, farewell);
    }

    pub(super) fn on_said_goodbye(
        &mut self,
        now: Instant,
        result: Result<(), JobError>,
        ending: Ending,
        farewell: Farewell,
    ) {
        match result {
            // An error says that there is nothing left to hang up.
            Ok(()) | Err(JobError::Server { .. }) => self.over(Ending { confirmed: true, ..ending }),
            Err(JobError::Lost(_) | JobError::Key(_)) => {
                self.deadline = Some((now + RETRY).min(farewell.until));
                self.phase = Phase::Leaving(ending, farewell);
            }
        }
    }

    pub(super) fn over(&mut self, ending: Ending) {
        self.phase = Phase::Over;
        self.deadline = None;
        self.outputs.push_back(Output::Over(ending));
    }

    /// The server says that the call is over.
    pub(super) fn on_discarded(&mut self, reason: Option<Reason>, need_rating: bool, need_debug: bool) {
        let ending = |outcome| Ending { outcome, confirmed: true, need_rating, need_debug };
        let (outcome, media) = match self.take_phase() {
            Phase::Over => return,
            Phase::Leaving(own, _) => return self.over(ending(own.outcome)),
            phase => Self::read_discard(self.role, &phase, reason),
        };
        self.outputs.push_back(Output::StopMedia(media));
        self.over(ending(outcome));
    }

    /// What a discard by the other side, or by the server, means at this point. Table of libtgvoip.md 1.9.
    fn read_discard(role: Role, phase: &Phase, reason: Option<Reason>) -> (Outcome, HangupReason) {
        match (phase, reason) {
            (Phase::Media { since: Some(_) }, Some(Reason::Disconnect)) => {
                (Outcome::MediaLost, HangupReason::Disconnected)
            }
            (Phase::Media { since: Some(_) }, _) => (Outcome::Completed, HangupReason::Peer),
            (_, Some(Reason::Disconnect)) => (Outcome::ConnectFailed, HangupReason::Disconnected),
            // It was rung here until another device, or nobody, took it.
            (Phase::Ringing | Phase::Preparing | Phase::Answered(_), None) if role == Role::Callee => {
                (Outcome::AnsweredElsewhere, HangupReason::Missed)
            }
            (_, Some(Reason::Missed)) if role == Role::Callee => (Outcome::Cancelled, HangupReason::Missed),
            (Phase::Ringing | Phase::Preparing, _) => (Outcome::AnsweredElsewhere, HangupReason::Missed),
            (Phase::Waiting { ringing: false, .. } | Phase::Requesting(_), Some(Reason::Missed)) => {
                (Outcome::PeerOffline, HangupReason::Missed)
            }
            (_, Some(Reason::Missed)) => (Outcome::NoAnswer, HangupReason::Missed),
            (Phase::Waiting { ringing: false, .. } | Phase::Requesting(_), Some(Reason::Busy)) => {
                (Outcome::Busy, HangupReason::Busy)
            }
            (Phase::Waiting { .. }, _) => (Outcome::Declined, HangupReason::Declined),
            // Picked up, then hung up before anything was heard.
            (_, _) => (Outcome::Cancelled, HangupReason::Peer),
        }
    }

    /// The media is over: by a word of the user, or because it failed.
    pub(super) fn on_media_ended(&mut self, now: Instant, ended: MediaOutcome) {
        let established = matches!(self.phase, Phase::Media { since: Some(_) });
        let picked_up = !matches!(
            self.phase,
            Phase::Committing | Phase::Requesting(_) | Phase::Waiting { .. } | Phase::Ringing
        );
        let (outcome, reason) = match ended {
            MediaOutcome::Completed(_) => (Outcome::Completed, Reason::Hangup),
            MediaOutcome::Cancelled(HangupReason::Disconnected) => {
                (Outcome::ConnectFailed, Reason::Disconnect)
            }
            MediaOutcome::Cancelled(_) if established => (Outcome::Completed, Reason::Hangup),
            MediaOutcome::Cancelled(_) if picked_up => (Outcome::Cancelled, Reason::Hangup),
            MediaOutcome::Cancelled(_) => (Outcome::Cancelled, Reason::Missed),
            MediaOutcome::ConnectFailed => (Outcome::ConnectFailed, Reason::Disconnect),
            MediaOutcome::KeyMismatch => (Outcome::KeyMismatch, Reason::Disconnect),
            MediaOutcome::MediaLost => (Outcome::MediaLost, Reason::Disconnect),
            MediaOutcome::Incompatible => (Outcome::versions_do_not_meet(&self.offer), Reason::Disconnect),
            other => (Outcome::Error(format!("the media failed: {other}")), Reason::Disconnect),
        };
        self.leave(now, outcome, reason, HangupReason::Local);
    }

    pub(super) fn leave_for_error(&mut self, now: Instant, error: &JobError) {
        let outcome = match error {
            JobError::Key(_) => Outcome::KeyMismatch,
            JobError::Lost(text) => Outcome::Error(text.clone()),
            JobError::Server { name, text } => match (name.as_str(), self.role) {
                ("CALL_ALREADY_ACCEPTED", Role::Callee) => Outcome::AnsweredElsewhere,
                ("CALL_ALREADY_DECLINED", _) => Outcome::Cancelled,
                _ => Outcome::of_error(name, text, &self.offer),
            },
        };
        // Another device has the call now: it is not ours to hang up. A refused request made none.
        let nothing_to_tell = outcome == Outcome::AnsweredElsewhere
            || outcome == Outcome::Cancelled
            || (matches!(self.phase, Phase::Requesting(_)) && matches!(error, JobError::Server { .. }));
        if nothing_to_tell {
            self.outputs.push_back(Output::StopMedia(HangupReason::Disconnected));
            return self.over(Ending { confirmed: true, ..Ending::unconfirmed(outcome) });
        }
        self.leave(now, outcome, Reason::Disconnect, HangupReason::Disconnected);
    }
}
