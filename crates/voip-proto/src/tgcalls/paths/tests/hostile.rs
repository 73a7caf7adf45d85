//! Bytes of people who wish us ill. Nothing panics, every refusal is counted.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::{Paths, Step};
use crate::testing::origin;
use crate::{Endpoint, PeerTag, Via};

const RELAY: &str = "198.51.100.1:598";

fn paths(p2p: bool, now: Instant) -> Paths {
    let relay = Endpoint::relay(10, RELAY.parse().expect("an address"), PeerTag([4; 16]));
    Paths::new(vec![relay], vec![], p2p, [3; 32], now)
}

fn drain(paths: &mut Paths, now: Instant) {
    let mut out = Vec::new();
    for turn in 0.. {
        assert!(turn < 200, "a storm");
        match paths.poll(now, &mut out) {
            Step::Open { via, .. } => {
                paths.opened(now, via, "0.0.0.0:5000".parse().expect("an address"));
            }
            Step::WaitUntil(deadline) => {
                assert!(deadline.is_none_or(|deadline| deadline > now));
                return;
            }
            _ => {}
        }
    }
}

#[test]
fn datagrams_of_strangers_are_counted_and_change_nothing() {
    let t0 = origin();
    let mut paths = paths(false, t0);
    let greeting: Vec<u8> = [paths.tags().next().expect("a relay").1.0.to_vec(), vec![0xff; 24]].concat();
    let relay: SocketAddr = RELAY.parse().expect("an address");
    let stranger: SocketAddr = "198.51.100.1:599".parse().expect("an address");
    drain(&mut paths, t0);
    for (via, from, bytes) in [
        (Via::Shared, stranger, &greeting[..]),
        (Via::Shared, relay, &greeting[..15]),
        (Via::Shared, relay, &[5; 40]),
        (Via::Udp(0), relay, &greeting[..]),
        (Via::Udp(7), relay, &greeting[..]),
        (Via::Tcp(0), relay, &greeting[..]),
    ] {
        paths.receive(t0, via, from, bytes);
    }
    assert_eq!(paths.stats().dropped_stranger, 6);
    assert!(matches!(paths.poll(t0, &mut Vec::new()), Step::WaitUntil(_)));
    paths.receive(t0, Via::Shared, relay, &greeting);
    assert!(matches!(paths.poll(t0, &mut Vec::new()), Step::Candidate(_)));
}

proptest! {
    #[test]
    fn any_datagram_is_taken_or_counted(
        tails in prop::collection::vec((0..4_u8, prop::collection::vec(any::<u8>(), 0..60)), 1..40),
        p2p in any::<bool>(),
    ) {
        let t0 = origin();
        let mut paths = paths(p2p, t0);
        paths.local_addresses(t0, &["192.0.2.10:1".parse().expect("an address")]);
        drain(&mut paths, t0);
        let tag = paths.tags().next().expect("a relay").1;
        let relay: SocketAddr = RELAY.parse().expect("an address");
        let mut payload = Vec::new();
        let mut taken = 0;
        for (n, (what, tail)) in tails.iter().enumerate() {
            let at = t0 + Duration::from_millis(n as u64 * 300);
            let whole = [&tag.0[..], tail].concat();
            match what {
                0 => paths.receive(at, Via::Shared, relay, &whole),
                1 => paths.receive(at, Via::Shared, relay, tail),
                2 => paths.receive(at, Via::Udp(0), relay, &whole),
                _ => paths.receive(at, Via::Tcp(0), relay, &whole),
            }
            while paths.inbound(&mut payload).is_some() {
                taken += 1;
                prop_assert!(!payload.is_empty());
            }
            drain(&mut paths, at);
        }
        let stats = paths.stats();
        prop_assert_eq!(stats.payloads_received, taken);
        let all = taken + stats.control_received + stats.dropped_stranger + stats.dropped_malformed;
        prop_assert_eq!(all, tails.len() as u64);
    }
}
