//! WebSocket: the byte stream of a connection inside binary messages. mtproto.md section 1.5.

use std::future::ready;
use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::io::{CopyToBytes, SinkWriter, StreamReader};

use super::dial::Stream;

/// Longest message taken: what one packet may have.
const LONGEST: usize = offhook_mtproto::transport::MAX_INBOUND;

/// Upgrades a stream. Where a message ends carries no meaning afterwards.
pub(super) async fn upgrade(
    stream: Box<dyn Stream>,
    address: SocketAddr,
    test_server: bool,
) -> io::Result<Box<dyn Stream>> {
    let path = if test_server { "apiws_test" } else { "apiws" };
    let mut request = format!("ws://{address}/{path}").into_client_request().map_err(io::Error::other)?;
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("binary"));
    let config = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
    let (socket, _) =
        client_async_with_config(request, stream, Some(config)).await.map_err(io::Error::other)?;
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
    let writer = SinkWriter::new(CopyToBytes::new(sent));
    Ok(Box::new(tokio::io::join(StreamReader::new(received), writer)))
}
