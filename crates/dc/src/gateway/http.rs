//! HTTP: a packet is the body of a `POST`, its answer the body of the response. For clients behind proxies that let
//! nothing else through, and in browsers. core.telegram.org/mtproto/transports#http.
//!
//! One request at a time on each connection; a client that wants to hear of updates while it asks keeps a second one.
//! What is sent when is up to the session: `http_wait`.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Body, Incoming},
    header::{self, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use offhook_mtproto::{packet, transport::MAX_INBOUND};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Mutex,
};

use super::{
    Shared,
    connection::exchange,
    hub::{Arrival, Line, Outbound},
};

/// How long a connection may be without a request; a client that has more to say opens another.
const IDLE: Duration = Duration::from_secs(120);
/// How long a request may take to arrive once it has begun.
const ARRIVAL: Duration = Duration::from_secs(60);
/// How long a browser need not ask again whether it may post here, seconds.
const PREFLIGHT_AGE: HeaderValue = HeaderValue::from_static("86400");

/// Answers requests until the client leaves.
pub(super) async fn serve<S>(shared: &Arc<Shared>, line: &mut Line, stream: S) -> hyper::Result<()>
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    // Requests come one after another, so nobody ever waits for it.
    let line = Mutex::new(line);
    let service = service_fn(|request| async {
        Ok::<_, Infallible>(answer(shared, &line, request).await.unwrap_or_else(refusal))
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

async fn answer(
    shared: &Arc<Shared>,
    line: &Mutex<&mut Line>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, StatusCode> {
    if !is_api(request.uri().path()) {
        return Err(StatusCode::NOT_FOUND);
    }
    match *request.method() {
        Method::POST => {}
        Method::OPTIONS => return Ok(preflight()),
        _ => return Err(StatusCode::METHOD_NOT_ALLOWED),
    }
    let bytes = receive(request.into_body()).await.inspect_err(|_| shared.hub().count_bad_packet())?;
    let mut line = line.lock().await;
    let outbound = if packet::key_id(&bytes) == Some(0) {
        exchange(shared, bytes, line.dc).await
    } else {
        shared.with_hub(|hub, at| hub.handle_packet(line.id, &bytes, Arrival::Post, at));
        line.queue.recv().await
    };
    match outbound {
        Some(Outbound::Packet(packet)) => Ok(response(StatusCode::OK, packet.into())),
        // The body repeats it: TDLib takes an answer without one for a broken connection.
        Some(Outbound::Error(code)) => Ok(response(status(code), code.to_le_bytes().to_vec().into())),
        // A step of a key exchange that is to be ignored; a response is due all the same.
        Some(Outbound::QuickAck(_)) | None => Err(StatusCode::BAD_REQUEST),
    }
}

/// `/api`, with `w` for browsers, `1` and `_test` as clients have them: `/apiw1`, `/api_test`, `/apiw_test1`.
fn is_api(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/api") else { return false };
    let rest = rest.strip_prefix('w').unwrap_or(rest);
    matches!(rest, "" | "1" | "_test" | "_test1" | "1_test")
}

/// The body of a request.
async fn receive(body: Incoming) -> Result<Vec<u8>, StatusCode> {
    if body.size_hint().lower() > MAX_INBOUND as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(ARRIVAL, Limited::new(body, MAX_INBOUND).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// A transport error such as -404 as the client is to read it.
fn status(code: i32) -> StatusCode {
    let status = u16::try_from(code.unsigned_abs()).ok().and_then(|code| StatusCode::from_u16(code).ok());
    status.filter(|status| !status.is_success()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = response(status, Bytes::new());
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
    }
    response
}

/// The length comes last: Telethon takes what follows it for the end of the head.
fn response(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let length = body.len();
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_LENGTH, length.into());
    response
}

/// What a browser asks before it posts.
fn preflight() -> Response<Full<Bytes>> {
    let mut response = response(StatusCode::OK, Bytes::new());
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_real_clients_are_known_and_no_others() {
        for path in
            ["/api", "/apiw", "/api1", "/apiw1", "/api_test", "/apiw_test", "/apiw_test1", "/apiw1_test"]
        {
            assert!(is_api(path), "{path}");
        }
        for path in ["", "/", "/apiws", "/api/", "/apix", "/api2", "/apiw1_test1", "/API"] {
            assert!(!is_api(path), "{path}");
        }
    }

    #[test]
    fn transport_errors_become_the_status_of_that_number_and_never_a_success() {
        assert_eq!([-404, -429, -444].map(status).map(|it| it.as_u16()), [404, 429, 444]);
        assert_eq!([-200, -1, 0, i32::MIN].map(status), [StatusCode::INTERNAL_SERVER_ERROR; 4]);
    }
}
