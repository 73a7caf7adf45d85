use super::chunk::Data;
use super::*;
use crate::testing::origin;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

struct Pair {
    ends: [Association; 2],
    got: [Vec<Vec<u8>>; 2],
    ended: [Vec<Ended>; 2],
    at: Instant,
}

impl Pair {
    fn new(opening: [Opening; 2]) -> Self {
        let at = origin();
        let ends = [0, 1].map(|i| Association::new(opening[i], [i as u8 + 1; 32], at));
        Self { ends, got: Default::default(), ended: Default::default(), at }
    }

    /// All that side `from` has to send now.
    fn drain(&mut self, from: usize) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        loop {
            match self.ends[from].poll(self.at) {
                Output::Send(packet) => packets.push(packet),
                Output::Deliver(message) => self.got[from].push(message),
                Output::Ended(why) => self.ended[from].push(why),
                Output::WaitUntil(deadline) => {
                    assert!(deadline.is_none_or(|deadline| deadline > self.at));
                    return packets;
                }
            }
        }
    }

    /// Carries packets both ways until both sides wait; `pass` decides about each (side, packet).
    fn settle(&mut self, mut pass: impl FnMut(usize, &[u8]) -> bool) {
        loop {
            let packets = [self.drain(0), self.drain(1)];
            if packets.iter().all(Vec::is_empty) {
                return;
            }
            for (from, packets) in packets.iter().enumerate() {
                for packet in packets.iter().filter(|packet| pass(from, packet)) {
                    assert!(packet.len() <= MAX_PACKET);
                    self.ends[1 - from].handle(packet, self.at);
                }
            }
        }
    }

    fn up() -> Self {
        let mut pair = Self::new([Opening::Now, Opening::Later]);
        pair.settle(|_, _| true);
        assert!(pair.ends.iter().all(Association::is_up));
        pair
    }

    /// A packet to side `to` under the right tag.
    fn forge(&self, to: usize, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        chunk::packet(self.ends[to].tag, write)
    }
}

/// The first chunk of a packet.
fn kind_of(packet: &[u8]) -> u8 {
    packet[12]
}

#[test]
fn four_packets_open_it_and_messages_that_waited_flow_both_ways() {
    let mut pair = Pair::new([Opening::Now, Opening::Later]);
    pair.ends[0].push(b"first").unwrap();
    pair.ends[1].push(b"other").unwrap();
    assert_eq!(pair.ends[1].poll(pair.at), Output::WaitUntil(Some(pair.at + PATIENCE)));
    let mut kinds = Vec::new();
    pair.settle(|from, packet| {
        kinds.push((from, kind_of(packet)));
        true
    });
    assert_eq!(kinds[..4], [(0, 1), (1, 2), (0, 10), (1, 11)]);
    assert_eq!(pair.got, [vec![b"other".to_vec()], vec![b"first".to_vec()]]);
    assert!(pair.ends.iter().all(|end| end.is_up() && end.is_settled()));
}

#[test]
fn what_waits_goes_along_with_the_cookie_and_again_when_that_is_repeated() {
    let mut pair = Pair::new([Opening::Now, Opening::Later]);
    pair.ends[0].push(b"first").unwrap();
    let mut cookies = Vec::new();
    for _ in 0..2 {
        pair.settle(|_, packet| {
            if kind_of(packet) == kind::COOKIE_ECHO {
                cookies.push(packet.to_vec());
                return cookies.len() == 2;
            }
            true
        });
        pair.at += OPENING_RTO;
    }
    assert_eq!((cookies.len(), cookies[0] == cookies[1]), (2, true));
    assert_eq!((pair.got[1].len(), pair.ends[0].is_settled()), (1, true));
}

#[test]
fn both_may_open_at_once_under_the_tags_they_began_with() {
    let mut pair = Pair::new([Opening::Now; 2]);
    pair.ends[0].push(b"a").unwrap();
    pair.ends[1].push(b"b").unwrap();
    let mut inits = Vec::new();
    pair.settle(|from, packet| {
        if let kind::INIT | kind::INIT_ACK = kind_of(packet) {
            inits.push((from, packet[16..20].to_vec(), packet[28..32].to_vec()));
        }
        true
    });
    for from in 0..2 {
        let own: Vec<_> = inits.iter().filter(|init| init.0 == from).collect();
        assert!(own.len() >= 2 && own.iter().all(|init| *init == own[0]), "{own:?}");
    }
    assert_eq!(pair.got, [vec![b"b".to_vec()], vec![b"a".to_vec()]]);
}

#[test]
fn whatever_opening_packet_is_lost_the_timer_repairs_it() {
    for opening in [[Opening::Now, Opening::Later], [Opening::Now; 2]] {
        for lost in 0..8 {
            let mut pair = Pair::new(opening);
            pair.ends[0].push(b"a").unwrap();
            let mut count = 0;
            for _ in 0..5 {
                pair.settle(|_, _| {
                    count += 1;
                    count != lost + 1
                });
                pair.at += SECOND;
            }
            assert_eq!(pair.got[1], [b"a".to_vec()], "packet {lost} of {opening:?}");
            assert!(pair.ends[0].is_settled());
        }
    }
}

#[test]
fn an_init_without_answer_is_repeated_at_the_documented_times() {
    let mut pair = Pair::new([Opening::Now, Opening::Later]);
    let begin = pair.at;
    let mut times = Vec::new();
    for ms in 0..3000 {
        pair.at = begin + MS * ms;
        times.extend(pair.drain(0).iter().map(|_| ms));
    }
    assert_eq!(times, [0, 400, 1150, 1900, 2650]);
}

#[test]
fn a_side_that_may_wait_opens_by_itself_when_nothing_comes_for_a_second() {
    let mut pair = Pair::new([Opening::Now, Opening::Later]);
    pair.ends[1].push(b"b").unwrap();
    let begin = pair.at;
    // Whatever the caller sends is lost, until it answers.
    for ms in (0..=1000).step_by(50) {
        pair.at = begin + MS * ms;
        pair.settle(|from, packet| from == 1 || kind_of(packet) != kind::INIT);
        assert_eq!(pair.ends[1].is_up(), ms == 1000, "{ms}");
    }
    assert_eq!(pair.got[0], [b"b".to_vec()]);
}

#[test]
fn data_without_answer_is_repeated_ever_more_slowly_and_at_least_every_three_seconds() {
    let mut pair = Pair::up();
    pair.ends[0].push(b"lost").unwrap();
    let begin = pair.at;
    let mut times = Vec::new();
    for ms in (0..12_000).step_by(100) {
        pair.at = begin + MS * ms;
        times.extend(pair.drain(0).iter().map(|_| ms));
    }
    assert_eq!(times, [0, 700, 2100, 4900, 7900, 10_900]);
    assert_eq!(pair.ends[0].stats().retransmitted, 5);
}

#[test]
fn a_long_message_is_cut_and_put_together_again_also_when_pieces_overtake_or_are_lost() {
    let message: Vec<u8> = (0..MAX_MESSAGE as u32).map(|i| (i * 7 / 5) as u8).collect();
    let mut pair = Pair::up();
    pair.ends[0].push(&message).unwrap();
    pair.settle(|_, _| true);
    assert_eq!(pair.got[1], std::slice::from_ref(&message));
    assert_eq!(pair.ends[0].stats().retransmitted, 0);

    let mut pair = Pair::up();
    pair.ends[0].push(&message[..20_000]).unwrap();
    pair.ends[0].push(b"after").unwrap();
    let mut round = 0_u32;
    while !pair.ends[0].is_settled() {
        let mut packets = pair.drain(0);
        packets.reverse();
        for packet in packets {
            round += 1;
            if !round.is_multiple_of(3) {
                pair.ends[1].handle(&packet, pair.at);
            }
        }
        for packet in pair.drain(1) {
            pair.ends[0].handle(&packet, pair.at);
        }
        pair.at += MS * 100;
        assert!(round < 1000);
    }
    assert_eq!(pair.got[1], [message[..20_000].to_vec(), b"after".to_vec()]);
}

#[test]
fn a_heartbeat_is_answered_with_its_own_words() {
    let mut pair = Pair::up();
    let beat =
        pair.forge(1, |out| chunk::write(kind::HEARTBEAT, 0, out, |out| out.extend(b"\0\x01\0\x07abc")));
    pair.ends[1].handle(&beat, pair.at);
    let answers = pair.drain(1);
    let tag = pair.ends[0].tag;
    let expected = chunk::packet(tag, |out| {
        chunk::write(kind::HEARTBEAT_ACK, 0, out, |out| out.extend(b"\0\x01\0\x07abc"));
    });
    assert_eq!(answers, [expected]);
}

#[test]
fn an_abort_or_a_shutdown_ends_it_once_and_by_name() {
    for (kind, why) in [(kind::ABORT, Ended::Aborted), (kind::SHUTDOWN, Ended::ShutDown)] {
        let mut pair = Pair::up();
        let packet = pair.forge(1, |out| chunk::write(kind, 0, out, |_| {}));
        pair.ends[1].handle(&packet, pair.at);
        pair.ends[1].handle(&packet, pair.at);
        let answers = pair.drain(1);
        assert_eq!(pair.ended[1], [why]);
        assert_eq!(answers.len(), usize::from(kind == kind::SHUTDOWN));
        assert_eq!(pair.ends[1].push(b"late"), Err(PushError::Ended));
        assert_eq!(pair.ends[1].poll(pair.at), Output::WaitUntil(None));
    }
    let mut pair = Pair::up();
    let reflected = chunk::packet(pair.ends[0].tag, |out| chunk::write(kind::ABORT, 1, out, |_| {}));
    pair.ends[1].handle(&reflected, pair.at);
    assert!(!pair.ends[1].is_up());
}

#[test]
fn strangers_and_nonsense_are_counted_and_change_nothing() {
    let mut pair = Pair::up();
    let wrong_tag = chunk::packet(1, |out| chunk::write(kind::ABORT, 0, out, |_| {}));
    let restart = chunk::packet(0, |out| Init::ours(77, 1).write(kind::INIT, None, out));
    let cookie = pair.forge(1, |out| chunk::write(kind::COOKIE_ECHO, 0, out, |out| out.extend([0; 44])));
    let empty = pair.forge(1, |out| chunk::write(kind::DATA, 3, out, |out| out.extend([0; 12])));
    let cut = pair.forge(1, |out| out.extend([kind::DATA, 3, 0, 99]));
    let future = pair.forge(1, |out| Sack { cumulative: 5, room: 1, gaps: vec![] }.write(out));
    let stop = pair.forge(1, |out| {
        chunk::write(0x3f, 0, out, |_| {});
        chunk::write(kind::ABORT, 0, out, |_| {});
    });
    for packet in [&wrong_tag, &restart, &cookie, &empty, &cut, &future, &stop] {
        pair.ends[1].handle(packet, pair.at);
    }
    pair.ends[1].handle(b"\x13\x88\x13\x88 not SCTP at all", pair.at);
    assert!(pair.drain(1).is_empty());
    let stats = pair.ends[1].stats();
    assert_eq!((stats.dropped_foreign, stats.dropped_tag), (1, 1));
    assert_eq!((stats.dropped_malformed, stats.dropped_chunks), (2, 4));
    pair.ends[0].push(b"still").unwrap();
    pair.settle(|_, _| true);
    assert_eq!(pair.got[1], [b"still".to_vec()]);
}

#[test]
fn what_a_peer_makes_us_keep_is_bounded() {
    let mut pair = Pair::up();
    let first = pair.ends[0].outbound.first_tsn();
    let data = |tsn: u32, begins, ends, piece: &[u8]| {
        chunk::packet(pair.ends[1].tag, |out| {
            Data { tsn, stream: 0, ssn: 0, begins, ends, piece }.write(out);
        })
    };
    // Everything but the first number, far more than the room announced.
    let packets: Vec<_> = (1..3000).map(|i| data(first.wrapping_add(i), false, false, &[0; 1000])).collect();
    let far = data(first.wrapping_add(5000), true, true, b"far");
    // Then the first, which begins a message that never ends.
    let begin = data(first, true, false, &[0; 1000]);
    for packet in packets.iter().chain([&far]) {
        pair.ends[1].handle(packet, pair.at);
    }
    assert_eq!(pair.ends[1].inbound.take_sack().map(|sack| sack.room < 1000), Some(true));
    assert_eq!(pair.ends[1].stats().dropped_room, 2999 - (1 << 20) / 1000 + 1);
    pair.ends[1].handle(&begin, pair.at);
    assert!(pair.drain(1).len() == 1 && pair.got[1].is_empty());
    assert!(pair.ends[1].stats().dropped_fragments > 0, "longer than a message may be");

    let mut pair = Pair::up();
    for _ in 0..100 {
        let beat = pair.forge(1, |out| chunk::write(kind::HEARTBEAT, 0, out, |_| {}));
        pair.ends[1].handle(&beat, pair.at);
    }
    assert_eq!(pair.drain(1).len(), MAX_REPLIES);
    let end = &mut pair.ends[0];
    assert_eq!(end.push(b""), Err(PushError::Empty));
    assert_eq!(end.push(&vec![0; MAX_MESSAGE + 1]), Err(PushError::TooLong { got: MAX_MESSAGE + 1 }));
    for _ in 0..4 {
        end.push(&vec![0; MAX_MESSAGE]).unwrap();
    }
    assert_eq!(end.push(b"x"), Err(PushError::Full));
}
