//! Sessions of other clients.

use clap::{Args, ValueEnum};
use offhook_client::{Client, SessionString, StringFormat};
use serde_json::json;

use crate::account::{API_HASH, API_ID, NetworkArgs, Server, SessionArgs};
use crate::exit::{Exit, Failure};
use crate::home::forget;
use crate::login::{address, numbered, pem};
use crate::{ask, output};

/// Write the session as another client reads it
///
/// Whoever has the string has the account.
#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// Which client is to read it
    #[arg(long, value_name = "CLIENT")]
    format: Format,
    #[command(flatten)]
    session: SessionArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Telethon's StringSession
    Telethon,
    /// Pyrogram's session string, also that of Kurigram
    Pyrogram,
}

/// Go on with the login of another client: a session string of Telethon, Pyrogram or Kurigram
///
/// The string is asked for unseen, read from standard input, or taken from OFFHOOK_SESSION_STRING.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The server's RSA public key: a PEM file, or the PEM text itself
    #[arg(long, value_name = "PEM")]
    dc_key: String,
    /// Address of the server; Telethon's strings have it
    #[arg(long, value_name = "ADDR")]
    dc: Option<String>,
    /// Another data center, where the account may move; may be repeated
    #[arg(long = "other-dc", value_name = "N=ADDR")]
    other_dcs: Vec<String>,
    /// Application number from my.telegram.org; Pyrogram's strings have it
    #[arg(long, value_name = "N")]
    api_id: Option<i32>,
    /// Application hash that belongs to it
    #[arg(long, value_name = "HEX", default_value = API_HASH, hide_default_value = true)]
    api_hash: String,
    #[command(flatten)]
    session: SessionArgs,
    #[command(flatten)]
    network: NetworkArgs,
}

pub(super) fn export(args: &ExportArgs, as_json: bool) -> Result<Exit, Failure> {
    let home = args.session.known()?;
    let server = home.server()?;
    let data = home.store()?.load()?.unwrap_or_default();
    let not_in = || Failure::new(Exit::Login, format!("{home} is not logged in"));
    let mut string = SessionString::from_session(&data).filter(|_| data.user.is_some()).ok_or_else(not_in)?;
    string.address = Some(server.addr);
    string.api_id = Some(server.api_id);
    let (format, name) = match args.format {
        Format::Telethon => (StringFormat::Telethon, "telethon"),
        Format::Pyrogram => (StringFormat::Pyrogram, "pyrogram"),
    };
    let text = string.export(format).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("the format has no room for data center {}", string.dc))
    })?;
    if as_json {
        output::json(&json!({ "format": name, "string": *text }))?;
    } else {
        output::line(&text)?;
    }
    Ok(Exit::Success)
}

pub(super) async fn import(args: &ImportArgs, as_json: bool) -> Result<Exit, Failure> {
    let key = pem(&args.dc_key)?;
    let told = args.dc.as_deref().map(address).transpose()?;
    let text = match std::env::var("OFFHOOK_SESSION_STRING") {
        Ok(text) => text,
        Err(_) => ask::secret("session string: ", "OFFHOOK_SESSION_STRING")?,
    };
    let string = SessionString::parse(&text).map_err(|error| Failure::new(Exit::Usage, error))?;
    let home = args.session.any()?;
    let store = home.store()?;
    if store.load()?.is_some_and(|data| data.user.is_some()) {
        let text = format!("{home} has a login already; offhook session log-out ends it");
        return Err(Failure::new(Exit::Usage, text));
    }
    let addr = told.or(string.address).ok_or_else(|| {
        Failure::new(Exit::Usage, "the string does not tell where the server is; give --dc ADDR")
    })?;
    let server = Server {
        dc: string.dc.0,
        addr,
        others: numbered("--other-dc", &args.other_dcs)?,
        key,
        api_id: args.api_id.or(string.api_id).unwrap_or(API_ID),
        api_hash: args.api_hash.clone(),
    };
    store.save(&string.to_session())?;
    match check(&server, store, &args.network).await {
        Ok(me) => {
            home.set_server(&server)?;
            if as_json {
                output::json(
                    &json!({ "id": me.id, "name": me.name, "username": me.username, "session": home.path() }),
                )?;
            } else {
                output::line(&format!("logged in as {} (id {}); session in {home}", me.name, me.id))?;
            }
            Ok(Exit::Success)
        }
        Err(failure) => {
            // Nothing of use was there before.
            forget(&home);
            Err(failure)
        }
    }
}

/// Whose login it is, if it is one.
async fn check(
    server: &Server,
    store: offhook_client::SessionStore,
    network: &NetworkArgs,
) -> Result<offhook_client::Peer, Failure> {
    let client = Client::connect(server.config(store, network)?).await?;
    let me = client.me().await;
    client.shutdown().await;
    Ok(me?)
}
