//! Login by QR code, both ends. mtproto.md section 4.3.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use offhook_tl::{Object, Value};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{LoginError, SignIn};
use crate::api::{Api, unexpected};
use crate::config::DcId;
use crate::updates::Updates;

const LINK: &str = "tg://login?token=";
/// Shortest and longest time one token is shown, whatever the clocks say.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);

/// What a device shows so that another one lets it in. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct LoginToken(Vec<u8>);

impl LoginToken {
    /// The link to draw as a QR code.
    #[must_use]
    pub fn link(&self) -> String {
        format!("{LINK}{}", BASE64_URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl fmt::Debug for LoginToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginToken(hidden)")
    }
}

impl FromStr for LoginToken {
    type Err = LoginTokenError;

    /// Reads the link of a QR code.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let token = text.trim().strip_prefix(LINK).ok_or(LoginTokenError)?;
        let token =
            BASE64_URL_SAFE_NO_PAD.decode(token.trim_end_matches('=')).map_err(|_| LoginTokenError)?;
        if token.is_empty() { Err(LoginTokenError) } else { Ok(Self(token)) }
    }
}

/// The text is no link of a QR login. Does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no link of a QR login; it begins with {LINK}")]
pub struct LoginTokenError;

impl Api {
    /// Shows token after token until one is accepted.
    pub(crate) async fn qr_login(
        &self,
        mut updates: Updates,
        mut show: impl FnMut(&LoginToken),
    ) -> Result<SignIn, LoginError> {
        const METHOD: &str = "auth.exportLoginToken";
        let config = self.config();
        let call = Object::new(METHOD)
            .with("api_id", config.api_id)
            .with("api_hash", config.api_hash.expose())
            .with("except_ids", Value::Vector(Vec::new()));
        let mut next = call.clone();
        loop {
            let answer = match self.invoke_object(std::mem::replace(&mut next, call.clone())).await {
                Ok(answer) => answer,
                Err(error) if error.is_rpc("SESSION_PASSWORD_NEEDED") => {
                    return self.password_required().await;
                }
                Err(error) => return Err(error.into()),
            };
            match answer.name() {
                "auth.loginTokenSuccess" => {
                    let authorization = answer.object("authorization");
                    let authorization = authorization.ok_or_else(|| unexpected(METHOD, answer.name()))?;
                    return Ok(SignIn::Authorized(self.on_authorized(METHOD, authorization).await?));
                }
                "auth.loginToken" => {
                    let token = answer.bytes("token").ok_or_else(|| unexpected(METHOD, answer.name()))?;
                    show(&LoginToken(token.to_vec()));
                    let left = i64::from(answer.int("expires").unwrap_or(0)) - self.server_time();
                    let left = Duration::from_secs(u64::try_from(left).unwrap_or(0));
                    // Accepted, or too old: both are found out by asking again.
                    let accepted = async {
                        while let Some(update) = updates.next().await {
                            if update.name() == "updateLoginToken" {
                                return;
                            }
                        }
                        std::future::pending().await
                    };
                    let _ = tokio::time::timeout(left.clamp(SHORTEST, LONGEST), accepted).await;
                }
                // Accepted by an account of another data center.
                "auth.loginTokenMigrateTo" => {
                    let fields = answer.int("dc_id").zip(answer.bytes("token"));
                    let (dc, token) = fields.ok_or_else(|| unexpected(METHOD, answer.name()))?;
                    if !self.move_to(DcId(dc)).await {
                        return Err(LoginError::OtherDc(DcId(dc)));
                    }
                    next = Object::new("auth.importLoginToken").with("token", token);
                }
                other => return Err(unexpected(METHOD, other).into()),
            }
        }
    }

    /// Lets the device in that shows the token.
    pub(crate) async fn accept_login(&self, token: &LoginToken) -> Result<(), LoginError> {
        let call = Object::new("auth.acceptLoginToken").with("token", &token.0[..]);
        Ok(self.invoke_object(call).await.map(drop)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_link_is_read_and_written() {
        let link = "tg://login?token=511spkvuUgChBLxVneOnp8kzr5LmrpmPETT5xmMTk-Y";
        let token: LoginToken = format!(" {link}\n").parse().unwrap();
        assert_eq!(token.0[..4], [0xe7, 0x5d, 0x6c, 0xa6]);
        assert_eq!((token.0.len(), token.link().as_str()), (32, link));
        for wrong in ["", "tg://login?token=", "tg://login?token=!", "https://example.org"] {
            assert_eq!(wrong.parse::<LoginToken>(), Err(LoginTokenError), "{wrong}");
        }
    }
}
