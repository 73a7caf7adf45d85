//! Two ends of the signalling of a modern call on a simulated wire that loses, delays and reorders, in imaginary time.

use std::time::{Duration, Instant};

use offhook_netsim::{Link, LinkConfig, Wire};
use offhook_voip_proto::tgcalls::message::{
    Candidate, Candidates, Content, Fingerprint, InitialSetup, MediaState, Message, NegotiateChannels, Setup,
};
use offhook_voip_proto::tgcalls::{Framing, Output, Signalling, Version};
use offhook_voip_proto::{CallKey, Role};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[allow(clippy::disallowed_methods, reason = "the origin of simulated time")]
fn origin() -> Instant {
    Instant::now()
}

/// Not uniform: under a uniform key both directions would be the same.
fn key() -> CallKey {
    CallKey::new(std::array::from_fn(|i| (i * 7) as u8))
}

struct Pair {
    ends: [Signalling; 2],
    links: [Link; 2],
    wires: [Wire<Vec<u8>>; 2],
    /// Still to be said: when, by whom.
    script: Vec<(Instant, usize, Message)>,
    heard: [Vec<Message>; 2],
    packets: u64,
    at: Instant,
}

impl Pair {
    fn new(version: Version, config: LinkConfig, seed: u64) -> Self {
        Self::between([version; 2], config, seed)
    }

    /// The caller's and the callee's version.
    fn between(versions: [Version; 2], config: LinkConfig, seed: u64) -> Self {
        let at = origin();
        let end = |version, role, byte| {
            let mut bytes = [byte; 32];
            bytes[..8].copy_from_slice(&seed.to_le_bytes());
            Signalling::new(version, role, key(), bytes, at)
        };
        Self {
            ends: [end(versions[0], Role::Caller, 1), end(versions[1], Role::Callee, 2)],
            links: [Link::new(config, seed * 2), Link::new(config, seed * 2 + 1)],
            wires: [Wire::new(10_000), Wire::new(10_000)],
            script: Vec::new(),
            heard: Default::default(),
            packets: 0,
            at,
        }
    }

    fn say(&mut self, after: Duration, who: usize, message: Message) {
        self.script.push((self.at + after, who, message));
    }

    /// Runs until nothing more happens, or for `limit`. Returns how long it took.
    fn run(&mut self, limit: Duration) -> Duration {
        let (begin, mut out) = (self.at, Vec::new());
        loop {
            let mut next: Option<Instant> = self.script.iter().map(|(due, ..)| *due).min();
            for who in 0..2 {
                while let Some(i) = self.script.iter().position(|(due, by, _)| *due <= self.at && *by == who)
                {
                    let (_, _, message) = self.script.remove(i);
                    self.ends[who].push_message(&message).expect("there is room");
                }
                while let Some(packet) = self.wires[who].pop_due(self.at) {
                    self.ends[who].handle_packet(&packet, self.at);
                }
                loop {
                    match self.ends[who].poll(self.at, &mut out) {
                        Output::Send => {
                            self.packets += 1;
                            assert!(self.packets < 5000, "a storm");
                            for due in self.links[who].transmit(self.at, out.len()) {
                                self.wires[1 - who].push(due, out.clone());
                            }
                        }
                        Output::Message(message) => self.heard[who].push(message),
                        Output::Failed(why) => panic!("{why}"),
                        Output::WaitUntil(deadline) => {
                            assert!(
                                deadline.is_none_or(|deadline| deadline > self.at),
                                "a deadline in the past"
                            );
                            next = next.into_iter().chain(deadline).min();
                            break;
                        }
                    }
                }
            }
            next = next.into_iter().chain(self.wires.iter().filter_map(Wire::next_at)).min();
            match next {
                Some(next) if next <= begin + limit => self.at = self.at.max(next),
                _ => return self.at - begin,
            }
        }
    }

    fn is_settled(&self) -> bool {
        self.ends.iter().all(Signalling::is_settled)
    }
}

fn candidate(n: u32) -> Message {
    let line = format!("candidate:{n} 1 udp 2122194688 192.0.2.2 {} typ host", 30_000 + n);
    Message::Candidates(Candidates { candidates: vec![Candidate { line }] })
}

fn setup(setup: Setup) -> Message {
    let fingerprint = Fingerprint { hash: "sha-256".into(), setup, fingerprint: "AB:".repeat(31) + "CD" };
    Message::InitialSetup(InitialSetup {
        ufrag: "a1B2".into(),
        pwd: "x".repeat(24),
        renomination: false,
        generation: None,
        fingerprints: vec![fingerprint],
    })
}

fn offer(exchange_id: u32, contents: usize) -> Message {
    Message::NegotiateChannels(NegotiateChannels { exchange_id, contents: vec![Content::opus(7); contents] })
}

/// What both ends of a call say at its start and later on, with times in the first seconds.
fn script(pair: &mut Pair, seed: u64) -> [Vec<Message>; 2] {
    let mut said: [Vec<Message>; 2] = Default::default();
    for who in 0..2 {
        let mut messages = vec![setup([Setup::Actpass, Setup::Passive][who]), offer(who as u32, 1)];
        messages.extend((0..8).map(|n| candidate(n + 100 * who as u32)));
        messages.push(offer(10, 20));
        messages.extend((0..4).map(|n| {
            Message::MediaState(MediaState {
                muted: n % 2 == 0,
                video_rotation: n * 90,
                ..MediaState::default()
            })
        }));
        for (n, message) in messages.into_iter().enumerate() {
            // Bursts, pauses, and the odd message long after the others.
            let ms =
                (n as u64 / 3) * (seed % 7) * 90 + n as u64 * (seed % 3) * 40 + if n > 12 { 4000 } else { 0 };
            pair.say(MS * ms as u32, who, message.clone());
            said[who].push(message);
        }
    }
    said
}

fn bad_path() -> LinkConfig {
    LinkConfig { loss: 0.2, delay: MS * 40, jitter: MS * 300, duplicate: 0.05, ..LinkConfig::default() }
}

#[test]
fn on_a_clean_path_everything_arrives_in_every_version_within_a_few_round_trips() {
    for version in Version::ALL {
        let mut pair = Pair::new(version, LinkConfig { delay: MS * 40, ..LinkConfig::default() }, 1);
        for n in 0..10 {
            pair.say(Duration::ZERO, 0, candidate(n));
            pair.say(Duration::ZERO, 1, candidate(50 + n));
        }
        pair.run(SECOND / 2);
        assert_eq!(pair.heard[1], (0..10).map(candidate).collect::<Vec<_>>(), "{version}");
        assert_eq!(pair.heard[0], (50..60).map(candidate).collect::<Vec<_>>(), "{version}");
        assert!(pair.is_settled());
    }
}

#[test]
fn with_a_fifth_lost_and_the_rest_reordered_every_message_arrives_once_and_in_order() {
    for version in Version::ALL.into_iter().filter(|version| version.framing() != Framing::Raw) {
        for seed in 0..200 {
            let mut pair = Pair::new(version, bad_path(), seed);
            let said = script(&mut pair, seed);
            let took = pair.run(SECOND * 120);
            for (who, said) in said.iter().enumerate() {
                assert_eq!(pair.heard[1 - who], *said, "version {version}, seed {seed}, said by {who}");
            }
            assert!(pair.is_settled(), "version {version}, seed {seed}");
            assert!(took < SECOND * 120, "version {version}, seed {seed}: still talking after {took:?}");
            for end in &pair.ends {
                let stats = end.stats();
                assert_eq!(stats.cipher.dropped_forged + stats.cipher.dropped_size, 0, "seed {seed}");
                assert_eq!(stats.framing.dropped_malformed + stats.malformed_messages, 0, "seed {seed}");
                assert_eq!(stats.messages_received, said[0].len() as u64);
            }
        }
    }
}

/// Before July 2023 "9.0.0" was spoken as 11.0.0 and later are: packed, sealed, on an association.
#[test]
fn an_old_app_that_opens_an_association_in_9_0_0_is_followed_and_told_everything() {
    for (versions, old) in [([Version::V9, Version::V13], 1), ([Version::V13, Version::V9], 0)] {
        for seed in 0..50 {
            let mut pair = Pair::between(versions, bad_path(), seed);
            let said = script(&mut pair, seed);
            pair.run(SECOND * 120);
            for (who, said) in said.iter().enumerate() {
                assert_eq!(pair.heard[1 - who], *said, "seed {seed}, said by {who}, the old one is {old}");
            }
            assert!(pair.is_settled(), "seed {seed}");
            assert_eq!(pair.ends[1 - old].stats().malformed_messages, 0);
        }
    }
}

/// Once the other side has been heard in the framing of today, a stray packet of an association changes nothing.
#[test]
fn a_stray_association_does_not_take_9_0_0_over() {
    let mut stray = Signalling::new(Version::V13, Role::Caller, key(), [9; 32], origin());
    let mut packet = Vec::new();
    assert_eq!(stray.poll(origin(), &mut packet), Output::Send);
    for version in [Version::V8, Version::V9] {
        let mut pair = Pair::new(version, LinkConfig { delay: MS * 40, ..LinkConfig::default() }, 1);
        pair.say(Duration::ZERO, 0, candidate(1));
        pair.run(SECOND);
        let at = pair.at;
        pair.ends[1].handle_packet(&packet, at);
        pair.say(Duration::ZERO, 1, candidate(2));
        pair.run(SECOND);
        assert_eq!(pair.heard, [vec![candidate(2)], vec![candidate(1)]], "{version}");
        assert_eq!(pair.ends[1].stats().cipher.dropped_forged, 1);
    }
}

#[test]
fn without_repetition_each_message_arrives_at_most_once() {
    let (mut said_in_all, mut heard_in_all) = (0, 0);
    for seed in 0..200 {
        let mut pair = Pair::new(Version::V7, bad_path(), seed);
        let said = script(&mut pair, seed);
        pair.run(SECOND * 20);
        for (who, said) in said.iter().enumerate() {
            for message in said {
                let count = |list: &[Message]| list.iter().filter(|other| *other == message).count();
                assert!(count(&pair.heard[1 - who]) <= count(said), "seed {seed}");
            }
            said_in_all += said.len();
            heard_in_all += pair.heard[1 - who].len();
        }
    }
    let share = f64::from(heard_in_all as u32) / f64::from(said_in_all as u32);
    assert!((0.77..0.83).contains(&share), "a fifth is lost for good: {share}");
}

#[test]
fn what_is_said_before_the_other_end_listens_arrives_when_it_does() {
    for version in Version::ALL.into_iter().filter(|version| version.framing() != Framing::Raw) {
        let mut pair = Pair::new(version, LinkConfig { loss: 1.0, ..LinkConfig::default() }, 3);
        let said = script(&mut pair, 3);
        pair.run(SECOND * 8);
        assert_eq!(pair.heard, [vec![], vec![]]);
        for link in &mut pair.links {
            link.set_config(LinkConfig { delay: MS * 40, ..LinkConfig::default() });
        }
        pair.run(SECOND * 15);
        assert_eq!([&pair.heard[1], &pair.heard[0]], [&said[0], &said[1]], "{version}");
    }
}

#[test]
fn versions_of_one_framing_understand_each_other() {
    for [one, other] in [[Version::V8, Version::V9], [Version::V12, Version::V13]] {
        let mut pair = Pair::new(one, LinkConfig { delay: MS, ..LinkConfig::default() }, 4);
        pair.ends[1] = Signalling::new(other, Role::Callee, key(), [4; 32], pair.at);
        pair.say(Duration::ZERO, 0, candidate(1));
        pair.say(Duration::ZERO, 1, candidate(2));
        pair.run(SECOND);
        assert_eq!(pair.heard, [vec![candidate(2)], vec![candidate(1)]]);
    }
}
