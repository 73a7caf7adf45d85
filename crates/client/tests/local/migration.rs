//! Two data centers: accounts are found where they live, and followed when they move.

use std::time::Duration;

use offhook_client::{ClientConfig, DcId, LoginToken, Password, SessionStore, SignIn};
use offhook_dc::{DcHandle, UserSpec};

use crate::town::*;

const CAROL: &str = "+10000000003";
const TOKEN: &str = "777000:AAbbCCdd";
pub(crate) const FIRST: DcId = DcId(2);
pub(crate) const SECOND: DcId = DcId(4);

/// Alice and Bob on the first data center, Carol and a bot on the second.
async fn two() -> DcHandle {
    builder()
        .another(SECOND.0, "127.0.0.1:0".parse().unwrap())
        .user(UserSpec::new(CAROL, "Carol").username("carol").lives_on(SECOND.0))
        .user(UserSpec::bot(TOKEN, "Robot").username("robot_bot").lives_on(SECOND.0))
        .start()
        .await
        .unwrap()
}

/// A client that knows the addresses of both.
pub(crate) fn both(dc: &DcHandle) -> ClientConfig {
    config(dc).address(SECOND, dc.others()[&SECOND.0])
}

#[tokio::test]
async fn a_phone_number_and_a_bot_are_logged_in_where_they_live() {
    let dc = two().await;
    let store = SessionStore::memory();
    let carol = log_in_with(both(&dc).session(store.clone()), CAROL).await;
    assert_eq!(carol.dc(), Some(SECOND));
    let alice = log_in_with(both(&dc), ALICE).await;
    assert_eq!(alice.dc(), Some(FIRST));
    let mut updates = alice.updates();
    write(&carol, "@alice", "from another data center").await;
    assert_eq!(hear(&mut updates).await, "from another data center");
    carol.shutdown().await;
    let again = connect(both(&dc).session(store)).await;
    assert_eq!((again.dc(), again.is_authorized().await.unwrap()), (Some(SECOND), true));

    let bot = connect(both(&dc)).await;
    let me = bot.sign_in_bot(&TOKEN.into()).await.unwrap();
    assert_eq!((me.username.as_deref(), bot.dc()), (Some("robot_bot"), Some(SECOND)));

    // Without the address there is nothing to do but to say so.
    let lost = connect(config(&dc)).await;
    let refused = lost.request_code(&CAROL.parse().unwrap()).await.unwrap_err();
    assert!(matches!(refused, offhook_client::LoginError::OtherDc(SECOND)), "{refused}");
}

#[tokio::test]
async fn a_key_of_one_data_center_is_unknown_to_the_other() {
    let dc = two().await;
    let store = SessionStore::memory();
    log_in_with(both(&dc).session(store.clone()), ALICE).await.shutdown().await;
    let mut data = store.load().unwrap().unwrap();
    let key = data.keys.remove(&FIRST).unwrap();
    data.keys.insert(SECOND, key);
    data.home = Some(SECOND);
    store.save(&data).unwrap();
    let stranger = connect(both(&dc).session(store)).await;
    assert_eq!(stranger.dc(), Some(SECOND));
    assert!(!stranger.is_authorized().await.unwrap(), "a new key had to be made");
}

#[tokio::test]
async fn an_account_that_moves_is_followed_with_its_login_and_its_updates() {
    let dc = two().await;
    let admin = dc.admin();
    assert!(!admin.move_user(ALICE, 3) && !admin.move_user("+10000000009", 4));
    let store = SessionStore::memory();
    let alice = log_in_with(both(&dc).session(store.clone()), ALICE).await;
    let bob = log_in_with(both(&dc), BOB).await;
    let mut updates = alice.updates();
    let mut bobs = bob.updates();
    for round in 0..6 {
        let home = if round % 2 == 0 { SECOND } else { FIRST };
        assert!(admin.move_user(ALICE, home.0));
        // Nothing is told to a device at the wrong data center.
        let missed = format!("missed {round}");
        write(&bob, "@alice", &missed).await;
        // Several calls meet the error at once, and one of them moves.
        let texts: Vec<String> = (0..4).map(|number| format!("{round}.{number}")).collect();
        let to = alice.resolve(&"@bob".parse().unwrap()).await.unwrap();
        let sent = texts.iter().map(|text| alice.send_message(&to, text));
        for sent in within("sent messages", futures_util::future::join_all(sent)).await {
            sent.unwrap();
        }
        assert_eq!(alice.dc(), Some(home));
        assert_eq!(hear(&mut updates).await, missed);
        let mut heard = Vec::new();
        while heard.len() < texts.len() {
            let update = within("a message", bobs.next()).await.unwrap();
            let message = update.object().object("message").filter(|message| !message.flag("out"));
            heard.extend(message.and_then(|message| message.str("message")).map(str::to_owned));
        }
        heard.sort();
        assert_eq!(heard, texts);
    }
    alice.shutdown().await;
    let again = connect(both(&dc).session(store)).await;
    assert!(again.is_authorized().await.unwrap());
    assert_eq!(again.dc(), Some(FIRST));
}

#[tokio::test]
async fn a_move_goes_on_when_the_call_that_met_it_is_given_up() {
    let dc = two().await;
    let alice = log_in_with(both(&dc), ALICE).await;
    assert!(dc.admin().move_user(ALICE, SECOND.0));
    // Somewhere within the move.
    for millis in [1, 3, 10] {
        let _ = tokio::time::timeout(Duration::from_millis(millis), alice.me()).await;
    }
    assert!(within("an answer", alice.is_authorized()).await.unwrap());
    assert_eq!((alice.dc(), alice.user().is_some()), (Some(SECOND), true));
}

#[tokio::test]
async fn an_account_of_another_data_center_accepts_a_qr_code() {
    let dc = two().await;
    let carol = log_in_with(both(&dc), CAROL).await;
    carol.set_password(None, &Password::from("secret"), "").await.unwrap();
    let desk = connect(both(&dc)).await;
    assert_eq!(desk.dc(), Some(FIRST));
    let signed = within(
        "a login",
        desk.qr_login(|token: &LoginToken| {
            let (carol, token) = (carol.clone(), token.clone());
            tokio::spawn(async move { carol.accept_login(&token).await.unwrap() });
        }),
    );
    assert!(matches!(signed.await.unwrap(), SignIn::PasswordRequired { .. }));
    desk.check_password(&Password::from("secret")).await.unwrap();
    assert_eq!((desk.dc(), desk.user()), (Some(SECOND), carol.user()));
}
