//! A phone that is shut down leaves no call behind.

mod program;

use offhook::phone::{CallError, Outcome, Stage};
use program::{ALICE, BOB, hasty, phone, telegram};

#[tokio::test(flavor = "multi_thread")]
async fn shutting_a_phone_down_ends_its_calls_and_takes_no_more() {
    let dc = telegram().await;
    let (alice, bob) = tokio::join!(phone(&dc, ALICE, hasty()), phone(&dc, BOB, hasty()));
    let mut incoming = bob.incoming();
    let call = alice.call("@bob").await.unwrap();
    let answer = incoming.next().await.unwrap().accept().unwrap();
    assert!(call.events().reach(Stage::Established).await);
    assert!(answer.events().reach(Stage::Established).await);
    alice.shutdown().await;
    assert_eq!(call.wait().await.outcome, Outcome::Completed);
    assert_eq!(answer.wait().await.outcome, Outcome::Completed);
    assert!(matches!(alice.call("@bob").await, Err(CallError::Closed)));
}
