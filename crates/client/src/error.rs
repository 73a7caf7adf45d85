//! What can go wrong, by operation. Texts follow "failed to …" and say what to do where something can be done.

use std::net::SocketAddr;
use std::time::Duration;

use crate::config::{ConfigError, DcId};
use crate::session::SessionError;

/// An error the server answered a call with. mtproto.md section 3.10.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{name}{} (code {code})", value.map(|value| format!(" [{value}]")).unwrap_or_default())]
pub struct RpcError {
    /// Class of the error: 303 elsewhere, 400 bad request, 401 not logged in, 403 forbidden, 404 not found, 406 not
    /// acceptable, 420 flood, 500 and negative ones internal.
    pub code: i32,
    /// Telegram's name of it, with the number taken out: `FLOOD_WAIT_30` is `FLOOD_WAIT`, `FILE_PART_7_MISSING` is
    /// `FILE_PART_MISSING`.
    pub name: String,
    /// The number in the name.
    pub value: Option<i32>,
}

impl RpcError {
    /// Splits the text of an `rpc_error` into name and number.
    #[must_use]
    pub fn new(code: i32, text: &str) -> Self {
        let text = text.trim();
        // Some errors are sentences or carry an explanation: `METHOD_NAME: detail`. The name is the first word.
        let word = text.split([' ', ':', ',']).next().unwrap_or_default();
        let mut value = None;
        let mut kept: Vec<&str> = Vec::new();
        for token in word.split('_') {
            match token.parse::<i32>() {
                // `2FA_…` has no token that is a number; the last number counts.
                Ok(number) => value = Some(number),
                // A number that does not fit is still a number and not part of the name.
                Err(_) if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) => {
                    value = Some(i32::MAX);
                }
                Err(_) => kept.push(token),
            }
        }
        while kept.last().is_some_and(|token| token.is_empty()) {
            kept.pop();
        }
        Self { code, name: kept.join("_"), value }
    }

    /// Whether the error has this name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// How long the server wants to be left alone: a 420 error with a number. Zero counts as one second, for zero
    /// taken at its word would be a busy loop.
    #[must_use]
    pub fn flood_wait(&self) -> Option<Duration> {
        let seconds = self.value.filter(|_| self.code == 420)?;
        Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0).max(1)))
    }

    /// The data center to ask instead: a 303 error with a number.
    #[must_use]
    pub fn migrate_to(&self) -> Option<DcId> {
        (self.code == 303).then_some(self.value).flatten().map(DcId)
    }

    /// Whether asking again may help: code 500 and above, or below 0.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.code >= 500 || self.code < 0
    }

    /// Whether the server does not have the method: `INPUT_METHOD_INVALID_…`, `METHOD_INVALID`.
    #[must_use]
    pub fn is_unknown_method(&self) -> bool {
        self.name.starts_with("INPUT_METHOD_INVALID") || self.name == "METHOD_INVALID"
    }

    /// Whether the key is not logged in, or no longer: 401, except that a password is asked for.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.code == 401 && self.name != "SESSION_PASSWORD_NEEDED"
    }
}

/// Why there is no connection. The client keeps trying; this is what its last attempt met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// No TCP connection came about.
    #[error(
        "no connection to data center {dc} at {address}: {reason}; check the address, and that the server runs"
    )]
    Unreachable {
        /// Data center that was wanted.
        dc: DcId,
        /// Address tried last.
        address: SocketAddr,
        /// What the system said.
        reason: String,
    },
    /// The connection opened and was lost.
    #[error("data center {dc} at {address} closed the connection: {reason}")]
    Lost {
        /// Data center.
        dc: DcId,
        /// Its address.
        address: SocketAddr,
        /// What was noticed.
        reason: String,
    },
    /// The server has none of the keys given.
    #[error(
        "the server has none of the {given} RSA keys given (it offers {offered}); give the key that this server prints"
    )]
    ServerKey {
        /// How many keys were configured.
        given: usize,
        /// Fingerprints the server offers, in hex.
        offered: String,
    },
    /// The key exchange failed: the other side broke a rule of it, or is no MTProto server.
    #[error(
        "key exchange with data center {dc} failed: {reason}; check that address and server key belong together"
    )]
    Exchange {
        /// Data center.
        dc: DcId,
        /// The rule broken.
        reason: String,
    },
    /// The server refuses the key of this session, and one made anew as well (transport error -404).
    #[error(
        "data center {dc} knows neither the key of this session nor a new one (error -404); it may be misconfigured"
    )]
    KeyRefused {
        /// Data center.
        dc: DcId,
    },
    /// The server wants to be left alone (transport error -429).
    #[error("data center {dc} refuses the connection for now: too many connections (error -429)")]
    TooMany {
        /// Data center.
        dc: DcId,
    },
    /// The server at the address is another data center (transport error -444).
    #[error("the server at {address} is not data center {dc} (error -444); check the number and the address")]
    WrongDc {
        /// Data center that was wanted.
        dc: DcId,
        /// Address asked.
        address: SocketAddr,
    },
    /// No address of this data center is configured.
    #[error("no address of data center {0} is known; add one with `ClientConfig::address`")]
    NoAddress(DcId),
}

impl LinkError {
    /// Whether trying again cannot help without a change of configuration.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::ServerKey { .. } | Self::KeyRefused { .. } | Self::WrongDc { .. } | Self::NoAddress(_)
        )
    }
}

/// Why [`Client::connect`](crate::Client::connect) gave up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The configuration cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The session could not be read or kept.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The server could not be reached, or not talked to.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Nothing decisive happened in time.
    #[error("no answer within {after:?}; check the address, and that the server runs")]
    TimedOut {
        /// [`TimeOuts::connect`](crate::TimeOuts::connect).
        after: Duration,
    },
}

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvokeError {
    /// The server answered with an error.
    #[error("{method}: {error}")]
    Rpc {
        /// Method called.
        method: String,
        /// The server's words.
        #[source]
        error: RpcError,
    },
    /// No answer in time. Whether the server executed the call is not known.
    #[error("{method}: no answer within {after:?}{}", link.as_ref().map(|link| format!("; {link}")).unwrap_or_default())]
    TimedOut {
        /// Method called.
        method: String,
        /// [`TimeOuts::call`](crate::TimeOuts::call), or what the caller gave.
        after: Duration,
        /// Why there is no connection, when there is none.
        link: Option<LinkError>,
    },
    /// The connection is given up for good.
    #[error("{method}: {link}")]
    Link {
        /// Method called.
        method: String,
        /// What happened.
        #[source]
        link: LinkError,
    },
    /// The call is larger than a server takes. It was not sent.
    #[error("{method}: call of {got} bytes is larger than the {most} a server takes; send it in parts")]
    TooLarge {
        /// Method called.
        method: String,
        /// Bytes of the serialized call.
        got: usize,
        /// Most bytes.
        most: usize,
    },
    /// The call cannot be put into bytes: unknown method, missing or wrong field.
    #[error("{method}: call cannot be written: {reason}")]
    Encode {
        /// Method called.
        method: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The answer is not of the type the method promises.
    #[error("{method}: answer cannot be read: {reason}")]
    Decode {
        /// Method called.
        method: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The client was shut down.
    #[error("{method}: the client is shut down")]
    Closed {
        /// Method called.
        method: String,
    },
}

impl InvokeError {
    /// The server's error, when it answered with one.
    #[must_use]
    pub fn rpc(&self) -> Option<&RpcError> {
        match self {
            Self::Rpc { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether the server answered with the error of this name.
    #[must_use]
    pub fn is_rpc(&self, name: &str) -> bool {
        self.rpc().is_some_and(|error| error.is(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_taken_out_of_an_error_name() {
        for (text, name, value) in [
            ("FLOOD_WAIT_30", "FLOOD_WAIT", Some(30)),
            ("FLOOD_PREMIUM_WAIT_5", "FLOOD_PREMIUM_WAIT", Some(5)),
            ("2FA_CONFIRM_WAIT_604800", "2FA_CONFIRM_WAIT", Some(604_800)),
            ("FILE_PART_7_MISSING", "FILE_PART_MISSING", Some(7)),
            ("FILE_REFERENCE_0_EXPIRED", "FILE_REFERENCE_EXPIRED", Some(0)),
            ("PHONE_MIGRATE_4", "PHONE_MIGRATE", Some(4)),
            ("FLOOD_WAIT_", "FLOOD_WAIT", None),
            ("SESSION_PASSWORD_NEEDED", "SESSION_PASSWORD_NEEDED", None),
            ("FLOOD_WAIT_99999999999", "FLOOD_WAIT", Some(i32::MAX)),
            ("Timeout", "Timeout", None),
            ("INPUT_METHOD_INVALID_1234: detail", "INPUT_METHOD_INVALID", Some(1234)),
            ("", "", None),
        ] {
            let error = RpcError::new(400, text);
            assert_eq!((error.name.as_str(), error.value), (name, value), "{text}");
        }
    }

    #[test]
    fn a_flood_wait_of_zero_is_one_second() {
        assert_eq!(RpcError::new(420, "FLOOD_WAIT_0").flood_wait(), Some(Duration::from_secs(1)));
        assert_eq!(RpcError::new(420, "FLOOD_WAIT_30").flood_wait(), Some(Duration::from_secs(30)));
        assert_eq!(RpcError::new(420, "FLOOD_WAIT_-3").flood_wait(), Some(Duration::from_secs(1)));
        assert_eq!(RpcError::new(420, "STORY_SEND_FLOOD").flood_wait(), None);
        assert_eq!(RpcError::new(400, "FLOOD_WAIT_30").flood_wait(), None);
    }

    #[test]
    fn a_missing_password_is_not_a_lost_login() {
        assert!(RpcError::new(401, "AUTH_KEY_UNREGISTERED").is_unauthorized());
        assert!(!RpcError::new(401, "SESSION_PASSWORD_NEEDED").is_unauthorized());
    }

    #[test]
    fn a_migration_names_its_data_center() {
        assert_eq!(RpcError::new(303, "PHONE_MIGRATE_4").migrate_to(), Some(DcId(4)));
        assert_eq!(RpcError::new(400, "PHONE_MIGRATE_4").migrate_to(), None);
    }

    #[test]
    fn errors_read_as_sentences() {
        let error =
            InvokeError::Rpc { method: "auth.signIn".into(), error: RpcError::new(420, "FLOOD_WAIT_30") };
        assert_eq!(error.to_string(), "auth.signIn: FLOOD_WAIT [30] (code 420)");
    }
}
