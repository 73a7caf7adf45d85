//! The way to a data center: one open stream cut into packets, or HTTP requests.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use offhook_mtproto::transport::{ClientTransport, Frame, Kind, Obfuscation, TransportError};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};

use super::dial::Stream;
use super::http::{HttpLink, LONGEST_POLL};
use crate::clock::seed;
use crate::config::Transport;
use crate::stats::Counters;

/// Room made for each read. Larger packets grow it while they arrive.
const READ_ROOM: usize = 4096;

/// The way to a data center.
pub(super) enum Link {
    /// Packets go either way at any time.
    Stream(Box<StreamLink>),
    /// Packets are posted, and answered.
    Http(Box<HttpLink>),
}

/// A long poll that has ended: the key of the session it was for, and the error of the server if that was the answer.
pub(super) type EndedPoll = (i64, Option<i32>);

impl Link {
    pub(super) fn address(&self) -> SocketAddr {
        match self {
            Self::Stream(link) => link.address,
            Self::Http(link) => link.address,
        }
    }

    /// Queues a packet.
    pub(super) fn push(&mut self, packet: &[u8]) -> Result<(), TransportError> {
        match self {
            Self::Stream(link) => link.push(packet),
            Self::Http(link) => {
                link.push(packet.to_vec());
                Ok(())
            }
        }
    }

    /// How long the polls last that this link wants; `None` when it wants none.
    pub(super) fn poll_length(&self) -> Option<Duration> {
        matches!(self, Self::Http(_)).then_some(LONGEST_POLL)
    }

    /// Queues a long poll for the session under this key.
    pub(super) fn push_poll(&mut self, key: i64, packet: Vec<u8>) {
        if let Self::Http(link) = self {
            link.push_poll(key, packet);
        }
    }

    /// A long poll that has ended.
    pub(super) fn ended_poll(&mut self) -> Option<EndedPoll> {
        match self {
            Self::Stream(_) => None,
            Self::Http(link) => link.ended_poll(),
        }
    }

    /// Makes progress with what is queued, or waits for something to arrive. Cancel safe.
    pub(super) async fn progress(&mut self) -> Result<(), LinkEnd> {
        match self {
            Self::Stream(link) => link.progress().await,
            Self::Http(link) => link.progress().await,
        }
    }

    /// The next whole frame that has arrived.
    pub(super) fn next_frame(&mut self) -> Result<Option<Frame>, TransportError> {
        match self {
            Self::Stream(link) => link.next_frame(),
            Self::Http(link) => Ok(link.next_frame()),
        }
    }

    /// Waits for the next frame, writing meanwhile.
    pub(super) async fn frame(&mut self) -> Result<Frame, LinkEnd> {
        loop {
            if let Some(frame) = self.next_frame()? {
                return Ok(frame);
            }
            self.progress().await?;
        }
    }

    /// Writes what is queued and closes.
    pub(super) async fn finish(self) -> Result<(), LinkEnd> {
        match self {
            Self::Stream(link) => Ok(link.finish().await?),
            Self::Http(link) => link.finish().await,
        }
    }
}

/// An open stream, its framing, and what waits to be written.
pub(super) struct StreamLink {
    address: SocketAddr,
    reader: ReadHalf<Box<dyn Stream>>,
    writer: WriteHalf<Box<dyn Stream>>,
    transport: ClientTransport,
    input: BytesMut,
    output: Vec<u8>,
    written: usize,
    /// The stream may keep bytes back until it is flushed.
    unflushed: bool,
    counters: Arc<Counters>,
}

/// Why a link ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkEnd {
    #[error("end of stream")]
    Eof,
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("HTTP: {0}")]
    Http(#[from] hyper::Error),
    #[error("no answer to an HTTP request within {0:?}")]
    Unanswered(Duration),
    #[error("the answer to an HTTP request cannot be taken: {0}")]
    Answer(String),
}

impl StreamLink {
    pub(super) fn new(
        stream: Box<dyn Stream>,
        address: SocketAddr,
        (kind, obfuscation): (Kind, Option<Obfuscation>),
        counters: Arc<Counters>,
    ) -> Result<Self, TransportError> {
        let (reader, writer) = tokio::io::split(stream);
        Ok(Self {
            address,
            reader,
            writer,
            transport: ClientTransport::new(kind, obfuscation, seed())?,
            input: BytesMut::new(),
            output: Vec::new(),
            written: 0,
            unflushed: false,
            counters,
        })
    }

    fn push(&mut self, packet: &[u8]) -> Result<(), TransportError> {
        self.transport.encode(packet, &mut self.output)
    }

    /// Writes what is queued and, unless everything was written before, waits for bytes. Returns after either made
    /// progress. Cancel safe.
    async fn progress(&mut self) -> Result<(), LinkEnd> {
        let Self { reader, writer, input, output, written, unflushed, counters, .. } = self;
        // A closed or overfull peer must not keep us from reading, nor the other way round.
        input.reserve(READ_ROOM);
        let busy = *written < output.len() || *unflushed;
        let outward = async {
            match output.get(*written..) {
                Some(rest) if !rest.is_empty() => writer.write(rest).await.map(Some),
                _ => writer.flush().await.map(|()| None),
            }
        };
        tokio::select! {
            count = reader.read_buf(input) => {
                let count = count?;
                counters.bytes_received.add(count as u64);
                if count == 0 { Err(LinkEnd::Eof) } else { Ok(()) }
            }
            count = outward, if busy => {
                let Some(count) = count? else {
                    *unflushed = false;
                    return Ok(());
                };
                counters.bytes_sent.add(count as u64);
                if count == 0 {
                    return Err(LinkEnd::Io(io::ErrorKind::WriteZero.into()));
                }
                *written += count;
                *unflushed = true;
                if *written == output.len() {
                    output.clear();
                    output.shrink_to(READ_ROOM);
                    *written = 0;
                }
                Ok(())
            }
        }
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, TransportError> {
        self.transport.decode(&mut self.input)
    }

    async fn finish(mut self) -> io::Result<()> {
        self.writer.write_all(&self.output[self.written..]).await?;
        self.writer.shutdown().await
    }
}

pub(super) fn framing(transport: Transport) -> (Kind, Option<Obfuscation>) {
    let obfuscated = Some(Obfuscation::default());
    match transport {
        Transport::Abridged => (Kind::Abridged, None),
        Transport::Intermediate => (Kind::Intermediate, None),
        Transport::PaddedIntermediate => (Kind::PaddedIntermediate, None),
        Transport::Full => (Kind::Full, None),
        Transport::ObfuscatedAbridged => (Kind::Abridged, obfuscated),
        Transport::ObfuscatedIntermediate => (Kind::Intermediate, obfuscated),
        // Over HTTP there is no stream to frame.
        Transport::WebSocket | Transport::Http => (Kind::Intermediate, obfuscated),
        Transport::ObfuscatedPadded => (Kind::PaddedIntermediate, obfuscated),
    }
}
