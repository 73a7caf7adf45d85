//! Delivers what requests and time have caused: updates to sessions, records to the disk.

use std::{collections::HashMap, io};

use offhook_mtproto::Moment;

use super::{answer::write_update, hub::Hub};
use crate::{
    calls::Audience,
    service::{Push, SessionName},
    storage::Storage,
};

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
    pub(super) fn settle(&mut self, at: Moment) {
        loop {
            let pushes = self.service.take_pushes();
            if pushes.is_empty() {
                break;
            }
            for push in pushes {
                self.deliver(&push, at);
            }
        }
        for key in self.service.take_forgotten() {
            self.forget_key(key);
        }
        self.store();
    }

    fn deliver(&mut self, push: &Push, at: Moment) {
        let mut written: HashMap<i32, Option<Vec<u8>>> = HashMap::new();
        for name in self.sessions.subscribers(push.user) {
            let device = self.service.world.keys().device(name.key);
            let meant = match push.audience {
                Audience::All => true,
                Audience::One(one) => device == one,
                Audience::AllBut(one) => device != one,
            };
            // Another session of the device may have logged out meanwhile.
            if self.service.world.keys().user(name.key) != Some(push.user) {
                self.sessions.subscribe(name, None);
                continue;
            }
            if !meant || push.skip == Some(name) {
                continue;
            }
            let layer = self.layer_of(name);
            let counters = &mut self.counters;
            let body = written.entry(layer).or_insert_with(|| {
                let body = write_update(layer, &push.body);
                if let Err(error) = &body {
                    counters.unencodable += 1;
                    tracing::warn!(layer, %error, "update cannot be written");
                }
                body.ok()
            });
            if let (Some(body), Some(session)) = (body, self.sessions.get_mut(name)) {
                session.server.push_update(body, at);
                self.drive(name, at);
            }
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
