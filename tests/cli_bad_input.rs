//! What people get wrong: each has its exit code, and a message that says what to do.

mod program;

use program::Dir;

#[test]
fn files_that_cannot_be_read_or_written_are_errors_before_anything_starts() {
    let dir = Dir::new();
    dir.offhook(&["demo", "--input", "missing.wav"]).fails(3, &["no such file", "missing.wav"]);
    dir.offhook(&["demo", "--output", "a.unknown"]).fails(3, &["a.unknown", ".wav"]);
    dir.write("empty.wav", "");
    dir.offhook(&["demo", "--input", "empty.wav"]).fails(3, &["empty.wav", "empty"]);
    dir.write("text.wav", "this is no sound at all");
    dir.offhook(&["demo", "--input", "text.wav"]).fails(3, &["text.wav"]);
    dir.offhook(&["demo", "--output", "no/folder/a.wav"]).fails(3, &["no/folder/a.wav"]);
}

#[test]
fn numbers_that_make_no_sense_are_refused_with_a_hint() {
    let dir = Dir::new();
    dir.offhook(&["demo", "--loss", "10"]).fails(2, &["--loss 10", "did you mean 0.1"]);
    dir.offhook(&["demo", "--jitter", "-5"]).fails(2, &["--jitter"]);
    dir.offhook(&["demo", "--seconds", "0.1"]).fails(2, &["--seconds"]);
    dir.offhook(&["demo", "--profile", "best"]).fails(2, &["quality, balanced or dense"]);
    dir.offhook(&["dc", "--user", "alice"]).fails(2, &["PHONE:USERNAME:NAME"]);
    dir.offhook(&["ring"]).fails(2, &["ring"]);
}

#[test]
fn an_account_that_was_never_logged_in_is_told_how() {
    let dir = Dir::new();
    dir.offhook(&["call", "--session", "a.session", "@bob"]).fails(3, &["offhook login"]);
    dir.offhook(&["call", "--session", "a.session", "bob"]).fails(2, &["@bob"]);
    let call = |more: &[&str]| dir.offhook(&[&["call", "--session", "a.session", "@bob"], more].concat());
    call(&["--versions", "13.0.0,14.0.0"]).fails(2, &["--versions", "14.0.0", "13.0.0 and 2.4.4"]);
    call(&["--versions", "9.0.0,9.0.0"]).fails(2, &["9.0.0 is listed twice"]);
    call(&["--versions", "9.0.0", "--protocol", "auto"]).fails(2, &["cannot be used with"]);
    call(&["--protocol", "skype"]).fails(2, &["auto, tgcalls, libtgvoip"]);
    let login = ["login", "--session", "a", "--dc", "nowhere", "--dc-key", "k.pem", "--phone", "+1000"];
    dir.offhook(&login).fails(2, &["--dc nowhere", "HOST:PORT"]);
    let login = ["login", "--session", "a", "--dc", "127.0.0.1:1", "--dc-key", "k.pem", "--phone", "+1000"];
    dir.offhook(&login).fails(3, &["k.pem"]);
}
