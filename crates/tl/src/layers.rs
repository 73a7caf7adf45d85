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
    232: "../schema/api-232.tl",
    230: "../schema/api-230.tl",
    229: "../schema/api-229.tl",
    228: "../schema/api-228.tl",
    227: "../schema/api-227.tl",
    225: "../schema/api-225.tl",
    224: "../schema/api-224.tl",
    222: "../schema/api-222.tl",
    221: "../schema/api-221.tl",
    220: "../schema/api-220.tl",
    216: "../schema/api-216.tl",
    214: "../schema/api-214.tl",
    211: "../schema/api-211.tl",
    207: "../schema/api-207.tl",
    204: "../schema/api-204.tl",
    203: "../schema/api-203.tl",
    202: "../schema/api-202.tl",
    201: "../schema/api-201.tl",
    199: "../schema/api-199.tl",
    198: "../schema/api-198.tl",
    196: "../schema/api-196.tl",
    195: "../schema/api-195.tl",
    194: "../schema/api-194.tl",
    189: "../schema/api-189.tl",
    188: "../schema/api-188.tl",
    187: "../schema/api-187.tl",
    186: "../schema/api-186.tl",
    185: "../schema/api-185.tl",
    184: "../schema/api-184.tl",
    183: "../schema/api-183.tl",
    182: "../schema/api-182.tl",
    181: "../schema/api-181.tl",
    179: "../schema/api-179.tl",
    177: "../schema/api-177.tl",
    176: "../schema/api-176.tl",
    174: "../schema/api-174.tl",
    173: "../schema/api-173.tl",
    172: "../schema/api-172.tl",
    170: "../schema/api-170.tl",
    169: "../schema/api-169.tl",
    167: "../schema/api-167.tl",
    166: "../schema/api-166.tl",
    165: "../schema/api-165.tl",
    164: "../schema/api-164.tl",
    163: "../schema/api-163.tl",
    162: "../schema/api-162.tl",
    161: "../schema/api-161.tl",
    160: "../schema/api-160.tl",
    158: "../schema/api-158.tl",
    155: "../schema/api-155.tl",
    152: "../schema/api-152.tl",
    151: "../schema/api-151.tl",
    150: "../schema/api-150.tl",
    149: "../schema/api-149.tl",
    148: "../schema/api-148.tl",
    146: "../schema/api-146.tl",
    145: "../schema/api-145.tl",
    144: "../schema/api-144.tl",
    143: "../schema/api-143.tl",
    142: "../schema/api-142.tl",
    140: "../schema/api-140.tl",
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
