//! Bytes of strangers as values and as static types: an error or an object that can be written again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use offhook_tl::{Deserializable, Limits, Schema, decode, encode, enums, from_json, gunzip, mtproto, to_json, types};

fuzz_target!(|data: &[u8]| {
    let limits = Limits { items: 100_000, unpacked: 1 << 20, ..Limits::default() };
    for schema in [Schema::api(), Schema::api_layer(158), Schema::mtproto()] {
        let Ok(value) = decode(schema, data, &limits) else { continue };
        let mut bytes = Vec::new();
        encode(schema, &value, &mut bytes).expect("what was read can be written");
        assert!(decode(schema, &bytes, &limits).is_ok());
        assert!(from_json(schema, &to_json(&value)).is_ok());
    }
    let _ = enums::Updates::from_bytes(data);
    let _ = types::phone::PhoneCall::from_bytes(data);
    let _ = mtproto::types::MsgContainer::from_bytes(data);
    let _ = gunzip(data, &limits);
});
