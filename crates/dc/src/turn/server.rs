//! Who may allocate, for how long, and what is passed on. No socket and no clock.
//!
//! One call of [`Server::handle`] or [`Server::relay`] for each datagram, and send the buffer where it says. Then
//! [`Server::poll`] until [`Step::Wait`], and sleep until then or the next datagram.
//!
//! The protocol (messages, authentication, permissions, channels, refreshing) is that of the `turn-server-proto` crate,
//! one instance a client. What is decided here is what the crate leaves open: bounds, logins that end, and the answer to
//! binding requests, which crate version 0.7.3 addresses to the server itself.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    net::SocketAddr,
    time::{Duration, Instant},
};

use offhook_netsim::{Link, LinkConfig, Wire};
use turn_server_proto::{
    api::{SocketAllocateError, TurnServerApi, TurnServerPollRet},
    stun::{Instant as Nanos, agent::Transmit},
    types::{
        AddressFamily,
        attribute::XorPeerAddress,
        message::{CHANNEL_BIND, CREATE_PERMISSION},
        stun::{
            TransportType,
            attribute::{Fingerprint, Userhash, Username, XorMappedAddress},
            message::{BINDING, Message, MessageClass, MessageWriteExt, MessageWriteVec},
            prelude::{Attribute, AttributeFromRaw, AttributeStaticType, MessageWrite},
        },
    },
};

use super::{
    TurnCounters, TurnLogin,
    client::{Client, REALM, build},
};

/// Allocations open at once; each is a socket of the machine. More are refused with 508.
const MOST_ALLOCATIONS: usize = 1_024;
/// Allocations open at once for one login: a side of a call has one for each of its networks, and new ones after a
/// change of network. More are refused with 508.
const MOST_PER_LOGIN: usize = 8;
/// Clients at once that have no allocation; at the bound the one silent for longest is forgotten.
const MOST_GUESTS: usize = 256;
/// A client without an allocation is forgotten after this long.
const GUEST_LIFE: Duration = Duration::from_secs(30);
/// Logins at once; at the bound a new one is not made known.
const MOST_LOGINS: usize = 20_000;
/// Datagrams on their way through impaired links, over all clients. At the bound new ones are dropped and counted.
const IN_FLIGHT: usize = 65_536;
/// How often the times of clients and logins are looked at.
const SWEEP: Duration = Duration::from_secs(1);
/// Shortest STUN message.
const STUN_HEADER_LEN: usize = 20;

/// From which socket something is sent, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// The relayed address whose socket it is; `None`: the server's own.
    pub from: Option<SocketAddr>,
    pub to: SocketAddr,
}

/// What the server asks of the owner of the sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Send what is in the buffer.
    Send(Way),
    /// Open a socket to relay from, and tell [`Server::opened`].
    Open { client: SocketAddr, family: AddressFamily },
    /// Close the socket of this relayed address.
    Close { relayed: SocketAddr },
    /// Nothing to do before this instant. Ends the drain.
    Wait(Option<Instant>),
}

struct Login {
    password: String,
    expires: Instant,
}

/// The table of logins and clients and everything decided by it.
pub(super) struct Server {
    /// The address clients know the server by.
    told: SocketAddr,
    logins: HashMap<String, Login>,
    by_hash: HashMap<[u8; 32], String>,
    clients: HashMap<SocketAddr, Client>,
    /// Relayed address to client: the allocations that are open.
    relayed: HashMap<SocketAddr, SocketAddr>,
    steps: VecDeque<Step>,
    /// What the protocol wants said to clients; at most one answer for each allocation.
    answers: VecDeque<(SocketAddr, Vec<u8>)>,
    flights: Wire<(Way, Vec<u8>)>,
    link: LinkConfig,
    seed: u64,
    next_client: u64,
    /// Zero of the crate's clock.
    start: Instant,
    next_sweep: Option<Instant>,
    counters: TurnCounters,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("told", &self.told)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

impl Server {
    /// A server known to clients as `told`. What it passes on goes through a link of this kind in each direction, each
    /// client's seeded from `seed` and its number.
    pub(super) fn new(now: Instant, told: SocketAddr, link: LinkConfig, seed: u64) -> Self {
        Self {
            told,
            logins: HashMap::new(),
            by_hash: HashMap::new(),
            clients: HashMap::new(),
            relayed: HashMap::new(),
            steps: VecDeque::new(),
            answers: VecDeque::new(),
            flights: Wire::new(IN_FLIGHT),
            link,
            seed,
            next_client: 0,
            start: now,
            next_sweep: None,
            counters: TurnCounters::default(),
        }
    }

    /// Makes a login known until `expires` or until it is removed.
    pub(super) fn add_login(&mut self, now: Instant, login: &TurnLogin, expires: Instant) {
        if self.logins.len() >= MOST_LOGINS {
            return;
        }
        self.by_hash.insert(Userhash::compute(&login.username, REALM), login.username.clone());
        let known = Login { password: login.password.clone(), expires };
        self.logins.insert(login.username.clone(), known);
        self.next_sweep.get_or_insert(now + SWEEP);
    }

    /// Forgets a login and closes what was allocated with it.
    pub(super) fn remove_login(&mut self, username: &str) {
        self.logins.remove(username);
        self.by_hash.remove(&Userhash::compute(username, REALM));
        let named = |client: &Client| client.login.as_deref() == Some(username);
        let clients = self.clients.iter().filter(|(_, client)| named(client));
        for addr in clients.map(|(addr, _)| *addr).collect::<Vec<_>>() {
            self.forget(addr);
        }
    }

    /// Changes what the path does to everything passed on from now on.
    pub(super) fn set_link(&mut self, link: LinkConfig) {
        self.link = link;
        for client in self.clients.values_mut() {
            match &mut client.links {
                Some(links) => links.iter_mut().for_each(|known| known.set_config(link)),
                perfect => *perfect = start_links(link, self.seed, client.number),
            }
        }
    }

    pub(super) fn counters(&self) -> TurnCounters {
        TurnCounters {
            allocations_open: self.relayed.len() as u64,
            logins: self.logins.len() as u64,
            queue_full: self.flights.refused(),
            ..self.counters
        }
    }

    pub(super) fn on_send_error(&mut self) {
        self.counters.send_errors += 1;
    }

    /// Takes a datagram that came to the server's own address. When a way comes back, `out` holds what must be sent
    /// there at once.
    pub(super) fn handle(
        &mut self,
        now: Instant,
        from: SocketAddr,
        datagram: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<Way> {
        self.counters.received += 1;
        // The first two bits tell STUN (00) from channel data (01), RFC 8656 section 12.
        match datagram.first().map(|byte| byte >> 6) {
            Some(0) if datagram.len() >= STUN_HEADER_LEN => self.handle_stun(now, from, datagram, out),
            Some(1) => self.handle_data(now, from, datagram, out),
            _ => {
                self.counters.malformed += 1;
                None
            }
        }
    }

    /// Takes a datagram from `peer` that came to a relayed address.
    pub(super) fn relay(
        &mut self,
        now: Instant,
        relayed: SocketAddr,
        peer: SocketAddr,
        datagram: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<Way> {
        let addr = *self.relayed.get(&relayed)?;
        let at = self.nanos(now);
        let client = self.clients.get_mut(&addr)?;
        if !client.budget.spend(now) {
            self.counters.rate_limited += 1;
            return None;
        }
        let built = client.server.recv(Transmit::new(datagram, TransportType::Udp, peer, relayed), at);
        let Some(built) = built else {
            self.counters.not_permitted += 1;
            return None;
        };
        build(built, out);
        let way = Way { from: None, to: addr };
        // What comes from another client has been through that one's link.
        let link =
            client.links.as_mut().filter(|_| !self.relayed.contains_key(&peer)).map(|links| &mut links[1]);
        let passed = pass(&mut self.flights, link, now, way, out);
        self.counters.impaired += u64::from(passed == Passed::Lost);
        self.counters.to_clients += u64::from(passed != Passed::Lost);
        (passed == Passed::Now).then_some(way)
    }

    /// The answer to [`Step::Open`]: the address peers will see, or that no socket could be had.
    pub(super) fn opened(
        &mut self,
        now: Instant,
        addr: SocketAddr,
        family: AddressFamily,
        socket: Option<SocketAddr>,
    ) {
        let Some(client) = self.clients.get_mut(&addr) else {
            // Its login was over meanwhile.
            self.steps.extend(socket.map(|relayed| Step::Close { relayed }));
            return;
        };
        match socket {
            Some(relayed) => {
                client.relayed.push(relayed);
                self.relayed.insert(relayed, addr);
                self.counters.allocations += 1;
            }
            None => self.counters.allocations_refused += 1,
        }
        self.finish_allocation(now, addr, family, socket.ok_or(SocketAllocateError::InsufficientCapacity));
    }

    /// The next thing to do. For [`Step::Send`], `out` holds what to send.
    pub(super) fn poll(&mut self, now: Instant, out: &mut Vec<u8>) -> Step {
        if self.next_sweep.is_some_and(|due| due <= now) {
            self.sweep(now);
        }
        if let Some((to, bytes)) = self.answers.pop_front() {
            *out = bytes;
            return Step::Send(Way { from: None, to });
        }
        if let Some(step) = self.steps.pop_front() {
            return step;
        }
        if let Some((way, bytes)) = self.flights.pop_due(now) {
            *out = bytes;
            return Step::Send(way);
        }
        Step::Wait([self.flights.next_at(), self.next_sweep].into_iter().flatten().min())
    }

    fn handle_stun(
        &mut self,
        now: Instant,
        from: SocketAddr,
        datagram: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<Way> {
        let Ok(message) = Message::from_bytes(datagram) else {
            self.counters.malformed += 1;
            return None;
        };
        if !message.has_class(MessageClass::Request) {
            return self.handle_data(now, from, datagram, out);
        }
        if message.has_method(BINDING) {
            self.counters.bindings += 1;
            *out = binding_answer(&message, from);
            return Some(Way { from: None, to: from });
        }
        self.make_room(now, from);
        let (told, link, seed) = (self.told, self.link, self.seed);
        let client = self.clients.entry(from).or_insert_with(|| {
            let number = self.next_client;
            self.next_client += 1;
            Client::new(told, number, start_links(link, seed, number), now)
        });
        client.heard = now;
        if !client.budget.spend(now) {
            self.counters.rate_limited += 1;
            return None;
        }
        if let Some((transaction, answer)) = &client.allocated
            && *transaction == message.transaction_id()
        {
            // The answer got lost on its way: RFC 8656 section 7.2.
            out.clone_from(answer);
            return Some(Way { from: None, to: from });
        }
        if !may_ask(client, &message) {
            self.counters.too_many_peers += 1;
            return None;
        }
        self.admit(from, &message);
        self.ask(now, from, datagram, out)
    }

    /// Data for a peer, in a channel or in an indication.
    fn handle_data(
        &mut self,
        now: Instant,
        from: SocketAddr,
        datagram: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<Way> {
        let at = self.nanos(now);
        let Some(client) = self.clients.get_mut(&from).filter(|client| !client.relayed.is_empty()) else {
            self.counters.unknown_client += 1;
            return None;
        };
        client.heard = now;
        if !client.budget.spend(now) {
            self.counters.rate_limited += 1;
            return None;
        }
        let built = client.server.recv(Transmit::new(datagram, TransportType::Udp, from, self.told), at);
        let Some(built) = built else {
            self.counters.not_permitted += 1;
            return None;
        };
        let (relayed, to) = build(built, out);
        let way = Way { from: Some(relayed), to };
        let link = client.links.as_mut().map(|links| &mut links[0]);
        let passed = pass(&mut self.flights, link, now, way, out);
        self.counters.impaired += u64::from(passed == Passed::Lost);
        self.counters.to_peers += u64::from(passed != Passed::Lost);
        (passed == Passed::Now).then_some(way)
    }

    /// Tells the client's protocol who it is that asks, if it is somebody.
    fn admit(&mut self, from: SocketAddr, message: &Message<'_>) {
        let named = message.attribute::<Username>().ok().map(|name| name.username().to_owned());
        let hashed = message.attribute::<Userhash>().ok();
        let hidden = hashed.as_ref().and_then(|hash| self.by_hash.get(hash.hash()).cloned());
        if named.is_none() && hashed.is_none() {
            // The first question of every client: it has yet to learn the realm.
            return;
        }
        let login = named.or(hidden).and_then(|name| self.logins.get(&name).map(|login| (name, login)));
        let Some((name, login)) = login else {
            self.counters.unknown_login += 1;
            return;
        };
        let Some(client) = self.clients.get_mut(&from) else { return };
        // Whoever has an allocation keeps the login it was made with; the protocol refuses another.
        if client.relayed.is_empty() && client.login.as_ref() != Some(&name) {
            client.server.add_user(name.clone(), login.password.clone());
            client.login = Some(name);
        }
    }

    /// Gives a request to the client's protocol and takes up what follows from it.
    fn ask(&mut self, now: Instant, from: SocketAddr, datagram: &[u8], out: &mut Vec<u8>) -> Option<Way> {
        let at = self.nanos(now);
        let client = self.clients.get_mut(&from)?;
        let built = client.server.recv(Transmit::new(datagram, TransportType::Udp, from, self.told), at);
        let answered = built.map(|built| build(built, out));
        self.drain(now, from);
        answered.map(|(_, to)| Way { from: None, to })
    }

    /// Takes up what a client's protocol wants.
    fn drain(&mut self, now: Instant, addr: SocketAddr) {
        let at = self.nanos(now);
        loop {
            let Some(client) = self.clients.get_mut(&addr) else { return };
            match client.server.poll(at) {
                TurnServerPollRet::AllocateSocket { family, .. } => self.allocate(now, addr, family),
                TurnServerPollRet::SocketClose { listen_addr, .. } => {
                    client.relayed.retain(|relayed| *relayed != listen_addr);
                    client.allocated = None;
                    self.relayed.remove(&listen_addr);
                    self.steps.push_back(Step::Close { relayed: listen_addr });
                }
                // Peers are reached over UDP only, as the crate tells clients that ask over UDP.
                TurnServerPollRet::TcpConnect { .. } | TurnServerPollRet::TcpClose { .. } => return,
                TurnServerPollRet::WaitUntil(_) => return,
            }
        }
    }

    fn allocate(&mut self, now: Instant, addr: SocketAddr, family: AddressFamily) {
        let login = self.clients.get(&addr).and_then(|client| client.login.clone());
        let of_login = self.clients.values().filter(|client| client.login == login);
        let of_login: usize = of_login.map(|client| client.relayed.len()).sum();
        let waiting = self.steps.iter().filter(|step| matches!(step, Step::Open { .. })).count();
        let own_family = if self.told.is_ipv4() { AddressFamily::IPV4 } else { AddressFamily::IPV6 };
        let refusal = if family != own_family {
            Some(SocketAllocateError::AddressFamilyNotSupported)
        } else if self.relayed.len() + waiting >= MOST_ALLOCATIONS || of_login >= MOST_PER_LOGIN {
            Some(SocketAllocateError::InsufficientCapacity)
        } else {
            None
        };
        match refusal {
            Some(error) => {
                self.counters.allocations_refused += 1;
                self.finish_allocation(now, addr, family, Err(error));
            }
            None => self.steps.push_back(Step::Open { client: addr, family }),
        }
    }

    /// Tells a client's protocol what came of an allocation, and queues its answer.
    fn finish_allocation(
        &mut self,
        now: Instant,
        addr: SocketAddr,
        family: AddressFamily,
        socket: Result<SocketAddr, SocketAllocateError>,
    ) {
        let at = self.nanos(now);
        let Some(client) = self.clients.get_mut(&addr) else { return };
        let udp = TransportType::Udp;
        client.server.allocated_socket(udp, self.told, addr, udp, family, socket, at);
        while let Some(answer) = client.server.poll_transmit(at) {
            let transaction = Message::from_bytes(&answer.data).map(|message| message.transaction_id());
            if socket.is_ok()
                && let Ok(transaction) = transaction
            {
                client.allocated = Some((transaction, answer.data.clone()));
            }
            self.answers.push_back((answer.to, answer.data));
        }
    }

    /// Makes sure that one more client without an allocation may come.
    fn make_room(&mut self, now: Instant, from: SocketAddr) {
        self.next_sweep.get_or_insert(now + SWEEP);
        if self.clients.contains_key(&from) {
            return;
        }
        let guests = || self.clients.iter().filter(|(_, client)| client.relayed.is_empty());
        if guests().count() >= MOST_GUESTS
            && let Some(addr) = guests().min_by_key(|(_, client)| client.heard).map(|(addr, _)| *addr)
        {
            self.clients.remove(&addr);
            self.counters.displaced_clients += 1;
        }
    }

    fn sweep(&mut self, now: Instant) {
        let over = self.logins.iter().filter(|(_, login)| login.expires <= now);
        for name in over.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            self.remove_login(&name);
        }
        for addr in self.clients.keys().copied().collect::<Vec<_>>() {
            let open = self.relayed.len();
            self.drain(now, addr);
            self.counters.allocations_expired += (open - self.relayed.len()) as u64;
            let silent = |client: &Client| {
                client.relayed.is_empty() && now.saturating_duration_since(client.heard) > GUEST_LIFE
            };
            if self.clients.get(&addr).is_some_and(silent) {
                self.clients.remove(&addr);
            }
        }
        let idle = self.clients.is_empty() && self.logins.is_empty();
        self.next_sweep = (!idle).then_some(now + SWEEP);
    }

    /// Forgets a client and closes what it has.
    fn forget(&mut self, addr: SocketAddr) {
        let Some(client) = self.clients.remove(&addr) else { return };
        self.counters.allocations_expired += client.relayed.len() as u64;
        for relayed in client.relayed {
            self.relayed.remove(&relayed);
            self.steps.push_back(Step::Close { relayed });
        }
    }

    fn nanos(&self, now: Instant) -> Nanos {
        let nanos = now.saturating_duration_since(self.start).as_nanos();
        Nanos::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
    }
}

/// Whether a request names no more peers than its client may have.
fn may_ask(client: &mut Client, message: &Message<'_>) -> bool {
    if !message.has_method(CREATE_PERMISSION) && !message.has_method(CHANNEL_BIND) {
        return true;
    }
    let transaction = message.transaction_id();
    let peers =
        message.iter_attributes().filter(|(_, attribute)| attribute.get_type() == XorPeerAddress::TYPE);
    let peers = peers.filter_map(|(_, attribute)| XorPeerAddress::from_raw(attribute).ok());
    client.may_have(peers.map(|peer| peer.addr(transaction).ip()))
}

fn binding_answer(request: &Message<'_>, from: SocketAddr) -> Vec<u8> {
    let refused = Message::check_attribute_types(
        request,
        &[Fingerprint::TYPE],
        &[],
        MessageWriteVec::with_capacity(64),
    );
    if let Some(refused) = refused {
        return refused.finish();
    }
    let mut answer = Message::builder_success(request, MessageWriteVec::with_capacity(64));
    answer
        .add_attribute(&XorMappedAddress::new(from, request.transaction_id()))
        .expect("an empty message has room for an address");
    answer.add_fingerprint().expect("a message without one takes a fingerprint");
    answer.finish()
}

/// What a link did to a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passed {
    Now,
    Later,
    Lost,
}

/// Sends a datagram through a link; one that arrives later is put on the wire.
fn pass(
    flights: &mut Wire<(Way, Vec<u8>)>,
    link: Option<&mut Link>,
    now: Instant,
    way: Way,
    datagram: &[u8],
) -> Passed {
    let Some(link) = link else { return Passed::Now };
    let mut passed = Passed::Lost;
    for due in link.transmit(now, datagram.len()) {
        if due <= now && passed != Passed::Now {
            passed = Passed::Now;
        } else {
            flights.push(due, (way, datagram.to_vec()));
            passed = if passed == Passed::Now { passed } else { Passed::Later };
        }
    }
    passed
}

/// The ways from a client to its peers and back; perfect ones need no links.
fn start_links(link: LinkConfig, seed: u64, client: u64) -> Option<[Link; 2]> {
    // Distinct odd multiples keep the seeds of neighbouring clients and directions apart.
    let seed = |way: u64| seed.wrapping_add((2 * client + way + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (link != LinkConfig::default()).then(|| [Link::new(link, seed(0)), Link::new(link, seed(1))])
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
