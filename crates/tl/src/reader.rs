//! The primitive forms of the wire, read within bounds.

use crate::limits::Limits;

/// Why bytes are no object of a schema. The bytes are at fault, never the reader's caller; `at` counts bytes
/// from the start of the buffer (of the unpacked one inside `gzip_packed`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes end too early.
    #[error("{got} bytes left at {at}, need {need}")]
    TooShort {
        /// Bytes there are.
        got: usize,
        /// Bytes the value takes.
        need: usize,
        /// Where.
        at: usize,
    },
    /// No constructor or function of the schema has this id.
    #[error("unknown constructor {id:08x} at {at}")]
    UnknownId {
        /// The id.
        id: u32,
        /// Where it stands.
        at: usize,
    },
    /// The object belongs to another type than its place asks for.
    #[error("{got} at {at} is no {expected}")]
    WrongType {
        /// The type of the place.
        expected: String,
        /// The name of what was there.
        got: String,
        /// Where it stands.
        at: usize,
    },
    /// A type expression or a bare constructor that the schema does not have.
    #[error("no type {name} in this schema")]
    UnknownType {
        /// The expression.
        name: String,
    },
    /// A vector claims more elements than the bytes can hold.
    #[error("a vector of {count} at {at} in {got} bytes")]
    BadCount {
        /// The claim.
        count: u32,
        /// Bytes there are.
        got: usize,
        /// Where.
        at: usize,
    },
    /// Objects stand inside each other deeper than [`Limits::depth`].
    #[error("nested too deep")]
    TooDeep,
    /// More values than [`Limits::items`].
    #[error("too many values")]
    TooManyItems,
    /// `gzip_packed` unpacks to more than [`Limits::unpacked`] or [`Limits::ratio`] allow.
    #[error("packed object is too large")]
    TooLarge,
    /// The content of `gzip_packed` is not gzip.
    #[error("packed object is not gzip")]
    BadGzip,
    /// Bytes remain after the value.
    #[error("{count} bytes after the end of the value")]
    Trailing {
        /// How many.
        count: usize,
    },
}

/// A cursor over bytes of a stranger, with what is left of its [`Limits`].
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    budget: Limits,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        Self { bytes, at: 0, budget: limits.clone() }
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Takes `count` bytes as they are.
    ///
    /// # Errors
    /// When there are fewer. So for every method below.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let rest = &self.bytes[self.at..];
        let short = DecodeError::TooShort { got: rest.len(), need: count, at: self.at };
        let taken = rest.get(..count).ok_or(short)?;
        self.at += count;
        Ok(taken)
    }

    /// Takes all that is left.
    pub fn take_rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        self.at = self.bytes.len();
        rest
    }

    /// Fails if bytes are left.
    pub fn finish(&self) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            count => Err(DecodeError::Trailing { count }),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// A word: an id, flags, a count.
    pub fn word(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_le_bytes)
    }

    /// The next word without taking it.
    pub fn peek_word(&self) -> Option<u32> {
        self.bytes[self.at..].first_chunk().map(|word| u32::from_le_bytes(*word))
    }

    /// `int`.
    pub fn int(&mut self) -> Result<i32, DecodeError> {
        self.array().map(i32::from_le_bytes)
    }

    /// `long`.
    pub fn long(&mut self) -> Result<i64, DecodeError> {
        self.array().map(i64::from_le_bytes)
    }

    /// `double`.
    pub fn double(&mut self) -> Result<f64, DecodeError> {
        self.array().map(f64::from_le_bytes)
    }

    /// `int128`.
    pub fn int128(&mut self) -> Result<[u8; 16], DecodeError> {
        self.array()
    }

    /// `int256`.
    pub fn int256(&mut self) -> Result<[u8; 32], DecodeError> {
        self.array()
    }

    /// `bytes`, or a `string` before anyone asks whether it is UTF-8. Borrowed.
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let [first, a, b, c] = self.array()?;
        let (head, length) = match first {
            // 255 is not used by any writer; read like 254 it would hide a broken one.
            255 => return Err(DecodeError::BadCount { count: 255, got: self.remaining(), at: self.at - 4 }),
            254 => (4, u32::from_le_bytes([a, b, c, 0])),
            short => (1, u32::from(short)),
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        self.at += head;
        self.at -= 4;
        let content = self.take(length)?;
        self.take((head + length).wrapping_neg() % 4)?;
        Ok(content)
    }

    /// `Bool`.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        let at = self.at;
        match self.word()? {
            crate::ids::BOOL_TRUE => Ok(true),
            crate::ids::BOOL_FALSE => Ok(false),
            id => Err(DecodeError::UnknownId { id, at }),
        }
    }

    /// The count of a vector whose elements take at least `least` bytes each.
    pub fn count(&mut self, least: usize) -> Result<usize, DecodeError> {
        let at = self.at;
        let count = self.word()?;
        let got = self.remaining();
        let fits = usize::try_from(count).ok().filter(|count| count.saturating_mul(least) <= got);
        fits.ok_or(DecodeError::BadCount { count, got, at })
    }

    /// Goes one level down; [`Reader::leave`] comes back.
    pub fn enter(&mut self) -> Result<(), DecodeError> {
        self.budget.depth = self.budget.depth.checked_sub(1).ok_or(DecodeError::TooDeep)?;
        Ok(())
    }

    /// Comes back from one level down.
    pub fn leave(&mut self) {
        self.budget.depth += 1;
    }

    /// Accounts for one value made.
    pub fn spend(&mut self) -> Result<(), DecodeError> {
        self.budget.items = self.budget.items.checked_sub(1).ok_or(DecodeError::TooManyItems)?;
        Ok(())
    }

    /// Reads the `bytes` of a `gzip_packed` whose id has been taken, and lets `inside` read what is in it,
    /// to its end, on this reader's budget.
    pub fn unpack<T>(
        &mut self,
        inside: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let packed = self.bytes()?;
        self.enter()?;
        let unpacked = crate::gunzip(packed, &self.budget)?;
        self.budget.unpacked -= unpacked.len();
        let mut reader = Reader::new(&unpacked, &self.budget);
        let value = inside(&mut reader)?;
        reader.finish()?;
        self.budget = reader.budget;
        self.leave();
        Ok(value)
    }
}
