//! The task behind a connection.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use offhook_crypto::AuthKey;
use offhook_crypto::rsa::PublicKey;
use offhook_mtproto::exchange::{Established, ExchangeError};
use offhook_mtproto::session::{ClientOptions, ClientSession, ClientStats, CloseReason};
use offhook_mtproto::transport::Frame;
use offhook_mtproto::{Salt, TimeOffset};
use tokio::sync::{mpsc, oneshot, watch};

use super::backoff::Backoff;
use super::calls::{CallFailure, Calls};
use super::keys::{KeyError, make_key};
use super::link::{Link, LinkEnd};
use super::{Command, Status};
use crate::clock::{Clock, seed};
use crate::config::{ClientConfig, DcId};
use crate::error::LinkError;
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
    pub(super) session: Option<ClientSession>,
    pub(super) calls: Calls,
    /// A call inside `initConnection` was answered on this connection.
    pub(super) initialized: bool,
    commands: mpsc::Receiver<Command>,
    status: watch::Sender<Status>,
    backoff: Backoff,
    refusals: Refusals,
    /// Set by [`Command::MoveTo`]: the current link is of no more use.
    moved: bool,
    pub(super) reported: ClientStats,
    links: u64,
}

/// How often the server refused this session's key (-404) since it last understood us.
///
/// The first time the connection is opened again: anyone on the path can send four bytes in clear, and a key is worth
/// a login. The second time a new key is made, the third time the server is beyond help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Refusals {
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
            session: None,
            calls: Calls::default(),
            initialized: false,
            commands,
            status,
            backoff: Backoff::new(times.backoff_first, times.backoff_longest),
            refusals: Refusals::None,
            moved: false,
            reported: ClientStats::default(),
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
            self.moved = false;
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
        if self.session.is_none() && !self.load_session() {
            let address = link.address;
            match self.exchange(link).await? {
                Ok(back) => link = back,
                Err(error) => return Ok(self.key_error(error, address)),
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
                if let (Some(request), Some(session)) = (self.calls.cancel(id), &mut self.session) {
                    session.cancel(request, self.wiring.clock.now());
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
        self.drop_session();
        self.dc = dc;
        self.backoff.succeeded();
        self.status.send_replace(Status::Connecting(None));
        self.wiring.vault.change(|data| data.home = Some(dc));
    }

    fn drop_session(&mut self) {
        self.session = None;
        self.reported = ClientStats::default();
        self.initialized = false;
        self.calls.forget_requests();
    }

    /// Takes up the stored key of this data center. False when there is none, or none that the server takes.
    fn load_session(&mut self) -> bool {
        if self.refusals == Refusals::KeyReplaced {
            return false;
        }
        let Some(key) = self.wiring.vault.key(self.dc) else { return false };
        self.begin_session(
            AuthKey::new(key.auth_key),
            Salt(key.salt),
            TimeOffset::from_secs(key.time_offset),
        );
        true
    }

    fn begin_session(&mut self, key: AuthKey, salt: Salt, offset: TimeOffset) {
        let times = self.wiring.config.time_outs;
        let limits = self.wiring.config.limits;
        let options = ClientOptions {
            ping_interval: times.ping,
            silence_limit: times.dead,
            disconnect_delay: times.ping + times.dead + Duration::from_secs(10),
            // Cancelled calls stay with the session until the server confirms.
            max_requests: limits.in_flight.saturating_mul(4).max(1024),
            max_events: limits.inbound_updates.max(1024),
            ..ClientOptions::default()
        };
        self.wiring.counters.clock_offset.store(offset.as_secs(), Ordering::Relaxed);
        self.session = Some(ClientSession::new(key, salt, offset, options, seed()));
    }

    /// Makes a key. The stored one is replaced only when the new one is there.
    async fn exchange(&mut self, link: Link) -> Result<Result<Link, KeyError>, Stop> {
        let Wiring { config, server_keys, clock, .. } = self.wiring.clone();
        let number = self.dc.0 + if config.test_server { 10_000 } else { 0 };
        let limit = config.time_outs.exchange;
        let work = async move {
            let mut link = link;
            let made = make_key(&mut link, server_keys, number, clock, limit).await;
            made.map(|established| (link, established))
        };
        Ok(match self.attend(work).await? {
            Ok((link, established)) => {
                self.on_key(established);
                Ok(link)
            }
            Err(error) => Err(error),
        })
    }

    fn on_key(&mut self, established: Established) {
        let Established { key, salt, time_offset, .. } = established;
        self.wiring.counters.keys_made.increment();
        let stored = DcKey { auth_key: *key.bytes(), salt: salt.0, time_offset: time_offset.as_secs() };
        let dc = self.dc;
        self.wiring.vault.change(|data| {
            if data.keys.insert(dc, stored).is_some() {
                // The login went with the old key, and so did its numbering of updates.
                data.user = None;
                data.updates = None;
            }
            data.home.get_or_insert(dc);
        });
        self.begin_session(key, salt, time_offset);
    }

    /// Stores the salt and clock offset in use: they save a round trip at the next start.
    fn keep_key(&self) {
        let Some(session) = &self.session else { return };
        let (dc, salt, offset) = (self.dc, session.salt().0, session.time_offset().as_secs());
        self.wiring.vault.change(|data| {
            if let Some(key) = data.keys.get_mut(&dc) {
                key.salt = salt;
                key.time_offset = offset;
            }
        });
    }

    /// Carries packets until the link ends.
    async fn carry(&mut self, mut link: Link) -> Result<LinkError, Stop> {
        self.links += 1;
        if self.links > 1 {
            self.wiring.counters.reconnects.increment();
            // The server keeps what it could not deliver only for so long: make sure.
            self.wiring.inbox.maybe_missed();
        }
        self.initialized = false;
        if let Some(session) = &mut self.session {
            session.connected(self.wiring.clock.now());
        }
        self.push_calls();
        self.wiring.counters.connected.store(true, Ordering::Relaxed);
        self.status.send_replace(Status::Up(self.dc));
        tracing::info!(dc = %self.dc, address = %link.address, "connected");
        let end = self.carry_packets(&mut link).await;
        self.wiring.counters.connected.store(false, Ordering::Relaxed);
        if let Some(session) = &mut self.session {
            session.disconnected();
        }
        if let Err(Stop::Shutdown(_)) = &end {
            let limit = self.wiring.config.time_outs.shutdown;
            // A peer that does not read cannot keep us.
            let _ = tokio::time::timeout(limit, link.finish()).await;
        }
        end
    }

    async fn carry_packets(&mut self, link: &mut Link) -> Result<LinkError, Stop> {
        loop {
            let deadline = match self.drain(link) {
                Ok(deadline) => deadline,
                Err(reason) => return Ok(self.lost(link.address, reason)),
            };
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
                        return Ok(self.lost(link.address, end.to_string()));
                    }
                    if let Some(error) = self.take_frames(link) {
                        return Ok(error);
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
                    let session = self.session.as_mut()?;
                    match session.handle_packet(&packet, self.wiring.clock.now()) {
                        Ok(()) => {
                            self.backoff.succeeded();
                            self.refusals = Refusals::None;
                        }
                        Err(error) => {
                            self.wiring.counters.bad_packets.increment();
                            return Some(self.lost(link.address, error.to_string()));
                        }
                    }
                }
                Ok(Some(Frame::Error(code))) => return Some(self.on_refused(code, link.address)),
                Ok(Some(Frame::QuickAck(_))) => {}
                Ok(None) => return None,
                Err(error) => return Some(self.lost(link.address, error.to_string())),
            }
        }
    }

    fn lost(&self, address: SocketAddr, reason: impl Into<String>) -> LinkError {
        LinkError::Lost { dc: self.dc, address, reason: reason.into() }
    }

    fn on_refused(&mut self, code: i32, address: SocketAddr) -> LinkError {
        match code {
            -404 => match self.refusals {
                Refusals::None => {
                    self.refusals = Refusals::Once;
                    self.lost(address, "the server does not know the key of this session (error -404)")
                }
                Refusals::Once => {
                    self.refusals = Refusals::KeyReplaced;
                    self.drop_session();
                    self.lost(
                        address,
                        "the server does not know the key of this session (error -404); making a new one",
                    )
                }
                Refusals::KeyReplaced => LinkError::KeyRefused { dc: self.dc },
            },
            -429 => LinkError::TooMany { dc: self.dc },
            -444 => LinkError::WrongDc { dc: self.dc, address },
            code => self.lost(address, format!("transport error {code}")),
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
        CloseReason::TooManyRefused => "too many messages in a row broke the rules".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Opens a stream to the first address of the data center that answers.
async fn dial(wiring: Wiring, dc: DcId) -> Result<Link, LinkError> {
    let addresses = wiring.config.addresses.get(&dc).map(Vec::as_slice).unwrap_or_default();
    let mut failure = LinkError::NoAddress(dc);
    for address in addresses {
        wiring.counters.dials.increment();
        let limit = wiring.config.time_outs.dial;
        let reason = match tokio::time::timeout(limit, wiring.config.dialer.dial(*address)).await {
            Ok(Ok(stream)) => {
                match Link::new(stream, *address, wiring.config.transport, wiring.counters.clone()) {
                    Ok(link) => return Ok(link),
                    Err(error) => error.to_string(),
                }
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {limit:?}"),
        };
        failure = LinkError::Unreachable { dc, address: *address, reason };
    }
    Err(failure)
}

impl From<LinkEnd> for String {
    fn from(end: LinkEnd) -> Self {
        end.to_string()
    }
}
