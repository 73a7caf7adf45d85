//! Redundant audio (RFC 2198, "RED"): earlier frames ride along with the newest one.
//!
//! A payload is a row of headers and then the blocks in the same order, the newest last:
//!
//! ```text
//! earlier:  1 | payload type 7 | timestamp offset 14 | length 10
//! newest:   0 | payload type 7
//! ```

/// How far back a block can lie, in ticks of the stream's clock: 341 ms at 48 kHz.
pub(super) const MAX_OFFSET: u32 = (1 << 14) - 1;
/// The longest earlier block.
pub(super) const MAX_BLOCK: usize = (1 << 10) - 1;
/// Earlier blocks that are read; no sender has use for more.
const MAX_BLOCKS: usize = 8;
const MORE: u8 = 0x80;

/// An earlier frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    pub(super) payload_type: u8,
    /// Ticks before the newest frame.
    pub(super) offset: u32,
    pub(super) data: &'a [u8],
}

/// Writes a payload; `blocks` are the earlier frames, oldest first. Those that RED cannot describe are left out.
pub(super) fn write<'a>(
    payload_type: u8,
    blocks: impl Iterator<Item = Block<'a>> + Clone,
    newest: &[u8],
    out: &mut Vec<u8>,
) {
    let fits = |block: &Block<'_>| block.offset <= MAX_OFFSET && (1..=MAX_BLOCK).contains(&block.data.len());
    let blocks = blocks.filter(fits);
    for block in blocks.clone() {
        let word = block.offset << 10 | block.data.len() as u32;
        let [_, high, middle, low] = word.to_be_bytes();
        out.extend_from_slice(&[MORE | block.payload_type, high, middle, low]);
    }
    out.push(payload_type & !MORE);
    blocks.for_each(|block| out.extend_from_slice(block.data));
    out.extend_from_slice(newest);
}

/// Reads a payload: the earlier frames into `earlier`, and the newest one. `None`: it is no such payload.
pub(super) fn read<'a>(
    mut bytes: &'a [u8],
    earlier: &mut [Block<'a>; MAX_BLOCKS],
) -> Option<(usize, Block<'a>)> {
    let mut count = 0;
    let mut lengths = [0; MAX_BLOCKS];
    let payload_type = loop {
        let (first, rest) = bytes.split_first()?;
        if first & MORE == 0 {
            bytes = rest;
            break *first;
        }
        let ([high, middle, low], rest) = rest.split_first_chunk()?;
        let word = u32::from_be_bytes([0, *high, *middle, *low]);
        *lengths.get_mut(count)? = (word & 0x3FF) as usize;
        earlier[count] = Block { payload_type: first & !MORE, offset: word >> 10, data: &[] };
        (count, bytes) = (count + 1, rest);
    };
    for (block, length) in earlier.iter_mut().zip(lengths).take(count) {
        (block.data, bytes) = bytes.split_at_checked(length)?;
    }
    Some((count, Block { payload_type, offset: 0, data: bytes }))
}

/// Room for [`read`].
pub(super) fn blocks<'a>() -> [Block<'a>; MAX_BLOCKS] {
    [Block { payload_type: 0, offset: 0, data: &[] }; MAX_BLOCKS]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(blocks: &[(u32, &[u8])], newest: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let blocks = blocks.iter().map(|(offset, data)| Block { payload_type: 111, offset: *offset, data });
        write(111, blocks, newest, &mut out);
        out
    }

    #[test]
    fn a_payload_is_headers_then_blocks_then_the_newest_frame() {
        let bytes = written(&[(5760, b"ab"), (2880, b"cde")], b"fg");
        // 5760 << 10 | 2 = 0x5a0002, 2880 << 10 | 3 = 0x2d0003.
        assert_eq!(hex::encode(&bytes), "ef5a0002ef2d00036f61626364656667");
        let mut earlier = blocks();
        let (count, newest) = read(&bytes, &mut earlier).unwrap();
        let block = |offset, data| Block { payload_type: 111, offset, data };
        assert_eq!(earlier[..count], [block(5760, &b"ab"[..]), block(2880, b"cde")]);
        assert_eq!(newest, block(0, b"fg"));
    }

    #[test]
    fn without_earlier_frames_one_byte_goes_before_the_newest() {
        assert_eq!(written(&[], b"x"), [111, b'x']);
        let mut earlier = blocks();
        assert_eq!(read(&[111, b'x'], &mut earlier).unwrap().0, 0);
    }

    #[test]
    fn what_red_cannot_describe_is_left_out() {
        let long = [7; MAX_BLOCK + 1];
        let bytes = written(&[(MAX_OFFSET + 1, b"a"), (1, &long), (1, b""), (MAX_OFFSET, b"b")], b"c");
        assert_eq!(hex::encode(bytes), "effffc016f6263");
    }

    #[test]
    fn every_cut_of_the_headers_and_more_blocks_than_are_read_is_refused() {
        let bytes = written(&[(5760, b"ab"), (2880, b"cde")], b"");
        for len in 0..bytes.len() {
            assert_eq!(read(&bytes[..len], &mut blocks()), None, "{len}");
        }
        let many = written(&[(1, &b"x"[..]); MAX_BLOCKS + 1], b"y");
        assert_eq!(read(&many, &mut blocks()), None);
        let most = written(&[(1, &b"x"[..]); MAX_BLOCKS], b"y");
        assert_eq!(read(&most, &mut blocks()).unwrap().0, MAX_BLOCKS);
    }
}
