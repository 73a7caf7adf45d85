//! What all calls of a phone share: the account, the engine, and the table that leads words to calls.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use offhook_client::Client;
use offhook_voip::{Engine, ServerConfig};
use tokio::sync::{Semaphore, mpsc, watch};

use crate::PhoneConfig;
use crate::config::Timers;
use crate::group::GroupCache;
use crate::signals::Packet;
use crate::wire::Word;

/// Words kept for one call that has not read them yet. A call gets a handful in its life; more are dropped and counted.
pub(crate) const WORDS: usize = 32;
/// Words about calls not known (yet) that are kept: an update may overtake the answer that names its call. At the bound
/// the oldest is forgotten.
const STRAYS: usize = 64;
/// Packets of calls' own signalling that are kept for one call, and for calls not known yet.
pub(crate) const PACKETS: usize = 128;
const STRAY_PACKETS: usize = 64;
/// Calls remembered after their end, so that a repeated update does not ring again. At the bound the oldest is forgotten.
const ENDED: usize = 1024;

#[derive(Debug)]
pub(crate) struct Line {
    pub client: Client,
    pub engine: Arc<Engine>,
    pub config: PhoneConfig,
    /// Our own user id.
    pub me: i64,
    /// Time limits of `help.getConfig`.
    pub server_timers: Timers,
    /// `phone.getCallConfig`.
    pub server: ServerConfig,
    pub groups: GroupCache,
    /// Big powers at one time: as many as there are cores, so that threads do not grow with calls.
    pub powers: Semaphore,
    pub closing: watch::Sender<bool>,
    pub busy_refused: AtomicU64,
    table: Mutex<Table>,
    /// Places taken.
    calls: watch::Sender<usize>,
    /// Calls whose end has not been told to everybody; at least as many as places are taken.
    present: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Table {
    routes: HashMap<i64, Route>,
    strays: VecDeque<Word>,
    stray_packets: VecDeque<(i64, Packet)>,
    ended: VecDeque<i64>,
    /// Users being called whose answer is awaited, for glare.
    dialling: Vec<i64>,
    dropped: u64,
    packets_dropped: u64,
}

/// The way to a call's task.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub words: mpsc::Sender<Word>,
    pub packets: mpsc::Sender<Packet>,
}

/// Where a word belongs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Routed {
    /// Given to its call, kept for later, or about a call that is over.
    Done,
    /// It announces a call nobody knows.
    New,
}

impl Line {
    pub(crate) fn new(
        (client, engine, config): (Client, Arc<Engine>, PhoneConfig),
        me: i64,
        server_timers: Timers,
        server: ServerConfig,
    ) -> Arc<Self> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Arc::new(Self {
            client,
            engine,
            config,
            me,
            server_timers,
            server,
            groups: GroupCache::default(),
            powers: Semaphore::new(cores),
            closing: watch::Sender::new(false),
            busy_refused: AtomicU64::new(0),
            table: Mutex::default(),
            calls: watch::Sender::new(0),
            present: watch::Sender::new(0),
        })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Every change below is whole before anything that could panic.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leads a word to its call.
    pub(crate) fn route(&self, word: Word) -> Routed {
        let mut table = self.table();
        let id = word.id();
        if let Some(route) = table.routes.get(&id) {
            if route.words.try_send(word).is_err() {
                table.dropped += 1;
            }
            return Routed::Done;
        }
        if table.ended.contains(&id) {
            return Routed::Done;
        }
        if matches!(word, Word::Requested(..)) {
            return Routed::New;
        }
        if table.strays.len() >= STRAYS {
            table.strays.pop_front();
            table.dropped += 1;
        }
        table.strays.push_back(word);
        Routed::Done
    }

    /// Leads a packet of a call's own signalling to its call. It may come before the call is known.
    pub(crate) fn route_packet(&self, id: i64, packet: Packet) {
        let mut table = self.table();
        if let Some(route) = table.routes.get(&id) {
            if route.packets.try_send(packet).is_err() {
                table.packets_dropped += 1;
            }
            return;
        }
        if table.ended.contains(&id) {
            return;
        }
        if table.stray_packets.len() >= STRAY_PACKETS {
            table.stray_packets.pop_front();
            table.packets_dropped += 1;
        }
        table.stray_packets.push_back((id, packet));
    }

    /// A packet that a call had no room for.
    pub(crate) fn count_dropped_packet(&self) {
        self.table().packets_dropped += 1;
    }

    /// From now on words about this call and its packets go to `route`, first those that came too early.
    pub(crate) fn connect(&self, id: i64, route: Route) {
        let mut table = self.table();
        let (ours, others) = std::mem::take(&mut table.strays).into_iter().partition(|word| word.id() == id);
        let (ours, others): (VecDeque<Word>, _) = (ours, others);
        table.strays = others;
        for word in ours {
            if route.words.try_send(word).is_err() {
                table.dropped += 1;
            }
        }
        let (ours, others) =
            std::mem::take(&mut table.stray_packets).into_iter().partition(|(call, _)| *call == id);
        let (ours, others): (VecDeque<(i64, Packet)>, _) = (ours, others);
        table.stray_packets = others;
        for (_, packet) in ours {
            if route.packets.try_send(packet).is_err() {
                table.packets_dropped += 1;
            }
        }
        table.routes.insert(id, route);
    }

    /// The call is over.
    pub(crate) fn disconnect(&self, id: i64) {
        let mut table = self.table();
        table.routes.remove(&id);
        if table.ended.len() >= ENDED {
            table.ended.pop_front();
        }
        table.ended.push_back(id);
    }

    /// Words about calls that were given up for room.
    pub(crate) fn dropped(&self) -> u64 {
        self.table().dropped
    }

    /// Packets of calls' own signalling that were given up for room.
    pub(crate) fn packets_dropped(&self) -> u64 {
        self.table().packets_dropped
    }

    /// Takes a place for one more call; `Err` tells how many are up.
    pub(crate) fn seat(self: &Arc<Self>, most: usize) -> Result<Seat, usize> {
        let mut taken = Ok(());
        self.calls.send_modify(|calls| if *calls < most { *calls += 1 } else { taken = Err(*calls) });
        taken?;
        self.present.send_modify(|present| *present += 1);
        Ok(Seat { line: Arc::clone(self), dialling: None, free: false })
    }

    pub(crate) fn calls(&self) -> usize {
        *self.calls.borrow()
    }

    /// Waits until no call is up and the end of each has been told.
    pub(crate) async fn empty(&self) {
        let mut present = self.present.subscribe();
        // The sender is ours: it cannot be gone.
        let _ = present.wait_for(|present| *present == 0).await;
    }

    pub(crate) fn is_dialling(&self, user: i64) -> bool {
        self.table().dialling.contains(&user)
    }

    pub(crate) fn count_refused(&self) {
        self.busy_refused.fetch_add(1, Ordering::Relaxed);
    }

    /// The server's clock, unix seconds.
    pub(crate) fn server_time(&self) -> i64 {
        let local = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        i64::try_from(local.as_secs()).unwrap_or(i64::MAX).saturating_add(self.client.stats().clock_offset)
    }
}

/// The place of one call among [`PhoneConfig::max_calls`]; given back when dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    line: Arc<Line>,
    dialling: Option<i64>,
    free: bool,
}

impl Seat {
    /// This call is to `user`, whose answer is awaited.
    pub(crate) fn dials(mut self, user: i64) -> Self {
        self.line.table().dialling.push(user);
        self.dialling = Some(user);
        self
    }

    /// The answer is there.
    pub(crate) fn answered(&mut self) {
        let Some(user) = self.dialling.take() else { return };
        let mut table = self.line.table();
        if let Some(index) = table.dialling.iter().position(|dialled| *dialled == user) {
            table.dialling.swap_remove(index);
        }
    }

    /// The next call may have the place. Before the end of this one is told, so that whoever hears of it can call again;
    /// the seat itself is dropped after.
    pub(crate) fn release(&mut self) {
        self.answered();
        if !std::mem::replace(&mut self.free, true) {
            self.line.calls.send_modify(|calls| *calls -= 1);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.release();
        self.line.present.send_modify(|present| *present -= 1);
    }
}
