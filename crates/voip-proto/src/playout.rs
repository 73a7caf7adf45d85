//! What to play next.

use std::time::Duration;

/// By how much the time-stretcher should change the length of a frame, at most 20 ms. A wish: it may do less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    /// Play as it is.
    #[default]
    None,
    /// Play it in less time: the buffer is deeper than it has to be.
    Shorten(Duration),
    /// Play it in more time: the buffer is too shallow.
    Lengthen(Duration),
}

/// The next piece of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playout {
    /// Decode the packet in the buffer. `copy`: it is a redundant copy whose encoder may be another than the primary one's.
    Frame {
        /// What the packet holds, read from its Opus header.
        duration: Duration,
        /// How to stretch it.
        stretch: Stretch,
        /// It came as a redundant copy.
        copy: bool,
    },
    /// Decode the packet in the buffer for its in-band redundancy: it gives the frame before it. The packet itself comes
    /// again as the next [`Playout::Frame`].
    Recovered {
        /// The length of the missing frame.
        duration: Duration,
    },
    /// Nothing is there though the peer speaks: extrapolate.
    Conceal {
        /// For how long.
        duration: Duration,
    },
    /// Nothing is there and nothing is expected: fade to silence.
    Silence {
        /// For how long.
        duration: Duration,
    },
}

impl Playout {
    /// How much sound this is, before any stretch.
    pub fn duration(self) -> Duration {
        match self {
            Self::Frame { duration, .. }
            | Self::Recovered { duration }
            | Self::Conceal { duration }
            | Self::Silence { duration } => duration,
        }
    }
}
