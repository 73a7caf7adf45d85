//! Every way in which packets travel.

use offhook_client::{SessionStore, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::town::*;

const ALL: [Transport; 9] = [
    Transport::Abridged,
    Transport::Intermediate,
    Transport::PaddedIntermediate,
    Transport::Full,
    Transport::ObfuscatedAbridged,
    Transport::ObfuscatedIntermediate,
    Transport::ObfuscatedPadded,
    Transport::WebSocket,
    Transport::Http,
];

#[tokio::test]
async fn every_transport_logs_in_writes_both_ways_and_survives_a_lost_connection() {
    for transport in ALL {
        let dc = start().await;
        let store = SessionStore::memory();
        let alice = log_in_with(config(&dc).transport(transport).session(store.clone()), ALICE).await;
        let bob = log_in(&dc, BOB).await;
        let (mut alices, mut bobs) = (alice.updates(), bob.updates());
        for round in 0..3 {
            // Longer than any frame with a short length, and than one read.
            let long = format!("{round} {}", "x".repeat(3_000));
            write(&alice, "@bob", &long).await;
            assert_eq!(hear(&mut bobs).await, long, "{transport:?}");
            write(&bob, "@alice", &long).await;
            assert_eq!(hear(&mut alices).await, long, "{transport:?}");
            assert!(dc.admin().drop_connections() >= 2);
        }
        write(&bob, "@alice", "the last").await;
        assert_eq!(hear(&mut alices).await, "the last", "{transport:?}");
        assert!(alice.stats().reconnects >= 3, "{transport:?}: {:?}", alice.stats());
        alice.shutdown().await;
        let again = connect(config(&dc).transport(transport).session(store)).await;
        assert!(again.is_authorized().await.unwrap(), "{transport:?}");
        assert_eq!(dc.counters().bad_packets, 0, "{transport:?}");
        assert_eq!(dc.counters().posts > 0, transport == Transport::Http, "{transport:?}");
    }
}

#[tokio::test]
async fn over_http_keys_and_sessions_that_the_server_forgets_cost_no_message() {
    let dc = start().await;
    let http = |store: &SessionStore| config(&dc).transport(Transport::Http).session(store.clone());
    let alice = log_in_with(http(&SessionStore::memory()), ALICE).await;
    let bob = log_in_with(http(&SessionStore::memory()), BOB).await;
    let (mut alices, mut bobs) = (alice.updates(), bob.updates());
    for round in 0..8 {
        match round % 4 {
            1 => drop(dc.admin().expire_temporary_keys()),
            2 => drop(dc.admin().forget_sessions()),
            3 => dc.admin().expire_salts(),
            _ => {}
        }
        let (ping, pong) = (format!("ping {round}"), format!("pong {round}"));
        tokio::join!(write(&alice, "@bob", &ping), write(&bob, "@alice", &pong));
        assert_eq!((hear(&mut bobs).await, hear(&mut alices).await), (ping, pong));
    }
    let counters = dc.counters();
    assert_eq!(counters.bad_packets, 0);
    assert!(counters.posts > 0);
    assert_eq!((alice.stats().keys_made, bob.stats().keys_made), (1, 1));
    // One for what is said, one for each session's long poll.
    assert!((2..=8).contains(&counters.connections_open), "{counters:?}");
}

#[tokio::test]
async fn what_asks_for_another_page_or_no_websocket_is_refused() {
    let dc = start().await;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nHost: dc\r\n";
    let binary = "Sec-WebSocket-Protocol: binary\r\n";
    for (request, status) in [
        (format!("GET /apiws HTTP/1.1\r\n{upgrade}{binary}\r\n"), "HTTP/1.1 101"),
        (format!("GET /apiws HTTP/1.1\r\n{upgrade}\r\n"), "HTTP/1.1 400"),
        (format!("GET /other HTTP/1.1\r\n{upgrade}{binary}\r\n"), "HTTP/1.1 404"),
    ] {
        let mut stream = TcpStream::connect(dc.addr()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = [0; 12];
        within("an answer", stream.read_exact(&mut head)).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&head), status);
    }
    let mut stream = TcpStream::connect(dc.addr()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    let _ = within("the end", stream.read_to_end(&mut rest)).await;
    within("counted", async {
        while dc.counters().bad_packets < 3 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
