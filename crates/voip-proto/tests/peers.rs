//! Other implementations, played by a script that knows only the wire.

#![allow(clippy::unwrap_used, reason = "a script that cannot be played is a failed test")]

mod sim;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use offhook_voip_proto::wire::Seq;
use offhook_voip_proto::wire::ack::Ack;
use offhook_voip_proto::wire::extra::Extra;
use offhook_voip_proto::wire::packet::{Header, HeaderForm, Kind, Packet};
use offhook_voip_proto::wire::seal::{Form, SealKey};
use offhook_voip_proto::wire::stream::{Record, StreamEc};
use offhook_voip_proto::{Call, Event, FailReason, Input, Output, Playout, Role, State, Via};
use sim::{MS, SECOND, Setup, config, frame, number, relay_addr};

/// What was read from a packet of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    kind: Kind,
    seq: Seq,
    ack: Ack,
    extras: usize,
    payload: Vec<u8>,
}

/// A call of ours and a scripted peer behind the relay.
struct Script {
    call: Call,
    key: SealKey,
    form: Form,
    /// Old peers: the state decides between form A and B.
    settled: bool,
    next: u32,
    mask_of_received: Ack,
    now: Instant,
    seen: VecDeque<Seen>,
    events: Vec<Event>,
    tag: Vec<u8>,
}

impl Script {
    fn new(form: Form, layer: i32, first: u32) -> Self {
        let setup = Setup { layers: [layer; 2], ..Setup::default() };
        let now = sim::Sim::new(Setup::default()).now;
        let config = config(&setup, 0);
        let tag = config.endpoints[0].peer_tag.0.to_vec();
        let mut script = Self {
            key: SealKey::new(config.key.bytes()),
            call: Call::new(config, now).unwrap(),
            form,
            settled: false,
            next: first,
            mask_of_received: Ack { newest: Seq(0), mask: 0 },
            now,
            seen: VecDeque::new(),
            events: Vec::new(),
            tag,
        };
        script.drain();
        script
    }

    fn header_form(&self) -> HeaderForm {
        match (self.form, self.settled) {
            (Form::Short, _) => HeaderForm::Short,
            (_, false) => HeaderForm::A { random: [1; 15], call_id: *self.key.call_id() },
            (_, true) => HeaderForm::B { random: [1; 15], flags: false },
        }
    }

    fn send(&mut self, kind: Kind, payload: &[u8]) {
        self.send_with(kind, &[], payload);
    }

    fn send_with(&mut self, kind: Kind, extras: &[Extra<'_>], payload: &[u8]) {
        let mut list = Vec::new();
        if !extras.is_empty() {
            list.push(extras.len() as u8);
            extras.iter().for_each(|extra| extra.write(&mut list));
        }
        let header = Header { kind, ack: self.mask_of_received, seq: Seq(self.next) };
        self.next += 1;
        let mut out = Vec::new();
        let started = self.key.start(self.form, &self.tag, &mut out);
        header.write(&self.header_form(), &list, payload.len(), &mut out);
        out.extend_from_slice(payload);
        self.key.finish(started, Role::Callee, &mut out, |padding| padding.fill(9));
        let at = self.now;
        self.call.handle(Input::Datagram { at, via: Via::Shared, from: relay_addr(0), bytes: &mut out });
        self.drain();
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += MS * 20;
            self.call.handle(Input::Tick(self.now));
            self.drain();
        }
    }

    fn drain(&mut self) {
        let mut out = Vec::new();
        loop {
            match self.call.poll(&mut out) {
                Output::Send { .. } => self.read(&out),
                Output::Event(event) => self.events.push(event),
                Output::WaitUntil(_) => break,
                other => panic!("not of this family: {other:?}"),
            }
        }
    }

    /// Reads a packet of ours in whichever form it is and acknowledges it in the way of libtgvoip 2.4.4.
    fn read(&mut self, datagram: &[u8]) {
        if datagram[16..28] == [0xFF; 12] {
            return;
        }
        for form in [Form::Short, Form::Long, Form::Old] {
            let mut inner = datagram[16..].to_vec();
            let Ok(block) = self.key.open(form, Role::Caller, &mut inner) else { continue };
            let packet = match form {
                Form::Short => Packet::parse_short(block).unwrap(),
                _ => Packet::parse_tl(block, self.key.call_id(), false).unwrap(),
            };
            let Header { kind, seq, ack } = packet.header;
            self.mask_of_received = Ack { newest: seq, mask: u32::MAX };
            let payload = packet.payload.to_vec();
            self.seen.push_back(Seen { kind, seq, ack, extras: packet.extras.len(), payload });
            return;
        }
        panic!("a packet of ours that nobody can open");
    }

    fn kinds(&mut self) -> Vec<Kind> {
        self.seen.drain(..).map(|seen| seen.kind).collect()
    }

    /// INIT and INIT_ACK in the form of a protocol version.
    fn open(&mut self, init: &str, init_ack: &str) {
        self.send(Kind::Init, &hex::decode(init.replace(' ', "")).unwrap());
        self.send(Kind::InitAck, &hex::decode(init_ack.replace(' ', "")).unwrap());
    }

    fn record(&mut self, stream: u8, pts: u32, data: &[u8]) {
        let mut payload = Vec::new();
        Record::write(pts, data, &[], &mut payload);
        payload[0] = payload[0] & 0xC0 | stream;
        self.send(Kind::StreamData, &payload);
    }

    /// Plays for `time`, with a tick of 20 ms; gives the numbers of the frames.
    fn listen(&mut self, time: Duration) -> Vec<u32> {
        let (mut heard, mut packet) = (Vec::new(), Vec::new());
        let end = self.now + time;
        let mut queued = Duration::ZERO;
        while self.now < end {
            while queued < MS * 20 {
                let playout = self.call.pull_frame(self.now, queued, &mut packet);
                queued += playout.duration();
                if matches!(playout, Playout::Frame { .. }) {
                    heard.push(number(&packet));
                }
            }
            queued -= MS * 20;
            self.run(MS * 20);
        }
        heard
    }
}

const LIBTGVOIP: (&str, &str) =
    ("09000000 03000000 00000000 01 5355504f 00 00", "09000000 03000000 01 01 01 5355504f 3c00 01");
const MADELINE: (&str, &str) =
    ("09000000 09000000 00000000 01 5355504f 00 00", "09000000 09000000 01 00 01 5355504f 3c00 01");
const PROTOCOL_3: (&str, &str) =
    ("03000000 03000000 00000000 01 01 00", "03000000 03000000 01 01 01 01 3c00 01");

#[test]
fn our_first_packets_are_the_published_ones() {
    let mut script = Script::new(Form::Short, 92, 1);
    let first = script.seen.pop_front().unwrap();
    assert_eq!((first.kind, first.seq), (Kind::Init, Seq(1)));
    assert_eq!(hex::encode(&first.payload), "090000000300000000000000015355504f0000");
    script.open(LIBTGVOIP.0, LIBTGVOIP.1);
    let ack = script.seen.iter().find(|seen| seen.kind == Kind::InitAck).unwrap();
    assert_eq!(hex::encode(&ack.payload), "09000000030000000101015355504f3c0001");
    assert_eq!(ack.ack, Ack { newest: Seq(1), mask: 0 });
    assert_eq!(script.call.state(), State::Established);
}

#[test]
fn every_init_is_answered_and_init_goes_out_every_half_second_until_the_call_is_up() {
    let mut script = Script::new(Form::Short, 92, 1);
    script.kinds();
    script.run(MS * 2400);
    assert_eq!(script.kinds(), [Kind::Init; 4]);
    for _ in 0..3 {
        script.run(MS * 40);
        script.send(Kind::Init, &hex::decode(LIBTGVOIP.0.replace(' ', "")).unwrap());
        // Answered, and asked in turn, since our own INIT was not acknowledged.
        assert_eq!(script.kinds(), [Kind::InitAck, Kind::Init]);
    }
}

#[test]
fn a_ping_is_answered_at_once_with_its_number() {
    let mut script = Script::new(Form::Short, 92, 1);
    script.open(LIBTGVOIP.0, LIBTGVOIP.1);
    script.kinds();
    script.send(Kind::Ping, &[]);
    let pong = script.seen.pop_front().unwrap();
    assert_eq!((pong.kind, pong.payload), (Kind::Pong, vec![3, 0, 0, 0]));
}

#[test]
fn madeline_proto_is_heard_through_its_pauses_and_restarts_and_never_gets_a_list() {
    let mut script = Script::new(Form::Short, 92, 0);
    script.open(MADELINE.0, MADELINE.1);
    assert_eq!(script.call.state(), State::Established);
    let mut heard = Vec::new();
    let mut expected = Vec::new();
    for piece in 0..3u32 {
        for n in 0..50 {
            script.record(0, n * 60, &frame(piece * 1000 + n, false, 80));
            expected.push(piece * 1000 + n);
            heard.extend(script.listen(MS * 60));
        }
        script.send(Kind::StreamState, &[0, 0]);
        heard.extend(script.listen(MS * 700));
        script.send(Kind::StreamState, &[0, 1]);
    }
    assert_eq!(heard, expected);
    let muted: Vec<_> = script.events.iter().filter(|event| matches!(event, Event::PeerMuted(_))).collect();
    assert_eq!(muted.len(), 6);
    assert_eq!(script.call.stats().frames_late, 0);
    assert_eq!(script.call.encoder_hints().fec, script.call.stats().send_loss > 0.005);
}

#[test]
fn a_peer_of_protocol_3_gets_what_it_can_read() {
    let mut script = Script::new(Form::Old, 65, 1);
    script.open(PROTOCOL_3.0, PROTOCOL_3.1);
    let ack = script.seen.iter().find(|seen| seen.kind == Kind::InitAck).unwrap();
    assert_eq!(hex::encode(&ack.payload), "0900000003000000010101013c0001");
    assert_eq!(script.call.state(), State::Established);
    script.settled = true;
    script.kinds();
    // Muted: STREAM_STATE every half second with a new number, until one is acknowledged.
    let now = script.now;
    script.call.handle(Input::Mute { at: now, muted: true });
    script.drain();
    script.run(MS * 1200);
    let states: Vec<_> = script.seen.drain(..).filter(|seen| seen.kind == Kind::StreamState).collect();
    assert_eq!(states.len(), 3);
    assert!(states.iter().all(|seen| seen.payload == [1, 0] && seen.extras == 0));
    assert!(states.windows(2).all(|pair| pair[1].seq.is_after(pair[0].seq)));
    script.send(Kind::Nop, &[]);
    script.run(SECOND);
    assert!(!script.kinds().contains(&Kind::StreamState));
}

#[test]
fn records_in_pairs_and_triples_copies_in_packets_of_their_own_and_pictures() {
    let mut script = Script::new(Form::Short, 92, 1);
    script.open(LIBTGVOIP.0, LIBTGVOIP.1);
    let mut payload = Vec::new();
    for n in 0..2 {
        Record::write(n * 60, &frame(n, false, 50), &[], &mut payload);
    }
    script.send(Kind::StreamDataX2, &payload);
    payload.clear();
    for n in 2..5 {
        Record::write(n * 60, &frame(n, false, 50), &[], &mut payload);
    }
    script.send(Kind::StreamDataX3, &payload);
    // Frame 5 is lost; 6 comes with a packet of copies.
    script.record(1, 360, &frame(6, false, 50));
    payload.clear();
    StreamEc::write(360, &[&frame(5, false, 30), &[]], &mut payload);
    script.send(Kind::StreamEc, &payload);
    // A picture on stream 2, a fragment, and a type nobody knows.
    script.record(2, 0, b"picture");
    script.send(Kind::StreamData, &[0x41, 3, 0x40, 0, 0, 0, 0, 0, 2, 1, 2, 3]);
    script.send(Kind::Other(99), b"what");
    assert_eq!(script.listen(SECOND), [0, 1, 2, 3, 4, 5, 6]);
    let stats = script.call.stats();
    assert_eq!((stats.frames_received, stats.frames_recovered, stats.dropped_malformed), (6, 1, 0));
}

#[test]
fn sound_from_a_stream_that_is_said_to_be_off_is_heard_all_the_same() {
    let mut script = Script::new(Form::Short, 92, 1);
    script.open(LIBTGVOIP.0, LIBTGVOIP.1);
    script.send_with(Kind::Nop, &[Extra::StreamFlags { stream: 1, flags: 0 }], &[]);
    assert!(script.events.contains(&Event::PeerMuted(true)));
    script.record(1, 0, &frame(0, false, 50));
    assert_eq!(script.listen(SECOND / 2), [0]);
}

#[test]
fn an_extra_that_is_repeated_is_one_announcement() {
    let mut script = Script::new(Form::Short, 92, 1);
    script.open(LIBTGVOIP.0, LIBTGVOIP.1);
    for flags in [0, 0, 0, 1, 1, 0] {
        script.send_with(Kind::Nop, &[Extra::StreamFlags { stream: 1, flags }], &[]);
    }
    let muted: Vec<_> = script
        .events
        .iter()
        .filter_map(|event| if let Event::PeerMuted(muted) = event { Some(*muted) } else { None })
        .collect();
    assert_eq!(muted, [true, false, true]);
}

#[test]
fn an_extra_of_ours_rides_until_it_is_acknowledged() {
    let mut script = Script::new(Form::Short, 92, 1);
    script.open(LIBTGVOIP.0, LIBTGVOIP.1);
    script.send(Kind::Nop, &[]);
    script.kinds();
    let now = script.now;
    script.call.handle(Input::Mute { at: now, muted: true });
    script.drain();
    script.run(SECOND);
    assert!(script.seen.len() >= 4 && script.seen.iter().all(|seen| seen.extras == 1));
    script.send(Kind::Nop, &[]);
    script.kinds();
    script.run(SECOND);
    assert!(script.seen.iter().all(|seen| seen.extras == 0));
}

#[test]
fn a_peer_that_speaks_no_version_of_ours_ends_the_call_by_name() {
    for init in ["0a000000 0a000000 00000000 00 00 00", "02000000 01000000 00000000 00 00"] {
        let mut script = Script::new(Form::Short, 92, 1);
        script.send(Kind::Init, &hex::decode(init.replace(' ', "")).unwrap());
        assert_eq!(script.call.state(), State::Failed);
        assert!(script.events.contains(&Event::Failed(FailReason::Incompatible)));
    }
}

#[test]
fn a_truncated_payload_is_counted_and_the_packet_still_counts_as_received() {
    let mut script = Script::new(Form::Short, 92, 1);
    script.open(LIBTGVOIP.0, LIBTGVOIP.1);
    let before = script.call.stats();
    for (kind, payload) in [
        (Kind::StreamData, &[1, 20, 0, 0][..]),
        (Kind::StreamData, &[1, 2, 0, 0, 0, 0, 3, 0]),
        (Kind::Pong, &[1, 2]),
        (Kind::StreamState, &[1]),
        (Kind::StreamEc, &[1, 0, 0, 0, 0, 5]),
        (Kind::Init, &[9, 0, 0, 0]),
    ] {
        script.send(kind, payload);
    }
    let after = script.call.stats();
    assert_eq!(after.dropped_malformed - before.dropped_malformed, 6);
    assert_eq!(after.datagrams_received - before.datagrams_received, 6);
    assert_eq!(script.call.state(), State::Established);
}
