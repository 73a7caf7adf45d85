//! `offhook call` and `offhook answer`: calls of an account that is logged in.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use offhook_client::{Client, PeerRef};
use offhook_phone::{Call, CallEvent, CallOptions, CallReport, IncomingCall, Phone, PhoneConfig};
use offhook_voip::{Engine, EngineConfig, HangupReason, MediaOptions};
use serde_json::{Value, json};

use crate::account::AccountArgs;
use crate::exit::{Exit, Failure};
use crate::media_args::MediaArgs;
use crate::protocol_args::ProtocolArgs;
use crate::{output, report, stop};

/// Call somebody, play files, record the answer
///
/// Ends when somebody hangs up, at Ctrl-C, or with --hang-up-when-done when all is played.
#[derive(Args, Debug)]
pub(crate) struct CallArgs {
    /// Who: @username, +phone, or a numeric id that the account has met
    #[arg(value_name = "PEER")]
    peer: String,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    protocol: ProtocolArgs,
    #[command(flatten)]
    media: MediaArgs,
    /// Hang up when everything has been played
    #[arg(long)]
    hang_up_when_done: bool,
    /// Give up when nobody answers for so many seconds
    #[arg(long, value_name = "S")]
    ring_timeout: Option<f64>,
    /// Give up when no device of the other side rings for so many seconds
    #[arg(long, value_name = "S")]
    receive_timeout: Option<f64>,
    /// One line of JSON at the end
    #[arg(long)]
    json: bool,
}

/// Answer calls, play files, record the callers
#[derive(Args, Debug)]
pub(crate) struct AnswerArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    protocol: ProtocolArgs,
    #[command(flatten)]
    media: MediaArgs,
    /// Hang up when everything has been played
    #[arg(long)]
    hang_up_when_done: bool,
    /// End after one call
    #[arg(long)]
    once: bool,
    /// Answer only these, decline the others: @username, +phone or id; may be repeated
    #[arg(long, value_name = "PEER")]
    from: Vec<String>,
    /// One line of JSON for each call
    #[arg(long)]
    json: bool,
}

pub(crate) fn run_call(args: &CallArgs) -> Result<Exit, Failure> {
    let peer: PeerRef = args.peer.parse()?;
    let mut options = CallOptions::default().media(options(&args.media, args.hang_up_when_done));
    options.timers.ring = limit("--ring-timeout", args.ring_timeout)?;
    options.timers.receive = limit("--receive-timeout", args.receive_timeout)?;
    args.media.check()?;
    runtime()?.block_on(async {
        let (phone, client) = phone(&args.account, &args.protocol).await?;
        let call = phone.call_with(peer, options).await?;
        args.media.apply(&call)?;
        let done = follow(&call).await;
        tell(&done, args.json)?;
        close(phone, &client).await;
        Ok(verdict(&done))
    })
}

pub(crate) fn run_answer(args: &AnswerArgs) -> Result<Exit, Failure> {
    args.media.check()?;
    let only = args.from.iter().map(|peer| peer.parse()).collect::<Result<Vec<PeerRef>, _>>()?;
    runtime()?.block_on(async {
        let (phone, client) = phone(&args.account, &args.protocol).await?;
        let mut allowed = Vec::new();
        for peer in &only {
            let peer = client.resolve(peer).await.map_err(offhook_phone::CallError::from)?;
            allowed.push(peer.id);
        }
        let mut incoming = phone.incoming();
        let mut exit = Exit::Success;
        let stopping = stop::requested();
        tokio::pin!(stopping);
        eprintln!("waiting for calls");
        loop {
            let ringing = tokio::select! {
                ringing = incoming.next() => ringing,
                () = &mut stopping => None,
            };
            let Some(ringing) = ringing else { break };
            if !allowed.is_empty() && !allowed.contains(&ringing.party().id) {
                tell(&*ringing.decline().await, args.json)?;
                continue;
            }
            match answer(args, ringing).await? {
                Some(done) => {
                    tell(&done, args.json)?;
                    exit = verdict(&done);
                }
                None => continue,
            }
            if args.once {
                break;
            }
        }
        close(phone, &client).await;
        Ok(if args.once { exit } else { Exit::Success })
    })
}

/// Picks up and stays until the end; `None` when it stopped ringing first.
async fn answer(args: &AnswerArgs, ringing: IncomingCall) -> Result<Option<Arc<CallReport>>, Failure> {
    eprintln!("{} calls", ringing.party());
    let call = match ringing.accept_with(options(&args.media, args.hang_up_when_done)) {
        Ok(call) => call,
        Err(offhook_phone::CallError::Over) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if let Err(failure) = args.media.apply(&call) {
        call.hang_up().await;
        return Err(failure);
    }
    Ok(Some(follow(&call).await))
}

fn limit(flag: &str, seconds: Option<f64>) -> Result<Option<Duration>, Failure> {
    let wrong = |seconds| Failure::new(Exit::Usage, format!("{flag} {seconds} is no length of time"));
    seconds.map(|seconds| Duration::try_from_secs_f64(seconds).map_err(|_| wrong(seconds))).transpose()
}

fn options(media: &MediaArgs, hang_up_when_done: bool) -> MediaOptions {
    MediaOptions::default().profile(media.profile).hang_up_when_done(hang_up_when_done)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Internal, format!("cannot start the runtime: {error}")))
}

async fn phone(account: &AccountArgs, protocol: &ProtocolArgs) -> Result<(Phone, Client), Failure> {
    let config = PhoneConfig::default().versions(protocol.offer()?).p2p(protocol.p2p);
    let client = account.connect().await?;
    let engine = Engine::start(EngineConfig::default().shards(1))
        .map_err(|error| Failure::new(Exit::Network, format!("cannot start the call engine: {error}")))?;
    let phone = Phone::new(client.clone(), engine, config).await?;
    Ok((phone, client))
}

async fn close(phone: Phone, client: &Client) {
    phone.shutdown().await;
    client.shutdown().await;
}

/// Tells the stages on stderr, hangs up at Ctrl-C, waits for the end.
async fn follow(call: &Call) -> Arc<CallReport> {
    let mut events = call.events();
    let stopping = stop::requested();
    tokio::pin!(stopping);
    let mut stopped = false;
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(CallEvent::Stage(stage)) => {
                    eprintln!("{}", stage.name());
                    if let Some(emoji) = call.emoji().filter(|_| stage == offhook_phone::Stage::Confirmed) {
                        eprintln!("emoji {}", emoji.join(" "));
                    }
                }
                Some(CallEvent::Over(report)) => return report,
                Some(event) => tracing::info!(?event, "call"),
                None => return call.wait().await,
            },
            () = &mut stopping, if !stopped => {
                stopped = true;
                call.hangup(HangupReason::Local);
            }
        }
    }
}

/// The outcome, unless a recording failed.
fn verdict(done: &CallReport) -> Exit {
    if done.recordings.iter().any(|recording| recording.error.is_some()) {
        return Exit::File;
    }
    Exit::from(&done.outcome)
}

fn tell(done: &CallReport, as_json: bool) -> Result<(), Failure> {
    for error in done.recordings.iter().filter_map(|recording| recording.error.as_ref()) {
        eprintln!("offhook: the recording failed: {error}");
    }
    if as_json {
        return output::json(&line(done));
    }
    let mut text = format!("{}: {}", done.outcome.name(), done.outcome);
    if done.is_completed() {
        text = format!("{text}, {:.1} s", done.talked.as_secs_f64());
        if let Some(family) = done.family {
            text = format!("{text} ({family})");
        }
    }
    if let Some(connect) = done.media.as_ref().and_then(|media| media.connect.as_ref()) {
        text = format!("{text}\nconnect: {connect}");
    }
    for recording in &done.recordings {
        if let Some(path) = &recording.path {
            text = format!("{text}\nrecorded {:.1} s in {}", recording.length.seconds(), path.display());
        }
    }
    output::line(&text)
}

fn line(done: &CallReport) -> Value {
    let mut line = done.media.as_ref().map_or_else(|| json!({}), |media| report::stats(&media.stats));
    line["outcome"] = json!(done.outcome.name());
    line["text"] = json!(done.outcome.to_string());
    line["family"] = json!(done.family.map(report::family_name));
    line["version"] = json!(done.family.map(report::version));
    line["connect"] = report::connect(done.media.as_deref());
    line["peer"] = json!({ "id": done.party.id, "name": done.party.name, "username": done.party.username });
    line["incoming"] = json!(done.incoming);
    line["emoji"] = json!(done.emoji);
    line["confirmed"] = json!(done.confirmed);
    let stages =
        done.stages.iter().map(|(stage, at)| (stage.name().to_owned(), json!(at.as_secs_f64() * 1e3)));
    line["stages_ms"] = Value::Object(stages.collect());
    line["recordings"] = json!(done.recordings.iter().map(report::recording).collect::<Vec<_>>());
    line
}
