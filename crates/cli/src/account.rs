//! An account of the command line: a session, and with it the address and the key of its server.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use offhook_client::{Client, ClientConfig, DcId, SessionStore, Transport};
use serde::{Deserialize, Serialize};

use crate::exit::{Exit, Failure};
use crate::home::Home;

/// What the program calls itself to a server that takes any application. Telegram's own servers want the numbers of a
/// registered application: `--api-id` and `--api-hash`.
pub(crate) const API_ID: i32 = 1;
/// See [`API_ID`].
pub(crate) const API_HASH: &str = "00000000000000000000000000000000";

/// Where a session is kept.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Account")]
pub(crate) struct SessionArgs {
    /// The session: a file, or a database that several accounts share
    #[arg(long, value_name = "FILE")]
    pub(crate) session: PathBuf,
    /// Which account of a session database; may be left out when it has one. OFFHOOK_PASSPHRASE opens an encrypted
    /// one, and encrypts a new one
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
}

/// How the server is reached.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// Go through a proxy: socks5://[USER:PASSWORD@]IP:PORT, http://[USER:PASSWORD@]IP:PORT, or the link of an MTProxy,
    /// tg://proxy?server=IP&port=PORT&secret=SECRET
    #[arg(long, value_name = "URL", env = "OFFHOOK_PROXY", hide_env_values = true)]
    proxy: Option<String>,
    /// How packets travel to the server, this time; an MTProxy has a way of its own
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    transport: TransportArg,
}

impl NetworkArgs {
    fn change(&self, config: ClientConfig) -> Result<ClientConfig, Failure> {
        let config = config.transport(self.transport.into());
        let Some(proxy) = &self.proxy else { return Ok(config) };
        let wrong = |error| Failure::new(Exit::Usage, format!("--proxy: {error}"));
        Ok(config.proxy(proxy.parse().map_err(wrong)?))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum TransportArg {
    #[default]
    Abridged,
    Intermediate,
    Padded,
    Full,
    ObfuscatedAbridged,
    ObfuscatedIntermediate,
    ObfuscatedPadded,
    Websocket,
    Http,
}

impl From<TransportArg> for Transport {
    fn from(arg: TransportArg) -> Self {
        match arg {
            TransportArg::Abridged => Self::Abridged,
            TransportArg::Intermediate => Self::Intermediate,
            TransportArg::Padded => Self::PaddedIntermediate,
            TransportArg::Full => Self::Full,
            TransportArg::ObfuscatedAbridged => Self::ObfuscatedAbridged,
            TransportArg::ObfuscatedIntermediate => Self::ObfuscatedIntermediate,
            TransportArg::ObfuscatedPadded => Self::ObfuscatedPadded,
            TransportArg::Websocket => Self::WebSocket,
            TransportArg::Http => Self::Http,
        }
    }
}

/// Which account a command uses.
#[derive(Args, Clone, Debug)]
pub(crate) struct AccountArgs {
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
}

impl AccountArgs {
    /// The account, connected and logged in.
    pub(crate) async fn connect(&self) -> Result<Client, Failure> {
        self.connect_with(|config| config).await
    }

    /// The account, connected in another way than usual, and logged in.
    pub(crate) async fn connect_with(
        &self,
        change: impl FnOnce(ClientConfig) -> ClientConfig,
    ) -> Result<Client, Failure> {
        let home = self.session.known()?;
        let config = home.server()?.config(home.store()?, &self.network)?;
        let client = Client::connect(change(config)).await?;
        if client.is_authorized().await? {
            return Ok(client);
        }
        client.shutdown().await;
        Err(Failure::new(Exit::Login, format!("{home} is not logged in any more; offhook login again")))
    }
}

impl SessionArgs {
    /// The session of an account that was logged in before.
    pub(crate) fn known(&self) -> Result<Home, Failure> {
        Home::known(&self.session, self.account.as_deref())
    }

    /// The session of an account that may be new.
    pub(crate) fn any(&self) -> Result<Home, Failure> {
        Home::any(&self.session, self.account.as_deref())
    }
}

/// Where a session's server is, and as which application it is talked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Server {
    pub(crate) dc: i32,
    pub(crate) addr: SocketAddr,
    /// Where the account may have to be looked for, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) others: BTreeMap<i32, SocketAddr>,
    /// RSA public key, PEM.
    pub(crate) key: String,
    pub(crate) api_id: i32,
    pub(crate) api_hash: String,
}

impl Server {
    /// A client of it.
    pub(crate) fn config(&self, store: SessionStore, network: &NetworkArgs) -> Result<ClientConfig, Failure> {
        let config = ClientConfig::new(DcId(self.dc), self.addr, self.api_id, self.api_hash.as_str())
            .server_key(self.key.as_str())
            .session(store);
        let config = self.others.iter().fold(config, |config, (dc, addr)| config.address(DcId(*dc), *addr));
        network.change(config)
    }
}
