//! The help texts are the interface: they are held to a checked-in file.
//!
//! After a wanted change: `OFFHOOK_BLESS=1 cargo test --test cli_help`.

mod program;

use program::Dir;

#[test]
fn every_help_text_is_the_one_on_file() {
    let dir = Dir::new();
    let mut all = String::new();
    let commands: [&[&str]; 18] = [
        &[],
        &["demo"],
        &["dc"],
        &["login"],
        &["accept-login"],
        &["session"],
        &["session", "list"],
        &["session", "show"],
        &["session", "export"],
        &["session", "import"],
        &["session", "log-out"],
        &["password"],
        &["call"],
        &["answer"],
        &["updates"],
        &["api"],
        &["leg"],
        &["reflector"],
    ];
    for command in commands {
        let args: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let ran = dir.offhook(&args);
        assert_eq!(ran.code(), 0);
        all += &format!("$ offhook {}\n{}\n", args.join(" "), ran.stdout());
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/help.txt");
    if std::env::var_os("OFFHOOK_BLESS").is_some() {
        std::fs::write(&file, &all).unwrap();
    }
    assert!(std::fs::read_to_string(&file).unwrap() == all, "docs/help.txt differs from:\n{all}");
}
