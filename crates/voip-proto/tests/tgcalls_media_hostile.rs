//! Datagrams and signalling from people who wish a modern call ill. Each is counted and has no other effect.

mod sim;
mod tgsim;

use std::net::SocketAddr;

use offhook_voip_proto::tgcalls::cipher::Cipher;
use offhook_voip_proto::tgcalls::message::Message;
use offhook_voip_proto::tgcalls::seq::Seq;
use offhook_voip_proto::tgcalls::{Version, gzip};
use offhook_voip_proto::{Event, FailReason, Role, State, Via};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha12Rng;

use sim::{MS, SECOND};
use tgsim::attack::{goes_on, name_of, relayed, talking};
use tgsim::{Setup, Sim, relay_addr};

#[test]
fn strangers_cannot_disturb_a_call_on_any_socket() {
    let mut sim = talking(&Setup { p2p: true, ..Setup::default() });
    let mut random = ChaCha12Rng::seed_from_u64(1);
    let stranger: SocketAddr = "203.0.113.9:599".parse().unwrap();
    let before = sim.sides[1].call.stats();
    for _ in 0..20_000 {
        let mut bytes = vec![0; random.random_range(0..1400)];
        random.fill_bytes(&mut bytes);
        if let Some(first) = bytes.first_mut() {
            // RTP, DTLS, STUN and ChannelData in turns, as well as what no protocol begins with.
            *first = [0x80, 0x90, 22, 20, 0, 1, 0x40, 0xFF, 250][random.random_range(0..9)];
        }
        sim.inject(1, Via::Shared, stranger, &bytes);
        sim.inject(1, Via::Udp(0), stranger, &bytes);
    }
    let after = sim.sides[1].call.stats();
    assert_eq!(
        after.dropped_stranger - before.dropped_stranger,
        20_000,
        "what is on the shared socket is a relay's"
    );
    assert!(after.dropped_malformed > before.dropped_malformed, "{after:?}");
    assert_eq!(after.frames_received, before.frames_received);
    goes_on(&mut sim, "strangers");
}

#[test]
fn random_and_cut_payloads_through_the_relay_cost_a_counter() {
    let mut sim = talking(&Setup::default());
    sim.record = true;
    sim.run(SECOND);
    sim.record = false;
    let (name, mut random) = (name_of(&sim, 1), ChaCha12Rng::seed_from_u64(2));
    let genuine: Vec<Vec<u8>> =
        sim.sent.iter().filter(|(side, ..)| *side == 0).map(|(.., bytes)| bytes.clone()).collect();
    assert!(genuine.len() > 15, "{}", genuine.len());
    for bytes in &genuine {
        // As the relay hands it over: the receiver's name in front.
        let whole = [&name[..], &bytes[16..]].concat();
        for len in 0..whole.len() {
            sim.inject(1, Via::Shared, relay_addr(0), &whole[..len]);
        }
    }
    for _ in 0..20_000 {
        let mut payload = vec![0; random.random_range(0..1300)];
        random.fill_bytes(&mut payload);
        if let Some(first) = payload.first_mut()
            && random.random_bool(0.8)
        {
            *first = [0x80, 0x90, 22, 23, 0, 1][random.random_range(0..6)];
        }
        let bytes = relayed(name, random.random_range(1..4), &payload);
        sim.inject(1, Via::Shared, relay_addr(0), &bytes);
    }
    let stats = sim.sides[1].call.stats();
    assert!(stats.dropped_malformed > 1000, "{stats:?}");
    goes_on(&mut sim, "random payloads");
}

#[test]
fn a_recorded_call_fed_in_again_changes_nothing() {
    let mut sim = Sim::new(&Setup::default());
    sim.record = true;
    assert!(sim.connect(SECOND * 10));
    sim.run(SECOND * 5);
    sim.record = false;
    let name = name_of(&sim, 1);
    let before = sim.sides[1].call.stats();
    let recorded = std::mem::take(&mut sim.sent);
    for (side, _, bytes) in &recorded {
        // What the other side sent, and what this side sent, reflected.
        let again = if *side == 0 { [&name[..], &bytes[16..]].concat() } else { bytes.clone() };
        sim.inject(1, Via::Shared, relay_addr(0), &again);
    }
    let after = sim.sides[1].call.stats();
    assert_eq!(
        (after.frames_received, after.frames_duplicate),
        (before.frames_received, before.frames_duplicate)
    );
    let signals = sim.sides[0].signals.clone();
    for packet in signals.iter().chain(signals.iter().rev()) {
        sim.inject_signal(1, packet);
    }
    goes_on(&mut sim, "a replay");
}

/// Seals a message as a side of this call, under a counter that has not been used.
fn sealed(side: usize, counter: u32, body: &[u8]) -> Vec<u8> {
    let role = if side == 0 { Role::Caller } else { Role::Callee };
    Cipher::new(tgsim::key(), role).seal(Seq::new(counter), body)
}

#[test]
fn authentic_nonsense_in_the_signalling_costs_a_counter() {
    let mut sim = talking(&Setup { version: Version::V7, ..Setup::default() });
    let bomb = gzip::pack(&vec![b' '; 64 << 20]);
    let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    let long =
        format!(r#"{{"@type":"Candidates","candidates":[{{"sdpString":"{}"}}]}}"#, "x".repeat(100_000));
    let nonsense: [&[u8]; 8] = [
        br#"{"@type":"InitialSetup"}"#,
        br#"{"@type":"NegotiateChannels","exchangeId":{},"contents":7}"#,
        br#"{"@type":"Candidates","candidates":"none"}"#,
        b"{{{{",
        b"{\"\xff\xfe",
        &bomb,
        &bomb[..bomb.len() / 2],
        br#"{"@type":1}"#,
    ];
    let before = sim.sides[1].call.report().signalling.malformed_messages;
    for (n, body) in nonsense.iter().enumerate() {
        sim.inject_signal(1, &sealed(0, 1000 + n as u32, body));
    }
    let report = sim.sides[1].call.report();
    assert_eq!(report.signalling.malformed_messages - before, nonsense.len() as u64);
    sim.inject_signal(1, &sealed(0, 2000, br#"{"@type":"Teleport"}"#));
    assert_eq!(sim.sides[1].call.report().signalling.unknown_messages, 1);
    // Deep nesting, a candidate of 100 kB, a packet beyond every limit.
    sim.inject_signal(1, &sealed(0, 2001, deep.as_bytes()));
    sim.inject_signal(1, &sealed(0, 2002, long.as_bytes()));
    sim.inject_signal(1, &sealed(0, 2003, &vec![b'{'; 200 << 10]));
    let cipher = sim.sides[1].call.report().signalling.cipher;
    assert_eq!((cipher.dropped_size, cipher.dropped_forged), (2, 0), "{cipher:?}");
    goes_on(&mut sim, "nonsense");
}

/// The server puts a certificate of its own into the callee's setup, as a man in the middle would who had the key.
fn another_fingerprint(side: usize, number: usize, packet: Vec<u8>) -> Option<Vec<u8>> {
    let (_, body) =
        Cipher::new(tgsim::key(), if side == 0 { Role::Callee } else { Role::Caller }).open(&packet).ok()?;
    match Message::from_json(&body) {
        Ok(Message::InitialSetup(mut setup)) if side == 1 => {
            setup.fingerprints[0].fingerprint = format!("{}FF", "AB:".repeat(31));
            let text = Message::InitialSetup(setup).to_json();
            Some(sealed(side, number as u32 + 1, text.as_bytes()))
        }
        _ => Some(packet),
    }
}

#[test]
fn a_certificate_that_was_not_announced_is_a_failure_with_a_name() {
    let mut sim = Sim::new(&Setup { version: Version::V7, tamper: another_fingerprint, ..Setup::default() });
    sim.run(SECOND * 10);
    let caller = &sim.sides[0];
    assert_eq!(caller.call.state(), State::Failed);
    assert_eq!(caller.events.last().unwrap().1, Event::Failed(FailReason::Fingerprint));
    assert_eq!(caller.call.report().failure, Some(FailReason::Fingerprint));
    assert!(caller.events.last().unwrap().0 < SECOND, "at once");
    assert!(caller.heard.played.is_empty(), "nothing of it is heard");
    sim.run(MS);
}
