//! `phone.*`: the signalling of one-to-one calls.
//!
//! The states are in `calls`; here they meet users, devices, reflectors and the chat, in which every ended call leaves a
//! message. Sequence: core.telegram.org/api/end-to-end/voice-calls.

use offhook_mtproto::{Moment, RpcError};
use offhook_tl::{Object, Value};

use super::{Asker, Service, bad, build::object, date, show::short};
use crate::{
    PeerTag,
    calls::{
        Audience, Call, CallError, Device, Discard, EndReason, Moved, NewCall, Notice, Phase, Protocol,
        Relayed, Role, Show,
    },
    reflector::relay::Lifetime,
    world::{Happened, Sending, mailbox::Body, users::UserId},
};

/// Longest piece of signalling passed on; those of known clients stay below 16 KiB.
const LONGEST_SIGNAL: usize = 128 << 10;
/// What media engines are told: their defaults, except that there is no relay over TCP.
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
        let moved =
            self.calls.accept(asker.now.instant, peer, (own, asker.device), g_b, &protocol(request)?)?;
        self.show_call(peer.0, &moved.notices, asker.now);
        self.phone_call(peer.0, Role::Callee)
    }

    pub(super) fn phone_confirm_call(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let peer = input_call(request)?;
        let g_a = request.bytes("g_a").unwrap_or(&[]).to_vec();
        let fingerprint = request.long("key_fingerprint").unwrap_or(0);
        let protocol = protocol(request)?;
        let relays = self.draw_relays();
        let mut allotted = false;
        let moved = self.calls.confirm(
            (asker.now.instant, asker.date()),
            peer,
            (own, asker.device),
            (g_a, fingerprint),
            &protocol,
            || {
                allotted = true;
                relays
            },
        )?;
        if allotted {
            self.open_relays(peer.0);
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
        Ok(self.updates_with(own, Vec::new(), [], asker.date()))
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
        let (_, user, device) = self.calls.partner(peer, (own, asker.device))?;
        let update = object("updatePhoneCallSignalingData").with("phone_call_id", peer.0).with("data", data);
        self.push(user, Audience::One(device), None, short(update, asker.date()));
        Ok(Value::Bool(true))
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

    /// What follows the end of a call: everybody is told, its tags are void, and both chats get a message.
    fn finish_call(&mut self, id: i64, moved: &Moved, now: Moment, asker: Option<&Asker>) -> Vec<Happened> {
        self.show_call(id, &moved.notices, now);
        let Some(call) = self.calls.find(id).cloned() else { return Vec::new() };
        for relay in &call.relays {
            if let Some(reflector) = self.reflectors.get(relay.reflector) {
                reflector.remove(relay.tags[0]);
            }
        }
        let Phase::Ended { reason, duration } = call.phase else { return Vec::new() };
        let body = Body::Call { id, video: call.video, reason, duration };
        let [from, to] = call.users;
        let sending = Sending { from, to, date: date(now), body, random_id: None, reply_to: None };
        let happened = self.world.send(sending);
        self.push_happened(&happened, asker.map(|asker| asker.session), date(now));
        happened
    }

    /// Tags and ids for a call on every reflector, the reflector to begin with drawn by lot.
    fn draw_relays(&mut self) -> Vec<Relayed> {
        let count = self.reflectors.len();
        let first = self.random_long().unsigned_abs() as usize % count.max(1);
        let mut ids = Vec::new();
        (0..count)
            .map(|turn| {
                let id = loop {
                    let id = self.random_long();
                    if id != 0 && !ids.contains(&id) {
                        break id;
                    }
                };
                ids.push(id);
                Relayed { id, reflector: (first + turn) % count, tags: [self.draw_tag(), self.draw_tag()] }
            })
            .collect()
    }

    fn draw_tag(&mut self) -> PeerTag {
        let mut tag = [0; 16];
        tag.copy_from_slice(&self.random_bytes(16));
        PeerTag(tag)
    }

    fn open_relays(&mut self, id: i64) {
        let Some(call) = self.calls.find(id) else { return };
        for relay in &call.relays {
            let Some(reflector) = self.reflectors.get(relay.reflector) else { continue };
            let [caller, callee] = relay.tags;
            // 128 random bits do not collide; if they did, the call would use its other reflectors.
            if reflector.add(caller, callee, Lifetime::WhileUsed).is_err() {
                tracing::warn!("tag drawn twice");
            }
        }
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
