//! Two legs of the modern family: the real binary on both ends, a relay in this process, signalling carried as JSON lines.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::process::Stdio;

use common::legs::{Stage, TAGS, hex, key, shown, words};
use common::sound::{bytes, likeness, samples_of, voice};
use common::within;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

/// A running leg: lines go in and out, what it says in the end is kept.
struct Leg {
    child: Child,
    stdin: Option<ChildStdin>,
    /// Lines of its standard output; packets of signalling go to the other leg instead.
    lines: mpsc::UnboundedReceiver<Value>,
    packets: mpsc::UnboundedReceiver<Value>,
    stderr: tokio::task::JoinHandle<String>,
}

impl Leg {
    fn start(stage: &Stage, caller: bool, more: &str) -> Self {
        let (role, tag) = if caller { ("caller", TAGS[0]) } else { ("callee", TAGS[1]) };
        let arguments = format!(
            "leg --json --family tgcalls --signalling stdio --profile dense --role {role} --key {} --reflector {} --tag {} {more}",
            key(),
            stage.relay.addr(),
            hex(&tag)
        );
        let mut child = Command::new(env!("CARGO_BIN_EXE_offhook"))
            .args(words(&arguments))
            .env_remove("OFFHOOK_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let (to_lines, lines) = mpsc::unbounded_channel();
        let (to_packets, packets) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(line) = output.next_line().await.unwrap() {
                let line: Value = serde_json::from_str(&line).unwrap();
                let to = if line.get("sig").is_some() { &to_packets } else { &to_lines };
                let _ = to.send(line);
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let stderr = tokio::spawn(async move {
            let mut text = String::new();
            tokio::io::AsyncReadExt::read_to_string(&mut errors, &mut text).await.unwrap();
            text
        });
        let stdin = child.stdin.take();
        Self { child, stdin, lines, packets, stderr }
    }

    async fn say(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        // A leg that is over reads no more.
        let _ = stdin.write_all(format!("{line}\n").as_bytes()).await;
    }

    /// Lines up to and with this one.
    async fn until(&mut self, other: &mut Self, wanted: &Value) -> Vec<Value> {
        let mut seen = Vec::new();
        within(&format!("{wanted}, after {seen:?}"), async {
            loop {
                tokio::select! {
                    line = self.lines.recv() => {
                        seen.push(line.unwrap_or_else(|| panic!("the leg ended without {wanted}")));
                        if seen.last() == Some(wanted) {
                            return;
                        }
                    }
                    Some(packet) = self.packets.recv() => other.say(&packet.to_string()).await,
                    Some(packet) = other.packets.recv() => self.say(&packet.to_string()).await,
                }
            }
        })
        .await;
        seen
    }

    /// Its report, exit code and what it said on stderr, once it is over.
    async fn end(mut self) -> (Value, i32, String) {
        let status = within("the leg ends", self.child.wait()).await.unwrap();
        let mut last = None;
        while let Some(line) = within("the rest of its lines", self.lines.recv()).await {
            last = Some(line);
        }
        (last.unwrap(), status.code().unwrap(), self.stderr.await.unwrap())
    }
}

/// Waits until so many seconds are in a recording.
async fn recorded(path: &std::path::Path, seconds: f64) {
    let enough = (seconds * 96_000.0) as u64;
    within("the recording", async {
        while std::fs::metadata(path).map_or(0, |file| file.len()) < enough {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

fn state(state: &str) -> Value {
    json!({ "state": state })
}

#[tokio::test]
async fn two_legs_reach_each_other_hear_each_other_and_see_each_other_mute_in_every_version() {
    for version in ["13.0.0", "9.0.0", "8.0.0", "12.0.0"] {
        let stage = Stage::new();
        let said = voice(2.0, 180.0);
        let play = stage.file("said.raw", &bytes(&said));
        let record = stage.path("heard.raw");
        let mut caller =
            Leg::start(&stage, true, &format!("--version {version} --play {} --seconds 60", shown(&play)));
        let mut callee =
            Leg::start(&stage, false, &format!("--version {version} --record {}", shown(&record)));
        caller.say("no json at all").await;
        caller.say("{\"sig\":\"AAAA\"}").await;
        let seen = caller.until(&mut callee, &state("established")).await;
        assert_eq!(seen, [state("connecting"), state("established")], "{version}");
        callee.until(&mut caller, &state("first-audio")).await;
        // Until all of it has been heard: what was said, and a second for the delay.
        recorded(&record, 3.0).await;
        caller.say("{\"mute\":true}").await;
        callee.until(&mut caller, &json!({ "peer_muted": true })).await;
        caller.say("{\"mute\":false}").await;
        callee.until(&mut caller, &json!({ "peer_muted": false })).await;
        caller.say("{\"hangup\":true}").await;
        // The end of its input hangs the other one up.
        callee.stdin = None;
        for (leg, role) in [(caller, "caller"), (callee, "callee")] {
            let (report, code, stderr) = leg.end().await;
            assert_eq!(
                (code, report["outcome"].as_str()),
                (0, Some("completed")),
                "{version} {report} {stderr}"
            );
            assert_eq!(
                (&report["role"], &report["family"], &report["version"]),
                (&json!(role), &json!("tgcalls"), &json!(version))
            );
            assert_eq!(stderr.contains("was not followed"), role == "caller", "{stderr}");
        }
        let alike = likeness(&said, &samples_of(&std::fs::read(&record).unwrap()));
        assert!(alike > 0.9, "{version}: {alike}");
    }
}

#[tokio::test]
async fn a_leg_whose_signalling_leads_nowhere_ends_at_its_connect_time_out() {
    let stage = Stage::new();
    let leg = Leg::start(&stage, true, "--connect-timeout 1");
    let (report, code, _) = leg.end().await;
    assert_eq!((code, report["outcome"].as_str()), (15, Some("connect-failed")), "{report}");
}
