//! Making the next temporary key beside the connection in use.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use offhook_mtproto::exchange::Established;
use tokio::task::JoinHandle;

use super::keys::make_key;
use super::task::{Wiring, dial};
use crate::clock::Clock;
use crate::config::DcId;

/// Shortest pause after a renewal that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Where the next temporary key comes from.
#[derive(Debug, Default)]
pub(super) struct Renewal {
    work: Option<Work>,
    not_before: Option<Instant>,
}

/// Ends with its owner.
#[derive(Debug)]
struct Work(JoinHandle<Result<Established, String>>);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Renewal {
    /// Starts to make a key on a connection of its own, unless that is under way or has just failed.
    pub(super) fn begin(&mut self, wiring: &Wiring, dc: DcId, now: Instant) {
        if self.work.is_some() || self.not_before.is_some_and(|due| due > now) {
            return;
        }
        let wiring = wiring.clone();
        let work = async move {
            let mut link = dial(wiring.clone(), dc).await.map_err(|error| error.to_string())?;
            let Wiring { config, server_keys, clock, .. } = wiring;
            let (life, limit) = (Some(config.time_outs.temporary_key), config.time_outs.exchange);
            let number = config.number(dc);
            let made = make_key(&mut link, server_keys, number, life, clock, limit).await;
            made.map_err(|error| error.to_string())
        };
        self.work = Some(Work(tokio::spawn(work)));
    }

    /// When [`Renewal::begin`] may be called again after a failure.
    pub(super) fn not_before(&self) -> Option<Instant> {
        self.not_before
    }

    pub(super) fn is_running(&self) -> bool {
        self.work.is_some()
    }

    /// Waits for the key under way; for ever when there is none. After a failure the next attempt waits for an eighth
    /// of what the present key has to live. Cancel safe.
    pub(super) async fn made(&mut self, ends: Option<Instant>, clock: Clock) -> Option<Established> {
        let Some(work) = &mut self.work else { return std::future::pending().await };
        let made = Joining(&mut work.0).await;
        self.work = None;
        match made {
            Ok(established) => {
                self.not_before = None;
                Some(established)
            }
            Err(error) => {
                let now = clock.now().instant;
                let left = ends.map_or(Duration::ZERO, |ends| ends.saturating_duration_since(now));
                let pause = (left / 8).max(PAUSE);
                tracing::warn!(%error, ?pause, "next temporary key not made");
                self.not_before = Some(now + pause);
                None
            }
        }
    }
}

/// A handle that is looked at without being taken.
struct Joining<'a>(&'a mut JoinHandle<Result<Established, String>>);

impl Future for Joining<'_> {
    type Output = Result<Established, String>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut *self.0).poll(cx).map(|done| done.unwrap_or_else(|error| Err(error.to_string())))
    }
}
