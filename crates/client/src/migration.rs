//! Following an account to another data center.
//!
//! Calls hold one side of a lock and a move holds the other, so that nothing is in flight while the connection goes over
//! to a key that is not logged in yet: the answers would look like the end of the login.

use std::sync::Arc;

use offhook_tl::Object;
use tokio::sync::{RwLock, RwLockReadGuard};

use crate::api::{decode_result, encode_call, unexpected};
use crate::config::{ClientConfig, DcId};
use crate::connection::{Command, Status};
use crate::error::{InvokeError, LinkError};
use crate::rpc::{CallOptions, Rpc};
use crate::updates::inbox::Inbox;
use crate::vault::Vault;

/// Moves the connection, and the login with it.
#[derive(Clone, Debug)]
pub(crate) struct Mover {
    rpc: Arc<Rpc>,
    config: Arc<ClientConfig>,
    vault: Arc<Vault>,
    inbox: Arc<Inbox>,
    gate: Arc<RwLock<()>>,
}

impl Mover {
    pub(crate) fn new(
        rpc: Arc<Rpc>,
        config: Arc<ClientConfig>,
        vault: Arc<Vault>,
        inbox: Arc<Inbox>,
    ) -> Self {
        Self { rpc, config, vault, inbox, gate: Arc::default() }
    }

    /// Keeps the account where it is for as long as the guard lives.
    pub(crate) async fn stay(&self) -> RwLockReadGuard<'_, ()> {
        self.gate.read().await
    }

    /// Moves the connection. False when the address of the data center is not known or it cannot be reached.
    pub(crate) async fn move_to(&self, dc: DcId) -> bool {
        let remote = self.rpc.remote();
        let known = self.config.addresses.contains_key(&dc) || self.config.mtproxy.is_some();
        if !known || remote.commands.send(Command::MoveTo(dc)).await.is_err() {
            return false;
        }
        let mut status = remote.status.clone();
        let arrived = status.wait_for(|status| match status {
            Status::Up(at) => *at == dc,
            Status::Failed(_) | Status::Closed => true,
            Status::Connecting(_) => false,
        });
        tokio::time::timeout(self.rpc.call_limit(), arrived)
            .await
            .is_ok_and(|status| status.is_ok_and(|status| *status == Status::Up(dc)))
    }

    /// Takes the login to the data center that the account has moved to. Runs to its end once begun, whoever still waits:
    /// between the two data centers there is no login.
    pub(crate) async fn follow(&self, dc: DcId) -> Result<(), InvokeError> {
        let mover = self.clone();
        let done = tokio::spawn(async move { mover.carry_login(dc).await }).await;
        done.unwrap_or_else(|_| Err(InvokeError::Closed { method: IMPORT.to_owned() }))
    }

    async fn carry_login(&self, dc: DcId) -> Result<(), InvokeError> {
        let _alone = self.gate.write().await;
        let from = self.vault.home();
        if from == Some(dc) {
            // Another call that met the same error was first.
            return Ok(());
        }
        let ticket = self.ask(Object::new(EXPORT).with("dc_id", dc.0)).await?;
        let (Some(id), Some(bytes)) = (ticket.long("id"), ticket.bytes("bytes")) else {
            return Err(unexpected(EXPORT, ticket.name()));
        };
        let import = Object::new(IMPORT).with("id", id).with("bytes", bytes);
        let arrived = self.move_to(dc).await;
        let imported = if arrived {
            self.ask(import).await.map(drop)
        } else {
            Err(InvokeError::Link { method: IMPORT.to_owned(), link: LinkError::NoAddress(dc) })
        };
        match (&imported, from) {
            (Ok(()), _) => {
                tracing::info!(%dc, "login taken to another data center");
                // What happened on the way was told to nobody.
                self.inbox.maybe_missed();
            }
            // The login is still where it was.
            (Err(_), Some(from)) => drop(self.move_to(from).await),
            (Err(_), None) => {}
        }
        imported
    }

    /// A call past the gate.
    async fn ask(&self, call: Object) -> Result<Object, InvokeError> {
        let method = call.name().to_owned();
        let answer = self.rpc.call(&method, &encode_call(call)?, CallOptions::default()).await?;
        let object = decode_result(&method, &answer)?.into_object();
        object.ok_or_else(|| unexpected(&method, "not an object"))
    }
}

const EXPORT: &str = "auth.exportAuthorization";
const IMPORT: &str = "auth.importAuthorization";
