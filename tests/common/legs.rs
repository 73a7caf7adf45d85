//! The binary: `offhook leg` on both ends of a relay in this process, files, and somebody between them who meddles.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use offhook::dc::{LinkConfig, PeerTag, Reflector, ReflectorHandle};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::UdpSocket;
use tokio::process::Command;

use super::within;

/// The tags of the call, caller's and callee's.
pub(crate) const TAGS: [[u8; 16]; 2] = [[0xA1; 16], [0xB2; 16]];

/// The key of the call, as `--key` wants it.
pub(crate) fn key() -> String {
    (0..256_u32).map(|n| format!("{:02x}", (n * 7 + 3) as u8)).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a run of the binary left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The last line of stdout as JSON.
    pub(crate) fn json(&self) -> Value {
        let line = self.stdout.lines().last().unwrap_or_else(|| panic!("nothing was printed: {self:?}"));
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// It ended with this code, and said all of these words on stderr.
    pub(crate) fn fails(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {:?}", self.stderr);
        }
    }
}

/// Runs `offhook` with these arguments to its end.
pub(crate) async fn offhook(arguments: &[String]) -> Run {
    let child = Command::new(env!("CARGO_BIN_EXE_offhook"))
        .args(arguments)
        .env_remove("OFFHOOK_LOG")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = within("the program ends", child).await.unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// A relay in this process, and a folder for the files of its call.
pub(crate) struct Stage {
    pub(crate) relay: ReflectorHandle,
    pub(crate) dir: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let tags = [(PeerTag(TAGS[0]), PeerTag(TAGS[1]))];
        let relay = Reflector::bind(([127, 0, 0, 1], 0).into(), tags, LinkConfig::default(), 1).unwrap();
        Self { relay, dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// One side of the call, with more arguments; files among those must have no blanks in their names.
    pub(crate) async fn leg(&self, caller: bool, more: impl Display) -> Run {
        self.leg_at(self.relay.addr(), caller, more).await
    }

    /// The same, with its relay at another address.
    pub(crate) async fn leg_at(&self, relay: SocketAddr, caller: bool, more: impl Display) -> Run {
        self.leg_with(&key(), relay, caller, more).await
    }

    pub(crate) async fn leg_with(
        &self,
        key: &str,
        relay: SocketAddr,
        caller: bool,
        more: impl Display,
    ) -> Run {
        let (role, tag) = if caller { ("caller", TAGS[0]) } else { ("callee", TAGS[1]) };
        let fixed =
            format!("leg --json --role {role} --key {key} --reflector {relay} --tag {} {more}", hex(&tag));
        offhook(&words(&fixed)).await
    }
}

pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// What a [`Meddler`] makes of a datagram on its way to a leg: what to send in its place, in order.
pub(crate) type Meddle = dyn FnMut(&[u8]) -> Vec<Vec<u8>> + Send;

/// Sits between one leg and the relay. What the leg sends is passed on, what comes back is meddled with. To the leg
/// it is the relay: everything comes from the address that the leg was given.
pub(crate) struct Meddler {
    pub(crate) addr: SocketAddr,
}

impl Meddler {
    pub(crate) async fn start(relay: SocketAddr, meddle: Box<Meddle>) -> Self {
        let front = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
        let back = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
        back.connect(relay).await.unwrap();
        let addr = front.local_addr().unwrap();
        // Ends with the runtime of its test.
        tokio::spawn(drive(front, back, meddle));
        Self { addr }
    }
}

async fn drive(front: UdpSocket, back: UdpSocket, mut meddle: Box<Meddle>) {
    let mut leg = None;
    let (mut there, mut here) = (vec![0; 2048], vec![0; 2048]);
    loop {
        tokio::select! {
            got = front.recv_from(&mut there) => if let Ok((length, from)) = got {
                leg = Some(from);
                let _ = back.send(&there[..length]).await;
            },
            got = back.recv(&mut here) => if let (Ok(length), Some(leg)) = (got, leg) {
                for datagram in meddle(&here[..length]) {
                    let _ = front.send_to(&datagram, leg).await;
                }
            },
        }
    }
}

/// True for a sealed packet, false for a word of the relay itself (tag, then twelve bytes FF).
pub(crate) fn is_sealed(datagram: &[u8]) -> bool {
    datagram.get(16..28).is_some_and(|mark| mark != [0xFF; 12])
}
