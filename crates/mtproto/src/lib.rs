//! MTProto 2.0 without sockets, clocks or threads: both ends of the wire.
//!
//! Three layers, each usable alone; bytes and moments go in, bytes and decisions come out:
//!
//! 1. [`transport`] cuts a TCP stream into packets (abridged, intermediate, padded, full, obfuscated2);
//! 2. [`exchange`] makes an authorization key out of plain messages;
//! 3. [`session`] carries requests, answers and updates inside encrypted packets: ids, sequence numbers,
//!    containers, acknowledgements, salts, compression, repetition after a reconnect.
//!
//! Every object that needs randomness takes a 32-byte seed once; every method that needs time takes a
//! [`Moment`]. The same inputs give the same outputs.
//!
//! A client's loop: `push_request`, then [`session::ClientSession::poll`] until it says
//! [`session::ClientOutput::WaitUntil`]; `Send` goes through the transport; packets from the transport go to
//! `handle_packet`; poll again after each. A server finds the key of a packet with [`packet::key_id`], opens it
//! with [`packet::open`], and hands the message to the [`session::ServerSession`] of its session id.

pub mod bind;
pub mod exchange;
pub mod gzip;
mod ids;
pub mod packet;
pub mod plain;
pub mod rpc;
pub mod session;
pub mod transport;
pub mod wire;

pub use ids::{Moment, MsgId, Salt, SessionId, TimeOffset};
pub use rpc::RpcError;
