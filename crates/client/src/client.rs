//! The client as users hold it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use offhook_crypto::rsa::PublicKey;
use offhook_tl::{Call, Deserializable, Object, Schema, Value};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::clock::seed;
use crate::config::{ClientConfig, ConfigError, DcId};
use crate::connection::{Command, Connection, Remote, Status, Wiring, init};
use crate::error::{ConnectError, InvokeError, LinkError};
use crate::login::{LoginError, LoginToken, PasswordState, SentCode, SignIn};
use crate::peer::{Peer, PeerId, PeerRef, ResolveError};
use crate::rpc::{CallOptions, Rpc};
use crate::secret::{BotToken, LoginCode, Password, PhoneNumber};
use crate::session::{SelfUser, SessionError};
use crate::stats::{Counters, Stats};
use crate::updates::inbox::Inbox;
use crate::updates::read::objects;
use crate::updates::reader::{Hub, Wanted};
use crate::updates::{Handler, Sorter, Update, UpdateFilter, Updates};
use crate::vault::Vault;

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
    api: Arc<Api>,
    hub: Arc<Hub<Update>>,
    stop: CancellationToken,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    shutdown: Duration,
    /// Distinguishes messages sent in one instant.
    next_random_id: AtomicI64,
}

impl Drop for Inner {
    /// Without a graceful shutdown the tasks end by themselves: the session is still saved if the runtime lives.
    fn drop(&mut self) {
        self.stop.cancel();
    }
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
        let server_keys = server_keys(&config)?;
        let counters = Arc::new(Counters::default());
        let vault = Arc::new(open_vault(&config, counters.clone()).await?);
        let client = Self::start(Arc::new(config), server_keys, vault, counters);
        if let Err(error) = client.wait_until_up().await {
            client.shutdown().await;
            return Err(error);
        }
        client.start_updates();
        Ok(client)
    }

    /// Starts the tasks.
    fn start(
        config: Arc<ClientConfig>,
        server_keys: Vec<PublicKey>,
        vault: Arc<Vault>,
        counters: Arc<Counters>,
    ) -> Self {
        let init: Arc<[u8]> = init::prefix(&config, Schema::api().layer()).into();
        let inbox = Arc::new(Inbox::new(config.limits.inbound_updates, counters.clone()));
        let hub = Arc::new(Hub::new(config.limits.updates, counters.clone()));
        // Room for each call in flight and its cancellation.
        let (commands, commands_end) =
            mpsc::channel(config.limits.in_flight.saturating_mul(2).clamp(16, 4096));
        let (status_end, status) = watch::channel(Status::Connecting(None));
        let home = vault.home().unwrap_or(config.home);
        let overhead = init.len();
        let wiring = Wiring {
            config: config.clone(),
            server_keys,
            vault: vault.clone(),
            inbox: inbox.clone(),
            counters: counters.clone(),
            clock: config.clock.clone(),
            init,
        };
        let remote = Remote { commands, status };
        let rpc = Rpc::new(remote, config.limits, config.time_outs, overhead, counters.clone());
        let api = Arc::new(Api::new(rpc, vault.clone(), inbox.clone(), counters, config.clone()));
        let stop = CancellationToken::new();
        let connection = Connection::new(wiring, home, commands_end, status_end);
        let sorter = Sorter::new(api.clone(), inbox, hub.clone(), config.limits.postponed_updates);
        let tasks = vec![
            tokio::spawn(connection.drive()),
            tokio::spawn(sorter.drive(stop.clone())),
            tokio::spawn(vault.drive(stop.clone())),
        ];
        let inner = Inner {
            api,
            hub,
            stop,
            tasks: Mutex::new(tasks),
            shutdown: config.time_outs.shutdown,
            next_random_id: AtomicI64::new(i64::from_le_bytes(seed())),
        };
        Self { inner: Arc::new(inner) }
    }

    async fn wait_until_up(&self) -> Result<(), ConnectError> {
        let mut status = self.inner.api.rpc().remote().status.clone();
        let after = self.inner.api.config().time_outs.connect;
        let settled =
            tokio::time::timeout(after, status.wait_for(|status| !matches!(status, Status::Connecting(_))));
        let settled = settled.await.map(|status| status.map(|status| status.clone()));
        match settled {
            Ok(Ok(Status::Up(_))) => Ok(()),
            Ok(Ok(Status::Failed(error))) => Err(error.into()),
            Ok(_) => Err(ConnectError::TimedOut { after }),
            Err(_) => match &*status.borrow() {
                Status::Connecting(Some(error)) => Err(error.clone().into()),
                _ => Err(ConnectError::TimedOut { after }),
            },
        }
    }

    /// Takes the updates up where the session left them, or from now on.
    fn start_updates(&self) {
        let api = self.inner.api.clone();
        let logged_in = api.vault().user().is_some();
        if !logged_in {
            return;
        }
        if api.config().catch_up && api.vault().update_state().is_some() {
            api.inbox().maybe_missed();
            return;
        }
        let stop = self.inner.stop.clone();
        let begin = async move {
            let began = tokio::select! {
                () = stop.cancelled() => return,
                began = api.begin_updates() => began,
            };
            if let Err(error) = began {
                tracing::warn!(%error, "state of updates not known");
            }
        };
        self.tasks().push(tokio::spawn(begin));
    }

    /// Stops: what is queued is written, the session is saved, the connection closed. Calls still waiting fail with
    /// [`InvokeError::Closed`], and readers of updates end. Does nothing the second time.
    ///
    /// Takes at most about twice [`TimeOuts::shutdown`](crate::TimeOuts::shutdown).
    pub async fn shutdown(&self) {
        let (done, closed) = oneshot::channel();
        let commands = &self.inner.api.rpc().remote().commands;
        let limit = self.inner.shutdown;
        if commands.send(Command::Shutdown(done)).await.is_ok() {
            let _ = tokio::time::timeout(limit, closed).await;
        }
        self.inner.stop.cancel();
        let tasks = std::mem::take(&mut *self.tasks());
        let _ = tokio::time::timeout(limit, async {
            for task in tasks {
                let _ = task.await;
            }
        })
        .await;
        // A failure is counted and logged.
        let _ = self.inner.api.vault().save().await;
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.inner.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counters now.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.inner.api.counters().snapshot()
    }

    /// Why there is no connection now, when there is none.
    #[must_use]
    pub fn link_error(&self) -> Option<LinkError> {
        match &*self.inner.api.rpc().remote().status.borrow() {
            Status::Connecting(error) => error.clone(),
            Status::Failed(error) => Some(error.clone()),
            Status::Up(_) | Status::Closed => None,
        }
    }

    /// The data center the account is connected to now; `None` while it is not.
    #[must_use]
    pub fn dc(&self) -> Option<DcId> {
        match &*self.inner.api.rpc().remote().status.borrow() {
            Status::Up(dc) => Some(*dc),
            _ => None,
        }
    }

    /// Who is logged in, as the session remembers it, without asking the server.
    #[must_use]
    pub fn user(&self) -> Option<SelfUser> {
        self.inner.api.vault().user()
    }

    /// Calls a method and returns its result. Flood waits up to [`Limits::flood_wait`](crate::Limits::flood_wait) are
    /// slept through, internal server errors are repeated a few times.
    ///
    /// Dropping the future cancels the call; the server may have executed it all the same.
    ///
    /// # Errors
    /// As [`InvokeError`] lists.
    pub async fn invoke<C: Call>(&self, call: &C) -> Result<C::Return, InvokeError> {
        self.invoke_bytes(call, CallOptions::default()).await
    }

    /// [`Client::invoke`] with a time-out of its own.
    ///
    /// # Errors
    /// As [`InvokeError`] lists.
    pub async fn invoke_within<C: Call>(&self, call: &C, within: Duration) -> Result<C::Return, InvokeError> {
        self.invoke_bytes(call, CallOptions::default().within(within)).await
    }

    async fn invoke_bytes<C: Call>(&self, call: &C, options: CallOptions) -> Result<C::Return, InvokeError> {
        let result = self.inner.api.invoke_bytes(C::NAME, call.to_bytes(), options).await?;
        C::Return::from_bytes(&result)
            .map_err(|error| InvokeError::Decode { method: C::NAME.to_owned(), reason: error.to_string() })
    }

    /// Calls a method by name: `Object::new("help.getConfig")`. Every method of the newest layer can be called.
    ///
    /// # Errors
    /// As [`InvokeError`] lists.
    pub async fn invoke_value(&self, call: Object) -> Result<Value, InvokeError> {
        self.inner.api.invoke_value(call).await
    }

    /// [`Client::invoke_value`] with bounds of its own.
    ///
    /// # Errors
    /// As [`InvokeError`] lists.
    pub async fn invoke_with(&self, call: Object, options: CallOptions) -> Result<Value, InvokeError> {
        self.inner.api.invoke_with(call, options).await
    }

    /// Calls methods by name, all at once, and the server runs each after the one before it has ended
    /// (`invokeAfterMsg`). When one fails, those after it fail with `MSG_WAIT_FAILED`. None is repeated: flood waits and
    /// internal errors are reported. The results come in the order of the calls.
    pub async fn invoke_in_order(&self, calls: Vec<Object>) -> Vec<Result<Value, InvokeError>> {
        self.inner.api.invoke_in_order(calls).await
    }

    /// Updates from now on, in order. The first reader also gets what came since the client connected, so nothing is
    /// lost between [`Client::connect`] and this. Every reader gets every update.
    #[must_use]
    pub fn updates(&self) -> Updates {
        Updates(self.inner.hub.reader(None))
    }

    /// As [`Client::updates`], but only those that `filter` wants: others take no room in the queue.
    #[must_use]
    pub fn updates_where(&self, filter: UpdateFilter) -> Updates {
        Updates(self.inner.hub.reader(Some(Wanted::new(move |update: &Update| filter.wants(update)))))
    }

    /// Runs `handler` for each update that `filter` wants, in order and one at a time, until the [`Handler`] is dropped or
    /// the client is shut down. While it is busy, updates wait in a queue as long as
    /// [`Limits::updates`](crate::Limits::updates). A handler that holds a clone of the client keeps it alive.
    ///
    /// ```no_run
    /// # async fn greet(client: offhook_client::Client) {
    /// use offhook_client::UpdateFilter;
    ///
    /// let greeter = client.clone();
    /// let handler = client.on(UpdateFilter::messages().incoming(), move |update| {
    ///     let _greeter = greeter.clone();
    ///     async move { println!("{}", update.name()) }
    /// });
    /// handler.finished().await;
    /// # }
    /// ```
    pub fn on<D: Future<Output = ()> + Send + 'static>(
        &self,
        filter: UpdateFilter,
        handler: impl FnMut(Update) -> D + Send + 'static,
    ) -> Handler {
        Handler::start(self.updates_where(filter), handler)
    }

    /// Whether the key is logged in, as the server sees it.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn is_authorized(&self) -> Result<bool, InvokeError> {
        self.inner.api.is_authorized().await
    }

    /// The account itself, asked from the server.
    ///
    /// # Errors
    /// When the server cannot be asked, or the key is not logged in.
    pub async fn me(&self) -> Result<Peer, InvokeError> {
        self.inner.api.me().await
    }

    /// Asks for a login code to be sent to the owner of `phone`. When the account lives on another data center whose
    /// address is configured, the client moves there.
    ///
    /// # Errors
    /// As [`LoginError`] lists.
    pub async fn request_code(&self, phone: &PhoneNumber) -> Result<SentCode, LoginError> {
        self.inner.api.request_code(phone).await
    }

    /// Asks for the code to be sent again, by the next way.
    ///
    /// # Errors
    /// As [`LoginError`] lists.
    pub async fn resend_code(&self, sent: &SentCode) -> Result<SentCode, LoginError> {
        self.inner.api.resend_code(sent).await
    }

    /// Logs in with the code the person got.
    ///
    /// # Errors
    /// [`LoginError::CodeInvalid`] and [`LoginError::CodeExpired`] among others.
    pub async fn sign_in(&self, sent: &SentCode, code: &LoginCode) -> Result<SignIn, LoginError> {
        self.inner.api.sign_in(sent, code).await
    }

    /// Logs in as a bot.
    ///
    /// # Errors
    /// [`LoginError::TokenInvalid`] among others.
    pub async fn sign_in_bot(&self, token: &BotToken) -> Result<Peer, LoginError> {
        self.inner.api.sign_in_bot(token).await
    }

    /// Logs in by QR code: `show` is given a token to draw ([`LoginToken::link`]) about every 30 s, until another device
    /// of the account has accepted one. Dropping the future gives up.
    ///
    /// # Errors
    /// As [`LoginError`] lists.
    pub async fn qr_login(&self, show: impl FnMut(&LoginToken)) -> Result<SignIn, LoginError> {
        self.inner.api.qr_login(self.updates(), show).await
    }

    /// Lets a device in that shows a QR code with this token.
    ///
    /// # Errors
    /// When the token is too old or was accepted before.
    pub async fn accept_login(&self, token: &LoginToken) -> Result<(), LoginError> {
        self.inner.api.accept_login(token).await
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
        self.inner.api.sign_up(sent, first_name, last_name).await
    }

    /// The second step after [`SignIn::PasswordRequired`]. The password never leaves this process (SRP).
    ///
    /// # Errors
    /// [`LoginError::PasswordInvalid`] among others.
    pub async fn check_password(&self, password: &Password) -> Result<Peer, LoginError> {
        self.inner.api.check_password(password).await
    }

    /// Whether the account has a second-step password, and its hint.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn password_state(&self) -> Result<PasswordState, LoginError> {
        self.inner.api.password_state().await
    }

    /// Sets or changes the second-step password. `current` is the one in force; an account without one needs none.
    /// Neither leaves this process. The server shows `hint` to whoever logs in; empty for none.
    ///
    /// # Errors
    /// [`LoginError::PasswordInvalid`] when `current` is wrong, [`LoginError::PasswordNeeded`] when it is missing.
    pub async fn set_password(
        &self,
        current: Option<&Password>,
        new: &Password,
        hint: &str,
    ) -> Result<(), LoginError> {
        self.inner.api.set_password(current, Some((new, hint))).await
    }

    /// Removes the second-step password.
    ///
    /// # Errors
    /// As [`Client::set_password`].
    pub async fn remove_password(&self, current: &Password) -> Result<(), LoginError> {
        self.inner.api.set_password(Some(current), None).await
    }

    /// Logs out. The key can be used for another login.
    ///
    /// # Errors
    /// When the server cannot be told.
    pub async fn log_out(&self) -> Result<(), InvokeError> {
        self.inner.api.log_out().await
    }

    /// Finds out who is meant: from the cache, else from the server.
    ///
    /// # Errors
    /// When there is no such peer, or the server cannot be asked.
    pub async fn resolve(&self, peer: &PeerRef) -> Result<Peer, ResolveError> {
        self.inner.api.resolve(peer).await
    }

    /// What is remembered of a peer, without asking the server.
    #[must_use]
    pub fn peer(&self, id: PeerId) -> Option<Peer> {
        self.inner.api.vault().peers(|peers| peers.by_id(id).cloned())
    }

    /// Sends a text message and returns its id within this account.
    ///
    /// # Errors
    /// As the server says.
    pub async fn send_message(&self, to: &Peer, text: &str) -> Result<i32, InvokeError> {
        // Counting from a random start: unique for the account, as the server asks, and never repeated by us.
        let random_id = self.inner.next_random_id.fetch_add(1, Ordering::Relaxed);
        let call = Object::new("messages.sendMessage")
            .with("peer", to.input_peer())
            .with("message", text)
            .with("random_id", random_id);
        let answer = self.inner.api.invoke_object(call).await?;
        sent_id(&answer, random_id).ok_or_else(|| {
            crate::api::unexpected("messages.sendMessage", "it does not tell the message's id")
        })
    }

    /// Saves the session now. It is also saved by itself, about a second after a change.
    ///
    /// # Errors
    /// When it could not be kept.
    pub async fn save(&self) -> Result<(), SessionError> {
        self.inner.api.vault().save().await
    }
}

/// The id the server gave to the message sent with `random_id`.
fn sent_id(answer: &Object, random_id: i64) -> Option<i32> {
    if answer.name() == "updateShortSentMessage" {
        return answer.int("id");
    }
    let mut updates = objects(answer, "updates");
    let named = updates
        .find(|update| update.name() == "updateMessageID" && update.long("random_id") == Some(random_id));
    named?.int("id")
}

fn server_keys(config: &ClientConfig) -> Result<Vec<PublicKey>, ConfigError> {
    let mut keys = Vec::new();
    for (index, pem) in config.server_keys.iter().enumerate() {
        let found = PublicKey::list_from_pem(pem)
            .map_err(|error| ConfigError::ServerKey { index: index + 1, reason: error.to_string() })?;
        if found.is_empty() {
            return Err(ConfigError::ServerKey { index: index + 1, reason: "no key in it".to_owned() });
        }
        keys.extend(found);
    }
    Ok(keys)
}

/// Reads the session on the blocking pool.
async fn open_vault(config: &ClientConfig, counters: Arc<Counters>) -> Result<Vault, ConnectError> {
    let (store, peers) = (config.session.clone(), config.limits.peers);
    let opened = tokio::task::spawn_blocking(move || Vault::open(store, peers, counters)).await;
    let opened = opened.unwrap_or_else(|panic| Err(SessionError::Custom(Box::new(panic))));
    Ok(opened?)
}
