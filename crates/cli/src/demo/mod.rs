//! `offhook demo`: a whole call on this machine, from login to a recording, and a verdict on what was heard.

mod call;
mod codec;
mod memory;
mod report;
mod verdict;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use offhook_voip::Profile;

use crate::clips::{self, Clips};
use crate::exit::{Exit, Failure};
use crate::impairment::ImpairmentArgs;
use crate::output;
use crate::protocol_args::Protocol;

/// A whole call on this machine: a local Telegram, two accounts, real speech, a recording, a verdict
///
/// Starts a local Telegram and a relay, logs two accounts in with phone number and code, and lets one call the other:
/// key exchange, four emoji on both sides, speech both ways through the relay, hang-up. Ends with 0 only when both
/// sides heard what the other said. With --calls, so many calls at once. A frame that was handed on more than 5 ms after
/// its deadline is late: late frames are reported, and with --in-time they are a failure.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// What the caller says first [default: 15 s of speech that come with the program]
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// What it says then; hold music follows [default: a chime]
    #[arg(long, value_name = "FILE")]
    then: Option<PathBuf>,
    /// Where to keep what the callee hears: .wav, .raw, .ogg or .opus by name
    #[arg(long, value_name = "FILE", default_value = "recordings/demo.wav")]
    output: PathBuf,
    /// How long they talk
    #[arg(long, value_name = "N", default_value_t = 20.0)]
    seconds: f64,
    /// Calls at once
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    calls: u32,
    /// What carries the calls
    #[arg(long, value_enum, default_value = "tgcalls")]
    protocol: Protocol,
    /// Processor time the encoders may take: quality, balanced or dense
    #[arg(long, value_name = "PROFILE", default_value = "quality")]
    profile: Profile,
    /// End with 23 when frames were late after set-up
    #[arg(long)]
    in_time: bool,
    #[command(flatten)]
    impairment: ImpairmentArgs,
    /// One line of JSON
    #[arg(long)]
    json: bool,
}

/// What is to be done, with everything looked up.
pub(crate) struct Plan {
    input: PathBuf,
    then: PathBuf,
    hold: PathBuf,
    answer: PathBuf,
    output: PathBuf,
    length: Duration,
    calls: usize,
    profile: Profile,
    protocol: Protocol,
    in_time: bool,
    /// Part of the speech over which the beginnings of many calls are spread.
    spread: Duration,
    link: offhook_dc::LinkConfig,
    seed: u64,
    clean: bool,
}

/// Threads for what would hold up the others.
const BLOCKING_THREADS: usize = 4;
/// Samples of the input that are looked at for a place to begin: 10 s.
const SPREAD: usize = 480_000;
/// Shorter calls say nothing about sound.
const SHORTEST: f64 = 3.0;
/// Longer calls would be held in memory for the verdict.
const LONGEST: f64 = 3600.0;

impl Plan {
    /// Where in its input the caller of a call begins.
    fn begins(&self, number: usize) -> Duration {
        begins(number, self.calls, self.spread)
    }
}

/// The first call begins at the beginning and the others one after another behind it, as calls in life do not say the same
/// at the same moment: a vowel costs an encoder twice what a pause does.
fn begins(number: usize, calls: usize, spread: Duration) -> Duration {
    let frames = spread.as_millis() as usize / 20 * number / calls.max(1);
    Duration::from_millis(20 * frames as u64)
}

pub(crate) fn run(args: DemoArgs) -> Result<Exit, Failure> {
    let clips = Clips::unpack()?;
    let plan = plan(&args, &clips)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Arithmetic of set-ups and files: as many at once as a machine has use for, however many calls there are.
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_keep_alive(Duration::from_secs(1))
        .thread_name("offhook-tasks")
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Internal, format!("cannot start the runtime: {error}")))?;
    let facts = runtime.block_on(call::run(&plan))?;
    let verdict = verdict::judge(&plan, &facts)?;
    let (exit, report) = report::write(&plan, &facts, &verdict);
    if args.json {
        output::json(&report)?;
    } else {
        output::line(&report::text(&plan, &facts, &verdict))?;
    }
    if let Some(reason) = verdict.complaint(&plan) {
        eprintln!("offhook: {reason}");
    }
    Ok(exit)
}

fn plan(args: &DemoArgs, clips: &Clips) -> Result<Plan, Failure> {
    if !(SHORTEST..=LONGEST).contains(&args.seconds) {
        let text = format!("--seconds {}: give {SHORTEST} to {LONGEST}", args.seconds);
        return Err(Failure::new(Exit::Usage, text));
    }
    let mut plan = Plan {
        input: args.input.clone().unwrap_or_else(|| clips.speech()),
        then: args.then.clone().unwrap_or_else(|| clips.chime()),
        hold: clips.hold(),
        answer: clips.story(),
        output: args.output.clone(),
        length: Duration::from_secs_f64(args.seconds),
        calls: args.calls as usize,
        profile: args.profile,
        protocol: args.protocol,
        in_time: args.in_time,
        spread: Duration::ZERO,
        link: args.impairment.link()?,
        seed: args.impairment.seed,
        clean: args.impairment.is_clean(),
    };
    // What cannot be read is an error before anything starts.
    let shortest =
        clips::samples(&plan.input, SPREAD)?.len().min(clips::samples(&plan.answer, SPREAD)?.len());
    clips::samples(&plan.then, 1)?;
    plan.spread = Duration::from_millis(shortest as u64 / 48 / 2);
    if let Some(folder) = plan.output.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // The default folder is ours to make; one that the user named should be there.
        if plan.output.as_os_str() == "recordings/demo.wav" {
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::new(Exit::File, format!("cannot create {}: {error}", folder.display()))
            })?;
        }
    }
    drop(offhook_media::open_sink(&plan.output).map_err(|error| Failure::new(Exit::File, error))?);
    Ok(plan)
}
