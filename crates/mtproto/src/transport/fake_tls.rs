//! Fake TLS: the disguise of proxies whose secret begins with `ee`.
//!
//! Source: mtproto.md section 1.5, from the behaviour of official clients. The client sends what looks like a browser's
//! ClientHello; its random field proves the secret and tells the time. The server answers with a record for each of
//! ServerHello, ChangeCipherSpec and application data, and proves the secret in its random field. From then on both
//! sides put their obfuscated stream into application-data records of any size.

use bytes::{Buf, BytesMut};
use offhook_crypto::ct;
use offhook_crypto::hash::hmac_sha256;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::time::Duration;

use super::ProxySecret;

/// Longest name of a domain in a secret: the hello has a fixed length.
pub const MAX_DOMAIN: usize = 182;

/// Where the random field of both hellos is: record header, handshake header, version.
const RANDOM: std::ops::Range<usize> = 11..43;
const RECORD_HEADER: usize = 5;
/// Whole length of the ClientHello record, as browsers pad it; old proxies accept no other.
const HELLO: usize = 517;
/// Largest record written, as official clients do.
const MAX_RECORD: usize = 2878;
/// Largest record TLS allows, with what encryption may add.
const MAX_RECEIVED: usize = (1 << 14) + 256;
/// Longest answer to the hello.
const MAX_ANSWER: usize = 64 << 10;

const HANDSHAKE: u8 = 0x16;
const CHANGE_CIPHER_SPEC: u8 = 0x14;
const APPLICATION_DATA: u8 = 0x17;
/// Sent once before the first data.
const CLIENT_CHANGE_CIPHER_SPEC: [u8; 6] = [CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1];

/// Why the other end is no proxy with this secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FakeTlsError {
    /// The answer is not made of the records it should be.
    #[error("the answer to the hello is not the one of a proxy")]
    NotAProxy,
    /// The answer does not prove the secret.
    #[error("the proxy does not know the secret")]
    WrongSecret,
    /// A record of another kind, or longer than TLS allows.
    #[error("a record of the proxy cannot be read")]
    BadRecord,
    /// The domain does not fit the hello.
    #[error("the domain has {got} bytes, need 1 to {MAX_DOMAIN}")]
    Domain {
        /// Its bytes.
        got: usize,
    },
}

/// The client's end of the disguise. Make a new one for each connection.
#[derive(Debug)]
pub struct FakeTls {
    secret: ProxySecret,
    client_random: [u8; 32],
    received: BytesMut,
    open: bool,
    greeted: bool,
}

impl FakeTls {
    /// Returns the state and the hello to send. `unix` is the time by the server's clock, as well as it is known:
    /// proxies refuse hellos that are too old or too new.
    ///
    /// # Errors
    /// [`FakeTlsError::Domain`].
    pub fn new(
        secret: ProxySecret,
        domain: &[u8],
        unix: Duration,
        seed: [u8; 32],
    ) -> Result<(Self, Vec<u8>), FakeTlsError> {
        if !(1..=MAX_DOMAIN).contains(&domain.len()) {
            return Err(FakeTlsError::Domain { got: domain.len() });
        }
        let mut hello = hello(domain, &mut ChaCha20Rng::from_seed(seed));
        let client_random = proof(&secret, &hello, unix);
        hello[RANDOM].copy_from_slice(&client_random);
        let state = Self { secret, client_random, received: BytesMut::new(), open: false, greeted: false };
        Ok((state, hello))
    }

    /// Whether the proxy has answered rightly: data may be sent.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Wraps data for the proxy.
    pub fn wrap(&mut self, mut data: &[u8], out: &mut Vec<u8>) {
        if !self.greeted && !data.is_empty() {
            out.extend_from_slice(&CLIENT_CHANGE_CIPHER_SPEC);
            self.greeted = true;
        }
        while !data.is_empty() {
            let (record, rest) = data.split_at(data.len().min(MAX_RECORD));
            out.extend_from_slice(&[APPLICATION_DATA, 3, 3]);
            out.extend_from_slice(&(record.len() as u16).to_be_bytes());
            out.extend_from_slice(record);
            data = rest;
        }
    }

    /// Takes everything out of `input` and appends the data in it to `out`.
    ///
    /// # Errors
    /// A [`FakeTlsError`] ends the connection.
    pub fn unwrap(&mut self, input: &mut BytesMut, out: &mut BytesMut) -> Result<(), FakeTlsError> {
        self.received.unsplit(input.split());
        if !self.open && !self.take_answer()? {
            return Ok(());
        }
        while let Some((kind, length)) = record_at(&self.received, 0) {
            if length > MAX_RECEIVED || !matches!(kind, APPLICATION_DATA | CHANGE_CIPHER_SPEC) {
                return Err(FakeTlsError::BadRecord);
            }
            if self.received.len() < RECORD_HEADER + length {
                break;
            }
            self.received.advance(RECORD_HEADER);
            let content = self.received.split_to(length);
            if kind == APPLICATION_DATA {
                out.extend_from_slice(&content);
            }
        }
        Ok(())
    }

    /// Reads the three records of the answer. False while they have not all arrived.
    fn take_answer(&mut self) -> Result<bool, FakeTlsError> {
        let mut end = 0;
        for wanted in [HANDSHAKE, CHANGE_CIPHER_SPEC, APPLICATION_DATA] {
            let Some((kind, length)) = record_at(&self.received, end) else { return Ok(false) };
            if kind != wanted || length > MAX_RECEIVED || end > MAX_ANSWER {
                return Err(FakeTlsError::NotAProxy);
            }
            end += RECORD_HEADER + length;
        }
        if self.received.len() < end {
            return Ok(false);
        }
        let mut answer = self.received.split_to(end);
        if answer.len() < RANDOM.end {
            return Err(FakeTlsError::NotAProxy);
        }
        let mut told = [0; 32];
        told.copy_from_slice(&answer[RANDOM]);
        answer[RANDOM].fill(0);
        let expected = hmac_sha256(&self.secret.0, &[&self.client_random, &answer]);
        if !ct::eq(&expected, &told) {
            return Err(FakeTlsError::WrongSecret);
        }
        self.open = true;
        Ok(true)
    }
}

/// Kind and length of the record that begins at `at`.
fn record_at(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let header: &[u8; RECORD_HEADER] = bytes.get(at..)?.first_chunk()?;
    Some((header[0], usize::from(u16::from_be_bytes([header[3], header[4]]))))
}

/// The random field of a hello in which it is zero.
fn proof(secret: &ProxySecret, hello: &[u8], unix: Duration) -> [u8; 32] {
    let mut digest = hmac_sha256(&secret.0, &[hello]);
    let time = (unix.as_secs() as u32).to_le_bytes();
    digest[28..].iter_mut().zip(time).for_each(|(byte, time)| *byte ^= time);
    digest
}

/// A ClientHello as browsers send it, with zeros for its random field. RFC 8446 section 4.1.2; GREASE: RFC 8701.
fn hello(domain: &[u8], rng: &mut ChaCha20Rng) -> Vec<u8> {
    let mut grease = [0; 4];
    rng.fill_bytes(&mut grease);
    let grease = grease.map(|byte| byte & 0xf0 | 0x0a);
    let mut session = [0; 32];
    rng.fill_bytes(&mut session);
    let mut out = vec![HANDSHAKE, 3, 1];
    out.extend_from_slice(&((HELLO - RECORD_HEADER) as u16).to_be_bytes());
    out.extend_from_slice(&[1, 0]);
    out.extend_from_slice(&((HELLO - RECORD_HEADER - 4) as u16).to_be_bytes());
    out.extend_from_slice(&[3, 3]);
    out.extend_from_slice(&[0; 32]);
    out.push(32);
    out.extend_from_slice(&session);
    let ciphers: [u16; 15] = [
        0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
        0x009d, 0x002f, 0x0035,
    ];
    out.extend_from_slice(&(2 * (ciphers.len() as u16 + 1)).to_be_bytes());
    out.extend_from_slice(&[grease[0], grease[0]]);
    ciphers.iter().for_each(|cipher| out.extend_from_slice(&cipher.to_be_bytes()));
    // No compression.
    out.extend_from_slice(&[1, 0]);
    let extensions = extensions(domain, grease, rng);
    let padding = HELLO - out.len() - 2 - extensions.len() - 4;
    out.extend_from_slice(&((extensions.len() + 4 + padding) as u16).to_be_bytes());
    out.extend_from_slice(&extensions);
    extension(&mut out, 0x0015, &vec![0; padding]);
    out
}

fn extensions(domain: &[u8], grease: [u8; 4], rng: &mut ChaCha20Rng) -> Vec<u8> {
    let mut out = Vec::new();
    let length = domain.len() as u16;
    extension(&mut out, u16::from_be_bytes([grease[1]; 2]), &[]);
    let mut name = (length + 3).to_be_bytes().to_vec();
    name.push(0);
    name.extend_from_slice(&length.to_be_bytes());
    name.extend_from_slice(domain);
    extension(&mut out, 0x0000, &name);
    extension(&mut out, 0x0017, &[]);
    extension(&mut out, 0xff01, &[0]);
    let [a, b] = [grease[2]; 2];
    extension(&mut out, 0x000a, &[0, 8, a, b, 0, 0x1d, 0, 0x17, 0, 0x18]);
    extension(&mut out, 0x000b, &[1, 0]);
    extension(&mut out, 0x0023, &[]);
    extension(&mut out, 0x0010, b"\x00\x0c\x02h2\x08http/1.1");
    extension(&mut out, 0x0005, &[1, 0, 0, 0, 0]);
    let signatures: &[u8] = &[0, 16, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1];
    extension(&mut out, 0x000d, signatures);
    extension(&mut out, 0x0012, &[]);
    // One byte for GREASE, and an X25519 point: any 32 bytes with a cleared top bit are one.
    let mut share = vec![0, 41, a, b, 0, 1, 0, 0, 0x1d, 0, 32];
    let mut point = [0; 32];
    rng.fill_bytes(&mut point);
    point[31] &= 0x7f;
    share.extend_from_slice(&point);
    extension(&mut out, 0x0033, &share);
    extension(&mut out, 0x002d, &[1, 1]);
    extension(&mut out, 0x002b, &[6, grease[3], grease[3], 3, 4, 3, 3]);
    extension(&mut out, 0x001b, &[2, 0, 2]);
    out
}

fn extension(out: &mut Vec<u8>, kind: u16, content: &[u8]) {
    out.extend_from_slice(&kind.to_be_bytes());
    out.extend_from_slice(&(content.len() as u16).to_be_bytes());
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn vector() -> Value {
        let all: Value = serde_json::from_str(include_str!("../../tests/data/mtproto.json")).unwrap();
        all["fake_tls"].clone()
    }

    fn bytes(value: &Value) -> Vec<u8> {
        hex::decode(value.as_str().unwrap()).unwrap()
    }

    fn secret() -> ProxySecret {
        ProxySecret(bytes(&vector()["secret16"]).try_into().unwrap())
    }

    /// A client in the state after the published hello, and the published answer.
    fn published() -> (FakeTls, Vec<u8>) {
        let case = vector();
        let state = FakeTls {
            secret: secret(),
            client_random: bytes(&case["client_random"]).try_into().unwrap(),
            received: BytesMut::new(),
            open: false,
            greeted: false,
        };
        let mut answer = bytes(&case["server_response_zero_random"]);
        answer[RANDOM].copy_from_slice(&bytes(&case["server_random"]));
        (state, answer)
    }

    #[test]
    fn the_published_proof_comes_out() {
        let case = vector();
        let time = Duration::from_secs(case["unix_time"].as_u64().unwrap());
        let made = proof(&secret(), &bytes(&case["client_hello_zero_random"]), time);
        assert_eq!(made.as_slice(), bytes(&case["client_random"]));
    }

    #[test]
    fn a_hello_has_the_length_of_a_browsers_whatever_the_domain() {
        for length in [1, 11, MAX_DOMAIN] {
            let domain = vec![b'a'; length];
            let (_, hello) = FakeTls::new(secret(), &domain, Duration::ZERO, [3; 32]).unwrap();
            assert_eq!((hello.len(), &hello[..5]), (517, &[0x16, 3, 1, 2, 0][..]));
            assert!(hello.windows(length).any(|window| window == domain));
            let extensions = 11 + 32 + 33 + 2 + 32 + 2;
            let told = u16::from_be_bytes([hello[extensions], hello[extensions + 1]]);
            assert_eq!(extensions + 2 + usize::from(told), hello.len());
        }
        for wrong in [0, MAX_DOMAIN + 1] {
            let refused = FakeTls::new(secret(), &vec![b'a'; wrong], Duration::ZERO, [3; 32]);
            assert_eq!(refused.unwrap_err(), FakeTlsError::Domain { got: wrong });
        }
    }

    #[test]
    fn the_answer_is_taken_in_pieces_and_data_after_it() {
        let (_, mut whole) = published();
        whole.extend_from_slice(&[APPLICATION_DATA, 3, 3, 0, 3, b'a', b'b', b'c']);
        for step in [1, 7, whole.len()] {
            let (mut state, _) = published();
            let mut out = BytesMut::new();
            for piece in whole.chunks(step) {
                state.unwrap(&mut BytesMut::from(piece), &mut out).unwrap();
            }
            assert!(state.is_open());
            assert_eq!(&out[..], b"abc");
        }
    }

    #[test]
    fn an_answer_that_does_not_prove_the_secret_is_refused() {
        let (_, answer) = published();
        for at in [RANDOM.start, 50, answer.len() - 1] {
            let (mut state, _) = published();
            let mut damaged = BytesMut::from(&answer[..]);
            damaged[at] ^= 1;
            assert_eq!(state.unwrap(&mut damaged, &mut BytesMut::new()), Err(FakeTlsError::WrongSecret));
            assert!(!state.is_open());
        }
        let (mut state, _) = published();
        let mut page = BytesMut::from(&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..]);
        assert_eq!(state.unwrap(&mut page, &mut BytesMut::new()), Err(FakeTlsError::NotAProxy));
    }

    #[test]
    fn data_is_wrapped_into_records_after_one_change_of_cipher() {
        let (mut state, _) = published();
        let mut out = Vec::new();
        state.wrap(&[7; MAX_RECORD + 1], &mut out);
        let mut expected = CLIENT_CHANGE_CIPHER_SPEC.to_vec();
        expected.extend_from_slice(&[APPLICATION_DATA, 3, 3, 0x0b, 0x3e]);
        expected.extend_from_slice(&[7; MAX_RECORD]);
        expected.extend_from_slice(&[APPLICATION_DATA, 3, 3, 0, 1, 7]);
        assert_eq!(out, expected);
        out.clear();
        state.wrap(b"x", &mut out);
        assert_eq!(out, [APPLICATION_DATA, 3, 3, 0, 1, b'x']);
    }
}
