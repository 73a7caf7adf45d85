//! WebSocket, for clients in browsers: the byte stream of a connection inside binary messages, at `/apiws` with the
//! subprotocol `binary`. core.telegram.org/mtproto/transports#websocket.

use std::{future::ready, io};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use offhook_mtproto::transport::MAX_INBOUND;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::{
    accept_hdr_async_with_config,
    tungstenite::{
        self, Message,
        handshake::server::{ErrorResponse, Request, Response},
        http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL},
        protocol::WebSocketConfig,
    },
};
use tokio_util::io::{CopyToBytes, SinkWriter, StreamReader};

const PATHS: [&str; 2] = ["/apiws", "/apiws_test"];
const SUBPROTOCOL: &str = "binary";

/// Answers the upgrade that `stream` begins with. Where a message ends carries no meaning afterwards.
pub(super) async fn accept<S>(stream: S) -> Result<impl AsyncRead + AsyncWrite + Unpin, tungstenite::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config =
        WebSocketConfig::default().max_message_size(Some(MAX_INBOUND)).max_frame_size(Some(MAX_INBOUND));
    let socket = accept_hdr_async_with_config(stream, admit, Some(config)).await?;
    let (sink, stream) = socket.split();
    let received = stream.filter_map(|message| {
        ready(match message {
            Ok(Message::Binary(bytes)) => Some(Ok(bytes)),
            // Pings are answered below; the end of the stream follows a farewell.
            Ok(_) => None,
            Err(error) => Some(Err(io::Error::other(error))),
        })
    });
    let sent = sink
        .sink_map_err(io::Error::other)
        .with(|bytes: Bytes| ready(Ok::<_, io::Error>(Message::Binary(bytes))));
    Ok(tokio::io::join(StreamReader::new(received), SinkWriter::new(CopyToBytes::new(sent))))
}

#[allow(clippy::result_large_err, reason = "tungstenite wants this type")]
fn admit(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let refuse = |status| {
        let mut refusal = ErrorResponse::new(None);
        *refusal.status_mut() = status;
        Err(refusal)
    };
    if !PATHS.contains(&request.uri().path()) {
        return refuse(StatusCode::NOT_FOUND);
    }
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    let mut offered =
        offered.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    if !offered.any(|name| name.trim() == SUBPROTOCOL) {
        return refuse(StatusCode::BAD_REQUEST);
    }
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    Ok(response)
}
