//! Opening the byte stream: plain TCP here, anything else through [`Dialer`].

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A byte stream to a data center.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// What [`Dialer::dial`] returns.
pub type Dialing = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send>>;

/// Opens streams. Implement it to go through a proxy; the client adds the time-out and the retries.
pub trait Dialer: fmt::Debug + Send + Sync + 'static {
    /// Starts one attempt to reach `address`. Dropping the future must give the attempt up.
    fn dial(&self, address: SocketAddr) -> Dialing;
}

/// Plain TCP with Nagle's algorithm off: packets are complete when they are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct TcpDialer;

impl Dialer for TcpDialer {
    fn dial(&self, address: SocketAddr) -> Dialing {
        Box::pin(async move {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}
