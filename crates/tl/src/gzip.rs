//! `gzip_packed`: packed objects, with a guard against bombs.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::limits::Limits;
use crate::reader::DecodeError;

/// Below this size a high ratio is no attack: a zero page packs a thousandfold.
const RATIO_FREE: usize = 64 << 10;

/// Unpacks the content of a `gzip_packed`.
///
/// # Errors
/// [`DecodeError::TooLarge`] as soon as the limits are passed, [`DecodeError::BadGzip`] for anything that is
/// not one whole gzip member.
pub fn gunzip(packed: &[u8], limits: &Limits) -> Result<Vec<u8>, DecodeError> {
    let by_ratio = packed.len().saturating_mul(limits.ratio).max(RATIO_FREE);
    let most = limits.unpacked.min(by_ratio);
    let mut unpacked = Vec::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = GzDecoder::new(packed).take(bound).read_to_end(&mut unpacked);
    if unpacked.len() > most {
        return Err(DecodeError::TooLarge);
    }
    read.map_err(|_| DecodeError::BadGzip)?;
    Ok(unpacked)
}

/// Packs bytes for a `gzip_packed`.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}
