//! What can go wrong in the codec, and whose fault it is.

/// Why the codec refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The packet breaks the format: the sender's fault, never fatal.
    #[error("malformed Opus packet: {0}")]
    Packet(#[from] PacketError),
    /// The output buffer cannot hold the result.
    #[error("output buffer too small for the Opus result")]
    BufferTooSmall,
    /// A length or setting outside of what Opus allows.
    #[error("argument outside of what Opus allows: {0}")]
    BadArgument(&'static str),
    /// Frames of different kinds cannot share a packet.
    #[error("Opus packets of different kinds cannot be merged")]
    Unmergeable,
    /// The library could not allocate its state.
    #[error("out of memory for Opus state")]
    OutOfMemory,
    /// An error inside the library.
    #[error("libopus error {0}")]
    Library(i32),
}

/// Why bytes are not an Opus packet (RFC 6716, 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PacketError {
    /// A packet has at least its table-of-contents byte.
    #[error("no bytes at all")]
    Empty,
    /// Lengths inside the packet do not fit the packet.
    #[error("frame lengths do not fit the packet")]
    Lengths,
    /// More than 120 ms, or no frame at all.
    #[error("frame count out of range")]
    FrameCount,
}

impl Error {
    /// Maps a negative libopus return value.
    pub(crate) fn from_code(code: i32) -> Self {
        match code {
            opusic_sys::OPUS_BAD_ARG => Self::BadArgument("rejected by libopus"),
            opusic_sys::OPUS_BUFFER_TOO_SMALL => Self::BufferTooSmall,
            opusic_sys::OPUS_INVALID_PACKET => Self::Packet(PacketError::Lengths),
            opusic_sys::OPUS_ALLOC_FAIL => Self::OutOfMemory,
            other => Self::Library(other),
        }
    }
}

/// The non-negative value of a libopus return code.
pub(crate) fn count(code: i32) -> Result<usize, Error> {
    usize::try_from(code).map_err(|_| Error::from_code(code))
}

/// Success or the error of a libopus return code.
pub(crate) fn check(code: i32) -> Result<(), Error> {
    count(code).map(|_| ())
}

/// A buffer length as libopus takes it; no real buffer is longer.
pub(crate) fn c_len(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(i32::MAX)
}
