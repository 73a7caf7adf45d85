//! The second step of a login, from both ends.

use offhook_client::{LoginError, Password, SessionStore, SignIn};
use offhook_dc::UserSpec;

use crate::town::*;

const CAROL: &str = "+10000000003";

fn secret() -> Password {
    Password::from("correct horse")
}

#[tokio::test]
async fn an_account_with_a_password_is_entered_with_code_and_password_only() {
    let carol = UserSpec::new(CAROL, "Carol").password("correct horse", "an animal");
    let dc = builder().user(carol).start().await.unwrap();
    let client = connect(config(&dc)).await;
    let signed = enter_code(&client, CAROL).await.unwrap();
    assert_eq!(signed, SignIn::PasswordRequired { hint: Some("an animal".into()) });
    assert!(!client.is_authorized().await.unwrap(), "the code alone is not enough");
    let wrong = client.check_password(&Password::from("battery staple")).await;
    assert!(matches!(wrong, Err(LoginError::PasswordInvalid)), "{wrong:?}");
    assert!(!client.is_authorized().await.unwrap());
    let me = client.check_password(&secret()).await.unwrap();
    assert_eq!((me.name.as_str(), client.user().unwrap().id), ("Carol", me.id));
    assert!(client.is_authorized().await.unwrap());
}

#[tokio::test]
async fn a_password_without_a_code_opens_nothing() {
    let dc =
        builder().user(UserSpec::new(CAROL, "Carol").password("correct horse", "")).start().await.unwrap();
    let client = connect(config(&dc)).await;
    let refused = client.check_password(&secret()).await.unwrap_err();
    assert!(
        matches!(&refused, LoginError::Invoke(error) if error.is_rpc("AUTH_KEY_UNREGISTERED")),
        "{refused}"
    );
}

#[tokio::test]
async fn a_password_is_set_changed_and_removed_and_each_counts_at_the_next_login() {
    let dc = start().await;
    let alice = log_in(&dc, ALICE).await;
    assert!(!alice.password_state().await.unwrap().set);

    alice.set_password(None, &secret(), "an animal").await.unwrap();
    let state = alice.password_state().await.unwrap();
    assert_eq!((state.set, state.hint.as_deref()), (true, Some("an animal")));
    let tablet = connect(config(&dc)).await;
    let signed = enter_code(&tablet, ALICE).await.unwrap();
    assert_eq!(signed, SignIn::PasswordRequired { hint: Some("an animal".into()) });
    tablet.check_password(&secret()).await.unwrap();

    let missing = alice.set_password(None, &Password::from("other"), "").await;
    assert!(matches!(missing, Err(LoginError::PasswordNeeded)), "{missing:?}");
    let wrong = alice.set_password(Some(&Password::from("guess")), &Password::from("other"), "").await;
    assert!(matches!(wrong, Err(LoginError::PasswordInvalid)), "{wrong:?}");
    alice.set_password(Some(&secret()), &Password::from("other"), "").await.unwrap();
    let third = connect(config(&dc)).await;
    assert_eq!(enter_code(&third, ALICE).await.unwrap(), SignIn::PasswordRequired { hint: None });
    let old = third.check_password(&secret()).await;
    assert!(matches!(old, Err(LoginError::PasswordInvalid)), "{old:?}");
    third.check_password(&Password::from("other")).await.unwrap();

    alice.remove_password(&Password::from("other")).await.unwrap();
    assert!(!alice.password_state().await.unwrap().set);
    log_in(&dc, ALICE).await;
}

#[tokio::test]
async fn a_password_survives_a_restart_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let dc = builder().data(folder.path()).start().await.unwrap();
    let store = SessionStore::memory();
    let alice = log_in_with(config(&dc).session(store.clone()), ALICE).await;
    alice.set_password(None, &secret(), "").await.unwrap();
    alice.shutdown().await;
    dc.shutdown().await;
    let dc = builder().data(folder.path()).start().await.unwrap();
    let alice = with_session(&dc, &store).await;
    assert!(alice.password_state().await.unwrap().set);
    let tablet = connect(config(&dc)).await;
    assert_eq!(enter_code(&tablet, ALICE).await.unwrap(), SignIn::PasswordRequired { hint: None });
    tablet.check_password(&secret()).await.unwrap();
}
