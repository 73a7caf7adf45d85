//! Proxies made here: each relays to the local Telegram and counts what it let through.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use offhook_client::{Client, ConnectError, LinkError, Proxy, TimeOuts, Transport};
use offhook_crypto::hash::hmac_sha256;
use offhook_mtproto::transport::ProxySecret;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::town::*;

/// A proxy's address, and how many connections it has taken through.
struct Relay {
    address: SocketAddr,
    through: Arc<AtomicUsize>,
}

impl Relay {
    /// Runs `serve` for each connection; what it returns is counted.
    async fn start<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Option<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let through = Arc::new(AtomicUsize::new(0));
        let counter = through.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (served, counter) = (serve(stream), counter.clone());
                tokio::spawn(async move {
                    if served.await.is_some() {
                        counter.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Self { address, through }
    }
}

async fn forward(mut client: impl AsyncRead + AsyncWrite + Unpin, to: SocketAddr) {
    let mut server = TcpStream::connect(to).await.unwrap();
    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
}

/// RFC 1928 and 1929, with `ada` and `secret` when a login is wanted.
async fn serve_socks(mut stream: TcpStream, login: bool) -> Option<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.ok()?;
    let mut methods = vec![0; usize::from(head[1])];
    stream.read_exact(&mut methods).await.ok()?;
    let wanted = if login { 2 } else { 0 };
    if !methods.contains(&wanted) {
        stream.write_all(&[5, 0xff]).await.ok()?;
        return None;
    }
    stream.write_all(&[5, wanted]).await.ok()?;
    if login {
        let mut given = vec![0; 1 + 1 + 3 + 1 + 6];
        stream.read_exact(&mut given).await.ok()?;
        let right = given == b"\x01\x03ada\x06secret";
        stream.write_all(&[1, u8::from(!right)]).await.ok()?;
        right.then_some(())?;
    }
    let mut request = [0; 10];
    stream.read_exact(&mut request).await.ok()?;
    assert_eq!(request[..4], [5, 1, 0, 1], "connect to an IPv4 address");
    let ip: [u8; 4] = request[4..8].try_into().unwrap();
    let to = SocketAddr::from((ip, u16::from_be_bytes([request[8], request[9]])));
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    forward(stream, to).await;
    Some(())
}

async fn serve_http(mut stream: TcpStream, login: bool) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let to = head.strip_prefix("CONNECT ").unwrap().split(' ').next().unwrap().parse().unwrap();
    let given = format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode("ada:secret"));
    if login && !head.contains(&given) {
        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await.ok()?;
        return None;
    }
    // The last bytes of the head and the first of the stream may come in one packet.
    stream.write_all(b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n").await.ok()?;
    forward(stream, to).await;
    Some(())
}

async fn log_in_through(dc: &offhook_dc::DcHandle, proxy: &str) -> Client {
    log_in_with(config(dc).proxy(proxy.parse::<Proxy>().unwrap()), ALICE).await
}

/// Why a client does not come through.
async fn refusal(dc: &offhook_dc::DcHandle, proxy: &str) -> String {
    let hasty = TimeOuts { connect: std::time::Duration::from_millis(500), ..quick() };
    let config = config(dc).proxy(proxy.parse::<Proxy>().unwrap()).time_outs(hasty);
    match Client::connect(config).await.unwrap_err() {
        ConnectError::Link(LinkError::Unreachable { reason, .. }) => reason,
        other => other.to_string(),
    }
}

#[tokio::test]
async fn a_socks_proxy_is_gone_through_with_and_without_a_login() {
    let dc = start().await;
    let open = Relay::start(|stream| serve_socks(stream, false)).await;
    let client = log_in_through(&dc, &format!("socks5://{}", open.address)).await;
    assert!(client.is_authorized().await.unwrap());
    client.shutdown().await;
    let closed = Relay::start(|stream| serve_socks(stream, true)).await;
    let client = log_in_through(&dc, &format!("socks5://ada:secret@{}", closed.address)).await;
    assert!(client.is_authorized().await.unwrap());
    let said = refusal(&dc, &format!("socks5://ada:guess!@{}", closed.address)).await;
    assert!(said.starts_with("the proxy says: "), "{said}");
}

#[tokio::test]
async fn an_http_proxy_is_gone_through_with_and_without_a_login() {
    let dc = start().await;
    let open = Relay::start(|stream| serve_http(stream, false)).await;
    let client = log_in_through(&dc, &format!("http://{}", open.address)).await;
    assert!(client.is_authorized().await.unwrap());
    client.shutdown().await;
    let closed = Relay::start(|stream| serve_http(stream, true)).await;
    let client = log_in_through(&dc, &format!("http://ada:secret@{}", closed.address)).await;
    assert!(client.is_authorized().await.unwrap());
    let said = refusal(&dc, &format!("http://{}", closed.address)).await;
    assert_eq!(said, "the proxy wants a name and a password (status 407)");
}

#[tokio::test]
async fn every_connection_of_the_http_transport_goes_through_the_proxy() {
    let dc = start().await;
    let relay = Relay::start(|stream| serve_socks(stream, false)).await;
    let proxy: Proxy = format!("socks5://{}", relay.address).parse().unwrap();
    let alice = log_in_with(config(&dc).transport(Transport::Http).proxy(proxy), ALICE).await;
    assert!(alice.is_authorized().await.unwrap());
    alice.shutdown().await;
    assert!(dc.counters().connections >= 2);
    within("the end of all that went through", async {
        while relay.through.load(Ordering::Relaxed) as u64 != dc.counters().connections {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

const KEY: [u8; 16] = *b"0123456789abcdef";
const HEX: &str = "30313233343536373839616263646566";

/// An MTProxy: takes obfuscation under the secret off, and passes on what is inside.
async fn serve_mtproxy(stream: impl AsyncRead + AsyncWrite + Unpin, to: SocketAddr) -> Option<()> {
    use offhook_mtproto::transport::{ClientTransport, Frame, Kind, ServerOptions, ServerTransport};
    let options = ServerOptions { secrets: vec![ProxySecret(KEY)] };
    let mut inside = ServerTransport::new(options, [1; 32]);
    let mut outside = ClientTransport::new(Kind::Intermediate, None, [2; 32]).unwrap();
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut server = TcpStream::connect(to).await.unwrap();
    let (mut input, mut answers) = (bytes::BytesMut::new(), bytes::BytesMut::new());
    loop {
        let mut out = Vec::new();
        tokio::select! {
            read = reader.read_buf(&mut input) => {
                if !matches!(read, Ok(1..)) {
                    return Some(());
                }
                while let Some(packet) = inside.decode(&mut input).ok()? {
                    outside.encode(&packet.bytes, &mut out).unwrap();
                }
                assert!(inside.kind().is_none_or(|kind| kind == Kind::PaddedIntermediate));
                server.write_all(&out).await.ok()?;
            }
            read = server.read_buf(&mut answers) => {
                if !matches!(read, Ok(1..)) {
                    return Some(());
                }
                while let Some(frame) = outside.decode(&mut answers).ok()? {
                    match frame {
                        Frame::Packet(packet) => inside.encode(&packet, &mut out).unwrap(),
                        Frame::Error(code) => inside.encode_error(code, &mut out).unwrap(),
                        Frame::QuickAck(_) => {}
                    }
                }
                writer.write_all(&out).await.ok()?;
            }
        }
    }
}

#[tokio::test]
async fn an_mtproxy_is_gone_through_with_its_secret_only() {
    let dc = start().await;
    let to = dc.addr();
    let relay = Relay::start(move |stream| serve_mtproxy(stream, to)).await;
    let link =
        |secret: &str| format!("tg://proxy?server=127.0.0.1&port={}&secret={secret}", relay.address.port());
    let client = log_in_through(&dc, &link(&format!("dd{HEX}"))).await;
    assert!(client.is_authorized().await.unwrap());
    client.shutdown().await;
    let said = refusal(&dc, &link("dd00000000000000000000000000000000")).await;
    assert!(said.contains("closed the connection"), "{said}");
}

/// The server's end of fake TLS: checks the hello, answers it, and takes the records off.
async fn serve_fake_tls(mut stream: TcpStream, to: SocketAddr) -> Option<()> {
    let mut hello = [0; 517];
    stream.read_exact(&mut hello).await.ok()?;
    let mut random = [0; 32];
    random.copy_from_slice(&hello[11..43]);
    hello[11..43].fill(0);
    let expected = hmac_sha256(&KEY, &[&hello]);
    if expected[..28] != random[..28] {
        // As a web server would answer nonsense.
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok()?;
        return None;
    }
    let time: [u8; 4] = std::array::from_fn(|i| expected[28 + i] ^ random[28 + i]);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(u32::from_le_bytes(time).into()) < 60, "the hello tells the time");
    let mut answer = vec![0x16, 3, 3, 0, 122];
    answer.extend_from_slice(&[0; 122]);
    answer.extend_from_slice(&[0x14, 3, 3, 0, 1, 1, 0x17, 3, 3, 0, 64]);
    answer.extend_from_slice(&[9; 64]);
    let proof = hmac_sha256(&KEY, &[&random, &answer]);
    answer[11..43].copy_from_slice(&proof);
    stream.write_all(&answer).await.ok()?;
    let (plain, mut other) = tokio::io::duplex(1 << 16);
    tokio::spawn(serve_mtproxy(plain, to));
    let (mut reader, mut writer) = stream.split();
    let (mut from_other, mut to_other) = tokio::io::split(&mut other);
    let inward = async {
        let mut seen = Vec::new();
        loop {
            let mut head = [0; 5];
            reader.read_exact(&mut head).await.ok()?;
            let mut content = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
            reader.read_exact(&mut content).await.ok()?;
            seen.push(head[0]);
            if seen.len() == 1 {
                assert_eq!((seen[0], &content[..]), (0x14, &[1][..]), "one change of cipher comes first");
                continue;
            }
            assert_eq!(head[0], 0x17);
            to_other.write_all(&content).await.ok()?;
        }
    };
    let outward = async {
        let mut content = [0; 100];
        loop {
            let count = from_other.read(&mut content).await.ok().filter(|count| *count > 0)?;
            let mut record = vec![0x17, 3, 3];
            record.extend_from_slice(&(count as u16).to_be_bytes());
            record.extend_from_slice(&content[..count]);
            writer.write_all(&record).await.ok()?;
        }
    };
    let _: (Option<()>, Option<()>) = tokio::join!(inward, outward);
    Some(())
}

#[tokio::test]
async fn a_proxy_disguised_as_a_web_server_is_gone_through_with_its_secret_only() {
    let dc = start().await;
    let to = dc.addr();
    let relay = Relay::start(move |stream| serve_fake_tls(stream, to)).await;
    let domain = "6578616d706c652e6f7267";
    let link = |key: &str| {
        format!("tg://proxy?server=127.0.0.1&port={}&secret=ee{key}{domain}", relay.address.port())
    };
    let client = log_in_through(&dc, &link(HEX)).await;
    assert!(client.is_authorized().await.unwrap());
    client.shutdown().await;
    let said = refusal(&dc, &link("00000000000000000000000000000000")).await;
    assert!(said.contains("not the one of a proxy"), "{said}");
    assert!(relay.through.load(Ordering::Relaxed) <= 2);
}
