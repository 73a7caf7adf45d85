//! One request of one session: unwrap, read by the session's layer, ask the service, write in that layer.

use offhook_mtproto::{Moment, MsgId, RpcError};
use offhook_tl::{
    DecodeError, EncodeError, EncodeOptions, Kind, Limits, Object, Schema, Value, decode, encode_type,
};

use super::{
    hub::Hub,
    unwrap::{Unwrapped, unwrap},
};
use crate::service::{Asker, SessionName};

/// Constructor ids exchanged in one request.
const MOST_EXCHANGED: usize = 200;

/// What a temporary key may ask before it is bound.
const UNBOUND: [&str; 3] = ["auth.bindTempAuthKey", "help.getConfig", "help.getNearestDc"];

/// Answers around `Updates` that were `Updates` in older layers.
const WRAPPED_UPDATES: [&str; 2] = ["messages.invitedUsers", "messages.chatInviteJoinResultOk"];

/// What a request is allowed to unpack to; real ones are far smaller.
fn limits() -> Limits {
    Limits { items: 100_000, unpacked: 2 << 20, ..Limits::default() }
}

impl Hub {
    /// Answers a request and tells the session.
    pub(super) fn answer(&mut self, name: SessionName, msg_id: MsgId, body: &[u8], at: Moment) {
        let answer = self.result(name, msg_id, body, at);
        let Some(session) = self.sessions.get_mut(name) else { return };
        session.note_end(msg_id.0, answer.is_ok());
        match answer {
            Ok(result) => {
                self.counters.requests += 1;
                session.server.respond(msg_id, &result, at);
            }
            Err(error) => {
                self.counters.request_errors += 1;
                session.server.respond_error(msg_id, &error, at);
            }
        }
        self.subscribe(name, at);
    }

    fn result(
        &mut self,
        name: SessionName,
        msg_id: MsgId,
        body: &[u8],
        at: Moment,
    ) -> Result<Vec<u8>, RpcError> {
        let request = unwrap(body).map_err(|_| RpcError::new(400, "INPUT_FETCH_ERROR"))?;
        self.note_wrappers(name, &request)?;
        let layer = self.layer_of(name);
        let (object, answer_type) = self.read(layer, &request)?;
        self.service.world.note_use(name.key, at.unix.as_secs() as i64);
        let asker = Asker {
            session: name,
            dc: self.service.world.keys().get(name.key).and_then(|key| key.dc),
            device: self.service.world.keys().device(name.key),
            user: self.service.world.keys().user(name.key),
            place: self.service.world.keys().place(name.key),
            msg_id,
            now: at,
        };
        tracing::debug!(method = object.name(), layer, "request");
        if self.is_unbound(name.key) && !UNBOUND.contains(&object.name()) {
            return Err(RpcError::new(401, "AUTH_KEY_PERM_EMPTY"));
        }
        let result = self.service.handle(&asker, &object).unwrap_or_else(|| Err(self.unknown(request.id)))?;
        write(layer, answer_type, &result).map_err(|error| {
            self.counters.unencodable += 1;
            tracing::warn!(method = object.name(), layer, %error, "answer cannot be written");
            RpcError::new(400, "LAYER_UNSUPPORTED")
        })
    }

    /// Takes over what the wrappers say about the session.
    fn note_wrappers(&mut self, name: SessionName, request: &Unwrapped<'_>) -> Result<(), RpcError> {
        if let Some(layer) = request.layer {
            if layer <= 0 {
                return Err(RpcError::new(400, "CONNECTION_LAYER_INVALID"));
            }
            let layer = layer.min(self.max_layer);
            self.service.world.set_key_layer(name.key, layer);
            if let Some(session) = self.sessions.get_mut(name) {
                session.layer = Some(layer);
            }
        }
        if let Some(program) = &request.program {
            self.service.world.set_program(name.key, program.clone());
        }
        let Some(session) = self.sessions.get_mut(name) else { return Ok(()) };
        session.without_updates |= request.without_updates;
        for after in &request.after {
            // Requests run one at a time in the order of their ids, so one that still runs was sent later: waiting
            // for it would never end.
            if session.server.is_running(MsgId(*after)) {
                return Err(RpcError::new(400, "MSG_WAIT_TIMEOUT"));
            }
            if session.has_failed(*after) {
                return Err(RpcError::new(400, "MSG_WAIT_FAILED"));
            }
        }
        Ok(())
    }

    /// Reads the request by the schema of its layer, or by the newest when that does not know it.
    fn read(&mut self, layer: i32, request: &Unwrapped<'_>) -> Result<(Object, &'static str), RpcError> {
        let schemas = [Schema::api_layer(layer), Schema::api()];
        let known = |schema: &&'static Schema| {
            schema.by_id(request.id).filter(|it| it.kind == Kind::Function).map(|it| (*schema, it.result))
        };
        let Some((schema, answer_type)) = schemas.iter().find_map(known) else {
            return Err(self.unknown(request.id));
        };
        let value = decode_tolerant(schema, &request.body).map_err(|error| {
            tracing::debug!(%error, "request cannot be read");
            RpcError::new(400, "INPUT_FETCH_ERROR")
        })?;
        let object = value.into_object().ok_or_else(|| RpcError::new(400, "INPUT_FETCH_ERROR"))?;
        Ok((object, answer_type))
    }

    /// Whether this is a temporary key that nobody has tied to a permanent one.
    fn is_unbound(&self, key: i64) -> bool {
        self.service.world.keys().get(key).is_some_and(|it| it.expires.is_some() && it.bound_to.is_none())
    }

    fn unknown(&mut self, id: u32) -> RpcError {
        self.counters.unknown_methods += 1;
        RpcError::new(400, format!("INPUT_METHOD_INVALID_{id}"))
    }
}

/// Reads a request. Some clients (Pyrogram and its kin) put an `InputPeer` where an `InputUser` or an `InputChannel`
/// belongs, and Telegram takes it; both have the same fields, so only the constructor id is exchanged.
fn decode_tolerant(schema: &Schema, body: &[u8]) -> Result<Value, DecodeError> {
    let mut error = match decode(schema, body, &limits()) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let mut body = body.to_vec();
    for _ in 0..MOST_EXCHANGED {
        let DecodeError::WrongType { expected, got, at } = &error else { return Err(error) };
        let fitting = match (expected.as_str(), got.as_str()) {
            ("InputUser", "inputPeerUser") => "inputUser",
            ("InputUser", "inputPeerSelf") => "inputUserSelf",
            ("InputChannel", "inputPeerChannel") => "inputChannel",
            _ => return Err(error),
        };
        let place = body.get_mut(*at..*at + 4).zip(schema.constructor(fitting));
        let Some((bytes, definition)) = place else { return Err(error) };
        bytes.copy_from_slice(&definition.id.to_le_bytes());
        match decode(schema, &body, &limits()) {
            Ok(value) => return Ok(value),
            Err(next) => error = next,
        }
    }
    Err(error)
}

/// An answer in a layer.
fn write(layer: i32, answer_type: &str, result: &Value) -> Result<Vec<u8>, EncodeError> {
    // Some answers were bare before they became objects around what they had been.
    let result = match result {
        Value::Object(object) if answer_type.starts_with("Vector<") => object
            .fields()
            .map(|(_, value)| value)
            .find(|value| value.as_vector().is_some())
            .unwrap_or(result),
        Value::Object(object) if answer_type == "Updates" && WRAPPED_UPDATES.contains(&object.name()) => {
            object.get("updates").unwrap_or(result)
        }
        Value::Object(object) if answer_type == "JSONValue" => object.get("config").unwrap_or(result),
        _ => result,
    };
    let mut bytes = Vec::new();
    encode_type(Schema::api_layer(layer), answer_type, result, EncodeOptions::LENIENT, &mut bytes)?;
    Ok(bytes)
}

/// An update in a layer.
pub(super) fn write_update(layer: i32, update: &Value) -> Result<Vec<u8>, EncodeError> {
    write(layer, "Updates", update)
}
