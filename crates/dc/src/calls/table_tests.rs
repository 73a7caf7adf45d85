use super::*;

const ALICE: UserId = UserId(1);
const BOB: UserId = UserId(2);
const PHONE: Device = Device(10);
const BOB_PHONE: Device = Device(20);
const BOB_TABLET: Device = Device(21);
const CALLER: (i64, i64) = (77, 100);
const CALLEE: (i64, i64) = (77, 200);
const SECOND: Duration = Duration::from_secs(1);
const TIMERS: Timers = Timers {
    receive: Duration::from_secs(20),
    ring: Duration::from_secs(90),
    connect: Duration::from_secs(30),
    longest: Duration::from_secs(3600),
};

fn protocol() -> Protocol {
    Protocol {
        udp_p2p: true,
        udp_reflector: true,
        min_layer: 65,
        max_layer: 92,
        versions: vec!["2.4.4".into()],
    }
}

fn new_call() -> NewCall {
    NewCall {
        id: 77,
        hashes: [100, 200],
        users: [ALICE, BOB],
        device: PHONE,
        random_id: 5,
        date: 1_000,
        video: false,
        g_a_hash: vec![1; 32],
        protocol: protocol(),
    }
}

/// How far a test call is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Contacting,
    Ringing,
    Accepted,
    Running,
}

fn call_at(stage: Stage) -> (Calls, Instant) {
    let now = Instant::now();
    let mut calls = Calls::new(TIMERS, 2);
    calls.request(now, new_call()).unwrap();
    if stage != Stage::Contacting {
        calls.received(now, 1_001, CALLEE, BOB).unwrap();
    }
    if matches!(stage, Stage::Accepted | Stage::Running) {
        calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; 256], &protocol()).unwrap();
    }
    if stage == Stage::Running {
        confirm(&mut calls, now).unwrap();
    }
    (calls, now)
}

fn confirm(calls: &mut Calls, now: Instant) -> Result<Moved, CallError> {
    calls.confirm((now, 1_002), CALLER, (ALICE, PHONE), (vec![3; 256], 4), &protocol(), |_| {
        Allotment::default()
    })
}

fn notice(role: Role, audience: Audience, show: Show) -> Notice {
    Notice { role, audience, show }
}

#[test]
fn a_call_is_shown_to_everybody_it_concerns_at_each_step() {
    let now = Instant::now();
    let mut calls = Calls::new(TIMERS, 2);
    let (id, moved) = calls.request(now, new_call()).unwrap();
    assert_eq!(moved.notices, [notice(Role::Callee, Audience::All, Show::Call)]);
    let moved = calls.received(now, 1_001, CALLEE, BOB).unwrap();
    assert_eq!(moved.notices, [notice(Role::Caller, Audience::One(PHONE), Show::Call)]);
    assert_eq!(calls.find(id).unwrap().phase, Phase::Ringing { date: 1_001 });
    let moved = calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; 256], &protocol()).unwrap();
    assert_eq!(
        moved.notices,
        [
            notice(Role::Caller, Audience::One(PHONE), Show::Call),
            notice(Role::Callee, Audience::AllBut(BOB_PHONE), Show::Gone),
        ]
    );
    let moved = confirm(&mut calls, now).unwrap();
    assert_eq!(moved.notices, [notice(Role::Callee, Audience::One(BOB_PHONE), Show::Call)]);
    let moved = calls
        .discard(now + 7 * SECOND, CALLEE, (BOB, BOB_PHONE), Discard { reason: EndReason::Hangup })
        .unwrap()
        .unwrap();
    assert_eq!(
        moved,
        Moved {
            notices: vec![notice(Role::Caller, Audience::One(PHONE), Show::Call)],
            ended: true,
            refused: None
        }
    );
    assert_eq!(
        calls.find(id).unwrap().phase,
        Phase::Ended { reason: Some(EndReason::Hangup), duration: Some(7) }
    );
    assert_eq!(calls.len(), 0);
}

#[test]
fn whoever_hangs_up_when_everybody_else_concerned_hears_of_it() {
    use Stage::{Accepted, Contacting, Ringing, Running};
    let to_caller = notice(Role::Caller, Audience::One(PHONE), Show::Call);
    let to_callee = |audience| notice(Role::Callee, audience, Show::Call);
    let all = to_callee(Audience::All);
    let answerer = to_callee(Audience::One(BOB_PHONE));
    let others = to_callee(Audience::AllBut(BOB_PHONE));
    let caller = (CALLER, (ALICE, PHONE));
    let callee = (CALLEE, (BOB, BOB_PHONE));
    let tablet = (CALLEE, (BOB, BOB_TABLET));
    let table = [
        (Contacting, caller, EndReason::Missed, Ok((vec![all], None))),
        (Ringing, caller, EndReason::Missed, Ok((vec![all], None))),
        (Accepted, caller, EndReason::Hangup, Ok((vec![answerer], None))),
        (Running, caller, EndReason::Hangup, Ok((vec![answerer], Some(0)))),
        (Running, caller, EndReason::Disconnect, Ok((vec![answerer], Some(0)))),
        (Contacting, callee, EndReason::Busy, Ok((vec![to_caller, others], None))),
        (Ringing, callee, EndReason::Busy, Ok((vec![to_caller, others], None))),
        (Ringing, callee, EndReason::Hangup, Ok((vec![to_caller, others], None))),
        (Accepted, callee, EndReason::Disconnect, Ok((vec![to_caller], None))),
        (Running, callee, EndReason::Hangup, Ok((vec![to_caller], Some(0)))),
        (Accepted, tablet, EndReason::Busy, Err(CallError::AlreadyAccepted)),
        (Running, tablet, EndReason::Busy, Err(CallError::AlreadyAccepted)),
        (Running, (CALLER, (ALICE, Device(11))), EndReason::Hangup, Err(CallError::Peer)),
        (Running, (CALLER, (BOB, BOB_PHONE)), EndReason::Hangup, Err(CallError::Peer)),
        (Running, ((77, 999), (ALICE, PHONE)), EndReason::Hangup, Err(CallError::Peer)),
        (Running, ((78, 100), (ALICE, PHONE)), EndReason::Hangup, Err(CallError::Peer)),
    ];
    for (stage, (peer, who), reason, expected) in table {
        let (mut calls, now) = call_at(stage);
        let discarded = calls.discard(now, peer, who, Discard { reason });
        let case = format!("{stage:?} {who:?} {reason:?}");
        match expected {
            Ok((notices, duration)) => {
                assert_eq!(discarded, Ok(Some(Moved { notices, ended: true, refused: None })), "{case}");
                let phase = Phase::Ended { reason: Some(reason), duration };
                assert_eq!(calls.find(77).unwrap().phase, phase, "{case}");
                let again = calls.discard(now, peer, who, Discard { reason: EndReason::Disconnect });
                assert_eq!(again, Ok(None), "{case}: the first reason stays");
                assert_eq!(calls.find(77).unwrap().phase, phase, "{case}");
            }
            Err(error) => {
                assert_eq!(discarded, Err(error), "{case}");
                assert_eq!(calls.len(), 1, "{case}");
            }
        }
    }
}

#[test]
fn a_call_that_nobody_moves_ends_at_its_time_and_not_before() {
    let table = [
        (Stage::Contacting, TIMERS.receive, EndReason::Missed, None),
        (Stage::Ringing, TIMERS.ring, EndReason::Missed, None),
        (Stage::Accepted, TIMERS.connect, EndReason::Disconnect, None),
        (Stage::Running, TIMERS.longest, EndReason::Disconnect, Some(3600)),
    ];
    for (stage, after, reason, duration) in table {
        let (mut calls, now) = call_at(stage);
        assert_eq!(calls.next_deadline(), Some(now + after), "{stage:?}");
        assert_eq!(calls.expire(now + after - SECOND), [], "{stage:?}");
        let expired = calls.expire(now + after);
        assert_eq!(expired.len(), 1, "{stage:?}");
        assert!(expired[0].0 == 77 && expired[0].1.ended && expired[0].1.notices.len() == 2, "{stage:?}");
        assert_eq!(
            calls.find(77).unwrap().phase,
            Phase::Ended { reason: Some(reason), duration },
            "{stage:?}"
        );
        assert_eq!(calls.next_deadline(), None, "{stage:?}");
        assert_eq!(calls.expire(now + 2 * after), [], "{stage:?}");
    }
}

#[test]
fn each_step_is_taken_once_and_a_repeated_request_changes_nothing() {
    let (mut calls, now) = call_at(Stage::Contacting);
    assert_eq!(calls.request(now, new_call()), Ok((77, Moved::default())));
    assert!(calls.received(now, 1_001, CALLEE, BOB).is_ok());
    assert_eq!(calls.received(now, 1_009, CALLEE, BOB), Ok(Moved::default()));
    assert_eq!(calls.find(77).unwrap().phase, Phase::Ringing { date: 1_001 });
    let accept = |calls: &mut Calls, device, byte| {
        calls.accept(now, CALLEE, (BOB, device), vec![byte; 256], &protocol())
    };
    assert!(accept(&mut calls, BOB_PHONE, 2).is_ok());
    assert_eq!(accept(&mut calls, BOB_PHONE, 2), Ok(Moved::default()));
    assert_eq!(accept(&mut calls, BOB_PHONE, 3), Err(CallError::AlreadyAccepted));
    assert_eq!(accept(&mut calls, BOB_TABLET, 2), Err(CallError::AlreadyAccepted));
    assert!(confirm(&mut calls, now).is_ok());
    assert_eq!(confirm(&mut calls, now), Ok(Moved::default()));
    let other = calls.confirm((now, 1_003), CALLER, (ALICE, PHONE), (vec![9; 256], 4), &protocol(), |_| {
        Allotment::default()
    });
    assert_eq!(other, Err(CallError::AlreadyAccepted));
}

#[test]
fn steps_out_of_order_or_by_the_wrong_side_are_refused() {
    let (mut calls, now) = call_at(Stage::Contacting);
    assert_eq!(calls.received(now, 1_001, CALLER, ALICE), Err(CallError::Peer));
    assert_eq!(calls.received(now, 1_001, CALLER, BOB), Err(CallError::Peer), "the caller's hash");
    assert_eq!(confirm(&mut calls, now), Err(CallError::Peer), "nobody answered yet");
    assert_eq!(
        calls.accept(now, CALLER, (ALICE, PHONE), vec![2; 256], &protocol()),
        Err(CallError::Peer),
        "one does not answer one's own call"
    );
    calls.discard(now, CALLER, (ALICE, PHONE), Discard { reason: EndReason::Missed }).unwrap();
    assert_eq!(calls.received(now, 1_001, CALLEE, BOB), Err(CallError::AlreadyDeclined));
    let late = calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; 256], &protocol());
    assert_eq!(late, Err(CallError::AlreadyDeclined));
    assert_eq!(confirm(&mut calls, now), Err(CallError::AlreadyDeclined));
}

#[test]
fn keys_and_hashes_of_the_wrong_size_are_refused() {
    let now = Instant::now();
    let mut calls = Calls::new(TIMERS, 2);
    for len in [0, 31, 33, 256] {
        let asked = calls.request(now, NewCall { g_a_hash: vec![1; len], ..new_call() });
        assert_eq!(asked, Err(CallError::Key), "{len} bytes");
    }
    let (mut calls, now) = call_at(Stage::Ringing);
    for len in [0, 257] {
        let answered = calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; len], &protocol());
        assert_eq!(answered, Err(CallError::Key), "{len} bytes");
    }
    let (mut calls, now) = call_at(Stage::Accepted);
    for len in [0, 257] {
        let keys = (vec![3; len], 4);
        let confirmed =
            calls.confirm((now, 1), CALLER, (ALICE, PHONE), keys, &protocol(), |_| Allotment::default());
        assert_eq!(confirmed, Err(CallError::Key), "{len} bytes");
    }
}

#[test]
fn the_agreed_protocol_is_what_both_sides_are_told() {
    let (mut calls, now) = call_at(Stage::Ringing);
    let older = Protocol { max_layer: 74, ..protocol() };
    calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; 256], &older).unwrap();
    confirm(&mut calls, now).unwrap();
    let Phase::Running { answer, .. } = &calls.find(77).unwrap().phase else { panic!("confirmed") };
    assert_eq!((answer.protocol.min_layer, answer.protocol.max_layer), (65, 74));
}

#[test]
fn a_call_whose_sides_have_nothing_in_common_ends_for_everybody() {
    let modern = Protocol { versions: vec!["13.0.0".into()], ..protocol() };
    let relayed_only = Protocol { udp_p2p: false, ..protocol() };
    let caller = notice(Role::Caller, Audience::One(PHONE), Show::Call);
    let callee = |audience| notice(Role::Callee, audience, Show::Call);
    let ended = Phase::Ended { reason: Some(EndReason::Disconnect), duration: None };

    let (mut calls, now) = call_at(Stage::Ringing);
    let moved = calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; 256], &modern).unwrap();
    assert_eq!((moved.refused, moved.ended), (Some(CallError::ProtocolCompat), true));
    assert_eq!(moved.notices, [caller, callee(Audience::All)]);
    assert_eq!(calls.find(77).unwrap().phase, ended);

    let (mut calls, now) = call_at(Stage::Accepted);
    let keys = (vec![3; 256], 4);
    let moved = calls
        .confirm((now, 1), CALLER, (ALICE, PHONE), keys, &modern, |_| panic!("nothing to allot"))
        .unwrap();
    assert_eq!((moved.refused, moved.ended), (Some(CallError::ProtocolCompat), true));
    assert_eq!(moved.notices, [caller, callee(Audience::One(BOB_PHONE))]);
    assert_eq!(calls.find(77).unwrap().phase, ended);

    let now = Instant::now();
    let mut calls = Calls::new(TIMERS, 2);
    calls.request(now, NewCall { protocol: relayed_only, ..new_call() }).unwrap();
    let p2p_only = Protocol { udp_reflector: false, ..protocol() };
    let moved = calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; 256], &p2p_only).unwrap();
    assert_eq!((moved.refused, moved.ended), (Some(CallError::ProtocolFlags), true));
}

#[test]
fn a_protocol_that_makes_no_sense_does_not_end_the_call() {
    let (mut calls, now) = call_at(Stage::Ringing);
    let wrong = Protocol { min_layer: 93, ..protocol() };
    let answered = calls.accept(now, CALLEE, (BOB, BOB_PHONE), vec![2; 256], &wrong);
    assert_eq!(answered, Err(CallError::ProtocolLayer));
    let phase = &calls.find(77).unwrap().phase;
    assert_eq!(*phase, Phase::Ringing { date: 1_001 }, "another device may still answer");
    let (mut calls, now) = call_at(Stage::Accepted);
    let keys = (vec![3; 256], 4);
    let confirmed = calls.confirm((now, 1), CALLER, (ALICE, PHONE), keys, &wrong, |_| Allotment::default());
    assert_eq!(confirmed, Err(CallError::ProtocolLayer));
}

#[test]
fn there_are_only_so_many_calls() {
    let now = Instant::now();
    let mut calls = Calls::new(TIMERS, 2);
    let call = |id| NewCall { id, random_id: id as i32, ..new_call() };
    assert!(calls.request(now, call(1)).is_ok());
    assert!(calls.request(now, call(2)).is_ok());
    assert_eq!(calls.request(now, call(3)), Err(CallError::Full));
    calls.end(now, 1, EndReason::Hangup);
    assert!(calls.request(now, call(3)).is_ok());
}

#[test]
fn signalling_passes_between_the_two_devices_of_a_call_and_nobody_else() {
    let (calls, _) = call_at(Stage::Running);
    assert_eq!(calls.partner(CALLER, (ALICE, PHONE)), Ok((Role::Callee, BOB, BOB_PHONE)));
    assert_eq!(calls.partner(CALLEE, (BOB, BOB_PHONE)), Ok((Role::Caller, ALICE, PHONE)));
    assert_eq!(calls.partner(CALLEE, (BOB, BOB_TABLET)), Err(CallError::Peer));
    assert_eq!(calls.partner((77, 1), (ALICE, PHONE)), Err(CallError::Peer));
    let (calls, _) = call_at(Stage::Ringing);
    assert_eq!(calls.partner(CALLER, (ALICE, PHONE)), Err(CallError::Peer), "nobody answered yet");
}
