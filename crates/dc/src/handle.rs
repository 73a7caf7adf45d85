//! A running local Telegram as its owner sees it.

use std::net::SocketAddr;

use crate::ReflectorCounters;

/// A running local Telegram. Dropping it stops it at once; [`DcHandle::shutdown`] also waits until state is written.
#[derive(Debug)]
pub struct DcHandle {
    addr: SocketAddr,
    dc_id: i32,
    public_key_pem: String,
    reflectors: Vec<SocketAddr>,
}

impl DcHandle {
    /// The TCP address clients connect to.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
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

    /// The UDP addresses of the reflectors.
    #[must_use]
    pub fn reflectors(&self) -> &[SocketAddr] {
        &self.reflectors
    }

    /// What happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        todo!()
    }

    /// The hand of a test: things no client could do.
    #[must_use]
    pub fn admin(&self) -> Admin {
        todo!()
    }

    /// Stops accepting, closes every connection, writes state, ends all threads and tasks.
    pub async fn shutdown(self) {
        todo!()
    }
}

/// Things a test wants to do to a running server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Admin(());

impl Admin {
    /// Closes every TCP connection now; sessions and keys stay. Returns how many there were.
    pub fn drop_connections(&self) -> usize {
        todo!()
    }

    /// From now on every login code is this one.
    pub fn set_code(&self, code: &str) {
        let _ = code;
        todo!()
    }

    /// Makes the server answer calls to this user with "busy" (or stop doing so). False when nobody has that number.
    pub fn set_busy(&self, phone: &str, busy: bool) -> bool {
        let _ = (phone, busy);
        todo!()
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
    /// Writes to the data directory that failed.
    pub storage_errors: u64,
    /// The reflectors, in the order of [`DcHandle::reflectors`].
    pub reflectors: Vec<ReflectorCounters>,
}
