//! Both ends of every transport on one wire, byte by byte, cut, changed and hostile.

#![allow(clippy::unwrap_used, reason = "a broken vector file may panic")]

use bytes::BytesMut;
use offhook_mtproto::transport::{
    ClientTransport, Frame, Inbound, Kind, MAX_OUTBOUND, Obfuscation, ProxySecret, ServerOptions,
    ServerTransport, TransportError,
};
use serde_json::Value;

const KINDS: [Kind; 4] = [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate, Kind::Full];
const SECRET: ProxySecret = ProxySecret([9; 16]);

fn vector() -> Value {
    let all: Value = serde_json::from_str(include_str!("data/mtproto.json")).unwrap();
    all
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn server() -> ServerTransport {
    ServerTransport::new(ServerOptions { secrets: vec![SECRET] }, [2; 32])
}

/// All ways a client can greet.
fn clients() -> Vec<ClientTransport> {
    let mut clients = vec![];
    for kind in KINDS {
        clients.push(ClientTransport::new(kind, None, [1; 32]).unwrap());
        if kind != Kind::Full {
            for secret in [None, Some(SECRET)] {
                let obfuscation = Obfuscation { secret, dc: Some(-10002) };
                clients.push(ClientTransport::new(kind, Some(obfuscation), [1; 32]).unwrap());
            }
        }
    }
    clients
}

/// An encrypted packet's shape: a key id that is not zero and whole blocks after 24 bytes.
fn encrypted(blocks: usize) -> Vec<u8> {
    (0..24 + blocks * 16).map(|i| (i % 251) as u8 + 1).collect()
}

fn all_server(server: &mut ServerTransport, wire: &[u8]) -> Vec<Inbound> {
    let mut input = BytesMut::from(wire);
    std::iter::from_fn(|| server.decode(&mut input).unwrap()).collect()
}

fn all_client(client: &mut ClientTransport, wire: &[u8]) -> Vec<Frame> {
    let mut input = BytesMut::from(wire);
    std::iter::from_fn(|| client.decode(&mut input).unwrap()).collect()
}

#[test]
fn packets_cross_every_transport_both_ways_byte_by_byte() {
    let packets: Vec<Vec<u8>> = vec![
        encrypted(3),
        encrypted(40),
        encrypted(400),
        offhook_mtproto::plain::write(offhook_mtproto::MsgId(4), &[5; 20]),
    ];
    for mut client in clients() {
        let mut server = server();
        let mut wire = vec![];
        for packet in &packets {
            client.encode(packet, &mut wire).unwrap();
        }
        let mut got = vec![];
        for byte in &wire {
            got.extend(all_server(&mut server, &[*byte]).into_iter().map(|inbound| inbound.bytes));
        }
        assert_eq!(got, packets, "{client:?}");
        assert_eq!(server.kind(), Some(client.kind()));

        let mut wire = vec![];
        for packet in &packets {
            server.encode(packet, &mut wire).unwrap();
        }
        server.encode_error(-404, &mut wire).unwrap();
        let mut got = vec![];
        for byte in &wire {
            got.extend(all_client(&mut client, &[*byte]));
        }
        let mut expected: Vec<Frame> = packets.iter().cloned().map(Frame::Packet).collect();
        expected.push(Frame::Error(-404));
        assert_eq!(got, expected);
    }
}

#[test]
fn frames_are_the_published_bytes() {
    let framing = &vector()["framing"];
    let (short, long) = (bytes(&framing["payload"]), bytes(&framing["payload_508"]));
    for (kind, name) in
        [(Kind::Abridged, "abridged"), (Kind::Intermediate, "intermediate"), (Kind::Full, "full")]
    {
        let case = &framing[name];
        let mut client = ClientTransport::new(kind, None, [0; 32]).unwrap();
        let mut wire = vec![];
        client.encode(&short, &mut wire).unwrap();
        let init = bytes(&case["init"]);
        let first = if kind == Kind::Full { "frame_seq0" } else { "frame" };
        assert_eq!(wire, [init, bytes(&case[first])].concat());
        wire.clear();
        match kind {
            Kind::Full => {
                client.encode(&short, &mut wire).unwrap();
                assert_eq!(wire, bytes(&case["frame_seq1"]));
            }
            _ => {
                client.encode_with_quick_ack(&short, &mut wire).unwrap();
                assert_eq!(wire, bytes(&case["frame_quick_ack"]));
            }
        }
        if kind == Kind::Abridged {
            wire.clear();
            client.encode(&long, &mut wire).unwrap();
            assert_eq!(wire, bytes(&case["frame_508_long_form"]));
        }
    }
}

#[test]
fn errors_are_the_published_bytes() {
    let case = &vector()["framing"]["transport_error_404"];
    for (kind, name) in
        [(Kind::Abridged, "abridged"), (Kind::Intermediate, "intermediate"), (Kind::Full, "full_seq0")]
    {
        let mut client = ClientTransport::new(kind, None, [0; 32]).unwrap();
        let (mut server, mut wire) = (server(), vec![]);
        client.encode(&encrypted(3), &mut wire).unwrap();
        assert_eq!(all_server(&mut server, &wire).len(), 1);
        wire.clear();
        server.encode_error(-404, &mut wire).unwrap();
        assert_eq!(wire, bytes(&case[name]));
        assert_eq!(all_client(&mut client, &wire), [Frame::Error(-404)]);
    }
}

#[test]
fn a_quick_ack_is_asked_for_and_given_without_disturbing_the_frames() {
    let case = &vector()["quick_ack"];
    let token = case["token_u32"].as_u64().unwrap() as u32;
    for mut client in clients() {
        let (mut server, mut wire) = (server(), vec![]);
        if client.kind() == Kind::Full {
            let refused = client.encode_with_quick_ack(&encrypted(3), &mut wire);
            assert_eq!(refused, Err(TransportError::NoQuickAck));
            assert!(wire.is_empty());
            continue;
        }
        client.encode_with_quick_ack(&encrypted(3), &mut wire).unwrap();
        client.encode(&encrypted(200), &mut wire).unwrap();
        client.encode_with_quick_ack(&encrypted(200), &mut wire).unwrap();
        let asked: Vec<_> = all_server(&mut server, &wire);
        assert_eq!(asked.iter().map(|i| i.wants_quick_ack).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(asked[2].bytes, encrypted(200));
        wire.clear();
        server.encode_quick_ack(token, &mut wire).unwrap();
        if !server.is_obfuscated() {
            let abridged = client.kind() == Kind::Abridged;
            let name = if abridged { "wire_abridged_byteswapped" } else { "wire_intermediate" };
            assert_eq!(wire, bytes(&case[name]));
        }
        server.encode(&encrypted(5), &mut wire).unwrap();
        assert_eq!(all_client(&mut client, &wire), [Frame::QuickAck(token), Frame::Packet(encrypted(5))]);
    }
}

#[test]
fn up_to_fifteen_bytes_after_a_padded_packet_are_cut() {
    let case = &vector()["framing"]["padded_intermediate"];
    let plain = offhook_mtproto::plain::write(offhook_mtproto::MsgId(4), &[5; 20]);
    for packet in [encrypted(3), plain] {
        for tail in 0..16 {
            let mut wire = vec![0xdd; 4];
            wire.extend_from_slice(&((packet.len() + tail) as u32).to_le_bytes());
            wire.extend_from_slice(&packet);
            wire.extend_from_slice(&[0xff; 15][..tail]);
            assert_eq!(all_server(&mut server(), &wire)[0].bytes, packet);
        }
    }
    let mut wire = bytes(&case["init"]);
    wire.extend_from_slice(&bytes(&case["frame"]));
    assert_eq!(all_server(&mut server(), &wire)[0].bytes, bytes(&vector()["framing"]["payload"]));
}

#[test]
fn the_dc_of_an_obfuscated_header_is_told_and_random_ones_do_no_harm() {
    for dc in [None, Some(2), Some(-4), Some(28572)] {
        let obfuscation = Obfuscation { secret: None, dc };
        let mut client = ClientTransport::new(Kind::Intermediate, Some(obfuscation), [8; 32]).unwrap();
        let (mut server, mut wire) = (server(), vec![]);
        client.encode(&encrypted(3), &mut wire).unwrap();
        assert_eq!(all_server(&mut server, &wire).len(), 1);
        if dc.is_some() {
            assert_eq!(server.claimed_dc(), dc);
        }
        assert!(server.is_obfuscated());
    }
    let refused = ClientTransport::new(Kind::Full, Some(Obfuscation::default()), [0; 32]);
    assert_eq!(refused.unwrap_err(), TransportError::FullObfuscated);
}

#[test]
fn strangers_are_told_apart_by_their_first_bytes() {
    let first = |bytes: &[u8]| server().decode(&mut BytesMut::from(bytes));
    assert_eq!(first(b"GET /apiws HTTP/1.1"), Err(TransportError::Http));
    assert_eq!(first(b"POST"), Err(TransportError::Http));
    assert_eq!(first(&[0x16, 0x03, 0x01, 0x02, 0, 1]), Err(TransportError::Tls));
    assert_eq!(first(&[0x55; 64]), Err(TransportError::UnknownTransport));
    assert_eq!(first(&[0x55; 63]), Ok(None));
    assert_eq!(first(b"GE"), Ok(None));
    assert_eq!(first(&[0xee, 0xee]), Ok(None));
    let mut http = server();
    assert_eq!(http.decode(&mut BytesMut::from("GE")), Ok(None));
    assert_eq!(http.decode(&mut BytesMut::from("T /apiws")), Err(TransportError::Http));
    assert_eq!(&http.into_received()[..], b"GET /apiws");
    let mut unknown = server();
    assert_eq!(unknown.encode(&encrypted(1), &mut vec![]), Err(TransportError::NotDetected));
    assert_eq!(unknown.encode_quick_ack(1, &mut vec![]), Err(TransportError::NotDetected));
}

#[test]
fn impossible_lengths_end_the_connection_before_memory_is_spent() {
    let too_long = |got| Err(TransportError::TooLong { got, limit: 16 << 20 });
    let bad = |got| Err(TransportError::BadLength { got });
    let decode = |bytes: &[u8]| server().decode(&mut BytesMut::from(bytes));
    assert_eq!(decode(&[0xef, 0x00]), bad(0));
    assert_eq!(decode(&[0xef, 0x7f, 0xff, 0xff, 0xff]), too_long(0xff_ffff * 4));
    assert_eq!(decode(&[0xee, 0xee, 0xee, 0xee, 0xff, 0xff, 0xff, 0xff]), bad(0x7fff_ffff));
    assert_eq!(decode(&[0xee, 0xee, 0xee, 0xee, 0xfc, 0xff, 0xff, 0x7f]), too_long(0x7fff_fffc));
    assert_eq!(decode(&[0xee, 0xee, 0xee, 0xee, 0, 0, 0, 0]), bad(0));
    assert_eq!(decode(&[0xee, 0xee, 0xee, 0xee, 6, 0, 0, 0]), bad(6));
    assert_eq!(decode(&[0xdd, 0xdd, 0xdd, 0xdd, 3, 0, 0, 0]), bad(3));
    assert_eq!(decode(&[12, 0, 0, 0, 0, 0, 0, 0]), bad(12));
    assert_eq!(decode(&[17, 0, 0, 0, 0, 0, 0, 0]), bad(17));
    assert_eq!(decode(&[0xfc, 0xff, 0xff, 0xff, 0, 0, 0, 0]), too_long(0xffff_fffc - 12));

    let mut client = ClientTransport::new(Kind::Abridged, None, [0; 32]).unwrap();
    let mut out = vec![];
    assert_eq!(client.encode(&[0; 6], &mut out), Err(TransportError::Unaligned { got: 6 }));
    assert_eq!(client.encode(&[], &mut out), Err(TransportError::Unaligned { got: 0 }));
    let long = vec![0; MAX_OUTBOUND + 4];
    let limit = MAX_OUTBOUND;
    assert_eq!(client.encode(&long, &mut out), Err(TransportError::TooLong { got: limit + 4, limit }));
    assert!(out.is_empty());
}

#[test]
fn full_frames_out_of_order_or_changed_end_the_connection() {
    let mut client = ClientTransport::new(Kind::Full, None, [0; 32]).unwrap();
    let (mut first, mut second) = (vec![], vec![]);
    client.encode(&encrypted(3), &mut first).unwrap();
    client.encode(&encrypted(3), &mut second).unwrap();
    let mut server = server();
    assert_eq!(all_server(&mut server, &first).len(), 1);
    let again = server.decode(&mut BytesMut::from(&first[..]));
    assert_eq!(again, Err(TransportError::Sequence { got: 0, need: 1 }));
    for i in 8..second.len() {
        let mut server = self::server();
        all_server(&mut server, &first);
        let mut changed = second.clone();
        changed[i] ^= 1;
        assert_eq!(server.decode(&mut BytesMut::from(&changed[..])), Err(TransportError::Checksum));
    }
}

#[test]
fn a_client_understands_the_rarer_short_payloads() {
    let mut client = ClientTransport::new(Kind::Intermediate, None, [0; 32]).unwrap();
    let mut wire = vec![];
    for payload in [&[0, 0, 0, 0][..], &[0xff, 0xff, 0xff, 0xff, 1, 2, 3, 0x84], &[0x53, 0xfe, 0xff, 0xff]] {
        wire.extend_from_slice(&(payload.len() as u32).to_le_bytes());
        wire.extend_from_slice(payload);
    }
    assert_eq!(all_client(&mut client, &wire), [Frame::QuickAck(0x8403_0201), Frame::Error(-429)]);
    // Some servers put the bare code where a full frame's length belongs.
    let mut client = ClientTransport::new(Kind::Full, None, [0; 32]).unwrap();
    assert_eq!(all_client(&mut client, &(-404i32).to_le_bytes()), [Frame::Error(-404)]);
}

#[test]
fn random_streams_never_panic_either_end() {
    let mut state = 0x1234_5678_9abc_def0u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..2000u64 {
        let mut stream: Vec<u8> = (0..next() % 200).map(|_| next() as u8).collect();
        let start: &[u8] =
            [&[0xef][..], &[0xee; 4], &[0xdd; 4], &[16, 0, 0, 0, 0, 0, 0, 0], &[]][round as usize % 5];
        stream.splice(0..0, start.iter().copied());
        let mut server = server();
        let mut input = BytesMut::from(&stream[..]);
        while let Ok(Some(_)) = server.decode(&mut input) {}
        let mut client = ClientTransport::new(KINDS[round as usize % 4], None, [0; 32]).unwrap();
        let mut input = BytesMut::from(&stream[..]);
        while let Ok(Some(_)) = client.decode(&mut input) {}
    }
}
