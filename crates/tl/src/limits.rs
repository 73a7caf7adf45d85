//! What a reader may spend on bytes of a stranger.

/// Bounds of one decoding. A claim in the bytes (a vector's length, a string's) never allocates by itself:
/// memory follows the bytes that are there, and these bounds cut what bytes could multiply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many objects, vectors and packed objects may stand inside each other. Default 32: real answers
    /// stay below 12.
    pub depth: u32,
    /// How many values (fields and elements) one decoding may make. Default 1,000,000, about 80 MiB at worst.
    pub items: u32,
    /// To how many bytes `gzip_packed` may unpack, over all of one decoding. Default 10 MiB.
    pub unpacked: usize,
    /// How many times larger than its packed form an object may be, once it is larger than 64 KiB.
    /// Default 512; deflate itself cannot exceed 1032.
    pub ratio: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 32, items: 1_000_000, unpacked: 10 << 20, ratio: 512 }
    }
}
