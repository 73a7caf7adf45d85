//! Faults drawn from a seed: two accounts write to each other all the while, and every message arrives once.
//!
//! `OFFHOOK_FAULTS=1000 OFFHOOK_SEED=7` makes it a longer and another one.

use std::time::Duration;

use offhook_client::{Client, Clock, Limits, Peer, Updates};
use offhook_dc::{Admin, FloodLimit};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::migration::{FIRST, SECOND, both};
use crate::town::*;

const FAULTS: u32 = 200;
/// Messages each way between two faults.
const BETWEEN: u32 = 1;

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Every connection is cut.
    Drop,
    /// Answers and updates are swallowed, then every connection is cut.
    LoseAndDrop,
    /// Every temporary key is forgotten.
    TemporaryKeys,
    /// Every salt ends.
    Salts,
    /// Every session is forgotten with what it had not delivered.
    Sessions,
    /// Some updates are never sent.
    Gap,
    /// Whoever writes next must wait.
    Flood,
    /// Two at one time.
    SaltsAndDrop,
    /// An account moves to the other data center.
    Move,
    /// The clock of a client is five minutes off, or right again.
    Clock,
    /// Everything comes twice.
    Duplicate,
    /// Every other packet is overtaken.
    Reorder,
    /// Both, while the connections are cut.
    Disorder,
}

const WRONG: i64 = 5 * 60;

/// Every kind, with its share of a hundred. A flood costs a second of waiting.
const ALL: [(Fault, u32); 13] = [
    (Fault::Drop, 10),
    (Fault::LoseAndDrop, 10),
    (Fault::TemporaryKeys, 10),
    (Fault::Salts, 10),
    (Fault::Sessions, 10),
    (Fault::Gap, 10),
    (Fault::Flood, 2),
    (Fault::SaltsAndDrop, 5),
    (Fault::Move, 8),
    (Fault::Clock, 10),
    (Fault::Duplicate, 5),
    (Fault::Reorder, 5),
    (Fault::Disorder, 5),
];

fn draw(random: &mut ChaCha20Rng) -> usize {
    let mut left: u32 = random.random_range(0..100);
    let within = |(_, share): &(Fault, u32)| match left.checked_sub(*share) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    };
    ALL.iter().position(within).expect("the shares make a hundred")
}

impl Fault {
    fn strike(self, admin: &Admin, clocks: &[Clock; 2], random: &mut ChaCha20Rng) {
        match self {
            Self::Drop => drop(admin.drop_connections()),
            // The packets of the next messages; `relieve` cuts the connections.
            Self::LoseAndDrop => admin.lose_packets(true),
            Self::TemporaryKeys => drop(admin.expire_temporary_keys()),
            Self::Salts => admin.expire_salts(),
            Self::Sessions => drop(admin.forget_sessions()),
            Self::Gap => admin.swallow_updates(random.random_range(1..4)),
            Self::Flood => {
                let limit = FloodLimit::new("messages.sendMessage", 0, Duration::from_secs(1));
                admin.set_flood_limits(vec![limit]);
            }
            Self::Move => {
                let who = if random.random() { ALICE } else { BOB };
                assert!(admin.move_user(who, if random.random() { FIRST.0 } else { SECOND.0 }));
            }
            Self::Clock => {
                let error = [-WRONG, 0, WRONG][random.random_range(0..3)];
                clocks[random.random_range(0..2)].set_error(error);
            }
            Self::Duplicate => admin.duplicate_packets(true),
            Self::Reorder => admin.reorder_packets(true),
            Self::Disorder => {
                admin.duplicate_packets(true);
                admin.reorder_packets(true);
                admin.drop_connections();
            }
            Self::SaltsAndDrop => {
                admin.expire_salts();
                admin.drop_connections();
            }
        }
    }

    fn waits_for_an_answer(self) -> bool {
        matches!(self, Self::LoseAndDrop | Self::Flood | Self::Duplicate | Self::Reorder | Self::Disorder)
    }

    /// Ends what would otherwise last.
    fn relieve(self, admin: &Admin) {
        match self {
            Self::LoseAndDrop => {
                admin.lose_packets(false);
                admin.drop_connections();
            }
            Self::Flood => admin.set_flood_limits(Vec::new()),
            Self::Duplicate | Self::Reorder | Self::Disorder => {
                admin.duplicate_packets(false);
                admin.reorder_packets(false);
            }
            // Time finds gaps only when something follows them.
            Self::Gap => admin.swallow_updates(0),
            _ => {}
        }
    }
}

struct Writer {
    client: Client,
    to: Peer,
    name: &'static str,
    updates: Updates,
    heard: Vec<String>,
}

impl Writer {
    async fn new(client: Client, name: &'static str, to: &str) -> Self {
        let to = client.resolve(&to.parse().unwrap()).await.unwrap();
        Self { updates: client.updates(), client, to, name, heard: Vec::new() }
    }

    /// Takes what has come in, until `count` messages have.
    async fn hear(&mut self, count: usize) {
        while self.heard.len() < count {
            let update = within("a message", self.updates.next()).await.unwrap();
            let message = update.object().object("message").filter(|message| !message.flag("out"));
            self.heard.extend(message.and_then(|message| message.str("message")).map(str::to_owned));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_faults_lose_no_message_and_double_none() {
    let seed: u64 = std::env::var("OFFHOOK_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let faults: u32 =
        std::env::var("OFFHOOK_FAULTS").ok().and_then(|text| text.parse().ok()).unwrap_or(FAULTS);
    println!("seed {seed}, {faults} faults");
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let dc = builder().another(SECOND.0, "127.0.0.1:0".parse().unwrap()).start().await.unwrap();
    let admin = dc.admin();
    let limits = Limits { updates: 4096, retries: 10, ..Limits::default() };
    let clocks = [Clock::system(), Clock::system()];
    let alice = log_in_with(both(&dc).limits(limits).clock(clocks[0].clone()), ALICE).await;
    let bob = log_in_with(both(&dc).limits(limits).clock(clocks[1].clone()), BOB).await;
    let mut writers = [Writer::new(alice, "alice", "@bob").await, Writer::new(bob, "bob", "@alice").await];
    let mut struck = [0_u32; ALL.len()];
    let mut sent = 0;
    for _ in 0..faults {
        let which = draw(&mut random);
        let fault = ALL[which].0;
        let before = dc.counters();
        struck[which] += 1;
        fault.strike(&admin, &clocks, &mut random);
        for _ in 0..BETWEEN {
            let write = |writer: &Writer| {
                let (client, to) = (writer.client.clone(), writer.to.clone());
                let text = format!("{} {sent}", writer.name);
                tokio::spawn(async move { client.send_message(&to, &text).await })
            };
            let writing = [write(&writers[0]), write(&writers[1])];
            if fault.waits_for_an_answer() {
                // Until it has struck: one of the messages was answered, into nothing, with a refusal or in disorder.
                within("a fault that strikes", async {
                    while dc.counters().requests + dc.counters().request_errors
                        == before.requests + before.request_errors
                    {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                })
                .await;
            }
            fault.relieve(&admin);
            for written in writing {
                within("a sent message", written).await.unwrap().unwrap();
            }
            sent += 1;
        }
    }
    // What follows shows the last gaps; nothing goes wrong any more.
    for (from, to) in [(0, 1), (1, 0)] {
        let text = format!("{} {sent}", writers[from].name);
        writers[from].client.send_message(&writers[from].to, &text).await.unwrap();
        writers[to].hear(sent + 1).await;
    }
    for (from, to) in [(0, 1), (1, 0)] {
        let expected: Vec<String> =
            (0..=sent).map(|number| format!("{} {number}", writers[from].name)).collect();
        assert_eq!(writers[to].heard, expected, "seed {seed}");
        assert_eq!(writers[to].updates.dropped(), 0);
        assert!(writers[to].updates.try_next().is_none_or(|update| update.name() != "updateNewMessage"));
        println!("{}: {:?}", writers[to].name, writers[to].client.stats());
    }
    println!("struck {struck:?}");
    assert!(struck.iter().all(|count| *count > 0), "every kind has its share: {struck:?}");
}
