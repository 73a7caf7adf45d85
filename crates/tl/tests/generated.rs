//! The checked-in static types are what the schema files and `schema/static.txt` say.

#![allow(clippy::unwrap_used, reason = "a test of files in this crate")]

mod generator;

use std::path::Path;

use generator::{List, generate, table};
use offhook_tl::Schema;

#[test]
fn the_generated_files_say_what_the_schema_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = std::fs::read_to_string(root.join("schema/static.txt")).unwrap();
    let (list, all) = (List::parse(&list), List::everything());
    let api = generate(Schema::api(), &list, "crate");
    let mtproto = generate(Schema::mtproto(), &all, "crate::mtproto");
    let table = "// Written by the test `generated`.\n\nuse super::{Table, through};\n".to_owned()
        + &table(Schema::api(), &list, "api")
        + &table(Schema::mtproto(), &all, "mtproto");
    let files = [
        ("src/generated/api.rs", api),
        ("src/generated/mtproto.rs", mtproto),
        ("tests/static_table/table.rs", table),
    ];
    for (name, text) in files {
        let path = root.join(name);
        if std::env::var_os("OFFHOOK_WRITE_GENERATED").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let held = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(held == text, "{name} is behind the schema: see src/generated/mod.rs");
    }
}
