use rand::SeedableRng;

use super::restart::MAX_GENERATIONS;
use super::*;
use crate::testing::origin;

const FINGERPRINT: &str =
    "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:FF";

fn ours_local() -> Local {
    let ice = Credentials { ufrag: "ours".into(), pwd: "p".repeat(24) };
    Local { ice, fingerprint: FINGERPRINT.into() }
}

fn session(role: Role, lossy: bool) -> Session {
    let local = ours_local();
    Session::new(role, local, lossy, ChaCha12Rng::from_seed([7; 32]), origin())
}

fn said(session: &mut Session) -> Vec<Message> {
    std::iter::from_fn(|| session.take_message()).collect()
}

fn orders(session: &mut Session) -> Vec<Order> {
    std::iter::from_fn(|| session.take_order()).collect()
}

fn setup(ufrag: &str, setup: Setup) -> InitialSetup {
    let fingerprints = vec![Fingerprint { hash: "sha-256".into(), setup, fingerprint: FINGERPRINT.into() }];
    InitialSetup {
        ufrag: ufrag.into(),
        pwd: "q".repeat(24),
        renomination: false,
        generation: None,
        fingerprints,
    }
}

fn ours(setup: Setup) -> Message {
    let fingerprints = vec![Fingerprint { hash: "sha-256".into(), setup, fingerprint: FINGERPRINT.into() }];
    let Credentials { ufrag, pwd } = ours_local().ice;
    let generation = Some(0);
    Message::InitialSetup(InitialSetup { ufrag, pwd, renomination: false, generation, fingerprints })
}

fn trust(ufrag: &str, client: bool) -> Order {
    let mut fingerprint: [u8; 32] = std::array::from_fn(|i| i as u8);
    fingerprint[31] = 0xFF;
    Order::Trust { ufrag: ufrag.into(), pwd: "q".repeat(24), fingerprint, client }
}

fn channels(exchange_id: u32, contents: Vec<Content>) -> Message {
    Message::NegotiateChannels(NegotiateChannels { exchange_id, contents })
}

fn candidate(n: usize) -> Candidate {
    Candidate { line: format!("candidate:{n}") }
}

fn candidates(list: impl IntoIterator<Item = Candidate>) -> Message {
    Message::Candidates(Candidates { candidates: list.into_iter().collect() })
}

fn tell(session: &mut Session, message: impl Into<Message>) {
    session.handle(message.into(), origin());
}

impl From<InitialSetup> for Message {
    fn from(setup: InitialSetup) -> Self {
        Self::InitialSetup(setup)
    }
}

fn id_of(message: &Message) -> u32 {
    let Message::NegotiateChannels(channels) = message else { panic!("{message:?}") };
    channels.exchange_id
}

/// The offer that a session makes: Opus and RED.
fn offered(session: &Session, id: u32) -> Message {
    let mut content = Content::opus(session.ssrc());
    content.payload_types.push(red());
    content.repairs_itself = true;
    channels(id, vec![content])
}

/// The stream of somebody who does not repair it.
fn hear(ssrc: u32, red: Option<u8>) -> Order {
    Order::Hear(Some(Stream { ssrc, opus: 111, red, again: true }))
}

/// What becomes of `Content::opus` in an answer to somebody who does not repair it.
fn wanted(ssrc: u32) -> Content {
    let mut content = Content::opus(ssrc);
    content.payload_types[0]
        .feedback_types
        .push(FeedbackType { kind: "nack".into(), subtype: String::new() });
    content
}

#[test]
fn a_caller_speaks_first_and_a_callee_answers() {
    let (mut caller, mut callee) = (session(Role::Caller, false), session(Role::Callee, false));
    assert_eq!(said(&mut callee), []);
    let first = said(&mut caller);
    let offer = offered(&caller, id_of(&first[1]));
    assert_eq!(first, [ours(Setup::Actpass), offer.clone()]);

    tell(&mut callee, setup("theirs", Setup::Actpass));
    tell(&mut callee, channels(77, vec![Content::opus(5)]));
    assert_eq!(orders(&mut callee), [trust("theirs", false), hear(5, None)]);
    let answers = said(&mut callee);
    let own = offered(&callee, id_of(&answers[2]));
    assert_eq!(answers, [ours(Setup::Passive), channels(77, vec![wanted(5)]), own]);

    tell(&mut caller, offer);
    tell(&mut caller, setup("theirs", Setup::Passive));
    let stream = Stream { ssrc: caller.ssrc(), opus: 111, red: None, again: false };
    assert_eq!(orders(&mut caller), [Order::Speak(Some(stream)), trust("theirs", true)]);
    assert_eq!(said(&mut caller), []);
    tell(&mut caller, channels(78, vec![Content::opus(6)]));
    assert_eq!(said(&mut caller), [channels(78, vec![wanted(6)])]);
    assert_eq!(orders(&mut caller), [hear(6, None)]);
}

/// ntgcalls 3.0.5 answers with RED among its payload types and drops every packet of it.
#[test]
fn red_is_sent_only_to_those_who_say_that_they_play_it() {
    let offer = said(&mut session(Role::Caller, false)).remove(1);
    let local = ours_local();
    let random = ChaCha12Rng::from_seed([8; 32]);
    let mut callee = Session::new(Role::Callee, local, false, random, origin());
    tell(&mut callee, setup("theirs", Setup::Actpass));
    tell(&mut callee, offer.clone());
    let ours = said(&mut callee).remove(1);
    assert_eq!(id_of(&ours), id_of(&offer));
    for (answer, red) in [(offer, None), (ours, Some(63))] {
        let mut caller = session(Role::Caller, false);
        said(&mut caller);
        let text = answer.to_json();
        tell(&mut caller, Message::from_json(text.as_bytes()).unwrap());
        let stream = Stream { ssrc: caller.ssrc(), opus: 111, red, again: false };
        assert_eq!(orders(&mut caller), [Order::Speak(Some(stream))], "{text}");
    }
}

#[test]
fn what_repairs_itself_is_not_asked_for_again() {
    let offer = said(&mut session(Role::Caller, false)).remove(1);
    let Message::NegotiateChannels(NegotiateChannels { exchange_id, mut contents }) = offer.clone() else {
        panic!("{offer:?}")
    };
    contents[0].ssrc = 7;
    for itself in [true, false] {
        contents[0].repairs_itself = itself;
        let text = channels(exchange_id, contents.clone()).to_json();
        let mut callee = session(Role::Callee, false);
        tell(&mut callee, setup("theirs", Setup::Actpass));
        tell(&mut callee, Message::from_json(text.as_bytes()).unwrap());
        let answers = said(&mut callee);
        assert_eq!(answers[1].to_json().contains("nack"), !itself, "{answers:?}");
        let heard = orders(&mut callee).remove(1);
        assert_eq!(heard, Order::Hear(Some(Stream { ssrc: 7, opus: 111, red: Some(63), again: !itself })));
    }
}

#[test]
fn the_setup_word_decides_who_is_the_dtls_client() {
    for (word, caller_is_client, callee_is_client, answer) in [
        (Setup::Actpass, true, false, Setup::Passive),
        (Setup::Active, false, false, Setup::Passive),
        (Setup::Passive, true, true, Setup::Active),
    ] {
        let (mut caller, mut callee) = (session(Role::Caller, false), session(Role::Callee, false));
        tell(&mut caller, setup("theirs", word));
        tell(&mut callee, setup("theirs", word));
        assert_eq!(orders(&mut caller), [trust("theirs", caller_is_client)], "{word:?}");
        assert_eq!(orders(&mut callee), [trust("theirs", callee_is_client)], "{word:?}");
        assert_eq!(said(&mut callee), [ours(answer)], "{word:?}");
    }
}

#[test]
fn a_setup_that_comes_again_is_ignored_by_a_caller_and_answered_by_a_callee() {
    let mut caller = session(Role::Caller, false);
    said(&mut caller);
    let mut callee = session(Role::Callee, false);
    for n in 0..3 {
        tell(&mut caller, setup("theirs", Setup::Passive));
        tell(&mut callee, setup("theirs", Setup::Actpass));
        assert_eq!(said(&mut caller), []);
        assert_eq!(said(&mut callee), [ours(Setup::Passive)]);
        let expected = if n == 0 {
            (vec![trust("theirs", true)], vec![trust("theirs", false)])
        } else {
            (vec![], vec![])
        };
        assert_eq!((orders(&mut caller), orders(&mut callee)), expected);
    }
    assert_eq!((caller.stats().ignored, callee.stats().ignored), (2, 2));
}

#[test]
fn new_credentials_replace_the_old_ones_and_the_old_ones_do_not_come_back() {
    let mut caller = session(Role::Caller, false);
    for name in ["one", "two", "one", "two"] {
        tell(&mut caller, setup(name, Setup::Passive));
    }
    assert_eq!(orders(&mut caller), [trust("one", true), trust("two", true)]);
}

#[test]
fn candidates_before_the_setup_are_kept_and_all_are_bounded() {
    let mut callee = session(Role::Callee, false);
    tell(&mut callee, candidates((0..40).map(candidate)));
    assert_eq!(orders(&mut callee), []);
    tell(&mut callee, setup("theirs", Setup::Actpass));
    let tries = |range: std::ops::Range<usize>| range.map(|n| Order::Try(candidate(n).line));
    let expected: Vec<_> = [trust("theirs", false)].into_iter().chain(tries(0..40)).collect();
    assert_eq!(orders(&mut callee), expected);
    tell(&mut callee, candidates((40..100).map(candidate)));
    assert_eq!(orders(&mut callee), tries(40..64).collect::<Vec<_>>());
    assert_eq!(callee.stats().dropped_candidates, 36);
}

#[test]
fn pictures_other_codecs_and_foreign_extension_numbers_are_answered_away_while_sound_goes_on() {
    let mut callee = session(Role::Callee, false);
    let mut video = Content::opus(9);
    video.kind = MediaKind::Video;
    video.payload_types[0].name = "VP8".into();
    let screen = Content { kind: MediaKind::Other("screen".into()), ..video.clone() };
    let mut audio = Content::opus(5);
    let g722 = PayloadType { id: 9, name: "G722".into(), clockrate: 8000, ..PayloadType::opus() };
    let telephone = PayloadType { id: 110, name: "telephone-event".into(), ..PayloadType::opus() };
    audio.payload_types.splice(0..0, [g722.clone()]);
    audio.payload_types.extend([telephone, red()]);
    audio.payload_types[1]
        .feedback_types
        .push(FeedbackType { kind: "goog-remb".into(), subtype: String::new() });
    audio.rtp_extensions.push(RtpExtension { id: 13, uri: "urn:3gpp:video-orientation".into() });
    audio.rtp_extensions[0].id = 4;
    tell(&mut callee, channels(1, vec![video.clone(), audio, screen]));

    let mut kept = wanted(5);
    kept.payload_types.push(red());
    kept.plays_red = true;
    kept.rtp_extensions.remove(0);
    let answers = said(&mut callee);
    assert_eq!(answers[0], channels(1, vec![kept]));
    assert_eq!(orders(&mut callee), [hear(5, Some(63))]);

    // Later: the camera only, then sound without Opus.
    let mut deaf = Content::opus(5);
    deaf.payload_types = vec![g722];
    for (id, content) in [(2, video), (3, deaf)] {
        callee.pending = None;
        tell(&mut callee, channels(id, vec![content]));
        assert_eq!(said(&mut callee), [channels(id, vec![])]);
        assert_eq!(orders(&mut callee), [Order::Hear(None)]);
    }
}

#[test]
fn an_offer_that_comes_again_is_answered_again_but_not_for_ever() {
    let mut callee = session(Role::Callee, false);
    let answer = channels(1, vec![wanted(5)]);
    let mut answers = 0;
    for n in 0..20 {
        tell(&mut callee, channels(1, vec![Content::opus(5)]));
        let said = said(&mut callee);
        answers += said.iter().filter(|message| **message == answer).count();
        assert_eq!(said.len(), if n == 0 { 2 } else { usize::from(n < 5) }, "one offer of its own, once");
    }
    assert_eq!((answers, callee.stats().ignored), (5, 15));
}

#[test]
fn an_answer_that_comes_again_and_an_echo_of_our_stream_are_no_offers() {
    let mut caller = session(Role::Caller, false);
    let first = said(&mut caller);
    tell(&mut caller, first[1].clone());
    assert_eq!(orders(&mut caller).len(), 1);
    tell(&mut caller, first[1].clone());
    let echo = channels(1, vec![Content::opus(caller.ssrc())]);
    tell(&mut caller, echo);
    assert_eq!((said(&mut caller), orders(&mut caller)), (vec![], vec![]));
    assert_eq!(caller.stats().ignored, 2);
}

#[test]
fn when_offers_cross_the_caller_waits_and_the_callee_forgets_its_own() {
    let mut caller = session(Role::Caller, false);
    let offer = said(&mut caller).remove(1);
    tell(&mut caller, channels(50, vec![Content::opus(6)]));
    assert_eq!((said(&mut caller), orders(&mut caller)), (vec![], vec![]));
    tell(&mut caller, offer);
    tell(&mut caller, channels(51, vec![Content::opus(6)]));
    assert_eq!(said(&mut caller), [channels(51, vec![wanted(6)])]);

    let mut callee = session(Role::Callee, false);
    let now = origin();
    callee.handle(setup("theirs", Setup::Actpass).into(), now);
    callee.tick(now + PATIENCE - Duration::from_millis(1));
    assert_eq!(said(&mut callee).len(), 1, "only the setup yet");
    callee.tick(now + PATIENCE);
    let own = said(&mut callee).remove(0);
    orders(&mut callee);
    tell(&mut callee, channels(60, vec![Content::opus(6)]));
    let crossed = said(&mut callee);
    assert_eq!(crossed[0], channels(60, vec![wanted(6)]));
    assert_ne!(id_of(&crossed[1]), id_of(&own));
    assert_eq!(crossed.len(), 2);
    tell(&mut callee, own);
    assert_eq!(orders(&mut callee), [hear(6, None)], "the forgotten offer's answer means nothing");
    tell(&mut callee, crossed[1].clone());
    let stream = Stream { ssrc: callee.ssrc(), opus: 111, red: None, again: false };
    assert_eq!(orders(&mut callee), [Order::Speak(Some(stream))]);
}

#[test]
fn an_answer_without_our_stream_or_without_opus_means_that_nobody_listens() {
    for contents in [0, 1] {
        let mut caller = session(Role::Caller, false);
        let id = id_of(&said(&mut caller)[1]);
        let mut content = Content::opus(caller.ssrc());
        content.payload_types.clear();
        tell(&mut caller, channels(id, vec![content; contents]));
        assert_eq!(orders(&mut caller), [Order::Speak(None)]);
    }
}

#[test]
fn only_the_lossy_version_says_things_again() {
    for lossy in [false, true] {
        let mut caller = session(Role::Caller, lossy);
        let mut first = said(&mut caller);
        caller.add_candidate("candidate:1".into());
        first.extend(said(&mut caller));
        let mut now = caller.deadline().unwrap();
        caller.tick(now);
        assert_eq!(said(&mut caller), if lossy { first.clone() } else { vec![] });
        tell(&mut caller, setup("theirs", Setup::Passive));
        now += PATIENCE;
        caller.tick(now);
        assert_eq!(said(&mut caller), if lossy { first[1..].to_vec() } else { vec![] });
        tell(&mut caller, first[1].clone());
        now += PATIENCE;
        caller.tick(now);
        assert_eq!((said(&mut caller), caller.deadline()), (vec![], None));
    }
}

#[test]
fn a_fingerprint_that_cannot_be_checked_ends_the_call() {
    let mut bad = setup("theirs", Setup::Passive);
    let (hash, digits) = (&mut bad.fingerprints[0].hash.clone(), FINGERPRINT);
    let cases = [
        ("sha-1", digits.to_owned()),
        (hash.as_str(), digits[3..].to_owned()),
        (hash.as_str(), format!("{digits}:00")),
        (hash.as_str(), digits.replace("00", "+0")),
        (hash.as_str(), String::new()),
    ];
    for (hash, fingerprint) in cases {
        let mut caller = session(Role::Caller, false);
        (bad.fingerprints[0].hash, bad.fingerprints[0].fingerprint) = (hash.to_owned(), fingerprint);
        tell(&mut caller, bad.clone());
        assert_eq!(orders(&mut caller), [Order::Fail(FailReason::Fingerprint)]);
    }
}

#[test]
fn what_waits_for_the_signalling_is_bounded() {
    let mut caller = session(Role::Caller, false);
    for n in 0..100 {
        caller.add_candidate(candidate(n).line);
    }
    let said = said(&mut caller);
    assert_eq!((said.len(), caller.stats().dropped_messages), (MAX_OUT, 38));
    assert_eq!(said[MAX_OUT - 1], candidates([candidate(MAX_OUT - 3)]), "the setup and the offer stay");
}

#[test]
fn a_state_is_passed_on_and_can_be_said() {
    let mut caller = session(Role::Caller, false);
    said(&mut caller);
    let muted = MediaState { muted: true, ..MediaState::default() };
    tell(&mut caller, Message::MediaState(muted));
    assert_eq!(orders(&mut caller), [Order::State(muted)]);
    caller.send_state(muted);
    assert_eq!(said(&mut caller), [Message::MediaState(muted)]);
}

fn of_generation(mut setup: InitialSetup, ufrag: &str, generation: u32) -> InitialSetup {
    (setup.ufrag, setup.generation) = (ufrag.into(), Some(generation));
    setup
}

/// Setups that were said: name and generation.
fn setups_said(session: &mut Session) -> Vec<(String, Option<u32>)> {
    let said = said(session).into_iter().filter_map(|message| match message {
        Message::InitialSetup(setup) => Some((setup.ufrag, setup.generation)),
        _ => None,
    });
    said.collect()
}

/// Own name, theirs, and whether at once.
fn renewed(session: &mut Session) -> Vec<(String, String, bool)> {
    let renewed = orders(session).into_iter().filter_map(|order| match order {
        Order::Renew { own, theirs, at_once, .. } => Some((own.ufrag, theirs.ufrag, at_once)),
        _ => None,
    });
    renewed.collect()
}

/// A session that knows its peer, and what the peer said.
fn acquainted(role: Role, lossy: bool, generation: Option<u32>) -> (Session, InitialSetup) {
    let mut session = session(role, lossy);
    let theirs =
        InitialSetup { generation, ..setup("theirs", [Setup::Passive, Setup::Actpass][role as usize]) };
    tell(&mut session, theirs.clone());
    said(&mut session);
    orders(&mut session);
    (session, theirs)
}

#[test]
fn a_restart_is_answered_once_with_credentials_of_its_own_and_changes_both_sides() {
    for role in [Role::Caller, Role::Callee] {
        let (mut asked, theirs) = acquainted(role, false, Some(0));
        let restart = of_generation(theirs.clone(), "new", 1);
        tell(&mut asked, restart.clone());
        let answer = setups_said(&mut asked);
        assert!(answer.len() == 1 && answer[0].1 == Some(1) && answer[0].0 != "ours", "{answer:?}");
        assert_eq!(renewed(&mut asked), [(answer[0].0.clone(), "new".into(), false)]);
        // Again, one of before, and another of the same generation.
        for repeat in [restart.clone(), theirs.clone(), of_generation(theirs, "other", 1)] {
            tell(&mut asked, repeat);
        }
        assert_eq!((setups_said(&mut asked), renewed(&mut asked)), (vec![], vec![]));
        assert_eq!(asked.stats().ignored, 3);
    }
}

#[test]
fn who_begins_a_restart_changes_with_the_answer_and_two_that_cross_are_one() {
    let (mut asks, theirs) = acquainted(Role::Caller, false, Some(0));
    assert!(asks.restart(origin()) && asks.restart(origin()));
    let told = setups_said(&mut asks);
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], told[1], "it is one restart until it is answered");
    assert_eq!(renewed(&mut asks), []);
    tell(&mut asks, of_generation(theirs.clone(), "new", 1));
    assert_eq!(renewed(&mut asks), [(told[0].0.clone(), "new".into(), true)]);
    assert_eq!(setups_said(&mut asks), [], "what the peer needs it has");
    // The peer's next one overtakes its answer to ours.
    assert!(asks.restart(origin()));
    assert_eq!(setups_said(&mut asks)[0].1, Some(2));
    tell(&mut asks, of_generation(theirs.clone(), "third", 3));
    let answer = setups_said(&mut asks);
    assert_eq!(answer[0].1, Some(3));
    assert_eq!(renewed(&mut asks), [(answer[0].0.clone(), "third".into(), false)]);
    tell(&mut asks, of_generation(theirs, "second", 2));
    assert_eq!(renewed(&mut asks), []);
}

#[test]
fn peers_without_generations_are_offered_no_restart_and_there_are_not_too_many() {
    let (mut session, theirs) = acquainted(Role::Callee, false, None);
    assert!(!session.restart(origin()));
    // Their new credentials are taken, and answered with ours as they are.
    tell(&mut session, InitialSetup { ufrag: "new".into(), ..theirs });
    assert_eq!(orders(&mut session), [trust("new", false)]);
    assert_eq!(said(&mut session), [ours(Setup::Passive)]);

    let (mut session, theirs) = acquainted(Role::Callee, false, Some(0));
    tell(&mut session, of_generation(theirs.clone(), "far", MAX_GENERATIONS + 1));
    tell(&mut session, of_generation(theirs.clone(), "farther", u32::MAX));
    assert_eq!(renewed(&mut session), []);
    tell(&mut session, of_generation(theirs, "last", MAX_GENERATIONS));
    assert_eq!(renewed(&mut session).len(), 1);
    assert!(!session.restart(origin()));
}

#[test]
fn the_lossy_version_repeats_a_restart_and_its_answer_but_not_for_ever() {
    let (mut asks, theirs) = acquainted(Role::Caller, true, Some(0));
    let offered = asks.offered[0];
    tell(&mut asks, channels(offered, vec![]));
    asks.tick(origin() + PATIENCE);
    said(&mut asks);
    assert!(asks.restart(origin()));
    for n in 0..20 {
        asks.tick(origin() + PATIENCE * n);
    }
    assert_eq!(setups_said(&mut asks).len(), usize::from(MAX_ANSWERS));

    let (mut asked, _) = acquainted(Role::Caller, true, Some(0));
    for _ in 0..20 {
        tell(&mut asked, of_generation(theirs.clone(), "new", 1));
    }
    assert_eq!(setups_said(&mut asked).len(), 1 + usize::from(MAX_ANSWERS));
    assert_eq!(renewed(&mut asked).len(), 1);
}

#[test]
fn a_restart_makes_room_for_candidates() {
    let (mut session, theirs) = acquainted(Role::Callee, false, Some(0));
    tell(&mut session, candidates((0..100).map(candidate)));
    assert_eq!(orders(&mut session).len(), MAX_CANDIDATES);
    tell(&mut session, of_generation(theirs, "new", 1));
    orders(&mut session);
    tell(&mut session, candidates((0..10).map(candidate)));
    assert_eq!(orders(&mut session).len(), 10);
}
