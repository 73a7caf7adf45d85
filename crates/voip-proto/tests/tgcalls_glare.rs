//! Offers of both sides that cross on the wire (tgcalls.md 4.2).

mod sim;
mod tgsim;

use offhook_netsim::LinkConfig;
use offhook_voip_proto::tgcalls::Version;
use offhook_voip_proto::tgcalls::cipher::Cipher;
use offhook_voip_proto::tgcalls::message::Message;
use offhook_voip_proto::{Role, State};

use sim::{MS, SECOND};
use tgsim::{Setup, Sim};

/// What a packet of 7.0.0 says: there each message is a packet of its own.
fn message(side: usize, packet: &[u8]) -> Message {
    let reader = if side == 0 { Role::Callee } else { Role::Caller };
    let (_, body) = Cipher::new(tgsim::key(), reader).open(packet).expect("a packet of this call");
    Message::from_json(&body).expect("a message")
}

/// The server loses the caller's first offer. The callee waits for one and then makes its own, at the moment at which the
/// caller repeats the lost one: both are under way at once.
fn lose_the_first_offer(side: usize, number: usize, packet: Vec<u8>) -> Option<Vec<u8>> {
    let lost = side == 0 && number < 3 && matches!(message(side, &packet), Message::NegotiateChannels(_));
    (!lost).then_some(packet)
}

#[test]
fn offers_that_cross_on_the_wire_end_in_sound_both_ways() {
    for seed in 0..20 {
        for way in [MS * 10, MS * 40, MS * 200] {
            let signal = LinkConfig { delay: way, ..LinkConfig::default() };
            let tamper = lose_the_first_offer;
            let mut sim = Sim::new(&Setup { version: Version::V7, signal, tamper, seed, ..Setup::default() });
            let what = format!("seed {seed}, one way {way:?}");
            sim.run(SECOND * 10);
            assert_eq!(sim.states(), [State::Established; 2], "{what}");
            // The order of the offers as they were sent.
            let offers = |side: usize| {
                let said = sim.sides[side].signals.iter().map(|packet| message(side, packet));
                said.filter(|said| matches!(said, Message::NegotiateChannels(_))).count()
            };
            // Caller: the lost offer, its repeat, the answer. Callee: its offer, the answer, its offer again.
            assert_eq!((offers(0), offers(1)), (3, 3), "{what}");
            let ignored = sim.sides[0].call.report().session.ignored;
            assert!(
                ignored >= 1,
                "{what}: the caller does not follow an offer while its own waits: {ignored}"
            );
            for side in &sim.sides {
                assert!(side.heard.played.len() >= 100, "{what}: {}", side.heard.played.len());
                assert_eq!(
                    side.state_changes(),
                    [State::WaitInit, State::WaitInitAck, State::Established],
                    "{what}"
                );
            }
        }
    }
}
