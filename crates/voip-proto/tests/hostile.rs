//! Datagrams from people who wish us ill. Each has its counter and no other effect.

mod sim;

use offhook_voip_proto::{State, Stats};
use sim::{SECOND, Setup, Sim, relay_addr};

fn talking() -> Sim {
    let mut sim = Sim::new(Setup::default());
    sim.record = true;
    assert!(sim.connect(SECOND));
    sim.run(SECOND * 3);
    sim
}

/// The counters of what was dropped, and how many frames have been played.
fn dropped(stats: &Stats) -> [u64; 7] {
    [
        stats.dropped_stranger,
        stats.dropped_foreign,
        stats.dropped_short,
        stats.dropped_forged,
        stats.dropped_replayed,
        stats.dropped_malformed,
        stats.dropped_unasked,
    ]
}

#[test]
fn a_whole_recorded_call_fed_in_again_changes_nothing_but_its_counter() {
    let mut sim = talking();
    let recorded = std::mem::take(&mut sim.delivered[1]);
    sim.record = false;
    let before = sim.sides[1].call.stats();
    for (from, bytes) in &recorded {
        sim.inject(1, *from, bytes);
    }
    let after = sim.sides[1].call.stats();
    let answers = recorded.iter().filter(|(_, bytes)| bytes[16..28] == [0xFF; 12]).count() as u64;
    let sealed = recorded.len() as u64 - answers;
    assert_eq!(dropped(&after), [0, 0, 0, 0, sealed, 0, answers]);
    assert_eq!(
        (after.frames_received, after.datagrams_received),
        (before.frames_received, before.datagrams_received)
    );
    assert!(sealed > 50);
}

#[test]
fn replayed_packets_do_not_keep_a_dead_call_alive() {
    let mut sim = talking();
    let recorded = std::mem::take(&mut sim.delivered[1]);
    sim.cut(0);
    for (from, bytes) in recorded.iter().rev().cycle().take(60) {
        sim.inject(1, *from, bytes);
        sim.run(SECOND / 5);
    }
    assert_eq!(sim.sides[1].call.state(), State::Failed);
}

#[test]
fn strangers_foreign_tags_short_and_forged_datagrams_are_counted_apart() {
    let mut sim = talking();
    let (from, sealed) = sim.delivered[1].iter().rev().find(|(_, bytes)| bytes[16] != 0xFF).cloned().unwrap();
    let base = dropped(&sim.sides[1].call.stats());
    assert_eq!(base, [0; 7]);

    sim.inject(1, "203.0.113.9:599".parse().unwrap(), &sealed);
    let mut foreign = sealed.clone();
    foreign[15] ^= 1;
    sim.inject(1, from, &foreign);
    sim.inject(1, from, &[]);
    sim.inject(1, from, &sealed[..15]);
    sim.inject(1, from, &sealed[..16]);
    sim.inject(1, from, &sealed[..16 + 39]);
    sim.inject(1, from, &sealed[..sealed.len() - 1]);
    let mut forged = sealed.clone();
    *forged.last_mut().unwrap() ^= 1;
    sim.inject(1, from, &forged);
    sim.inject(1, from, &sealed[..sealed.len() - 16]);
    // Our own packet, sent back to us under our own tag.
    sim.sides[1].keep_datagrams = true;
    sim.run(SECOND / 4);
    let own = sim.sides[1].datagrams.last().unwrap().1.clone();
    sim.inject(1, from, &own);
    // A relay's answer that nobody asked for, one cut short, and one of an unknown kind.
    let mut special = sealed[..16].to_vec();
    special.extend_from_slice(&[0xFF; 12]);
    special.extend_from_slice(&0xC015_72C7_u32.to_le_bytes());
    special.resize(64, 1);
    sim.inject(1, from, &special);
    sim.inject(1, from, &special[..63]);
    special[28] = 0;
    sim.inject(1, from, &special);

    assert_eq!(dropped(&sim.sides[1].call.stats()), [1, 1, 5, 3, 0, 1, 2]);
    assert_eq!(sim.states(), [State::Established; 2]);
}

#[test]
fn no_truncation_of_any_datagram_is_accepted() {
    let mut sim = talking();
    let recorded = std::mem::take(&mut sim.delivered[1]);
    sim.record = false;
    let before = sim.sides[1].call.stats().datagrams_received;
    for (from, bytes) in recorded.iter().take(30) {
        for len in 0..bytes.len() {
            sim.inject(1, *from, &bytes[..len]);
        }
    }
    assert_eq!(sim.sides[1].call.stats().datagrams_received, before);
}

#[test]
fn a_flood_of_noise_is_counted_and_the_call_goes_on() {
    let mut sim = talking();
    let tag = sim.delivered[1][0].1[..16].to_vec();
    for n in 0..2000u32 {
        let mut noise = tag.clone();
        noise.extend((0..16 + 32 * (n % 20)).map(|i| (i * 31 + n) as u8));
        sim.inject(1, relay_addr(0), &noise);
    }
    let stats = sim.sides[1].call.stats();
    // The shortest hundred are too short to be anything.
    assert_eq!((stats.dropped_short, stats.dropped_forged), (100, 1900));
    let played = stats.frames_played;
    sim.run(SECOND * 3);
    assert!(sim.sides[1].call.stats().frames_played >= played + 49);
}
