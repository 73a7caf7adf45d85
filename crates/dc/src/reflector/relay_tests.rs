use std::net::SocketAddr;

use super::*;
use crate::budget::{BURST, RATE};
use packet::{PEER_INFO_LEN, SELF_INFO_LEN};

const A: PeerTag = PeerTag([0xa; 16]);
const B: PeerTag = PeerTag([0xb; 16]);

fn addr(port: u16) -> Place {
    Place::Udp(SocketAddr::from(([10, 0, 0, 1], port)))
}

fn datagram(tag: PeerTag, len: usize, fill: u8) -> Vec<u8> {
    let mut bytes = vec![fill; len];
    bytes[..TAG_LEN].copy_from_slice(&tag.0);
    bytes
}

fn self_info(tag: PeerTag) -> Vec<u8> {
    let mut bytes = datagram(tag, 40, 0xff);
    bytes[28] = 0xfe;
    bytes[32..].copy_from_slice(&5_i64.to_le_bytes());
    bytes
}

fn relay(link: LinkConfig) -> (Relay, Instant) {
    let now = Instant::now();
    let mut relay = Relay::new(link, 1);
    relay.add(now, [A, B], Lifetime::WhileUsed).unwrap();
    (relay, now)
}

#[test]
fn a_datagram_reaches_the_other_party_under_its_own_tag_and_otherwise_unchanged() {
    let (mut relay, now) = relay(LinkConfig::default());
    let mut bytes = datagram(A, 100, 1);
    assert_eq!(relay.handle(now, 0, addr(1), &mut bytes), None, "the other party is not known yet");
    let mut bytes = datagram(B, 100, 2);
    assert_eq!(relay.handle(now, 0, addr(2), &mut bytes), Some(addr(1)));
    assert_eq!(bytes, datagram(A, 100, 2));
    let mut bytes = datagram(A, 64, 3);
    assert_eq!(relay.handle(now, 0, addr(1), &mut bytes), Some(addr(2)));
    assert_eq!(bytes, datagram(B, 64, 3));
    let counters = relay.counters();
    assert_eq!((counters.received, counters.forwarded, counters.no_peer), (3, 2, 1));
    assert_eq!(counters.received_bytes, 264);
}

#[test]
fn a_party_that_changes_its_address_is_followed() {
    let (mut relay, now) = relay(LinkConfig::default());
    relay.handle(now, 0, addr(1), &mut datagram(A, 32, 1));
    assert_eq!(relay.handle(now, 0, addr(2), &mut datagram(B, 32, 1)), Some(addr(1)));
    relay.handle(now, 0, addr(9), &mut datagram(A, 32, 1));
    assert_eq!(relay.handle(now, 0, addr(2), &mut datagram(B, 32, 1)), Some(addr(9)));
}

#[test]
fn only_well_formed_datagrams_teach_an_address() {
    let (mut relay, now) = relay(LinkConfig::default());
    relay.handle(now, 0, addr(1), &mut datagram(A, 32, 1));
    relay.handle(now, 0, addr(66), &mut datagram(A, 31, 1));
    let mut odd_special = self_info(A);
    odd_special.push(0);
    relay.handle(now, 0, addr(66), &mut odd_special);
    assert_eq!(relay.handle(now, 0, addr(2), &mut datagram(B, 32, 1)), Some(addr(1)));
    assert_eq!(relay.counters().malformed, 2);
}

#[test]
fn strangers_get_nothing() {
    let (mut relay, now) = relay(LinkConfig::default());
    let unknown = PeerTag([0xc; 16]);
    assert_eq!(relay.handle(now, 0, addr(1), &mut self_info(unknown)), None);
    assert_eq!(relay.handle(now, 0, addr(1), &mut datagram(unknown, 200, 1)), None);
    assert_eq!(relay.handle(now, 0, addr(1), &mut vec![1; 15]), None);
    assert_eq!(relay.handle(now, 0, addr(1), &mut Vec::new()), None);
    let counters = relay.counters();
    assert_eq!((counters.unknown_tag, counters.malformed), (2, 2));
}

#[test]
fn self_info_is_answered_even_when_the_other_party_is_absent() {
    let (mut relay, now) = relay(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    let mut bytes = self_info(A);
    assert_eq!(relay.handle(now, 77, addr(1), &mut bytes), Some(addr(1)));
    assert_eq!(bytes.len(), SELF_INFO_LEN);
    assert_eq!(bytes[32..36], 77_i32.to_le_bytes());
    assert_eq!(bytes[36..44], 5_i64.to_le_bytes());
    assert_eq!(relay.counters().self_info, 1);
}

#[test]
fn peer_info_needs_both_addresses() {
    let (mut relay, now) = relay(LinkConfig::default());
    let ask = datagram(A, 32, 0xff);
    assert_eq!(relay.handle(now, 0, addr(1), &mut ask.clone()), None);
    relay.handle(now, 0, addr(2), &mut self_info(B));
    let mut bytes = ask;
    assert_eq!(relay.handle(now, 0, addr(1), &mut bytes), Some(addr(1)));
    assert_eq!(bytes.len(), PEER_INFO_LEN);
    assert_eq!(bytes[32..40], [10, 0, 0, 1, 1, 0, 0, 0]);
    assert_eq!(bytes[40..48], [10, 0, 0, 1, 2, 0, 0, 0]);
}

#[test]
fn a_tag_over_its_budget_is_held_back_and_recovers() {
    let (mut relay, now) = relay(LinkConfig::default());
    for _ in 0..BURST + 10 {
        relay.handle(now, 0, addr(1), &mut datagram(A, 32, 1));
    }
    assert_eq!(relay.counters().rate_limited, 10);
    let later = now + Duration::from_millis(100);
    for _ in 0..RATE / 10 + 1 {
        relay.handle(later, 0, addr(1), &mut datagram(A, 32, 1));
    }
    assert_eq!(relay.counters().rate_limited, 11);
    relay.handle(later, 0, addr(2), &mut datagram(B, 32, 1));
    assert_eq!(relay.counters().rate_limited, 11, "the other party has a budget of its own");
}

#[test]
fn a_pair_nobody_uses_is_forgotten_and_one_in_use_is_not() {
    let (mut relay, now) = relay(LinkConfig::default());
    let (c, d) = (PeerTag([0xc; 16]), PeerTag([0xd; 16]));
    let (e, f) = (PeerTag([0xe; 16]), PeerTag([0xf; 16]));
    relay.add(now, [c, d], Lifetime::WhileUsed).unwrap();
    relay.add(now, [e, f], Lifetime::Forever).unwrap();
    let mut at = now;
    while at <= now + IDLE + SWEEP {
        relay.handle(at, 0, addr(1), &mut datagram(A, 32, 1));
        at += Duration::from_secs(1);
    }
    let counters = relay.counters();
    assert_eq!((counters.pairs, counters.expired_pairs), (2, 1));
    assert_eq!(relay.handle(at, 0, addr(1), &mut self_info(c)), None);
    assert_eq!(relay.handle(at, 0, addr(1), &mut self_info(e)), Some(addr(1)));
    assert!(relay.add(at, [c, d], Lifetime::WhileUsed).is_ok(), "its tags are free again");
}

#[test]
fn a_tag_belongs_to_one_pair() {
    let (mut relay, now) = relay(LinkConfig::default());
    assert_eq!(relay.add(now, [A, PeerTag([1; 16])], Lifetime::Forever), Err(TagInUse));
    assert_eq!(relay.add(now, [PeerTag([1; 16]), PeerTag([1; 16])], Lifetime::Forever), Err(TagInUse));
    assert!(relay.remove(B));
    assert!(!relay.remove(A));
    assert!(relay.add(now, [A, PeerTag([1; 16])], Lifetime::Forever).is_ok());
}

#[test]
fn impairments_touch_what_is_forwarded_and_nothing_else() {
    let (mut relay, now) = relay(LinkConfig { delay: Duration::from_millis(30), ..LinkConfig::default() });
    assert_eq!(relay.handle(now, 0, addr(1), &mut self_info(A)), Some(addr(1)), "answers come at once");
    assert_eq!(relay.handle(now, 0, addr(2), &mut datagram(B, 40, 9)), None);
    assert_eq!(relay.next_at(), Some(now + Duration::from_millis(30)));
    let mut out = Vec::new();
    assert_eq!(relay.poll(now + Duration::from_millis(29), &mut out), None);
    assert_eq!(relay.poll(now + Duration::from_millis(30), &mut out), Some(addr(1)));
    assert_eq!(out, datagram(A, 40, 9));
    assert_eq!(relay.next_at(), None);
}

#[test]
fn a_path_that_is_cut_and_mended_loses_what_was_sent_meanwhile() {
    let (mut relay, now) = relay(LinkConfig::default());
    let arrives = |relay: &mut Relay| relay.handle(now, 0, addr(2), &mut datagram(B, 40, 9)) == Some(addr(1));
    relay.handle(now, 0, addr(1), &mut self_info(A));
    assert!(arrives(&mut relay));
    relay.set_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    assert!(!arrives(&mut relay) && !arrives(&mut relay));
    relay.set_link(LinkConfig::default());
    assert!(arrives(&mut relay));
    let counters = relay.counters();
    assert_eq!((counters.forwarded, counters.impaired), (2, 2));
}

#[test]
fn directions_and_calls_have_luck_of_their_own_and_the_same_seed_the_same_luck() {
    let lost = |seed| {
        let now = Instant::now();
        let mut relay = Relay::new(LinkConfig { loss: 0.5, ..LinkConfig::default() }, seed);
        relay.add(now, [A, B], Lifetime::Forever).unwrap();
        relay.handle(now, 0, addr(1), &mut self_info(A));
        relay.handle(now, 0, addr(2), &mut self_info(B));
        let mut way = |tag, from| -> Vec<bool> {
            (0..64).map(|_| relay.handle(now, 0, from, &mut datagram(tag, 32, 1)).is_none()).collect()
        };
        (way(A, addr(1)), way(B, addr(2)))
    };
    let (there, back) = lost(1);
    assert_ne!(there, back);
    assert_eq!(lost(1), (there.clone(), back));
    assert_ne!(lost(2).0, there);
}

/// Tags of a modern call: alike but for the byte that tells caller from callee.
const CALLER: PeerTag = PeerTag([0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0, 0]);
const CALLEE: PeerTag = PeerTag([1, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0, 0]);

fn modern_relay(link: LinkConfig) -> (Relay, Instant) {
    let now = Instant::now();
    let mut relay = Relay::new(link, 1);
    relay.add(now, [CALLER, CALLEE], Lifetime::WhileUsed).unwrap();
    (relay, now)
}

fn tag_of(tag: PeerTag, socket: u32) -> PeerTag {
    let mut tag = tag;
    tag.0[12..].copy_from_slice(&socket.to_le_bytes());
    tag
}

fn hello(tag: PeerTag, socket: u32) -> Vec<u8> {
    self_info(tag_of(tag, socket))
}

fn data(tag: PeerTag, to: u32, own: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = tag_of(tag, to).0.to_vec();
    bytes.extend(own.to_le_bytes());
    bytes.extend((payload.len() as u32).to_be_bytes());
    bytes.extend(payload);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A modern call with sockets 11 (caller, at port 1) and 22 (callee, at port 2).
fn modern_call(link: LinkConfig) -> (Relay, Instant) {
    let (mut relay, now) = modern_relay(link);
    assert_eq!(relay.handle(now, 0, addr(1), &mut hello(CALLER, 11)), Some(addr(1)));
    assert_eq!(relay.handle(now, 0, addr(2), &mut hello(CALLEE, 22)), Some(addr(2)));
    (relay, now)
}

#[test]
fn a_modern_hello_is_answered_under_the_whole_name_of_the_socket() {
    let (mut relay, now) = modern_relay(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    let mut bytes = hello(CALLER, 11);
    assert_eq!(relay.handle(now, 77, addr(1), &mut bytes), Some(addr(1)));
    assert_eq!((bytes.len(), &bytes[..16]), (SELF_INFO_LEN, &tag_of(CALLER, 11).0[..]));
    assert_eq!(bytes[16..28], [0xff; 12], "clients take anything else for data");
    assert_eq!(bytes[36..44], 5_i64.to_le_bytes());
    let counters = relay.counters();
    assert_eq!((counters.hellos, counters.self_info), (1, 1));
}

#[test]
fn modern_data_reaches_the_named_socket_with_only_the_prefix_replaced() {
    let (mut relay, now) = modern_call(LinkConfig::default());
    relay.handle(now, 0, addr(3), &mut hello(CALLEE, 33));
    for (to, port) in [(22, 2), (33, 3)] {
        let mut bytes = data(CALLER, to, 11, b"hello");
        assert_eq!(relay.handle(now, 0, addr(1), &mut bytes), Some(addr(port)));
        assert_eq!(bytes, data(CALLEE, to, 11, b"hello"));
    }
    let mut bytes = data(CALLEE, 11, 33, b"back");
    assert_eq!(relay.handle(now, 0, addr(3), &mut bytes), Some(addr(1)));
    assert_eq!(bytes, data(CALLER, 11, 33, b"back"));
    assert_eq!(relay.counters().forwarded, 3);
}

#[test]
fn a_modern_socket_that_changes_its_address_is_followed() {
    let (mut relay, now) = modern_call(LinkConfig::default());
    assert_eq!(relay.handle(now, 0, addr(9), &mut data(CALLER, 22, 11, &[1])), Some(addr(2)));
    assert_eq!(relay.handle(now, 0, addr(2), &mut data(CALLEE, 11, 22, &[1])), Some(addr(9)));
    relay.handle(now, 0, addr(8), &mut hello(CALLER, 11));
    assert_eq!(relay.handle(now, 0, addr(2), &mut data(CALLEE, 11, 22, &[1])), Some(addr(8)));
}

#[test]
fn only_sockets_that_said_hello_send_and_receive() {
    let (mut relay, now) = modern_call(LinkConfig::default());
    assert_eq!(relay.handle(now, 0, addr(1), &mut data(CALLER, 22, 12, &[1])), None, "unknown sender");
    assert_eq!(relay.handle(now, 0, addr(1), &mut data(CALLER, 23, 11, &[1])), None, "unknown receiver");
    assert_eq!(relay.handle(now, 0, addr(1), &mut data(CALLER, 11, 11, &[1])), None, "one's own side");
    let stranger = PeerTag([9; 16]);
    assert_eq!(relay.handle(now, 0, addr(1), &mut data(stranger, 22, 11, &[1])), None);
    let mut cut = data(CALLER, 22, 11, &[1; 8]);
    cut.truncate(28);
    assert_eq!(relay.handle(now, 0, addr(1), &mut cut), None, "longer than it is");
    let counters = relay.counters();
    assert_eq!((counters.unregistered, counters.no_peer), (1, 2));
    assert_eq!((counters.unknown_tag, counters.malformed, counters.forwarded), (1, 1, 0));
}

#[test]
fn silent_sockets_are_forgotten_and_those_that_say_hello_stay() {
    let (mut relay, now) = modern_call(LinkConfig::default());
    relay.handle(now, 0, addr(3), &mut hello(CALLER, 12));
    let mut at = now;
    while at <= now + IDLE + 2 * SWEEP {
        relay.handle(at, 0, addr(1), &mut hello(CALLER, 11));
        relay.handle(at, 0, addr(2), &mut hello(CALLEE, 22));
        at += Duration::from_secs(10);
    }
    assert_eq!(relay.counters().expired_sockets, 1);
    assert_eq!(relay.handle(at, 0, addr(2), &mut data(CALLEE, 12, 22, &[1])), None);
    assert_eq!(relay.handle(at, 0, addr(2), &mut data(CALLEE, 11, 22, &[1])), Some(addr(1)));
}

#[test]
fn a_party_with_too_many_sockets_loses_the_one_silent_for_longest() {
    let (mut relay, now) = modern_call(LinkConfig::default());
    let later = |socket: u32| now + Duration::from_millis(u64::from(socket));
    for socket in 100..100 + MOST_SOCKETS as u32 {
        relay.handle(later(socket), 0, addr(3), &mut hello(CALLER, socket));
    }
    assert_eq!(relay.counters().displaced_sockets, 1);
    let at = later(1_000);
    assert_eq!(relay.handle(at, 0, addr(2), &mut data(CALLEE, 11, 22, &[1])), None, "the first one is gone");
    assert_eq!(relay.handle(at, 0, addr(2), &mut data(CALLEE, 100, 22, &[1])), Some(addr(3)));
}

#[test]
fn impairments_and_budgets_hold_for_modern_calls_as_well() {
    let (mut relay, now) =
        modern_call(LinkConfig { delay: Duration::from_millis(30), ..LinkConfig::default() });
    assert_eq!(relay.handle(now, 0, addr(1), &mut data(CALLER, 22, 11, &[1])), None);
    let mut out = Vec::new();
    assert_eq!(relay.poll(now + Duration::from_millis(29), &mut out), None);
    assert_eq!(relay.poll(now + Duration::from_millis(30), &mut out), Some(addr(2)));
    assert_eq!(out, data(CALLEE, 22, 11, &[1]));
    // Two datagrams were sent: the hello and the one above.
    for _ in 0..BURST {
        relay.handle(now, 0, addr(1), &mut hello(CALLER, 11));
    }
    assert_eq!(relay.counters().rate_limited, 2);
}

#[test]
fn tags_that_start_alike_serve_the_older_family_only() {
    let now = Instant::now();
    let mut relay = Relay::new(LinkConfig::default(), 1);
    let (a, b) = (tag_of(CALLER, 1), tag_of(CALLER, 2));
    relay.add(now, [a, b], Lifetime::Forever).unwrap();
    assert_eq!(relay.handle(now, 0, addr(1), &mut hello(CALLER, 11)), None);
    assert_eq!(relay.counters().unknown_tag, 1);
    relay.handle(now, 0, addr(1), &mut self_info(a));
    assert_eq!(relay.handle(now, 0, addr(2), &mut datagram(b, 32, 1)), Some(addr(1)));
    // A pair that starts like a modern one does not take its prefix, nor does it take it away when it leaves.
    relay.add(now, [CALLER, CALLEE], Lifetime::Forever).unwrap();
    relay.add(now, [tag_of(CALLER, 3), tag_of(CALLEE, 3)], Lifetime::Forever).unwrap();
    assert!(relay.remove(tag_of(CALLER, 3)));
    assert_eq!(relay.handle(now, 0, addr(1), &mut hello(CALLER, 11)), Some(addr(1)));
}

#[test]
fn tcp_and_udp_parties_meet_in_both_families() {
    let tcp = |connection| Place::Tcp { connection, addr: SocketAddr::from(([10, 0, 0, 9], 9)) };
    let (mut relay, now) = modern_relay(LinkConfig::default());
    let mut short = tag_of(CALLER, 11).0.to_vec();
    short.extend([0; 4]);
    assert_eq!(relay.handle(now, 0, addr(1), &mut short.clone()), None);
    assert_eq!((relay.counters().malformed, relay.counters().hellos), (1, 0), "short hellos are for TCP");
    assert_eq!(relay.handle(now, 0, tcp(4), &mut short), None);
    assert_eq!(relay.counters().hellos, 1);
    relay.handle(now, 0, addr(2), &mut hello(CALLEE, 22));
    assert_eq!(relay.handle(now, 0, addr(2), &mut data(CALLEE, 11, 22, &[1])), Some(tcp(4)));
    assert_eq!(relay.handle(now, 0, tcp(4), &mut data(CALLER, 22, 11, &[1])), Some(addr(2)));
    relay.add(now, [A, B], Lifetime::Forever).unwrap();
    relay.handle(now, 0, tcp(5), &mut self_info(A));
    assert_eq!(relay.handle(now, 0, addr(2), &mut datagram(B, 32, 1)), Some(tcp(5)));
    let asked = relay.handle(now, 0, addr(2), &mut datagram(B, 32, 0xff));
    assert_eq!((asked, relay.counters().no_peer), (None, 1), "a TCP address is of no use to a UDP party");
}
