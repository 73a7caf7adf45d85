//! NegotiateChannels: which streams a side sends, and how.

use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::scalar::{number, numbers, parameters};
use super::{MessageError, limit};

/// An offer of the streams the sender sends, or the answer to one, told apart by whose `exchange_id` it carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NegotiateChannels {
    /// Ties offer and answer together; another for each offer.
    #[serde(with = "number")]
    pub exchange_id: u32,
    /// One for each stream.
    #[serde(default)]
    pub contents: Vec<Content>,
}

/// One outgoing stream of the side that made the offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediaKind,
    /// The SSRC it is sent under.
    #[serde(with = "number")]
    pub ssrc: u32,
    /// Groups of SSRCs that belong together (retransmission, simulcast).
    #[serde(default)]
    pub ssrc_groups: Vec<SsrcGroup>,
    /// Codecs. None left in an answer = the stream is not wanted.
    #[serde(default)]
    pub payload_types: Vec<PayloadType>,
    /// Header extensions.
    #[serde(default)]
    pub rtp_extensions: Vec<RtpExtension>,
    /// In an answer: RED among the payload types is not only known by name but played. A word of this crate; others list
    /// RED because their library does, and drop it as a packet of nobody's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plays_red: bool,
    /// In an offer: what is lost comes again in later packets, so that there is nothing to ask for. A word of this crate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repairs_itself: bool,
}

/// What a stream carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// Sound.
    Audio,
    /// A picture.
    Video,
    /// Something newer, to be left out of the answer.
    Other(String),
}

impl Serialize for MediaKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Other(word) => word,
        })
    }
}

impl<'de> Deserialize<'de> for MediaKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Ok(match word.as_str() {
            "audio" => Self::Audio,
            "video" => Self::Video,
            _ => Self::Other(word),
        })
    }
}

/// SSRCs that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsrcGroup {
    /// "FID" (a stream and its retransmission) or "SIM" (simulcast).
    pub semantics: String,
    /// The group.
    #[serde(with = "numbers")]
    pub ssrcs: Vec<u32>,
}

/// A codec and its number in RTP.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadType {
    /// The number, 111 for Opus in practice.
    pub id: u8,
    /// "opus".
    pub name: String,
    /// Ticks a second, 48000 for Opus.
    pub clockrate: u32,
    /// Channels of sound. Opus is always written with 2, as its RTP format demands: real peers stay silent without.
    #[serde(default)]
    pub channels: Option<u32>,
    /// Feedback that is understood.
    #[serde(default)]
    pub feedback_types: Vec<FeedbackType>,
    /// Format parameters, in the order of their names.
    #[serde(default, deserialize_with = "parameters")]
    pub parameters: BTreeMap<String, String>,
}

impl PayloadType {
    /// Opus as both sides of this family offer it: number 111, in-band FEC, transport-wide feedback.
    pub fn opus() -> Self {
        let text = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            id: 111,
            name: "opus".into(),
            clockrate: 48_000,
            channels: Some(2),
            feedback_types: vec![FeedbackType { kind: "transport-cc".into(), subtype: String::new() }],
            parameters: [("minptime", "10"), ("useinbandfec", "1")].map(text).into(),
        }
    }

    /// True for Opus at its only clock rate.
    pub fn is_opus(&self) -> bool {
        self.name.eq_ignore_ascii_case("opus") && self.clockrate == 48_000
    }
}

impl Serialize for PayloadType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let channels = if self.is_opus() { Some(2) } else { self.channels };
        let mut fields = serializer.serialize_struct("PayloadType", 5 + usize::from(channels.is_some()))?;
        fields.serialize_field("id", &self.id)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("clockrate", &self.clockrate)?;
        if let Some(channels) = channels {
            fields.serialize_field("channels", &channels)?;
        }
        fields.serialize_field("feedbackTypes", &self.feedback_types)?;
        fields.serialize_field("parameters", &self.parameters)?;
        fields.end()
    }
}

/// A kind of feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackType {
    /// "transport-cc", "nack", …
    #[serde(rename = "type")]
    pub kind: String,
    /// "" or for example "pli".
    #[serde(default)]
    pub subtype: String,
}

/// A header extension and its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RtpExtension {
    /// The number in RTP.
    pub id: u8,
    /// What it is.
    pub uri: String,
}

impl RtpExtension {
    /// Absolute send time.
    pub const ABS_SEND_TIME: &'static str = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    /// Transport-wide sequence numbers.
    pub const TRANSPORT_CC: &'static str =
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
}

impl Content {
    /// One stream of Opus with the extensions every peer knows, 2 and 3.
    pub fn opus(ssrc: u32) -> Self {
        let extension = |(id, uri): (u8, &str)| RtpExtension { id, uri: uri.to_owned() };
        Self {
            kind: MediaKind::Audio,
            ssrc,
            ssrc_groups: Vec::new(),
            payload_types: vec![PayloadType::opus()],
            rtp_extensions: [(2, RtpExtension::ABS_SEND_TIME), (3, RtpExtension::TRANSPORT_CC)]
                .map(extension)
                .into(),
            plays_red: false,
            repairs_itself: false,
        }
    }
}

impl NegotiateChannels {
    pub(super) fn check(&self) -> Result<(), MessageError> {
        limit("contents", self.contents.len())?;
        for content in &self.contents {
            limit("payload types", content.payload_types.len())?;
            limit("extensions", content.rtp_extensions.len())?;
            limit("SSRC groups", content.ssrc_groups.len())?;
            for group in &content.ssrc_groups {
                limit("SSRCs in a group", group.ssrcs.len())?;
            }
            for payload_type in &content.payload_types {
                limit("feedback types", payload_type.feedback_types.len())?;
                limit("parameters", payload_type.parameters.len())?;
            }
        }
        Ok(())
    }
}
