//! `offhook session`: what is kept of accounts between runs.

mod strings;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use offhook_client::{Client, SessionError};
use serde_json::{Value, json};

use crate::account::{AccountArgs, SessionArgs};
use crate::exit::{Exit, Failure};
use crate::home::{self, Home};
use crate::{output, stop};

/// List, show, export, import and end sessions
#[derive(Args, Debug)]
pub(crate) struct SessionCommand {
    #[command(subcommand)]
    action: Action,
    /// Lines of JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The accounts of a session database, or the one of a session file
    List {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// What is kept of one account, without secrets and without asking the server
    Show(SessionArgs),
    Export(strings::ExportArgs),
    Import(strings::ImportArgs),
    /// Log out: the server forgets the login, and the session is removed
    LogOut(AccountArgs),
}

pub(crate) fn run(args: &SessionCommand) -> Result<Exit, Failure> {
    match &args.action {
        Action::List { file } => {
            if !file.exists() {
                return Err(Failure::new(Exit::File, format!("{} is not there", file.display())));
            }
            for home in home::all(file)? {
                tell(&home, args.json)?;
            }
            Ok(Exit::Success)
        }
        Action::Show(session) => tell(&session.known()?, args.json).map(|()| Exit::Success),
        Action::Export(export) => strings::export(export, args.json),
        Action::Import(import) => stop::runtime()?.block_on(strings::import(import, args.json)),
        Action::LogOut(account) => stop::runtime()?.block_on(log_out(account, args.json)),
    }
}

fn tell(home: &Home, as_json: bool) -> Result<(), Failure> {
    // A session that another program of the library made has none.
    let server = home.server().ok().map(|server| server.addr.to_string());
    let data = match home.store() {
        Err(SessionError::InUse { .. }) => return tell_busy(home, server.as_deref(), as_json),
        store => store?.load()?.unwrap_or_default(),
    };
    let me = data.user.and_then(|user| data.peers.iter().find(|peer| peer.peer_id().bot_api() == user.id));
    if as_json {
        return output::json(&json!({
            "session": home.path(),
            "account": home.account(),
            "in_use": false,
            "server": server,
            "dc": data.home.map(|dc| dc.0),
            "user": data.user.map(|user| json!({
                "id": user.id,
                "bot": user.bot,
                "name": me.map(|me| &me.name),
                "username": me.and_then(|me| me.username.as_ref()),
            })),
            "keys": data.keys.keys().map(|dc| dc.0).collect::<Vec<_>>(),
            "peers": data.peers.len(),
            "updates": data.updates.as_ref().map(updates),
        }));
    }
    let who = match (data.user, me) {
        (None, _) => "not logged in".to_owned(),
        (Some(user), me) => {
            let kind = if user.bot { "bot " } else { "" };
            let name = me.map(|me| format!("{} ", me.name)).unwrap_or_default();
            format!("{kind}{name}(id {})", user.id)
        }
    };
    let dc = data.home.map(|dc| format!("data center {dc} ")).unwrap_or_default();
    let at = server.as_deref().unwrap_or("an unknown server");
    output::line(&format!("{home}: {who}, {dc}at {at}, {} peers", data.peers.len()))
}

/// Only a running program knows what is in its session.
fn tell_busy(home: &Home, server: Option<&str>, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return output::json(&json!({
            "session": home.path(),
            "account": home.account(),
            "in_use": true,
            "server": server,
        }));
    }
    output::line(&format!(
        "{home}: in use by a running program, at {}",
        server.unwrap_or("an unknown server")
    ))
}

fn updates(state: &offhook_client::UpdateState) -> Value {
    json!({
        "pts": state.pts,
        "qts": state.qts,
        "date": state.date,
        "seq": state.seq,
        "channels": state.channels.len(),
    })
}

async fn log_out(args: &AccountArgs, as_json: bool) -> Result<Exit, Failure> {
    let home = args.session.known()?;
    let config = home.server()?.config(home.store()?, &args.network)?;
    let client = Client::connect(config).await?;
    let user = client.user();
    let done = client.log_out().await;
    client.shutdown().await;
    // The session is free for its removal once the last of the client is gone.
    drop(client);
    done?;
    home.remove()?;
    if as_json {
        output::json(&json!({ "logged_out": user.map(|user| user.id) }))?;
    } else {
        output::line(&format!("logged out; {home} is removed"))?;
    }
    Ok(Exit::Success)
}
