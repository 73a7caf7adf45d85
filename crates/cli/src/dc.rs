//! `offhook dc`: a local Telegram that any client can be pointed at.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use offhook_dc::{CodePolicy, Dc, UserSpec};
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::impairment::ImpairmentArgs;
use crate::{output, report, stop};

/// A local Telegram: MTProto over TCP, users, messages, calls, and the relays calls go through
///
/// Prints its address and its public key, then runs until Ctrl-C or SIGTERM.
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Internal, format!("cannot start the runtime: {error}")))?;
    runtime.block_on(serve(args, users, link))
}

async fn serve(args: &DcArgs, users: Vec<UserSpec>, link: offhook_dc::LinkConfig) -> Result<Exit, Failure> {
    let codes = match args.code.as_str() {
        "print" => CodePolicy::random(|issued| {
            eprintln!("login code {} for {}", issued.code.as_str(), issued.phone.as_str());
        }),
        code => CodePolicy::fixed(code),
    };
    let mut builder = Dc::builder()
        .listen(args.listen)
        .codes(codes)
        .reflectors(usize::from(args.reflectors))
        .reflector_link(link, args.impairment.seed);
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
            "reflectors": dc.reflectors().iter().map(ToString::to_string).collect::<Vec<_>>(),
        }))?;
    } else {
        let relays: Vec<_> = dc.reflectors().iter().map(ToString::to_string).collect();
        let head = format!(
            "Telegram on {} (data center {}), relays on {}",
            dc.addr(),
            dc.dc_id(),
            relays.join(", ")
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
            "relays": counters.reflectors.iter().map(report::relay).collect::<Vec<_>>(),
        }))?;
    }
    Ok(Exit::Success)
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
