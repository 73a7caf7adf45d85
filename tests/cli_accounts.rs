//! The real binary: a Telegram in one process, an account that answers in another, one that calls in a third.

mod program;

use program::{Beside, Dir};
use serde_json::Value;

#[test]
fn two_accounts_log_in_and_call_each_other_from_the_command_line() {
    let dir = Dir::new();
    let users = ["--user", "+10000000001:alice:Alice", "--user", "+10000000002:bob:Bob"];
    let args: Vec<&str> = ["dc", "--json", "--code", "12345"].into_iter().chain(users).collect();
    let mut dc = Beside::start(&dir, &args);
    let told = dc.line();
    let (addr, key) = (told["addr"].as_str().unwrap(), told["pem"].as_str().unwrap());
    dir.write("key.pem", key);
    for (session, phone) in [("alice", "+10000000001"), ("bob", "+10000000002")] {
        let ran = dir.offhook(&[
            "login",
            "--session",
            session,
            "--dc",
            addr,
            "--dc-key",
            "key.pem",
            "--phone",
            phone,
            "--code",
            "12345",
        ]);
        assert_eq!(ran.code(), 0, "{}", ran.stderr());
    }
    let wrong = ["login", "--session", "c", "--dc", addr, "--dc-key", "key.pem", "--phone", "+10000000001"];
    dir.offhook(&[&wrong[..], &["--code", "54321"]].concat()).fails(5, &["the login code is wrong"]);
    dir.offhook(&["call", "--session", "alice", "@nobody_here"])
        .fails(19, &["nobody has the username @nobody_here"]);

    let offline = dir.offhook(&["call", "--session", "alice", "@bob", "--json", "--receive-timeout", "0.5"]);
    assert_eq!(offline.code(), 13, "{}", offline.stderr());

    let tone: Vec<u8> = (0..96_000_u32).flat_map(|i| ((i % 96) as i16 * 200 - 9600).to_le_bytes()).collect();
    dir.write("tone.raw", tone);
    let answer = ["answer", "--session", "bob", "--once", "--record", "heard.wav", "--json"];
    let mut bob = Beside::start(&dir, &answer);
    // Bob may still be on the way: whoever calls too early finds nobody.
    let call = || {
        dir.offhook(&[
            "call",
            "--session",
            "alice",
            "@bob",
            "--play",
            "tone.raw",
            "--hang-up-when-done",
            "--json",
            "--receive-timeout",
            "1",
        ])
    };
    let ran = (0..20).map(|_| call()).find(|ran| ran.code() != 13).expect("bob answers at last");
    assert_eq!(ran.code(), 0, "{}", ran.stderr());
    let (one, two): (Value, Value) = (serde_json::from_str(&ran.stdout()).unwrap(), bob.line());
    assert_eq!((&one["outcome"], &two["outcome"]), (&"completed".into(), &"completed".into()));
    assert_eq!(one["emoji"], two["emoji"]);
    assert_eq!(one["emoji"].as_array().unwrap().len(), 4);
    assert_eq!(two["peer"]["username"], "alice");
    let seconds = two["recordings"][0]["seconds"].as_f64().unwrap();
    assert!((2.0..4.5).contains(&seconds), "{seconds}");
}
