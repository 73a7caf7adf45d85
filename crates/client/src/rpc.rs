//! Serialized calls: bounded, timed, repeated where that is right, cancelled when nobody waits.
//!
//! What is repeated here is what the server answered with "later" (420, 500 and above, below 0). Lost connections are
//! the session's business: it sends again under the rules of MTProto.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use offhook_mtproto::session::MAX_BODY;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;

use crate::config::{Limits, TimeOuts};
use crate::connection::calls::{Answer, Call, CallFailure, CallId};
use crate::connection::{Command, Remote, Status};
use crate::error::{InvokeError, LinkError, RpcError};
use crate::stats::Counters;

/// First pause after an internal server error; doubles.
const INTERNAL_ERROR_PAUSE: Duration = Duration::from_secs(1);

/// How one call differs from the client's [`Limits`] and [`TimeOuts`].
///
/// ```
/// # use std::time::Duration;
/// let patient = offhook_client::CallOptions::default().within(Duration::from_secs(120)).retries(0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    within: Option<Duration>,
    flood_wait: Option<Duration>,
    retries: Option<u32>,
}

impl CallOptions {
    /// Time from the start of each attempt to its answer. Default [`TimeOuts::call`].
    #[must_use]
    pub fn within(mut self, within: Duration) -> Self {
        self.within = Some(within);
        self
    }

    /// Longest flood wait that is slept through. Default [`Limits::flood_wait`].
    #[must_use]
    pub fn flood_wait(mut self, longest: Duration) -> Self {
        self.flood_wait = Some(longest);
        self
    }

    /// How often it is repeated. Default [`Limits::retries`].
    #[must_use]
    pub fn retries(mut self, times: u32) -> Self {
        self.retries = Some(times);
        self
    }
}

/// The calling side of a connection.
#[derive(Debug)]
pub(crate) struct Rpc {
    remote: Remote,
    slots: Arc<Semaphore>,
    next: AtomicU64,
    limits: Limits,
    time_outs: TimeOuts,
    /// Bytes that `invokeWithLayer` and `initConnection` put before a call.
    overhead: usize,
    counters: Arc<Counters>,
}

impl Rpc {
    pub(crate) fn new(
        remote: Remote,
        limits: Limits,
        time_outs: TimeOuts,
        overhead: usize,
        counters: Arc<Counters>,
    ) -> Self {
        let slots = Arc::new(Semaphore::new(limits.in_flight.min(Semaphore::MAX_PERMITS)));
        Self { remote, slots, next: AtomicU64::new(1), limits, time_outs, overhead, counters }
    }

    pub(crate) fn remote(&self) -> &Remote {
        &self.remote
    }

    /// A number for a call that others will be told to wait for.
    pub(crate) fn new_id(&self) -> CallId {
        CallId(self.next.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn call_limit(&self) -> Duration {
        self.time_outs.call
    }

    /// Sends a boxed function and returns the boxed result.
    pub(crate) async fn call(
        &self,
        method: &str,
        body: &[u8],
        options: CallOptions,
    ) -> Result<Vec<u8>, InvokeError> {
        self.admit(method, body)?;
        let mut repeats = 0;
        loop {
            let within = options.within.unwrap_or(self.time_outs.call);
            let error = match self.attempt(method, body.to_vec(), within, (self.new_id(), None)).await? {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };
            self.counters.call_errors.increment();
            match self.pause_after(&error, repeats, options) {
                Some(pause) => {
                    tracing::info!(method, %error, ?pause, "call is repeated after a pause");
                    tokio::time::sleep(pause).await;
                    repeats += 1;
                }
                None => return Err(InvokeError::Rpc { method: method.to_owned(), error }),
            }
        }
    }

    /// Sends a call that runs after another, once: what comes after it could not follow a repetition.
    pub(crate) async fn call_after(
        &self,
        method: &str,
        body: Vec<u8>,
        order: (CallId, Option<CallId>),
    ) -> Result<Vec<u8>, InvokeError> {
        self.admit(method, &body)?;
        self.attempt(method, body, self.time_outs.call, order).await?.map_err(|error| {
            self.counters.call_errors.increment();
            InvokeError::Rpc { method: method.to_owned(), error }
        })
    }

    fn admit(&self, method: &str, body: &[u8]) -> Result<(), InvokeError> {
        let got = body.len() + self.overhead;
        if got > MAX_BODY {
            return Err(InvokeError::TooLarge { method: method.to_owned(), got, most: MAX_BODY });
        }
        self.counters.calls.increment();
        Ok(())
    }

    /// How long to wait before asking again after this error; `None` when it is to be reported.
    fn pause_after(&self, error: &RpcError, repeats: u32, options: CallOptions) -> Option<Duration> {
        let retries = options.retries.unwrap_or(self.limits.retries);
        let longest = options.flood_wait.unwrap_or(self.limits.flood_wait);
        if let Some(wait) = error.flood_wait() {
            self.counters.flood_waits.increment();
            let obeyed = (wait <= longest && repeats < retries).then_some(wait);
            self.counters.flood_wait_seconds.add(obeyed.unwrap_or_default().as_secs());
            return obeyed;
        }
        if error.is_internal() {
            self.counters.server_errors.increment();
            return (repeats < retries).then(|| INTERNAL_ERROR_PAUSE * (1 << repeats.min(6)));
        }
        None
    }

    async fn attempt(
        &self,
        method: &str,
        body: Vec<u8>,
        within: Duration,
        order: (CallId, Option<CallId>),
    ) -> Result<Result<Vec<u8>, RpcError>, InvokeError> {
        let deadline = Instant::now() + within;
        let answer = tokio::time::timeout_at(deadline, self.exchange(body, order)).await;
        let method = || method.to_owned();
        match answer {
            Ok(Ok(result)) => Ok(Ok(result)),
            Ok(Err(CallFailure::Rpc(error))) => Ok(Err(error)),
            Ok(Err(CallFailure::Link(link))) => Err(InvokeError::Link { method: method(), link }),
            Ok(Err(CallFailure::Refused(reason))) => Err(InvokeError::Encode { method: method(), reason }),
            Ok(Err(CallFailure::Closed)) => Err(InvokeError::Closed { method: method() }),
            Err(_) => {
                self.counters.call_time_outs.increment();
                Err(InvokeError::TimedOut { method: method(), after: within, link: self.link_error() })
            }
        }
    }

    /// One question, one answer. Dropping the future cancels the call.
    async fn exchange(&self, body: Vec<u8>, (id, after): (CallId, Option<CallId>)) -> Answer {
        let closed = || CallFailure::Closed;
        // Fair: first come, first served.
        let _slot = self.slots.acquire().await.map_err(|_| closed())?;
        let (reply, answer) = oneshot::channel();
        let call = Command::Call(Call { id, body, after, reply });
        self.remote.commands.send(call).await.map_err(|_| closed())?;
        let mut guard = CancelOnDrop { remote: &self.remote, id, armed: true, counters: &self.counters };
        let answer = answer.await;
        guard.armed = false;
        answer.unwrap_or_else(|_| Err(closed()))
    }

    fn link_error(&self) -> Option<LinkError> {
        match &*self.remote.status.borrow() {
            Status::Connecting(error) => error.clone(),
            Status::Failed(error) => Some(error.clone()),
            Status::Up(_) | Status::Closed => None,
        }
    }
}

struct CancelOnDrop<'a> {
    remote: &'a Remote,
    id: CallId,
    armed: bool,
    counters: &'a Counters,
}

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        if self.armed {
            self.counters.calls_cancelled.increment();
            // When the queue is full the call runs on; its answer then goes nowhere, which is all that matters.
            let _ = self.remote.commands.try_send(Command::Cancel(self.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::{mpsc, watch};

    /// The other end of the wires, driven by hand.
    struct Server {
        commands: mpsc::Receiver<Command>,
        _status: watch::Sender<Status>,
    }

    impl Server {
        async fn next_call(&mut self) -> Call {
            match self.commands.recv().await {
                Some(Command::Call(call)) => call,
                other => panic!("expected a call, got {other:?}"),
            }
        }

        async fn answer(&mut self, answer: Answer) {
            self.next_call().await.reply.send(answer).unwrap();
        }
    }

    fn rig(limits: Limits) -> (Arc<Rpc>, Server, Arc<Counters>) {
        let (commands, receiver) = mpsc::channel(64);
        let link = LinkError::NoAddress(crate::config::DcId(2));
        let (status_sender, status) = watch::channel(Status::Connecting(Some(link)));
        let counters = Arc::new(Counters::default());
        let remote = Remote { commands, status };
        let rpc = Rpc::new(remote, limits, TimeOuts::default(), 100, counters.clone());
        (Arc::new(rpc), Server { commands: receiver, _status: status_sender }, counters)
    }

    fn error(code: i32, text: &str) -> Answer {
        Err(CallFailure::Rpc(RpcError::new(code, text)))
    }

    fn within(seconds: u64) -> CallOptions {
        CallOptions::default().within(Duration::from_secs(seconds))
    }

    fn spawn(rpc: &Arc<Rpc>, seconds: u64) -> tokio::task::JoinHandle<Result<Vec<u8>, InvokeError>> {
        let rpc = rpc.clone();
        tokio::spawn(async move { rpc.call("m", &[0; 4], within(seconds)).await })
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_flood_wait_is_obeyed_to_the_second() {
        let (rpc, mut server, counters) = rig(Limits::default());
        let start = Instant::now();
        let call = spawn(&rpc, 30);
        server.answer(error(420, "FLOOD_WAIT_5")).await;
        server.answer(error(420, "FLOOD_WAIT_0")).await;
        server.answer(Ok(vec![1])).await;
        assert_eq!(call.await.unwrap().unwrap(), [1]);
        assert_eq!(start.elapsed().as_secs(), 6);
        let stats = counters.snapshot();
        assert_eq!((stats.flood_waits, stats.flood_wait_seconds), (2, 6));
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_flood_wait_is_reported_at_once() {
        let (rpc, mut server, _) = rig(Limits::default());
        let start = Instant::now();
        let call = spawn(&rpc, 30);
        server.answer(error(420, "FLOOD_WAIT_61")).await;
        let failed = call.await.unwrap().unwrap_err();
        assert_eq!(failed.rpc().and_then(RpcError::flood_wait), Some(Duration::from_secs(61)));
        assert!(start.elapsed() < Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn internal_errors_are_repeated_three_times_and_then_reported() {
        let (rpc, mut server, counters) = rig(Limits::default());
        let start = Instant::now();
        let call = spawn(&rpc, 30);
        for (code, text) in [(500, "INTERNAL"), (-503, "Timeout"), (500, "INTERNAL"), (500, "LAST")] {
            server.answer(error(code, text)).await;
        }
        assert!(call.await.unwrap().unwrap_err().is_rpc("LAST"));
        assert_eq!(start.elapsed().as_secs(), 1 + 2 + 4);
        assert_eq!(counters.snapshot().server_errors, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn other_errors_are_reported_at_once() {
        let (rpc, mut server, _) = rig(Limits::default());
        let call = spawn(&rpc, 30);
        server.answer(error(400, "PHONE_CODE_INVALID")).await;
        assert!(call.await.unwrap().unwrap_err().is_rpc("PHONE_CODE_INVALID"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_without_an_answer_ends_in_time_says_why_and_is_cancelled() {
        let (rpc, mut server, counters) = rig(Limits::default());
        let start = Instant::now();
        let call = spawn(&rpc, 30);
        let waiting = server.next_call().await;
        let failed = call.await.unwrap().unwrap_err();
        assert_eq!(start.elapsed().as_secs(), 30);
        assert!(
            matches!(&failed, InvokeError::TimedOut { link: Some(LinkError::NoAddress(_)), .. }),
            "{failed}"
        );
        assert!(failed.to_string().contains("add one with"), "{failed}");
        assert!(matches!(server.commands.recv().await, Some(Command::Cancel(id)) if id == waiting.id));
        assert_eq!(counters.snapshot().call_time_outs, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_a_call_cancels_it() {
        let (rpc, mut server, _) = rig(Limits::default());
        let call = spawn(&rpc, 30);
        let waiting = server.next_call().await;
        call.abort();
        assert!(matches!(server.commands.recv().await, Some(Command::Cancel(id)) if id == waiting.id));
    }

    #[tokio::test(start_paused = true)]
    async fn calls_above_the_bound_wait_their_turn() {
        let (rpc, mut server, _) = rig(Limits { in_flight: 1, ..Limits::default() });
        let first = spawn(&rpc, 30);
        let held = server.next_call().await;
        let second = spawn(&rpc, 30);
        tokio::task::yield_now().await;
        assert!(
            server.commands.try_recv().is_err(),
            "the second call is not sent while the first has no answer"
        );
        held.reply.send(Ok(vec![1])).unwrap();
        server.answer(Ok(vec![2])).await;
        assert_eq!(first.await.unwrap().unwrap(), [1]);
        assert_eq!(second.await.unwrap().unwrap(), [2]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_oversize_call_fails_here_and_is_not_sent() {
        let (rpc, mut server, _) = rig(Limits::default());
        let body = vec![0; MAX_BODY - 99];
        let failed = rpc.call("m", &body, within(1)).await.unwrap_err();
        assert!(
            matches!(failed, InvokeError::TooLarge { got, most, .. } if got == MAX_BODY + 1 && most == MAX_BODY)
        );
        assert!(server.commands.try_recv().is_err());
    }
}
