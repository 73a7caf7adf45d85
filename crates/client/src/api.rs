//! Calls by name: objects to bytes and back, and what every answer teaches on the way.
//!
//! Each result is looked at before the caller gets it: peers go to the cache, a lost login to the session. What bears on
//! the order of updates is taken out earlier, by the connection ([`crate::updates::results`]).

use std::sync::Arc;

use offhook_tl::{Limits as DecodeLimits, Object, Schema, Value, decode_type, encode, ids};

use crate::config::{ClientConfig, DcId, Limits};
use crate::error::{InvokeError, RpcError};
use crate::migration::Mover;
use crate::peer;
use crate::rpc::{CallOptions, Rpc};
use crate::stats::Counters;
use crate::updates::inbox::{Inbound, Inbox};
use crate::updates::read;
use crate::updates::results::{constructor_id, is_updates};
use crate::vault::Vault;

/// How often one call follows its account.
const MOST_MOVES: u32 = 3;

/// The account's calls, and what is learned from their answers.
#[derive(Debug)]
pub(crate) struct Api {
    rpc: Arc<Rpc>,
    mover: Mover,
    vault: Arc<Vault>,
    inbox: Arc<Inbox>,
    counters: Arc<Counters>,
    config: Arc<ClientConfig>,
}

impl Api {
    pub(crate) fn new(
        rpc: Rpc,
        vault: Arc<Vault>,
        inbox: Arc<Inbox>,
        counters: Arc<Counters>,
        config: Arc<ClientConfig>,
    ) -> Self {
        let rpc = Arc::new(rpc);
        let mover = Mover::new(rpc.clone(), config.clone(), vault.clone(), inbox.clone());
        Self { rpc, mover, vault, inbox, counters, config }
    }

    pub(crate) fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    pub(crate) fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    pub(crate) fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.config.limits
    }

    pub(crate) fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// Unix time by the server's clock, as well as it is known.
    pub(crate) fn server_time(&self) -> i64 {
        i64::try_from(self.config.clock.now().unix.as_secs()).unwrap_or(i64::MAX)
            + self.counters.snapshot().clock_offset
    }

    pub(crate) fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Sends a boxed function and returns its boxed result, after learning from it.
    pub(crate) async fn invoke_bytes(
        &self,
        method: &str,
        body: Vec<u8>,
        options: CallOptions,
    ) -> Result<Vec<u8>, InvokeError> {
        let result = self.send(method, body, options).await?;
        if carries_peers(method, &result)
            && let Ok(value) = decode_result(method, &result)
        {
            self.learn(&value);
        }
        Ok(result)
    }

    /// Calls a function by name.
    pub(crate) async fn invoke_value(&self, call: Object) -> Result<Value, InvokeError> {
        self.invoke_with(call, CallOptions::default()).await
    }

    /// Calls functions by name so that the server runs each after the one before it.
    pub(crate) async fn invoke_in_order(&self, calls: Vec<Object>) -> Vec<Result<Value, InvokeError>> {
        let _stay = self.mover.stay().await;
        let mut before = None;
        let mut all = Vec::with_capacity(calls.len());
        for call in calls {
            let id = self.rpc.new_id();
            let order = (id, before.replace(id));
            all.push(async move {
                let method = call.name().to_owned();
                let result = self.rpc.call_after(&method, encode_call(call)?, order).await;
                if let Err(error) = &result {
                    self.note_error(&method, error.rpc());
                }
                let value = decode_result(&method, &result?)?;
                self.learn(&value);
                Ok(value)
            });
        }
        // Polled in order, so that they also reach the connection in order.
        futures_util::future::join_all(all).await
    }

    /// Calls a function by name, with bounds of its own.
    pub(crate) async fn invoke_with(&self, call: Object, options: CallOptions) -> Result<Value, InvokeError> {
        let method = call.name().to_owned();
        let body = encode_call(call)?;
        let result = self.send(&method, body, options).await?;
        let value = decode_result(&method, &result)?;
        self.learn(&value);
        Ok(value)
    }

    /// Calls a function whose result is an object.
    pub(crate) async fn invoke_object(&self, call: Object) -> Result<Object, InvokeError> {
        let method = call.name().to_owned();
        self.invoke_value(call).await?.into_object().ok_or_else(|| unexpected(&method, "not an object"))
    }

    async fn send(&self, method: &str, body: Vec<u8>, options: CallOptions) -> Result<Vec<u8>, InvokeError> {
        let mut moves = MOST_MOVES;
        loop {
            let stay = self.mover.stay().await;
            let error = match self.rpc.call(method, &body, options).await {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };
            drop(stay);
            match self.moved_to(&error) {
                Some(dc) if moves > 0 => {
                    moves -= 1;
                    tracing::info!(method, %dc, "the account has moved to another data center");
                    self.mover.follow(dc).await?;
                }
                _ => {
                    self.note_error(method, error.rpc());
                    return Err(error);
                }
            }
        }
    }

    /// Where an account that is logged in lives now, when that is what the error says.
    fn moved_to(&self, error: &InvokeError) -> Option<DcId> {
        let error = error.rpc().filter(|error| error.is("USER_MIGRATE"))?;
        error.migrate_to().filter(|_| self.vault.user().is_some())
    }

    /// A login that the server has ended is forgotten here as well.
    fn note_error(&self, method: &str, error: Option<&RpcError>) {
        if error.is_some_and(RpcError::is_unauthorized) && self.vault.user().is_some() {
            tracing::warn!(method, "the server has ended this login");
            self.forget_login();
        }
    }

    pub(crate) fn forget_login(&self) {
        self.vault.change(|data| {
            data.user = None;
            data.updates = None;
        });
        self.inbox.put(Inbound::Reset);
    }

    /// Takes in the users and chats of an answer.
    fn learn(&self, value: &Value) {
        match value {
            Value::Object(object) => self.learn_peers(object),
            Value::Vector(elements) => {
                self.vault
                    .remember(elements.iter().filter_map(Value::as_object).filter_map(peer::from_object));
            }
            _ => {}
        }
    }

    /// Takes in the `users` and `chats` of an object, and the object itself when it is one of them.
    pub(crate) fn learn_peers(&self, object: &Object) {
        let met = read::objects(object, "users").chain(read::objects(object, "chats")).chain([object]);
        self.vault.remember(met.filter_map(peer::from_object));
    }

    /// Reads a boxed `Updates`.
    pub(crate) fn read_updates(&self, bytes: &[u8]) -> Option<Object> {
        decode_type(Schema::api(), "Updates", bytes, &DecodeLimits::default()).ok()?.into_object()
    }

    /// Moves the connection to another data center and waits until it is there. False when its address is not known
    /// or it cannot be reached.
    pub(crate) async fn move_to(&self, dc: DcId) -> bool {
        self.mover.move_to(dc).await
    }
}

/// An answer of another kind than the schema promises, or than this client can use.
pub(crate) fn unexpected(method: &str, what: &str) -> InvokeError {
    InvokeError::Decode { method: method.to_owned(), reason: format!("unexpected answer: {what}") }
}

pub(crate) fn encode_call(call: Object) -> Result<Vec<u8>, InvokeError> {
    let method = call.name().to_owned();
    if Schema::api().function(&method).is_none() {
        return Err(InvokeError::Encode { reason: "no such method in this layer".to_owned(), method });
    }
    let mut body = Vec::new();
    encode(Schema::api(), &Value::Object(call), &mut body)
        .map_err(|error| InvokeError::Encode { method, reason: error.to_string() })?;
    Ok(body)
}

pub(crate) fn decode_result(method: &str, result: &[u8]) -> Result<Value, InvokeError> {
    let fail = |reason: String| InvokeError::Decode { method: method.to_owned(), reason };
    let schema = Schema::api();
    let function = schema.function(method).ok_or_else(|| fail("no such method in this layer".to_owned()))?;
    let ty = function.result;
    decode_type(schema, ty, result, &DecodeLimits::default()).map_err(|error| fail(error.to_string()))
}

/// Whether a result holds users or chats, told without decoding it.
fn carries_peers(method: &str, result: &[u8]) -> bool {
    let schema = Schema::api();
    match constructor_id(result) {
        Some(ids::VECTOR) => schema
            .function(method)
            .is_some_and(|function| matches!(function.result, "Vector<User>" | "Vector<Chat>")),
        Some(id) => schema.by_id(id).is_some_and(|definition| {
            // Updates are read by the sorter.
            !is_updates(definition.name)
                && (definition.param("users").is_some() || definition.param("chats").is_some())
        }),
        None => false,
    }
}
