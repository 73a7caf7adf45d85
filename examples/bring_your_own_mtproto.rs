//! The call engine alone, for those who have an MTProto library of their own.
//!
//! The engine needs four things that any such library gives: the key of the call, the layer both sides agreed on, the
//! relays with this side's tag, and who called. Here two channels stand for `phone.requestCall`, `acceptCall`,
//! `confirmCall` and the updates they cause; replace them by your library's calls.
//!
//!     cargo run --release --example bring_your_own_mtproto
//!
//! Leaves what the callee heard in `recordings/bring_your_own_mtproto.wav`.

use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::{Context, bail};
use offhook::dc::{LinkConfig, PeerTag as RelayTag, Reflector};
use offhook::voip::{CallConfig, Controller, Endpoint, Engine, EngineConfig, MediaOptions, PeerTag, Role};
use offhook::voip_proto::handshake::{Agreed, Callee, Caller};
use offhook_crypto::dh::Group;

/// What crosses Telegram while a call is set up, reduced to what matters for the key.
enum Signal {
    /// phone.requestCall, which the callee sees as phoneCallRequested.
    Requested { g_a_hash: Vec<u8> },
    /// phone.acceptCall, which the caller sees as phoneCallAccepted.
    Accepted { g_b: Vec<u8> },
    /// phone.confirmCall, which the callee sees as phoneCall.
    Confirmed { g_a: Vec<u8>, fingerprint: i64 },
}

/// Stands for your library: what one side sends, the other receives.
struct Telegram {
    to_peer: Sender<Signal>,
    from_peer: Receiver<Signal>,
}

fn random(out: &mut [u8]) {
    getrandom::fill(out).expect("the system has randomness");
}

/// The caller's half of the handshake. `Group::check` verifies what messages.getDhConfig answered.
fn dial(telegram: &Telegram) -> anyhow::Result<Agreed> {
    let group = Group::check(&Group::telegram().prime(), 3)?;
    let caller = Caller::new(group, random);
    telegram.to_peer.send(Signal::Requested { g_a_hash: caller.g_a_hash().to_vec() })?;
    let Signal::Accepted { g_b } = telegram.from_peer.recv()? else { bail!("the callee did not accept") };
    let (agreed, g_a) = caller.on_accepted(&g_b)?;
    telegram.to_peer.send(Signal::Confirmed { g_a: g_a.to_vec(), fingerprint: agreed.fingerprint })?;
    Ok(agreed)
}

/// The callee's half.
fn answer(telegram: &Telegram) -> anyhow::Result<Agreed> {
    let Signal::Requested { g_a_hash } = telegram.from_peer.recv()? else { bail!("nobody calls") };
    let callee = Callee::new(Group::check(&Group::telegram().prime(), 3)?, &g_a_hash, random)?;
    telegram.to_peer.send(Signal::Accepted { g_b: callee.g_b().to_vec() })?;
    let Signal::Confirmed { g_a, fingerprint } = telegram.from_peer.recv()? else { bail!("never confirmed") };
    Ok(callee.on_confirmed(&g_a, fingerprint)?)
}

/// Starts the media of one side: what `phoneCall` carries goes into a [`CallConfig`].
fn start(
    engine: &Engine,
    role: Role,
    agreed: &Agreed,
    relay: SocketAddr,
    tag: [u8; 16],
) -> anyhow::Result<Controller> {
    let mut seed = [0; 32];
    random(&mut seed);
    let endpoint = Endpoint::relay(1, relay, PeerTag(tag));
    let mut config = CallConfig::new(role, agreed.key.clone(), vec![endpoint], seed);
    config.max_layer = 92; // phoneCall.protocol.max_layer, as the server merged it
    let options = MediaOptions::default().hang_up_when_done(role == Role::Caller);
    Ok(engine.start_call(config, options)?)
}

fn main() -> anyhow::Result<()> {
    let (to_callee, from_caller) = channel();
    let (to_caller, from_callee) = channel();
    let caller_side = Telegram { to_peer: to_callee, from_peer: from_callee };
    let callee_side = Telegram { to_peer: to_caller, from_peer: from_caller };

    // phone.requestCall makes the server allot a relay and a tag for each side; here the relay runs in this process.
    let (caller_tag, callee_tag) = ([1; 16], [2; 16]);
    let relay = Reflector::bind(
        "127.0.0.1:0".parse()?,
        [(RelayTag(caller_tag), RelayTag(callee_tag))],
        LinkConfig::default(),
        1,
    )?;

    let callee_agreed = std::thread::spawn(move || answer(&callee_side));
    let agreed = dial(&caller_side)?;
    let other = callee_agreed.join().expect("the callee's thread lives")?;
    println!("emoji of the caller: {}", agreed.emoji.join(" "));
    println!("emoji of the callee: {}", other.emoji.join(" "));
    anyhow::ensure!(agreed.emoji == other.emoji, "somebody is in between");

    std::fs::create_dir_all("recordings").context("cannot make the folder recordings")?;
    let engine = Engine::start(EngineConfig::default())?;
    let callee = start(&engine, Role::Callee, &other, relay.addr(), callee_tag)?;
    callee.set_output_file("recordings/bring_your_own_mtproto.wav")?;
    let caller = start(&engine, Role::Caller, &agreed, relay.addr(), caller_tag)?;
    caller.play(concat!(env!("CARGO_MANIFEST_DIR"), "/audio/speech.wav"))?;

    let ended = caller.wait_ended();
    // The media protocol has no farewell: your library's phone.discardCall tells the other side. Here we do.
    callee.hangup(offhook::voip::HangupReason::Peer);
    let heard = callee.wait_ended();
    println!("caller: {}, callee heard {:.1} s", ended.outcome, heard.stats.heard.seconds());
    println!("listen to recordings/bring_your_own_mtproto.wav");
    Ok(())
}
