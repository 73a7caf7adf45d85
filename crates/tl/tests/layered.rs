//! One value, many layers: a server holds it once and writes it as each session knows it.

use offhook_tl::{
    EncodeError, EncodeOptions, LAYER, Limits, Object, Schema, Value, decode, decode_head, decode_type,
    encode, encode_type, encode_with,
};

fn user() -> Value {
    let status = Object::new("userStatusOnline").with("expires", 1_700_000_000);
    let object = Object::new("user")
        .with("id", 777_i64)
        .with("access_hash", 5_i64)
        .with("self", true)
        .with("first_name", "Ann")
        .with("phone", "9990001")
        .with("status", status)
        .with("stories_unavailable", true)
        .with("close_friend", false);
    object.into()
}

fn written(layer: i32, value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(Schema::api_layer(layer), value, &mut bytes).expect("the layer can say it");
    bytes
}

fn id(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[test]
fn a_user_has_each_layers_own_constructor_id() {
    assert_eq!(id(&written(LAYER, &user())), Schema::api().constructor("user").map_or(0, |d| d.id));
    assert_eq!(id(&written(229, &user())), 0xb1b8_cc83);
    assert_eq!(id(&written(227, &user())), Schema::api_layer(227).constructor("user").map_or(0, |d| d.id));
    assert_ne!(id(&written(227, &user())), id(&written(229, &user())));
    assert_eq!(id(&written(158, &user())), 0x8f97_c628);
}

#[test]
fn fields_an_older_layer_lacks_are_left_out_and_its_flags_agree() {
    let bytes = written(140, &user());
    // user#3ff6ecb0: flags 0 (access_hash), 1 (first_name), 4 (phone), 6 (status), 10 (self).
    let flags = 1 << 0 | 1 << 1 | 1 << 4 | 1 << 6 | 1 << 10;
    let expected = [0x3ff6_ecb0_u32, flags, 777, 0, 5, 0].map(u32::to_le_bytes).concat();
    assert_eq!(bytes[..24], expected);
    let back = decode(Schema::api_layer(140), &bytes, &Limits::default()).expect("layer 140");
    let back = back.as_object().expect("an object");
    assert_eq!(back.get("stories_unavailable"), None);
    assert_eq!(back.get("close_friend"), None);
    assert!(back.flag("self"));
    assert_eq!(back.str("phone"), Some("9990001"));
}

#[test]
fn a_missing_field_is_named_or_made_zero_if_asked() {
    let sparse = Value::from(Object::new("dcOption").with("id", 2));
    let mut out = vec![1, 2, 3];
    let missing = |field: &str| EncodeError::Missing { object: "dcOption".into(), field: field.into() };
    assert_eq!(encode(Schema::api(), &sparse, &mut out), Err(missing("ip_address")));
    assert_eq!(out, [1, 2, 3], "nothing is left of a failed value");
    out.clear();
    assert_eq!(encode_with(Schema::api(), &sparse, EncodeOptions::LENIENT, &mut out), Ok(()));
    assert_eq!(out, [0x18b7_a10d_u32, 0, 2, 0, 0].map(u32::to_le_bytes).concat());
    let no_user = Value::from(Object::new("updateShort").with("date", 1));
    let missing = EncodeError::Missing { object: "updateShort".into(), field: "update".into() };
    assert_eq!(encode_with(Schema::api(), &no_user, EncodeOptions::LENIENT, &mut out), Err(missing));
}

#[test]
fn fields_that_share_a_flag_are_there_together() {
    // auth.authorization: setup_password_required and otherwise_relogin_days share flags.1.
    let half = Object::new("auth.authorization").with("setup_password_required", true).with("user", user());
    let missing =
        EncodeError::Missing { object: "auth.authorization".into(), field: "otherwise_relogin_days".into() };
    assert_eq!(encode(Schema::api(), &half.into(), &mut Vec::new()), Err(missing));
}

#[test]
fn a_name_the_layer_does_not_have_is_named() {
    let value = Value::from(Object::new("updateBotChatBoost"));
    let unknown = EncodeError::UnknownName { name: "updateBotChatBoost".into(), layer: 140 };
    assert_eq!(encode(Schema::api_layer(140), &value, &mut Vec::new()), Err(unknown));
}

#[test]
fn answers_are_written_and_read_by_their_type() {
    let schema = Schema::api();
    let check = |ty: &str, value: Value, expected: &str| {
        let mut out = Vec::new();
        assert_eq!(encode_type(schema, ty, &value, EncodeOptions::default(), &mut out), Ok(()), "{ty}");
        assert_eq!(hex::encode(&out), expected.replace(' ', ""), "{ty}");
        assert_eq!(decode_type(schema, ty, &out, &Limits::default()).as_ref(), Ok(&value), "{ty}");
    };
    check("Bool", true.into(), "b5757299");
    check("Vector<long>", vec![Value::Long(1)].into(), "15c4b51c 01000000 0100000000000000");
    check("Vector<int>", vec![Value::Int(1), Value::Int(2)].into(), "15c4b51c 02000000 01000000 02000000");
    check("Vector<User>", Value::Vector(Vec::new()), "15c4b51c 00000000");
    check("X", Object::new("jsonNull").into(), "687b6d3f");
    check("Vector<InputUser>", vec![Object::new("inputUserSelf")].into(), "15c4b51c 01000000 3fb1c1f7");
    let mismatch = EncodeError::Mismatch {
        place: "Vector<InputUser>".into(),
        expected: "InputUser".into(),
        got: "inputPeerSelf".into(),
    };
    let wrong = vec![Object::new("inputPeerSelf")].into();
    let written = encode_type(schema, "Vector<InputUser>", &wrong, EncodeOptions::default(), &mut Vec::new());
    assert_eq!(written, Err(mismatch));
}

#[test]
fn numbers_and_texts_fit_themselves_to_the_field_when_nothing_is_lost() {
    let schema = Schema::api();
    let peer = |id: Value| Value::from(Object::new("peerUser").with("user_id", id));
    assert_eq!(written(LAYER, &peer(7.into())), written(LAYER, &peer(7_i64.into())));
    let option = |id: Value| {
        Value::from(Object::new("dcOption").with("id", id).with("ip_address", "::1").with("port", 443))
    };
    assert_eq!(written(LAYER, &option(2_i64.into())), written(LAYER, &option(2.into())));
    let too_large = option(Value::Long(1 << 40));
    let mismatch =
        EncodeError::Mismatch { place: "dcOption.id".into(), expected: "int".into(), got: "long".into() };
    assert_eq!(encode(schema, &too_large, &mut Vec::new()), Err(mismatch));
}

#[test]
fn a_call_inside_a_layer_is_read_and_written_in_that_layer() {
    // In layer 227 users.getUsers asks as ever; messages.sendMessage has another id than in the newest.
    let old = Schema::api_layer(158).function("messages.sendMessage").map_or(0, |d| d.id);
    assert_ne!(Schema::api().function("messages.sendMessage").map_or(0, |d| d.id), old);
    let query = Object::new("messages.sendMessage")
        .with("peer", Object::new("inputPeerSelf"))
        .with("message", "hello")
        .with("random_id", 1_i64);
    let init = Object::new("initConnection")
        .with("api_id", 1)
        .with("device_model", "x")
        .with("system_version", "x")
        .with("app_version", "x")
        .with("system_lang_code", "en")
        .with("lang_pack", "")
        .with("lang_code", "en")
        .with("query", query);
    let call = Value::from(Object::new("invokeWithLayer").with("layer", 158).with("query", init));
    let bytes = written(LAYER, &call);
    assert_eq!(bytes.windows(4).filter(|word| **word == old.to_le_bytes()).count(), 1);
    assert_eq!(decode(Schema::api(), &bytes, &Limits::default()).as_ref(), Ok(&call));

    let (wrapper, rest) = decode_head(Schema::api(), &bytes, &Limits::default()).expect("a wrapper");
    assert_eq!(
        (wrapper.name(), wrapper.int("layer"), wrapper.get("query")),
        ("invokeWithLayer", Some(158), None)
    );
    let (init, rest) = decode_head(Schema::api_layer(158), rest, &Limits::default()).expect("a wrapper");
    assert_eq!((init.name(), init.str("lang_code")), ("initConnection", Some("en")));
    assert_eq!(id(rest), old);
}

#[test]
fn a_text_that_is_not_utf8_keeps_its_bytes() {
    let data = Value::from(Object::new("dataJSON").with("data", vec![0xff, 0xfe, b'a']));
    let bytes = written(LAYER, &data);
    assert_eq!(hex::encode(&bytes), "048d747d03fffe61");
    assert_eq!(decode(Schema::api(), &bytes, &Limits::default()).as_ref(), Ok(&data));
    let json = offhook_tl::to_json(&data);
    assert_eq!(json.to_string(), r#"{"_":"dataJSON","data":{"base64":"//5h"}}"#);
    assert_eq!(offhook_tl::from_json(Schema::api(), &json), Ok(data));
}
