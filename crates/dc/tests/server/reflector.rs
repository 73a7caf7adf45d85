use std::{
    net::UdpSocket,
    time::{Duration, Instant},
};

use offhook_dc::{LinkConfig, PeerTag, Reflector};

const CALLER: PeerTag = PeerTag([1; 16]);
const CALLEE: PeerTag = PeerTag([2; 16]);

fn socket(to: std::net::SocketAddr) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(to).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    socket
}

fn receive(socket: &UdpSocket) -> Vec<u8> {
    let mut bytes = vec![0; 2048];
    let len = socket.recv(&mut bytes).unwrap();
    bytes.truncate(len);
    bytes
}

fn self_info(tag: PeerTag) -> Vec<u8> {
    let mut bytes = tag.0.to_vec();
    bytes.extend([0xff; 12]);
    bytes.extend((-2_i32).to_le_bytes());
    bytes.extend(77_i64.to_le_bytes());
    bytes
}

fn datagram(tag: PeerTag, fill: u8) -> Vec<u8> {
    let mut bytes = tag.0.to_vec();
    bytes.extend([fill; 80]);
    bytes
}

#[test]
fn two_parties_talk_through_it() {
    let reflector =
        Reflector::bind("127.0.0.1:0".parse().unwrap(), [(CALLER, CALLEE)], LinkConfig::default(), 1)
            .unwrap();
    let (caller, callee) = (socket(reflector.addr()), socket(reflector.addr()));
    for (party, tag) in [(&caller, CALLER), (&callee, CALLEE)] {
        party.send(&self_info(tag)).unwrap();
        let answer = receive(party);
        assert_eq!((answer.len(), &answer[..16]), (64, &tag.0[..]));
        assert_eq!(answer[36..44], 77_i64.to_le_bytes());
        let port = party.local_addr().unwrap().port();
        assert_eq!(answer[60..64], i32::from(port).to_le_bytes());
    }
    for turn in 0..50 {
        caller.send(&datagram(CALLER, turn)).unwrap();
        assert_eq!(receive(&callee), datagram(CALLEE, turn));
        callee.send(&datagram(CALLEE, turn)).unwrap();
        assert_eq!(receive(&caller), datagram(CALLER, turn));
    }
    let counters = reflector.counters();
    assert_eq!((counters.received, counters.forwarded, counters.self_info), (102, 100, 2));
    reflector.shutdown();
}

#[test]
fn a_slow_link_delivers_everything_at_its_time() {
    let link = LinkConfig { delay: Duration::from_millis(30), ..LinkConfig::default() };
    let reflector = Reflector::bind("127.0.0.1:0".parse().unwrap(), [(CALLER, CALLEE)], link, 1).unwrap();
    let (caller, callee) = (socket(reflector.addr()), socket(reflector.addr()));
    callee.send(&self_info(CALLEE)).unwrap();
    receive(&callee);
    let start = Instant::now();
    for turn in 0..10 {
        caller.send(&datagram(CALLER, turn)).unwrap();
    }
    for turn in 0..10 {
        assert_eq!(receive(&callee), datagram(CALLEE, turn));
    }
    assert!(start.elapsed() >= Duration::from_millis(30));
}

#[test]
fn a_tag_given_twice_is_refused() {
    let pairs = [(CALLER, CALLEE), (CALLER, PeerTag([3; 16]))];
    let refused = Reflector::bind("127.0.0.1:0".parse().unwrap(), pairs, LinkConfig::default(), 1);
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}
