//! What is told of a call at its end.

use offhook_dc::{ReflectorCounters, TurnCounters};
use offhook_voip::{CallStats, Ended, Family, LIBTGVOIP, MediaTime, PathState, Report, Stamps};
use serde_json::{Value, json};

/// The figures of a call.
pub(crate) fn stats(stats: &CallStats) -> Value {
    let link = &stats.link;
    let ms = |time: std::time::Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
    json!({
        "frames": frames(Some(stats)),
        "datagrams": {
            "sent": link.datagrams_sent,
            "received": link.datagrams_received,
            "bytes_sent": link.bytes_sent,
            "bytes_received": link.bytes_received,
            "short": link.dropped_short,
            "forged": link.dropped_forged,
            "replayed": link.dropped_replayed,
            "malformed": link.dropped_malformed,
            "send_failures": stats.send_failures,
            "stream_dropped": stats.stream_dropped,
        },
        "sockets": { "opened": stats.sockets_opened, "failed": stats.socket_failures },
        "signals_dropped": stats.signals_dropped,
        "rtt_ms": link.rtt.map(ms),
        "jitter": { "target_ms": ms(link.jitter_target), "depth_ms": ms(link.jitter_depth), "resyncs": link.resyncs },
        "send_loss": link.send_loss,
        "receive_loss": link.receive_loss,
        "peer_version": link.peer_version,
        "talked_s": stats.talked.as_secs_f64(),
        "played_s": stats.position.seconds(),
        "heard_s": stats.heard.seconds(),
        "dry_s": MediaTime::from_samples(stats.uplink.dry_samples).seconds(),
        "late_ticks": stats.late_frames,
        "profile": stats.profile.to_string(),
    })
}

/// How a call was connected; null when it is not of the modern family, or had no media.
pub(crate) fn connect(ended: Option<&Ended>) -> Value {
    let Some(report) = ended.and_then(|ended| ended.connect.as_ref()) else { return Value::Null };
    let ms = |time: std::time::Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
    let stages = report.stages.iter().map(|(stage, at)| (stage.name().to_owned(), json!(ms(*at))));
    let pairs = report.pairs.iter().map(|pair| {
        json!({
            "local": pair.local.to_string(),
            "remote": pair.remote.to_string(),
            "outcome": pair.outcome.name(),
            "asked": pair.asked,
            "answered": pair.answered,
            "rtt_ms": pair.rtt.map(ms),
        })
    });
    let servers = report.paths.iter().map(|path| {
        json!({
            "kind": path.kind.name(),
            "addr": path.addr.to_string(),
            "id": path.id,
            "state": path.state.name(),
            "tried": match path.state { PathState::Asking { tried } => Some(tried), _ => None },
            "error": match path.state { PathState::Refused { code } => Some(code), _ => None },
            "rtt_ms": path.rtt.map(ms),
            "candidate": path.candidate.map(|addr| addr.to_string()),
        })
    });
    let (signalling, session, transport) = (&report.signalling, &report.session, &report.transport);
    json!({
        "version": report.version.as_str(),
        "failure": report.failure.map(|failure| failure.to_string()),
        "stages_ms": Value::Object(stages.collect()),
        "pairs": pairs.collect::<Vec<_>>(),
        "servers": servers.collect::<Vec<_>>(),
        "restarts": {
            "begun": report.restarts.begun,
            "agreed": report.restarts.agreed,
            "put_off": report.restarts.put_off,
            "refused": report.restarts.refused,
        },
        "asked_again": transport.asked_again,
        "signalling": {
            "messages_sent": signalling.messages_sent,
            "messages_received": signalling.messages_received,
            "unknown": signalling.unknown_messages,
            "malformed": signalling.malformed_messages,
        },
        "ignored": {
            "messages": session.ignored,
            "candidates": session.dropped_candidates + transport.refused_candidates,
            "malformed": transport.malformed,
            "transport_errors": transport.errors,
            "padding": report.padding,
        },
    })
}

/// The name of a family, without its version.
pub(crate) fn family_name(family: Family) -> &'static str {
    match family {
        Family::Libtgvoip => "libtgvoip",
        Family::Tgcalls(_) => "tgcalls",
    }
}

/// The version that both sides use.
pub(crate) fn version(family: Family) -> &'static str {
    match family {
        Family::Libtgvoip => LIBTGVOIP,
        Family::Tgcalls(version) => version.as_str(),
    }
}

/// What became of a recording.
pub(crate) fn recording(report: &Report) -> Value {
    json!({
        "path": report.path.as_ref().map(|path| path.display().to_string()),
        "seconds": report.length.seconds(),
        "lost_s": report.lost.seconds(),
        "bytes": report.bytes,
        "error": report.error,
    })
}

/// Stamps as measuring scripts read them: seconds of CLOCK_MONOTONIC for each frame of 960 samples.
pub(crate) fn stamps(stamps: &Stamps) -> Value {
    json!({ "sent": stamps.sent, "got": stamps.got, "dropped": stamps.dropped })
}

/// The frames of one side; null when it had no media.
pub(crate) fn frames(stats: Option<&CallStats>) -> Value {
    let Some(CallStats { link, .. }) = stats else { return Value::Null };
    json!({
        "sent": link.frames_sent,
        "received": link.frames_received,
        "played": link.frames_played,
        "lost": link.frames_lost,
        "recovered": link.frames_recovered,
        "concealed": link.frames_concealed,
        "late": link.frames_late,
        "duplicate": link.frames_duplicate,
        "copies_sent": link.copies_sent,
        "refused": link.frames_refused,
    })
}

/// What a relay did.
pub(crate) fn relay(counters: &ReflectorCounters) -> Value {
    json!({
        "received": counters.received,
        "received_bytes": counters.received_bytes,
        "forwarded": counters.forwarded,
        "impaired": counters.impaired,
        "self_info": counters.self_info,
        "peer_info": counters.peer_info,
        "hellos": counters.hellos,
        "unknown_tag": counters.unknown_tag,
        "malformed": counters.malformed,
        "unregistered": counters.unregistered,
        "no_peer": counters.no_peer,
        "rate_limited": counters.rate_limited,
        "send_errors": counters.send_errors,
        "tcp_connections": counters.tcp_connections,
        "tcp_malformed": counters.tcp_malformed,
    })
}

/// What a TURN server did.
pub(crate) fn turn(counters: &TurnCounters) -> Value {
    json!({
        "received": counters.received,
        "bindings": counters.bindings,
        "allocations": counters.allocations,
        "allocations_refused": counters.allocations_refused,
        "allocations_expired": counters.allocations_expired,
        "unknown_login": counters.unknown_login,
        "to_peers": counters.to_peers,
        "to_clients": counters.to_clients,
        "impaired": counters.impaired,
        "malformed": counters.malformed,
        "unknown_client": counters.unknown_client,
        "not_permitted": counters.not_permitted,
        "rate_limited": counters.rate_limited,
        "send_errors": counters.send_errors,
    })
}

/// What a local Telegram did.
pub(crate) fn dc(counters: &offhook_dc::Counters) -> Value {
    json!({
        "connections": counters.connections,
        "requests": counters.requests,
        "request_errors": counters.request_errors,
        "unknown_methods": counters.unknown_methods,
        "bad_packets": counters.bad_packets,
        "packets_doubled": counters.packets_doubled,
        "packets_overtaken": counters.packets_overtaken,
        "posts": counters.posts,
        "calls": counters.calls,
        "signals": counters.signals,
        "signals_lost": counters.signals_lost,
        "signals_dropped": counters.signals_dropped,
        "relays": counters.reflectors.iter().map(relay).collect::<Vec<_>>(),
        "turn": counters.turn.as_ref().map(turn),
    })
}
