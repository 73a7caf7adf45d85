//! The Telegram client: connections, login, updates, peers, sessions.
//!
//! A [`Client`] is one account on one data center. It keeps a connection up, answers the duties of MTProto's message
//! layer, and gives out calls ([`Client::invoke`]), a login, peers and updates in order.

mod api;
mod client;
mod clock;
mod config;
mod connection;
mod error;
mod login;
mod migration;
mod peer;
mod proxy;
mod rpc;
mod secret;
mod session;
mod stats;
mod updates;
mod vault;

pub use client::Client;
pub use clock::Clock;
pub use config::{ClientConfig, ConfigError, DcId, Device, Limits, TimeOuts, Transport};
pub use connection::dial::{Dialer, Dialing, Stream, TcpDialer};
pub use error::{ConnectError, InvokeError, LinkError, RpcError};
pub use login::{CodeWay, LoginError, LoginToken, LoginTokenError, PasswordState, SentCode, SignIn};
pub use peer::{Peer, PeerId, PeerKind, PeerRef, PeerRefError, ResolveError};
pub use proxy::{HttpProxy, MtProxy, MtProxySecret, Proxy, ProxyError, ProxyLogin, SocksProxy};
pub use rpc::CallOptions;
pub use secret::{ApiHash, BotToken, CodeHash, LoginCode, Password, PhoneNumber, PhoneNumberError};
pub use session::{
    ChannelState, DcKey, FormatError, SelfUser, SessionData, SessionDatabase, SessionError, SessionFile,
    SessionStorage, SessionStore, SessionString, SessionStringError, StringFormat, UpdateState,
};
pub use stats::Stats;
pub use updates::{Handler, Origin, Update, UpdateFilter, Updates};
