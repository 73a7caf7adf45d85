//! Telegram relays over TCP between two sides.

use std::net::SocketAddr;

use offhook_netsim::LinkConfig;

use super::super::{CandidateKind, PathKind, PathState};
use super::reflector::Reflector;
use super::sim::{MS, SECOND, Side, World, addr};
use crate::{Endpoint, EndpointKind, PeerTag, Via};

const RELAY: &str = "198.51.100.1";

fn relay(side: u8, kind: EndpointKind) -> Endpoint {
    let tag = PeerTag([side, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    Endpoint { kind, ..Endpoint::relay(5, addr("198.51.100.1:598"), tag) }
}

/// Two sides at one relay, each over its own transport.
fn pair(world: &mut World, kinds: [EndpointKind; 2]) {
    world.serve(RELAY, Reflector::default());
    for (n, ip) in ["192.0.2.10", "203.0.113.20"].iter().enumerate() {
        let relays = vec![relay(n as u8, kinds[n])];
        world.sides.push(Side::new(&[ip], relays, vec![], false, n as u8 + 1, world.now));
    }
}

fn port(world: &World, side: usize) -> SocketAddr {
    let [only] = &world.sides[side].found(CandidateKind::Relay)[..] else { panic!("one candidate") };
    only.addr
}

#[test]
fn payloads_go_both_ways_over_tcp_and_between_tcp_and_udp() {
    use EndpointKind::{TcpRelay, UdpRelay};

    for kinds in [[TcpRelay, TcpRelay], [TcpRelay, UdpRelay], [UdpRelay, TcpRelay]] {
        // What travels in streams arrives whatever the network loses.
        let mut world = World::perfect();
        pair(&mut world, kinds);
        world.run(SECOND);
        world.exchange();
        let ports = [port(&world, 0), port(&world, 1)];
        for n in 0..50_u8 {
            assert!(world.send(0, ports[0], ports[1], &vec![n; usize::from(n) * 20 + 1]));
            assert!(world.send(1, ports[1], ports[0], &[n]));
            world.run(20 * MS);
        }
        world.run(SECOND);
        for (side, other) in [(0, 1), (1, 0)] {
            let received = &world.sides[side].received;
            assert_eq!(received.len(), 50, "{kinds:?}");
            for (n, (inbound, payload)) in received.iter().enumerate() {
                assert_eq!((inbound.source, inbound.destination), (ports[other], ports[side]));
                assert_eq!(payload, &vec![n as u8; if side == 1 { n * 20 + 1 } else { 1 }]);
            }
            assert_eq!(world.sides[side].stats().dropped_malformed, 0);
        }
    }
}

#[test]
fn a_connection_is_a_candidate_at_once_and_worth_less_than_udp() {
    let mut world = World::perfect();
    pair(&mut world, [EndpointKind::TcpRelay; 2]);
    world.run(40 * MS);
    let candidate = &world.sides[0].candidates[0];
    assert!(candidate.line.contains(" 1 udp 19136511 reflector-1-"), "{}", candidate.line);
    assert_eq!(candidate.priority, 1 << 24 | 35 << 16 | 255 << 8 | 255);
    let report = world.sides[0].report()[0];
    assert_eq!((report.kind, report.state, report.rtt), (PathKind::TcpReflector, PathState::Ready, None));
    world.run(40 * MS);
    assert_eq!(world.sides[0].report()[0].rtt, Some(40 * MS));
    assert_eq!(world.sides[0].sent.len(), 1, "opening and greeting in one piece");
    world.run(25 * SECOND);
    assert_eq!(world.sides[0].sent.len(), 3, "and a greeting every ten seconds");
}

/// A side whose relay over UDP is at `udp`, and the one over TCP where a relay is served.
fn both_ways(world: &mut World, udp: &str) {
    world.serve(RELAY, Reflector::default());
    let over_udp = Endpoint { addr: addr(udp), ..relay(0, EndpointKind::UdpRelay) };
    let relays = vec![over_udp, relay(0, EndpointKind::TcpRelay)];
    world.sides.push(Side::new(&["192.0.2.10"], relays, vec![], false, 1, world.now));
}

#[test]
fn where_udp_answers_no_connection_is_made_until_contact_is_late_or_lost() {
    let mut world = World::perfect();
    both_ways(&mut world, "198.51.100.1:598");
    world.run(3 * SECOND);
    assert!(world.sides[0].opened.is_empty());
    world.run(SECOND);
    assert_eq!(world.sides[0].opened.len(), 1, "nobody is heard over UDP");

    let mut world = World::perfect();
    both_ways(&mut world, "198.51.100.1:598");
    world.run(SECOND);
    let now = world.now;
    world.sides[0].paths.contact_made(now);
    world.run(10 * SECOND);
    assert!(world.sides[0].opened.is_empty());
    assert_eq!(world.sides[0].report()[1].state, PathState::Spare);
    let now = world.now;
    world.sides[0].paths.contact_lost(now);
    world.run(SECOND);
    assert_eq!(world.sides[0].opened.len(), 1);
    assert_eq!(world.sides[0].report()[1].state, PathState::Ready);
}

#[test]
fn where_udp_is_silent_a_connection_is_made_half_a_second_later() {
    let mut world = World::perfect();
    both_ways(&mut world, "198.51.100.2:598");
    world.run(499 * MS);
    assert!(world.sides[0].opened.is_empty());
    world.run(2 * MS);
    assert_eq!(world.sides[0].opened.len(), 1);
}

#[test]
fn a_relay_that_refuses_is_tried_again_and_again_more_slowly() {
    let mut world = World::perfect();
    pair(&mut world, [EndpointKind::TcpRelay; 2]);
    world.sides[0].refuses = Some(Via::Tcp(0));
    world.run(14 * SECOND);
    assert_eq!(world.sides[0].opened.len(), 4, "at 0, 1, 3 and 7 s");
    assert_eq!(world.sides[0].report()[0].state, PathState::Asking { tried: 4 });
    world.sides[0].refuses = None;
    world.run(2 * SECOND);
    assert_eq!(world.sides[0].candidates.len(), 1);
}

#[test]
fn after_a_change_of_network_there_is_another_connection_and_another_port() {
    let mut world = World::perfect();
    pair(&mut world, [EndpointKind::TcpRelay; 2]);
    world.run(SECOND);
    let before = port(&world, 0);
    let now = world.now;
    world.sides[0].move_to(&["192.0.2.99"], now);
    world.sides[0].paths.network_changed(now);
    world.run(SECOND);
    assert_eq!(world.sides[0].lost[0].addr, before);
    let after = port(&world, 0);
    assert_ne!(after, before);
    world.exchange();
    let peer = port(&world, 1);
    assert!(world.send(1, peer, after, b"still here"));
    world.run(SECOND);
    assert_eq!(world.sides[0].payloads(), [b"still here"]);
    assert!(!world.send(0, before, peer, b"from a port that is no more"));
}

#[test]
fn a_stream_that_makes_no_sense_is_given_up_and_made_anew() {
    let mut world = World::perfect();
    pair(&mut world, [EndpointKind::TcpRelay; 2]);
    world.run(SECOND);
    let now = world.now;
    world.sides[0].paths.receive(now, Via::Tcp(0), addr("198.51.100.1:598"), &[0xff; 8]);
    world.run(2 * SECOND);
    assert_eq!(world.sides[0].stats().streams_broken, 1);
    assert_eq!((world.sides[0].closed.len(), world.sides[0].opened.len()), (1, 2));
    assert_eq!((world.sides[0].lost.len(), world.sides[0].candidates.len()), (1, 1));
}

#[test]
fn a_relay_that_has_gone_silent_is_left_and_tried_again() {
    let mut world = World::perfect();
    pair(&mut world, [EndpointKind::TcpRelay; 2]);
    world.run(SECOND);
    // From now on the world has no such server: what is sent there is lost, and nothing resets the connection.
    world.servers.clear();
    world.set_link(LinkConfig { delay: 20 * MS, ..LinkConfig::default() });
    world.run(32 * SECOND);
    assert_eq!(world.sides[0].lost.len(), 1);
    assert_eq!(world.sides[0].closed, [Via::Tcp(0)]);
    world.serve(RELAY, Reflector::default());
    world.run(20 * SECOND);
    assert_eq!(world.sides[0].candidates.len(), 1);
}

#[test]
fn connections_beyond_eight_are_refused() {
    let now = crate::testing::origin();
    let list = (0..10).map(|n| Endpoint { id: n, ..relay(0, EndpointKind::TcpRelay) }).collect();
    let side = Side::new(&["192.0.2.10"], list, vec![], false, 1, now);
    assert_eq!(side.report().len(), 8);
    assert_eq!(side.stats().servers_refused, 2);
}

#[test]
fn the_end_closes_connections() {
    let mut world = World::perfect();
    pair(&mut world, [EndpointKind::TcpRelay; 2]);
    world.run(SECOND);
    let now = world.now;
    world.sides[0].paths.close(now);
    world.run(60 * SECOND);
    assert_eq!((world.sides[0].opened.len(), world.sides[0].closed.len()), (1, 1));
}
