//! A relay in a thread, a pair of calls through it, and measures of what was heard.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "test helpers")]

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use offhook_media::{Closing, MediaTime, PcmSource, Report, Sink};
use offhook_voip::{
    CallConfig, CallKey, Controller, Endpoint, Engine, EngineConfig, Event, Events, MediaOptions, PeerTag,
    Profile, Role,
};

/// Far more than anything here takes on an idle machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The simplest relay: a datagram that begins with one side's tag goes to the last address of the other side, under the
/// other side's tag. Questions to the relay itself are not answered.
pub(crate) struct Relay {
    pub(crate) addr: SocketAddr,
    stop: Arc<AtomicBool>,
    /// Every n-th datagram is lost; 0 loses none.
    pub(crate) lose: Arc<AtomicU64>,
    pub(crate) cut: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    pub(crate) fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let addr = socket.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let lose = Arc::new(AtomicU64::new(0));
        let cut = Arc::new(AtomicBool::new(false));
        let (stopped, losing, cutting) = (Arc::clone(&stop), Arc::clone(&lose), Arc::clone(&cut));
        let thread = std::thread::spawn(move || {
            let mut places: HashMap<[u8; 16], SocketAddr> = HashMap::new();
            let mut bytes = [0; 2048];
            let mut count = 0_u64;
            while !stopped.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut bytes) else { continue };
                let Some(tag) = bytes[..length].first_chunk::<16>().copied() else { continue };
                places.insert(tag, from);
                count += 1;
                let every = losing.load(Ordering::Relaxed);
                let lost = every > 0 && count.is_multiple_of(every);
                let special = length >= 28 && bytes[16..28] == [0xFF; 12];
                if lost || special || cutting.load(Ordering::Relaxed) {
                    continue;
                }
                let other = other_tag(tag);
                if let Some(to) = places.get(&other) {
                    bytes[..16].copy_from_slice(&other);
                    let _ = socket.send_to(&bytes[..length], to);
                }
            }
        });
        Self { addr, stop, lose, cut, thread: Some(thread) }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The two tags of a call differ in their last bit.
pub(crate) fn tag(call: u32, role: Role) -> PeerTag {
    let mut tag = [0x5A; 16];
    tag[..4].copy_from_slice(&call.to_le_bytes());
    tag[15] = u8::from(role == Role::Callee);
    PeerTag(tag)
}

fn other_tag(mut tag: [u8; 16]) -> [u8; 16] {
    tag[15] ^= 1;
    tag
}

pub(crate) fn config(relay: &Relay, call: u32, role: Role) -> CallConfig {
    let key = CallKey::new(std::array::from_fn(|i| (i as u32 * 7 + call) as u8));
    let mut seed = [role as u8; 32];
    seed[..4].copy_from_slice(&call.to_le_bytes());
    CallConfig::new(role, key, vec![Endpoint::relay(i64::from(call) + 1, relay.addr, tag(call, role))], seed)
}

pub(crate) fn engine(shards: usize) -> Engine {
    Engine::start(EngineConfig::default().shards(shards)).unwrap()
}

/// The cheapest encoder. It is also the one that keeps wave forms, so that what is heard can be compared with what was
/// said sample by sample.
pub(crate) fn dense() -> MediaOptions {
    MediaOptions::default().profile(Profile::Dense)
}

/// Both ends of one call.
pub(crate) struct Pair {
    pub(crate) caller: Controller,
    pub(crate) callee: Controller,
}

impl Pair {
    pub(crate) fn start(engine: &Engine, relay: &Relay, call: u32, options: MediaOptions) -> Self {
        let caller = engine.start_call(config(relay, call, Role::Caller), options.clone()).unwrap();
        let callee = engine.start_call(config(relay, call, Role::Callee), options).unwrap();
        Self { caller, callee }
    }
}

/// Reads on until an event that fits, and returns it.
pub(crate) fn until(events: &mut Events, what: &str, fits: impl Fn(&Event) -> bool) -> Event {
    let deadline = Instant::now() + PATIENCE;
    let mut seen = Vec::new();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match events.next_timeout(left) {
            Some(event) if fits(&event) => return event,
            Some(event) => seen.push(event),
            None => panic!("no {what}; seen: {seen:?}"),
        }
    }
}

pub(crate) fn until_established(events: &mut Events) {
    until(events, "Established", |event| matches!(event, Event::Established));
}

/// Waits for a condition that has no event.
pub(crate) fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "still not: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Keeps what was heard.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    pub(crate) heard: Arc<Mutex<Vec<i16>>>,
}

impl Memory {
    pub(crate) fn sink(&self) -> Box<dyn Sink> {
        Box::new(self.clone())
    }

    pub(crate) fn samples(&self) -> Vec<i16> {
        self.heard.lock().unwrap().clone()
    }
}

impl Sink for Memory {
    fn write(&mut self, pcm: &[i16]) {
        self.heard.lock().unwrap().extend_from_slice(pcm);
    }

    fn close(self: Box<Self>) -> Closing {
        let samples = self.heard.lock().unwrap().len() as u64;
        Closing::done(Report {
            length: MediaTime::from_samples(samples),
            frames: samples / 960,
            ..Report::default()
        })
    }
}

/// Syllables of a voice-like sound: a gliding tone with overtones, on and off four times a second. Every stretch of it
/// differs from every other, so that a shift is found without doubt.
pub(crate) fn voice(seconds: f64) -> Vec<i16> {
    let count = (seconds * 48_000.0) as usize;
    let mut phase = 0.0_f64;
    (0..count)
        .map(|n| {
            let t = n as f64 / 48_000.0;
            let pitch = 140.0 + 60.0 * (t * 2.3).sin() + 25.0 * (t * 7.1).sin() + 12.0 * t;
            phase += pitch / 48_000.0;
            let turn = phase * std::f64::consts::TAU;
            let tone =
                turn.sin() + 0.5 * (2.0 * turn).sin() + 0.3 * (3.0 * turn).sin() + 0.2 * (5.0 * turn).sin();
            let loud = (t * 4.0 * std::f64::consts::PI).sin().abs().sqrt();
            (tone * loud * 5_000.0) as i16
        })
        .collect()
}

pub(crate) fn source(samples: &[i16]) -> PcmSource {
    PcmSource::new(samples.to_vec())
}

/// How alike they are, 0 to 1, at the best shift of `said` within `heard`; and that shift in samples.
pub(crate) fn likeness(said: &[i16], heard: &[i16]) -> (f64, usize) {
    assert!(heard.len() >= said.len(), "heard {} samples of {}", heard.len(), said.len());
    // Coarse on every 24th sample of a smoothed signal, then fine around the best.
    let coarse = |list: &[i16]| -> Vec<f64> {
        list.chunks_exact(24).map(|c| c.iter().map(|s| f64::from(*s)).sum::<f64>()).collect()
    };
    let (a, b) = (coarse(said), coarse(heard));
    let best = (0..=b.len() - a.len())
        .max_by(|x, y| correlation(&a, &b[*x..]).total_cmp(&correlation(&a, &b[*y..])))
        .unwrap();
    let said: Vec<f64> = said.iter().map(|s| f64::from(*s)).collect();
    let heard: Vec<f64> = heard.iter().map(|s| f64::from(*s)).collect();
    let from = (best * 24).saturating_sub(48);
    let to = (best * 24 + 48).min(heard.len() - said.len());
    (from..=to)
        .map(|shift| (correlation(&said, &heard[shift..]), shift))
        .max_by(|x, y| x.0.total_cmp(&y.0))
        .unwrap()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    if aa == 0.0 || bb == 0.0 { 0.0 } else { ab / (aa * bb).sqrt() }
}

/// Level of `hz` in `samples`, as amplitude in 16-bit units (Goertzel).
pub(crate) fn tone_level(samples: &[i16], hz: f64) -> f64 {
    let step = hz / 48_000.0 * std::f64::consts::TAU;
    let (mut re, mut im) = (0.0, 0.0);
    for (n, s) in samples.iter().enumerate() {
        let angle = n as f64 * step;
        re += f64::from(*s) * angle.cos();
        im += f64::from(*s) * angle.sin();
    }
    2.0 * (re * re + im * im).sqrt() / samples.len() as f64
}

/// Threads of this process.
pub(crate) fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

/// Open file descriptors of this process.
pub(crate) fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
