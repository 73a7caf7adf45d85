//! The engine: its shards, and who gets which call.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded, unbounded};
use offhook_media::{Downlink, Uplink, UplinkConfig};
use offhook_voip_proto::CallConfig;

use crate::counters::{Counters, OutcomeCounters, lateness};
use crate::desk::{Desk, Message};
use crate::family::{Family, media_frame_len};
use crate::shard::claim::{Claim, Claims, Key};
use crate::shard::command::{Command, NewCall, Start, Vital};
use crate::shard::{Bell, LAG_REFUSE, Net, Shard};
use crate::shared::{Shared, Unborn};
use crate::stamps::Recorder;
use crate::{
    CallState, Controller, EngineConfig, EngineStats, HangupReason, LatenessCounts, MediaOptions, ShardStats,
    SpeechEvents, StartError, interfaces,
};

/// Carries calls on a fixed number of threads: one per shard, and the desk. Dropping it ends its calls and waits for its
/// threads.
pub struct Engine {
    config: EngineConfig,
    shards: Vec<Arc<ShardHandle>>,
    outcomes: Arc<OutcomeCounters>,
    desk: Sender<Message>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    desk_thread: Mutex<Option<JoinHandle<()>>>,
    stopped: AtomicBool,
    next_call: AtomicU64,
    refused: AtomicU64,
}

/// The outside of a shard.
pub(crate) struct ShardHandle {
    pub(crate) commands: Sender<Command>,
    pub(crate) vital: Sender<Vital>,
    pub(crate) bell: Arc<Bell>,
    counters: Arc<Counters>,
    claims: Arc<Claims>,
    has_v6: bool,
    /// What its sockets are bound to.
    pub(crate) bind: (Ipv4Addr, Option<Ipv6Addr>),
}

impl ShardHandle {
    /// False when the shard has stopped.
    pub(crate) fn tell(&self, vital: Vital) -> bool {
        let told = self.vital.send(vital).is_ok();
        self.bell.ring();
        told
    }
}

impl Engine {
    /// Binds the sockets and starts the threads.
    ///
    /// # Errors
    /// A socket cannot be bound or a thread cannot be started.
    pub fn start(config: EngineConfig) -> io::Result<Self> {
        let count = match config.shards {
            0 => thread::available_parallelism().map_or(1, usize::from),
            count => count,
        };
        let outcomes = Arc::new(OutcomeCounters::default());
        let (desk, inbox) = unbounded();
        let desk_work = Desk::new(inbox, Arc::clone(&outcomes));
        let desk_thread = thread::Builder::new().name("offhook-desk".into()).spawn(|| desk_work.run())?;
        let engine = Self {
            shards: Vec::with_capacity(count),
            outcomes,
            desk,
            threads: Mutex::new(Vec::with_capacity(count)),
            desk_thread: Mutex::new(Some(desk_thread)),
            stopped: AtomicBool::new(false),
            next_call: AtomicU64::new(1),
            refused: AtomicU64::new(0),
            config,
        };
        // From here on a failure drops the engine, which stops what has been started.
        let engine = (0..count).try_fold(engine, Self::add_shard)?;
        if engine.config.watch_network {
            let _ = engine.desk.send(Message::Watch(engine.shards.clone()));
        }
        Ok(engine)
    }

    fn add_shard(mut self, number: usize) -> io::Result<Self> {
        let config = &self.config;
        let net = Net::bind(config.bind_v4, config.bind_v6, config.receive_buffer)?;
        let (commands, command_queue) = bounded(config.command_queue.max(1));
        let (vital, vital_queue) = unbounded();
        let handle = ShardHandle {
            commands,
            vital,
            bell: Arc::new(Bell::new()?),
            counters: Arc::new(Counters::default()),
            claims: Arc::new(Claims::default()),
            has_v6: net.v6.is_some(),
            bind: (config.bind_v4, config.bind_v6),
        };
        let shard = Shard::new(
            config.clone(),
            net,
            Arc::clone(&handle.bell),
            Arc::clone(&handle.counters),
            (command_queue, vital_queue),
            self.desk.clone(),
        )?;
        let thread = thread::Builder::new().name(format!("offhook-shard{number}")).spawn(|| shard.run())?;
        self.threads.get_mut().unwrap_or_else(PoisonError::into_inner).push(thread);
        self.shards.push(Arc::new(handle));
        Ok(self)
    }

    /// Starts a call whose key is known.
    ///
    /// # Errors
    /// [`StartError`]; calls that are up are not touched.
    pub fn start_call(&self, call: CallConfig, options: MediaOptions) -> Result<Controller, StartError> {
        let shards = self.admit()?;
        let prepared = Prepared::of(call, &options, &shards[0])?;
        let (shard, claim) = shards
            .into_iter()
            .find_map(|shard| shard.claims.take(&prepared.keys).map(|claim| (shard, claim)))
            .ok_or(StartError::TagInUse)?;
        let (controller, reservation) = self.add(shard, options)?;
        reservation.launch(prepared, claim)?;
        Ok(controller)
    }

    /// A controller for a call that still rings: media can be queued, outputs set, and it can be hung up. The reservation
    /// starts the call; dropping it ends it as [`HangupReason::Abandoned`].
    ///
    /// # Errors
    /// [`StartError::Overloaded`], [`StartError::Codec`], [`StartError::Stopped`].
    pub fn prepare(&self, options: MediaOptions) -> Result<(Controller, Reservation), StartError> {
        let shard = self.admit()?.swap_remove(0);
        self.add(shard, options)
    }

    /// The shards that take another call, at least one, the one with the fewest first.
    fn admit(&self) -> Result<Vec<Arc<ShardHandle>>, StartError> {
        if self.stopped.load(Ordering::Acquire) {
            return Err(StartError::Stopped);
        }
        let refuse = (self.config.refuse_at * 1000.0) as u32;
        let mut open: Vec<(usize, &Arc<ShardHandle>)> = self
            .shards
            .iter()
            .filter(|shard| shard.counters.load.load(Ordering::Relaxed) <= refuse)
            .filter(|shard| u128::from(shard.counters.lag.load(Ordering::Relaxed)) <= LAG_REFUSE.as_micros())
            .map(|shard| (shard.counters.calls.load(Ordering::Acquire), shard))
            .filter(|(calls, _)| *calls < self.config.calls_per_shard)
            .collect();
        if open.is_empty() {
            self.refused.fetch_add(1, Ordering::Relaxed);
            let load = |shard: &Arc<ShardHandle>| shard.counters.load.load(Ordering::Relaxed);
            let percent = self.shards.iter().map(load).min().unwrap_or(0) / 10;
            return Err(StartError::Overloaded { calls: self.calls(), percent });
        }
        open.sort_by_key(|(calls, _)| *calls);
        Ok(open.into_iter().map(|(_, shard)| Arc::clone(shard)).collect())
    }

    fn add(
        &self,
        shard: Arc<ShardHandle>,
        options: MediaOptions,
    ) -> Result<(Controller, Reservation), StartError> {
        let shared = Arc::new(Shared::new(self.next_call.fetch_add(1, Ordering::Relaxed)));
        let downlink = match options.speech_events {
            SpeechEvents::Always if shared.needs_decoder() => Some(Box::new(Downlink::new()?)),
            _ => None,
        };
        let new = NewCall {
            unborn: Unborn::new(Arc::clone(&shared)),
            stamps: options.stamps.map(Recorder::new),
            options: options.clone(),
            downlink,
        };
        shard.counters.calls.fetch_add(1, Ordering::AcqRel);
        if !shard.tell(Vital::Add(Box::new(new))) {
            return Err(StartError::Stopped);
        }
        let controller = Controller::new(shared, shard);
        let reservation = Reservation { controller: controller.clone(), options, used: false };
        Ok((controller, reservation))
    }

    fn calls(&self) -> usize {
        self.shards.iter().map(|shard| shard.counters.calls.load(Ordering::Relaxed)).sum()
    }

    /// What has been counted until now. Never waits.
    #[must_use]
    pub fn stats(&self) -> EngineStats {
        let counters = || self.shards.iter().map(|shard| shard.counters.as_ref());
        let sum = |of: fn(&Counters) -> &AtomicU64| counters().map(|c| of(c).load(Ordering::Relaxed)).sum();
        EngineStats {
            calls: self.calls(),
            started: self.next_call.load(Ordering::Relaxed) - 1,
            refused: self.refused.load(Ordering::Relaxed),
            ended: self.outcomes.read(),
            late_frames: sum(|c| &c.late_frames),
            lateness: self.lateness().summary(),
            datagrams_in: sum(|c| &c.datagrams_in),
            datagrams_out: sum(|c| &c.datagrams_out),
            datagrams_unknown: sum(|c| &c.datagrams_unknown),
            send_failures: sum(|c| &c.send_failures),
            own_sockets: counters().map(|c| c.own_sockets.load(Ordering::Relaxed)).sum(),
            sockets_opened: sum(|c| &c.sockets_opened),
            socket_failures: sum(|c| &c.socket_failures),
            stream_dropped: sum(|c| &c.stream_dropped),
            signals_dropped: sum(|c| &c.signals_dropped),
            stepped_down: sum(|c| &c.stepped_down),
            shards: counters()
                .map(|c| ShardStats {
                    calls: c.calls.load(Ordering::Relaxed),
                    cpu: Duration::from_nanos(c.cpu_nanos.load(Ordering::Relaxed)),
                    codec: Duration::from_nanos(c.codec_nanos.load(Ordering::Relaxed)),
                    load: c.load.load(Ordering::Relaxed) as f32 / 1000.0,
                })
                .collect(),
        }
    }

    /// How late frames of established calls were until now, in a form of which differences can be taken. Never waits.
    #[must_use]
    pub fn lateness(&self) -> LatenessCounts {
        lateness(self.shards.iter().map(|shard| &shard.counters.lateness))
    }

    /// Ends every call as [`HangupReason::EngineStopped`], flushes their recordings and stops the threads. Blocks until
    /// that is done, at most about five seconds. Idempotent; controllers stay valid and say the calls are over.
    pub fn shutdown(&self) {
        self.stopped.store(true, Ordering::Release);
        for shard in &self.shards {
            shard.tell(Vital::Stop);
        }
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A shard that panicked has ended its calls while it unwound.
            let _ = thread.join();
        }
        let _ = self.desk.send(Message::Stop);
        if let Some(desk) = self.desk_thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = desk.join();
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shutdown();
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("shards", &self.shards.len())
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}

/// The right to start a call that was prepared.
pub struct Reservation {
    controller: Controller,
    options: MediaOptions,
    used: bool,
}

/// What is costly to make about a call that starts, made on the thread that starts it.
struct Prepared {
    family: Family,
    uplink: Uplink,
    packet: Duration,
    /// What leads datagrams of the shared socket to it.
    keys: Vec<Key>,
    addresses: Vec<SocketAddr>,
}

impl Prepared {
    fn of(call: CallConfig, options: &MediaOptions, shard: &ShardHandle) -> Result<Self, StartError> {
        if let Some(endpoint) =
            call.endpoints.iter().find(|endpoint| endpoint.addr.is_ipv6() && !shard.has_v6)
        {
            return Err(StartError::NoIpv6 { endpoint: endpoint.addr });
        }
        let frame = call.frame;
        let uplink = Uplink::new(UplinkConfig {
            profile: options.profile,
            frame: media_frame_len(frame),
            bitrate: options.bitrate,
            pass_through: options.pass_through,
            ..UplinkConfig::default()
        })?;
        let of_endpoints = call.endpoints.iter().map(|endpoint| (endpoint.addr, endpoint.peer_tag)).collect();
        let family = Family::new(call, Instant::now())?;
        let keys = family.tags().unwrap_or(of_endpoints);
        let (bind_v4, bind_v6) = shard.bind;
        let addresses =
            if family.wants_addresses() { interfaces::addresses(bind_v4, bind_v6) } else { Vec::new() };
        Ok(Self { family, uplink, packet: frame.duration(), keys, addresses })
    }
}

impl Reservation {
    /// Shown by [`Controller::emoji`] from now on.
    pub fn set_emoji(&self, emoji: [&'static str; 4]) {
        self.controller.shared.set_emoji(emoji);
    }

    /// The key and the relays are known: media starts.
    ///
    /// # Errors
    /// [`StartError::Config`], [`StartError::TagInUse`], [`StartError::NoIpv6`], [`StartError::Ended`] when it was hung up
    /// in the meantime. The call is over then.
    pub fn start(self, call: CallConfig) -> Result<(), StartError> {
        let shard = &self.controller.shard;
        let prepared = Prepared::of(call, &self.options, shard)?;
        let claim = shard.claims.take(&prepared.keys).ok_or(StartError::TagInUse)?;
        self.launch(prepared, claim)
    }

    fn launch(mut self, prepared: Prepared, claim: Claim) -> Result<(), StartError> {
        let Controller { shared, shard } = &self.controller;
        if shared.hangup_asked().is_some() || shared.state() != CallState::Prepared {
            return Err(StartError::Ended);
        }
        let Prepared { family, uplink, packet, addresses, .. } = prepared;
        let start = Start { call: shared.id, family, uplink, claim, addresses, packet };
        if !shard.tell(Vital::Start(Box::new(start))) {
            return Err(StartError::Stopped);
        }
        self.used = true;
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if !self.used {
            self.controller.hangup(HangupReason::Abandoned);
        }
    }
}

impl fmt::Debug for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reservation").field("call", &self.controller.shared.id).finish_non_exhaustive()
    }
}
