//! Candidate lines of the other side, as a whole call sees them.

use super::super::pseudo::Pseudo;
use super::super::{CandidateKind, Paths, RemoteCandidate};
use crate::testing::origin;
use crate::{Endpoint, PeerTag};

fn paths(p2p: bool) -> Paths {
    let relay = |id, addr: &str| Endpoint::relay(id, addr.parse().expect("an address"), PeerTag([4; 16]));
    let relays = vec![relay(10, "198.51.100.1:598"), relay(20, "198.51.100.2:599")];
    let mut paths = Paths::new(relays, vec![], p2p, [3; 32], origin());
    paths.local_addresses(origin(), &["192.0.2.10:1".parse().expect("an address")]);
    paths
}

#[test]
fn a_line_that_can_be_used_is_given_out_every_time_it_is_told() {
    let mut paths = paths(true);
    let expected = RemoteCandidate {
        kind: CandidateKind::ServerReflexive,
        addr: "203.0.113.5:6000".parse().expect("an address"),
        priority: 1_686_052_607,
        foundation: "842163049".into(),
    };
    let line = "candidate:842163049 1 udp 1686052607 203.0.113.5 6000 typ srflx raddr 0.0.0.0 rport 0";
    assert_eq!(paths.remote(line).as_ref(), Some(&expected));
    assert_eq!(paths.remote(line), Some(expected));
    let relay = "candidate:1 1 udp 58589952 reflector-2-7.reflector 599 typ relay generation 0 ufrag x";
    let expected = Pseudo { id: 2, r: 7, port: 599 }.addr();
    assert_eq!(paths.remote(relay).map(|candidate| candidate.addr), Some(expected));
    assert_eq!(paths.stats().lines_taken, 3);
}

#[test]
fn refused_lines_are_counted_by_their_reason() {
    let mut paths = paths(true);
    let own = paths.relays[0].port.tag.r();
    let lines = [
        "nonsense".to_owned(),
        "candidate:1 1 tcp 1 203.0.113.5 9 typ host tcptype active".to_owned(),
        "candidate:1 1 udp 1 0a1b.local 9 typ host".to_owned(),
        "candidate:1 1 udp 1 relay.example 9 typ relay".to_owned(),
        "candidate:1 1 udp 1 224.0.0.1 9 typ host".to_owned(),
        "candidate:1 1 udp 1 127.0.0.1 9 typ host".to_owned(),
        "candidate:1 1 udp 1 ::1 9 typ host".to_owned(),
        "candidate:1 1 udp 1 reflector-3-7.reflector 598 typ relay".to_owned(),
        "candidate:1 1 udp 1 reflector-1-7.reflector 599 typ relay".to_owned(),
        format!("candidate:1 1 udp 1 reflector-1-{own}.reflector 598 typ relay"),
    ];
    for line in &lines {
        assert_eq!(paths.remote(line), None, "{line}");
    }
    let stats = paths.stats();
    assert_eq!(
        (stats.lines_malformed, stats.lines_tcp, stats.lines_name, stats.lines_address, stats.lines_no_way),
        (1, 1, 2, 3, 3)
    );
    assert_eq!(stats.lines_taken, 0);
}

#[test]
fn addresses_beyond_thirty_two_are_refused_and_known_ones_are_not() {
    let mut paths = paths(true);
    let line = |n: u32| format!("candidate:1 1 udp 1 203.0.113.{n} 9 typ host");
    for n in 1..=32 {
        assert!(paths.remote(&line(n)).is_some());
    }
    assert_eq!(paths.remote(&line(33)), None);
    assert!(paths.remote(&line(1)).is_some());
    assert_eq!((paths.stats().lines_full, paths.stats().lines_taken), (1, 33));
}

#[test]
fn a_machine_that_has_loopback_alone_may_be_sent_there() {
    let mut paths = paths(true);
    let line = "candidate:1 1 udp 1 127.0.0.1 9 typ host";
    assert_eq!(paths.remote(line), None);
    paths.local_addresses(origin(), &["127.0.0.1:1".parse().expect("an address")]);
    assert!(paths.remote(line).is_some());
}
