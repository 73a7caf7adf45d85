//! An address at a standard relay, TURN over UDP (RFC 8656).
//!
//! The protocol itself (long-term credentials, refreshes, stale nonces) is `turn-client-proto`'s. Here is when an allocation
//! is wanted, whom it lets through, and what is said about it. The numbers of its transactions come from the system's
//! generator: they are the only randomness of [`super::Paths`] that does not follow from the seed.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use stun_types::TransportType;
use stun_types::attribute::ErrorCode;
use stun_types::message::{Message, MessageClass};
use turn_client_proto::api::{Transmit, TurnConfig, TurnEvent, TurnPollRet, TurnRecvRet};
use turn_client_proto::prelude::{DelayedTransmitBuild as _, TurnClientApi as _};
use turn_client_proto::udp::TurnClientUdp;
use turn_types::TurnCredentials;
use turn_types::message::ALLOCATE;

use super::stun::is_outside;
use crate::TurnLogin;

/// First and longest pause before another allocation is asked for. It doubles.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Pause before a permission or a channel that was refused is asked for again.
const RETRY: Duration = Duration::from_secs(30);
/// How long an allocation may take to be given back.
const FAREWELL: Duration = Duration::from_secs(1);
/// Bytes of a user name (RFC 8489, 14.3). A longer one cannot be written.
const LONGEST_NAME: usize = 513;
/// Errors that the same question will meet again: wrong login, forbidden, family, credentials.
const FINAL: [u16; 4] = [401, 403, 440, 441];
/// There is an allocation for our address already. It happens when the answer with it was lost and the server does not
/// know the repeated question again; only another address helps (RFC 8656, 7.4).
const MISMATCH: u16 = 437;

pub(super) struct Turn {
    pub(super) server: SocketAddr,
    /// The own socket that it is reached from.
    pub(super) number: u8,
    login: TurnLogin,
    state: State,
    /// Where the client's time begins.
    epoch: Instant,
    failures: u32,
    /// Questions for an allocation, repetitions included.
    asked: u32,
    refused: Option<u16>,
    silent: bool,
    rtt: Option<Duration>,
    /// Who may send through the relay, and when to ask for that (again).
    peers: Vec<(IpAddr, Option<Instant>)>,
    /// Who gets a channel, and when to ask for it (again).
    channels: Vec<(SocketAddr, Option<Instant>)>,
    farewell: Option<Instant>,
    /// The server keeps an allocation for the socket's address that is not this one.
    displaced: bool,
}

enum State {
    /// There is no socket, or it is over.
    Idle,
    /// Nothing to do before this instant; then from this address.
    Waiting { until: Instant, local: SocketAddr },
    /// The client is at work.
    Active(Box<Active>),
    /// Asking again would be of no use.
    Refused,
}

struct Active {
    client: TurnClientUdp,
    local: SocketAddr,
    relayed: Option<SocketAddr>,
    /// When the client has something to do.
    wake: Instant,
    /// The last question for an allocation: its number, when it was first sent and how often.
    question: Option<([u8; 12], Instant, u32)>,
    /// Different questions so far. The first one carries no login.
    questions: u32,
    deleted: bool,
}

/// What an allocation asks of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Send what was written.
    Send,
    /// There is an address, or there is none any more.
    Changed,
}

/// What became of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotReady;

impl Turn {
    /// `None`: the login cannot be used.
    pub(super) fn new(server: SocketAddr, login: TurnLogin, now: Instant) -> Option<Self> {
        (login.username.len() <= LONGEST_NAME).then(|| Self {
            server,
            number: u8::from(server.is_ipv6()),
            login,
            state: State::Idle,
            epoch: now,
            failures: 0,
            asked: 0,
            refused: None,
            silent: false,
            rtt: None,
            peers: Vec::new(),
            channels: Vec::new(),
            farewell: None,
            displaced: false,
        })
    }

    /// There is a socket with this address.
    pub(super) fn start(&mut self, local: SocketAddr, now: Instant) {
        (self.failures, self.refused, self.silent) = (0, None, false);
        self.state = State::Waiting { until: now, local };
    }

    /// There is no socket any more.
    pub(super) fn stop(&mut self) {
        self.state = State::Idle;
    }

    /// True, once, when the server can only be asked from another socket.
    pub(super) fn take_displaced(&mut self) -> bool {
        std::mem::take(&mut self.displaced)
    }

    /// Waits for the socket `number` to be asked from there.
    pub(super) fn move_to(&mut self, number: u8) {
        (self.number, self.state) = (number, State::Idle);
    }

    /// The call is over: gives back what there is. Done when [`Turn::is_done`].
    pub(super) fn close(&mut self, now: Instant) {
        match &self.state {
            // Whether an allocation will come of it is open, once the login was sent.
            State::Active(active) if active.relayed.is_some() || active.questions > 1 => {
                self.farewell = Some(now + FAREWELL);
            }
            _ => self.state = State::Idle,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Idle | State::Refused)
    }

    /// The relayed address, while there is one.
    pub(super) fn relayed(&self) -> Option<SocketAddr> {
        match &self.state {
            State::Active(active) if self.farewell.is_none() => active.relayed,
            _ => None,
        }
    }

    pub(super) fn refused(&self) -> Option<u16> {
        self.refused
    }

    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }

    pub(super) fn has_socket(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    pub(super) fn asked(&self) -> u32 {
        self.asked
    }

    /// Round trip of the last question that was sent only once.
    pub(super) fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    /// Lets a peer through, now and whenever there is an allocation.
    pub(super) fn permit(&mut self, ip: IpAddr, now: Instant) {
        if ip.is_ipv4() && !self.peers.iter().any(|(known, _)| *known == ip) {
            self.peers.push((ip, Some(now)));
        }
    }

    pub(super) fn poll(&mut self, now: Instant, out: &mut Vec<u8>) -> Option<Ask> {
        if let State::Waiting { until, local } = self.state
            && now >= until
        {
            self.begin(local, now);
        }
        if self.farewell.is_some_and(|end| now >= end) {
            self.state = State::Idle;
        }
        let time = self.time(now);
        // Each turn of the loop finds something done or leaves it. The bound guards against a client that wants to be
        // asked again at once, for ever.
        for _ in 0..64 {
            if let Some(ask) = self.take_events(now) {
                return Some(ask);
            }
            self.ask_for_peers(now);
            let State::Active(active) = &mut self.state else { return None };
            if self.farewell.is_some() && active.relayed.is_some() && !active.deleted {
                active.deleted = true;
                // An allocation that is gone already need not be given back.
                let _ = active.client.delete(time);
            }
            if let Some(transmit) = active.client.poll_transmit(time) {
                out.extend_from_slice(&transmit.data);
                active.wake = now;
                self.asked = self.asked.saturating_add(u32::from(active.on_sent(out, now)));
                return Some(Ask::Send);
            }
            match active.client.poll(time) {
                TurnPollRet::WaitUntil(until) if until > time => {
                    active.wake = now + until.duration_since(time);
                    return None;
                }
                TurnPollRet::Closed => {
                    if let Some(ask) = self.take_events(now) {
                        return Some(ask);
                    }
                    if let State::Active(_) = self.state {
                        return self.fail(now, None);
                    }
                }
                // The other answers are about TCP.
                _ => {}
            }
        }
        if let State::Active(active) = &mut self.state {
            active.wake = now + Duration::from_millis(10);
        }
        None
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let next = match &self.state {
            State::Idle | State::Refused => return None,
            State::Waiting { until, .. } => *until,
            State::Active(active) => {
                let retries = self.peers.iter().filter_map(|(_, retry)| *retry).min();
                retries
                    .filter(|_| active.relayed.is_some())
                    .map_or(active.wake, |retry| retry.min(active.wake))
            }
        };
        Some(self.farewell.map_or(next, |end| end.min(next)))
    }

    /// A datagram of the server. False: nothing was asked that it could be about. `payload` gets what a peer sent.
    pub(super) fn receive(
        &mut self,
        now: Instant,
        bytes: &[u8],
        payload: impl FnOnce(SocketAddr, &[u8]),
    ) -> bool {
        let time = self.time(now);
        let State::Active(active) = &mut self.state else { return false };
        active.wake = now;
        match active.refusal(bytes) {
            Some(code) => {
                self.refused = Some(code);
                self.displaced = code == MISMATCH;
                let _ = self.fail(now, Some(code));
                return true;
            }
            None => self.rtt = active.round_trip(bytes, now).or(self.rtt),
        }
        let transmit = Transmit::new(bytes, TransportType::Udp, self.server, active.local);
        match active.client.recv(transmit, time) {
            TurnRecvRet::PeerData(data) => {
                payload(data.peer, data.data());
                true
            }
            TurnRecvRet::Handled | TurnRecvRet::PeerIcmp { .. } => true,
            TurnRecvRet::Ignored(_) => false,
        }
    }

    /// Writes a payload for `peer` into `out`, as it goes to the server.
    pub(super) fn send(
        &mut self,
        now: Instant,
        peer: SocketAddr,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), NotReady> {
        let time = self.time(now);
        let State::Active(active) = &mut self.state else { return Err(NotReady) };
        if !active.client.have_permission(TransportType::Udp, peer.ip()) {
            return Err(NotReady);
        }
        // Checks go to every candidate, everything else to the one that was chosen: that one is worth a channel.
        let media = payload.first().is_some_and(|first| *first > 3);
        if media && let Some(retry) = wanted(&mut self.channels, peer, now) {
            *retry = None;
            // One that exists, or ended lately, is not made again.
            let _ = active.client.bind_channel(TransportType::Udp, peer, time);
            active.wake = now;
        }
        let Ok(Some(built)) = active.client.send_to(TransportType::Udp, peer, payload, time) else {
            return Err(NotReady);
        };
        out.resize(built.data.len(), 0);
        built.write_into(out);
        Ok(())
    }

    fn time(&self, at: Instant) -> turn_types::Instant {
        let nanos = at.saturating_duration_since(self.epoch).as_nanos();
        turn_types::Instant::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
    }

    fn begin(&mut self, local: SocketAddr, now: Instant) {
        let credentials = TurnCredentials::new(&self.login.username, &self.login.password);
        // IPv4 relayed addresses, also at a server with IPv6: those reach everybody.
        let client = TurnClientUdp::allocate(local, self.server, TurnConfig::new(credentials));
        self.channels.clear();
        self.state = State::Active(Box::new(Active {
            client,
            local,
            relayed: None,
            wake: now,
            question: None,
            questions: 0,
            deleted: false,
        }));
    }

    /// What the client tells.
    fn take_events(&mut self, now: Instant) -> Option<Ask> {
        let State::Active(active) = &mut self.state else { return None };
        let event = std::iter::from_fn(|| active.client.poll_event()).find(|event| match event {
            TurnEvent::PermissionCreateFailed(_, ip) => {
                let peer = self.peers.iter_mut().find(|(known, _)| known == ip);
                peer.into_iter().for_each(|(_, retry)| *retry = Some(now + RETRY));
                false
            }
            TurnEvent::ChannelCreateFailed(_, addr) => {
                let channel = self.channels.iter_mut().find(|(known, _)| known == addr);
                channel.into_iter().for_each(|(_, retry)| *retry = Some(now + RETRY));
                false
            }
            TurnEvent::AllocationCreated(..) | TurnEvent::AllocationCreateFailed(_) => true,
            _ => false,
        })?;
        match event {
            TurnEvent::AllocationCreated(_, relayed)
                if relayed.is_ipv4() && is_outside(relayed, self.server) =>
            {
                active.relayed = Some(relayed);
                (self.failures, self.refused, self.silent) = (0, None, false);
                self.peers.iter_mut().for_each(|(_, retry)| *retry = Some(now));
                Some(Ask::Changed)
            }
            _ => self.fail(now, None),
        }
    }

    /// Asks for the permissions that are due.
    fn ask_for_peers(&mut self, now: Instant) {
        let time = self.time(now);
        let State::Active(active) = &mut self.state else { return };
        if active.relayed.is_none() || self.farewell.is_some() {
            return;
        }
        for (ip, retry) in &mut self.peers {
            if retry.is_some_and(|at| now >= at) {
                *retry = None;
                // One that exists is not asked for again.
                let _ = active.client.create_permission(TransportType::Udp, *ip, time);
            }
        }
    }

    /// There is no allocation, for the reason `code` if the server named one.
    fn fail(&mut self, now: Instant, code: Option<u16>) -> Option<Ask> {
        let State::Active(active) = &self.state else { return None };
        let had = active.relayed.is_some();
        let local = active.local;
        self.silent = !had && code.is_none();
        if self.farewell.is_some() {
            self.state = State::Idle;
        } else if code.is_some_and(|code| FINAL.contains(&code)) {
            self.state = State::Refused;
        } else {
            let pause = PAUSE.saturating_mul(1 << self.failures.min(4)).min(LONGEST_PAUSE);
            self.failures = self.failures.saturating_add(1);
            self.state = State::Waiting { until: now + pause, local };
        }
        had.then_some(Ask::Changed)
    }
}

impl Active {
    /// Something is sent. True when it is a question for an allocation.
    fn on_sent(&mut self, bytes: &[u8], now: Instant) -> bool {
        let Some((head, _)) = bytes.split_first_chunk::<20>() else { return false };
        let question = head[..2] == [0, 3];
        if question {
            let mut id = [0; 12];
            id.copy_from_slice(&head[8..]);
            match &mut self.question {
                Some((known, _, times)) if *known == id => *times += 1,
                _ => {
                    self.question = Some((id, now, 1));
                    self.questions += 1;
                }
            }
        }
        question
    }

    /// The error that ends the attempt, if this is the answer with it. The first question carries no login, so that being
    /// asked for one is no refusal, and neither is a nonce that has become stale.
    fn refusal(&self, bytes: &[u8]) -> Option<u16> {
        if !self.is_answered_by(bytes) || self.relayed.is_some() {
            return None;
        }
        let message = Message::from_bytes(bytes).ok()?;
        if !message.has_method(ALLOCATE) || message.class() != MessageClass::Error {
            return None;
        }
        let code = message.attribute::<ErrorCode>().ok()?.code();
        (code != 438 && !(code == 401 && self.questions == 1)).then_some(code)
    }

    fn round_trip(&self, bytes: &[u8], now: Instant) -> Option<Duration> {
        let (_, at, times) = self.question.filter(|_| self.is_answered_by(bytes))?;
        (times == 1).then(|| now.saturating_duration_since(at))
    }

    fn is_answered_by(&self, bytes: &[u8]) -> bool {
        self.question.is_some_and(|(id, ..)| bytes.get(8..20) == Some(&id))
    }
}

/// The time of an entry that is due; one is made for a new `peer`.
fn wanted(
    channels: &mut Vec<(SocketAddr, Option<Instant>)>,
    peer: SocketAddr,
    now: Instant,
) -> Option<&mut Option<Instant>> {
    let index = channels.iter().position(|(known, _)| *known == peer).unwrap_or_else(|| {
        channels.push((peer, Some(now)));
        channels.len() - 1
    });
    Some(&mut channels[index].1).filter(|retry| retry.is_some_and(|at| now >= at))
}

/// Without the client, whose own form shows the password.
impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("server", &self.server)
            .field("relayed", &self.relayed())
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}
