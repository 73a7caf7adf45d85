//! One call's task: waits for words, jobs, commands, events of the media and deadlines; feeds the state machine; does
//! what it asks.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use offhook_client::InvokeError;
use offhook_tl::Object;
use offhook_voip::handshake::{Agreed, Callee, Caller};
use offhook_voip::{
    CallConfig, ControlError, Controller, Event, Events, Family, HangupReason, Report, Reservation, Role,
    Signals, StartError,
};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::config::Limits;
use crate::line::{Line, PACKETS, Route, Seat, WORDS};
use crate::signalling::{Done, Ending, Input, Job, JobError, Output, Signalling};
use crate::signals::{Outgoing, Packet};
use crate::stage::{Log, Stages};
use crate::wire::{self, CallName, Ready, Word};
use crate::{CallEvent, CallReport, Outcome, Party, Stage, debug};

/// How long the end of the media may take after the signalling is over: its recordings are being closed.
const MEDIA_END: Duration = Duration::from_secs(10);

/// What a user says to a call.
#[derive(Debug)]
pub(crate) enum Command {
    Answer(Controller, Box<Reservation>),
    Refuse,
}

/// The media of a call, once there is a controller.
struct Media {
    controller: Controller,
    reservation: Option<Box<Reservation>>,
    events: Events,
    signals: Signals,
}

impl Media {
    fn new(controller: Controller, reservation: Box<Reservation>) -> Self {
        let (events, signals) = (controller.events(), controller.signals());
        Self { controller, reservation: Some(reservation), events, signals }
    }
}

/// What a call is begun with.
pub(crate) struct Begin {
    pub line: Arc<Line>,
    pub machine: Signalling,
    pub limits: Limits,
    pub role: Role,
    pub party: Party,
    /// Who is called, when we call.
    pub callee: Option<wire::Callee>,
    pub media: Option<(Controller, Box<Reservation>)>,
    pub seat: Option<Seat>,
    pub log: Arc<Log>,
    pub name: Arc<OnceLock<CallName>>,
}

pub(crate) struct Drive {
    begin: Begin,
    media: Option<Media>,
    route: Route,
    words: mpsc::Receiver<Word>,
    /// What the other side's engine says to ours. Kept here until there is one.
    packets: mpsc::Receiver<Packet>,
    /// What our engine says to theirs.
    outgoing: Outgoing,
    commands: mpsc::Receiver<Command>,
    closing: watch::Receiver<bool>,
    told_to_close: bool,
    jobs: JoinSet<Done>,
    random_id: i32,
    begun: Instant,
    stages: Stages,
    emoji: Option<[&'static str; 4]>,
    family: Option<Family>,
    recordings: Vec<Report>,
    ended: Option<Arc<offhook_voip::Ended>>,
    over: Option<Ending>,
}

impl Drive {
    /// A call whose words are led here from now on, if it has a name already.
    pub(crate) fn new(mut begin: Begin, commands: mpsc::Receiver<Command>) -> Self {
        let (to_words, words) = mpsc::channel(WORDS);
        let (to_packets, packets) = mpsc::channel(PACKETS);
        let route = Route { words: to_words, packets: to_packets };
        if let Some(name) = begin.machine.name() {
            begin.line.connect(name.id, route.clone());
            let _ = begin.name.set(name);
        }
        let mut random = [0; 4];
        getrandom::fill(&mut random).expect("the system has randomness");
        let media = begin.media.take().map(|(controller, reservation)| Media::new(controller, reservation));
        Self {
            closing: begin.line.closing.subscribe(),
            outgoing: Outgoing::new(Arc::clone(&begin.line)),
            told_to_close: false,
            begin,
            media,
            route,
            words,
            packets,
            commands,
            jobs: JoinSet::new(),
            random_id: i32::from_le_bytes(random),
            begun: Instant::now(),
            stages: Stages::default(),
            emoji: None,
            family: None,
            recordings: Vec::new(),
            ended: None,
            over: None,
        }
    }

    pub(crate) async fn run(mut self) {
        if self.begin.role == Role::Callee {
            self.reach(Stage::Ringing);
        }
        while self.over.is_none() {
            let deadline = self.drain();
            if self.over.is_none() {
                self.wait(deadline).await;
            }
        }
        self.finish().await;
    }

    /// Does what the machine asks, until it waits.
    fn drain(&mut self) -> Option<Instant> {
        loop {
            match self.begin.machine.poll() {
                Output::Do(job) => self.start(job),
                Output::Reached(stage) => self.reach(stage),
                Output::StartMedia(agreed, ready, family) => self.start_media(&agreed, *ready, family),
                Output::StopMedia(reason) => self.stop_media(reason),
                Output::Over(ending) => self.over = Some(ending),
                Output::WaitUntil(deadline) => return deadline,
            }
        }
    }

    fn reach(&mut self, stage: Stage) {
        tracing::debug!(stage = stage.name(), call = self.begin.name.get().map(|name| name.id), "call");
        self.stages.reach(stage, self.begun.elapsed());
        if stage == Stage::Answered
            && let Some(seat) = &mut self.begin.seat
        {
            seat.answered();
        }
        self.begin.log.push(CallEvent::Stage(stage));
    }

    fn feed(&mut self, input: Input) {
        self.begin.machine.handle(Instant::now(), input);
        if let Some(name) = self.begin.machine.name()
            && self.begin.name.set(name).is_ok()
        {
            self.begin.line.connect(name.id, self.route.clone());
        }
    }

    async fn wait(&mut self, deadline: Option<Instant>) {
        let sleep = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        let (called, room) = (self.begin.machine.name().is_some(), self.outgoing.has_room());
        let takes_packets = self.media.is_some();
        let (events, signals) = match &mut self.media {
            Some(media) if self.ended.is_none() => (Some(&mut media.events), Some(&mut media.signals)),
            _ => (None, None),
        };
        let event = async {
            match events {
                Some(events) => events.next().await,
                None => std::future::pending().await,
            }
        };
        let signal = async {
            match signals {
                Some(signals) if called && room => match signals.next().await {
                    Some(packet) => packet,
                    // The end itself comes as an event.
                    None => std::future::pending().await,
                },
                _ => std::future::pending().await,
            }
        };
        let told = self.told_to_close;
        let closing = async {
            if told || self.closing.wait_for(|closing| *closing).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let (mut close, mut heard) = (false, None);
        let (mut incoming, mut outgoing, mut answered) = (None, None, None);
        let input = tokio::select! {
            Some(done) = self.jobs.join_next() => done.ok().map(Input::Done),
            Some(word) = self.words.recv() => Some(Input::Word(word)),
            Some(packet) = self.packets.recv(), if takes_packets => { incoming = Some(packet); None }
            packet = signal => { outgoing = Some(packet); None }
            () = self.outgoing.refused() => Some(Input::Unheard),
            Some(command) = self.commands.recv() => match command {
                Command::Answer(controller, reservation) => { answered = Some((controller, reservation)); None }
                Command::Refuse => Some(Input::Refuse),
            },
            event = event => { heard = event; None }
            () = closing => { close = true; None }
            () = sleep => Some(Input::Tick),
        };
        if let Some(packet) = incoming {
            self.pass_on(packet);
        }
        if let (Some(packet), Some(call)) = (outgoing, self.begin.machine.name()) {
            self.outgoing.send(call, &packet);
        }
        let mut input = input;
        if let Some((controller, reservation)) = answered
            && self.media.is_none()
        {
            self.media = Some(Media::new(controller, reservation));
            input = Some(Input::Answer);
        }
        if close {
            self.told_to_close = true;
            match &self.media {
                Some(media) => media.controller.hangup(HangupReason::Local),
                None => self.feed(Input::Refuse),
            }
        }
        let input = input.or_else(|| heard.and_then(|event| self.on_media(event)));
        if let Some(input) = input {
            self.feed(input);
        }
    }

    /// Passes a packet of the other side's engine to ours.
    fn pass_on(&mut self, packet: Packet) {
        let Some(media) = &self.media else { return };
        match media.controller.signal(packet) {
            Ok(_) | Err(ControlError::Ended) => {}
            Err(error) => {
                tracing::debug!(%error, "a packet of signalling was not taken");
                self.begin.line.count_dropped_packet();
            }
        }
    }

    /// Passes an event of the media on, and tells what it means to the signalling.
    fn on_media(&mut self, event: Event) -> Option<Input> {
        match event {
            Event::Established => return Some(Input::Established),
            Event::FirstAudio => self.reach(Stage::FirstAudio),
            Event::Ended(ended) => {
                let outcome = ended.outcome;
                if ended.stats.link.preferred_relay != 0 {
                    self.begin.machine.set_connection_id(ended.stats.link.preferred_relay);
                }
                self.ended = Some(ended);
                return Some(Input::MediaEnded(outcome));
            }
            other => {
                if let Event::OutputClosed { report } = &other {
                    self.recordings.push(report.clone());
                }
                self.begin.log.push(CallEvent::Media(other));
            }
        }
        None
    }

    fn start_media(&mut self, agreed: &Agreed, ready: Ready, family: Family) {
        let Some(reservation) = self.media.as_mut().and_then(|media| media.reservation.take()) else {
            return self.feed(Input::MediaRefused("the call was begun twice".to_owned()));
        };
        (self.emoji, self.family) = (Some(agreed.emoji), Some(family));
        reservation.set_emoji(agreed.emoji);
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the system has randomness");
        let line = &self.begin.line;
        let endpoints = ready.endpoints(family);
        let mut config = CallConfig::new(self.begin.role, agreed.key.clone(), endpoints, seed);
        config.family = family;
        config.servers = ready.servers;
        config.custom_parameters = ready.custom_parameters;
        config.max_layer = ready.protocol.max_layer;
        config.p2p_allowed = ready.p2p_allowed && line.config.p2p;
        config.server = line.server;
        config.frame = line.config.frame;
        config.connect_timeout = self.begin.limits.connect;
        config.receive_timeout = self.begin.limits.packet;
        match reservation.start(config) {
            // Somebody has just hung up: the end of the media is on its way, and says how.
            Ok(()) | Err(StartError::Ended) => {}
            Err(error) => self.feed(Input::MediaRefused(error.to_string())),
        }
    }

    fn stop_media(&mut self, reason: HangupReason) {
        if let Some(media) = &mut self.media {
            // The reservation's own end would be called abandoned; say why first.
            media.controller.hangup(reason);
            media.reservation = None;
        }
    }

    /// Waits for the media's end, writes the report, tells everybody.
    async fn finish(mut self) {
        // It may have been picked up too late to be noticed.
        self.stop_media(HangupReason::Missed);
        if let Some(media) = &mut self.media {
            let bound = tokio::time::sleep(MEDIA_END);
            tokio::pin!(bound);
            while self.ended.is_none() {
                let event = tokio::select! {
                    Some(event) = media.events.next() => event,
                    () = &mut bound => break,
                };
                match event {
                    Event::Ended(ended) => self.ended = Some(ended),
                    Event::Established | Event::FirstAudio => {}
                    other => {
                        if let Event::OutputClosed { report } = &other {
                            self.recordings.push(report.clone());
                        }
                        self.begin.log.push(CallEvent::Media(other));
                    }
                }
            }
        }
        let ending = self.over.take().expect("the loop ran until the call was over");
        let Begin { line, machine, role, party, mut seat, log, .. } = self.begin;
        if let Some(name) = machine.name() {
            line.disconnect(name.id);
            if ending.need_debug && line.config.send_debug {
                let stats = self.ended.as_ref().map(|ended| ended.stats);
                self.jobs.spawn(debug::send(Arc::clone(&line), name, self.family, stats));
            }
        }
        // What is still being said to the server goes on being said.
        self.jobs.detach_all();
        let talked = self.ended.as_ref().map_or(Duration::ZERO, |ended| ended.stats.talked);
        let report = Arc::new(CallReport {
            outcome: ending.outcome,
            incoming: role == Role::Callee,
            party,
            emoji: self.emoji,
            family: self.family,
            stages: self.stages,
            talked,
            media: self.ended,
            recordings: self.recordings,
            need_rating: ending.need_rating,
            confirmed: ending.confirmed,
            ignored: machine.ignored(),
        });
        tracing::info!(outcome = report.outcome.name(), talked = ?talked, "call is over");
        // Whoever hears of the end finds the place free and the call not to be picked up any more.
        if let Some(seat) = &mut seat {
            seat.release();
        }
        drop(self.commands);
        log.push(CallEvent::Over(report));
    }

    fn start(&mut self, job: Job) {
        let line = Arc::clone(&self.begin.line);
        let config = &self.begin.line.config;
        let abilities = (&config.versions, config.p2p);
        match job {
            Job::Commit => self.jobs.spawn(async move { Done::Committed(commit(&line).await) }),
            Job::Request(g_a_hash) => {
                let to = self.begin.callee.expect("only a call to somebody is requested");
                let request = wire::request_call(to, self.random_id, &g_a_hash, abilities);
                self.jobs.spawn(async move { Done::Requested(line.ask(request).await) })
            }
            Job::Agree(secret, g_b) => self.jobs.spawn(async move {
                let agreed = line.power(move || secret.on_accepted(&g_b)).await;
                Done::Agreed(agreed.map(Box::new))
            }),
            Job::Confirm(call, g_a, fingerprint) => {
                let request = wire::confirm_call(call, &g_a, fingerprint, abilities);
                self.jobs.spawn(async move { Done::Confirmed(line.ask(request).await) })
            }
            Job::Received(call) => self.jobs.spawn(async move {
                if let Err(error) = line.client.invoke_value(wire::received_call(call)).await {
                    tracing::debug!(%error, "the server was not told that it rings");
                }
                Done::Received
            }),
            Job::Prepare(hash) => self.jobs.spawn(async move { Done::Prepared(prepare(&line, hash).await) }),
            Job::Accept(call, g_b) => {
                let request = wire::accept_call(call, &g_b, abilities);
                self.jobs.spawn(async move { Done::Accepted(line.ask(request).await) })
            }
            Job::Check(secret, g_a, fingerprint) => self.jobs.spawn(async move {
                let agreed = line.power(move || secret.on_confirmed(&g_a, fingerprint)).await;
                Done::Checked(agreed.map(Box::new))
            }),
            Job::Discard { call, reason, duration, connection_id } => {
                let request = wire::discard_call(call, reason, duration, connection_id);
                self.jobs.spawn(async move {
                    let answer = line.client.invoke_value(request).await;
                    Done::Discarded(answer.map(drop).map_err(|error| job_error(&error)))
                })
            }
        };
    }
}

async fn commit(line: &Line) -> Result<Box<Caller>, JobError> {
    let (group, random) = line.groups.fetch(&line.client).await?;
    Ok(Box::new(line.power(move || Caller::new(group, crate::group::mixed(random))).await))
}

async fn prepare(line: &Line, g_a_hash: Vec<u8>) -> Result<Box<Callee>, JobError> {
    let (group, random) = line.groups.fetch(&line.client).await?;
    let secret = line.power(move || Callee::new(group, &g_a_hash, crate::group::mixed(random))).await;
    secret.map(Box::new).map_err(JobError::Key)
}

impl Line {
    /// Does a big power where it holds nobody up.
    async fn power<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let _permit = self.powers.acquire().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(work).await.expect("arithmetic does not panic")
    }

    /// A request whose answer is a call.
    async fn ask(&self, request: Object) -> Result<Word, JobError> {
        let method = request.name().to_owned();
        let answer = self.client.invoke_value(request).await.map_err(|error| job_error(&error))?;
        answer
            .as_object()
            .and_then(Word::read)
            .ok_or_else(|| JobError::Lost(format!("{method}: the answer is no call")))
    }
}

/// What went wrong, as the state machine wants it.
pub(crate) fn job_error(error: &InvokeError) -> JobError {
    match error.rpc() {
        Some(rpc) if !rpc.is_internal() || rpc.name.starts_with("CALL_") => {
            JobError::Server { name: rpc.name.clone(), text: error.to_string() }
        }
        _ => JobError::Lost(error.to_string()),
    }
}

impl CallReport {
    /// True when the call took place.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.outcome == Outcome::Completed
    }
}
