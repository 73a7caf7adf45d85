//! Assembling a local Telegram.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::LinkConfig;
use tokio::net::TcpListener;

use crate::{CallTimers, CodePolicy, DcHandle, Limits, UserSpec};

/// The local Telegram. [`Dc::builder`] is the way in.
#[derive(Debug)]
pub struct Dc(());

impl Dc {
    /// A data centre with no users, on a free port of loopback, state in memory, one reflector, code `12345`.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// What the local Telegram will be. Every setter can be left out.
#[derive(Clone, Debug)]
pub struct Builder {
    pub(crate) users: Vec<UserSpec>,
    pub(crate) listen: SocketAddr,
    pub(crate) data: Option<PathBuf>,
    pub(crate) codes: CodePolicy,
    pub(crate) dc_id: i32,
    pub(crate) reflectors: usize,
    pub(crate) link: LinkConfig,
    pub(crate) seed: u64,
    pub(crate) timers: CallTimers,
    pub(crate) limits: Limits,
    pub(crate) max_layer: Option<i32>,
    pub(crate) p2p_allowed: bool,
    pub(crate) need_rating: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            users: Vec::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: None,
            codes: CodePolicy::fixed("12345"),
            dc_id: 2,
            reflectors: 1,
            link: LinkConfig::default(),
            seed: 1,
            timers: CallTimers::default(),
            limits: Limits::default(),
            max_layer: None,
            p2p_allowed: true,
            need_rating: false,
        }
    }
}

impl Builder {
    /// Adds a user who can log in without signing up. With a data directory a user whose phone number is already known
    /// there is left as stored.
    #[must_use]
    pub fn user(mut self, user: UserSpec) -> Self {
        self.users.push(user);
        self
    }

    /// The TCP address for clients; port 0 takes a free one. Default `127.0.0.1:0`. Reflectors use the same IP address.
    #[must_use]
    pub fn listen(mut self, addr: SocketAddr) -> Self {
        self.listen = addr;
        self
    }

    /// Keeps users, keys and messages in this directory (made when missing). Default: in memory.
    #[must_use]
    pub fn data(mut self, dir: impl Into<PathBuf>) -> Self {
        self.data = Some(dir.into());
        self
    }

    /// Which login codes are right. Default: `12345` for everybody.
    #[must_use]
    pub fn codes(mut self, codes: CodePolicy) -> Self {
        self.codes = codes;
        self
    }

    /// The number of this data centre, 1 to 5. Default 2.
    #[must_use]
    pub fn dc_id(mut self, id: i32) -> Self {
        self.dc_id = id;
        self
    }

    /// How many UDP reflectors to run. Default 1.
    #[must_use]
    pub fn reflectors(mut self, count: usize) -> Self {
        self.reflectors = count;
        self
    }

    /// Impairs what the reflectors forward: the same link in both directions of every call, each seeded on its own from
    /// `seed`. Default: a perfect link.
    #[must_use]
    pub fn reflector_link(mut self, link: LinkConfig, seed: u64) -> Self {
        self.link = link;
        self.seed = seed;
        self
    }

    /// Time limits of call set-up.
    #[must_use]
    pub fn call_timers(mut self, timers: CallTimers) -> Self {
        self.timers = timers;
        self
    }

    /// Bounds on connections, sessions, messages and queues.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The highest API layer spoken; clients of newer layers are answered in this one. Default: the newest known.
    #[must_use]
    pub fn max_layer(mut self, layer: i32) -> Self {
        self.max_layer = Some(layer);
        self
    }

    /// Whether calls may go peer to peer when both sides also say so. Default true.
    #[must_use]
    pub fn p2p_allowed(mut self, allowed: bool) -> Self {
        self.p2p_allowed = allowed;
        self
    }

    /// Whether ended calls ask for a rating. Default false.
    #[must_use]
    pub fn need_rating(mut self, need: bool) -> Self {
        self.need_rating = need;
        self
    }

    /// Binds the listener and starts.
    ///
    /// # Errors
    /// When an address cannot be bound, or the data directory cannot be read or written.
    pub async fn start(self) -> Result<DcHandle, StartError> {
        let addr = self.listen;
        let listener = TcpListener::bind(addr).await.map_err(|source| StartError::Bind { addr, source })?;
        self.start_on(listener).await
    }

    /// Starts on a listener that is already bound.
    ///
    /// # Errors
    /// As [`Builder::start`].
    pub async fn start_on(self, listener: TcpListener) -> Result<DcHandle, StartError> {
        let _ = listener;
        todo!()
    }
}

/// Why a local Telegram did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("listen on {addr}: {source}")]
    Bind {
        /// The address that was asked for.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The data directory cannot be used.
    #[error("use the data directory {}: {source}", path.display())]
    Data {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A user specification makes no sense or collides with another.
    #[error("add user number {index}: {reason}")]
    User {
        /// Position in the order of [`Builder::user`] calls, from 0.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The stored RSA key cannot be read.
    #[error("read the stored key: {reason}")]
    Key {
        /// What is wrong with it.
        reason: String,
    },
}
