//! Delivers what requests and time have caused: updates to sessions, records to the disk.

use std::{collections::HashMap, io};

use offhook_mtproto::Moment;
use offhook_tl::Value;

use super::{answer::write_update, hub::Hub};
use crate::{
    calls::{Audience, Device},
    service::{Push, Reach, SessionName},
    storage::Storage,
    world::users::UserId,
};

/// Pieces of signalling that wait for a session without a connection; more are dropped and counted. A call is set up
/// with a tenth of that.
const MOST_WAITING_SIGNALS: usize = 256;

impl Hub {
    /// Writes a snapshot and waits for the disk.
    pub(crate) fn save(&mut self) -> io::Result<()> {
        let Some(storage) = &mut self.storage else { return Ok(()) };
        let snapshot = self.service.world.snapshot();
        self.service.world.take_records();
        storage.rewrite(&snapshot).inspect_err(|error| {
            self.counters.storage_errors += 1;
            tracing::error!(%error, "state not written");
        })
    }

    /// Delivers what the service wants delivered, and writes down what changed.
    pub(crate) fn settle(&mut self, at: Moment) {
        loop {
            let pushes = self.service.take_pushes();
            if pushes.is_empty() {
                break;
            }
            for push in pushes {
                if self.faults.swallow > 0 {
                    self.faults.swallow -= 1;
                    continue;
                }
                match push.reach {
                    Reach::Devices { audience, skip } => self.deliver(&push, audience, skip, at),
                    Reach::Session { device, preferred } => self.deliver_signal(&push, device, preferred, at),
                }
            }
        }
        for (name, update) in self.service.take_direct() {
            self.deliver_to(name, &update, at);
        }
        for key in self.service.take_forgotten() {
            self.forget_key(key);
        }
        self.store();
    }

    fn deliver(&mut self, push: &Push, audience: Audience, skip: Option<SessionName>, at: Moment) {
        let mut written: HashMap<i32, Option<Vec<u8>>> = HashMap::new();
        for name in self.sessions.subscribers(push.user) {
            let device = self.service.world.keys().device(name.key);
            let meant = match audience {
                Audience::All => true,
                Audience::One(one) => device == one,
                Audience::AllBut(one) => device != one,
            };
            // Another session of the device may have logged out meanwhile, or the account has moved.
            let reached = self.service.world.keys().user(name.key) == Some(push.user);
            if !reached || !self.service.lives_here(push.user, name.key) {
                self.sessions.subscribe(name, None);
                continue;
            }
            if !meant || skip == Some(name) {
                continue;
            }
            let layer = self.layer_of(name);
            let body = written.entry(layer).or_insert_with(|| self.write(layer, push));
            if let (Some(body), Some(session)) = (body, self.sessions.get_mut(name)) {
                session.server.push_update(body, at);
                self.drive(name, at);
            }
        }
    }

    /// Delivers a piece of signalling to one session of a device.
    fn deliver_signal(&mut self, push: &Push, device: Device, preferred: Option<SessionName>, at: Moment) {
        let Some(name) = self.signal_session(push.user, device, preferred) else {
            self.counters.signals_dropped += 1;
            return;
        };
        let layer = self.layer_of(name);
        let Some(body) = self.write(layer, push) else { return };
        let Some(session) = self.sessions.get_mut(name) else { return };
        if session.line.is_none() {
            if session.waiting_signals >= MOST_WAITING_SIGNALS {
                self.counters.signals_dropped += 1;
                return;
            }
            session.waiting_signals += 1;
        }
        session.server.push_update(&body, at);
        self.counters.signals += 1;
        self.drive(name, at);
    }

    /// Where signalling for a device goes: to the session that speaks for it while that is connected, else to one that
    /// is, else to one that may come back; the last used first.
    fn signal_session(
        &mut self,
        user: UserId,
        device: Device,
        preferred: Option<SessionName>,
    ) -> Option<SessionName> {
        let keys = self.service.world.keys();
        let names = self.sessions.subscribers(user).into_iter();
        let names = names.filter(|name| keys.device(name.key) == device && keys.user(name.key) == Some(user));
        let ranked = names.filter_map(|name| {
            let session = self.sessions.get(name)?;
            Some(((session.line.is_some(), Some(name) == preferred, session.used), name))
        });
        ranked.max_by_key(|(rank, _)| *rank).map(|(_, name)| name)
    }

    /// An update in a layer.
    fn write(&mut self, layer: i32, push: &Push) -> Option<Vec<u8>> {
        let body = write_update(layer, &push.body);
        if let Err(error) = &body {
            self.counters.unencodable += 1;
            tracing::warn!(layer, %error, "update cannot be written");
        }
        body.ok()
    }

    /// Delivers an update to one session.
    fn deliver_to(&mut self, name: SessionName, update: &Value, at: Moment) {
        let layer = self.layer_of(name);
        if let (Ok(body), Some(session)) = (write_update(layer, update), self.sessions.get_mut(name)) {
            session.server.push_update(&body, at);
            self.drive(name, at);
        }
    }

    /// Repeats to one session how the calls of its device stand.
    pub(super) fn show_calls(&mut self, name: SessionName, at: Moment) {
        let Some(user) = self.sessions.get_mut(name).and_then(|session| session.subscribed) else { return };
        let device = self.service.world.keys().device(name.key);
        let layer = self.layer_of(name);
        for update in self.service.calls_for(user, device, at) {
            if let (Ok(body), Some(session)) = (write_update(layer, &update), self.sessions.get_mut(name)) {
                session.server.push_update(&body, at);
            }
        }
        self.drive(name, at);
    }

    fn store(&mut self) {
        let records = self.service.world.take_records();
        let Some(storage) = &mut self.storage else { return };
        let result = if storage.wants_snapshot() {
            storage.rewrite(&self.service.world.snapshot())
        } else {
            storage.append(&records)
        };
        if let Err(error) = result {
            self.counters.storage_errors += 1;
            tracing::error!(%error, "state not written");
        }
    }

    pub(super) fn sync(&mut self) {
        if let Some(Err(error)) = self.storage.as_ref().map(Storage::sync) {
            self.counters.storage_errors += 1;
            tracing::error!(%error, "state may not be on the disk");
        }
    }
}
