//! Telegram relays over UDP between two sides.

use std::net::SocketAddr;

use offhook_netsim::LinkConfig;

use super::super::{CandidateKind, PathKind, PathState};
use super::reflector::Reflector;
use super::sim::{MS, SECOND, Side, World, addr};
use crate::{Endpoint, PeerTag, Via};

const RELAY: &str = "198.51.100.1";

/// What the server gives to a side: the first byte says which side it is, or not.
fn tag(side: u8) -> PeerTag {
    PeerTag([side, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
}

fn relay(id: i64, addr: &str, side: u8) -> Endpoint {
    Endpoint::relay(id, addr.parse().expect("an address"), tag(side))
}

/// Two sides without a direct path, with the same relays under their own tags.
fn pair(world: &mut World, relays: &[(i64, &str)], roles: [u8; 2]) {
    for (n, role) in roles.into_iter().enumerate() {
        let list = relays.iter().map(|(id, addr)| relay(*id, addr, role)).collect();
        let ips = [["192.0.2.10", "2001:db8:a::10"], ["203.0.113.20", "2001:db8:b::20"]][n];
        world.sides.push(Side::new(&ips, list, vec![], false, n as u8 + 1, world.now));
    }
}

/// The address of the only relay candidate of a side.
fn port(world: &World, side: usize) -> SocketAddr {
    let [only] = &world.sides[side].found(CandidateKind::Relay)[..] else { panic!("one candidate") };
    only.addr
}

#[test]
fn payloads_go_both_ways_whether_the_sides_tags_differ_or_not() {
    for (roles, terse) in [([0, 1], false), ([0, 0], false), ([0, 1], true)] {
        let mut world = World::perfect();
        world.serve(RELAY, Reflector::new(terse));
        pair(&mut world, &[(77, "198.51.100.1:598")], roles);
        world.run(100 * MS);
        let remotes = world.exchange();
        let ports = [port(&world, 0), port(&world, 1)];
        assert_eq!([remotes[0][0].addr, remotes[1][0].addr], [ports[1], ports[0]]);
        for n in 0..10_u8 {
            assert!(world.send(0, ports[0], ports[1], &vec![n; usize::from(n) + 1]));
            assert!(world.send(1, ports[1], ports[0], &[n, n]));
            world.run(100 * MS);
        }
        for (side, other) in [(0, 1), (1, 0)] {
            let received = &world.sides[side].received;
            assert_eq!(received.len(), 10);
            for (n, (inbound, payload)) in received.iter().enumerate() {
                assert_eq!((inbound.source, inbound.destination), (ports[other], ports[side]));
                assert_eq!(payload.len(), if side == 1 { n + 1 } else { 2 });
                assert!(payload.iter().all(|byte| usize::from(*byte) == n));
            }
            let stats = world.sides[side].stats();
            assert_eq!((stats.payloads_sent, stats.payloads_received), (10, 10));
            assert_eq!(stats.dropped_malformed + stats.dropped_stranger, 0);
        }
    }
}

#[test]
fn a_candidate_is_told_when_the_relay_has_answered_and_its_line_says_what_the_protocol_wants() {
    let mut world = World::perfect();
    world.serve(RELAY, Reflector::default());
    pair(&mut world, &[(77, "198.51.100.1:0")], [0, 1]);
    world.run(39 * MS);
    assert!(world.sides[0].candidates.is_empty(), "asked, not answered");
    let report = world.sides[0].report()[0];
    assert_eq!(
        (report.state, report.kind, report.id),
        (PathState::Asking { tried: 1 }, PathKind::UdpReflector, 77)
    );

    world.run(MS);
    let candidate = &world.sides[0].candidates[0];
    let r = u32::from_le_bytes(world.sides[0].sent[0].2[12..16].try_into().expect("4 bytes"));
    assert_eq!(world.sides[0].sent[0].1, addr("198.51.100.1:599"), "port 0 means 599");
    let line = format!(
        "candidate:{} 1 udp {} reflector-1-{r}.reflector 599 typ relay generation 0",
        candidate.foundation, candidate.priority
    );
    assert_eq!(candidate.line, line);
    assert_eq!(candidate.base, candidate.addr);
    assert_eq!(candidate.priority, 2 << 24 | 35 << 16 | 255 << 8 | 255);
    let report = world.sides[0].report()[0];
    assert_eq!((report.state, report.rtt), (PathState::Ready, Some(40 * MS)));
    assert_eq!(report.candidate, Some(candidate.addr));
}

#[test]
fn the_entries_of_one_relay_share_a_number_and_numbers_follow_the_ids() {
    let mut world = World::perfect();
    for ip in ["198.51.100.1", "2001:db8:1::1", "198.51.100.2", "198.51.100.3"] {
        world.serve(ip, Reflector::default());
    }
    let relays = [
        (9, "198.51.100.1:596"),
        (9, "[2001:db8:1::1]:596"),
        (-5, "198.51.100.2:597"),
        (7, "198.51.100.3:0"),
    ];
    pair(&mut world, &relays, [0, 1]);
    world.run(SECOND);
    let names: Vec<(String, String)> = world.sides[0]
        .candidates
        .iter()
        .map(|candidate| {
            let words: Vec<&str> = candidate.line.split(' ').collect();
            (words[4].split('-').nth(1).expect("a number").to_owned(), words[5].to_owned())
        })
        .collect();
    let expected = [("3", "596"), ("3", "596"), ("1", "597"), ("2", "599")];
    assert_eq!(names, expected.map(|(id, port)| (id.to_owned(), port.to_owned())));
    let tags: Vec<_> = world.sides[0].paths.tags().collect();
    assert_eq!(tags.len(), 4);
    for (n, (at, tag)) in tags.iter().enumerate() {
        let hello = &world.sides[0].sent[n];
        assert_eq!((hello.0, hello.1, &hello.2[..16]), (Via::Shared, *at, &tag.0[..]));
    }

    // The entries of one relay reach each other, those of different relays do not.
    world.exchange();
    let own: Vec<SocketAddr> = world.sides[0].candidates.iter().map(|candidate| candidate.addr).collect();
    let other: Vec<SocketAddr> = world.sides[1].candidates.iter().map(|candidate| candidate.addr).collect();
    assert!(world.send(0, own[0], other[1], b"four to six"));
    assert!(!world.send(0, own[0], other[2], b"to another relay"));
    assert!(!world.send(0, own[0], addr("198.51.100.7:1"), b"to a real address"));
    assert!(!world.send(0, addr("192.0.2.10:1"), other[0], b"from a real address"));
    assert_eq!(world.sides[0].stats().unsent_no_way, 3);
}

#[test]
fn with_a_third_of_all_packets_lost_the_relay_is_found_and_two_thirds_of_the_payloads_arrive() {
    for seed in 0..20 {
        let config = LinkConfig { loss: 0.18, delay: 30 * MS, jitter: 20 * MS, ..LinkConfig::default() };
        let mut world = World::new(config, seed);
        world.serve(RELAY, Reflector::default());
        pair(&mut world, &[(1, "198.51.100.1:598")], [0, 1]);
        world.run(10 * SECOND);
        let ports = [port(&world, 0), port(&world, 1)];
        world.exchange();
        for n in 0..1000_u32 {
            assert!(world.send(0, ports[0], ports[1], &n.to_be_bytes()), "seed {seed}");
            assert!(world.send(1, ports[1], ports[0], &n.to_be_bytes()), "seed {seed}");
            world.run(20 * MS);
        }
        for side in &world.sides {
            let share = side.received.len() as f64 / 1000.0;
            assert!((0.62..0.73).contains(&share), "{share}, 0.67 are expected; seed {seed}");
            assert!(side.lost.is_empty());
        }
    }
}

#[test]
fn greetings_continue_through_the_call_and_a_silent_relay_is_lost_and_found_again() {
    let mut world = World::perfect();
    world.serve(RELAY, Reflector::default());
    pair(&mut world, &[(1, "198.51.100.1:598")], [0, 1]);
    world.run(35 * SECOND);
    assert_eq!(world.sides[0].sent.len(), 4, "at 0, 10, 20 and 30 s");
    let before = port(&world, 0);
    world.set_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    world.run(35 * SECOND);
    assert_eq!(world.sides[0].lost.len(), 1);
    assert!(world.sides[0].candidates.is_empty());
    assert!(matches!(world.sides[0].report()[0].state, PathState::Asking { .. }));
    world.set_link(LinkConfig { delay: 20 * MS, ..LinkConfig::default() });
    world.run(SECOND);
    assert_eq!(port(&world, 0), before, "the same port");
}

#[test]
fn the_other_side_reaches_us_after_a_change_of_network() {
    let mut world = World::perfect();
    world.serve(RELAY, Reflector::default());
    pair(&mut world, &[(1, "198.51.100.1:598")], [0, 1]);
    world.run(SECOND);
    let ports = [port(&world, 0), port(&world, 1)];
    world.exchange();
    let now = world.now;
    world.sides[0].move_to(&["192.0.2.99"], now);
    assert!(world.send(1, ports[1], ports[0], b"lost"));
    world.run(SECOND);
    assert_eq!(world.sides[0].payloads(), [b"lost"; 0]);
    let now = world.now;
    world.sides[0].paths.network_changed(now);
    world.run(100 * MS);
    assert!(world.send(1, ports[1], ports[0], b"found"));
    world.run(100 * MS);
    assert_eq!(world.sides[0].payloads(), [b"found"]);
    assert!(world.sides[0].lost.is_empty() && world.sides[0].candidates.len() == 1);
}

#[test]
fn relays_beyond_sixteen_and_those_named_twice_or_without_address_are_refused() {
    let now = crate::testing::origin();
    let mut list: Vec<Endpoint> = (0..20).map(|n| relay(n, "198.51.100.1:598", 0)).collect();
    list.insert(1, list[0]);
    list.push(relay(3, "0.0.0.0:598", 0));
    let side = Side::new(&["192.0.2.10"], list, vec![], false, 1, now);
    assert_eq!(side.report().len(), 16);
    assert_eq!(side.stats().servers_refused, 6);
}

#[test]
fn nothing_goes_out_before_a_relay_is_ready_or_after_the_end() {
    let mut world = World::perfect();
    world.serve(RELAY, Reflector::default());
    pair(&mut world, &[(1, "198.51.100.1:598")], [0, 1]);
    world.run(MS);
    let own = world.sides[0].paths.relays[0].port.pseudo().addr();
    let other = world.sides[1].paths.relays[0].port.pseudo().addr();
    assert!(!world.send(0, own, other, b"too early"));
    assert_eq!(world.sides[0].stats().unsent_not_ready, 1);
    world.run(SECOND);
    assert!(world.send(0, own, other, b"now"));
    assert!(!world.send(0, own, other, b""));
    assert!(!world.send(0, own, other, &[0; 4097]));
    let now = world.now;
    world.sides[0].paths.close(now);
    assert!(!world.send(0, own, other, b"too late"));
    let sent = world.sides[0].sent.len();
    world.run(60 * SECOND);
    assert_eq!(world.sides[0].sent.len(), sent);
    assert_eq!(world.sides[0].lost.len(), 1);
}
