//! One TCP connection: bytes to packets and back, inside a WebSocket or HTTP when the client asks for one.

use std::{io::Cursor, sync::Arc, time::Duration};

use bytes::BytesMut;
use offhook_mtproto::{
    exchange::Reply,
    packet,
    session::ConnectionId,
    transport::{ServerOptions, ServerTransport, TransportError},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    Shared, http,
    hub::{Arrival, Line, Outbound},
    now, seed, websocket,
};

/// How long a client may take to show what transport it speaks.
const GREETING: Duration = Duration::from_secs(10);
/// Bytes asked of the socket at once.
const READ: usize = 64 << 10;
/// Bytes collected before they are written.
const WRITE: usize = 256 << 10;

/// Serves a connection until either side or the server ends it.
pub(super) async fn drive(shared: Arc<Shared>, stream: TcpStream, mut line: Line) {
    let _end = End { shared: &shared, line: line.id };
    let cut = line.cut.clone();
    let stop = shared.stop.clone();
    tokio::select! {
        () = cut.cancelled() => {}
        () = stop.cancelled() => {}
        () = serve(&shared, stream, &mut line) => {}
    }
}

/// Tells the hub that the connection is gone, however its task ends.
struct End<'a> {
    shared: &'a Shared,
    line: ConnectionId,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.shared.with_hub(|hub, at| hub.close_line(self.line, at));
    }
}

async fn serve(shared: &Arc<Shared>, stream: TcpStream, line: &mut Line) {
    // Answers are small and awaited.
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = stream.into_split();
    let Some(request) = carry(shared, line, &mut reader, &mut writer).await else { return };
    let upgrade = request.starts_with(b"GET ");
    let stream = tokio::io::join(Cursor::new(request).chain(reader), writer);
    if !upgrade {
        if let Err(error) = http::serve(shared, line, stream).await {
            tracing::debug!(%error, "connection closed");
            // A client may leave whenever it likes.
            if error.is_parse() {
                shared.hub().count_bad_packet();
            }
        }
        return;
    }
    match tokio::time::timeout(GREETING, websocket::accept(stream)).await {
        Ok(Ok(socket)) => {
            let (mut reader, mut writer) = tokio::io::split(socket);
            if carry(shared, line, &mut reader, &mut writer).await.is_some() {
                shared.hub().count_bad_packet();
            }
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "no WebSocket");
            shared.hub().count_bad_packet();
        }
        Err(_) => {}
    }
}

/// Carries packets until the stream ends. Gives back what came when that is the beginning of HTTP.
async fn carry(
    shared: &Arc<Shared>,
    line: &mut Line,
    reader: &mut (impl AsyncRead + Unpin),
    writer: &mut (impl AsyncWrite + Unpin),
) -> Option<BytesMut> {
    let seed = seed().ok()?;
    let mut transport = ServerTransport::new(ServerOptions::default(), seed);
    let mut input = BytesMut::with_capacity(READ);
    let mut output = Vec::new();
    let greeting = tokio::time::sleep(GREETING);
    tokio::pin!(greeting);
    loop {
        tokio::select! {
            () = &mut greeting, if transport.kind().is_none() => return None,
            read = reader.read_buf(&mut input) => {
                if !matches!(read, Ok(1..)) {
                    return None;
                }
                match receive(shared, line, &mut transport, &mut input, &mut output).await {
                    Ok(()) => {}
                    Err(TransportError::Http) => return Some(transport.into_received()),
                    Err(error) => {
                        tracing::debug!(%error, "connection closed");
                        shared.hub().count_bad_packet();
                        return None;
                    }
                }
            }
            message = line.queue.recv() => encode(&mut transport, &message?, &mut output).ok()?,
        }
        while output.len() < WRITE
            && let Ok(message) = line.queue.try_recv()
        {
            encode(&mut transport, &message, &mut output).ok()?;
        }
        if !output.is_empty() {
            writer.write_all(&output).await.ok()?;
            writer.flush().await.ok()?;
            output.clear();
        }
    }
}

/// Handles every whole packet in `input`.
async fn receive(
    shared: &Arc<Shared>,
    line: &Line,
    transport: &mut ServerTransport,
    input: &mut BytesMut,
    output: &mut Vec<u8>,
) -> Result<(), TransportError> {
    while let Some(inbound) = transport.decode(input)? {
        match packet::key_id(&inbound.bytes) {
            Some(0) => {
                if let Some(reply) = exchange(shared, inbound.bytes, line.dc).await {
                    encode(transport, &reply, output)?;
                }
            }
            _ => {
                let arrival = Arrival::Stream { wants_quick_ack: inbound.wants_quick_ack };
                shared.with_hub(|hub, at| hub.handle_packet(line.id, &inbound.bytes, arrival, at));
            }
        }
    }
    Ok(())
}

/// One step of a key exchange, off the tasks that serve others: its powers take milliseconds.
pub(super) async fn exchange(shared: &Arc<Shared>, bytes: Vec<u8>, dc: Option<i32>) -> Option<Outbound> {
    let shared = Arc::clone(shared);
    let step = move || {
        let at = now();
        let reply = shared.exchange().handle(&bytes, at, |key| shared.hub().knows_key(key));
        match reply {
            Reply::Send(packet) => Some(Outbound::Packet(packet)),
            Reply::Created { packet, key } => {
                // The key must be known before the client hears of it.
                let stored = shared.with_hub(|hub, at| hub.add_key(&key, dc, at));
                Some(if stored { Outbound::Packet(packet) } else { Outbound::Error(-429) })
            }
            Reply::Error(code) => Some(Outbound::Error(code)),
            Reply::Nothing => None,
        }
    };
    tokio::task::spawn_blocking(step).await.ok().flatten()
}

fn encode(
    transport: &mut ServerTransport,
    message: &Outbound,
    out: &mut Vec<u8>,
) -> Result<(), TransportError> {
    match message {
        Outbound::Packet(packet) => transport.encode(packet, out),
        Outbound::Error(code) => transport.encode_error(*code, out),
        Outbound::QuickAck(token) => transport.encode_quick_ack(*token, out),
    }
}
