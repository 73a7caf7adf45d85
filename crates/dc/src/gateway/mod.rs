//! The shell: sockets and tasks around the [`hub`], which owns everything else.

mod answer;
mod connection;
mod deliver;
mod http;
pub(crate) mod hub;
mod sessions;
mod unwrap;
mod websocket;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use offhook_mtproto::{Moment, exchange};
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use hub::Hub;

/// What all tasks of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    hub: Mutex<Hub>,
    exchange: Mutex<exchange::Server>,
    /// Wakes the timer task when a deadline came nearer.
    pub(crate) alarm: Notify,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Shared {
    pub(crate) fn new(hub: Hub, exchange: exchange::Server) -> Arc<Self> {
        Arc::new(Self {
            hub: Mutex::new(hub),
            exchange: Mutex::new(exchange),
            alarm: Notify::new(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// The state. A panic in another task leaves it whole: every packet is handled under one lock.
    pub(crate) fn hub(&self) -> MutexGuard<'_, Hub> {
        self.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn exchange(&self) -> MutexGuard<'_, exchange::Server> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the state and wakes the timer task when that brought a deadline nearer.
    pub(crate) fn with_hub<T>(&self, work: impl FnOnce(&mut Hub, Moment) -> T) -> T {
        let mut hub = self.hub();
        let before = hub.next_deadline();
        let result = work(&mut hub, now());
        let after = hub.next_deadline();
        drop(hub);
        if after < before || before.is_none() && after.is_some() {
            self.alarm.notify_one();
        }
        result
    }
}

/// Both clocks.
pub(crate) fn now() -> Moment {
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment { instant: Instant::now(), unix }
}

/// 32 bytes of the system's randomness.
pub(crate) fn seed() -> std::io::Result<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(std::io::Error::other)?;
    Ok(seed)
}

/// Accepts connections to a data centre (`None`: the first) until the server stops.
pub(crate) async fn drive_listener(shared: Arc<Shared>, listener: TcpListener, dc: Option<i32>) {
    loop {
        let accepted = tokio::select! {
            () = shared.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let Some(line) = shared.hub().open_line(dc) else { continue };
                shared.tasks.spawn(connection::drive(Arc::clone(&shared), stream, line));
            }
            Err(error) => {
                // Out of descriptors: connections that end will free some.
                tracing::warn!(%error, "cannot accept");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
    }
}

/// Does what time demands until the server stops.
pub(crate) async fn drive_clock(shared: Arc<Shared>) {
    loop {
        let deadline = {
            let mut hub = shared.hub();
            hub.tick(now());
            hub.next_deadline()
        };
        let sleep = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = shared.alarm.notified() => {}
            () = sleep => {}
        }
    }
}
