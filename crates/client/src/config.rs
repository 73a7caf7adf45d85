//! What a client needs to know before it connects, with argued defaults.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::connection::dial::{Dialer, TcpDialer};
use crate::proxy::{MtProxy, Proxy};
use crate::secret::ApiHash;
use crate::session::SessionStore;

/// Number of a data center, as `config.dc_options` and `*_MIGRATE_X` errors use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DcId(pub i32);

impl std::fmt::Display for DcId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How packets travel to the server. mtproto.md sections 1.2, 1.5 and 1.6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// One or four bytes of length; the least overhead. The default.
    #[default]
    Abridged,
    /// Four bytes of length.
    Intermediate,
    /// Intermediate with 0 to 15 bytes of random padding.
    PaddedIntermediate,
    /// Length, counter and CRC32 for each packet.
    Full,
    /// Abridged inside an obfuscated2 stream: no byte pattern to recognise.
    ObfuscatedAbridged,
    /// Intermediate inside an obfuscated2 stream.
    ObfuscatedIntermediate,
    /// Padded intermediate inside an obfuscated2 stream.
    ObfuscatedPadded,
    /// Intermediate inside an obfuscated2 stream inside a WebSocket, without TLS: for networks that let nothing else
    /// through.
    WebSocket,
    /// HTTP requests without TLS, each packet the body of one, and a long poll beside them that brings what comes unasked:
    /// for proxies that let nothing else through. Twice the connections, and a head of some 200 bytes for each packet.
    Http,
}

/// What the account's owner sees in the list of active sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Model of the device. Default: `offhook`.
    pub model: String,
    /// Version of the operating system. Default: the family name of this system.
    pub system_version: String,
    /// Version of the application. Default: this crate's version.
    pub app_version: String,
    /// Language of the system, IETF tag. Default: `en`.
    pub system_language: String,
    /// Language of the application, IETF tag. Default: `en`.
    pub language: String,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            model: "offhook".to_owned(),
            system_version: std::env::consts::OS.to_owned(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            system_language: "en".to_owned(),
            language: "en".to_owned(),
        }
    }
}

/// How long things may take. Change some: `TimeOuts { call: …, ..TimeOuts::default() }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOuts {
    /// One attempt to open a TCP connection to one address. Default 5 s.
    pub dial: Duration,
    /// From [`Client::connect`](crate::Client::connect) to a usable key, all attempts together.
    /// Default 20 s.
    pub connect: Duration,
    /// The whole key exchange on one connection. Default 15 s; a step is one round trip and one big power.
    pub exchange: Duration,
    /// One call from its start to its answer, reconnects included, flood waits not. Default 30 s.
    pub call: Duration,
    /// Silence after which a ping is sent. Default 30 s; the server is told to hang up
    /// [`TimeOuts::dead`] + 10 s after a ping if nothing follows.
    pub ping: Duration,
    /// Silence after a ping after which the connection counts as dead. Any packet is a sign of life. Default 10 s.
    pub dead: Duration,
    /// First pause before a reconnect; doubles with each failure. Default 0.1 s, so that a call being set up survives a
    /// lost connection; randomised by a quarter.
    pub backoff_first: Duration,
    /// Longest pause before a reconnect. Default 30 s.
    pub backoff_longest: Duration,
    /// Life of the temporary keys that packets travel under. Default 24 h, as the official clients; the next one is
    /// made after about two thirds of it.
    pub temporary_key: Duration,
    /// How long a graceful shutdown may take to write what is queued and to save the session. Default 3 s.
    pub shutdown: Duration,
}

impl Default for TimeOuts {
    fn default() -> Self {
        Self {
            dial: Duration::from_secs(5),
            connect: Duration::from_secs(20),
            exchange: Duration::from_secs(15),
            call: Duration::from_secs(30),
            ping: Duration::from_secs(30),
            dead: Duration::from_secs(10),
            backoff_first: Duration::from_millis(100),
            backoff_longest: Duration::from_secs(30),
            temporary_key: Duration::from_secs(24 * 60 * 60),
            shutdown: Duration::from_secs(3),
        }
    }
}

/// How much may pile up, and how often things are tried. Change some: `Limits { updates: …, ..Limits::default() }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls waiting for an answer at one time. More calls wait their turn, first come first served, within their
    /// own time-out. Default 256.
    pub in_flight: usize,
    /// Updates kept for each reader of [`Client::updates`](crate::Client::updates). At the bound the oldest one that
    /// is not about a phone call is dropped and counted. Default 1,024.
    pub updates: usize,
    /// Updates held back while a gap is being filled. At the bound they are dropped and fetched again as a difference.
    /// Default 1,024.
    pub postponed_updates: usize,
    /// Packets of updates between the connection and the update box. At the bound the oldest one is dropped and the
    /// difference is fetched. Default 256.
    pub inbound_updates: usize,
    /// Users, chats and channels whose access hashes are remembered. At the bound the ones met longest ago are
    /// forgotten. Default 10,000.
    pub peers: usize,
    /// Longest flood wait that is obeyed by sleeping; a longer one is reported as an error. Default 60 s, as Telethon.
    pub flood_wait: Duration,
    /// How often a call is repeated after `FLOOD_WAIT` or an internal server error (code 500 or below 0). Default 3.
    pub retries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_flight: 256,
            updates: 1024,
            postponed_updates: 1024,
            inbound_updates: 256,
            peers: 10_000,
            flood_wait: Duration::from_secs(60),
            retries: 3,
        }
    }
}

/// Everything [`Client::connect`](crate::Client::connect) needs.
///
/// ```
/// use offhook_client::{ClientConfig, DcId, SessionStore};
///
/// # fn build(pem: &str) -> ClientConfig {
/// ClientConfig::new(DcId(2), "127.0.0.1:4433".parse().expect("an address"), 1, "0123456789abcdef")
///     .server_key(pem)
///     .session(SessionStore::memory())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ClientConfig {
    pub(crate) home: DcId,
    pub(crate) addresses: BTreeMap<DcId, Vec<SocketAddr>>,
    pub(crate) test_server: bool,
    pub(crate) server_keys: Vec<String>,
    pub(crate) transport: Transport,
    pub(crate) device: Device,
    pub(crate) api_id: i32,
    pub(crate) api_hash: ApiHash,
    pub(crate) session: SessionStore,
    pub(crate) time_outs: TimeOuts,
    pub(crate) limits: Limits,
    pub(crate) catch_up: bool,
    pub(crate) forward_secrecy: bool,
    pub(crate) dialer: Arc<dyn Dialer>,
    pub(crate) mtproxy: Option<MtProxy>,
    pub(crate) clock: Clock,
}

impl ClientConfig {
    /// A client of the data center `dc` at `address`. `api_id` and `api_hash` come from my.telegram.org; a local
    /// server takes any.
    #[must_use]
    pub fn new(dc: DcId, address: SocketAddr, api_id: i32, api_hash: impl Into<ApiHash>) -> Self {
        Self {
            home: dc,
            addresses: BTreeMap::from([(dc, vec![address])]),
            test_server: false,
            server_keys: Vec::new(),
            transport: Transport::default(),
            device: Device::default(),
            api_id,
            api_hash: api_hash.into(),
            session: SessionStore::memory(),
            time_outs: TimeOuts::default(),
            limits: Limits::default(),
            catch_up: true,
            forward_secrecy: true,
            dialer: Arc::new(TcpDialer),
            mtproxy: None,
            clock: Clock::system(),
        }
    }

    /// Adds an address of a data center. The addresses of one are tried in the order given; other data centers are
    /// used when the server says that the account lives there (`PHONE_MIGRATE_X` and its kin).
    #[must_use]
    pub fn address(mut self, dc: DcId, address: SocketAddr) -> Self {
        self.addresses.entry(dc).or_default().push(address);
        self
    }

    /// Adds an RSA public key of the server in PEM (PKCS#1 or SubjectPublicKeyInfo). At least one is needed.
    #[must_use]
    pub fn server_key(mut self, pem: impl Into<String>) -> Self {
        self.server_keys.push(pem.into());
        self
    }

    /// Says that the addresses are test servers: data center numbers on the wire are 10,000 higher.
    #[must_use]
    pub fn test_server(mut self, yes: bool) -> Self {
        self.test_server = yes;
        self
    }

    /// How packets travel. Default [`Transport::Abridged`].
    #[must_use]
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// Names shown in the account's list of sessions.
    #[must_use]
    pub fn device(mut self, device: Device) -> Self {
        self.device = device;
        self
    }

    /// Where keys and state are kept. Default: memory, forgotten at the end.
    #[must_use]
    pub fn session(mut self, store: SessionStore) -> Self {
        self.session = store;
        self
    }

    /// Time-outs.
    #[must_use]
    pub fn time_outs(mut self, time_outs: TimeOuts) -> Self {
        self.time_outs = time_outs;
        self
    }

    /// Bounds and retries.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether updates that came while the client was away are fetched and delivered at start. Default true.
    #[must_use]
    pub fn catch_up(mut self, yes: bool) -> Self {
        self.catch_up = yes;
        self
    }

    /// Whether packets travel under temporary keys that are bound to the permanent one and renewed: whoever steals the
    /// session later cannot read what was recorded before. Costs a key exchange at each start. Default true.
    #[must_use]
    pub fn forward_secrecy(mut self, yes: bool) -> Self {
        self.forward_secrecy = yes;
        self
    }

    /// How streams are opened, for proxies and tests. Default [`TcpDialer`].
    #[must_use]
    pub fn dialer(mut self, dialer: impl Dialer) -> Self {
        self.dialer = Arc::new(dialer);
        self
    }

    /// The clock to go by, right or wrong. Default [`Clock::system`].
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Goes through a proxy. An MTProxy fixes the framing, whatever [`ClientConfig::transport`] says.
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        match proxy {
            Proxy::Socks(proxy) => self.dialer(proxy),
            Proxy::Http(proxy) => self.dialer(proxy),
            Proxy::MtProxy(proxy) => {
                self.mtproxy = Some(proxy);
                self
            }
        }
    }

    /// Number of a data center on the wire.
    pub(crate) fn number(&self, dc: DcId) -> i32 {
        dc.0 + if self.test_server { 10_000 } else { 0 }
    }

    /// Whether packets are HTTP requests; to an MTProxy they never are.
    pub(crate) fn uses_http(&self) -> bool {
        self.transport == Transport::Http && self.mtproxy.is_none()
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if self.server_keys.is_empty() {
            return Err(ConfigError::NoServerKey);
        }
        for (dc, addresses) in &self.addresses {
            if !(1..10_000).contains(&dc.0) {
                return Err(ConfigError::DcOutOfRange(dc.0));
            }
            if let Some(address) = addresses.iter().find(|address| address.port() == 0) {
                return Err(ConfigError::NoPort(*address));
            }
        }
        for (name, bound) in [
            ("in_flight", self.limits.in_flight),
            ("updates", self.limits.updates),
            ("postponed_updates", self.limits.postponed_updates),
            ("inbound_updates", self.limits.inbound_updates),
            ("peers", self.limits.peers),
        ] {
            if bound == 0 {
                return Err(ConfigError::ZeroLimit(name));
            }
        }
        if self.time_outs.ping.is_zero() || self.time_outs.dead.is_zero() {
            return Err(ConfigError::ZeroTimeOut);
        }
        if self.time_outs.temporary_key < Duration::from_secs(1) {
            return Err(ConfigError::TemporaryKey(self.time_outs.temporary_key));
        }
        Ok(())
    }
}

/// What is wrong with a [`ClientConfig`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// No RSA key of the server was given.
    #[error(
        "no server key given; add the server's RSA public key in PEM (a local server prints it at start)"
    )]
    NoServerKey,
    /// A server key cannot be read.
    #[error("server key {index} is not an RSA public key in PEM: {reason}")]
    ServerKey {
        /// Position among the keys given, from 1.
        index: usize,
        /// What the reader said.
        reason: String,
    },
    /// A data center number outside 1 to 9,999.
    #[error("data center number {0} is outside 1 to 9999")]
    DcOutOfRange(i32),
    /// An address without a port cannot be dialled.
    #[error("address {0} has port 0; give the port the server listens on")]
    NoPort(SocketAddr),
    /// A bound of zero would stop everything.
    #[error("limit `{0}` is zero; give at least 1")]
    ZeroLimit(&'static str),
    /// The server counts in whole seconds.
    #[error("a temporary key cannot live for {0:?}; give at least a second")]
    TemporaryKey(Duration),
    /// A ping interval of zero would be a busy loop.
    #[error("ping and dead time-outs need to be longer than zero")]
    ZeroTimeOut,
}
