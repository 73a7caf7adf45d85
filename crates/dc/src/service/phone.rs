//! `phone.*`: the signalling of one-to-one calls.
//!
//! The states are in `calls`; here they meet users, devices, relays and the chat, in which every ended call leaves a
//! message. Sequence: core.telegram.org/api/end-to-end/voice-calls.

use offhook_mtproto::{Moment, RpcError};
use offhook_tl::{Object, Value};

use super::{Asker, Push, Reach, Service, bad, build::object, date, show::short, signalling::Signal};
use crate::{
    calls::{
        Answer, Audience, Call, CallError, Device, Discard, EndReason, Moved, NewCall, Notice, Phase,
        Protocol, Role, Show,
    },
    world::{Happened, Sending, mailbox::Body, users::UserId},
};

/// Longest piece of signalling passed on; those of known clients stay below 16 KiB.
const LONGEST_SIGNAL: usize = 128 << 10;
/// What media engines are told: their defaults, except that libtgvoip stays on UDP, as production has been seen to say.
const CALL_CONFIG: &str = r#"{"use_tcp":false,"audio_frame_size":60,"jitter_min_delay_60":2,"jitter_max_delay_60":10,"jitter_max_slots_60":20,"jitter_losses_to_reset":20,"jitter_resync_threshold":0.5,"audio_congestion_window":1024,"audio_max_bitrate":20000,"audio_init_bitrate":16000,"audio_min_bitrate":8000}"#;

impl From<CallError> for RpcError {
    fn from(error: CallError) -> Self {
        Self::new(error.code(), error.text())
    }
}

impl Service {
    pub(super) fn phone_get_call_config() -> Value {
        object("dataJSON").with("data", CALL_CONFIG).into()
    }

    pub(super) fn phone_request_call(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let callee = self.named(own, request.object("user_id"), "USER_ID_INVALID")?;
        if callee == own {
            return Err(bad("USER_ID_INVALID"));
        }
        let new = NewCall {
            id: self.random_long(),
            hashes: [self.random_long(), self.random_long()],
            users: [own, callee],
            device: asker.device,
            random_id: request.int("random_id").unwrap_or(0),
            date: asker.date(),
            video: request.flag("video"),
            g_a_hash: request.bytes("g_a_hash").unwrap_or(&[]).to_vec(),
            protocol: protocol(request)?,
        };
        let fresh = new.id;
        let (id, moved) = self.calls.request(asker.now.instant, new)?;
        self.calls_requested += u64::from(id == fresh);
        let answer = self.phone_call(id, Role::Caller);
        self.signalling.note(id, Role::Caller, asker.session);
        self.show_call(id, &moved.notices, asker.now);
        if id == fresh && self.busy.contains(&callee) {
            let moved = self.calls.end(asker.now.instant, id, EndReason::Busy);
            self.finish_call(id, &moved, asker.now, None);
        }
        answer
    }

    pub(super) fn phone_received_call(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let peer = input_call(request)?;
        let moved = self.calls.received(asker.now.instant, asker.date(), peer, own)?;
        self.show_call(peer.0, &moved.notices, asker.now);
        Ok(Value::Bool(true))
    }

    pub(super) fn phone_accept_call(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let peer = input_call(request)?;
        let g_b = request.bytes("g_b").unwrap_or(&[]).to_vec();
        let theirs = protocol(request)?;
        let moved = self.calls.accept(asker.now.instant, peer, (own, asker.device), g_b.clone(), &theirs)?;
        if let Some(error) = moved.refused {
            self.show_versions(
                peer.0,
                Answer { device: asker.device, g_b, protocol: theirs, ringing: None },
                asker.now,
            );
            self.finish_call(peer.0, &moved, asker.now, None);
            return Err(error.into());
        }
        self.signalling.note(peer.0, Role::Callee, asker.session);
        self.show_call(peer.0, &moved.notices, asker.now);
        self.phone_call(peer.0, Role::Callee)
    }

    pub(super) fn phone_confirm_call(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let peer = input_call(request)?;
        let g_a = request.bytes("g_a").unwrap_or(&[]).to_vec();
        let fingerprint = request.long("key_fingerprint").unwrap_or(0);
        let protocol = protocol(request)?;
        let allotment = self.draw_allotment(asker.now);
        let mut allotted = false;
        let moved = self.calls.confirm(
            (asker.now.instant, asker.date()),
            peer,
            (own, asker.device),
            (g_a, fingerprint),
            &protocol,
            |agreed| {
                allotted = true;
                allotment.of(agreed)
            },
        )?;
        if let Some(error) = moved.refused {
            self.finish_call(peer.0, &moved, asker.now, None);
            return Err(error.into());
        }
        if allotted {
            self.open_allotment(peer.0, asker.now.instant);
        }
        self.show_call(peer.0, &moved.notices, asker.now);
        self.phone_call(peer.0, Role::Caller)
    }

    pub(super) fn phone_discard_call(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let peer = input_call(request)?;
        let wish = Discard { reason: reason(request) };
        let moved = self.calls.discard(asker.now.instant, peer, (own, asker.device), wish)?;
        let happened = match moved {
            Some(moved) => self.finish_call(peer.0, &moved, asker.now, Some(asker)),
            None => Vec::new(),
        };
        let (call, role) = self.calls.seen_by(peer, own)?;
        let update = object("updatePhoneCall").with("phone_call", self.call(call, role));
        Ok(self.updates(own, vec![update], &happened, asker.date()))
    }

    pub(super) fn phone_set_call_rating(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        self.calls.seen_by(input_call(request)?, own)?;
        if !request.int("rating").is_some_and(|rating| (1..=5).contains(&rating)) {
            return Err(bad("RATING_INVALID"));
        }
        Ok(self.updates_with(own, Vec::new(), [own], asker.date()))
    }

    pub(super) fn phone_save_call_debug(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        self.calls.seen_by(input_call(request)?, asker.logged_in()?)?;
        let debug = request.object("debug").and_then(|it| it.str("data")).unwrap_or("");
        if serde_json::from_str::<serde_json::Value>(debug).is_err() {
            return Err(bad("DATA_JSON_INVALID"));
        }
        Ok(Value::Bool(true))
    }

    pub(super) fn phone_send_signaling_data(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let peer = input_call(request)?;
        let data = request.bytes("data").filter(|data| data.len() <= LONGEST_SIGNAL);
        let data = data.ok_or_else(|| bad("DATA_INVALID"))?.to_vec();
        let from = self.calls.partner(peer, (own, asker.device))?.0.other();
        self.signalling.note(peer.0, from, asker.session);
        if let Some(signal) = self.signalling.send(asker.now.instant, peer.0, from, data) {
            self.deliver_signal(signal, asker.now);
        }
        Ok(Value::Bool(true))
    }

    /// Delivers what has come through an impaired path.
    pub(super) fn deliver_signals(&mut self, now: Moment) {
        while let Some(signal) = self.signalling.take_due(now.instant) {
            self.deliver_signal(signal, now);
        }
    }

    fn deliver_signal(&mut self, signal: Signal, now: Moment) {
        let Signal { call: id, to, data } = signal;
        // The call may have ended while this was under way.
        let Some(call) = self.calls.find(id) else { return };
        let Some(device) = call.device(to) else { return };
        let user = call.user(to);
        let update = object("updatePhoneCallSignalingData").with("phone_call_id", id).with("data", data);
        let reach = Reach::Session { device, preferred: self.signalling.session(id, to) };
        self.pushes.push(Push { user, reach, body: short(update, date(now)) });
    }

    /// Ends the calls whose time is over.
    pub(super) fn expire_calls(&mut self, now: Moment) {
        for (id, moved) in self.calls.expire(now.instant) {
            self.finish_call(id, &moved, now, None);
        }
    }

    /// The updates that bring a device of `user` up to date about calls: no other update carries them, so they are
    /// repeated whenever a session comes (back).
    pub(crate) fn calls_for(&self, user: UserId, device: Device, now: Moment) -> Vec<Value> {
        self.calls
            .of(user)
            .filter(|(call, role)| match call.device(*role) {
                Some(owner) => owner == device,
                None => true,
            })
            .map(|(call, role)| self.call_update(call, role, date(now)))
            .collect()
    }

    /// `phone.phoneCall`, the answer of most methods here.
    fn phone_call(&self, id: i64, role: Role) -> Result<Value, RpcError> {
        let call = self.calls.find(id).ok_or(CallError::Peer)?;
        let viewer = call.user(role);
        Ok(object("phone.phoneCall")
            .with("phone_call", self.call(call, role))
            .with("users", self.users(viewer, call.users))
            .into())
    }

    fn call_update(&self, call: &Call, role: Role, date: i32) -> Value {
        let update = object("updatePhoneCall").with("phone_call", self.call(call, role));
        self.updates_with(call.user(role), vec![update.into()], call.users, date)
    }

    /// Shows a call to those whom a move concerns.
    fn show_call(&mut self, id: i64, notices: &[Notice], now: Moment) {
        let Some(call) = self.calls.find(id).cloned() else { return };
        for notice in notices {
            let user = call.user(notice.role);
            let body = match notice.show {
                Show::Call => self.call_update(&call, notice.role, date(now)),
                Show::Gone => {
                    let gone = object("phoneCallDiscarded").with("id", id);
                    short(object("updatePhoneCall").with("phone_call", gone), date(now))
                }
            };
            self.push(user, notice.audience, None, body);
        }
    }

    /// Lets the caller see what the callee answered with, before the call is over because they have no version in common:
    /// no later object tells it. What production does is not known.
    fn show_versions(&mut self, id: i64, answer: Answer, now: Moment) {
        let Some(mut call) = self.calls.find(id).cloned() else { return };
        if call.protocol.shares_version(&answer.protocol) {
            return;
        }
        let protocol = answer.protocol.named();
        call.phase = Phase::Accepted { answer: Answer { protocol, ..answer } };
        let body = self.call_update(&call, Role::Caller, date(now));
        self.push(call.user(Role::Caller), Audience::One(call.caller_device), None, body);
    }

    /// What follows the end of a call: everybody is told, its tags are void, and both chats get a message.
    fn finish_call(&mut self, id: i64, moved: &Moved, now: Moment, asker: Option<&Asker>) -> Vec<Happened> {
        self.show_call(id, &moved.notices, now);
        let Some(call) = self.calls.find(id).cloned() else { return Vec::new() };
        self.signalling.close(id);
        self.close_allotment(&call.allotment);
        let Phase::Ended { reason, duration } = call.phase else { return Vec::new() };
        let body = Body::Call { id, video: call.video, reason, duration };
        let [from, to] = call.users;
        let sending = Sending { from, to: to.into(), date: date(now), body, random_id: None, reply_to: None };
        let happened = self.world.send(sending);
        self.push_happened(&happened, asker.map(|asker| asker.session), date(now));
        happened
    }
}

fn input_call(request: &Object) -> Result<(i64, i64), RpcError> {
    let peer = request.object("peer").ok_or(CallError::Peer)?;
    let field = |name| peer.long(name).ok_or(CallError::Peer);
    Ok((field("id")?, field("access_hash")?))
}

fn protocol(request: &Object) -> Result<Protocol, RpcError> {
    let protocol = request.object("protocol").ok_or(CallError::ProtocolFlags)?;
    let versions = protocol.vector("library_versions").unwrap_or(&[]);
    Ok(Protocol {
        udp_p2p: protocol.flag("udp_p2p"),
        udp_reflector: protocol.flag("udp_reflector"),
        min_layer: protocol.int("min_layer").unwrap_or(0),
        max_layer: protocol.int("max_layer").unwrap_or(0),
        versions: versions.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}

fn reason(request: &Object) -> EndReason {
    match request.object("reason").map(Object::name) {
        Some("phoneCallDiscardReasonMissed") => EndReason::Missed,
        Some("phoneCallDiscardReasonBusy") => EndReason::Busy,
        Some("phoneCallDiscardReasonDisconnect") => EndReason::Disconnect,
        _ => EndReason::Hangup,
    }
}
