//! A shard that has too little time for its calls.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Pair, Relay, until};
use offhook_media::Tone;
use offhook_voip::{Engine, EngineConfig, Event, MediaOptions, Profile};

#[test]
fn calls_spend_less_on_encoding_by_steps_until_nothing_is_cheaper() {
    let relay = Relay::start();
    let mut config = EngineConfig::default().shards(1);
    // Whatever it does is too much.
    config.step_down_at = 0.0;
    let engine = Engine::start(config).unwrap();
    let pair = Pair::start(&engine, &relay, 1, MediaOptions::default().profile(Profile::Quality));
    for call in [&pair.caller, &pair.callee] {
        call.play(Tone::new(440.0, 0.3)).unwrap();
        let mut events = call.events();
        let mut next = || until(&mut events, "ProfileChanged", |e| matches!(e, Event::ProfileChanged(_)));
        assert!(matches!(next(), Event::ProfileChanged(Profile::Balanced)));
        assert!(matches!(next(), Event::ProfileChanged(Profile::Dense)));
    }
    assert_eq!(engine.stats().stepped_down, 4);
}
