//! Bytes of public vectors, and those of real clients, mean what they should.

use offhook_tl::mtproto::types::{BadServerSalt, FutureSalt, FutureSalts, Message, MsgContainer, RpcError};
use offhook_tl::{
    Deserializable, Limits, Object, Schema, Serializable, Value, decode, encode, gunzip, gzip, ids, mtproto,
};
use serde_json::Value as Json;

fn vectors() -> Json {
    serde_json::from_str(include_str!("data/mtproto.json")).expect("the vectors are JSON")
}

fn bytes(json: &Json) -> Vec<u8> {
    hex::decode(json.as_str().expect("a text")).expect("hexadecimal")
}

fn service(name: &str) -> Vec<u8> {
    bytes(&vectors()["service_messages"][name])
}

fn read(bytes: &[u8]) -> Value {
    let value = decode(Schema::mtproto(), bytes, &Limits::default()).expect("a service message");
    let mut written = Vec::new();
    encode(Schema::mtproto(), &value, &mut written).expect("what was read can be written");
    assert_eq!(written, bytes);
    value
}

const MSG_ID: i64 = 0x6553_f100_1234_5678;
const SALT: i64 = 0x8f48_70b7_cf9c_2752_u64.cast_signed();

#[test]
fn strings_are_written_with_their_length_and_padding() {
    let vectors = vectors();
    let cases = vectors["tl_bytes"].as_array().expect("a list");
    assert_eq!(cases.len(), 7);
    for case in cases {
        let (content, wire) = (bytes(&case["in"]), bytes(&case["out"]));
        assert_eq!(content.to_bytes(), wire);
        assert_eq!(Vec::<u8>::from_bytes(&wire), Ok(content));
    }
}

#[test]
fn a_packed_object_unpacks_to_what_was_packed() {
    let vectors = vectors();
    let (inner, wire) =
        (bytes(&vectors["gzip_packed"]["inner"]), bytes(&vectors["gzip_packed"]["packed_tl"]));
    assert_eq!(wire[..4], ids::GZIP_PACKED.to_le_bytes());
    let content = Vec::<u8>::from_bytes(&wire[4..]).expect("bytes");
    assert_eq!(gunzip(&content, &Limits::default()).as_ref(), Ok(&inner));
    assert_eq!(gunzip(&gzip(&inner), &Limits::default()), Ok(inner));
}

#[test]
fn service_messages_have_their_golden_bytes() {
    let salt = BadServerSalt { bad_msg_id: MSG_ID, bad_msg_seqno: 1, error_code: 48, new_server_salt: SALT };
    let wire = service("bad_server_salt");
    let parsed = BadServerSalt::from_bytes(&wire).expect("bad_server_salt");
    assert_eq!(parsed.to_bytes(), wire);
    assert_eq!((parsed.bad_msg_seqno, parsed.error_code), (salt.bad_msg_seqno, salt.error_code));
    assert_eq!(read(&wire).as_object().and_then(|o| o.long("bad_msg_id")), Some(parsed.bad_msg_id));

    let wire = service("bad_msg_notification_16");
    assert_eq!(read(&wire).as_object().and_then(|o| o.int("error_code")), Some(16));
    let wire = service("new_session_created");
    assert_eq!(read(&wire).as_object().and_then(|o| o.long("unique_id")), Some(0x1111_1111_1111_1111));
    let wire = service("msgs_state_info_3");
    assert_eq!(read(&wire).as_object().and_then(|o| o.bytes("info")), Some(&[4, 1, 100][..]));
}

#[test]
fn future_salts_are_a_bare_vector_of_bare_salts() {
    let wire = service("future_salts_two");
    let salts = FutureSalts::from_bytes(&wire).expect("future_salts");
    let since: Vec<i32> = salts.salts.iter().map(|salt| salt.valid_since).collect();
    assert_eq!(since, [0x6553_ed18, 0x6553_fcb8]);
    assert_eq!(salts.to_bytes(), wire);
    let value = read(&wire);
    let first = value.as_object().and_then(|o| o.vector("salts")?.first()?.as_object());
    let last: Option<&FutureSalt> = salts.salts.first();
    assert_eq!(first.and_then(|o| o.long("salt")), last.map(|salt| salt.salt));
}

#[test]
fn an_error_says_its_code_and_text() {
    // The vector is the whole rpc_result.
    let wire = service("rpc_error");
    let result = mtproto::types::RpcResult::from_bytes(&wire).expect("rpc_result");
    let error = RpcError::from_bytes(&result.result).expect("rpc_error");
    assert_eq!(error, RpcError { error_code: 420, error_message: "FLOOD_WAIT_3".into() });
    let value = read(&wire);
    assert_eq!(value.as_object().and_then(|o| o.get("result")), Some(&Value::Raw(error.to_bytes())));
}

#[test]
fn a_container_holds_bare_messages_with_raw_bodies() {
    let vectors = vectors();
    let wire = bytes(&vectors["msg_container"]["container_body"]);
    let container = MsgContainer::from_bytes(&wire).expect("msg_container");
    let expected: Vec<_> = vectors["msg_container"]["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|message| Message {
            msg_id: message["msg_id"].as_i64().expect("a number"),
            seqno: i32::try_from(message["seq_no"].as_i64().expect("a number")).expect("small"),
            body: bytes(&message["body"]),
        })
        .collect();
    assert_eq!(container.messages, expected);
    assert_eq!(container.to_bytes(), wire);
    let bodies: Vec<_> = read(&wire)
        .as_object()
        .and_then(|o| o.vector("messages").map(<[_]>::to_vec))
        .expect("messages")
        .into_iter()
        .filter_map(Value::into_object)
        .map(|mut message| message.remove("body"))
        .collect();
    assert_eq!(bodies, expected.into_iter().map(|m| Some(Value::Raw(m.body))).collect::<Vec<_>>());
}

#[test]
fn a_message_writes_the_length_of_its_body() {
    let message =
        Object::new("message").with("msg_id", 1_i64).with("seqno", 2).with("body", Value::Raw(vec![9; 8]));
    let mut wire = Vec::new();
    encode(Schema::mtproto(), &message.into(), &mut wire).expect("a message");
    assert_eq!(hex::encode(&wire[16..]), "08000000 0909090909090909".replace(' ', ""));
}
