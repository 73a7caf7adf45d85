//! The primitive forms of the wire, written.

/// The longest `string` or `bytes` whose length the form with three length bytes can say.
pub(crate) const MAX_BYTES: usize = (1 << 24) - 1;

/// Writes `string` or `bytes`: a length of one byte below 254, else `fe` and three bytes; then the content,
/// then zeros up to a multiple of four. `content` is no longer than [`MAX_BYTES`].
pub(crate) fn bytes(content: &[u8], out: &mut Vec<u8>) {
    let head = match content.len() {
        short @ 0..254 => {
            out.push(u8::try_from(short).unwrap_or_default());
            1
        }
        long => {
            let [a, b, c, ..] = long.to_le_bytes();
            out.extend_from_slice(&[0xfe, a, b, c]);
            4
        }
    };
    out.extend_from_slice(content);
    let padding = (head + content.len()).wrapping_neg() % 4;
    out.extend_from_slice(&[0; 3][..padding]);
}

/// Writes a little-endian word: an id, a flag word, a count.
pub(crate) fn word(word: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&word.to_le_bytes());
}

/// Writes the number of elements of a vector.
pub(crate) fn count(count: usize, out: &mut Vec<u8>) {
    // No vector in memory comes near 2^31 elements of 4 bytes in a packet of 16 MiB.
    word(u32::try_from(count).unwrap_or(u32::MAX), out);
}
