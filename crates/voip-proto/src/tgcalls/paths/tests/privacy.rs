//! Without a direct path, nothing that leaves the machine tells where it is.

use std::net::IpAddr;
use std::time::Duration;

use super::super::CandidateKind;
use super::reflector::Reflector;
use super::servers::{Ledger, Mirror, Relay, stun, turn};
use super::sim::{SECOND, Side, World};
use crate::{Endpoint, EndpointKind, PeerTag};

/// The two forms in which an address may appear in bytes: as text, and as it is on the wire, also masked by STUN's cookie.
fn appears(ip: IpAddr, bytes: &[u8]) -> bool {
    let text = ip.to_string().into_bytes();
    let raw = match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let mut masked = raw.clone();
    masked.iter_mut().zip([0x21, 0x12, 0xa4, 0x42]).for_each(|(byte, mask)| *byte ^= mask);
    [text, raw, masked[..4].to_vec()]
        .iter()
        .any(|needle| bytes.windows(needle.len()).any(|window| window == &needle[..]))
}

#[test]
fn no_address_of_this_machine_is_in_any_line_or_packet() {
    let mut world = World::perfect();
    world.serve("198.51.100.1", Reflector::default());
    world.serve("198.51.100.9", Mirror);
    world.serve(
        "198.51.100.5",
        Relay::new("198.51.100.5:3478", world.start, Duration::from_secs(100), &Ledger::default()),
    );
    let ips = [["10.11.12.13", "2001:db8:a::10"], ["172.16.17.18", "2001:db8:b::20"]];
    for (n, ips) in ips.iter().enumerate() {
        let relay =
            Endpoint::relay(1, "198.51.100.1:598".parse().expect("an address"), PeerTag([n as u8; 16]));
        let relays = vec![relay, Endpoint { kind: EndpointKind::TcpRelay, ..relay }];
        let both = crate::IceServer { stun: true, ..turn("198.51.100.5:3478", "secret") };
        let servers = vec![stun("198.51.100.9:3478"), both];
        world.sides.push(Side::new(ips, relays, servers, false, n as u8 + 1, world.now));
    }
    // The connection follows when nobody has been heard over UDP for a while.
    world.run(4 * SECOND);
    let remotes = world.exchange();
    assert_eq!(remotes[0].len(), 3, "two ports at the relay and an address at the other one");
    world.run(SECOND);
    let own: Vec<_> = world.sides[0].candidates.iter().map(|candidate| candidate.base).collect();
    for from in own {
        for to in &remotes[0] {
            world.send(0, from, to.addr, b"\x80 a payload without any address in it");
        }
    }
    world.run(Duration::from_secs(4000));
    let now = world.now;
    world.sides[0].move_to(&ips[0], now);
    world.sides[0].paths.network_changed(now);
    world.run(SECOND);
    world.sides[0].paths.close(world.now);
    world.run(SECOND);

    assert!(!world.sides[1].received.is_empty());
    for (side, ips) in world.sides.iter().zip(ips) {
        assert!(side.sent.len() > 50);
        assert!(side.found(CandidateKind::Host).is_empty());
        assert!(side.found(CandidateKind::ServerReflexive).is_empty());
        for ip in ips.map(|ip| ip.parse().expect("an address")) {
            for candidate in side.candidates.iter().chain(&side.lost) {
                assert!(!appears(ip, candidate.line.as_bytes()), "{ip} in {}", candidate.line);
            }
            for (via, to, bytes) in &side.sent {
                assert!(!appears(ip, bytes), "{ip} to {to} over {via:?}: {}", hex::encode(bytes));
                assert_ne!(to.ip().to_string(), "198.51.100.9", "nobody is asked how we look");
            }
        }
    }
}

#[test]
fn the_search_for_addresses_finds_them() {
    let ip: IpAddr = "10.11.12.13".parse().expect("an address");
    assert!(appears(ip, b"raddr 10.11.12.13 rport 1"));
    assert!(appears(ip, &[1, 10, 11, 12, 13, 1]));
    assert!(appears(ip, &[0x2b, 0x19, 0xa8, 0x4f]));
    assert!(!appears(ip, b"raddr 10.11.12.1"));
}

#[test]
fn what_is_printed_of_the_ways_of_a_call_has_no_secret_in_it() {
    let mut world = World::perfect();
    let relay = Relay::new("198.51.100.5:3478", world.start, Duration::from_secs(100), &Ledger::default());
    world.serve("198.51.100.5", relay);
    let servers = vec![turn("198.51.100.5:3478", "secret")];
    world.sides.push(Side::new(&["192.0.2.10"], vec![], servers, false, 1, world.now));
    world.run(SECOND);
    assert_eq!(world.sides[0].candidates.len(), 1);
    let printed = format!("{:?}", world.sides[0].paths);
    assert!(!printed.contains("secret"), "{printed}");
}
