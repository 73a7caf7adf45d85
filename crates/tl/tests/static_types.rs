//! Static types and values are two views of the same bytes.

mod common;
mod static_table;

use common::Maker;
use offhook_tl::mtproto::functions::GetFutureSalts;
use offhook_tl::{
    Call, Constructor, Deserializable, Kind, Limits, Object, Schema, Serializable, Value, decode, encode,
    enums, functions, types,
};
use static_table::{API, MTPROTO, Table};

/// Every definition of the table, and every constructor of its types, as made-up bytes that the static type
/// reads and writes again.
fn agrees(schema: &Schema, table: Table<'_>, rounds: u64) -> usize {
    let mut count = 0;
    let mut maker = Maker::new(schema, 7919);
    for (name, through) in table {
        let own = schema.by_name(name).filter(|definition| definition.name == *name);
        let definitions: Vec<_> = match own {
            Some(definition) => vec![definition],
            None => schema.constructors_of(name).collect(),
        };
        assert!(!definitions.is_empty(), "{name}");
        for definition in definitions {
            for _ in 0..rounds {
                let value = Value::Object(maker.object(definition, 3));
                let mut bytes = Vec::new();
                encode(schema, &value, &mut bytes).expect("made-up values can be written");
                assert_eq!(through(&bytes), Ok(bytes), "{name}: {value:?}");
                count += 1;
            }
        }
    }
    count
}

#[test]
fn static_types_of_the_api_read_and_write_what_values_do() {
    assert!(agrees(Schema::api(), API, 20) > 8000);
}

#[test]
fn static_types_of_mtproto_read_and_write_what_values_do() {
    let table: Vec<_> = MTPROTO.iter().filter(|(name, _)| *name != "gzip_packed").copied().collect();
    assert!(agrees(Schema::mtproto(), &table, 20) > 1000);
}

#[test]
fn a_truncated_static_object_is_an_error_at_every_byte() {
    let mut maker = Maker::new(Schema::api(), 5);
    for (name, through) in API {
        let Some(definition) = Schema::api().by_name(name) else { continue };
        let value = Value::Object(maker.object(definition, 2));
        let mut bytes = Vec::new();
        encode(Schema::api(), &value, &mut bytes).expect("made-up values can be written");
        for cut in (0..bytes.len()).step_by(if bytes.len() > 300 { 5 } else { 1 }) {
            assert!(through(&bytes[..cut]).is_err(), "{name} at {cut}");
        }
    }
}

#[test]
fn a_requested_call_has_its_bytes() {
    let call = functions::phone::RequestCall {
        video: false,
        user_id: types::InputUser { user_id: 7, access_hash: 9 }.into(),
        random_id: 1,
        g_a_hash: vec![0xaa; 32],
        protocol: types::PhoneCallProtocol {
            udp_p2p: true,
            udp_reflector: true,
            min_layer: 65,
            max_layer: 92,
            library_versions: vec!["2.4.4".into()],
        },
    };
    let expected = "ed96ff42 00000000 c65811f2 0700000000000000 0900000000000000 01000000 \
        20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa000000 \
        c88f87fc 03000000 41000000 5c000000 15c4b51c 01000000 05322e34 2e340000";
    assert_eq!(hex::encode(call.to_bytes()), expected.replace(' ', ""));
    assert_eq!(functions::phone::RequestCall::from_bytes(&call.to_bytes()), Ok(call));
}

#[test]
fn optional_fields_that_share_a_flag_are_written_together_or_not_at_all() {
    let user = enums::User::Empty(types::UserEmpty { id: 1 });
    let mut authorization = types::auth::Authorization {
        setup_password_required: true,
        otherwise_relogin_days: None,
        tmp_sessions: None,
        future_auth_token: None,
        user,
    };
    let flags = |object: &types::auth::Authorization| object.to_bytes()[4..8].to_vec();
    assert_eq!(flags(&authorization), [0, 0, 0, 0]);
    authorization.otherwise_relogin_days = Some(3);
    assert_eq!(flags(&authorization), [2, 0, 0, 0]);
    assert_eq!(types::auth::Authorization::from_bytes(&authorization.to_bytes()), Ok(authorization));
}

#[test]
fn a_call_knows_its_answer_through_its_wrappers() {
    fn answer<C: Call<Return = R>, R>(_: &C) -> &'static str {
        std::any::type_name::<R>()
    }
    let query = functions::InvokeWithLayer {
        layer: offhook_tl::LAYER,
        query: functions::InitConnection { query: functions::help::GetConfig {}, ..init() },
    };
    assert_eq!(answer(&query), std::any::type_name::<types::Config>());
    assert_eq!(
        answer(&GetFutureSalts { num: 64 }),
        std::any::type_name::<offhook_tl::mtproto::types::FutureSalts>()
    );
    let bytes = query.to_bytes();
    let value = decode(Schema::api(), &bytes, &Limits::default()).expect("a call");
    let inner = value.as_object().and_then(|o| o.object("query")?.object("query"));
    assert_eq!(inner.map(Object::name), Some("help.getConfig"));
    assert_eq!(<functions::help::GetConfig as Constructor>::ID, 0xc4f9_186b);
}

fn init() -> functions::InitConnection<functions::help::GetConfig> {
    functions::InitConnection {
        api_id: 1,
        device_model: "model".into(),
        system_version: "1".into(),
        app_version: "1".into(),
        system_lang_code: "en".into(),
        lang_pack: String::new(),
        lang_code: "en".into(),
        proxy: None,
        params: None,
        query: functions::help::GetConfig {},
    }
}

#[test]
fn an_update_of_a_kind_nobody_listed_is_a_value() {
    let value = Value::from(
        Object::new("updateBotStopped")
            .with("user_id", 1_i64)
            .with("date", 2)
            .with("stopped", true)
            .with("qts", 3),
    );
    let mut bytes = Vec::new();
    encode(Schema::api(), &value, &mut bytes).expect("an update");
    assert_eq!(enums::Update::from_bytes(&bytes), Ok(enums::Update::Other(value)));
}

#[test]
fn secrets_are_not_printed() {
    let code = functions::auth::SignIn {
        phone_number: "9996621234".into(),
        phone_code_hash: "hash-of-code".into(),
        phone_code: Some("22222".into()),
        email_verification: None,
    };
    let user = Object::new("user").with("id", 1_i64).with("phone", "9996621234").with("first_name", "Ann");
    for shown in [
        format!("{code:?}"),
        format!("{code:#?}"),
        format!("{user:?}"),
        format!("{:?}", Value::from(user.clone())),
    ] {
        assert!(
            !shown.contains("9996621234") && !shown.contains("22222") && !shown.contains("hash-of"),
            "{shown}"
        );
    }
    assert_eq!(format!("{user:?}"), r#"user { id: 1, phone: …, first_name: "Ann" }"#);
    let hidden = Schema::api()
        .definitions()
        .iter()
        .filter(|d| d.kind == Kind::Function && d.name.starts_with("auth."));
    let hidden = hidden.flat_map(|d| &d.params).filter(|param| offhook_tl::is_secret(param.name));
    assert!(hidden.count() > 30, "names of fields have changed");
}
