//! Beginning, replacing and ending the sessions of a connection.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use offhook_crypto::AuthKey;
use offhook_mtproto::exchange::Established;
use offhook_mtproto::session::{ClientOptions, ClientSession, ClientStats};
use offhook_mtproto::{Salt, TimeOffset};

use super::calls::LaneId;
use super::lane::{Lane, LaneKey, Life};
use super::task::{Connection, Refusals};
use crate::clock::seed;
use crate::session::DcKey;

const DROP_TEMP_AUTH_KEYS: u32 = 0x8e48_a188;
const VECTOR: u32 = 0x1cb5_c415;

impl Connection {
    /// Takes up the stored key of this data center. False when there is none, or none that the server takes.
    pub(super) fn find_permanent_key(&mut self) -> bool {
        if self.permanent.is_none() && self.refusals != Refusals::KeyReplaced {
            self.permanent = self.wiring.vault.key(self.dc);
        }
        self.permanent.is_some()
    }

    /// A permanent key was made. The stored one is replaced only now that the new one is there.
    pub(super) fn on_permanent_key(&mut self, made: &Established) {
        self.wiring.counters.keys_made.increment();
        let key =
            DcKey { auth_key: *made.key.bytes(), salt: made.salt.0, time_offset: made.time_offset.as_secs() };
        self.permanent = Some(key.clone());
        let dc = self.dc;
        self.wiring.vault.change(|data| {
            if data.keys.insert(dc, key).is_some() {
                // The login went with the old key, and so did its numbering of updates.
                data.user = None;
                data.updates = None;
            }
            data.home.get_or_insert(dc);
        });
    }

    /// Begins a session under the permanent key.
    pub(super) fn begin_permanent_lane(&mut self) {
        let Some(key) = &self.permanent else { return };
        let (auth_key, salt) = (AuthKey::new(key.auth_key), Salt(key.salt));
        let offset = TimeOffset::from_secs(key.time_offset);
        let session = self.new_session(auth_key, salt, offset);
        self.add_lane(session, LaneKey::Permanent);
    }

    /// Begins a session under a fresh temporary key by asking the server to bind it.
    pub(super) fn begin_temporary_lane(&mut self, made: Established) {
        let Some(permanent) = self.permanent.as_ref().map(|key| AuthKey::new(key.auth_key)) else { return };
        self.wiring.counters.temporary_keys_made.increment();
        let now = self.wiring.clock.now();
        let length = self.wiring.config.time_outs.temporary_key;
        let life = Life::new(now.instant, length, u32::from_le_bytes(seed()));
        let Established { key, salt, time_offset, expires_at } = made;
        let server_now = time_offset.apply(now.unix).as_secs();
        let expires_at =
            expires_at.unwrap_or_else(|| i32::try_from(server_now + length.as_secs()).unwrap_or(i32::MAX));
        let mut session = self.new_session(key, salt, time_offset);
        match session.push_bind(&permanent, expires_at, now) {
            Ok(request) => {
                session.connected(now);
                self.add_lane(session, LaneKey::Binding { request, life });
            }
            // A session without requests has room for one.
            Err(error) => tracing::error!(%error, "temporary key not bound"),
        }
    }

    fn new_session(&self, key: AuthKey, salt: Salt, offset: TimeOffset) -> ClientSession {
        let times = self.wiring.config.time_outs;
        let limits = self.wiring.config.limits;
        let options = ClientOptions {
            ping_interval: times.ping,
            silence_limit: times.dead,
            disconnect_delay: times.ping + times.dead + Duration::from_secs(10),
            // Cancelled calls stay with the session until the server confirms.
            max_requests: limits.in_flight.saturating_mul(4).max(1024),
            max_events: limits.inbound_updates.max(1024),
            http: self.wiring.config.uses_http(),
            ..ClientOptions::default()
        };
        self.wiring.counters.clock_offset.store(offset.as_secs(), Ordering::Relaxed);
        ClientSession::new(key, salt, offset, options, seed())
    }

    fn add_lane(&mut self, session: ClientSession, key: LaneKey) {
        let id = LaneId(self.next_lane);
        self.next_lane += 1;
        self.lanes.push(Lane { id, session, initialized: false, reported: ClientStats::default(), key });
    }

    /// The session that calls are given to.
    pub(super) fn open_lane(&mut self) -> Option<&mut Lane> {
        self.lanes.iter_mut().rfind(|lane| lane.is_open())
    }

    pub(super) fn lane(&mut self, id: LaneId) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.id == id)
    }

    /// When the key in use ends.
    pub(super) fn present_key_ends(&self) -> Option<Instant> {
        self.lanes.iter().rev().find_map(|lane| match lane.key {
            LaneKey::Bound { life } => Some(life.ends),
            _ => None,
        })
    }

    /// The server has bound the key of a session: it takes over.
    pub(super) fn on_bound(&mut self, bound: LaneId) {
        self.refusals = Refusals::None;
        let now = self.wiring.clock.now().instant;
        for lane in &mut self.lanes {
            match lane.key {
                LaneKey::Binding { life, .. } if lane.id == bound => lane.key = LaneKey::Bound { life },
                _ => lane.retire(now),
            }
        }
        tracing::debug!("temporary key bound");
        self.announce();
        self.push_calls();
    }

    /// Ends the sessions that are over: their calls go to the one in use, and the server may forget their keys.
    pub(super) fn drop_spent_lanes(&mut self) {
        let now = self.wiring.clock.now().instant;
        let over: Vec<LaneId> =
            self.lanes.iter().filter(|lane| lane.is_over(now)).map(|lane| lane.id).collect();
        if over.is_empty() {
            return;
        }
        self.lanes.retain(|lane| !over.contains(&lane.id));
        for lane in over {
            self.calls.forget_lane(lane);
        }
        self.push_calls();
        self.drop_old_keys();
    }

    /// Asks the server to forget the temporary keys that are not in use any more. Nobody waits for the answer.
    fn drop_old_keys(&mut self) {
        let now = self.wiring.clock.now();
        let kept: Vec<i64> = self.lanes.iter().map(|lane| lane.session.key().id()).collect();
        let init = self.wiring.init.clone();
        let Some(lane) = self.open_lane() else { return };
        let mut body = if lane.initialized { Vec::new() } else { init.to_vec() };
        for word in [DROP_TEMP_AUTH_KEYS, VECTOR, kept.len() as u32] {
            body.extend_from_slice(&word.to_le_bytes());
        }
        kept.iter().for_each(|key| body.extend_from_slice(&key.to_le_bytes()));
        // Without it they end by themselves.
        let _ = lane.session.push_request(body, now);
    }

    /// Ends all sessions; their calls wait for the next.
    pub(super) fn drop_lanes(&mut self) {
        self.renewal = Default::default();
        for lane in std::mem::take(&mut self.lanes) {
            self.calls.forget_lane(lane.id);
        }
    }

    /// Begins to make the next temporary key when it is time; tells when it will be.
    pub(super) fn keep_fresh(&mut self) -> Option<Instant> {
        let lane = self.lanes.last()?;
        let LaneKey::Bound { life } = lane.key else { return None };
        if self.renewal.is_running() {
            return None;
        }
        let due = self.renewal.not_before().map_or(life.renew, |due| due.max(life.renew));
        let now = self.wiring.clock.now().instant;
        if due > now {
            return Some(due);
        }
        self.renewal.begin(&self.wiring, self.dc, now);
        None
    }

    /// Stores the salt and clock offset in use: they save a round trip at the next start.
    pub(super) fn keep_key(&self) {
        let Some(lane) = self.lanes.last() else { return };
        let (dc, offset) = (self.dc, lane.session.time_offset().as_secs());
        // A temporary key has salts of its own.
        let salt = matches!(lane.key, LaneKey::Permanent).then(|| lane.session.salt().0);
        self.wiring.vault.change(|data| {
            if let Some(key) = data.keys.get_mut(&dc) {
                key.salt = salt.unwrap_or(key.salt);
                key.time_offset = offset;
            }
        });
    }
}
