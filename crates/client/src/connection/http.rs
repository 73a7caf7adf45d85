//! HTTP: packets are the bodies of requests and of their answers. mtproto.md section 1.6.
//!
//! One request at a time on each connection, and two kinds of them. Those with something to say go one after another, so
//! that the server sees them in order. Beside them each session has a long poll, which the server answers when it has
//! something to say. Connections are kept and used again.

use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use offhook_mtproto::transport::{Frame, MAX_INBOUND};
use tokio_util::task::AbortOnDropHandle;

use super::dial::Stream;
use super::link::{EndedPoll, LinkEnd};
use super::task::Wiring;

/// How long the server may keep a long poll: what it takes for granted when nothing is said.
pub(super) const LONGEST_POLL: Duration = Duration::from_secs(25);
/// Connections at once: one for what is said, the others for long polls, of which there are as many as sessions.
const MAX_CONNECTIONS: usize = 8;

/// Requests under way, and packets that wait to be one.
pub(super) struct HttpLink {
    pub(super) address: SocketAddr,
    wiring: Wiring,
    /// Connections without a request.
    idle: Vec<Connection>,
    /// Waiting for the one under way to be answered.
    said: VecDeque<Vec<u8>>,
    saying: bool,
    /// Waiting for a connection, with the key of the session.
    polls: VecDeque<(i64, Vec<u8>)>,
    requests: FuturesUnordered<Asking>,
    frames: VecDeque<Frame>,
    ended: VecDeque<EndedPoll>,
}

/// A request under way.
type Asking = Pin<Box<dyn Future<Output = (Purpose, Result<Answered, LinkEnd>)> + Send>>;
type Answered = (Connection, Frame);

#[derive(Clone, Copy, Debug)]
enum Purpose {
    Say,
    /// For the session under this key.
    Poll(i64),
}

/// A connection, and the task that moves its bytes.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    _driver: AbortOnDropHandle<()>,
}

impl Connection {
    async fn open(stream: Box<dyn Stream>) -> Result<Self, hyper::Error> {
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Its error is that of the request under way; without one there is nothing to tell.
        let driver = tokio::spawn(async { drop(connection.await) });
        Ok(Self { sender, _driver: AbortOnDropHandle::new(driver) })
    }
}

impl HttpLink {
    /// Takes the first connection.
    pub(super) async fn open(
        wiring: &Wiring,
        address: SocketAddr,
        stream: Box<dyn Stream>,
    ) -> io::Result<Self> {
        let first = Connection::open(stream).await.map_err(io::Error::other)?;
        Ok(Self {
            address,
            wiring: wiring.clone(),
            idle: vec![first],
            said: VecDeque::new(),
            saying: false,
            polls: VecDeque::new(),
            requests: FuturesUnordered::new(),
            frames: VecDeque::new(),
            ended: VecDeque::new(),
        })
    }

    pub(super) fn push(&mut self, packet: Vec<u8>) {
        self.said.push_back(packet);
    }

    pub(super) fn push_poll(&mut self, key: i64, packet: Vec<u8>) {
        self.polls.push_back((key, packet));
    }

    pub(super) fn ended_poll(&mut self) -> Option<EndedPoll> {
        self.ended.pop_front()
    }

    pub(super) fn next_frame(&mut self) -> Option<Frame> {
        self.frames.pop_front()
    }

    /// Waits for an answer. Cancel safe: requests go on while nobody waits.
    pub(super) async fn progress(&mut self) -> Result<(), LinkEnd> {
        self.begin();
        let Some((purpose, result)) = self.requests.next().await else { return pending().await };
        let (connection, frame) = result?;
        if self.idle.len() < MAX_CONNECTIONS {
            self.idle.push(connection);
        }
        match (purpose, frame) {
            (Purpose::Say, frame) => {
                self.saying = false;
                self.frames.push_back(frame);
            }
            (Purpose::Poll(key), Frame::Error(code)) => self.ended.push_back((key, Some(code))),
            (Purpose::Poll(key), frame) => {
                self.frames.push_back(frame);
                self.ended.push_back((key, None));
            }
        }
        Ok(())
    }

    /// Posts what is queued, without polling any more.
    pub(super) async fn finish(mut self) -> Result<(), LinkEnd> {
        self.polls.clear();
        while self.saying || !self.said.is_empty() {
            self.progress().await?;
        }
        Ok(())
    }

    /// Makes requests of what waits.
    fn begin(&mut self) {
        if !self.saying
            && let Some(packet) = self.said.pop_front()
        {
            self.saying = true;
            self.ask(Purpose::Say, packet);
        }
        // One connection is left to what is said.
        while self.requests.len() < MAX_CONNECTIONS - 1
            && let Some((key, packet)) = self.polls.pop_front()
        {
            self.ask(Purpose::Poll(key), packet);
        }
    }

    fn ask(&mut self, purpose: Purpose, packet: Vec<u8>) {
        let (wiring, address) = (self.wiring.clone(), self.address);
        let idle = self.idle.pop();
        let limit = LONGEST_POLL + wiring.config.time_outs.dead;
        self.requests.push(Box::pin(async move {
            let asked = post(wiring, address, idle, packet.into());
            let result = tokio::time::timeout(limit, asked).await.unwrap_or(Err(LinkEnd::Unanswered(limit)));
            (purpose, result)
        }));
    }
}

/// One request and its answer, on the connection given or on a new one.
async fn post(
    wiring: Wiring,
    address: SocketAddr,
    idle: Option<Connection>,
    packet: Bytes,
) -> Result<Answered, LinkEnd> {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api")
        .header(HOST, address.to_string())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(packet.clone()))
        .map_err(io::Error::other)?;
    let counters = &wiring.counters;
    counters.bytes_sent.add(packet.len() as u64);
    let unsent = match idle {
        None => request,
        Some(mut connection) => match connection.sender.try_send_request(request).await {
            Ok(response) => return Ok((connection, take(&wiring, response).await?)),
            // The server had closed the connection, as it may between requests.
            Err(mut refused) => match refused.take_message() {
                Some(request) => request,
                None => return Err(refused.into_error().into()),
            },
        },
    };
    counters.dials.increment();
    let limit = wiring.config.time_outs.dial;
    let dialled = tokio::time::timeout(limit, wiring.config.dialer.dial(address)).await;
    let stream = dialled.map_err(|_| LinkEnd::Unanswered(limit))??;
    let mut connection = Connection::open(stream).await?;
    let response = connection.sender.send_request(unsent).await?;
    Ok((connection, take(&wiring, response).await?))
}

/// The packet or the error in an answer.
async fn take(wiring: &Wiring, response: Response<Incoming>) -> Result<Frame, LinkEnd> {
    let status = response.status();
    let body = Limited::new(response.into_body(), MAX_INBOUND).collect().await;
    let body = body.map_err(|error| LinkEnd::Answer(error.to_string()))?.to_bytes();
    wiring.counters.bytes_received.add(body.len() as u64);
    if status != StatusCode::OK {
        return Ok(Frame::Error(-i32::from(status.as_u16())));
    }
    // As in a stream, an error may also be a packet of four bytes.
    Ok(match body.first_chunk::<4>().filter(|_| body.len() == 4) {
        Some(code) => Frame::Error(i32::from_le_bytes(*code)),
        None => Frame::Packet(body.into()),
    })
}
