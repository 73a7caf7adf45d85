//! What root tests share: a folder of their own, the real binary, a local Telegram with accounts.
#![allow(dead_code, reason = "each test file uses its part")]

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use offhook::client::{Client, ClientConfig, DcId, LoginCode, SignIn};
use offhook::dc::{Dc, DcHandle, UserSpec};
use offhook::phone::{Phone, PhoneConfig};
use offhook::voip::{Engine, EngineConfig};

/// A folder that goes with the test.
pub(crate) struct Dir(tempfile::TempDir);

impl Dir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the folder can be written");
        path
    }

    /// The real binary, run in this folder.
    pub(crate) fn offhook(&self, args: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_offhook"))
            .args(args)
            .current_dir(self.0.path())
            .env_remove("OFFHOOK_LOG")
            .output()
            .expect("the binary runs");
        Ran(output)
    }

    /// The real binary with variables of its environment and nobody to type.
    pub(crate) fn run<A: AsRef<std::ffi::OsStr>>(&self, args: &[A], variables: &[(&str, &str)]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_offhook"))
            .args(args)
            .envs(variables.iter().copied())
            .current_dir(self.0.path())
            .env_remove("OFFHOOK_LOG")
            .stdin(Stdio::null())
            .output()
            .expect("the binary runs");
        Ran(output)
    }
}

/// A program that runs beside the test and ends with it.
pub(crate) struct Beside {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
}

impl Beside {
    pub(crate) fn start<A: AsRef<std::ffi::OsStr>>(dir: &Dir, args: &[A]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_offhook"))
            .args(args)
            .current_dir(dir.path(""))
            .env_remove("OFFHOOK_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        Self { child, stdout, stderr }
    }

    /// The next line of its standard output, which must be JSON.
    pub(crate) fn line(&mut self) -> serde_json::Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// What follows these words in a line of standard error.
    pub(crate) fn told(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.stderr.read_line(&mut line).expect("a line"), 0, "it never said {words:?}");
            if let Some((_, after)) = line.split_once(words) {
                return after.trim().to_owned();
            }
        }
    }

    /// Types a line.
    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().expect("a pipe"), "{line}").expect("it reads");
    }

    /// Waits until it ends by itself; its exit code.
    pub(crate) fn ends(&mut self) -> i32 {
        self.child.wait().expect("it ends").code().expect("it ended by itself")
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the binary did.
pub(crate) struct Ran(Output);

impl Ran {
    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().expect("it ended by itself")
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("text")
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).expect("text")
    }

    /// Asserts the exit code and words of the message.
    pub(crate) fn fails(&self, code: i32, words: &[&str]) {
        let stderr = self.stderr();
        assert_eq!(self.code(), code, "{stderr}");
        for word in words {
            assert!(stderr.contains(word), "{word:?} is not in: {stderr}");
        }
        assert_eq!(self.stdout(), "", "errors go to stderr");
    }
}

/// A local Telegram with Alice and Bob.
pub(crate) async fn telegram() -> DcHandle {
    Dc::builder()
        .user(UserSpec::new("+10000000001", "Alice").username("alice"))
        .user(UserSpec::new("+10000000002", "Bob").username("bob"))
        .start()
        .await
        .expect("it starts on a free port")
}

/// Somebody of [`telegram`], logged in.
pub(crate) async fn log_in(dc: &DcHandle, phone: &str) -> Client {
    let config = ClientConfig::new(DcId(dc.dc_id()), dc.addr(), 1, "0123456789abcdef0123456789abcdef")
        .server_key(dc.public_key_pem());
    let client = Client::connect(config).await.expect("the server is there");
    let sent = client.request_code(&phone.parse().expect("a number")).await.expect("a code is sent");
    let signed = client.sign_in(&sent, &LoginCode::from("12345")).await.expect("the code is right");
    assert!(matches!(signed, SignIn::Authorized(_)));
    client
}

pub(crate) fn engine() -> Arc<Engine> {
    Arc::new(Engine::start(EngineConfig::default().shards(1)).expect("the engine starts"))
}

pub(crate) async fn phone(dc: &DcHandle, number: &str, config: PhoneConfig) -> Phone {
    Phone::new(log_in(dc, number).await, engine(), config).await.expect("the account is logged in")
}

pub(crate) const ALICE: &str = "+10000000001";
pub(crate) const BOB: &str = "+10000000002";

/// A phone that does not wait long.
pub(crate) fn hasty() -> PhoneConfig {
    PhoneConfig::default()
        .receive_timeout(Duration::from_millis(600))
        .ring_timeout(Duration::from_millis(1200))
}
