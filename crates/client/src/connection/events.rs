//! What the session wants done, and what it tells.

use std::sync::atomic::Ordering;
use std::time::Instant;

use offhook_mtproto::session::{ClientEvent, ClientOutput, ClientStats, PushError};

use super::calls::CallFailure;
use super::link::Link;
use super::task::{Connection, close_reason};
use crate::error::RpcError;
use crate::updates::results;

impl Connection {
    /// Does all the session asks for. Returns when it wants to be asked again, or why the link is of no more use.
    pub(super) fn drain(&mut self, link: &mut Link) -> Result<Option<Instant>, String> {
        loop {
            let now = self.wiring.clock.now();
            let Some(session) = &mut self.session else { return Err("the session ended".to_owned()) };
            match session.poll(now) {
                ClientOutput::Send(packet) => {
                    if let Err(error) = link.push(&packet) {
                        return Err(error.to_string());
                    }
                }
                ClientOutput::Event(event) => self.on_event(event),
                ClientOutput::Close(reason) => return Err(close_reason(reason)),
                ClientOutput::WaitUntil(deadline) => {
                    let stats = session.stats();
                    self.report(stats);
                    return Ok(deadline);
                }
            }
        }
    }

    /// Gives the session every call it does not have.
    pub(super) fn push_calls(&mut self) {
        let Some(session) = &mut self.session else { return };
        for id in self.calls.unsent() {
            let Some(body) = self.calls.body(id) else { continue };
            let wrapped = !self.initialized;
            let init: &[u8] = if wrapped { &self.wiring.init } else { &[] };
            let request = session.push_request([init, body].concat(), self.wiring.clock.now());
            match request {
                Ok(request) => self.calls.sent(id, request, wrapped),
                // Cancelled calls fill it; the rest goes when some have ended.
                Err(PushError::Full { .. }) => return,
                Err(error) => self.calls.end(id, Err(CallFailure::Refused(error.to_string()))),
            }
        }
    }

    fn on_event(&mut self, event: ClientEvent) {
        match event {
            ClientEvent::Result { request, body } => {
                self.initialized |= self.calls.is_wrapped(request);
                let said =
                    self.calls.request_body(request).and_then(|call| results::from_result(call, &body));
                if let Some(said) = said {
                    self.wiring.inbox.put(said);
                }
                self.calls.answer(request, Ok(body));
                self.push_calls();
            }
            ClientEvent::Failed { request, error } => {
                let error = RpcError::new(error.code, &error.message);
                let uninitialized = error.is("CONNECTION_NOT_INITED") || error.is("CONNECTION_LAYER_INVALID");
                if uninitialized {
                    self.initialized = false;
                } else {
                    self.initialized |= self.calls.is_wrapped(request);
                }
                if !(uninitialized && self.calls.rewrap(request)) {
                    self.calls.answer(request, Err(CallFailure::Rpc(error)));
                }
                self.push_calls();
            }
            ClientEvent::Cancelled(_) => self.push_calls(),
            ClientEvent::Update(body) => self.wiring.inbox.push(body),
            ClientEvent::NewSession => self.wiring.inbox.maybe_missed(),
            ClientEvent::SaltChanged(salt) => {
                let dc = self.dc;
                self.wiring.vault.change(|data| {
                    if let Some(key) = data.keys.get_mut(&dc) {
                        key.salt = salt.0;
                    }
                });
            }
            ClientEvent::TimeOffsetChanged(offset) => {
                let (dc, offset) = (self.dc, offset.as_secs());
                self.wiring.counters.clock_offset.store(offset, Ordering::Relaxed);
                self.wiring.vault.change(|data| {
                    if let Some(key) = data.keys.get_mut(&dc) {
                        key.time_offset = offset;
                    }
                });
            }
            ClientEvent::SessionReset(session) => tracing::debug!(?session, "session took a new id"),
            ClientEvent::Acked(_) => {}
            _ => {}
        }
    }

    /// Adds what the session has counted since the last time.
    fn report(&mut self, now: ClientStats) {
        let counters = &self.wiring.counters;
        let before = std::mem::replace(&mut self.reported, now);
        counters.resends.add(now.resent - before.resent);
        counters.bad_salts.add(now.bad_salts - before.bad_salts);
        counters.bad_messages.add(now.bad_msgs - before.bad_msgs);
        counters.bad_packets.add((now.bad_msg_ids - before.bad_msg_ids) + (now.malformed - before.malformed));
        counters.pings.add(now.pings - before.pings);
        if let Some(rtt) = now.rtt {
            // Zero means "not measured"; nothing is faster than that.
            let micros = u64::try_from(rtt.as_micros()).unwrap_or(u64::MAX).max(1);
            counters.rtt_micros.store(micros, Ordering::Relaxed);
        }
        let dropped = now.updates_dropped - before.updates_dropped;
        if dropped > 0 {
            counters.inbound_dropped.add(dropped);
            self.wiring.inbox.maybe_missed();
        }
    }
}
