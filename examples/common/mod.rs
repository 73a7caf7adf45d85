//! What the examples stand on: a Telegram in this process, and accounts logged in to it over TCP.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use offhook::client::{Client, ClientConfig, DcId, LoginCode, PhoneNumber, SignIn};
use offhook::dc::{CodePolicy, Dc, DcHandle, UserSpec};
use offhook::phone::{Phone, PhoneConfig};
use offhook::voip::Engine;

const CODE: &str = "22222";

/// Starts a local Telegram with these accounts: (phone number, username).
pub(crate) async fn telegram(accounts: &[(&str, &str)]) -> anyhow::Result<DcHandle> {
    let listen: SocketAddr = "127.0.0.1:0".parse()?;
    let mut dc = Dc::builder().listen(listen).codes(CodePolicy::fixed(CODE));
    for (number, username) in accounts {
        dc = dc.user(UserSpec::new(number, *username).username(*username));
    }
    Ok(dc.start().await?)
}

/// Logs an account in, as a person would: ask for a code, type it.
pub(crate) async fn log_in(dc: &DcHandle, number: &str) -> anyhow::Result<Client> {
    let config = ClientConfig::new(DcId(dc.dc_id()), dc.addr(), 1, "hash").server_key(dc.public_key_pem());
    let client = Client::connect(config).await?;
    let sent = client.request_code(&number.parse::<PhoneNumber>()?).await?;
    match client.sign_in(&sent, &LoginCode::from(CODE)).await? {
        SignIn::Authorized(_) => Ok(client),
        _ => bail!("the account wants more than a code"),
    }
}

/// An account that can dial and answer.
pub(crate) async fn phone(dc: &DcHandle, engine: &Arc<Engine>, number: &str) -> anyhow::Result<Phone> {
    Ok(Phone::new(log_in(dc, number).await?, Arc::clone(engine), PhoneConfig::default().max_calls(16))
        .await?)
}

/// A clip that comes with the project.
#[allow(dead_code, reason = "not every example plays one")]
pub(crate) fn clip(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("audio").join(name)
}

/// Where an example leaves something to listen to.
#[allow(dead_code, reason = "not every example records")]
pub(crate) fn recording(name: &str) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all("recordings").context("cannot make the folder recordings")?;
    Ok(PathBuf::from("recordings").join(name))
}
