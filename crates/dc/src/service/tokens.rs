//! Login by QR code: one device shows a token, another that is logged in accepts it.
//!
//! Order and errors: core.telegram.org/api/qr-login.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{Asker, Service, SessionName, bad, build::Build, build::object, date, show::short};
use crate::{calls::Device, world::users::UserId};

/// How long a token can be accepted.
const LIFE: Duration = Duration::from_secs(30);
/// Devices that show tokens at once; at the bound the one with the lowest key is forgotten.
const MOST: usize = 10_000;
const LENGTH: usize = 32;

/// Tokens shown and not yet used up.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    shown: BTreeMap<Device, Shown>,
}

#[derive(Debug)]
struct Shown {
    token: Vec<u8>,
    until: Instant,
    /// Where the device hears that its token was accepted.
    session: SessionName,
    accepted: Option<UserId>,
}

impl Service {
    pub(super) fn auth_export_login_token(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        self.check_application(request)?;
        let now = asker.now.instant;
        let accepted = self.tokens.shown.get(&asker.device).and_then(|shown| shown.accepted);
        if let Some(user) = accepted {
            // A device at another data centre takes the token there.
            if let Some(home) = self.home_of(user).filter(|home| *home != asker.place)
                && let Some(shown) = self.tokens.shown.get(&asker.device)
            {
                return Ok(object("auth.loginTokenMigrateTo")
                    .with("dc_id", self.number(home))
                    .with("token", shown.token.clone())
                    .into());
            }
            self.tokens.shown.remove(&asker.device);
            let authorization = self.first_step_done(asker, user)?;
            return Ok(object("auth.loginTokenSuccess").with("authorization", authorization).into());
        }
        self.tokens.shown.retain(|_, shown| shown.until > now || shown.accepted.is_some());
        if self.tokens.shown.len() >= MOST {
            self.tokens.shown.pop_first();
        }
        let token = self.random_bytes(LENGTH);
        let shown = Shown { token: token.clone(), until: now + LIFE, session: asker.session, accepted: None };
        self.tokens.shown.insert(asker.device, shown);
        let expires = date(asker.now).saturating_add(LIFE.as_secs() as i32);
        Ok(object("auth.loginToken").with("expires", expires).with("token", token).into())
    }

    /// The last step for a device that had shown its token to another data centre.
    pub(super) fn auth_import_login_token(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let given = request.bytes("token").unwrap_or_default();
        let found = self.tokens.shown.iter().find(|(_, shown)| shown.token == given);
        let (device, user) = found
            .and_then(|(device, shown)| Some((*device, shown.accepted?)))
            .ok_or_else(|| bad("AUTH_TOKEN_INVALID"))?;
        if let Some(user) = self.world.users().by_id(user) {
            self.elsewhere(asker, user, "USER")?;
        }
        self.tokens.shown.remove(&device);
        let authorization = self.first_step_done(asker, user)?;
        Ok(object("auth.loginTokenSuccess").with("authorization", authorization).into())
    }

    pub(super) fn auth_accept_login_token(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let user = asker.logged_in()?;
        let given = request.bytes("token").unwrap_or_default();
        let found = self.tokens.shown.values_mut().find(|shown| shown.token == given);
        let shown = found.ok_or_else(|| bad("AUTH_TOKEN_INVALID"))?;
        if shown.accepted.is_some() {
            return Err(bad("AUTH_TOKEN_ALREADY_ACCEPTED"));
        }
        if shown.until <= asker.now.instant {
            return Err(bad("AUTH_TOKEN_EXPIRED"));
        }
        shown.accepted = Some(user);
        let session = shown.session;
        self.direct.push((session, short(object("updateLoginToken"), asker.date())));
        Ok(object("authorization")
            .with_flag("password_pending", self.has_password(user))
            .with("hash", i64::from_le_bytes(*given.first_chunk().unwrap_or(&[0; 8])))
            .with("device_model", "")
            .with("platform", "")
            .with("system_version", "")
            .with("api_id", 0)
            .with("app_name", "")
            .with("app_version", "")
            .with("date_created", asker.date())
            .with("date_active", asker.date())
            .with("ip", "127.0.0.1")
            .with("country", "")
            .with("region", "")
            .into())
    }
}
