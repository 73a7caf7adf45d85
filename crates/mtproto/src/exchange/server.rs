//! The end that gives keys away.

use super::inner::{
    NewNonce, Nonce, PqInner, addressed, first_salt, new_nonce_hash, number, open, read_number, seal,
    temporary_key,
};
use crate::wire::{Reader, Writer, id};
use crate::{Moment, MsgId, Salt, plain};
use offhook_crypto::dh::{Group, Secret};
use offhook_crypto::hash::sha256;
use offhook_crypto::rsa::{self, PrivateKey};
use offhook_crypto::{AuthKey, pq};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// What a DC knows.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// RSA key whose fingerprint is offered.
    pub key: PrivateKey,
    /// Ids this DC answers to; their negatives and both plus or minus 10000 are accepted too, other ids get -444.
    pub dcs: Vec<i32>,
    /// Exchanges held at once; the oldest is forgotten at the bound. Default 4096.
    pub capacity: usize,
}

/// All exchanges of one DC, found by nonce. Forgotten after ten minutes.
pub struct Server {
    config: ServerConfig,
    group: Group,
    rng: ChaCha20Rng,
    last_msg_id: MsgId,
    entries: BTreeMap<Nonce, Entry>,
    /// When each entry was made, oldest first.
    ages: VecDeque<(Instant, Nonce)>,
}

/// One exchange.
struct Entry {
    server_nonce: Nonce,
    stage: Stage,
    /// Questions by their hash with the body of the answer each got: a repeated question gets the same.
    answered: Vec<([u8; 32], Vec<u8>)>,
}

enum Stage {
    /// pq was sent.
    Asked { p: u32, q: u32 },
    /// Our half was sent.
    Offered(Box<Offer>),
    /// A key was made; only repeats are answered.
    Done,
    /// Something was wrong; everything is -404 from here on.
    Failed,
}

struct Offer {
    new_nonce: NewNonce,
    secret: Secret,
    dc: Option<i32>,
    expires_in: Option<i32>,
    retry_id: i64,
}

/// How long an exchange may take.
const LIFE: Duration = Duration::from_secs(600);
/// Key or exchange not known here.
const NOT_FOUND: i32 = -404;
/// The client wants another DC.
const WRONG_DC: i32 = -444;
/// Answers remembered per exchange: pq, parameters, and verdicts.
const MAX_ANSWERED: usize = 8;

/// Bytes of a question without what pads it. TDLib pads anew when it asks again, so a hash of all bytes would not know
/// it. `None` when it is cut.
fn question_len(constructor: u32, body: &[u8]) -> Option<usize> {
    let mut reader = Reader::new(body);
    reader.u32()?;
    reader.array::<16>()?;
    reader.array::<16>()?;
    if constructor == id::REQ_DH_PARAMS {
        reader.bytes()?;
        reader.bytes()?;
        reader.long()?;
    }
    reader.bytes()?;
    Some(body.len() - reader.rest().len())
}

/// What to do with a plain packet.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once per key, moved at once")]
pub enum Reply {
    /// Send this packet on the connection the question came from.
    Send(Vec<u8>),
    /// Store the key first, then send the packet: the client may use the key at once, on any connection.
    Created {
        /// `dh_gen_ok`.
        packet: Vec<u8>,
        /// The key to store.
        key: NewKey,
    },
    /// Send this transport error (-404 unknown state, -444 wrong DC).
    Error(i32),
    /// Nothing to send.
    Nothing,
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The key.
    pub key: AuthKey,
    /// Its first salt.
    pub salt: Salt,
    /// DC id the client named, if it did.
    pub dc: Option<i32>,
    /// Unix time at which a temporary key ends; `None` for a permanent one.
    pub expires_at: Option<i32>,
}

impl ServerConfig {
    /// The usual configuration for a key and the ids of the DC.
    pub fn new(key: PrivateKey, dcs: impl IntoIterator<Item = i32>) -> Self {
        Self { key, dcs: dcs.into_iter().collect(), capacity: 4096 }
    }
}

impl Server {
    /// A DC without exchanges.
    pub fn new(config: ServerConfig, seed: [u8; 32]) -> Self {
        Self {
            config,
            group: Group::telegram(),
            rng: ChaCha20Rng::from_seed(seed),
            last_msg_id: MsgId::default(),
            entries: BTreeMap::new(),
            ages: VecDeque::new(),
        }
    }

    /// Exchanges held.
    pub fn pending(&self) -> usize {
        self.entries.len()
    }

    /// Reads a plain packet from any connection. `is_taken` tells whether a key id exists already
    /// (`dh_gen_retry` is the answer then).
    ///
    /// Costs up to some tens of milliseconds of arithmetic.
    pub fn handle(&mut self, packet: &[u8], at: Moment, is_taken: impl Fn(i64) -> bool) -> Reply {
        self.forget(at.instant);
        let Some((_, body)) = plain::read(packet) else { return Reply::Error(NOT_FOUND) };
        let mut reader = Reader::new(body);
        let (Some(constructor), Some(nonce)) = (reader.u32(), reader.array()) else {
            return Reply::Error(NOT_FOUND);
        };
        match constructor {
            id::REQ_PQ | id::REQ_PQ_MULTI => self.on_req_pq(nonce, at),
            // Old clients acknowledge plain answers.
            id::MSGS_ACK => Reply::Nothing,
            id::REQ_DH_PARAMS | id::SET_CLIENT_DH_PARAMS => {
                let question = sha256(&body[..question_len(constructor, body).unwrap_or(body.len())]);
                let Some(entry) = self.entries.get(&nonce) else { return Reply::Error(NOT_FOUND) };
                let repeated = entry.answered.iter().find(|(hash, _)| *hash == question);
                if let Some((_, answer)) = repeated.filter(|_| !matches!(entry.stage, Stage::Failed)) {
                    let answer = answer.clone();
                    return Reply::Send(self.packet(&answer, at));
                }
                let outcome = if constructor == id::REQ_DH_PARAMS {
                    self.on_req_dh_params(body, nonce, at)
                } else {
                    self.on_set_client_dh_params(body, nonce, at, is_taken)
                };
                self.conclude(nonce, question, outcome, at)
            }
            _ => Reply::Error(NOT_FOUND),
        }
    }

    /// Remembers the answer, or fails the exchange.
    fn conclude(
        &mut self,
        nonce: Nonce,
        question: [u8; 32],
        outcome: Result<(Vec<u8>, Option<NewKey>), i32>,
        at: Moment,
    ) -> Reply {
        let entry = self.entries.get_mut(&nonce).expect("looked up before");
        match outcome {
            Ok((answer, key)) => {
                if entry.answered.len() < MAX_ANSWERED {
                    entry.answered.push((question, answer.clone()));
                }
                let packet = self.packet(&answer, at);
                match key {
                    Some(key) => Reply::Created { packet, key },
                    None => Reply::Send(packet),
                }
            }
            Err(code) => {
                entry.stage = Stage::Failed;
                Reply::Error(code)
            }
        }
    }

    fn on_req_pq(&mut self, nonce: Nonce, at: Moment) -> Reply {
        if let Some(entry) = self.entries.get(&nonce) {
            let Some((_, answer)) = entry.answered.first() else { return Reply::Error(NOT_FOUND) };
            if matches!(entry.stage, Stage::Failed) {
                return Reply::Error(NOT_FOUND);
            }
            let answer = answer.clone();
            return Reply::Send(self.packet(&answer, at));
        }
        let server_nonce = self.draw();
        let (p, q) = pq::generate(&mut |out: &mut [u8]| self.rng.fill_bytes(out));
        let answer =
            number(Writer::boxed(id::RES_PQ).raw(&nonce).raw(&server_nonce), u64::from(p) * u64::from(q));
        let fingerprint = self.config.key.public().fingerprint();
        let answer = answer.longs([fingerprint].into_iter()).done();
        if self.entries.len() >= self.config.capacity.max(1) {
            self.forget_oldest();
        }
        // req_pq and req_pq_multi of one nonce are the same question, so its hash is not needed.
        let answered = vec![([0; 32], answer.clone())];
        self.entries.insert(nonce, Entry { server_nonce, stage: Stage::Asked { p, q }, answered });
        self.ages.push_back((at.instant, nonce));
        Reply::Send(self.packet(&answer, at))
    }

    fn on_req_dh_params(
        &mut self,
        body: &[u8],
        nonce: Nonce,
        at: Moment,
    ) -> Result<(Vec<u8>, Option<NewKey>), i32> {
        let entry = self.entries.get(&nonce).ok_or(NOT_FOUND)?;
        let Stage::Asked { p, q } = entry.stage else { return Err(NOT_FOUND) };
        let server_nonce = entry.server_nonce;
        let mut reader = addressed(body, id::REQ_DH_PARAMS, &nonce, &server_nonce).ok_or(NOT_FOUND)?;
        let (p, q) = (u64::from(p), u64::from(q));
        let same = read_number(&mut reader) == Some(p) && read_number(&mut reader) == Some(q);
        let fingerprint = reader.long().ok_or(NOT_FOUND)?;
        let encrypted: [u8; 256] = reader.bytes().and_then(|bytes| bytes.try_into().ok()).ok_or(NOT_FOUND)?;
        if !same || fingerprint != self.config.key.public().fingerprint() {
            return Err(NOT_FOUND);
        }
        let inner = self.decrypt_inner(&encrypted).ok_or(NOT_FOUND)?;
        let expected = inner.nonce == nonce && inner.server_nonce == server_nonce;
        if !expected
            || (inner.pq, inner.p, inner.q) != (p * q, p, q)
            || inner.expires_in.is_some_and(|s| s <= 0)
        {
            return Err(NOT_FOUND);
        }
        if inner.dc.is_some_and(|dc| !self.is_ours(dc)) {
            return Err(WRONG_DC);
        }
        let (secret, g_a) = self.group.key_pair(&mut |out: &mut [u8]| self.rng.fill_bytes(out));
        let object = Writer::boxed(id::SERVER_DH_INNER_DATA)
            .raw(&nonce)
            .raw(&server_nonce)
            .int(self.group.generator())
            .bytes(&self.group.prime())
            .bytes(&g_a)
            .int(at.unix.as_secs() as i32)
            .done();
        let sealed = seal(&object, &temporary_key(&inner.new_nonce, &server_nonce), &self.draw());
        let PqInner { new_nonce, dc, expires_in, .. } = inner;
        let offer = Offer { new_nonce, secret, dc, expires_in, retry_id: 0 };
        self.entries.get_mut(&nonce).ok_or(NOT_FOUND)?.stage = Stage::Offered(Box::new(offer));
        let answer = Writer::boxed(id::SERVER_DH_PARAMS_OK).raw(&nonce).raw(&server_nonce).bytes(&sealed);
        Ok((answer.done(), None))
    }

    fn on_set_client_dh_params(
        &mut self,
        body: &[u8],
        nonce: Nonce,
        at: Moment,
        is_taken: impl Fn(i64) -> bool,
    ) -> Result<(Vec<u8>, Option<NewKey>), i32> {
        let entry = self.entries.get_mut(&nonce).ok_or(NOT_FOUND)?;
        let Stage::Offered(offer) = &mut entry.stage else { return Err(NOT_FOUND) };
        let server_nonce = entry.server_nonce;
        let mut reader = addressed(body, id::SET_CLIENT_DH_PARAMS, &nonce, &server_nonce).ok_or(NOT_FOUND)?;
        let encrypted = reader.bytes().ok_or(NOT_FOUND)?;
        let temporary = temporary_key(&offer.new_nonce, &server_nonce);
        let (retry_id, g_b) = open(encrypted, &temporary, |reader| {
            reader.expect(id::CLIENT_DH_INNER_DATA)?;
            let addressed = reader.array::<16>()? == nonce && reader.array::<16>()? == server_nonce;
            let (retry_id, g_b) = (reader.long()?, reader.bytes()?.to_vec());
            addressed.then_some((retry_id, g_b))
        })
        .ok_or(NOT_FOUND)?;
        let g_b = self.group.check_public(&g_b).map_err(|_| NOT_FOUND)?;
        if retry_id != offer.retry_id {
            return Err(NOT_FOUND);
        }
        let key = self.group.shared(&offer.secret, &g_b);
        let answer = |verdict, number| {
            let hash = new_nonce_hash(&offer.new_nonce, number, &key);
            Writer::boxed(verdict).raw(&nonce).raw(&server_nonce).raw(&hash).done()
        };
        if is_taken(key.id()) || key.id() == 0 {
            let retry = answer(id::DH_GEN_RETRY, 2);
            offer.retry_id = i64::from_le_bytes(key.aux_hash());
            return Ok((retry, None));
        }
        let ok = answer(id::DH_GEN_OK, 1);
        let now = at.unix.as_secs() as i32;
        let new = NewKey {
            salt: first_salt(&offer.new_nonce, &server_nonce),
            dc: offer.dc,
            expires_at: offer.expires_in.map(|life| now.saturating_add(life)),
            key,
        };
        entry.stage = Stage::Done;
        Ok((ok, Some(new)))
    }

    /// Either padding; the old one is recognised by its hash.
    fn decrypt_inner(&self, encrypted: &[u8; 256]) -> Option<PqInner> {
        let block = self.config.key.raw(encrypted)?;
        if let Ok(padded) = rsa::pad::open(&block) {
            return PqInner::read(&mut Reader::new(&padded));
        }
        let len = |object: &[u8]| {
            let mut reader = Reader::new(object);
            PqInner::read(&mut reader).map(|_| object.len() - reader.rest().len())
        };
        let object = rsa::sha1_block::open(&block, len).ok()?;
        PqInner::read(&mut Reader::new(object))
    }

    /// One of ours, also as its media variant and in its test numbering.
    fn is_ours(&self, dc: i32) -> bool {
        let claimed = dc.unsigned_abs();
        let ids = self.config.dcs.iter().map(|dc| dc.unsigned_abs() % 10_000);
        ids.into_iter().any(|id| claimed == id || claimed == 10_000 + id)
    }

    fn packet(&mut self, body: &[u8], at: Moment) -> Vec<u8> {
        let fresh = MsgId::at(at.unix).0 | 1;
        self.last_msg_id = MsgId(fresh.max(self.last_msg_id.0 + 4));
        plain::write(self.last_msg_id, body)
    }

    fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.rng.fill_bytes(&mut out);
        out
    }

    fn forget(&mut self, now: Instant) {
        while self.ages.front().is_some_and(|(made, _)| now.duration_since(*made) >= LIFE) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, nonce)) = self.ages.pop_front() {
            self.entries.remove(&nonce);
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server(dc {:?}, {} exchanges)", self.config.dcs, self.entries.len())
    }
}
