//! The TCP connections of a reflector.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};

use mio::{Interest, Registry, Token, net::TcpStream};

use super::super::{
    pair::Place,
    stream::{BadStream, Stream},
};

/// Connections at once; more are closed when they come.
const MOST_CONNECTIONS: usize = 1_024;
/// Bytes that may wait for a slow receiver: many seconds of a call. Beyond them frames are dropped.
const MOST_WAITING: usize = 64 << 10;
/// A connection without a byte for this long is closed. Clients say hello every 10 s.
const IDLE: Duration = Duration::from_secs(60);
/// A connection must show what it speaks within this time.
const SHY: Duration = Duration::from_secs(10);
/// How often silent connections are looked for.
const SWEEP: Duration = Duration::from_secs(1);
/// Bytes read at once.
const CHUNK: usize = 4_096;

/// One connection.
#[derive(Debug)]
struct Connection {
    socket: TcpStream,
    addr: SocketAddr,
    stream: Stream,
    /// Framed, not yet taken by the socket.
    waiting: Vec<u8>,
    heard: Instant,
}

impl Connection {
    /// Gives the socket what waits for it.
    fn flush(&mut self) -> io::Result<()> {
        let mut taken = 0;
        let result = loop {
            if taken == self.waiting.len() {
                break Ok(());
            }
            match self.socket.write(&self.waiting[taken..]) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(len) => taken += len,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.waiting.drain(..taken);
        result
    }

    fn is_idle(&self, now: Instant) -> bool {
        let silent = now.saturating_duration_since(self.heard);
        silent > if self.stream.is_known() { IDLE } else { SHY }
    }
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Taken,
    /// Too much waits for this connection already.
    Full,
    /// There is no such connection, or it cannot carry this frame.
    Gone,
}

/// What a read brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Bytes; there may be more.
    Bytes,
    /// Nothing more for now.
    Nothing,
    /// The connection is over.
    End,
}

/// All connections, by numbers that are never given twice.
#[derive(Debug)]
pub(super) struct Connections {
    open: HashMap<u64, Connection>,
    next: u64,
    /// The token of connection 0.
    first_token: usize,
    next_sweep: Option<Instant>,
}

impl Connections {
    pub(super) fn new(first_token: usize) -> Self {
        Self { open: HashMap::new(), next: 0, first_token, next_sweep: None }
    }

    /// The connection a token stands for.
    pub(super) fn of(&self, token: Token) -> Option<u64> {
        let number = token.0.checked_sub(self.first_token)? as u64;
        self.open.contains_key(&number).then_some(number)
    }

    /// Takes a new connection; false when there is no room or it is dead already.
    pub(super) fn add(
        &mut self,
        mut socket: TcpStream,
        addr: SocketAddr,
        registry: &Registry,
        now: Instant,
    ) -> bool {
        if self.open.len() >= MOST_CONNECTIONS {
            return false;
        }
        let number = self.next;
        let token = Token(self.first_token + number as usize);
        let interest = Interest::READABLE | Interest::WRITABLE;
        // Frames are small and must not wait for one another.
        if socket.set_nodelay(true).is_err() || registry.register(&mut socket, token, interest).is_err() {
            return false;
        }
        self.next += 1;
        let connection = Connection { socket, addr, stream: Stream::new(), waiting: Vec::new(), heard: now };
        self.open.insert(number, connection);
        self.next_sweep.get_or_insert(now + SWEEP);
        true
    }

    /// Reads once. What came is then taken with [`Connections::next`].
    pub(super) fn read(&mut self, number: u64, now: Instant) -> Heard {
        let Some(connection) = self.open.get_mut(&number) else { return Heard::End };
        let mut chunk = [0; CHUNK];
        match connection.socket.read(&mut chunk) {
            Ok(0) => Heard::End,
            Ok(len) => {
                connection.heard = now;
                connection.stream.receive(&chunk[..len]);
                Heard::Bytes
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Heard::Nothing,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Heard::Bytes,
            Err(_) => Heard::End,
        }
    }

    /// Replaces `packet` by the next datagram that came, and tells from where.
    pub(super) fn next(&mut self, number: u64, packet: &mut Vec<u8>) -> Result<Option<Place>, BadStream> {
        let Some(connection) = self.open.get_mut(&number) else { return Ok(None) };
        let more = connection.stream.next(packet)?;
        Ok(more.then_some(Place::Tcp { connection: number, addr: connection.addr }))
    }

    /// Sends a datagram, or what the connection takes of it now; the rest follows.
    pub(super) fn send(&mut self, number: u64, packet: &[u8]) -> Sent {
        let Some(connection) = self.open.get_mut(&number) else { return Sent::Gone };
        if connection.waiting.len() >= MOST_WAITING {
            return Sent::Full;
        }
        if !connection.stream.write(packet, &mut connection.waiting) {
            return Sent::Gone;
        }
        // A broken connection shows itself at its next read.
        let _ = connection.flush();
        Sent::Taken
    }

    /// The connection can take more.
    pub(super) fn flush(&mut self, number: u64) {
        if let Some(connection) = self.open.get_mut(&number) {
            let _ = connection.flush();
        }
    }

    pub(super) fn close(&mut self, number: u64, registry: &Registry) {
        if let Some(mut connection) = self.open.remove(&number) {
            // Closing takes it off the poll too; this only makes it sure.
            let _ = registry.deregister(&mut connection.socket);
        }
        if self.open.is_empty() {
            self.next_sweep = None;
        }
    }

    /// When [`Connections::sweep`] has something to do.
    pub(super) fn next_sweep(&self) -> Option<Instant> {
        self.next_sweep
    }

    /// Closes silent connections and says how many.
    pub(super) fn sweep(&mut self, now: Instant, registry: &Registry) -> u64 {
        if self.next_sweep.is_none_or(|due| due > now) {
            return 0;
        }
        self.next_sweep = Some(now + SWEEP);
        let idle = self.open.iter().filter(|(_, connection)| connection.is_idle(now));
        let idle: Vec<u64> = idle.map(|(number, _)| *number).collect();
        for number in &idle {
            self.close(*number, registry);
        }
        idle.len() as u64
    }
}
