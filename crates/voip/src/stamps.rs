//! When frames passed by, for measuring mouth-to-ear delay from outside.

/// Seconds of `CLOCK_MONOTONIC` (the clock of Python's `time.monotonic()`) for each frame of 960 samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamps {
    /// When the n-th frame was taken from a source. Frames of one packet are taken together, as late as possible.
    pub sent: Vec<f64>,
    /// When the n-th frame was handed to the output.
    pub got: Vec<f64>,
    /// Frames that came when there was no room for their stamp.
    pub dropped: u64,
}
