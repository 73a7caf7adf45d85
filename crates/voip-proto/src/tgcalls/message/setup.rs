//! InitialSetup and Candidates: how to reach the other side, and how to know it.

use std::fmt;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};

/// Credentials of the transport. The caller sends it at start; the callee answers each one with its own, so an equal one
/// may come again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialSetup {
    /// ICE user name fragment.
    pub ufrag: String,
    /// ICE password. `Debug` hides it.
    pub pwd: String,
    /// Whether the nomination attribute is understood. Missing means no, but it is always written: some peers abort
    /// without it.
    #[serde(default)]
    pub renomination: bool,
    /// The generation of the credentials: 0 at the start of a call, one more with each restart of ICE. `None`: the sender
    /// does not follow restarts. A word of this crate; others neither write nor read it.
    #[serde(rename = "iceGeneration", default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u32>,
    /// Fingerprints of the certificate; never empty, only the first counts.
    pub fingerprints: Vec<Fingerprint>,
}

impl fmt::Debug for InitialSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InitialSetup")
            .field("ufrag", &self.ufrag)
            .field("renomination", &self.renomination)
            .field("generation", &self.generation)
            .field("fingerprints", &self.fingerprints)
            .finish_non_exhaustive()
    }
}

/// Fingerprint of a DTLS certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// "sha-256".
    pub hash: String,
    /// Who begins DTLS.
    pub setup: Setup,
    /// Upper-case hex with colons.
    pub fingerprint: String,
}

/// Who is the DTLS client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setup {
    /// Either: the caller is. What a caller sends, and what any unknown word means.
    Actpass,
    /// The sender is.
    Active,
    /// The receiver is. What a callee sends.
    Passive,
}

impl Serialize for Setup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Actpass => "actpass",
            Self::Active => "active",
            Self::Passive => "passive",
        })
    }
}

impl<'de> Deserialize<'de> for Setup {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "active" => Self::Active,
            "passive" => Self::Passive,
            _ => Self::Actpass,
        })
    }
}

/// Addresses to try, as they are found; may come before the InitialSetup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    /// Usually one. Entries without a line are skipped when read.
    #[serde(deserialize_with = "with_line")]
    pub candidates: Vec<Candidate>,
}

fn with_line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Candidate>, D::Error> {
    #[derive(Deserialize)]
    struct Entry {
        #[serde(rename = "sdpString")]
        line: Option<String>,
    }
    let entries = Vec::<Entry>::deserialize(deserializer)?;
    Ok(entries.into_iter().filter_map(|entry| Some(Candidate { line: entry.line? })).collect())
}

/// One address, as an ICE candidate line ("candidate:…"). Not checked here. `Debug` shows only its type.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The line.
    #[serde(rename = "sdpString")]
    pub line: String,
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = self.line.split_ascii_whitespace().skip_while(|word| *word != "typ").skip(1);
        f.debug_tuple("Candidate").field(&words.next().unwrap_or("?")).finish()
    }
}
