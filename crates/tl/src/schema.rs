//! One layer: its constructors and functions, found by name and by id.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use crate::definition::{Definition, Kind, Type};
use crate::parse::{SchemaError, definitions, parse_type};
use crate::{layers, value};

/// The constructors and functions of one layer.
pub struct Schema {
    layer: i32,
    definitions: Vec<Definition>,
    /// Ids in order, each with the index of its definition.
    by_id: Vec<(u32, u32)>,
    constructors: HashMap<&'static str, u32>,
    functions: HashMap<&'static str, u32>,
    /// Types of exactly one constructor, for `%Type`.
    singles: HashMap<&'static str, Option<u32>>,
    /// Answer types of the functions, taken apart once.
    answers: HashMap<&'static str, Type>,
}

impl Schema {
    /// The newest stored API layer, [`crate::LAYER`].
    pub fn api() -> &'static Self {
        Self::api_layer(layers::LAYER)
    }

    /// The API schema of a layer: exactly that layer if it is stored, else the nearest stored one below it,
    /// else the lowest stored. Parsed at first use (some milliseconds), kept for good.
    pub fn api_layer(layer: i32) -> &'static Self {
        layers::schema(layer)
    }

    /// The schema of MTProto itself: key exchange and service messages. Its layer is 0.
    pub fn mtproto() -> &'static Self {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(|| {
            Self::from_static(include_str!("../schema/mtproto.tl"), 0)
                .expect("the stored MTProto schema parses")
        })
    }

    /// The stored API layers, newest first.
    pub fn layers() -> &'static [i32] {
        layers::stored()
    }

    /// Parses a schema of one's own. The text is kept for the life of the process: for schemas read once,
    /// not for input of strangers.
    ///
    /// # Errors
    /// When the text is no schema, or defines a name or an id twice.
    pub fn parse(text: &str, layer: i32) -> Result<Self, SchemaError> {
        Self::from_static(Box::leak(text.to_owned().into_boxed_str()), layer)
    }

    fn from_static(text: &'static str, layer: i32) -> Result<Self, SchemaError> {
        Self::from_definitions(definitions(text)?, layer)
    }

    pub(crate) fn from_definitions(definitions: Vec<Definition>, layer: i32) -> Result<Self, SchemaError> {
        let mut schema = Self {
            layer,
            by_id: Vec::with_capacity(definitions.len()),
            constructors: HashMap::with_capacity(definitions.len()),
            functions: HashMap::new(),
            singles: HashMap::new(),
            answers: HashMap::new(),
            definitions: Vec::new(),
        };
        for (index, definition) in (0_u32..).zip(&definitions) {
            let names = match definition.kind {
                Kind::Constructor => &mut schema.constructors,
                Kind::Function => &mut schema.functions,
            };
            if names.insert(definition.name, index).is_some() {
                return Err(SchemaError::Duplicate { name: definition.name.to_owned() });
            }
            schema.by_id.push((definition.id, index));
            if definition.kind == Kind::Constructor {
                let single = schema.singles.entry(definition.result).or_insert(Some(index));
                *single = single.filter(|first| *first == index);
            } else if let Some(ty) = parse_type(definition.result) {
                schema.answers.insert(definition.result, ty);
            }
        }
        schema.definitions = definitions;
        schema.by_id.sort_unstable();
        if let Some(twice) = schema.by_id.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let name = schema.at(Some(&twice[1].1)).map_or("", |definition| definition.name);
            return Err(SchemaError::Duplicate { name: name.to_owned() });
        }
        Ok(schema)
    }

    /// The number of the layer.
    pub fn layer(&self) -> i32 {
        self.layer
    }

    /// The constructor of this name: `user`, `auth.sentCode`.
    pub fn constructor(&self, name: &str) -> Option<&Definition> {
        self.at(self.constructors.get(name))
    }

    /// The function of this name: `phone.requestCall`.
    pub fn function(&self, name: &str) -> Option<&Definition> {
        self.at(self.functions.get(name))
    }

    /// The constructor or the function of this name.
    pub fn by_name(&self, name: &str) -> Option<&Definition> {
        self.constructor(name).or_else(|| self.function(name))
    }

    /// The constructor or function with this id.
    pub fn by_id(&self, id: u32) -> Option<&Definition> {
        let found = self.by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.at(Some(&self.by_id[found].1))
    }

    /// All of the layer, in the order of its text.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The constructors that make up a type: `user` and `userEmpty` for `User`.
    pub fn constructors_of<'a>(&'a self, ty: &'a str) -> impl Iterator<Item = &'a Definition> {
        self.definitions.iter().filter(move |d| d.kind == Kind::Constructor && d.result == ty)
    }

    /// The only constructor of a type, if there is exactly one.
    pub fn single(&self, ty: &str) -> Option<&Definition> {
        self.at(self.singles.get(ty).and_then(Option::as_ref))
    }

    /// The type of a function's answer, taken apart.
    pub fn answer(&self, function: &Definition) -> Option<&Type> {
        self.answers.get(function.result)
    }

    /// Reads a type expression with names of this schema: `Vector<User>`, `Bool`, `auth.SentCode`, `int`.
    pub fn parse_type(&self, text: &str) -> Option<Type> {
        if let Some(ty) = self.answers.get(text) {
            return Some(ty.clone());
        }
        for (prefix, boxed) in [("Vector<", true), ("vector<", false)] {
            if let Some(of) = text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>')) {
                let of = Box::new(self.parse_type(of)?);
                return Some(if boxed { Type::Vector(of) } else { Type::BareVector(of) });
            }
        }
        if let Some(of) = text.strip_prefix('%') {
            return self.singles.get_key_value(of).map(|(name, _)| Type::BareOf(name));
        }
        let named = self.singles.get_key_value(text).map(|(name, _)| Type::Boxed(name));
        named.or_else(|| match value::builtin(text) {
            Some(name) => parse_type(name),
            None => self.constructor(text).map(|definition| Type::Bare(definition.name)),
        })
    }

    fn at(&self, index: Option<&u32>) -> Option<&Definition> {
        self.definitions.get(usize::try_from(*index?).ok()?)
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.definitions.len();
        f.debug_struct("Schema").field("layer", &self.layer).field("definitions", &count).finish()
    }
}
