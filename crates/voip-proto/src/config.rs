//! What a call is told before it starts.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use zeroize::ZeroizeOnDrop;

use crate::ServerConfig;
use crate::tgcalls::negotiate::Family;

/// Which end of the call this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The party that asked for the call.
    Caller,
    /// The party that was called.
    Callee,
}

impl Role {
    /// The other end.
    pub fn peer(self) -> Self {
        match self {
            Self::Caller => Self::Callee,
            Self::Callee => Self::Caller,
        }
    }
}

/// The key both ends agreed on (see [`crate::handshake`]). Wiped on drop, hidden from `Debug`.
#[derive(Clone, ZeroizeOnDrop)]
pub struct CallKey([u8; 256]);

impl CallKey {
    /// Wraps the 256-byte big-endian form, leading zeros kept.
    pub fn new(bytes: [u8; 256]) -> Self {
        Self(bytes)
    }

    /// The key itself.
    pub fn bytes(&self) -> &[u8; 256] {
        &self.0
    }
}

impl fmt::Debug for CallKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallKey(..)")
    }
}

/// This side's name at a relay, 16 opaque bytes. Whoever knows it can inject datagrams, so `Debug` shows two bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerTag(pub [u8; 16]);

impl fmt::Debug for PeerTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerTag({:02x}{:02x}..)", self.0[0], self.0[1])
    }
}

/// How an [`Endpoint`] is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointKind {
    /// A relay ("reflector") over UDP.
    UdpRelay,
    /// A relay ("reflector") over TCP.
    TcpRelay,
}

/// Somewhere a call can send its datagrams.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The server's id of it; reported back as `connection_id` when the call ends.
    pub id: i64,
    /// Where datagrams go, and where they must come from.
    pub addr: SocketAddr,
    /// This side's tag there.
    pub peer_tag: PeerTag,
    /// How it is reached.
    pub kind: EndpointKind,
}

impl Endpoint {
    /// A relay reached over UDP.
    pub fn relay(id: i64, addr: SocketAddr, peer_tag: PeerTag) -> Self {
        Self { id, addr, peer_tag, kind: EndpointKind::UdpRelay }
    }
}

/// A server of the STUN family (`phoneConnectionWebrtc`); only the modern family of calls uses them.
#[derive(Clone, PartialEq, Eq)]
pub struct IceServer {
    /// Where it is.
    pub addr: SocketAddr,
    /// It tells how this machine looks from outside.
    pub stun: bool,
    /// It relays, for those who know this name and password. `Debug` hides both.
    pub turn: Option<TurnLogin>,
}

/// Name and password at a TURN server; `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct TurnLogin {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for TurnLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TurnLogin(..)")
    }
}

impl fmt::Debug for IceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceServer(")?;
        if self.stun {
            write!(f, "stun ")?;
        }
        if self.turn.is_some() {
            write!(f, "turn ")?;
        }
        write!(f, "at {})", self.addr)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({:?} {} at {})", self.kind, self.id, self.addr)
    }
}

/// How much sound one packet carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FrameLen {
    /// 20 ms.
    Ms20,
    /// 40 ms.
    Ms40,
    /// 60 ms: the default, and the only length that libtgvoip 2.4 plays correctly (libtgvoip.md 5.3).
    #[default]
    Ms60,
}

impl FrameLen {
    /// The length as time.
    pub fn duration(self) -> Duration {
        Duration::from_millis(u64::from(self.millis()))
    }

    /// The length in milliseconds.
    pub fn millis(self) -> u16 {
        match self {
            Self::Ms20 => 20,
            Self::Ms40 => 40,
            Self::Ms60 => 60,
        }
    }
}

/// Everything a [`crate::Call`] needs to know.
#[derive(Clone, Debug)]
pub struct CallConfig {
    /// Which end this is.
    pub role: Role,
    /// The agreed key.
    pub key: CallKey,
    /// What both sides agreed to speak. Default libtgvoip.
    pub family: Family,
    /// Relays, the preferred one first; at least one, at most 16.
    pub endpoints: Vec<Endpoint>,
    /// STUN and TURN servers, for the modern family; at most 16. Default none.
    pub servers: Vec<IceServer>,
    /// `custom_parameters` of the final `phoneCall`, a JSON object; for the modern family. Default none.
    pub custom_parameters: Option<String>,
    /// `max_layer` of the final `phoneCall.protocol`, as merged by the server (libtgvoip.md 1.6). Default 92.
    pub max_layer: i32,
    /// Both users allow a direct path. Nothing is sent outside the relays without it. Default false.
    pub p2p_allowed: bool,
    /// What `phone.getCallConfig` said. Default: the library's defaults.
    pub server: ServerConfig,
    /// Sound per packet of ours. Default 60 ms.
    pub frame: FrameLen,
    /// From the start until INIT_ACK; then the call fails. Default 30 s (`call_connect_timeout_ms`).
    pub connect_timeout: Duration,
    /// Without any valid packet for this long the call fails. Default 10 s (`call_packet_timeout_ms`).
    pub receive_timeout: Duration,
    /// Seed of every random byte the call sends: padding, query ids. Draw it from the system; never use one twice.
    pub seed: [u8; 32],
}

impl CallConfig {
    /// A configuration with every default.
    pub fn new(role: Role, key: CallKey, endpoints: Vec<Endpoint>, seed: [u8; 32]) -> Self {
        Self {
            role,
            key,
            family: Family::Libtgvoip,
            endpoints,
            servers: Vec::new(),
            custom_parameters: None,
            max_layer: 92,
            p2p_allowed: false,
            server: ServerConfig::default(),
            frame: FrameLen::default(),
            connect_timeout: Duration::from_secs(30),
            receive_timeout: Duration::from_secs(10),
            seed,
        }
    }
}

/// Why a call cannot be made from its configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is nowhere to send to.
    #[error("the call has no endpoint")]
    NoEndpoint,
    /// More endpoints than a call can hold.
    #[error("the call has {got} endpoints, at most {limit} are possible")]
    TooManyEndpoints {
        /// How many there were.
        got: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The configuration is for a call of the other family.
    #[error("the configuration is for another family of calls")]
    OtherFamily,
    /// Two endpoints share an address and a tag.
    #[error("two endpoints have the same address")]
    SameAddress,
    /// The layer is older than anything this family speaks (65).
    #[error("max_layer {got} is below {need}")]
    Layer {
        /// What was merged.
        got: i32,
        /// What is needed.
        need: i32,
    },
}
