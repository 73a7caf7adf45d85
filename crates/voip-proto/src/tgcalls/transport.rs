//! The media transport: ICE, DTLS, SRTP and the data channel, by str0m without its SDP.
//!
//! Rules: tgcalls.md 7.2, 7.6, 7.7, and these choices. RTP is taken as it comes, so that nothing but our own jitter buffer
//! delays it. The agent below paces its checks at one in 50 ms; as most of its pairs cannot exist here (two relays never
//! reach each other) it is driven until it has nothing to ask. DTLS begins when there is a pair to send it through, so that
//! its repetition timer does not run before. What is wrong with a datagram is counted and has no other effect.

mod address;
mod losses;
mod renewal;
mod repair;
mod routes;
mod settings;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::DirectApi;
use str0m::channel::{ChannelConfig, ChannelId};
use str0m::config::Fingerprint;
use str0m::media::{MediaKind, Mid, Pt};
use str0m::net::{DatagramSend, Protocol, Receive};
use str0m::rtp::{RtpWrite, SeqNo, Ssrc};
use str0m::{Candidate, CandidateKind, Event, IceCreds, Input, Output, Reason, Rtc, RtcError};

pub(super) use address::LocalAddress;
pub(super) use losses::Measured;
pub(super) use routes::{Pair, Route};

use super::session::{Credentials, Local, Stream};
use crate::Role;
use losses::{Losses, MEASURE_EVERY};
use renewal::Renewal;
use repair::Repair;
use routes::Routes;

/// Turns of the agent in one drain: more than it has pairs.
const MAX_TURNS: u8 = 120;
/// Errors in one drain; then it is left until the next input.
const MAX_ERRORS: u8 = 8;
/// Remote candidates that are kept to be tried again: those of two generations of credentials.
const MAX_REMOTE: usize = 64;
/// A callee that has not been offered a data channel for so long takes it for agreed without words, as web clients do.
const UNSPOKEN: Duration = Duration::from_secs(5);
/// The estimate of the path is renewed at most so often while nothing else happens.
const RENEW_EVERY: Duration = Duration::from_millis(25);
/// What the transport asks of its owner. Poll until [`Step::WaitUntil`].
#[derive(Debug)]
pub(super) enum Step {
    /// Send this through a pair of addresses.
    Send { pair: Pair, contents: DatagramSend },
    /// A packet of the peer's stream.
    Rtp { at: Instant, seq: u64, timestamp: u32, payload_type: u8, payload: std::sync::Arc<[u8]> },
    /// The peer has proved to be there.
    Heard,
    /// A pair of addresses works.
    Reached,
    /// DTLS is through: both directions are keyed.
    Connected,
    /// The data channel can be written.
    Writable,
    /// The peer says this through the data channel.
    Text(Vec<u8>),
    /// What the reports of the last second say.
    Measured(Measured),
    /// The certificate is not the one announced.
    WrongFingerprint,
    /// The peer has closed the transport.
    Closed,
    /// Nothing to do before this instant.
    WaitUntil(Instant),
}

/// One frame to send.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outgoing<'a> {
    pub(super) payload_type: u8,
    pub(super) timestamp: u32,
    /// The first after a pause.
    pub(super) marker: bool,
    pub(super) payload: &'a [u8],
}

/// Counters of what the media transport did not follow, and of what it missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportStats {
    /// Datagrams that no protocol here begins like.
    pub malformed: u64,
    /// Errors of the layers below, by whatever input.
    pub errors: u64,
    /// Candidates that the agent could not use.
    pub refused_candidates: u64,
    /// Packets that asked the peer to send again what is lost.
    pub asked_again: u64,
}

pub(super) struct Transport {
    rtc: Rtc,
    role: Role,
    now: Instant,
    mid: Mid,
    ssrc: Ssrc,
    seq: SeqNo,
    hearing: Option<Ssrc>,
    repair: Repair,
    client: Option<bool>,
    trusted: Option<[u8; 32]>,
    reached: bool,
    connected: Option<Instant>,
    channel: Option<ChannelId>,
    /// The channel was not offered: it opens without a word.
    unspoken: bool,
    writable: bool,
    closed: bool,
    /// With the generation of credentials that they were last told in.
    remote: Vec<(Candidate, u32)>,
    generation: u32,
    renewal: Option<Renewal>,
    routes: Routes,
    nominated: Option<Pair>,
    /// The pair that the datagram being handled came through.
    arrival: Option<Pair>,
    /// The agent may have more to ask at this instant.
    restless: bool,
    /// When the layers below were last told the time.
    turned: Instant,
    turns: u8,
    errors: u8,
    heard: bool,
    losses: Losses,
    stats: TransportStats,
}

impl Transport {
    /// `ssrc` and `seq` are those of our stream.
    pub(super) fn new(role: Role, ice: Credentials, ssrc: u32, seq: u16, now: Instant) -> Self {
        let mut rtc = settings::settings(ice.into()).build(now);
        let (mid, ssrc) = (Mid::from("0"), Ssrc::from(ssrc));
        let mut api = rtc.direct_api();
        api.set_ice_controlling(role == Role::Caller);
        api.declare_media(mid, MediaKind::Audio);
        api.enable_twcc_feedback();
        Self {
            rtc,
            role,
            now,
            mid,
            ssrc,
            seq: SeqNo::from(u64::from(seq)),
            hearing: None,
            repair: Repair::default(),
            client: None,
            trusted: None,
            reached: false,
            connected: None,
            channel: None,
            unspoken: false,
            writable: false,
            closed: false,
            remote: Vec::new(),
            generation: 0,
            renewal: None,
            routes: Routes::default(),
            nominated: None,
            arrival: None,
            restless: true,
            turned: now,
            turns: 0,
            errors: 0,
            heard: false,
            losses: Losses::default(),
            stats: TransportStats::default(),
        }
    }

    /// The credentials for the setup.
    pub(super) fn local(&mut self) -> Local {
        let api = self.rtc.direct_api();
        let IceCreds { ufrag, pass } = api.local_ice_credentials();
        let fingerprint = api.local_dtls_fingerprint().to_string();
        let fingerprint = fingerprint.split_once(' ').map_or("", |(_, digits)| digits).to_owned();
        Local { ice: Credentials { ufrag, pwd: pass }, fingerprint }
    }

    /// Takes the peer's credentials. False: the certificate differs from the one in use.
    pub(super) fn trust(&mut self, ufrag: String, pwd: String, fingerprint: [u8; 32], client: bool) -> bool {
        self.trusted = Some(fingerprint);
        let fingerprint = Fingerprint { hash_func: "sha-256".into(), bytes: fingerprint.to_vec() };
        let mut api = self.rtc.direct_api();
        if self.connected.is_some() && api.remote_dtls_fingerprint() != Some(&fingerprint) {
            return false;
        }
        api.set_remote_fingerprint(fingerprint);
        api.set_remote_ice_credentials(IceCreds { ufrag, pass: pwd });
        let client = *self.client.get_or_insert(client);
        // A server only waits; a client begins when there is somewhere to send.
        if !client || self.reached {
            self.start_dtls();
        }
        self.turn();
        true
    }

    /// ICE restarts with these credentials, at once or as soon as the peer is seen to use them ([`renewal`]). False: the
    /// certificate differs from the one in use.
    pub(super) fn renew(
        &mut self,
        own: Credentials,
        theirs: Credentials,
        fingerprint: [u8; 32],
        at_once: bool,
    ) -> bool {
        if self.trusted != Some(fingerprint) {
            return false;
        }
        // What the peer named neither in this generation nor in the one before is not tried any more.
        self.generation += 1;
        let first = self.generation - 1;
        for (candidate, _) in self.remote.extract_if(.., |(_, generation)| *generation < first) {
            self.rtc.direct_api().invalidate_candidate(&candidate);
        }
        self.renewal = Some(Renewal::new(own, theirs, self.now));
        if at_once {
            self.take_renewal();
        }
        self.turn();
        true
    }

    fn take_renewal(&mut self) {
        if let Some(Renewal { own, theirs, .. }) = self.renewal.take() {
            let mut api = self.rtc.direct_api();
            api.set_local_ice_credentials(own);
            api.set_remote_ice_credentials(theirs);
        }
    }

    fn start_dtls(&mut self) {
        if let Some(client) = self.client
            && let Err(error) = self.rtc.direct_api().start_dtls(client)
        {
            self.count(&error);
        }
    }

    pub(super) fn add_local(&mut self, candidate: LocalAddress) {
        let added =
            candidate.build().and_then(|candidate| self.rtc.add_local_candidate(candidate).map(|_| ()));
        match added {
            Some(()) => self.turn(),
            None => self.stats.refused_candidates += 1,
        }
    }

    /// A local address can no longer be used.
    pub(super) fn remove_local(&mut self, candidate: LocalAddress) {
        self.routes.forget_local(candidate.base());
        if let Some(candidate) = candidate.build() {
            self.rtc.direct_api().invalidate_candidate(&candidate);
            self.turn();
        }
    }

    pub(super) fn add_remote(
        &mut self,
        kind: CandidateKind,
        addr: SocketAddr,
        priority: u32,
        foundation: String,
    ) {
        let candidate =
            Candidate::from_parts(foundation, 1, Protocol::Udp, priority, addr, kind, None, None, None);
        match self.remote.iter().position(|(known, _)| *known == candidate) {
            Some(index) => self.remote[index].1 = self.generation,
            None if self.remote.len() < MAX_REMOTE => self.remote.push((candidate.clone(), self.generation)),
            None => {}
        }
        self.rtc.add_remote_candidate(candidate);
        self.turn();
    }

    /// Tries again what the agent has given up.
    pub(super) fn try_again(&mut self) {
        for (candidate, _) in &self.remote {
            self.rtc.add_remote_candidate(candidate.clone());
        }
        self.turn();
    }

    /// Receives the peer's stream from now on, and no other.
    pub(super) fn hear(&mut self, stream: Option<Stream>) {
        let ssrc = stream.map(|stream| Ssrc::from(stream.ssrc));
        if self.hearing == ssrc {
            return;
        }
        let mut api = self.rtc.direct_api();
        if let Some(old) = self.hearing.take() {
            api.remove_stream_rx(old);
        }
        if let Some(ssrc) = ssrc {
            api.expect_stream_rx(ssrc, None, self.mid, None).suppress_nack(true);
        }
        self.repair = Repair::new(stream.is_some_and(|stream| stream.again));
        self.hearing = ssrc;
    }

    /// Our stream will be sent.
    pub(super) fn speak(&mut self) {
        self.rtc.direct_api().declare_stream_tx(self.ssrc, None, self.mid, None);
    }

    /// Sends a frame. Then [`Transport::poll`].
    pub(super) fn send(&mut self, now: Instant, frame: Outgoing<'_>) {
        let payload_type = Pt::from(frame.payload_type);
        let seq = self.seq.inc();
        let write =
            RtpWrite::new(payload_type, seq, frame.timestamp, now, frame.payload).marker(frame.marker);
        if let Some(stream) = self.rtc.direct_api().stream_tx(&self.ssrc) {
            stream.write_rtp(write);
            self.losses.on_sent();
        }
        self.advance(now);
    }

    /// Says something through the data channel. False: there is none yet.
    pub(super) fn say(&mut self, text: &str) -> bool {
        let Some(mut channel) = self.channel.filter(|_| self.writable).and_then(|id| self.rtc.channel(id))
        else {
            return false;
        };
        let written = channel.write(false, text.as_bytes()).unwrap_or(false);
        self.advance(self.now);
        written
    }

    pub(super) fn is_writable(&self) -> bool {
        self.writable
    }

    /// Takes a datagram that came from `remote` to `local`. Then [`Transport::poll`].
    pub(super) fn receive(&mut self, at: Instant, (local, remote): Pair, bytes: &[u8]) {
        // The crate below knows one time only, and it does not run backwards.
        self.now = self.now.max(at);
        self.heard |= self.routes.on_answer(self.now, bytes);
        self.arrival = Some((local, remote));
        if self.renewal.as_ref().is_some_and(|renewal| renewal.is_confirmed_by(bytes)) {
            self.take_renewal();
        }
        let Ok(receive) = Receive::new(Protocol::Udp, remote, local, bytes) else {
            self.stats.malformed += 1;
            return;
        };
        let result = self.rtc.handle_input(Input::Receive(self.now, receive));
        self.note(result);
    }

    /// Time has passed. Then [`Transport::poll`].
    pub(super) fn advance(&mut self, now: Instant) {
        self.now = self.now.max(now);
        if self.connected.is_some_and(|at| self.now >= at + UNSPOKEN) && self.channel.is_none() {
            let config =
                ChannelConfig { label: LABEL.into(), negotiated: Some(0), ..ChannelConfig::default() };
            self.channel = Some(self.rtc.direct_api().create_data_channel(config));
            self.unspoken = true;
        }
        if self.renewal.as_mut().is_some_and(|renewal| renewal.is_due(self.now, &self.routes)) {
            self.take_renewal();
        }
        if self.repair.is_over(self.now) {
            self.ask_again(false);
        }
        self.turn();
    }

    /// Whether what is missing of the peer's stream is asked for again.
    fn ask_again(&mut self, ask: bool) {
        // Found by its SSRC, the crate below would not notice the change.
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(self.mid, None) {
            stream.suppress_nack(!ask);
        }
    }

    /// Lets the layers below know the time.
    fn turn(&mut self) {
        self.turned = self.now;
        let result = self.rtc.handle_input(Input::Timeout(self.now));
        self.note(result);
    }

    fn note(&mut self, result: Result<(), RtcError>) {
        (self.turns, self.errors) = (0, 0);
        if let Err(error) = result {
            self.count(&error);
        }
    }

    fn count(&mut self, error: &RtcError) {
        tracing::debug!(%error, "transport");
        self.stats.errors += 1;
        self.errors += 1;
    }

    /// Ends the transport politely: what is left to send follows from [`Transport::poll`].
    pub(super) fn close(&mut self) {
        if let Err(error) = self.rtc.close() {
            self.count(&error);
        }
        self.closed = true;
    }

    pub(super) fn poll(&mut self) -> Step {
        loop {
            if std::mem::take(&mut self.heard) {
                return Step::Heard;
            }
            match self.rtc.poll_output() {
                Ok(Output::Transmit(transmit)) => {
                    return self.transmit((transmit.source, transmit.destination), transmit.contents);
                }
                Ok(Output::Event(event)) => {
                    if let Some(step) = self.on_event(event) {
                        return step;
                    }
                }
                Ok(Output::Timeout(_)) if self.has_opened() => return Step::Writable,
                Ok(Output::Timeout(at)) if !self.restless || self.turns == MAX_TURNS => {
                    self.arrival = None;
                    return Step::WaitUntil(self.deadline(at));
                }
                Ok(Output::Timeout(_)) => {
                    // A check has left: the next may be due as well.
                    self.restless = false;
                    self.turns += 1;
                    if let Err(error) = self.rtc.handle_input(Input::Timeout(self.now)) {
                        self.count(&error);
                    }
                }
                Err(RtcError::RemoteSdp(_)) => return Step::WrongFingerprint,
                Err(error) => {
                    self.count(&error);
                    if self.errors >= MAX_ERRORS || !self.rtc.is_alive() {
                        return Step::WaitUntil(self.now + MEASURE_EVERY);
                    }
                }
            }
        }
    }

    /// The channel that was not offered has just become usable.
    fn has_opened(&mut self) -> bool {
        if !self.unspoken || self.writable {
            return false;
        }
        self.writable = self.channel.is_some_and(|id| self.rtc.channel(id).is_some());
        self.writable
    }

    fn deadline(&self, at: Instant) -> Instant {
        // The estimate of the path is renewed once in a round trip, which on a short path would be all the time.
        let renewal = self.connected.is_some() && self.rtc.last_timeout_reason() == Reason::BweDelayControl;
        let at = if renewal { at.max(self.turned + RENEW_EVERY) } else { at };
        let unspoken = self.connected.filter(|_| self.channel.is_none()).map(|at| at + UNSPOKEN);
        let renewal = self.renewal.as_ref().map_or(at, Renewal::due);
        at.min(self.now + Duration::from_secs(60)).min(unspoken.unwrap_or(at)).min(renewal).max(self.now)
    }

    fn transmit(&mut self, pair: Pair, contents: DatagramSend) -> Step {
        let is_check = contents.first().is_some_and(|first| *first < 4);
        if is_check {
            self.restless = true;
            self.routes.on_check(self.now, pair, &contents);
            return Step::Send { pair, contents };
        }
        if self.nominated != Some(pair) {
            self.nominated = Some(pair);
            self.routes.on_nominated(self.now, pair);
        }
        Step::Send { pair: self.routes.choose(self.now, pair), contents }
    }

    fn on_event(&mut self, event: Event) -> Option<Step> {
        match event {
            Event::IceConnectionStateChange(state) if state.is_connected() && !self.reached => {
                self.reached = true;
                if self.client == Some(true) {
                    self.start_dtls();
                }
                self.restless = true;
                Some(Step::Reached)
            }
            Event::Connected => {
                self.connected = Some(self.now);
                self.open_channel();
                self.restless = true;
                Some(Step::Connected)
            }
            Event::RtpPacket(packet) => {
                self.prove();
                if self.repair.begins(self.now, *packet.seq_no) {
                    self.ask_again(true);
                }
                Some(Step::Rtp {
                    at: packet.timestamp,
                    seq: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    payload_type: *packet.header.payload_type,
                    payload: packet.payload,
                })
            }
            Event::SenderFeedback(_) => {
                self.prove();
                Some(Step::Heard)
            }
            Event::ChannelOpen(id, _) => {
                self.writable |= *self.channel.get_or_insert(id) == id;
                self.writable.then_some(Step::Writable)
            }
            Event::ChannelClose(id) => {
                self.writable &= self.channel != Some(id);
                None
            }
            Event::ChannelData(data) => {
                self.prove();
                (!data.binary).then_some(Step::Text(data.data))
            }
            Event::MediaEgressStats(stats) => {
                if let Some(remote) = stats.remote {
                    self.losses.on_report(*remote.maximum_sequence_number, remote.packets_lost);
                }
                None
            }
            Event::MediaIngressStats(stats) => {
                self.stats.asked_again = stats.nacks;
                None
            }
            Event::PeerStats(stats) => Some(Step::Measured(Measured {
                lost: self.losses.take(stats.egress_loss_fraction),
                rtt: stats
                    .rtt
                    .or(stats.selected_candidate_pair.and_then(|pair| pair.current_round_trip_time)),
                bitrate: stats.bwe_tx.map(|bitrate| bitrate.as_u64()),
            })),
            Event::Closed if !self.closed => Some(Step::Closed),
            _ => None,
        }
    }

    /// What is being handled is authentic.
    fn prove(&mut self) {
        if let Some(pair) = self.arrival {
            self.routes.on_media(self.now, pair);
        }
    }

    /// The caller offers the channel; the callee waits for it.
    fn open_channel(&mut self) {
        let caller = self.role == Role::Caller;
        let mut api: DirectApi<'_> = self.rtc.direct_api();
        api.start_sctp(caller);
        if caller {
            let config = ChannelConfig { label: LABEL.into(), ..ChannelConfig::default() };
            self.channel = Some(api.create_data_channel(config));
        }
    }

    pub(super) fn routes(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// The pair that media goes through.
    pub(super) fn current(&self) -> Option<Pair> {
        self.nominated.map(|pair| self.routes.choose(self.now, pair))
    }

    /// Round trip of the pair that media goes through.
    pub(super) fn rtt(&self) -> Option<Duration> {
        self.current().and_then(|pair| self.routes.find(pair)).and_then(|route| route.rtt)
    }

    pub(super) fn stats(&self) -> TransportStats {
        self.stats
    }
}

/// The name of the data channel.
const LABEL: &str = "data";
impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport")
            .field("role", &self.role)
            .field("client", &self.client)
            .field("reached", &self.reached)
            .field("connected", &self.connected.is_some())
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}
