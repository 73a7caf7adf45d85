//! What is kept of a second-step password: salts and a verifier, never the password.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use offhook_crypto::{dh::Group, srp::Params};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Two-step verification of one account. mtproto.md section 4.2.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredPassword {
    pub salt1: Vec<u8>,
    pub salt2: Vec<u8>,
    pub verifier: Verifier,
    /// What the owner wrote down to remember it by.
    pub hint: String,
}

impl StoredPassword {
    /// What the server keeps of a password it is told itself. Takes about 0.1 s.
    pub(crate) fn make(password: &str, hint: &str, salt1: Vec<u8>, salt2: Vec<u8>) -> Self {
        let group = Group::telegram();
        let params = Params { salt1: &salt1, salt2: &salt2, group: &group };
        let verifier = Verifier(Box::new(params.verifier(password.as_bytes())));
        Self { salt1, salt2, verifier, hint: hint.to_owned() }
    }
}

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredPassword(…)")
    }
}

/// g to the power of the password's hash.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Verifier(pub Box<[u8; 256]>);

impl Serialize for Verifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(*self.0))
    }
}

impl<'de> Deserialize<'de> for Verifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)?;
        let bytes = bytes.try_into().map_err(|_| D::Error::custom("a verifier is 256 bytes"))?;
        Ok(Self(Box::new(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_password_comes_back_and_is_never_shown() {
        let stored = StoredPassword {
            salt1: vec![1; 8],
            salt2: vec![2; 16],
            verifier: Verifier(Box::new([9; 256])),
            hint: "the usual".into(),
        };
        let text = serde_json::to_string(&stored).unwrap();
        assert_eq!(serde_json::from_str::<StoredPassword>(&text).unwrap(), stored);
        assert_eq!(format!("{stored:?}"), "StoredPassword(…)");
        let cut = text.replacen("CQkJ", "", 1);
        assert!(serde_json::from_str::<StoredPassword>(&cut).is_err());
    }
}
