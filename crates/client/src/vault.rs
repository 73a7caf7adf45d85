//! The session in memory, and the task that keeps it in its store.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio_util::sync::CancellationToken;

use crate::config::DcId;
use crate::peer::{Peer, PeerCache};
use crate::session::{DcKey, SelfUser, SessionData, SessionError, SessionStore, UpdateState};
use crate::stats::Counters;

/// Shortest time between two saves of things that come again by themselves (update state, peers).
const LAZY: Duration = Duration::from_secs(1);
/// Peers that make the pause between lazy saves a second longer: the file is written as a whole.
const PEERS_PER_SECOND: usize = 2_000;

/// What the account remembers, shared by the client's tasks.
#[derive(Debug)]
pub(crate) struct Vault {
    store: SessionStore,
    content: Mutex<Content>,
    changed: Notify,
    /// One save at a time, so that an older one cannot overtake a newer one.
    saving: AsyncMutex<()>,
    counters: Arc<Counters>,
}

#[derive(Debug)]
struct Content {
    /// Without peers; those are in the cache.
    data: SessionData,
    peers: PeerCache,
    dirty: bool,
}

impl Vault {
    /// Reads the store. Blocks.
    pub(crate) fn open(
        store: SessionStore,
        peers: usize,
        counters: Arc<Counters>,
    ) -> Result<Self, SessionError> {
        let mut data = store.load()?.unwrap_or_default();
        let peers = PeerCache::new(peers, std::mem::take(&mut data.peers));
        let content = Mutex::new(Content { data, peers, dirty: false });
        Ok(Self { store, content, changed: Notify::new(), saving: AsyncMutex::new(()), counters })
    }

    pub(crate) fn home(&self) -> Option<DcId> {
        self.lock().data.home
    }

    pub(crate) fn key(&self, dc: DcId) -> Option<DcKey> {
        self.lock().data.keys.get(&dc).cloned()
    }

    pub(crate) fn user(&self) -> Option<SelfUser> {
        self.lock().data.user
    }

    pub(crate) fn update_state(&self) -> Option<UpdateState> {
        self.lock().data.updates.clone()
    }

    /// Changes something that comes again by itself; it is saved soon.
    pub(crate) fn change(&self, change: impl FnOnce(&mut SessionData)) {
        let mut content = self.lock();
        change(&mut content.data);
        content.dirty = true;
        drop(content);
        self.changed.notify_one();
    }

    /// Looks something up among the peers.
    pub(crate) fn peers<T>(&self, look: impl FnOnce(&PeerCache) -> T) -> T {
        look(&self.lock().peers)
    }

    /// Takes in peers met.
    pub(crate) fn remember(&self, met: impl IntoIterator<Item = Peer>) {
        let mut content = self.lock();
        let mut news = false;
        for peer in met {
            news |= content.peers.remember(peer);
        }
        content.dirty |= news;
        drop(content);
        if news {
            self.changed.notify_one();
        }
    }

    pub(crate) fn forget_username(&self, name: &str) {
        self.lock().peers.forget_username(name);
    }

    /// Saves now, when something changed since the last time.
    pub(crate) async fn save(&self) -> Result<(), SessionError> {
        let _turn = self.saving.lock().await;
        let data = {
            let mut content = self.lock();
            if !std::mem::take(&mut content.dirty) {
                return Ok(());
            }
            SessionData { peers: content.peers.in_order_met(), ..content.data.clone() }
        };
        let store = self.store.clone();
        let saved = tokio::task::spawn_blocking(move || store.save(&data))
            .await
            .unwrap_or_else(|panic| Err(SessionError::Custom(Box::new(panic))));
        match &saved {
            Ok(()) => self.counters.session_saves.increment(),
            Err(error) => {
                self.counters.session_save_errors.increment();
                self.lock().dirty = true;
                tracing::warn!(%error, "session not saved");
            }
        }
        saved
    }

    /// Saves what changed, not more often than needed, until told to stop.
    pub(crate) async fn drive(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let pause = LAZY + Duration::from_secs((self.peers(PeerCache::len) / PEERS_PER_SECOND) as u64);
            let due = async {
                self.changed.notified().await;
                tokio::time::sleep(pause).await;
            };
            let stopped = tokio::select! {
                () = stop.cancelled() => true,
                () = due => false,
            };
            // A failure is counted and logged; the next change tries again.
            let _ = self.save().await;
            if stopped {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
