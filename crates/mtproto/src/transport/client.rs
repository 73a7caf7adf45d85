//! The end that opens the connection.

use super::framing::{End, Framing, Raw};
use super::obfuscation::{self, Streams};
use super::{Frame, Kind, Obfuscation, TransportError};
use bytes::BytesMut;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

/// One connection's framing, client side. Make a new one for each connection.
#[derive(Debug)]
pub struct ClientTransport {
    framing: Framing,
    streams: Option<Streams>,
    /// Sent before the first packet.
    greeting: Vec<u8>,
    /// Received, decrypted, not yet a whole frame.
    received: BytesMut,
    rng: ChaCha20Rng,
}

impl ClientTransport {
    /// A transport for a fresh connection.
    ///
    /// # Errors
    /// [`TransportError::FullObfuscated`] for that combination.
    pub fn new(kind: Kind, obfuscation: Option<Obfuscation>, seed: [u8; 32]) -> Result<Self, TransportError> {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let (greeting, streams) = match (obfuscation, kind) {
            (Some(obfuscation), _) => {
                let (header, streams) = obfuscation::header(kind, obfuscation, &mut rng)?;
                (header.to_vec(), Some(streams))
            }
            (None, Kind::Abridged) => (vec![0xef], None),
            (None, Kind::Intermediate) => (vec![0xee; 4], None),
            (None, Kind::PaddedIntermediate) => (vec![0xdd; 4], None),
            (None, Kind::Full) => (Vec::new(), None),
        };
        let framing = Framing::new(kind, End::Client);
        Ok(Self { framing, streams, greeting, received: BytesMut::new(), rng })
    }

    /// The framing in use.
    pub fn kind(&self) -> Kind {
        self.framing.kind()
    }

    /// Appends one packet, framed, to `out`; the first one is preceded by the transport's greeting.
    ///
    /// # Errors
    /// [`TransportError::TooLong`] and [`TransportError::Unaligned`]; nothing is appended then.
    pub fn encode(&mut self, packet: &[u8], out: &mut Vec<u8>) -> Result<(), TransportError> {
        self.encode_frame(packet, false, out)
    }

    /// Like [`ClientTransport::encode`], and asks the server to confirm it at once with [`Frame::QuickAck`].
    ///
    /// # Errors
    /// Also [`TransportError::NoQuickAck`] on the full transport.
    pub fn encode_with_quick_ack(&mut self, packet: &[u8], out: &mut Vec<u8>) -> Result<(), TransportError> {
        self.encode_frame(packet, true, out)
    }

    fn encode_frame(&mut self, packet: &[u8], quick: bool, out: &mut Vec<u8>) -> Result<(), TransportError> {
        let mut frame = Vec::new();
        self.framing.encode(packet, quick, &mut self.rng, &mut frame)?;
        if let Some(streams) = &mut self.streams {
            streams.to_server.apply(&mut frame);
        }
        out.append(&mut self.greeting);
        out.append(&mut frame);
        Ok(())
    }

    /// Takes everything out of `input` and returns the next whole frame; call it with an empty `input` until it
    /// returns `None`.
    ///
    /// # Errors
    /// A [`TransportError`] ends the connection.
    pub fn decode(&mut self, input: &mut BytesMut) -> Result<Option<Frame>, TransportError> {
        if let Some(streams) = &mut self.streams {
            streams.to_client.apply(input);
        }
        self.received.unsplit(input.split());
        loop {
            let Some(raw) = self.framing.decode(&mut self.received)? else { return Ok(None) };
            match raw {
                Raw::QuickAck(token) => return Ok(Some(Frame::QuickAck(token))),
                Raw::Error(code) => return Ok(Some(Frame::Error(code))),
                Raw::Packet { bytes, .. } => match short(&bytes) {
                    None => return Ok(Some(Frame::Packet(bytes))),
                    Some(Short::Nothing) => {}
                    Some(Short::Frame(frame)) => return Ok(Some(frame)),
                },
            }
        }
    }
}

/// What a payload too short for a packet says.
enum Short {
    /// A filler.
    Nothing,
    Frame(Frame),
}

/// Payloads below 16 bytes are no packets: 0 is a filler, -1 and a token a quick ack, other numbers an error.
fn short(bytes: &[u8]) -> Option<Short> {
    if bytes.len() >= 16 {
        return None;
    }
    let code = i32::from_le_bytes(*bytes.first_chunk()?);
    Some(match (code, bytes[4..].first_chunk()) {
        (0, _) => Short::Nothing,
        (-1, Some(token)) => Short::Frame(Frame::QuickAck(u32::from_le_bytes(*token))),
        _ => Short::Frame(Frame::Error(code)),
    })
}
