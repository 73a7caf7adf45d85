//! From any rate to 48 kHz.

/// Mono sound of one rate to another.
#[derive(Debug)]
pub struct Resampler {}
