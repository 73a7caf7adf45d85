use turn_server_proto::types::{
    attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorRelayedAddress},
    channel::ChannelData,
    message::{ALLOCATE, DATA, REFRESH, SEND},
    stun::{
        attribute::{ErrorCode, Nonce, Realm},
        message::{
            IntegrityAlgorithm, LongTermCredentials, MessageIntegrityCredentials, MessageType, Method,
            TransactionId,
        },
    },
};

use super::{super::client::MOST_PEERS, *};
use crate::budget::BURST;

const SECOND: Duration = Duration::from_secs(1);

fn addr(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn told() -> SocketAddr {
    addr("127.0.0.1:3478")
}

fn login(name: &str) -> TurnLogin {
    TurnLogin { username: name.to_owned(), password: format!("secret of {name}") }
}

/// A server and the sockets it asked for: their ports count up from 9000.
struct World {
    server: Server,
    now: Instant,
    open: Vec<SocketAddr>,
    next_port: u16,
    has_sockets: bool,
}

impl World {
    fn new(link: LinkConfig) -> Self {
        let now = Instant::now();
        let mut server = Server::new(now, told(), link, 1);
        for name in ["alice", "bob"] {
            server.add_login(now, &login(name), now + Duration::from_secs(3_600));
        }
        Self { server, now, open: Vec::new(), next_port: 9_000, has_sockets: true }
    }

    /// Gives the server a datagram and returns everything it sends at once.
    fn give(&mut self, from: SocketAddr, datagram: &[u8]) -> Vec<(Way, Vec<u8>)> {
        let mut out = Vec::new();
        let way = self.server.handle(self.now, from, datagram, &mut out);
        let mut sent: Vec<_> = way.map(|way| (way, out)).into_iter().collect();
        sent.extend(self.drain());
        sent
    }

    fn give_relay(
        &mut self,
        relayed: SocketAddr,
        peer: SocketAddr,
        datagram: &[u8],
    ) -> Option<(Way, Vec<u8>)> {
        let mut out = Vec::new();
        let way = self.server.relay(self.now, relayed, peer, datagram, &mut out);
        way.map(|way| (way, out))
    }

    fn drain(&mut self) -> Vec<(Way, Vec<u8>)> {
        let mut sent = Vec::new();
        loop {
            let mut out = Vec::new();
            match self.server.poll(self.now, &mut out) {
                Step::Send(way) => sent.push((way, out)),
                Step::Open { client, family } => {
                    let socket = self.has_sockets.then(|| SocketAddr::new(told().ip(), self.next_port));
                    self.next_port += 1;
                    self.open.extend(socket);
                    self.server.opened(self.now, client, family, socket);
                }
                Step::Close { relayed } => self.open.retain(|socket| *socket != relayed),
                Step::Wait(_) => return sent,
            }
        }
    }

    /// A client with an allocation.
    fn allocate(&mut self, name: &str, from: SocketAddr) -> (Asker, SocketAddr) {
        let mut asker = Asker::new(name, from);
        asker.learn(self);
        let answer = asker.ask(self, ALLOCATE, |m, _| m.add_attribute(&RequestedTransport::new(17)).unwrap());
        let message = Message::from_bytes(&answer).unwrap();
        assert!(message.has_class(MessageClass::Success), "{message}");
        let relayed = message.attribute::<XorRelayedAddress>().unwrap().addr(message.transaction_id());
        let seen = message.attribute::<XorMappedAddress>().unwrap().addr(message.transaction_id());
        assert_eq!(seen, from);
        (asker, relayed)
    }
}

/// A client: long-term credentials of RFC 8489 with SHA-1, as libwebrtc uses them.
struct Asker {
    addr: SocketAddr,
    login: TurnLogin,
    challenge: Option<(String, String)>,
}

impl Asker {
    fn new(name: &str, addr: SocketAddr) -> Self {
        Self { addr, login: login(name), challenge: None }
    }

    fn request(&self, method: Method, fill: impl FnOnce(&mut MessageWriteVec, TransactionId)) -> Vec<u8> {
        let mut message = Message::builder_request(method, MessageWriteVec::new());
        let transaction = message.transaction_id();
        fill(&mut message, transaction);
        if let Some((realm, nonce)) = &self.challenge {
            message.add_attribute(&Username::new(&self.login.username).unwrap()).unwrap();
            message.add_attribute(&Realm::new(realm).unwrap()).unwrap();
            message.add_attribute(&Nonce::new(nonce).unwrap()).unwrap();
            let credentials =
                LongTermCredentials::new(self.login.username.clone(), self.login.password.clone());
            let key = MessageIntegrityCredentials::LongTerm(credentials.to_key(realm.clone()));
            message.add_message_integrity(&key, IntegrityAlgorithm::Sha1).unwrap();
        }
        message.add_fingerprint().unwrap();
        message.finish()
    }

    /// Asks without a login, to be told realm and nonce.
    fn learn(&mut self, world: &mut World) {
        let request = self.request(ALLOCATE, |_, _| {});
        let sent = world.give(self.addr, &request);
        let message = Message::from_bytes(&sent[0].1).unwrap();
        assert_eq!(message.attribute::<ErrorCode>().unwrap().code(), 401);
        let realm = message.attribute::<Realm>().unwrap().realm().to_owned();
        let nonce = message.attribute::<Nonce>().unwrap().nonce().to_owned();
        assert_eq!(realm, REALM);
        self.challenge = Some((realm, nonce));
    }

    /// Asks and returns the one answer there must be.
    fn ask(
        &self,
        world: &mut World,
        method: Method,
        fill: impl FnOnce(&mut MessageWriteVec, TransactionId),
    ) -> Vec<u8> {
        let request = self.request(method, fill);
        let mut sent = world.give(self.addr, &request);
        assert_eq!(sent.len(), 1, "one answer");
        let (way, answer) = sent.remove(0);
        assert_eq!(way, Way { from: None, to: self.addr });
        answer
    }

    /// The error a request is answered with; 0 for success.
    fn code(
        &self,
        world: &mut World,
        method: Method,
        fill: impl FnOnce(&mut MessageWriteVec, TransactionId),
    ) -> u16 {
        let answer = self.ask(world, method, fill);
        let message = Message::from_bytes(&answer).unwrap();
        message.attribute::<ErrorCode>().map_or(0, |error| error.code())
    }

    fn permit(&self, world: &mut World, peer: SocketAddr) {
        let code = self.code(world, CREATE_PERMISSION, |m, id| {
            m.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
        });
        assert_eq!(code, 0);
    }

    fn send(&self, world: &mut World, peer: SocketAddr, data: &[u8]) -> Vec<(Way, Vec<u8>)> {
        let indication = MessageType::from_class_method(MessageClass::Indication, SEND);
        let transaction = TransactionId::generate();
        let mut message = Message::builder(indication, transaction, MessageWriteVec::new());
        message.add_attribute(&XorPeerAddress::new(peer, transaction)).unwrap();
        message.add_attribute(&Data::new(data)).unwrap();
        world.give(self.addr, &message.finish())
    }
}

fn channel(number: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 4 + data.len()];
    ChannelData::new(number, data).write_into_unchecked(&mut bytes);
    bytes
}

#[test]
fn a_binding_request_is_answered_with_the_address_it_came_from() {
    let mut world = World::new(LinkConfig::default());
    let from = addr("10.1.2.3:4567");
    let mut request = Message::builder_request(BINDING, MessageWriteVec::new());
    let transaction = request.transaction_id();
    request.add_fingerprint().unwrap();
    let sent = world.give(from, &request.finish());
    assert_eq!(sent[0].0, Way { from: None, to: from });
    let answer = Message::from_bytes(&sent[0].1).unwrap();
    assert!(answer.is_response() && answer.transaction_id() == transaction);
    assert_eq!(answer.attribute::<XorMappedAddress>().unwrap().addr(transaction), from);
    let counters = world.server.counters();
    assert_eq!((counters.bindings, counters.received), (1, 1));
}

#[test]
fn data_passes_both_ways_in_indications_and_in_channels() {
    let mut world = World::new(LinkConfig::default());
    let (alice, relayed) = world.allocate("alice", addr("10.0.0.1:1000"));
    assert_eq!(relayed, addr("127.0.0.1:9000"));
    let peer = addr("10.0.0.9:900");
    assert_eq!(alice.send(&mut world, peer, b"early"), [], "no permission yet");
    assert_eq!(world.give_relay(relayed, peer, b"early"), None);
    alice.permit(&mut world, peer);
    let way = Way { from: Some(relayed), to: peer };
    assert_eq!(alice.send(&mut world, peer, b"there"), [(way, b"there".to_vec())]);
    let (back, indication) = world.give_relay(relayed, peer, b"back").unwrap();
    assert_eq!(back, Way { from: None, to: alice.addr });
    let message = Message::from_bytes(&indication).unwrap();
    assert!(message.has_method(DATA));
    assert_eq!(message.attribute::<Data>().unwrap().data(), b"back");
    let bound = alice.code(&mut world, CHANNEL_BIND, |m, id| {
        m.add_attribute(&ChannelNumber::new(0x4001)).unwrap();
        m.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
    });
    assert_eq!(bound, 0);
    assert_eq!(world.give(alice.addr, &channel(0x4001, b"there")), [(way, b"there".to_vec())]);
    let (back, data) = world.give_relay(relayed, peer, b"back").unwrap();
    assert_eq!((back, data), (Way { from: None, to: alice.addr }, channel(0x4001, b"back")));
    let counters = world.server.counters();
    assert_eq!((counters.to_peers, counters.to_clients, counters.not_permitted), (2, 2, 2));
    assert_eq!((counters.allocations, counters.allocations_open), (1, 1));
}

#[test]
fn only_a_login_that_is_valid_now_gets_an_allocation() {
    let mut world = World::new(LinkConfig::default());
    let allocate = |world: &mut World, asker: &Asker| {
        asker.code(world, ALLOCATE, |m, _| m.add_attribute(&RequestedTransport::new(17)).unwrap())
    };
    let mut wrong = Asker::new("alice", addr("10.0.0.1:1"));
    wrong.login.password = "guessed".into();
    let mut nobody = Asker::new("mallory", addr("10.0.0.1:2"));
    let mut late = Asker::new("bob", addr("10.0.0.1:3"));
    for asker in [&mut wrong, &mut nobody, &mut late] {
        asker.learn(&mut world);
    }
    assert_eq!(allocate(&mut world, &wrong), 401);
    assert_eq!(allocate(&mut world, &nobody), 401);
    world.server.remove_login("bob");
    assert_eq!(allocate(&mut world, &late), 401);
    let counters = world.server.counters();
    assert_eq!((counters.unknown_login, counters.allocations, counters.logins), (2, 0, 1));
    assert_eq!(world.open, []);
}

#[test]
fn the_end_of_a_login_closes_what_it_allocated() {
    let mut world = World::new(LinkConfig::default());
    let (alice, relayed) = world.allocate("alice", addr("10.0.0.1:1"));
    let (_, other) = world.allocate("bob", addr("10.0.0.2:1"));
    let peer = addr("10.0.0.9:900");
    alice.permit(&mut world, peer);
    world.server.remove_login("alice");
    world.drain();
    assert_eq!(world.open, [other]);
    assert_eq!(alice.send(&mut world, peer, b"late"), []);
    assert_eq!(world.give_relay(relayed, peer, b"late"), None);
    assert_eq!(world.server.counters().unknown_client, 1);
    // Time ends a login just so.
    world.now += Duration::from_secs(3_600);
    world.drain();
    assert_eq!(world.open, []);
    let counters = world.server.counters();
    assert_eq!((counters.logins, counters.allocations_open, counters.allocations_expired), (0, 0, 2));
}

#[test]
fn an_allocation_lasts_as_long_as_it_is_refreshed() {
    let mut world = World::new(LinkConfig::default());
    let (alice, relayed) = world.allocate("alice", addr("10.0.0.1:1"));
    let (_, forgotten) = world.allocate("bob", addr("10.0.0.2:1"));
    let refresh = |world: &mut World, seconds| {
        alice.code(world, REFRESH, |m, _| m.add_attribute(&Lifetime::new(seconds)).unwrap())
    };
    world.now += Duration::from_secs(590);
    assert_eq!(refresh(&mut world, 600), 0);
    world.now += Duration::from_secs(20);
    world.drain();
    assert_eq!(world.open, [relayed], "{forgotten} is gone after ten minutes");
    assert_eq!(world.server.counters().allocations_expired, 1);
    assert_eq!(refresh(&mut world, 0), 0);
    world.drain();
    assert_eq!((&world.open[..], world.server.counters().allocations_open), (&[][..], 0));
    // The same address may allocate anew.
    let (_, again) = world.allocate("alice", addr("10.0.0.1:1"));
    assert_eq!(world.open, [again]);
}

#[test]
fn a_repeated_question_gets_the_same_allocation() {
    let mut world = World::new(LinkConfig::default());
    let mut alice = Asker::new("alice", addr("10.0.0.1:1"));
    alice.learn(&mut world);
    let request = alice.request(ALLOCATE, |m, _| m.add_attribute(&RequestedTransport::new(17)).unwrap());
    let first = world.give(alice.addr, &request);
    assert_eq!(world.give(alice.addr, &request), first);
    assert_eq!(world.open.len(), 1);
    let another = alice.code(&mut world, ALLOCATE, |m, _| {
        m.add_attribute(&RequestedTransport::new(17)).unwrap();
    });
    assert_eq!(another, 437, "a new question from the same address");
}

#[test]
fn a_login_has_so_many_allocations_and_so_has_the_machine() {
    let mut world = World::new(LinkConfig::default());
    for port in 1..=MOST_PER_LOGIN as u16 {
        world.allocate("alice", SocketAddr::new(told().ip(), port));
    }
    let refused = |world: &mut World, name: &str, port| {
        let mut asker = Asker::new(name, SocketAddr::new(told().ip(), port));
        asker.learn(world);
        asker.code(world, ALLOCATE, |m, _| m.add_attribute(&RequestedTransport::new(17)).unwrap())
    };
    assert_eq!(refused(&mut world, "alice", 100), 508);
    assert_eq!(refused(&mut world, "bob", 101), 0);
    world.has_sockets = false;
    assert_eq!(refused(&mut world, "bob", 102), 508);
    let counters = world.server.counters();
    assert_eq!((counters.allocations, counters.allocations_refused), (MOST_PER_LOGIN as u64 + 1, 2));
}

#[test]
fn what_the_machine_does_not_have_is_refused() {
    let mut world = World::new(LinkConfig::default());
    let mut alice = Asker::new("alice", addr("10.0.0.1:1"));
    alice.learn(&mut world);
    let tcp = alice.code(&mut world, ALLOCATE, |m, _| m.add_attribute(&RequestedTransport::new(6)).unwrap());
    assert_eq!(tcp, 400);
    let v6 = alice.code(&mut world, ALLOCATE, |m, _| {
        m.add_attribute(&RequestedTransport::new(17)).unwrap();
        let family = turn_server_proto::types::attribute::RequestedAddressFamily::new(AddressFamily::IPV6);
        m.add_attribute(&family).unwrap();
    });
    assert_eq!(v6, 440);
}

#[test]
fn peers_and_strangers_are_bounded() {
    let mut world = World::new(LinkConfig::default());
    let (alice, _) = world.allocate("alice", addr("10.0.0.1:1"));
    for peer in 0..MOST_PEERS as u8 {
        alice.permit(&mut world, SocketAddr::from(([10, 1, 0, peer], 1)));
    }
    alice.permit(&mut world, addr("10.1.0.0:2"));
    let one_more = alice.request(CREATE_PERMISSION, |m, id| {
        m.add_attribute(&XorPeerAddress::new(addr("10.2.0.0:1"), id)).unwrap();
    });
    assert_eq!(world.give(alice.addr, &one_more), []);
    assert_eq!(world.server.counters().too_many_peers, 1);
    for stranger in 0..MOST_GUESTS as u16 + 10 {
        Asker::new("alice", SocketAddr::from(([10, 9, 0, 1], stranger + 1))).learn(&mut world);
    }
    assert_eq!(world.server.counters().displaced_clients, 10);
    assert_eq!(world.server.clients.len(), MOST_GUESTS + 1);
    world.now += GUEST_LIFE + 2 * SECOND;
    world.drain();
    assert_eq!(world.server.clients.len(), 1, "who has an allocation stays");
}

#[test]
fn a_client_over_its_budget_is_held_back() {
    let mut world = World::new(LinkConfig::default());
    let (alice, relayed) = world.allocate("alice", addr("10.0.0.1:1"));
    let peer = addr("10.0.0.9:900");
    alice.permit(&mut world, peer);
    // Three requests were within the budget.
    for _ in 0..BURST - 3 {
        assert!(world.give_relay(relayed, peer, b"x").is_some());
    }
    assert_eq!(world.give_relay(relayed, peer, b"x"), None);
    assert_eq!(alice.send(&mut world, peer, b"x"), []);
    assert_eq!(world.server.counters().rate_limited, 2);
}

#[test]
fn impairments_touch_what_is_passed_on_once_and_nothing_else() {
    let slow = LinkConfig { delay: Duration::from_millis(30), ..LinkConfig::default() };
    let mut world = World::new(slow);
    let (alice, of_alice) = world.allocate("alice", addr("10.0.0.1:1"));
    let (bob, of_bob) = world.allocate("bob", addr("10.0.0.2:1"));
    alice.permit(&mut world, of_bob);
    bob.permit(&mut world, of_alice);
    assert_eq!(alice.send(&mut world, of_bob, b"slow"), []);
    world.now += Duration::from_millis(29);
    assert_eq!(world.drain(), []);
    world.now += Duration::from_millis(1);
    let way = Way { from: Some(of_alice), to: of_bob };
    assert_eq!(world.drain(), [(way, b"slow".to_vec())]);
    let arrived = world.give_relay(of_bob, of_alice, b"slow");
    assert_eq!(arrived.map(|(way, _)| way), Some(Way { from: None, to: bob.addr }), "not delayed twice");
    // A peer that is no client has only the one way.
    let peer = addr("10.0.0.9:900");
    alice.permit(&mut world, peer);
    assert_eq!(world.give_relay(of_alice, peer, b"slow"), None);
    world.now += Duration::from_millis(30);
    assert_eq!(world.drain()[0].0, Way { from: None, to: alice.addr });
    world.server.set_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    assert_eq!(alice.send(&mut world, of_bob, b"lost"), []);
    assert_eq!(world.server.counters().impaired, 1);
}

#[test]
fn nonsense_is_counted() {
    let mut world = World::new(LinkConfig::default());
    let from = addr("10.0.0.1:1");
    let request = Asker::new("alice", from).request(ALLOCATE, |_, _| {});
    for bytes in [&[][..], &[0; 19], &[0; 20], &[0x80; 40], &[0xff; 100], &request[..request.len() - 1]] {
        assert_eq!(world.give(from, bytes), []);
    }
    assert_eq!(world.give(from, &channel(0x4001, b"x")), []);
    let counters = world.server.counters();
    assert_eq!((counters.malformed, counters.unknown_client), (6, 1));
    assert_eq!(world.server.clients.len(), 0);
}

mod hostile {
    use proptest::prelude::*;

    use super::*;

    /// A datagram of a client that may be sent cut, spoiled, or as it is.
    fn spoil(mut bytes: Vec<u8>, changes: &[(usize, u8)], cut: usize) -> Vec<u8> {
        for (place, value) in changes {
            let len = bytes.len();
            bytes[place % len] = *value;
        }
        bytes.truncate(bytes.len() - cut % bytes.len());
        bytes
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_hold_more(
            sent in proptest::collection::vec(
                (0..9_u8, proptest::collection::vec((0..200_usize, any::<u8>()), 0..3), 0..4_usize, any::<[u8; 24]>()),
                1..40,
            ),
        ) {
            let mut world = World::new(LinkConfig::default());
            let peer = addr("10.0.0.9:900");
            let (alice, relayed) = world.allocate("alice", addr("10.0.0.1:1"));
            for (kind, changes, cut, junk) in sent {
                let bytes = match kind {
                    0 => junk.to_vec(),
                    1 => [&[0x40, 0x01][..], &junk].concat(),
                    2 => alice.request(REFRESH, |m, _| m.add_attribute(&Lifetime::new(600)).unwrap()),
                    3 => alice.request(CREATE_PERMISSION, |m, id| {
                        m.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
                    }),
                    4 => alice.request(CHANNEL_BIND, |m, id| {
                        m.add_attribute(&ChannelNumber::new(0x4001)).unwrap();
                        m.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
                    }),
                    5 => alice.request(Method::new(u16::from(junk[0])), |m, id| {
                        m.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
                    }),
                    6 => alice.request(ALLOCATE, |m, _| m.add_attribute(&RequestedTransport::new(junk[0])).unwrap()),
                    7 => Asker::new("bob", alice.addr).request(BINDING, |_, _| {}),
                    _ => {
                        world.give_relay(relayed, SocketAddr::new(peer.ip(), 7), &junk);
                        continue;
                    }
                };
                let from = if junk[1] < 64 { addr("10.0.0.2:2") } else { alice.addr };
                world.give(from, &spoil(bytes, &changes, cut));
                world.now += SECOND;
            }
            prop_assert!(world.server.clients.len() <= 2);
            prop_assert!(world.open.len() <= 1);
        }
    }
}
