//! What is told of a call at its end.

use offhook_dc::{ReflectorCounters, TurnCounters};
use offhook_voip::{CallStats, Family, LIBTGVOIP, MediaTime, Report, Stamps};
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
