//! Two calls of the modern family, through a relay and with signalling carried by hand.
//!
//! Calls of this family talk to each other twice: through relays, and through the server, which carries packets that mean
//! nothing to it. Whoever has an MTProto library of their own passes these on: what [`Controller::signals`] gives goes out
//! with `phone.sendSignalingData`, and what `updatePhoneCallSignalingData` brings goes to [`Controller::signal`]. Here each
//! side's packets go straight to the other. How the key comes about is in `bring_your_own_mtproto`.
//!
//!     cargo run --release --example modern_call
//!
//! Leaves what the callee heard in `recordings/modern_call.wav`.

use std::net::SocketAddr;
use std::thread;

use anyhow::Context;
use offhook::dc::{LinkConfig, PeerTag as RelayTag, Reflector};
use offhook::voip::{
    CallConfig, CallKey, Controller, Endpoint, Engine, EngineConfig, Family, HangupReason, MediaOptions,
    Offer, PeerTag, Role,
};

/// What both sides agreed on before the media starts: in life the final `phoneCall` tells it.
struct Agreed {
    key: CallKey,
    family: Family,
    relay: SocketAddr,
}

fn start(
    engine: &Engine,
    role: Role,
    agreed: &Agreed,
    tag: [u8; 16],
    options: MediaOptions,
) -> anyhow::Result<Controller> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    // phoneCall.connections; phoneConnectionWebrtc entries would go into `config.servers`.
    let relays = vec![Endpoint::relay(1, agreed.relay, PeerTag(tag))];
    let mut config = CallConfig::new(role, agreed.key.clone(), relays, seed);
    config.family = agreed.family;
    Ok(engine.start_call(config, options)?)
}

/// Stands for the server: what one side hands over, the other receives. Ends with the call.
fn carry(from: &Controller, to: &Controller) {
    let (mut packets, to) = (from.signals(), to.clone());
    thread::spawn(move || {
        while let Some(packet) = packets.next_blocking() {
            if to.signal(packet).is_err() {
                return;
            }
        }
    });
}

fn main() -> anyhow::Result<()> {
    // phone.requestCall and phone.acceptCall carry what each side offers, best first; the server returns what it made of
    // both, and the first version in it decides.
    let offer = Offer::default();
    let family = offer.choose(&["13.0.0"])?;
    println!("offered {}; the call is of {family}", offer.versions().join(", "));

    let (caller_tag, callee_tag) = ([0; 16], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let relay = Reflector::bind(
        "127.0.0.1:0".parse()?,
        [(RelayTag(caller_tag), RelayTag(callee_tag))],
        LinkConfig::default(),
        1,
    )?;
    let mut key = [0; 256];
    getrandom::fill(&mut key)?;
    let agreed = Agreed { key: CallKey::new(key), family, relay: relay.addr() };

    std::fs::create_dir_all("recordings").context("cannot make the folder recordings")?;
    let engine = Engine::start(EngineConfig::default())?;
    let callee = start(&engine, Role::Callee, &agreed, callee_tag, MediaOptions::default())?;
    callee.set_output_file("recordings/modern_call.wav")?;
    let options = MediaOptions::default().hang_up_when_done(true);
    let caller = start(&engine, Role::Caller, &agreed, caller_tag, options)?;
    caller.play(concat!(env!("CARGO_MANIFEST_DIR"), "/audio/speech.wav"))?;
    carry(&caller, &callee);
    carry(&callee, &caller);

    let ended = caller.wait_ended();
    // phone.discardCall tells the other side; here we do.
    callee.hangup(HangupReason::Peer);
    let heard = callee.wait_ended();
    let setup = ended.stats.setup.context("the two sides never reached each other")?;
    println!(
        "caller: {}, up after {:.0} ms; callee heard {:.1} s",
        ended.outcome,
        setup.as_secs_f64() * 1e3,
        heard.stats.heard.seconds()
    );
    println!("listen to recordings/modern_call.wav");
    Ok(())
}
