//! Values to bytes, by a schema.
//!
//! A server builds a value once and writes it in each session's layer, so the rules are those of a schema
//! that moves: fields the layer lacks are left out, flags follow from the fields that are there, numbers and
//! texts fit themselves to the field when nothing is lost (`int` and `long`, `string` and `bytes`).

use crate::definition::{Definition, Parameter, Type};
use crate::ids;
use crate::parse::FLAG_WORDS;
use crate::schema::Schema;
use crate::value::{Object, Value};
use crate::writer::{self, MAX_BYTES};

/// How deep values may stand inside each other when written.
const DEPTH: u32 = 64;

/// Why a value has no bytes in a layer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The layer has no constructor or function of this name.
    #[error("layer {layer} has no {name}")]
    UnknownName {
        /// The name.
        name: String,
        /// The layer.
        layer: i32,
    },
    /// The schema has no such type.
    #[error("layer {layer} has no type {name}")]
    UnknownType {
        /// The type expression.
        name: String,
        /// The layer.
        layer: i32,
    },
    /// A field that is not optional is not there.
    #[error("{object} lacks {field}")]
    Missing {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// A value does not fit the type of its place.
    #[error("{got} in {place} is no {expected}")]
    Mismatch {
        /// The object and field, or the type asked for.
        place: String,
        /// The type of the place.
        expected: String,
        /// The kind or the name of the value.
        got: String,
    },
    /// A string or bytes of 16 MiB or more: the wire cannot say its length.
    #[error("{length} bytes in one string")]
    TooLong {
        /// Its length.
        length: usize,
    },
    /// Values stand inside each other too deep.
    #[error("nested too deep")]
    TooDeep,
}

/// How strict writing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncodeOptions {
    /// Write `0`, `0.0`, `""`, false and the empty vector for required fields that are not there.
    /// A missing object stays an error. Default: off, a missing field is an error.
    pub zeros: bool,
}

impl EncodeOptions {
    /// Zeros for missing required numbers, texts and vectors.
    pub const LENIENT: Self = Self { zeros: true };
}

/// Writes a boxed value in the layer of `schema`, at the end of `out`.
///
/// # Errors
/// When the layer has no such object, or a required field is missing or does not fit. `out` is then as before.
pub fn encode(schema: &Schema, value: &Value, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    encode_with(schema, value, EncodeOptions::default(), out)
}

/// [`encode`] with options.
///
/// # Errors
/// As [`encode`].
pub fn encode_with(
    schema: &Schema,
    value: &Value,
    options: EncodeOptions,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    guarded(out, |out| Writer { schema, options, depth: DEPTH, out }.untyped(value))
}

/// Writes a value as a type: the answer of a function (`Vector<long>`, `Bool`, `users.UserFull`).
///
/// # Errors
/// As [`encode`], and when the schema has no such type or the value does not belong to it.
pub fn encode_type(
    schema: &Schema,
    ty: &str,
    value: &Value,
    options: EncodeOptions,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let unknown = || EncodeError::UnknownType { name: ty.to_owned(), layer: schema.layer() };
    let parsed = schema.parse_type(ty).ok_or_else(unknown)?;
    let place = Place { object: ty, field: "" };
    guarded(out, |out| Writer { schema, options, depth: DEPTH, out }.typed(&parsed, value, place))
}

fn guarded(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let before = out.len();
    write(out).inspect_err(|_| out.truncate(before))
}

/// Where a value stands, for the error that names it.
#[derive(Clone, Copy)]
struct Place<'a> {
    object: &'a str,
    field: &'a str,
}

impl Place<'_> {
    fn mismatch(self, expected: impl ToString, value: &Value) -> EncodeError {
        let dot = if self.field.is_empty() { "" } else { "." };
        EncodeError::Mismatch {
            place: format!("{}{dot}{}", self.object, self.field),
            expected: expected.to_string(),
            got: kind(value).to_owned(),
        }
    }
}

struct Writer<'a> {
    schema: &'a Schema,
    options: EncodeOptions,
    depth: u32,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    /// A value that must tell its own form.
    fn untyped(&mut self, value: &Value) -> Result<(), EncodeError> {
        match value {
            Value::Bool(truth) => self.bool(*truth),
            Value::Int(number) => self.out.extend_from_slice(&number.to_le_bytes()),
            Value::Long(number) => self.out.extend_from_slice(&number.to_le_bytes()),
            Value::Double(number) => self.out.extend_from_slice(&number.to_le_bytes()),
            Value::Int128(bytes) => self.out.extend_from_slice(bytes),
            Value::Int256(bytes) => self.out.extend_from_slice(bytes),
            Value::Str(text) => self.bytes(text.as_bytes())?,
            Value::Bytes(bytes) => self.bytes(bytes)?,
            Value::Raw(bytes) => self.out.extend_from_slice(bytes),
            Value::Vector(elements) => {
                self.down()?;
                writer::word(ids::VECTOR, self.out);
                writer::count(elements.len(), self.out);
                elements.iter().try_for_each(|element| self.untyped(element))?;
                self.depth += 1;
            }
            Value::Object(object) => {
                let definition = self.schema.by_name(object.name());
                self.boxed(self.known(definition, object.name())?, object)?;
            }
        }
        Ok(())
    }

    fn typed(&mut self, ty: &Type, value: &Value, place: Place<'_>) -> Result<(), EncodeError> {
        let mismatch = || place.mismatch(ty, value);
        match (ty, value) {
            (Type::Int, value) => {
                let number = value.as_long().and_then(|number| i32::try_from(number).ok());
                self.out.extend_from_slice(&number.ok_or_else(mismatch)?.to_le_bytes());
            }
            (Type::Long, value) => {
                let number = value.as_long().ok_or_else(mismatch)?;
                self.out.extend_from_slice(&number.to_le_bytes());
            }
            (Type::Double, Value::Double(number)) => self.out.extend_from_slice(&number.to_le_bytes()),
            (Type::Int128, Value::Int128(bytes)) => self.out.extend_from_slice(bytes),
            (Type::Int256, Value::Int256(bytes)) => self.out.extend_from_slice(bytes),
            (Type::Str | Type::Bytes, Value::Str(text)) => self.bytes(text.as_bytes())?,
            (Type::Str | Type::Bytes, Value::Bytes(bytes)) => self.bytes(bytes)?,
            (Type::Bool, Value::Bool(truth)) => self.bool(*truth),
            // No bytes of its own.
            (Type::True, Value::Bool(_)) => {}
            (Type::Vector(of), Value::Vector(elements)) => {
                writer::word(ids::VECTOR, self.out);
                self.elements(of, elements, place)?;
            }
            (Type::BareVector(of), Value::Vector(elements)) => self.elements(of, elements, place)?,
            (Type::Vector(_) | Type::Boxed(_) | Type::Query, Value::Raw(bytes)) => {
                self.out.extend_from_slice(bytes);
            }
            (Type::Boxed(name), Value::Object(object)) => {
                let definition = self.known(self.schema.constructor(object.name()), object.name())?;
                if definition.result != *name {
                    return Err(mismatch());
                }
                self.boxed(definition, object)?;
            }
            (Type::Bare(name), Value::Object(object)) if object.name() == *name => {
                self.fields(self.known(self.schema.constructor(name), name)?, object)?;
            }
            (Type::BareOf(name), Value::Object(object)) => {
                let definition = self.known(self.schema.single(name), name)?;
                if definition.name != object.name() {
                    return Err(mismatch());
                }
                self.fields(definition, object)?;
            }
            (Type::Query, Value::Object(object)) => {
                self.boxed(self.known(self.schema.function(object.name()), object.name())?, object)?;
            }
            (Type::Object, value) => self.untyped(value)?,
            _ => return Err(mismatch()),
        }
        Ok(())
    }

    fn elements(&mut self, of: &Type, elements: &[Value], place: Place<'_>) -> Result<(), EncodeError> {
        self.down()?;
        writer::count(elements.len(), self.out);
        elements.iter().try_for_each(|element| self.typed(of, element, place))?;
        self.depth += 1;
        Ok(())
    }

    fn boxed(&mut self, definition: &Definition, object: &Object) -> Result<(), EncodeError> {
        writer::word(definition.id, self.out);
        self.fields(definition, object)
    }

    fn fields(&mut self, definition: &Definition, object: &Object) -> Result<(), EncodeError> {
        self.down()?;
        let words = flag_words(definition, object);
        let mut next_words = words.into_iter();
        let mut length_at = None;
        for param in &definition.params {
            let value = object.get(param.name);
            match (&param.ty, value) {
                (Type::Flags, _) => writer::word(next_words.next().unwrap_or_default(), self.out),
                (Type::BodyLength, _) => {
                    length_at = Some(self.out.len());
                    writer::word(0, self.out);
                }
                (_, Some(value)) => self.field(definition, param, value)?,
                // Fields may share a flag: then both are there or neither is.
                (Type::True, None) => {}
                (_, None)
                    if param.flag.is_some_and(|flag| words[usize::from(flag.word)] >> flag.bit & 1 == 0) => {}
                (ty, None) => self.zero(ty, definition, param)?,
            }
            if let (Type::Object, Some(at)) = (&param.ty, length_at) {
                let length = u32::try_from(self.out.len() - at - 4).unwrap_or(u32::MAX);
                self.out[at..at + 4].copy_from_slice(&length.to_le_bytes());
            }
        }
        self.depth += 1;
        Ok(())
    }

    fn field(&mut self, within: &Definition, param: &Parameter, value: &Value) -> Result<(), EncodeError> {
        let place = Place { object: within.name, field: param.name };
        if within.id != ids::INVOKE_WITH_LAYER || param.ty != Type::Query {
            return self.typed(&param.ty, value, place);
        }
        // The layer was written just now: its query speaks that layer.
        let layer = self.out.last_chunk().map_or(0, |layer| i32::from_le_bytes(*layer));
        let inner = Writer {
            schema: Schema::api_layer(layer),
            options: self.options,
            depth: self.depth,
            out: &mut *self.out,
        };
        { inner }.typed(&param.ty, value, place)
    }

    fn zero(&mut self, ty: &Type, within: &Definition, param: &Parameter) -> Result<(), EncodeError> {
        let missing =
            || EncodeError::Missing { object: within.name.to_owned(), field: param.name.to_owned() };
        if !self.options.zeros {
            return Err(missing());
        }
        let bytes: usize = match ty {
            Type::Int | Type::BareVector(_) | Type::Str | Type::Bytes => 4,
            Type::Long | Type::Double => 8,
            Type::Int128 => 16,
            Type::Int256 => 32,
            Type::True => 0,
            Type::Bool => {
                self.bool(false);
                0
            }
            Type::Vector(_) => {
                writer::word(ids::VECTOR, self.out);
                4
            }
            _ => return Err(missing()),
        };
        self.out.resize(self.out.len() + bytes, 0);
        Ok(())
    }

    fn bool(&mut self, truth: bool) {
        writer::word(if truth { ids::BOOL_TRUE } else { ids::BOOL_FALSE }, self.out);
    }

    fn bytes(&mut self, content: &[u8]) -> Result<(), EncodeError> {
        if content.len() > MAX_BYTES {
            return Err(EncodeError::TooLong { length: content.len() });
        }
        writer::bytes(content, self.out);
        Ok(())
    }

    fn known<'b>(&self, found: Option<&'b Definition>, name: &str) -> Result<&'b Definition, EncodeError> {
        found.ok_or_else(|| EncodeError::UnknownName { name: name.to_owned(), layer: self.schema.layer() })
    }

    fn down(&mut self) -> Result<(), EncodeError> {
        self.depth = self.depth.checked_sub(1).ok_or(EncodeError::TooDeep)?;
        Ok(())
    }
}

/// The flags that tell which optional fields are there. A `true` flag that is held as false is not.
fn flag_words(definition: &Definition, object: &Object) -> [u32; FLAG_WORDS] {
    let mut words = [0; FLAG_WORDS];
    for param in &definition.params {
        let Some(flag) = param.flag else { continue };
        let present = match object.get(param.name) {
            None => false,
            Some(Value::Bool(set)) if param.ty == Type::True => *set,
            Some(_) => true,
        };
        words[usize::from(flag.word)] |= u32::from(present) << flag.bit;
    }
    words
}

/// The kind of a value in the words of the language, without its content.
pub(crate) fn kind(value: &Value) -> &str {
    match value {
        Value::Bool(_) => "Bool",
        Value::Int(_) => "int",
        Value::Long(_) => "long",
        Value::Double(_) => "double",
        Value::Int128(_) => "int128",
        Value::Int256(_) => "int256",
        Value::Str(_) => "string",
        Value::Bytes(_) => "bytes",
        Value::Vector(_) => "vector",
        Value::Object(object) => object.name(),
        Value::Raw(_) => "raw bytes",
    }
}
