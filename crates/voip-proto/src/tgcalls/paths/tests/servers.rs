//! A STUN server of ours, and the TURN server of `turn-server-proto` in virtual time.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use stun_types::attribute::XorMappedAddress;
use stun_types::message::{BINDING, Message, MessageWrite as _, MessageWriteExt as _, MessageWriteVec};
use turn_server_proto::api::{Transmit, TurnServerApi as _, TurnServerPollRet};
use turn_server_proto::server::TurnServer;
use turn_types::TransportType;

use super::sim::{Carried, Packet, Server};
use crate::{IceServer, TurnLogin};

/// Answers bindings.
pub(super) struct Mirror;

impl Server for Mirror {
    fn receive(&mut self, _at: Instant, packet: Packet, out: &mut Vec<Packet>) {
        let Carried::Datagram(bytes) = packet.kind else { return };
        let Ok(request) = Message::from_bytes(&bytes) else { return };
        assert!(request.has_method(BINDING));
        let mut answer = Message::builder_success(&request, MessageWriteVec::new());
        let mapped = XorMappedAddress::new(packet.from, request.transaction_id());
        answer.add_attribute(&mapped).expect("room");
        out.push(Packet { from: packet.to, to: packet.from, kind: Carried::Datagram(answer.finish()) });
    }
}

pub(super) fn stun(addr: &str) -> IceServer {
    IceServer { addr: addr.parse().expect("an address"), stun: true, turn: None }
}

pub(super) fn turn(addr: &str, password: &str) -> IceServer {
    let login = TurnLogin { username: "user".into(), password: password.into() };
    IceServer { addr: addr.parse().expect("an address"), stun: false, turn: Some(login) }
}

/// What a test sees of a TURN server.
#[derive(Clone, Default)]
pub(super) struct Ledger(Rc<RefCell<Book>>);

#[derive(Default)]
struct Book {
    allocations: Vec<SocketAddr>,
    made: usize,
    /// First two bytes of everything that clients sent: the kind of a message, or a channel's number.
    kinds: Vec<[u8; 2]>,
}

impl Ledger {
    /// Addresses that are given to somebody now.
    pub(super) fn allocations(&self) -> usize {
        self.0.borrow().allocations.len()
    }

    pub(super) fn made(&self) -> usize {
        self.0.borrow().made
    }

    /// How many messages of a kind came in.
    pub(super) fn count(&self, kind: u16) -> usize {
        self.0.borrow().kinds.iter().filter(|seen| **seen == kind.to_be_bytes()).count()
    }
}

/// A TURN server for the user "user" with the password "secret".
pub(super) struct Relay {
    server: TurnServer,
    listen: SocketAddr,
    epoch: Instant,
    next_port: u16,
    ledger: Ledger,
    /// It has no address to give.
    full: bool,
}

impl Relay {
    pub(super) fn new(listen: &str, epoch: Instant, nonces: Duration, ledger: &Ledger) -> Self {
        let listen = listen.parse().expect("an address");
        let mut server = TurnServer::new(TransportType::Udp, listen, "realm".into());
        server.add_user("user".into(), "secret".into());
        server.set_nonce_expiry_duration(nonces);
        Self { server, listen, epoch, next_port: 50_000, ledger: ledger.clone(), full: false }
    }

    pub(super) fn full(self) -> Self {
        Self { full: true, ..self }
    }

    fn time(&self, at: Instant) -> turn_types::Instant {
        turn_types::Instant::from_nanos(i64::try_from((at - self.epoch).as_nanos()).expect("not that long"))
    }

    fn work(&mut self, at: Instant, out: &mut Vec<Packet>) -> Instant {
        let time = self.time(at);
        for _ in 0..1000 {
            while let Some(transmit) = self.server.poll_transmit(time) {
                out.push(Packet {
                    from: transmit.from,
                    to: transmit.to,
                    kind: Carried::Datagram(transmit.data),
                });
            }
            let mut book = self.ledger.0.borrow_mut();
            match self.server.poll(time) {
                TurnServerPollRet::AllocateSocket {
                    transport,
                    listen_addr,
                    client_addr,
                    allocation_transport,
                    family,
                } => {
                    let given = SocketAddr::new(self.listen.ip(), self.next_port);
                    let given = if self.full {
                        Err(turn_server_proto::api::SocketAllocateError::InsufficientCapacity)
                    } else {
                        self.next_port += 1;
                        book.made += 1;
                        book.allocations.push(given);
                        Ok(given)
                    };
                    self.server.allocated_socket(
                        transport,
                        listen_addr,
                        client_addr,
                        allocation_transport,
                        family,
                        given,
                        time,
                    );
                }
                TurnServerPollRet::SocketClose { listen_addr, .. } => {
                    book.allocations.retain(|addr| *addr != listen_addr);
                }
                TurnServerPollRet::WaitUntil(until) if until > time => {
                    return at + until.duration_since(time);
                }
                _ => {}
            }
        }
        panic!("the server wants to be asked for ever")
    }
}

impl Server for Relay {
    fn receive(&mut self, at: Instant, packet: Packet, out: &mut Vec<Packet>) {
        let Carried::Datagram(bytes) = packet.kind else { return };
        if packet.to == self.listen
            && let Some(kind) = bytes.first_chunk()
        {
            self.ledger.0.borrow_mut().kinds.push(*kind);
        }
        let time = self.time(at);
        let transmit = Transmit::new(bytes, TransportType::Udp, packet.from, packet.to);
        if let Some(answer) = self.server.recv(transmit, time) {
            let answer = answer.build();
            out.push(Packet { from: answer.from, to: answer.to, kind: Carried::Datagram(answer.data) });
        }
        self.work(at, out);
    }

    fn tick(&mut self, at: Instant, out: &mut Vec<Packet>) {
        self.work(at, out);
    }
}
