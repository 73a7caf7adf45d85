//! `offhook updates`: what happens to an account, line by line.

use clap::Args;
use offhook_client::{Client, Origin, PeerId, PeerKind, Update};
use offhook_tl::{Object, Value, to_json};
use serde_json::{Value as Json, json};

use crate::account::AccountArgs;
use crate::exit::{Exit, Failure};
use crate::{output, stop};

/// Tell what happens to the account, in order and without gaps, until Ctrl-C
///
/// Begins with what happened since the session was last used.
#[derive(Args, Debug)]
pub(crate) struct UpdatesArgs {
    /// Only updates of this name, for example updateNewMessage; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Only what happens from now on
    #[arg(long)]
    from_now: bool,
    /// End after so many updates
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// Lines of JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: AccountArgs,
}

pub(crate) fn run(args: &UpdatesArgs) -> Result<Exit, Failure> {
    stop::runtime()?.block_on(async {
        let client = args.account.connect_with(|config| config.catch_up(!args.from_now)).await?;
        eprintln!("waiting for updates");
        let told = tell(args, &client).await;
        client.shutdown().await;
        told.map(|()| Exit::Success)
    })
}

async fn tell(args: &UpdatesArgs, client: &Client) -> Result<(), Failure> {
    let mut updates = client.updates();
    let mut left = args.count;
    let stopping = stop::requested();
    tokio::pin!(stopping);
    while left != Some(0) {
        let update = tokio::select! {
            update = updates.next() => update,
            () = &mut stopping => None,
        };
        let Some(update) = update else { break };
        if !args.only.is_empty() && !args.only.iter().any(|name| name == update.name()) {
            continue;
        }
        if args.json {
            output::json(&line(&update))?;
        } else {
            output::line(&text(client, &update))?;
        }
        left = left.map(|left| left - 1);
    }
    if updates.dropped() > 0 {
        eprintln!("offhook: {} updates came faster than they were read, and were dropped", updates.dropped());
    }
    Ok(())
}

fn line(update: &Update) -> Json {
    let origin = match update.origin() {
        Origin::Pushed => "pushed",
        Origin::Result => "result",
        Origin::Difference => "difference",
    };
    json!({ "origin": origin, "update": to_json(&Value::Object(update.object().clone())) })
}

/// Who wrote what, for a message; the name for all else.
fn text(client: &Client, update: &Update) -> String {
    let message =
        update.object().object("message").and_then(|message| Some((message, message.str("message")?)));
    let Some((message, text)) = message else { return update.name().to_owned() };
    let peer = |field| message.object(field).and_then(peer_id);
    let named = |id: PeerId| client.peer(id).map_or_else(|| id.to_string(), |peer| peer.name);
    let chat = peer("peer_id").map(named).unwrap_or_default();
    match (message.flag("out"), peer("from_id").map(named)) {
        (true, _) => format!("{} to {chat}: {text}", update.name()),
        (false, Some(sender)) if sender != chat => {
            format!("{} from {sender} in {chat}: {text}", update.name())
        }
        (false, _) => format!("{} from {chat}: {text}", update.name()),
    }
}

fn peer_id(peer: &Object) -> Option<PeerId> {
    let kinds = [(PeerKind::User, "user_id"), (PeerKind::Chat, "chat_id"), (PeerKind::Channel, "channel_id")];
    kinds.into_iter().find_map(|(kind, field)| Some(PeerId { kind, id: peer.long(field)? }))
}
