//! Holds the workspace to the import table of `docs/architecture.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

type Imports = BTreeMap<String, BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The page's table: a header line that names the columns, then a line per crate with `x` where it may import.
fn allowed() -> Imports {
    let page =
        std::fs::read_to_string(root().join("docs/architecture.md")).expect("docs/architecture.md is there");
    let mut lines = page.lines().skip_while(|line| !line.trim_start().starts_with("tl crypto"));
    let header = lines.next().expect("the page has a table");
    let columns: Vec<&str> = header.split_whitespace().filter(|word| *word != "|").collect();
    let mut table = Imports::new();
    for line in lines.take_while(|line| !line.starts_with("```")) {
        let mut words = line.split_whitespace();
        let name = words.next().expect("a row begins with the crate's name");
        let marks: Vec<&str> = words.collect();
        assert_eq!(marks.len(), columns.len(), "row {name} has a mark for each column");
        let may =
            columns.iter().zip(marks).filter(|(_, mark)| *mark == "x").map(|(column, _)| (*column).into());
        table.insert(name.into(), may.collect());
    }
    table
}

/// What each crate imports, as cargo sees it. Dev-dependencies are left out: tests may look sideways.
fn actual() -> Imports {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let short = |name: &str| name.strip_prefix("offhook-").map(str::to_owned);
    let mut imports = Imports::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let Some(name) = short(package["name"].as_str().expect("a name")) else { continue };
        let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
        let used = dependencies
            .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
            .filter_map(|dependency| short(dependency["name"].as_str().expect("a name")));
        imports.insert(name, used.collect());
    }
    imports
}

#[test]
fn no_crate_imports_what_the_table_does_not_allow() {
    let allowed = allowed();
    let nothing = BTreeSet::new();
    for (name, used) in actual() {
        let may = allowed.get(&name).unwrap_or(&nothing);
        let extra: Vec<_> = used.difference(may).collect();
        assert!(extra.is_empty(), "{name} imports {extra:?}, which docs/architecture.md does not allow");
    }
}

#[test]
fn every_row_of_the_table_is_a_crate_of_the_workspace() {
    let crates: BTreeSet<String> = actual().into_keys().collect();
    for name in allowed().keys() {
        assert!(crates.contains(name), "the table names {name}, which is no crate of the workspace");
    }
}

#[test]
fn tokio_lives_in_the_shells_only() {
    let shells = ["client", "voip", "phone", "dc", "gateway", "cli", "fuzz"];
    for entry in std::fs::read_dir(root().join("crates")).expect("crates/ is there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if shells.contains(&name.as_str()) {
            continue;
        }
        let manifest = std::fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
        let runtime = manifest.lines().any(|line| line.starts_with("tokio"));
        assert!(!runtime, "{name} is a core and must not depend on tokio");
    }
}
