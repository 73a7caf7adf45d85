//! A Telegram relay as real libwebrtc accepts it (tgcalls.md 7.3, 7.5): the number behind the common beginning of a tag
//! leads to a port, and a packet for it gets the beginning that the port's holder greeted with.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Instant;

use super::sim::{Carried, Packet, Server};

#[derive(Default)]
pub(super) struct Reflector {
    ports: BTreeMap<[u8; 4], Holder>,
    streams: BTreeMap<SocketAddr, Stream>,
    /// It answers greetings with the common beginning alone, as a real one might.
    terse: bool,
}

struct Holder {
    addr: SocketAddr,
    prefix: [u8; 12],
}

#[derive(Default)]
struct Stream {
    server: Option<SocketAddr>,
    begun: bool,
    bytes: Vec<u8>,
}

impl Reflector {
    pub(super) fn new(terse: bool) -> Self {
        Self { terse, ..Self::default() }
    }

    fn packet(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8], out: &mut Vec<Packet>) {
        let Some((head, rest)) = bytes.split_first_chunk::<16>() else { return };
        let (prefix, number): ([u8; 12], [u8; 4]) =
            (head[..12].try_into().expect("12"), head[12..].try_into().expect("4"));
        let stream = self.streams.contains_key(&from);
        let greeting = rest.starts_with(&[0xff; 12]) || stream && *rest == [0; 4];
        if greeting {
            self.ports.insert(number, Holder { addr: from, prefix });
            let mut answer = bytes.to_vec();
            if self.terse {
                answer[12..16].fill(0);
            }
            self.reply(to, from, answer, out);
        } else if let Some(holder) = self.ports.get(&number) {
            let (addr, bytes) = (holder.addr, [&holder.prefix[..], &bytes[12..]].concat());
            self.reply(to, addr, bytes, out);
        }
    }

    fn reply(&self, from: SocketAddr, to: SocketAddr, bytes: Vec<u8>, out: &mut Vec<Packet>) {
        let Some(stream) = self.streams.get(&to) else {
            out.push(Packet { from, to, kind: Carried::Datagram(bytes) });
            return;
        };
        let from = stream.server.unwrap_or(from);
        let framed = [&u32::try_from(bytes.len()).expect("short").to_le_bytes()[..], &bytes].concat();
        // As many pieces as a network would hardly make of it.
        for piece in framed.chunks(7) {
            out.push(Packet { from, to, kind: Carried::Piece(piece.to_vec()) });
        }
    }
}

impl Server for Reflector {
    fn receive(&mut self, _at: Instant, packet: Packet, out: &mut Vec<Packet>) {
        let Packet { from, to, kind } = packet;
        match kind {
            Carried::Datagram(bytes) => self.packet(from, to, &bytes, out),
            Carried::Connect => {
                self.streams.insert(from, Stream { server: Some(to), ..Stream::default() });
                out.push(Packet { from: to, to: from, kind: Carried::Connected });
            }
            Carried::Piece(piece) => {
                let Some(stream) = self.streams.get_mut(&from) else { return };
                stream.bytes.extend_from_slice(&piece);
                if !stream.begun && stream.bytes.len() >= 4 {
                    assert_eq!(stream.bytes[..4], [0xee; 4], "a connection begins so");
                    stream.bytes.drain(..4);
                    stream.begun = true;
                }
                while let Some(packet) = self.streams.get_mut(&from).and_then(Stream::next) {
                    self.packet(from, to, &packet, out);
                }
            }
            Carried::Reset => drop(self.streams.remove(&from)),
            Carried::Connected => {}
        }
    }
}

impl Stream {
    fn next(&mut self) -> Option<Vec<u8>> {
        let len = u32::from_le_bytes(*self.bytes.first_chunk()?) as usize;
        let packet = self.bytes.get(4..4 + len)?.to_vec();
        self.bytes.drain(..4 + len);
        Some(packet)
    }
}
