//! Two calls, the relays between them and the people at both ends, in imaginary time.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part of it")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use offhook_netsim::{Link, LinkConfig, Wire};
use offhook_voip_proto::{
    Call, CallConfig, CallKey, Endpoint, Event, Input, Output, PeerTag, Playout, Role, State, Stretch, Via,
};

pub const MS: Duration = Duration::from_millis(1);
pub const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(20);
const FRAME: Duration = Duration::from_millis(60);

/// A relay with a link in and out for each side.
struct Relay {
    addr: SocketAddr,
    tags: [PeerTag; 2],
    up: [Link; 2],
    down: [Link; 2],
    heard: [bool; 2],
}

/// Something under way.
#[derive(Clone)]
enum Flying {
    ToRelay { relay: usize, from: usize, bytes: Vec<u8> },
    ToSide { relay: usize, to: usize, bytes: Vec<u8> },
}

/// What was heard at one end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Numbers of the frames in the order they were played, from their own packet.
    pub played: Vec<u32>,
    /// Numbers played from a copy or from in-band redundancy.
    pub recovered: Vec<u32>,
    /// Each number, with the time from being spoken (its last sample) until its first sample is played.
    pub delays: Vec<Duration>,
    pub concealed: Duration,
    pub silence: Duration,
    /// Longest run of invented sound while frames were being sent.
    pub longest_gap: Duration,
    gap: Duration,
}

/// One end: a call, a mouth and an ear.
pub struct Side {
    pub call: Call,
    pub heard: Heard,
    pub events: Vec<(Duration, Event)>,
    pub speaking: bool,
    pub redundant: bool,
    pub frame_bytes: usize,
    /// When each frame was handed over.
    pub spoken: BTreeMap<u32, Instant>,
    next_frame: Instant,
    next_tick: Instant,
    /// Decoded sound that waits to be played.
    queued: Duration,
    next_number: u32,
    pub datagrams: Vec<(Duration, Vec<u8>)>,
    pub keep_datagrams: bool,
    longest_silence_on_wire: Duration,
    last_sent: Option<Instant>,
}

pub struct Sim {
    pub sides: [Side; 2],
    relays: Vec<Relay>,
    wire: Wire<Flying>,
    pub start: Instant,
    pub now: Instant,
    pub delivered: [Vec<(SocketAddr, Vec<u8>)>; 2],
    pub record: bool,
}

#[derive(Clone)]
pub struct Setup {
    pub link: LinkConfig,
    pub relays: usize,
    pub seed: u64,
    pub second_starts: Duration,
    pub keys: [[u8; 256]; 2],
    pub layers: [i32; 2],
    pub configure: fn(&mut CallConfig),
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            link: LinkConfig::default(),
            relays: 1,
            seed: 1,
            second_starts: Duration::ZERO,
            keys: [std::array::from_fn(|i| (i * 37 % 251) as u8); 2],
            layers: [92; 2],
            configure: |_| {},
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the origin of simulated time")]
fn origin() -> Instant {
    Instant::now()
}

pub fn relay_addr(relay: usize) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1 + relay as u8], 599))
}

fn side_addr(side: usize) -> SocketAddr {
    SocketAddr::from(([198, 51, 100, 1 + side as u8], 5000))
}

fn tag(relay: usize, side: usize) -> PeerTag {
    PeerTag([relay as u8 + 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, side as u8])
}

pub fn config(setup: &Setup, side: usize) -> CallConfig {
    let role = if side == 0 { Role::Caller } else { Role::Callee };
    let endpoints =
        (0..setup.relays).map(|r| Endpoint::relay(r as i64 + 1, relay_addr(r), tag(r, side))).collect();
    let mut seed = [side as u8; 32];
    seed[8..16].copy_from_slice(&setup.seed.to_le_bytes());
    let mut config = CallConfig::new(role, CallKey::new(setup.keys[side]), endpoints, seed);
    config.max_layer = setup.layers[side];
    (setup.configure)(&mut config);
    config
}

/// A packet that looks like Opus: SILK wide band, one frame of 60 ms, with its number inside.
pub fn frame(number: u32, redundant: bool, len: usize) -> Vec<u8> {
    let mut packet = vec![11 << 3, if redundant { 0b0001_0000 } else { 0 }];
    packet.extend_from_slice(&number.to_le_bytes());
    packet.resize(len.max(6), 0x5A);
    packet
}

pub fn number(packet: &[u8]) -> u32 {
    u32::from_le_bytes(packet[2..6].try_into().expect("frames carry their number"))
}

impl Sim {
    pub fn new(setup: Setup) -> Self {
        let start = origin();
        let link = |n: u64| Link::new(setup.link, setup.seed.wrapping_mul(1000).wrapping_add(n));
        // Half of the path lies on either side of the relay: loss and jitter happen on the way up.
        let relays = (0..setup.relays)
            .map(|r| Relay {
                addr: relay_addr(r),
                tags: [tag(r, 0), tag(r, 1)],
                up: [link(r as u64 * 10), link(r as u64 * 10 + 1)],
                down: [0, 1].map(|n| Link::new(LinkConfig::default(), n)),
                heard: [false; 2],
            })
            .collect();
        let side = |n: usize| {
            let begin = if n == 0 { start } else { start + setup.second_starts };
            Side {
                call: Call::new(config(&setup, n), begin).expect("the configuration is sound"),
                heard: Heard::default(),
                events: Vec::new(),
                speaking: true,
                redundant: false,
                frame_bytes: 100,
                spoken: BTreeMap::new(),
                // The two ends tick at different phases.
                next_frame: begin + MS * (7 + 13 * n as u32),
                next_tick: begin + MS * (3 + 8 * n as u32),
                queued: Duration::ZERO,
                next_number: 0,
                datagrams: Vec::new(),
                keep_datagrams: false,
                longest_silence_on_wire: Duration::ZERO,
                last_sent: None,
            }
        };
        let mut sim = Self {
            sides: [side(0), side(1)],
            relays,
            wire: Wire::new(100_000),
            start,
            now: start,
            delivered: [Vec::new(), Vec::new()],
            record: false,
        };
        sim.drain(0);
        sim.drain(1);
        sim
    }

    /// Changes the way from `from` to relay `relay`.
    pub fn set_link(&mut self, relay: usize, from: usize, link: LinkConfig) {
        self.relays[relay].up[from].set_config(link);
    }

    pub fn set_all_links(&mut self, link: LinkConfig) {
        for relay in &mut self.relays {
            relay.up.iter_mut().for_each(|up| up.set_config(link));
        }
    }

    /// Nothing passes this relay any more, in either direction.
    pub fn cut(&mut self, relay: usize) {
        let cut = LinkConfig { loss: 1.0, ..LinkConfig::default() };
        for side in 0..2 {
            self.relays[relay].up[side].set_config(cut);
            self.relays[relay].down[side].set_config(cut);
        }
    }

    /// Hands bytes to a side as if they came from `from`.
    pub fn inject(&mut self, side: usize, from: SocketAddr, bytes: &[u8]) {
        let mut bytes = bytes.to_vec();
        let at = self.now;
        self.sides[side].call.handle(Input::Datagram { at, via: Via::Shared, from, bytes: &mut bytes });
        self.drain(side);
    }

    /// Does something to a call and performs what follows from it.
    pub fn with<T>(&mut self, side: usize, act: impl FnOnce(&mut Call, Instant) -> T) -> T {
        let result = act(&mut self.sides[side].call, self.now);
        self.drain(side);
        result
    }

    pub fn mute(&mut self, side: usize, muted: bool) {
        self.with(side, |call, at| call.handle(Input::Mute { at, muted }));
    }

    pub fn elapsed(&self) -> Duration {
        self.now - self.start
    }

    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            let next = self.next_event();
            if next > end {
                break;
            }
            self.now = next;
            self.step();
        }
        self.now = end;
    }

    /// Runs until both ends are established, at most for `limit`.
    pub fn connect(&mut self, limit: Duration) -> bool {
        let end = self.now + limit;
        while self.now < end {
            if self.sides.iter().all(|side| side.call.state() == State::Established) {
                return true;
            }
            self.run(MS * 5);
        }
        false
    }

    pub fn states(&self) -> [State; 2] {
        [self.sides[0].call.state(), self.sides[1].call.state()]
    }

    fn next_event(&mut self) -> Instant {
        let mut next = self.wire.next_at().unwrap_or(self.now + SECOND);
        let mut scratch = Vec::new();
        for side in &mut self.sides {
            let Output::WaitUntil(deadline) = side.call.poll(&mut scratch) else {
                panic!("a call is drained after every input");
            };
            next = next.min(deadline).min(side.next_tick).min(side.next_frame);
        }
        next.max(self.now)
    }

    fn step(&mut self) {
        while let Some(flying) = self.wire.pop_due(self.now) {
            self.deliver(flying);
        }
        for side in 0..2 {
            let now = self.now;
            self.sides[side].call.handle(Input::Tick(now));
            self.drain(side);
            if self.sides[side].next_frame <= now {
                self.sides[side].next_frame += FRAME;
                self.sides[side].speak(now);
                self.drain(side);
            }
            if self.sides[side].next_tick <= now {
                self.sides[side].next_tick += TICK;
                let (one, two) = self.sides.split_at_mut(1);
                let (me, other) = if side == 0 { (&mut one[0], &two[0]) } else { (&mut two[0], &one[0]) };
                me.listen(now, &other.spoken);
            }
        }
    }

    fn drain(&mut self, side: usize) {
        let mut out = Vec::with_capacity(1500);
        loop {
            match self.sides[side].call.poll(&mut out) {
                Output::Send { to, .. } => self.send(side, to, &out),
                Output::Event(event) => {
                    let at = self.now - self.start;
                    self.sides[side].events.push((at, event));
                }
                Output::WaitUntil(_) => break,
                other => panic!("not of this family: {other:?}"),
            }
        }
    }

    fn send(&mut self, side: usize, to: SocketAddr, bytes: &[u8]) {
        assert!(bytes.len() <= 1200, "datagram of {} bytes", bytes.len());
        let relay =
            self.relays.iter().position(|relay| relay.addr == to).expect("a call sends to its relays only");
        let now = self.now;
        let me = &mut self.sides[side];
        if me.keep_datagrams {
            me.datagrams.push((now - self.start, bytes.to_vec()));
        }
        if let Some(last) = me.last_sent.replace(now) {
            me.longest_silence_on_wire = me.longest_silence_on_wire.max(now - last);
        }
        for at in self.relays[relay].up[side].transmit(now, bytes.len()) {
            self.wire.push(at, Flying::ToRelay { relay, from: side, bytes: bytes.to_vec() });
        }
    }

    fn deliver(&mut self, flying: Flying) {
        match flying {
            Flying::ToRelay { relay, from, bytes } => self.relay(relay, from, &bytes),
            Flying::ToSide { relay, to, mut bytes } => {
                let from = self.relays[relay].addr;
                if self.record {
                    self.delivered[to].push((from, bytes.clone()));
                }
                let at = self.now;
                self.sides[to].call.handle(Input::Datagram { at, via: Via::Shared, from, bytes: &mut bytes });
                self.drain(to);
            }
        }
    }

    /// What a relay does (libtgvoip.md 2.5).
    fn relay(&mut self, relay: usize, from: usize, bytes: &[u8]) {
        let now = self.now;
        let r = &mut self.relays[relay];
        assert_eq!(bytes[..16], r.tags[from].0);
        r.heard[from] = true;
        let (to, reply) = if bytes[16..28] == [0xFF; 12] {
            assert_eq!(bytes.len(), 40);
            (from, self_info(bytes, side_addr(from)))
        } else {
            let to = 1 - from;
            if !r.heard[to] {
                return;
            }
            (to, [&r.tags[to].0[..], &bytes[16..]].concat())
        };
        for at in r.down[to].transmit(now, reply.len()) {
            self.wire.push(at, Flying::ToSide { relay, to, bytes: reply.clone() });
        }
    }

    pub fn longest_silence_on_wire(&self) -> [Duration; 2] {
        [self.sides[0].longest_silence_on_wire, self.sides[1].longest_silence_on_wire]
    }
}

fn self_info(request: &[u8], addr: SocketAddr) -> Vec<u8> {
    let SocketAddr::V4(addr) = addr else { panic!("sides have IPv4 addresses") };
    let mut reply = request[..28].to_vec();
    reply.extend_from_slice(&0xC015_72C7_u32.to_le_bytes());
    reply.extend_from_slice(&1_700_000_000_i32.to_le_bytes());
    reply.extend_from_slice(&request[32..40]);
    reply.extend_from_slice(&addr.ip().to_ipv6_mapped().octets());
    reply.extend_from_slice(&i32::from(addr.port()).to_le_bytes());
    reply
}

impl Side {
    fn speak(&mut self, now: Instant) {
        if !self.speaking || !self.call.wants_frames() {
            return;
        }
        let number = self.next_number;
        let packet = frame(number, self.redundant || self.call.encoder_hints().fec, self.frame_bytes);
        if self.call.push_frame(now, &packet).is_ok() {
            self.spoken.insert(number, now);
            self.next_number += 1;
        }
    }

    fn listen(&mut self, now: Instant, spoken: &BTreeMap<u32, Instant>) {
        let Self { call, heard, queued, .. } = self;
        heard.listen(now, queued, spoken, |now, queued, packet| call.pull_frame(now, queued, packet));
    }

    pub fn state_changes(&self) -> Vec<State> {
        self.events
            .iter()
            .filter_map(|(_, event)| if let Event::StateChanged(state) = event { Some(*state) } else { None })
            .collect()
    }
}

impl Heard {
    /// One tick of the sound card: 20 ms are taken, and more is asked for when less is left in `queued`.
    pub fn listen(
        &mut self,
        now: Instant,
        queued: &mut Duration,
        spoken: &BTreeMap<u32, Instant>,
        mut pull: impl FnMut(Instant, Duration, &mut Vec<u8>) -> Playout,
    ) {
        let mut packet = Vec::new();
        while *queued < TICK {
            let played_at = now + *queued;
            let playout = pull(now, *queued, &mut packet);
            *queued += playout.duration();
            match playout {
                Playout::Frame { stretch, copy, .. } => {
                    let number = number(&packet);
                    if copy {
                        self.recovered.push(number)
                    } else {
                        self.played.push(number)
                    }
                    if let Some(at) = spoken.get(&number) {
                        self.delays.push(played_at - *at);
                    }
                    match stretch {
                        Stretch::None => {}
                        Stretch::Shorten(by) => *queued -= by,
                        Stretch::Lengthen(by) => *queued += by,
                    }
                }
                Playout::Recovered { .. } => self.recovered.push(number(&packet) - 1),
                Playout::Conceal { duration } => self.concealed += duration,
                Playout::Silence { duration } => self.silence += duration,
            }
            if matches!(playout, Playout::Conceal { .. } | Playout::Silence { .. }) {
                self.gap += playout.duration();
                if !self.played.is_empty() {
                    self.longest_gap = self.longest_gap.max(self.gap);
                }
            } else {
                self.gap = Duration::ZERO;
            }
        }
        *queued -= TICK;
    }

    /// Median of the delays from `from` on.
    pub fn median_delay(&self, from: usize) -> Duration {
        let mut delays = self.delays[from.min(self.delays.len() - 1)..].to_vec();
        delays.sort();
        delays[delays.len() / 2]
    }
}
