//! Temporary keys: made, bound, renewed, lost, and never at the cost of a message.

use std::time::Duration;

use offhook_client::{LinkError, SessionStore, TimeOuts};
use offhook_tl::Object;

use crate::town::*;

#[tokio::test]
async fn packets_travel_under_a_bound_temporary_key_and_only_the_permanent_one_is_stored() {
    let dc = start().await;
    let store = SessionStore::memory();
    let alice = log_in_with(config(&dc).session(store.clone()), ALICE).await;
    let stats = alice.stats();
    assert_eq!((stats.keys_made, stats.temporary_keys_made), (1, 1));
    assert_eq!(dc.counters().keys_made, 2);
    alice.shutdown().await;
    assert_eq!(store.load().unwrap().unwrap().keys.len(), 1);
    // The login belongs to the permanent key: the next start binds another temporary one to it.
    let alice = with_session(&dc, &store).await;
    assert!(alice.is_authorized().await.unwrap());
    let stats = alice.stats();
    assert_eq!((stats.keys_made, stats.temporary_keys_made), (0, 1));
}

#[tokio::test]
async fn forward_secrecy_can_be_switched_off() {
    let dc = start().await;
    let alice = log_in_with(config(&dc).forward_secrecy(false), ALICE).await;
    let stats = alice.stats();
    assert_eq!((stats.keys_made, stats.temporary_keys_made), (1, 0));
    assert_eq!(dc.counters().keys_made, 1);
}

#[tokio::test]
async fn a_server_that_forgets_temporary_keys_again_and_again_loses_and_doubles_no_message() {
    let dc = start().await;
    let (alice, bob) = (log_in(&dc, ALICE).await, log_in(&dc, BOB).await);
    let (mut to_alice, mut to_bob) = (alice.updates(), bob.updates());
    for round in 0..12 {
        if round % 2 == 1 {
            // Whatever has no connection at this moment makes its key when it comes back.
            dc.admin().expire_temporary_keys();
        }
        let (ping, pong) = (format!("ping {round}"), format!("pong {round}"));
        tokio::join!(write(&alice, "@bob", &ping), write(&bob, "@alice", &pong));
        assert_eq!((hear(&mut to_bob).await, hear(&mut to_alice).await), (ping, pong));
    }
    let stats = alice.stats();
    assert_eq!(stats.keys_made, 1, "the login was kept");
    assert_eq!(stats.temporary_keys_made, 1 + 6);
}

#[tokio::test]
async fn keys_are_renewed_before_they_end_without_a_reconnect() {
    let dc = start().await;
    // A quarter of it is left for making the next key, beside thirty tests that make keys as well.
    let hasty = || config(&dc).time_outs(TimeOuts { temporary_key: Duration::from_secs(10), ..quick() });
    let (alice, bob) = (log_in_with(hasty(), ALICE).await, log_in_with(hasty(), BOB).await);
    let mut to_bob = bob.updates();
    let mut sent = 0;
    while alice.stats().temporary_keys_made < 3 || bob.stats().temporary_keys_made < 3 {
        let text = format!("message {sent}");
        write(&alice, "@bob", &text).await;
        assert_eq!(hear(&mut to_bob).await, text);
        sent += 1;
        // A dozen messages a second are enough to have some in flight at every change, and few enough for the queue of the
        // one who does not read them.
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    for client in [&alice, &bob] {
        let stats = client.stats();
        let told = (stats.keys_made, stats.reconnects, stats.updates_dropped);
        assert_eq!(told, (1, 0, 0), "{:?} {stats:?}", client.link_error());
        assert_eq!(client.link_error(), None);
    }
}

#[tokio::test]
async fn calls_in_flight_when_the_key_changes_are_answered() {
    let dc = start().await;
    let hasty = TimeOuts { temporary_key: Duration::from_secs(2), ..quick() };
    let alice = log_in_with(config(&dc).time_outs(hasty), ALICE).await;
    while alice.stats().temporary_keys_made < 3 {
        let call = || alice.invoke_value(Object::new("help.getNearestDc"));
        let (one, two, three) = tokio::join!(call(), call(), call());
        for answer in [one, two, three] {
            assert_eq!(answer.unwrap().as_object().unwrap().int("this_dc"), Some(2));
        }
    }
}

#[tokio::test]
async fn a_permanent_key_the_server_has_lost_is_replaced_and_the_login_is_gone() {
    let dc = start().await;
    let alice = log_in(&dc, ALICE).await;
    // Alice's permanent key; the temporary one goes with it.
    assert_eq!(dc.admin().forget_keys(), 1);
    assert!(!within("an answer", alice.is_authorized()).await.unwrap());
    assert_eq!((alice.user(), alice.stats().keys_made), (None, 2));
    assert_eq!(alice.link_error(), None::<LinkError>);
}
