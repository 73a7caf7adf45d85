//! The sockets and the thread around [`Relay`].
//!
//! A plain thread that waits in the kernel: a datagram on a perfect link is on its way again after one wake-up. Timers
//! of impaired links have the millisecond grain of the system's poll.

mod bind;
mod tcp;

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::LinkConfig;
use mio::{Events, Interest, Poll, Registry, Token, Waker};

use super::{
    PeerTag, ReflectorCounters,
    pair::Place,
    relay::{Lifetime, Relay, TagInUse},
    stream::MAX_FRAME,
};
use bind::Front;
use tcp::{Connections, Heard, Sent};

/// Tokens: the two sockets of each front, then the waker, then connections.
const FRONTS: usize = 2;
const STOP: Token = Token(2 * FRONTS);
const FIRST_CONNECTION: usize = STOP.0 + 1;
/// Datagrams taken from a socket before due ones of impaired links are looked at again.
const BATCH: usize = 64;

/// A reflector on its own, without a data centre.
#[derive(Debug)]
pub struct Reflector(());

impl Reflector {
    /// Starts a reflector at `addr` (port 0 takes a free one), over UDP and TCP, for these pairs of tags, which it knows
    /// until they are removed. What it forwards goes through `link` in each direction, seeded from `seed`. On IPv4
    /// loopback and `0.0.0.0` it also serves the IPv6 counterpart, if the machine has it.
    ///
    /// Calls of the modern family need tags that differ in their first twelve bytes.
    ///
    /// # Errors
    /// When the address cannot be bound, or a tag occurs twice ([`io::ErrorKind::InvalidInput`]).
    pub fn bind(
        addr: SocketAddr,
        pairs: impl IntoIterator<Item = (PeerTag, PeerTag)>,
        link: LinkConfig,
        seed: u64,
    ) -> io::Result<ReflectorHandle> {
        let mut relay = Relay::new(link, seed);
        for (caller, callee) in pairs {
            relay
                .add(Instant::now(), [caller, callee], Lifetime::Forever)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        }
        ReflectorHandle::spawn(addr, relay)
    }
}

/// A running reflector. Dropping it stops its thread.
#[derive(Debug)]
pub struct ReflectorHandle {
    addr: SocketAddr,
    addr_v6: Option<SocketAddr>,
    relay: Arc<Mutex<Relay>>,
    stop: Arc<AtomicBool>,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

impl ReflectorHandle {
    fn spawn(addr: SocketAddr, relay: Relay) -> io::Result<Self> {
        let mut fronts = bind::fronts(addr)?;
        let (addr, addr_v6) = (fronts[0].addr, fronts.get(1).map(|front| front.addr));
        let poll = Poll::new()?;
        for (index, front) in fronts.iter_mut().enumerate() {
            poll.registry().register(&mut front.udp, udp_token(index), Interest::READABLE)?;
            poll.registry().register(&mut front.tcp, tcp_token(index), Interest::READABLE)?;
        }
        let waker = Waker::new(poll.registry(), STOP)?;
        let relay = Arc::new(Mutex::new(relay));
        let stop = Arc::new(AtomicBool::new(false));
        let shell = Shell {
            fronts,
            connections: Connections::new(FIRST_CONNECTION),
            unread: Vec::new(),
            relay: Arc::clone(&relay),
            stop: Arc::clone(&stop),
        };
        let thread = std::thread::Builder::new().name("reflector".into()).spawn(move || {
            // What passes here is sound: it goes before those who only compute, where that is allowed.
            let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), -10);
            shell.drive(poll);
        })?;
        Ok(Self { addr, addr_v6, relay, stop, waker, thread: Some(thread) })
    }

    /// The address it listens on, with the same port for UDP and TCP.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The IPv6 address it also listens on, with the same port.
    #[must_use]
    pub fn addr_v6(&self) -> Option<SocketAddr> {
        self.addr_v6
    }

    /// Makes two parties known until [`ReflectorHandle::remove`], or until they are unused for a minute when the
    /// lifetime says so.
    ///
    /// # Errors
    /// [`TagInUse`] when a tag is already known.
    pub fn add(&self, caller: PeerTag, callee: PeerTag, lifetime: Lifetime) -> Result<(), TagInUse> {
        lock(&self.relay).add(Instant::now(), [caller, callee], lifetime)
    }

    /// Forgets a pair by either of its tags.
    pub fn remove(&self, tag: PeerTag) -> bool {
        lock(&self.relay).remove(tag)
    }

    /// Changes the path of every pair, known or to come: a cut (`loss: 1.0`), a repair, a step of delay.
    pub fn set_link(&self, link: LinkConfig) {
        lock(&self.relay).set_link(link);
    }

    /// What it did so far.
    #[must_use]
    pub fn counters(&self) -> ReflectorCounters {
        lock(&self.relay).counters()
    }

    /// Stops it and waits for its thread.
    pub fn shutdown(mut self) {
        self.stop();
    }

    pub(crate) fn start(addr: SocketAddr, link: LinkConfig, seed: u64) -> io::Result<Self> {
        Self::spawn(addr, Relay::new(link, seed))
    }

    fn stop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // If the thread cannot be woken it still sees the flag at its next datagram; waiting for it could hang.
        if self.waker.wake().is_ok()
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

impl Drop for ReflectorHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Shell {
    fronts: Vec<Front>,
    connections: Connections,
    /// What may hold more to read: the poll does not tell twice.
    unread: Vec<Token>,
    relay: Arc<Mutex<Relay>>,
    stop: Arc<AtomicBool>,
}

impl Shell {
    fn drive(mut self, mut poll: Poll) {
        let mut events = Events::with_capacity(64);
        let mut datagram = Vec::with_capacity(MAX_FRAME);
        let mut tokens = Vec::new();
        while !self.stop.load(Ordering::Acquire) {
            let wait = if self.unread.is_empty() { self.wait() } else { Some(Duration::ZERO) };
            if let Err(error) = poll.poll(&mut events, wait)
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::warn!(%error, "reflector stops");
                return;
            }
            tokens.append(&mut self.unread);
            for event in &events {
                if let Some(number) = self.connections.of(event.token()).filter(|_| event.is_writable()) {
                    self.connections.flush(number);
                }
                if event.is_readable() && !tokens.contains(&event.token()) {
                    tokens.push(event.token());
                }
            }
            self.send_due(&mut datagram);
            for token in tokens.drain(..) {
                if self.receive(token, poll.registry(), &mut datagram) {
                    self.unread.push(token);
                }
                self.send_due(&mut datagram);
            }
            let silent = self.connections.sweep(Instant::now(), poll.registry());
            if silent > 0 {
                lock(&self.relay).counters_mut().tcp_idle += silent;
            }
        }
    }

    fn wait(&self) -> Option<Duration> {
        let due = [lock(&self.relay).next_at(), self.connections.next_sweep()];
        due.into_iter().flatten().min().map(|due| due.saturating_duration_since(Instant::now()))
    }

    /// Takes what a socket has, up to a bound. True when it may have more.
    fn receive(&mut self, token: Token, registry: &Registry, datagram: &mut Vec<u8>) -> bool {
        if let Some(index) = (0..self.fronts.len()).find(|index| udp_token(*index) == token) {
            return self.receive_udp(index, datagram);
        }
        if let Some(index) = (0..self.fronts.len()).find(|index| tcp_token(*index) == token) {
            return self.accept(index, registry);
        }
        match self.connections.of(token) {
            Some(number) => self.receive_tcp(number, registry, datagram),
            None => false,
        }
    }

    fn receive_udp(&mut self, index: usize, datagram: &mut Vec<u8>) -> bool {
        for _ in 0..BATCH {
            // Larger datagrams are cut by the kernel.
            datagram.resize(MAX_FRAME, 0);
            let from = match self.fronts[index].udp.recv_from(datagram) {
                Ok((len, from)) => {
                    datagram.truncate(len);
                    from
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                // On some systems an ICMP error of an earlier send comes back here; the next datagram is fine.
                Err(_) => continue,
            };
            self.relay(Place::Udp(from), datagram);
        }
        true
    }

    fn receive_tcp(&mut self, number: u64, registry: &Registry, datagram: &mut Vec<u8>) -> bool {
        for _ in 0..BATCH {
            match self.connections.read(number, Instant::now()) {
                Heard::Bytes => {}
                Heard::Nothing => return false,
                Heard::End => {
                    self.connections.close(number, registry);
                    return false;
                }
            }
            loop {
                match self.connections.next(number, datagram) {
                    Ok(Some(from)) => self.relay(from, datagram),
                    Ok(None) => break,
                    Err(_) => {
                        lock(&self.relay).counters_mut().tcp_malformed += 1;
                        self.connections.close(number, registry);
                        return false;
                    }
                }
            }
        }
        true
    }

    fn accept(&mut self, index: usize, registry: &Registry) -> bool {
        for _ in 0..BATCH {
            let (socket, addr) = match self.fronts[index].tcp.accept() {
                Ok(accepted) => accepted,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                // The client is gone already, or descriptors are short: whoever waits is told by its own time-out.
                Err(error) => {
                    tracing::debug!(%error, "cannot accept");
                    return false;
                }
            };
            let added = self.connections.add(socket, addr, registry, Instant::now());
            let mut relay = lock(&self.relay);
            let counters = relay.counters_mut();
            counters.tcp_connections += u64::from(added);
            counters.tcp_refused += u64::from(!added);
        }
        true
    }

    fn relay(&mut self, from: Place, datagram: &mut Vec<u8>) {
        let to = lock(&self.relay).handle(Instant::now(), unix_time(), from, datagram);
        if let Some(to) = to {
            self.send(datagram, to);
        }
    }

    fn send_due(&mut self, datagram: &mut Vec<u8>) {
        loop {
            let to = lock(&self.relay).poll(Instant::now(), datagram);
            let Some(to) = to else { return };
            self.send(datagram, to);
        }
    }

    fn send(&mut self, datagram: &[u8], to: Place) {
        let sent = match to {
            Place::Udp(addr) => {
                let front = self.fronts.iter().find(|front| front.addr.is_ipv6() == addr.is_ipv6());
                match front.map(|front| front.udp.send_to(datagram, addr)) {
                    Some(Ok(_)) => Sent::Taken,
                    _ => Sent::Gone,
                }
            }
            Place::Tcp { connection, .. } => self.connections.send(connection, datagram),
        };
        match sent {
            Sent::Taken => {}
            Sent::Full => lock(&self.relay).counters_mut().tcp_full += 1,
            Sent::Gone => lock(&self.relay).counters_mut().send_errors += 1,
        }
    }
}

fn udp_token(index: usize) -> Token {
    Token(index)
}

fn tcp_token(index: usize) -> Token {
    Token(FRONTS + index)
}

fn unix_time() -> i32 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

/// The table stays consistent even if a thread died inside a call to it: every change is made in one step.
fn lock(relay: &Mutex<Relay>) -> MutexGuard<'_, Relay> {
    relay.lock().unwrap_or_else(PoisonError::into_inner)
}
