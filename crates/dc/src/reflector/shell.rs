//! The socket and the thread around [`Relay`].
//!
//! A plain thread that waits in the kernel: a datagram on a perfect link is on its way again after one wake-up. Timers
//! of impaired links have the millisecond grain of the system's poll.

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
use mio::{Events, Interest, Poll, Token, Waker, net::UdpSocket};
use socket2::{Domain, Socket, Type};

use super::{
    PeerTag, ReflectorCounters,
    relay::{Lifetime, Relay, TagInUse},
};

const SOCKET: Token = Token(0);
const STOP: Token = Token(1);
/// Kernel buffer asked for; the system may grant less.
const SOCKET_BUFFER: usize = 4 << 20;
/// Larger datagrams are cut by the kernel; none of the protocol is larger than an Ethernet frame.
const MAX_DATAGRAM: usize = 2_048;
/// Datagrams taken from the socket before due ones of impaired links are looked at again.
const BATCH: usize = 64;

/// A reflector on its own, without a data centre.
#[derive(Debug)]
pub struct Reflector(());

impl Reflector {
    /// Starts a reflector at `addr` (port 0 takes a free one) for these pairs of tags, which it knows until they are
    /// removed. What it forwards goes through `link` in each direction, seeded from `seed`.
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
    relay: Arc<Mutex<Relay>>,
    stop: Arc<AtomicBool>,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

impl ReflectorHandle {
    fn spawn(addr: SocketAddr, relay: Relay) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(addr), Type::DGRAM, None)?;
        socket.set_nonblocking(true)?;
        // Best effort: a small buffer only means loss under bursts.
        let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
        let _ = socket.set_send_buffer_size(SOCKET_BUFFER);
        socket.bind(&addr.into())?;
        let mut socket = UdpSocket::from_std(socket.into());
        let addr = socket.local_addr()?;
        let poll = Poll::new()?;
        poll.registry().register(&mut socket, SOCKET, Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), STOP)?;
        let relay = Arc::new(Mutex::new(relay));
        let stop = Arc::new(AtomicBool::new(false));
        let shell = Shell { socket, relay: Arc::clone(&relay), stop: Arc::clone(&stop) };
        let thread = std::thread::Builder::new().name("reflector".into()).spawn(move || shell.drive(poll))?;
        Ok(Self { addr, relay, stop, waker, thread: Some(thread) })
    }

    /// The UDP address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
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
    socket: UdpSocket,
    relay: Arc<Mutex<Relay>>,
    stop: Arc<AtomicBool>,
}

impl Shell {
    fn drive(self, mut poll: Poll) {
        let mut events = Events::with_capacity(4);
        let mut datagram = Vec::with_capacity(MAX_DATAGRAM);
        let mut more = false;
        while !self.stop.load(Ordering::Acquire) {
            let wait = if more { Some(Duration::ZERO) } else { self.wait() };
            if let Err(error) = poll.poll(&mut events, wait)
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::warn!(%error, "reflector stops");
                return;
            }
            self.send_due(&mut datagram);
            more = self.receive(&mut datagram);
            self.send_due(&mut datagram);
        }
    }

    fn wait(&self) -> Option<Duration> {
        lock(&self.relay).next_at().map(|due| due.saturating_duration_since(Instant::now()))
    }

    /// True when the socket may hold more.
    fn receive(&self, datagram: &mut Vec<u8>) -> bool {
        for _ in 0..BATCH {
            datagram.resize(MAX_DATAGRAM, 0);
            let from = match self.socket.recv_from(datagram) {
                Ok((len, from)) => {
                    datagram.truncate(len);
                    from
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                // On some systems an ICMP error of an earlier send comes back here; the next datagram is fine.
                Err(_) => continue,
            };
            let to = lock(&self.relay).handle(Instant::now(), unix_time(), from, datagram);
            if let Some(to) = to {
                self.send(datagram, to);
            }
        }
        true
    }

    fn send_due(&self, datagram: &mut Vec<u8>) {
        loop {
            let to = lock(&self.relay).poll(Instant::now(), datagram);
            let Some(to) = to else { return };
            self.send(datagram, to);
        }
    }

    fn send(&self, datagram: &[u8], to: SocketAddr) {
        if self.socket.send_to(datagram, to).is_err() {
            lock(&self.relay).on_send_error();
        }
    }
}

fn unix_time() -> i32 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

/// The table stays consistent even if a thread died inside a call to it: every change is made in one step.
fn lock(relay: &Mutex<Relay>) -> MutexGuard<'_, Relay> {
    relay.lock().unwrap_or_else(PoisonError::into_inner)
}
