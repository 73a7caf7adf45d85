//! The sockets and tasks around [`Server`]: one socket clients talk to, and one for each allocation.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr, UdpSocket as StdSocket},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use offhook_netsim::LinkConfig;
use tokio::{net::UdpSocket, sync::Notify};
use tokio_util::sync::CancellationToken;

use super::{
    TurnCounters, TurnLogin,
    server::{Server, Step, Way},
};

/// Larger datagrams are cut by the kernel; no media packet is larger than an Ethernet frame.
const MAX_DATAGRAM: usize = 2_048;

/// A running STUN and TURN server. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct TurnHandle {
    told: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// What clients talk to, for sending; the task that receives has the other half.
    own: StdSocket,
    /// Where sockets are bound, and what clients are told instead.
    bound: IpAddr,
    told: IpAddr,
    /// Wakes the timer task when a deadline came nearer.
    alarm: Notify,
    stop: CancellationToken,
}

#[derive(Debug)]
struct State {
    server: Server,
    sockets: HashMap<SocketAddr, Relayed>,
    /// What the timer task waits for.
    deadline: Option<Instant>,
}

/// The socket of an allocation.
#[derive(Debug)]
struct Relayed {
    socket: StdSocket,
    stop: CancellationToken,
}

impl TurnHandle {
    /// Starts a server on a free port of `bound`, known to clients by `told`. What it passes on goes through `link` in
    /// each direction, seeded from `seed`.
    ///
    /// # Errors
    /// When no socket can be bound.
    pub(crate) fn start(bound: IpAddr, told: IpAddr, link: LinkConfig, seed: u64) -> io::Result<Self> {
        let (own, receiver) = open(bound)?;
        let addr = SocketAddr::new(told, own.local_addr()?.port());
        let server = Server::new(Instant::now(), addr, link, seed);
        let shared = Arc::new(Shared {
            state: Mutex::new(State { server, sockets: HashMap::new(), deadline: None }),
            own,
            bound,
            told,
            alarm: Notify::new(),
            stop: CancellationToken::new(),
        });
        tokio::spawn(drive_own(Arc::clone(&shared), receiver));
        tokio::spawn(drive_clock(Arc::clone(&shared)));
        Ok(Self { told: addr, shared })
    }

    /// The address clients are told.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.told
    }

    /// Makes a login known until `expires`, or until it is removed.
    pub(crate) fn add_login(&self, login: &TurnLogin, expires: Instant) {
        self.shared.with(|server, now, _| {
            server.add_login(now, login, expires);
            None
        });
    }

    /// Forgets a login and closes what was allocated with it.
    pub(crate) fn remove_login(&self, login: &TurnLogin) {
        self.shared.with(|server, _, _| {
            server.remove_login(&login.username);
            None
        });
    }

    /// Changes what the path does to everything passed on.
    pub(crate) fn set_link(&self, link: LinkConfig) {
        self.shared.with(|server, _, _| {
            server.set_link(link);
            None
        });
    }

    /// What it did so far.
    pub(crate) fn counters(&self) -> TurnCounters {
        self.shared.state().server.counters()
    }
}

impl Drop for TurnHandle {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

impl Shared {
    /// The state. A panic in another task leaves it whole: every datagram is handled under one lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the server work and does what follows from it.
    fn with(self: &Arc<Self>, work: impl FnOnce(&mut Server, Instant, &mut Vec<u8>) -> Option<Way>) {
        self.take(&mut Vec::new(), work);
    }

    /// The same with a buffer lent for what is sent.
    fn take(
        self: &Arc<Self>,
        out: &mut Vec<u8>,
        work: impl FnOnce(&mut Server, Instant, &mut Vec<u8>) -> Option<Way>,
    ) {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(way) = work(&mut state.server, now, out) {
            self.send(&mut state, way, out);
        }
        let deadline = loop {
            match state.server.poll(now, out) {
                Step::Send(way) => self.send(&mut state, way, out),
                Step::Open { client, family } => {
                    let socket = self.open_relay(&mut state);
                    state.server.opened(now, client, family, socket);
                }
                Step::Close { relayed } => {
                    if let Some(socket) = state.sockets.remove(&relayed) {
                        socket.stop.cancel();
                    }
                }
                Step::Wait(deadline) => break deadline,
            }
        };
        let nearer = match (deadline, state.deadline) {
            (Some(new), Some(known)) => new < known,
            (new, known) => new.is_some() && known.is_none(),
        };
        state.deadline = deadline;
        if nearer {
            self.alarm.notify_one();
        }
    }

    fn send(&self, state: &mut State, way: Way, datagram: &[u8]) {
        let socket = match way.from {
            None => Some(&self.own),
            Some(relayed) => state.sockets.get(&relayed).map(|relayed| &relayed.socket),
        };
        // A full send buffer loses the datagram, as a network does.
        if socket.is_none_or(|socket| socket.send_to(datagram, way.to).is_err()) {
            state.server.on_send_error();
        }
    }

    /// A socket for a new allocation, and the address its peers will see.
    fn open_relay(self: &Arc<Self>, state: &mut State) -> Option<SocketAddr> {
        let opened = open(self.bound).and_then(|(socket, receiver)| {
            let relayed = SocketAddr::new(self.told, socket.local_addr()?.port());
            Ok((relayed, socket, receiver))
        });
        match opened {
            Ok((relayed, socket, receiver)) => {
                let stop = self.stop.child_token();
                tokio::spawn(drive_relay(Arc::clone(self), relayed, receiver, stop.clone()));
                state.sockets.insert(relayed, Relayed { socket, stop });
                Some(relayed)
            }
            Err(error) => {
                tracing::warn!(%error, "no socket to relay from");
                None
            }
        }
    }
}

/// A socket on a free port: one half to send from at once, one to wait with.
fn open(ip: IpAddr) -> io::Result<(StdSocket, UdpSocket)> {
    let socket = StdSocket::bind(SocketAddr::new(ip, 0))?;
    socket.set_nonblocking(true)?;
    let receiver = UdpSocket::from_std(socket.try_clone()?)?;
    Ok((socket, receiver))
}

/// Serves clients until the server stops.
async fn drive_own(shared: Arc<Shared>, socket: UdpSocket) {
    let (mut datagram, mut out) = (vec![0; MAX_DATAGRAM], Vec::new());
    let stop = shared.stop.clone();
    while let Some((len, from)) = receive(&socket, &mut datagram, &stop).await {
        shared.take(&mut out, |server, now, out| server.handle(now, from, &datagram[..len], out));
    }
}

/// Takes what peers send to one allocation until it is closed.
async fn drive_relay(shared: Arc<Shared>, relayed: SocketAddr, socket: UdpSocket, stop: CancellationToken) {
    let (mut datagram, mut out) = (vec![0; MAX_DATAGRAM], Vec::new());
    while let Some((len, peer)) = receive(&socket, &mut datagram, &stop).await {
        shared.take(&mut out, |server, now, out| server.relay(now, relayed, peer, &datagram[..len], out));
    }
}

/// The next datagram; `None` when it is time to stop.
async fn receive(
    socket: &UdpSocket,
    datagram: &mut [u8],
    stop: &CancellationToken,
) -> Option<(usize, SocketAddr)> {
    loop {
        let received = tokio::select! {
            () = stop.cancelled() => return None,
            received = socket.recv_from(datagram) => received,
        };
        // On some systems an ICMP error of an earlier send comes back here; the next datagram is fine.
        if let Ok(received) = received {
            return Some(received);
        }
    }
}

/// Does what time demands until the server stops.
async fn drive_clock(shared: Arc<Shared>) {
    loop {
        shared.with(|_, _, _| None);
        let deadline = shared.state().deadline;
        let sleep = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = shared.alarm.notified() => {}
            () = sleep => {}
        }
    }
}
