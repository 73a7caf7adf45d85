//! Every packet and payload of the published vectors, read and written.

use offhook_voip_proto::wire::Seq;
use offhook_voip_proto::wire::ack::{Ack, Dialect};
use offhook_voip_proto::wire::extra::Extra;
use offhook_voip_proto::wire::init::{Init, InitAck};
use offhook_voip_proto::wire::packet::{HeaderForm, Packet};
use offhook_voip_proto::wire::reflector::{self, Reply};
use offhook_voip_proto::wire::seal::{Form, SealKey};
use offhook_voip_proto::wire::stream::{Record, StreamEc, StreamState};
use offhook_voip_proto::{PeerTag, Role};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("data/libtgvoip-vectors.json")).expect("the vectors are JSON")
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().expect("a string")).expect("hex")
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().expect("the right length")
}

fn number(value: &Value) -> u32 {
    match value {
        Value::String(text) => u32::from_str_radix(text.trim_start_matches("0x"), 16).expect("hex"),
        other => other.as_u64().expect("a number") as u32,
    }
}

fn form(v: &Value) -> Form {
    match v["generation"].as_str() {
        Some("short") => Form::Short,
        Some("tl_mtproto2") => Form::Long,
        Some("tl_mtproto1") => Form::Old,
        other => panic!("{other:?}"),
    }
}

fn role(v: &Value) -> Role {
    if v["sender"] == "caller" { Role::Caller } else { Role::Callee }
}

/// The header of a TL form depends on the state of its sender.
fn header_form(v: &Value, all: &Value) -> HeaderForm {
    let mut random = [0; 15];
    random[..8].copy_from_slice(&bytes(&all["conventions"]["tl_random_id"]));
    random[8..].copy_from_slice(&bytes(&all["conventions"]["tl_random_bytes"]));
    match v["fields"]["constructor"].as_str() {
        None => HeaderForm::Short,
        Some("decryptedAudioBlock") => HeaderForm::A { random, call_id: array(&all["derived"]["call_id"]) },
        Some(_) => HeaderForm::B { random, flags: v["protocol_version"].as_u64() >= Some(6) },
    }
}

#[test]
fn all_54_packets_open_to_their_block() {
    let all = vectors();
    let key = SealKey::new(&array(&all["key"]));
    assert_eq!(key.call_id(), &array(&all["derived"]["call_id"]));
    assert_eq!(key.fingerprint(), &array(&all["derived"]["key_fingerprint_wire"]));
    let packets = all["packets"].as_array().unwrap();
    assert_eq!(packets.len(), 54);
    for v in packets {
        let (mut datagram, prefix) = (bytes(&v["datagram"]), bytes(&v["prefix"]));
        assert!(datagram.starts_with(&prefix));
        let block = key.open(form(v), role(v), &mut datagram[prefix.len()..]).unwrap();
        assert_eq!(block, bytes(&v["block"]), "{}", v["name"]);
    }
}

#[test]
fn all_54_packets_are_written_byte_for_byte() {
    let all = vectors();
    let key = SealKey::new(&array(&all["key"]));
    for v in all["packets"].as_array().unwrap() {
        if !v["fields"]["recv_ts"].is_null() {
            // Sent only while a video stream comes in: we read it and never write it.
            continue;
        }
        let block = bytes(&v["block"]);
        let packet = match header_form(v, &all) {
            HeaderForm::Short => Packet::parse_short(&block).unwrap(),
            other => Packet::parse_tl(&block, key.call_id(), other.has_extras()).unwrap(),
        };
        let mut extras = Vec::new();
        if !packet.extras.is_empty() {
            extras.push(packet.extras.len() as u8);
            packet
                .extras
                .iter()
                .for_each(|(kind, data)| Extra::parse(kind, data).unwrap().write(&mut extras));
        }
        let mut out = Vec::new();
        let started = key.start(form(v), &bytes(&v["prefix"]), &mut out);
        packet.header.write(&header_form(v, &all), &extras, packet.payload.len(), &mut out);
        out.extend_from_slice(packet.payload);
        key.finish(started, role(v), &mut out, |padding| {
            padding.iter_mut().enumerate().for_each(|(i, byte)| *byte = 0xE0 + i as u8);
        });
        assert_eq!(hex::encode(&out), v["datagram"].as_str().unwrap(), "{}", v["name"]);
    }
}

#[test]
fn the_headers_of_all_packets_say_what_the_vectors_say() {
    let all = vectors();
    let call_id = array(&all["derived"]["call_id"]);
    for v in all["packets"].as_array().unwrap() {
        let block = bytes(&v["block"]);
        let packet = match header_form(v, &all) {
            HeaderForm::Short => Packet::parse_short(&block).unwrap(),
            other => Packet::parse_tl(&block, &call_id, other.has_extras()).unwrap(),
        };
        let fields = &v["fields"];
        assert_eq!(u32::from(packet.header.kind.number()), number(&fields["packet_type"]));
        assert_eq!(packet.header.seq, Seq(number(&fields["seq"])));
        let ack = Ack { newest: Seq(number(&fields["ack_seq"])), mask: number(&fields["ack_mask"]) };
        assert_eq!(packet.header.ack, ack);
        assert_eq!(packet.payload, bytes(&v["payload"]), "{}", v["name"]);
        assert_eq!(packet.recv_ts.map(u64::from), fields["recv_ts"].as_u64());
        let expected = fields["extras"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(packet.extras.len(), expected.len());
        for ((kind, data), extra) in packet.extras.iter().zip(expected) {
            assert_eq!((u32::from(kind), data.to_vec()), (number(&extra["type"]), bytes(&extra["data"])));
        }
    }
}

#[test]
fn every_truncation_of_every_packet_is_refused() {
    let all = vectors();
    let key = SealKey::new(&array(&all["key"]));
    for v in all["packets"].as_array().unwrap() {
        let (datagram, prefix) = (bytes(&v["datagram"]), bytes(&v["prefix"]));
        for len in prefix.len()..datagram.len() {
            let mut cut = datagram[prefix.len()..len].to_vec();
            assert!(key.open(form(v), role(v), &mut cut).is_err(), "{} at {len}", v["name"]);
        }
    }
}

#[test]
fn every_payload_is_read_and_written() {
    let all = vectors();
    let payloads = all["payloads"].as_array().unwrap();
    let payload = |kind: &str, n: usize| {
        bytes(&payloads.iter().filter(|v| v["type"] == kind).nth(n).expect("it is in the vectors")["hex"])
    };

    for (n, max_layer) in [(0, 92), (1, 65)] {
        let mut out = Vec::new();
        Init::OURS.write(max_layer, &mut out);
        assert_eq!(out, payload("INIT", n));
        assert_eq!(out.len(), Init::len(max_layer));
    }
    let old = Init { version: 3, min_version: 3, flags: 0, opus: true };
    assert_eq!(Init::parse(&payload("INIT", 2)), Ok(old));
    assert_eq!(Init::parse(&payload("INIT", 0)), Ok(Init::OURS));

    let mut out = Vec::new();
    InitAck::write_ours(9, 60, &mut out);
    assert_eq!(out, payload("INIT_ACK", 0));
    for (n, version) in [(0, 9), (1, 3)] {
        let ack = InitAck::parse(&payload("INIT_ACK", n)).unwrap();
        let audio = ack.audio.unwrap();
        assert_eq!(ack.versions, Some((version, 3)));
        assert_eq!((audio.id, audio.opus, audio.frame, audio.enabled), (1, true, 60, true));
    }

    let off = StreamState { stream: 1, enabled: false };
    assert_eq!(StreamState::parse(&payload("STREAM_STATE", 0)), Ok(off));

    for n in 0..3 {
        let hex = payload("STREAM_DATA", n);
        let (record, rest) = Record::parse(&hex).unwrap();
        assert!(rest.is_empty());
        let copies: Vec<&[u8]> = record.copies.iter().map(|(_, copy)| copy).collect();
        let mut out = Vec::new();
        Record::write(record.pts, record.data, &copies, &mut out);
        assert_eq!(out, hex);
        assert_eq!((record.stream, record.pts), (1, 180 + 60 * n as u32));
        assert_eq!(record.data.len(), [20, 300, 20][n]);
    }
    let hex = payload("STREAM_DATA", 2);
    let (record, _) = Record::parse(&hex).unwrap();
    let distances: Vec<_> = record.copies.iter().map(|(distance, copy)| (distance, copy.len())).collect();
    assert_eq!(distances, [(1, 8), (0, 9)]);

    let double = payload("STREAM_DATA_X2", 0);
    let (first, rest) = Record::parse(&double).unwrap();
    let (second, rest) = Record::parse(rest).unwrap();
    assert_eq!((first.pts, second.pts, rest.len()), (180, 240, 0));

    let hex = payload("STREAM_EC", 0);
    let ec = StreamEc::parse(&hex).unwrap();
    let copies: Vec<&[u8]> = ec.copies.iter().map(|(_, copy)| copy).collect();
    let mut out = Vec::new();
    StreamEc::write(ec.pts, &copies, &mut out);
    assert_eq!((ec.stream, ec.pts, &out), (1, 300, &hex));

    let lan = Extra::LanEndpoint { ip: [192, 168, 1, 23].into(), port: 27720 };
    assert_eq!(Extra::parse(3, &payload("LAN_ENDPOINT", 0)), Ok(lan));
    assert_eq!(Extra::parse(4, &payload("NETWORK_CHANGED", 0)), Ok(Extra::NetworkChanged { flags: 0 }));
}

#[test]
fn the_same_reception_reads_the_same_in_both_dialects() {
    for v in vectors()["ack_masks"].as_array().unwrap() {
        let newest = number(&v["ack_seq"]);
        let missing: Vec<u32> = v["missing"].as_array().unwrap().iter().map(number).collect();
        for (name, dialect, depth) in
            [("mask_normative_v2_5", Dialect::Exact, 32), ("mask_sent_by_2_4_4", Dialect::Shifted, 31)]
        {
            let ack = Ack { newest: Seq(newest), mask: number(&v[name]) };
            for seq in newest.saturating_sub(depth).max(1)..=newest {
                assert_eq!(ack.has(dialect, Seq(seq)), !missing.contains(&seq), "{name} {newest} {seq}");
            }
        }
    }
}

#[test]
fn the_words_of_a_relay_are_written_and_understood() {
    let all = vectors();
    let tag = PeerTag(array(&all["conventions"]["peer_tag_caller"]));
    let hex = |n: usize| bytes(&all["reflector"][n]["hex"]);
    let mut out = Vec::new();
    reflector::write_self_info_request(
        tag,
        u64::from_le_bytes(array(&all["reflector"][0]["query_id_wire"])),
        &mut out,
    );
    assert_eq!(out, hex(0));
    out.clear();
    reflector::write_peer_info_request(tag, &mut out);
    assert_eq!(out, hex(2));
    let me = "203.0.113.7:26299".parse().ok();
    let query = 0x1122_3344_5566_7788;
    assert_eq!(Reply::parse(&hex(1)[16..]), Ok(Reply::SelfInfo { date: 1_700_000_000, query, me }));
    let peer = "198.51.100.9:21176".parse().ok();
    assert_eq!(Reply::parse(&hex(3)[16..]), Ok(Reply::PeerInfo { me, peer }));
    assert!(reflector::is_special(&hex(1)[16..]) && !reflector::is_special(&[0; 32]));
}
