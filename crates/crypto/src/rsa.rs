//! RSA as MTProto uses it: keys, fingerprints, PEM, and the two paddings of the key exchange.

mod der;
mod generate;
mod keys;
pub mod pad;
pub mod sha1_block;

pub use keys::{PrivateKey, PublicKey, RsaError};
