//! Two modern calls, the network between them, their relays and the server that carries their signalling, in imaginary
//! time. Only the randomness inside the WebRTC crate is real, so a seed repeats the network and not every byte.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part of it")]

pub mod attack;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use offhook_netsim::{Link, LinkConfig, Wire};
use offhook_voip_proto::tgcalls::{Call, Version};
use offhook_voip_proto::{
    CallConfig, CallKey, Endpoint, Event, Family, Input, Output, PeerTag, Role, State, Via,
};

use crate::sim::{Heard, MS, SECOND, frame};

const TICK: Duration = Duration::from_millis(20);

/// Something under way.
#[derive(Clone)]
enum Flying {
    ToRelay { relay: usize, from: usize, sender: SocketAddr, bytes: Vec<u8> },
    ToSide { to: usize, addr: SocketAddr, via: Via, from: SocketAddr, bytes: Vec<u8> },
    Signal { to: usize, packet: Vec<u8> },
    Opened { side: usize, via: Via },
}

/// A reflector: pairs what its clients call themselves (tgcalls.md 7.3).
struct Relay {
    addr: SocketAddr,
    /// By the last four bytes of the name: the side, where it is, and its first twelve bytes.
    known: BTreeMap<[u8; 4], (usize, SocketAddr, [u8; 12])>,
}

/// One end: a call, a mouth and an ear.
pub struct Side {
    pub call: Call,
    pub heard: Heard,
    pub events: Vec<(Duration, Event)>,
    pub speaking: bool,
    pub redundant: bool,
    pub frame_bytes: usize,
    pub spoken: BTreeMap<u32, Instant>,
    pub signals: Vec<Vec<u8>>,
    pub host: IpAddr,
    ports: BTreeMap<u8, u16>,
    next_port: u16,
    begin: Instant,
    frame: Duration,
    next_frame: Instant,
    next_tick: Instant,
    queued: Duration,
    next_number: u32,
}

pub struct Sim {
    pub sides: [Side; 2],
    relays: Vec<Relay>,
    /// Media from each side, wherever it goes.
    pub media: [Link; 2],
    /// Signalling from each side.
    pub signal: [Link; 2],
    /// No datagram between the hosts themselves passes.
    pub direct_cut: bool,
    /// No datagram to or from the relays passes.
    pub relays_cut: bool,
    /// As others see a side's address, when something on the way translates it.
    pub translated: [Option<IpAddr>; 2],
    tamper: fn(usize, usize, Vec<u8>) -> Option<Vec<u8>>,
    wire: Wire<Flying>,
    pub start: Instant,
    pub now: Instant,
    /// Datagrams that carried media or checks, as they left: (side, to, bytes).
    pub sent: Vec<(usize, SocketAddr, Vec<u8>)>,
    pub record: bool,
    /// Moments at which there was something to do.
    pub steps: u64,
}

#[derive(Clone)]
pub struct Setup {
    pub version: Version,
    pub media: LinkConfig,
    pub signal: LinkConfig,
    pub relays: usize,
    pub p2p: bool,
    pub seed: u64,
    pub second_starts: Duration,
    pub configure: fn(&mut CallConfig, usize),
    /// What the server makes of a side's packet of signalling with this number, from 0: it, something else, or nothing.
    pub tamper: fn(usize, usize, Vec<u8>) -> Option<Vec<u8>>,
}

impl Default for Setup {
    fn default() -> Self {
        let delay = |delay| LinkConfig { delay, ..LinkConfig::default() };
        Self {
            version: Version::V13,
            media: delay(MS * 20),
            signal: delay(MS * 40),
            relays: 1,
            p2p: false,
            seed: 1,
            second_starts: Duration::ZERO,
            configure: |_, _| {},
            tamper: |_, _, packet| Some(packet),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the origin of simulated time")]
pub fn origin() -> Instant {
    Instant::now()
}

pub fn relay_addr(relay: usize) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1 + relay as u8], 599))
}

pub fn host(side: usize, network: u8) -> IpAddr {
    IpAddr::from([198, 51, 100 + network, 1 + side as u8])
}

const SHARED_PORT: u16 = 5000;

/// The two names at a relay differ in their first byte and in the four last, which the client draws.
fn tag(relay: usize, side: usize) -> PeerTag {
    let mut tag = [relay as u8 + 1; 16];
    tag[0] = side as u8;
    PeerTag(tag)
}

pub fn key() -> CallKey {
    CallKey::new(std::array::from_fn(|i| (i * 37 % 251) as u8))
}

pub fn config(setup: &Setup, side: usize) -> CallConfig {
    let role = if side == 0 { Role::Caller } else { Role::Callee };
    let endpoints =
        (0..setup.relays).map(|r| Endpoint::relay(r as i64 + 1, relay_addr(r), tag(r, side))).collect();
    let mut seed = [side as u8; 32];
    seed[8..16].copy_from_slice(&setup.seed.to_le_bytes());
    let mut config = CallConfig::new(role, key(), endpoints, seed);
    config.family = Family::Tgcalls(setup.version);
    config.p2p_allowed = setup.p2p;
    (setup.configure)(&mut config, side);
    config
}

impl Sim {
    pub fn new(setup: &Setup) -> Self {
        let start = origin();
        let link = |config, n: u64| Link::new(config, setup.seed.wrapping_mul(1000).wrapping_add(n));
        let side = |n: usize| {
            let begin = if n == 0 { start } else { start + setup.second_starts };
            let config = config(setup, n);
            Side {
                frame: config.frame.duration(),
                call: Call::new(config, begin).expect("the configuration is sound"),
                heard: Heard::default(),
                events: Vec::new(),
                speaking: true,
                redundant: false,
                frame_bytes: 100,
                spoken: BTreeMap::new(),
                signals: Vec::new(),
                host: host(n, 0),
                ports: BTreeMap::new(),
                next_port: 40_000,
                begin,
                next_frame: begin + MS * (7 + 13 * n as u32),
                next_tick: begin + MS * (3 + 8 * n as u32),
                queued: Duration::ZERO,
                next_number: 0,
            }
        };
        let mut sim = Self {
            sides: [side(0), side(1)],
            relays: (0..setup.relays)
                .map(|r| Relay { addr: relay_addr(r), known: BTreeMap::new() })
                .collect(),
            media: [link(setup.media, 0), link(setup.media, 1)],
            signal: [link(setup.signal, 2), link(setup.signal, 3)],
            direct_cut: false,
            relays_cut: false,
            translated: [None; 2],
            tamper: setup.tamper,
            wire: Wire::new(100_000),
            start,
            now: start,
            sent: Vec::new(),
            record: false,
            steps: 0,
        };
        for side in 0..2 {
            sim.tell_addresses(side);
            sim.drain(side);
        }
        sim
    }

    /// The address that others see.
    fn seen(&self, side: usize) -> IpAddr {
        self.translated[side].unwrap_or(self.sides[side].host)
    }

    fn tell_addresses(&mut self, side: usize) {
        let at = self.sides[side].begin.max(self.now);
        let address = SocketAddr::new(self.sides[side].host, SHARED_PORT);
        self.sides[side].call.handle(Input::LocalAddresses { at, addresses: &[address] });
    }

    /// The machine moves to another network: its old address is gone.
    pub fn move_to(&mut self, side: usize, network: u8) {
        self.sides[side].host = host(side, network);
        self.tell_addresses(side);
        let at = self.now;
        self.sides[side].call.handle(Input::NetworkChanged(at));
        self.drain(side);
    }

    pub fn set_media(&mut self, link: LinkConfig) {
        self.media.iter_mut().for_each(|media| media.set_config(link));
    }

    /// Hands bytes to a side as if they came from `from`.
    pub fn inject(&mut self, side: usize, via: Via, from: SocketAddr, bytes: &[u8]) {
        let (mut bytes, at) = (bytes.to_vec(), self.now);
        self.sides[side].call.handle(Input::Datagram { at, via, from, bytes: &mut bytes });
        self.drain(side);
    }

    pub fn inject_signal(&mut self, side: usize, packet: &[u8]) {
        let at = self.now;
        self.sides[side].call.handle(Input::Signalling { at, packet });
        self.drain(side);
    }

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
            if self.states() == [State::Established; 2] {
                return true;
            }
            if self.states().iter().any(|state| state.is_final()) {
                return false;
            }
            self.run(MS);
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
        self.steps += 1;
        while let Some(flying) = self.wire.pop_due(self.now) {
            self.deliver(flying);
        }
        for side in 0..2 {
            let now = self.now;
            if now < self.sides[side].begin {
                continue;
            }
            self.sides[side].call.handle(Input::Tick(now));
            self.drain(side);
            if self.sides[side].next_frame <= now {
                let me = &mut self.sides[side];
                me.next_frame += me.frame;
                me.speak(now);
                self.drain(side);
            }
            if self.sides[side].next_tick <= now {
                self.sides[side].next_tick += TICK;
                let [one, two] = &mut self.sides;
                let (me, other) = if side == 0 { (one, &*two) } else { (two, &*one) };
                let Side { call, heard, queued, .. } = me;
                heard.listen(now, queued, &other.spoken, |now, queued, packet| {
                    call.pull_frame(now, queued, packet)
                });
            }
        }
    }

    fn drain(&mut self, side: usize) {
        let mut out = Vec::with_capacity(1500);
        for outputs in 0.. {
            assert!(outputs < 1000, "a call that does not come to rest");
            match self.sides[side].call.poll(&mut out) {
                Output::Send { via, to } => self.send(side, via, to, &out),
                Output::Signal => self.signal(side, &out),
                Output::Open { via, .. } => self.wire.push(self.now, Flying::Opened { side, via }),
                Output::Close { via: Via::Udp(n) } => drop(self.sides[side].ports.remove(&n)),
                Output::Close { .. } => {}
                Output::Event(event) => {
                    let at = self.now - self.start;
                    self.sides[side].events.push((at, event));
                }
                Output::WaitUntil(_) => break,
            }
        }
    }

    fn signal(&mut self, side: usize, packet: &[u8]) {
        let number = self.sides[side].signals.len();
        self.sides[side].signals.push(packet.to_vec());
        let Some(packet) = (self.tamper)(side, number, packet.to_vec()) else { return };
        for at in self.signal[side].transmit(self.now, packet.len()) {
            self.wire.push(at, Flying::Signal { to: 1 - side, packet: packet.clone() });
        }
    }

    fn send(&mut self, side: usize, via: Via, to: SocketAddr, bytes: &[u8]) {
        assert!(bytes.len() <= 1300, "datagram of {} bytes", bytes.len());
        if self.record {
            self.sent.push((side, to, bytes.to_vec()));
        }
        let port = match via {
            Via::Shared => SHARED_PORT,
            Via::Udp(n) => *self.sides[side].ports.get(&n).expect("only open sockets send"),
            Via::Tcp(_) => panic!("no relay here speaks TCP"),
        };
        let sender = SocketAddr::new(self.seen(side), port);
        let relay = self.relays.iter().position(|relay| relay.addr == to);
        if relay.is_some() && self.relays_cut || relay.is_none() && self.direct_cut {
            return;
        }
        for at in self.media[side].transmit(self.now, bytes.len()) {
            let bytes = bytes.to_vec();
            let flying = match relay {
                Some(relay) => Flying::ToRelay { relay, from: side, sender, bytes },
                None => Flying::ToSide { to: 1 - side, addr: to, via: Via::Udp(0), from: sender, bytes },
            };
            self.wire.push(at, flying);
        }
    }

    fn deliver(&mut self, flying: Flying) {
        let at = self.now;
        match flying {
            Flying::ToRelay { relay, from, sender, bytes } => self.relay(relay, from, sender, &bytes),
            Flying::ToSide { to, addr, via, from, mut bytes } => {
                let seen = self.seen(to);
                let side = &mut self.sides[to];
                let ports: Vec<u16> = [SHARED_PORT].into_iter().chain(side.ports.values().copied()).collect();
                if at >= side.begin && addr.ip() == seen && ports.contains(&addr.port()) {
                    side.call.handle(Input::Datagram { at, via, from, bytes: &mut bytes });
                    self.drain(to);
                }
            }
            Flying::Signal { to, packet } => {
                // The server drops what comes before the other side's engine runs; peers repeat it.
                if at >= self.sides[to].begin {
                    self.inject_signal(to, &packet);
                }
            }
            Flying::Opened { side, via } => {
                let me = &mut self.sides[side];
                let Via::Udp(n) = via else { panic!("{via:?}") };
                let port = me.next_port;
                me.next_port += 1;
                me.ports.insert(n, port);
                let local = SocketAddr::new([0, 0, 0, 0].into(), port);
                me.call.handle(Input::Opened { at, via, local });
                self.drain(side);
            }
        }
    }

    fn relay(&mut self, relay: usize, from: usize, sender: SocketAddr, bytes: &[u8]) {
        let now = self.now;
        let Relay { addr, known } = &mut self.relays[relay];
        let (addr, name) = (*addr, bytes[..16].first_chunk::<16>().expect("16 bytes"));
        let suffix: [u8; 4] = name[12..].try_into().expect("four bytes");
        let (to, at, reply) = if bytes[16..28] == [0xFF; 12] {
            assert_eq!(bytes.len(), 40);
            assert_eq!(name[..12], tag(relay, from).0[..12], "a client names itself");
            known.insert(suffix, (from, sender, name[..12].try_into().expect("twelve bytes")));
            (from, sender, bytes.to_vec())
        } else {
            assert_eq!(name[..12], tag(relay, from).0[..12], "a client begins with its own name");
            let Some((to, at, prefix)) = known.get(&suffix) else { return };
            (*to, *at, [&prefix[..], &bytes[12..]].concat())
        };
        if !self.relays_cut {
            let via = Via::Shared;
            self.wire.push(now, Flying::ToSide { to, addr: at, via, from: addr, bytes: reply });
        }
    }
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

    pub fn state_changes(&self) -> Vec<State> {
        let state = |event: &Event| match event {
            Event::StateChanged(state) => Some(*state),
            _ => None,
        };
        self.events.iter().filter_map(|(_, event)| state(event)).collect()
    }
}
