//! The steps of a login by phone code.

use offhook_tl::{Object, Value};
use std::time::Duration;

use super::{CodeWay, LoginError, SentCode, SignIn};
use crate::api::{Api, unexpected};
use crate::error::InvokeError;
use crate::peer::{self, Peer};
use crate::secret::{BotToken, CodeHash, LoginCode, PhoneNumber};
use crate::session::SelfUser;
use crate::updates::inbox::Inbound;
use crate::updates::read;

impl Api {
    pub(crate) async fn request_code(&self, phone: &PhoneNumber) -> Result<SentCode, LoginError> {
        let config = self.config();
        let call = Object::new("auth.sendCode")
            .with("phone_number", phone.digits())
            .with("api_id", config.api_id)
            .with("api_hash", config.api_hash.expose())
            .with("settings", Object::new("codeSettings"));
        let sent = match self.invoke_object(call.clone()).await {
            // Each number lives on one data center; ask there, once.
            Err(error) => match error.rpc().and_then(crate::error::RpcError::migrate_to) {
                Some(dc) if self.move_to(dc).await => self.invoke_object(call).await?,
                Some(dc) => return Err(LoginError::OtherDc(dc)),
                None => return Err(error.into()),
            },
            Ok(sent) => sent,
        };
        sent_code(phone, &sent).map_err(LoginError::Invoke)
    }

    pub(crate) async fn resend_code(&self, sent: &SentCode) -> Result<SentCode, LoginError> {
        let call = with_code_hash(Object::new("auth.resendCode"), sent);
        let again = self.invoke_object(call).await?;
        sent_code(&sent.phone, &again).map_err(LoginError::Invoke)
    }

    pub(crate) async fn sign_in(&self, sent: &SentCode, code: &LoginCode) -> Result<SignIn, LoginError> {
        let call = with_code_hash(Object::new("auth.signIn"), sent).with("phone_code", code.expose());
        match self.invoke_object(call).await {
            Ok(answer) if answer.name() == "auth.authorizationSignUpRequired" => Ok(SignIn::SignUpRequired),
            Ok(answer) => Ok(SignIn::Authorized(self.on_authorized("auth.signIn", &answer).await?)),
            Err(error) if error.is_rpc("SESSION_PASSWORD_NEEDED") => self.password_required().await,
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn password_required(&self) -> Result<SignIn, LoginError> {
        Ok(SignIn::PasswordRequired { hint: self.password_state().await?.hint })
    }

    pub(crate) async fn sign_in_bot(&self, token: &BotToken) -> Result<Peer, LoginError> {
        const METHOD: &str = "auth.importBotAuthorization";
        let config = self.config();
        let call = Object::new(METHOD)
            .with("flags", 0)
            .with("api_id", config.api_id)
            .with("api_hash", config.api_hash.expose())
            .with("bot_auth_token", token.expose());
        let answer = match self.invoke_object(call.clone()).await {
            Err(error) => match error.rpc().and_then(crate::error::RpcError::migrate_to) {
                Some(dc) if self.move_to(dc).await => self.invoke_object(call).await?,
                Some(dc) => return Err(LoginError::OtherDc(dc)),
                None => return Err(error.into()),
            },
            Ok(answer) => answer,
        };
        Ok(self.on_authorized(METHOD, &answer).await?)
    }

    pub(crate) async fn sign_up(&self, sent: &SentCode, first: &str, last: &str) -> Result<Peer, LoginError> {
        let call = with_code_hash(Object::new("auth.signUp"), sent)
            .with("first_name", first)
            .with("last_name", last);
        let answer = self.invoke_object(call).await?;
        Ok(self.on_authorized("auth.signUp", &answer).await?)
    }

    /// Notes who is logged in, and from where its updates count.
    pub(super) async fn on_authorized(&self, method: &str, answer: &Object) -> Result<Peer, InvokeError> {
        let user = answer.object("user").and_then(peer::from_object);
        let user = user.ok_or_else(|| unexpected(method, answer.name()))?;
        self.vault().remember([user.clone()]);
        self.inbox().put(Inbound::Reset);
        self.vault().change(|data| {
            data.user = Some(SelfUser { id: user.id, bot: user.bot });
            data.updates = None;
        });
        if let Err(error) = self.begin_updates().await {
            // The login stands all the same; updates begin with the first that comes.
            tracing::warn!(%error, "state of updates not known after the login");
        }
        // A login is worth a moment: it must not be lost with a crash in the next second. The error is counted and
        // logged, and the next save tries again.
        let _ = self.vault().save().await;
        Ok(user)
    }

    /// Takes the server's present state as the start of updates. Also subscribes this session to them.
    pub(crate) async fn begin_updates(&self) -> Result<(), InvokeError> {
        let answer = self.invoke_object(Object::new("updates.getState")).await?;
        let state = read::state(&answer).ok_or_else(|| unexpected("updates.getState", answer.name()))?;
        self.inbox().put(Inbound::State(state));
        Ok(())
    }

    pub(crate) async fn log_out(&self) -> Result<(), InvokeError> {
        match self.invoke_value(Object::new("auth.logOut")).await {
            Ok(_) => {}
            // Already out.
            Err(error) if error.rpc().is_some_and(crate::error::RpcError::is_unauthorized) => {}
            Err(error) => return Err(error),
        }
        self.forget_login();
        let _ = self.vault().save().await;
        Ok(())
    }

    pub(crate) async fn me(&self) -> Result<Peer, InvokeError> {
        const METHOD: &str = "users.getUsers";
        let call = Object::new(METHOD).with("id", vec![Object::new("inputUserSelf")]);
        let answer = self.invoke_value(call).await?;
        let user = answer.as_vector().and_then(|users| users.first()).and_then(Value::as_object);
        let me = user.and_then(peer::from_object).ok_or_else(|| unexpected(METHOD, "no user"))?;
        if self.vault().user().is_none() {
            // A key from elsewhere brought a login with it.
            self.vault().change(|data| data.user = Some(SelfUser { id: me.id, bot: me.bot }));
            if let Err(error) = self.begin_updates().await {
                tracing::warn!(%error, "state of updates not known");
            }
        }
        Ok(me)
    }

    pub(crate) async fn is_authorized(&self) -> Result<bool, InvokeError> {
        match self.me().await {
            Ok(_) => Ok(true),
            Err(error) if error.rpc().is_some_and(|error| error.code == 401) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn with_code_hash(call: Object, sent: &SentCode) -> Object {
    call.with("phone_number", sent.phone.digits()).with("phone_code_hash", sent.hash.expose())
}

fn sent_code(phone: &PhoneNumber, answer: &Object) -> Result<SentCode, InvokeError> {
    let wrong = || unexpected("auth.sendCode", answer.name());
    let hash =
        answer.str("phone_code_hash").filter(|_| answer.name() == "auth.sentCode").ok_or_else(wrong)?;
    let kind = answer.object("type").ok_or_else(wrong)?;
    Ok(SentCode {
        phone: phone.clone(),
        hash: CodeHash::from(hash),
        way: match kind.name().strip_prefix("auth.sentCodeType").unwrap_or(kind.name()) {
            "App" => CodeWay::App,
            "Sms" => CodeWay::Sms,
            "Call" => CodeWay::Call,
            "FlashCall" => CodeWay::FlashCall,
            "MissedCall" => CodeWay::MissedCall,
            "EmailCode" => CodeWay::Email,
            other => CodeWay::Other(other.to_owned()),
        },
        length: kind.int("length").and_then(|length| u32::try_from(length).ok()),
        resend_after: answer
            .int("timeout")
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map(Duration::from_secs),
    })
}
