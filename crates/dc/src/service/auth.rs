//! `auth.*`: from a phone number to a device that speaks for a user.
//!
//! Order and errors: core.telegram.org/api/auth.

use offhook_mtproto::{
    RpcError,
    bind::{self, Binding},
};
use offhook_tl::{Object, Value};

use super::{Asker, Service, bad, build::object, codes::CodeError};
use crate::{
    Phone,
    world::{keys::KeyRecord, users::UserId},
};

/// Longest first and last names, as official clients limit them.
pub(super) const LONGEST_NAME: usize = 64;

impl From<CodeError> for RpcError {
    fn from(error: CodeError) -> Self {
        bad(error.text())
    }
}

impl Service {
    pub(super) fn auth_send_code(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        self.check_application(request)?;
        let phone = phone(request)?;
        if let Some(user) = self.world.users().by_phone(&phone) {
            if user.bot_token.is_some() {
                return Err(bad("PHONE_NUMBER_INVALID"));
            }
            self.elsewhere(asker, user, "PHONE")?;
        }
        Ok(self.sent_code(asker, &phone))
    }

    pub(super) fn auth_resend_code(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let phone = phone(request)?;
        self.codes.check_hash(&phone, hash(request), asker.now.instant)?;
        Ok(self.sent_code(asker, &phone))
    }

    pub(super) fn auth_cancel_code(&mut self, request: &Object) -> Result<Value, RpcError> {
        self.codes.finish(&phone(request)?);
        Ok(Value::Bool(true))
    }

    pub(super) fn auth_sign_in(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let phone = phone(request)?;
        let code = request.str("phone_code").unwrap_or("");
        self.codes.check(&phone, hash(request), code, asker.now.instant)?;
        match self.world.users().by_phone(&phone) {
            Some(user) => {
                self.elsewhere(asker, user, "PHONE")?;
                let user = user.id;
                self.codes.finish(&phone);
                self.first_step_done(asker, user)
            }
            None => Ok(object("auth.authorizationSignUpRequired").into()),
        }
    }

    pub(super) fn auth_import_bot_authorization(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        self.check_application(request)?;
        let token = request.str("bot_auth_token").unwrap_or_default();
        let bot = self.world.users().by_token(token).ok_or_else(|| bad("ACCESS_TOKEN_INVALID"))?;
        self.elsewhere(asker, bot, "USER")?;
        let bot = bot.id;
        Ok(self.log_in(asker, bot))
    }

    /// Any application may log in here, but it must say that it is one.
    pub(super) fn check_application(&self, request: &Object) -> Result<(), RpcError> {
        let named =
            request.int("api_id").unwrap_or(0) > 0 && !request.str("api_hash").unwrap_or("").is_empty();
        if named { Ok(()) } else { Err(bad("API_ID_INVALID")) }
    }

    pub(super) fn has_password(&self, user: UserId) -> bool {
        self.world.users().by_id(user).is_some_and(|user| user.password.is_some())
    }

    /// The device has shown that it may speak for the user, but for the password.
    pub(super) fn first_step_done(&mut self, asker: &Asker, user: UserId) -> Result<Value, RpcError> {
        if self.has_password(user) {
            self.passwords.expect(asker.device, user);
            return Err(RpcError::new(401, "SESSION_PASSWORD_NEEDED"));
        }
        Ok(self.log_in(asker, user))
    }

    pub(super) fn auth_sign_up(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let phone = phone(request)?;
        if !self.codes.is_proved(&phone, hash(request), asker.now.instant)? {
            return Err(bad("PHONE_CODE_INVALID"));
        }
        let first_name = request.str("first_name").unwrap_or("").trim();
        let last_name = request.str("last_name").unwrap_or("").trim();
        if first_name.is_empty() || first_name.chars().count() > LONGEST_NAME {
            return Err(bad("FIRSTNAME_INVALID"));
        }
        if last_name.chars().count() > LONGEST_NAME {
            return Err(bad("LASTNAME_INVALID"));
        }
        if self.world.users().by_phone(&phone).is_some() {
            return Err(bad("PHONE_NUMBER_OCCUPIED"));
        }
        let user = self
            .world
            .add_user(phone.clone(), None, first_name.to_owned(), last_name.to_owned())
            .ok_or_else(|| bad("PHONE_NUMBER_FLOOD"))?;
        if asker.place.is_some() {
            self.world.set_home(user, asker.place);
        }
        self.codes.finish(&phone);
        Ok(self.log_in(asker, user))
    }

    pub(super) fn auth_log_out(&mut self, asker: &Asker) -> Value {
        self.passwords.finish(asker.device);
        self.world.set_key_user(asker.session.key, None);
        object("auth.loggedOut").into()
    }

    pub(super) fn auth_bind_temp_auth_key(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let invalid = || bad("ENCRYPTED_MESSAGE_INVALID");
        let temporary = asker.session.key;
        let binding = Binding {
            nonce: request.long("nonce").ok_or_else(invalid)?,
            temp_auth_key_id: temporary,
            perm_auth_key_id: request.long("perm_auth_key_id").ok_or_else(invalid)?,
            temp_session_id: asker.session.id,
            expires_at: request.int("expires_at").ok_or_else(invalid)?,
        };
        let own = self.world.keys().get(temporary).ok_or_else(invalid)?;
        if own.expires.is_none() {
            return Err(bad("TEMP_AUTH_KEY_EMPTY"));
        }
        if own.bound_to.is_some_and(|bound| bound != binding.perm_auth_key_id) {
            return Err(bad("TEMP_AUTH_KEY_ALREADY_BOUND"));
        }
        let permanent = self.world.keys().get(binding.perm_auth_key_id);
        let here = |it: &&KeyRecord| it.expires.is_none() && it.place == asker.place;
        let permanent = permanent.filter(here).ok_or_else(invalid)?;
        let message = request.bytes("encrypted_message").ok_or_else(invalid)?;
        bind::open(&permanent.key.0, message, &binding, asker.msg_id).map_err(|_| invalid())?;
        self.world.bind_key(temporary, binding.perm_auth_key_id);
        Ok(Value::Bool(true))
    }

    /// Temporary keys of the device that its client will not use any more.
    pub(super) fn auth_drop_temp_auth_keys(&mut self, asker: &Asker, request: &Object) -> Value {
        let kept: Vec<i64> = request
            .vector("except_auth_keys")
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_long)
            .collect();
        let bound = self.world.keys().bound_to(asker.device.0);
        let dropped = bound.filter(|key| *key != asker.session.key && !kept.contains(key));
        self.forgotten.extend(dropped);
        Value::Bool(true)
    }

    fn sent_code(&mut self, asker: &Asker, phone: &Phone) -> Value {
        let (hash, length) = self.codes.issue(phone, asker.now.instant, &mut self.random);
        let length = i32::try_from(length).unwrap_or(0);
        object("auth.sentCode")
            .with("type", object("auth.sentCodeTypeApp").with("length", length))
            .with("phone_code_hash", hash)
            .into()
    }

    pub(super) fn log_in(&mut self, asker: &Asker, user: UserId) -> Value {
        self.passwords.finish(asker.device);
        self.world.set_key_user(asker.session.key, Some(user));
        let shown = self.world.users().by_id(user).map(|found| self.user(user, found));
        object("auth.authorization").with_opt("user", shown).into()
    }
}

fn phone(request: &Object) -> Result<Phone, RpcError> {
    let phone = Phone::new(request.str("phone_number").unwrap_or(""));
    if phone.is_plausible() { Ok(phone) } else { Err(bad("PHONE_NUMBER_INVALID")) }
}

fn hash(request: &Object) -> &str {
    request.str("phone_code_hash").unwrap_or("")
}
