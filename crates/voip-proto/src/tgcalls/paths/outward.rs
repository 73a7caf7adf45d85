//! What goes out: the agent's payloads, and what keeps the ways open.

use std::net::SocketAddr;
use std::time::Instant;

use super::gathered::Origin;
use super::pseudo::{self, Pseudo};
use super::relay::Ask;
use super::stream::Stream;
use super::stun::{self, Binding};
use super::turn::{self, NotReady, Turn};
use super::{LONGEST_PAYLOAD, Paths, Step};
use crate::Via;

impl Paths {
    /// Writes what the ICE agent wants sent into `out`, as it goes on the wire. `None`: it cannot be sent, counted by the
    /// reason; the agent repeats what matters to it.
    pub(crate) fn send(
        &mut self,
        at: Instant,
        source: SocketAddr,
        destination: SocketAddr,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<(Via, SocketAddr)> {
        self.now = self.now.max(at);
        out.clear();
        if self.closed {
            self.stats.unsent_no_way += 1;
            return None;
        }
        if payload.is_empty() || payload.len() > LONGEST_PAYLOAD {
            self.stats.unsent_long += 1;
            return None;
        }
        let sent = match (Pseudo::from_addr(source), Pseudo::from_addr(destination)) {
            (Some(own), Some(peer)) => self.send_by_relay(own, peer, payload, out),
            (None, None) if !pseudo::is_pseudo(destination.ip()) => {
                self.send_directly(source, destination, payload, out)
            }
            _ => Err(Unsent::NoWay),
        };
        match sent {
            Ok(_) => self.stats.payloads_sent += 1,
            Err(Unsent::NoWay) => self.stats.unsent_no_way += 1,
            Err(Unsent::NotReady) => self.stats.unsent_not_ready += 1,
        }
        sent.ok()
    }

    fn send_by_relay(
        &mut self,
        own: Pseudo,
        peer: Pseudo,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(Via, SocketAddr), Unsent> {
        if let Some(relay) = self.relays.iter().find(|relay| relay.port.pseudo() == own) {
            return match (relay.port.reaches(peer), relay.is_ready()) {
                (false, _) => Err(Unsent::NoWay),
                (true, false) => Err(Unsent::NotReady),
                (true, true) => {
                    relay.port.tag.write_data(peer, payload, out);
                    Ok((Via::Shared, relay.port.server))
                }
            };
        }
        let stream = self.streams.iter_mut().find(|stream| stream.port.pseudo() == own);
        let stream = stream.filter(|stream| stream.port.reaches(peer)).ok_or(Unsent::NoWay)?;
        if !stream.is_ready() {
            return Err(Unsent::NotReady);
        }
        stream.write_data(peer, payload, out);
        Ok((stream.socket.via(), stream.port.server))
    }

    fn send_directly(
        &mut self,
        source: SocketAddr,
        destination: SocketAddr,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(Via, SocketAddr), Unsent> {
        if let Some(turn) = self.turns.iter_mut().find(|turn| turn.relayed() == Some(source)) {
            turn.send(self.now, destination, payload, out).map_err(|NotReady| Unsent::NotReady)?;
            return Ok((Via::Udp(turn.number), turn.server));
        }
        let number = u8::from(source.is_ipv6());
        if source.is_ipv4() != destination.is_ipv4()
            || !self.p2p_allowed
            || !self.local.hosts(number).any(|(_, host)| host == source)
        {
            return Err(Unsent::NoWay);
        }
        self.local.on_used(source, destination);
        out.extend_from_slice(payload);
        Ok((Via::Udp(number), destination))
    }

    /// The next thing to do. Bytes to send are written into `out`.
    pub(crate) fn poll(&mut self, at: Instant, out: &mut Vec<u8>) -> Step {
        self.now = self.now.max(at);
        if let Some(deadline) = self.idle
            && deadline.is_none_or(|deadline| self.now < deadline)
        {
            return Step::WaitUntil(deadline);
        }
        out.clear();
        let step = self
            .poll_sockets()
            .or_else(|| self.poll_relays(out))
            .or_else(|| self.poll_streams(out))
            .or_else(|| self.poll_servers(out));
        if let Some(step) = step.or_else(|| self.gathered.poll()) {
            self.idle = None;
            if let Step::Send { .. } = step {
                self.stats.control_sent += 1;
            }
            return step;
        }
        let deadline = self.deadline();
        self.idle = Some(deadline);
        Step::WaitUntil(deadline)
    }

    fn poll_sockets(&mut self) -> Option<Step> {
        self.local.sockets.iter_mut().find_map(|socket| socket.poll(self.now))
    }

    fn poll_relays(&mut self, out: &mut Vec<u8>) -> Option<Step> {
        if self.closed {
            return None;
        }
        for (index, relay) in self.relays.iter_mut().enumerate() {
            while let Some(ask) = relay.poll(self.now) {
                match ask {
                    Ask::Lost => self.gathered.lose(|origin, _| origin == Origin::Relay(index)),
                    Ask::Greet => {
                        relay.port.tag.write_hello(out);
                        return Some(Step::Send { via: Via::Shared, to: relay.port.server });
                    }
                }
            }
        }
        None
    }

    fn poll_streams(&mut self, out: &mut Vec<u8>) -> Option<Step> {
        for number in 0..self.streams.len() {
            if self.streams[number].is_silent(self.now) {
                self.streams[number].socket.fail(self.now);
                self.lose_stream(number);
            }
            let step = self.streams[number].poll(self.now, out);
            if step.is_some() {
                return step;
            }
        }
        None
    }

    fn poll_servers(&mut self, out: &mut Vec<u8>) -> Option<Step> {
        self.poll_bindings(out).or_else(|| self.poll_turns(out)).or_else(|| {
            // After the end the sockets were kept for the farewells alone.
            if !self.closed || !self.turns.iter().all(Turn::is_done) {
                return None;
            }
            self.local.close();
            self.poll_sockets()
        })
    }

    fn poll_bindings(&mut self, out: &mut Vec<u8>) -> Option<Step> {
        for index in 0..self.bindings.len() {
            let binding = &mut self.bindings[index];
            match binding.poll(self.now, || self.numbers.draw_id(), out) {
                Some(stun::Ask::Send) => {
                    return Some(Step::Send { via: Via::Udp(binding.number), to: binding.server });
                }
                Some(stun::Ask::Changed) => self.find_mapped(),
                None => {}
            }
        }
        None
    }

    fn poll_turns(&mut self, out: &mut Vec<u8>) -> Option<Step> {
        for index in 0..self.turns.len() {
            while let Some(ask) = self.turns[index].poll(self.now, out) {
                let turn = &self.turns[index];
                match ask {
                    turn::Ask::Send => {
                        return Some(Step::Send { via: Via::Udp(turn.number), to: turn.server });
                    }
                    turn::Ask::Changed => self.find_relayed(),
                }
            }
        }
        None
    }

    fn deadline(&self) -> Option<Instant> {
        let streams = self.streams.iter().filter_map(Stream::deadline);
        let sockets = self.local.sockets.iter().filter_map(|socket| socket.deadline());
        let relays = self.relays.iter().map(|relay| relay.deadline()).filter(|_| !self.closed);
        let bindings = self.bindings.iter().filter_map(Binding::deadline);
        let turns = self.turns.iter().filter_map(Turn::deadline);
        sockets.chain(relays).chain(streams).chain(bindings).chain(turns).min()
    }
}

/// Why a payload did not go out.
#[derive(Clone, Copy)]
enum Unsent {
    /// Such a pair cannot be.
    NoWay,
    /// The way is not open at the moment.
    NotReady,
}
