//! A call's own signalling as JSON lines on standard input and output.

use std::io::{BufRead, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use offhook_voip::{Controller, Event, HangupReason};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::exit::{Exit, Failure};

/// Longest line that is read: the largest packet in base64, and room for the rest.
const LONGEST: u64 = 256 << 10;
/// Lines that may wait; a writer that is faster waits.
const WAITING: usize = 64;

/// Lines of standard input.
pub(super) type Lines = mpsc::Receiver<Vec<u8>>;

/// What somebody says to the leg.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Order {
    sig: Option<String>,
    mute: Option<bool>,
    hangup: Option<bool>,
}

/// Reads standard input on a thread of its own, which ends with the input or the program: a read cannot be called back.
pub(super) fn read_stdin() -> Result<Lines, Failure> {
    let (lines, receiver) = mpsc::channel(WAITING);
    std::thread::Builder::new()
        .name("offhook-stdin".into())
        .spawn(move || {
            let mut input = std::io::stdin().lock();
            let mut line = Vec::new();
            loop {
                line.clear();
                match input.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
                    Ok(0) | Err(_) => return,
                    Ok(_) if lines.blocking_send(line.clone()).is_err() => return,
                    Ok(_) => {}
                }
            }
        })
        .map_err(|error| Failure::new(Exit::Internal, format!("cannot start a thread: {error}")))?;
    Ok(receiver)
}

/// The next line, `None` at the end of the input.
pub(super) async fn next(lines: &mut Option<Lines>) -> Option<Vec<u8>> {
    match lines {
        Some(lines) => lines.recv().await,
        None => None,
    }
}

/// Does what a line says. One that cannot be read is told on stderr and has no other effect.
pub(super) fn follow(line: &[u8], call: &Controller) {
    if line.trim_ascii().is_empty() {
        return;
    }
    if let Err(error) = try_follow(line, call) {
        eprintln!("offhook: a line on standard input was not followed: {error}");
    }
}

fn try_follow(line: &[u8], call: &Controller) -> Result<(), Box<dyn std::error::Error>> {
    let order: Order = serde_json::from_slice(line)?;
    if let Some(packet) = order.sig {
        call.signal(STANDARD.decode(packet)?)?;
    }
    if let Some(muted) = order.mute {
        call.mute(muted)?;
    }
    if order.hangup == Some(true) {
        call.hangup(HangupReason::Local);
    }
    Ok(())
}

/// A packet for the other side.
pub(super) fn packet(packet: &[u8]) -> Value {
    json!({ "sig": STANDARD.encode(packet) })
}

/// The line that tells an event, if it is one of those that say how the call is.
pub(super) fn state(event: &Event) -> Option<Value> {
    let state = match event {
        Event::Connecting => "connecting",
        Event::Established => "established",
        Event::Reconnecting => "reconnecting",
        Event::Reconnected => "reconnected",
        Event::FirstAudio => "first-audio",
        Event::PeerMuted(muted) => return Some(json!({ "peer_muted": muted })),
        _ => return None,
    };
    Some(json!({ "state": state }))
}
