//! What the demo tells at its end.

use std::fmt::Write;
use std::time::Duration;

use offhook_phone::{CallReport, Stage, Stages};
use serde_json::{Value, json};

use super::Plan;
use super::call::Facts;
use super::verdict::{Limits, Verdict};
use crate::correlate::Match;
use crate::exit::Exit;
use crate::report;

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e6
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

/// How long each stage of the caller's set-up took.
fn setup(facts: &Facts, stages: &Stages) -> Value {
    let between = |from: Option<Stage>, to: Stage| {
        let begin = match from {
            Some(stage) => stages.at(stage)?,
            None => Duration::ZERO,
        };
        Some(ms(stages.at(to)?.saturating_sub(begin)))
    };
    json!({
        "connect": ms(facts.connect),
        "login": ms(facts.login),
        "request": between(None, Stage::Requested),
        "ring": between(Some(Stage::Requested), Stage::Ringing),
        "accept": between(Some(Stage::Ringing), Stage::Answered),
        "confirm": between(Some(Stage::Answered), Stage::Confirmed),
        "media": between(Some(Stage::Confirmed), Stage::Established),
        "first_audio": between(Some(Stage::Established), Stage::FirstAudio),
        "dial_to_established": between(None, Stage::Established),
    })
}

fn side(end: &CallReport) -> Value {
    let mut value = end.media.as_ref().map_or_else(|| json!({}), |media| report::stats(&media.stats));
    value["outcome"] = json!(end.outcome.name());
    value["emoji"] = json!(end.emoji.map(|emoji| emoji.concat()));
    value["ignored_updates"] = json!(end.ignored);
    value["connect"] = report::connect(end.media.as_deref());
    value
}

fn direction(matches: &[Match]) -> Value {
    let Some(worst) = Verdict::worst(matches) else { return Value::Null };
    json!({
        "correlation": round(worst.correlation, 4),
        "heard": round(worst.heard, 4),
        "windows": worst.windows,
    })
}

/// Processor seconds of the engines for a second of one end of a call: an encoder and a decoder.
fn per_end(facts: &Facts) -> f64 {
    let ends = 2.0 * facts.calls.len() as f64;
    let engines = facts.work.engines[0] + facts.work.engines[1];
    engines.as_secs_f64() / facts.work.time.as_secs_f64().max(1e-9) / ends
}

/// The exit code and the line of JSON.
pub(crate) fn write(plan: &Plan, facts: &Facts, verdict: &Verdict) -> (Exit, Value) {
    let exit = verdict.exit(plan);
    let limits = Limits::of(plan);
    let work = &facts.work;
    let first = &facts.calls[0];
    let per_end = per_end(facts);
    let line = json!({
        "outcome": verdict.name(plan),
        "call_outcome": verdict.outcome.name(),
        "calls": facts.calls.len(),
        "family": first.caller.family.map(report::family_name),
        "version": first.caller.family.map(report::version),
        "emoji": {
            "caller": first.caller.emoji,
            "callee": first.callee.emoji,
            "equal": verdict.emoji_equal,
        },
        "setup_ms": setup(facts, &first.caller.stages),
        "caller": side(&first.caller),
        "callee": side(&first.callee),
        "frames": report::frames(first.callee.media.as_ref().map(|media| &media.stats)),
        "rtt_ms": first.caller.media.as_ref().and_then(|media| media.stats.link.rtt).map(ms),
        "mouth_to_ear_ms": verdict.mouth_to_ear.map(|delay| round(delay, 1)),
        "late_frames_after_setup": work.late,
        "late_frames_each_second": work.late_each_second,
        "frames_after_setup": work.lateness.frames,
        "lateness_ms": { "p50": ms(work.lateness.p50), "p99": ms(work.lateness.p99), "max": ms(work.lateness.max) },
        "profile": { "asked": plan.profile.to_string(), "stepped_down": work.stepped_down },
        "threads": work.threads,
        "cpu_s": {
            "talked": seconds(work.time),
            "caller_engine": seconds(work.engines[0]),
            "callee_engine": seconds(work.engines[1]),
            "codec": seconds(work.codec),
            "relays": seconds(work.relays),
            "telegram_and_signalling": seconds(work.tasks),
            "stolen": seconds(work.stolen),
            "per_call_and_second": round(2.0 * per_end, 6),
            "per_end_and_second": round(per_end, 6),
            "bare_codec_per_end_and_second": verdict.bare_codec.map(|cost| round(cost, 6)),
            "engine_to_bare_codec": verdict.bare_codec.map(|cost| round(per_end / cost, 3)),
        },
        "recording": first.callee.recordings.iter().find(|r| r.path.is_some()).map(report::recording),
        "heard": {
            "by_callee": direction(&verdict.forward),
            "by_caller": direction(&verdict.backward),
            "least_correlation": round(limits.correlation, 3),
            "least_heard": round(limits.heard, 3),
        },
        "correlation": Verdict::worst(&verdict.forward).map(|found| round(found.correlation, 4)),
        "relays": facts.reflectors.iter().map(report::relay).collect::<Vec<_>>(),
    });
    (exit, line)
}

/// The same for people.
pub(crate) fn text(plan: &Plan, facts: &Facts, verdict: &Verdict) -> String {
    let exit = verdict.exit(plan);
    let first = &facts.calls[0];
    let mut text = String::new();
    let mut row = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<14} {value}");
    };
    let good = if exit == Exit::Success { "ok" } else { "FAILED" };
    let count = facts.calls.len();
    let family = first.caller.family.map_or_else(|| "no media".to_owned(), |family| family.to_string());
    let calls = if count == 1 { "one call".to_owned() } else { format!("{count} calls at once") };
    row(
        "verdict",
        format!(
            "{good}: {calls}, {:.1} s, {family}, profile {}",
            facts.work.time.as_secs_f64(),
            plan.profile
        ),
    );
    let emoji = |end: &CallReport| end.emoji.map_or_else(|| "none".to_owned(), |emoji| emoji.join(" "));
    row("emoji", format!("caller {}   callee {}", emoji(&first.caller), emoji(&first.callee)));
    let stages: Vec<String> = first
        .caller
        .stages
        .iter()
        .map(|(stage, after)| format!("{} {:.0} ms", stage.name(), ms(after)))
        .collect();
    row(
        "set-up",
        format!(
            "connect {:.0} ms, login {:.0} ms; then {}",
            ms(facts.connect),
            ms(facts.login),
            stages.join(", ")
        ),
    );
    for (name, end) in [("caller", &first.caller), ("callee", &first.callee)] {
        let Some(media) = &end.media else { continue };
        let link = &media.stats.link;
        let rtt = link.rtt.map_or_else(|| "unknown".to_owned(), |rtt| format!("{:.1} ms", ms(rtt)));
        row(
            name,
            format!(
                "{}; frames sent {}, received {}, lost {}, recovered {}, concealed {}, late {}; round trip {rtt}",
                end.outcome.name(),
                link.frames_sent,
                link.frames_received,
                link.frames_lost,
                link.frames_recovered,
                link.frames_concealed,
                link.frames_late
            ),
        );
    }
    if let Some(connect) = first.caller.media.as_ref().and_then(|media| media.connect.as_ref()) {
        row("connect", connect.to_string());
    }
    if let Some(delay) = verdict.mouth_to_ear {
        row("mouth to ear", format!("{delay:.0} ms"));
    }
    let heard = |name: &str, matches: &[Match]| {
        Verdict::worst(matches).map(|found| {
            format!(
                "{name} correlates {:.3} ({:.0} % of the half seconds)",
                found.correlation,
                found.heard * 100.0
            )
        })
    };
    let both = [heard("callee's", &verdict.forward), heard("caller's", &verdict.backward)];
    row("heard", both.into_iter().flatten().collect::<Vec<_>>().join(", "));
    let work = &facts.work;
    row(
        "processor",
        format!(
            "engines {:.2} s (codec {:.2} s), relays {:.2} s, Telegram and signalling {:.2} s; {} threads",
            (work.engines[0] + work.engines[1]).as_secs_f64(),
            work.codec.as_secs_f64(),
            work.relays.as_secs_f64(),
            work.tasks.as_secs_f64(),
            work.threads
        ),
    );
    if let Some(bare) = verdict.bare_codec {
        let per_end = per_end(facts);
        row(
            "per end",
            format!(
                "{:.2} ms a second, {:.2} of the codec alone ({:.2} ms)",
                per_end * 1e3,
                per_end / bare,
                bare * 1e3
            ),
        );
    }
    let late = &work.lateness;
    row(
        "lateness",
        format!(
            "{} of {} frames late after set-up; half within {:.1} ms, 99 % within {:.1} ms, all within {:.1} ms",
            work.late,
            late.frames,
            ms(late.p50),
            ms(late.p99),
            ms(late.max)
        ),
    );
    if !work.stolen.is_zero() {
        let stolen = work.stolen.as_secs_f64();
        row("stolen", format!("{stolen:.2} s of processor time went to others on this machine's host"));
    }
    if work.stepped_down > 0 {
        row("overload", format!("calls went down a profile {} times to keep up", work.stepped_down));
    }
    for recording in first.callee.recordings.iter().filter(|recording| recording.path.is_some()) {
        let path = recording.path.as_deref().unwrap_or_else(|| std::path::Path::new("-"));
        row("recording", format!("{} ({:.1} s)", path.display(), recording.length.seconds()));
    }
    text.truncate(text.trim_end().len());
    text
}
