//! What arrives: whose it is, and what of it is for the ICE agent.

use std::net::SocketAddr;
use std::time::Instant;

use super::frame::Frame;
use super::gathered::Origin;
use super::inbox::Inbox;
use super::ports::{Port, plain};
use super::pseudo::Pseudo;
use super::relay::Relay;
use super::stream::Stream;
use super::{Inbound, LONGEST_PAYLOAD, PathStats, Paths, TCP_BESIDE_UDP_AFTER};
use crate::Via;

impl Paths {
    /// A datagram, or a piece of a stream, has arrived. What it holds for the ICE agent is then taken with
    /// [`Paths::inbound`].
    pub(crate) fn receive(&mut self, at: Instant, via: Via, from: SocketAddr, bytes: &[u8]) {
        self.now = self.now.max(at);
        let from = plain(from);
        match via {
            // After the end there are answers to farewells only.
            Via::Shared | Via::Tcp(_) if self.closed => self.stats.dropped_stranger += 1,
            Via::Shared => self.receive_shared(from, bytes),
            Via::Udp(number) => self.receive_own(number, from, bytes),
            Via::Tcp(number) => self.receive_stream(number, bytes),
        }
    }

    /// The oldest payload that has arrived; its bytes change places with the lent buffer's.
    pub(crate) fn inbound(&mut self, payload: &mut Vec<u8>) -> Option<Inbound> {
        self.inbox.pop(payload)
    }

    /// From a relay, over the socket that many calls share.
    fn receive_shared(&mut self, from: SocketAddr, bytes: &[u8]) {
        let of_relay = |relay: &Relay| relay.port.server == from;
        let whole = |relay: &Relay| of_relay(relay) && bytes.starts_with(&relay.port.tag.bytes());
        let begun = |relay: &Relay| of_relay(relay) && relay.port.tag.read(bytes).is_some();
        let index = self.relays.iter().position(whole).or_else(|| self.relays.iter().position(begun));
        let Some(index) = index else {
            self.stats.dropped_stranger += 1;
            return;
        };
        let relay = &mut self.relays[index];
        let port = relay.port;
        let frame = port.tag.read(bytes);
        // Data through a relay that is ready changes no deadline but that of its silence, which may come early.
        if !relay.is_ready() || !matches!(frame, Some(Frame::Data { .. })) {
            self.idle = None;
        }
        if relay.on_packet(self.now) {
            self.gathered.add(port.found(Origin::Relay(index), index));
            let until = self.now + TCP_BESIDE_UDP_AFTER;
            self.streams.iter_mut().for_each(|stream| stream.socket.postpone(until));
        }
        take_frame(&mut self.inbox, &mut self.stats, self.now, port, frame);
    }

    /// From a relay, over a connection.
    fn receive_stream(&mut self, number: u8, bytes: &[u8]) {
        let number = usize::from(number);
        if !self.streams.get(number).is_some_and(Stream::is_ready) {
            self.stats.dropped_stranger += 1;
            return;
        }
        self.idle = None;
        let Self { streams, inbox, stats, now, .. } = self;
        let stream = &mut streams[number];
        let port = stream.port;
        let whole = stream.receive(*now, bytes, |packet| {
            take_frame(inbox, stats, *now, port, port.tag.read(packet));
        });
        if whole.is_err() {
            self.break_stream(number);
        }
    }

    pub(super) fn deliver(&mut self, source: SocketAddr, destination: SocketAddr, payload: &[u8]) {
        let inbound = Inbound { at: self.now, source, destination };
        deliver(&mut self.inbox, &mut self.stats, inbound, payload);
    }
}

/// What a relay sent for one of our ports.
fn take_frame(inbox: &mut Inbox, stats: &mut PathStats, at: Instant, port: Port, frame: Option<Frame<'_>>) {
    match frame {
        Some(Frame::Data { r, payload }) if payload.len() <= LONGEST_PAYLOAD => {
            let source = Pseudo { r, ..port.pseudo() }.addr();
            deliver(inbox, stats, Inbound { at, source, destination: port.pseudo().addr() }, payload);
        }
        Some(Frame::Service) => stats.control_received += 1,
        Some(Frame::Data { .. } | Frame::Malformed) => stats.dropped_malformed += 1,
        None => stats.dropped_stranger += 1,
    }
}

/// Keeps a payload for the agent.
pub(super) fn deliver(inbox: &mut Inbox, stats: &mut PathStats, inbound: Inbound, payload: &[u8]) {
    if inbox.push(inbound, payload) {
        stats.payloads_received += 1;
    } else {
        stats.dropped_full += 1;
    }
}
