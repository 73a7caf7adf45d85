//! The signalling of one call as a state machine: no clock, no socket, no key arithmetic of its own.
//!
//! The contract: one [`Signalling::handle`], then [`Signalling::poll`] until it answers [`Output::WaitUntil`], then the
//! next. What takes time (a request to the server, a big power) goes out as a [`Job`] and comes back as
//! [`Input::Done`]; every job is answered once. Rules: libtgvoip.md 1.2 (each transition is accepted once, words about
//! other calls are ignored), 1.3 (checks), 1.8 (timers), 1.9 (reasons of a hang-up).

mod job;
mod leave;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Instant;

use offhook_voip::handshake::{Agreed, Callee, Caller, HandshakeError};
use offhook_voip::{Family, HangupReason, Offer, Outcome as MediaOutcome, Role, VersionsDoNotMeet};

use crate::config::Limits;
use crate::wire::{CallName, Ready, Reason, Word};
use crate::{Outcome, Stage};

pub(crate) use job::{Done, Job, JobError};
pub(crate) use leave::Ending;

/// What the outside world tells the signalling of a call.
#[derive(Debug)]
pub(crate) enum Input {
    /// The server said something about a call.
    Word(Word),
    /// A job is done.
    Done(Done),
    /// The user picks up an incoming call.
    Answer,
    /// The user refuses an incoming call, or another call is on the line.
    Refuse,
    /// The media reached the other side.
    Established,
    /// The media is over, whoever ended it.
    MediaEnded(MediaOutcome),
    /// The media could not be started.
    MediaRefused(String),
    /// The media's own signalling does not get through to the server.
    Unheard,
    /// The deadline has passed.
    Tick,
}

/// What the signalling asks of the outside world. Poll until [`Output::WaitUntil`].
#[derive(Debug)]
#[must_use]
pub(crate) enum Output {
    /// Do this, and answer with [`Input::Done`].
    Do(Job),
    /// The call has come further.
    Reached(Stage),
    /// Everything is known: start the media, of this family.
    StartMedia(Box<Agreed>, Box<Ready>, Family),
    /// End the media, if it is not over yet.
    StopMedia(HangupReason),
    /// The call is over. Follows everything else, once.
    Over(Ending),
    /// Nothing to do before this instant, or before an input when there is none. Ends the drain.
    WaitUntil(Option<Instant>),
}

/// Where a call stands, with what that state knows.
#[derive(Debug)]
enum Phase {
    /// Caller: the secret is being drawn.
    Committing,
    /// Caller: the request is under way. The call has no name yet.
    Requesting(Caller),
    /// Caller: the server looks for a device of the callee, then it rings.
    Waiting { secret: Caller, ringing: bool },
    /// Caller: somebody picked up; the key is being computed.
    Agreeing,
    /// Caller: the server is being told.
    Confirming(Agreed),
    /// Callee: it rings here.
    Ringing,
    /// Callee: the user picked up; the secret is being drawn.
    Preparing,
    /// Callee: the answer is under way, or given and the caller's half of the key is awaited.
    Answered(Callee),
    /// Callee: the key is being computed and checked.
    Checking(Box<Ready>),
    /// The media runs; since when both sides hear each other.
    Media { since: Option<Instant> },
    /// This side has ended the call and the server does not know yet.
    Leaving(Ending, Farewell),
    /// Over.
    Over,
}

/// What is still to be told to the server about a call that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Farewell {
    reason: Reason,
    duration: i32,
    connection_id: i64,
    /// Nothing to tell after this instant.
    until: Instant,
}

/// One call's signalling.
#[derive(Debug)]
pub(crate) struct Signalling {
    role: Role,
    limits: Limits,
    /// The versions we told.
    offer: Offer,
    /// What the other side offers, as far as the server tells.
    theirs: Vec<String>,
    g_a_hash: Vec<u8>,
    name: Option<CallName>,
    phase: Phase,
    deadline: Option<Instant>,
    outputs: VecDeque<Output>,
    /// `connection_id` of a hang-up: the relay the media prefers.
    connection_id: i64,
    /// Words that came out of turn, or about something else.
    ignored: u64,
    /// The answer to acceptCall is awaited.
    accepting: bool,
    /// A hang-up by the server that overtook the error which says why.
    held: Option<Word>,
}

impl Signalling {
    /// A call to somebody. Begins by drawing its secret.
    pub(crate) fn dial(limits: Limits, offer: Offer) -> Self {
        let mut this = Self::new(Role::Caller, limits, offer, None, Phase::Committing);
        this.ask(Job::Commit);
        this
    }

    /// A call from somebody, who has committed to `g_a_hash`. Begins by telling that it rings.
    pub(crate) fn ring(
        now: Instant,
        limits: Limits,
        offer: Offer,
        name: CallName,
        g_a_hash: Vec<u8>,
    ) -> Self {
        let mut this = Self::new(Role::Callee, limits, offer, Some(name), Phase::Ringing);
        this.g_a_hash = g_a_hash;
        this.deadline = Some(now + limits.ring);
        this.ask(Job::Received(name));
        this
    }

    /// The versions that the caller offers.
    pub(crate) fn of_caller(self, versions: Vec<String>) -> Self {
        Self { theirs: versions, ..self }
    }

    /// A call from somebody that is refused before it rings.
    pub(crate) fn busy(now: Instant, limits: Limits, name: CallName) -> Self {
        let mut this = Self::new(Role::Callee, limits, Offer::default(), Some(name), Phase::Ringing);
        this.leave(now, Outcome::Busy, Reason::Busy, HangupReason::Busy);
        this
    }

    fn new(role: Role, limits: Limits, offer: Offer, name: Option<CallName>, phase: Phase) -> Self {
        Self {
            role,
            limits,
            offer,
            theirs: Vec::new(),
            g_a_hash: Vec::new(),
            name,
            phase,
            deadline: None,
            outputs: VecDeque::new(),
            connection_id: 0,
            ignored: 0,
            accepting: false,
            held: None,
        }
    }

    pub(crate) fn name(&self) -> Option<CallName> {
        self.name
    }

    /// Words that came out of turn, were repeated, or named another call.
    pub(crate) fn ignored(&self) -> u64 {
        self.ignored
    }

    /// The relay the media prefers now.
    pub(crate) fn set_connection_id(&mut self, id: i64) {
        self.connection_id = id;
    }

    pub(crate) fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Word(word) => self.on_word(now, word),
            Input::Done(done) => self.on_done(now, done),
            Input::Answer => self.on_answer(now),
            Input::Refuse => {
                if matches!(self.phase, Phase::Ringing) {
                    self.leave(now, Outcome::Declined, Reason::Busy, HangupReason::Declined);
                }
            }
            Input::Established => {
                if let Phase::Media { since: since @ None } = &mut self.phase {
                    *since = Some(now);
                    self.deadline = None;
                    self.outputs.push_back(Output::Reached(Stage::Established));
                }
            }
            Input::MediaEnded(outcome) => self.on_media_ended(now, outcome),
            Input::MediaRefused(why) => {
                self.leave(now, Outcome::Error(why), Reason::Disconnect, HangupReason::Disconnected);
            }
            Input::Unheard => self.on_unheard(now),
            Input::Tick => self.on_tick(now),
        }
    }

    pub(crate) fn poll(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or(Output::WaitUntil(self.deadline))
    }

    fn ask(&mut self, job: Job) {
        self.outputs.push_back(Output::Do(job));
    }

    fn reach(&mut self, stage: Stage) {
        self.outputs.push_back(Output::Reached(stage));
    }

    /// Takes the phase out to make the next of it; whoever calls this puts one back.
    fn take_phase(&mut self) -> Phase {
        std::mem::replace(&mut self.phase, Phase::Over)
    }

    fn on_word(&mut self, now: Instant, word: Word) {
        let known = self.name.is_some_and(|name| match word.call() {
            Some(call) => call == name,
            None => word.id() == name.id,
        });
        if !known {
            self.ignored += 1;
            return;
        }
        match word {
            Word::Discarded { reason: Some(Reason::Disconnect), .. } if self.accepting => {
                self.held = Some(word)
            }
            Word::Discarded { reason, need_rating, need_debug, .. } => {
                self.on_discarded(reason, need_rating, need_debug);
            }
            Word::Empty { .. } => self.on_discarded(None, false, false),
            Word::Waiting { ringing: true, .. } => self.on_ringing(now),
            Word::Waiting { ringing: false, .. } => {}
            Word::Accepted { g_b, versions, .. } => self.on_accepted(now, g_b, versions),
            Word::Ready(_, ready) => self.on_ready(now, ready),
            // The dispatcher has already made a call of it.
            Word::Requested(..) => self.ignored += 1,
        }
    }

    fn on_ringing(&mut self, now: Instant) {
        match &mut self.phase {
            Phase::Waiting { ringing: ringing @ false, .. } => {
                *ringing = true;
                self.deadline = Some(now + self.limits.ring);
                self.reach(Stage::Ringing);
            }
            // What the server says to the callee: nothing new.
            _ if self.role == Role::Callee => {}
            _ => self.ignored += 1,
        }
    }

    fn on_accepted(&mut self, now: Instant, g_b: Vec<u8>, versions: Vec<String>) {
        match self.take_phase() {
            phase @ Phase::Waiting { .. } if self.is_hopeless(&versions) => {
                self.phase = phase;
                self.theirs = versions;
                let outcome = Outcome::versions_do_not_meet(&self.offer);
                self.leave(now, outcome, Reason::Disconnect, HangupReason::Disconnected);
            }
            Phase::Waiting { secret, .. } => {
                self.theirs = versions;
                self.phase = Phase::Agreeing;
                self.deadline = Some(now + self.limits.connect);
                self.reach(Stage::Answered);
                self.ask(Job::Agree(Box::new(secret), g_b));
            }
            other => {
                self.phase = other;
                self.ignored += u64::from(self.role == Role::Caller);
            }
        }
    }

    /// Nothing in this list is ours. An empty list says nothing: it may have been left out.
    pub(super) fn is_hopeless(&self, versions: &[String]) -> bool {
        let ours = self.offer.versions();
        !versions.is_empty() && versions.iter().all(|version| !ours.contains(version))
    }

    fn on_answer(&mut self, now: Instant) {
        if matches!(self.phase, Phase::Ringing) {
            self.phase = Phase::Preparing;
            self.deadline = Some(now + self.limits.connect);
            self.reach(Stage::Answered);
            let committed = std::mem::take(&mut self.g_a_hash);
            self.ask(Job::Prepare(committed));
        }
    }

    /// `phoneCall`: for the caller the answer to its confirmation, for the callee the caller's half of the key. May
    /// overtake the answer of the request that caused it.
    fn on_ready(&mut self, now: Instant, ready: Box<Ready>) {
        match self.take_phase() {
            Phase::Confirming(agreed) => self.start_media(now, agreed, ready),
            Phase::Answered(secret) => {
                let job = Job::Check(Box::new(secret), ready.g_a_or_b.clone(), ready.fingerprint);
                self.phase = Phase::Checking(ready);
                self.ask(job);
            }
            other => {
                self.phase = other;
                self.ignored += 1;
            }
        }
    }

    fn start_media(&mut self, now: Instant, agreed: Agreed, ready: Box<Ready>) {
        self.phase = Phase::Media { since: None };
        // The engine has the same limit of its own and tells more about the failure; this one is the net below it.
        self.deadline = Some(now + self.limits.connect * 2);
        let family = match ready.protocol.family(&self.offer) {
            Ok(family) => family,
            Err(VersionsDoNotMeet { ours, theirs }) => {
                let outcome = Outcome::VersionsDoNotMeet { ours, theirs };
                return self.leave(now, outcome, Reason::Disconnect, HangupReason::Disconnected);
            }
        };
        if family == Family::Libtgvoip && ready.endpoints(family).is_empty() {
            // The other family has more ways, and says itself when it has none.
            let (outcome, reason) = (Outcome::ConnectFailed, Reason::Disconnect);
            return self.leave(now, outcome, reason, HangupReason::Disconnected);
        }
        self.connection_id = ready.relays.first().map_or(0, |relay| relay.id);
        self.reach(Stage::Confirmed);
        self.outputs.push_back(Output::StartMedia(Box::new(agreed), ready, family));
    }

    /// Without its signalling a call neither comes about nor heals (tgcalls.md 9.1).
    fn on_unheard(&mut self, now: Instant) {
        let outcome = match self.phase {
            Phase::Media { since: Some(_) } => Outcome::MediaLost,
            Phase::Media { since: None } => Outcome::ConnectFailed,
            _ => return,
        };
        self.leave(now, outcome, Reason::Disconnect, HangupReason::Disconnected);
    }

    fn on_done(&mut self, now: Instant, done: Done) {
        if matches!(done, Done::Accepted(_)) {
            self.accepting = false;
        }
        match (done, self.take_phase()) {
            (Done::Committed(Ok(secret)), Phase::Committing) => {
                self.ask(Job::Request(secret.g_a_hash()));
                self.phase = Phase::Requesting(*secret);
            }
            (Done::Requested(Ok(word)), phase) => self.on_requested(now, word, phase),
            (Done::Agreed(Ok(both)), Phase::Agreeing) => {
                let (agreed, g_a) = *both;
                if let Some(name) = self.name {
                    self.ask(Job::Confirm(name, Box::new(g_a), agreed.fingerprint));
                }
                self.phase = Phase::Confirming(agreed);
            }
            (Done::Prepared(Ok(secret)), Phase::Preparing) => {
                if let Some(name) = self.name {
                    self.ask(Job::Accept(name, Box::new(secret.g_b())));
                    self.accepting = true;
                }
                self.phase = Phase::Answered(*secret);
            }
            (Done::Checked(Ok(agreed)), Phase::Checking(ready)) => self.start_media(now, *agreed, ready),
            // The answer of confirmCall is `phoneCall`; acceptCall's says nothing new, but may be that as well.
            (Done::Confirmed(Ok(word)) | Done::Accepted(Ok(word)), phase) => {
                self.phase = phase;
                self.on_word(now, word);
                if let Some(held) = self.held.take() {
                    self.on_word(now, held);
                }
            }
            (Done::Agreed(Err(error)), Phase::Agreeing) => {
                self.phase = Phase::Agreeing;
                self.leave_for_key(now, error);
            }
            (Done::Checked(Err(error)), Phase::Checking(ready)) => {
                self.phase = Phase::Checking(ready);
                self.leave_for_key(now, error);
            }
            (Done::Prepared(Err(error)), phase @ Phase::Preparing) => {
                self.phase = phase;
                match error {
                    JobError::Key(error) => self.leave_for_key(now, error),
                    other => self.leave_for_error(now, &other),
                }
            }
            (Done::Committed(Err(error)), phase @ Phase::Committing)
            | (Done::Requested(Err(error)), phase @ Phase::Requesting(_))
            | (Done::Accepted(Err(error)), phase @ Phase::Answered(_))
            | (Done::Confirmed(Err(error)), phase @ Phase::Confirming(_)) => {
                self.phase = phase;
                self.leave_for_error(now, &error);
            }
            (Done::Requested(Err(_)), Phase::Leaving(ending, _)) if self.name.is_none() => {
                self.over(Ending { confirmed: true, ..ending });
            }
            (Done::Discarded(result), Phase::Leaving(ending, farewell)) => {
                self.on_said_goodbye(now, result, ending, farewell);
            }
            // A job that was overtaken: the call is elsewhere by now.
            (_, phase) => self.phase = phase,
        }
    }

    /// The server has given the call a name; from now on it can be hung up.
    fn on_requested(&mut self, now: Instant, word: Word, phase: Phase) {
        self.name = self.name.or(word.call());
        match phase {
            Phase::Requesting(secret) => {
                self.phase = Phase::Waiting { secret, ringing: false };
                self.deadline = Some(now + self.limits.receive);
                self.reach(Stage::Requested);
                if self.name.is_none() && !matches!(word, Word::Discarded { .. }) {
                    let why = "the server's answer to the request names no call".to_owned();
                    return self.over(Ending::unconfirmed(Outcome::Error(why)));
                }
                self.on_word(now, word);
            }
            Phase::Leaving(ending, farewell) => self.say_goodbye(now, ending, farewell),
            other => self.phase = other,
        }
    }

    fn leave_for_key(&mut self, now: Instant, _: HandshakeError) {
        self.leave(now, Outcome::KeyMismatch, Reason::Disconnect, HangupReason::Disconnected);
    }

    fn on_tick(&mut self, now: Instant) {
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.take_phase() {
            Phase::Leaving(ending, farewell) if now >= farewell.until => self.over(ending),
            Phase::Leaving(ending, farewell) => self.say_goodbye(now, ending, farewell),
            phase => {
                let (outcome, reason, media) = match &phase {
                    Phase::Waiting { ringing: false, .. } => {
                        (Outcome::PeerOffline, Reason::Missed, HangupReason::Missed)
                    }
                    Phase::Waiting { ringing: true, .. } | Phase::Ringing => {
                        (Outcome::NoAnswer, Reason::Missed, HangupReason::Missed)
                    }
                    _ => (Outcome::ConnectFailed, Reason::Disconnect, HangupReason::Disconnected),
                };
                self.phase = phase;
                self.leave(now, outcome, reason, media);
            }
        }
    }
}
