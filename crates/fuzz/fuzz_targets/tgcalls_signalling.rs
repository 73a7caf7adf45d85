//! The signalling of modern calls under attack: bare bytes, authentic packets with arbitrary content, and SCTP packets with
//! right checksums, at arbitrary times. Nothing may panic, storm, or set a deadline in the past.

#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use offhook_voip_proto::tgcalls::cipher::Cipher;
use offhook_voip_proto::tgcalls::message::{MediaState, Message};
use offhook_voip_proto::tgcalls::sctp::crc32c;
use offhook_voip_proto::tgcalls::seq::Seq;
use offhook_voip_proto::tgcalls::{Output, Signalling, Version, gzip};
use offhook_voip_proto::{CallKey, Role};

fuzz_target!(|data: &[u8]| {
    let Some((&head, mut rest)) = data.split_first() else { return };
    let version = Version::ALL[usize::from(head) % Version::ALL.len()];
    let key = || CallKey::new(std::array::from_fn(|i| i as u8));
    let mut now = Instant::now();
    let mut end = Signalling::new(version, Role::Caller, key(), [9; 32], now);
    let sealer = Cipher::new(key(), Role::Callee);
    let mut out = Vec::new();
    let mut tag = [0; 4];

    while let Some((&[what, wait, len], behind)) = rest.split_first_chunk() {
        let (block, behind) = behind.split_at(behind.len().min(usize::from(len)));
        rest = behind;
        if let Ok(message) = Message::from_json(block) {
            let written = message.to_json();
            let again = Message::from_json(written.as_bytes()).expect("what is written can be read");
            assert_eq!(again.to_json(), written);
        }
        let _ = gzip::unpack(block.to_vec());
        now += Duration::from_millis(u64::from(wait) * 16);
        match (what % 4, block.split_first_chunk()) {
            (0, Some((word, body))) => end.handle_packet(&sealer.seal(Seq::from_bytes(*word), body), now),
            (1, _) => {
                let mut packet = [&[0x13, 0x88, 0x13, 0x88], &tag[..], &[0; 4], block].concat();
                if block.first() == Some(&1) {
                    packet[4..8].fill(0);
                }
                let checksum = crc32c(&packet).to_le_bytes();
                packet[8..12].copy_from_slice(&checksum);
                end.handle_packet(&packet, now);
            }
            (2, _) => {
                let _ = end.push_message(&Message::MediaState(MediaState::default()));
            }
            _ => end.handle_packet(block, now),
        }
        for count in 0.. {
            assert!(count < 10_000);
            match end.poll(now, &mut out) {
                // The tag that the peer learns from our INIT is the one its packets carry.
                Output::Send if out.len() > 20 && out[..4] == [0x13, 0x88, 0x13, 0x88] && out[12] == 1 => {
                    tag.copy_from_slice(&out[16..20]);
                }
                Output::Send => assert!(out.len() <= 128 << 10),
                Output::Message(_) | Output::Failed(_) => {}
                Output::WaitUntil(deadline) => {
                    assert!(deadline.is_none_or(|deadline| deadline > now));
                    break;
                }
            }
        }
    }
});
