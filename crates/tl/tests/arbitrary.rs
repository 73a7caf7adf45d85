//! Damaged bytes are read as something that can be written again, or as an error.

mod common;

use common::Maker;
use offhook_tl::{Limits, Schema, Value, decode, encode, from_json, to_json};
use proptest::prelude::*;

/// What was read can be written, and reads the same from there on. Unknown flags and the padding of strings
/// are not kept, so the first bytes need not come back.
fn settles(schema: &Schema, bytes: &[u8]) {
    let limits = Limits { items: 10_000, unpacked: 1 << 20, ..Limits::default() };
    let Ok(value) = decode(schema, bytes, &limits) else { return };
    let mut again = Vec::new();
    encode(schema, &value, &mut again).expect("what was read can be written");
    let back = decode(schema, &again, &limits);
    // Doubles that are no number are not equal to themselves: compare what they print.
    assert_eq!(back.map(|back| format!("{:?}", to_json(&back))), Ok(format!("{:?}", to_json(&value))));
    assert!(from_json(schema, &to_json(&value)).is_ok());
}

/// Bytes of a made-up value of any definition.
fn made_up(schema: &Schema, which: usize, seed: u64) -> Vec<u8> {
    let definition = &schema.definitions()[which % schema.definitions().len()];
    let mut bytes = Vec::new();
    let value = Value::Object(Maker::new(schema, seed).object(definition, 2));
    encode(schema, &value, &mut bytes).expect("made-up values can be written");
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_object_is_an_error_or_another_object(
        which in 0_usize..10_000,
        seed in 1_u64..1 << 40,
        damage in prop::collection::vec((0_usize..10_000, any::<u8>()), 1..6),
        cut in 0_usize..10_000,
    ) {
        let schema = Schema::api();
        let mut bytes = made_up(schema, which, seed);
        let length = bytes.len();
        damage.iter().for_each(|(at, byte)| bytes[at % length] = *byte);
        settles(schema, &bytes);
        settles(schema, &bytes[..cut % length]);
    }

    #[test]
    fn any_bytes_behind_a_known_id_are_an_error_or_an_object(
        which in 0_usize..10_000,
        tail in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), any::<u8>()], 0..200),
    ) {
        for schema in [Schema::api(), Schema::mtproto()] {
            let definition = &schema.definitions()[which % schema.definitions().len()];
            let mut bytes = definition.id.to_le_bytes().to_vec();
            bytes.extend_from_slice(&tail);
            settles(schema, &bytes);
        }
    }
}
