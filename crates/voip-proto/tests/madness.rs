//! Authentic packets with arbitrary content: a peer gone mad. (The fuzz target `voip_packet` does the same without end.)

mod sim;

use std::time::Duration;

use offhook_voip_proto::wire::Seq;
use offhook_voip_proto::wire::ack::Ack;
use offhook_voip_proto::wire::packet::{Header, HeaderForm, Kind};
use offhook_voip_proto::wire::seal::{Form, SealKey};
use offhook_voip_proto::wire::stream::Record;
use offhook_voip_proto::{Call, Input, Output, Role, Via};
use proptest::collection::vec;
use proptest::prelude::*;
use sim::{MS, Setup, config, frame, relay_addr};

/// What the peer does next.
#[derive(Clone, Debug)]
enum Deed {
    Packet { kind: u8, ack: u32, mask: u32, payload: Vec<u8> },
    Sound { pts: u32, len: u8, copies: u8, skip: u8 },
    Wait(u16),
    Push,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0..20u8, any::<u32>(), any::<u32>(), vec(any::<u8>(), 0..60))
            .prop_map(|(kind, ack, mask, payload)| Deed::Packet { kind, ack, mask, payload }),
        (prop_oneof![any::<u32>(), (0..50u32).prop_map(|n| n * 60)], any::<u8>(), 0..5u8, 0..4u8)
            .prop_map(|(pts, len, copies, skip)| Deed::Sound { pts, len, copies, skip }),
        (0..3000u16).prop_map(Deed::Wait),
        Just(Deed::Push),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_an_authentic_peer_sends_breaks_a_call(deeds in vec(deed(), 1..80), layer in prop_oneof![Just(92), Just(91), Just(65)]) {
        let setup = Setup { layers: [layer; 2], ..Setup::default() };
        let mut now = sim::Sim::new(Setup::default()).now;
        let config = config(&setup, 0);
        let (tag, key) = (config.endpoints[0].peer_tag.0, SealKey::new(config.key.bytes()));
        let mut call = Call::new(config, now).unwrap();
        let (mut out, mut packet, mut seq) = (Vec::new(), Vec::new(), 0u32);
        let inits = [Deed::Packet { kind: 1, ack: 0, mask: 0, payload: hex::decode("090000000300000000000000015355504f0000").unwrap() },
            Deed::Packet { kind: 2, ack: 1, mask: 0, payload: hex::decode("09000000030000000101015355504f3c0001").unwrap() }];
        for deed in inits.into_iter().chain(deeds) {
            let (kind, ack, payload) = match deed {
                Deed::Wait(ms) => {
                    now += MS * u32::from(ms);
                    call.handle(Input::Tick(now));
                    while !matches!(call.poll(&mut out), Output::WaitUntil(_)) {}
                    continue;
                }
                Deed::Push => {
                    let _ = call.push_frame(now, &frame(1, false, 200));
                    continue;
                }
                Deed::Packet { kind, ack, mask, payload } => (kind, Ack { newest: Seq(ack), mask }, payload),
                Deed::Sound { pts, len, copies, skip } => {
                    let sound = frame(pts, len % 2 == 1, usize::from(len));
                    let copy = vec![&sound[..sound.len().min(255)]; usize::from(copies)];
                    let mut payload = Vec::new();
                    Record::write(pts, &sound, &copy, &mut payload);
                    seq = seq.wrapping_add(u32::from(skip));
                    (4, Ack { newest: Seq(1), mask: 0 }, payload)
                }
            };
            seq = seq.wrapping_add(1);
            let form = if layer == 92 || seq > 2 { Form::Short } else { Form::Long };
            let header = Header { kind: Kind::from_number(kind), ack, seq: Seq(seq) };
            let header_form = match form {
                Form::Short => HeaderForm::Short,
                _ => HeaderForm::A { random: [0; 15], call_id: *key.call_id() },
            };
            let started = key.start(form, &tag, &mut out);
            header.write(&header_form, &[], payload.len(), &mut out);
            out.extend_from_slice(&payload);
            key.finish(started, Role::Callee, &mut out, |padding| padding.fill(1));
            call.handle(Input::Datagram { at: now, via: Via::Shared, from: relay_addr(0), bytes: &mut out });
            let playout = call.pull_frame(now, Duration::ZERO, &mut packet);
            prop_assert!(playout.duration() > Duration::ZERO && playout.duration() <= MS * 120);
            loop {
                match call.poll(&mut out) {
                    Output::Send { .. } => prop_assert!(out.len() <= 1200),
                    Output::Event(_) => {}
                    Output::WaitUntil(_) => break,
                    other => panic!("not of this family: {other:?}"),
                }
            }
        }
    }
}
