//! What a call agrees on, and what it gets for that.

use std::collections::BTreeSet;

use offhook_dc::DcHandle;
use offhook_tl::{Object, Value};

use super::calls::{Pair, protocol};
use super::client::object;
use super::{builder, start};

fn connections<'a>(call: &'a Object, kind: &str) -> Vec<&'a Object> {
    let all = call.vector("connections").unwrap().iter().filter_map(Value::as_object);
    all.filter(|connection| connection.name() == kind).collect()
}

fn versions(call: &Object) -> Vec<Value> {
    call.object("protocol").unwrap().vector("library_versions").unwrap().to_vec()
}

#[tokio::test]
async fn both_sides_are_told_the_one_version_the_caller_likes_best() {
    let dc = start().await;
    let table: [(&[&str], &[&str], &str); 6] = [
        (&["13.0.0", "9.0.0", "8.0.0", "2.4.4"], &["9.0.0", "8.0.0", "13.0.0"], "13.0.0"),
        (&["9.0.0", "8.0.0", "7.0.0", "5.0.0", "2.7.7", "13.0.0"], &["13.0.0"], "13.0.0"),
        (&["8.0.0", "13.0.0"], &["13.0.0", "8.0.0"], "8.0.0"),
        (&["13.0.0", "2.4.4"], &["2.4.4"], "2.4.4"),
        (&["13.0.0", "2.4.4"], &[], "2.4.4"),
        (&[], &[], "2.4.4"),
    ];
    for (caller, callee, agreed) in table {
        let mut pair = Pair::new(&dc).await;
        pair.protocols = [protocol(caller), protocol(callee).with("max_layer", 91)];
        for side in pair.establish().await {
            assert_eq!(versions(&side), [Value::from(agreed)], "{caller:?} calls {callee:?}");
            let protocol = side.object("protocol").unwrap();
            assert_eq!((protocol.int("min_layer"), protocol.int("max_layer")), (Some(65), Some(91)));
        }
        pair.hang_up().await;
    }
}

#[tokio::test]
async fn sides_with_nothing_in_common_are_both_told_and_the_call_is_over() {
    let dc = start().await;
    let discarded = |call: Object| {
        assert_eq!(call.name(), "phoneCallDiscarded");
        call.object("reason").unwrap().name().to_owned()
    };
    for (caller, callee) in
        [(&["13.0.0"][..], &["2.4.4"][..]), (&["99.0.0"], &["13.0.0"]), (&["13.0.0"], &[])]
    {
        let mut pair = Pair::new(&dc).await;
        pair.protocols = [protocol(caller), protocol(callee)];
        pair.ring().await;
        let accept = pair.accept();
        let error = "406 CALL_PROTOCOL_COMPAT_LAYER_INVALID";
        assert_eq!(pair.bob.error(accept.clone()).await, error);
        // The caller sees what the callee speaks; nothing that follows tells it.
        let accepted = pair.alice.phone_call().await;
        assert_eq!(accepted.name(), "phoneCallAccepted");
        let versions = accepted.object("protocol").unwrap().vector("library_versions").unwrap().to_vec();
        let callee = if callee.is_empty() { &["2.4.4"] } else { callee };
        assert_eq!(versions, callee.iter().map(|version| Value::from(*version)).collect::<Vec<_>>());
        assert_eq!(discarded(pair.alice.phone_call().await), "phoneCallDiscardReasonDisconnect");
        assert_eq!(discarded(pair.bob.phone_call().await), "phoneCallDiscardReasonDisconnect");
        assert_eq!(pair.bob.error(accept).await, "400 CALL_ALREADY_DECLINED");
    }
    // A caller that takes back what it said.
    let mut pair = Pair::modern(&dc).await;
    pair.ring().await;
    let accept = pair.accept();
    pair.bob.call_object(accept).await;
    assert_eq!(pair.alice.phone_call().await.name(), "phoneCallAccepted");
    pair.protocols[0] = protocol(&["8.0.0"]);
    let confirm = pair.confirm();
    assert_eq!(pair.alice.error(confirm).await, "406 CALL_PROTOCOL_COMPAT_LAYER_INVALID");
    assert_eq!(discarded(pair.alice.phone_call().await), "phoneCallDiscardReasonDisconnect");
    assert_eq!(discarded(pair.bob.phone_call().await), "phoneCallDiscardReasonDisconnect");
    assert_eq!(dc.counters().calls_alive, 0);
}

#[tokio::test]
async fn a_modern_call_gets_reflectors_over_udp_and_tcp_and_a_turn_server() {
    let dc = builder().reflectors(2).start().await.unwrap();
    let mut pair = Pair::modern(&dc).await;
    let sides = pair.establish().await;
    let tag = |connection: &Object| connection.bytes("peer_tag").unwrap().to_vec();
    for (role, side) in sides.iter().enumerate() {
        let all = connections(side, "phoneConnection");
        let (tcp, udp): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.flag("tcp"));
        assert_eq!((udp.len(), tcp.len()), (2, 2));
        for (one, other) in udp.iter().zip(&tcp) {
            for field in ["id", "ip", "ipv6", "port", "peer_tag"] {
                assert_eq!(one.get(field), other.get(field), "the TCP port of the same server: {field}");
            }
            assert_eq!((tag(one)[0], &tag(one)[12..]), (role as u8, &[0; 4][..]));
            assert_eq!(one.str("ip"), Some("127.0.0.1"));
            assert_eq!(one.str("ipv6"), Some(if dc.reflectors_v6().is_empty() { "" } else { "::1" }));
        }
        let ports: BTreeSet<i32> = udp.iter().map(|it| it.int("port").unwrap()).collect();
        assert_eq!(ports, dc.reflectors().iter().map(|addr| i32::from(addr.port())).collect());
        let [turn] = connections(side, "phoneConnectionWebrtc")[..] else { panic!("one TURN server") };
        assert!(turn.flag("turn") && turn.flag("stun"));
        assert_eq!((turn.str("ip"), turn.str("ipv6")), (Some("127.0.0.1"), Some("")));
        assert_eq!(turn.int("port"), dc.turn().map(|addr| i32::from(addr.port())));
        assert_eq!((turn.str("username").unwrap().len(), turn.str("password").unwrap().len()), (27, 32));
    }
    let [caller, callee] = &sides;
    for (one, other) in
        connections(caller, "phoneConnection").iter().zip(connections(callee, "phoneConnection"))
    {
        assert_eq!((one.long("id"), tag(one)[1..].to_vec()), (other.long("id"), tag(other)[1..].to_vec()));
    }
    let logins: BTreeSet<String> = sides
        .iter()
        .map(|side| connections(side, "phoneConnectionWebrtc")[0].str("username").unwrap().to_owned())
        .collect();
    assert_eq!(logins.len(), 2, "each side has its own");
    let ids: BTreeSet<i64> = caller
        .vector("connections")
        .unwrap()
        .iter()
        .map(|it| it.as_object().unwrap().long("id").unwrap())
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id > 0), "some clients read them unsigned");
    assert_eq!(dc.counters().turn.unwrap().logins, 2);
    pair.hang_up().await;
    let counters = dc.counters();
    assert_eq!(counters.turn.unwrap().logins, 0);
    assert_eq!(counters.reflectors.iter().map(|it| it.pairs).collect::<Vec<_>>(), [0, 0]);
}

#[tokio::test]
async fn a_libtgvoip_call_gets_what_libtgvoip_knows() {
    let dc = start().await;
    let mut pair = Pair::new(&dc).await;
    for side in pair.establish().await {
        let all = side.vector("connections").unwrap();
        assert_eq!((all.len(), connections(&side, "phoneConnection").len()), (1, 1));
        assert!(!connections(&side, "phoneConnection")[0].flag("tcp"));
    }
    assert_eq!(dc.counters().turn.unwrap().logins, 0);
}

async fn kinds(dc: &DcHandle) -> (usize, usize) {
    let mut pair = Pair::modern(dc).await;
    let [call, _] = pair.establish().await;
    (connections(&call, "phoneConnection").len(), connections(&call, "phoneConnectionWebrtc").len())
}

#[tokio::test]
async fn either_kind_of_relay_can_be_left_out() {
    let dc = builder().turn(false).start().await.unwrap();
    assert_eq!((dc.turn(), dc.counters().turn), (None, None));
    assert_eq!(kinds(&dc).await, (2, 0));
    let dc = builder().reflectors(0).start().await.unwrap();
    assert_eq!(dc.reflectors(), []);
    assert_eq!(kinds(&dc).await, (0, 1));
}

#[tokio::test]
async fn going_peer_to_peer_takes_both_sides_and_parameters_are_told_as_given() {
    let parameters = r#"{"network_use_mtproto":true}"#;
    let dc = builder().custom_parameters(parameters).start().await.unwrap();
    for (caller, callee, allowed) in [(true, true, true), (true, false, false), (false, true, false)] {
        let mut pair = Pair::modern(&dc).await;
        for (protocol, p2p) in pair.protocols.iter_mut().zip([caller, callee]) {
            *protocol = protocol.clone().with("udp_p2p", p2p);
        }
        for side in pair.establish().await {
            assert_eq!(side.flag("p2p_allowed"), allowed, "{caller} {callee}");
            assert_eq!(side.object("custom_parameters").unwrap().str("data"), Some(parameters));
        }
        pair.hang_up().await;
    }
    let dc = start().await;
    let mut pair = Pair::modern(&dc).await;
    let [call, _] = pair.establish().await;
    assert_eq!(call.get("custom_parameters"), None);
    let config = pair.alice.call_object(object("phone.getCallConfig")).await;
    assert!(config.str("data").is_some());
}
