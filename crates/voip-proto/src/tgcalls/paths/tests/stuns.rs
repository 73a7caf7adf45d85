//! How a side looks from outside, behind a translator of addresses.

use offhook_netsim::{LinkConfig, Nat, NatKind};

use super::super::{CandidateKind, PathKind, PathState};
use super::servers::{Mirror, stun};
use super::sim::{MS, SECOND, Side, World, addr};

const SERVER: &str = "198.51.100.9";

/// A side behind a translator.
fn behind(world: &mut World, nat: NatKind, servers: &[&str]) {
    world.serve(SERVER, Mirror);
    let servers = servers.iter().map(|addr| stun(addr)).collect();
    let mut side = Side::new(&["10.0.0.2"], vec![], servers, true, 1, world.now);
    side.nat = Some(Nat::new(nat, "203.0.113.1".parse().expect("an address"), 20_000));
    world.sides.push(side);
}

#[test]
fn the_mapped_address_becomes_a_candidate_with_the_interface_as_its_base() {
    let mut world = World::perfect();
    behind(&mut world, NatKind::Open, &["198.51.100.9:3478", "198.51.100.9:3479"]);
    world.run(SECOND);
    let found = world.sides[0].found(CandidateKind::ServerReflexive);
    let [mapped] = &found[..] else { panic!("both servers see the same: {found:?}") };
    assert_eq!((mapped.addr, mapped.base), (addr("203.0.113.1:20000"), addr("10.0.0.2:6000")));
    let line = format!(
        "candidate:{} 1 udp 1680080895 203.0.113.1 20000 typ srflx raddr 10.0.0.2 rport 6000 generation 0",
        mapped.foundation
    );
    assert_eq!(mapped.line, line);
    let report = world.sides[0].report()[0];
    assert_eq!((report.kind, report.state), (PathKind::Stun, PathState::Ready));
    assert_eq!((report.rtt, report.candidate), (Some(40 * MS), Some(mapped.addr)));
}

#[test]
fn a_symmetric_translator_shows_another_address_to_each_server() {
    let mut world = World::perfect();
    behind(&mut world, NatKind::Symmetric, &["198.51.100.9:3478", "198.51.100.9:3479"]);
    world.run(SECOND);
    let found = world.sides[0].found(CandidateKind::ServerReflexive);
    let addrs: Vec<_> = found.iter().map(|candidate| candidate.addr).collect();
    assert_eq!(addrs, [addr("203.0.113.1:20000"), addr("203.0.113.1:20001")]);
    assert!(found[0].priority > found[1].priority);
}

#[test]
fn without_a_translator_there_is_nothing_to_add() {
    let mut world = World::perfect();
    world.serve(SERVER, Mirror);
    let servers = vec![stun("198.51.100.9:3478")];
    world.sides.push(Side::new(&["192.0.2.10"], vec![], servers, true, 1, world.now));
    world.run(SECOND);
    assert_eq!(world.sides[0].candidates.len(), 1);
    assert_eq!(world.sides[0].report()[0].state, PathState::Ready);
}

#[test]
fn questions_are_repeated_until_one_gets_through_and_then_keep_the_mapping_alive() {
    let mut world = World::perfect();
    behind(&mut world, NatKind::Open, &["198.51.100.9:3478"]);
    world.set_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    world.run(SECOND);
    world.set_link(LinkConfig { delay: 20 * MS, ..LinkConfig::default() });
    assert_eq!(world.sides[0].report()[0].state, PathState::Asking { tried: 2 });
    world.run(SECOND);
    assert_eq!(world.sides[0].found(CandidateKind::ServerReflexive).len(), 1);
    assert_eq!(world.sides[0].sent.len(), 3, "at 0, 500 and 1500 ms");
    world.run(60 * SECOND);
    assert_eq!(world.sides[0].sent.len(), 3 + 4, "and every fifteen seconds");
    assert_eq!(world.sides[0].lost.len(), 0);
}

#[test]
fn a_server_that_never_answers_is_reported_and_one_that_ceases_to_loses_its_candidate() {
    let mut world = World::perfect();
    behind(&mut world, NatKind::Open, &["198.51.100.9:3478"]);
    world.run(SECOND);
    world.servers.clear();
    world.run(60 * SECOND);
    assert_eq!(world.sides[0].report()[0].state, PathState::Silent);
    let lost = &world.sides[0].lost;
    assert_eq!((lost.len(), lost[0].kind), (1, CandidateKind::ServerReflexive));
}

#[test]
fn another_mapping_replaces_the_one_of_before() {
    let mut world = World::perfect();
    behind(&mut world, NatKind::Open, &["198.51.100.9:3478"]);
    world.run(SECOND);
    let other = Nat::new(NatKind::Open, "203.0.113.99".parse().expect("an address"), 30_000);
    world.sides[0].nat = Some(other);
    world.run(20 * SECOND);
    let found = world.sides[0].found(CandidateKind::ServerReflexive);
    assert_eq!(found[0].addr, addr("203.0.113.99:30000"));
    assert_eq!(world.sides[0].lost[0].addr, addr("203.0.113.1:20000"));
}

#[test]
fn two_sides_behind_translators_reach_each_other_by_their_mapped_addresses() {
    let mut world = World::perfect();
    behind(&mut world, NatKind::Restricted, &["198.51.100.9:3478"]);
    let mut other = Side::new(&["10.0.0.2"], vec![], vec![stun("198.51.100.9:3478")], true, 2, world.now);
    other.nat = Some(Nat::new(NatKind::Restricted, "203.0.113.2".parse().expect("an address"), 40_000));
    world.sides.push(other);
    world.run(SECOND);
    let mapped = [0, 1].map(|n: usize| world.sides[n].found(CandidateKind::ServerReflexive)[0].clone());
    // The first of each opens the own translator, the second gets through.
    for _ in 0..2 {
        assert!(world.send(0, mapped[0].base, mapped[1].addr, b"to one"));
        assert!(world.send(1, mapped[1].base, mapped[0].addr, b"to zero"));
        world.run(50 * MS);
    }
    let (inbound, payload) = &world.sides[0].received[0];
    assert_eq!((inbound.source, inbound.destination), (mapped[1].addr, mapped[0].base));
    assert_eq!(payload, b"to zero");
    assert_eq!(world.sides[1].payloads()[0], b"to one");
}
