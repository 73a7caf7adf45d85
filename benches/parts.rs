//! The parts of a call's packet path, per packet or per frame. `cargo bench --bench parts`
#![allow(clippy::expect_used, missing_docs, reason = "a bench; criterion's macros make undocumented items")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use offhook_media::{
    Decode, Downlink, FRAME_SAMPLES, FrameLen, PcmSource, Playlist, Profile, Stretch, Uplink, UplinkConfig,
};
use offhook_voip_proto::wire::ack::Ack;
use offhook_voip_proto::wire::packet::{Header, HeaderForm, Kind, Packet};
use offhook_voip_proto::wire::seal::{Form, SealKey};
use offhook_voip_proto::wire::{Seq, stream};
use offhook_voip_proto::{Call, CallConfig, CallKey, Endpoint, Input, Output, PeerTag, Role, Via};

/// An Opus packet of 60 ms at 20 kbit/s: CELT, full band, three frames of 20 ms each 50 bytes long (RFC 6716, 3.2.5).
fn opus() -> Vec<u8> {
    let mut packet = vec![0xFB, 3];
    packet.extend((0..150).map(|n| n as u8));
    packet
}

fn seal(c: &mut Criterion) {
    let key = SealKey::new(&[5; 256]);
    let mut group = c.benchmark_group("seal");
    for size in [100, 200, 1000] {
        let block = vec![7; size];
        let mut out = Vec::with_capacity(1500);
        let sealed = |out: &mut Vec<u8>| {
            out.clear();
            let started = key.start(Form::Short, &[9; 16], out);
            out.extend_from_slice(&block);
            key.finish(started, Role::Caller, out, |padding| padding.fill(3));
        };
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(format!("seal {size} B"), |b| b.iter(|| sealed(black_box(&mut out))));
        sealed(&mut out);
        let packet = out[16..].to_vec();
        group.bench_function(format!("open {size} B"), |b| {
            b.iter_batched_ref(
                || packet.clone(),
                |bytes| key.open(Form::Short, Role::Caller, bytes).expect("our own seal").len(),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn packet(c: &mut Criterion) {
    let frame = opus();
    let header =
        Header { kind: Kind::StreamData, ack: Ack { newest: Seq(77), mask: 0xFFFF_FFF0 }, seq: Seq(78) };
    let mut block = Vec::with_capacity(1500);
    let write = |block: &mut Vec<u8>| {
        block.clear();
        header.write(&HeaderForm::Short, &[], stream::Record::len(&frame, &[]), block);
        stream::Record::write(60, &frame, &[], block);
    };
    c.bench_function("packet/write", |b| b.iter(|| write(black_box(&mut block))));
    write(&mut block);
    c.bench_function("packet/parse", |b| {
        b.iter(|| {
            let packet = Packet::parse_short(black_box(&block)).expect("our own packet");
            stream::Record::parse(packet.payload).expect("our own record").0.data.len()
        });
    });
}

/// Two cores on an imaginary wire without delay.
struct Ends {
    calls: [Call; 2],
    now: Instant,
    datagram: Vec<u8>,
    packet: Vec<u8>,
}

impl Ends {
    fn new() -> Self {
        let now = Instant::now();
        let relay = "127.0.0.1:1".parse().expect("an address");
        let end = |role| {
            let endpoint = Endpoint::relay(1, relay, PeerTag([7; 16]));
            Call::new(CallConfig::new(role, CallKey::new([1; 256]), vec![endpoint], [role as u8; 32]), now)
                .expect("a call")
        };
        let calls = [end(Role::Caller), end(Role::Callee)];
        let mut ends =
            Self { calls, now, datagram: Vec::with_capacity(1500), packet: Vec::with_capacity(1500) };
        for _ in 0..200 {
            ends.step(Duration::from_millis(20));
        }
        assert!(ends.calls.iter().all(Call::wants_frames), "both ends are established");
        ends
    }

    fn step(&mut self, by: Duration) {
        self.now += by;
        for end in 0..2 {
            self.calls[end].handle(Input::Tick(self.now));
            self.drain(end);
        }
    }

    fn drain(&mut self, end: usize) {
        let relay = "127.0.0.1:1".parse().expect("an address");
        loop {
            match self.calls[end].poll(&mut self.datagram) {
                Output::Send { .. } => {
                    let (at, bytes) = (self.now, &mut self.datagram[..]);
                    self.calls[1 - end].handle(Input::Datagram { at, via: Via::Shared, from: relay, bytes });
                }
                // This family has neither signalling nor sockets of its own.
                Output::Event(_) | Output::Signal | Output::Open { .. } | Output::Close { .. } => {}
                Output::WaitUntil(_) => return,
            }
        }
    }

    /// 60 ms of one direction: a frame is packed, sealed, opened, buffered and pulled out again.
    fn frame(&mut self, opus: &[u8]) {
        self.step(Duration::from_millis(60));
        self.calls[0].push_frame(self.now, opus).expect("frames are wanted");
        self.drain(0);
        let mut pulled = Duration::ZERO;
        while pulled < Duration::from_millis(60) {
            pulled += self.calls[1].pull_frame(self.now, Duration::ZERO, &mut self.packet).duration();
        }
        self.drain(1);
    }
}

fn core(c: &mut Criterion) {
    let (mut ends, opus) = (Ends::new(), opus());
    c.bench_function("core/one frame from end to end, jitter buffer included", |b| {
        b.iter(|| ends.frame(&opus))
    });
}

fn codec(c: &mut Criterion) {
    let speech: Vec<i16> = (0..48_000 * 4)
        .map(|n| {
            let t = f64::from(n) / 48_000.0;
            let tone: f64 = (1..9).map(|k| (t * 140.0 * f64::from(k) * std::f64::consts::TAU).sin()).sum();
            (tone * 1_500.0 * (t * 9.0).sin().abs()) as i16
        })
        .collect();
    let mut group = c.benchmark_group("codec");
    for profile in [Profile::Quality, Profile::Balanced, Profile::Dense] {
        let mut playlist = Playlist::new();
        playlist.play_on_hold(vec![(
            offhook_media::TrackId::unique(),
            Box::new(PcmSource::new(speech.clone())) as Box<dyn offhook_media::Source>,
        )]);
        let config = UplinkConfig { profile, frame: FrameLen::Ms60, ..UplinkConfig::default() };
        let mut uplink = Uplink::new(config).expect("an encoder");
        let mut packet = Vec::with_capacity(1275);
        group.bench_function(format!("encode 60 ms, {profile}"), |b| {
            b.iter(|| uplink.next_packet(&mut playlist, &mut packet).expect("a packet"));
        });
        let packets: Vec<Vec<u8>> = (0..60)
            .map(|_| {
                uplink.next_packet(&mut playlist, &mut packet).expect("a packet");
                packet.clone()
            })
            .collect();
        let mut downlink = Downlink::new().expect("a decoder");
        let (mut frame, mut next) = ([0; FRAME_SAMPLES], 0);
        group.bench_function(format!("decode 60 ms, {profile}"), |b| {
            b.iter(|| {
                next = (next + 1) % packets.len();
                downlink.feed(Decode::Frame(&packets[next]), Duration::from_millis(60), Stretch::None);
                while !downlink.is_short() {
                    downlink.pull(black_box(&mut frame));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(parts, seal, packet, core, codec);
criterion_main!(parts);
