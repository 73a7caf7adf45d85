use std::time::Duration;

use offhook_dc::{CallTimers, DcHandle};
use offhook_tl::{Object, Value};

use super::client::{Peer, object};
use super::{ALICE, BOB, builder, start};

pub fn protocol(versions: &[&str]) -> Object {
    object("phoneCallProtocol")
        .with("udp_p2p", true)
        .with("udp_reflector", true)
        .with("min_layer", 65)
        .with("max_layer", 92)
        .with("library_versions", versions.iter().copied().collect::<Value>())
}

fn reason(name: &str) -> Object {
    Object::new(format!("phoneCallDiscardReason{name}"))
}

fn reason_of(call: &Object) -> Option<&str> {
    call.object("reason").map(|it| it.name().trim_start_matches("phoneCallDiscardReason"))
}

/// A caller and a callee on one server.
pub struct Pair {
    pub alice: Peer,
    pub bob: Peer,
    user: Object,
    pub caller: Object,
    pub callee: Object,
    /// What each side says it can do.
    pub protocols: [Object; 2],
}

impl Pair {
    pub async fn new(dc: &DcHandle) -> Self {
        let newest = offhook_tl::Schema::api().layer();
        Self::in_layers(dc, newest, newest).await
    }

    pub async fn in_layers(dc: &DcHandle, caller: i32, callee: i32) -> Self {
        let mut alice = Peer::connect(dc).await;
        alice.layer = caller;
        alice.sign_in(ALICE, "12345").await.unwrap();
        let mut bob = Peer::connect(dc).await;
        bob.layer = callee;
        bob.sign_in(BOB, "12345").await.unwrap();
        let found = alice.call_object(object("contacts.resolveUsername").with("username", "bob")).await;
        let user = found.vector("users").unwrap()[0].as_object().unwrap();
        let user = object("inputUser")
            .with("user_id", user.long("id").unwrap())
            .with("access_hash", user.long("access_hash").unwrap());
        Self {
            alice,
            bob,
            user,
            caller: object("inputPhoneCall"),
            callee: object("inputPhoneCall"),
            protocols: [protocol(&["2.4.4"]), protocol(&["13.0.0", "2.4.4"])],
        }
    }

    fn request(&self) -> Object {
        object("phone.requestCall")
            .with("user_id", self.user.clone())
            .with("random_id", 5)
            .with("g_a_hash", vec![1; 32])
            .with("protocol", self.protocols[0].clone())
    }

    async fn place(&mut self) -> Object {
        let request = self.request();
        let answer = self.alice.call_object(request).await;
        assert_eq!(answer.vector("users").unwrap().len(), 2);
        let call = answer.object("phone_call").unwrap().clone();
        self.caller = input(&call);
        call
    }

    /// The callee hears of it and rings; the caller is told.
    pub async fn ring(&mut self) {
        let call = self.place().await;
        assert_eq!((call.name(), call.int("receive_date")), ("phoneCallWaiting", None));
        let requested = self.bob.phone_call().await;
        assert_eq!(requested.name(), "phoneCallRequested");
        assert_eq!(requested.bytes("g_a_hash"), Some(&[1; 32][..]));
        assert_ne!(requested.long("access_hash"), call.long("access_hash"));
        self.callee = input(&requested);
        let received = object("phone.receivedCall").with("peer", self.callee.clone());
        assert_eq!(self.bob.call(received).await, Ok(Value::Bool(true)));
        let ringing = self.alice.phone_call().await;
        assert!(ringing.int("receive_date").is_some());
    }

    pub fn accept(&self) -> Object {
        object("phone.acceptCall")
            .with("peer", self.callee.clone())
            .with("g_b", vec![2; 256])
            .with("protocol", self.protocols[1].clone())
    }

    pub fn confirm(&self) -> Object {
        object("phone.confirmCall")
            .with("peer", self.caller.clone())
            .with("g_a", vec![3; 256])
            .with("key_fingerprint", -4_i64)
            .with("protocol", self.protocols[0].clone())
    }

    /// A caller and a callee of the modern family.
    pub async fn modern(dc: &DcHandle) -> Self {
        let protocols = [protocol(&["13.0.0", "9.0.0"]), protocol(&["9.0.0", "13.0.0"])];
        Self { protocols, ..Self::new(dc).await }
    }

    /// Everything up to the start of the media: the call as the caller and as the callee see it.
    pub async fn establish(&mut self) -> [Object; 2] {
        self.ring().await;
        let accept = self.accept();
        let waiting = self.bob.call_object(accept).await;
        assert_eq!(waiting.object("phone_call").unwrap().name(), "phoneCallWaiting");
        let accepted = self.alice.phone_call().await;
        assert_eq!((accepted.name(), accepted.bytes("g_b")), ("phoneCallAccepted", Some(&[2; 256][..])));
        let confirm = self.confirm();
        let call = self.alice.call_object(confirm).await.object("phone_call").unwrap().clone();
        [call, self.bob.phone_call().await]
    }

    fn discard(peer: &Object, why: &str) -> Object {
        object("phone.discardCall")
            .with("peer", peer.clone())
            .with("duration", 0)
            .with("reason", reason(why))
            .with("connection_id", 0_i64)
    }

    pub async fn hang_up(&mut self) {
        let ended = self.alice.call_object(Self::discard(&self.caller, "Hangup")).await;
        assert_eq!(ended_call(&ended).name(), "phoneCallDiscarded");
        assert_eq!(self.bob.phone_call().await.name(), "phoneCallDiscarded");
        let update = self.bob.update("updateNewMessage").await;
        let message = update.object("message").unwrap();
        assert_eq!(message.object("action").unwrap().long("call_id"), self.caller.long("id"));
    }
}

fn input(call: &Object) -> Object {
    object("inputPhoneCall")
        .with("id", call.long("id").unwrap())
        .with("access_hash", call.long("access_hash").unwrap())
}

fn ended_call(updates: &Object) -> Object {
    let mut all = updates.vector("updates").unwrap().iter().filter_map(Value::as_object);
    let update = all.find(|it| it.name() == "updatePhoneCall").unwrap();
    update.object("phone_call").unwrap().clone()
}

#[tokio::test]
async fn both_sides_get_each_others_half_the_agreed_protocol_and_tags_of_their_own() {
    let dc = builder().reflectors(3).start().await.unwrap();
    let mut pair = Pair::new(&dc).await;
    let [caller, callee] = pair.establish().await;
    assert_eq!(
        (caller.bytes("g_a_or_b"), callee.bytes("g_a_or_b")),
        (Some(&[2; 256][..]), Some(&[3; 256][..]))
    );
    for side in [&caller, &callee] {
        assert_eq!(side.name(), "phoneCall");
        assert_eq!(side.long("key_fingerprint"), Some(-4));
        assert!(side.flag("p2p_allowed"));
        let protocol = side.object("protocol").unwrap();
        assert_eq!((protocol.int("min_layer"), protocol.int("max_layer")), (Some(65), Some(92)));
        assert_eq!(protocol.vector("library_versions"), Some(&[Value::from("2.4.4")][..]));
    }
    let connections = |call: &Object| -> Vec<(i64, i32, Vec<u8>)> {
        let all = call.vector("connections").unwrap().iter().filter_map(Value::as_object);
        all.map(|it| {
            assert_eq!(it.str("ip"), Some("127.0.0.1"));
            (it.long("id").unwrap(), it.int("port").unwrap(), it.bytes("peer_tag").unwrap().to_vec())
        })
        .collect()
    };
    let (ours, theirs) = (connections(&caller), connections(&callee));
    let mut ports: Vec<i32> = ours.iter().map(|(_, port, _)| *port).collect();
    ports.sort_unstable();
    let mut expected: Vec<i32> = dc.reflectors().iter().map(|addr| i32::from(addr.port())).collect();
    expected.sort_unstable();
    assert_eq!(ports, expected);
    for (one, other) in ours.iter().zip(&theirs) {
        assert_eq!((one.0, one.1), (other.0, other.1));
        assert_ne!(one.2, other.2);
        assert_eq!(one.2.len(), 16);
    }
    assert_eq!(dc.counters().reflectors.iter().map(|it| it.pairs).collect::<Vec<_>>(), [1, 1, 1]);
    pair.hang_up().await;
    assert_eq!(dc.counters().reflectors.iter().map(|it| it.pairs).collect::<Vec<_>>(), [0, 0, 0]);
    let counters = dc.counters();
    assert_eq!((counters.calls, counters.calls_alive), (1, 0));
}

#[tokio::test]
async fn a_repeated_step_gets_the_same_answer() {
    let dc = start().await;
    let mut pair = Pair::new(&dc).await;
    pair.ring().await;
    let request = pair.request();
    let again = pair.alice.call_object(request).await;
    assert_eq!(input(again.object("phone_call").unwrap()), pair.caller);
    let accept = pair.accept();
    let first = pair.bob.call_object(accept.clone()).await;
    assert_eq!(pair.bob.call_object(accept).await, first);
    let confirm = pair.confirm();
    let first = pair.alice.call_object(confirm.clone()).await;
    assert_eq!(pair.alice.call_object(confirm).await, first);
    assert_eq!(dc.counters().calls, 1);
}

#[tokio::test]
async fn the_ways_a_call_ends_are_told_to_both_sides_and_kept_in_the_chat() {
    // (how far it is, who ends it, why, the duration in the message)
    let table = [
        ("ringing", "caller", "Missed", None),
        ("ringing", "callee", "Busy", None),
        ("ringing", "callee", "Hangup", None),
        ("established", "caller", "Hangup", Some(0)),
        ("established", "callee", "Hangup", Some(0)),
        ("established", "caller", "Disconnect", Some(0)),
        ("established", "callee", "Disconnect", Some(0)),
    ];
    let dc = start().await;
    for (stage, who, why, duration) in table {
        let case = format!("{stage} {who} {why}");
        let mut pair = Pair::new(&dc).await;
        match stage {
            "ringing" => pair.ring().await,
            _ => drop(pair.establish().await),
        }
        let (ender, other, peer) = match who {
            "caller" => (&mut pair.alice, &mut pair.bob, &pair.caller),
            _ => (&mut pair.bob, &mut pair.alice, &pair.callee),
        };
        let answer = ender.call_object(Pair::discard(peer, why)).await;
        for ended in [ended_call(&answer), other.phone_call().await] {
            assert_eq!((reason_of(&ended), ended.int("duration")), (Some(why), duration), "{case}");
        }
        let update = other.update("updateNewMessage").await;
        let message = update.object("message").unwrap();
        let action = message.object("action").unwrap();
        assert_eq!((reason_of(action), action.int("duration")), (Some(why), duration), "{case}");
        assert_eq!(message.flag("out"), who == "callee", "{case}");
        let own = answer.vector("updates").unwrap().iter().filter_map(Value::as_object);
        assert_eq!(own.filter(|it| it.name() == "updateNewMessage").count(), 1, "{case}");
    }
}

#[tokio::test]
async fn other_devices_stop_ringing_when_one_answers_and_when_all_are_discarded() {
    let dc = start().await;
    let mut tablet = Peer::log_in(&dc, BOB).await;
    let mut pair = Pair::new(&dc).await;
    pair.establish().await;
    assert_eq!(tablet.phone_call().await.name(), "phoneCallRequested");
    let gone = tablet.phone_call().await;
    assert_eq!((gone.name(), reason_of(&gone)), ("phoneCallDiscarded", None));
    pair.hang_up().await;
    tablet.update("updateNewMessage").await;
    pair.ring().await;
    assert_eq!(tablet.phone_call().await.name(), "phoneCallRequested");
    pair.bob.call_object(Pair::discard(&pair.callee, "Busy")).await;
    let gone = tablet.phone_call().await;
    assert_eq!((gone.name(), reason_of(&gone)), ("phoneCallDiscarded", Some("Busy")));
}

#[tokio::test]
async fn a_call_nobody_answers_is_missed_at_its_time() {
    let timers = CallTimers {
        receive: Duration::from_millis(150),
        ring: Duration::from_millis(150),
        connect: Duration::from_millis(150),
        ..CallTimers::default()
    };
    let dc = builder().call_timers(timers).start().await.unwrap();
    let mut pair = Pair::new(&dc).await;
    // Nobody there: the callee has no connection.
    pair.bob.drop_wire();
    let call = pair.place().await;
    assert_eq!(call.name(), "phoneCallWaiting");
    let ended = pair.alice.phone_call().await;
    assert_eq!((ended.name(), reason_of(&ended)), ("phoneCallDiscarded", Some("Missed")));
    // It rings in vain.
    let mut pair = Pair::new(&dc).await;
    pair.ring().await;
    let ended = pair.alice.phone_call().await;
    assert_eq!(reason_of(&ended), Some("Missed"));
    assert_eq!(reason_of(&pair.bob.phone_call().await), Some("Missed"));
    // It is answered, and the caller never confirms.
    let mut pair = Pair::new(&dc).await;
    pair.ring().await;
    let accept = pair.accept();
    pair.bob.call_object(accept).await;
    assert_eq!(reason_of(&pair.bob.phone_call().await), Some("Disconnect"));
    assert_eq!(dc.counters().calls_alive, 0);
}

#[tokio::test]
async fn a_device_that_comes_back_is_told_how_its_call_stands() {
    let dc = start().await;
    let mut pair = Pair::new(&dc).await;
    pair.place().await;
    let requested = pair.bob.phone_call().await;
    let key = pair.bob.session.key().clone();
    pair.bob.drop_wire();
    let mut back = Peer::resume(dc.addr(), key).await;
    back.call_object(object("updates.getState")).await;
    assert_eq!(back.phone_call().await, requested);
    // The same session on a new connection is told again too.
    back.reconnect().await;
    back.ask(&object("help.getNearestDc"));
    assert_eq!(back.phone_call().await, requested);
}

#[tokio::test]
async fn requests_that_cannot_be_have_their_errors() {
    let dc = start().await;
    let mut pair = Pair::new(&dc).await;
    let request = pair.request();
    for (changed, error) in [
        (request.clone().with("g_a_hash", vec![1; 31]), "400 DH_G_A_INVALID"),
        (request.clone().with("user_id", object("inputUserSelf")), "400 USER_ID_INVALID"),
        (
            request.clone().with("user_id", pair.user.clone().with("access_hash", 3_i64)),
            "400 USER_ID_INVALID",
        ),
        (
            request.clone().with("protocol", protocol(&[]).with("min_layer", 93)),
            "400 CALL_PROTOCOL_LAYER_INVALID",
        ),
        (
            request
                .clone()
                .with("protocol", protocol(&[]).with("udp_p2p", false).with("udp_reflector", false)),
            "400 CALL_PROTOCOL_FLAGS_INVALID",
        ),
    ] {
        assert_eq!(pair.alice.error(changed).await, error);
    }
    pair.ring().await;
    let accept = pair.accept();
    for (changed, error) in [
        (accept.clone().with("peer", pair.caller.clone()), "400 CALL_PEER_INVALID"),
        (accept.clone().with("g_b", vec![1; 257]), "400 DH_G_A_INVALID"),
        (
            accept.clone().with("protocol", protocol(&["2.4.4"]).with("min_layer", 93)),
            "400 CALL_PROTOCOL_LAYER_INVALID",
        ),
    ] {
        assert_eq!(pair.bob.error(changed).await, error);
    }
    let confirm = pair.confirm();
    assert_eq!(pair.alice.error(confirm).await, "400 CALL_PEER_INVALID");
    pair.bob.call_object(Pair::discard(&pair.callee, "Busy")).await;
    assert_eq!(pair.bob.error(accept).await, "400 CALL_ALREADY_DECLINED");
    let rating = |stars| {
        object("phone.setCallRating")
            .with("peer", pair.caller.clone())
            .with("rating", stars)
            .with("comment", "")
    };
    assert_eq!(pair.alice.error(rating(6)).await, "400 RATING_INVALID");
    assert_eq!(pair.alice.call_object(rating(5)).await.name(), "updates");
    let debug = |data: &str| {
        let data = object("dataJSON").with("data", data);
        object("phone.saveCallDebug").with("peer", pair.caller.clone()).with("debug", data)
    };
    assert_eq!(pair.alice.call(debug("{}")).await, Ok(Value::Bool(true)));
    assert_eq!(pair.alice.error(debug("{")).await, "400 DATA_JSON_INVALID");
    let config = pair.alice.call_object(object("phone.getCallConfig")).await;
    let config: serde_json::Value = serde_json::from_str(config.str("data").unwrap()).unwrap();
    assert_eq!(config["use_tcp"], false);
}

#[tokio::test]
async fn a_busy_user_is_busy_until_told_otherwise_and_ratings_are_asked_for() {
    let dc = builder().need_rating(true).p2p_allowed(false).start().await.unwrap();
    let mut pair = Pair::new(&dc).await;
    assert!(dc.admin().set_busy(BOB, true));
    assert!(!dc.admin().set_busy("+1999999999", true));
    assert_eq!(pair.place().await.name(), "phoneCallWaiting");
    let ended = pair.alice.phone_call().await;
    assert_eq!((reason_of(&ended), ended.flag("need_rating")), (Some("Busy"), false));
    assert!(dc.admin().set_busy(BOB, false));
    let mut pair = Pair::new(&dc).await;
    let [call, _] = pair.establish().await;
    assert!(!call.flag("p2p_allowed"));
    pair.alice.call_object(Pair::discard(&pair.caller, "Hangup")).await;
    assert!(pair.bob.phone_call().await.flag("need_rating"));
}
