//! Values that peers write in more than one way.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A 32-bit number that is written as a decimal string and read from a string or a number.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Number(#[serde(with = "number")] pub(super) u32);

/// For `#[serde(with)]` on a `u32`.
pub(super) mod number {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = u32;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of 32 bits, or a string of its digits")
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<u32, E> {
                value.try_into().map_err(|_| E::custom("the number exceeds 32 bits"))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<u32, E> {
                text.parse().map_err(|_| E::custom("not the digits of a 32-bit number"))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// For `#[serde(with)]` on a list of `u32`.
pub(super) mod numbers {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(values: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| Number(*value)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
        Ok(Vec::<Number>::deserialize(deserializer)?.into_iter().map(|number| number.0).collect())
    }
}

/// For `#[serde(deserialize_with)]` on the parameters of a codec, whose values are strings, in some peers bare numbers.
pub(super) fn parameters<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Scalar {
        Text(String),
        Number(i64),
        Bool(bool),
    }
    let read = BTreeMap::<String, Scalar>::deserialize(from)?.into_iter();
    Ok(read
        .map(|(name, value)| match value {
            Scalar::Text(text) => (name, text),
            Scalar::Number(number) => (name, number.to_string()),
            Scalar::Bool(flag) => (name, u8::from(flag).to_string()),
        })
        .collect())
}
