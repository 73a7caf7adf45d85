//! A shard: one plain thread that owns its calls outright.
//!
//! It waits, until the next deadline, for datagrams or commands; then it feeds, drains and performs. Deadlines are
//! absolute milliseconds since the shard began, so what was late once does not make the next frame late. Frames are
//! spread over the milliseconds of a period, so that encoders do not all run at once.

mod bell;
pub(crate) mod claim;
pub(crate) mod command;
mod ear;
mod hands;
mod leg;
mod net;
mod own;
mod ready;
mod stream;
mod tags;
mod wheel;

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use offhook_voip_proto::Via;
use rustix::event::{Timespec, poll};
use rustix::time::{ClockId, clock_gettime};

use self::command::{Command, NewCall, Vital};
use self::hands::Hands;
use self::leg::Leg;
use self::ready::{Interest, Readiness, Source};
use self::tags::Tags;
use self::wheel::Timer;
use crate::counters::{Counters, add};
use crate::desk::{Finished, Message};
use crate::{CallStats, EngineConfig, HangupReason, Outcome};

pub(crate) use bell::Bell;
pub(crate) use net::Net;

/// Milliseconds of an engine frame.
pub(crate) const PERIOD: u64 = 20;
/// Datagrams taken before timers get their turn.
const DATAGRAMS: usize = 64;
/// Commands taken before timers get their turn.
const COMMANDS: usize = 64;
/// Calls beyond which a shard wakes for its slots only.
const CROWD: usize = 32;
/// How often load is measured.
const SURVEY: Duration = Duration::from_millis(250);
/// Between two steps down.
const STEP: Duration = Duration::from_secs(1);
/// Typical lateness above which profiles are stepped down.
pub(crate) const LAG_STEP: Duration = Duration::from_millis(10);
/// Typical lateness above which calls are refused.
pub(crate) const LAG_REFUSE: Duration = Duration::from_millis(20);

pub(crate) struct Shard {
    config: EngineConfig,
    commands: Receiver<Command>,
    vital: Receiver<Vital>,
    bell: Arc<Bell>,
    hands: Hands,
    legs: Vec<Option<Box<Leg>>>,
    free: Vec<u32>,
    /// Place of a call.
    places: HashMap<u64, u32>,
    /// Whose datagrams those on the shared sockets are.
    tags: Tags,
    /// A datagram that has arrived.
    buffer: Vec<u8>,
    /// Sockets with something to do.
    ready: Vec<Source>,
    /// Nothing has happened to any socket since the shard last looked.
    quiet: bool,
    surveyed: Survey,
    stopping: bool,
}

struct Survey {
    at: Instant,
    cpu: Duration,
    stepped: Instant,
    /// Where the last step down left off.
    next: usize,
}

impl Shard {
    pub(crate) fn new(
        config: EngineConfig,
        net: Net,
        bell: Arc<Bell>,
        counters: Arc<Counters>,
        queues: (Receiver<Command>, Receiver<Vital>),
        desk: Sender<Message>,
    ) -> io::Result<Self> {
        let now = Instant::now();
        let (commands, vital) = queues;
        let ready = Readiness::new()?;
        bell.watched_by(&ready)?;
        ready.watch(&net.v4, Source::V4, Interest::Read)?;
        if let Some(v6) = &net.v6 {
            ready.watch(v6, Source::V6, Interest::Read)?;
        }
        Ok(Self {
            config,
            commands,
            vital,
            bell,
            hands: Hands::new(now, (net, ready), desk, counters),
            legs: Vec::new(),
            free: Vec::new(),
            places: HashMap::new(),
            tags: Tags::default(),
            buffer: vec![0; net::DATAGRAM],
            ready: Vec::with_capacity(64),
            quiet: false,
            surveyed: Survey { at: now, cpu: Duration::ZERO, stepped: now, next: 0 },
            stopping: false,
        })
    }

    /// Runs until [`Vital::Stop`].
    pub(crate) fn run(mut self) {
        settle_thread();
        self.surveyed.cpu = thread_cpu();
        loop {
            self.bell.silence();
            let told = self.take_commands();
            if self.stopping {
                self.finish_all();
                return;
            }
            let received = self.receive();
            let now = Instant::now();
            self.fire(self.hands.tick_of(now));
            if now - self.surveyed.at >= SURVEY {
                self.survey(now);
            }
            if !(told || received) {
                // Comes back at once when another slot is due already.
                self.wait();
            }
        }
    }

    /// Fires one slot that is due.
    fn fire(&mut self, until: u64) {
        let Some(timers) = self.hands.wheel.take(until) else { return };
        for timer in &timers {
            self.fire_one(*timer);
        }
        self.hands.wheel.done(timers);
    }

    fn fire_one(&mut self, timer: Timer) {
        self.with(timer.place, |leg, hands| {
            // The place may hold another call by now.
            if leg.shared.id == timer.call {
                leg.fire(timer, hands);
            }
        });
    }

    /// Takes a bounded batch from each socket that has something; true when there may be more.
    fn receive(&mut self) -> bool {
        if std::mem::take(&mut self.quiet) {
            return false;
        }
        let mut ready = std::mem::take(&mut self.ready);
        self.hands.ready.take(&mut ready);
        let mut more = false;
        for source in &ready {
            more |= match *source {
                // The queues are looked at in every turn.
                Source::Bell => false,
                Source::V4 => self.receive_from(|net| Some(&net.v4)),
                Source::V6 => self.receive_from(|net| net.v6.as_ref()),
                Source::Own { place, via } => self.receive_own(place, via),
            };
        }
        self.ready = ready;
        more
    }

    fn receive_own(&mut self, place: u32, via: Via) -> bool {
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut more = false;
        // Another call may have moved in: its socket, if it has one of this number, will have nothing.
        self.with(place, |leg, hands| more = leg.socket_ready(via, &mut buffer, hands));
        self.buffer = buffer;
        more
    }

    fn receive_from(&mut self, socket: impl Fn(&Net) -> Option<&UdpSocket>) -> bool {
        for _ in 0..DATAGRAMS {
            let Some(socket) = socket(&self.hands.net) else { return false };
            // An error is that of another datagram's destination; it says nothing about what waits here.
            let Ok((length, from)) = socket.recv_from(&mut self.buffer[..]) else { return false };
            let at = Instant::now();
            add(&self.hands.counters.datagrams_in, 1);
            self.deliver(at, length, from);
        }
        true
    }

    fn deliver(&mut self, at: Instant, length: usize, from: SocketAddr) {
        let Some(place) = self.tags.find(from, &self.buffer[..length]) else {
            add(&self.hands.counters.datagrams_unknown, 1);
            return;
        };
        let mut buffer = std::mem::take(&mut self.buffer);
        self.with(place, |leg, hands| leg.datagram(at, from, &mut buffer[..length], hands));
        self.buffer = buffer;
    }

    /// Takes a bounded batch of words; true when there may be more.
    fn take_commands(&mut self) -> bool {
        for _ in 0..COMMANDS {
            if let Ok(vital) = self.vital.try_recv() {
                self.take_vital(vital);
            } else if let Ok(command) = self.commands.try_recv() {
                self.take_command(command);
            } else {
                return false;
            }
        }
        true
    }

    fn take_vital(&mut self, vital: Vital) {
        match vital {
            Vital::Add(new) => self.add(*new),
            Vital::Start(start) => {
                let Some(&place) = self.places.get(&start.call) else { return };
                for key in start.claim.keys() {
                    self.tags.insert(*key, place, start.family.answers_by_prefix());
                }
                self.with(place, |leg, hands| leg.start(*start, hands));
            }
            Vital::Hangup(call) => {
                // What was said before it is followed before it.
                for _ in 0..self.commands.len() {
                    let Ok(command) = self.commands.try_recv() else { break };
                    self.take_command(command);
                }
                let Some(&place) = self.places.get(&call) else { return };
                self.with(place, |leg, _| {
                    let reason = leg.shared.hangup_asked().unwrap_or_default();
                    leg.hang_up(reason);
                });
            }
            Vital::Stop => self.stopping = true,
        }
    }

    fn take_command(&mut self, command: Command) {
        // The call may have been added after the other queue was found empty.
        while !self.places.contains_key(&command.call) {
            let Ok(vital) = self.vital.try_recv() else { return };
            self.take_vital(vital);
        }
        let Some(&place) = self.places.get(&command.call) else { return };
        self.with(place, |leg, hands| leg.follow(command.word, hands));
    }

    fn add(&mut self, new: NewCall) {
        let id = new.unborn.id();
        let place = self.free.pop().unwrap_or_else(|| {
            self.legs.push(None);
            (self.legs.len() - 1) as u32
        });
        self.places.insert(id, place);
        self.legs[place as usize] = Leg::new(new, place).map(Box::new);
    }

    /// Lends a call its hands. A call that panics, by a broken source say, ends alone.
    fn with(&mut self, place: u32, act: impl FnOnce(&mut Leg, &mut Hands)) {
        let Some(Some(leg)) = self.legs.get_mut(place as usize) else { return };
        let hands = &mut self.hands;
        if catch_unwind(AssertUnwindSafe(|| act(leg, hands))).is_err() {
            leg.over = Some(Outcome::Internal);
        }
        if let Some(outcome) = leg.over {
            self.finish(place, outcome);
        }
    }

    fn finish(&mut self, place: u32, outcome: Outcome) {
        let Some(leg) = self.legs[place as usize].take() else { return };
        self.free.push(place);
        let shared = Arc::clone(&leg.shared);
        self.places.remove(&shared.id);
        if let Some(link) = &leg.link {
            for key in link.claim.keys() {
                self.tags.remove(key, place);
            }
            if let Some(slot) = link.slot {
                self.hands.senders[slot] -= 1;
            }
        }
        if let Some(due) = leg.hears_since {
            self.hands.free_hear_slot(due);
        }
        let hands = &mut self.hands;
        if catch_unwind(AssertUnwindSafe(|| leg.finish(outcome, hands))).is_err() {
            hands.desk(Message::Finished(Box::new(Finished {
                shared,
                outcome: Outcome::Internal,
                stats: CallStats::default(),
                stamps: None,
                closing: None,
                remains: Box::new(()),
            })));
        }
        self.hands.counters.calls.fetch_sub(1, Ordering::AcqRel);
    }

    fn finish_all(&mut self) {
        while self.take_commands() {}
        for place in 0..self.legs.len() as u32 {
            self.with(place, |leg, _| leg.hang_up(HangupReason::EngineStopped));
        }
    }

    /// Measures load, and spends less when there is too much of it.
    fn survey(&mut self, now: Instant) {
        let cpu = thread_cpu();
        let wall = now - self.surveyed.at;
        let load = (cpu.saturating_sub(self.surveyed.cpu)).as_secs_f32() / wall.as_secs_f32();
        if self.places.is_empty() {
            self.hands.lag.micros = 0.0;
        }
        let lag = self.hands.lag.micros;
        let counters = &self.hands.counters;
        counters.cpu_nanos.store(cpu.as_nanos() as u64, Ordering::Relaxed);
        counters.codec_nanos.store(self.hands.codec.as_nanos() as u64, Ordering::Relaxed);
        counters.load.store((load * 1000.0) as u32, Ordering::Relaxed);
        counters.lag.store(lag as u32, Ordering::Relaxed);
        (self.surveyed.at, self.surveyed.cpu) = (now, cpu);
        let busy = load > self.config.step_down_at || lag > LAG_STEP.as_micros() as f32;
        if busy && now - self.surveyed.stepped >= STEP {
            self.surveyed.stepped = now;
            self.step_down();
        }
    }

    /// An eighth of the calls goes down a profile, by turns.
    fn step_down(&mut self) {
        let wanted = 1 + self.places.len() / 8;
        let mut stepped = 0;
        for _ in 0..self.legs.len() {
            let place = self.surveyed.next % self.legs.len();
            self.surveyed.next = place + 1;
            let Some(leg) = &mut self.legs[place] else { continue };
            stepped += usize::from(leg.step_down(&mut self.hands));
            if stepped == wanted {
                break;
            }
        }
        add(&self.hands.counters.stepped_down, stepped as u64);
    }

    /// Sleeps until a socket has something, a command, or the next deadline.
    fn wait(&mut self) {
        let now = Instant::now();
        let survey = self.surveyed.at
            + SURVEY.max(Duration::from_millis(if self.places.is_empty() { 1000 } else { 0 }));
        let deadline = self.hands.wheel.next().map_or(survey, |tick| self.hands.instant_of(tick).min(survey));
        let Some(left) = deadline.checked_duration_since(now) else { return };
        let timeout = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: i64::from(left.subsec_nanos()) };
        // Interrupted or not: the loop looks at everything again.
        if self.places.len() > CROWD && left <= Duration::from_millis(1) {
            // Among many calls a datagram can wait for the slot that is due anyway: far fewer wakes.
            let _ = poll(&mut [self.bell.poll_fd()], Some(&timeout));
        } else {
            self.quiet = !self.hands.ready.wait(&timeout);
        }
    }
}

impl Drop for Shard {
    /// A shard that stops, even by a panic, leaves no call without its end.
    fn drop(&mut self) {
        self.finish_all();
    }
}

/// Wishes that a container may refuse: wake precisely, and before those who only compute.
fn settle_thread() {
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1_000));
    let thread = rustix::thread::gettid();
    let _ = rustix::process::setpriority_process(Some(thread), -10);
}

fn thread_cpu() -> Duration {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(used.tv_sec as u64, used.tv_nsec as u32)
}
