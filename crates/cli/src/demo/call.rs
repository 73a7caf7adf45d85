//! The calls of the demo: set up, held, ended.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use offhook_media::NullSink;
use offhook_phone::{Call, CallReport, Incoming, Phone, PhoneConfig, Stage};
use offhook_voip::{Engine, EngineConfig, EngineStats, Lateness, LatenessCounts, MediaOptions};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::Plan;
use super::memory::{Heard, MemorySink};
use crate::cpu;
use crate::exit::{Exit, Failure};
use crate::local::{Account, Local, Person};

/// Accounts on each side at most; more calls than that share them.
const ACCOUNTS: usize = 8;
/// Room in recordings and stamps beyond the length of the call.
const SPARE: Duration = Duration::from_secs(10);

/// Everything that was seen.
pub(crate) struct Facts {
    pub(crate) connect: Duration,
    pub(crate) login: Duration,
    pub(crate) calls: Vec<Pair>,
    pub(crate) work: Work,
    pub(crate) reflectors: Vec<offhook_dc::ReflectorCounters>,
}

/// Both ends of one call.
pub(crate) struct Pair {
    pub(crate) caller: Arc<CallReport>,
    pub(crate) callee: Arc<CallReport>,
    /// Where in its input the caller began.
    pub(crate) begun: Duration,
    pub(crate) said_by_callee: Option<Heard>,
    /// `None`: it is in the recording.
    pub(crate) said_by_caller: Option<Heard>,
}

/// What the machine did while all calls were up.
#[derive(Default)]
pub(crate) struct Work {
    /// How long that was.
    pub(crate) time: Duration,
    /// Processor time of the engines, callers' and callees'.
    pub(crate) engines: [Duration; 2],
    /// The share of it in encoders and decoders.
    pub(crate) codec: Duration,
    /// Frames late in that time.
    pub(crate) late: u64,
    /// The same by seconds.
    pub(crate) late_each_second: Vec<u64>,
    /// Processor time of relay threads and of the tasks (Telegram, both clients, signalling).
    pub(crate) relays: Duration,
    pub(crate) tasks: Duration,
    /// Time that the machine's host took from it.
    pub(crate) stolen: Duration,
    /// Threads of the process.
    pub(crate) threads: usize,
    /// Lateness of the frames of both engines in that time.
    pub(crate) lateness: Lateness,
    /// Times a call went down a profile because the engines were too busy, from the first call on.
    pub(crate) stepped_down: u64,
}

pub(crate) async fn run(plan: &Plan) -> Result<Facts, Failure> {
    let accounts = plan.calls.min(ACCOUNTS);
    let callers = people(accounts, 0, "caller", "Alice");
    let callees = people(accounts, accounts, "callee", "Bob");
    let everybody: Vec<Person> = callers.iter().chain(&callees).cloned().collect();
    let local = Arc::new(Local::start(&everybody, plan.link, plan.seed).await?);
    let accounts = log_in(&local, everybody).await?;
    let (connect, login) = (accounts[0].connect, accounts[0].login);

    let engines = [engine(plan)?, engine(plan)?];
    let config =
        PhoneConfig::default().max_calls(plan.calls).versions(plan.protocol.offer()).media(options(plan));
    let mut phones = Vec::new();
    for (index, account) in accounts.into_iter().enumerate() {
        let engine = Arc::clone(&engines[index / callers.len()]);
        phones.push(Phone::new(account.client, engine, config.clone()).await?);
    }
    let answering = phones.split_off(callers.len());

    let (answered, mut taken) = mpsc::channel(plan.calls);
    let count = Arc::new(AtomicUsize::new(0));
    let mut desk = JoinSet::new();
    for phone in &answering {
        let answer = Answer::of(plan, &count);
        desk.spawn(answer.all(phone.incoming(), answered.clone()));
    }
    drop(answered);

    let mut dialled = Vec::new();
    for number in 0..plan.calls {
        let phone = &phones[number % phones.len()];
        let peer = format!("@{}", callees[number % callees.len()].username);
        let call = phone.call(peer.as_str()).await?;
        call.play(&plan.input)?.then(&plan.then)?.play_on_hold([&plan.hold])?;
        if number > 0 {
            call.seek(plan.begins(number))?;
        }
        let heard = listen(plan, &call)?;
        dialled.push((call, heard));
    }
    let work = talk(plan, &dialled, &engines).await;
    let mut calls = Vec::new();
    for (call, _) in &dialled {
        call.hangup(offhook_voip::HangupReason::Local);
    }
    // The callees' ends are in the order of answering; the server's number says which belong together.
    desk.abort_all();
    let mut answers = Vec::new();
    while let Ok(answer) = taken.try_recv() {
        answers.push(answer?);
    }
    for (number, (call, said_by_callee)) in dialled.into_iter().enumerate() {
        let caller = call.wait().await;
        let id = call.id();
        let Some((end, said_by_caller)) = answers.iter().find(|(end, _)| end.id() == id && id.is_some())
        else {
            let text = format!("the call did not come about: {}", caller.outcome);
            return Err(Failure::new(Exit::from(&caller.outcome), text));
        };
        let callee = end.wait().await;
        let (begun, said_by_caller) = (plan.begins(number), said_by_caller.clone());
        calls.push(Pair { caller, callee, begun, said_by_callee, said_by_caller });
    }
    let reflectors = local.dc.counters().reflectors;
    for phone in phones.iter().chain(&answering) {
        phone.shutdown().await;
        phone.client().shutdown().await;
    }
    if let Ok(local) = Arc::try_unwrap(local).map(|local| local.dc) {
        local.shutdown().await;
    }
    Ok(Facts { connect, login, calls, work, reflectors })
}

fn people(count: usize, offset: usize, username: &str, name: &'static str) -> Vec<Person> {
    (1..=count)
        .map(|number| Person {
            phone: format!("+1000000{:04}", number + offset),
            username: format!("{username}{number}"),
            name,
        })
        .collect()
}

async fn log_in(local: &Arc<Local>, everybody: Vec<Person>) -> Result<Vec<Account>, Failure> {
    let mut logins = JoinSet::new();
    for (index, person) in everybody.into_iter().enumerate() {
        let local = Arc::clone(local);
        logins.spawn(async move { (index, local.login(&person).await) });
    }
    let mut accounts = Vec::new();
    while let Some(done) = logins.join_next().await {
        let (index, account) = done.map_err(|error| Failure::new(Exit::Internal, error))?;
        accounts.push((index, account?));
    }
    accounts.sort_by_key(|(index, _)| *index);
    Ok(accounts.into_iter().map(|(_, account)| account).collect())
}

fn engine(plan: &Plan) -> Result<Arc<Engine>, Failure> {
    // One call needs one thread. Of many, each side gets half of the cores, so that there is a shard per core.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let shards = if plan.calls == 1 { 1 } else { (cores / 2).max(1) };
    let engine = Engine::start(EngineConfig::default().shards(shards))
        .map_err(|error| Failure::new(Exit::Network, format!("cannot start the call engine: {error}")))?;
    Ok(Arc::new(engine))
}

fn options(plan: &Plan) -> MediaOptions {
    let options = MediaOptions::default().profile(plan.profile);
    if plan.calls == 1 { options.stamps((plan.length + SPARE).as_millis() as usize / 20) } else { options }
}

fn memory(plan: &Plan) -> (MemorySink, Heard) {
    MemorySink::new((plan.length + SPARE).as_millis() as usize * 48)
}

/// What the caller hears is kept for the verdict when there is one call, and only decoded when there are many.
fn listen(plan: &Plan, call: &Call) -> Result<Option<Heard>, Failure> {
    if plan.calls > 1 {
        call.set_output(Box::new(NullSink::new()))?;
        return Ok(None);
    }
    let (sink, heard) = memory(plan);
    call.set_output(Box::new(sink))?;
    Ok(Some(heard))
}

/// How a callee answers.
struct Answer {
    plays: std::path::PathBuf,
    hold: std::path::PathBuf,
    output: std::path::PathBuf,
    room: Duration,
    /// Calls that were answered by anybody.
    count: Arc<AtomicUsize>,
    /// Length of the speech over which the calls' beginnings are spread.
    spread: Duration,
    calls: usize,
}

type Answered = Result<(Call, Option<Heard>), Failure>;

impl Answer {
    fn of(plan: &Plan, count: &Arc<AtomicUsize>) -> Self {
        Self {
            plays: plan.answer.clone(),
            hold: plan.hold.clone(),
            output: plan.output.clone(),
            room: plan.length + SPARE,
            count: Arc::clone(count),
            spread: plan.spread,
            calls: plan.calls,
        }
    }

    /// Picks up whatever rings, until aborted.
    async fn all(self, mut incoming: Incoming, answered: mpsc::Sender<Answered>) {
        while let Some(ringing) = incoming.next().await {
            let answer = ringing.accept().map_err(Failure::from).and_then(|call| {
                let heard = self.speak(&call)?;
                Ok((call, heard))
            });
            if answered.send(answer).await.is_err() {
                return;
            }
        }
    }

    /// The first call is recorded into the file, the others into memory.
    fn speak(&self, call: &Call) -> Result<Option<Heard>, Failure> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let heard = if number == 0 {
            call.set_output_file(self.output.as_path() as &Path)?;
            None
        } else {
            let (sink, heard) = MemorySink::new(self.room.as_millis() as usize * 48);
            call.set_output(Box::new(sink))?;
            Some(heard)
        };
        call.play(&self.plays)?.play_on_hold([&self.hold])?;
        if number > 0 {
            call.seek(super::begins(number, self.calls, self.spread))?;
        }
        Ok(heard)
    }
}

/// Waits until all calls are up, then for as long as they are to last, or until one of them ends.
async fn talk(plan: &Plan, calls: &[(Call, Option<Heard>)], engines: &[Arc<Engine>; 2]) -> Work {
    for (call, _) in calls {
        if !call.events().reach(Stage::Established).await {
            return Work::default();
        }
    }
    let (begin, before) = (Instant::now(), Snapshot::take(engines));
    let mut early = JoinSet::new();
    for (call, _) in calls {
        let call = call.clone();
        early.spawn(async move { call.wait().await });
    }
    let mut late = vec![late_frames(&before.engines)];
    let end = tokio::time::sleep(plan.length);
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.tick().await;
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            _ = early.join_next() => break,
            _ = second.tick() => late.push(late_frames(&[engines[0].stats(), engines[1].stats()])),
        }
    }
    let after = Snapshot::take(engines);
    let mut work = after.since(&before, begin.elapsed());
    work.late_each_second = late.windows(2).map(|pair| pair[1] - pair[0]).collect();
    work
}

fn late_frames(engines: &[EngineStats; 2]) -> u64 {
    engines.iter().map(|engine| engine.late_frames).sum()
}

/// Counters of the moment.
struct Snapshot {
    engines: [EngineStats; 2],
    lateness: LatenessCounts,
    threads: Vec<cpu::Thread>,
    stolen: Duration,
}

impl Snapshot {
    fn take(engines: &[Arc<Engine>; 2]) -> Self {
        Self {
            engines: [engines[0].stats(), engines[1].stats()],
            lateness: engines[0].lateness().and(&engines[1].lateness()),
            threads: cpu::threads(),
            stolen: cpu::stolen(),
        }
    }

    fn since(&self, before: &Self, time: Duration) -> Work {
        let engine = |at: &EngineStats| at.shards.iter().map(|shard| shard.cpu).sum::<Duration>();
        let codec = |at: &Self| at.engines.iter().flat_map(|e| &e.shards).map(|s| s.codec).sum::<Duration>();
        // By number: threads that were only there before must not count against those that are there now.
        let named = |name: &str| {
            let spent = |now: &cpu::Thread| {
                let then =
                    before.threads.iter().find(|then| then.id == now.id).map_or(Duration::ZERO, |t| t.time);
                now.time.saturating_sub(then)
            };
            self.threads.iter().filter(|thread| thread.name.starts_with(name)).map(spent).sum::<Duration>()
        };
        Work {
            time,
            engines: [0, 1].map(|i| engine(&self.engines[i]).saturating_sub(engine(&before.engines[i]))),
            codec: codec(self).saturating_sub(codec(before)),
            late: late_frames(&self.engines) - late_frames(&before.engines),
            late_each_second: Vec::new(),
            relays: named("reflector"),
            tasks: named("offhook-tasks"),
            stolen: self.stolen.saturating_sub(before.stolen),
            threads: self.threads.len(),
            lateness: self.lateness.since(&before.lateness).summary(),
            stepped_down: self.engines.iter().map(|engine| engine.stepped_down).sum(),
        }
    }
}
