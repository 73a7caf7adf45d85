//! `gzip_packed#3072cfa1`: compressed bodies.

use crate::wire::{Reader, Writer, id};
use offhook_tl::{DecodeError, Limits};

/// Most bytes an object may unpack to, 10 MiB.
pub const MAX_UNPACKED: usize = 10 << 20;

/// Why a packed object was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GzipError {
    /// Cut, not gzip, or damaged.
    #[error("not a whole gzip member")]
    Damaged,
    /// Unpacks to more than [`MAX_UNPACKED`].
    #[error("unpacks to more than {MAX_UNPACKED} bytes")]
    TooLong,
}

/// The packed form of `body` when it is shorter.
pub fn pack(body: &[u8]) -> Option<Vec<u8>> {
    let packed = offhook_tl::gzip(body);
    if packed.len() + 8 >= body.len() || packed.len() >= 1 << 24 {
        return None;
    }
    Some(Writer::boxed(id::GZIP_PACKED).bytes(&packed).done())
}

/// True when a boxed object is packed.
pub fn is_packed(body: &[u8]) -> bool {
    crate::wire::constructor(body) == Some(id::GZIP_PACKED)
}

/// Unpacks an object for which [`is_packed`] holds.
///
/// # Errors
/// A [`GzipError`]; memory stays below [`MAX_UNPACKED`] whatever the input.
pub fn unpack(body: &[u8]) -> Result<Vec<u8>, GzipError> {
    let mut reader = Reader::new(body);
    let packed = reader.expect(id::GZIP_PACKED).and_then(|()| reader.bytes()).ok_or(GzipError::Damaged)?;
    // The bound itself is guard enough here: long results of zeros are no attack.
    let limits = Limits { unpacked: MAX_UNPACKED, ratio: usize::MAX, ..Limits::default() };
    offhook_tl::gunzip(packed, &limits).map_err(|error| match error {
        DecodeError::TooLarge => GzipError::TooLong,
        _ => GzipError::Damaged,
    })
}

/// `body` unpacked when it is packed, else itself. One level: packed inside packed is refused.
///
/// # Errors
/// A [`GzipError`].
pub fn unpacked(body: &[u8]) -> Result<std::borrow::Cow<'_, [u8]>, GzipError> {
    if !is_packed(body) {
        return Ok(body.into());
    }
    let inner = unpack(body)?;
    if is_packed(&inner) { Err(GzipError::Damaged) } else { Ok(inner.into()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn vector() -> (Vec<u8>, Vec<u8>) {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../tests/data/mtproto.json")).unwrap();
        let field = |name: &str| hex::decode(all["gzip_packed"][name].as_str().unwrap()).unwrap();
        (field("inner"), field("packed_tl"))
    }

    #[test]
    fn the_published_object_unpacks_and_our_packing_of_it_does_too() {
        let (inner, packed) = vector();
        assert_eq!(unpack(&packed), Ok(inner.clone()));
        assert_eq!(unpack(&pack(&inner).unwrap()), Ok(inner.clone()));
        assert_eq!(unpacked(&inner).unwrap(), inner);
        assert_eq!(unpacked(&packed).unwrap(), inner);
    }

    #[test]
    fn bodies_that_do_not_shrink_stay_as_they_are() {
        assert_eq!(pack(b"four"), None);
        let noise: Vec<u8> = (0..2000u32).map(|i| offhook_crypto::hash::sha1(&i.to_le_bytes())[0]).collect();
        assert_eq!(pack(&noise), None);
    }

    #[test]
    fn every_cut_is_an_error() {
        let (_, packed) = vector();
        for len in 0..packed.len() - 1 {
            assert_eq!(unpack(&packed[..len]), Err(GzipError::Damaged), "{len}");
        }
        let mut nested = pack(&[7; 1000]).unwrap();
        nested = Writer::boxed(id::GZIP_PACKED)
            .bytes(&{
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&nested).unwrap();
                encoder.finish().unwrap()
            })
            .done();
        assert_eq!(unpacked(&nested), Err(GzipError::Damaged));
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let block = vec![0; 1 << 20];
        for _ in 0..11 {
            encoder.write_all(&block).unwrap();
        }
        let bomb = Writer::boxed(id::GZIP_PACKED).bytes(&encoder.finish().unwrap()).done();
        assert!(bomb.len() < 20_000);
        assert_eq!(unpack(&bomb), Err(GzipError::TooLong));
    }
}
