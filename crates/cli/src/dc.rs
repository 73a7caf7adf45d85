//! `offhook dc`: a local Telegram that any client can be pointed at.

mod orders;
mod script;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use offhook_dc::{CodePolicy, Dc, DcHandle, FloodLimit, LinkConfig, UserSpec};
use serde_json::json;
use tokio::sync::Notify;

use crate::exit::{Exit, Failure};
use crate::impairment::{self, ImpairmentArgs};
use crate::login::numbered;
use crate::{output, report, stop};
use orders::Hand;
use script::{Control, Script};

/// A local Telegram: MTProto over TCP, users, messages, calls, and the relays calls go through
///
/// Prints its addresses and its public key, then runs until Ctrl-C or SIGTERM.
#[derive(Args, Debug)]
#[command(after_help = orders::HELP)]
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
    /// A bot that logs in with this token; may be repeated
    #[arg(long = "bot", value_name = "TOKEN:USERNAME:NAME")]
    bots: Vec<String>,
    /// Second-step password of one of them; may be repeated
    #[arg(long = "user-password", value_name = "PHONE:PASSWORD")]
    passwords: Vec<String>,
    /// The login code of everybody, or `print` for a new one each time, told on stderr
    #[arg(long, value_name = "CODE|print", default_value = "print")]
    code: String,
    /// How many relays calls can choose from
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=16))]
    reflectors: u16,
    /// Another data center at an address of its own, for accounts that live there; may be repeated
    #[arg(long = "another", value_name = "N=ADDR")]
    others: Vec<String>,
    /// The data center that one of the accounts lives on; may be repeated
    #[arg(long = "user-home", value_name = "PHONE:N")]
    homes: Vec<String>,
    /// Answer FLOOD_WAIT to a device that calls the method more often than this; may be repeated
    #[arg(long = "flood-limit", value_name = "METHOD:CALLS:SECONDS")]
    flood_limits: Vec<String>,
    /// Obey the commands in this file, then go on; `-` reads them from standard input as they come
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Obey commands on this Unix socket, and answer each with a line of JSON
    #[arg(long, value_name = "SOCKET")]
    control: Option<PathBuf>,
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
    let mut users = read("--user", &args.users, user)?;
    users.extend(read("--bot", &args.bots, bot)?);
    for text in &args.homes {
        give_home(&mut users, text)?;
    }
    let flood_limits = read("--flood-limit", &args.flood_limits, flood_limit)?;
    let script = args.script.as_deref().map(Script::open).transpose()?;
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
    runtime.block_on(async {
        let dc = start(args, users, flood_limits, (link, signalling)).await?;
        serve(args, dc, script, (link, signalling)).await
    })
}

async fn start(
    args: &DcArgs,
    users: Vec<UserSpec>,
    flood_limits: Vec<FloodLimit>,
    (link, signalling): (LinkConfig, LinkConfig),
) -> Result<DcHandle, Failure> {
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
    for (dc, addr) in numbered("--another", &args.others)? {
        builder = builder.another(dc, addr);
    }
    for limit in flood_limits {
        builder = builder.flood_limit(limit);
    }
    builder.start().await.map_err(failure)
}

async fn serve(
    args: &DcArgs,
    dc: DcHandle,
    script: Option<Script>,
    links: (LinkConfig, LinkConfig),
) -> Result<Exit, Failure> {
    let control = args.control.as_deref().map(Control::open).transpose()?;
    if args.json {
        output::json(&json!({
            "addr": dc.addr().to_string(),
            "dc_id": dc.dc_id(),
            "others": dc.others(),
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
        let others = dc.others().iter().map(|(dc, addr)| format!(", data center {dc} on {addr}"));
        let head = format!("{head}{}", others.collect::<String>());
        output::line(&format!("{head}\n{}", dc.public_key_pem().trim_end()))?;
    }
    let hand = Hand { admin: dc.admin(), links, stop: Arc::new(Notify::new()) };
    let mut commands = tokio::task::JoinSet::new();
    if let Some(control) = control {
        commands.spawn(control.serve(hand.clone()));
    }
    if let Some(script) = script {
        commands.spawn(script.run(hand.clone(), args.json));
    }
    tokio::select! {
        () = stop::requested() => {}
        () = hand.stop.notified() => {}
    }
    commands.shutdown().await;
    let counters = dc.counters();
    dc.shutdown().await;
    if args.json {
        output::json(&report::dc(&counters))?;
    }
    Ok(Exit::Success)
}

fn texts(addrs: &[SocketAddr]) -> Vec<String> {
    addrs.iter().map(ToString::to_string).collect()
}

/// The values of a flag that may be repeated.
fn read<T>(flag: &str, texts: &[String], one: fn(&str) -> Result<T, String>) -> Result<Vec<T>, Failure> {
    let read =
        |text: &String| one(text).map_err(|error| Failure::new(Exit::Usage, format!("{flag}: {error}")));
    texts.iter().map(read).collect()
}

fn user(text: &str) -> Result<UserSpec, String> {
    let wrong =
        |what: &str| format!("{what}; give PHONE:USERNAME:NAME, for example +10000000001:alice:Alice");
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

fn bot(text: &str) -> Result<UserSpec, String> {
    // The text is not repeated: it holds the token.
    let wrong =
        |what: &str| format!("{what}; give TOKEN:USERNAME:NAME, for example 12345678:secret:robot:Robot");
    let mut parts = text.splitn(4, ':');
    let (Some(number), Some(secret), Some(username), Some(name)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong("a part is missing"));
    };
    if secret.is_empty() || name.trim().is_empty() {
        return Err(wrong("a part is empty"));
    }
    if number.len() < 5 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("a token begins with a number of at least five digits"));
    }
    Ok(UserSpec::bot(&format!("{number}:{secret}"), name).username(username))
}

fn flood_limit(text: &str) -> Result<FloodLimit, String> {
    let hint = "give METHOD:CALLS:SECONDS, for example messages.sendMessage:20:60";
    let parts: Vec<&str> = text.split(':').collect();
    let &[method, calls, per] = &parts[..] else { return Err(format!("a part is missing; {hint}")) };
    let calls = calls.parse().map_err(|_| format!("`{calls}` is no number of calls; {hint}"))?;
    let per = orders::seconds(per).map_err(|error| format!("{error}; {hint}"))?;
    if offhook_tl::Schema::api().function(method).is_none() {
        return Err(format!("there is no method {method}; {hint}"));
    }
    Ok(FloodLimit::new(method, calls, per))
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

fn give_home(users: &mut [UserSpec], text: &str) -> Result<(), Failure> {
    let wrong = |what: &str| Failure::new(Exit::Usage, format!("--user-home {text}: {what}"));
    let parts = text.split_once(':').and_then(|(phone, dc)| Some((phone, dc.parse().ok()?)));
    let (phone, dc) = parts.ok_or_else(|| wrong("give PHONE:N, for example +10000000001:4"))?;
    let user = users.iter_mut().find(|user| user.has_phone(phone));
    let user = user.ok_or_else(|| wrong("no --user has that phone number"))?;
    *user = user.clone().lives_on(dc);
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
