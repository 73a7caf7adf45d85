//! A port of this call at a Telegram relay over TCP (tgcalls.md 7.5).
//!
//! A connection begins with four bytes `ee`; then both sides send frames, a length (32 bits, little-endian) and a packet as
//! over UDP. The port is ready as soon as there is a connection. Each connection is a port of its own, with a number of
//! its own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::frame::{self, Tag};
use super::ports::Port;
use super::pseudo::Pseudo;
use super::relay::KEEP_ALIVE;
use super::socket::Socket;
use super::{LONGEST_PAYLOAD, Step};
use crate::Via;

/// What a connection begins with.
const OPENING: [u8; 4] = [0xee; 4];
/// A relay that used to answer greetings and says nothing for so long is gone. One that never did may go on: nobody knows
/// whether real ones answer.
const SILENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) port: Port,
    pub(super) socket: Socket,
    /// The connection has begun.
    begun: bool,
    next_greeting: Instant,
    /// The last greeting, until something arrives.
    greeted: Option<Instant>,
    heard: Option<Instant>,
    answers: bool,
    rtt: Option<Duration>,
    /// The beginning of a frame.
    partial: Vec<u8>,
}

/// The stream cannot be followed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl Stream {
    /// The connection is asked for at `from`.
    pub(super) fn new(port: Port, number: u8, from: Instant) -> Self {
        let mut socket = Socket::new(Via::Tcp(number), port.server);
        socket.want(from);
        Self {
            port,
            socket,
            begun: false,
            next_greeting: from,
            greeted: None,
            heard: None,
            answers: false,
            rtt: None,
            partial: Vec::new(),
        }
    }

    /// There is a connection: the port is ready. False when none was asked for.
    pub(super) fn on_opened(&mut self, local: SocketAddr, now: Instant) -> bool {
        let opened = self.socket.on_opened(local, now);
        if opened {
            self.next_greeting = now;
        }
        opened
    }

    /// The connection is gone; the next one will be the port `number`.
    pub(super) fn forget(&mut self, number: u32) {
        self.port.tag = self.port.tag.with_number(number);
        (self.begun, self.answers, self.greeted, self.heard) = (false, false, None, None);
        self.partial = Vec::new();
    }

    pub(super) fn is_ready(&self) -> bool {
        self.socket.local().is_some()
    }

    pub(super) fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    /// True when a relay that used to answer has ceased to.
    pub(super) fn is_silent(&self, now: Instant) -> bool {
        self.silent_at().is_some_and(|at| now >= at)
    }

    pub(super) fn poll(&mut self, now: Instant, out: &mut Vec<u8>) -> Option<Step> {
        if let Some(step) = self.socket.poll(now) {
            return Some(step);
        }
        if !self.is_ready() || now < self.next_greeting {
            return None;
        }
        if !std::mem::replace(&mut self.begun, true) {
            out.extend_from_slice(&OPENING);
        }
        out.extend_from_slice(&(Tag::LEN as u32 + 4).to_le_bytes());
        self.port.tag.write_stream_hello(out);
        self.greeted = Some(now);
        self.next_greeting = now + KEEP_ALIVE;
        Some(Step::Send { via: self.socket.via(), to: self.port.server })
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        if !self.is_ready() {
            return self.socket.deadline();
        }
        Some(self.silent_at().map_or(self.next_greeting, |silent| silent.min(self.next_greeting)))
    }

    /// Writes a frame for the port `to` of the other side.
    pub(super) fn write_data(&mut self, to: Pseudo, payload: &[u8], out: &mut Vec<u8>) {
        if !std::mem::replace(&mut self.begun, true) {
            out.extend_from_slice(&OPENING);
        }
        // Payloads are bounded far below this.
        let len = u32::try_from(frame::data_len(payload.len())).unwrap_or(u32::MAX);
        out.extend_from_slice(&len.to_le_bytes());
        self.port.tag.write_data(to, payload, out);
    }

    /// Takes a piece and hands out the packets that are complete with it.
    pub(super) fn receive(
        &mut self,
        now: Instant,
        piece: &[u8],
        mut packet: impl FnMut(&[u8]),
    ) -> Result<(), Broken> {
        self.heard = Some(now);
        if let Some(at) = self.greeted.take() {
            (self.answers, self.rtt) = (true, Some(now.saturating_duration_since(at)));
        }
        // Whole frames are read where they are; only what is cut is copied.
        let mut bytes = std::mem::take(&mut self.partial);
        let mut rest = if bytes.is_empty() {
            piece
        } else {
            bytes.extend_from_slice(piece);
            &bytes[..]
        };
        while let Some((len, behind)) = rest.split_first_chunk() {
            let len = u32::from_le_bytes(*len) as usize;
            if len > frame::data_len(LONGEST_PAYLOAD) {
                return Err(Broken);
            }
            let Some((whole, behind)) = behind.split_at_checked(len) else { break };
            packet(whole);
            rest = behind;
        }
        self.partial = rest.to_vec();
        Ok(())
    }

    fn silent_at(&self) -> Option<Instant> {
        self.heard.filter(|_| self.answers && self.is_ready()).map(|at| at + SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::PeerTag;
    use crate::testing::origin;

    fn stream(now: Instant) -> Stream {
        let tag = Tag::new(PeerTag(*b"\x00ABCDEFGHIJKLMNO"), 0x0403_0201);
        let port = Port { endpoint: 1, id: 1, server: "192.0.2.1:599".parse().unwrap(), tag };
        let mut stream = Stream::new(port, 0, now);
        assert!(matches!(stream.poll(now, &mut Vec::new()), Some(Step::Open { via: Via::Tcp(0), .. })));
        assert!(stream.on_opened("10.0.0.1:5".parse().unwrap(), now));
        stream
    }

    fn packets(stream: &mut Stream, piece: &[u8]) -> Result<Vec<Vec<u8>>, Broken> {
        let mut packets = Vec::new();
        stream.receive(origin(), piece, |packet| packets.push(packet.to_vec()))?;
        Ok(packets)
    }

    #[test]
    fn a_connection_begins_and_goes_on_with_the_bytes_of_section_7_5() {
        let t0 = origin();
        let (mut stream, mut out) = (stream(t0), Vec::new());
        assert!(matches!(stream.poll(t0, &mut out), Some(Step::Send { .. })));
        assert_eq!(
            hex::encode(&out),
            "eeeeeeee1400000000414243444546474849".to_owned() + "4a4b0102030400000000"
        );
        out.clear();
        assert_eq!(stream.poll(t0, &mut out), None);
        stream.write_data(Pseudo { id: 1, r: 0x0d0c_0b0a, port: 599 }, b"hello", &mut out);
        let data = "200000000041424344454647484".to_owned() + "94a4b0a0b0c0d010203040000000568656c6c6f000000";
        assert_eq!(hex::encode(&out), data);
        out.clear();
        assert_eq!(stream.deadline(), Some(t0 + KEEP_ALIVE));
        assert!(matches!(stream.poll(t0 + KEEP_ALIVE, &mut out), Some(Step::Send { .. })));
        assert_eq!(out.len(), 24, "the opening comes once");
    }

    #[test]
    fn frames_cut_anywhere_come_out_whole() {
        let frames: Vec<Vec<u8>> = (0..5_u8).map(|n| vec![n; usize::from(n) * 3]).collect();
        let mut bytes = Vec::new();
        for frame in &frames {
            bytes.extend_from_slice(&(frame.len() as u32).to_le_bytes());
            bytes.extend_from_slice(frame);
        }
        for size in 1..=bytes.len() {
            let mut stream = stream(origin());
            let mut out = Vec::new();
            for piece in bytes.chunks(size) {
                out.extend(packets(&mut stream, piece).unwrap());
            }
            assert_eq!(out, frames, "pieces of {size}");
            assert!(stream.partial.is_empty());
        }
    }

    #[test]
    fn a_frame_longer_than_any_payload_breaks_the_stream() {
        let longest = frame::data_len(LONGEST_PAYLOAD);
        let len = |len: usize| u32::try_from(len).unwrap().to_le_bytes();
        assert_eq!(packets(&mut stream(origin()), &len(longest)), Ok(vec![]));
        assert_eq!(packets(&mut stream(origin()), &len(longest + 1)), Err(Broken));
        assert_eq!(packets(&mut stream(origin()), &[0xff; 4]), Err(Broken));
        assert_eq!(packets(&mut stream(origin()), &[0xff; 3]), Ok(vec![]));
    }

    #[test]
    fn silence_counts_against_a_relay_that_used_to_answer() {
        let t0 = origin();
        let second = Duration::from_secs(1);
        let mut stream = stream(t0);
        let _ = stream.poll(t0, &mut Vec::new());
        assert!(!stream.is_silent(t0 + 1000 * second), "it never answered");
        stream.receive(t0 + second, &[0; 4], |_| {}).unwrap();
        assert_eq!(stream.rtt(), Some(second));
        assert!(!stream.is_silent(t0 + 30 * second));
        assert!(stream.is_silent(t0 + 31 * second));
    }

    proptest! {
        #[test]
        fn any_bytes_leave_less_than_a_frame_behind(
            pieces in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..300), 0..20)
        ) {
            let mut stream = stream(origin());
            for piece in &pieces {
                if packets(&mut stream, piece).is_err() {
                    break;
                }
                prop_assert!(stream.partial.len() < 4 + frame::data_len(LONGEST_PAYLOAD));
            }
        }
    }
}
