//! One side of the media of a call: states, timers and what follows from them.
//!
//! Rules: libtgvoip.md sections 2 and 6, with these choices of our own. Established means: INIT and INIT_ACK of the peer
//! are in, so that sound flows both ways; sound is sent from then on (libtgvoip waits another half second before it says
//! so). Something is sent at least every 0.2 s from then on. A relay through which acknowledgements stop for a second is
//! left for another one.

mod announce;
mod receive;
mod send;
mod timer;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::link::{Path, SentLog, Window};
use crate::playout::{Clock, Jitter};
use crate::uplink::{self, Uplink};
use crate::wire::seal::SealKey;
use crate::wire::{Seq, stream};
use crate::{
    CallConfig, ConfigError, EncoderHints, EndpointKind, Event, FailReason, FrameLen, Input, Output, Playout,
    PushError, Role, ServerConfig, State, Stats, Via,
};
use announce::Announcements;
use timer::{Timer, Timers};

/// Endpoints a call can hold.
const MAX_ENDPOINTS: usize = 16;
/// The oldest merged layer (libtgvoip.md 1.6).
const MIN_LAYER: i32 = 65;
/// Events that wait at most; then the oldest is dropped.
const MAX_EVENTS: usize = 64;
/// Packets that wait at most; then a new one is dropped. An INIT round and a reachability round of 16 endpoints fit.
const MAX_OUTBOX: usize = 64;

/// INIT repetition (6.2).
const INIT_EVERY: Duration = Duration::from_millis(500);
/// An INIT of the peer is answered with one of ours, if we still need it, but not more often than this.
const INIT_LEAST: Duration = Duration::from_millis(20);
/// We are never silent for longer (6.4).
const NEVER_SILENT: Duration = Duration::from_millis(200);
/// How often relays are looked at (2.10), and how old a PING may be before the next.
const PING_ROUND: Duration = Duration::from_secs(2);
const PING_AGE: Duration = Duration::from_secs(10);
/// The same while contact is lost.
const PROBE_ROUND: Duration = Duration::from_millis(500);
/// Reachability questions: four, half a second apart (2.6).
const QUERY_EVERY: Duration = Duration::from_millis(500);
const QUERIES: u8 = 4;
/// How often loss and acknowledgements are looked at.
const ASSESS_EVERY: Duration = Duration::from_millis(250);
/// Without acknowledgements for so long another relay is tried.
const ACK_SILENCE: Duration = Duration::from_secs(1);
/// Protection against loss is kept for so long after the loss has gone.
const CALM: Duration = Duration::from_secs(5);
/// Acknowledgements that take this much longer than they once did mean queues.
const CONGESTED: Duration = Duration::from_millis(400);

/// What waits to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outgoing {
    /// INIT through an endpoint; all of one round share a number.
    Init {
        path: usize,
        first: bool,
    },
    InitAck,
    Ping {
        path: usize,
    },
    Pong {
        path: usize,
        ping: Seq,
    },
    Nop {
        path: usize,
    },
    Frame {
        number: u32,
    },
    /// The copies of a frame in a packet of their own, for old peers.
    Copies {
        number: u32,
    },
    /// Microphone state for peers that know no extras.
    StreamState,
    /// "Who am I" to a relay.
    Query {
        path: usize,
    },
}

/// What the peer has told about itself.
#[derive(Clone, Copy, Debug, Default)]
struct Peer {
    /// 0 while unknown.
    version: i32,
    min_version: i32,
    init: bool,
    init_ack: bool,
    /// Its audio stream.
    audio: Option<u8>,
    /// Ids of its streams that are not audio, as bits.
    others: u64,
    muted: bool,
}

/// One side of the media of one call. See the crate's page for how to drive it.
pub struct Call {
    role: Role,
    seal: SealKey,
    max_layer: i32,
    frame: FrameLen,
    server: ServerConfig,
    connect_timeout: Duration,
    receive_timeout: Duration,

    random: ChaCha12Rng,
    start: Instant,
    now: Instant,
    state: State,
    timers: Timers,
    outbox: VecDeque<Outgoing>,
    events: VecDeque<Event>,

    peer: Peer,
    /// MTProto 2.0 is in use although the merged layer is below 74 (3.5).
    upgraded: bool,
    paths: Vec<Path>,
    current: usize,
    preferred: usize,
    window: Window,
    sent: SentLog,
    init_seq: Seq,
    init_at: Instant,
    queries_left: u8,
    last_sent: Option<Instant>,
    heard: Option<Instant>,
    ack_progress: Instant,
    lossy_at: Instant,
    congestion_at: Instant,

    announcements: Announcements,
    muted: bool,
    uplink: Uplink,
    frames_waiting: usize,
    playout: Jitter,
    first_audio: bool,
    stats: Stats,
}

impl Call {
    /// Starts a call; the first [`Call::poll`] sends the first datagrams.
    ///
    /// # Errors
    /// [`ConfigError`] when the configuration makes no call possible.
    pub fn new(mut config: CallConfig, now: Instant) -> Result<Self, ConfigError> {
        config.endpoints.retain(|endpoint| endpoint.kind == EndpointKind::UdpRelay);
        check(&config)?;
        let mut call = Self {
            role: config.role,
            seal: SealKey::new(config.key.bytes()),
            max_layer: config.max_layer,
            frame: config.frame,
            server: config.server,
            connect_timeout: config.connect_timeout,
            receive_timeout: config.receive_timeout,
            random: ChaCha12Rng::from_seed(config.seed),
            start: now,
            now,
            state: State::WaitInit,
            timers: Timers::default(),
            outbox: VecDeque::with_capacity(MAX_OUTBOX),
            events: VecDeque::with_capacity(MAX_EVENTS),
            peer: Peer::default(),
            upgraded: config.max_layer >= 74,
            paths: config.endpoints.into_iter().map(Path::new).collect(),
            current: 0,
            preferred: 0,
            window: Window::default(),
            sent: SentLog::new(),
            init_seq: Seq(0),
            init_at: now,
            queries_left: QUERIES,
            last_sent: None,
            heard: None,
            ack_progress: now,
            lossy_at: now,
            congestion_at: now,
            announcements: Announcements::default(),
            muted: false,
            uplink: Uplink::new(config.frame, config.server.loss_for_copies),
            frames_waiting: 0,
            playout: Jitter::new(now, Clock::Millis),
            first_audio: false,
            stats: Stats::default(),
        };
        call.emit(Event::StateChanged(State::WaitInit));
        call.timers.set(Timer::Connect, now + call.connect_timeout);
        call.timers.set(Timer::Init, now);
        call.timers.set(Timer::Query, now);
        call.drive_timers();
        Ok(call)
    }

    /// Takes one input. Then [`Call::poll`].
    pub fn handle(&mut self, input: Input<'_>) {
        match input {
            Input::Datagram { at, via, from, bytes } => {
                self.advance(at);
                if via == Via::Shared && !self.state.is_final() {
                    self.on_datagram(at, from, bytes);
                }
            }
            Input::Tick(at) => self.advance(at),
            Input::NetworkChanged(at) => {
                self.advance(at);
                self.on_network_changed();
            }
            Input::Mute { at, muted } => {
                self.advance(at);
                self.set_muted(muted);
            }
            // This family has neither signalling nor sockets of its own, and no use for addresses of this machine.
            Input::Signalling { at, .. }
            | Input::LocalAddresses { at, .. }
            | Input::Opened { at, .. }
            | Input::Closed { at, .. } => self.advance(at),
        }
        self.drive_timers();
    }

    /// The next thing to do. `out` is cleared and filled for [`Output::Send`]; give it 1500 bytes of room once and lend it
    /// again and again.
    pub fn poll(&mut self, out: &mut Vec<u8>) -> Output {
        while let Some(item) = self.outbox.pop_front() {
            if let Some(to) = self.write(item, out) {
                self.stats.datagrams_sent += 1;
                self.stats.bytes_sent += out.len() as u64;
                return Output::Send { via: Via::Shared, to };
            }
        }
        if let Some(event) = self.events.pop_front() {
            return Output::Event(event);
        }
        // Nothing is due while no timer is set: the call is over.
        Output::WaitUntil(self.timers.next().unwrap_or(self.now + Duration::from_secs(3600)))
    }

    /// Hands over one Opus packet of exactly the configured frame length. Then [`Call::poll`].
    ///
    /// # Errors
    /// [`PushError`] when it is not wanted; the frame is then forgotten.
    pub fn push_frame(&mut self, now: Instant, opus: &[u8]) -> Result<(), PushError> {
        self.advance(now);
        let result = self.check_frame(opus);
        match result {
            Ok(()) => {
                let number = self.uplink.push(opus);
                self.frames_waiting += 1;
                self.enqueue(Outgoing::Frame { number });
                if (1..7).contains(&self.peer.version) && self.uplink.copies() > 0 {
                    self.enqueue(Outgoing::Copies { number });
                }
            }
            Err(PushError::NotReady) => {}
            Err(_) => self.stats.frames_refused += 1,
        }
        result
    }

    fn check_frame(&self, opus: &[u8]) -> Result<(), PushError> {
        if !matches!(self.state, State::Established | State::Reconnecting) {
            return Err(PushError::NotReady);
        }
        if self.muted {
            return Err(PushError::Muted);
        }
        if opus.len() > stream::MAX_FRAME {
            return Err(PushError::TooLong { got: opus.len(), limit: stream::MAX_FRAME });
        }
        if !self.uplink.is_one_frame(opus) {
            return Err(PushError::Duration);
        }
        if self.frames_waiting >= uplink::WAITING {
            return Err(PushError::Full);
        }
        Ok(())
    }

    /// True when [`Call::push_frame`] would take a frame: there is no use in encoding one otherwise.
    pub fn wants_frames(&self) -> bool {
        matches!(self.state, State::Established | State::Reconnecting)
            && !self.muted
            && self.frames_waiting < uplink::WAITING
    }

    /// The next piece of sound to play, called when the decoded sound has run short (less than 20 ms is left).
    /// `queued` is the decoded sound that has not been played yet. `out` receives the packet for [`Playout::Frame`] and
    /// [`Playout::Recovered`]. Invented sound comes in pieces of 20 ms, so that a frame which arrives meanwhile is heard.
    pub fn pull_frame(&mut self, now: Instant, queued: Duration, out: &mut Vec<u8>) -> Playout {
        self.playout.pull(now, queued, out, &mut self.stats)
    }

    /// Ends the call. The family has no word for it on the wire: the peer learns it through signalling. Idempotent.
    pub fn close(&mut self, now: Instant) {
        self.advance(now);
        if !self.state.is_final() {
            self.finish(State::Closed);
        }
    }

    /// Where the call stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// What has been counted until now.
    pub fn stats(&self) -> Stats {
        Stats {
            rtt: self.paths[self.current].rtt(),
            send_loss: self.sent.loss(),
            receive_loss: self.window.loss(),
            peer_version: (self.peer.version > 0).then_some(self.peer.version),
            preferred_relay: self.paths[self.preferred].endpoint.id,
            copies: self.uplink.copies() as u8,
            relays_answering: self.paths.iter().filter(|path| path.answers).count() as u8,
            ..self.stats
        }
    }

    /// What the path would like the encoder to do.
    pub fn encoder_hints(&self) -> EncoderHints {
        self.uplink.hints()
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

    fn enqueue(&mut self, item: Outgoing) {
        if self.outbox.len() == MAX_OUTBOX {
            self.stats.outbox_dropped += 1;
            self.frames_waiting -= usize::from(matches!(item, Outgoing::Frame { .. }));
            return;
        }
        self.outbox.push_back(item);
    }

    fn enter(&mut self, state: State) {
        if self.state != state {
            self.state = state;
            tracing::debug!(?state, "call");
            self.emit(Event::StateChanged(state));
        }
    }

    fn fail(&mut self, reason: FailReason) {
        if !self.state.is_final() {
            self.finish(State::Failed);
            self.emit(Event::Failed(reason));
        }
    }

    fn finish(&mut self, state: State) {
        self.outbox.clear();
        self.frames_waiting = 0;
        self.timers = Timers::default();
        self.enter(state);
    }

    fn is_up(&self) -> bool {
        matches!(self.state, State::Established | State::Reconnecting)
    }

    fn set_muted(&mut self, muted: bool) {
        if self.muted != muted {
            self.muted = muted;
            self.announce_stream();
        }
    }

    fn on_network_changed(&mut self) {
        if self.state.is_final() {
            return;
        }
        self.paths.iter_mut().for_each(Path::forget);
        self.sent.forget_rtt();
        self.ask_relays();
        if self.is_up() {
            self.announcements.network_changed();
            self.ping_all();
        }
    }

    /// Starts the reachability test anew (2.6).
    fn ask_relays(&mut self) {
        self.queries_left = QUERIES;
        self.timers.set(Timer::Query, self.now);
    }

    fn ping_all(&mut self) {
        (0..self.paths.len()).for_each(|path| self.enqueue(Outgoing::Ping { path }));
    }

    fn draw(&mut self) -> u64 {
        self.random.random()
    }
}

fn check(config: &CallConfig) -> Result<(), ConfigError> {
    let endpoints = &config.endpoints;
    if endpoints.is_empty() {
        return Err(ConfigError::NoEndpoint);
    }
    if endpoints.len() > MAX_ENDPOINTS {
        return Err(ConfigError::TooManyEndpoints { got: endpoints.len(), limit: MAX_ENDPOINTS });
    }
    let same = |i: usize| {
        endpoints[..i].iter().any(|e| e.addr == endpoints[i].addr && e.peer_tag == endpoints[i].peer_tag)
    };
    if (0..endpoints.len()).any(same) {
        return Err(ConfigError::SameAddress);
    }
    if config.max_layer < MIN_LAYER {
        return Err(ConfigError::Layer { got: config.max_layer, need: MIN_LAYER });
    }
    Ok(())
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("role", &self.role)
            .field("state", &self.state)
            .field("peer", &self.peer)
            .field("current", &self.paths[self.current].endpoint)
            .field("timers", &self.timers)
            .finish_non_exhaustive()
    }
}
