//! `offhook accept-login`: lets a device in that shows a QR code.

use clap::Args;
use offhook_client::LoginToken;
use serde_json::json;

use crate::account::AccountArgs;
use crate::exit::{Exit, Failure};
use crate::{output, stop};

/// Let another device into the account: the one that shows a QR code with this link
#[derive(Args, Debug)]
pub(crate) struct AcceptArgs {
    /// The link in the QR code, tg://login?token=…
    #[arg(value_name = "LINK")]
    link: String,
    /// One line of JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: AccountArgs,
}

pub(crate) fn run(args: &AcceptArgs) -> Result<Exit, Failure> {
    let token: LoginToken = args.link.parse().map_err(|error| Failure::new(Exit::Usage, error))?;
    stop::runtime()?.block_on(async {
        let client = args.account.connect().await?;
        let accepted = client.accept_login(&token).await;
        let user = client.user();
        client.shutdown().await;
        accepted?;
        if args.json {
            output::json(&json!({ "accepted": true, "id": user.map(|user| user.id) }))?;
        } else {
            output::line("the device is in, unless it is asked for the account's password")?;
        }
        Ok(Exit::Success)
    })
}
