//! Static types, written by the test `generated` from the schema files and `schema/static.txt`. Not edited by hand:
//! `OFFHOOK_WRITE_GENERATED=1 cargo test -p offhook-tl --test generated` writes them anew.

#![allow(missing_docs, reason = "fields are named and described by the schema")]
#![allow(clippy::large_enum_variant, reason = "answers are read once and moved on")]
#![allow(clippy::struct_excessive_bools, reason = "flags of the wire")]

pub(crate) mod api;
pub(crate) mod mtproto;
