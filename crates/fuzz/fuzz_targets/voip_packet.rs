//! Authentic packets with arbitrary content, as a peer gone mad could send them, at arbitrary times, while the sound is
//! being pulled. The call may fail by name; it may not panic, and what it keeps stays bounded.

#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use offhook_voip_proto::wire::packet::Packet;
use offhook_voip_proto::wire::seal::{Form, SealKey};
use offhook_voip_proto::{Call, CallConfig, CallKey, Endpoint, Input, Output, PeerTag, Role, Via};

const TAG: [u8; 16] = [7; 16];

fuzz_target!(|data: &[u8]| {
    let Some((&head, mut rest)) = data.split_first() else { return };
    let (layer, form) = [(92, Form::Short), (91, Form::Long), (65, Form::Old)][usize::from(head) % 3];
    let mut now = Instant::now();
    let addr = "192.0.2.1:599".parse().expect("an address");
    let relay = Endpoint::relay(1, addr, PeerTag(TAG));
    let mut config = CallConfig::new(Role::Caller, CallKey::new([3; 256]), vec![relay], [9; 32]);
    config.max_layer = layer;
    let mut call = Call::new(config, now).expect("the configuration is sound");
    let key = SealKey::new(&[3; 256]);
    let (mut out, mut packet) = (Vec::new(), Vec::new());

    while let Some((&[wait, len], behind)) = rest.split_first_chunk() {
        let (block, behind) = behind.split_at(behind.len().min(usize::from(len)));
        rest = behind;
        let _ = Packet::parse_short(block);
        let _ = Packet::parse_tl(block, key.call_id(), wait & 1 == 1);
        now += Duration::from_millis(u64::from(wait) * 4);
        let started = key.start(form, &TAG, &mut out);
        out.extend_from_slice(block);
        key.finish(started, Role::Callee, &mut out, |padding| padding.fill(1));
        call.handle(Input::Datagram { at: now, via: Via::Shared, from: addr, bytes: &mut out });
        let _ = call.push_frame(now, &[11 << 3, wait, len]);
        for _ in 0..3 {
            let playout = call.pull_frame(now, Duration::ZERO, &mut packet);
            assert!(playout.duration() > Duration::ZERO);
            assert!(packet.len() < 2048);
        }
        loop {
            match call.poll(&mut out) {
                Output::Send { .. } => assert!(out.len() <= 1200),
                Output::Event(_) => {}
                Output::WaitUntil(_) => break,
                other => panic!("not of this family: {other:?}"),
            }
        }
    }
});
