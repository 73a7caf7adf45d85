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
mod load;
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
use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};

use self::command::{Command, NewCall, Vital};
use self::hands::Hands;
use self::leg::Leg;
use self::load::Load;
use self::ready::{Interest, Readiness, Source};
use self::tags::Tags;
use self::wheel::Timer;
use crate::counters::{Counters, add};
use crate::desk::{Finished, Message};
use crate::{CallStats, EngineConfig, HangupReason, Outcome};

pub(crate) use bell::Bell;
pub(crate) use load::LAG_REFUSE;
pub(crate) use net::Net;

/// Milliseconds of an engine frame.
pub(crate) const PERIOD: u64 = 20;
/// Datagrams taken before timers get their turn.
const DATAGRAMS: usize = 64;
/// Commands taken before timers get their turn.
const COMMANDS: usize = 64;
/// Calls beyond which a shard wakes for its slots only.
const CROWD: usize = 32;
/// How far ahead of their time packets are encoded on a busy shard, milliseconds.
const AHEAD: u64 = 10;

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
    load: Load,
    stopping: bool,
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
            load: Load::new(now),
            stopping: false,
        })
    }

    /// Runs until [`Vital::Stop`].
    pub(crate) fn run(mut self) {
        settle_thread();
        self.load.begin();
        loop {
            self.bell.silence();
            let told = self.take_commands();
            if self.stopping {
                self.finish_all();
                return;
            }
            let received = self.receive();
            let now = Instant::now();
            let until = self.hands.tick_of(now);
            let fired = self.fire(until) || self.work_ahead(until);
            if now >= self.load.due() {
                self.survey(now);
            }
            if !(told || received || fired) {
                self.wait();
            }
        }
    }

    /// Fires one slot that is due; false when none is.
    fn fire(&mut self, until: u64) -> bool {
        let Some(timers) = self.hands.wheel.take(until) else { return false };
        for timer in &timers {
            self.fire_one(*timer);
        }
        self.hands.wheel.done(timers);
        true
    }

    /// Encodes one packet before its time, when there is much to do but nothing just now: what then comes all at once, or
    /// keeps the thread from running for a moment, finds less left to do.
    fn work_ahead(&mut self, now: u64) -> bool {
        let ahead = if self.load.ahead { self.hands.wheel.take_send(now + AHEAD) } else { None };
        ahead.inspect(|timer| self.fire_one(*timer)).is_some()
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
            Vital::NetworkChanged(addresses) => {
                for place in 0..self.legs.len() as u32 {
                    self.with(place, |leg, hands| leg.network_changed(&addresses, hands));
                }
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
                connect: None,
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

    /// Sleeps until a socket has something, a command, or the next deadline.
    fn wait(&mut self) {
        let now = Instant::now();
        let survey = self.load.due() + Duration::from_millis(if self.places.is_empty() { 900 } else { 0 });
        let deadline = self.hands.wheel.next().map_or(survey, |tick| self.hands.instant_of(tick).min(survey));
        let Some(left) = deadline.checked_duration_since(now) else { return };
        let timeout = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: i64::from(left.subsec_nanos()) };
        self.wait_for(timeout, left <= Duration::from_millis(1));
        self.load.waiting += now.elapsed();
    }

    fn wait_for(&mut self, timeout: Timespec, soon: bool) {
        // Interrupted or not: the loop looks at everything again.
        if self.places.len() > CROWD && soon {
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

/// Wishes that a container may refuse: wake precisely, and run before those who only compute. In real time no other thread
/// of the machine makes a frame late; the kernel keeps a twentieth of the time for the others whatever happens. Where that is
/// not allowed, a higher priority among equals is the next best.
fn settle_thread() {
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1_000));
    let real_time = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::RoundRobin);
    if set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, real_time).is_err() {
        let thread = rustix::thread::gettid();
        let _ = rustix::process::setpriority_process(Some(thread), -10);
    }
}
