use offhook_crypto::{dh::Group, srp::Params};
use offhook_dc::{CodePolicy, Dc, UserSpec};
use offhook_mtproto::transport::Kind;
use offhook_tl::{Object, Value};
use std::sync::mpsc;

use super::client::{Peer, Wire, config, object};
use super::{ALICE, builder, start};

#[tokio::test]
async fn before_login_only_what_leads_to_it_is_allowed() {
    let dc = start().await;
    let mut peer = Peer::connect(&dc).await;
    for request in [
        object("users.getUsers").with("id", Value::Vector(vec![object("inputUserSelf").into()])),
        object("updates.getState"),
        object("contacts.getContacts").with("hash", 0_i64),
        object("phone.getCallConfig"),
        object("account.updateStatus").with("offline", false),
    ] {
        assert_eq!(peer.error(request).await, "401 AUTH_KEY_UNREGISTERED");
    }
    let config = peer.call_object(object("help.getConfig")).await;
    assert_eq!((config.int("this_dc"), config.bool("test_mode")), (Some(2), Some(false)));
    let option = config.vector("dc_options").unwrap()[0].as_object().unwrap();
    assert_eq!(
        (option.str("ip_address"), option.int("port")),
        (Some("127.0.0.1"), Some(i32::from(dc.addr().port())))
    );
    assert!(!option.flag("ipv6"));
    // One server for all numbers; accounts live in the first.
    let ids = config.vector("dc_options").unwrap().iter().map(|option| option.as_object().unwrap().int("id"));
    assert_eq!(ids.collect::<Vec<_>>(), [2, 1, 3, 4, 5].map(Some));
    assert_eq!(peer.call_object(object("help.getNearestDc")).await.int("nearest_dc"), Some(2));
}

#[tokio::test]
async fn a_code_lets_in_and_everything_else_has_its_error() {
    let dc = start().await;
    let mut peer = Peer::connect(&dc).await;
    let send = |phone: &str, api_id| {
        object("auth.sendCode")
            .with("phone_number", phone)
            .with("api_id", api_id)
            .with("api_hash", "local")
            .with("settings", object("codeSettings"))
    };
    assert_eq!(peer.error(send("+12", 1)).await, "400 PHONE_NUMBER_INVALID");
    assert_eq!(peer.error(send(ALICE, 0)).await, "400 API_ID_INVALID");
    let hash = peer.send_code(ALICE).await.unwrap();
    let sign_in = |hash: &str, code: Option<&str>| {
        object("auth.signIn")
            .with("phone_number", ALICE)
            .with("phone_code_hash", hash)
            .with_opt("phone_code", code)
    };
    assert_eq!(peer.error(sign_in(&hash, None)).await, "400 PHONE_CODE_EMPTY");
    assert_eq!(peer.error(sign_in(&hash, Some("00000"))).await, "400 PHONE_CODE_INVALID");
    assert_eq!(peer.error(sign_in("wrong", Some("12345"))).await, "400 PHONE_CODE_HASH_EMPTY");
    let done = peer.call_object(sign_in(&hash, Some("12345"))).await;
    let user = done.object("user").unwrap();
    assert!(user.flag("self"));
    assert_eq!((user.str("first_name"), user.str("phone")), (Some("Alice"), Some("10000000001")));
    let state = peer.call_object(object("updates.getState")).await;
    assert_eq!((state.int("pts"), state.int("qts")), (Some(1), Some(0)));
    assert_eq!(peer.error(sign_in(&hash, Some("12345"))).await, "400 PHONE_CODE_EXPIRED");
    peer.call_object(object("auth.logOut")).await;
    assert_eq!(peer.error(object("updates.getState")).await, "401 AUTH_KEY_UNREGISTERED");
}

#[tokio::test]
async fn who_logs_out_on_one_connection_gets_nothing_on_another() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut other = Peer::resume(dc.addr(), alice.session.key().clone()).await;
    let mut tablet = Peer::log_in(&dc, ALICE).await;
    other.call_object(object("updates.getState")).await;
    alice.call_object(object("auth.logOut")).await;
    let note = object("messages.sendMessage")
        .with("peer", object("inputPeerSelf"))
        .with("message", "secret")
        .with("random_id", 1_i64);
    tablet.call_object(note).await;
    assert!(other.is_quiet().await && alice.is_quiet().await);
}

#[tokio::test]
async fn an_unspecified_address_is_told_as_one_that_can_be_reached() {
    let any = "0.0.0.0:0".parse().unwrap();
    for (advertised, told) in [(None, "127.0.0.1"), (Some("192.0.2.7"), "192.0.2.7")] {
        let builder = builder().listen(any);
        let builder = match advertised {
            Some(ip) => builder.advertise(ip.parse().unwrap()),
            None => builder,
        };
        let dc = builder.start().await.unwrap();
        assert_eq!((dc.addr().ip().to_string().as_str(), dc.reflectors().len()), (told, 1));
        let reachable = ([127, 0, 0, 1], dc.addr().port()).into();
        let mut wire = Wire::open(reachable, Kind::Abridged, None).await;
        let made = wire.exchange(config(&dc)).await;
        let mut peer = Peer::with_key(reachable, wire, made.key, made.salt);
        let answer = peer.call_object(object("help.getConfig")).await;
        let option = answer.vector("dc_options").unwrap()[0].as_object().unwrap();
        assert_eq!(option.str("ip_address"), Some(told));
    }
}

#[tokio::test]
async fn a_number_without_an_account_signs_up() {
    let dc = start().await;
    let mut peer = Peer::connect(&dc).await;
    let phone = "9996621234";
    let hash = peer.send_code(phone).await.unwrap();
    let sign_up = object("auth.signUp")
        .with("phone_number", phone)
        .with("phone_code_hash", hash.as_str())
        .with("first_name", "New")
        .with("last_name", "User");
    assert_eq!(peer.error(sign_up.clone()).await, "400 PHONE_CODE_INVALID");
    let sign_in = object("auth.signIn")
        .with("phone_number", phone)
        .with("phone_code_hash", hash.as_str())
        .with("phone_code", "22222");
    assert_eq!(peer.call_object(sign_in).await.name(), "auth.authorizationSignUpRequired");
    let nameless = sign_up.clone().with("first_name", " ");
    assert_eq!(peer.error(nameless).await, "400 FIRSTNAME_INVALID");
    let user = peer.call_object(sign_up).await.object("user").unwrap().clone();
    assert_eq!((user.str("first_name"), user.str("last_name")), (Some("New"), Some("User")));
    assert_eq!(peer.call_object(object("updates.getState")).await.int("pts"), Some(1));
}

#[tokio::test]
async fn random_codes_are_told_to_the_owner_and_can_be_replaced() {
    let (sender, codes) = mpsc::channel();
    let dc = Dc::builder()
        .user(UserSpec::new(ALICE, "Alice"))
        .codes(CodePolicy::random(move |issued| sender.send(issued.code.as_str().to_owned()).unwrap()))
        .start()
        .await
        .unwrap();
    let mut peer = Peer::connect(&dc).await;
    let hash = peer.send_code(ALICE).await.unwrap();
    let resend = object("auth.resendCode").with("phone_number", ALICE).with("phone_code_hash", hash);
    let sent = peer.call_object(resend).await;
    let (first, second) = (codes.recv().unwrap(), codes.recv().unwrap());
    assert_eq!((first.len(), second.len()), (5, 5));
    let sign_in = object("auth.signIn")
        .with("phone_number", ALICE)
        .with("phone_code_hash", sent.str("phone_code_hash").unwrap())
        .with("phone_code", second);
    assert_eq!(peer.call_object(sign_in).await.name(), "auth.authorization");
    dc.admin().set_code("777777");
    let mut other = Peer::connect(&dc).await;
    assert!(other.sign_in(ALICE, "777777").await.is_ok());
}

#[tokio::test]
async fn users_that_cannot_be_are_refused_at_the_start() {
    let start = |users: &[(&str, &str, &str)]| {
        let builder = users.iter().fold(Dc::builder(), |builder, (phone, username, name)| {
            builder.user(UserSpec::new(phone, *name).username(*username))
        });
        async { builder.start().await.err().map(|error| error.to_string()) }
    };
    let error = |text: &str| Some(format!("add user number {text}"));
    assert_eq!(start(&[("12", "", "A")]).await, error("0: the phone number must have 5 to 15 digits"));
    assert_eq!(start(&[("12345", "", " ")]).await, error("0: the first name is empty"));
    assert_eq!(
        start(&[("12345", "", "A"), ("+1 2345", "", "B")]).await,
        error("1: the phone number is used twice")
    );
    assert_eq!(start(&[("12345", "x", "A"), ("12346", "X", "B")]).await, error("1: the username is taken"));
}

/// A proof of `password` for the challenge in an `account.password`.
fn proof(state: &Object, password: &str) -> Object {
    let algorithm = state.object("current_algo").unwrap();
    let group = Group::telegram();
    let (salt1, salt2) = (algorithm.bytes("salt1").unwrap(), algorithm.bytes("salt2").unwrap());
    let params = Params { salt1, salt2, group: &group };
    let mut random = |out: &mut [u8]| getrandom::fill(out).unwrap();
    let proof = params.prove(password.as_bytes(), state.bytes("srp_B").unwrap(), &mut random).unwrap();
    object("inputCheckPasswordSRP")
        .with("srp_id", state.long("srp_id").unwrap())
        .with("A", &proof.a[..])
        .with("M1", &proof.m1[..])
}

#[tokio::test]
async fn a_challenge_of_the_second_step_is_answered_once_by_the_device_that_asked() {
    let dc = Dc::builder().user(UserSpec::new(ALICE, "Alice").password("secret", "")).start().await.unwrap();
    let (mut phone, mut tablet) = (Peer::connect(&dc).await, Peer::connect(&dc).await);
    assert_eq!(phone.error(object("account.getPassword")).await, "401 AUTH_KEY_UNREGISTERED");
    for peer in [&mut phone, &mut tablet] {
        let refused = peer.sign_in(ALICE, "12345").await.unwrap_err();
        assert_eq!((refused.code, refused.message.as_str()), (401, "SESSION_PASSWORD_NEEDED"));
        assert_eq!(peer.error(object("updates.getState")).await, "401 AUTH_KEY_UNREGISTERED");
    }
    let check = |proof: Object| object("auth.checkPassword").with("password", proof);
    let state = phone.call_object(object("account.getPassword")).await;
    let right = proof(&state, "secret");
    assert_eq!(tablet.error(check(right.clone())).await, "400 SRP_ID_INVALID");
    let zero = right.clone().with("A", &[0; 256][..]);
    assert_eq!(phone.error(check(zero)).await, "400 SRP_A_INVALID");
    assert_eq!(phone.error(check(right)).await, "400 SRP_ID_INVALID", "the wrong answer used it up");
    assert_eq!(phone.error(check(object("inputCheckPasswordEmpty"))).await, "400 PASSWORD_HASH_INVALID");
    let state = phone.call_object(object("account.getPassword")).await;
    let answer = phone.call_object(check(proof(&state, "secret"))).await;
    assert_eq!(answer.object("user").unwrap().str("first_name"), Some("Alice"));
    assert_eq!(tablet.error(object("updates.getState")).await, "401 AUTH_KEY_UNREGISTERED");
}

#[tokio::test]
async fn a_new_password_must_be_salted_by_both_sides() {
    let dc = start().await;
    let mut peer = Peer::log_in(&dc, ALICE).await;
    let state = peer.call_object(object("account.getPassword")).await;
    let algorithm = state.object("new_algo").unwrap().clone();
    let salt1 = algorithm.bytes("salt1").unwrap().to_vec();
    let update = |salt1: Vec<u8>, hash: &[u8]| {
        let settings = object("account.passwordInputSettings")
            .with("new_algo", algorithm.clone().with("salt1", salt1))
            .with("new_password_hash", hash)
            .with("hint", "");
        object("account.updatePasswordSettings")
            .with("password", object("inputCheckPasswordEmpty"))
            .with("new_settings", settings)
    };
    let (salted, hash) = ([&salt1[..], &[7; 32]].concat(), [5; 256]);
    assert_eq!(peer.error(update(salt1, &hash)).await, "400 NEW_SALT_INVALID");
    assert_eq!(peer.error(update(vec![9; 40], &hash)).await, "400 NEW_SALT_INVALID");
    assert_eq!(peer.error(update(salted.clone(), &hash[1..])).await, "400 NEW_SETTINGS_INVALID");
    assert_eq!(peer.error(update(salted.clone(), &[0; 256])).await, "400 NEW_SETTINGS_INVALID");
    assert_eq!(peer.call(update(salted, &hash)).await, Ok(Value::Bool(true)));
    assert!(peer.call_object(object("account.getPassword")).await.flag("has_password"));
}
