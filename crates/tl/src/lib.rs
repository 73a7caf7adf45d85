//! Type language: schemas of every layer, static types, and values that go to and from bytes and JSON.
//!
//! Two ways to hold the same object:
//!
//! * **Static**: [`types`], [`enums`] and [`functions`] are generated from the newest stored API layer
//!   ([`LAYER`]) and from the MTProto schema for what the project uses. A constructor is a struct in
//!   [`types`] (`phone.phoneCall` is `types::phone::PhoneCall`); a boxed type with several constructors is
//!   an enum in [`enums`] whose variants hold those structs (`User` is `enums::User::{Empty, User}`; the
//!   type's name is cut from the front of the variant's); a type with one constructor is that struct
//!   itself. Methods are structs in [`functions`] (`functions::phone::RequestCall`) and know their answer
//!   ([`Call`]). What the list of generated types leaves out is a [`Value`].
//! * **Dynamic**: a [`Value`] goes to and from bytes by a [`Schema`] chosen at run time ([`decode`],
//!   [`encode`]) and to and from JSON ([`to_json`], [`from_json`]). A server holds one value and writes it
//!   in each session's own layer.
//!
//! Bytes come from strangers: every reader is bounded by [`Limits`] and yields a [`DecodeError`], never a
//! panic and never memory in proportion to a number it was merely told.
//!
//! ```
//! use offhook_tl::{Limits, Object, Schema, Value, decode, encode};
//!
//! let pong = Value::from(Object::new("pong").with("msg_id", 5_i64).with("ping_id", 7_i64));
//! let mut bytes = Vec::new();
//! encode(Schema::mtproto(), &pong, &mut bytes)?;
//! assert_eq!(bytes[..4], 0x3477_73c5_u32.to_le_bytes());
//! assert_eq!(decode(Schema::mtproto(), &bytes, &Limits::default())?, pong);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decode;
mod definition;
mod encode;
mod fixed;
#[rustfmt::skip]
mod generated;
mod gzip;
mod json;
mod layers;
mod limits;
mod parse;
mod reader;
mod schema;
mod secret;
mod value;
mod writer;

pub use decode::{decode, decode_head, decode_prefix, decode_type};
pub use definition::{Definition, Flag, Kind, Parameter, Type};
pub use encode::{EncodeError, EncodeOptions, encode, encode_type, encode_with};
pub use fixed::{Call, Constructor, Deserializable, Serializable};
pub use generated::api::{enums, functions, types};
pub use gzip::{gunzip, gzip};
pub use json::{JsonError, from_json, from_json_type, to_json};
pub use layers::LAYER;
pub use limits::Limits;
pub use parse::SchemaError;
pub use reader::{DecodeError, Reader};
pub use schema::Schema;
pub use secret::is_secret;
pub use value::{Name, Object, Value};

/// The static types of MTProto itself: key exchange and service messages.
///
/// `Object` bodies (of [`mtproto::types::RpcResult`], [`mtproto::types::Message`]) are the bytes of the boxed
/// object.
pub mod mtproto {
    pub use crate::generated::mtproto::{enums, functions, types};
}

/// Constructor ids that the reader itself has to know, because they stand before any type is known.
pub mod ids {
    /// `boolTrue`.
    pub const BOOL_TRUE: u32 = 0x9972_75b5;
    /// `boolFalse`.
    pub const BOOL_FALSE: u32 = 0xbc79_9737;
    /// `vector`: a boxed vector.
    pub const VECTOR: u32 = 0x1cb5_c415;
    /// `gzip_packed`: stands for the object inside it.
    pub const GZIP_PACKED: u32 = 0x3072_cfa1;
    /// `msg_container`.
    pub const MSG_CONTAINER: u32 = 0x73f1_f8dc;
    /// `rpc_result`.
    pub const RPC_RESULT: u32 = 0xf35c_6d01;
    /// `invokeWithLayer`.
    pub const INVOKE_WITH_LAYER: u32 = 0xda9b_0d0d;
}
