//! Standard relays: `turn-server-proto` on the other end, in virtual time.

use std::net::SocketAddr;
use std::time::Duration;

use offhook_netsim::LinkConfig;

use super::super::{CandidateKind, PathKind, PathState};
use super::servers::{Ledger, Relay, turn};
use super::sim::{MS, SECOND, Side, World, addr};
use crate::Via;

const RELAY: &str = "198.51.100.5";
const HOUR: Duration = Duration::from_secs(3600);
/// Kinds of messages, as their first two bytes.
const ALLOCATE: u16 = 0x0003;
const REFRESH: u16 = 0x0004;
const SEND: u16 = 0x0016;
const PERMISSION: u16 = 0x0008;
const CHANNEL: u16 = 0x0009;
const FIRST_CHANNEL: u16 = 0x4000;

/// Two sides with a login at the same relay and no direct path.
fn pair(world: &mut World, nonces: Duration) -> Ledger {
    let ledger = Ledger::default();
    world.serve(RELAY, Relay::new("198.51.100.5:3478", world.start, nonces, &ledger));
    for (n, ip) in ["192.0.2.10", "203.0.113.20"].iter().enumerate() {
        let servers = vec![turn("198.51.100.5:3478", "secret")];
        world.sides.push(Side::new(&[ip], vec![], servers, false, n as u8 + 1, world.now));
    }
    ledger
}

fn relayed(world: &World, side: usize) -> SocketAddr {
    let [only] = &world.sides[side].found(CandidateKind::Relay)[..] else { panic!("one candidate") };
    only.addr
}

/// Lets both sides know each other's address.
fn introduced(world: &mut World) -> [SocketAddr; 2] {
    world.run(SECOND);
    let remotes = world.exchange();
    assert_eq!([remotes[0].len(), remotes[1].len()], [1, 1]);
    world.run(SECOND);
    [relayed(world, 0), relayed(world, 1)]
}

/// Payloads one way and the other; how many arrived.
fn talk(world: &mut World, addrs: [SocketAddr; 2], payload: &[u8]) -> [usize; 2] {
    let before = [0, 1].map(|n: usize| world.sides[n].received.len());
    for _ in 0..10 {
        world.send(0, addrs[0], addrs[1], payload);
        world.send(1, addrs[1], addrs[0], payload);
        world.run(100 * MS);
    }
    [0, 1].map(|n: usize| world.sides[n].received.len() - before[n])
}

#[test]
fn payloads_go_both_ways_by_channel_and_checks_without_one() {
    let mut world = World::perfect();
    let ledger = pair(&mut world, HOUR);
    let addrs = introduced(&mut world);
    assert_eq!(addrs, [addr("198.51.100.5:50000"), addr("198.51.100.5:50001")]);
    assert_eq!((ledger.count(ALLOCATE), ledger.count(PERMISSION)), (4, 2));

    assert_eq!(talk(&mut world, addrs, b"\x00\x01 a check"), [10, 10]);
    assert_eq!((ledger.count(SEND), ledger.count(CHANNEL)), (20, 0));
    assert_eq!(talk(&mut world, addrs, b"\x80 sound"), [10, 10]);
    assert_eq!(ledger.count(CHANNEL), 2, "one for each side");
    assert!(ledger.count(FIRST_CHANNEL) >= 16, "all but the first ones");
    for (side, other) in [(0, 1), (1, 0)] {
        for (inbound, _) in &world.sides[side].received {
            assert_eq!((inbound.source, inbound.destination), (addrs[other], addrs[side]));
        }
    }
    let report = world.sides[0].report()[0];
    assert_eq!((report.kind, report.state), (PathKind::Turn, PathState::Ready));
    assert_eq!((report.rtt, report.candidate), (Some(40 * MS), Some(addrs[0])));
}

#[test]
fn the_line_of_a_relayed_address_does_not_say_who_is_behind_it() {
    let mut world = World::perfect();
    pair(&mut world, HOUR);
    world.run(SECOND);
    let candidate = &world.sides[0].candidates[0];
    assert_eq!(candidate.base, candidate.addr);
    let line = format!(
        "candidate:{} 1 udp {} 198.51.100.5 50000 typ relay generation 0",
        candidate.foundation, candidate.priority
    );
    assert_eq!(candidate.line, line);
}

#[test]
fn allocations_permissions_and_channels_last_for_hours() {
    let mut world = World::perfect();
    let ledger = pair(&mut world, 2 * HOUR);
    let addrs = introduced(&mut world);
    talk(&mut world, addrs, b"\x80 sound");
    for _ in 0..3 {
        world.run(HOUR);
        assert_eq!(talk(&mut world, addrs, b"\x80 sound"), [10, 10]);
    }
    assert_eq!(ledger.made(), 2, "the same addresses all the time");
    // Refreshed a minute before the end of 1800 s: six times in three hours, on each side.
    assert_eq!(ledger.count(REFRESH), 12);
    assert!(world.sides[0].lost.is_empty());
}

#[test]
fn nonces_that_become_stale_are_renewed() {
    let mut world = World::perfect();
    let ledger = pair(&mut world, Duration::from_secs(100));
    let addrs = introduced(&mut world);
    for _ in 0..6 {
        world.run(Duration::from_secs(600));
        assert_eq!(talk(&mut world, addrs, b"\x80 sound"), [10, 10]);
    }
    assert_eq!(ledger.made(), 2);
    assert!(ledger.count(REFRESH) > 4, "some were sent twice: with the old nonce and with a new one");
}

#[test]
fn an_allocation_that_has_ended_is_lost_and_another_one_is_found() {
    let mut world = World::perfect();
    let ledger = pair(&mut world, HOUR);
    let before = introduced(&mut world);
    world.set_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    world.run(HOUR);
    assert_eq!(world.sides[0].lost.len(), 1);
    assert_eq!(world.sides[0].report()[0].candidate, None);
    world.set_link(LinkConfig { delay: 20 * MS, ..LinkConfig::default() });
    world.run(Duration::from_secs(120));
    let after = [relayed(&world, 0), relayed(&world, 1)];
    assert_ne!(after, before);
    assert_eq!(ledger.allocations(), 2, "the old ones have ended at the server as well");
    // The peers that were permitted before are permitted again, as they are at the same relay.
    world.exchange();
    world.run(SECOND);
    assert_eq!(talk(&mut world, after, b"\x80 sound"), [10, 10]);
}

/// This server does not know a repeated question again, so it believes that somebody else is there (437).
#[test]
fn when_the_answer_with_the_address_is_lost_it_is_asked_from_another_socket() {
    let mut world = World::perfect();
    let ledger = pair(&mut world, HOUR);
    // The first question and its answer pass, the second question does, its answer does not.
    world.run(60 * MS);
    world.set_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    world.run(60 * MS);
    world.set_link(LinkConfig { delay: 20 * MS, ..LinkConfig::default() });
    assert_eq!((ledger.made(), world.sides[0].candidates.len()), (2, 0));
    world.run(2 * SECOND);
    assert_eq!(world.sides[0].opened, [Via::Udp(0), Via::Udp(2)]);
    let addrs = [relayed(&world, 0), relayed(&world, 1)];
    world.exchange();
    world.run(SECOND);
    assert_eq!(talk(&mut world, addrs, b"\x80 sound"), [10, 10]);
}

#[test]
fn a_third_of_all_packets_may_be_lost() {
    for seed in 0..10 {
        let config = LinkConfig { loss: 0.18, delay: 20 * MS, ..LinkConfig::default() };
        let mut world = World::new(config, seed);
        pair(&mut world, HOUR);
        world.run(Duration::from_secs(60));
        world.exchange();
        world.run(Duration::from_secs(60));
        let addrs = [relayed(&world, 0), relayed(&world, 1)];
        let arrived = talk(&mut world, addrs, b"\x80 sound");
        assert!(arrived[0] + arrived[1] > 4, "{arrived:?}, seed {seed}");
    }
}

#[test]
fn a_wrong_password_is_named_and_not_tried_again() {
    let mut world = World::perfect();
    let ledger = Ledger::default();
    world.serve(RELAY, Relay::new("198.51.100.5:3478", world.start, HOUR, &ledger));
    let servers = vec![turn("198.51.100.5:3478", "guess")];
    world.sides.push(Side::new(&["192.0.2.10"], vec![], servers, false, 1, world.now));
    world.run(HOUR);
    assert_eq!(world.sides[0].report()[0].state, PathState::Refused { code: 401 });
    assert_eq!(ledger.count(ALLOCATE), 2);
    assert!(world.sides[0].candidates.is_empty());

    let now = world.now;
    world.sides[0].paths.network_changed(now);
    world.run(SECOND);
    assert_eq!(ledger.count(ALLOCATE), 4, "but anew on another network");
}

#[test]
fn a_relay_that_is_full_is_named_and_tried_again() {
    let mut world = World::perfect();
    let ledger = Ledger::default();
    world.serve(RELAY, Relay::new("198.51.100.5:3478", world.start, HOUR, &ledger).full());
    let servers = vec![turn("198.51.100.5:3478", "secret")];
    world.sides.push(Side::new(&["192.0.2.10"], vec![], servers, false, 1, world.now));
    world.run(4 * SECOND);
    assert_eq!(world.sides[0].report()[0].state, PathState::Refused { code: 508 });
    assert_eq!(ledger.count(ALLOCATE), 2);
    world.run(4 * SECOND);
    assert_eq!(ledger.count(ALLOCATE), 3, "five seconds later, and this server says no at once");
    world.run(20 * SECOND);
    assert_eq!(ledger.count(ALLOCATE), 4, "ten seconds after that");
}

#[test]
fn a_relay_that_is_not_there_is_called_silent() {
    let mut world = World::perfect();
    let servers = vec![turn("198.51.100.5:3478", "secret")];
    world.sides.push(Side::new(&["192.0.2.10"], vec![], servers, false, 1, world.now));
    world.run(10 * SECOND);
    assert!(matches!(world.sides[0].report()[0].state, PathState::Asking { tried: 5 }));
    world.run(40 * SECOND);
    assert_eq!(world.sides[0].report()[0].state, PathState::Silent);
}

#[test]
fn the_end_gives_the_address_back_and_closes_the_socket() {
    let mut world = World::perfect();
    let ledger = pair(&mut world, HOUR);
    introduced(&mut world);
    assert_eq!(ledger.allocations(), 2);
    let now = world.now;
    world.sides[0].paths.close(now);
    world.run(SECOND);
    assert_eq!(ledger.allocations(), 1);
    assert_eq!(world.sides[0].closed.len(), 1);
    assert_eq!(world.sides[0].lost.len(), 1);
    let sent = world.sides[0].sent.len();
    world.run(HOUR);
    assert_eq!(world.sides[0].sent.len(), sent);
}

#[test]
fn the_end_does_not_wait_for_a_relay_that_is_gone() {
    let mut world = World::perfect();
    pair(&mut world, HOUR);
    introduced(&mut world);
    world.servers.clear();
    let now = world.now;
    world.sides[0].paths.close(now);
    world.run(999 * MS);
    assert!(world.sides[0].closed.is_empty());
    world.run(MS);
    assert_eq!(world.sides[0].closed.len(), 1);
}

#[test]
fn after_a_change_of_network_there_is_another_address() {
    let mut world = World::perfect();
    pair(&mut world, HOUR);
    let before = introduced(&mut world);
    let now = world.now;
    world.sides[0].move_to(&["192.0.2.99"], now);
    world.sides[0].paths.network_changed(now);
    world.run(SECOND);
    assert_eq!(world.sides[0].lost[0].addr, before[0]);
    let after = [relayed(&world, 0), before[1]];
    assert_ne!(after[0], before[0]);
    assert_eq!(
        talk(&mut world, after, b"\x80 sound"),
        [10, 10],
        "the relay's own address is permitted already"
    );
}
