//! `offhook` places, answers, streams and records Telegram voice calls.
//!
//! This crate is the facade: one module for each crate that a user needs.

pub use offhook_client as client;
pub use offhook_dc as dc;
pub use offhook_media as media;
pub use offhook_phone as phone;
pub use offhook_tl as tl;
pub use offhook_voip as voip;
pub use offhook_voip_proto as voip_proto;
