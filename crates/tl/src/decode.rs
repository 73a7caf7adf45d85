//! Bytes to values, by a schema.

use crate::definition::{Definition, Kind, Type};
use crate::ids;
use crate::limits::Limits;
use crate::parse::FLAG_WORDS;
use crate::reader::{DecodeError, Reader};
use crate::schema::Schema;
use crate::value::{Name, Object, Value};

/// Reads one boxed value, a constructor or a function, that fills `bytes`.
///
/// `gzip_packed` is unpacked wherever an object may stand. The query inside `invokeWithLayer` is read by the
/// layer it names. A vector whose type nothing tells is read as a vector of objects; for others there is
/// [`decode_type`].
///
/// # Errors
/// When the bytes are no such value, or pass the limits.
pub fn decode(schema: &Schema, bytes: &[u8], limits: &Limits) -> Result<Value, DecodeError> {
    let mut reader = Reader::new(bytes, limits);
    let value = boxed(schema, &mut reader, Wanted::Anything)?;
    reader.finish()?;
    Ok(value)
}

/// Reads one boxed value from the start of `bytes`, and tells how many bytes it took.
///
/// # Errors
/// As [`decode`], but bytes may remain.
pub fn decode_prefix(schema: &Schema, bytes: &[u8], limits: &Limits) -> Result<(Value, usize), DecodeError> {
    let mut reader = Reader::new(bytes, limits);
    let value = boxed(schema, &mut reader, Wanted::Anything)?;
    Ok((value, reader.position()))
}

/// Reads a value of a known type that fills `bytes`: `Vector<User>`, `Vector<long>`, `Bool`, `auth.SentCode`;
/// for an answer, [`Definition::result`] of the function. `X` and `Object` are anything boxed.
///
/// # Errors
/// As [`decode`], and when the schema has no such type.
pub fn decode_type(schema: &Schema, ty: &str, bytes: &[u8], limits: &Limits) -> Result<Value, DecodeError> {
    let ty = schema.parse_type(ty).ok_or_else(|| DecodeError::UnknownType { name: ty.to_owned() })?;
    let mut reader = Reader::new(bytes, limits);
    let value = match ty {
        Type::Object | Type::Query => boxed(schema, &mut reader, Wanted::Anything)?,
        Type::Vector(_) | Type::Bool if reader.peek_word() == Some(ids::GZIP_PACKED) => {
            reader.word()?;
            reader.unpack(|inside| typed(schema, inside, &ty))?
        }
        _ => typed(schema, &mut reader, &ty)?,
    };
    reader.finish()?;
    Ok(value)
}

/// Reads a wrapper such as `invokeWithLayer` or `initConnection` up to its query, and gives the query's bytes
/// untouched: the layer may follow from the wrapper, and a server has to take the wrapper's word even if it
/// does not know the method inside. For any other object the rest is what follows it.
///
/// # Errors
/// As [`decode`]. `gzip_packed` is not opened here: it is an unknown id.
pub fn decode_head<'a>(
    schema: &Schema,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<(Object, &'a [u8]), DecodeError> {
    let mut reader = Reader::new(bytes, limits);
    let id = reader.word()?;
    let definition = schema.by_id(id).ok_or(DecodeError::UnknownId { id, at: 0 })?;
    reader.enter()?;
    let object = fields(schema, &mut reader, definition, Stop::BeforeQuery)?;
    Ok((object, reader.take_rest()))
}

/// Anything boxed from a reader's place on.
pub(crate) fn decode_boxed(schema: &Schema, reader: &mut Reader<'_>) -> Result<Value, DecodeError> {
    boxed(schema, reader, Wanted::Anything)
}

/// The object of a constructor of `ty` whose id, read at `at`, has been taken.
pub(crate) fn decode_boxed_object(
    schema: &Schema,
    reader: &mut Reader<'_>,
    id: u32,
    at: usize,
    ty: &str,
) -> Result<Value, DecodeError> {
    object(schema, reader, wanted(schema, id, at, Wanted::Constructor(ty))?)
}

/// Which boxed objects may stand in a place.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Anything,
    Function,
    Constructor(&'a str),
}

#[derive(Clone, Copy, PartialEq)]
enum Stop {
    AtEnd,
    BeforeQuery,
}

fn boxed(schema: &Schema, reader: &mut Reader<'_>, wanted: Wanted<'_>) -> Result<Value, DecodeError> {
    let at = reader.position();
    let id = reader.word()?;
    match (id, wanted) {
        (ids::GZIP_PACKED, _) => return reader.unpack(|inside| boxed(schema, inside, wanted)),
        (ids::BOOL_TRUE, Wanted::Anything) => return Ok(Value::Bool(true)),
        (ids::BOOL_FALSE, Wanted::Anything) => return Ok(Value::Bool(false)),
        (ids::VECTOR, Wanted::Anything) => return vector(schema, reader, &Type::Object),
        _ => {}
    }
    object(schema, reader, self::wanted(schema, id, at, wanted)?)
}

/// The definition with this id, if it may stand in the place.
fn wanted<'a>(
    schema: &'a Schema,
    id: u32,
    at: usize,
    wanted: Wanted<'_>,
) -> Result<&'a Definition, DecodeError> {
    let definition = schema.by_id(id).ok_or(DecodeError::UnknownId { id, at })?;
    let (fits, expected) = match wanted {
        Wanted::Anything => (true, ""),
        Wanted::Function => (definition.kind == Kind::Function, "function"),
        Wanted::Constructor(ty) => (definition.kind == Kind::Constructor && definition.result == ty, ty),
    };
    if fits {
        return Ok(definition);
    }
    Err(DecodeError::WrongType { expected: expected.to_owned(), got: definition.name.to_owned(), at })
}

fn object(schema: &Schema, reader: &mut Reader<'_>, definition: &Definition) -> Result<Value, DecodeError> {
    reader.enter()?;
    let object = fields(schema, reader, definition, Stop::AtEnd)?;
    reader.leave();
    Ok(Value::Object(object))
}

fn fields(
    schema: &Schema,
    reader: &mut Reader<'_>,
    definition: &Definition,
    stop: Stop,
) -> Result<Object, DecodeError> {
    let mut object = Object::with_capacity(Name::Borrowed(definition.name), 0);
    let mut words = [0_u32; FLAG_WORDS];
    let mut known = 0;
    let mut body = None;
    for param in &definition.params {
        if param.flag.is_some_and(|flag| words[usize::from(flag.word)] >> flag.bit & 1 == 0) {
            continue;
        }
        let value = match &param.ty {
            Type::Flags => {
                words[known] = reader.word()?;
                known += 1;
                continue;
            }
            Type::BodyLength => {
                body = Some(reader.count(1)?);
                continue;
            }
            Type::Query if stop == Stop::BeforeQuery => break,
            Type::Query if definition.id == ids::INVOKE_WITH_LAYER => {
                let inner = object.int("layer").map_or(schema, |layer| Schema::api_layer(layer));
                boxed(inner, reader, Wanted::Function)?
            }
            Type::Object => Value::Raw(match body {
                Some(length) => reader.take(length)?.to_vec(),
                None => reader.take_rest().to_vec(),
            }),
            ty => typed(schema, reader, ty)?,
        };
        reader.spend()?;
        object.push(Name::Borrowed(param.name), value);
    }
    Ok(object)
}

fn typed(schema: &Schema, reader: &mut Reader<'_>, ty: &Type) -> Result<Value, DecodeError> {
    Ok(match ty {
        Type::Int => Value::Int(reader.int()?),
        Type::Long => Value::Long(reader.long()?),
        Type::Double => Value::Double(reader.double()?),
        Type::Int128 => Value::Int128(reader.int128()?),
        Type::Int256 => Value::Int256(reader.int256()?),
        Type::Str => {
            let content = reader.bytes()?;
            std::str::from_utf8(content)
                .map_or_else(|_| Value::Bytes(content.to_vec()), |text| Value::Str(text.to_owned()))
        }
        Type::Bytes => Value::Bytes(reader.bytes()?.to_vec()),
        Type::Bool => Value::Bool(reader.bool()?),
        Type::True => Value::Bool(true),
        Type::Vector(of) => {
            let at = reader.position();
            match reader.word()? {
                ids::VECTOR => vector(schema, reader, of)?,
                id => return Err(DecodeError::UnknownId { id, at }),
            }
        }
        Type::BareVector(of) => vector(schema, reader, of)?,
        Type::Boxed(name) => boxed(schema, reader, Wanted::Constructor(name))?,
        Type::Bare(name) => object(schema, reader, known(schema.constructor(name), name)?)?,
        Type::BareOf(name) => object(schema, reader, known(schema.single(name), name)?)?,
        Type::Query => boxed(schema, reader, Wanted::Function)?,
        Type::Object => boxed(schema, reader, Wanted::Anything)?,
        // Words of the object around: read there.
        Type::Flags | Type::BodyLength => Value::Int(reader.int()?),
    })
}

fn known<'a>(found: Option<&'a Definition>, name: &str) -> Result<&'a Definition, DecodeError> {
    found.ok_or_else(|| DecodeError::UnknownType { name: name.to_owned() })
}

fn vector(schema: &Schema, reader: &mut Reader<'_>, of: &Type) -> Result<Value, DecodeError> {
    let count = reader.count(least(of))?;
    reader.enter()?;
    // Follows the bytes, not the claim: a constructor without fields takes none.
    let mut elements = Vec::with_capacity(count.min(reader.remaining() / 4).min(4096));
    for _ in 0..count {
        reader.spend()?;
        elements.push(typed(schema, reader, of)?);
    }
    reader.leave();
    Ok(Value::Vector(elements))
}

/// The fewest bytes a value of the type takes.
fn least(ty: &Type) -> usize {
    match ty {
        Type::Long | Type::Double => 8,
        Type::Int128 => 16,
        Type::Int256 => 32,
        Type::Bare(_) | Type::BareOf(_) | Type::True => 0,
        _ => 4,
    }
}
