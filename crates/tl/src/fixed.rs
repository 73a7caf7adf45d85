//! What generated types can do: go to and from bytes, and be called.

use crate::decode::{decode_boxed, decode_boxed_object};
use crate::limits::Limits;
use crate::reader::{DecodeError, Reader};
use crate::schema::Schema;
use crate::value::Value;
use crate::{encode, ids, writer};

/// Something that writes itself, boxed: an object begins with its id, a vector with `vector`.
pub trait Serializable {
    /// Appends the bytes to `out`.
    ///
    /// # Panics
    /// When a [`Value`] among its fields was put together by hand and is no object of layer
    /// [`crate::LAYER`]. Values that were decoded always fit.
    fn serialize(&self, out: &mut Vec<u8>);

    /// The bytes alone.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.serialize(&mut out);
        out
    }
}

/// Something that reads itself, boxed.
pub trait Deserializable: Sized {
    /// Reads from the reader's place on.
    ///
    /// # Errors
    /// When the bytes there are something else.
    fn deserialize(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Reads all of `bytes`, within the default limits. A `gzip_packed` around it is unpacked.
    ///
    /// # Errors
    /// When the bytes are something else, or more than that.
    fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes, &Limits::default());
        let value = unpacked(&mut reader, Self::deserialize)?;
        reader.finish()?;
        Ok(value)
    }
}

/// A method: something to send, and the type of its answer.
pub trait Call: Serializable {
    /// What the answer is.
    type Return: Deserializable;
    /// The name in the schema: `phone.requestCall`.
    const NAME: &'static str;
}

/// A generated struct: one constructor or one function.
pub trait Constructor: Sized {
    /// The id in front of it.
    const ID: u32;
    /// The name in the schema: `phoneCallWaiting`.
    const NAME: &'static str;

    /// Writes the fields, without the id. Optional fields that share a flag are written when all are there.
    fn write_fields(&self, out: &mut Vec<u8>);

    /// Reads the fields, after the id.
    ///
    /// # Errors
    /// When the bytes are something else.
    fn read_fields(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// Writes a constructor, boxed.
pub(crate) fn write_object<T: Constructor>(object: &T, out: &mut Vec<u8>) {
    writer::word(T::ID, out);
    object.write_fields(out);
}

/// Reads a constructor, boxed.
pub(crate) fn read_object<T: Constructor>(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
    boxed(reader, |reader, id, at| match id {
        id if id == T::ID => T::read_fields(reader),
        id => Err(DecodeError::UnknownId { id, at }),
    })
}

impl<T: Serializable> Serializable for Box<T> {
    fn serialize(&self, out: &mut Vec<u8>) {
        self.as_ref().serialize(out);
    }
}

impl<T: Deserializable> Deserializable for Box<T> {
    fn deserialize(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::deserialize(reader).map(Self::new)
    }
}

/// Reads with `read`, inside `gzip_packed` if that is what comes.
fn unpacked<T>(
    reader: &mut Reader<'_>,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    if reader.peek_word() == Some(ids::GZIP_PACKED) {
        reader.word()?;
        return reader.unpack(read);
    }
    read(reader)
}

macro_rules! primitive {
    ($($ty:ty: $self:ident, $out:ident => $write:expr; $reader:ident => $read:expr;)*) => {
        $(
            impl Serializable for $ty {
                fn serialize(&$self, $out: &mut Vec<u8>) {
                    $write;
                }
            }

            impl Deserializable for $ty {
                fn deserialize($reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                    $read
                }
            }
        )*
    };
}

primitive! {
    i32: self, out => out.extend_from_slice(&self.to_le_bytes()); reader => reader.int();
    i64: self, out => out.extend_from_slice(&self.to_le_bytes()); reader => reader.long();
    f64: self, out => out.extend_from_slice(&self.to_le_bytes()); reader => reader.double();
    [u8; 16]: self, out => out.extend_from_slice(self); reader => reader.int128();
    [u8; 32]: self, out => out.extend_from_slice(self); reader => reader.int256();
    bool: self, out => writer::word(if *self { ids::BOOL_TRUE } else { ids::BOOL_FALSE }, out);
        reader => reader.bool();
    Vec<u8>: self, out => writer::bytes(self, out); reader => reader.bytes().map(<[u8]>::to_vec);
    String: self, out => writer::bytes(self.as_bytes(), out);
        reader => reader.bytes().map(|text| String::from_utf8_lossy(text).into_owned());
    Value: self, out => encode(Schema::api(), self, out).expect("values in generated types are of the newest layer");
        reader => decode_boxed(Schema::api(), reader);
}

impl<T: Serializable> Serializable for Vec<T> {
    fn serialize(&self, out: &mut Vec<u8>) {
        writer::word(ids::VECTOR, out);
        writer::count(self.len(), out);
        self.iter().for_each(|element| element.serialize(out));
    }
}

impl<T: Deserializable> Deserializable for Vec<T> {
    fn deserialize(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let at = reader.position();
        match reader.word()? {
            ids::VECTOR => elements(reader, T::deserialize),
            id => Err(DecodeError::UnknownId { id, at }),
        }
    }
}

/// One flag of a word.
pub(crate) fn flag(word: u32, bit: u8) -> bool {
    word >> bit & 1 == 1
}

/// Reads a field that is there if its flag is.
pub(crate) fn optional<T: Deserializable>(
    reader: &mut Reader<'_>,
    word: u32,
    bit: u8,
) -> Result<Option<T>, DecodeError> {
    if flag(word, bit) { T::deserialize(reader).map(Some) } else { Ok(None) }
}

/// Writes a field that is there if its flag is set.
pub(crate) fn put<T: Serializable>(field: Option<&T>, word: u32, bit: u8, out: &mut Vec<u8>) {
    if let Some(field) = field.filter(|_| flag(word, bit)) {
        field.serialize(out);
    }
}

/// Writes the elements of a bare vector of bare objects.
pub(crate) fn write_bare<T: Constructor>(elements: &[T], out: &mut Vec<u8>) {
    writer::count(elements.len(), out);
    elements.iter().for_each(|element| element.write_fields(out));
}

/// Writes the elements of a bare vector of boxed objects or numbers.
pub(crate) fn write_elements<T: Serializable>(elements: &[T], out: &mut Vec<u8>) {
    writer::count(elements.len(), out);
    elements.iter().for_each(|element| element.serialize(out));
}

/// Writes an object's bytes behind their length in an `int`.
pub(crate) fn write_body(body: &[u8], out: &mut Vec<u8>) {
    writer::count(body.len(), out);
    out.extend_from_slice(body);
}

/// Reads an object's bytes behind their length in an `int`.
pub(crate) fn read_body(reader: &mut Reader<'_>) -> Result<Vec<u8>, DecodeError> {
    let length = reader.count(1)?;
    reader.take(length).map(<[u8]>::to_vec)
}

/// The elements of a vector whose id is read or which has none. No element takes less than four bytes.
pub(crate) fn elements<T>(
    reader: &mut Reader<'_>,
    mut read: impl FnMut(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let count = reader.count(4)?;
    reader.enter()?;
    let mut elements = Vec::with_capacity(count.min(1024));
    for _ in 0..count {
        reader.spend()?;
        elements.push(read(reader)?);
    }
    reader.leave();
    Ok(elements)
}

/// Reads the id of a boxed object and hands it to `read` with one level of depth spent.
pub(crate) fn boxed<T>(
    reader: &mut Reader<'_>,
    read: impl FnOnce(&mut Reader<'_>, u32, usize) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let at = reader.position();
    reader.enter()?;
    reader.spend()?;
    let value = if reader.peek_word() == Some(ids::GZIP_PACKED) {
        reader.word()?;
        reader.unpack(|inside| {
            let id = inside.word()?;
            read(inside, id, 0)
        })?
    } else {
        let id = reader.word()?;
        read(reader, id, at)?
    };
    reader.leave();
    Ok(value)
}

/// Reads the object of any other constructor of a type whose id has been taken, as a value.
pub(crate) fn other(reader: &mut Reader<'_>, id: u32, at: usize, ty: &str) -> Result<Value, DecodeError> {
    decode_boxed_object(Schema::api(), reader, id, at, ty)
}
