//! Schema to Rust: structs for constructors and functions, enums for types.

mod list;
mod names;
mod write;

use std::collections::BTreeMap;
use std::fmt::Write;

use offhook_tl::{Definition, Kind, Schema};

pub(crate) use list::List;
use names::{camel, split};
use write::Names;

/// All of one generated file.
pub(crate) fn generate(schema: &Schema, list: &List, root: &str) -> String {
    let names = Names::new(schema, list, root);
    let mut types = Modules::default();
    let mut functions = Modules::default();
    let mut enums = Modules::default();
    for definition in schema.definitions() {
        match definition.kind {
            Kind::Constructor if names.has_struct(definition) => {
                types.add(definition.name, names.structure(definition));
            }
            Kind::Function if list.takes_function(definition.name) => {
                let text = names.structure(definition) + &names.call(definition);
                functions.add(definition.name, text);
            }
            _ => {}
        }
    }
    for ty in names.enum_types() {
        enums.add(ty, names.enumeration(ty));
    }
    let mut out = String::from("// Written by the test `generated`; see mod.rs.\n");
    types.write("types", "Constructors.", &mut out);
    enums.write("enums", "Types of several constructors.", &mut out);
    functions.write("functions", "Methods.", &mut out);
    out
}

/// The table by which a test finds the static type of a definition, and of a type of several constructors.
pub(crate) fn table(schema: &Schema, list: &List, module: &str) -> String {
    let root = if module == "api" { "offhook_tl".to_owned() } else { format!("offhook_tl::{module}") };
    let names = Names::new(schema, list, &root);
    let mut out = format!("\npub(crate) const {}: Table<'static> = &[\n", module.to_ascii_uppercase());
    for definition in schema.definitions() {
        if let Some(path) = names.item(definition) {
            writeln!(out, "    (\"{}\", through::<{path}>),", definition.name).unwrap();
        }
    }
    for ty in names.enum_types() {
        writeln!(out, "    (\"{ty}\", through::<{}>),", names.boxed(ty)).unwrap();
    }
    out + "];\n"
}

/// Items by namespace.
#[derive(Default)]
struct Modules(BTreeMap<String, BTreeMap<String, String>>);

impl Modules {
    fn add(&mut self, name: &str, text: String) {
        let (namespace, last) = split(name);
        let taken = self.0.entry(namespace.to_owned()).or_default().insert(camel(last), text);
        assert!(taken.is_none(), "two items are named {name}");
    }

    fn write(self, module: &str, doc: &str, out: &mut String) {
        writeln!(out, "\n/// {doc}\npub mod {module} {{").unwrap();
        for (namespace, items) in self.0 {
            if namespace.is_empty() {
                items.values().for_each(|item| out.push_str(item));
            } else {
                writeln!(out, "\n/// Namespace `{namespace}`.\npub mod {namespace} {{").unwrap();
                items.values().for_each(|item| out.push_str(item));
                out.push_str("}\n");
            }
        }
        out.push_str("}\n");
    }
}

/// The type that a definition belongs to, if it is a constructor.
fn type_of(definition: &Definition) -> Option<&'static str> {
    (definition.kind == Kind::Constructor).then_some(definition.result)
}
