//! The phone: dials, announces, and leads the server's words to their calls.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use offhook_client::{Client, Peer, PeerId, PeerKind, PeerRef, PeerRefError, Update, Updates};
use offhook_tl::Object;
use offhook_voip::{Engine, Role, ServerConfig};
use tokio::sync::{Mutex, mpsc};

use crate::call::Announced;
use crate::config::Timers;
use crate::drive::{Begin, Command, Drive};
use crate::line::{Line, Routed, Seat};
use crate::signalling::Signalling;
use crate::stage::Log;
use crate::wire::{self, CallName, Requested, Word};
use crate::{Call, CallError, CallOptions, Incoming, Party, PhoneConfig, PhoneError};

/// How long the name of a caller may take to be looked up before it rings without.
const NAME_LOOKUP: Duration = Duration::from_secs(1);

/// An account that can dial and answer. Cheap to clone; all clones are the same phone.
///
/// One task reads the account's updates and leads those about calls to the task of their call; there are as many small
/// tasks as calls, and no thread more. When the last clone and the last [`Call`] are dropped, it stops.
#[derive(Clone, Debug)]
pub struct Phone(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    line: Arc<Line>,
    listening: Arc<AtomicBool>,
    incoming: Mutex<mpsc::Receiver<Announced>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.line.closing.send_replace(true);
    }
}

/// What a phone counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneStats {
    /// Calls that are up or ring.
    pub calls: usize,
    /// Incoming calls refused as busy.
    pub busy_refused: u64,
    /// Updates about calls given up because a queue was full.
    pub updates_dropped: u64,
    /// Packets of calls' own signalling given up because a queue was full.
    pub signals_dropped: u64,
}

impl Phone {
    /// Makes a phone of a client that is logged in. Asks who it is, and for the server's wishes about calls.
    ///
    /// # Errors
    /// [`PhoneError::Account`].
    pub async fn new(
        client: Client,
        engine: impl Into<Arc<Engine>>,
        config: PhoneConfig,
    ) -> Result<Self, PhoneError> {
        // First of all, so that no call is missed while the rest is asked for.
        let updates = client.updates();
        let (me, server_config, call_config) = tokio::join!(
            client.me(),
            client.invoke_value(Object::new("help.getConfig")),
            client.invoke_value(Object::new("phone.getCallConfig")),
        );
        let me = me.map_err(PhoneError::Account)?.id;
        // The server's wishes are not worth failing for.
        let timers = server_config.ok().and_then(|config| config.as_object().map(wire::timers));
        let server = call_config
            .ok()
            .and_then(|config| Some(ServerConfig::from_json(config.as_object()?.str("data")?)))
            .unwrap_or_default();
        let (queue, incoming) = mpsc::channel(config.incoming_queue.max(1));
        let line = Line::new((client, engine.into(), config), me, timers.unwrap_or_default(), server);
        let listening = Arc::new(AtomicBool::new(false));
        let desk = Desk { line: Arc::clone(&line), listening: Arc::clone(&listening), queue };
        tokio::spawn(desk.run(updates));
        Ok(Self(Arc::new(Inner { line, listening, incoming: Mutex::new(incoming) })))
    }

    /// Calls somebody: `"@alice"`, `"+10000000001"`, a [`PeerRef`] or a [`Peer`]. Returns as soon as the peer is known,
    /// before anything rings; follow [`Call::events`], or [`Call::wait`] for the end.
    ///
    /// # Errors
    /// [`CallError`]. What happens later is the call's [`crate::Outcome`].
    pub async fn call(&self, peer: impl IntoCallee) -> Result<Call, CallError> {
        self.call_with(peer, CallOptions::default()).await
    }

    /// Calls somebody, with options of its own.
    ///
    /// # Errors
    /// As [`Phone::call`].
    pub async fn call_with(&self, peer: impl IntoCallee, options: CallOptions) -> Result<Call, CallError> {
        let line = &self.0.line;
        if *line.closing.borrow() {
            return Err(CallError::Closed);
        }
        let peer = match peer.into_callee()? {
            Callee::Known(peer) => *peer,
            Callee::Named(name) => line.client.resolve(&name).await?,
        };
        let party = Party::from(&peer);
        if peer.kind != PeerKind::User || peer.bot {
            return Err(CallError::NotAPerson(party.to_string()));
        }
        if peer.id == line.me {
            return Err(CallError::Myself);
        }
        let most = line.config.max_calls;
        let seat = line.seat(most).map_err(|calls| CallError::TooMany { calls })?.dials(peer.id);
        let media = options.media.unwrap_or_else(|| line.config.media.clone());
        let (controller, reservation) = line.engine.prepare(media)?;
        let limits = options.timers.or(line.config.timers).settle(&line.server_timers);
        let callee = wire::Callee { user_id: peer.id, access_hash: peer.access_hash.unwrap_or(0) };
        let (log, name) = (Log::new(), Arc::new(OnceLock::new()));
        let begin = Begin {
            line: Arc::clone(line),
            machine: Signalling::dial(limits, line.config.versions.clone()),
            limits,
            role: Role::Caller,
            party: party.clone(),
            callee: Some(callee),
            media: Some((controller.clone(), Box::new(reservation))),
            seat: Some(seat),
            log: Arc::clone(&log),
            name: Arc::clone(&name),
        };
        // Nobody commands a call that we made but through its controller.
        let (_, commands) = mpsc::channel(1);
        tokio::spawn(Drive::new(begin, commands).run());
        Ok(Call { phone: self.clone(), controller, log, name, party })
    }

    /// Incoming calls. Until this was asked for once, the phone does not tell that calls ring here, and leaves them to the
    /// account's other devices.
    #[must_use]
    pub fn incoming(&self) -> Incoming {
        self.0.listening.store(true, Ordering::Release);
        Incoming(self.clone())
    }

    pub(crate) async fn next_announced(&self) -> Option<Announced> {
        self.0.incoming.lock().await.recv().await
    }

    /// The account.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.line.client
    }

    /// The engine that carries the calls.
    #[must_use]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.0.line.engine
    }

    pub(crate) fn config(&self) -> &PhoneConfig {
        &self.0.line.config
    }

    /// What has been counted until now.
    #[must_use]
    pub fn stats(&self) -> PhoneStats {
        let line = &self.0.line;
        PhoneStats {
            calls: line.calls(),
            busy_refused: line.busy_refused.load(Ordering::Relaxed),
            updates_dropped: line.dropped(),
            signals_dropped: line.packets_dropped(),
        }
    }

    /// Hangs every call up, declines those that ring, takes no more, and waits until that is done (at most about the
    /// hang-up time limit). Idempotent.
    pub async fn shutdown(&self) {
        self.0.line.closing.send_replace(true);
        self.0.line.empty().await;
    }
}

/// Who can be called.
#[derive(Debug)]
#[doc(hidden)]
pub enum Callee {
    Known(Box<Peer>),
    Named(PeerRef),
}

/// Anything that names somebody to call.
pub trait IntoCallee {
    #[doc(hidden)]
    fn into_callee(self) -> Result<Callee, PeerRefError>;
}

impl IntoCallee for &str {
    fn into_callee(self) -> Result<Callee, PeerRefError> {
        self.parse().map(Callee::Named)
    }
}

impl IntoCallee for &String {
    fn into_callee(self) -> Result<Callee, PeerRefError> {
        self.as_str().into_callee()
    }
}

impl IntoCallee for PeerRef {
    fn into_callee(self) -> Result<Callee, PeerRefError> {
        Ok(Callee::Named(self))
    }
}

impl IntoCallee for Peer {
    fn into_callee(self) -> Result<Callee, PeerRefError> {
        Ok(Callee::Known(Box::new(self)))
    }
}

impl IntoCallee for &Peer {
    fn into_callee(self) -> Result<Callee, PeerRefError> {
        self.clone().into_callee()
    }
}

/// Reads the account's updates and leads those about calls to where they belong.
struct Desk {
    line: Arc<Line>,
    listening: Arc<AtomicBool>,
    queue: mpsc::Sender<Announced>,
}

impl Desk {
    async fn run(self, mut updates: Updates) {
        let mut closing = self.line.closing.subscribe();
        let empty = async |closing: &mut tokio::sync::watch::Receiver<bool>| {
            let _ = closing.wait_for(|closing| *closing).await;
            // Calls that are up still need the server's words to end well.
            self.line.empty().await;
        };
        loop {
            let update = tokio::select! {
                update = updates.next() => update,
                () = empty(&mut closing) => return,
            };
            match update {
                Some(update) => self.on_update(&update),
                None => return,
            }
        }
    }

    fn on_update(&self, update: &Update) {
        if let Some((call, packet)) = wire::signalling_data(update.object()) {
            return self.line.route_packet(call, packet);
        }
        if update.name() != "updatePhoneCall" {
            return;
        }
        let Some(word) = Word::read(update.object()) else {
            tracing::debug!("an update about a call cannot be read");
            return;
        };
        if let Word::Requested(call, requested) = &word {
            let (call, requested) = (*call, requested.clone());
            if self.line.route(word) == Routed::New {
                self.on_requested(call, requested);
            }
        } else {
            self.line.route(word);
        }
    }

    /// Somebody calls.
    fn on_requested(&self, call: CallName, requested: Requested) {
        let line = &self.line;
        let limits = line.config.timers.settle(&line.server_timers);
        let age = line.server_time() - i64::from(requested.date);
        if age > limits.ring.as_secs() as i64 || *line.closing.borrow() {
            tracing::debug!(age, "a call that has stopped ringing is left out");
            return;
        }
        if !self.listening.load(Ordering::Acquire) {
            return;
        }
        match self.admit(requested.caller) {
            Some(seat) => self.announce(call, requested, limits, seat),
            None => {
                line.count_refused();
                let party = Party::unknown(requested.caller);
                let machine = Signalling::busy(Instant::now(), limits, call);
                let (begin, _) = self.begin(machine, limits, party, None);
                tokio::spawn(Drive::new(begin, mpsc::channel(1).1).run());
            }
        }
    }

    /// A seat for a call from `caller`, unless we are busy.
    ///
    /// When two accounts call each other at the same moment, one call must win: that of the lower user id. Its owner
    /// refuses the other's call; the other lets it ring even if its own call takes the last seat, since that one is
    /// about to be refused.
    fn admit(&self, caller: i64) -> Option<Seat> {
        let line = &self.line;
        let glare = line.is_dialling(caller);
        if glare && line.me < caller {
            return None;
        }
        line.seat(line.config.max_calls + usize::from(glare)).ok()
    }

    fn begin(
        &self,
        machine: Signalling,
        limits: crate::config::Limits,
        party: Party,
        seat: Option<Seat>,
    ) -> (Begin, Arc<Log>) {
        let log = Log::new();
        let begin = Begin {
            line: Arc::clone(&self.line),
            machine,
            limits,
            role: Role::Callee,
            party,
            callee: None,
            media: None,
            seat,
            log: Arc::clone(&log),
            name: Arc::new(OnceLock::new()),
        };
        (begin, log)
    }

    fn announce(&self, call: CallName, requested: Requested, limits: crate::config::Limits, seat: Seat) {
        let Requested { caller, g_a_hash, video, versions, .. } = requested;
        let Ok(place) = self.queue.clone().try_reserve_owned() else {
            self.line.count_refused();
            let machine = Signalling::busy(Instant::now(), limits, call);
            let (begin, _) = self.begin(machine, limits, Party::unknown(caller), Some(seat));
            tokio::spawn(Drive::new(begin, mpsc::channel(1).1).run());
            return;
        };
        let offer = self.line.config.versions.clone();
        let machine = Signalling::ring(Instant::now(), limits, offer, call, g_a_hash).of_caller(versions);
        let (mut begin, log) = self.begin(machine, limits, Party::unknown(caller), Some(seat));
        let name = Arc::clone(&begin.name);
        let (commands, orders) = mpsc::channel::<Command>(4);
        let client = self.line.client.clone();
        let known = move || async move {
            let peer = PeerRef::Id(PeerId { kind: PeerKind::User, id: caller });
            let found = tokio::time::timeout(NAME_LOOKUP, client.resolve(&peer)).await;
            found.ok().and_then(Result::ok).map_or_else(|| Party::unknown(caller), |peer| Party::from(&peer))
        };
        tokio::spawn(async move {
            begin.party = known().await;
            let party = begin.party.clone();
            let drive = Drive::new(begin, orders);
            place.send(Announced { party, video, log, name, commands });
            drive.run().await;
        });
    }
}

impl Timers {
    /// Limits as they are when nobody says anything.
    #[cfg(test)]
    pub(crate) fn defaults() -> crate::config::Limits {
        Self::default().settle(&Self::default())
    }
}
