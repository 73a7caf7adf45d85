//! A bounded cursor over bytes.

use super::WireError;

/// Reads front to back; every read can fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&mut self, len: usize) -> Result<&'a [u8], WireError> {
        let (head, rest) =
            self.0.split_at_checked(len).ok_or(WireError::TooShort { got: self.0.len(), need: len })?;
        self.0 = rest;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (head, rest) =
            self.0.split_first_chunk().ok_or(WireError::TooShort { got: self.0.len(), need: N })?;
        self.0 = rest;
        Ok(*head)
    }

    pub(super) fn u8(&mut self) -> Result<u8, WireError> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, WireError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, WireError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn i32(&mut self) -> Result<i32, WireError> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    /// A TL length: one byte, or 254 and three bytes (0.2).
    pub(super) fn tl_len(&mut self) -> Result<(usize, usize), WireError> {
        match self.u8()? {
            254.. => {
                let [a, b, c] = self.array()?;
                Ok((u32::from_le_bytes([a, b, c, 0]) as usize, 4))
            }
            len => Ok((usize::from(len), 1)),
        }
    }

    /// TL bytes, padded so that length and content together fill whole words.
    pub(super) fn tl_bytes(&mut self) -> Result<&'a [u8], WireError> {
        let (len, head) = self.tl_len()?;
        let content = self.bytes(len)?;
        self.bytes((head + len).next_multiple_of(4) - head - len)?;
        Ok(content)
    }

    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }
}
