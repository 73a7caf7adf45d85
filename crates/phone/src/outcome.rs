//! How calls end.

use std::fmt;

use offhook_voip::Offer;

/// How a call ended, as its user should understand it. Exactly one per call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Both sides were connected, then somebody hung up.
    Completed,
    /// The called side does not want to talk now. Telegram has one word for "declined" and "busy": it means this one
    /// when it comes after the called side has rung.
    Declined,
    /// The called side is in another call: the refusal came before anything rang there.
    Busy,
    /// It rang, and nobody picked up in time.
    NoAnswer,
    /// No device of the called side has shown the call in time.
    PeerOffline,
    /// This side hung up before the call was established, or the caller did before this side picked up.
    Cancelled,
    /// Another device of the called account has taken the call.
    AnsweredElsewhere,
    /// Picked up, but the two sides never reached each other.
    ConnectFailed,
    /// The call was up, then nothing arrived any more.
    MediaLost,
    /// A check of the key exchange failed, or what arrived was sealed with another key: somebody is in between.
    KeyMismatch,
    /// The two sides speak no common version of calls.
    VersionsDoNotMeet {
        /// What this side offered, best first.
        ours: Vec<String>,
        /// What the server named for the call, as far as it did.
        theirs: Vec<String>,
    },
    /// The called user does not let this account call.
    PrivacyRestricted,
    /// There is no such user any more, or it cannot be called.
    PeerUnknown,
    /// Something else, in words.
    Error(String),
}

impl Outcome {
    /// A stable word for machines, such as `completed` or `no-answer`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Declined => "declined",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::PeerOffline => "peer-offline",
            Self::Cancelled => "cancelled",
            Self::AnsweredElsewhere => "answered-elsewhere",
            Self::ConnectFailed => "connect-failed",
            Self::MediaLost => "media-lost",
            Self::KeyMismatch => "key-mismatch",
            Self::VersionsDoNotMeet { .. } => "versions-do-not-meet",
            Self::PrivacyRestricted => "privacy-restricted",
            Self::PeerUnknown => "peer-unknown",
            Self::Error(_) => "error",
        }
    }

    /// True when the call took place.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        *self == Self::Completed
    }

    /// What an error of Telegram in the middle of a set-up means. Names: libtgvoip.md 1.11.
    pub(crate) fn of_error(name: &str, text: impl fmt::Display, offer: &Offer) -> Self {
        match name {
            "USER_PRIVACY_RESTRICTED" | "USER_IS_BLOCKED" | "YOU_BLOCKED_USER" => Self::PrivacyRestricted,
            "CALL_PROTOCOL_LAYER_INVALID"
            | "CALL_PROTOCOL_COMPAT_LAYER_INVALID"
            | "CALL_PROTOCOL_FLAGS_INVALID"
            | "PARTICIPANT_VERSION_OUTDATED" => Self::versions_do_not_meet(offer),
            "USER_ID_INVALID" | "INPUT_USER_DEACTIVATED" | "PEER_ID_INVALID" => Self::PeerUnknown,
            _ => Self::Error(text.to_string()),
        }
    }

    /// Without the other side's versions: they were not told.
    pub(crate) fn versions_do_not_meet(offer: &Offer) -> Self {
        Self::VersionsDoNotMeet { ours: offer.versions().to_vec(), theirs: Vec::new() }
    }
}

impl fmt::Display for Outcome {
    /// A sentence fragment for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Completed => "the call is over",
            Self::Declined => "the other side declined",
            Self::Busy => "the other side is busy with another call",
            Self::NoAnswer => "it rang, but nobody answered",
            Self::PeerOffline => "the other side is offline: no device of it showed the call",
            Self::Cancelled => "hung up before the call was established",
            Self::AnsweredElsewhere => "another device of this account took the call",
            Self::ConnectFailed => "picked up, but the two sides could not reach each other",
            Self::MediaLost => "the connection was lost during the call",
            Self::KeyMismatch => "the keys do not match: somebody may be listening in",
            Self::VersionsDoNotMeet { ours, theirs } => {
                write!(
                    f,
                    "the two sides speak no common version of calls: we offered {}, ",
                    ours.join(", ")
                )?;
                return match theirs.is_empty() {
                    true => f.write_str("what the other side speaks was not told"),
                    false => write!(f, "the other side speaks {}", theirs.join(", ").escape_debug()),
                };
            }
            Self::PrivacyRestricted => "the other side does not let this account call",
            Self::PeerUnknown => "there is no such user any more",
            Self::Error(text) => text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_telegram_have_outcomes_of_their_own() {
        let offer = Offer::new(["9.0.0"]).unwrap();
        let apart = || Outcome::VersionsDoNotMeet { ours: vec!["9.0.0".into()], theirs: vec![] };
        for (name, outcome) in [
            ("USER_PRIVACY_RESTRICTED", Outcome::PrivacyRestricted),
            ("PARTICIPANT_VERSION_OUTDATED", apart()),
            ("CALL_PROTOCOL_COMPAT_LAYER_INVALID", apart()),
            ("INPUT_USER_DEACTIVATED", Outcome::PeerUnknown),
            ("CALL_OCCUPY_FAILED", Outcome::Error("the text".into())),
        ] {
            assert_eq!(Outcome::of_error(name, "the text", &offer), outcome);
        }
    }

    #[test]
    fn versions_that_do_not_meet_are_named_on_both_sides() {
        let ours = vec!["13.0.0".to_owned(), "2.4.4".to_owned()];
        let apart = |theirs: &[&str]| {
            let theirs = theirs.iter().map(|version| (*version).to_owned()).collect();
            Outcome::VersionsDoNotMeet { ours: ours.clone(), theirs }.to_string()
        };
        let begin = "the two sides speak no common version of calls: we offered 13.0.0, 2.4.4, ";
        assert_eq!(apart(&["18.0.0", "\u{1b}"]), format!("{begin}the other side speaks 18.0.0, \\u{{1b}}"));
        assert_eq!(apart(&[]), format!("{begin}what the other side speaks was not told"));
    }
}
