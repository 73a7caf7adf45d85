//! The end that opens the connection.

use super::{Frame, Kind, Obfuscation, TransportError};
use bytes::BytesMut;

/// One connection's framing, client side. Make a new one for each connection.
#[derive(Debug)]
pub struct ClientTransport {
    kind: Kind,
}

impl ClientTransport {
    /// A transport for a fresh connection.
    ///
    /// # Errors
    /// [`TransportError::FullObfuscated`] for that combination.
    pub fn new(kind: Kind, obfuscation: Option<Obfuscation>, seed: [u8; 32]) -> Result<Self, TransportError> {
        todo!("{kind:?} {obfuscation:?} {seed:?}")
    }

    /// The framing in use.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Appends one packet, framed, to `out`; the first one is preceded by the transport's greeting.
    ///
    /// # Errors
    /// [`TransportError::TooLong`] and [`TransportError::Unaligned`]; nothing is appended then.
    pub fn encode(&mut self, packet: &[u8], out: &mut Vec<u8>) -> Result<(), TransportError> {
        todo!("{packet:?} {out:?}")
    }

    /// Like [`ClientTransport::encode`], and asks the server to confirm it at once with [`Frame::QuickAck`].
    ///
    /// # Errors
    /// Also [`TransportError::NoQuickAck`] on the full transport.
    pub fn encode_with_quick_ack(&mut self, packet: &[u8], out: &mut Vec<u8>) -> Result<(), TransportError> {
        todo!("{packet:?} {out:?}")
    }

    /// Takes everything out of `input` and returns the next whole frame; call it with an empty `input` until it
    /// returns `None`.
    ///
    /// # Errors
    /// A [`TransportError`] ends the connection.
    pub fn decode(&mut self, input: &mut BytesMut) -> Result<Option<Frame>, TransportError> {
        todo!("{input:?}")
    }
}
