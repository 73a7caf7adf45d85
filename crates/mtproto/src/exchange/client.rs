//! The end that wants a key.

use super::inner::{
    NewNonce, Nonce, PqInner, addressed, first_salt, new_nonce_hash, number, open, read_number, seal,
    temporary_key,
};
use crate::wire::{self, Reader, Writer, id};
use crate::{Moment, MsgId, Salt, TimeOffset, plain};
use offhook_crypto::dh::{Group, Public};
use offhook_crypto::rsa::{self, PublicKey};
use offhook_crypto::{AuthKey, ct, pq};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::time::Duration;

/// Padding of the RSA block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RsaScheme {
    /// RSA_PAD, the current one.
    #[default]
    Pad,
    /// SHA-1 block, before 2021; for tests of servers.
    Sha1,
}

/// What a client knows before the exchange.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Keys of the servers it trusts.
    pub keys: Vec<PublicKey>,
    /// DC id put into the inner data: +10000 on test servers, negative for media.
    pub dc: i32,
    /// Ask for a temporary key of this life (whole seconds).
    pub expires_in: Option<Duration>,
    /// Padding.
    pub scheme: RsaScheme,
}

/// One exchange, client side. Calls cost up to some tens of milliseconds of arithmetic: keep them off busy threads.
pub struct Client {
    config: ClientConfig,
    rng: ChaCha20Rng,
    last_msg_id: MsgId,
    last_packet: Vec<u8>,
    state: State,
}

/// What is known so far.
enum State {
    Fresh,
    AskedPq { nonce: Nonce },
    AskedParams(Secrets),
    Proposed(Box<Proposal>),
    Over,
}

/// Known from the RSA block on.
struct Secrets {
    nonce: Nonce,
    server_nonce: Nonce,
    new_nonce: NewNonce,
}

/// Known once our half of the Diffie-Hellman exchange is sent.
struct Proposal {
    secrets: Secrets,
    group: Group,
    g_a: Public,
    key: AuthKey,
    time_offset: TimeOffset,
    retries: u32,
}

/// How often a server may ask for another key.
const MAX_RETRIES: u32 = 5;

/// What to do after a packet of the server was read.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once per key, moved at once")]
pub enum Step {
    /// Send this packet (already a whole plain message) and wait for the next.
    Send(Vec<u8>),
    /// The key is made.
    Done(Established),
}

/// The result of an exchange.
#[derive(Clone, Debug)]
pub struct Established {
    /// The key.
    pub key: AuthKey,
    /// First server salt.
    pub salt: Salt,
    /// Server clock against ours, to within the round trip.
    pub time_offset: TimeOffset,
    /// Server unix time at which a temporary key ends.
    pub expires_at: Option<i32>,
}

/// Why an exchange failed. Start a new one, on a new connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// Not the message that is due, or cut.
    #[error("unexpected message")]
    Unexpected,
    /// A nonce is not the one of this exchange.
    #[error("nonce does not match")]
    Nonce,
    /// The server offers none of our keys.
    #[error("the server has none of the known RSA keys, it offers {offered:x?}")]
    NoKnownKey {
        /// Fingerprints offered.
        offered: Vec<i64>,
    },
    /// pq is not a product of two primes below 2^63.
    #[error("pq cannot be factored")]
    Factor,
    /// The server answered `server_DH_params_fail`.
    #[error("the server refused the RSA block")]
    Refused,
    /// The encrypted answer is damaged.
    #[error("the encrypted answer does not match its hash")]
    AnswerHash,
    /// The Diffie-Hellman numbers are unsafe.
    #[error(transparent)]
    Dh(#[from] offhook_crypto::dh::DhError),
    /// The server proved another key.
    #[error("the server's proof of the key does not match")]
    NewNonceHash,
    /// The server answered `dh_gen_fail`, or asked for too many retries.
    #[error("the server refused the key")]
    KeyRefused,
}

impl ClientConfig {
    /// A permanent key of a DC, with the current padding.
    pub fn new(keys: Vec<PublicKey>, dc: i32) -> Self {
        Self { keys, dc, expires_in: None, scheme: RsaScheme::Pad }
    }
}

impl Client {
    /// An exchange that has not begun.
    pub fn new(config: ClientConfig, seed: [u8; 32]) -> Self {
        Self {
            config,
            rng: ChaCha20Rng::from_seed(seed),
            last_msg_id: MsgId::default(),
            last_packet: Vec::new(),
            state: State::Fresh,
        }
    }

    /// The first packet (already a whole plain message, ready for the transport).
    pub fn start(&mut self, at: Moment) -> Vec<u8> {
        let nonce = self.draw();
        self.state = State::AskedPq { nonce };
        self.packet(Writer::boxed(id::REQ_PQ_MULTI).raw(&nonce), at)
    }

    /// The last packet given out, to be sent again unchanged when the connection was lost.
    pub fn last_packet(&self) -> &[u8] {
        &self.last_packet
    }

    /// Reads a packet of the server.
    ///
    /// # Errors
    /// An [`ExchangeError`] ends the exchange.
    pub fn handle(&mut self, packet: &[u8], at: Moment) -> Result<Step, ExchangeError> {
        let state = std::mem::replace(&mut self.state, State::Over);
        let (_, body) = plain::read(packet).ok_or(ExchangeError::Unexpected)?;
        match state {
            State::AskedPq { nonce } => self.on_pq(body, nonce, at),
            State::AskedParams(secrets) => self.on_params(body, secrets, at),
            State::Proposed(proposal) => self.on_verdict(body, *proposal, at),
            State::Fresh | State::Over => Err(ExchangeError::Unexpected),
        }
    }

    fn on_pq(&mut self, body: &[u8], nonce: Nonce, at: Moment) -> Result<Step, ExchangeError> {
        let ResPq { echoed, server_nonce, pq, fingerprints } =
            ResPq::read(body).ok_or(ExchangeError::Unexpected)?;
        if echoed != nonce {
            return Err(ExchangeError::Nonce);
        }
        let key = self.config.keys.iter().find(|key| fingerprints.contains(&key.fingerprint())).cloned();
        let key = key.ok_or(ExchangeError::NoKnownKey { offered: fingerprints })?;
        let (p, q) = pq::factorize(pq).ok_or(ExchangeError::Factor)?;
        let new_nonce = self.draw();
        let expires_in = self.config.expires_in.map(|life| life.as_secs().min(i32::MAX as u64) as i32);
        let dc = (self.config.scheme == RsaScheme::Pad).then_some(self.config.dc);
        let inner = PqInner { pq, p, q, nonce, server_nonce, new_nonce, dc, expires_in }.write();
        let mut random = |out: &mut [u8]| self.rng.fill_bytes(out);
        let encrypted = match self.config.scheme {
            RsaScheme::Pad => rsa::pad::encrypt(&key, &inner, &mut random),
            RsaScheme::Sha1 => rsa::sha1_block::encrypt(&key, &inner, &mut random),
        };
        let encrypted = encrypted.expect("inner data is shorter than either padding allows");
        let question = Writer::boxed(id::REQ_DH_PARAMS).raw(&nonce).raw(&server_nonce);
        let question = number(number(question, p), q).long(key.fingerprint()).bytes(&encrypted);
        self.state = State::AskedParams(Secrets { nonce, server_nonce, new_nonce });
        Ok(Step::Send(self.packet(question, at)))
    }

    fn on_params(&mut self, body: &[u8], secrets: Secrets, at: Moment) -> Result<Step, ExchangeError> {
        let Secrets { nonce, server_nonce, new_nonce } = &secrets;
        match wire::constructor(body) {
            Some(id::SERVER_DH_PARAMS_OK) => {}
            Some(id::SERVER_DH_PARAMS_FAIL) => return Err(ExchangeError::Refused),
            _ => return Err(ExchangeError::Unexpected),
        }
        let mut reader =
            addressed(body, id::SERVER_DH_PARAMS_OK, nonce, server_nonce).ok_or(ExchangeError::Nonce)?;
        let encrypted = reader.bytes().ok_or(ExchangeError::Unexpected)?;
        let temporary = temporary_key(new_nonce, server_nonce);
        let inner = open(encrypted, &temporary, ServerInner::read).ok_or(ExchangeError::AnswerHash)?;
        if inner.nonce != *nonce || inner.server_nonce != *server_nonce {
            return Err(ExchangeError::Nonce);
        }
        let group = Group::check(&inner.prime, inner.g)?;
        let g_a = group.check_public(&inner.g_a)?;
        let server_time = Duration::from_secs(inner.server_time.max(0) as u64);
        let time_offset = TimeOffset::between(server_time, at.unix);
        self.propose(secrets, group, g_a, time_offset, 0, 0, at)
    }

    /// Sends a half of ours; again with the old key's hash as `retry_id` when the server asks for it.
    #[expect(clippy::too_many_arguments, reason = "the parts of a Proposal, which needs the key made here")]
    fn propose(
        &mut self,
        secrets: Secrets,
        group: Group,
        g_a: Public,
        time_offset: TimeOffset,
        retries: u32,
        retry_id: i64,
        at: Moment,
    ) -> Result<Step, ExchangeError> {
        let Secrets { nonce, server_nonce, new_nonce } = &secrets;
        let (secret, g_b) = group.key_pair(&mut |out: &mut [u8]| self.rng.fill_bytes(out));
        let key = group.shared(&secret, &g_a);
        let inner = Writer::boxed(id::CLIENT_DH_INNER_DATA).raw(nonce).raw(server_nonce);
        let inner = inner.long(retry_id).bytes(&g_b).done();
        let sealed = seal(&inner, &temporary_key(new_nonce, server_nonce), &self.draw());
        let question = Writer::boxed(id::SET_CLIENT_DH_PARAMS).raw(nonce).raw(server_nonce).bytes(&sealed);
        let proposal = Proposal { secrets, group, g_a, key, time_offset, retries };
        self.state = State::Proposed(Box::new(proposal));
        Ok(Step::Send(self.packet(question, at)))
    }

    fn on_verdict(&mut self, body: &[u8], proposal: Proposal, at: Moment) -> Result<Step, ExchangeError> {
        let Proposal { secrets, group, g_a, key, time_offset, retries } = proposal;
        let Secrets { nonce, server_nonce, new_nonce } = &secrets;
        let verdict = wire::constructor(body).ok_or(ExchangeError::Unexpected)?;
        let hash_number = match verdict {
            id::DH_GEN_OK => 1,
            id::DH_GEN_RETRY => 2,
            id::DH_GEN_FAIL => 3,
            _ => return Err(ExchangeError::Unexpected),
        };
        let mut reader = addressed(body, verdict, nonce, server_nonce).ok_or(ExchangeError::Nonce)?;
        let hash: Nonce = reader.array().ok_or(ExchangeError::Unexpected)?;
        if !ct::eq(&hash, &new_nonce_hash(new_nonce, hash_number, &key)) {
            return Err(ExchangeError::NewNonceHash);
        }
        match verdict {
            id::DH_GEN_OK => {
                let server_now = time_offset.apply(at.unix).as_secs();
                let expires_at = self.config.expires_in.map(|life| (server_now + life.as_secs()) as i32);
                let salt = first_salt(new_nonce, server_nonce);
                Ok(Step::Done(Established { key, salt, time_offset, expires_at }))
            }
            id::DH_GEN_RETRY if retries < MAX_RETRIES => {
                let retry_id = i64::from_le_bytes(key.aux_hash());
                self.propose(secrets, group, g_a, time_offset, retries + 1, retry_id, at)
            }
            _ => Err(ExchangeError::KeyRefused),
        }
    }

    /// A plain message with a fresh id.
    fn packet(&mut self, body: Writer, at: Moment) -> Vec<u8> {
        let fresh = MsgId::at(at.unix);
        self.last_msg_id = fresh.max(MsgId(self.last_msg_id.0 + 4));
        self.last_packet = plain::write(self.last_msg_id, &body.done());
        self.last_packet.clone()
    }

    fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.rng.fill_bytes(&mut out);
        out
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match self.state {
            State::Fresh => "fresh",
            State::AskedPq { .. } => "asked for pq",
            State::AskedParams(_) => "asked for DH parameters",
            State::Proposed(_) => "proposed a key",
            State::Over => "over",
        };
        write!(f, "Client(dc {}, {state})", self.config.dc)
    }
}

/// `resPQ`.
struct ResPq {
    echoed: Nonce,
    server_nonce: Nonce,
    pq: u64,
    fingerprints: Vec<i64>,
}

impl ResPq {
    fn read(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(body);
        reader.expect(id::RES_PQ)?;
        Some(Self {
            echoed: reader.array()?,
            server_nonce: reader.array()?,
            pq: read_number(&mut reader)?,
            fingerprints: reader.longs(64)?,
        })
    }
}

/// `server_DH_inner_data`.
struct ServerInner {
    nonce: Nonce,
    server_nonce: Nonce,
    g: i32,
    prime: Vec<u8>,
    g_a: Vec<u8>,
    server_time: i32,
}

impl ServerInner {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.expect(id::SERVER_DH_INNER_DATA)?;
        Some(Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            g: reader.int()?,
            prime: reader.bytes()?.to_vec(),
            g_a: reader.bytes()?.to_vec(),
            server_time: reader.int()?,
        })
    }
}
