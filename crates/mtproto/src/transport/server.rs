//! The end that accepts the connection and finds out what the client speaks.

use super::{Inbound, Kind, ProxySecret, TransportError};
use bytes::BytesMut;

/// What a server accepts.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// Secrets of obfuscated clients (as a proxy has them). Plain obfuscation without a secret is always accepted.
    pub secrets: Vec<ProxySecret>,
}

/// One connection's framing, server side. Make a new one for each connection.
#[derive(Debug)]
pub struct ServerTransport {
    kind: Option<Kind>,
}

impl ServerTransport {
    /// A transport that waits for the client's first bytes.
    pub fn new(options: ServerOptions, seed: [u8; 32]) -> Self {
        todo!("{options:?} {seed:?}")
    }

    /// The framing, once the client's first bytes have shown it. Close connections that stay without one for 10 s.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// True when the client obfuscates.
    pub fn is_obfuscated(&self) -> bool {
        todo!()
    }

    /// The DC id an obfuscated client wrote into its header; several clients write random bytes there.
    pub fn claimed_dc(&self) -> Option<i16> {
        todo!()
    }

    /// Takes everything out of `input` and returns the next whole packet; call it with an empty `input` until it
    /// returns `None`.
    ///
    /// # Errors
    /// A [`TransportError`] ends the connection; no answer is due.
    pub fn decode(&mut self, input: &mut BytesMut) -> Result<Option<Inbound>, TransportError> {
        todo!("{input:?}")
    }

    /// Appends one packet, framed, to `out`.
    ///
    /// # Errors
    /// [`TransportError::NotDetected`] before the first client bytes, [`TransportError::TooLong`],
    /// [`TransportError::Unaligned`]; nothing is appended then.
    pub fn encode(&mut self, packet: &[u8], out: &mut Vec<u8>) -> Result<(), TransportError> {
        todo!("{packet:?} {out:?}")
    }

    /// Appends a transport error such as -404.
    ///
    /// # Errors
    /// [`TransportError::NotDetected`] before the first client bytes.
    pub fn encode_error(&mut self, code: i32, out: &mut Vec<u8>) -> Result<(), TransportError> {
        self.encode(&code.to_le_bytes(), out)
    }

    /// Appends the confirmation of a packet whose [`Inbound::wants_quick_ack`] was set. Does nothing on the full
    /// transport.
    ///
    /// # Errors
    /// [`TransportError::NotDetected`] before the first client bytes.
    pub fn encode_quick_ack(&mut self, token: u32, out: &mut Vec<u8>) -> Result<(), TransportError> {
        todo!("{token:?} {out:?}")
    }
}
