//! Bytes of the libtgvoip family, parse and write side by side.
//!
//! A datagram to or from a relay is `tag || sealed packet` or a [`reflector`] special. [`seal`] turns a sealed packet into
//! a *block* and back, in place; [`packet`] reads and writes the header of a block; [`init`], [`stream`] and [`extra`] are
//! what may follow. All integers are little-endian. Section numbers are those of the protocol page of this family.
//!
//! Hostile bytes yield a [`WireError`], never a panic; nothing here allocates.

pub mod ack;
pub mod extra;
pub mod init;
pub mod packet;
mod reader;
pub mod reflector;
pub mod seal;
mod seq;
pub mod stream;

pub use seq::Seq;

use reader::Reader;

/// The protocol version we announce (libtgvoip 2.4.4).
pub const VERSION: i32 = 9;
/// The oldest protocol version we speak.
pub const MIN_VERSION: i32 = 3;
/// "OPUS" as a four-character code.
pub const OPUS: u32 = 0x4F50_5553;
/// The largest datagram we send. The peer's receive buffer ends at 1500; tunnels end earlier.
pub const MAX_DATAGRAM: usize = 1200;

/// Why bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The bytes end too early.
    #[error("{got} bytes are left, need {need}")]
    TooShort {
        /// How many there were.
        got: usize,
        /// How many were needed.
        need: usize,
    },
    /// A TL block starts with a constructor that is neither form A nor form B.
    #[error("constructor {id:08x} is unknown")]
    Constructor {
        /// What it starts with.
        id: u32,
    },
    /// A form A block names another call.
    #[error("the packet names another call")]
    WrongCall,
    /// A form A block names another protocol than "GrVP".
    #[error("the packet names protocol {got:08x}")]
    Protocol {
        /// What it names.
        got: u32,
    },
    /// A form A block lacks what every packet must have.
    #[error("the packet has flags {flags:08x}, sequence numbers and mask are missing")]
    Flags {
        /// Its flags.
        flags: u32,
    },
    /// An extra of no length.
    #[error("an extra has length zero")]
    EmptyExtra,
}
