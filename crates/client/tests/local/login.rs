//! Other ways in: a QR code, a bot's token; and the way out.

use offhook_client::{LoginError, LoginToken, Password, SignIn};
use offhook_dc::UserSpec;
use tokio::sync::mpsc;

use crate::town::*;

#[tokio::test]
async fn a_device_that_shows_a_code_is_let_in_by_one_that_is_logged_in() {
    let dc = start().await;
    let (phone, desk) = (log_in(&dc, ALICE).await, connect(config(&dc)).await);
    let (shown, mut tokens) = mpsc::unbounded_channel();
    let desk_login = desk.clone();
    let login =
        tokio::spawn(async move { desk_login.qr_login(|token| shown.send(token.clone()).unwrap()).await });
    let token = within("a token", tokens.recv()).await.unwrap();
    // As it goes through a camera.
    let seen: LoginToken = token.link().parse().unwrap();
    phone.accept_login(&seen).await.unwrap();
    let signed = within("a login", login).await.unwrap().unwrap();
    let SignIn::Authorized(me) = signed else { panic!("{signed:?}") };
    assert_eq!((me.id, desk.user().unwrap().id), (phone.user().unwrap().id, me.id));
    assert!(desk.is_authorized().await.unwrap());
    let again = phone.accept_login(&seen).await.unwrap_err();
    assert!(matches!(&again, LoginError::Invoke(error) if error.is_rpc("AUTH_TOKEN_INVALID")), "{again}");
    let stranger = connect(config(&dc)).await;
    let refused = stranger.accept_login(&seen).await.unwrap_err();
    assert!(
        matches!(&refused, LoginError::Invoke(error) if error.is_rpc("AUTH_KEY_UNREGISTERED")),
        "{refused}"
    );
}

#[tokio::test]
async fn a_code_does_not_get_around_the_password() {
    let dc = start().await;
    let (phone, desk) = (log_in(&dc, ALICE).await, connect(config(&dc)).await);
    phone.set_password(None, &Password::from("secret"), "a word").await.unwrap();
    let signed = within(
        "a login",
        desk.qr_login(|token| {
            let (phone, token) = (phone.clone(), token.clone());
            tokio::spawn(async move { phone.accept_login(&token).await.unwrap() });
        }),
    );
    assert_eq!(signed.await.unwrap(), SignIn::PasswordRequired { hint: Some("a word".into()) });
    assert!(!desk.is_authorized().await.unwrap());
    desk.check_password(&Password::from("secret")).await.unwrap();
    assert!(desk.is_authorized().await.unwrap());
}

#[tokio::test]
async fn a_bot_logs_in_with_its_token_and_with_nothing_else() {
    let token = "777000:AAbbCCdd";
    let dc = builder().user(UserSpec::bot(token, "Robot").username("robot_bot")).start().await.unwrap();
    let bot = connect(config(&dc)).await;
    let wrong = bot.sign_in_bot(&"777000:wrong".into()).await.unwrap_err();
    assert!(matches!(wrong, LoginError::TokenInvalid), "{wrong}");
    let me = bot.sign_in_bot(&token.into()).await.unwrap();
    assert!(me.bot && bot.user().unwrap().bot);
    assert_eq!(me.username.as_deref(), Some("robot_bot"));
    let stranger = connect(config(&dc)).await;
    let refused = stranger.request_code(&"777000".parse().unwrap()).await.unwrap_err();
    assert!(matches!(refused, LoginError::PhoneInvalid), "{refused}");
    let alice = log_in(&dc, ALICE).await;
    let seen = alice.resolve(&"@robot_bot".parse().unwrap()).await.unwrap();
    assert!(seen.bot && seen.phone.is_none());
}

#[tokio::test]
async fn who_logs_out_is_out_on_the_server_and_here() {
    let dc = start().await;
    let alice = log_in(&dc, ALICE).await;
    alice.log_out().await.unwrap();
    assert_eq!(alice.user(), None);
    assert!(!alice.is_authorized().await.unwrap());
    let signed = enter_code(&alice, BOB).await.unwrap();
    assert!(matches!(signed, SignIn::Authorized(_)), "the key can be used for another login");
}
