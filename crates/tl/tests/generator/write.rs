//! One item of Rust from one definition or one type.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use offhook_tl::{Definition, Flag, Kind, Parameter, Schema, Type, is_secret};

use super::names::{camel, field, split, variant};
use super::{List, type_of};

/// Which definitions become what, and how they are called.
pub(crate) struct Names<'a> {
    schema: &'a Schema,
    list: &'a List,
    root: &'a str,
    /// Types by name: how many constructors there are and which are generated.
    types: BTreeMap<&'static str, (usize, Vec<&'a Definition>)>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(schema: &'a Schema, list: &'a List, root: &'a str) -> Self {
        let mut types: BTreeMap<_, (usize, Vec<_>)> = BTreeMap::new();
        for definition in schema.definitions().iter().filter(|d| d.kind == Kind::Constructor) {
            let entry = types.entry(definition.result).or_default();
            entry.0 += 1;
            if list.takes_constructor(definition.name, definition.result) {
                entry.1.push(definition);
            }
        }
        types.retain(|_, (_, taken)| !taken.is_empty());
        for (kind, name) in list.names() {
            let known = match kind {
                "type" => types.contains_key(name),
                "constructor" => schema.constructor(name).is_some(),
                _ => schema.function(name).is_some(),
            };
            assert!(known, "the list names the {kind} {name}, which the schema does not have");
        }
        Self { schema, list, root, types }
    }

    /// Types that become enums.
    pub(crate) fn enum_types(&self) -> impl Iterator<Item = &'static str> {
        self.types.iter().filter(|(_, (all, _))| *all > 1).map(|(name, _)| *name)
    }

    fn is_enum(&self, ty: &str) -> bool {
        self.types.get(ty).is_some_and(|(all, _)| *all > 1)
    }

    /// Whether a constructor becomes a struct: not when it is a variant without fields.
    pub(crate) fn has_struct(&self, definition: &Definition) -> bool {
        let Some(ty) = type_of(definition) else { return false };
        self.list.takes_constructor(definition.name, ty)
            && !(self.is_enum(ty) && definition.params.is_empty())
    }

    /// The path of a definition's struct, if it has one.
    pub(crate) fn item(&self, definition: &Definition) -> Option<String> {
        let path = self.struct_path(definition);
        match definition.kind {
            Kind::Constructor => self.has_struct(definition).then_some(path),
            Kind::Function if !self.list.takes_function(definition.name) => None,
            Kind::Function if definition.is_wrapper() => {
                Some(format!("{path}<offhook_tl::functions::help::GetConfig>"))
            }
            Kind::Function => Some(path),
        }
    }

    fn path(&self, module: &str, name: &str) -> String {
        let (namespace, last) = split(name);
        let dots = if namespace.is_empty() { "" } else { "::" };
        format!("{}::{module}::{namespace}{dots}{}", self.root, camel(last))
    }

    fn struct_path(&self, definition: &Definition) -> String {
        let module = if definition.kind == Kind::Function { "functions" } else { "types" };
        self.path(module, definition.name)
    }

    /// The Rust type of a boxed type's name.
    pub(crate) fn boxed(&self, name: &str) -> String {
        match self.types.get(name) {
            Some((1, taken)) => self.struct_path(taken[0]),
            Some(_) => self.path("enums", name),
            None => "crate::Value".to_owned(),
        }
    }

    fn rust(&self, ty: &Type) -> String {
        match ty {
            Type::Int => "i32".to_owned(),
            Type::Long => "i64".to_owned(),
            Type::Double => "f64".to_owned(),
            Type::Int128 => "[u8; 16]".to_owned(),
            Type::Int256 => "[u8; 32]".to_owned(),
            Type::Str => "String".to_owned(),
            Type::Bytes | Type::Object => "Vec<u8>".to_owned(),
            Type::Bool | Type::True => "bool".to_owned(),
            Type::Vector(of) | Type::BareVector(of) => format!("Vec<{}>", self.rust(of)),
            Type::Boxed(name) => self.boxed(name),
            Type::Bare(name) => self.struct_path(self.schema.constructor(name).unwrap()),
            Type::BareOf(name) => self.struct_path(self.schema.single(name).unwrap()),
            Type::Query => "Q".to_owned(),
            Type::Flags | Type::BodyLength => unreachable!("words of the wire are no fields"),
        }
    }

    fn field_type(&self, definition: &Definition, param: &Parameter) -> String {
        let plain = self.rust(&param.ty);
        let plain = if self.is_recursive(definition, &param.ty) { format!("Box<{plain}>") } else { plain };
        if param.flag.is_some() && param.ty != Type::True { format!("Option<{plain}>") } else { plain }
    }

    /// Whether a field leads back to its own type with no vector between.
    fn is_recursive(&self, definition: &Definition, ty: &Type) -> bool {
        let (Some(own), Type::Boxed(start)) = (type_of(definition), ty) else { return false };
        let mut seen = BTreeSet::new();
        let mut open = vec![*start];
        while let Some(name) = open.pop() {
            if name == own {
                return true;
            }
            let Some((_, taken)) = self.types.get(name).filter(|_| seen.insert(name)) else { continue };
            for param in taken.iter().flat_map(|definition| &definition.params) {
                if let Type::Boxed(name) = param.ty {
                    open.push(name);
                }
            }
        }
        false
    }

    /// The struct of a constructor or function, and how it goes to and from bytes.
    pub(crate) fn structure(&self, definition: &Definition) -> String {
        let name = camel(split(definition.name).1);
        let fields: Vec<_> = definition
            .params
            .iter()
            .filter(|param| !matches!(param.ty, Type::Flags | Type::BodyLength))
            .collect();
        let generic = definition.is_wrapper();
        let of = if generic { "<Q>" } else { "" };
        let hides = fields.iter().any(|param| is_secret(param.name));
        let mut derives = String::from("Clone, PartialEq");
        if !hides {
            derives.push_str(", Debug");
        }
        if fields.iter().all(|param| param.flag.is_some() || self.has_default(&param.ty, 0)) {
            derives.push_str(", Default");
        }
        let mut out = String::new();
        let result = definition.result;
        let verb = if definition.kind == Kind::Function { "answered by" } else { "of" };
        writeln!(out, "\n/// `{}#{:08x}`, {verb} `{result}`.", definition.name, definition.id).unwrap();
        writeln!(out, "#[derive({derives})]\npub struct {name}{of} {{").unwrap();
        for param in &fields {
            writeln!(out, "    pub {}: {},", field(param.name), self.field_type(definition, param)).unwrap();
        }
        out.push_str("}\n");
        if hides {
            out += &debug(&name, &fields);
        }
        let (bounds, bounded) = if generic {
            ("<Q: crate::Serializable + crate::Deserializable>", format!("{name}<Q>"))
        } else {
            ("", name)
        };
        let unused = if fields.is_empty() { "_" } else { "" };
        write!(
            out,
            "\nimpl{bounds} crate::Constructor for {bounded} {{\n    \
             const ID: u32 = 0x{:08x};\n    const NAME: &'static str = \"{}\";\n\n    \
             fn write_fields(&self, {unused}out: &mut Vec<u8>) {{\n{}    }}\n\n    \
             fn read_fields({unused}reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {{\n{}    }}\n}}\n",
            definition.id,
            definition.name,
            self.writes(definition),
            self.reads(definition),
        )
        .unwrap();
        write!(
            out,
            "\nimpl{bounds} crate::Serializable for {bounded} {{\n    \
             fn serialize(&self, out: &mut Vec<u8>) {{\n        \
             crate::fixed::write_object(self, out);\n    }}\n}}\n\n\
             impl{bounds} crate::Deserializable for {bounded} {{\n    \
             fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {{\n        \
             crate::fixed::read_object(reader)\n    }}\n}}\n"
        )
        .unwrap();
        out
    }

    fn has_default(&self, ty: &Type, depth: u32) -> bool {
        match ty {
            Type::Boxed(name) => {
                let Some((1, taken)) = self.types.get(name) else { return false };
                depth < 8
                    && taken[0].params.iter().all(|p| p.flag.is_some() || self.has_default(&p.ty, depth + 1))
            }
            Type::Bare(_) | Type::BareOf(_) => false,
            _ => true,
        }
    }

    fn writes(&self, definition: &Definition) -> String {
        let mut out = String::new();
        let mut word = 0;
        for param in &definition.params {
            let name = field(param.name);
            let line = match (&param.ty, param.flag) {
                (Type::Flags, _) => {
                    word += 1;
                    let bits = bits(definition, word - 1);
                    format!(
                        "let flags{word}: u32 = {bits};\n        \
                         out.extend_from_slice(&flags{word}.to_le_bytes());"
                    )
                }
                (Type::BodyLength, _) | (Type::True, Some(_)) => continue,
                (_, Some(flag)) => {
                    format!(
                        "crate::fixed::put(self.{name}.as_ref(), flags{}, {}, out);",
                        flag.word + 1,
                        flag.bit
                    )
                }
                (Type::Object, _) if has_length(definition) => {
                    format!("crate::fixed::write_body(&self.{name}, out);")
                }
                (Type::Object, _) => format!("out.extend_from_slice(&self.{name});"),
                (Type::BareVector(of), _) if matches!(**of, Type::Bare(_) | Type::BareOf(_)) => {
                    format!("crate::fixed::write_bare(&self.{name}, out);")
                }
                (Type::BareVector(_), _) => format!("crate::fixed::write_elements(&self.{name}, out);"),
                _ => format!("crate::Serializable::serialize(&self.{name}, out);"),
            };
            writeln!(out, "        {line}").unwrap();
        }
        out
    }

    fn reads(&self, definition: &Definition) -> String {
        let mut out = String::new();
        let mut names = Vec::new();
        let mut word = 0;
        for param in &definition.params {
            let name = field(param.name);
            let value = match (&param.ty, param.flag) {
                (Type::Flags, _) => {
                    word += 1;
                    writeln!(out, "        let flags{word} = reader.word()?;").unwrap();
                    continue;
                }
                (Type::BodyLength, _) => continue,
                (Type::True, Some(flag)) => {
                    format!("crate::fixed::flag(flags{}, {})", flag.word + 1, flag.bit)
                }
                (_, Some(flag)) => {
                    format!("crate::fixed::optional(reader, flags{}, {})?", flag.word + 1, flag.bit)
                }
                (Type::Object, _) if has_length(definition) => "crate::fixed::read_body(reader)?".to_owned(),
                (Type::Object, _) => "reader.take_rest().to_vec()".to_owned(),
                (Type::BareVector(of), _) if matches!(**of, Type::Bare(_) | Type::BareOf(_)) => {
                    "crate::fixed::elements(reader, crate::Constructor::read_fields)?".to_owned()
                }
                (Type::BareVector(_), _) => {
                    "crate::fixed::elements(reader, crate::Deserializable::deserialize)?".to_owned()
                }
                _ => "crate::Deserializable::deserialize(reader)?".to_owned(),
            };
            writeln!(out, "        let {name} = {value};").unwrap();
            names.push(name);
        }
        writeln!(out, "        Ok(Self {{ {} }})", names.join(", ")).unwrap();
        out
    }

    /// What a function is answered by.
    pub(crate) fn call(&self, definition: &Definition) -> String {
        let name = camel(split(definition.name).1);
        let (bounds, of) = if definition.is_wrapper() {
            ("<Q: crate::Call + crate::Deserializable>", "<Q>")
        } else {
            ("", "")
        };
        let answer = match self.schema.answer(definition).expect("every answer has a type") {
            Type::Object => "Q::Return".to_owned(),
            ty => self.rust(ty),
        };
        format!(
            "\nimpl{bounds} crate::Call for {name}{of} {{\n    type Return = {answer};\n    \
             const NAME: &'static str = \"{}\";\n}}\n",
            definition.name
        )
    }

    /// The enum of a type with several constructors.
    pub(crate) fn enumeration(&self, ty: &str) -> String {
        let name = camel(split(ty).1);
        let (all, taken) = &self.types[ty];
        let partial = taken.len() < *all;
        let (mut variants, mut writes, mut reads, mut from) =
            (String::new(), String::new(), String::new(), String::new());
        for definition in taken {
            let variant = variant(definition.name, ty);
            let id = definition.id;
            writeln!(variants, "    /// `{}`.", definition.name).unwrap();
            if definition.params.is_empty() {
                writeln!(variants, "    {variant},").unwrap();
                writeln!(
                    writes,
                    "            Self::{variant} => out.extend_from_slice(&0x{id:08x}_u32.to_le_bytes()),"
                )
                .unwrap();
                writeln!(reads, "            0x{id:08x} => Self::{variant},").unwrap();
                continue;
            }
            let path = self.struct_path(definition);
            writeln!(variants, "    {variant}({path}),").unwrap();
            writeln!(
                writes,
                "            Self::{variant}(object) => crate::Serializable::serialize(object, out),"
            )
            .unwrap();
            writeln!(
                reads,
                "            0x{id:08x} => Self::{variant}(crate::Constructor::read_fields(reader)?),"
            )
            .unwrap();
            write!(
                from,
                "\nimpl From<{path}> for {name} {{\n    fn from(object: {path}) -> Self {{\n        \
                 Self::{variant}(object)\n    }}\n}}\n"
            )
            .unwrap();
        }
        if partial {
            variants.push_str("    /// Any other constructor of the type.\n    Other(crate::Value),\n");
            writes
                .push_str("            Self::Other(value) => crate::Serializable::serialize(value, out),\n");
            writeln!(reads, "            id => Self::Other(crate::fixed::other(reader, id, at, \"{ty}\")?),")
                .unwrap();
        } else {
            reads.push_str("            id => return Err(crate::DecodeError::UnknownId { id, at }),\n");
        }
        let reader = if reads.contains("(reader") { "reader" } else { "_reader" };
        format!(
            "\n/// `{ty}`.\n#[derive(Clone, Debug, PartialEq)]\npub enum {name} {{\n{variants}}}\n\n\
             impl crate::Serializable for {name} {{\n    fn serialize(&self, out: &mut Vec<u8>) {{\n        \
             match self {{\n{writes}        }}\n    }}\n}}\n\n\
             impl crate::Deserializable for {name} {{\n    \
             fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {{\n        \
             crate::fixed::boxed(reader, |{reader}, id, at| Ok(match id {{\n{reads}        }}))\n    }}\n}}\n{from}"
        )
    }
}

/// The expression of a flag word: a bit is set when the fields that share it are there.
fn bits(definition: &Definition, word: u8) -> String {
    let mut by_bit: BTreeMap<u8, Vec<&Parameter>> = BTreeMap::new();
    for param in &definition.params {
        if let Some(Flag { bit, .. }) = param.flag.filter(|flag| flag.word == word) {
            by_bit.entry(bit).or_default().push(param);
        }
    }
    let terms: Vec<String> = by_bit
        .into_iter()
        .map(|(bit, params)| {
            let carried: Vec<_> = params.iter().filter(|param| param.ty != Type::True).collect();
            let set = if carried.is_empty() {
                params
                    .iter()
                    .map(|param| format!("self.{}", field(param.name)))
                    .collect::<Vec<_>>()
                    .join(" || ")
            } else {
                let there = |param: &&&Parameter| format!("self.{}.is_some()", field(param.name));
                carried.iter().map(there).collect::<Vec<_>>().join(" && ")
            };
            if bit == 0 { format!("u32::from({set})") } else { format!("u32::from({set}) << {bit}") }
        })
        .collect();
    if terms.is_empty() { "0".to_owned() } else { terms.join("\n            | ") }
}

fn has_length(definition: &Definition) -> bool {
    definition.params.iter().any(|param| param.ty == Type::BodyLength)
}

fn debug(name: &str, fields: &[&Parameter]) -> String {
    let mut out = format!(
        "\nimpl std::fmt::Debug for {name} {{\n    \
         fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n        \
         f.debug_struct(\"{name}\")\n"
    );
    for param in fields {
        let shown = if is_secret(param.name) {
            "&format_args!(\"…\")".to_owned()
        } else {
            format!("&self.{}", field(param.name))
        };
        writeln!(out, "            .field(\"{}\", {shown})", param.name).unwrap();
    }
    out + "            .finish()\n    }\n}\n"
}
