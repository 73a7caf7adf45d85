//! The debug report a server may ask for after a call (libtgvoip.md 1.10).

use std::sync::Arc;

use offhook_voip::{CallStats, Family, LIBTGVOIP};
use serde_json::{Value, json};

use crate::line::Line;
use crate::signalling::Done;
use crate::wire::{self, CallName};

/// The document of library version 2.4.4, with the version that carried the call.
fn document(family: Option<Family>, stats: &CallStats) -> Value {
    let version = match family {
        Some(Family::Tgcalls(version)) => version.as_str(),
        _ => LIBTGVOIP,
    };
    let link = &stats.link;
    let rtt = link.rtt.map_or(0, |rtt| rtt.as_millis());
    let lost_out = (f64::from(link.send_loss) * link.datagrams_sent as f64) as u64;
    json!({
        "log_type": "call_stats",
        "libtgvoip_version": version,
        "network": { "type": "ethernet" },
        "protocol_version": link.peer_version.unwrap_or(0).min(9),
        "udp_avail": link.datagrams_received > 0,
        "tcp_used": false,
        "relay_rtt": rtt,
        "rtt": rtt,
        "p2p_type": "none",
        "packet_stats": {
            "out": link.datagrams_sent,
            "in": link.datagrams_received,
            "lost_out": lost_out,
            "lost_in": link.frames_lost,
        },
        "problems": [],
        "pref_relay": link.preferred_relay.to_string(),
    })
}

/// Sends it. Nobody waits for the answer.
pub(crate) async fn send(
    line: Arc<Line>,
    call: CallName,
    family: Option<Family>,
    stats: Option<CallStats>,
) -> Done {
    let request = wire::save_call_debug(call, document(family, &stats.unwrap_or_default()).to_string());
    if let Err(error) = line.client.invoke_value(request).await {
        tracing::debug!(%error, "the debug report was not taken");
    }
    Done::Received
}

#[cfg(test)]
mod tests {
    use offhook_voip::Version;

    use super::*;

    #[test]
    fn the_report_has_every_key_of_the_library() {
        let report = document(None, &CallStats::default());
        for key in [
            "log_type",
            "libtgvoip_version",
            "network",
            "protocol_version",
            "udp_avail",
            "tcp_used",
            "relay_rtt",
            "rtt",
            "p2p_type",
            "packet_stats",
            "problems",
            "pref_relay",
        ] {
            assert!(report.get(key).is_some(), "{key}");
        }
        assert_eq!((&report["pref_relay"], &report["libtgvoip_version"]), (&json!("0"), &json!("2.4.4")));
        let modern = document(Some(Family::Tgcalls(Version::V9)), &CallStats::default());
        assert_eq!(modern["libtgvoip_version"], "9.0.0");
    }
}
