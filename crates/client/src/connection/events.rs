//! What the sessions want done, and what they tell.

use std::sync::atomic::Ordering;
use std::time::Instant;

use offhook_mtproto::session::{ClientEvent, ClientOutput, ClientStats, PushError};

use super::calls::{CallFailure, LaneId, Ticket};
use super::lane::LaneKey;
use super::link::Link;
use super::task::{Connection, close_reason};
use crate::error::{LinkError, RpcError};
use crate::updates::results;

impl Connection {
    /// Does all the sessions ask for. Returns when they want to be asked again, or why the link is of no more use.
    pub(super) fn drain(&mut self, link: &mut Link) -> Result<Option<Instant>, LinkError> {
        self.drop_spent_lanes();
        let mut deadline;
        loop {
            let mut busy = false;
            deadline = self.keep_fresh();
            for index in 0..self.lanes.len() {
                loop {
                    let now = self.wiring.clock.now();
                    let lane = &mut self.lanes[index];
                    let id = lane.id;
                    match lane.session.poll(now) {
                        ClientOutput::Send(packet) => {
                            if let Err(error) = link.push(&packet) {
                                return Err(self.lost(link.address(), error.to_string()));
                            }
                        }
                        ClientOutput::Event(event) => self.on_event(id, event, link)?,
                        // The session in use will find out by itself when the link is to blame.
                        ClientOutput::Close(_) if matches!(lane.key, LaneKey::Retired { .. }) => {
                            lane.key = LaneKey::Retired { until: now.instant, ends: now.instant };
                        }
                        ClientOutput::Close(reason) => {
                            return Err(self.lost(link.address(), close_reason(reason)));
                        }
                        ClientOutput::WaitUntil(until) => {
                            let poll =
                                link.poll_length().and_then(|length| lane.session.long_poll(length, now));
                            if let Some(poll) = poll {
                                link.push_poll(lane.session.key().id(), poll);
                            }
                            let stats = lane.session.stats();
                            let over = lane.deadline(now.instant);
                            deadline = [deadline, until, over].into_iter().flatten().min();
                            self.report(id, stats);
                            break;
                        }
                    }
                    busy = true;
                }
            }
            // What one session said may have given another something to do.
            if !busy {
                break;
            }
        }
        if self.lanes.iter().all(|lane| matches!(lane.key, LaneKey::Retired { .. })) {
            return Err(self.lost(link.address(), "the temporary key has ended"));
        }
        Ok(deadline)
    }

    /// Gives the session in use every call that has none.
    pub(super) fn push_calls(&mut self) {
        let unsent = self.calls.unsent();
        let (now, init) = (self.wiring.clock.now(), self.wiring.init.clone());
        let Some(lane) = self.lanes.iter_mut().rfind(|lane| lane.is_open()) else { return };
        for id in unsent {
            let Some(body) = self.calls.body(id) else { continue };
            let wrapped = !lane.initialized;
            let init: &[u8] = if wrapped { &init } else { &[] };
            let body = [init, body].concat();
            let pushed = match self.calls.predecessor(id, lane.id) {
                Some(before) => lane.session.push_request_after(body, before, now),
                None => lane.session.push_request(body, now),
            };
            match pushed {
                Ok(request) => self.calls.sent(id, Ticket { lane: lane.id, request }, wrapped),
                // Cancelled calls fill it; the rest goes when some have ended.
                Err(PushError::Full { .. }) => return,
                Err(error) => self.calls.end(id, Err(CallFailure::Refused(error.to_string()))),
            }
        }
    }

    fn on_event(&mut self, id: LaneId, event: ClientEvent, link: &Link) -> Result<(), LinkError> {
        let Some(lane) = self.lane(id) else { return Ok(()) };
        let permanent = matches!(lane.key, LaneKey::Permanent);
        match event {
            ClientEvent::Result { request, .. } if lane.is_binding(request) => self.on_bound(id),
            ClientEvent::Result { request, body } => {
                let ticket = Ticket { lane: id, request };
                self.note_initialized(ticket);
                let said = self.calls.request_body(ticket).and_then(|call| results::from_result(call, &body));
                if let Some(said) = said {
                    self.wiring.inbox.put(said);
                }
                self.calls.answer(ticket, Ok(body));
                self.push_calls();
            }
            ClientEvent::Failed { request, error } => {
                let error = RpcError::new(error.code, &error.message);
                if lane.is_binding(request) {
                    return Err(self.on_bind_refused(&error, link));
                }
                return self.on_failed(Ticket { lane: id, request }, error, link);
            }
            ClientEvent::Cancelled(_) => self.push_calls(),
            ClientEvent::Update(body) => self.wiring.inbox.push(body),
            ClientEvent::NewSession => self.wiring.inbox.maybe_missed(),
            // Salts belong to keys, and only the permanent one is stored.
            ClientEvent::SaltChanged(salt) if permanent => {
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
            _ => {}
        }
        Ok(())
    }

    fn on_failed(&mut self, ticket: Ticket, error: RpcError, link: &Link) -> Result<(), LinkError> {
        // The server has forgotten the binding: only a new key helps.
        if error.is("AUTH_KEY_PERM_EMPTY") && self.wiring.config.forward_secrecy {
            self.drop_lanes();
            return Err(
                self.lost(link.address(), "the temporary key is not bound any more; making a new one")
            );
        }
        let uninitialized = error.is("CONNECTION_NOT_INITED") || error.is("CONNECTION_LAYER_INVALID");
        if uninitialized {
            if let Some(lane) = self.lane(ticket.lane) {
                lane.initialized = false;
            }
        } else {
            self.note_initialized(ticket);
        }
        if !(uninitialized && self.calls.rewrap(ticket)) {
            self.calls.answer(ticket, Err(CallFailure::Rpc(error)));
        }
        self.push_calls();
        Ok(())
    }

    /// A call inside `initConnection` was understood.
    fn note_initialized(&mut self, ticket: Ticket) {
        let wrapped = self.calls.is_wrapped(ticket);
        if let Some(lane) = self.lane(ticket.lane) {
            lane.initialized |= wrapped;
        }
    }

    /// The server did not bind the key. Only one error says that it does not know the permanent key; all others pass.
    fn on_bind_refused(&mut self, error: &RpcError, link: &Link) -> LinkError {
        self.drop_lanes();
        if error.is("ENCRYPTED_MESSAGE_INVALID") {
            return self.permanent_key_refused(
                link.address(),
                "it cannot open the message that binds a temporary key",
            );
        }
        self.lost(link.address(), format!("the temporary key was not bound: {error}"))
    }

    /// Adds what a session has counted since the last time.
    fn report(&mut self, id: LaneId, now: ClientStats) {
        let Some(lane) = self.lane(id) else { return };
        let before = std::mem::replace(&mut lane.reported, now);
        let counters = &self.wiring.counters;
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
