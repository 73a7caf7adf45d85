//! The checked-in static types are what the schema files and `schema/static.txt` say.

#![allow(clippy::unwrap_used, reason = "a test of files in this crate")]

mod generator;

use std::path::Path;

use offhook_tl::Schema;

#[test]
fn the_generated_files_say_what_the_schema_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = std::fs::read_to_string(root.join("schema/static.txt")).unwrap();
    let api = generator::generate(Schema::api(), &generator::List::parse(&list), "crate");
    let mtproto = generator::generate(Schema::mtproto(), &generator::List::everything(), "crate::mtproto");
    for (name, text) in [("api.rs", api), ("mtproto.rs", mtproto)] {
        let path = root.join("src/generated").join(name);
        if std::env::var_os("OFFHOOK_WRITE_GENERATED").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let held = std::fs::read_to_string(&path).unwrap();
        assert!(held == text, "{name} is behind the schema: see src/generated/mod.rs");
    }
}
