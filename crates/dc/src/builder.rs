//! Assembling a local Telegram.

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use offhook_crypto::rsa::PrivateKey;
use offhook_mtproto::exchange::{self, ServerConfig};
use offhook_tl::Schema;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use tokio::net::TcpListener;

use crate::{
    CallTimers, CodePolicy, DcHandle, FloodLimit, Limits, LinkConfig, ReflectorHandle, UserSpec,
    gateway::{self, Shared, hub::Hub},
    handle::MediaAddrs,
    service::{Config, Service, Signalling, flood::Flood, reflector_v6},
    storage::Storage,
    turn::TurnHandle,
    world::{World, WorldLimits, password::StoredPassword},
};

/// The local Telegram. [`Dc::builder`] is the way in.
#[derive(Debug)]
pub struct Dc(());

impl Dc {
    /// A data centre with no users, on a free port of loopback, state in memory, one reflector, a TURN server, code
    /// `12345`.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// The data centres that clients know. All of them are this one server.
pub(crate) const DATA_CENTERS: std::ops::RangeInclusive<i32> = 1..=5;

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
    pub(crate) advertise: Option<IpAddr>,
    pub(crate) turn: bool,
    pub(crate) signalling: (LinkConfig, u64),
    pub(crate) custom_parameters: Option<String>,
    pub(crate) flood_limits: Vec<FloodLimit>,
    pub(crate) others: BTreeMap<i32, SocketAddr>,
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
            advertise: None,
            turn: true,
            signalling: (LinkConfig::default(), 1),
            custom_parameters: None,
            flood_limits: Vec::new(),
            others: BTreeMap::new(),
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

    /// The data centre that accounts live in, 1 to 5. Default 2. The server answers for the other numbers too: clients such
    /// as TDLib ask the first one for the nearest.
    #[must_use]
    pub fn dc_id(mut self, id: i32) -> Self {
        self.dc_id = id;
        self
    }

    /// How many reflectors to run, none included. Default 1.
    #[must_use]
    pub fn reflectors(mut self, count: usize) -> Self {
        self.reflectors = count;
        self
    }

    /// Whether to run a STUN and TURN server for modern calls. Default true.
    #[must_use]
    pub fn turn(mut self, on: bool) -> Self {
        self.turn = on;
        self
    }

    /// Impairs what the reflectors and the TURN server forward: the same link in both directions of every call, each
    /// seeded on its own from `seed`. Default: a perfect link.
    #[must_use]
    pub fn reflector_link(mut self, link: LinkConfig, seed: u64) -> Self {
        self.link = link;
        self.seed = seed;
        self
    }

    /// Impairs the signalling of modern calls: the same link in both directions of every call, each seeded on its own from
    /// `seed`. Senders are not told of losses. Default: a perfect link.
    #[must_use]
    pub fn signalling_link(mut self, link: LinkConfig, seed: u64) -> Self {
        self.signalling = (link, seed);
        self
    }

    /// What modern calls are told in `custom_parameters`: a JSON object with Telegram's switches for experiments. Default:
    /// nothing.
    #[must_use]
    pub fn custom_parameters(mut self, json: impl Into<String>) -> Self {
        self.custom_parameters = Some(json.into());
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

    /// Adds another data centre at an address of its own, with keys of its own, for users who live there
    /// ([`UserSpec::lives_on`]). Everything else is shared: who asks the wrong one is told to migrate. Port 0 takes a free
    /// one. Default: the first stands for all numbers.
    #[must_use]
    pub fn another(mut self, dc: i32, listen: SocketAddr) -> Self {
        self.others.insert(dc, listen);
        self
    }

    /// Adds a flood limit. Default: none.
    #[must_use]
    pub fn flood_limit(mut self, limit: FloodLimit) -> Self {
        self.flood_limits.push(limit);
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

    /// The IP address told to clients for this server and its reflectors. Default: the one listened on, or loopback
    /// when that is unspecified (`0.0.0.0`).
    #[must_use]
    pub fn advertise(mut self, ip: IpAddr) -> Self {
        self.advertise = Some(ip);
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
        let addr = listener.local_addr().map_err(|source| StartError::Bind { addr: self.listen, source })?;
        let random = || gateway::seed().map_err(|source| StartError::Random { source });
        let seeds = [random()?, random()?, random()?, random()?];
        let limits = WorldLimits {
            users: self.limits.users,
            messages: self.limits.messages_per_user,
            keys: self.limits.auth_keys,
            groups: self.limits.groups,
            file_bytes: self.limits.file_bytes,
        };
        let data = self.data.clone();
        // Reading state, drawing a key and hashing passwords are slow: they wait for the disk or the processor.
        let users = self.users.clone();
        let others = self.listen_to_others().await?;
        let known: Vec<Option<i32>> = others.keys().map(|dc| Some(*dc)).chain([None]).collect();
        if let Some(index) = users.iter().position(|user| !known.contains(&self.home(user.home))) {
            return Err(StartError::User { index, reason: "there is no such data centre" });
        }
        let first = self.dc_id;
        let opened = tokio::task::spawn_blocking(move || open(data, limits, &users, first, seeds[0]));
        let (storage, world, key) = opened.await.map_err(|_| StartError::Cancelled)??;
        let reflectors = self.start_reflectors(addr)?;
        let public_key_pem = key.public().to_pem();
        let dcs = DATA_CENTERS.chain([self.dc_id]).chain(self.others.keys().copied());
        let exchange = exchange::Server::new(ServerConfig::new(key, dcs), seeds[1]);
        let ip = self.advertised(addr.ip());
        let turn = self.start_turn(addr.ip(), ip)?;
        let config = Config {
            dc_id: self.dc_id,
            others: others.iter().map(|(dc, it)| (*dc, SocketAddr::new(ip, it.1.port()))).collect(),
            addr: SocketAddr::new(ip, addr.port()),
            timers: self.timers,
            p2p_allowed: self.p2p_allowed,
            need_rating: self.need_rating,
            custom_parameters: self.custom_parameters,
            most_calls: self.limits.calls,
        };
        let newest = Schema::api().layer();
        let max_layer = self.max_layer.map_or(newest, |layer| layer.min(newest));
        let media = MediaAddrs {
            reflectors: reflectors.iter().map(|it| SocketAddr::new(ip, it.addr().port())).collect(),
            reflectors_v6: reflectors.iter().filter_map(|it| reflector_v6(it, ip)).collect(),
            turn: turn.as_ref().map(TurnHandle::addr),
        };
        let signalling = Signalling::new(self.signalling.0, self.signalling.1);
        let other_addrs = config.others.clone();
        let mut service = Service::new(config, world, (reflectors, turn), signalling, self.codes, seeds[2]);
        service.flood = Flood::new(self.flood_limits);
        let mut hub = Hub::new(service, storage, self.limits, max_layer, seeds[3], gateway::now().instant);
        // The snapshot makes the log short and shows at once when the directory cannot be written.
        hub.save().map_err(|source| StartError::Data { path: self.data.unwrap_or_default(), source })?;
        let shared = Shared::new(hub, exchange);
        shared.tasks.spawn(gateway::drive_listener(Arc::clone(&shared), listener, None));
        for (dc, (listener, _)) in others {
            shared.tasks.spawn(gateway::drive_listener(Arc::clone(&shared), listener, Some(dc)));
        }
        shared.tasks.spawn(gateway::drive_clock(Arc::clone(&shared)));
        let addr = SocketAddr::new(ip, addr.port());
        Ok(DcHandle::new(shared, (addr, other_addrs), self.dc_id, public_key_pem, media))
    }

    /// How keys and users name a data centre: the first has no number, so that it can have another one at the next start.
    fn home(&self, dc: Option<i32>) -> Option<i32> {
        dc.filter(|dc| *dc != self.dc_id)
    }

    async fn listen_to_others(&self) -> Result<BTreeMap<i32, (TcpListener, SocketAddr)>, StartError> {
        let mut others = BTreeMap::new();
        for (dc, addr) in &self.others {
            let failed = |source| StartError::Bind { addr: *addr, source };
            let listener = TcpListener::bind(addr).await.map_err(failed)?;
            let bound = listener.local_addr().map_err(failed)?;
            if *dc != self.dc_id {
                others.insert(*dc, (listener, bound));
            }
        }
        Ok(others)
    }

    fn advertised(&self, bound: IpAddr) -> IpAddr {
        let loopback: IpAddr = match bound {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        self.advertise.unwrap_or(if bound.is_unspecified() { loopback } else { bound })
    }

    fn start_reflectors(&self, addr: SocketAddr) -> Result<Vec<ReflectorHandle>, StartError> {
        let addr = SocketAddr::new(addr.ip(), 0);
        (0..self.reflectors)
            .map(|index| {
                let seed = self.seed.wrapping_add(index as u64);
                ReflectorHandle::start(addr, self.link, seed)
                    .map_err(|source| StartError::Bind { addr, source })
            })
            .collect()
    }

    fn start_turn(&self, bound: IpAddr, told: IpAddr) -> Result<Option<TurnHandle>, StartError> {
        let start = || TurnHandle::start(bound, told, self.link, self.seed);
        let started = self.turn.then(start).transpose();
        started.map_err(|source| StartError::Bind { addr: SocketAddr::new(bound, 0), source })
    }
}

type Opened = (Option<Storage>, World, PrivateKey);

/// The state and the key: stored ones, or new ones.
fn open(
    data: Option<PathBuf>,
    limits: WorldLimits,
    users: &[UserSpec],
    first: i32,
    seed: [u8; 32],
) -> Result<Opened, StartError> {
    let mut random = ChaCha20Rng::from_seed(seed);
    let mut secret = [0; 32];
    random.fill_bytes(&mut secret);
    let Some(path) = data else {
        // Nothing outlives this server, so there is nothing to protect: the built-in key spares seconds.
        let mut world = World::new(limits, secret);
        add_users(&mut world, users, first, &mut random)?;
        return Ok((None, world, PrivateKey::test_key()));
    };
    let failed = |source| StartError::Data { path: path.clone(), source };
    let (storage, records) = Storage::open(&path).map_err(failed)?;
    let key = match storage.key().map_err(failed)? {
        Some(pem) => {
            PrivateKey::from_pem(&pem).map_err(|error| StartError::Key { reason: error.to_string() })?
        }
        None => {
            let key = PrivateKey::generate(&mut |out: &mut [u8]| random.fill_bytes(out));
            storage.set_key(&key.to_pem()).map_err(failed)?;
            key
        }
    };
    let mut world = World::replay(limits, secret, records);
    add_users(&mut world, users, first, &mut random)?;
    Ok((Some(storage), world, key))
}

fn add_users(
    world: &mut World,
    users: &[UserSpec],
    first: i32,
    random: &mut ChaCha20Rng,
) -> Result<(), StartError> {
    for (index, user) in users.iter().enumerate() {
        // Known from an earlier run; within one list it is a mistake.
        let known = world.users().by_phone(&user.phone).is_some();
        if known && !users[..index].iter().any(|earlier| earlier.phone == user.phone) {
            continue;
        }
        add_user(world, user, first, random).map_err(|reason| StartError::User { index, reason })?;
    }
    Ok(())
}

/// Adds somebody who does not exist yet, or says why that cannot be.
pub(crate) fn add_user(
    world: &mut World,
    user: &UserSpec,
    first: i32,
    random: &mut ChaCha20Rng,
) -> Result<(), &'static str> {
    if !user.phone.is_plausible() {
        return Err("the phone number must have 5 to 15 digits");
    }
    if user.first_name.trim().is_empty() {
        return Err("the first name is empty");
    }
    if world.users().by_phone(&user.phone).is_some() {
        return Err("the phone number is used twice");
    }
    if user.username.as_deref().is_some_and(|name| world.users().by_name(name).is_some()) {
        return Err("the username is taken");
    }
    let UserSpec { phone, username, first_name, last_name, password, bot_token, home } = user.clone();
    let id = world.add_user(phone, username, first_name, last_name).ok_or("there are too many users")?;
    if let Some(token) = bot_token {
        world.set_bot_token(id, token);
    }
    let home = home.filter(|home| *home != first);
    if home.is_some() {
        world.set_home(id, home);
    }
    if let Some((password, hint)) = password {
        let mut salts = [0; 32];
        random.fill_bytes(&mut salts);
        let (salt1, salt2) = salts.split_at(16);
        let stored = StoredPassword::make(password.as_str(), &hint, salt1.to_vec(), salt2.to_vec());
        world.set_password(id, Some(stored));
    }
    Ok(())
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
    /// The system gave no randomness.
    #[error("read the system's randomness: {source}")]
    Random {
        /// What the system said.
        source: io::Error,
    },
    /// The runtime was shut down meanwhile.
    #[error("start: the runtime is shutting down")]
    Cancelled,
    /// The stored RSA key cannot be read.
    #[error("read the stored key: {reason}")]
    Key {
        /// What is wrong with it.
        reason: String,
    },
}
