//! The end that accepts the connection and finds out what the client speaks.

use super::framing::{End, Framing, Raw};
use super::obfuscation::{self, HEADER, Streams};
use super::{Inbound, Kind, ProxySecret, TransportError};
use bytes::{Buf, BytesMut};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a server accepts.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    /// Secrets of obfuscated clients (as a proxy has them). Plain obfuscation without a secret is always accepted.
    pub secrets: Vec<ProxySecret>,
}

/// One connection's framing, server side. Make a new one for each connection.
#[derive(Debug)]
pub struct ServerTransport {
    options: ServerOptions,
    known: Option<Known>,
    /// Received, decrypted once the transport is known, not yet a whole frame.
    received: BytesMut,
    rng: ChaCha20Rng,
}

/// What the first bytes showed.
#[derive(Debug)]
struct Known {
    framing: Framing,
    streams: Option<Streams>,
    dc: Option<i16>,
}

impl Known {
    fn clear(kind: Kind) -> Self {
        Self { framing: Framing::new(kind, End::Server), streams: None, dc: None }
    }
}

impl ServerTransport {
    /// A transport that waits for the client's first bytes.
    pub fn new(options: ServerOptions, seed: [u8; 32]) -> Self {
        Self { options, known: None, received: BytesMut::new(), rng: ChaCha20Rng::from_seed(seed) }
    }

    /// The framing, once the client's first bytes have shown it. Close connections that stay without one for 10 s.
    pub fn kind(&self) -> Option<Kind> {
        self.known.as_ref().map(|known| known.framing.kind())
    }

    /// True when the client obfuscates.
    pub fn is_obfuscated(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.streams.is_some())
    }

    /// The DC id an obfuscated client wrote into its header; several clients write random bytes there.
    pub fn claimed_dc(&self) -> Option<i16> {
        self.known.as_ref().and_then(|known| known.dc)
    }

    /// What the client has sent that is no packet: all of it when its first bytes fit no transport.
    pub fn into_received(self) -> BytesMut {
        self.received
    }

    /// Takes everything out of `input` and returns the next whole packet; call it with an empty `input` until it
    /// returns `None`.
    ///
    /// # Errors
    /// A [`TransportError`] ends the connection; no answer is due.
    pub fn decode(&mut self, input: &mut BytesMut) -> Result<Option<Inbound>, TransportError> {
        match &mut self.known {
            Some(known) => {
                if let Some(streams) = &mut known.streams {
                    streams.to_server.apply(input);
                }
                self.received.unsplit(input.split());
            }
            None => {
                self.received.unsplit(input.split());
                self.known = self.detect()?;
            }
        }
        let Some(known) = &mut self.known else { return Ok(None) };
        Ok(match known.framing.decode(&mut self.received)? {
            Some(Raw::Packet { bytes, wants_quick_ack }) => Some(Inbound { bytes, wants_quick_ack }),
            Some(Raw::QuickAck(_) | Raw::Error(_)) => unreachable!("only a client reads these"),
            None => None,
        })
    }

    /// Looks at the first bytes in the order of the table in core.telegram.org/mtproto/mtproto-transports; each
    /// row waits for the bytes it needs.
    fn detect(&mut self) -> Result<Option<Known>, TransportError> {
        let received = &mut self.received;
        if received.first() == Some(&0xef) {
            received.advance(1);
            return Ok(Some(Known::clear(Kind::Abridged)));
        }
        let Some(first) = received.first_chunk::<4>() else { return Ok(None) };
        let kind = match first {
            [0xee, 0xee, 0xee, 0xee] => Kind::Intermediate,
            [0xdd, 0xdd, 0xdd, 0xdd] => Kind::PaddedIntermediate,
            b"POST" | b"GET " | b"HEAD" | b"OPTI" => return Err(TransportError::Http),
            [0x16, 0x03, 0x01, _] => return Err(TransportError::Tls),
            _ => return self.detect_later(),
        };
        received.advance(4);
        Ok(Some(Known::clear(kind)))
    }

    /// The rows that need eight and 64 bytes.
    fn detect_later(&mut self) -> Result<Option<Known>, TransportError> {
        if self.received.len() < 8 {
            return Ok(None);
        }
        if self.received[4..8] == [0; 4] {
            return Ok(Some(Known::clear(Kind::Full)));
        }
        let Some(&header) = self.received.first_chunk::<HEADER>() else { return Ok(None) };
        let secrets = std::iter::once(None).chain(self.options.secrets.iter().copied().map(Some));
        let opened = secrets.into_iter().find_map(|secret| obfuscation::open(&header, secret));
        let mut opened = opened.ok_or(TransportError::UnknownTransport)?;
        self.received.advance(HEADER);
        opened.streams.to_server.apply(&mut self.received);
        let framing = Framing::new(opened.kind, End::Server);
        Ok(Some(Known { framing, streams: Some(opened.streams), dc: Some(opened.dc) }))
    }

    /// Appends one packet, framed, to `out`.
    ///
    /// # Errors
    /// [`TransportError::NotDetected`] before the first client bytes, [`TransportError::TooLong`],
    /// [`TransportError::Unaligned`]; nothing is appended then.
    pub fn encode(&mut self, packet: &[u8], out: &mut Vec<u8>) -> Result<(), TransportError> {
        let known = self.known.as_mut().ok_or(TransportError::NotDetected)?;
        let start = out.len();
        known.framing.encode(packet, false, &mut self.rng, out)?;
        if let Some(streams) = &mut known.streams {
            streams.to_client.apply(&mut out[start..]);
        }
        Ok(())
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
        let known = self.known.as_mut().ok_or(TransportError::NotDetected)?;
        let start = out.len();
        known.framing.encode_quick_ack(token, out);
        if let Some(streams) = &mut known.streams {
            streams.to_client.apply(&mut out[start..]);
        }
        Ok(())
    }
}
