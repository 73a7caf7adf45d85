//! Keys, salts and clocks.

use std::time::Duration;

use offhook_client::{Client, ClientConfig, ConfigError, ConnectError, DcId, LinkError, TimeOuts};
use offhook_crypto::rsa::PrivateKey;

use crate::scene::*;
use crate::server::{Habits, Server};

#[tokio::test]
async fn a_clock_five_minutes_off_either_way_is_made_up_for() {
    for clock in [-300, 300] {
        let server = Server::start(Habits { clock, ..Habits::default() }, telegram).await;
        let client = connect(&server).await;
        let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
        assert_eq!(country(&answer), "DE");
        let offset = client.stats().clock_offset;
        assert!((clock - 2..=clock + 2).contains(&offset), "{clock}: {offset}");
    }
}

#[tokio::test]
async fn a_stored_clock_offset_that_is_wrong_by_now_is_corrected() {
    let server = Server::start(Habits::default(), telegram).await;
    let store = store();
    let client = Client::connect(config(&server).session(store.clone())).await.unwrap();
    client.shutdown().await;
    let mut kept = store.load().unwrap().unwrap();
    kept.keys.get_mut(&DcId(2)).unwrap().time_offset = -3600;
    store.save(&kept).unwrap();
    let client = Client::connect(config(&server).session(store)).await.unwrap();
    let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
    assert_eq!(country(&answer), "DE");
    assert!(client.stats().clock_offset.abs() <= 2);
    assert!(client.stats().bad_messages >= 1);
}

#[tokio::test]
async fn a_salt_the_server_does_not_take_costs_one_more_round_trip() {
    let server = Server::start(Habits { handshake_salt: false, ..Habits::default() }, telegram).await;
    let client = connect(&server).await;
    let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
    assert_eq!(country(&answer), "DE");
    assert!(client.stats().bad_salts >= 1);
    assert_eq!(
        server.executed("help.getNearestDc"),
        1,
        "refused with the wrong salt, executed with the right one"
    );
}

#[tokio::test]
async fn a_server_with_another_rsa_key_is_refused_by_name_at_once() {
    let server = Server::start(Habits::default(), telegram).await;
    let mut random = |out: &mut [u8]| getrandom::fill(out).unwrap();
    let stranger = PrivateKey::generate(&mut random).public().to_pem();
    let config = ClientConfig::new(DcId(2), server.address, 6, "hash").server_key(stranger);
    let error = Client::connect(config).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Link(LinkError::ServerKey { given: 1, .. })), "{error}");
    assert!(error.to_string().contains("give the key that this server prints"), "{error}");
    assert_eq!(server.accepted(), 1, "trying again cannot help");
}

#[tokio::test]
async fn a_wrong_data_center_number_is_named_at_once() {
    let server = Server::start(Habits { dc: 5, ..Habits::default() }, telegram).await;
    let error = Client::connect(config(&server)).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Link(LinkError::WrongDc { dc: DcId(2), .. })), "{error}");
}

#[tokio::test]
async fn a_server_that_lost_its_keys_is_given_a_new_one_and_the_login_is_gone() {
    let (server, client) = logged_in(telegram).await;
    server.forget_keys();
    let answer = client.invoke_value(call("help.getNearestDc")).await.unwrap();
    assert_eq!(country(&answer), "DE");
    assert_eq!(client.stats().keys_made, 2);
    assert_eq!(client.user(), None, "a new key is not logged in");
}

#[tokio::test]
async fn a_server_that_refuses_everything_does_not_cost_the_stored_key() {
    let (server, client) = logged_in(telegram).await;
    server.refuse_all(-404);
    server.cut();
    let limit = Duration::from_secs(1);
    let waiting = client.invoke_value(call("help.getNearestDc"));
    tokio::time::timeout(limit, waiting).await.unwrap_err();
    // The exchange is refused as well, so no new key comes about and the login is kept for better days.
    let error = client.link_error().unwrap();
    assert!(matches!(&error, LinkError::Exchange { .. }), "{error}");
    assert_eq!((client.user().unwrap().id, client.stats().keys_made), (ME, 1));
}

#[tokio::test]
async fn a_configuration_that_cannot_work_says_what_is_missing() {
    let address = "127.0.0.1:1".parse().unwrap();
    let bare = ClientConfig::new(DcId(2), address, 6, "hash");
    let error = Client::connect(bare.clone()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Config(ConfigError::NoServerKey)), "{error}");
    let error = Client::connect(bare.clone().server_key("not a key")).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Config(ConfigError::ServerKey { index: 1, .. })), "{error}");
    let error =
        Client::connect(ClientConfig::new(DcId(0), address, 6, "hash").server_key("x")).await.unwrap_err();
    assert!(matches!(error, ConnectError::Config(ConfigError::DcOutOfRange(0))), "{error}");
}

#[tokio::test]
async fn nobody_at_the_address_is_named_with_a_remedy() {
    // A port that was free a moment ago, and is nobody's now.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let times = TimeOuts { connect: Duration::from_millis(300), ..time_outs() };
    let pem = PrivateKey::test_key().public().to_pem();
    let config = ClientConfig::new(DcId(2), address, 6, "hash").server_key(pem).time_outs(times);
    let error = Client::connect(config).await.unwrap_err();
    assert!(
        matches!(&error, ConnectError::Link(LinkError::Unreachable { address: named, .. }) if *named == address),
        "{error}"
    );
    assert!(error.to_string().contains("check the address, and that the server runs"), "{error}");
}
