//! Several data centres: each account lives on one, and whoever asks another is told where.
//!
//! Users, messages and codes are shared; keys are not. Order and errors: core.telegram.org/api/datacenter.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{Asker, Service, bad, build::object};
use crate::world::users::{User, UserId};

/// How long an exported authorization can be imported.
const LIFE: Duration = Duration::from_secs(60);
/// Exported authorizations at once; at the bound the oldest is forgotten.
const MOST: usize = 1_000;
const LENGTH: usize = 128;

/// Authorizations on their way to another data centre.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    by_number: BTreeMap<i64, Ticket>,
    next: i64,
}

#[derive(Debug)]
struct Ticket {
    user: UserId,
    to: Option<i32>,
    bytes: TicketBytes,
    until: Instant,
}

/// Whoever shows them is logged in.
struct TicketBytes(Vec<u8>);

impl fmt::Debug for TicketBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketBytes(hidden)")
    }
}

impl Service {
    /// How keys and users name the data centre with this number: `None` when there is none, `Some(None)` the first.
    pub(crate) fn place(&self, dc: i32) -> Option<Option<i32>> {
        if dc == self.config.dc_id {
            return Some(None);
        }
        self.config.others.contains_key(&dc).then_some(Some(dc))
    }

    /// The number clients know a data centre by.
    pub(super) fn number(&self, place: Option<i32>) -> i32 {
        place.unwrap_or(self.config.dc_id)
    }

    /// Where an account lives. A data centre that is there no more leaves its accounts to the first.
    fn home(&self, user: &User) -> Option<i32> {
        user.home.filter(|home| self.config.others.contains_key(home))
    }

    /// Where the account with this id lives.
    pub(super) fn home_of(&self, user: UserId) -> Option<Option<i32>> {
        self.world.users().by_id(user).map(|user| self.home(user))
    }

    /// Whether the account lives on the data centre that this key belongs to.
    pub(crate) fn lives_here(&self, user: UserId, key: i64) -> bool {
        self.home_of(user) == Some(self.world.keys().place(key))
    }

    /// The error for somebody who is at the wrong data centre.
    pub(super) fn elsewhere(&self, asker: &Asker, user: &User, error: &str) -> Result<(), RpcError> {
        let home = self.home(user);
        if home == asker.place {
            return Ok(());
        }
        Err(RpcError::new(303, format!("{error}_MIGRATE_{}", self.number(home))))
    }

    /// What an account may not ask of a data centre that it does not live on: all but files and help.
    pub(super) fn must_migrate(&self, asker: &Asker, method: &str) -> Option<RpcError> {
        let user = asker.user.and_then(|user| self.world.users().by_id(user))?;
        let everywhere = Self::is_public(method) || method.starts_with("upload.");
        if everywhere { None } else { self.elsewhere(asker, user, "USER").err() }
    }

    pub(super) fn auth_export_authorization(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let user = asker.logged_in()?;
        let to = request.int("dc_id").and_then(|dc| self.place(dc)).filter(|to| *to != asker.place);
        let to = to.ok_or_else(|| bad("DC_ID_INVALID"))?;
        let now = asker.now.instant;
        let bytes = self.random_bytes(LENGTH);
        self.exported.by_number.retain(|_, ticket| ticket.until > now);
        if self.exported.by_number.len() >= MOST {
            self.exported.by_number.pop_first();
        }
        self.exported.next += 1;
        let number = self.exported.next;
        let ticket = Ticket { user, to, bytes: TicketBytes(bytes.clone()), until: now + LIFE };
        self.exported.by_number.insert(number, ticket);
        Ok(object("auth.exportedAuthorization").with("id", number).with("bytes", bytes).into())
    }

    pub(super) fn auth_import_authorization(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let invalid = || bad("AUTH_BYTES_INVALID");
        let number = request.long("id").ok_or_else(invalid)?;
        let bytes = request.bytes("bytes").ok_or_else(invalid)?;
        let ticket = self.exported.by_number.get(&number).ok_or_else(invalid)?;
        let right = offhook_crypto::ct::eq(&ticket.bytes.0, bytes);
        if !right || ticket.to != asker.place || ticket.until <= asker.now.instant {
            return Err(invalid());
        }
        let user = ticket.user;
        // Good for one import.
        self.exported.by_number.remove(&number);
        Ok(self.log_in(asker, user))
    }
}
