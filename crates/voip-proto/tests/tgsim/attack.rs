//! What an attacker does to a call, and what the call must not care about.

use offhook_voip_proto::State;

use super::{Setup, Sim};
use crate::sim::SECOND;

/// A call that has been up for three seconds.
pub fn talking(setup: &Setup) -> Sim {
    let mut sim = Sim::new(setup);
    assert!(sim.connect(SECOND * 10));
    sim.run(SECOND * 3);
    sim
}

/// Both sides go on as if nothing had been: six seconds of frames of 60 ms, all of them.
pub fn goes_on(sim: &mut Sim, what: &str) {
    let before = [0, 1].map(|side| sim.sides[side].heard.played.len());
    sim.run(SECOND * 6);
    for (side, before) in before.into_iter().enumerate() {
        let me = &sim.sides[side];
        assert_eq!(me.state_changes(), [State::WaitInit, State::WaitInitAck, State::Established], "{what}");
        let heard = me.heard.played.len() - before;
        assert!((99..=101).contains(&heard), "{what}, side {side}: {heard}");
        assert!(me.heard.played.windows(2).all(|pair| pair[0] < pair[1]), "{what}, side {side}");
    }
}

/// What a side looks like to the relay: the name it greets with.
pub fn name_of(sim: &Sim, side: usize) -> [u8; 16] {
    sim.sides[side].call.tags()[0].1.0
}

/// Data for side 1 as its relay hands it over, from a port of the peer with this number.
pub fn relayed(name: [u8; 16], from: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    let mut bytes = [&name[..], &from.to_le_bytes(), &length, payload].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}
