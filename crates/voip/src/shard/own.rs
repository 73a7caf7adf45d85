//! The sockets that one call owns: opened when its core asks, closed with it.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use offhook_voip_proto::Via;

use super::net::Net;
use super::ready::{Interest, Readiness, Source};
use super::stream::Stream;

/// Datagrams or pieces of a stream taken from one socket before others get their turn.
const TURN: usize = 16;

/// What the core must be told about a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It can be used; its own address.
    Opened(Via, SocketAddr),
    /// It could not be had, or is gone.
    Closed(Via),
}

/// What happened when bytes were handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// The kernel has them, or they wait for it.
    Taken,
    /// Pieces were given up for want of room.
    Dropped(u64),
    /// There is no such socket, or it did not take them.
    Failed,
}

enum Socket {
    Udp(UdpSocket),
    Tcp {
        stream: Stream,
        /// The connection is watched for room.
        watched: bool,
    },
}

/// What happened to a call's sockets since this was asked last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Opened, connections that are still being made included.
    pub(super) opened: u64,
    /// Closed, by whoever.
    pub(super) closed: u64,
    /// Could not be had, or were lost.
    pub(super) failed: u64,
}

/// The sockets of one call.
#[derive(Default)]
pub(super) struct Own {
    sockets: Vec<(Via, Socket)>,
    /// What the core has not been told yet.
    answers: Vec<Answer>,
    changes: Changes,
}

impl Own {
    /// What has changed; counted once.
    pub(super) fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// The next thing to tell the core.
    pub(super) fn answer(&mut self) -> Option<Answer> {
        if self.answers.is_empty() { None } else { Some(self.answers.remove(0)) }
    }

    /// Opens a socket; an older one of this number is closed.
    pub(super) fn open(&mut self, via: Via, to: SocketAddr, place: u32, net: &Net, ready: &Readiness) {
        self.close(via);
        let opened = match via {
            Via::Udp(number) if number < Via::MOST => open_udp(via, to, place, net, ready),
            Via::Tcp(number) if number < Via::MOST => open_tcp(via, to, place, net, ready),
            // Not a socket that a call may own.
            _ => Err(io::ErrorKind::InvalidInput.into()),
        };
        match opened {
            Ok((socket, local)) => {
                self.changes.opened += 1;
                self.sockets.push((via, socket));
                self.answers.extend(local.map(|local| Answer::Opened(via, local)));
            }
            Err(error) => {
                tracing::debug!(?via, %error, "a socket of a call could not be opened");
                self.changes.failed += 1;
                self.answers.push(Answer::Closed(via));
            }
        }
    }

    /// Closes a socket, if there is one of this number. What was to be told about it is forgotten.
    pub(super) fn close(&mut self, via: Via) {
        if let Some(index) = self.index(via) {
            self.sockets.swap_remove(index);
            self.changes.closed += 1;
        }
        self.answers.retain(|answer| !matches!(answer, Answer::Opened(own, _) if *own == via));
    }

    /// Closes all.
    pub(super) fn close_all(&mut self) {
        self.changes.closed += self.sockets.len() as u64;
        self.sockets.clear();
        self.answers.clear();
    }

    pub(super) fn send(
        &mut self,
        via: Via,
        to: SocketAddr,
        bytes: &[u8],
        place: u32,
        ready: &Readiness,
    ) -> Sent {
        let Some(index) = self.index(via) else { return Sent::Failed };
        match &mut self.sockets[index].1 {
            Socket::Udp(socket) => match socket.send_to(bytes, to) {
                Ok(_) => Sent::Taken,
                Err(_) => Sent::Failed,
            },
            Socket::Tcp { stream, watched } => {
                let sent = stream.send(bytes).and_then(|sent| {
                    watch(stream, watched, via, place, ready)?;
                    Ok(sent)
                });
                match sent {
                    Ok(sent) if sent.dropped > 0 => Sent::Dropped(sent.dropped),
                    Ok(_) => Sent::Taken,
                    Err(_) => {
                        self.lose(index);
                        Sent::Failed
                    }
                }
            }
        }
    }

    /// Something can be done with a socket: finishes its connection and sends what waits. What has arrived is taken with
    /// [`Own::receive`].
    pub(super) fn on_ready(&mut self, via: Via, place: u32, ready: &Readiness) {
        let Some(index) = self.index(via) else { return };
        let Socket::Tcp { stream, watched } = &mut self.sockets[index].1 else { return };
        let done = stream.poll_connected().and_then(|local| {
            self.answers.extend(local.map(|local| Answer::Opened(via, local)));
            stream.flush()?;
            watch(stream, watched, via, place, ready)
        });
        if done.is_err() {
            self.lose(index);
        }
    }

    /// The next datagram or piece of a stream, and where it is from; `None` when there is nothing now.
    pub(super) fn receive(&mut self, via: Via, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        let index = self.index(via)?;
        match &mut self.sockets[index].1 {
            // An error is that of another datagram's destination; the next call tells what waits here.
            Socket::Udp(socket) => (0..TURN).find_map(|_| match socket.recv_from(buffer) {
                Ok(received) => Some(Some(received)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Some(None),
                Err(_) => None,
            })?,
            Socket::Tcp { stream, .. } => match stream.receive(buffer) {
                Ok(length) => length.map(|length| (length, stream.peer())),
                Err(error) => {
                    tracing::debug!(?via, %error, "a connection of a call is gone");
                    self.lose(index);
                    None
                }
            },
        }
    }

    /// How often [`Own::receive`] may be called in one turn.
    pub(super) const TURN: usize = TURN;

    fn index(&self, via: Via) -> Option<usize> {
        self.sockets.iter().position(|(own, _)| *own == via)
    }

    fn lose(&mut self, index: usize) {
        let via = self.sockets[index].0;
        self.close(via);
        self.changes.failed += 1;
        self.answers.push(Answer::Closed(via));
    }
}

type Opened = io::Result<(Socket, Option<SocketAddr>)>;

fn open_udp(via: Via, to: SocketAddr, place: u32, net: &Net, ready: &Readiness) -> Opened {
    let socket = net.open_own(to)?;
    let local = socket.local_addr()?;
    ready.watch(&socket, Source::Own { place, via }, Interest::Read)?;
    Ok((Socket::Udp(socket), Some(local)))
}

fn open_tcp(via: Via, to: SocketAddr, place: u32, net: &Net, ready: &Readiness) -> Opened {
    let stream = net.connect_own(to)?;
    ready.watch(stream.socket(), Source::Own { place, via }, Interest::ReadWrite)?;
    Ok((Socket::Tcp { stream, watched: true }, None))
}

/// Watches a connection for room as long as it needs some.
fn watch(stream: &Stream, watched: &mut bool, via: Via, place: u32, ready: &Readiness) -> io::Result<()> {
    let wanted = stream.wants_room();
    if wanted != *watched {
        let interest = if wanted { Interest::ReadWrite } else { Interest::Read };
        ready.rewatch(stream.socket(), Source::Own { place, via }, interest)?;
        *watched = wanted;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener};

    use rustix::event::Timespec;

    use super::*;

    const PLACE: u32 = 3;

    struct World {
        net: Net,
        ready: Readiness,
        own: Own,
    }

    impl World {
        fn new() -> Self {
            let net = Net::bind(Ipv4Addr::LOCALHOST, None, 1 << 16).unwrap();
            Self { net, ready: Readiness::new().unwrap(), own: Own::default() }
        }

        fn open(&mut self, via: Via, to: SocketAddr) {
            self.own.open(via, to, PLACE, &self.net, &self.ready);
        }

        fn len(&self) -> usize {
            self.own.sockets.len()
        }

        /// Opened, closed, failed.
        fn changes(&mut self) -> [u64; 3] {
            let changes = self.own.take_changes();
            [changes.opened, changes.closed, changes.failed]
        }

        fn send(&mut self, via: Via, to: SocketAddr, bytes: &[u8]) -> Sent {
            self.own.send(via, to, bytes, PLACE, &self.ready)
        }

        /// Waits for a socket to become ready and lets it do what it can.
        fn turn(&mut self, via: Via) {
            assert!(self.ready.wait(&Timespec { tv_sec: 30, tv_nsec: 0 }), "nothing happened");
            let mut found = Vec::new();
            self.ready.take(&mut found);
            assert_eq!(found, [Source::Own { place: PLACE, via }]);
            self.own.on_ready(via, PLACE, &self.ready);
        }

        fn is_quiet(&self) -> bool {
            !self.ready.wait(&Timespec { tv_sec: 0, tv_nsec: 1_000 })
        }
    }

    #[test]
    fn a_udp_socket_of_a_call_has_an_address_of_its_own_and_hears_what_is_sent_there() {
        let mut world = World::new();
        let other = UdpSocket::bind("127.0.0.1:0").unwrap();
        let (via, to) = (Via::Udp(0), other.local_addr().unwrap());
        world.open(via, to);
        let Some(Answer::Opened(opened, local)) = world.own.answer() else { panic!("not opened") };
        assert_eq!((opened, world.own.answer()), (via, None));
        assert_eq!(world.send(via, to, b"out"), Sent::Taken);
        let mut buffer = [0; 64];
        assert_eq!(other.recv_from(&mut buffer).unwrap(), (3, local));
        other.send_to(b"in", local).unwrap();
        world.turn(via);
        assert_eq!(world.own.receive(via, &mut buffer), Some((2, to)));
        assert_eq!(buffer[..2], *b"in");
        assert_eq!(world.own.receive(via, &mut buffer), None);
        world.own.close(via);
        assert_eq!((world.len(), world.send(via, to, b"gone")), (0, Sent::Failed));
        assert!(world.is_quiet());
        assert_eq!((world.changes(), world.changes()), ([1, 1, 0], [0; 3]));
    }

    #[test]
    fn a_connection_is_told_when_it_is_made_and_when_the_other_end_closes_it() {
        let mut world = World::new();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (via, to) = (Via::Tcp(2), listener.local_addr().unwrap());
        world.open(via, to);
        world.turn(via);
        let (mut peer, from) = listener.accept().unwrap();
        assert_eq!(world.own.answer(), Some(Answer::Opened(via, from)));
        assert!(world.is_quiet(), "a connection with room is not watched for it");
        assert_eq!(world.send(via, to, b"out"), Sent::Taken);
        let mut buffer = [0; 64];
        assert_eq!(peer.read(&mut buffer).unwrap(), 3);
        peer.write_all(b"in").unwrap();
        world.turn(via);
        assert_eq!(world.own.receive(via, &mut buffer), Some((2, to)));
        drop(peer);
        world.turn(via);
        assert_eq!(world.own.receive(via, &mut buffer), None);
        assert_eq!((world.own.answer(), world.own.answer()), (Some(Answer::Closed(via)), None));
        assert_eq!((world.len(), world.send(via, to, b"gone")), (0, Sent::Failed));
        assert_eq!(world.changes(), [1, 1, 1]);
    }

    #[test]
    fn what_cannot_be_opened_is_told_as_closed() {
        let mut world = World::new();
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        for (via, to) in [
            (Via::Udp(0), "[2001:db8::1]:1".parse().unwrap()),
            (Via::Udp(Via::MOST), nobody),
            (Via::Tcp(Via::MOST), nobody),
            (Via::Shared, nobody),
        ] {
            world.open(via, to);
            assert_eq!(world.own.answer(), Some(Answer::Closed(via)), "{via:?} to {to}");
            assert_eq!(world.changes(), [0, 0, 1]);
        }
        world.open(Via::Tcp(0), nobody);
        if world.len() > 0 {
            world.turn(Via::Tcp(0));
        }
        assert_eq!((world.own.answer(), world.len()), (Some(Answer::Closed(Via::Tcp(0))), 0));
        assert_eq!(world.changes()[2], 1);
    }

    #[test]
    fn a_number_that_is_asked_for_again_gets_a_new_socket() {
        let mut world = World::new();
        let other = UdpSocket::bind("127.0.0.1:0").unwrap();
        let (via, to) = (Via::Udp(1), other.local_addr().unwrap());
        world.open(via, to);
        world.open(via, to);
        let Some(Answer::Opened(_, local)) = world.own.answer() else { panic!("not opened") };
        assert_eq!((world.own.answer(), world.len(), world.changes()), (None, 1, [2, 1, 0]));
        world.send(via, to, b"out");
        assert_eq!(other.recv_from(&mut [0; 8]).unwrap().1, local);
    }
}
