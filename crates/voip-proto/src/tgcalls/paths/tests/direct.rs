//! Direct paths between two sides, and calls in which there must be none.

use super::super::CandidateKind;
use super::sim::{MS, Side, World, addr};
use crate::Via;

fn pair(world: &mut World, p2p: bool) {
    for (n, ips) in [["192.0.2.10", "2001:db8:a::10"], ["203.0.113.20", "2001:db8:b::20"]].iter().enumerate()
    {
        world.sides.push(Side::new(ips, vec![], vec![], p2p, n as u8 + 1, world.now));
    }
}

#[test]
fn every_interface_is_a_host_candidate_and_payloads_go_straight() {
    let mut world = World::perfect();
    pair(&mut world, true);
    world.run(MS);
    let lines: Vec<&str> = world.sides[0].candidates.iter().map(|candidate| &candidate.line[..]).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with(" 1 udp 2116288511 192.0.2.10 6000 typ host generation 0"), "{}", lines[0]);
    assert!(
        lines[1].ends_with(" 1 udp 2116615935 2001:db8:a::10 6001 typ host generation 0"),
        "{}",
        lines[1]
    );

    let remotes = world.exchange();
    assert_eq!(remotes[0].len(), 2);
    for n in [0, 1] {
        let (own, remote) = (world.sides[0].candidates[n].base, remotes[0][n].addr);
        assert!(world.send(0, own, remote, &[n as u8; 30]));
        world.run(20 * MS);
        let (inbound, payload) = &world.sides[1].received[n];
        assert_eq!((inbound.source, inbound.destination), (own, remote));
        assert_eq!(payload, &[n as u8; 30]);
    }
    let (four, six) = (world.sides[0].candidates[0].base, remotes[0][1].addr);
    assert!(!world.send(0, four, six, b"from one family to the other"));
    assert_eq!(world.sides[0].opened, [Via::Udp(0), Via::Udp(1)]);
}

#[test]
fn an_interface_that_comes_or_goes_is_told() {
    let mut world = World::perfect();
    pair(&mut world, true);
    world.run(MS);
    let now = world.now;
    world.sides[0].move_to(&["192.0.2.10", "10.8.0.1"], now);
    world.run(MS);
    let addrs: Vec<String> =
        world.sides[0].candidates.iter().map(|candidate| candidate.addr.to_string()).collect();
    assert_eq!(addrs, ["192.0.2.10:6000", "10.8.0.1:6000"]);
    assert_eq!(world.sides[0].lost[0].addr, addr("[2001:db8:a::10]:6001"));
}

#[test]
fn another_network_means_another_socket_and_other_candidates() {
    let mut world = World::perfect();
    pair(&mut world, true);
    world.run(MS);
    let now = world.now;
    world.sides[0].move_to(&["192.0.2.77"], now);
    world.sides[0].paths.network_changed(now);
    world.run(MS);
    assert_eq!(world.sides[0].closed, [Via::Udp(0), Via::Udp(1)]);
    assert_eq!(world.sides[0].lost.len(), 2);
    let found = world.sides[0].found(CandidateKind::Host);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].addr, addr("192.0.2.77:6002"));
}

#[test]
fn a_socket_that_cannot_be_had_is_asked_for_again() {
    let mut world = World::perfect();
    let now = world.now;
    world.sides.push(Side::new(&["192.0.2.10"], vec![], vec![], true, 1, now));
    world.sides[0].refuses = Some(Via::Udp(0));
    world.run(2000 * MS);
    assert_eq!(world.sides[0].opened, [Via::Udp(0); 2]);
    world.sides[0].refuses = None;
    world.run(1000 * MS);
    assert_eq!(world.sides[0].candidates.len(), 1);
}

#[test]
fn without_a_direct_path_no_socket_is_asked_for_and_no_candidate_of_an_interface_exists() {
    let mut world = World::perfect();
    pair(&mut world, false);
    world.run(1000 * MS);
    for side in &mut world.sides {
        assert!(side.opened.is_empty() && side.candidates.is_empty() && side.sent.is_empty());
        for line in [
            "candidate:1 1 udp 1 192.0.2.1 9 typ host",
            "candidate:1 1 udp 1 192.0.2.1 9 typ srflx raddr 10.0.0.1 rport 9",
            "candidate:1 1 udp 1 192.0.2.1 9 typ prflx",
        ] {
            assert_eq!(side.paths.remote(line), None);
        }
        assert_eq!(side.stats().lines_direct, 3);
        assert_eq!(side.paths.remote("candidate:1 1 udp 1 192.0.2.1 9 typ relay"), None);
        assert_eq!(side.stats().lines_no_way, 1, "there is no relay that leads to a real address");
    }
}
