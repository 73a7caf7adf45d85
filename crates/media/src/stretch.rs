//! Time-stretching: a little more or less of the same sound.

/// How the jitter buffer wants its depth changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    /// As it is.
    #[default]
    None,
    /// Play this piece up to 20 ms shorter: the buffer is deeper than it need be.
    Shorten,
    /// Play this piece up to 20 ms longer: the buffer should get deeper.
    Lengthen,
}
