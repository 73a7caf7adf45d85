//! `offhook password`: the second step of an account.

use clap::{Args, Subcommand};
use offhook_client::{Client, Password};
use serde_json::json;

use crate::account::AccountArgs;
use crate::exit::{Exit, Failure};
use crate::{ask, output, stop};

/// Show, set, change or remove the password that logins ask for after the code
///
/// Passwords are asked for at the terminal, or taken from OFFHOOK_PASSWORD (the one in force) and
/// OFFHOOK_NEW_PASSWORD.
#[derive(Args, Debug)]
pub(crate) struct PasswordArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(subcommand)]
    action: Action,
    /// One line of JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Whether there is a password, and its hint
    Show,
    /// Set a password, or change it
    Set {
        /// What helps to remember it; shown to whoever logs in
        #[arg(long, value_name = "TEXT", default_value = "")]
        hint: String,
    },
    /// Log in with the code alone from now on
    Remove,
}

pub(crate) fn run(args: &PasswordArgs) -> Result<Exit, Failure> {
    stop::runtime()?.block_on(async {
        let client = args.account.connect().await?;
        let done = act(args, &client).await;
        client.shutdown().await;
        done
    })
}

async fn act(args: &PasswordArgs, client: &Client) -> Result<Exit, Failure> {
    let before = client.password_state().await?;
    let current = || secret("OFFHOOK_PASSWORD", "password in force: ");
    match &args.action {
        Action::Show => {}
        Action::Set { hint } => {
            let current = if before.set { Some(current()?) } else { None };
            let new = secret("OFFHOOK_NEW_PASSWORD", "new password: ")?;
            client.set_password(current.as_ref(), &new, hint).await?;
        }
        Action::Remove if before.set => client.remove_password(&current()?).await?,
        Action::Remove => {}
    }
    let now = client.password_state().await?;
    if args.json {
        output::json(&json!({ "set": now.set, "hint": now.hint }))?;
    } else {
        let hint = now.hint.map(|hint| format!(" (hint: {hint})")).unwrap_or_default();
        output::line(&if now.set { format!("password set{hint}") } else { "no password".to_owned() })?;
    }
    Ok(Exit::Success)
}

fn secret(variable: &str, question: &str) -> Result<Password, Failure> {
    match std::env::var(variable) {
        Ok(text) => Ok(Password::from(text)),
        Err(_) => Ok(Password::from(ask::secret(question, variable)?)),
    }
}
