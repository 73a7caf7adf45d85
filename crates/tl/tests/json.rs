//! Values as JSON: how they look, and what is wrong with JSON that is no value.

use offhook_tl::{Object, Schema, Value, from_json, from_json_type, to_json};
use serde_json::json;

#[test]
fn json_names_the_constructor_and_keeps_every_digit() {
    let value = Value::from(
        Object::new("phone.confirmCall")
            .with("peer", Object::new("inputPhoneCall").with("id", 1_i64 << 53).with("access_hash", i64::MIN))
            .with("g_a", vec![0, 255])
            .with("key_fingerprint", -5_i64)
            .with("protocol", Object::new("phoneCallProtocol").with("udp_p2p", true)),
    );
    let expected = json!({
        "_": "phone.confirmCall",
        "peer": {"_": "inputPhoneCall", "id": 9_007_199_254_740_992_i64, "access_hash": "-9223372036854775808"},
        "g_a": "AP8=",
        "key_fingerprint": -5,
        "protocol": {"_": "phoneCallProtocol", "udp_p2p": true},
    });
    assert_eq!(to_json(&value), expected);
    assert_eq!(from_json(Schema::api(), &expected), Ok(value));
}

#[test]
fn longs_are_read_as_numbers_and_as_texts() {
    let peer = |id: serde_json::Value| from_json(Schema::api(), &json!({"_": "peerUser", "user_id": id}));
    assert_eq!(peer(json!(7)), peer(json!("7")));
    assert_eq!(peer(json!(i64::MAX)), peer(json!("9223372036854775807")));
}

#[test]
fn null_and_false_flags_are_absent_and_a_lone_constructor_needs_no_name() {
    let json = json!({
        "_": "auth.sendCode", "phone_number": "999", "api_id": 1, "api_hash": "h",
        "settings": {"allow_flashcall": false, "current_number": true, "token": null},
    });
    let settings = Object::new("codeSettings").with("current_number", true);
    let value = Object::new("auth.sendCode")
        .with("phone_number", "999")
        .with("api_id", 1)
        .with("api_hash", "h")
        .with("settings", settings);
    assert_eq!(from_json(Schema::api(), &json), Ok(value.into()));
}

#[test]
fn typed_json_is_read_by_its_type() {
    let schema = Schema::api();
    assert_eq!(
        from_json_type(schema, "Vector<long>", &json!([1, "2"])),
        Ok(vec![Value::Long(1), Value::Long(2)].into())
    );
    assert_eq!(from_json_type(schema, "Bool", &json!(true)), Ok(true.into()));
    assert_eq!(from_json(schema, &json!([{"_": "jsonNull"}])), Ok(vec![Object::new("jsonNull")].into()));
}

#[test]
fn doubles_that_are_no_numbers_have_names() {
    let number = |value: f64| to_json(&Object::new("jsonNumber").with("value", value).into());
    assert_eq!(number(f64::INFINITY), json!({"_": "jsonNumber", "value": "Infinity"}));
    assert_eq!(number(0.1), json!({"_": "jsonNumber", "value": 0.1}));
    let back = from_json(Schema::api(), &number(f64::NAN));
    assert!(
        back.is_ok_and(|value| value.as_object().and_then(|o| o.double("value")).is_some_and(f64::is_nan))
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let wrong =
        |json: serde_json::Value| from_json(Schema::api(), &json).err().map(|error| error.to_string());
    let check = |json, text: &str| assert_eq!(wrong(json).as_deref(), Some(text));
    check(json!({"user_id": 1}), "value: an object needs \"_\", the name of its constructor");
    check(json!({"_": "nobody"}), "value: layer 232 has no nobody");
    check(json!({"_": "peerUser", "id": 1}), "id: peerUser has no such field");
    check(json!({"_": "user", "flags": 1}), "flags: user has no such field");
    check(json!({"_": "peerUser", "user_id": "x"}), "user_id: expected long");
    check(json!({"_": "peerUser", "user_id": 1.5}), "user_id: expected long");
    check(
        json!({"_": "users.getUsers", "id": [{"_": "inputUserSelf"}, {"_": "inputPeerSelf"}]}),
        "id.1: expected InputUser",
    );
    check(json!({"_": "auth.importLoginToken", "token": "?"}), "token: expected bytes");
    check(
        json!({"_": "users.getUsers", "id": [{}]}),
        "id.0: an object needs \"_\", the name of its constructor",
    );
    check(json!(5), "value: expected Object");
    check(json!({"_": "dcOption", "id": 3_000_000_000_u32}), "id: expected int");
}
