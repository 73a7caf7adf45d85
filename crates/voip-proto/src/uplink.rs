//! The sending side of the sound.

/// What the path would like the encoder to do. It changes about once a second; apply it before the next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncoderHints {
    /// Highest useful bitrate, bits per second: a ceiling over what the profile wants. It keeps datagrams below 1200 bytes,
    /// leaves room for redundant copies under loss, and follows congestion.
    pub max_bitrate: u32,
    /// Loss the encoder should expect, per cent, 0 to 30.
    pub expected_loss: u8,
    /// Use Opus in-band redundancy (FEC).
    pub fec: bool,
}
