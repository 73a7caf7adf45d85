//! Two transports and the wire between them, in imaginary time.

use std::time::Duration;

use super::*;
use crate::testing::origin;
use crate::tgcalls::session::Credentials;

const MS: Duration = Duration::from_millis(1);

/// One end, and its packets of the peer's stream.
struct End {
    transport: Transport,
    address: SocketAddr,
    ssrc: u32,
    heard: u32,
    connected: bool,
    until: Instant,
}

impl End {
    fn new(role: Role, now: Instant) -> Self {
        let ssrc = 100 + role as u32;
        let ice = Credentials { ufrag: format!("name{ssrc}"), pwd: "p".repeat(24) };
        let address = SocketAddr::from(([192, 0, 2, 1 + role as u8], 4000));
        let mut transport = Transport::new(role, ice, ssrc, 1, now);
        transport.add_local(LocalAddress::Host(address));
        Self { transport, address, ssrc, heard: 0, connected: false, until: now }
    }

    fn meet(&mut self, local: Local, address: SocketAddr, client: bool) {
        let bytes: Vec<u8> =
            local.fingerprint.split(':').map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
        let fingerprint = bytes.try_into().unwrap();
        assert!(self.transport.trust(local.ice.ufrag, local.ice.pwd, fingerprint, client));
        self.transport.add_remote(CandidateKind::Host, address, 1, "1".into());
    }

    /// Everything it has to say, until there is nothing to do.
    fn drain(&mut self) -> Vec<Vec<u8>> {
        let mut sent = Vec::new();
        loop {
            match self.transport.poll() {
                Step::Send { contents, .. } => sent.push(contents.to_vec()),
                Step::Rtp { .. } => self.heard += 1,
                Step::Connected => self.connected = true,
                Step::WaitUntil(at) => {
                    self.until = at;
                    return sent;
                }
                _ => {}
            }
        }
    }
}

/// Runs both for so long; every tenth packet of sound from the first to the second is lost, when `lossy`.
fn run(ends: &mut [End; 2], now: &mut Instant, time: Duration, lossy: bool) -> u32 {
    let (end, mut frame, mut said) = (*now + time, *now, 0);
    while *now < end {
        for side in 0..2 {
            ends[side].transport.advance(*now);
            if side == 0 && ends[0].connected && frame <= *now {
                frame += MS * 20;
                said += 1;
                let payload = &[0x78; 60];
                let outgoing = Outgoing { payload_type: 111, timestamp: said * 960, marker: false, payload };
                ends[0].transport.send(*now, outgoing);
            }
            let lost = lossy && side == 0 && said % 10 == 3;
            let (from, to) = (ends[side].address, ends[1 - side].address);
            for bytes in ends[side].drain() {
                // RTP of payload type 111, without a marker (RFC 5761).
                if lost && bytes.len() > 2 && bytes[0] >> 6 == 2 && bytes[1] == 111 {
                    continue;
                }
                ends[1 - side].transport.receive(*now, (to, from), &bytes);
            }
        }
        *now += MS;
    }
    said
}

#[test]
fn lost_packets_are_asked_for_when_that_was_agreed_and_only_then() {
    for agreed in [true, false] {
        let mut now = origin();
        let mut ends = [End::new(Role::Caller, now), End::new(Role::Callee, now)];
        let locals = [ends[0].transport.local(), ends[1].transport.local()];
        let [first, second] = locals;
        let (one, two) = (ends[0].address, ends[1].address);
        ends[0].meet(second, two, true);
        ends[1].meet(first, one, false);
        ends[0].transport.speak();
        let stream = Stream { ssrc: ends[0].ssrc, opus: 111, red: None, again: agreed };
        ends[1].transport.hear(Some(stream));
        run(&mut ends, &mut now, Duration::from_secs(5), false);
        assert!(ends[0].connected && ends[1].connected && ends[1].heard > 100, "{}", ends[1].heard);
        assert_eq!(ends[1].transport.stats().asked_again, 0, "nothing was lost");
        let before = ends[1].heard;
        let said = run(&mut ends, &mut now, Duration::from_secs(5), true);
        assert!(ends[1].heard - before < said, "some are lost");
        let asked = ends[1].transport.stats().asked_again;
        assert_eq!(asked > 10, agreed, "{asked}");
        // When nothing is missing any more there is nothing to ask.
        run(&mut ends, &mut now, Duration::from_secs(15), false);
        let asked = ends[1].transport.stats().asked_again;
        run(&mut ends, &mut now, Duration::from_secs(5), false);
        assert_eq!(ends[1].transport.stats().asked_again, asked);
    }
}
