//! Mistakes other servers made, each of which cost some client its login.

use offhook_mtproto::{
    MsgId, SessionId,
    bind::{self, Binding},
    exchange::{Client, Step},
    packet::{self, Message, Origin},
    transport::{Frame, Kind},
    wire::Writer,
};
use offhook_tl::{Definition, EncodeOptions, Object, Schema, Type, Value, encode_with};
use std::time::Duration;

use super::client::{Peer, Wire, config, now, object, seed};
use super::messages::message;
use super::{ALICE, start};

/// Requests that wait for their answers at once.
const TOGETHER: usize = 50;

#[tokio::test]
async fn an_exchange_goes_on_over_other_connections() {
    let dc = start().await;
    let mut client = Client::new(config(&dc), seed());
    let mut packet = client.start(now());
    let mut rounds = [Kind::Abridged, Kind::Full, Kind::Intermediate].into_iter();
    let made = loop {
        let mut wire = Wire::open(dc.addr(), rounds.next().unwrap(), None).await;
        wire.send(&packet).await;
        match client.handle(&wire.packet().await, now()).unwrap() {
            Step::Send(next) => packet = next,
            Step::Done(made) => break made,
        }
    };
    let mut peer = Peer::resume(dc.addr(), made.key).await;
    assert_eq!(peer.call_object(object("help.getNearestDc")).await.int("this_dc"), Some(2));
    assert_eq!(dc.counters().keys_made, 1);
}

#[tokio::test]
async fn every_connection_of_a_session_counts_its_full_frames_from_zero() {
    let dc = start().await;
    let mut peer = Peer::connect_as(&dc, Kind::Full, None).await;
    assert_eq!(peer.call_object(object("help.getNearestDc")).await.int("this_dc"), Some(2));
    for _ in 0..2 {
        peer.reconnect().await;
        // The client's framing closes on a number out of turn.
        assert_eq!(peer.call_object(object("help.getNearestDc")).await.int("this_dc"), Some(2));
    }
    assert_eq!(dc.counters().connections, 3);
}

/// A packet of a session that has not spoken yet, made by hand.
fn first_packet(peer: &Peer, session_id: SessionId, msg_id: MsgId, seq_no: i32, body: Vec<u8>) -> Vec<u8> {
    let salt = peer.session.salt();
    let padding = vec![0; packet::padding_len(body.len(), 0)];
    let message = Message { salt, session_id, msg_id, seq_no, body, quick_ack: 0 };
    packet::seal(peer.session.key(), Origin::Client, &message, &padding)
}

#[tokio::test]
async fn a_session_of_number_zero_is_answered_with_404() {
    let dc = start().await;
    let mut peer = Peer::connect(&dc).await;
    let ping = Writer::boxed(0x7abe_77ec).long(5).done();
    for (number, refused) in [(0, true), (1, false)] {
        let packet = first_packet(&peer, SessionId(number), MsgId::at(now().unix), 0, ping.clone());
        let wire = peer.wire.as_mut().unwrap();
        wire.send(&packet).await;
        assert_eq!(wire.frame().await == Some(Frame::Error(-404)), refused, "{number}");
    }
}

#[tokio::test]
async fn a_key_is_bound_inside_a_container_and_inside_the_wrappers_of_a_first_call() {
    let dc = start().await;
    let permanent = Peer::log_in(&dc, ALICE).await;
    let mut wire = Wire::open(dc.addr(), Kind::Intermediate, None).await;
    let mut asked = config(&dc);
    asked.expires_in = Some(Duration::from_secs(3_600));
    let made = wire.exchange(asked).await;
    let mut peer = Peer::with_key(dc.addr(), wire, made.key, made.salt);
    let session_id = SessionId(77);
    let id = MsgId::at(now().unix).0;
    let binding = Binding {
        nonce: 5,
        temp_auth_key_id: peer.session.key().id(),
        perm_auth_key_id: permanent.session.key().id(),
        temp_session_id: session_id,
        expires_at: made.expires_at.unwrap(),
    };
    let bind = |id: MsgId| bind::call(permanent.session.key(), &binding, id, &[9; 24]);
    // invokeWithLayer(initConnection(bind)), as TDLib sends it, beside another call.
    let init = Writer::boxed(0xda9b_0d0d).int(Schema::api().layer()).u32(0xc1cd_5ea9).int(0).int(1);
    let init = ["box", "os", "1", "en", "", "en"].iter().fold(init, |out, text| out.bytes(text.as_bytes()));
    let wrapped = init.raw(&bind(MsgId(id + 4))).done();
    let nearest = 0x1fb3_3026_u32.to_le_bytes();
    let container = Writer::boxed(0x73f1_f8dc).int(2).long(id).int(1).int(4).raw(&nearest);
    let container = container.long(id + 4).int(3).int(wrapped.len() as i32).raw(&wrapped).done();
    let packet = first_packet(&peer, session_id, MsgId(id + 8), 4, container);
    let wire = peer.wire.as_mut().unwrap();
    wire.send(&packet).await;
    assert!(matches!(wire.frame().await, Some(Frame::Packet(_))));
    // The key speaks for the account now, in any session.
    assert_eq!(peer.call_object(object("updates.getState")).await.int("pts"), Some(1));
}

/// The simplest call of a method that can be read.
fn simplest(schema: &Schema, definition: &Definition, depth: u32) -> Option<Object> {
    let mut call = Object::new(definition.name);
    for param in definition.params.iter().filter(|param| param.flag.is_none()) {
        let Type::Boxed(name) = param.ty else { continue };
        let mut kinds: Vec<&Definition> = schema.constructors_of(name).collect();
        kinds.sort_by_key(|it| it.params.iter().filter(|param| param.flag.is_none()).count());
        let value = depth.checked_sub(1).and_then(|depth| simplest(schema, kinds.first()?, depth))?;
        call = call.with(param.name, Value::Object(value));
    }
    Some(call)
}

#[tokio::test]
async fn whatever_is_asked_the_answer_is_neither_silence_nor_a_fault_of_the_server_nor_a_lost_login() {
    // These end a login because they are asked to.
    const FAREWELLS: [&str; 2] = ["auth.logOut", "account.deleteAccount"];
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let schema = Schema::api();
    let methods = schema.definitions().iter().filter(|it| {
        it.kind == offhook_tl::Kind::Function && !it.is_wrapper() && !FAREWELLS.contains(&it.name)
    });
    let mut bodies = Vec::new();
    for method in methods {
        let mut body = Vec::new();
        let call = simplest(schema, method, 6).unwrap_or_else(|| panic!("{} cannot be made", method.name));
        encode_with(schema, &call.into(), EncodeOptions::LENIENT, &mut body)
            .unwrap_or_else(|error| panic!("{}: {error}", method.name));
        bodies.push((method.name, body));
    }
    assert!(bodies.len() > 700, "{}", bodies.len());
    for some in bodies.chunks(TOGETHER) {
        let asked: Vec<_> = some.iter().map(|(name, body)| (*name, alice.ask_raw(body.clone()))).collect();
        for (name, request) in asked {
            if let Err(error) = alice.answer(request).await {
                assert!((400..500).contains(&error.code) && error.code != 401, "{name}: {error}");
            }
        }
    }
    assert_eq!(alice.call_object(object("updates.getState")).await.int("pts"), Some(1));
    let counters = dc.counters();
    assert_eq!((counters.unencodable, counters.bad_packets), (0, 0));
}

#[tokio::test]
async fn a_message_to_oneself_is_answered_with_the_whole_message() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let sent = alice.call_object(message(&object("inputPeerSelf"), "a note", 1)).await;
    // Some clients cannot tell the chat from `updateShortSentMessage` when it is their own.
    assert_eq!(sent.name(), "updates");
    let update = sent.vector("updates").unwrap()[1].as_object().unwrap();
    assert_eq!(update.object("message").unwrap().str("message"), Some("a note"));
}
