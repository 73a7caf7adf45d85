//! `offhook leg`: one side of a call's media, with a key given by hand and no server.
//!
//! It is how another call engine is put on the other end: give both the same 256-byte key, the two roles, and the two
//! tags of one relay.

use std::fs;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use offhook_voip::proto::ConfigError;
use offhook_voip::{
    CallConfig, CallKey, Controller, Endpoint, Engine, EngineConfig, Event, Events, HangupReason,
    MediaOptions, Outcome, PeerTag, Report, Role, StartError,
};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure};
use crate::media_args::MediaArgs;
use crate::{output, report, stop};

/// One side of the media alone: a key, a relay and a tag, no server
///
/// Without --seconds the leg ends when all is played (and at Ctrl-C); the media protocol itself has no farewell, so
/// the side that goes first looks to the other like a lost connection.
#[derive(Args, Debug)]
pub(crate) struct LegArgs {
    /// Which side this is
    #[arg(long, value_enum)]
    role: Side,
    /// The key of the call, 256 bytes in hex
    #[arg(long, value_name = "HEX")]
    key: String,
    /// The relay
    #[arg(long, value_name = "ADDR")]
    reflector: String,
    /// This side's tag at the relay, 16 bytes in hex
    #[arg(long, value_name = "HEX")]
    tag: String,
    /// The protocol layer both sides agreed on
    #[arg(long, value_name = "N", default_value_t = 92)]
    max_layer: i32,
    #[command(flatten)]
    media: MediaArgs,
    /// Hang up this long after the start
    #[arg(long, value_name = "N")]
    seconds: Option<f64>,
    /// Give up when the two sides have not reached each other within this time
    #[arg(long, value_name = "S", default_value_t = 30.0)]
    connect_timeout: f64,
    /// Write when each 20 ms frame was taken from the source and handed to the recording, as JSON
    #[arg(long, value_name = "FILE")]
    stamps: Option<PathBuf>,
    /// One line of JSON at the end
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    Caller,
    Callee,
}

/// Stamps of an hour and a half: more than any measurement, and a bound.
const MOST_STAMPS: usize = 270_000;

pub(crate) fn run(args: LegArgs) -> Result<Exit, Failure> {
    let config = config(&args)?;
    let seconds = args.seconds.map(|seconds| length("--seconds", seconds)).transpose()?;
    // A stamps file that cannot be written is an error now, not after the call.
    if let Some(path) = &args.stamps {
        fs::write(path, "{}").map_err(|error| cannot_write(path, &error))?;
    }
    let engine = Engine::start(EngineConfig::default().shards(1))
        .map_err(|error| Failure::new(Exit::Network, format!("cannot start the call engine: {error}")))?;
    let mut options = MediaOptions::default()
        .profile(args.media.profile)
        .hang_up_when_done(seconds.is_none() && args.media.plays() && args.media.hold.is_empty());
    if args.stamps.is_some() {
        options = options.stamps(MOST_STAMPS);
    }
    let (call, reservation) = engine.prepare(options)?;
    let events = call.events();
    args.media.apply(&call)?;
    reservation.start(config).map_err(|error| match error {
        StartError::Config(ConfigError::Layer { got, need }) => {
            Failure::new(Exit::Usage, format!("--max-layer {got} is below {need}, the oldest that is spoken"))
        }
        error => error.into(),
    })?;

    let seen = stop::runtime()?.block_on(follow(&call, events, seconds));
    let ended = call.wait_ended();
    let whole = engine.stats();
    let cpu: f64 = whole.shards.iter().map(|shard| shard.cpu.as_secs_f64()).sum();
    engine.shutdown();
    if let Some(path) = &args.stamps {
        let stamps = ended.stamps.as_ref().map_or(Value::Null, report::stamps);
        fs::write(path, stamps.to_string()).map_err(|error| cannot_write(path, &error))?;
    }
    let recordings: Vec<Value> = seen.recordings.iter().map(report::recording).collect();
    if args.json {
        let mut line = report::stats(&ended.stats);
        line["outcome"] = json!(ended.outcome.name());
        line["role"] = json!(format!("{:?}", args.role).to_lowercase());
        line["established_s"] = json!(ended.stats.setup.map(|time| time.as_secs_f64()));
        line["cpu_s"] = json!(cpu);
        // With another tag or from another address: they never reach the call.
        line["datagrams"]["unknown"] = json!(whole.datagrams_unknown);
        line["recordings"] = json!(recordings);
        output::json(&line)?;
    } else {
        output::line(&summary(ended.outcome, &ended.stats, &seen.recordings))?;
    }
    if let Some(error) = seen.recordings.iter().find_map(|recording| recording.error.as_ref()) {
        return Err(Failure::new(Exit::File, format!("the recording failed: {error}")));
    }
    Ok(ended.outcome.into())
}

/// What came by while the call was up.
#[derive(Default)]
struct Seen {
    recordings: Vec<Report>,
}

async fn follow(call: &Controller, mut events: Events, seconds: Option<Duration>) -> Seen {
    let mut seen = Seen::default();
    let over = async {
        match seconds {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(over);
    let stop = stop::requested();
    tokio::pin!(stop);
    let (mut timed_out, mut stopped) = (false, false);
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::OutputClosed { report }) => seen.recordings.push(report),
                Some(Event::Ended(_)) | None => return seen,
                Some(event) => tracing::info!(?event, "call"),
            },
            () = &mut over, if !timed_out => {
                timed_out = true;
                call.hangup(HangupReason::Local);
            }
            () = &mut stop, if !stopped => {
                stopped = true;
                call.hangup(HangupReason::Local);
            }
        }
    }
}

fn config(args: &LegArgs) -> Result<CallConfig, Failure> {
    let role = match args.role {
        Side::Caller => Role::Caller,
        Side::Callee => Role::Callee,
    };
    let key = CallKey::new(hex_bytes("--key", &args.key)?);
    let tag = PeerTag(hex_bytes("--tag", &args.tag)?);
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| Failure::new(Exit::Internal, format!("the system gives no randomness: {error}")))?;
    let mut config =
        CallConfig::new(role, key, vec![Endpoint::relay(1, address(&args.reflector)?, tag)], seed);
    config.max_layer = args.max_layer;
    config.connect_timeout = length("--connect-timeout", args.connect_timeout)?;
    Ok(config)
}

fn address(text: &str) -> Result<SocketAddr, Failure> {
    let hint = "give it as HOST:PORT, for example 127.0.0.1:5599";
    let mut found = text.to_socket_addrs().map_err(|error| {
        Failure::new(Exit::Usage, format!("--reflector {text} is no address ({error}); {hint}"))
    })?;
    found
        .find(|addr| addr.port() != 0)
        .ok_or_else(|| Failure::new(Exit::Usage, format!("--reflector {text} cannot be sent to; {hint}")))
}

fn length(flag: &str, seconds: f64) -> Result<Duration, Failure> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| Failure::new(Exit::Usage, format!("{flag} {seconds} is no length of time")))
}

/// Hex of exactly `N` bytes. The text may be a key, so it is never repeated.
pub(crate) fn hex_bytes<const N: usize>(flag: &str, text: &str) -> Result<[u8; N], Failure> {
    let wrong = |what: String| {
        Failure::new(Exit::Usage, format!("{flag}: {what}; give {N} bytes as {} hex digits", 2 * N))
    };
    let digits = text.trim().as_bytes();
    if digits.len() != 2 * N {
        return Err(wrong(format!("{} characters", digits.len())));
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |d: u8| char::from(d).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let (Some(high), Some(low)) = (digit(pair[0]), digit(pair[1])) else {
            return Err(wrong("a character that is no hex digit".into()));
        };
        *byte = high << 4 | low;
    }
    Ok(bytes)
}

fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::File, format!("cannot write {}: {error}", path.display()))
}

fn summary(outcome: Outcome, stats: &offhook_voip::CallStats, recordings: &[Report]) -> String {
    use std::fmt::Write;
    let link = &stats.link;
    let mut text = format!("{outcome} after {:.1} s", stats.talked.as_secs_f64());
    if let Some(setup) = stats.setup {
        let _ = write!(text, ", established in {:.0} ms", setup.as_secs_f64() * 1e3);
    }
    let _ = write!(
        text,
        "; frames sent {}, received {}, lost {}, recovered {}, concealed {}, late {}",
        link.frames_sent,
        link.frames_received,
        link.frames_lost,
        link.frames_recovered,
        link.frames_concealed,
        link.frames_late
    );
    for recording in recordings {
        if let Some(path) = &recording.path {
            let _ = write!(text, "\nrecorded {:.1} s in {}", recording.length.seconds(), path.display());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_only_at_its_exact_length() {
        assert_eq!(hex_bytes::<3>("--tag", "00ffA5").unwrap(), [0x00, 0xff, 0xa5]);
        let short = hex_bytes::<3>("--tag", "00ff").unwrap_err();
        assert_eq!(short.to_string(), "--tag: 4 characters; give 3 bytes as 6 hex digits");
        let odd = hex_bytes::<2>("--key", "00fg").unwrap_err();
        assert_eq!(odd.to_string(), "--key: a character that is no hex digit; give 2 bytes as 4 hex digits");
    }
}
