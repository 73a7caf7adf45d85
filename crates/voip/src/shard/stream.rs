//! A TCP connection of one call: never waits, keeps what the kernel does not take, within a bound.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use socket2::{Domain, Protocol, Socket, Type};

/// Bytes kept for a connection that takes no more. At the kilobytes a second of a call this is some three seconds of
/// sound: more of it would be heard too late to be of use.
const KEPT: usize = 16 * 1024;

/// What became of bytes that were handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Pieces given up to make room, the one handed over included.
    pub(crate) dropped: u64,
    /// Something waits: the connection is to be watched for room.
    pub(crate) waiting: bool,
}

/// A connection that is being made or is up.
pub(crate) struct Stream {
    socket: TcpStream,
    peer: SocketAddr,
    connected: bool,
    kept: Backlog,
}

impl Stream {
    /// Begins to connect.
    pub(crate) fn open(bind: SocketAddr, to: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        if !bind.ip().is_unspecified() {
            socket.bind(&bind.into())?;
        }
        match socket.connect(&to.into()) {
            Ok(()) => {}
            Err(error) if is_under_way(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(Self { socket: socket.into(), peer: to, connected: false, kept: Backlog::default() })
    }

    pub(crate) fn socket(&self) -> &TcpStream {
        &self.socket
    }

    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Something waits to be sent, or the connection is not made yet.
    pub(crate) fn wants_room(&self) -> bool {
        !self.connected || !self.kept.is_empty()
    }

    /// Looks whether the connection has been made; `Some` with the own address when it just was.
    pub(crate) fn poll_connected(&mut self) -> io::Result<Option<SocketAddr>> {
        if self.connected {
            return Ok(None);
        }
        if let Some(error) = self.socket.take_error()? {
            return Err(error);
        }
        match self.socket.peer_addr() {
            Ok(_) => {
                self.connected = true;
                self.socket.local_addr().map(Some)
            }
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Hands over a piece that leaves whole or not at all.
    pub(crate) fn send(&mut self, piece: &[u8]) -> io::Result<Sent> {
        let mut taken = 0;
        if self.connected && self.kept.is_empty() {
            taken = unless_full((&self.socket).write(piece))?;
        }
        let dropped = if taken < piece.len() { self.kept.push(&piece[taken..], taken > 0) } else { 0 };
        Ok(Sent { dropped, waiting: self.wants_room() })
    }

    /// There is room again: sends what was kept. True when all of it has left.
    pub(crate) fn flush(&mut self) -> io::Result<bool> {
        while self.connected && !self.kept.is_empty() {
            let taken = unless_full((&self.socket).write(self.kept.front()))?;
            if taken == 0 {
                return Ok(false);
            }
            self.kept.consume(taken);
        }
        Ok(!self.wants_room())
    }

    /// Reads a part of the stream; `None` when there is nothing now. The end of the stream is an error.
    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        match (&self.socket).read(buffer) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => Ok(Some(length)),
            Err(error) if error.kind() == ErrorKind::WouldBlock || error.kind() == ErrorKind::Interrupted => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

fn is_under_way(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock
        || error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error())
}

/// Bytes taken; none when the kernel has no room.
fn unless_full(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Err(error) if error.kind() == ErrorKind::WouldBlock || error.kind() == ErrorKind::Interrupted => {
            Ok(0)
        }
        // A stream that takes nothing and says no error is broken; `write` gives 0 for an empty piece only.
        other => other,
    }
}

/// Pieces that wait, at most [`KEPT`] bytes. At the bound the oldest that has not begun to leave gives way.
#[derive(Debug, Default)]
struct Backlog {
    bytes: VecDeque<u8>,
    /// What is left of each piece.
    lengths: VecDeque<usize>,
    /// A part of the first piece has left, so the rest must follow.
    begun: bool,
}

impl Backlog {
    fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Keeps the rest of a piece; `begun` when its beginning has left (and nothing waits). Tells how many pieces were
    /// given up for it, itself included.
    fn push(&mut self, rest: &[u8], begun: bool) -> u64 {
        let mut dropped = 0;
        while self.bytes.len() + rest.len() > KEPT && self.drop_oldest() {
            dropped += 1;
        }
        if self.bytes.len() + rest.len() > KEPT && !begun {
            return dropped + 1;
        }
        self.begun |= begun;
        self.bytes.extend(rest);
        self.lengths.push_back(rest.len());
        dropped
    }

    fn drop_oldest(&mut self) -> bool {
        let index = usize::from(self.begun);
        let before = if self.begun { self.lengths.front().copied().unwrap_or(0) } else { 0 };
        let Some(length) = self.lengths.remove(index) else { return false };
        self.bytes.drain(before..before + length);
        true
    }

    /// The first bytes that wait, as many as lie together.
    fn front(&self) -> &[u8] {
        self.bytes.as_slices().0
    }

    /// So many of them have left.
    fn consume(&mut self, mut count: usize) {
        self.bytes.drain(..count);
        while let Some(first) = self.lengths.front_mut() {
            if count < *first {
                *first -= count;
                self.begun |= count > 0;
                return;
            }
            count -= *first;
            self.lengths.pop_front();
            self.begun = false;
            if count == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::{Duration, Instant};

    use super::*;

    fn any() -> SocketAddr {
        "0.0.0.0:0".parse().unwrap()
    }

    fn all(backlog: &mut Backlog, step: usize) -> Vec<u8> {
        let mut left = Vec::new();
        while !backlog.is_empty() {
            let some = backlog.front().len().min(step);
            left.extend_from_slice(&backlog.front()[..some]);
            backlog.consume(some);
        }
        left
    }

    #[test]
    fn pieces_leave_in_order_whatever_the_steps() {
        for step in [1, 2, 3, 7, 100] {
            let mut backlog = Backlog::default();
            for piece in [&b"one"[..], b"twenty", b"three"] {
                assert_eq!(backlog.push(piece, false), 0);
            }
            assert_eq!(all(&mut backlog, step), b"onetwentythree", "{step} at a time");
            assert!(!backlog.begun);
        }
    }

    #[test]
    fn at_the_bound_the_oldest_whole_piece_gives_way_and_one_that_has_begun_goes_on() {
        let mut backlog = Backlog::default();
        let piece = |byte: u8| vec![byte; KEPT / 4];
        for byte in 1..=4 {
            assert_eq!(backlog.push(&piece(byte), false), 0);
        }
        backlog.consume(1);
        assert_eq!(backlog.push(&piece(5), false), 1, "the second, for the first has begun");
        assert_eq!(backlog.push(&[6; KEPT / 2], false), 2, "the third and the fourth");
        let left = all(&mut backlog, 1000);
        assert_eq!(left[..KEPT / 4 - 1], [1; KEPT / 4 - 1]);
        assert_eq!(left[KEPT / 4 - 1..KEPT / 2 - 1], [5; KEPT / 4]);
        assert_eq!(left[KEPT / 2 - 1..], [6; KEPT / 2]);
    }

    #[test]
    fn a_piece_that_can_never_fit_is_itself_given_up() {
        let mut backlog = Backlog::default();
        assert_eq!(backlog.push(&[1; 10], false), 0);
        assert_eq!(backlog.push(&[2; KEPT + 1], false), 2);
        assert!(backlog.is_empty());
        // The rest of one that has begun must follow, or the stream would be unreadable from then on.
        assert_eq!(backlog.push(&[3; KEPT + 1], true), 0);
        assert_eq!(all(&mut backlog, KEPT).len(), KEPT + 1);
    }

    fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(Instant::now() < deadline, "still not: {what}");
            std::thread::yield_now();
        }
    }

    #[test]
    fn what_a_slow_reader_does_not_take_is_kept_and_arrives_whole() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut stream = Stream::open(any(), listener.local_addr().unwrap()).unwrap();
        // Said before the connection is made.
        assert_eq!(stream.send(b"hello").unwrap(), Sent { dropped: 0, waiting: true });
        let local = wait("a connection", || stream.poll_connected().unwrap());
        let (mut reader, from) = listener.accept().unwrap();
        assert_eq!((from, stream.peer()), (local, listener.local_addr().unwrap()));
        wait("the first words", || stream.flush().unwrap().then_some(()));
        // As much as the kernel's buffers take, and then some.
        let mut sent = b"hello".to_vec();
        let mut number = 0_u32;
        while !stream.wants_room() {
            let piece = [number.to_le_bytes(); 256].concat();
            assert_eq!(stream.send(&piece).unwrap().dropped, 0);
            sent.extend(piece);
            number += 1;
        }
        for _ in 0..8 {
            let piece = [number.to_le_bytes(); 256].concat();
            assert_eq!(stream.send(&piece).unwrap(), Sent { dropped: 0, waiting: true });
            sent.extend(piece);
            number += 1;
        }
        let mut heard = vec![0; sent.len()];
        reader.set_nonblocking(true).unwrap();
        let mut have = 0;
        wait("all of it", || {
            let _ = stream.flush().unwrap();
            have += reader.read(&mut heard[have..]).unwrap_or(0);
            (have == sent.len()).then_some(())
        });
        assert!(heard == sent);
        assert!(stream.flush().unwrap());

        reader.set_nonblocking(false).unwrap();
        reader.write_all(b"back").unwrap();
        let mut buffer = [0; 16];
        let length = wait("an answer", || stream.receive(&mut buffer).unwrap());
        assert_eq!(buffer[..length], *b"back");
        drop(reader);
        let end = wait("the end", || stream.receive(&mut buffer).err());
        assert_eq!(end.kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn nobody_there_is_an_error_and_no_connection() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let refused = match Stream::open(any(), port) {
            Ok(mut stream) => wait("the refusal", || stream.poll_connected().err()),
            Err(error) => error,
        };
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
}
