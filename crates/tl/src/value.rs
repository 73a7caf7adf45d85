//! Values: any object of any layer, held by name.

use std::borrow::Cow;
use std::fmt;

use crate::secret::is_secret;

/// The name of a constructor, a function or a field. Borrowed from the schema when decoded.
pub type Name = Cow<'static, str>;

/// Anything the type language can say.
///
/// A `true` flag that is set is `Bool(true)`; one that is not set is absent from its object.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// `Bool`, and a `true` flag that is set.
    Bool(bool),
    /// `int`.
    Int(i32),
    /// `long`.
    Long(i64),
    /// `double`.
    Double(f64),
    /// `int128`, as its raw bytes.
    Int128([u8; 16]),
    /// `int256`, as its raw bytes.
    Int256([u8; 32]),
    /// `string`.
    Str(String),
    /// `bytes`; also a `string` whose bytes are not UTF-8, so that nothing is lost.
    Bytes(Vec<u8>),
    /// A vector, boxed or bare: its place tells.
    Vector(Vec<Value>),
    /// A constructor or a function with its fields.
    Object(Object),
    /// A boxed object that is already (or still) bytes: the body inside `rpc_result` and containers.
    /// Written as it is.
    Raw(Vec<u8>),
}

impl Value {
    /// The object, if this is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The object by value, if this is one.
    pub fn into_object(self) -> Option<Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The number, if this is an `int`.
    pub fn as_int(&self) -> Option<i32> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The number, if this is a `long` or an `int`.
    pub fn as_long(&self) -> Option<i64> {
        match self {
            Self::Long(number) => Some(*number),
            Self::Int(number) => Some(i64::from(*number)),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The bytes of a `bytes`, an `int128` or an `int256`.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Int128(bytes) => Some(bytes),
            Self::Int256(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The elements, if this is a vector.
    pub fn as_vector(&self) -> Option<&[Value]> {
        if let Self::Vector(elements) = self { Some(elements) } else { None }
    }

    /// The truth, if this is a `Bool`.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The name of the constructor or function, if this is an object.
    pub fn name(&self) -> Option<&str> {
        self.as_object().map(Object::name)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(truth) => truth.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Long(number) => number.fmt(f),
            Self::Double(number) => number.fmt(f),
            Self::Int128(bytes) => hex(bytes, f),
            Self::Int256(bytes) => hex(bytes, f),
            Self::Str(text) => text.fmt(f),
            Self::Bytes(bytes) if bytes.len() <= 32 => hex(bytes, f),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Vector(elements) => elements.fmt(f),
            Self::Object(object) => object.fmt(f),
            Self::Raw(bytes) => write!(f, "raw, {} bytes", bytes.len()),
        }
    }
}

fn hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

macro_rules! into_value {
    ($($from:ty => $variant:ident),* $(,)?) => {
        $(impl From<$from> for Value {
            fn from(from: $from) -> Self {
                Self::$variant(from.into())
            }
        })*
    };
}

into_value! {
    bool => Bool,
    i32 => Int,
    i64 => Long,
    f64 => Double,
    [u8; 16] => Int128,
    [u8; 32] => Int256,
    String => Str,
    &str => Str,
    Vec<u8> => Bytes,
    &[u8] => Bytes,
    Object => Object,
}

impl From<Vec<Value>> for Value {
    fn from(elements: Vec<Value>) -> Self {
        Self::Vector(elements)
    }
}

impl From<Vec<Object>> for Value {
    fn from(objects: Vec<Object>) -> Self {
        objects.into_iter().collect()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::Vector(elements.into_iter().map(Into::into).collect())
    }
}

/// A constructor or a function: its name and the fields it has. Optional fields that are not there are
/// absent; flag words are never there, they follow from the fields. Two objects are equal when they have the
/// same name and the same fields, in whatever order they were set.
#[derive(Clone)]
pub struct Object {
    name: Name,
    fields: Vec<(Name, Value)>,
}

impl Object {
    /// An object without fields yet.
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), fields: Vec::new() }
    }

    pub(crate) fn with_capacity(name: Name, fields: usize) -> Self {
        Self { name, fields: Vec::with_capacity(fields) }
    }

    /// Adds a field the decoder knows to be new.
    pub(crate) fn push(&mut self, field: Name, value: Value) {
        self.fields.push((field, value));
    }

    /// The same object with this field set.
    #[must_use]
    pub fn with(mut self, field: impl Into<Name>, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }

    /// The same object with this field set if there is something to set.
    #[must_use]
    pub fn with_opt(mut self, field: impl Into<Name>, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.set(field, value);
        }
        self
    }

    /// Sets a field, in place of an earlier value.
    pub fn set(&mut self, field: impl Into<Name>, value: impl Into<Value>) {
        let (field, value) = (field.into(), value.into());
        match self.get_mut(&field) {
            Some(old) => *old = value,
            None => self.fields.push((field, value)),
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, field: &str) -> Option<Value> {
        let index = self.fields.iter().position(|(name, _)| name == field)?;
        Some(self.fields.remove(index).1)
    }

    /// The name of the constructor or function.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The fields that are there.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.fields.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// A field.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value)
    }

    /// A field, to be changed.
    pub fn get_mut(&mut self, field: &str) -> Option<&mut Value> {
        self.fields.iter_mut().find(|(name, _)| name == field).map(|(_, value)| value)
    }

    /// An `int` field.
    pub fn int(&self, field: &str) -> Option<i32> {
        self.get(field)?.as_int()
    }

    /// A `long` (or `int`) field.
    pub fn long(&self, field: &str) -> Option<i64> {
        self.get(field)?.as_long()
    }

    /// A `double` field.
    pub fn double(&self, field: &str) -> Option<f64> {
        if let Value::Double(number) = self.get(field)? { Some(*number) } else { None }
    }

    /// A `string` field that is UTF-8.
    pub fn str(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    /// A `bytes`, `int128` or `int256` field.
    pub fn bytes(&self, field: &str) -> Option<&[u8]> {
        self.get(field)?.as_bytes()
    }

    /// A `Bool` field.
    pub fn bool(&self, field: &str) -> Option<bool> {
        self.get(field)?.as_bool()
    }

    /// Whether a `true` flag is set (or a `Bool` field is true); false when absent.
    pub fn flag(&self, field: &str) -> bool {
        self.bool(field).unwrap_or(false)
    }

    /// A field that is an object.
    pub fn object(&self, field: &str) -> Option<&Object> {
        self.get(field)?.as_object()
    }

    /// A field that is a vector.
    pub fn vector(&self, field: &str) -> Option<&[Value]> {
        self.get(field)?.as_vector()
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.fields.len() == other.fields.len()
            && self.fields.iter().zip(&other.fields).all(|(mine, theirs)| {
                if mine.0 == theirs.0 { mine.1 == theirs.1 } else { other.get(&mine.0) == Some(&mine.1) }
            })
    }
}

/// Prints the name and the fields; secrets (phone numbers, codes, passwords, keys) show as `…`.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(&self.name);
        for (name, value) in &self.fields {
            if is_secret(name) {
                shown.field(name, &format_args!("…"));
            } else {
                shown.field(name, value);
            }
        }
        shown.finish()
    }
}

/// The static spelling of a built-in type's name.
pub(crate) fn builtin(name: &str) -> Option<&'static str> {
    ["int", "long", "double", "int128", "int256", "string", "bytes", "Bool", "true", "Object", "X"]
        .into_iter()
        .find(|known| *known == name)
}
