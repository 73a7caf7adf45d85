//! HTTP proxies: `CONNECT`, RFC 9110 section 9.3.6, with basic authentication.

use std::io;
use std::net::SocketAddr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::ProxyLogin;
use crate::connection::dial::{Dialer, Dialing, Stream};

/// Longest answer to `CONNECT`.
const LONGEST_HEAD: usize = 8 << 10;

/// Opens streams through an HTTP proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpProxy {
    /// Where the proxy is.
    pub address: SocketAddr,
    /// Name and password, when it wants them.
    pub login: Option<ProxyLogin>,
}

impl Dialer for HttpProxy {
    fn dial(&self, address: SocketAddr) -> Dialing {
        let Self { address: proxy, login } = self.clone();
        Box::pin(async move {
            let mut stream = TcpStream::connect(proxy).await?;
            stream.set_nodelay(true)?;
            stream.write_all(request(address, login.as_ref()).as_bytes()).await?;
            let status = status(&mut stream).await?;
            match status {
                200..=299 => Ok(Box::new(stream) as Box<dyn Stream>),
                407 => Err(io::Error::other("the proxy wants a name and a password (status 407)")),
                status => Err(io::Error::other(format!("the proxy refuses (status {status})"))),
            }
        })
    }
}

fn request(address: SocketAddr, login: Option<&ProxyLogin>) -> String {
    let login = login.map(|login| {
        let text = format!("{}:{}", login.user, login.password.expose());
        format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode(text))
    });
    format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n{}\r\n", login.unwrap_or_default())
}

/// Reads the head of the answer and not a byte more: what follows is the server's.
async fn status(stream: &mut TcpStream) -> io::Result<u16> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return Err(io::Error::other("the proxy's answer has no end"));
        }
        head.push(stream.read_u8().await?);
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ');
    let http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
    let status = words.next().and_then(|word| word.parse().ok()).filter(|_| http);
    status.ok_or_else(|| io::Error::other("the proxy does not speak HTTP"))
}
