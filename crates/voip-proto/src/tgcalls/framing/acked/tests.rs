use super::*;
use crate::testing::origin;
use crate::{CallKey, Role};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn key() -> CallKey {
    CallKey::new(std::array::from_fn(|i| i as u8))
}

fn acked(role: Role) -> Acked {
    Acked::new(Cipher::new(key(), role))
}

fn sent(side: &mut Acked, at: Instant) -> Vec<u8> {
    match side.poll(at) {
        Output::Send(packet) => packet,
        other => panic!("a packet, not {other:?}"),
    }
}

/// The plaintext of a packet of the caller.
fn plain(packet: &[u8]) -> String {
    let (seq, body) = Cipher::new(key(), Role::Callee).open(packet).unwrap();
    hex::encode([&seq.to_bytes()[..], &body].concat())
}

/// Seals a plaintext as the caller.
fn sealed(plain: &str) -> Vec<u8> {
    let plain = hex::decode(plain.replace(' ', "")).unwrap();
    let seq = Seq::from_bytes(plain[..4].try_into().unwrap());
    Cipher::new(key(), Role::Caller).seal(seq, &plain[4..])
}

#[test]
fn a_message_and_its_ack_are_the_published_packets() {
    let at = origin();
    let (mut caller, mut callee) = (acked(Role::Caller), acked(Role::Callee));
    // The published ack has counter 2: one message of the callee's own went before it.
    callee.cipher.next_seq();
    caller.push(b"{}").unwrap();
    let message = sent(&mut caller, at);
    assert_eq!(hex::encode(&message), "0983a449ef5b002c55abb888c1073bcc905ed4032fa7f6607404aa");
    assert_eq!(caller.poll(at), Output::WaitUntil(Some(at + FIRST_REPEAT)));
    callee.handle(&message, at);
    assert_eq!(callee.poll(at), Output::Deliver(b"{}".to_vec()));
    let ack = sent(&mut callee, at);
    assert_eq!(hex::encode(&ack), "306e95d7edbee33fc931e357d0d491caeeb268a6d257e656103f");
    assert_eq!(callee.poll(at), Output::WaitUntil(None));
    caller.handle(&ack, at);
    assert!(caller.is_settled());
    assert_eq!(caller.poll(at), Output::WaitUntil(None));
}

#[test]
fn what_is_not_acknowledged_goes_again_ever_more_slowly_behind_an_empty_item() {
    let mut at = origin();
    let mut caller = acked(Role::Caller);
    caller.push(b"{}").unwrap();
    assert_eq!(plain(&sent(&mut caller, at)), "400000017f000000027b7d");
    for (counter, seconds) in [(2, 1), (3, 2), (4, 4), (5, 5), (6, 5)] {
        let wait = SECOND * seconds;
        assert_eq!(caller.poll(at + wait - MS), Output::WaitUntil(Some(at + wait)));
        at += wait;
        assert_eq!(plain(&sent(&mut caller, at)), format!("0000000{counter}fe400000017f000000027b7d"));
    }
    assert_eq!(caller.stats().repeated, 5);
}

#[test]
fn a_message_takes_along_everything_unacknowledged_before_it() {
    let at = origin();
    let mut caller = acked(Role::Caller);
    caller.push(b"{}").unwrap();
    let _ = sent(&mut caller, at);
    caller.push(b"{1}").unwrap();
    assert_eq!(
        plain(&sent(&mut caller, at + MS)),
        "00000003fe".to_owned() + "400000017f000000027b7d" + "400000027f000000037b317d"
    );
    assert_eq!(caller.poll(at + MS), Output::WaitUntil(Some(at + MS + FIRST_REPEAT)));
}

#[test]
fn the_young_stay_behind_when_a_packet_is_made_for_an_ack() {
    let at = origin();
    let mut caller = acked(Role::Caller);
    caller.push(b"{}").unwrap();
    let _ = sent(&mut caller, at);
    let mut callee = acked(Role::Callee);
    callee.push(b"{2}").unwrap();
    caller.handle(&sent(&mut callee, at), at + MS * 600);
    assert_eq!(caller.poll(at + MS * 600), Output::Deliver(b"{2}".to_vec()));
    assert_eq!(plain(&sent(&mut caller, at + MS * 600)), "00000002fe40000001ff");
    callee.push(b"{3}").unwrap();
    caller.handle(&sent(&mut callee, at), at + SECOND);
    assert_eq!(caller.poll(at + SECOND), Output::Deliver(b"{3}".to_vec()));
    // Both messages of the callee came again or anew, so both are acknowledged; ours is a second old now.
    assert_eq!(
        plain(&sent(&mut caller, at + SECOND)),
        "00000003fe".to_owned() + "40000001ff" + "40000002ff" + "400000017f000000027b7d"
    );
}

#[test]
fn a_repetition_is_not_delivered_and_its_ack_waits_five_seconds_for_company() {
    let at = origin();
    let mut callee = acked(Role::Callee);
    callee.handle(&sealed("40000001 7f 00000002 7b7d"), at);
    assert_eq!(callee.poll(at), Output::Deliver(b"{}".to_vec()));
    let _ = sent(&mut callee, at);
    callee.handle(&sealed("00000002 fe 40000001 7f 00000002 7b7d"), at + SECOND);
    assert_eq!(callee.poll(at + SECOND), Output::WaitUntil(Some(at + SECOND * 6)));
    let _ = sent(&mut callee, at + SECOND * 6);
    assert_eq!(callee.poll(at + SECOND * 6), Output::WaitUntil(None));
    assert_eq!((callee.stats().delivered, callee.stats().duplicates), (1, 1));
}

#[test]
fn an_overtaken_packet_does_not_make_a_delivered_message_new() {
    let at = origin();
    let mut callee = acked(Role::Callee);
    // Message 9 has been delivered and a later packet no longer carries it; then the first packet with it arrives.
    callee.handle(&sealed("0000000b fe 40000009 7f 00000002 7b7d 4000000a 7f 00000002 7b7d"), at);
    callee.handle(&sealed("0000000d fe 4000000c 7f 00000002 7b7d"), at);
    callee.handle(&sealed("40000009 7f 00000002 7b7d"), at);
    assert_eq!((callee.stats().delivered, callee.stats().duplicates), (3, 1));
}

#[test]
fn each_broken_rule_drops_the_rest_of_the_packet() {
    let message = "7f 00000002 7b7d";
    let cases = [
        ("an ack first", "00000001 ff".to_owned(), 0),
        ("an empty item that is not first", format!("00000001 fe 00000002 fe 40000003 {message}"), 0),
        ("a single message with company", format!("c0000001 {message} 40000002 {message}"), 0),
        ("a single message as company", format!("00000001 fe c0000002 {message}"), 0),
        ("less than a head behind a message", format!("40000001 {message} 40000002"), 1),
        ("a length that lies", "40000001 7f 00000003 7b7d".into(), 0),
        ("an unknown type", format!("40000001 {message} 40000002 05 40000003 {message}"), 1),
    ];
    for (name, packet, delivered) in cases {
        let mut callee = acked(Role::Callee);
        callee.handle(&sealed(&packet), origin());
        assert_eq!((callee.stats().delivered, callee.stats().dropped_malformed), (delivered, 1), "{name}");
    }
    let mut callee = acked(Role::Callee);
    callee.handle(&sealed(&format!("c0000001 {message}")), origin());
    callee.handle(&sealed(&format!("00000002 {message} 00000003 {message} 00000002 {message}")), origin());
    assert_eq!(callee.stats().delivered, 3, "a single message alone, and two that want no ack, each once");
}

#[test]
fn an_ack_of_something_unknown_changes_nothing() {
    let at = origin();
    let mut callee = acked(Role::Callee);
    callee.push(b"{}").unwrap();
    let _ = sent(&mut callee, at);
    callee.handle(&sealed("00000001 fe 40000002 ff 00000001 ff"), at);
    assert!(!callee.is_settled());
    callee.handle(&sealed("00000002 fe 40000001 ff"), at);
    assert!(callee.is_settled());
}

#[test]
fn what_does_not_fit_waits_for_the_acks_of_what_does() {
    let begin = origin();
    let mut at = begin;
    let (mut caller, mut callee) = (acked(Role::Caller), acked(Role::Callee));
    let message = |n: u8| vec![n; 6000];
    for n in 0..7 {
        caller.push(&message(n)).unwrap();
    }
    let mut got = Vec::new();
    for _ in 0..20 {
        at += MS;
        loop {
            match caller.poll(at) {
                Output::Send(packet) => {
                    assert!(packet.len() <= MAX_PACKET);
                    callee.handle(&packet, at);
                }
                Output::Deliver(_) => unreachable!("the callee says nothing"),
                Output::WaitUntil(_) => break,
            }
        }
        loop {
            match callee.poll(at) {
                Output::Send(packet) => caller.handle(&packet, at),
                Output::Deliver(message) => got.push(message),
                Output::WaitUntil(_) => break,
            }
        }
    }
    assert_eq!(got, (0..7).map(message).collect::<Vec<_>>());
    assert!(caller.is_settled());
    assert!(at - begin < REPEAT, "without waiting for a repetition");
}

#[test]
fn the_bounds_hold_on_both_sides() {
    let at = origin();
    let mut caller = acked(Role::Caller);
    assert_eq!(caller.push(b""), Err(FramingError::Empty));
    let long = vec![b'{'; MAX_MESSAGE + 1];
    assert_eq!(caller.push(&long), Err(FramingError::TooLong { got: MAX_MESSAGE + 1, limit: MAX_MESSAGE }));
    for _ in 0..MAX_UNACKED {
        caller.push(&long[1..]).unwrap();
    }
    assert_eq!(caller.push(b"{}"), Err(FramingError::Full));
    assert_eq!(sent(&mut caller, at).len(), MAX_PACKET);

    let mut callee = acked(Role::Callee);
    for n in 0..2 * MAX_DELIVERED as u32 {
        let counter = 2 * n + 1;
        let packet = format!("{counter:08x} fe {:08x} 7f 00000001 7b", 0x4000_0000 | (counter + 1));
        callee.handle(&sealed(&packet), at);
        let _ = callee.poll(at);
    }
    assert_eq!(callee.stats().delivered, 2 * MAX_DELIVERED as u64);
    assert_eq!((callee.acks.len(), callee.delivered.len()), (MAX_ACKS, MAX_DELIVERED));
    let late = format!("{:08x} fe 40000002 7f 00000001 7b", 4 * MAX_DELIVERED + 1);
    callee.handle(&sealed(&late), at);
    assert_eq!(callee.stats().duplicates, 1, "below what is remembered");
}

#[test]
fn when_the_counters_are_used_up_it_falls_silent() {
    let at = origin();
    let mut caller = acked(Role::Caller);
    caller.cipher = Cipher::exhausted(key(), Role::Caller, 1);
    caller.push(b"{}").unwrap();
    assert_eq!(caller.push(b"{}"), Err(FramingError::Exhausted));
    let _ = sent(&mut caller, at);
    assert_eq!(caller.poll(at + REPEAT), Output::WaitUntil(None));
}

#[test]
fn a_raw_message_is_read_although_the_sides_agreed_otherwise() {
    let mut callee = acked(Role::Callee);
    callee.handle(&sealed("00000001 7b7d"), origin());
    assert_eq!(callee.poll(origin()), Output::Deliver(b"{}".to_vec()));
    assert_eq!((callee.stats().foreign, callee.stats().dropped_malformed), (1, 0));
}
