//! `offhook login`: makes a session file.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use clap::Args;
use offhook_client::{Client, LoginCode, Password, PhoneNumber, SentCode, SignIn};
use serde_json::json;

use crate::account::{API_HASH, API_ID, Server};
use crate::exit::{Exit, Failure};
use crate::{ask, output, stop};

/// Log in with a phone number and a code; keeps the session in a file
///
/// Without --code the code is asked for at the terminal.
#[derive(Args, Debug)]
pub(crate) struct LoginArgs {
    /// Where to keep the session; `FILE.server` beside it keeps the server's address and key
    #[arg(long, value_name = "FILE")]
    session: PathBuf,
    /// Address of the server
    #[arg(long, value_name = "ADDR")]
    dc: String,
    /// Number of the data center at that address
    #[arg(long, value_name = "N", default_value_t = 2)]
    dc_id: i32,
    /// The server's RSA public key: a PEM file, or the PEM text itself
    #[arg(long, value_name = "PEM")]
    dc_key: String,
    /// Phone number in international form
    #[arg(long, value_name = "NUMBER")]
    phone: String,
    /// The login code
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
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
}

pub(crate) fn run(args: &LoginArgs) -> Result<Exit, Failure> {
    let phone: PhoneNumber =
        args.phone.parse().map_err(|error| Failure::new(Exit::Usage, format!("--phone: {error}")))?;
    let server = Server {
        dc: args.dc_id,
        addr: address(&args.dc)?,
        key: pem(&args.dc_key)?,
        api_id: args.api_id,
        api_hash: args.api_hash.clone(),
    };
    stop::runtime()?.block_on(log_in(args, &server, &phone))
}

async fn log_in(args: &LoginArgs, server: &Server, phone: &PhoneNumber) -> Result<Exit, Failure> {
    let client = server.connect(&args.session).await?;
    if !client.is_authorized().await? {
        let sent = client.request_code(phone).await?;
        let code = match &args.code {
            Some(code) => LoginCode::from(code.as_str()),
            None => LoginCode::from(ask::line("login code: ", "--code")?),
        };
        enter(args, &client, &sent, &code).await?;
    }
    let me = client.me().await?;
    server.save(&args.session)?;
    client.shutdown().await;
    if args.json {
        let line = json!({ "id": me.id, "name": me.name, "username": me.username, "session": args.session });
        output::json(&line)?;
    } else {
        output::line(&format!(
            "logged in as {} (id {}); session in {}",
            me.name,
            me.id,
            args.session.display()
        ))?;
    }
    Ok(Exit::Success)
}

async fn enter(args: &LoginArgs, client: &Client, sent: &SentCode, code: &LoginCode) -> Result<(), Failure> {
    match client.sign_in(sent, code).await? {
        SignIn::Authorized(_) => {}
        SignIn::SignUpRequired => {
            let name = args.first_name.as_deref().ok_or_else(|| {
                Failure::new(Exit::Login, "the number has no account yet; give --first-name to make one")
            })?;
            client.sign_up(sent, name, "").await?;
        }
        SignIn::PasswordRequired { hint } => {
            let hint = hint.map(|hint| format!(" (hint: {hint})")).unwrap_or_default();
            let password = match &args.password {
                Some(password) => password.clone(),
                None => ask::secret(&format!("password{hint}: "), "--password")?,
            };
            client.check_password(&Password::from(password)).await?;
        }
    }
    Ok(())
}

fn address(text: &str) -> Result<SocketAddr, Failure> {
    let hint = "give it as HOST:PORT, for example 127.0.0.1:4430";
    let wrong =
        |what: String| Failure::new(Exit::Usage, format!("--dc {text} is no address ({what}); {hint}"));
    let mut found = text.to_socket_addrs().map_err(|error| wrong(error.to_string()))?;
    found.next().ok_or_else(|| wrong("it leads nowhere".to_owned()))
}

/// A PEM text as it is, or the content of a file.
fn pem(text: &str) -> Result<String, Failure> {
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
