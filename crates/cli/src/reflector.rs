//! `offhook reflector`: a relay for calls, with a network that is as bad as one likes.

use std::io::ErrorKind;
use std::net::SocketAddr;

use clap::Args;
use offhook_dc::{PeerTag, Reflector};
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::impairment::ImpairmentArgs;
use crate::leg::hex_bytes;
use crate::{output, report, stop};

/// A relay for calls, with a network that is as bad as one likes
///
/// Serves UDP and TCP on one port, libtgvoip and modern calls. Prints its address at the start and its counters at the
/// end (Ctrl-C).
#[derive(Args, Debug)]
pub(crate) struct ReflectorArgs {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The two tags of a call, caller's and callee's, 16 bytes in hex each; may be repeated. Modern calls need tags that
    /// differ in their first 12 bytes
    #[arg(long = "pair", value_name = "TAGHEX:TAGHEX", required = true)]
    pairs: Vec<String>,
    #[command(flatten)]
    impairment: ImpairmentArgs,
    /// Lines of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &ReflectorArgs) -> Result<Exit, Failure> {
    let pairs = args.pairs.iter().map(|text| pair(text)).collect::<Result<Vec<_>, _>>()?;
    let handle = Reflector::bind(args.listen, pairs, args.impairment.link()?, args.impairment.seed).map_err(
        |error| match error.kind() {
            ErrorKind::InvalidInput => {
                Failure::new(Exit::Usage, "--pair names a tag twice; every side of every call needs its own")
            }
            _ => Failure::new(Exit::Network, format!("cannot relay on {}: {error}", args.listen)),
        },
    )?;
    if args.json {
        let addr_v6 = handle.addr_v6().map(|addr| addr.to_string());
        output::json(&json!({ "addr": handle.addr().to_string(), "addr_v6": addr_v6 }))?;
    } else {
        let addr_v6 = handle.addr_v6().map_or_else(String::new, |addr| format!(" and {addr}"));
        output::line(&format!("relay on {}{addr_v6}, UDP and TCP", handle.addr()))?;
    }
    stop::runtime()?.block_on(stop::requested());
    let counters = handle.counters();
    handle.shutdown();
    if args.json {
        output::json(&report::relay(&counters))?;
    } else {
        output::line(&format!(
            "received {}, forwarded {}, lost on purpose {}, unknown tag {}, no peer {}",
            counters.received, counters.forwarded, counters.impaired, counters.unknown_tag, counters.no_peer
        ))?;
    }
    Ok(Exit::Success)
}

fn pair(text: &str) -> Result<(PeerTag, PeerTag), Failure> {
    let (caller, callee) = text
        .split_once(':')
        .ok_or_else(|| Failure::new(Exit::Usage, "--pair wants two tags with a colon between them"))?;
    Ok((PeerTag(hex_bytes("--pair", caller)?), PeerTag(hex_bytes("--pair", callee)?)))
}
