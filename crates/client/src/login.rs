//! Logging in and out. mtproto.md section 4.

mod password;
mod qr;
mod steps;

use std::time::Duration;

pub use self::qr::{LoginToken, LoginTokenError};
use crate::config::DcId;
use crate::error::InvokeError;
use crate::peer::Peer;
use crate::secret::{CodeHash, PhoneNumber};

/// A code is on its way to the person. Needed to sign in with it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SentCode {
    pub(crate) phone: PhoneNumber,
    pub(crate) hash: CodeHash,
    /// How the code travels.
    pub way: CodeWay,
    /// Number of characters of the code, when known.
    pub length: Option<u32>,
    /// After this time [`Client::resend_code`](crate::Client::resend_code) may be called.
    pub resend_after: Option<Duration>,
}

/// How a login code travels.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeWay {
    /// A message in the Telegram app of another session.
    App,
    /// A text message.
    Sms,
    /// A voice call that reads it out.
    Call,
    /// A call whose number ends with the code.
    FlashCall,
    /// A call from a number whose last digits are the code.
    MissedCall,
    /// A mail.
    Email,
    /// Another way, by the schema's name of it.
    Other(String),
}

/// What came of signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum SignIn {
    /// Logged in as this user.
    Authorized(Peer),
    /// The number has no account: call [`Client::sign_up`](crate::Client::sign_up).
    SignUpRequired,
    /// The account has a second step: call [`Client::check_password`](crate::Client::check_password).
    PasswordRequired {
        /// What the person wrote down to remember it by.
        hint: Option<String>,
    },
}

/// The second step of an account, as the server tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordState {
    /// Whether the account has a password.
    pub set: bool,
    /// What its owner wrote down to remember it by.
    pub hint: Option<String>,
}

/// Why a login step failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The number is no phone number for Telegram.
    #[error("the phone number is not valid; write it in international form")]
    PhoneInvalid,
    /// The number may not log in.
    #[error("the phone number is banned from Telegram")]
    PhoneBanned,
    /// Too many codes were asked for.
    #[error("too many login codes were asked for with this number; wait some hours")]
    PhoneFlood,
    /// Telegram does not know the `api_id`, or `api_hash` belongs to another.
    #[error("api_id and api_hash do not belong together; take both from my.telegram.org")]
    ApiIdInvalid,
    /// The code is wrong. It may be entered again.
    #[error("the login code is wrong")]
    CodeInvalid,
    /// The code is too old, or was used up.
    #[error("the login code is no longer valid; ask for a new one")]
    CodeExpired,
    /// The bot's token is wrong or has been revoked.
    #[error("the bot's token is not valid; ask BotFather for it")]
    TokenInvalid,
    /// There is no other way to send the code.
    #[error("the login code cannot be sent in another way")]
    NoOtherWay,
    /// The password is wrong.
    #[error("the password is wrong")]
    PasswordInvalid,
    /// The account has a password, and it was not given.
    #[error("the account has a password; give it to change or remove it")]
    PasswordNeeded,
    /// The account has no password, or one of a kind this client does not know.
    #[error("the account's password cannot be checked: {0}")]
    PasswordUnsupported(&'static str),
    /// The name given at sign-up was refused.
    #[error("the first or last name is not valid")]
    NameInvalid,
    /// The account lives on a data center that cannot be used.
    #[error(
        "the account lives on data center {0}, which has no known address or cannot be reached; \
         add it with `ClientConfig::address`"
    )]
    OtherDc(DcId),
    /// Anything else.
    #[error(transparent)]
    Invoke(InvokeError),
}

impl From<InvokeError> for LoginError {
    fn from(error: InvokeError) -> Self {
        match error.rpc().map(|error| error.name.as_str()) {
            Some("PHONE_NUMBER_INVALID") => Self::PhoneInvalid,
            Some("PHONE_NUMBER_BANNED") => Self::PhoneBanned,
            Some("PHONE_NUMBER_FLOOD" | "PHONE_PASSWORD_FLOOD") => Self::PhoneFlood,
            Some("API_ID_INVALID" | "API_ID_PUBLISHED_FLOOD") => Self::ApiIdInvalid,
            Some("PHONE_CODE_INVALID" | "PHONE_CODE_EMPTY") => Self::CodeInvalid,
            Some("PHONE_CODE_EXPIRED" | "PHONE_CODE_HASH_EMPTY") => Self::CodeExpired,
            Some("ACCESS_TOKEN_INVALID" | "ACCESS_TOKEN_EXPIRED") => Self::TokenInvalid,
            Some("SEND_CODE_UNAVAILABLE") => Self::NoOtherWay,
            Some("PASSWORD_HASH_INVALID") => Self::PasswordInvalid,
            Some("FIRSTNAME_INVALID" | "LASTNAME_INVALID") => Self::NameInvalid,
            _ => Self::Invoke(error),
        }
    }
}
