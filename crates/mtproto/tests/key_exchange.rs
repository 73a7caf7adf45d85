//! Client and server make keys; sockets come and go, packets are repeated, changed and forged.

#![allow(clippy::unwrap_used, reason = "a failed exchange may panic")]

use offhook_crypto::dh::DhError;
use offhook_crypto::rsa::PrivateKey;
use offhook_mtproto::exchange::{
    Client, ClientConfig, Established, ExchangeError, NewKey, Reply, RsaScheme, Server, ServerConfig, Step,
};
use offhook_mtproto::{Moment, MsgId, plain};
use std::time::{Duration, Instant};

const NOW: Duration = Duration::from_secs(1_700_000_000);

fn now() -> Moment {
    #[allow(clippy::disallowed_methods, reason = "the only way to an Instant; its value does not matter")]
    let instant = Instant::now();
    Moment { instant, unix: NOW }
}

fn config() -> ClientConfig {
    ClientConfig::new(vec![PrivateKey::test_key().public().clone()], 2)
}

fn server() -> Server {
    Server::new(ServerConfig::new(PrivateKey::test_key(), [2]), [2; 32])
}

fn sent(reply: Reply) -> Vec<u8> {
    match reply {
        Reply::Send(packet) => packet,
        other => panic!("{other:?}"),
    }
}

fn next(step: Step) -> Vec<u8> {
    match step {
        Step::Send(packet) => packet,
        Step::Done(_) => panic!("done too early"),
    }
}

fn run(config: ClientConfig, seed: u8) -> Result<(Established, NewKey), ExchangeError> {
    let (mut client, mut server) = (Client::new(config, [seed; 32]), server());
    let mut packet = client.start(now());
    let mut made = None;
    loop {
        let answer = match server.handle(&packet, now(), |_| false) {
            Reply::Send(answer) => answer,
            Reply::Created { packet, key } => {
                made = Some(key);
                packet
            }
            other => panic!("{other:?}"),
        };
        match client.handle(&answer, now())? {
            Step::Send(next) => packet = next,
            Step::Done(established) => return Ok((established, made.unwrap())),
        }
    }
}

/// Runs the first `answers` rounds and returns both ends with the packet to deliver next.
fn part_way(answers: usize) -> (Client, Server, Vec<u8>) {
    let (mut client, mut server) = (Client::new(config(), [1; 32]), server());
    let mut packet = client.start(now());
    for _ in 0..answers {
        let answer = sent(server.handle(&packet, now(), |_| false));
        packet = next(client.handle(&answer, now()).unwrap());
    }
    (client, server, packet)
}

#[test]
fn both_ends_agree_under_both_paddings_for_permanent_and_temporary_keys() {
    for scheme in [RsaScheme::Pad, RsaScheme::Sha1] {
        for expires_in in [None, Some(Duration::from_secs(86_400))] {
            let (client, server) = run(ClientConfig { expires_in, scheme, ..config() }, 7).unwrap();
            assert_eq!(client.key, server.key);
            assert_eq!(client.salt, server.salt);
            assert_eq!(client.expires_at, server.expires_at);
            assert_eq!(server.expires_at, expires_in.map(|_| 1_700_086_400));
            assert_eq!(server.dc, (scheme == RsaScheme::Pad).then_some(2));
        }
    }
}

#[test]
fn many_exchanges_with_different_nonces_all_succeed() {
    for seed in 10..26 {
        let (client, server) = run(config(), seed).unwrap();
        assert_eq!(client.key.bytes(), server.key.bytes());
    }
}

#[test]
fn the_clients_clock_error_is_measured() {
    let (mut client, mut server) = (Client::new(config(), [1; 32]), server());
    let slow = Moment { unix: NOW - Duration::from_secs(300), ..now() };
    let mut packet = client.start(slow);
    let established = loop {
        let (Reply::Send(answer) | Reply::Created { packet: answer, .. }) =
            server.handle(&packet, now(), |_| false)
        else {
            panic!("refused")
        };
        match client.handle(&answer, slow).unwrap() {
            Step::Send(next) => packet = next,
            Step::Done(established) => break established,
        }
    };
    assert_eq!(established.time_offset.as_secs(), 300);
}

#[test]
fn a_repeated_question_gets_the_same_answer_and_a_changed_one_none() {
    let (mut client, mut server) = (Client::new(config(), [1; 32]), server());
    let mut packet = client.start(now());
    for round in 0..3 {
        // The message id is the connection's business: a repeat may carry another.
        let padded = [plain::read(&packet).unwrap().1, &[7; 8]].concat();
        let repeated = plain::write(MsgId(400), &padded);
        let answer = match server.handle(&packet, now(), |_| false) {
            Reply::Send(answer) => answer,
            Reply::Created { packet, .. } if round == 2 => packet,
            other => panic!("{other:?}"),
        };
        let again = sent(server.handle(&repeated, now(), |_| true));
        assert_eq!(plain::read(&again).unwrap().1, plain::read(&answer).unwrap().1);
        assert_eq!(client.last_packet(), packet);
        if round < 2 {
            packet = next(client.handle(&answer, now()).unwrap());
        }
    }
    let mut changed = packet.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(matches!(server.handle(&changed, now(), |_| false), Reply::Error(-404)));
}

#[test]
fn answers_carry_server_ids_that_increase() {
    let (_, mut server, _) = part_way(0);
    let mut last = MsgId(0);
    for seed in 0..5 {
        let packet = Client::new(config(), [seed; 32]).start(now());
        let answer = sent(server.handle(&packet, now(), |_| false));
        let (id, _) = plain::read(&answer).unwrap();
        assert!(id > last && id.kind() == 1);
        last = id;
    }
}

#[test]
fn a_taken_key_id_is_tried_again_with_another_key() {
    let (mut client, mut server, packet) = part_way(2);
    let mut first = 0;
    let retry = sent(server.handle(&packet, now(), |id| {
        // The closure sees the id of the key about to be made.
        assert_ne!(id, 0);
        true
    }));
    let packet = next(client.handle(&retry, now()).unwrap());
    let Reply::Created { packet: answer, key } = server.handle(&packet, now(), |id| {
        let _ = id;
        false
    }) else {
        panic!("not made")
    };
    first ^= key.key.id();
    let Step::Done(established) = client.handle(&answer, now()).unwrap() else { panic!("not done") };
    assert_eq!(established.key.id(), first);
}

#[test]
fn a_client_gives_up_when_asked_for_ever_more_keys() {
    let (mut client, mut server, mut packet) = part_way(2);
    let error = loop {
        let answer = sent(server.handle(&packet, now(), |_| true));
        match client.handle(&answer, now()) {
            Ok(step) => packet = next(step),
            Err(error) => break error,
        }
    };
    assert_eq!(error, ExchangeError::KeyRefused);
}

#[test]
fn unknown_and_forgotten_exchanges_are_404() {
    let (_, mut server, packet) = part_way(1);
    let late = now().after(Duration::from_secs(601));
    assert!(matches!(server.handle(&packet, late, |_| false), Reply::Error(-404)));
    assert_eq!(server.pending(), 0);
    for junk in [&b""[..], &[0; 20], &plain::write(MsgId(4), &[1; 36]), &plain::write(MsgId(4), &[])] {
        assert!(matches!(self::server().handle(junk, now(), |_| false), Reply::Error(-404)));
    }
}

#[test]
fn only_so_many_exchanges_are_held_and_the_oldest_goes_first() {
    let config = ServerConfig { capacity: 3, ..ServerConfig::new(PrivateKey::test_key(), [2]) };
    let mut server = Server::new(config, [2; 32]);
    let mut second_questions = vec![];
    for seed in 0..5 {
        let mut client = Client::new(self::config(), [seed; 32]);
        let answer = sent(server.handle(&client.start(now()), now(), |_| false));
        second_questions.push(next(client.handle(&answer, now()).unwrap()));
    }
    assert_eq!(server.pending(), 3);
    let known: Vec<bool> = second_questions
        .iter()
        .map(|packet| matches!(server.handle(packet, now(), |_| false), Reply::Send(_)))
        .collect();
    assert_eq!(known, [false, false, true, true, true]);
}

#[test]
fn another_dcs_id_is_444_and_this_ones_variants_are_not() {
    for (dc, good) in [
        (2, true),
        (-2, true),
        (10_002, true),
        (-10_002, true),
        (3, false),
        (-10_003, false),
        (0, false),
        (-5, true),
    ] {
        let mut server = Server::new(ServerConfig::new(PrivateKey::test_key(), [2, 5]), [2; 32]);
        let mut client = Client::new(ClientConfig { dc, ..config() }, [1; 32]);
        let answer = sent(server.handle(&client.start(now()), now(), |_| false));
        let packet = next(client.handle(&answer, now()).unwrap());
        match server.handle(&packet, now(), |_| false) {
            Reply::Send(_) => assert!(good, "{dc}"),
            Reply::Error(code) => assert!(!good && code == -444, "{dc}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_changed_byte_of_a_question_is_404_and_ends_the_exchange() {
    for round in [1, 2] {
        let (_, _, packet) = part_way(round);
        let step = if round == 1 { 29 } else { 37 };
        // Some of all bytes, and all of p and q.
        let factors = if round == 1 { 36..52 } else { 0..0 };
        let some = (0..packet.len() - plain::HEADER).step_by(step);
        for i in some.chain(factors).map(|i| plain::HEADER + i) {
            // Three bytes behind p and three behind q only fill them up.
            if round == 1 && [41, 42, 43, 49, 50, 51].contains(&(i - plain::HEADER)) {
                continue;
            }
            let (_, mut server, packet) = part_way(round);
            let mut changed = packet.clone();
            changed[i] ^= 0x40;
            assert!(matches!(server.handle(&changed, now(), |_| false), Reply::Error(-404)), "{round} {i}");
        }
    }
    let (_, mut server, packet) = part_way(2);
    let mut changed = packet.clone();
    changed[plain::HEADER + 60] ^= 1;
    assert!(matches!(server.handle(&changed, now(), |_| false), Reply::Error(-404)));
    assert!(matches!(server.handle(&packet, now(), |_| false), Reply::Error(-404)));
}

#[test]
fn every_changed_byte_of_an_answer_ends_the_clients_exchange() {
    for round in 0..3 {
        let (mut client, mut server, packet) = part_way(round);
        let (Reply::Send(answer) | Reply::Created { packet: answer, .. }) =
            server.handle(&packet, now(), |_| false)
        else {
            panic!("refused")
        };
        for i in (plain::HEADER..answer.len()).step_by([1, 61, 7][round]) {
            let mut changed = answer.clone();
            changed[i] ^= 0x20;
            // Of resPQ, server_nonce cannot be checked yet, another pq may be a product of primes too, and the
            // three bytes behind it only fill it up.
            let unchecked = round == 0
                && ((plain::HEADER + 20..plain::HEADER + 36).contains(&i)
                    || (plain::HEADER + 37..plain::HEADER + 48).contains(&i));
            let (mut client, _, _) = part_way(round);
            assert!(unchecked || client.handle(&changed, now()).is_err(), "{round} {i}");
        }
        for len in 0..answer.len() {
            let (mut client, _, _) = if len % 97 == 0 { part_way(round) } else { continue };
            assert!(client.handle(&answer[..len], now()).is_err(), "{round} {len}");
        }
        // An exchange that failed stays failed.
        assert!(client.handle(&answer[..30], now()).is_err());
        assert_eq!(client.handle(&answer, now()).unwrap_err(), ExchangeError::Unexpected);
    }
}

#[test]
fn a_client_without_the_servers_key_says_what_was_offered() {
    let offered = PrivateKey::test_key().public().fingerprint();
    let error = run(ClientConfig { keys: vec![], ..config() }, 1).unwrap_err();
    assert_eq!(error, ExchangeError::NoKnownKey { offered: vec![offered] });
}

#[test]
fn bad_numbers_in_a_servers_question_are_refused() {
    let (_, mut server, packet) = part_way(0);
    let answer = sent(server.handle(&packet, now(), |_| false));
    let (id, body) = plain::read(&answer).unwrap();
    // pq stands after constructor and two nonces, as 8 bytes behind their length.
    for bad in [[0; 8], [0xff; 8], [0, 0, 0, 0, 0, 0, 0, 7], [0, 0, 0, 0, 0, 0, 0, 8]] {
        let mut body = body.to_vec();
        body[37..45].copy_from_slice(&bad);
        let mut client = Client::new(config(), [1; 32]);
        client.start(now());
        assert_eq!(client.handle(&plain::write(id, &body), now()).unwrap_err(), ExchangeError::Factor);
    }
    assert_eq!(ExchangeError::from(DhError::PublicRange).to_string(), DhError::PublicRange.to_string());
}
