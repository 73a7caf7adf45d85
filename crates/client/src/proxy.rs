//! Ways around: SOCKS5 and HTTP proxies as [`Dialer`]s, and MTProxy, which also changes what is said.

mod http;
mod mtproxy;
mod socks;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

pub use self::http::HttpProxy;
pub(crate) use self::mtproxy::disguise;
pub use self::mtproxy::{MtProxy, MtProxySecret};
pub use self::socks::SocksProxy;
use crate::secret::Password;

/// Name and password for a proxy. `Debug` hides the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyLogin {
    /// Name.
    pub user: String,
    /// Password.
    pub password: Password,
}

/// Any proxy, as people write it:
///
/// * `socks5://[user:password@]HOST:PORT`
/// * `http://[user:password@]HOST:PORT`
/// * `tg://proxy?server=HOST&port=PORT&secret=SECRET`, also with `https://t.me/proxy?…`
///
/// Hosts are IP addresses; names would be asked from whoever is to be avoided.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// SOCKS version 5.
    Socks(SocksProxy),
    /// HTTP with `CONNECT`.
    Http(HttpProxy),
    /// MTProxy.
    MtProxy(MtProxy),
}

/// Why a text is no proxy. Does not repeat the text: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// Neither of the forms of [`Proxy`].
    #[error(
        "the proxy is not written as socks5://HOST:PORT, http://HOST:PORT or tg://proxy?server=…&port=…&secret=…"
    )]
    Form,
    /// The address is no IP address with a port.
    #[error("the proxy's address must be an IP address and a port")]
    Address,
    /// The secret is none, or of a kind not known.
    #[error("the proxy's secret must be 16 bytes, or begin with dd or ee, in hexadecimal or base64")]
    Secret,
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("socks5://") {
            let (login, address) = authority(rest)?;
            return Ok(Self::Socks(SocksProxy { address, login }));
        }
        if let Some(rest) = text.strip_prefix("http://") {
            let (login, address) = authority(rest)?;
            return Ok(Self::Http(HttpProxy { address, login }));
        }
        let forms = ["tg://proxy?", "tg:proxy?", "https://t.me/proxy?", "http://t.me/proxy?", "t.me/proxy?"];
        let query = forms.iter().find_map(|form| text.strip_prefix(form)).ok_or(ProxyError::Form)?;
        let field = |name: &str| {
            query.split('&').filter_map(|field| field.split_once('=')).find(|(key, _)| *key == name)
        };
        let (Some((_, server)), Some((_, port)), Some((_, secret))) =
            (field("server"), field("port"), field("secret"))
        else {
            return Err(ProxyError::Form);
        };
        let ip: IpAddr = server.parse().map_err(|_| ProxyError::Address)?;
        let port = port.parse().ok().filter(|port| *port > 0).ok_or(ProxyError::Address)?;
        let secret = secret.parse()?;
        Ok(Self::MtProxy(MtProxy { address: SocketAddr::new(ip, port), secret }))
    }
}

fn authority(text: &str) -> Result<(Option<ProxyLogin>, SocketAddr), ProxyError> {
    let text = text.trim_end_matches('/');
    let (login, address) = match text.rsplit_once('@') {
        Some((login, address)) => {
            let (user, password) = login.split_once(':').ok_or(ProxyError::Form)?;
            (Some(ProxyLogin { user: user.to_owned(), password: Password::from(password) }), address)
        }
        None => (None, text),
    };
    let address: SocketAddr = address.parse().map_err(|_| ProxyError::Address)?;
    if address.port() == 0 { Err(ProxyError::Address) } else { Ok((login, address)) }
}

impl fmt::Display for Proxy {
    /// The kind and the address; no login and no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socks(proxy) => write!(f, "SOCKS5 proxy {}", proxy.address),
            Self::Http(proxy) => write!(f, "HTTP proxy {}", proxy.address),
            Self::MtProxy(proxy) => write!(f, "MTProxy {}", proxy.address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_as_people_write_them() {
        let login = |user: &str, password: &str| {
            Some(ProxyLogin { user: user.to_owned(), password: Password::from(password) })
        };
        assert_eq!(
            "socks5://127.0.0.1:1080".parse(),
            Ok(Proxy::Socks(SocksProxy { address: "127.0.0.1:1080".parse().unwrap(), login: None }))
        );
        assert_eq!(
            "http://ada:p@ss@[::1]:3128/".parse(),
            Ok(Proxy::Http(HttpProxy {
                address: "[::1]:3128".parse().unwrap(),
                login: login("ada", "p@ss")
            }))
        );
        let secret = "dd000102030405060708090a0b0c0d0e0f";
        for form in ["tg://proxy?", "https://t.me/proxy?"] {
            let text = format!("{form}server=192.0.2.1&port=443&secret={secret}");
            let Ok(Proxy::MtProxy(proxy)) = text.parse() else { panic!("{form}") };
            assert_eq!(proxy.address, "192.0.2.1:443".parse().unwrap());
            assert!(matches!(proxy.secret, MtProxySecret::Padded(_)));
        }
    }

    #[test]
    fn what_is_no_proxy_says_why_without_repeating_it() {
        for (text, error) in [
            ("ftp://127.0.0.1:1", ProxyError::Form),
            ("socks5://example.org:1080", ProxyError::Address),
            ("socks5://127.0.0.1:0", ProxyError::Address),
            ("tg://proxy?server=127.0.0.1&port=443", ProxyError::Form),
            ("tg://proxy?server=127.0.0.1&port=443&secret=xyz", ProxyError::Secret),
        ] {
            assert_eq!(text.parse::<Proxy>(), Err(error), "{text}");
        }
        let shown = format!("{:?}", "socks5://ada:hunter2@127.0.0.1:1".parse::<Proxy>());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
