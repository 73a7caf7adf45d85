//! The STUN and TURN server over real sockets, with the logins calls are given.

use std::{
    net::{SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use offhook_dc::LinkConfig;
use offhook_tl::{Object, Value};
use turn_server_proto::types::{
    attribute::{Data, RequestedTransport, XorPeerAddress, XorRelayedAddress},
    message::{ALLOCATE, CREATE_PERMISSION, SEND},
    stun::{
        attribute::{ErrorCode, Nonce, Realm, Username, XorMappedAddress},
        message::{
            BINDING, IntegrityAlgorithm, LongTermCredentials, Message, MessageClass,
            MessageIntegrityCredentials, MessageType, MessageWriteExt, MessageWriteVec, Method,
            TransactionId,
        },
        prelude::MessageWrite,
    },
};

use super::calls::Pair;
use super::{builder, start};

/// One side of a call at the TURN server.
struct Client {
    socket: UdpSocket,
    username: String,
    password: String,
    challenge: Option<(String, String)>,
}

impl Client {
    fn new(call: &Object) -> Self {
        let all = call.vector("connections").unwrap().iter().filter_map(Value::as_object);
        let server = all.into_iter().find(|it| it.name() == "phoneConnectionWebrtc").unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect((server.str("ip").unwrap(), server.int("port").unwrap() as u16)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let text = |field| server.str(field).unwrap().to_owned();
        Self { socket, username: text("username"), password: text("password"), challenge: None }
    }

    fn ask(&self, method: Method, fill: impl FnOnce(&mut MessageWriteVec, TransactionId)) -> Vec<u8> {
        let mut message = Message::builder_request(method, MessageWriteVec::new());
        let transaction = message.transaction_id();
        fill(&mut message, transaction);
        if let Some((realm, nonce)) = &self.challenge {
            message.add_attribute(&Username::new(&self.username).unwrap()).unwrap();
            message.add_attribute(&Realm::new(realm).unwrap()).unwrap();
            message.add_attribute(&Nonce::new(nonce).unwrap()).unwrap();
            let credentials = LongTermCredentials::new(self.username.clone(), self.password.clone());
            let key = MessageIntegrityCredentials::LongTerm(credentials.to_key(realm.clone()));
            message.add_message_integrity(&key, IntegrityAlgorithm::Sha1).unwrap();
        }
        self.socket.send(&message.finish()).unwrap();
        let answer = self.receive();
        assert_eq!(Message::from_bytes(&answer).unwrap().transaction_id(), transaction);
        answer
    }

    fn receive(&self) -> Vec<u8> {
        let mut bytes = vec![0; 2048];
        let len = self.socket.recv(&mut bytes).unwrap();
        bytes.truncate(len);
        bytes
    }

    /// The relayed address, or the error.
    fn allocate(&mut self) -> Result<SocketAddr, u16> {
        if self.challenge.is_none() {
            let answer = self.ask(ALLOCATE, |_, _| {});
            let message = Message::from_bytes(&answer).unwrap();
            let realm = message.attribute::<Realm>().unwrap().realm().to_owned();
            self.challenge = Some((realm, message.attribute::<Nonce>().unwrap().nonce().to_owned()));
        }
        let answer = self.ask(ALLOCATE, |m, _| m.add_attribute(&RequestedTransport::new(17)).unwrap());
        let message = Message::from_bytes(&answer).unwrap();
        match message.attribute::<ErrorCode>() {
            Ok(error) => Err(error.code()),
            Err(_) => Ok(message.attribute::<XorRelayedAddress>().unwrap().addr(message.transaction_id())),
        }
    }

    fn permit(&self, peer: SocketAddr) {
        let answer = self.ask(CREATE_PERMISSION, |m, id| {
            m.add_attribute(&XorPeerAddress::new(peer, id)).unwrap();
        });
        assert!(Message::from_bytes(&answer).unwrap().has_class(MessageClass::Success));
    }

    fn send(&self, peer: SocketAddr, data: &[u8]) {
        let indication = MessageType::from_class_method(MessageClass::Indication, SEND);
        let transaction = TransactionId::generate();
        let mut message = Message::builder(indication, transaction, MessageWriteVec::new());
        message.add_attribute(&XorPeerAddress::new(peer, transaction)).unwrap();
        message.add_attribute(&Data::new(data)).unwrap();
        self.socket.send(&message.finish()).unwrap();
    }

    fn heard(&self) -> (SocketAddr, Vec<u8>) {
        let bytes = self.receive();
        let message = Message::from_bytes(&bytes).unwrap();
        let peer = message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id());
        (peer, message.attribute::<Data>().unwrap().data().to_vec())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_of_a_call_reach_each_other_through_it() {
    let dc = start().await;
    let mut pair = Pair::modern(&dc).await;
    let [caller, callee] = pair.establish().await;
    let (mut caller, mut callee) = (Client::new(&caller), Client::new(&callee));
    let binding = caller.ask(BINDING, |_, _| {});
    let message = Message::from_bytes(&binding).unwrap();
    let seen = message.attribute::<XorMappedAddress>().unwrap().addr(message.transaction_id());
    assert_eq!(seen, caller.socket.local_addr().unwrap());
    let (at_caller, at_callee) = (caller.allocate().unwrap(), callee.allocate().unwrap());
    caller.permit(at_callee);
    callee.permit(at_caller);
    for turn in 0..20_u8 {
        caller.send(at_callee, &[turn; 100]);
        assert_eq!(callee.heard(), (at_caller, vec![turn; 100]));
        callee.send(at_caller, &[turn; 101]);
        assert_eq!(caller.heard(), (at_callee, vec![turn; 101]));
    }
    let counters = dc.counters().turn.unwrap();
    assert_eq!((counters.bindings, counters.allocations, counters.allocations_open), (1, 2, 2));
    assert_eq!((counters.to_peers, counters.to_clients), (40, 40));
    assert_eq!((counters.send_errors, counters.not_permitted, counters.malformed), (0, 0, 0));
    // The end of the call is the end of its logins.
    pair.hang_up().await;
    let counters = dc.counters().turn.unwrap();
    assert_eq!((counters.allocations_open, counters.allocations_expired, counters.logins), (0, 2, 0));
    callee.challenge = None;
    assert_eq!(callee.allocate(), Err(401));
    dc.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_path_can_be_made_bad_as_that_of_the_reflectors() {
    let link = LinkConfig { delay: Duration::from_millis(40), ..LinkConfig::default() };
    let dc = builder().reflector_link(link, 1).start().await.unwrap();
    let mut pair = Pair::modern(&dc).await;
    let [caller, callee] = pair.establish().await;
    let (mut caller, mut callee) = (Client::new(&caller), Client::new(&callee));
    let (at_caller, at_callee) = (caller.allocate().unwrap(), callee.allocate().unwrap());
    caller.permit(at_callee);
    callee.permit(at_caller);
    let begin = Instant::now();
    caller.send(at_callee, b"slow");
    assert_eq!(callee.heard(), (at_caller, b"slow".to_vec()));
    assert!(begin.elapsed() >= Duration::from_millis(40));
    dc.admin().set_reflector_link(LinkConfig { loss: 1.0, ..LinkConfig::default() });
    caller.send(at_callee, b"lost");
    while dc.counters().turn.unwrap().impaired == 0 {
        tokio::task::yield_now().await;
    }
    dc.admin().set_reflector_link(LinkConfig::default());
    caller.send(at_callee, b"here");
    assert_eq!(callee.heard(), (at_caller, b"here".to_vec()));
}
