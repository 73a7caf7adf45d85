//! SOCKS version 5. RFC 1928, and RFC 1929 for name and password.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpStream;
use tokio_socks::tcp::Socks5Stream;

use super::ProxyLogin;
use crate::connection::dial::{Dialer, Dialing, Stream};

/// Opens streams through a SOCKS5 proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocksProxy {
    /// Where the proxy is.
    pub address: SocketAddr,
    /// Name and password, when it wants them.
    pub login: Option<ProxyLogin>,
}

impl Dialer for SocksProxy {
    fn dial(&self, address: SocketAddr) -> Dialing {
        let Self { address: proxy, login } = self.clone();
        Box::pin(async move {
            let socket = TcpStream::connect(proxy).await?;
            socket.set_nodelay(true)?;
            let opened = match &login {
                Some(login) => {
                    let (user, password) = (login.user.as_str(), login.password.expose());
                    Socks5Stream::connect_with_password_and_socket(socket, address, user, password).await
                }
                None => Socks5Stream::connect_with_socket(socket, address).await,
            };
            let stream = opened.map_err(|error| io::Error::other(format!("the proxy says: {error}")))?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}
