//! The static types by the names of their definitions.

use offhook_tl::{DecodeError, Deserializable, Serializable};

#[rustfmt::skip]
mod table;

pub(crate) use table::{API, MTPROTO};

/// Definitions, then types of several constructors, each with the way through its static type.
pub(crate) type Table<'a> = &'a [(&'static str, fn(&[u8]) -> Result<Vec<u8>, DecodeError>)];

/// Reads bytes as a static type and writes them again.
pub(crate) fn through<T: Deserializable + Serializable>(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    T::from_bytes(bytes).map(|object| object.to_bytes())
}
