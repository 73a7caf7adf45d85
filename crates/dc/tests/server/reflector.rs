use std::{
    io::{Read, Write},
    net::{TcpStream, UdpSocket},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use offhook_dc::{LinkConfig, PeerTag, Reflector};
use offhook_mtproto::transport::{ClientTransport, Frame, Kind, Obfuscation};

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

/// Tags as a call of either family gets them.
const MODERN_CALLER: PeerTag = PeerTag([0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0]);
const MODERN_CALLEE: PeerTag = PeerTag([1, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0]);

fn name(tag: PeerTag, socket: u32) -> Vec<u8> {
    [&tag.0[..12], &socket.to_le_bytes()].concat()
}

fn hello(tag: PeerTag, socket: u32) -> Vec<u8> {
    let mut bytes = name(tag, socket);
    bytes.extend([0xff; 12]);
    bytes.extend([0xfe, 0xff, 0xff, 0xff]);
    bytes.extend(123_u64.to_be_bytes());
    bytes
}

fn data(tag: PeerTag, to: u32, own: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = name(tag, to);
    bytes.extend(own.to_le_bytes());
    bytes.extend((payload.len() as u32).to_be_bytes());
    bytes.extend(payload);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn modern_reflector() -> offhook_dc::ReflectorHandle {
    let pairs = [(MODERN_CALLER, MODERN_CALLEE)];
    Reflector::bind("127.0.0.1:0".parse().unwrap(), pairs, LinkConfig::default(), 1).unwrap()
}

/// A TCP connection of a modern call.
struct Stream(TcpStream);

impl Stream {
    fn open(to: std::net::SocketAddr) -> Self {
        let mut stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.write_all(&[0xee; 4]).unwrap();
        Self(stream)
    }

    fn send(&mut self, packet: &[u8]) {
        self.0.write_all(&(packet.len() as u32).to_le_bytes()).unwrap();
        self.0.write_all(packet).unwrap();
    }

    fn receive(&mut self) -> Vec<u8> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).unwrap();
        let mut packet = vec![0; u32::from_le_bytes(length) as usize];
        self.0.read_exact(&mut packet).unwrap();
        packet
    }
}

#[test]
fn sockets_of_a_modern_call_talk_over_udp_and_over_ipv6_where_there_is_one() {
    let reflector = modern_reflector();
    let caller = socket(reflector.addr());
    let callee = match reflector.addr_v6() {
        Some(addr) => {
            assert_eq!(addr.port(), reflector.addr().port());
            let socket = UdpSocket::bind("[::1]:0").unwrap();
            socket.connect(addr).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            socket
        }
        None => socket(reflector.addr()),
    };
    for (party, tag, number) in [(&caller, MODERN_CALLER, 11), (&callee, MODERN_CALLEE, 22)] {
        party.send(&hello(tag, number)).unwrap();
        let answer = receive(party);
        assert_eq!((answer.len(), &answer[..28]), (64, &hello(tag, number)[..28]));
        assert_eq!(answer[36..44], 123_u64.to_be_bytes());
    }
    for turn in 0..50_u8 {
        caller.send(&data(MODERN_CALLER, 22, 11, &[turn; 33])).unwrap();
        assert_eq!(receive(&callee), data(MODERN_CALLEE, 22, 11, &[turn; 33]));
        callee.send(&data(MODERN_CALLEE, 11, 22, &[turn; 34])).unwrap();
        assert_eq!(receive(&caller), data(MODERN_CALLER, 11, 22, &[turn; 34]));
    }
    let counters = reflector.counters();
    assert_eq!((counters.hellos, counters.forwarded, counters.received), (2, 100, 102));
}

#[test]
fn both_families_of_addresses_are_served_behind_an_unspecified_one() {
    let pairs = [(MODERN_CALLER, MODERN_CALLEE)];
    let any = "0.0.0.0:0".parse().unwrap();
    let reflector = Reflector::bind(any, pairs, LinkConfig::default(), 1).unwrap();
    let port = reflector.addr().port();
    let caller = socket(([127, 0, 0, 1], port).into());
    caller.send(&hello(MODERN_CALLER, 11)).unwrap();
    assert_eq!(receive(&caller)[..28], hello(MODERN_CALLER, 11)[..28]);
    assert_eq!(reflector.addr_v6().is_some(), UdpSocket::bind("[::1]:0").is_ok(), "what the machine has");
}

#[test]
fn a_modern_call_over_tcp_reaches_parties_on_tcp_and_on_udp() {
    let reflector = modern_reflector();
    let mut caller = Stream::open(reflector.addr());
    let mut callee = Stream::open(reflector.addr());
    let udp = socket(reflector.addr());
    udp.send(&hello(MODERN_CALLEE, 33)).unwrap();
    receive(&udp);
    // Over TCP nothing answers a hello. What a party sends behind one is handled after it; what the other party sends
    // must not be earlier, which the way there and back makes sure of.
    caller.send(&[name(MODERN_CALLER, 11), vec![0; 4]].concat());
    caller.send(&data(MODERN_CALLER, 33, 11, b"caller is here"));
    assert_eq!(receive(&udp), data(MODERN_CALLEE, 33, 11, b"caller is here"));
    callee.send(&[name(MODERN_CALLEE, 22), vec![0; 4]].concat());
    for turn in 0..20_u8 {
        callee.send(&data(MODERN_CALLEE, 11, 22, &[turn; 1_000]));
        assert_eq!(caller.receive(), data(MODERN_CALLER, 11, 22, &[turn; 1_000]));
        caller.send(&data(MODERN_CALLER, 22, 11, &[turn; 7]));
        assert_eq!(callee.receive(), data(MODERN_CALLEE, 22, 11, &[turn; 7]));
        udp.send(&data(MODERN_CALLEE, 11, 33, &[turn; 5])).unwrap();
        assert_eq!(caller.receive(), data(MODERN_CALLER, 11, 33, &[turn; 5]));
    }
    let counters = reflector.counters();
    assert_eq!((counters.hellos, counters.forwarded, counters.tcp_connections), (3, 61, 2));
    assert_eq!((counters.malformed, counters.unregistered, counters.send_errors), (0, 0, 0));
}

#[test]
fn a_tcp_connection_that_speaks_something_else_is_closed_and_the_next_one_served() {
    let reflector = modern_reflector();
    let mut stranger = TcpStream::connect(reflector.addr()).unwrap();
    stranger.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stranger.write_all(&[0x47; 100]).unwrap();
    // Bytes nobody read turn the end into a reset.
    assert!(matches!(stranger.read(&mut [0; 8]), Ok(0) | Err(_)));
    let mut endless = Stream::open(reflector.addr());
    endless.0.write_all(&u32::MAX.to_le_bytes()).unwrap();
    assert!(matches!(endless.0.read(&mut [0; 8]), Ok(0) | Err(_)));
    assert_eq!(reflector.counters().tcp_malformed, 2);
    let mut caller = Stream::open(reflector.addr());
    caller.send(&hello(MODERN_CALLER, 11));
    assert_eq!(caller.receive()[..28], hello(MODERN_CALLER, 11)[..28]);
}

#[test]
fn libtgvoip_over_tcp_meets_libtgvoip_over_udp() {
    let reflector =
        Reflector::bind("127.0.0.1:0".parse().unwrap(), [(CALLER, CALLEE)], LinkConfig::default(), 1)
            .unwrap();
    let mut tcp = TcpStream::connect(reflector.addr()).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut transport = ClientTransport::new(Kind::Abridged, Some(Obfuscation::default()), [7; 32]).unwrap();
    let udp = socket(reflector.addr());
    udp.send(&self_info(CALLEE)).unwrap();
    receive(&udp);
    let mut bytes = Vec::new();
    for turn in 0..10 {
        bytes.clear();
        transport.encode(&datagram(CALLER, turn), &mut bytes).unwrap();
        tcp.write_all(&bytes).unwrap();
        assert_eq!(receive(&udp), datagram(CALLEE, turn));
        udp.send(&datagram(CALLEE, turn)).unwrap();
        let mut input = BytesMut::new();
        let frame = loop {
            if let Some(frame) = transport.decode(&mut input).unwrap() {
                break frame;
            }
            let mut chunk = [0; 512];
            let len = tcp.read(&mut chunk).unwrap();
            input.extend_from_slice(&chunk[..len]);
        };
        assert_eq!(frame, Frame::Packet(datagram(CALLER, turn)));
    }
    assert_eq!(reflector.counters().forwarded, 20);
}
