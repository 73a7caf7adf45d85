//! What a call costs: processor time of the engine for one second of one call's end, beside the bare codec in the same run.
//!
//! Method: one engine with one shard (its thread's own clock is read) carries N ends over loopback UDP and a relay; at the
//! other end of each sits a second engine. Set-up and the first second are left out. The yardstick is one encoder and one
//! decoder with the settings of the profile in a loop over the same sound, 60 ms a packet; ratios travel between machines,
//! absolute numbers do not.
//!
//! `cargo bench --bench calls [-- CALLS SECONDS [WORD]]`; only work whose name holds the word is measured.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on says why and stops"
)]

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use offhook_media::{
    Clip, Decode, Downlink, FRAME_SAMPLES, FrameLen, NullSink, PcmSource, Playlist, Profile, SinkFormat,
    SinkSpec, Stretch, Uplink, UplinkConfig, open_sink,
};
use offhook_voip::{
    CallConfig, CallKey, CallState, Controller, Endpoint, Engine, EngineConfig, EngineStats, HangupReason,
    MediaOptions, PeerTag, Role, Sink, Track,
};

fn main() {
    // Cargo adds `--bench`; what is left are two numbers and a word.
    let word = std::env::args().skip(1).find(|arg| !arg.starts_with("--") && arg.parse::<u64>().is_err());
    let wanted = |name: &str| word.as_ref().is_none_or(|word| name.contains(word.as_str()));
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (calls, seconds) = (numbers.first().map_or(20, |n| *n as u32), numbers.get(1).map_or(4, |n| *n));
    let speech = Arc::new(babble(8.0));
    println!(
        "work                      µs/call-s  bare codec  ratio  calls/core   late µs p50     p99     max"
    );
    for profile in [Profile::Quality, Profile::Balanced, Profile::Dense] {
        let name = format!("duplex {profile}");
        if wanted(&name) {
            let bare = bare_codec(profile, &speech);
            report(&name, &measure(calls, seconds, &Work::Duplex(profile), &speech), Some(bare));
        }
    }
    for (name, work) in [("play ready packets", Work::Play), ("record without decoding", Work::Dump)] {
        if wanted(name) {
            report(name, &measure(calls, seconds, &work, &speech), None);
        }
    }
}

/// What the measured ends do.
enum Work {
    /// Live encoder and decoder at both ends.
    Duplex(Profile),
    /// Ready-made packets out; the peer is silent and nobody listens.
    Play,
    /// The peer speaks; its packets go into a file as they are.
    Dump,
}

struct Run {
    /// Processor microseconds per second of one end.
    cost: f64,
    stats: EngineStats,
}

fn report(work: &str, run: &Run, bare: Option<f64>) {
    let late = run.stats.lateness;
    let (codec, ratio) = match bare {
        Some(bare) => (format!("{bare:.0}"), format!("{:.2}", run.cost / bare)),
        None => ("-".into(), "-".into()),
    };
    println!(
        "{work:<25} {:>9.0} {codec:>11} {ratio:>6} {:>11.0} {:>13} {:>7} {:>7}",
        run.cost,
        1e6 / run.cost,
        late.p50.as_micros(),
        late.p99.as_micros(),
        late.max.as_micros()
    );
}

fn measure(calls: u32, seconds: u64, work: &Work, speech: &Arc<Vec<i16>>) -> Run {
    let relay = Relay::start();
    // Whoever measures decides what is too much.
    let mut config = EngineConfig::default().shards(1);
    (config.step_down_at, config.refuse_at) = (f32::MAX, 1_000.0);
    let measured = Engine::start(config.clone()).expect("an engine");
    let peers = Engine::start(config).expect("an engine for the peers");
    let folder = tempfile::tempdir().expect("a folder");
    let cheap = MediaOptions::default().profile(Profile::Dense);
    let ours = match work {
        Work::Duplex(profile) => MediaOptions::default().profile(*profile),
        _ => cheap.clone(),
    };
    let clip = Clip::encode(Box::new(PcmSource::new(speech.as_slice())), Profile::Dense, FrameLen::Ms60)
        .expect("a clip");
    let ready = || Track::from(clip.source().expect("a clip's source"));
    let mut held: Vec<(Controller, Controller)> = Vec::new();
    for call in 0..calls {
        let one = measured.start_call(config_of(&relay, call, Role::Caller), ours.clone()).expect("a call");
        let other = peers.start_call(config_of(&relay, call, Role::Callee), cheap.clone()).expect("a peer");
        match work {
            Work::Duplex(_) => {
                one.play_on_hold([live(speech, call)]).expect("room for a word");
                one.set_output(Box::new(NullSink::new())).expect("room for a word");
                other.play_on_hold([ready()]).expect("room for a word");
            }
            Work::Play => {
                one.play_on_hold([ready()]).expect("room for a word");
                other.mute(true).expect("room for a word");
            }
            Work::Dump => {
                let path = folder.path().join(format!("{call}.ogg"));
                let sink: Box<dyn Sink> =
                    open_sink(SinkSpec::new(path).format(SinkFormat::OggOpus)).expect("a file");
                one.set_output(sink).expect("room for a word").mute(true).expect("room for a word");
                other.play_on_hold([ready()]).expect("room for a word");
            }
        }
        held.push((one, other));
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    while held.iter().any(|(a, b)| a.state() != CallState::Established || b.state() != CallState::Established)
    {
        assert!(Instant::now() < deadline, "not all calls were established");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_secs(1));
    let (cpu, begin) = (cpu_of(&measured), Instant::now());
    std::thread::sleep(Duration::from_secs(seconds));
    let (cpu, wall) = (cpu_of(&measured) - cpu, begin.elapsed().as_secs_f64());
    let stats = measured.stats();
    for (one, other) in &held {
        one.hangup(HangupReason::Local);
        other.hangup(HangupReason::Peer);
    }
    Run { cost: cpu * 1e6 / wall / f64::from(calls), stats }
}

/// Each call begins at another place, so that pauses do not coincide.
fn live(speech: &Arc<Vec<i16>>, call: u32) -> Track {
    let mut samples = speech.to_vec();
    let count = samples.len();
    samples.rotate_left(call as usize * 7919 % count);
    PcmSource::new(samples).into()
}

fn cpu_of(engine: &Engine) -> f64 {
    // The engine publishes it four times a second.
    std::thread::sleep(Duration::from_millis(260));
    engine.stats().shards.iter().map(|shard| shard.cpu.as_secs_f64()).sum()
}

fn config_of(relay: &Relay, call: u32, role: Role) -> CallConfig {
    let mut seed = [role as u8; 32];
    seed[..4].copy_from_slice(&call.to_le_bytes());
    let mut tag = [7; 16];
    tag[..4].copy_from_slice(&call.to_le_bytes());
    tag[15] = u8::from(role == Role::Callee);
    let key = CallKey::new(std::array::from_fn(|i| (i as u32 * 11 + call) as u8));
    CallConfig::new(role, key, vec![Endpoint::relay(1, relay.addr, PeerTag(tag))], seed)
}

/// Processor microseconds of one encoder and one decoder for a second of sound.
fn bare_codec(profile: Profile, speech: &[i16]) -> f64 {
    let source = PcmSource::new(speech);
    let packets = speech.len() / FrameLen::Ms60.samples();
    let mut playlist = Playlist::new();
    playlist.play(Box::new(source));
    let mut uplink = Uplink::new(UplinkConfig { profile, ..UplinkConfig::default() }).expect("an encoder");
    let mut downlink = Downlink::new().expect("a decoder");
    let (mut packet, mut frame) = (Vec::with_capacity(1275), [0; FRAME_SAMPLES]);
    let begin = thread_nanos();
    for _ in 0..packets {
        uplink.next_packet(&mut playlist, &mut packet).expect("a packet");
        downlink.feed(Decode::Frame(&packet), FrameLen::Ms60.duration(), Stretch::None);
        while !downlink.is_short() {
            downlink.pull(&mut frame);
        }
    }
    (thread_nanos() - begin) as f64 / 1e3 / (packets as f64 * 0.06)
}

/// Processor time of this thread.
fn thread_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("schedstat begins with a number")
}

/// Something like speech: a gliding voice in syllables, with hisses between.
fn babble(seconds: f64) -> Vec<i16> {
    let (mut phase, mut noise) = (0.0_f64, 1_u32);
    (0..(seconds * 48_000.0) as usize)
        .map(|n| {
            let t = n as f64 / 48_000.0;
            phase += (130.0 + 50.0 * (t * 2.3).sin() + 20.0 * (t * 7.1).sin()) / 48_000.0;
            let turn = phase * std::f64::consts::TAU;
            let voice: f64 = (1..12).map(|k| (turn * f64::from(k)).sin() / f64::from(k)).sum();
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = f64::from(noise >> 16) / 32_768.0 - 1.0;
            let beat = (t * 4.0 * std::f64::consts::PI).sin();
            let loud = if (t * 0.7).fract() < 0.8 { beat.max(0.0).sqrt() } else { 0.0 };
            (voice * loud * 6_000.0 + hiss * ((-beat).max(0.0) * 1_500.0 + 20.0)) as i16
        })
        .collect()
}

/// Passes datagrams between the two sides of a call, whose tags differ in their last bit.
struct Relay {
    addr: SocketAddr,
    stop: Arc<AtomicBool>,
}

impl Relay {
    fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket.set_read_timeout(Some(Duration::from_millis(100))).expect("a time-out");
        let addr = socket.local_addr().expect("an address");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        std::thread::spawn(move || {
            let mut places: HashMap<[u8; 16], SocketAddr> = HashMap::new();
            let mut bytes = [0; 2048];
            while !stopped.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut bytes) else { continue };
                let Some(mut tag) = bytes[..length].first_chunk::<16>().copied() else { continue };
                places.insert(tag, from);
                tag[15] ^= 1;
                if let Some(to) = places.get(&tag) {
                    bytes[..16].copy_from_slice(&tag);
                    let _ = socket.send_to(&bytes[..length], to);
                }
            }
        });
        Self { addr, stop }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
