//! `gzip_packed`: packed objects, with a guard against bombs.

use std::cell::RefCell;
use std::io::Read;

use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::{Compress, Compression, FlushCompress, Status};

use crate::limits::Limits;
use crate::reader::DecodeError;

/// Below this size a high ratio is no attack: a zero page packs a thousandfold.
const RATIO_FREE: usize = 64 << 10;
/// First byte of a zlib stream with the usual window of 32 kB (RFC 1950).
const ZLIB: u8 = 0x78;

/// Unpacks the content of a `gzip_packed`.
///
/// # Errors
/// [`DecodeError::TooLarge`] as soon as the limits are passed, [`DecodeError::BadGzip`] for anything that is
/// not one whole gzip member or zlib stream. Both are read because TDLib packs its requests as zlib.
pub fn gunzip(packed: &[u8], limits: &Limits) -> Result<Vec<u8>, DecodeError> {
    let by_ratio = packed.len().saturating_mul(limits.ratio).max(RATIO_FREE);
    let most = limits.unpacked.min(by_ratio);
    let mut unpacked = Vec::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = if packed.first() == Some(&ZLIB) {
        ZlibDecoder::new(packed).take(bound).read_to_end(&mut unpacked)
    } else {
        GzDecoder::new(packed).take(bound).read_to_end(&mut unpacked)
    };
    if unpacked.len() > most {
        return Err(DecodeError::TooLarge);
    }
    read.map_err(|_| DecodeError::BadGzip)?;
    Ok(unpacked)
}

thread_local! {
    /// One packer a thread: its 380 kB are not asked for and given back with every message, which would leave
    /// the heap of a server full of holes.
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new_gzip(Compression::default(), 15));
}

/// Packs bytes for a `gzip_packed`.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        // Bytes that do not shrink are stored, with five more for each 16 kB at most.
        let mut packed = Vec::with_capacity(bytes.len() + bytes.len() / 1024 + 64);
        let done = packer.compress_vec(bytes, &mut packed, FlushCompress::Finish);
        assert!(matches!(done, Ok(Status::StreamEnd)), "there is room for it all: {done:?}");
        packed
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn packed_bytes_come_back_whatever_their_size_one_after_another() {
        for len in [0, 1, 100, 4_000, 200_000, 3_000_000] {
            let noise: Vec<u8> =
                (0..len).map(|i: u64| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
            for bytes in [noise, vec![7; usize::try_from(len).unwrap()]] {
                let packed = gzip(&bytes);
                assert_eq!(packed[..3], [0x1f, 0x8b, 8]);
                assert_eq!(gunzip(&packed, &Limits { ratio: 2_000, ..Limits::default() }), Ok(bytes));
            }
        }
    }

    #[test]
    fn a_zlib_stream_is_read_too_and_its_cuts_are_not() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&[5; 1000]).unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(gunzip(&packed, &Limits::default()), Ok(vec![5; 1000]));
        for len in 0..packed.len() {
            assert_eq!(gunzip(&packed[..len], &Limits::default()), Err(DecodeError::BadGzip), "{len}");
        }
    }
}
