//! MTProxy: a relay that is reached in obfuscated2 under a secret, and with an `ee` secret inside fake TLS.
//! mtproto.md section 1.5.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::{Buf, BytesMut};
use offhook_mtproto::transport::{FakeTls, MAX_DOMAIN, ProxySecret};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::ProxyError;
use crate::clock::seed;
use crate::connection::dial::Stream;

/// Room for one read.
const READ_ROOM: usize = 16 << 10;
/// Wrapped bytes that wait for the socket; above it writers wait.
const MOST_WAITING: usize = 64 << 10;

/// An MTProxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MtProxy {
    /// Where the proxy is.
    pub address: SocketAddr,
    /// What it is reached with.
    pub secret: MtProxySecret,
}

/// The secret of an MTProxy, whose first byte tells how to speak. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub enum MtProxySecret {
    /// 16 bytes: obfuscated.
    Plain([u8; 16]),
    /// `dd` and 16 bytes: obfuscated, with random padding.
    Padded([u8; 16]),
    /// `ee`, 16 bytes and a domain: the same inside what looks like TLS to that domain.
    FakeTls([u8; 16], Vec<u8>),
}

impl MtProxySecret {
    pub(crate) fn key(&self) -> ProxySecret {
        match self {
            Self::Plain(key) | Self::Padded(key) | Self::FakeTls(key, _) => ProxySecret(*key),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let key = |bytes: &[u8]| bytes.first_chunk().copied();
        match (bytes.first()?, bytes.len()) {
            (_, 16) => Some(Self::Plain(key(bytes)?)),
            (0xdd, 17) => Some(Self::Padded(key(&bytes[1..])?)),
            (0xee, 18..) if bytes.len() - 17 <= MAX_DOMAIN => {
                Some(Self::FakeTls(key(&bytes[1..])?, bytes[17..].to_vec()))
            }
            _ => None,
        }
    }
}

impl fmt::Debug for MtProxySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain(hidden)",
            Self::Padded(_) => "Padded(hidden)",
            Self::FakeTls(..) => "FakeTls(hidden)",
        })
    }
}

impl FromStr for MtProxySecret {
    type Err = ProxyError;

    /// Hexadecimal, or base64 of either alphabet, with or without padding.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let base64 = |alphabet| {
            let config = GeneralPurposeConfig::new()
                .with_decode_padding_mode(DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true);
            GeneralPurpose::new(alphabet, config).decode(text).ok()
        };
        let found = [hex::decode(text).ok(), base64(&alphabet::URL_SAFE), base64(&alphabet::STANDARD)];
        found.iter().flatten().find_map(|bytes| Self::from_bytes(bytes)).ok_or(ProxyError::Secret)
    }
}

/// Puts the disguise of an `ee` secret around a stream to a proxy; other secrets need none.
pub(crate) async fn disguise(
    mut stream: Box<dyn Stream>,
    secret: &MtProxySecret,
    unix: Duration,
) -> io::Result<Box<dyn Stream>> {
    let MtProxySecret::FakeTls(_, domain) = secret else { return Ok(stream) };
    let (mut tls, hello) = FakeTls::new(secret.key(), domain, unix, seed()).map_err(io::Error::other)?;
    stream.write_all(&hello).await?;
    let (mut input, mut received) = (BytesMut::new(), BytesMut::new());
    while !tls.is_open() {
        input.reserve(READ_ROOM);
        if stream.read_buf(&mut input).await? == 0 {
            return Err(io::Error::other("the proxy closed the connection; is the secret right?"));
        }
        tls.unwrap(&mut input, &mut received).map_err(io::Error::other)?;
    }
    Ok(Box::new(Disguised { stream, tls, input, received, waiting: Vec::new(), written: 0 }))
}

/// A stream inside fake TLS.
struct Disguised {
    stream: Box<dyn Stream>,
    tls: FakeTls,
    input: BytesMut,
    received: BytesMut,
    /// Wrapped, not yet written; the first `written` bytes are.
    waiting: Vec<u8>,
    written: usize,
}

impl Disguised {
    /// Writes what waits until nothing does.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.waiting.len() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.waiting[self.written..]))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        self.waiting.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Disguised {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while this.received.is_empty() {
            let mut room = [0; READ_ROOM];
            let mut read = ReadBuf::new(&mut room);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.input.extend_from_slice(read.filled());
            this.tls.unwrap(&mut this.input, &mut this.received).map_err(io::Error::other)?;
        }
        let count = this.received.len().min(out.remaining());
        out.put_slice(&this.received[..count]);
        this.received.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Disguised {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.waiting.len() >= MOST_WAITING {
            ready!(this.poll_drain(cx))?;
        }
        this.tls.wrap(data, &mut this.waiting);
        // What cannot be written now is written with the next data or a flush.
        match this.poll_drain(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(data.len())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_in_every_form_they_are_passed_around() {
        let key: [u8; 16] = std::array::from_fn(|i| i as u8);
        let hex = "000102030405060708090a0b0c0d0e0f";
        assert_eq!(hex.parse(), Ok(MtProxySecret::Plain(key)));
        assert_eq!(format!("dd{hex}").parse(), Ok(MtProxySecret::Padded(key)));
        let tls = MtProxySecret::FakeTls(key, b"example.org".to_vec());
        assert_eq!(format!("ee{hex}6578616d706c652e6f7267").parse(), Ok(tls.clone()));
        assert_eq!("7gABAgMEBQYHCAkKCwwNDg9leGFtcGxlLm9yZw".parse(), Ok(tls.clone()));
        assert_eq!("7gABAgMEBQYHCAkKCwwNDg9leGFtcGxlLm9yZw==".parse(), Ok(tls));
        for wrong in ["", "00", "zz", &format!("cc{hex}"), &format!("ee{hex}")] {
            assert_eq!(wrong.parse::<MtProxySecret>(), Err(ProxyError::Secret), "{wrong}");
        }
    }
}
