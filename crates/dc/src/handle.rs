//! A running local Telegram as its owner sees it.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::{
    CodePolicy, FloodLimit, LinkConfig, Phone, ReflectorCounters, StartError, TurnCounters, UserSpec,
    builder,
    gateway::{self, Shared},
    service::flood::Flood,
};

/// A running local Telegram. Dropping it stops it at once; [`DcHandle::shutdown`] also waits until state is written.
#[derive(Debug)]
pub struct DcHandle {
    addr: SocketAddr,
    others: BTreeMap<i32, SocketAddr>,
    dc_id: i32,
    public_key_pem: String,
    media: MediaAddrs,
    shared: Arc<Shared>,
}

/// Where clients are told to send their media.
#[derive(Debug)]
pub(crate) struct MediaAddrs {
    pub reflectors: Vec<SocketAddr>,
    pub reflectors_v6: Vec<SocketAddr>,
    pub turn: Option<SocketAddr>,
}

impl DcHandle {
    pub(crate) fn new(
        shared: Arc<Shared>,
        (addr, others): (SocketAddr, BTreeMap<i32, SocketAddr>),
        dc_id: i32,
        public_key_pem: String,
        media: MediaAddrs,
    ) -> Self {
        Self { addr, others, dc_id, public_key_pem, media, shared }
    }

    /// The TCP address clients connect to, as they are told it.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The TCP addresses of the other data centres, by number.
    #[must_use]
    pub fn others(&self) -> &BTreeMap<i32, SocketAddr> {
        &self.others
    }

    /// The number of this data centre.
    #[must_use]
    pub fn dc_id(&self) -> i32 {
        self.dc_id
    }

    /// The server's RSA key as clients want it: PKCS#1, `BEGIN RSA PUBLIC KEY`.
    #[must_use]
    pub fn public_key_pem(&self) -> &str {
        &self.public_key_pem
    }

    /// The addresses of the reflectors, as clients are told them. Each serves UDP and TCP on the same port.
    #[must_use]
    pub fn reflectors(&self) -> &[SocketAddr] {
        &self.media.reflectors
    }

    /// The IPv6 addresses clients are told beside them, if the machine has IPv6: the same ports.
    #[must_use]
    pub fn reflectors_v6(&self) -> &[SocketAddr] {
        &self.media.reflectors_v6
    }

    /// The UDP address of the STUN and TURN server, as clients are told it.
    #[must_use]
    pub fn turn(&self) -> Option<SocketAddr> {
        self.media.turn
    }

    /// What happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.hub().counters()
    }

    /// The hand of a test: things no client could do.
    #[must_use]
    pub fn admin(&self) -> Admin {
        Admin(Arc::clone(&self.shared))
    }

    /// Stops accepting, closes every connection, ends all tasks, writes state.
    pub async fn shutdown(self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
        let shared = Arc::clone(&self.shared);
        // The disk is waited for, and reflectors end with their threads.
        let ended = tokio::task::spawn_blocking(move || {
            let mut hub = shared.hub();
            // Counted and logged; whoever shuts down has no use for the error.
            let _ = hub.save();
            hub.service.reflectors.clear();
            hub.service.turn = None;
        });
        // Fails only when the runtime itself ends; dropping the handle then does what is left.
        let _ = ended.await;
    }
}

impl Drop for DcHandle {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

/// Things a test wants to do to a running server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Admin(Arc<Shared>);

impl Admin {
    /// Closes every TCP connection now; sessions and keys stay. Returns how many there were.
    pub fn drop_connections(&self) -> usize {
        self.0.hub().cut_all()
    }

    /// Forgets every temporary key, bound or not, as if its time had passed: packets under it are answered with -404.
    /// Returns how many there were.
    pub fn expire_temporary_keys(&self) -> usize {
        self.0.hub().expire_temporary_keys()
    }

    /// Adds a user who does not exist yet.
    ///
    /// # Errors
    /// [`StartError::User`] when the specification makes no sense or collides with somebody,
    /// [`StartError::Random`] when the system gives no randomness.
    pub fn add_user(&self, user: &UserSpec) -> Result<(), StartError> {
        let seed = gateway::seed().map_err(|source| StartError::Random { source })?;
        let mut random = ChaCha20Rng::from_seed(seed);
        self.0.with_hub(|hub, at| {
            let added = {
                let first = hub.service.config.dc_id;
                builder::add_user(&mut hub.service.world, user, first, &mut random)
            };
            hub.settle(at);
            added.map_err(|reason| StartError::User { index: 0, reason })
        })
    }

    /// What happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.0.hub().counters()
    }

    /// Adds a flood limit to those in force.
    pub fn add_flood_limit(&self, limit: FloodLimit) {
        self.0.hub().service.flood.add(limit);
    }

    /// Replaces the flood limits; what was counted is forgotten.
    pub fn set_flood_limits(&self, limits: Vec<FloodLimit>) {
        self.0.hub().service.flood = Flood::new(limits);
    }

    /// Swallows every packet to clients, or stops doing so. What was swallowed is sent again only under the rules of
    /// MTProto: on the session's next connection.
    pub fn lose_packets(&self, lose: bool) {
        self.0.hub().faults.lose = lose;
    }

    /// Sends every packet to clients twice, or stops doing so. Not over HTTP, where a request has one answer.
    pub fn duplicate_packets(&self, duplicate: bool) {
        self.0.hub().faults.duplicate = duplicate;
    }

    /// Lets every other packet be overtaken by the next one on its connection, or stops doing so. A packet that nothing
    /// follows is sent 20 ms late. Not over HTTP.
    pub fn reorder_packets(&self, reorder: bool) {
        self.0.hub().set_reorder(reorder);
    }

    /// Does not send the next `count` updates to anybody: whoever they were for has a gap in its numbering.
    pub fn swallow_updates(&self, count: u64) {
        self.0.hub().faults.swallow = count;
    }

    /// Ends every salt at once: the next packet of each session is answered with `bad_server_salt`.
    pub fn expire_salts(&self) {
        self.0.hub().expire_salts();
    }

    /// Forgets every session but no key: clients are told of new ones, and what they had not got is lost with the old.
    pub fn forget_sessions(&self) -> usize {
        self.0.hub().forget_sessions()
    }

    /// Forgets every permanent key with its login, as after a loss of the data. Returns how many there were.
    pub fn forget_keys(&self) -> usize {
        self.0.hub().forget_permanent_keys()
    }

    /// From now on every login code is this one.
    pub fn set_code(&self, code: &str) {
        self.0.hub().service.codes.set_policy(CodePolicy::fixed(code));
    }

    /// Changes what every reflector and the TURN server do to what they forward, calls that are up included: a cut
    /// (`loss: 1.0`), a repair, a step of delay.
    pub fn set_reflector_link(&self, link: LinkConfig) {
        let hub = self.0.hub();
        for reflector in &hub.service.reflectors {
            reflector.set_link(link);
        }
        if let Some(turn) = &hub.service.turn {
            turn.set_link(link);
        }
    }

    /// Changes the path of the signalling of modern calls, calls under way included.
    pub fn set_signalling_link(&self, link: LinkConfig) {
        self.0.hub().service.signalling.set_link(link);
    }

    /// Moves the account with this number to another data centre: where its devices are now, they are told to migrate.
    /// False when there is no such number or data centre.
    pub fn move_user(&self, phone: &str, dc: i32) -> bool {
        self.0.with_hub(|hub, at| {
            let service = &mut hub.service;
            let Some(home) = service.place(dc) else { return false };
            let Some(user) = service.world.users().by_phone(&Phone::new(phone)).map(|user| user.id) else {
                return false;
            };
            let moved = service.world.set_home(user, home);
            hub.settle(at);
            moved
        })
    }

    /// Makes the server answer calls to this user with "busy" (or stop doing so). False when nobody has that number.
    pub fn set_busy(&self, phone: &str, busy: bool) -> bool {
        let mut hub = self.0.hub();
        let Some(user) = hub.service.world.users().by_phone(&Phone::new(phone)).map(|user| user.id) else {
            return false;
        };
        if busy {
            hub.service.busy.insert(user);
        } else {
            hub.service.busy.remove(&user);
        }
        true
    }
}

/// What happened since the start. Counts only grow, except those said to be "now".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Connections accepted.
    pub connections: u64,
    /// Connections refused or closed because of a bound.
    pub connections_refused: u64,
    /// Connections open now.
    pub connections_open: u64,
    /// Packets that could not be understood (transport, cipher or message layer); each closed its connection.
    pub bad_packets: u64,
    /// Packets to clients sent twice on purpose.
    pub packets_doubled: u64,
    /// Packets to clients overtaken by another on purpose.
    pub packets_overtaken: u64,
    /// Packets that came as HTTP requests.
    pub posts: u64,
    /// Answers `-404`: packets under a key nobody knows.
    pub unknown_keys: u64,
    /// Auth keys made.
    pub keys_made: u64,
    /// Sessions alive now.
    pub sessions: u64,
    /// Sessions forgotten because of a bound.
    pub sessions_dropped: u64,
    /// Requests answered with a result.
    pub requests: u64,
    /// Requests answered with an error.
    pub request_errors: u64,
    /// Requests for methods this server does not know.
    pub unknown_methods: u64,
    /// Answers that could not be written in the layer of the session.
    pub unencodable: u64,
    /// Messages forgotten because of a bound.
    pub messages_dropped: u64,
    /// Calls requested.
    pub calls: u64,
    /// Calls alive now.
    pub calls_alive: u64,
    /// Pieces of signalling of modern calls given to a session.
    pub signals: u64,
    /// Pieces of signalling lost on purpose by the impaired path.
    pub signals_lost: u64,
    /// Pieces of signalling dropped because nobody was there for them, or too many waited.
    pub signals_dropped: u64,
    /// Writes to the data directory that failed.
    pub storage_errors: u64,
    /// The reflectors, in the order of [`DcHandle::reflectors`].
    pub reflectors: Vec<ReflectorCounters>,
    /// The STUN and TURN server.
    pub turn: Option<TurnCounters>,
}
