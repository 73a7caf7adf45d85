//! From packets to engine frames, whatever the network did to them.
use std::time::Duration;

use offhook_opus::Error;

use crate::{FRAME_SAMPLES, Level, Stretch};

/// What the jitter buffer has for the next piece of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decode<'a> {
    /// The packet of this piece.
    Frame(&'a [u8]),
    /// This piece is lost, but here is the packet after it, whose in-band copy may cover it. The packet itself comes
    /// again as the next [`Decode::Frame`].
    Fec(&'a [u8]),
    /// This piece is lost.
    Conceal,
    /// The peer sends nothing: muted, or not yet begun.
    Silence,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fed {
    /// Samples now added to what can be pulled.
    pub samples: usize,
    /// Samples by which the piece is longer (or, negative, shorter) than it was coded.
    pub stretched: i32,
    /// The packet could not be decoded; its time was concealed.
    pub damaged: bool,
}

/// Counters of a downlink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DownlinkStats {
    /// Packets decoded.
    pub decoded: u64,
    /// Pieces recovered from a copy in the packet after.
    pub recovered: u64,
    /// Samples invented.
    pub concealed_samples: u64,
    /// Samples of silence because the peer sent nothing.
    pub silent_samples: u64,
    /// Packets that were no Opus.
    pub damaged: u64,
    /// Samples left out by shortening.
    pub shortened_samples: u64,
    /// Samples added by lengthening.
    pub lengthened_samples: u64,
    /// Engine frames pulled while too little was fed.
    pub starved: u64,
}

/// The receiving half of a call's sound. No allocation after construction.
#[derive(Debug)]
pub struct Downlink {
    stats: DownlinkStats,
}

impl Downlink {
    /// Sets the decoder up.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { stats: DownlinkStats::default() })
    }

    /// Decodes, recovers, conceals or is silent for `duration`, stretched as asked. Feed while [`Downlink::is_short`].
    ///
    /// Of a [`Decode::Frame`] the packet's own duration counts; `duration` is what is concealed should it be damaged.
    pub fn feed(&mut self, piece: Decode<'_>, duration: Duration, stretch: Stretch) -> Fed {
        let _ = (piece, duration, stretch);
        todo!()
    }

    /// Samples ready to be pulled.
    #[must_use]
    pub fn buffered(&self) -> usize {
        todo!()
    }

    /// Fewer samples than an engine frame are ready: feed before the next pull.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.buffered() < FRAME_SAMPLES
    }

    /// The next engine frame. What is missing is concealed and counted as starved.
    pub fn pull(&mut self, out: &mut [i16; FRAME_SAMPLES]) -> Level {
        let _ = out;
        todo!()
    }

    /// Counters so far.
    #[must_use]
    pub fn stats(&self) -> DownlinkStats {
        self.stats
    }
}
