//! Library versions: each names an implementation and the framing of its signalling, not a release.

use std::fmt;
use std::str::FromStr;

/// A version of the family that this crate can signal in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// "7.0.0": nothing lost is repeated, so it is understood but not offered.
    V7,
    /// "8.0.0".
    V8,
    /// "9.0.0": as 8.0.0.
    V9,
    /// "12.0.0": as 13.0.0, but not to be handed out because some builds of it number relays differently.
    V12,
    /// "13.0.0": what the apps of 2026 speak.
    V13,
}

/// How messages become packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// One message, one packet, once.
    Raw,
    /// Packets of numbered messages that are acknowledged and repeated.
    Acked,
    /// Packed messages on an SCTP association.
    Sctp,
}

/// The string names no version that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a known version of the tgcalls family")]
pub struct UnknownVersion;

impl Version {
    /// All of them, oldest first.
    pub const ALL: [Self; 5] = [Self::V7, Self::V8, Self::V9, Self::V12, Self::V13];

    /// The string in `library_versions`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V7 => "7.0.0",
            Self::V8 => "8.0.0",
            Self::V9 => "9.0.0",
            Self::V12 => "12.0.0",
            Self::V13 => "13.0.0",
        }
    }

    /// How its messages become packets. "9.0.0" once meant SCTP; since July 2023 it means [`Framing::Acked`], and
    /// [`super::Signalling`] follows a peer that begins with the former.
    pub const fn framing(self) -> Framing {
        match self {
            Self::V7 => Framing::Raw,
            Self::V8 | Self::V9 => Framing::Acked,
            Self::V12 | Self::V13 => Framing::Sctp,
        }
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or(UnknownVersion)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_read_back_from_its_own_string_and_no_other_is() {
        for version in Version::ALL {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        for other in ["", "2.4.4", "5.0.0", "10.0.0", "14.0.0", "13.0", "13.0.0 ", "v9.0.0"] {
            assert_eq!(other.parse::<Version>(), Err(UnknownVersion), "{other}");
        }
    }
}
