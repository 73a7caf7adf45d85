//! Packing of messages: gzip out (12.0.0 and later), gzip or zlib in (every version).

use std::cell::RefCell;
use std::io::Read;

use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::{Compress, Compression, FlushCompress, Status};

/// Most bytes a message may unpack to.
pub const MAX_UNPACKED: usize = 2 << 20;

/// Why a packed message was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnpackError {
    /// Cut or damaged.
    #[error("not a whole gzip or zlib stream")]
    Damaged,
    /// Unpacks to more than [`MAX_UNPACKED`].
    #[error("unpacks to more than {MAX_UNPACKED} bytes")]
    TooLong,
}

thread_local! {
    /// One packer a thread, at the level the other implementations use: its 380 kB are not asked for and given
    /// back with every message, which would leave the heap of a server full of holes.
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new_gzip(Compression::best(), 15));
}

/// The gzip form of a message.
pub fn pack(message: &[u8]) -> Vec<u8> {
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        // Bytes that do not shrink are stored, with five more for each 16 kB at most.
        let mut packed = Vec::with_capacity(message.len() + message.len() / 1024 + 64);
        let done = packer.compress_vec(message, &mut packed, FlushCompress::Finish);
        assert!(matches!(done, Ok(Status::StreamEnd)), "there is room for it all: {done:?}");
        packed
    })
}

/// The message itself: unpacked when its first two bytes say gzip or zlib, else as it came.
///
/// # Errors
/// An [`UnpackError`]; memory stays near [`MAX_UNPACKED`] whatever the input.
pub fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, UnpackError> {
    match bytes[..] {
        [0x1f, 0x8b, ..] => read(GzDecoder::new(&bytes[..])),
        [0x78, 0x9c, ..] => read(ZlibDecoder::new(&bytes[..])),
        _ => Ok(bytes),
    }
}

fn read(decoder: impl Read) -> Result<Vec<u8>, UnpackError> {
    let mut unpacked = Vec::new();
    let mut limited = decoder.take(MAX_UNPACKED as u64 + 1);
    limited.read_to_end(&mut unpacked).map_err(|_| UnpackError::Damaged)?;
    if unpacked.len() > MAX_UNPACKED { Err(UnpackError::TooLong) } else { Ok(unpacked) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::ZlibEncoder;

    use super::*;

    const TEXT: &[u8] = br#"{"@type":"Candidates","candidates":[]}"#;

    #[test]
    fn gzip_zlib_and_plain_text_all_arrive_as_the_text() {
        let packed = pack(TEXT);
        assert_eq!(packed[..3], [0x1f, 0x8b, 8]);
        assert_eq!(unpack(packed).unwrap(), TEXT);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(TEXT).unwrap();
        let zlib = zlib.finish().unwrap();
        assert_eq!(zlib[..2], [0x78, 0x9c]);
        assert_eq!(unpack(zlib).unwrap(), TEXT);
        assert_eq!(unpack(TEXT.to_vec()).unwrap(), TEXT);
        assert_eq!(unpack(Vec::new()).unwrap(), b"");
    }

    #[test]
    fn every_cut_of_a_packed_message_is_an_error() {
        let packed = pack(TEXT);
        for len in 2..packed.len() {
            assert_eq!(unpack(packed[..len].to_vec()), Err(UnpackError::Damaged), "{len}");
        }
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit_and_the_limit_itself_is_not() {
        assert_eq!(unpack(pack(&vec![b' '; MAX_UNPACKED])).unwrap().len(), MAX_UNPACKED);
        let bomb = pack(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 128 << 10, "{}", bomb.len());
        assert_eq!(unpack(bomb), Err(UnpackError::TooLong));
    }
}
