//! `offhook login`: makes a session, by phone number and code, by QR code or by a bot's token.

mod qr;

use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs};

use clap::Args;
use offhook_client::{
    BotToken, Client, CodeWay, LoginCode, LoginError, Password, Peer, PhoneNumber, SentCode, SignIn,
};
use serde_json::json;

use crate::account::{API_HASH, API_ID, NetworkArgs, Server, SessionArgs};
use crate::exit::{Exit, Failure};
use crate::home::forget;
use crate::{ask, output, stop};

/// How often a person may mistype a code or a password.
const TRIES: u32 = 3;

/// Log in with a phone number and a code, a QR code or a bot's token; keeps the session
///
/// What is not given is asked for at the terminal. Instead of a code, `resend` asks for it to be sent in the next way.
#[derive(Args, Debug)]
pub(crate) struct LoginArgs {
    /// Address of the server
    #[arg(long, value_name = "ADDR", help_heading = "Server")]
    dc: String,
    /// Number of the data center at that address
    #[arg(long, value_name = "N", default_value_t = 2, help_heading = "Server")]
    dc_id: i32,
    /// Another data center, where the account may live; may be repeated
    #[arg(long = "other-dc", value_name = "N=ADDR", help_heading = "Server")]
    other_dcs: Vec<String>,
    /// The server's RSA public key: a PEM file, or the PEM text itself
    #[arg(long, value_name = "PEM", help_heading = "Server")]
    dc_key: String,
    /// Phone number in international form
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["qr", "bot_token"])]
    phone: Option<String>,
    /// The login code
    #[arg(long, value_name = "CODE", conflicts_with_all = ["qr", "bot_token"])]
    code: Option<String>,
    /// Show a QR code for another device of the account: Settings, Devices, Link Desktop Device, or offhook accept-login
    #[arg(long, conflicts_with = "bot_token")]
    qr: bool,
    /// Log in as a bot, with the token that BotFather gave
    #[arg(long, value_name = "TOKEN", env = "OFFHOOK_BOT_TOKEN", hide_env_values = true)]
    bot_token: Option<String>,
    /// First name, for a number that has no account yet
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// Password of the second step
    #[arg(long, value_name = "TEXT", env = "OFFHOOK_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Application number from my.telegram.org; a local server takes any
    #[arg(long, value_name = "N", default_value_t = API_ID)]
    api_id: i32,
    /// Application hash that belongs to it
    #[arg(long, value_name = "HEX", default_value = API_HASH, hide_default_value = true)]
    api_hash: String,
    /// One line of JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    session: SessionArgs,
    #[command(flatten)]
    network: NetworkArgs,
}

pub(crate) fn run(args: &LoginArgs) -> Result<Exit, Failure> {
    let phone = args.phone.as_deref().map(number).transpose()?;
    let server = Server {
        dc: args.dc_id,
        addr: address(&args.dc)?,
        others: numbered("--other-dc", &args.other_dcs)?,
        key: pem(&args.dc_key)?,
        api_id: args.api_id,
        api_hash: args.api_hash.clone(),
    };
    stop::runtime()?.block_on(log_in(args, &server, phone))
}

async fn log_in(args: &LoginArgs, server: &Server, phone: Option<PhoneNumber>) -> Result<Exit, Failure> {
    let home = args.session.any()?;
    let store = home.store()?;
    let new = store.load()?.is_none();
    let client = Client::connect(server.config(store, &args.network)?).await?;
    let done = enter(args, &client, phone).await;
    client.shutdown().await;
    // The session is free for its removal once the last of the client is gone.
    drop(client);
    let me = match done {
        Ok(me) => me,
        Err(failure) => {
            if new {
                forget(&home);
            }
            return Err(failure);
        }
    };
    home.set_server(server)?;
    if args.json {
        let line = json!({
            "id": me.id,
            "name": me.name,
            "username": me.username,
            "bot": me.bot,
            "session": home.path(),
            "account": home.account(),
        });
        output::json(&line)?;
    } else {
        output::line(&format!("logged in as {} (id {}); session in {home}", me.name, me.id))?;
    }
    Ok(Exit::Success)
}

/// Logs in unless the session is; who it is.
async fn enter(args: &LoginArgs, client: &Client, phone: Option<PhoneNumber>) -> Result<Peer, Failure> {
    if client.is_authorized().await? {
        return Ok(client.me().await?);
    }
    if let Some(token) = &args.bot_token {
        client.sign_in_bot(&BotToken::from(token.as_str())).await?;
    } else if args.qr {
        let signed = client.qr_login(qr::show).await?;
        second_step(args, client, signed).await?;
    } else {
        let phone = match phone {
            Some(phone) => phone,
            None => number(&ask::line("phone number: ", "--phone, --qr or --bot-token")?)?,
        };
        let sent = client.request_code(&phone).await?;
        enter_code(args, client, sent).await?;
    }
    Ok(client.me().await?)
}

/// Signs in with the code, and up when the number has no account.
async fn enter_code(args: &LoginArgs, client: &Client, mut sent: SentCode) -> Result<(), Failure> {
    if args.code.is_none() {
        tell_way(&sent);
    }
    let mut tries = if args.code.is_some() { 1 } else { tries() };
    loop {
        let code = match &args.code {
            Some(code) => code.clone(),
            None => ask::line("login code: ", "--code")?,
        };
        if args.code.is_none() && code == "resend" {
            sent = client.resend_code(&sent).await?;
            tell_way(&sent);
            continue;
        }
        tries -= 1;
        match client.sign_in(&sent, &LoginCode::from(code)).await {
            Ok(SignIn::SignUpRequired) => {
                let name = first_name(args)?;
                return Ok(client.sign_up(&sent, &name, "").await.map(drop)?);
            }
            Ok(signed) => return second_step(args, client, signed).await,
            Err(error @ LoginError::CodeInvalid) if tries > 0 => eprintln!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
}

async fn second_step(args: &LoginArgs, client: &Client, signed: SignIn) -> Result<(), Failure> {
    let SignIn::PasswordRequired { hint } = signed else { return Ok(()) };
    let question = format!("password{}: ", hint.map(|hint| format!(" (hint: {hint})")).unwrap_or_default());
    let mut tries = if args.password.is_some() { 1 } else { tries() };
    loop {
        let password = match &args.password {
            Some(password) => password.clone(),
            None => ask::secret(&question, "--password")?,
        };
        tries -= 1;
        match client.check_password(&Password::from(password)).await {
            Ok(_) => return Ok(()),
            Err(error @ LoginError::PasswordInvalid) if tries > 0 => eprintln!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
}

/// A program that answers for a person would only repeat itself.
fn tries() -> u32 {
    if ask::is_person() { TRIES } else { 1 }
}

fn first_name(args: &LoginArgs) -> Result<String, Failure> {
    match &args.first_name {
        Some(name) => Ok(name.clone()),
        None if ask::is_person() => ask::line("the number has no account yet; first name: ", "--first-name"),
        None => {
            let text = "the number has no account yet; give --first-name to make one";
            Err(Failure::new(Exit::Login, text))
        }
    }
}

fn tell_way(sent: &SentCode) {
    let way = match &sent.way {
        CodeWay::App => "a message in the Telegram app",
        CodeWay::Sms => "a text message",
        CodeWay::Call => "a phone call that reads it out",
        CodeWay::FlashCall | CodeWay::MissedCall => "a phone call from a number that ends with it",
        CodeWay::Email => "a mail",
        _ => "another way",
    };
    eprintln!("the login code comes by {way}");
}

fn number(text: &str) -> Result<PhoneNumber, Failure> {
    text.parse().map_err(|error| Failure::new(Exit::Usage, format!("--phone: {error}")))
}

pub(crate) fn address(text: &str) -> Result<SocketAddr, Failure> {
    let hint = "give it as HOST:PORT, for example 127.0.0.1:4430";
    let wrong =
        |what: String| Failure::new(Exit::Usage, format!("--dc {text} is no address ({what}); {hint}"));
    let mut found = text.to_socket_addrs().map_err(|error| wrong(error.to_string()))?;
    found.next().ok_or_else(|| wrong("it leads nowhere".to_owned()))
}

/// Addresses of data centers by their numbers.
pub(crate) fn numbered(flag: &str, texts: &[String]) -> Result<BTreeMap<i32, SocketAddr>, Failure> {
    let wrong = |text: &str| {
        Failure::new(Exit::Usage, format!("{flag} {text}: give N=ADDR, for example 4=127.0.0.1:4431"))
    };
    let read = |text: &String| {
        let (number, addr) = text.split_once('=').ok_or_else(|| wrong(text))?;
        let number: i32 =
            number.parse().ok().filter(|dc| (1..10_000).contains(dc)).ok_or_else(|| wrong(text))?;
        Ok((number, addr.parse().map_err(|_| wrong(text))?))
    };
    texts.iter().map(read).collect()
}

/// A PEM text as it is, or the content of a file.
pub(crate) fn pem(text: &str) -> Result<String, Failure> {
    if text.contains("-----BEGIN") {
        return Ok(text.replace("\\n", "\n"));
    }
    let content = std::fs::read_to_string(text).map_err(|error| {
        Failure::new(
            Exit::File,
            format!("cannot read the key {text}: {error}; offhook dc prints it at its start"),
        )
    })?;
    if content.contains("-----BEGIN") {
        Ok(content)
    } else {
        Err(Failure::new(Exit::Usage, format!("{text} holds no PEM key; it begins with -----BEGIN")))
    }
}
