//! `offhook dc`: a local Telegram that any client can be pointed at.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use offhook_dc::{CodePolicy, Dc, LinkConfig, UserSpec};
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::impairment::{self, ImpairmentArgs};
use crate::{output, report, stop};

/// A local Telegram: MTProto over TCP, users, messages, calls, and the relays calls go through
///
/// Prints its addresses and its public key, then runs until Ctrl-C or SIGTERM.
#[derive(Args, Debug)]
pub(crate) struct DcArgs {
    /// Where to listen; port 0 takes any free one. Relays use the same IP address
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Keep users, keys and messages in this folder; in memory otherwise
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Somebody who can log in at once; may be repeated. Others sign up
    #[arg(long = "user", value_name = "PHONE:USERNAME:NAME")]
    users: Vec<String>,
    /// Second-step password of one of them; may be repeated
    #[arg(long = "user-password", value_name = "PHONE:PASSWORD")]
    passwords: Vec<String>,
    /// The login code of everybody, or `print` for a new one each time, told on stderr
    #[arg(long, value_name = "CODE|print", default_value = "print")]
    code: String,
    /// How many relays calls can choose from
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=16))]
    reflectors: u16,
    /// No relays of Telegram's kind: modern calls have the TURN server, and all have the direct way
    #[arg(long, conflicts_with = "reflectors")]
    no_reflectors: bool,
    /// No STUN and TURN server for modern calls
    #[arg(long)]
    no_turn: bool,
    /// Ask both sides how a call was, once it is over
    #[arg(long)]
    need_rating: bool,
    /// Share of the pieces of modern calls' signalling that are lost, 0 to 1
    #[arg(
        long,
        value_name = "P",
        default_value_t = 0.0,
        allow_negative_numbers = true,
        help_heading = "Network"
    )]
    signalling_loss: f64,
    /// Delay of modern calls' signalling, milliseconds
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0.0,
        allow_negative_numbers = true,
        help_heading = "Network"
    )]
    signalling_delay: f64,
    #[command(flatten)]
    impairment: ImpairmentArgs,
    /// Lines of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &DcArgs) -> Result<Exit, Failure> {
    let mut users = args.users.iter().map(|text| user(text)).collect::<Result<Vec<_>, _>>()?;
    for text in &args.passwords {
        give_password(&mut users, text)?;
    }
    let link = args.impairment.link()?;
    let signalling = LinkConfig {
        loss: impairment::share("--signalling-loss", args.signalling_loss)?,
        delay: impairment::milliseconds("--signalling-delay", args.signalling_delay)?,
        ..LinkConfig::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Internal, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(serve(args, users, (link, signalling)))
}

async fn serve(
    args: &DcArgs,
    users: Vec<UserSpec>,
    (link, signalling): (LinkConfig, LinkConfig),
) -> Result<Exit, Failure> {
    let codes = match args.code.as_str() {
        "print" => CodePolicy::random(|issued| {
            eprintln!("login code {} for {}", issued.code.as_str(), issued.phone.as_str());
        }),
        code => CodePolicy::fixed(code),
    };
    let mut builder = Dc::builder()
        .listen(args.listen)
        .codes(codes)
        .reflectors(if args.no_reflectors { 0 } else { usize::from(args.reflectors) })
        .turn(!args.no_turn)
        .need_rating(args.need_rating)
        .reflector_link(link, args.impairment.seed)
        .signalling_link(signalling, args.impairment.seed);
    if let Some(folder) = &args.data {
        builder = builder.data(folder);
    }
    for user in users {
        builder = builder.user(user);
    }
    let dc = builder.start().await.map_err(failure)?;
    if args.json {
        output::json(&json!({
            "addr": dc.addr().to_string(),
            "dc_id": dc.dc_id(),
            "pem": dc.public_key_pem(),
            "reflectors": texts(dc.reflectors()),
            "reflectors_v6": texts(dc.reflectors_v6()),
            "turn": dc.turn().map(|addr| addr.to_string()),
        }))?;
    } else {
        let relays = texts(dc.reflectors()).join(", ");
        let head = format!(
            "Telegram on {} (data center {}), relays on {}, STUN and TURN on {}",
            dc.addr(),
            dc.dc_id(),
            if relays.is_empty() { "nothing" } else { &relays },
            dc.turn().map_or_else(|| "nothing".into(), |addr| addr.to_string()),
        );
        output::line(&format!("{head}\n{}", dc.public_key_pem().trim_end()))?;
    }
    stop::requested().await;
    let counters = dc.counters();
    dc.shutdown().await;
    if args.json {
        output::json(&json!({
            "connections": counters.connections,
            "requests": counters.requests,
            "request_errors": counters.request_errors,
            "unknown_methods": counters.unknown_methods,
            "bad_packets": counters.bad_packets,
            "calls": counters.calls,
            "signals": counters.signals,
            "signals_lost": counters.signals_lost,
            "signals_dropped": counters.signals_dropped,
            "relays": counters.reflectors.iter().map(report::relay).collect::<Vec<_>>(),
            "turn": counters.turn.as_ref().map(report::turn),
        }))?;
    }
    Ok(Exit::Success)
}

fn texts(addrs: &[SocketAddr]) -> Vec<String> {
    addrs.iter().map(ToString::to_string).collect()
}

fn user(text: &str) -> Result<UserSpec, Failure> {
    let wrong = |what: &str| {
        let example = "give PHONE:USERNAME:NAME, for example +10000000001:alice:Alice";
        Failure::new(Exit::Usage, format!("--user: {what}; {example}"))
    };
    let mut parts = text.splitn(3, ':');
    let (Some(phone), Some(username), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong("a part is missing"));
    };
    if !phone.chars().any(|c| c.is_ascii_digit()) {
        return Err(wrong("the phone number has no digits"));
    }
    if name.trim().is_empty() {
        return Err(wrong("the name is empty"));
    }
    Ok(UserSpec::new(phone, name).username(username))
}

fn give_password(users: &mut [UserSpec], text: &str) -> Result<(), Failure> {
    let wrong = |what: &str| Failure::new(Exit::Usage, format!("--user-password: {what}"));
    let (phone, password) = text
        .split_once(':')
        .filter(|(_, password)| !password.is_empty())
        .ok_or_else(|| wrong("give PHONE:PASSWORD, for example +10000000001:secret"))?;
    let user = users.iter_mut().find(|user| user.has_phone(phone));
    let user = user.ok_or_else(|| wrong("no --user has that phone number"))?;
    *user = user.clone().password(password, "");
    Ok(())
}

fn failure(error: offhook_dc::StartError) -> Failure {
    let exit = match error {
        offhook_dc::StartError::Bind { .. } => Exit::Network,
        offhook_dc::StartError::User { .. } => Exit::Usage,
        _ => Exit::File,
    };
    Failure::new(exit, format!("failed to {error}"))
}
