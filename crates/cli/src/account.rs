//! An account of the command line: a session, and with it the address and the key of its server.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use offhook_client::{Client, ClientConfig, DcId, Proxy, SessionStore};
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
pub(crate) struct ProxyArgs {
    /// Go through a proxy: socks5://[USER:PASSWORD@]IP:PORT, http://[USER:PASSWORD@]IP:PORT, or the link of an MTProxy,
    /// tg://proxy?server=IP&port=PORT&secret=SECRET
    #[arg(long, value_name = "URL", env = "OFFHOOK_PROXY", hide_env_values = true)]
    proxy: Option<String>,
}

impl ProxyArgs {
    pub(crate) fn proxy(&self) -> Result<Option<Proxy>, Failure> {
        let wrong = |error| Failure::new(Exit::Usage, format!("--proxy: {error}"));
        self.proxy.as_ref().map(|text| text.parse().map_err(wrong)).transpose()
    }
}

/// Which account a command uses.
#[derive(Args, Clone, Debug)]
pub(crate) struct AccountArgs {
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    #[command(flatten)]
    pub(crate) proxy: ProxyArgs,
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
        let proxy = self.proxy.proxy()?;
        let home = self.session.known()?;
        let config = home.server()?.config(home.store()?, proxy);
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
    pub(crate) fn config(&self, store: SessionStore, proxy: Option<Proxy>) -> ClientConfig {
        let config = ClientConfig::new(DcId(self.dc), self.addr, self.api_id, self.api_hash.as_str())
            .server_key(self.key.as_str())
            .session(store);
        let config = self.others.iter().fold(config, |config, (dc, addr)| config.address(DcId(*dc), *addr));
        match proxy {
            Some(proxy) => config.proxy(proxy),
            None => config,
        }
    }
}
