//! The clips of the repository are those their manifest names.

mod common;

use std::collections::BTreeSet;

use common::clip;
use sha2::{Digest, Sha256};

#[test]
fn every_clip_is_in_the_manifest_with_its_hash_and_all_are_small() {
    let manifest = std::fs::read_to_string(clip("MANIFEST.md")).expect("the manifest");
    let mut named = BTreeSet::new();
    for row in manifest.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, hash) = (cells[1], cells[6].trim_matches('`'));
        let bytes = std::fs::read(clip(name)).expect("a clip of the manifest");
        assert_eq!(hex::encode(Sha256::digest(&bytes)), hash, "{name}");
        named.insert(name.to_owned());
    }
    let mut total = 0;
    for entry in std::fs::read_dir(clip(".")).expect("the folder") {
        let entry = entry.expect("an entry");
        total += entry.metadata().expect("its size").len();
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            named.contains(&name) || ["MANIFEST.md", "make.sh"].contains(&name.as_str()),
            "{name} is not named"
        );
    }
    assert!(named.len() >= 7 && total < 5_000_000, "{} clips, {total} bytes", named.len());
}
