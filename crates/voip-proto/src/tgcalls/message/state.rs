//! MediaState: what a side sends at the moment.

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

/// What the sender sends at the moment. For information: its sound is played whatever this says. Keys that are missing
/// mean what the default says; all six are always written, since some peers read one while they handle another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MediaState {
    /// The microphone is off.
    pub muted: bool,
    /// The battery is low.
    pub low_battery: bool,
    /// The camera.
    pub video_state: VideoState,
    /// How the camera is held: 0, 90, 180 or 270 degrees.
    pub video_rotation: u16,
    /// The screen.
    pub screencast_state: VideoState,
}

/// State of a picture that may be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum VideoState {
    /// There is none. Also what an unknown word means.
    #[default]
    Inactive,
    /// Held.
    Suspended,
    /// It is being sent.
    Active,
}

impl<'de> Deserialize<'de> for VideoState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "suspended" => Self::Suspended,
            "active" => Self::Active,
            _ => Self::Inactive,
        })
    }
}
