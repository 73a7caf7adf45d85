//! Logging in and out.

use offhook_client::{Client, CodeWay, DcId, LoginError, Password, PeerRef, SignIn};
use offhook_crypto::dh::Group;
use offhook_crypto::srp::{Challenge, Params};
use offhook_tl::Object;

use crate::scene::*;
use crate::server::{Habits, Reply, Server};

#[tokio::test]
async fn a_code_that_is_right_logs_in_and_one_that_is_wrong_says_so() {
    let (server, client) = pair(telegram).await;
    assert_eq!(client.user(), None);
    let sent = client.request_code(&PHONE.parse().unwrap()).await.unwrap();
    assert_eq!((&sent.way, sent.length), (&CodeWay::App, Some(5)));
    let call = &server.calls("auth.sendCode")[0];
    assert_eq!(
        (call.str("phone_number"), call.int("api_id"), call.str("api_hash")),
        (Some("9996621234"), Some(6), Some("api hash"))
    );
    assert!(matches!(client.sign_in(&sent, &"11111".into()).await, Err(LoginError::CodeInvalid)));
    let SignIn::Authorized(me) = client.sign_in(&sent, &CODE.into()).await.unwrap() else {
        panic!("the code is right")
    };
    assert_eq!((me.id, me.name.as_str(), me.access_hash), (ME, "Ada", Some(ME * 7)));
    assert_eq!(client.user().unwrap().id, ME);
    let call = &server.calls("auth.signIn")[1];
    assert_eq!((call.str("phone_code"), call.str("phone_code_hash")), (Some(CODE), Some("hash")));
    assert_eq!(client.me().await.unwrap(), me);
    assert_eq!(client.resolve(&PeerRef::Me).await.unwrap(), me);
}

#[tokio::test]
async fn a_number_without_an_account_can_be_signed_up() {
    let (server, client) = pair(|call| match call.name() {
        "auth.signIn" => Object::new("auth.authorizationSignUpRequired").into(),
        _ => telegram(call),
    })
    .await;
    let sent = client.request_code(&PHONE.parse().unwrap()).await.unwrap();
    assert_eq!(client.sign_in(&sent, &CODE.into()).await.unwrap(), SignIn::SignUpRequired);
    let me = client.sign_up(&sent, "Ada", "Lovelace").await.unwrap();
    assert_eq!(me.id, ME);
    let call = &server.calls("auth.signUp")[0];
    assert_eq!((call.str("first_name"), call.str("last_name")), (Some("Ada"), Some("Lovelace")));
}

const SALTS: (&[u8], &[u8]) = (b"first salt", b"second salt");

#[tokio::test]
async fn a_password_is_proven_without_being_sent() {
    let group = Group::telegram();
    let params = Params { salt1: SALTS.0, salt2: SALTS.1, group: &group };
    let verifier = params.verifier(b"correct horse");
    let challenge = Challenge::new(&params, &verifier, &mut |out: &mut [u8]| out.fill(0x5a));
    let (server, client) = pair(move |call| srp_telegram(call, &challenge)).await;
    let sent = client.request_code(&PHONE.parse().unwrap()).await.unwrap();
    let signed = client.sign_in(&sent, &CODE.into()).await.unwrap();
    assert_eq!(signed, SignIn::PasswordRequired { hint: Some("a hint".into()) });
    let wrong = client.check_password(&Password::from("battery staple")).await;
    assert!(matches!(wrong, Err(LoginError::PasswordInvalid)), "{wrong:?}");
    let me = client.check_password(&Password::from("correct horse")).await.unwrap();
    assert_eq!(me.id, ME);
    assert_eq!(server.executed("auth.checkPassword"), 2);
}

fn srp_telegram(call: &Object, challenge: &Challenge) -> Reply {
    let group = Group::telegram();
    match call.name() {
        "auth.signIn" => Reply::Error(401, "SESSION_PASSWORD_NEEDED"),
        "account.getPassword" => {
            let algorithm = Object::new("passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow")
                .with("salt1", SALTS.0)
                .with("salt2", SALTS.1)
                .with("g", group.generator())
                .with("p", &group.prime()[..]);
            Object::new("account.password")
                .with("has_password", true)
                .with("current_algo", algorithm)
                .with("srp_B", &challenge.public()[..])
                .with("srp_id", 77_i64)
                .with("hint", "a hint")
                .with("new_algo", Object::new("passwordKdfAlgoUnknown"))
                .with("new_secure_algo", Object::new("securePasswordKdfAlgoUnknown"))
                .with("secure_random", &b""[..])
                .into()
        }
        "auth.checkPassword" => {
            let check = call.object("password").unwrap();
            assert_eq!(check.long("srp_id"), Some(77));
            let params = Params { salt1: SALTS.0, salt2: SALTS.1, group: &group };
            let (a, m1) = (check.bytes("A").unwrap(), check.bytes("M1").unwrap());
            match challenge.verify(&params, a, m1) {
                Ok(()) => authorization().into(),
                Err(_) => Reply::Error(400, "PASSWORD_HASH_INVALID"),
            }
        }
        _ => telegram(call),
    }
}

#[tokio::test]
async fn the_errors_of_a_login_have_names() {
    for (text, code, check) in [
        (
            "PHONE_NUMBER_INVALID",
            400,
            (|error| matches!(error, LoginError::PhoneInvalid)) as fn(&LoginError) -> bool,
        ),
        ("PHONE_NUMBER_BANNED", 400, |error| matches!(error, LoginError::PhoneBanned)),
        ("PHONE_NUMBER_FLOOD", 400, |error| matches!(error, LoginError::PhoneFlood)),
        ("API_ID_INVALID", 400, |error| matches!(error, LoginError::ApiIdInvalid)),
        ("PHONE_MIGRATE_4", 303, |error| matches!(error, LoginError::OtherDc(dc) if dc.0 == 4)),
    ] {
        let (_server, client) = pair(move |_| Reply::Error(code, text)).await;
        let error = client.request_code(&PHONE.parse().unwrap()).await.unwrap_err();
        assert!(check(&error), "{text}: {error:?}");
    }
}

#[tokio::test]
async fn after_a_log_out_the_key_is_no_longer_logged_in() {
    let mut valid = true;
    let (_server, client) = logged_in(move |call| match call.name() {
        "auth.logOut" => {
            valid = false;
            telegram(call)
        }
        "users.getUsers" if !valid => Reply::Error(401, "AUTH_KEY_UNREGISTERED"),
        _ => telegram(call),
    })
    .await;
    assert!(client.is_authorized().await.unwrap());
    client.log_out().await.unwrap();
    assert!(!client.is_authorized().await.unwrap());
    assert_eq!(client.user(), None);
}

#[tokio::test]
async fn a_login_ended_by_the_server_is_forgotten() {
    let (_server, client) = logged_in(|call| match call.name() {
        "help.getNearestDc" => Reply::Error(401, "SESSION_REVOKED"),
        _ => telegram(call),
    })
    .await;
    assert_eq!(client.user().unwrap().id, ME);
    client.invoke_value(call("help.getNearestDc")).await.unwrap_err();
    assert_eq!(client.user(), None);
}

#[tokio::test]
async fn an_account_on_another_data_center_is_followed_there() {
    let other = Server::start(Habits { dc: 4, ..Habits::default() }, telegram).await;
    let server = Server::start(Habits::default(), |call: &Object| match call.name() {
        "auth.sendCode" => Reply::Error(303, "PHONE_MIGRATE_4"),
        _ => telegram(call),
    })
    .await;
    let store = store();
    let config = config(&server).address(DcId(4), other.address).session(store.clone());
    let client = Client::connect(config).await.unwrap();
    log_in(&client).await;
    assert_eq!(client.dc(), Some(DcId(4)));
    assert_eq!((server.executed("auth.signIn"), other.executed("auth.signIn")), (0, 1));
    client.shutdown().await;
    let kept = store.load().unwrap().unwrap();
    assert_eq!(kept.home, Some(DcId(4)));
    assert_eq!(kept.keys.keys().map(|dc| dc.0).collect::<Vec<_>>(), [2, 4]);
}
