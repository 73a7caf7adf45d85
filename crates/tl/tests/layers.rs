//! Every stored layer reads, and each definition's id follows from its text.

use offhook_tl::{Definition, Flag, Kind, LAYER, Schema, Type};

/// A definition in the normal form from which its id is computed: no id, no braces, no `true` flags, `bytes`
/// written as `string`, `<T>` as ` T`.
fn normal_form(definition: &Definition) -> String {
    let mut words = Vec::new();
    let mut text = definition.name.to_owned();
    if definition.is_wrapper() {
        text.push_str(" X:Type");
    }
    for param in &definition.params {
        if param.ty == Type::Flags {
            words.push(param.name);
        }
        if param.ty == Type::True {
            continue;
        }
        let ty = param.ty.to_string().replace('<', " ").replace('>', "");
        let ty = ty.split(' ').map(|word| if word == "bytes" { "string" } else { word }).collect::<Vec<_>>();
        let mut ty = ty.join(" ");
        // The rule looks at the start of a type only: `Vector<bytes>` keeps its word.
        if matches!(&param.ty, Type::Vector(of) | Type::BareVector(of) if **of == Type::Bytes) {
            ty = ty.replace("string", "bytes");
        }
        let flag = param.flag.map(|Flag { word, bit }| format!("{}.{bit}?", words[usize::from(word)]));
        text.push_str(&format!(" {}:{}{ty}", param.name, flag.unwrap_or_default()));
    }
    let result = definition.result.replace('<', " ").replace('>', "");
    format!("{text} = {result}")
}

fn crc32(text: &str) -> u32 {
    !text.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn every_id_of_every_layer_is_the_checksum_of_its_definition() {
    for layer in Schema::layers() {
        for definition in Schema::api_layer(*layer).definitions() {
            let text = normal_form(definition);
            assert_eq!(crc32(&text), definition.id, "layer {layer}: {text}");
        }
    }
}

#[test]
fn all_but_a_known_few_ids_of_mtproto_are_checksums() {
    let other = Schema::mtproto().definitions().iter().filter(|d| crc32(&normal_form(d)) != d.id);
    let other: Vec<_> = other.map(|definition| definition.name).collect();
    // Telegram computed these from texts it wrote differently.
    assert_eq!(other, ["msg_container", "ipPortSecret", "accessPointRule", "help.configSimple"]);
}

#[test]
fn sixty_one_layers_are_stored_and_each_has_its_own_user() {
    assert_eq!(Schema::layers().len(), 61);
    assert_eq!(LAYER, 232);
    assert_eq!(Schema::api().layer(), 232);
    let user = |layer| Schema::api_layer(layer).constructor("user").map(|d| d.id);
    assert_eq!(user(229), Some(0xb1b8_cc83));
    assert_eq!(user(158), Some(0x8f97_c628));
    assert_eq!(user(140), Some(0x3ff6_ecb0));
}

#[test]
fn an_unknown_layer_is_served_by_the_nearest_lower_one() {
    let layers =
        [(i32::MAX, 232), (231, 230), (226, 225), (223, 222), (157, 155), (139, 140), (0, 140), (-1, 140)];
    for (asked, served) in layers {
        assert_eq!(Schema::api_layer(asked).layer(), served, "layer {asked}");
    }
}

#[test]
fn the_answer_of_a_function_is_known() {
    let schema = Schema::api();
    let answer = |name: &str| schema.function(name).map(|function| function.result);
    assert_eq!(answer("users.getUsers"), Some("Vector<User>"));
    assert_eq!(answer("phone.requestCall"), Some("phone.PhoneCall"));
    assert_eq!(answer("phone.receivedCall"), Some("Bool"));
    assert_eq!(answer("invokeWithLayer"), Some("X"));
    assert_eq!(schema.function("user"), None);
    assert_eq!(schema.constructor("phone.requestCall"), None);
    assert_eq!(schema.by_id(0xc4f9_186b).map(|d| (d.name, d.kind)), Some(("help.getConfig", Kind::Function)));
}

#[test]
fn a_definition_without_an_id_gets_its_checksum() {
    let text = "message msg_id:long seqno:int bytes:int body:Object = Message; // a comment\n---functions---\n\
                gzip_packed packed_data:bytes = Object;";
    let schema = Schema::parse(text, 1);
    let ids = schema.map(|schema| schema.definitions().iter().map(|d| d.id).collect::<Vec<_>>());
    assert_eq!(ids, Ok(vec![0x5bb8_e511, 0x3072_cfa1]));
}

#[test]
fn a_text_that_is_no_schema_is_refused_with_its_reason() {
    let reason = |text: &str| Schema::parse(text, 1).err().map(|error| error.to_string());
    let expect = |text: &str, why: &str| assert_eq!(reason(text).as_deref(), Some(why), "{text}");
    expect("a#1 b:int;", "definition \"a#1 b:int\": no result type");
    expect("a#xyz = A;", "definition \"a#xyz = A\": the constructor id is not hexadecimal");
    expect("a#1 b = A;", "definition \"a#1 b = A\": a field without a type");
    expect("a#1 b:flags.0?int = A;", "definition \"a#1 b:flags.0?int = A\": an unknown flag");
    expect(
        "a#1 flags:# b:flags.32?int = A;",
        "definition \"a#1 flags:# b:flags.32?int = A\": an unknown flag",
    );
    expect("a#1 = A; a#2 = A;", "a is defined twice");
    expect("a#1 = A; b#1 = A;", "b is defined twice");
}
