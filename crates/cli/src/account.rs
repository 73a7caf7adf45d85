//! An account of the command line: a session file, and beside it the address and the key of its server.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use offhook_client::{Client, ClientConfig, DcId, SessionStore};
use serde::{Deserialize, Serialize};

use crate::exit::{Exit, Failure};

/// What the program calls itself to a server that takes any application. Telegram's own servers want the numbers of a
/// registered application: `--api-id` and `--api-hash`.
pub(crate) const API_ID: i32 = 1;
/// See [`API_ID`].
pub(crate) const API_HASH: &str = "00000000000000000000000000000000";

/// Which account a command uses.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountArgs {
    /// The session file that `offhook login` made
    #[arg(long, value_name = "FILE")]
    pub(crate) session: PathBuf,
}

/// Where a session's server is. Kept beside the session as `FILE.server`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Server {
    pub(crate) dc: i32,
    pub(crate) addr: SocketAddr,
    /// RSA public key, PEM.
    pub(crate) key: String,
    pub(crate) api_id: i32,
    pub(crate) api_hash: String,
}

fn beside(session: &Path) -> PathBuf {
    let mut name = session.as_os_str().to_owned();
    name.push(".server");
    name.into()
}

impl Server {
    /// Remembers the server of a session: written beside and renamed, so that it is whole at every moment.
    pub(crate) fn save(&self, session: &Path) -> Result<(), Failure> {
        let path = beside(session);
        let mut new = path.clone().into_os_string();
        new.push(".new");
        let text = serde_json::to_string_pretty(self).map_err(|error| Failure::new(Exit::Internal, error))?;
        fs::write(&new, text)
            .and_then(|()| fs::rename(&new, &path))
            .map_err(|error| Failure::new(Exit::File, format!("cannot write {}: {error}", path.display())))
    }

    fn load(session: &Path) -> Result<Self, Failure> {
        let path = beside(session);
        let text = fs::read_to_string(&path).map_err(|error| {
            let hint = "log in first: offhook login --session FILE --dc ADDR --dc-key PEM --phone NUMBER";
            Failure::new(Exit::File, format!("cannot read {}: {error}; {hint}", path.display()))
        })?;
        serde_json::from_str(&text).map_err(|error| {
            Failure::new(Exit::File, format!("{} is damaged ({error}); log in again", path.display()))
        })
    }

    /// Connects to it with the session.
    pub(crate) async fn connect(&self, session: &Path) -> Result<Client, Failure> {
        let store = SessionStore::file(session).map_err(|error| Failure::new(Exit::File, error))?;
        let config = ClientConfig::new(DcId(self.dc), self.addr, self.api_id, self.api_hash.as_str())
            .server_key(self.key.as_str())
            .session(store);
        Ok(Client::connect(config).await?)
    }
}

impl AccountArgs {
    /// The account, connected and logged in.
    pub(crate) async fn connect(&self) -> Result<Client, Failure> {
        let client = Server::load(&self.session)?.connect(&self.session).await?;
        if client.is_authorized().await? {
            return Ok(client);
        }
        let text = format!("{} is not logged in any more; offhook login again", self.session.display());
        Err(Failure::new(Exit::Login, text))
    }
}
