//! Values to and from JSON.
//!
//! An object is a JSON object whose `_` names the constructor or function. `bytes`, `int128` and `int256` are
//! base64 texts; a `long` is a number when a double holds it exactly, else a text of digits (both are read);
//! a `double` that is no number is one of `"NaN"`, `"Infinity"`, `"-Infinity"`. A `string` that is not UTF-8
//! is `{"base64": …}`, an object that is still bytes is `{"_": "raw", "bytes": …}`. `null` is an absent field.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value as Json};

use crate::definition::{Kind, Type};
use crate::schema::Schema;
use crate::value::{Name, Object, Value};

/// The largest whole number below which a double holds every whole number.
const EXACT: u64 = 1 << 53;

/// Why JSON is no value of a schema. `path` leads to the place: `peer.user_id`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// An object without `_`, where the type does not tell its constructor.
    #[error("{path}: an object needs \"_\", the name of its constructor")]
    NoName {
        /// Where.
        path: String,
    },
    /// The layer has no such constructor or function.
    #[error("{path}: layer {layer} has no {name}")]
    UnknownName {
        /// Where.
        path: String,
        /// The name.
        name: String,
        /// The layer.
        layer: i32,
    },
    /// The constructor has no such field.
    #[error("{path}: {object} has no such field")]
    UnknownField {
        /// Where; ends in the field.
        path: String,
        /// The constructor.
        object: String,
    },
    /// The value does not fit the field's type.
    #[error("{path}: expected {expected}")]
    Mismatch {
        /// Where.
        path: String,
        /// The type.
        expected: String,
    },
}

/// A value as JSON.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Long(number) if number.unsigned_abs() <= EXACT => Json::from(*number),
        Value::Long(number) => Json::String(number.to_string()),
        Value::Double(number) => double(*number),
        Value::Int128(bytes) => base64(bytes),
        Value::Int256(bytes) => base64(bytes),
        Value::Str(text) => Json::String(text.clone()),
        Value::Bytes(bytes) => base64(bytes),
        Value::Vector(elements) => Json::Array(elements.iter().map(to_json).collect()),
        Value::Object(object) => Json::Object(object_to_json(object)),
        Value::Raw(bytes) => Json::Object(Map::from_iter([
            ("_".to_owned(), Json::from(RAW)),
            ("bytes".to_owned(), base64(bytes)),
        ])),
    }
}

/// The name that stands for an object that is still bytes.
const RAW: &str = "raw";

fn object_to_json(object: &Object) -> Map<String, Json> {
    let mut json = Map::new();
    json.insert("_".to_owned(), Json::from(object.name()));
    for (name, value) in object.fields() {
        let value = match value {
            Value::Bytes(bytes) if is_text(object.name(), name) => {
                Json::Object(Map::from_iter([("base64".to_owned(), base64(bytes))]))
            }
            other => to_json(other),
        };
        json.insert(name.to_owned(), value);
    }
    json
}

/// Whether the field is a `string`, so that its bytes have to be told from a text.
fn is_text(object: &str, field: &str) -> bool {
    let definition = Schema::api().by_name(object).or_else(|| Schema::mtproto().by_name(object));
    definition.and_then(|definition| definition.param(field)).is_some_and(|param| param.ty == Type::Str)
}

fn base64(bytes: &[u8]) -> Json {
    Json::String(BASE64.encode(bytes))
}

fn double(number: f64) -> Json {
    let text = match number {
        n if n.is_nan() => "NaN",
        n if n.is_infinite() && n > 0.0 => "Infinity",
        n if n.is_infinite() => "-Infinity",
        n => return Json::from(n),
    };
    Json::from(text)
}

/// JSON as a value of the schema: an object with `_`, an array of such, or a truth.
///
/// # Errors
/// When a name or a field is not of this layer, or a field does not fit. Required fields that are missing are
/// found when the value is written.
pub fn from_json(schema: &Schema, json: &Json) -> Result<Value, JsonError> {
    Reading { schema, path: Vec::new() }.typed(&Type::Object, json)
}

/// JSON as a value of a type of the schema: `Vector<long>`, `InputPeer`. Where a type has only one constructor
/// `_` may be left out.
///
/// # Errors
/// As [`from_json`].
pub fn from_json_type(schema: &Schema, ty: &str, json: &Json) -> Result<Value, JsonError> {
    let mut reading = Reading { schema, path: Vec::new() };
    let parsed = schema.parse_type(ty).ok_or_else(|| reading.mismatch(&format!("a known type, not {ty}")))?;
    reading.typed(&parsed, json)
}

struct Reading<'a> {
    schema: &'a Schema,
    path: Vec<String>,
}

impl Reading<'_> {
    fn path(&self) -> String {
        if self.path.is_empty() { "value".to_owned() } else { self.path.join(".") }
    }

    fn mismatch(&self, expected: &str) -> JsonError {
        JsonError::Mismatch { path: self.path(), expected: expected.to_owned() }
    }

    fn typed(&mut self, ty: &Type, json: &Json) -> Result<Value, JsonError> {
        let value = match (ty, json) {
            (Type::Int | Type::BodyLength | Type::Flags, json) => {
                whole(json).and_then(|n| i32::try_from(n).ok()).map(Value::Int)
            }
            (Type::Long, json) => whole(json).map(Value::Long),
            (Type::Double, json) => number(json).map(Value::Double),
            (Type::Int128, json) => fixed(json).map(Value::Int128),
            (Type::Int256, json) => fixed(json).map(Value::Int256),
            (Type::Str, Json::String(text)) => Some(Value::Str(text.clone())),
            (Type::Str, Json::Object(map)) => map.get("base64").and_then(from_base64).map(Value::Bytes),
            (Type::Bytes, json) => from_base64(json).map(Value::Bytes),
            (Type::Bool | Type::True | Type::Object, Json::Bool(truth)) => Some(Value::Bool(*truth)),
            (Type::Vector(of) | Type::BareVector(of), Json::Array(elements)) => {
                return self.elements(of, elements);
            }
            (Type::Object, Json::Array(elements)) => return self.elements(&Type::Object, elements),
            (
                Type::Object | Type::Query | Type::Boxed(_) | Type::Bare(_) | Type::BareOf(_),
                Json::Object(map),
            ) => {
                return self.object(ty, map);
            }
            _ => None,
        };
        value.ok_or_else(|| self.mismatch(&ty.to_string()))
    }

    fn elements(&mut self, of: &Type, elements: &[Json]) -> Result<Value, JsonError> {
        let mut values = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            self.path.push(index.to_string());
            values.push(self.typed(of, element)?);
            self.path.pop();
        }
        Ok(Value::Vector(values))
    }

    fn object(&mut self, ty: &Type, map: &Map<String, Json>) -> Result<Value, JsonError> {
        let schema = self.schema;
        let definition = match (map.get("_").and_then(Json::as_str), ty) {
            (Some(RAW), _) => {
                let bytes = map.get("bytes").and_then(from_base64);
                return bytes.map(Value::Raw).ok_or_else(|| self.mismatch("bytes"));
            }
            (Some(name), _) => schema.by_name(name).ok_or_else(|| JsonError::UnknownName {
                path: self.path(),
                name: name.to_owned(),
                layer: schema.layer(),
            })?,
            (None, Type::Boxed(name) | Type::BareOf(name)) => {
                schema.single(name).ok_or_else(|| JsonError::NoName { path: self.path() })?
            }
            (None, Type::Bare(name)) => {
                schema.constructor(name).ok_or_else(|| JsonError::NoName { path: self.path() })?
            }
            (None, _) => return Err(JsonError::NoName { path: self.path() }),
        };
        let fits = match ty {
            Type::Boxed(name) | Type::BareOf(name) => {
                definition.kind == Kind::Constructor && definition.result == *name
            }
            Type::Bare(name) => definition.name == *name,
            Type::Query => definition.kind == Kind::Function,
            _ => true,
        };
        if !fits {
            return Err(self.mismatch(&ty.to_string()));
        }
        let mut object = Object::with_capacity(Name::Borrowed(definition.name), map.len());
        for (field, json) in map.iter().filter(|(field, json)| *field != "_" && !json.is_null()) {
            self.path.push(field.clone());
            let param = definition.param(field).filter(|param| param.ty != Type::Flags);
            let param = param.ok_or_else(|| JsonError::UnknownField {
                path: self.path(),
                object: definition.name.to_owned(),
            })?;
            let value = self.typed(&param.ty, json)?;
            // A `true` flag that is not set is absent.
            if param.ty != Type::True || value == Value::Bool(true) {
                object.push(Name::Borrowed(param.name), value);
            }
            self.path.pop();
        }
        Ok(Value::Object(object))
    }
}

fn whole(json: &Json) -> Option<i64> {
    match json {
        Json::Number(number) => number.as_i64(),
        Json::String(digits) => digits.parse().ok(),
        _ => None,
    }
}

fn number(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

fn fixed<const N: usize>(json: &Json) -> Option<[u8; N]> {
    from_base64(json)?.try_into().ok()
}

fn from_base64(json: &Json) -> Option<Vec<u8>> {
    BASE64.decode(json.as_str()?).ok()
}
