//! Both ends of a call in virtual time: words are handed over by hand, jobs are done at once with real keys.

use std::sync::OnceLock;
use std::time::Duration;

use offhook_voip::handshake::Group;
use offhook_voip::{Endpoint, PeerTag, Version};

use super::*;
use crate::config::Timers;
use crate::wire::Protocol;

const CALL: CallName = CallName { id: 77, access_hash: 88 };

fn at(seconds: u64) -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now) + Duration::from_secs(seconds)
}

fn random(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut next = seed;
    move |out| {
        for byte in out {
            next = next.wrapping_mul(113).wrapping_add(71);
            *byte = next;
        }
    }
}

fn protocol(version: &str) -> Protocol {
    Protocol { min_layer: 65, max_layer: 92, versions: vec![version.into()] }
}

fn ready(g_a_or_b: &[u8], fingerprint: i64) -> Word {
    let relay = Endpoint::relay(5, "192.0.2.1:599".parse().unwrap(), PeerTag([1; 16]));
    let ready = Ready {
        g_a_or_b: g_a_or_b.to_vec(),
        fingerprint,
        protocol: protocol("2.4.4"),
        relays: vec![relay],
        servers: vec![],
        p2p_allowed: false,
        custom_parameters: None,
    };
    Word::Ready(CALL, Box::new(ready))
}

fn accepted(g_b: &[u8]) -> Word {
    Word::Accepted { call: CALL, g_b: g_b.to_vec(), versions: vec![] }
}

fn waiting(ringing: bool) -> Word {
    Word::Waiting { call: CALL, ringing }
}

fn discarded(reason: Option<Reason>) -> Word {
    Word::Discarded { id: CALL.id, reason, need_rating: false, need_debug: false }
}

fn refused(name: &str) -> JobError {
    JobError::Server { name: name.into(), text: "in words".into() }
}

/// The end of a call whose two sides speak nothing in common.
fn apart(theirs: &[&str]) -> Outcome {
    let theirs = theirs.iter().map(|version| (*version).to_owned()).collect();
    Outcome::VersionsDoNotMeet { ours: Offer::default().versions().to_vec(), theirs }
}

fn cancel() -> Input {
    Input::MediaEnded(MediaOutcome::Cancelled(HangupReason::Local))
}

/// One side: the machine, the jobs it waits for, what it did.
struct Side {
    machine: Signalling,
    jobs: Vec<Job>,
    stages: Vec<Stage>,
    said: Vec<(Reason, i32, i64)>,
    stopped: Vec<HangupReason>,
    emoji: Option<[&'static str; 4]>,
    family: Option<Family>,
    over: Vec<(Outcome, bool)>,
    deadline: Option<Instant>,
}

impl Side {
    fn new(machine: Signalling) -> Self {
        let mut side = Self {
            machine,
            jobs: vec![],
            stages: vec![],
            said: vec![],
            stopped: vec![],
            emoji: None,
            family: None,
            over: vec![],
            deadline: None,
        };
        side.drain();
        side
    }

    fn feed(&mut self, now: Instant, input: Input) -> &mut Self {
        self.machine.handle(now, input);
        self.drain();
        self
    }

    fn word(&mut self, now: Instant, word: Word) -> &mut Self {
        self.feed(now, Input::Word(word))
    }

    fn done(&mut self, now: Instant, done: Done) -> &mut Self {
        self.feed(now, Input::Done(done))
    }

    fn goodbye(&mut self, now: Instant) -> &mut Self {
        self.done(now, Done::Discarded(Ok(())))
    }

    fn tick(&mut self) -> Instant {
        let now = self.deadline.expect("a deadline is set");
        self.feed(now, Input::Tick);
        now
    }

    fn drain(&mut self) {
        loop {
            match self.machine.poll() {
                Output::Do(job) => {
                    if let Job::Discard { reason, duration, connection_id, .. } = job {
                        self.said.push((reason, duration, connection_id));
                    } else {
                        self.jobs.push(job);
                    }
                }
                Output::Reached(stage) => self.stages.push(stage),
                Output::StartMedia(agreed, _, family) => {
                    (self.emoji, self.family) = (Some(agreed.emoji), Some(family));
                }
                Output::StopMedia(reason) => self.stopped.push(reason),
                Output::Over(ending) => self.over.push((ending.outcome, ending.confirmed)),
                Output::WaitUntil(deadline) => {
                    self.deadline = deadline;
                    return;
                }
            }
        }
    }

    /// Does the arithmetic of the last job.
    fn compute(&mut self, now: Instant) -> &mut Self {
        let done = match self.jobs.pop().expect("a job") {
            Job::Commit => Done::Committed(Ok(Box::new(Caller::new(Group::telegram(), random(1))))),
            Job::Agree(secret, g_b) => Done::Agreed(secret.on_accepted(&g_b).map(Box::new)),
            Job::Prepare(hash) => {
                let secret = Callee::new(Group::telegram(), &hash, random(2));
                Done::Prepared(secret.map(Box::new).map_err(JobError::Key))
            }
            Job::Check(secret, g_a, print) => Done::Checked(secret.on_confirmed(&g_a, print).map(Box::new)),
            other => panic!("no arithmetic in {other:?}"),
        };
        self.done(now, done)
    }

    fn ends(&self, outcome: Outcome) {
        assert_eq!(self.over, [(outcome, true)]);
        assert_eq!(self.deadline, None);
    }

    /// Everything but counters.
    fn trace(&self) -> String {
        let Self { jobs, stages, said, stopped, emoji, over, .. } = self;
        format!("{jobs:?} {stages:?} {said:?} {stopped:?} {emoji:?} {over:?}")
    }
}

/// A caller whose request is under way, and its hash.
fn requesting() -> (Side, [u8; 32]) {
    let mut caller = Side::new(Signalling::dial(Timers::defaults(), Offer::default()));
    caller.compute(at(0));
    let Some(Job::Request(hash)) = caller.jobs.pop() else { panic!("a request") };
    (caller, hash)
}

fn dialled(rings: bool) -> (Side, [u8; 32]) {
    let (mut caller, hash) = requesting();
    caller.done(at(0), Done::Requested(Ok(waiting(false))));
    if rings {
        caller.word(at(1), waiting(true));
    }
    (caller, hash)
}

fn rung(hash: &[u8]) -> Side {
    let mut callee =
        Side::new(Signalling::ring(at(1), Timers::defaults(), Offer::default(), CALL, hash.to_vec()));
    assert!(matches!(callee.jobs.pop(), Some(Job::Received(CALL))));
    callee.done(at(1), Done::Received);
    callee
}

/// Both sides up to where the caller confirms: g_a and the fingerprint are on their way.
fn answered() -> (Side, Side, Box<[u8; 256]>, i64) {
    let (mut caller, hash) = dialled(true);
    let mut callee = rung(&hash);
    callee.feed(at(2), Input::Answer).compute(at(2));
    let Some(Job::Accept(CALL, g_b)) = callee.jobs.pop() else { panic!("an answer") };
    caller.word(at(2), accepted(&*g_b)).compute(at(2));
    let Some(Job::Confirm(CALL, g_a, fingerprint)) = caller.jobs.pop() else { panic!("a confirmation") };
    (caller, callee, g_a, fingerprint)
}

fn connected() -> (Side, Side) {
    let (mut caller, mut callee, g_a, fingerprint) = answered();
    callee.done(at(2), Done::Accepted(Ok(waiting(true))));
    caller.done(at(2), Done::Confirmed(Ok(ready(&[9; 256], fingerprint))));
    callee.word(at(2), ready(&*g_a, fingerprint)).compute(at(2));
    caller.feed(at(3), Input::Established);
    callee.feed(at(3), Input::Established);
    (caller, callee)
}

#[test]
fn both_sides_start_their_media_with_the_same_emoji() {
    use Stage::{Answered, Confirmed, Established, Requested, Ringing};
    let (caller, callee) = connected();
    assert!(caller.emoji.is_some());
    assert_eq!(caller.emoji, callee.emoji);
    assert_eq!(caller.stages, [Requested, Ringing, Answered, Confirmed, Established]);
    assert_eq!(callee.stages, [Answered, Confirmed, Established]);
    assert_eq!((caller.machine.ignored(), callee.machine.ignored()), (0, 0));
    assert_eq!((caller.deadline, callee.deadline), (None, None));
}

#[test]
fn a_hang_up_tells_reason_duration_and_relay_and_ends_when_the_server_knows() {
    let (mut caller, mut callee) = connected();
    caller.machine.set_connection_id(42);
    caller.feed(at(13), Input::MediaEnded(MediaOutcome::Completed(HangupReason::Local)));
    assert_eq!((&caller.said[..], &caller.over[..]), (&[(Reason::Hangup, 10, 42)][..], &[][..]));
    caller.goodbye(at(13)).ends(Outcome::Completed);
    callee.word(at(13), discarded(Some(Reason::Hangup))).ends(Outcome::Completed);
    assert_eq!(callee.stopped, [HangupReason::Peer]);
}

#[test]
fn repeated_words_are_taken_once() {
    let (mut caller, _, g_a, fingerprint) = answered();
    let before = caller.trace();
    caller.word(at(2), waiting(false)).word(at(2), waiting(true)).word(at(2), accepted(&[3; 256]));
    assert_eq!((caller.trace(), caller.machine.ignored()), (before, 2));
    let (mut caller, mut callee) = connected();
    for side in [&mut caller, &mut callee] {
        let before = side.trace();
        side.word(at(4), ready(&*g_a, fingerprint));
        assert_eq!((side.trace(), side.machine.ignored()), (before, 1));
    }
}

#[test]
fn words_about_other_calls_change_nothing() {
    let (mut caller, _) = dialled(true);
    let before = caller.trace();
    for call in [CallName { id: 1, ..CALL }, CallName { access_hash: 1, ..CALL }] {
        caller.word(at(2), Word::Accepted { call, g_b: vec![2; 256], versions: vec![] });
        caller.word(at(2), Word::Waiting { call, ringing: true });
    }
    caller.word(at(2), Word::Empty { id: 1 });
    assert_eq!((caller.trace(), caller.machine.ignored()), (before, 5));
}

#[test]
fn each_wait_has_its_limit_and_its_outcome() {
    let (mut caller, _) = dialled(false);
    assert_eq!(caller.deadline, Some(at(20)));
    let now = caller.tick();
    assert_eq!(caller.said, [(Reason::Missed, 0, 0)]);
    caller.goodbye(now).ends(Outcome::PeerOffline);

    let (mut caller, hash) = dialled(true);
    assert_eq!(caller.deadline, Some(at(91)));
    caller.feed(at(90), Input::Tick);
    assert_eq!((caller.said.len(), caller.deadline), (0, Some(at(91))));
    let now = caller.tick();
    caller.word(now, discarded(Some(Reason::Missed))).ends(Outcome::NoAnswer);

    let mut callee = rung(&hash);
    let now = callee.tick();
    callee.goodbye(now).ends(Outcome::NoAnswer);

    let (_, mut callee, ..) = answered();
    assert_eq!(callee.deadline, Some(at(32)));
    let now = callee.tick();
    assert_eq!(callee.said, [(Reason::Disconnect, 0, 0)]);
    callee.goodbye(now).ends(Outcome::ConnectFailed);
}

#[test]
fn a_refusal_means_busy_before_it_rings_and_declined_after() {
    for (rings, reason, outcome) in [
        (false, Some(Reason::Busy), Outcome::Busy),
        (false, Some(Reason::Missed), Outcome::PeerOffline),
        (false, Some(Reason::Disconnect), Outcome::ConnectFailed),
        (true, Some(Reason::Busy), Outcome::Declined),
        (true, Some(Reason::Hangup), Outcome::Declined),
        (true, Some(Reason::Missed), Outcome::NoAnswer),
    ] {
        dialled(rings).0.word(at(3), discarded(reason)).ends(outcome);
    }
}

#[test]
fn a_callee_tells_a_caller_that_gave_up_from_a_device_that_answered() {
    for (reason, outcome) in [
        (Some(Reason::Missed), Outcome::Cancelled),
        (None, Outcome::AnsweredElsewhere),
        (Some(Reason::Disconnect), Outcome::ConnectFailed),
    ] {
        rung(&[7; 32]).word(at(3), discarded(reason)).ends(outcome);
    }
}

#[test]
fn refusing_is_told_as_busy_whether_it_rang_or_not() {
    let mut callee = rung(&[7; 32]);
    callee.feed(at(2), Input::Refuse).goodbye(at(2)).ends(Outcome::Declined);
    assert_eq!(callee.said, [(Reason::Busy, 0, 0)]);
    let mut callee = Side::new(Signalling::busy(at(0), Timers::defaults(), CALL));
    assert!(callee.jobs.is_empty(), "it does not say that it rings");
    callee.goodbye(at(0)).ends(Outcome::Busy);
    assert_eq!(callee.said, [(Reason::Busy, 0, 0)]);
}

#[test]
fn cancelling_works_at_every_point_of_the_way_and_once() {
    let sides = [
        (dialled(false).0, Reason::Missed),
        (dialled(true).0, Reason::Missed),
        (answered().0, Reason::Hangup),
        (answered().1, Reason::Hangup),
    ];
    for (mut side, reason) in sides {
        side.feed(at(5), cancel()).feed(at(5), cancel());
        assert_eq!(side.said, [(reason, 0, 0)]);
        side.goodbye(at(5)).ends(Outcome::Cancelled);
    }
}

#[test]
fn a_call_cancelled_before_the_server_has_named_it_is_discarded_once_it_has() {
    let mut caller = Side::new(Signalling::dial(Timers::defaults(), Offer::default()));
    caller.feed(at(0), cancel()).ends(Outcome::Cancelled);

    let (mut caller, _) = requesting();
    caller.feed(at(0), cancel());
    assert!(caller.said.is_empty() && caller.over.is_empty());
    caller.done(at(1), Done::Requested(Ok(waiting(false))));
    assert_eq!(caller.said, [(Reason::Missed, 0, 0)]);
    caller.goodbye(at(1)).ends(Outcome::Cancelled);

    let (mut caller, _) = requesting();
    let refusal = Done::Requested(Err(refused("USER_PRIVACY_RESTRICTED")));
    caller.feed(at(0), cancel()).done(at(1), refusal).ends(Outcome::Cancelled);
}

#[test]
fn a_hang_up_is_said_again_until_it_gets_through_or_its_time_is_over() {
    let hang_up = || Input::MediaEnded(MediaOutcome::Completed(HangupReason::Local));
    let lost = || Done::Discarded(Err(JobError::Lost("no link".into())));
    let (mut caller, mut callee) = connected();
    caller.feed(at(10), hang_up()).done(at(11), lost());
    assert_eq!(caller.deadline, Some(at(11) + Duration::from_millis(500)));
    caller.tick();
    assert_eq!((caller.said.len(), caller.over.len()), (2, 0));
    caller.goodbye(at(12)).ends(Outcome::Completed);

    callee.feed(at(10), hang_up());
    assert_eq!(callee.deadline, Some(at(15)));
    callee.tick();
    assert_eq!(callee.over, [(Outcome::Completed, false)]);

    let (mut caller, _) = connected();
    let refusal = Done::Discarded(Err(refused("CALL_ALREADY_DECLINED")));
    caller.feed(at(10), hang_up()).done(at(10), refusal).ends(Outcome::Completed);
}

#[test]
fn each_end_of_the_media_has_its_outcome_and_reason_and_the_first_stays() {
    for (media, outcome, reason) in [
        (MediaOutcome::Completed(HangupReason::Done), Outcome::Completed, Reason::Hangup),
        (MediaOutcome::MediaLost, Outcome::MediaLost, Reason::Disconnect),
        (MediaOutcome::KeyMismatch, Outcome::KeyMismatch, Reason::Disconnect),
        (MediaOutcome::ConnectFailed, Outcome::ConnectFailed, Reason::Disconnect),
        (MediaOutcome::Incompatible, apart(&[]), Reason::Disconnect),
    ] {
        let (mut caller, _) = connected();
        caller.feed(at(3), Input::MediaEnded(media)).word(at(3), discarded(Some(Reason::Hangup)));
        assert_eq!(caller.said, [(reason, 0, 5)]);
        caller.ends(outcome);
    }
}

#[test]
fn every_lie_about_the_key_is_a_key_mismatch_and_no_media_starts() {
    for (flip, print) in [(1, 0), (0, 1)] {
        let (_, mut callee, mut g_a, fingerprint) = answered();
        g_a[255] ^= flip;
        callee.word(at(2), ready(&*g_a, fingerprint ^ print)).compute(at(2)).goodbye(at(2));
        callee.ends(Outcome::KeyMismatch);
        assert_eq!((callee.emoji, &callee.said[..]), (None, &[(Reason::Disconnect, 0, 0)][..]));
    }
    for g_b in [vec![], vec![1], vec![0xFF; 256], vec![7; 300]] {
        let (mut caller, _) = dialled(true);
        caller.word(at(2), accepted(&g_b)).compute(at(2)).goodbye(at(2)).ends(Outcome::KeyMismatch);
    }
    let mut callee = rung(&[7; 31]);
    callee.feed(at(2), Input::Answer).compute(at(2)).goodbye(at(2)).ends(Outcome::KeyMismatch);
}

#[test]
fn the_final_protocol_alone_decides_the_family_or_that_there_is_none() {
    for (version, family) in [
        ("13.0.0", Ok(Family::Tgcalls(Version::V13))),
        ("9.0.0", Ok(Family::Tgcalls(Version::V9))),
        ("2.4.4", Ok(Family::Libtgvoip)),
        ("14.0.0", Err(())),
        ("12.0.0", Err(())),
    ] {
        let (mut caller, mut callee, g_a, fingerprint) = answered();
        let ready = |key: &[u8]| {
            let Word::Ready(_, mut it) = ready(key, fingerprint) else { unreachable!() };
            it.protocol = protocol(version);
            Word::Ready(CALL, it)
        };
        caller.done(at(2), Done::Confirmed(Ok(ready(&[9; 256]))));
        callee.word(at(2), ready(&*g_a)).compute(at(2));
        for side in [&mut caller, &mut callee] {
            assert_eq!(side.family, family.ok(), "{version}");
            if family.is_err() {
                assert_eq!((side.emoji, &side.said[..]), (None, &[(Reason::Disconnect, 0, 0)][..]));
                side.goodbye(at(2)).ends(apart(&[version]));
            }
        }
    }
}

#[test]
fn the_first_family_without_a_relay_cannot_connect() {
    let (mut caller, _, _, fingerprint) = answered();
    let Word::Ready(_, mut none) = ready(&[9; 256], fingerprint) else { unreachable!() };
    none.relays.clear();
    caller.done(at(2), Done::Confirmed(Ok(Word::Ready(CALL, none)))).goodbye(at(2));
    caller.ends(Outcome::ConnectFailed);
    assert_eq!(caller.emoji, None);
}

#[test]
fn signalling_that_does_not_get_through_ends_the_media_as_disconnect() {
    let (mut caller, mut callee, g_a, fingerprint) = answered();
    caller.feed(at(2), Input::Unheard);
    assert!(caller.said.is_empty(), "there is no media yet");
    callee.word(at(2), ready(&*g_a, fingerprint)).compute(at(2)).feed(at(3), Input::Unheard);
    assert_eq!(callee.said, [(Reason::Disconnect, 0, 5)]);
    callee.goodbye(at(3)).ends(Outcome::ConnectFailed);

    let (mut caller, _) = connected();
    caller.feed(at(13), Input::Unheard).feed(at(13), Input::Unheard);
    assert_eq!(
        (&caller.said[..], &caller.stopped[..]),
        (&[(Reason::Disconnect, 10, 5)][..], &[HangupReason::Disconnected][..])
    );
    caller.goodbye(at(13)).ends(Outcome::MediaLost);
}

#[test]
fn the_confirmation_may_overtake_the_answer_to_the_answer() {
    let (_, mut callee, g_a, fingerprint) = answered();
    callee.word(at(2), ready(&*g_a, fingerprint)).compute(at(2));
    callee.done(at(3), Done::Accepted(Ok(waiting(true))));
    assert!(callee.emoji.is_some() && callee.over.is_empty());
}

#[test]
fn errors_of_the_server_have_outcomes_of_their_own() {
    for (name, outcome) in [
        ("USER_PRIVACY_RESTRICTED", Outcome::PrivacyRestricted),
        ("PARTICIPANT_VERSION_OUTDATED", apart(&[])),
        ("CALL_OCCUPY_FAILED", Outcome::Error("in words".into())),
    ] {
        requesting().0.done(at(0), Done::Requested(Err(refused(name)))).ends(outcome);
    }
    for (name, outcome) in
        [("CALL_ALREADY_ACCEPTED", Outcome::AnsweredElsewhere), ("CALL_ALREADY_DECLINED", Outcome::Cancelled)]
    {
        let (_, mut callee, ..) = answered();
        callee.done(at(2), Done::Accepted(Err(refused(name)))).ends(outcome);
    }
}

#[test]
fn media_that_cannot_start_ends_the_call_in_words() {
    let (mut caller, _, _, fingerprint) = answered();
    caller.done(at(2), Done::Confirmed(Ok(ready(&[9; 256], fingerprint))));
    caller.feed(at(2), Input::MediaRefused("no IPv6 socket".into())).goodbye(at(2));
    caller.ends(Outcome::Error("no IPv6 socket".into()));
}

#[test]
fn nothing_moves_a_call_that_is_over() {
    let (mut caller, _) = dialled(true);
    caller.word(at(2), discarded(Some(Reason::Busy)));
    let before = caller.trace();
    caller.word(at(3), waiting(true)).word(at(3), discarded(None)).feed(at(3), cancel());
    caller.feed(at(3), Input::Established).feed(at(300), Input::Tick).feed(at(3), Input::Answer);
    assert_eq!(caller.trace(), before);
}

#[test]
fn a_caller_whose_callee_answers_with_versions_we_do_not_speak_leaves_at_once_and_names_both_lists() {
    let (mut caller, _) = dialled(true);
    let versions = vec!["99.0.0".to_owned(), "98.0.0".to_owned()];
    caller.word(at(2), Word::Accepted { call: CALL, g_b: vec![2; 256], versions });
    assert_eq!(caller.said, [(Reason::Disconnect, 0, 0)]);
    caller.goodbye(at(2)).ends(apart(&["99.0.0", "98.0.0"]));
    assert!(caller.jobs.is_empty(), "no key is computed");
}

#[test]
fn a_callee_whose_answer_is_refused_for_its_versions_names_those_of_the_caller() {
    let (_, hash) = dialled(true);
    let offer = Offer::default();
    let ring = Signalling::ring(at(1), Timers::defaults(), offer, CALL, hash.to_vec());
    let mut callee = Side::new(ring.of_caller(vec!["99.0.0".to_owned()]));
    callee.done(at(1), Done::Received);
    callee.feed(at(2), Input::Answer).compute(at(2));
    callee.done(at(2), Done::Accepted(Err(refused("CALL_PROTOCOL_COMPAT_LAYER_INVALID"))));
    callee.goodbye(at(2)).ends(apart(&["99.0.0"]));
}
