//! Every way out of the machine under attack: what a relay over UDP or TCP, a STUN and TURN server, or anybody who guesses an
//! address could send to a modern call, at arbitrary times. Answers of servers carry the transaction id of the last question,
//! or nothing of them would be read. Nothing may panic, storm, or set a deadline in the past.

#![no_main]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use offhook_voip_proto::tgcalls::{Call, Version};
use offhook_voip_proto::{
    CallConfig, CallKey, Endpoint, EndpointKind, Family, IceServer, Input, Output, PeerTag, Role, TurnLogin,
    Via,
};

/// The longest datagram a call sends.
const LONGEST: usize = 1500;

fn config(head: u8) -> CallConfig {
    let role = if head & 1 == 0 { Role::Caller } else { Role::Callee };
    let relay = |id, addr: &str, kind| Endpoint {
        kind,
        ..Endpoint::relay(id, addr.parse().expect("an address"), PeerTag([7; 16]))
    };
    let relays = vec![
        relay(1, "192.0.2.1:599", EndpointKind::UdpRelay),
        relay(1, "192.0.2.1:599", EndpointKind::TcpRelay),
        relay(2, "[2001:db8::2]:599", EndpointKind::UdpRelay),
    ];
    let mut config = CallConfig::new(role, CallKey::new(std::array::from_fn(|i| i as u8)), relays, [9; 32]);
    config.family = Family::Tgcalls(Version::V13);
    config.p2p_allowed = head & 2 == 0;
    let addr = "192.0.2.3:3478".parse().expect("an address");
    config.servers = vec![IceServer {
        addr,
        stun: true,
        turn: Some(TurnLogin { username: "u".into(), password: "p".into() }),
    }];
    config
}

/// What the attacker has seen of the call.
#[derive(Default)]
struct Seen {
    /// Beginning and transaction id of the last question to a server, and the socket it left by.
    asked: Option<(Via, [u8; 20])>,
    opening: Vec<Via>,
}

fn drain(call: &mut Call, seen: &mut Seen, now: Instant, out: &mut Vec<u8>) {
    for count in 0.. {
        assert!(count < 10_000, "a storm");
        match call.poll(out) {
            Output::Send { via, .. } => {
                assert!(out.len() <= LONGEST);
                if let (Via::Udp(_), Some(header)) = (via, out.first_chunk()) {
                    seen.asked = Some((via, *header));
                }
            }
            Output::Open { via, .. } => seen.opening.push(via),
            Output::WaitUntil(deadline) => {
                assert!(deadline >= now);
                return;
            }
            Output::Signal | Output::Event(_) | Output::Close { .. } => {}
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&head, mut rest)) = data.split_first() else { return };
    let mut now = Instant::now();
    let mut call = Call::new(config(head), now).expect("the configuration is sound");
    let (mut seen, mut out) = (Seen::default(), Vec::new());
    let own: SocketAddr = "198.51.100.1:40000".parse().expect("an address");
    let server: SocketAddr = "192.0.2.3:3478".parse().expect("an address");
    let tags = call.tags();
    call.handle(Input::LocalAddresses { at: now, addresses: &[own] });
    drain(&mut call, &mut seen, now, &mut out);

    while let Some((&[what, wait, len], behind)) = rest.split_first_chunk() {
        let (block, behind) = behind.split_at(behind.len().min(usize::from(len)));
        rest = behind;
        now += Duration::from_millis(u64::from(wait) * 16);
        let at = now;
        let (relay, tag) = &tags[usize::from(what >> 4) % tags.len()];
        let mut datagram =
            |via, from, bytes: &mut [u8]| call.handle(Input::Datagram { at, via, from, bytes });
        match what % 8 {
            // From a relay: any frame, then data of the right length from a port.
            0 => datagram(Via::Shared, *relay, &mut [&tag.0[..], block].concat()),
            1 => {
                let length = (block.len() as u32).to_be_bytes();
                let mut bytes = [&tag.0[..], &[what; 4], &length, block].concat();
                bytes.resize(bytes.len().next_multiple_of(4), 0);
                datagram(Via::Shared, *relay, &mut bytes);
            }
            // A piece of a connection, and a whole packet of one.
            2 => datagram(Via::Tcp(0), "192.0.2.1:599".parse().expect("an address"), &mut block.to_vec()),
            3 => {
                let length = (16 + block.len() as u32).to_le_bytes();
                let mut bytes = [&length[..], &tag.0, block].concat();
                datagram(Via::Tcp(0), "192.0.2.1:599".parse().expect("an address"), &mut bytes);
            }
            // The answer to the last question, of any kind and with any attributes.
            4 => {
                if let (Some((via, asked)), Some((kind, attributes))) = (seen.asked, block.split_first()) {
                    let mut bytes = asked.to_vec();
                    bytes[0] = if kind & 1 == 0 { 0x01 } else { kind >> 5 };
                    bytes[1] = if kind & 1 == 0 { asked[1] | (kind & 0x10) } else { kind & 0x1F };
                    bytes[2..4].copy_from_slice(&(attributes.len() as u16).to_be_bytes());
                    bytes.extend_from_slice(attributes);
                    datagram(via, server, &mut bytes);
                }
            }
            // Anything from the server, and from anybody.
            5 => datagram(Via::Udp(what >> 4 & 1), server, &mut block.to_vec()),
            6 => datagram(
                Via::Udp(what >> 4 & 1),
                "203.0.113.9:9".parse().expect("an address"),
                &mut block.to_vec(),
            ),
            _ => match what >> 4 {
                0..8 => {
                    for via in std::mem::take(&mut seen.opening) {
                        call.handle(Input::Opened { at, via, local: own });
                    }
                }
                8..12 => call.handle(Input::NetworkChanged(at)),
                _ => call.handle(Input::Closed { at, via: Via::Udp(0) }),
            },
        }
        call.handle(Input::Tick(now));
        drain(&mut call, &mut seen, now, &mut out);
    }
    call.close(now);
    drain(&mut call, &mut seen, now, &mut out);
});
