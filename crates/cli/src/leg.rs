//! `offhook leg`: one side of a call's media, with a key given by hand and no server.
//!
//! It is how another call engine is put on the other end: give both the same 256-byte key, the two roles, and the two
//! tags of one relay.

mod config;
mod lines;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use offhook_voip::proto::ConfigError;
use offhook_voip::{
    Controller, Ended, Engine, EngineConfig, Event, Events, HangupReason, MediaOptions, Report, StartError,
};
use serde_json::{Value, json};

pub(crate) use self::config::hex_bytes;
use self::lines::Lines;
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
    /// What carries the call
    #[arg(long, value_enum, default_value = "libtgvoip")]
    family: FamilyArg,
    /// The version of the tgcalls family both sides agreed on
    #[arg(long, value_name = "V", default_value = "13.0.0")]
    version: String,
    /// Where signalling packets go and come from. stdio: one JSON object a line, {"sig":"BASE64"} both ways, states of the
    /// call as other lines on stdout; on stdin also {"mute":true}, {"mute":false} and {"hangup":true}. The call is hung up
    /// when stdin ends
    #[arg(long, value_name = "HOW", value_enum)]
    signalling: Option<SignallingArg>,
    /// A relay, HOST:PORT; may be repeated. tcp:HOST:PORT is another way to the relay named before it
    #[arg(long, value_name = "ADDR")]
    reflector: Vec<String>,
    /// This side's tag at the relay, 16 bytes in hex; one for each --reflector, or one for all
    #[arg(long, value_name = "HEX")]
    tag: Vec<String>,
    /// Allow a direct path: the other side then sees this machine's address (tgcalls)
    #[arg(long)]
    p2p: bool,
    /// A STUN or TURN server, stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT; may be repeated (tgcalls)
    #[arg(long, value_name = "SERVER")]
    server: Vec<String>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FamilyArg {
    /// "2.4.4": relays only, no signalling of its own
    Libtgvoip,
    /// What the apps of today speak
    Tgcalls,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SignallingArg {
    /// JSON lines on standard input and output
    Stdio,
}

/// Stamps of an hour and a half: more than any measurement, and a bound.
const MOST_STAMPS: usize = 270_000;

pub(crate) fn run(args: LegArgs) -> Result<Exit, Failure> {
    let config = config::of(&args)?;
    let family = config.family;
    let seconds = args.seconds.map(|seconds| config::length("--seconds", seconds)).transpose()?;
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

    let lines = args.signalling.map(|SignallingArg::Stdio| lines::read_stdin()).transpose()?;
    let seen = stop::runtime()?.block_on(follow(&call, events, seconds, lines))?;
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
        line["family"] = json!(report::family_name(family));
        line["version"] = json!(report::version(family));
        line["connect"] = report::connect(Some(&ended));
        line["role"] = json!(format!("{:?}", args.role).to_lowercase());
        line["established_s"] = json!(ended.stats.setup.map(|time| time.as_secs_f64()));
        line["cpu_s"] = json!(cpu);
        // With another tag or from another address: they never reach the call.
        line["datagrams"]["unknown"] = json!(whole.datagrams_unknown);
        line["recordings"] = json!(recordings);
        output::json(&line)?;
    } else {
        output::line(&summary(&ended, &seen.recordings))?;
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

async fn follow(
    call: &Controller,
    mut events: Events,
    seconds: Option<Duration>,
    mut lines: Option<Lines>,
) -> Result<Seen, Failure> {
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
    let (mut signals, talks) = (call.signals(), lines.is_some());
    let mut open = talks;
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::OutputClosed { report }) => seen.recordings.push(report),
                Some(Event::Ended(_)) | None => return Ok(seen),
                Some(event) => {
                    tracing::info!(?event, "call");
                    if talks && let Some(state) = lines::state(&event) {
                        output::json(&state)?;
                    }
                }
            },
            Some(packet) = signals.next(), if talks => output::json(&lines::packet(&packet))?,
            line = lines::next(&mut lines), if open => match line {
                Some(line) => lines::follow(&line, call),
                None => {
                    open = false;
                    call.hangup(HangupReason::Local);
                }
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

fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::File, format!("cannot write {}: {error}", path.display()))
}

fn summary(ended: &Ended, recordings: &[Report]) -> String {
    use std::fmt::Write;
    let (stats, link) = (&ended.stats, &ended.stats.link);
    let mut text = format!("{} after {:.1} s", ended.outcome, stats.talked.as_secs_f64());
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
    if let Some(connect) = &ended.connect {
        let _ = write!(text, "\nconnect: {connect}");
    }
    for recording in recordings {
        if let Some(path) = &recording.path {
            let _ = write!(text, "\nrecorded {:.1} s in {}", recording.length.seconds(), path.display());
        }
    }
    text
}
