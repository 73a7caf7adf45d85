//! One side of a modern call: the agreement, the ways out of this machine, the transport and the sound put together.
//!
//! Rules: tgcalls.md 2.4, 7, 8 and 9. Established means that ICE and DTLS are through; our sound goes out as soon as the
//! peer has also answered our offer. Contact counts as lost after [`crate::ServerConfig::reconnecting_after`] without a
//! sign of life while the peer speaks, and after [`QUIET`] while it does not: then nothing but the checks of the path can
//! be expected. A lost path is tried for as long as the time-outs allow, with every candidate that is known; after some
//! seconds, and when the machine's network changes, ICE is restarted beside that ([`contact`]).

mod agree;
mod contact;
mod media;
mod timer;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha12Rng;
use str0m::net::DatagramSend;

use super::negotiate::Family;
use super::paths::{self, Paths};
use super::report::{ConnectReport, RestartStats, Stage, Stages};
use super::session::{Credentials, Session, Stream};
use super::transport::{Pair, Transport};
use super::{Signalling, Version, signalling};
use crate::link::Window;
use crate::playout::{Clock, Jitter};
use crate::{
    CallConfig, ConfigError, EncoderHints, Event, FailReason, Input, Output, PeerTag, Playout, PushError,
    Role, State, Stats,
};
use media::Speech;
use timer::{Timer, Timers};

/// Endpoints and servers a call can hold, each.
const MAX_SERVERS: usize = 16;
/// Events that wait at most; then the oldest is dropped.
const MAX_EVENTS: usize = 64;
/// Datagrams that wait at most; then a new one is dropped.
const MAX_OUTBOX: usize = 256;
/// Without a connection for so long, or without contact after one, a call is over (tgcalls.md 2.4).
const PATIENCE: Duration = Duration::from_secs(20);
/// Contact counts as lost after so long while the peer is silent anyway.
const QUIET: Duration = Duration::from_millis(5500);
/// When nothing else is due.
const IDLE: Duration = Duration::from_secs(3600);

/// One side of the media of a call of the modern family, with the same contract and surface as [`crate::Call`].
///
/// What it needs beyond that: the packets of its signalling come as [`Input::Signalling`] and go as [`Output::Signal`];
/// [`Input::LocalAddresses`] right after [`Call::new`] and before each [`Input::NetworkChanged`]; sockets of its own on
/// [`Output::Open`]. [`crate::Via::Shared`] carries nothing but the traffic of UDP relays, whose datagrams begin with
/// [`Call::tags`].
pub struct Call {
    role: Role,
    version: Version,
    reconnecting_after: Duration,
    connect_timeout: Duration,
    receive_timeout: Duration,

    start: Instant,
    now: Instant,
    state: State,
    failed: Option<FailReason>,
    timers: Timers,
    events: VecDeque<Event>,
    outbox: VecDeque<(Pair, DatagramSend)>,

    signalling: Signalling,
    session: Session,
    paths: Paths,
    transport: Transport,
    transport_due: Instant,
    paths_due: Option<Instant>,
    signalling_due: Option<Instant>,
    /// Payloads on their way from `paths` to `transport`.
    payload: Vec<u8>,

    muted: bool,
    speech: Speech,
    hearing: Option<Stream>,
    peer_muted: bool,
    window: Window,
    playout: Jitter,
    first_audio: bool,
    /// Packets of the peer's stream that held nothing but padding.
    padding: u64,
    /// The last sign of life, and the last packet of the peer's sound.
    heard: Option<Instant>,
    sound_at: Option<Instant>,
    /// The peer has closed the transport.
    left: bool,
    /// The ways out of this machine have been closed.
    released: bool,
    /// When this side last began a restart of ICE.
    restarted: Option<Instant>,
    restarts: RestartStats,
    stages: Stages,
    /// As it was at the end: the ways out of this machine are taken down after it.
    last_report: Option<Box<ConnectReport>>,
    stats: Stats,
}

impl Call {
    /// Starts a call; the first [`Call::poll`] brings the first packets. A call that cannot come about (no way to the peer,
    /// custom parameters that ask for another transport) is there, and has failed by name.
    ///
    /// # Errors
    /// [`ConfigError`] when the configuration is not one of this family.
    pub fn new(config: CallConfig, now: Instant) -> Result<Self, ConfigError> {
        let version = check(&config)?;
        let mut random = ChaCha12Rng::from_seed(config.seed);
        let mut seed = || {
            let mut seed = [0; 32];
            random.fill_bytes(&mut seed);
            seed
        };
        let (signalling_seed, paths_seed, session_seed) = (seed(), seed(), seed());
        let impossible = impossible(&config);
        let credentials = Credentials::draw(&mut random);
        let (timestamp, sequence) = (random.random(), random.random_range(0..1 << 15));
        // The session draws the SSRC, and needs the certificate that comes with the transport.
        let session_random = ChaCha12Rng::from_seed(session_seed);
        let ssrc = Session::ssrc_of(&session_random);
        let mut transport = Transport::new(config.role, credentials, ssrc, sequence, now);
        let lossy = version.framing() == super::Framing::Raw;
        let mut call = Self {
            role: config.role,
            version,
            reconnecting_after: config.server.reconnecting_after,
            connect_timeout: config.connect_timeout.min(PATIENCE),
            receive_timeout: config.receive_timeout.min(PATIENCE),
            start: now,
            now,
            state: State::WaitInit,
            failed: None,
            timers: Timers::default(),
            events: VecDeque::with_capacity(MAX_EVENTS),
            outbox: VecDeque::with_capacity(16),
            signalling: Signalling::new(version, config.role, config.key, signalling_seed, now),
            session: Session::new(config.role, transport.local(), lossy, session_random, now),
            paths: Paths::new(config.endpoints, config.servers, config.p2p_allowed, paths_seed, now),
            transport,
            transport_due: now,
            paths_due: None,
            signalling_due: None,
            payload: Vec::with_capacity(1500),
            muted: false,
            speech: Speech::new(config.frame, config.server.loss_for_copies, timestamp),
            hearing: None,
            peer_muted: false,
            window: Window::default(),
            playout: Jitter::new(now, Clock::Samples),
            first_audio: false,
            padding: 0,
            heard: None,
            sound_at: None,
            left: false,
            released: false,
            restarted: None,
            restarts: RestartStats::default(),
            stages: Stages::new(now),
            last_report: None,
            stats: Stats::default(),
        };
        call.emit(Event::StateChanged(State::WaitInit));
        call.timers.set(Timer::Connect, now + call.connect_timeout);
        if let Some(reason) = impossible {
            call.fail(reason);
        }
        Ok(call)
    }

    /// Takes one input. Then [`Call::poll`].
    pub fn handle(&mut self, input: Input<'_>) {
        match input {
            Input::Datagram { at, via, from, bytes } => {
                self.advance(at);
                if !self.state.is_final() {
                    self.stats.bytes_received += bytes.len() as u64;
                    self.stats.datagrams_received += 1;
                    self.paths.receive(at, via, from, bytes);
                    self.take_payloads();
                }
            }
            Input::Tick(at) => self.advance(at),
            Input::NetworkChanged(at) => {
                self.advance(at);
                self.paths.network_changed(self.now);
                self.on_network_changed();
            }
            Input::Mute { at, muted } => {
                self.advance(at);
                self.set_muted(muted);
            }
            Input::Signalling { at, packet } => {
                self.advance(at);
                if !self.state.is_final() {
                    self.signalling.handle_packet(packet, self.now);
                }
            }
            Input::LocalAddresses { at, addresses } => {
                self.advance(at);
                self.paths.local_addresses(self.now, addresses);
            }
            Input::Opened { at, via, local } => {
                self.advance(at);
                self.paths.opened(self.now, via, local);
            }
            Input::Closed { at, via } => {
                self.advance(at);
                self.paths.closed(self.now, via);
            }
        }
        self.drive_timers();
    }

    /// What has arrived goes to the transport.
    fn take_payloads(&mut self) {
        let mut payload = std::mem::take(&mut self.payload);
        while let Some(inbound) = self.paths.inbound(&mut payload) {
            self.transport.receive(inbound.at, (inbound.destination, inbound.source), &payload);
            self.drive_transport();
        }
        self.payload = payload;
    }

    /// The next thing to do. `out` is cleared and filled for [`Output::Send`] and [`Output::Signal`]; give it 1500 bytes of
    /// room once and lend it again and again.
    pub fn poll(&mut self, out: &mut Vec<u8>) -> Output {
        loop {
            if let Some(output) = self.poll_datagram(out) {
                return output;
            }
            if self.state.is_final() && !std::mem::replace(&mut self.released, true) {
                // The last words have left: now the ways can go.
                self.paths.close(self.now);
            }
            if let Some(output) = self.poll_paths(out) {
                return output;
            }
            // A candidate may have made the transport speak.
            if !self.outbox.is_empty() {
                continue;
            }
            if let Some(output) = self.poll_signalling(out) {
                return output;
            }
            if !self.outbox.is_empty() {
                continue;
            }
            if let Some(event) = self.events.pop_front() {
                return Output::Event(event);
            }
            return Output::WaitUntil(self.deadline());
        }
    }

    fn deadline(&self) -> Instant {
        let idle = self.now + IDLE;
        if self.state.is_final() {
            // What the ways out still have to say (a relay is told that it is free) is said in this drain.
            return idle;
        }
        let dues = [self.timers.next(), Some(self.transport_due), self.paths_due, self.signalling_due];
        dues.into_iter().flatten().chain(self.session.deadline()).min().unwrap_or(idle)
    }

    fn poll_datagram(&mut self, out: &mut Vec<u8>) -> Option<Output> {
        while let Some((pair, contents)) = self.outbox.pop_front() {
            if let Some((via, to)) = self.paths.send(self.now, pair.0, pair.1, &contents, out) {
                self.stats.datagrams_sent += 1;
                self.stats.bytes_sent += out.len() as u64;
                return Some(Output::Send { via, to });
            }
        }
        None
    }

    fn poll_paths(&mut self, out: &mut Vec<u8>) -> Option<Output> {
        loop {
            match self.paths.poll(self.now, out) {
                paths::Step::Send { via, to } => {
                    self.stats.datagrams_sent += 1;
                    self.stats.bytes_sent += out.len() as u64;
                    return Some(Output::Send { via, to });
                }
                paths::Step::Open { via, to } => return Some(Output::Open { via, to }),
                paths::Step::Close { via } => return Some(Output::Close { via }),
                paths::Step::Candidate(candidate) => self.on_local_candidate(candidate),
                paths::Step::Lost(candidate) => self.on_lost_candidate(&candidate),
                paths::Step::WaitUntil(due) => {
                    self.paths_due = due;
                    return None;
                }
            }
        }
    }

    fn poll_signalling(&mut self, out: &mut Vec<u8>) -> Option<Output> {
        if self.state.is_final() {
            return None;
        }
        loop {
            self.hand_over_messages();
            match self.signalling.poll(self.now, out) {
                signalling::Output::Send => return Some(Output::Signal),
                signalling::Output::Message(message) => self.on_message(message),
                signalling::Output::Failed(why) => self.on_signalling_ended(why),
                signalling::Output::WaitUntil(due) => {
                    self.signalling_due = due;
                    return None;
                }
            }
        }
    }

    /// Hands over one Opus packet of exactly the configured frame length. Then [`Call::poll`].
    ///
    /// # Errors
    /// [`PushError`] when it is not wanted; the frame is then forgotten.
    pub fn push_frame(&mut self, now: Instant, opus: &[u8]) -> Result<(), PushError> {
        self.advance(now);
        let result = self.check_frame(opus);
        match result {
            Ok(()) => self.send_frame(opus),
            Err(PushError::NotReady) => {}
            Err(_) => self.stats.frames_refused += 1,
        }
        result
    }

    /// True when [`Call::push_frame`] would take a frame: there is no use in encoding one otherwise.
    pub fn wants_frames(&self) -> bool {
        self.is_up() && !self.muted && self.speech.is_agreed() && self.outbox.len() < media::WAITING
    }

    /// The next piece of sound to play; see [`crate::Call::pull_frame`].
    pub fn pull_frame(&mut self, now: Instant, queued: Duration, out: &mut Vec<u8>) -> Playout {
        self.playout.pull(now, queued, out, &mut self.stats)
    }

    /// Ends the call: the transport and the relays are told, in the next drain. The peer also learns it from the server.
    /// Idempotent.
    pub fn close(&mut self, now: Instant) {
        self.advance(now);
        if !self.state.is_final() {
            self.finish(State::Closed);
        }
    }

    /// Where the call stands. [`State::WaitInitAck`] means that the peer's signalling has been heard.
    pub fn state(&self) -> State {
        self.state
    }

    /// What has been counted until now.
    pub fn stats(&self) -> Stats {
        Stats {
            rtt: self.speech.rtt().or_else(|| self.transport.rtt()),
            send_loss: self.speech.loss(),
            receive_loss: self.window.loss(),
            copies: self.speech.copies(),
            dropped_stranger: self.paths.stats().dropped_stranger,
            dropped_malformed: self.stats.dropped_malformed
                + self.paths.stats().dropped_malformed
                + self.transport.stats().malformed,
            ..self.stats
        }
    }

    /// What the path would like the encoder to do.
    pub fn encoder_hints(&self) -> EncoderHints {
        self.speech.hints()
    }

    /// For every UDP relay: its address and the first 16 bytes of what it sends to this call. Known from [`Call::new`] on,
    /// and the same for the whole life of the call.
    pub fn tags(&self) -> Vec<(SocketAddr, PeerTag)> {
        self.paths.tags().collect()
    }

    /// What was tried to connect, and how it went. Allocates: ask at the end of a call.
    pub fn report(&self) -> ConnectReport {
        self.last_report.as_deref().cloned().unwrap_or_else(|| self.report_now())
    }

    fn report_now(&self) -> ConnectReport {
        ConnectReport {
            version: self.version,
            role: self.role,
            failure: self.failed,
            stages: self.stages.list(),
            pairs: super::report::pairs(self.transport.routes(), self.transport.current()),
            paths: self.paths.report(),
            signalling: self.signalling.stats(),
            session: self.session.stats(),
            restarts: self.restarts,
            transport: self.transport.stats(),
            padding: self.padding,
        }
    }

    fn advance(&mut self, now: Instant) {
        self.now = self.now.max(now);
    }

    fn emit(&mut self, event: Event) {
        if self.events.len() == MAX_EVENTS {
            self.events.pop_front();
            self.stats.events_dropped += 1;
        }
        self.events.push_back(event);
    }

    fn reach(&mut self, stage: Stage) {
        self.stages.reach(stage, self.now);
    }

    fn is_up(&self) -> bool {
        matches!(self.state, State::Established | State::Reconnecting)
    }
}

fn check(config: &CallConfig) -> Result<Version, ConfigError> {
    let Family::Tgcalls(version) = config.family else { return Err(ConfigError::OtherFamily) };
    for got in [config.endpoints.len(), config.servers.len()] {
        if got > MAX_SERVERS {
            return Err(ConfigError::TooManyEndpoints { got, limit: MAX_SERVERS });
        }
    }
    Ok(version)
}

/// Why the call cannot come about, whatever the peer does.
fn impossible(config: &CallConfig) -> Option<FailReason> {
    let asks = |name: &str, parameters: &serde_json::Map<String, serde_json::Value>| {
        parameters.get(name).is_some_and(|value| match value {
            serde_json::Value::Bool(set) => *set,
            serde_json::Value::Number(number) => number.as_f64() != Some(0.0),
            serde_json::Value::String(text) => !matches!(text.as_str(), "" | "0" | "false"),
            _ => false,
        })
    };
    if let Some(text) = &config.custom_parameters
        && let Ok(serde_json::Value::Object(parameters)) = serde_json::from_str(text)
        && ["network_use_mtproto", "network_signaling_nosctp"].iter().any(|name| asks(name, &parameters))
    {
        return Some(FailReason::CustomParameter);
    }
    let relayed = !config.endpoints.is_empty() || config.servers.iter().any(|server| server.turn.is_some());
    (!relayed && !config.p2p_allowed).then_some(FailReason::NoPath)
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("version", &self.version)
            .field("role", &self.role)
            .field("state", &self.state)
            .field("session", &self.session)
            .field("transport", &self.transport)
            .field("timers", &self.timers)
            .finish_non_exhaustive()
    }
}
