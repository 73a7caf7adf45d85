//! Whatever a layer can say survives bytes and JSON.

mod common;

use common::Maker;
use offhook_tl::{Limits, Schema, Value, decode, encode, from_json, to_json};

/// Each definition of a schema as a made-up value with its bytes.
fn each(schema: &Schema, seed: u64, depth: u32, mut check: impl FnMut(Value, Vec<u8>)) {
    let mut maker = Maker::new(schema, seed);
    // What `gzip_packed` holds is read in its place, and truths are no objects.
    let others = ["gzip_packed", "boolTrue", "boolFalse"];
    for definition in schema.definitions().iter().filter(|d| !others.contains(&d.name)) {
        let value = Value::Object(maker.object(definition, depth));
        let mut bytes = Vec::new();
        if let Err(error) = encode(schema, &value, &mut bytes) {
            panic!("seed {seed}, layer {}, {value:?}: {error}", schema.layer());
        }
        assert_eq!(bytes[..4], definition.id.to_le_bytes(), "{}", definition.name);
        check(value, bytes);
    }
}

fn survives(schema: &Schema, seed: u64, depth: u32) {
    each(schema, seed, depth, |value, bytes| {
        let back = decode(schema, &bytes, &Limits::default());
        assert_eq!(back.as_ref(), Ok(&value), "seed {seed}, layer {}", schema.layer());
    });
}

#[test]
fn every_definition_of_every_layer_survives_bytes() {
    for layer in Schema::layers() {
        survives(Schema::api_layer(*layer), layer.unsigned_abs().into(), 2);
    }
}

#[test]
fn every_definition_survives_bytes_with_all_optional_fields_gone() {
    survives(Schema::api(), 1, 0);
    survives(Schema::mtproto(), 1, 0);
}

#[test]
fn service_messages_survive_bytes() {
    (0..200).for_each(|seed| survives(Schema::mtproto(), seed, 3));
}

#[test]
fn every_definition_survives_json() {
    for schema in [Schema::api(), Schema::api_layer(227), Schema::api_layer(158), Schema::mtproto()] {
        each(schema, 7, 3, |value, _| {
            let text = to_json(&value).to_string();
            let json = serde_json::from_str(&text);
            let back = json.map(|json| from_json(schema, &json));
            assert!(matches!(&back, Ok(Ok(back)) if *back == value), "{text}: {back:?}");
        });
    }
}

#[test]
fn every_truncation_of_every_definition_is_an_error() {
    let schema = Schema::api();
    each(schema, 3, 1, |value, bytes| {
        // Cuts inside the last word find the same ends as cuts before it.
        for cut in (0..bytes.len()).step_by(if bytes.len() > 400 { 7 } else { 1 }) {
            let read = decode(schema, &bytes[..cut], &Limits::default());
            assert!(read.is_err(), "{cut} of {} bytes read as {read:?}, {value:?}", bytes.len());
        }
    });
}
