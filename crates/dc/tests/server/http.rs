//! HTTP as any program may speak it: heads and bodies made by hand.

use std::net::SocketAddr;

use offhook_mtproto::exchange::{Client, Step};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{client::*, start};

struct Http(TcpStream);

/// Status, head in lower case, body.
type Answer = (u16, String, Vec<u8>);

impl Http {
    async fn open(addr: SocketAddr) -> Self {
        Self(TcpStream::connect(addr).await.unwrap())
    }

    async fn ask(&mut self, line: &str, body: &[u8]) -> Answer {
        let head = format!("{line} HTTP/1.1\r\nHost:\r\nContent-Length: {}\r\n\r\n", body.len());
        self.0.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
        self.answer().await
    }

    async fn answer(&mut self) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        self.0.read_exact(&mut body).await.unwrap();
        (status, head, body)
    }
}

#[tokio::test]
async fn a_key_is_made_over_http_one_step_a_request_on_the_paths_of_all_clients() {
    let dc = start().await;
    let mut client = Client::new(config(&dc), seed());
    let mut packet = client.start(now());
    let mut http = Http::open(dc.addr()).await;
    let mut paths = ["/api", "/apiw1", "/api_test", "http://127.0.0.1:80/api"].into_iter().cycle();
    loop {
        let (status, head, body) = http.ask(&format!("POST {}", paths.next().unwrap()), &packet).await;
        assert_eq!(status, 200);
        assert!(head.contains("\r\naccess-control-allow-origin: *\r\n"), "{head}");
        // Telethon takes the body to begin after the length.
        assert!(head.lines().rev().nth(1).unwrap().starts_with("content-length"), "{head}");
        match client.handle(&body, now()).unwrap() {
            Step::Send(next) => packet = next,
            Step::Done(_) => break,
        }
    }
    assert_eq!((dc.counters().keys_made, dc.counters().bad_packets), (1, 0));
}

#[tokio::test]
async fn errors_are_statuses_and_the_connection_stays() {
    let dc = start().await;
    let mut http = Http::open(dc.addr()).await;
    // A key nobody knows.
    let (status, _, body) = http.ask("POST /api", &[7; 64]).await;
    assert_eq!((status, body), (404, (-404_i32).to_le_bytes().to_vec()));
    assert_eq!((dc.counters().unknown_keys, dc.counters().posts), (1, 1));
    assert_eq!(http.ask("POST /other", &[7; 64]).await.0, 404);
    assert_eq!((dc.counters().unknown_keys, dc.counters().posts), (1, 1));
    let (status, head, _) = http.ask("GET /api", b"").await;
    assert_eq!(status, 405);
    assert!(head.contains("\r\nallow: post, options\r\n"), "{head}");
    // A plain message that begins no exchange.
    assert_eq!(http.ask("POST /api", &[0; 40]).await.0, 404);
    let (status, head, body) = http.ask("OPTIONS /apiw1", b"").await;
    assert_eq!((status, body.len()), (200, 0));
    for line in ["allow-origin: *", "allow-methods: post, options", "allow-headers: content-type"] {
        assert!(head.contains(&format!("\r\naccess-control-{line}\r\n")), "{head}");
    }
    assert_eq!(http.ask("POST /api", &[7; 64]).await.0, 404);
    assert_eq!(dc.counters().connections, 1);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_unread() {
    let dc = start().await;
    let mut http = Http::open(dc.addr()).await;
    let head = format!("POST /api HTTP/1.1\r\nHost:\r\nContent-Length: {}\r\n\r\n", (16 << 20) + 1);
    http.0.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(http.answer().await.0, 413);
    let counters = dc.counters();
    assert_eq!((counters.posts, counters.bad_packets), (0, 1));
}

#[tokio::test]
async fn what_is_no_http_after_all_ends_the_connection_and_is_counted() {
    let dc = start().await;
    let mut http = Http::open(dc.addr()).await;
    http.0.write_all(b"POST\0/api\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    let _ = http.0.read_to_end(&mut rest).await;
    while dc.counters().connections_open > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(dc.counters().bad_packets, 1);
}
