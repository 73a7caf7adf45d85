//! Signalling packets from people who wish us ill, with and without the key. Each is counted and has no other effect.

use std::time::{Duration, Instant};

use offhook_voip_proto::tgcalls::cipher::Cipher;
use offhook_voip_proto::tgcalls::message::{Candidate, Candidates, MediaState, Message};
use offhook_voip_proto::tgcalls::seq::Seq;
use offhook_voip_proto::tgcalls::{Output, PushError, Signalling, Version, gzip};
use offhook_voip_proto::{CallKey, Role};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

const MS: Duration = Duration::from_millis(1);

#[allow(clippy::disallowed_methods, reason = "the origin of simulated time")]
fn origin() -> Instant {
    Instant::now()
}

fn key() -> CallKey {
    CallKey::new(std::array::from_fn(|i| (i * 7) as u8))
}

fn end(version: Version, role: Role, at: Instant) -> Signalling {
    Signalling::new(version, role, key(), [role as u8 + 1; 32], at)
}

/// Everything to send, everything said.
fn drain(end: &mut Signalling, at: Instant) -> (Vec<Vec<u8>>, Vec<Message>) {
    let (mut packets, mut messages, mut out) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        match end.poll(at, &mut out) {
            Output::Send => packets.push(out.clone()),
            Output::Message(message) => messages.push(message),
            Output::Failed(_) => {}
            Output::WaitUntil(_) => return (packets, messages),
        }
        assert!(packets.len() < 1000, "a storm");
    }
}

fn candidate(n: u32) -> Message {
    Message::Candidates(Candidates { candidates: vec![Candidate { line: format!("candidate:{n}") }] })
}

/// A whole conversation; both ends, and what the caller sent.
fn talked(version: Version, at: Instant) -> ([Signalling; 2], Vec<Vec<u8>>) {
    let mut ends = [end(version, Role::Caller, at), end(version, Role::Callee, at)];
    let mut recorded = Vec::new();
    for n in 0..5 {
        ends[0].push_message(&candidate(n)).expect("there is room");
        ends[1].push_message(&candidate(n + 10)).expect("there is room");
        for _ in 0..4 {
            for packet in drain(&mut ends[0], at).0 {
                ends[1].handle_packet(&packet, at);
                recorded.push(packet);
            }
            for packet in drain(&mut ends[1], at).0 {
                ends[0].handle_packet(&packet, at);
            }
        }
    }
    assert!(ends.iter().all(|end| end.stats().messages_received == 5 && end.is_settled()));
    (ends, recorded)
}

/// The end still works.
fn still_talks(ends: &mut [Signalling; 2], at: Instant) {
    let said = Message::MediaState(MediaState { muted: true, ..MediaState::default() });
    ends[0].push_message(&said).expect("there is room");
    let mut heard = Vec::new();
    for packet in drain(&mut ends[0], at).0 {
        ends[1].handle_packet(&packet, at);
        heard.extend(drain(&mut ends[1], at).1);
    }
    assert_eq!(heard, [said]);
}

#[test]
fn a_recorded_conversation_fed_in_again_says_nothing_new() {
    for version in Version::ALL {
        let at = origin();
        let (mut ends, recorded) = talked(version, at);
        for packet in recorded.iter().chain(recorded.iter().rev()) {
            ends[1].handle_packet(packet, at);
            assert_eq!(drain(&mut ends[1], at).1, [], "{version}");
        }
        assert_eq!(ends[1].stats().messages_received, 5);
        still_talks(&mut ends, at);
    }
}

#[test]
fn cut_and_mutated_packets_say_nothing_and_break_nothing() {
    for version in Version::ALL {
        let at = origin();
        let (mut ends, recorded) = talked(version, at);
        let mut rng = ChaCha12Rng::seed_from_u64(1);
        let mut sent = 0_u64;
        for packet in &recorded {
            let cuts = (0..packet.len()).map(|len| packet[..len].to_vec());
            let mutants: Vec<_> = (0..200)
                .map(|_| {
                    let mut packet = packet.clone();
                    let i = rng.random_range(0..packet.len());
                    packet[i] ^= rng.random_range(1..=255_u8);
                    packet
                })
                .collect();
            for hostile in cuts.chain(mutants) {
                ends[1].handle_packet(&hostile, at);
                sent += 1;
            }
        }
        assert_eq!(drain(&mut ends[1], at), (vec![], vec![]), "{version}");
        let stats = ends[1].stats();
        let foreign = stats.association.dropped_foreign;
        assert_eq!(stats.cipher.dropped_size + stats.cipher.dropped_forged + foreign, sent, "{version}");
        still_talks(&mut ends, at);
    }
}

#[test]
fn random_bytes_are_refused_at_every_length() {
    let mut rng = ChaCha12Rng::seed_from_u64(2);
    for version in Version::ALL {
        let at = origin();
        let mut end = end(version, Role::Callee, at);
        for len in (0..300).chain([16 << 10, 128 << 10, (128 << 10) + 1, 1 << 20]) {
            let mut packet: Vec<u8> = (0..len).map(|_| rng.random()).collect();
            end.handle_packet(&packet, at);
            if let Some(head) = packet.first_chunk_mut::<4>() {
                *head = [0x13, 0x88, 0x13, 0x88];
            }
            end.handle_packet(&packet, at);
        }
        assert_eq!(drain(&mut end, at), (vec![], vec![]));
    }
}

/// Bodies that a peer with the key could send, sealed for the raw framing and wrapped for the acked one.
fn deliver_to(version: Version, body: &[u8]) -> (Vec<Message>, [u64; 3]) {
    let at = origin();
    let mut sealer = Cipher::new(key(), Role::Caller);
    let seq = sealer.next_seq().expect("a counter is left");
    let packet = match version {
        Version::V8 | Version::V9 => {
            let wrapped = [&[0x7f][..], &(body.len() as u32).to_be_bytes(), body].concat();
            sealer.seal(seq.with_ack(), &wrapped)
        }
        // Under SCTP too: bare packets are read there.
        _ => sealer.seal(seq, body),
    };
    let mut end = end(version, Role::Callee, at);
    end.handle_packet(&packet, at);
    let messages = drain(&mut end, at).1;
    let stats = end.stats();
    (messages, [stats.unknown_messages, stats.malformed_messages, stats.framing.dropped_malformed])
}

#[test]
fn packed_and_plain_messages_are_both_read_in_every_version() {
    let text = candidate(1).to_json();
    for version in Version::ALL {
        assert_eq!(deliver_to(version, text.as_bytes()), (vec![candidate(1)], [0, 0, 0]), "{version}");
        assert_eq!(deliver_to(version, &gzip::pack(text.as_bytes())).0, [candidate(1)], "{version}");
    }
}

#[test]
fn bombs_nonsense_and_news_from_the_peer_itself_are_counted() {
    let bomb = gzip::pack(&vec![b' '; 64 << 20]);
    let nested = gzip::pack(&gzip::pack(candidate(1).to_json().as_bytes()));
    for version in Version::ALL {
        let fate = |body: &[u8]| {
            let (messages, counters) = deliver_to(version, body);
            assert_eq!(messages, [], "{version}");
            counters
        };
        assert_eq!(fate(br#"{"@type":"Upgrade"}"#), [1, 0, 0]);
        assert_eq!(fate(br#"{"@type":"InitialSetup"}"#), [0, 1, 0]);
        assert_eq!(fate(b"{{{{"), [0, 1, 0]);
        assert_eq!(fate(&bomb), [0, 1, 0]);
        assert_eq!(fate(&bomb[..bomb.len() / 2]), [0, 1, 0]);
        assert_eq!(fate(&nested), [0, 1, 0]);
        assert_eq!(fate(&[0x1f, 0x8b]), [0, 1, 0]);
    }
    assert_eq!(deliver_to(Version::V13, b"nothing").1, [0, 0, 1]);
}

#[test]
fn the_wrong_key_and_our_own_packets_reflected_are_forgeries() {
    for version in [Version::V7, Version::V9] {
        let at = origin();
        let mut caller = end(version, Role::Caller, at);
        caller.push_message(&candidate(1)).unwrap();
        let packets = drain(&mut caller, at).0;
        let mut other = Signalling::new(
            version,
            Role::Callee,
            CallKey::new(std::array::from_fn(|i| (i * 5) as u8)),
            [1; 32],
            at,
        );
        for packet in &packets {
            other.handle_packet(packet, at);
            caller.handle_packet(packet, at);
        }
        assert_eq!(drain(&mut other, at).1, []);
        assert_eq!((other.stats().cipher.dropped_forged, caller.stats().cipher.dropped_forged), (1, 1));
    }
}

#[test]
fn a_peer_that_never_answers_makes_pushing_fail_and_memory_stays() {
    for version in [Version::V9, Version::V13] {
        let mut at = origin();
        let mut caller = end(version, Role::Caller, at);
        let mut noise = ChaCha12Rng::seed_from_u64(3);
        let long: String = (0..6000).map(|_| noise.random_range('a'..='z')).collect();
        let message = Message::Candidates(Candidates { candidates: vec![Candidate { line: long }] });
        let taken = (0..3000).find_map(|n| caller.push_message(&message).err().map(|why| (n, why)));
        let Some((count, PushError::Full)) = taken else { panic!("{version}: {taken:?}") };
        assert!((100..=1024).contains(&count), "{version}: {count}");
        let mut packets = 0;
        for _ in 0..600 {
            at += MS * 100;
            packets += drain(&mut caller, at).0.len();
        }
        assert!((10..150).contains(&packets), "{version}: {packets} in a minute");
    }
}

#[test]
fn a_message_for_which_there_is_no_packet_is_refused_by_its_size() {
    let line = "x".repeat(17 << 10);
    let message = Message::Candidates(Candidates { candidates: vec![Candidate { line }] });
    let got = message.to_json().len();
    let refused = end(Version::V9, Role::Caller, origin()).push_message(&message);
    assert_eq!(refused, Err(PushError::TooLong { got }));
    assert_eq!(end(Version::V13, Role::Caller, origin()).push_message(&message), Ok(()), "packed and cut");
}

#[test]
fn a_counter_far_ahead_is_the_peers_own_loss() {
    let at = origin();
    let sealer = Cipher::new(key(), Role::Caller);
    let mut callee = end(Version::V9, Role::Callee, at);
    let text = candidate(1).to_json();
    let body = [&[0x7f][..], &(text.len() as u32).to_be_bytes(), text.as_bytes()].concat();
    for counter in [1, Seq::MAX_COUNTER, 2, Seq::MAX_COUNTER - 1] {
        callee.handle_packet(&sealer.seal(Seq::new(counter).with_ack(), &body), at);
    }
    assert_eq!(drain(&mut callee, at).1.len(), 3);
    assert_eq!(callee.stats().cipher.dropped_replayed, 1);
}
