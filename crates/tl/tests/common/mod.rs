//! Values of any definition, made up from a seed.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::HashMap;

use offhook_tl::{Definition, Kind, Name, Object, Parameter, Schema, Type, Value};

/// Makes up values of one schema.
pub(crate) struct Maker<'a> {
    schema: &'a Schema,
    /// Constructors of each type, the shallowest first.
    types: HashMap<&'static str, Vec<&'a Definition>>,
    state: u64,
}

impl<'a> Maker<'a> {
    pub(crate) fn new(schema: &'a Schema, seed: u64) -> Self {
        let mut types: HashMap<_, Vec<&Definition>> = HashMap::new();
        let constructors = schema.definitions().iter().filter(|d| d.kind == Kind::Constructor);
        constructors.for_each(|definition| types.entry(definition.result).or_default().push(definition));
        let heights = heights(&types);
        for constructors in types.values_mut() {
            constructors.sort_by_key(|definition| height(definition, &heights));
        }
        Self { schema, types, state: seed | 1 }
    }

    /// A number below `below`.
    pub(crate) fn number(&mut self, below: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) % below
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        (0..self.number(most)).map(|_| self.number(256).to_le_bytes()[0]).collect()
    }

    /// An object of the definition; `depth` says how many levels may vary below it.
    pub(crate) fn object(&mut self, definition: &Definition, depth: u32) -> Object {
        let mut object = Object::new(definition.name);
        let words: Vec<u64> = (0..4).map(|_| if depth == 0 { 0 } else { self.number(1 << 32) }).collect();
        for param in &definition.params {
            let there = param.flag.is_none_or(|flag| words[usize::from(flag.word)] >> flag.bit & 1 == 1);
            if there && !matches!(param.ty, Type::Flags | Type::BodyLength) {
                object.set(Name::Borrowed(param.name), self.field(definition, param, depth));
            }
        }
        object
    }

    fn field(&mut self, definition: &Definition, param: &Parameter, depth: u32) -> Value {
        match definition.name {
            // The query after it is of this layer.
            "invokeWithLayer" if param.name == "layer" => Value::Int(self.schema.layer()),
            _ => self.value(&param.ty, depth),
        }
    }

    fn value(&mut self, ty: &Type, depth: u32) -> Value {
        match ty {
            Type::Int | Type::Flags | Type::BodyLength => {
                Value::Int(u32::try_from(self.number(1 << 32)).unwrap_or_default().cast_signed())
            }
            Type::Long => Value::Long((self.number(1 << 52) << 12 | self.number(1 << 12)).cast_signed()),
            Type::Double => Value::Double(self.number(1 << 40) as f64 / 1024.0),
            Type::Int128 => Value::Int128([self.number(256).to_le_bytes()[0]; 16]),
            Type::Int256 => Value::Int256([self.number(256).to_le_bytes()[0]; 32]),
            Type::Str => {
                let length = self.number(12);
                Value::Str((0..length).filter_map(|_| char::from_u32(self.number(0x3000) as u32)).collect())
            }
            Type::Bytes => Value::Bytes(self.bytes(12)),
            Type::Bool => Value::Bool(self.number(2) == 1),
            Type::True => Value::Bool(true),
            Type::Vector(of) | Type::BareVector(of) => {
                let length = if depth == 0 { 0 } else { self.number(3) };
                Value::Vector((0..length).map(|_| self.value(of, depth.saturating_sub(1))).collect())
            }
            Type::Boxed(name) | Type::BareOf(name) => {
                let constructors = &self.types[name];
                let count = if depth == 0 { 1 } else { constructors.len() as u64 };
                let definition = self.number(count);
                let definition = self.types[name][definition as usize];
                Value::Object(self.object(definition, depth.saturating_sub(1)))
            }
            Type::Bare(name) => {
                let definition = self.schema.constructor(name).expect("bare types have their constructor");
                Value::Object(self.object(definition, depth.saturating_sub(1)))
            }
            Type::Query => Value::Object(Object::new("help.getConfig")),
            Type::Object => Value::Raw(self.bytes(40)),
        }
    }
}

/// How many levels the shallowest value of each type needs.
fn heights(types: &HashMap<&'static str, Vec<&Definition>>) -> HashMap<&'static str, u32> {
    let mut heights = HashMap::new();
    for _ in 0..12 {
        for (name, constructors) in types {
            let least = constructors.iter().map(|definition| height(definition, &heights)).min();
            heights.insert(*name, least.unwrap_or(u32::MAX));
        }
    }
    heights
}

fn height(definition: &Definition, heights: &HashMap<&'static str, u32>) -> u32 {
    let required = definition.params.iter().filter(|param| param.flag.is_none());
    let deepest = required.map(|param| match param.ty {
        Type::Boxed(name) | Type::BareOf(name) => heights.get(name).copied().unwrap_or(1000),
        _ => 0,
    });
    deepest.max().unwrap_or(0).saturating_add(1)
}
