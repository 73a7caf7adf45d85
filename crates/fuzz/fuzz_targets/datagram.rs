//! Arbitrary datagrams into a call, as anybody on the path could send them. None of them may be accepted, since none is
//! sealed, and none may do harm.

#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use offhook_voip_proto::wire::reflector::Reply;
use offhook_voip_proto::wire::seal::{Form, SealKey};
use offhook_voip_proto::{Call, CallConfig, CallKey, Endpoint, Input, Output, PeerTag, Role, State, Via};

const TAG: [u8; 16] = [7; 16];

fuzz_target!(|data: &[u8]| {
    let mut now = Instant::now();
    let addr = "192.0.2.1:599".parse().expect("an address");
    let relay = Endpoint::relay(1, addr, PeerTag(TAG));
    let mut config = CallConfig::new(Role::Caller, CallKey::new([3; 256]), vec![relay], [9; 32]);
    config.max_layer = if data.first().is_some_and(|byte| byte & 1 == 1) { 92 } else { 65 };
    let mut call = Call::new(config, now).expect("the configuration is sound");
    let mut out = Vec::new();

    // Each piece is a length and so many bytes; the tag is put in front of most, so that they get further.
    let mut rest = data;
    while let Some((&len, behind)) = rest.split_first() {
        let (piece, behind) = behind.split_at(behind.len().min(usize::from(len)));
        rest = behind;
        let mut datagram = if len % 8 == 0 { Vec::new() } else { TAG.to_vec() };
        datagram.extend_from_slice(piece);
        now += Duration::from_millis(u64::from(len));
        call.handle(Input::Datagram { at: now, via: Via::Shared, from: addr, bytes: &mut datagram });
        while !matches!(call.poll(&mut out), Output::WaitUntil(_)) {}
        let _ = call.pull_frame(now, Duration::ZERO, &mut out);
        let _ = Reply::parse(piece);
        for form in [Form::Short, Form::Long, Form::Old] {
            let mut copy = piece.to_vec();
            let _ = SealKey::new(&[3; 256]).open(form, Role::Callee, &mut copy);
        }
    }
    assert_eq!(call.stats().frames_received, 0);
    assert!(matches!(call.state(), State::WaitInit | State::Failed));
});
