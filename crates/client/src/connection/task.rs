//! The task behind a connection.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use offhook_crypto::rsa::PublicKey;
use offhook_mtproto::exchange::{Established, ExchangeError};
use offhook_mtproto::packet;
use offhook_mtproto::session::CloseReason;
use offhook_mtproto::transport::{Frame, Kind, Obfuscation};
use tokio::sync::{mpsc, oneshot, watch};

use super::backoff::Backoff;
use super::calls::{CallFailure, Calls};
use super::http::HttpLink;
use super::keys::{KeyError, make_key};
use super::lane::{Lane, LaneKey};
use super::link::{Link, LinkEnd, StreamLink, framing};
use super::renewal::Renewal;
use super::{Command, Status, websocket};
use crate::clock::{Clock, seed};
use crate::config::{ClientConfig, DcId, Transport};
use crate::error::LinkError;
use crate::proxy::disguise;
use crate::session::DcKey;
use crate::stats::Counters;
use crate::updates::inbox::Inbox;
use crate::vault::Vault;

/// What a connection shares with the rest of the client.
#[derive(Clone, Debug)]
pub(crate) struct Wiring {
    pub(crate) config: Arc<ClientConfig>,
    pub(crate) server_keys: Vec<PublicKey>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) clock: Clock,
    /// `invokeWithLayer` and `initConnection` up to the call they carry.
    pub(crate) init: Arc<[u8]>,
}

/// The connection task's state.
pub(crate) struct Connection {
    pub(super) wiring: Wiring,
    pub(super) dc: DcId,
    /// The permanent key of this data center, once it is known to be there.
    pub(super) permanent: Option<DcKey>,
    /// The sessions, oldest first; calls go to the latest one that is open.
    pub(super) lanes: Vec<Lane>,
    pub(super) next_lane: u64,
    pub(super) renewal: Renewal,
    pub(super) calls: Calls,
    commands: mpsc::Receiver<Command>,
    pub(super) status: watch::Sender<Status>,
    backoff: Backoff,
    pub(super) refusals: Refusals,
    links: u64,
}

/// How often the server refused the permanent key (-404, or a bind message it cannot open) since it last took it.
///
/// The first time the connection is opened again: anyone on the path can send four bytes in clear, and a key is worth
/// a login. The second time a new key is made, the third time the server is beyond help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Refusals {
    #[default]
    None,
    Once,
    KeyReplaced,
}

/// Why the task leaves what it is doing.
pub(super) enum Stop {
    /// Asked to, or nobody is left.
    Shutdown(Option<oneshot::Sender<()>>),
    /// The task goes to another data center.
    Moved,
}

impl Connection {
    pub(crate) fn new(
        wiring: Wiring,
        dc: DcId,
        commands: mpsc::Receiver<Command>,
        status: watch::Sender<Status>,
    ) -> Self {
        let times = wiring.config.time_outs;
        Self {
            wiring,
            dc,
            permanent: None,
            lanes: Vec::new(),
            next_lane: 0,
            renewal: Renewal::default(),
            calls: Calls::default(),
            commands,
            status,
            backoff: Backoff::new(times.backoff_first, times.backoff_longest),
            refusals: Refusals::None,
            links: 0,
        }
    }

    /// Runs until shut down.
    pub(crate) async fn drive(mut self) {
        let done = loop {
            match self.drive_link().await {
                Ok(error) if error.is_fatal() => break self.drive_failed(error).await,
                Ok(error) => {
                    let pause = self.backoff.failed(u32::from_le_bytes(seed()));
                    tracing::info!(dc = %self.dc, %error, ?pause, "connection lost or refused");
                    self.status.send_replace(Status::Connecting(Some(error)));
                    if let Err(Stop::Shutdown(done)) = self.attend(tokio::time::sleep(pause)).await {
                        break done;
                    }
                }
                Err(Stop::Moved) => {}
                Err(Stop::Shutdown(done)) => break done,
            }
        };
        self.calls.end_all(&CallFailure::Closed);
        self.keep_key();
        self.status.send_replace(Status::Closed);
        if let Some(done) = done {
            let _ = done.send(());
        }
    }

    /// One connection from dialling to its end, which the error tells.
    async fn drive_link(&mut self) -> Result<LinkError, Stop> {
        let mut link = match self.attend(dial(self.wiring.clone(), self.dc)).await? {
            Ok(link) => link,
            Err(error) => return Ok(error),
        };
        let address = link.address();
        if !self.find_permanent_key() {
            match self.exchange(link, None).await? {
                Ok((back, made)) => {
                    link = back;
                    self.on_permanent_key(&made);
                }
                Err(error) => return Ok(self.key_error(error, address)),
            }
        }
        self.drop_spent_lanes();
        if self.lanes.iter().all(|lane| matches!(lane.key, LaneKey::Retired { .. })) {
            if self.wiring.config.forward_secrecy {
                let life = self.wiring.config.time_outs.temporary_key;
                match self.exchange(link, Some(life)).await? {
                    Ok((back, made)) => {
                        link = back;
                        self.begin_temporary_lane(made);
                    }
                    Err(error) => return Ok(self.key_error(error, address)),
                }
            } else {
                self.begin_permanent_lane();
            }
        }
        self.carry(link).await
    }

    /// Does `work` while commands are taken.
    async fn attend<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Stop> {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                command = self.commands.recv() => self.handle_command(command)?,
            }
        }
    }

    /// Takes one command; calls are given to the session when there is one.
    pub(super) fn handle_command(&mut self, command: Option<Command>) -> Result<(), Stop> {
        match command {
            Some(Command::Call(call)) => {
                self.calls.insert(call);
                self.push_calls();
            }
            Some(Command::Cancel(id)) => {
                if let Some(ticket) = self.calls.cancel(id)
                    && let Some(lane) = self.lanes.iter_mut().find(|lane| lane.id == ticket.lane)
                {
                    lane.session.cancel(ticket.request, self.wiring.clock.now());
                }
            }
            Some(Command::MoveTo(dc)) if dc == self.dc => {}
            Some(Command::MoveTo(dc)) => {
                self.move_to(dc);
                return Err(Stop::Moved);
            }
            Some(Command::Shutdown(done)) => return Err(Stop::Shutdown(Some(done))),
            None => return Err(Stop::Shutdown(None)),
        }
        Ok(())
    }

    fn move_to(&mut self, dc: DcId) {
        tracing::info!(from = %self.dc, to = %dc, "account lives on another data center");
        self.keep_key();
        self.drop_lanes();
        self.permanent = None;
        self.dc = dc;
        self.backoff.succeeded();
        self.status.send_replace(Status::Connecting(None));
        self.wiring.vault.change(|data| data.home = Some(dc));
    }

    /// Makes a key that lives for `life` or (`None`) for good.
    async fn exchange(
        &mut self,
        link: Link,
        life: Option<Duration>,
    ) -> Result<Result<(Link, Established), KeyError>, Stop> {
        let Wiring { config, server_keys, clock, .. } = self.wiring.clone();
        let number = config.number(self.dc);
        let limit = config.time_outs.exchange;
        let work = async move {
            let mut link = link;
            let made = make_key(&mut link, server_keys, number, life, clock, limit).await;
            made.map(|established| (link, established))
        };
        self.attend(work).await
    }

    /// Carries packets until the link ends.
    async fn carry(&mut self, mut link: Link) -> Result<LinkError, Stop> {
        self.links += 1;
        if self.links > 1 {
            self.wiring.counters.reconnects.increment();
            // The server keeps what it could not deliver only for so long: make sure.
            self.wiring.inbox.maybe_missed();
        }
        for lane in &mut self.lanes {
            lane.initialized = false;
            lane.session.connected(self.wiring.clock.now());
        }
        tracing::info!(dc = %self.dc, address = %link.address(), "connected");
        self.announce();
        self.push_calls();
        let end = self.carry_packets(&mut link).await;
        self.wiring.counters.connected.store(false, Ordering::Relaxed);
        for lane in &mut self.lanes {
            lane.session.disconnected();
        }
        if let Err(Stop::Shutdown(_)) = &end {
            let limit = self.wiring.config.time_outs.shutdown;
            // A peer that does not read cannot keep us.
            let _ = tokio::time::timeout(limit, link.finish()).await;
        }
        end
    }

    /// Tells that calls can be sent, when they can.
    pub(super) fn announce(&mut self) {
        if self.open_lane().is_some() {
            self.wiring.counters.connected.store(true, Ordering::Relaxed);
            let up = Status::Up(self.dc);
            self.status.send_if_modified(|status| std::mem::replace(status, up.clone()) != up);
        }
    }

    async fn carry_packets(&mut self, link: &mut Link) -> Result<LinkError, Stop> {
        loop {
            let deadline = match self.drain(link) {
                Ok(deadline) => deadline,
                Err(error) => return Ok(error),
            };
            let (ends, clock) = (self.present_key_ends(), self.wiring.clock.clone());
            let sleep = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                command = self.commands.recv() => {
                    let handled = self.handle_command(command);
                    if handled.is_err() {
                        // What the session still has to say (acknowledgements) goes out with the rest.
                        let _ = self.drain(link);
                    }
                    handled?;
                }
                moved = link.progress() => {
                    if let Err(end) = moved {
                        return Ok(self.lost(link.address(), end.to_string()));
                    }
                    if let Some(error) = self.take_frames(link) {
                        return Ok(error);
                    }
                }
                made = self.renewal.made(ends, clock) => {
                    if let Some(made) = made {
                        self.begin_temporary_lane(made);
                    }
                }
                () = sleep => {}
            }
        }
    }

    /// Hands what has arrived to the session. An error ends the link.
    fn take_frames(&mut self, link: &mut Link) -> Option<LinkError> {
        loop {
            match link.next_frame() {
                Ok(Some(Frame::Packet(packet))) => {
                    let key = packet::key_id(&packet);
                    let lane = self.lanes.iter_mut().find(|lane| Some(lane.session.key().id()) == key);
                    // Meant for a session that was given up, or forged.
                    let Some(lane) = lane else {
                        self.wiring.counters.bad_packets.increment();
                        continue;
                    };
                    match lane.session.handle_packet(&packet, self.wiring.clock.now()) {
                        Ok(()) => {
                            self.backoff.succeeded();
                            if matches!(lane.key, LaneKey::Permanent) {
                                self.refusals = Refusals::None;
                            }
                        }
                        Err(error) => {
                            self.wiring.counters.bad_packets.increment();
                            return Some(self.lost(link.address(), error.to_string()));
                        }
                    }
                }
                Ok(Some(Frame::Error(code))) => return Some(self.on_refused(code, link.address())),
                Ok(Some(Frame::QuickAck(_))) => {}
                Ok(None) => return self.take_ended_polls(link),
                Err(error) => return Some(self.lost(link.address(), error.to_string())),
            }
        }
    }

    /// Lets sessions whose long poll has ended make the next. An error ends the link.
    fn take_ended_polls(&mut self, link: &mut Link) -> Option<LinkError> {
        while let Some((key, error)) = link.ended_poll() {
            // Meant for a session that was given up.
            let Some(lane) = self.lanes.iter_mut().find(|lane| lane.session.key().id() == key) else {
                continue;
            };
            match (error, &lane.key) {
                (None, _) => lane.session.long_poll_ended(),
                // The session in use will find out by itself when the link is to blame.
                (Some(_), LaneKey::Retired { .. }) => {
                    let now = self.wiring.clock.now().instant;
                    lane.key = LaneKey::Retired { until: now, ends: now };
                }
                (Some(code), _) => return Some(self.on_refused(code, link.address())),
            }
        }
        None
    }

    pub(super) fn lost(&self, address: SocketAddr, reason: impl Into<String>) -> LinkError {
        LinkError::Lost { dc: self.dc, address, reason: reason.into() }
    }

    fn on_refused(&mut self, code: i32, address: SocketAddr) -> LinkError {
        match code {
            // A server may forget a temporary key at any time; another costs no login.
            -404 if self.wiring.config.forward_secrecy => {
                self.drop_lanes();
                self.lost(
                    address,
                    "the server does not know the temporary key (error -404); making a new one",
                )
            }
            -404 => self.permanent_key_refused(address, "error -404"),
            -429 => LinkError::TooMany { dc: self.dc },
            -444 => LinkError::WrongDc { dc: self.dc, address },
            code => self.lost(address, format!("transport error {code}")),
        }
    }

    /// The server says that it does not know the permanent key.
    pub(super) fn permanent_key_refused(&mut self, address: SocketAddr, how: &str) -> LinkError {
        match self.refusals {
            Refusals::None => {
                self.refusals = Refusals::Once;
                self.lost(address, format!("the server does not know the key of this session ({how})"))
            }
            Refusals::Once => {
                self.refusals = Refusals::KeyReplaced;
                self.permanent = None;
                self.drop_lanes();
                let reason = "the server does not know the key of this session";
                self.lost(address, format!("{reason} ({how}); making a new one"))
            }
            Refusals::KeyReplaced => LinkError::KeyRefused { dc: self.dc },
        }
    }

    fn key_error(&self, error: KeyError, address: SocketAddr) -> LinkError {
        let dc = self.dc;
        match error {
            KeyError::Link(end) => self.lost(address, format!("during the key exchange: {end}")),
            KeyError::Exchange(ExchangeError::NoKnownKey { offered }) => LinkError::ServerKey {
                given: self.wiring.server_keys.len(),
                offered: offered.iter().map(|print| format!("{print:016x}")).collect::<Vec<_>>().join(", "),
            },
            KeyError::Exchange(error) => LinkError::Exchange { dc, reason: error.to_string() },
            KeyError::Refused(-444) => LinkError::WrongDc { dc, address },
            KeyError::Refused(-429) => LinkError::TooMany { dc },
            KeyError::Refused(code) => LinkError::Exchange { dc, reason: format!("transport error {code}") },
            KeyError::TimedOut(limit) => {
                LinkError::Exchange { dc, reason: format!("not finished within {limit:?}") }
            }
        }
    }

    /// Answers every call with the error until shut down.
    async fn drive_failed(&mut self, error: LinkError) -> Option<oneshot::Sender<()>> {
        tracing::warn!(dc = %self.dc, %error, "connection given up");
        self.status.send_replace(Status::Failed(error.clone()));
        let failure = CallFailure::Link(error);
        loop {
            self.calls.end_all(&failure);
            match self.commands.recv().await {
                Some(Command::Call(call)) => self.calls.insert(call),
                Some(Command::Cancel(_) | Command::MoveTo(_)) => {}
                Some(Command::Shutdown(done)) => return Some(done),
                None => return None,
            }
        }
    }
}

pub(super) fn close_reason(reason: CloseReason) -> String {
    match reason {
        CloseReason::Silent => "nothing came after a ping".to_owned(),
        CloseReason::BadPacket(error) => error.to_string(),
        CloseReason::ClockBehind => "the clock is behind that of the server".to_owned(),
        CloseReason::TooManyRefused => "too many messages in a row broke the rules".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Opens a stream to the first address of the data center that answers.
pub(super) async fn dial(wiring: Wiring, dc: DcId) -> Result<Link, LinkError> {
    let config = &wiring.config;
    let addresses = match &config.mtproxy {
        Some(proxy) => std::slice::from_ref(&proxy.address),
        None => config.addresses.get(&dc).map(Vec::as_slice).unwrap_or_default(),
    };
    let mut failure = LinkError::NoAddress(dc);
    for address in addresses {
        wiring.counters.dials.increment();
        let limit = config.time_outs.dial;
        let opened = async {
            let stream = config.dialer.dial(*address).await?;
            let stream = match &config.mtproxy {
                Some(proxy) => disguise(stream, &proxy.secret, wiring.clock.now().unix).await?,
                None if config.transport == Transport::Http => {
                    let link = HttpLink::open(&wiring, *address, stream).await?;
                    return Ok(Link::Http(Box::new(link)));
                }
                None if config.transport == Transport::WebSocket => {
                    websocket::upgrade(stream, *address, config.test_server).await?
                }
                None => stream,
            };
            StreamLink::new(stream, *address, framing_to(config, dc), wiring.counters.clone())
                .map(|link| Link::Stream(Box::new(link)))
                .map_err(io::Error::other)
        };
        let reason = match tokio::time::timeout(limit, opened).await {
            Ok(Ok(link)) => return Ok(link),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {limit:?}"),
        };
        failure = LinkError::Unreachable { dc, address: *address, reason };
    }
    Err(failure)
}

/// What is spoken on a stream: a proxy is told the data center, and the secret is mixed into the keys.
fn framing_to(config: &ClientConfig, dc: DcId) -> (Kind, Option<Obfuscation>) {
    let Some(proxy) = &config.mtproxy else { return framing(config.transport) };
    let dc = i16::try_from(config.number(dc)).ok();
    (Kind::PaddedIntermediate, Some(Obfuscation { secret: Some(proxy.secret.key()), dc }))
}

impl From<LinkEnd> for String {
    fn from(end: LinkEnd) -> Self {
        end.to_string()
    }
}
