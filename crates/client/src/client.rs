//! The client as users hold it.

use std::sync::Arc;

use crate::config::ClientConfig;
use crate::error::{ConnectError, InvokeError};
use crate::login::{LoginError, SentCode, SignIn};
use crate::peer::{Peer, PeerRef};
use crate::secret::{LoginCode, Password, PhoneNumber};
use crate::stats::{Counters, Stats};

/// A connected account. Cheap to clone; all clones share one connection.
///
/// The connection is kept up in the background: it is opened again when it is lost, and calls that were not answered
/// are sent again. It ends with [`Client::shutdown`] or when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    counters: Arc<Counters>,
}

impl Client {
    /// Connects, makes a key when the session has none, and returns when the connection can carry calls.
    /// Needs a tokio runtime.
    ///
    /// # Errors
    /// When the configuration or the session cannot be used, or when the server cannot be talked to within
    /// [`TimeOuts::connect`](crate::TimeOuts::connect); what cannot get better by waiting fails at once.
    pub async fn connect(config: ClientConfig) -> Result<Self, ConnectError> {
        config.check()?;
        todo!()
    }

    /// Stops: what is queued is written, the session is saved, the connection closed. Calls still waiting fail with
    /// [`InvokeError::Closed`]. Does nothing the second time.
    pub async fn shutdown(&self) {
        todo!()
    }

    /// The counters now.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.inner.counters.snapshot()
    }

    /// Whether the key is logged in, as the server sees it.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn is_authorized(&self) -> Result<bool, InvokeError> {
        todo!()
    }

    /// The account itself, asked from the server.
    ///
    /// # Errors
    /// When the server cannot be asked, or the key is not logged in.
    pub async fn me(&self) -> Result<Peer, InvokeError> {
        todo!()
    }

    /// Asks for a login code to be sent to the owner of `phone`.
    ///
    /// # Errors
    /// As [`LoginError`] lists.
    pub async fn request_code(&self, phone: &PhoneNumber) -> Result<SentCode, LoginError> {
        let _ = phone;
        todo!()
    }

    /// Asks for the code to be sent again, by the next way.
    ///
    /// # Errors
    /// As [`LoginError`] lists.
    pub async fn resend_code(&self, sent: &SentCode) -> Result<SentCode, LoginError> {
        let _ = sent;
        todo!()
    }

    /// Logs in with the code the person got.
    ///
    /// # Errors
    /// [`LoginError::CodeInvalid`] and [`LoginError::CodeExpired`] among others.
    pub async fn sign_in(&self, sent: &SentCode, code: &LoginCode) -> Result<SignIn, LoginError> {
        let _ = (sent, code);
        todo!()
    }

    /// Makes an account for the number after [`SignIn::SignUpRequired`].
    ///
    /// # Errors
    /// As [`LoginError`] lists.
    pub async fn sign_up(
        &self,
        sent: &SentCode,
        first_name: &str,
        last_name: &str,
    ) -> Result<Peer, LoginError> {
        let _ = (sent, first_name, last_name);
        todo!()
    }

    /// The second step after [`SignIn::PasswordRequired`]. The password never leaves this process (SRP).
    ///
    /// # Errors
    /// [`LoginError::PasswordInvalid`] among others.
    pub async fn check_password(&self, password: &Password) -> Result<Peer, LoginError> {
        let _ = password;
        todo!()
    }

    /// Logs out. The key can be used for another login.
    ///
    /// # Errors
    /// When the server cannot be told.
    pub async fn log_out(&self) -> Result<(), InvokeError> {
        todo!()
    }

    /// Finds out who is meant.
    ///
    /// # Errors
    /// When there is no such peer, or the server cannot be asked.
    pub async fn resolve(&self, peer: &PeerRef) -> Result<Peer, ResolveError> {
        let _ = peer;
        todo!()
    }

    /// Sends a text message and returns its id within this account.
    ///
    /// # Errors
    /// As the server says.
    pub async fn send_message(&self, to: &Peer, text: &str) -> Result<i32, InvokeError> {
        let _ = (to, text);
        todo!()
    }
}

/// Why a peer was not found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// Nobody has this username.
    #[error("nobody has the username @{0}")]
    UsernameUnknown(String),
    /// The number has no account, or its owner hides it.
    #[error("the phone number has no account, or its owner does not let others find it")]
    PhoneUnknown,
    /// The account has not met this peer, so it has no access hash for it.
    #[error("peer {0} was never met by this account; name it by @username or +phone once")]
    IdUnknown(crate::peer::PeerId),
    /// The server could not be asked.
    #[error(transparent)]
    Invoke(#[from] InvokeError),
}
