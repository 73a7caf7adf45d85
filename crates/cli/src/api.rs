//! `offhook api`: any method of Telegram's API by its name.

use std::io::Read;
use std::time::Duration;

use clap::Args;
use offhook_client::{CallOptions, Client, Peer, PeerRef};
use offhook_tl::{Definition, Object, Schema, Type, Value, from_json, to_json};
use serde_json::{Map, Value as Json};

use crate::account::AccountArgs;
use crate::exit::{Exit, Failure};
use crate::{output, stop};

/// Call any method of Telegram's API by its name; the answer is JSON
///
/// Where the method wants a peer, user or channel, a text such as "@alice", "+15550001", "me" or a numeric id will do, and a
/// missing random_id is drawn. Bytes are base64.
#[derive(Args, Debug)]
pub(crate) struct ApiArgs {
    /// The method, for example messages.sendMessage
    #[arg(value_name = "METHOD")]
    method: String,
    /// Its parameters as a JSON object; `-` reads them from standard input
    #[arg(value_name = "JSON", default_value = "{}")]
    parameters: String,
    /// Give up when there is no answer for so many seconds
    #[arg(long, value_name = "S", default_value_t = 30.0)]
    timeout: f64,
    /// Longest flood wait that is slept through, seconds; a longer one is an error
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    flood_wait: f64,
    /// Spread the answer over several lines
    #[arg(long)]
    pretty: bool,
    #[command(flatten)]
    account: AccountArgs,
}

pub(crate) fn run(args: &ApiArgs) -> Result<Exit, Failure> {
    let schema = Schema::api();
    let method = schema.function(&args.method).ok_or_else(|| {
        let text = format!("layer {} has no method {}", schema.layer(), args.method);
        Failure::new(Exit::Usage, text)
    })?;
    let parameters = parameters(&args.parameters)?;
    let options = CallOptions::default()
        .within(seconds("--timeout", args.timeout)?)
        .flood_wait(seconds("--flood-wait", args.flood_wait)?);
    stop::runtime()?.block_on(async {
        let client = args.account.connect().await?;
        let done = call(&client, method, parameters, options).await;
        client.shutdown().await;
        let answer = to_json(&done?);
        let text = if args.pretty { format!("{answer:#}") } else { answer.to_string() };
        output::line(&text).map(|()| Exit::Success)
    })
}

async fn call(
    client: &Client,
    method: &Definition,
    mut parameters: Map<String, Json>,
    options: CallOptions,
) -> Result<Value, Failure> {
    for parameter in &method.params {
        match parameters.get_mut(parameter.name) {
            Some(given) => fill_peers(client, &parameter.ty, given).await?,
            None if parameter.name == "random_id"
                && parameter.ty == Type::Long
                && parameter.flag.is_none() =>
            {
                parameters.insert(parameter.name.to_owned(), Json::from(random()?.to_string()));
            }
            None => {}
        }
    }
    parameters.insert("_".to_owned(), Json::from(method.name));
    let call = from_json(Schema::api(), &Json::Object(parameters));
    let call: Value = call.map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", method.name)))?;
    let call = call
        .into_object()
        .ok_or_else(|| Failure::new(Exit::Usage, format!("{} is no method", method.name)))?;
    Ok(client.invoke_with(call, options).await?)
}

/// Puts what Telegram wants for people's names of peers.
async fn fill_peers(client: &Client, ty: &Type, given: &mut Json) -> Result<(), Failure> {
    match (ty, &mut *given) {
        (Type::Vector(of), Json::Array(elements)) => {
            for element in elements {
                Box::pin(fill_peers(client, of, element)).await?;
            }
            Ok(())
        }
        (
            Type::Boxed(name @ ("InputPeer" | "InputUser" | "InputChannel")),
            Json::String(_) | Json::Number(_),
        ) => {
            let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
            let who: PeerRef = text.parse()?;
            let object = match (&who, *name) {
                (PeerRef::Me, "InputPeer") => Some(Object::new("inputPeerSelf")),
                (PeerRef::Me, "InputUser") => Some(Object::new("inputUserSelf")),
                _ => input(&client.resolve(&who).await?, name),
            };
            let object = object.ok_or_else(|| {
                let what = if *name == "InputUser" { "user" } else { "channel" };
                Failure::new(Exit::Usage, format!("{text} is no {what}"))
            })?;
            *given = to_json(&Value::Object(object));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn input(peer: &Peer, ty: &str) -> Option<Object> {
    match ty {
        "InputUser" => peer.input_user(),
        "InputChannel" => peer.input_channel(),
        _ => Some(peer.input_peer()),
    }
}

fn parameters(text: &str) -> Result<Map<String, Json>, Failure> {
    let mut piped = String::new();
    let text = if text == "-" {
        std::io::stdin()
            .read_to_string(&mut piped)
            .map_err(|error| Failure::new(Exit::File, format!("cannot read standard input: {error}")))?;
        &piped
    } else {
        text
    };
    match serde_json::from_str(text) {
        Ok(Json::Object(parameters)) => Ok(parameters),
        Ok(_) => Err(Failure::new(
            Exit::Usage,
            "the parameters are no JSON object; give them as '{\"name\": value}'",
        )),
        Err(error) => Err(Failure::new(Exit::Usage, format!("the parameters are no JSON: {error}"))),
    }
}

fn seconds(flag: &str, seconds: f64) -> Result<Duration, Failure> {
    let wrong = |_| Failure::new(Exit::Usage, format!("{flag} {seconds} is no length of time"));
    Duration::try_from_secs_f64(seconds).map_err(wrong)
}

fn random() -> Result<i64, Failure> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(Exit::Internal, format!("the system gives no randomness: {error}")))?;
    Ok(i64::from_le_bytes(bytes))
}
