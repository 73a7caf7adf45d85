//! TCP streams cut into packets: abridged, intermediate, padded intermediate and full framing, plain or inside
//! obfuscated2.
//!
//! ```
//! use bytes::BytesMut;
//! use offhook_mtproto::transport::{ClientTransport, Kind, ServerOptions, ServerTransport};
//!
//! let mut client = ClientTransport::new(Kind::Abridged, None, [1; 32])?;
//! let mut server = ServerTransport::new(ServerOptions::default(), [2; 32]);
//! let mut wire = Vec::new();
//! client.encode(b"four", &mut wire)?; // the first packet carries the transport's greeting
//! let packet = server.decode(&mut BytesMut::from(&wire[..]))?.expect("one whole packet");
//! assert_eq!(packet.bytes, b"four");
//! # Ok::<(), offhook_mtproto::transport::TransportError>(())
//! ```

mod client;
mod fake_tls;
mod framing;
mod obfuscation;
mod server;

pub use client::ClientTransport;
pub use fake_tls::{FakeTls, FakeTlsError, MAX_DOMAIN};
pub use obfuscation::{Obfuscation, ProxySecret};
pub use server::{ServerOptions, ServerTransport};

/// Largest packet accepted, 16 MiB.
pub const MAX_INBOUND: usize = 16 << 20;
/// Largest packet sent, 4 MiB: TDLib refuses more from a server.
pub const MAX_OUTBOUND: usize = 1 << 22;

/// How packets are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `ef`, then lengths in 4-byte units of one or four bytes. Smallest.
    Abridged,
    /// `eeeeeeee`, then 4-byte lengths.
    Intermediate,
    /// `dddddddd`, then 4-byte lengths and up to 15 random bytes after each packet.
    PaddedIntermediate,
    /// Length, packet number and CRC-32 around each packet; no greeting, no quick acks, no obfuscation.
    Full,
}

/// What a client's transport received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A packet: hand it to the key exchange or the session.
    Packet(Vec<u8>),
    /// The server has received the packet with this token (bit 31 set); see
    /// [`crate::packet::quick_ack_token`].
    QuickAck(u32),
    /// The server refuses: -404 unknown key, -429 too many connections, -444 wrong DC.
    Error(i32),
}

/// What a server's transport received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// The packet.
    pub bytes: Vec<u8>,
    /// The client asks for [`ServerTransport::encode_quick_ack`] with this packet's token.
    pub wants_quick_ack: bool,
}

/// Why a stream is useless from here on: close the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// A frame above [`MAX_INBOUND`], or a packet to send above [`MAX_OUTBOUND`].
    #[error("packet of {got} bytes, at most {limit} are allowed")]
    TooLong {
        /// Bytes announced or given.
        got: usize,
        /// The limit.
        limit: usize,
    },
    /// A frame whose length is impossible for its framing.
    #[error("frame length {got} cannot be")]
    BadLength {
        /// The length announced.
        got: usize,
    },
    /// Packets must be made of whole 4-byte words.
    #[error("packet of {got} bytes is not a multiple of four")]
    Unaligned {
        /// Bytes given.
        got: usize,
    },
    /// The checksum of a full frame is wrong.
    #[error("checksum does not match")]
    Checksum,
    /// Full frames must be numbered 0, 1, 2, …
    #[error("frame number {got}, expected {need}")]
    Sequence {
        /// The number read.
        got: u32,
        /// The number due.
        need: u32,
    },
    /// The first bytes fit no transport (server side).
    #[error("unknown transport")]
    UnknownTransport,
    /// The first bytes are HTTP or a WebSocket upgrade (server side).
    #[error("the client speaks HTTP")]
    Http,
    /// The first bytes are a TLS ClientHello (server side).
    #[error("the client speaks TLS")]
    Tls,
    /// The full transport cannot be obfuscated: it has no tag.
    #[error("the full transport cannot be obfuscated")]
    FullObfuscated,
    /// Quick acks exist in abridged and intermediate framing only.
    #[error("the full transport has no quick acks")]
    NoQuickAck,
    /// The peer's transport is not known before its first bytes arrive (server side).
    #[error("nothing can be sent before the client's first bytes")]
    NotDetected,
}
