//! The ways a person names a peer.

use std::fmt;
use std::str::FromStr;

use super::PeerId;
use crate::secret::{PhoneNumber, PhoneNumberError};

/// Who is meant: `@username`, `+phone`, a number, or `me`.
///
/// ```
/// use offhook_client::PeerRef;
///
/// assert_eq!("@alice".parse::<PeerRef>(), Ok(PeerRef::Username("alice".into())));
/// assert_eq!("https://t.me/alice".parse::<PeerRef>(), Ok(PeerRef::Username("alice".into())));
/// assert!("alice".parse::<PeerRef>().unwrap_err().to_string().contains("@alice"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PeerRef {
    /// The account itself: `me` or `self`.
    Me,
    /// A public name, without `@`: `@alice`, `t.me/alice`, `https://t.me/alice`.
    Username(String),
    /// A phone number in international form: `+4915112345678`.
    Phone(PhoneNumber),
    /// A number as the bot API writes it: `12345` a user, `-12345` a basic group, `-100…` a channel. It must be in
    /// the cache: the account has met the peer before.
    Id(PeerId),
}

impl FromStr for PeerRef {
    type Err = PeerRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PeerRefError::Empty);
        }
        if text.eq_ignore_ascii_case("me") || text.eq_ignore_ascii_case("self") {
            return Ok(Self::Me);
        }
        if let Some(name) = text.strip_prefix('@').or_else(|| link_name(text)) {
            return username(name).map(Self::Username);
        }
        if text.starts_with('+') {
            return text.parse().map(Self::Phone).map_err(PeerRefError::Phone);
        }
        if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            let number = text.parse().map_err(|_| PeerRefError::Number(text.to_owned()))?;
            let id = PeerId::from_bot_api(number).ok_or_else(|| PeerRefError::Number(text.to_owned()))?;
            return Ok(Self::Id(id));
        }
        Err(PeerRefError::Form(text.to_owned()))
    }
}

impl fmt::Display for PeerRef {
    /// Hides a phone number, for it ends up in errors and logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Me => f.write_str("me"),
            Self::Username(name) => write!(f, "@{name}"),
            Self::Phone(_) => f.write_str("the phone number given"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

/// Why a text does not name a peer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeerRefError {
    /// Nothing there.
    #[error("no peer given; write @username, +phone, a numeric id, or me")]
    Empty,
    /// `@` and something that cannot be a username.
    #[error(
        "`@{0}` is not a username: it starts with a letter and has up to 32 letters, digits and underscores"
    )]
    Username(String),
    /// `+` and something that cannot be a phone number.
    #[error(transparent)]
    Phone(PhoneNumberError),
    /// Digits that are no peer's number.
    #[error("`{0}` is not a peer id; for a phone number put a + before it")]
    Number(String),
    /// None of the forms.
    #[error("`{0}` is not a peer; for a username write @{0}, else +phone, a numeric id, or me")]
    Form(String),
}

fn link_name(text: &str) -> Option<&str> {
    let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let name = text.strip_prefix("t.me/").or_else(|| text.strip_prefix("telegram.me/"))?;
    Some(name.trim_end_matches('/'))
}

/// Lower bound left open: short names are sold, and a local server may give any.
fn username(name: &str) -> Result<String, PeerRefError> {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let holds = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if starts && holds && name.len() <= 32 {
        Ok(name.to_owned())
    } else {
        Err(PeerRefError::Username(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::PeerKind;

    #[test]
    fn each_form_names_its_peer() {
        let id = |kind, id| PeerRef::Id(PeerId { kind, id });
        for (text, expected) in [
            ("me", PeerRef::Me),
            ("Self", PeerRef::Me),
            ("@alice_1", PeerRef::Username("alice_1".into())),
            ("t.me/alice/", PeerRef::Username("alice".into())),
            ("+1 (234) 567-89", PeerRef::Phone("123456789".parse().unwrap())),
            ("1234", id(PeerKind::User, 1234)),
            ("-1234", id(PeerKind::Chat, 1234)),
            ("-1001234567890", id(PeerKind::Channel, 1_234_567_890)),
        ] {
            assert_eq!(text.parse::<PeerRef>(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_wrong_form_is_answered_with_the_right_one() {
        for (text, expected) in [
            ("", PeerRefError::Empty),
            ("@", PeerRefError::Username(String::new())),
            ("@1abc", PeerRefError::Username("1abc".into())),
            ("@a-b", PeerRefError::Username("a-b".into())),
            ("alice", PeerRefError::Form("alice".into())),
            ("0", PeerRefError::Number("0".into())),
            ("12a", PeerRefError::Number("12a".into())),
            ("+12a", PeerRefError::Phone(PhoneNumberError::Character('a'))),
        ] {
            assert_eq!(text.parse::<PeerRef>(), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_phone_number_is_not_shown() {
        let peer: PeerRef = "+1234567890".parse().unwrap();
        assert!(!format!("{peer} {peer:?}").contains("234567"));
    }
}
