//! The stored API layers.
//!
//! The newest layer is stored whole. Each older one is what changes on the way down from the layer above it:
//! `-name` takes a definition away, a definition puts one in (in place of one of the same name).
//! `schema/README.md` tells how a layer is added.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::definition::Kind;
use crate::parse::{self, SchemaError};
use crate::schema::Schema;

/// The newest stored API layer: what the static types speak.
pub const LAYER: i32 = NUMBERS[0];

macro_rules! stored {
    ($newest:literal: $whole:literal $(, $layer:literal: $delta:literal)* $(,)?) => {
        const NUMBERS: &[i32] = &[$newest $(, $layer)*];
        const TEXTS: &[&str] = &[include_str!($whole) $(, include_str!($delta))*];
        static SCHEMAS: [OnceLock<Schema>; NUMBERS.len()] = [const { OnceLock::new() }; NUMBERS.len()];
    };
}

stored! {
    230: "../schema/api-230.tl",
}

/// The stored layers, newest first.
pub(crate) fn stored() -> &'static [i32] {
    NUMBERS
}

/// The stored layer nearest to `layer` from below, or the lowest.
pub(crate) fn schema(layer: i32) -> &'static Schema {
    let index = NUMBERS.iter().position(|stored| *stored <= layer).unwrap_or(NUMBERS.len() - 1);
    SCHEMAS[index].get_or_init(|| build(index).expect("the stored layers parse: a test reads each"))
}

fn build(index: usize) -> Result<Schema, SchemaError> {
    let mut lines = BTreeMap::new();
    for text in &TEXTS[..=index] {
        apply(text, &mut lines);
    }
    let definitions = lines.iter().map(|((kind, _), line)| parse::definition(line, *kind));
    Schema::from_definitions(definitions.collect::<Result<_, _>>()?, NUMBERS[index])
}

fn apply(text: &'static str, lines: &mut BTreeMap<(Kind, &'static str), &'static str>) {
    let mut kind = Kind::Constructor;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        if let Some(switched) = parse::mark(line) {
            kind = switched;
        } else if let Some(gone) = line.strip_prefix('-') {
            lines.remove(&(kind, gone));
        } else {
            let name = line.split('#').next().unwrap_or(line);
            lines.insert((kind, name), line.trim_end_matches(';'));
        }
    }
}
