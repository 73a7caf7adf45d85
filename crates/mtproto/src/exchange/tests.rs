//! Either end of an exchange against a peer that lies about one thing: what is checked inside the encrypted parts,
//! where a changed byte would only damage a hash.

use super::inner::{
    Nonce, PqInner, addressed, new_nonce_hash, number, open, read_number, seal, temporary_key,
};
use super::*;
use crate::wire::{Reader, Writer, id};
use crate::{Moment, MsgId, plain};
use offhook_crypto::dh::{DhError, Group, Secret, TELEGRAM_PRIME};
use offhook_crypto::hash::sha1;
use offhook_crypto::rsa::{self, PrivateKey};
use offhook_crypto::{AuthKey, ige, pq};
use std::time::{Duration, Instant};

const NOW: Duration = Duration::from_secs(1_700_000_000);
const SERVER_NONCE: Nonce = [0x5e; 16];
/// Two primes of 31 bits.
const FACTORS: (u64, u64) = (0x494c_553b, 0x5391_1073);

fn now() -> Moment {
    #[allow(clippy::disallowed_methods, reason = "the only way to an Instant; its value does not matter")]
    let instant = Instant::now();
    Moment { instant, unix: NOW }
}

fn body(packet: &[u8]) -> &[u8] {
    plain::read(packet).expect("a plain message").1
}

fn sent(step: Result<Step, ExchangeError>) -> Result<Vec<u8>, ExchangeError> {
    match step? {
        Step::Send(packet) => Ok(packet),
        Step::Done(_) => panic!("done too early"),
    }
}

/// A server that says what it is told to say, and the client it talks to.
struct RogueServer {
    client: Client,
    asked: PqInner,
}

/// `server_DH_inner_data` and how it is wrapped.
struct Params {
    nonce: Nonce,
    server_nonce: Nonce,
    g: i32,
    prime: Vec<u8>,
    g_a: Vec<u8>,
    /// Bytes behind the object beyond those that fill up a block.
    excess: usize,
    /// Whether the hash is the object's.
    hashed: bool,
}

impl RogueServer {
    /// Goes as far as the client's `req_DH_params`.
    fn new() -> Self {
        let key = PrivateKey::test_key();
        let mut client = Client::new(ClientConfig::new(vec![key.public().clone()], 2), [1; 32]);
        let nonce: Nonce = body(&client.start(now()))[4..].try_into().unwrap();
        let answer = number(Writer::boxed(id::RES_PQ).raw(&nonce).raw(&SERVER_NONCE), FACTORS.0 * FACTORS.1);
        let answer = answer.longs([1, key.public().fingerprint()].into_iter()).done();
        let question = sent(client.handle(&plain::write(MsgId(1), &answer), now())).unwrap();
        let mut reader = addressed(body(&question), id::REQ_DH_PARAMS, &nonce, &SERVER_NONCE).unwrap();
        assert_eq!((read_number(&mut reader), read_number(&mut reader)), (Some(FACTORS.0), Some(FACTORS.1)));
        assert_eq!(reader.long(), Some(key.public().fingerprint()));
        let block = key.raw(reader.bytes().unwrap().try_into().unwrap()).unwrap();
        let asked = PqInner::read(&mut Reader::new(&rsa::pad::open(&block).unwrap())).unwrap();
        assert_eq!((asked.nonce, asked.server_nonce, asked.dc), (nonce, SERVER_NONCE, Some(2)));
        Self { client, asked }
    }

    fn params(&self) -> Params {
        Params {
            nonce: self.asked.nonce,
            server_nonce: SERVER_NONCE,
            g: 3,
            prime: TELEGRAM_PRIME.to_vec(),
            g_a: Group::telegram().public(&secret()).to_vec(),
            excess: 0,
            hashed: true,
        }
    }

    /// Answers with these numbers; gives what the client says to them.
    fn offer(&mut self, params: &Params) -> Result<Vec<u8>, ExchangeError> {
        let object = Writer::boxed(id::SERVER_DH_INNER_DATA)
            .raw(&params.nonce)
            .raw(&params.server_nonce)
            .int(params.g)
            .bytes(&params.prime)
            .bytes(&params.g_a)
            .int(NOW.as_secs() as i32)
            .done();
        let mut wrapped = sha1(&object).to_vec();
        wrapped[0] ^= u8::from(!params.hashed);
        wrapped.extend_from_slice(&object);
        wrapped.resize(wrapped.len().next_multiple_of(ige::BLOCK) + params.excess, 7);
        let (key, iv) = temporary_key(&self.asked.new_nonce, &SERVER_NONCE);
        ige::encrypt_in_place(&key, &iv, &mut wrapped);
        let answer = Writer::boxed(id::SERVER_DH_PARAMS_OK).raw(&self.asked.nonce).raw(&SERVER_NONCE);
        sent(self.client.handle(&plain::write(MsgId(5), &answer.bytes(&wrapped).done()), now()))
    }
}

fn secret() -> Secret {
    Secret::new([0x77; 256])
}

/// What a client says to parameters that are right but for one thing.
fn offered(change: impl FnOnce(&mut Params)) -> Result<Vec<u8>, ExchangeError> {
    let mut server = RogueServer::new();
    let mut params = server.params();
    change(&mut params);
    server.offer(&params)
}

/// A 2048-bit number with these bits set.
fn power_of_two(bit: usize) -> [u8; 256] {
    let mut bytes = [0; 256];
    bytes[255 - bit / 8] = 1 << (bit % 8);
    bytes
}

/// The prime minus a number.
fn prime_minus(number: &[u8; 256]) -> Vec<u8> {
    let mut borrow = 0;
    let mut out = TELEGRAM_PRIME.to_vec();
    for i in (0..256).rev() {
        let difference = i32::from(TELEGRAM_PRIME[i]) - i32::from(number[i]) - borrow;
        borrow = i32::from(difference < 0);
        out[i] = difference.rem_euclid(256) as u8;
    }
    out
}

/// Public values next to either bound: outside it, and on it.
fn outside_and_on_the_bounds() -> ([Vec<u8>; 6], [Vec<u8>; 2]) {
    let bound = power_of_two(1984);
    let mut below = [0; 256];
    below[8..].fill(0xff);
    let above = prime_minus(&below);
    let (zero, one) = (vec![0], vec![1]);
    (
        [zero, one, below.to_vec(), above, prime_minus(&power_of_two(0)), TELEGRAM_PRIME.to_vec()],
        [bound.to_vec(), prime_minus(&bound)],
    )
}

#[test]
fn a_client_takes_right_parameters_and_checks_both_nonces_again_inside() {
    assert!(offered(|_| {}).is_ok());
    assert_eq!(offered(|params| params.nonce[3] ^= 1), Err(ExchangeError::Nonce));
    assert_eq!(offered(|params| params.server_nonce[15] ^= 1), Err(ExchangeError::Nonce));
}

#[test]
fn a_client_compares_the_hash_and_takes_no_more_filling_than_a_block_needs() {
    assert_eq!(offered(|params| params.hashed = false), Err(ExchangeError::AnswerHash));
    assert_eq!(offered(|params| params.excess = 16), Err(ExchangeError::AnswerHash));
}

#[test]
fn a_client_refuses_primes_and_generators_that_are_not_safe() {
    let dh = |change: fn(&mut Params)| match offered(change) {
        Err(ExchangeError::Dh(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(dh(|it| it.prime = TELEGRAM_PRIME[1..].to_vec()), DhError::PrimeLength { got: 2037 });
    assert_eq!(dh(|it| it.prime.push(1)), DhError::PrimeLength { got: 2056 });
    // Two less than the known prime, and composite; generator 4 asks nothing of the residue.
    assert_eq!(
        dh(|it| {
            it.g = 4;
            it.prime[255] ^= 2;
        }),
        DhError::NotSafePrime
    );
    for g in [-3, 0, 1, 2, 5, 6, 8] {
        let refused = offered(|params| params.g = g);
        assert_eq!(refused, Err(ExchangeError::Dh(DhError::Generator { g })));
    }
}

#[test]
fn a_client_refuses_public_values_near_either_end() {
    let (outside, on) = outside_and_on_the_bounds();
    for g_a in outside {
        assert_eq!(offered(|params| params.g_a = g_a), Err(ExchangeError::Dh(DhError::PublicRange)));
    }
    for g_a in on {
        assert!(offered(|params| params.g_a = g_a).is_ok());
    }
}

#[test]
fn a_client_wants_the_servers_proof_of_the_key_it_made() {
    let finish = |constructor: u32, hash_number: u8, key_bit: u8| {
        let mut server = RogueServer::new();
        let question = server.offer(&server.params()).unwrap();
        let nonce = server.asked.nonce;
        let mut reader = addressed(body(&question), id::SET_CLIENT_DH_PARAMS, &nonce, &SERVER_NONCE).unwrap();
        let temporary = temporary_key(&server.asked.new_nonce, &SERVER_NONCE);
        let g_b = open(reader.bytes().unwrap(), &temporary, |reader| {
            reader.raw(4 + 16 + 16 + 8)?;
            reader.bytes().map(<[u8]>::to_vec)
        });
        let group = Group::telegram();
        let key = group.shared(&secret(), &group.check_public(&g_b.unwrap()).unwrap());
        let mut bytes = *key.bytes();
        bytes[255] ^= key_bit;
        let hash = new_nonce_hash(&server.asked.new_nonce, hash_number, &AuthKey::new(bytes));
        let answer = Writer::boxed(constructor).raw(&nonce).raw(&SERVER_NONCE).raw(&hash).done();
        server.client.handle(&plain::write(MsgId(9), &answer), now())
    };
    assert!(matches!(finish(id::DH_GEN_OK, 1, 0), Ok(Step::Done(_))));
    assert!(matches!(finish(id::DH_GEN_RETRY, 2, 0), Ok(Step::Send(_))));
    for (constructor, hash_number, key_bit) in
        [(id::DH_GEN_OK, 1, 1), (id::DH_GEN_OK, 2, 0), (id::DH_GEN_RETRY, 1, 0), (id::DH_GEN_FAIL, 1, 0)]
    {
        let refused = finish(constructor, hash_number, key_bit).err();
        assert_eq!(refused, Some(ExchangeError::NewNonceHash), "{hash_number} {key_bit}");
    }
    assert_eq!(finish(id::DH_GEN_FAIL, 3, 0).err(), Some(ExchangeError::KeyRefused));
}

/// A client that says what it is told to say, and the server it talks to.
struct RogueClient {
    server: Server,
    nonce: Nonce,
    server_nonce: Nonce,
    factors: (u64, u64),
}

const NEW_NONCE: [u8; 32] = [0x3c; 32];

impl RogueClient {
    fn new() -> Self {
        let mut server = Server::new(ServerConfig::new(PrivateKey::test_key(), [2]), [2; 32]);
        let nonce = [0x1d; 16];
        let question = Writer::boxed(id::REQ_PQ_MULTI).raw(&nonce).done();
        let answer = ask(&mut server, &question).unwrap();
        let mut reader = Reader::new(&answer[4 + 16..]);
        let server_nonce = reader.array().unwrap();
        let factors = pq::factorize(read_number(&mut reader).unwrap()).unwrap();
        Self { server, nonce, server_nonce, factors }
    }

    fn inner(&self) -> PqInner {
        let (p, q) = self.factors;
        let (nonce, server_nonce, new_nonce) = (self.nonce, self.server_nonce, NEW_NONCE);
        PqInner { pq: p * q, p, q, nonce, server_nonce, new_nonce, dc: Some(2), expires_in: None }
    }

    /// `req_DH_params` around this.
    fn ask_params(&mut self, inner: &PqInner) -> Result<Vec<u8>, i32> {
        let key = PrivateKey::test_key();
        let random = &mut |out: &mut [u8]| out.fill(9);
        let encrypted = rsa::sha1_block::encrypt(key.public(), &inner.write(), random).unwrap();
        let question = Writer::boxed(id::REQ_DH_PARAMS).raw(&self.nonce).raw(&self.server_nonce);
        let question = number(number(question, self.factors.0), self.factors.1);
        let question = question.long(key.public().fingerprint()).bytes(&encrypted).done();
        ask(&mut self.server, &question)
    }

    /// The parameters the server answers with: prime, generator, its public value, its time.
    fn params(&mut self) -> (Vec<u8>, i32, Vec<u8>, i32) {
        let answer = self.ask_params(&self.inner()).unwrap();
        let mut reader =
            addressed(&answer, id::SERVER_DH_PARAMS_OK, &self.nonce, &self.server_nonce).unwrap();
        open(reader.bytes().unwrap(), &temporary_key(&NEW_NONCE, &self.server_nonce), |reader| {
            reader.raw(4 + 16 + 16)?;
            let g = reader.int()?;
            Some((reader.bytes()?.to_vec(), g, reader.bytes()?.to_vec(), reader.int()?))
        })
        .unwrap()
    }

    /// `set_client_DH_params` around these.
    fn propose(&mut self, nonce: Nonce, server_nonce: Nonce, retry_id: i64, g_b: &[u8]) -> Result<(), i32> {
        let object = Writer::boxed(id::CLIENT_DH_INNER_DATA).raw(&nonce).raw(&server_nonce);
        let object = object.long(retry_id).bytes(g_b).done();
        let sealed = seal(&object, &temporary_key(&NEW_NONCE, &self.server_nonce), &[7; 15]);
        let question = Writer::boxed(id::SET_CLIENT_DH_PARAMS).raw(&self.nonce).raw(&self.server_nonce);
        ask(&mut self.server, &question.bytes(&sealed).done()).map(drop)
    }
}

fn ask(server: &mut Server, question: &[u8]) -> Result<Vec<u8>, i32> {
    match server.handle(&plain::write(MsgId(4), question), now(), |_| false) {
        Reply::Send(packet) | Reply::Created { packet, .. } => Ok(body(&packet).to_vec()),
        Reply::Error(code) => Err(code),
        Reply::Nothing => panic!("no answer"),
    }
}

#[test]
fn a_server_offers_the_prime_every_client_knows_and_its_time() {
    let (prime, g, g_a, time) = RogueClient::new().params();
    assert_eq!(prime, TELEGRAM_PRIME);
    assert_eq!((g, time), (3, NOW.as_secs() as i32));
    assert!(Group::telegram().check_public(&g_a).is_ok());
}

#[test]
fn a_server_compares_everything_inside_the_rsa_block_with_what_it_issued() {
    let asked = |change: fn(&mut PqInner)| {
        let mut client = RogueClient::new();
        let mut inner = client.inner();
        change(&mut inner);
        client.ask_params(&inner).err()
    };
    assert_eq!(asked(|_| {}), None);
    assert_eq!(asked(|inner| inner.expires_in = Some(60)), None);
    let changes: [fn(&mut PqInner); 8] = [
        |inner| inner.nonce[0] ^= 1,
        |inner| inner.server_nonce[0] ^= 1,
        |inner| inner.pq += 2,
        |inner| inner.p += 2,
        |inner| inner.q += 2,
        |inner| std::mem::swap(&mut inner.p, &mut inner.q),
        |inner| inner.expires_in = Some(0),
        |inner| inner.expires_in = Some(-1),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        assert_eq!(asked(change), Some(-404), "{index}");
    }
    assert_eq!(asked(|inner| inner.dc = Some(3)), Some(-444));
}

/// Changes both nonces, the time and the group of an answer.
type Tamper<'a> = dyn Fn(&mut Nonce, &mut Nonce, &mut i64, &mut Vec<u8>) + 'a;

#[test]
fn a_server_refuses_public_values_near_either_end_and_nonces_of_another_exchange() {
    let proposed = |change: &Tamper<'_>| {
        let mut client = RogueClient::new();
        client.params();
        let (mut nonce, mut server_nonce, mut retry_id) = (client.nonce, client.server_nonce, 0);
        let mut g_b = Group::telegram().public(&secret()).to_vec();
        change(&mut nonce, &mut server_nonce, &mut retry_id, &mut g_b);
        client.propose(nonce, server_nonce, retry_id, &g_b)
    };
    assert_eq!(proposed(&|_, _, _, _| {}), Ok(()));
    assert_eq!(proposed(&|nonce, _, _, _| nonce[0] ^= 1), Err(-404));
    assert_eq!(proposed(&|_, server_nonce, _, _| server_nonce[0] ^= 1), Err(-404));
    assert_eq!(proposed(&|_, _, retry_id, _| *retry_id = 1), Err(-404));
    let (outside, on) = outside_and_on_the_bounds();
    for value in &outside {
        assert_eq!(proposed(&|_, _, _, g_b| g_b.clone_from(value)), Err(-404));
    }
    for value in &on {
        assert_eq!(proposed(&|_, _, _, g_b| g_b.clone_from(value)), Ok(()));
    }
}

#[test]
fn zeros_at_the_front_of_nonces_count_in_the_temporary_key() {
    let new_nonce: [u8; 32] = std::array::from_fn(|i| if i < 2 { 0 } else { i as u8 });
    let server_nonce: Nonce = std::array::from_fn(|i| if i == 0 { 0 } else { 100 + i as u8 });
    let (key, iv) = temporary_key(&new_nonce, &server_nonce);
    // Made with another implementation of SHA-1.
    assert_eq!(hex::encode(key), "f015fe9cf0e80eef05c7f06b135ad993db2b524f7958876c891b6a41918346e2");
    assert_eq!(hex::encode(iv), "0c3610f48d74a68b0639fca80fba29952d83c84f080abb44e7f01cc400000203");
}
