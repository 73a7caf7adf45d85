//! What the two engines tell each other: JSON objects with an `@type`.
//!
//! Unknown keys are ignored. Numbers that other implementations write as strings are accepted as either. What real peers
//! cannot do without is always written: `renomination`, all six keys of a MediaState, the channels of Opus.

mod channels;
mod scalar;
mod setup;
mod state;

use serde::{Deserialize, Serialize};

pub use channels::{
    Content, FeedbackType, MediaKind, NegotiateChannels, PayloadType, RtpExtension, SsrcGroup,
};
pub use setup::{Candidate, Candidates, Fingerprint, InitialSetup, Setup};
pub use state::{MediaState, VideoState};

/// Longest JSON text that is read.
pub const MAX_TEXT: usize = super::gzip::MAX_UNPACKED;
/// Most entries of any list in a message. The busiest peers send some dozens.
pub const MAX_ENTRIES: usize = 256;

/// A message of the signalling.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Message {
    /// How to reach and to trust the other transport.
    InitialSetup(InitialSetup),
    /// An offer of streams, or the answer to one.
    NegotiateChannels(NegotiateChannels),
    /// Addresses to try.
    Candidates(Candidates),
    /// What the other side sends at the moment. Also comes over the media path.
    MediaState(MediaState),
}

/// Why a text is no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// More than [`MAX_TEXT`] bytes.
    #[error("{got} bytes, at most {MAX_TEXT}")]
    TooLong {
        /// Its length.
        got: usize,
    },
    /// Not JSON, no object, without `@type`, or a field is missing or of the wrong type.
    #[error("malformed: {0}")]
    Malformed(String),
    /// A list has more than [`MAX_ENTRIES`] entries.
    #[error("{got} {what}, at most {MAX_ENTRIES}")]
    TooMany {
        /// Which list.
        what: &'static str,
        /// Its length.
        got: usize,
    },
    /// A message of a type this crate does not know; not an error of the peer.
    #[error("unknown message type {0:?}")]
    UnknownType(String),
}

#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "@type")]
    kind: String,
}

#[derive(Serialize)]
struct Tagged<'a, T> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(flatten)]
    body: &'a T,
}

impl Message {
    /// The value of `@type`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::InitialSetup(_) => "InitialSetup",
            Self::NegotiateChannels(_) => "NegotiateChannels",
            Self::Candidates(_) => "Candidates",
            Self::MediaState(_) => "MediaState",
        }
    }

    /// The JSON text.
    pub fn to_json(&self) -> String {
        let kind = self.kind();
        let text = match self {
            Self::InitialSetup(body) => serde_json::to_string(&Tagged { kind, body }),
            Self::NegotiateChannels(body) => serde_json::to_string(&Tagged { kind, body }),
            Self::Candidates(body) => serde_json::to_string(&Tagged { kind, body }),
            Self::MediaState(body) => serde_json::to_string(&Tagged { kind, body }),
        };
        text.expect("strings, numbers and lists are always JSON")
    }

    /// Reads a JSON text.
    ///
    /// # Errors
    /// A [`MessageError`]; [`MessageError::UnknownType`] is the one that is to be expected of newer peers.
    pub fn from_json(text: &[u8]) -> Result<Self, MessageError> {
        if text.len() > MAX_TEXT {
            return Err(MessageError::TooLong { got: text.len() });
        }
        let Typed { kind } = parse(text)?;
        let message = match kind.as_str() {
            "InitialSetup" => Self::InitialSetup(parse(text)?),
            "NegotiateChannels" => Self::NegotiateChannels(parse(text)?),
            "Candidates" => Self::Candidates(parse(text)?),
            "MediaState" => Self::MediaState(parse(text)?),
            _ => return Err(MessageError::UnknownType(kind.chars().take(64).collect())),
        };
        message.check()?;
        Ok(message)
    }

    fn check(&self) -> Result<(), MessageError> {
        match self {
            Self::InitialSetup(setup) if setup.fingerprints.is_empty() => {
                Err(MessageError::Malformed("no fingerprint".into()))
            }
            Self::InitialSetup(setup) => limit("fingerprints", setup.fingerprints.len()),
            Self::NegotiateChannels(channels) => channels.check(),
            Self::Candidates(candidates) => limit("candidates", candidates.candidates.len()),
            Self::MediaState(_) => Ok(()),
        }
    }
}

fn parse<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, MessageError> {
    serde_json::from_slice(text).map_err(|error| MessageError::Malformed(error.to_string()))
}

fn limit(what: &'static str, got: usize) -> Result<(), MessageError> {
    if got > MAX_ENTRIES { Err(MessageError::TooMany { what, got }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
