//! Two-step verification: SRP as `account.getPassword` and `auth.checkPassword` use it, both ends.
//!
//! Source: core.telegram.org/api/srp, algorithm
//! `passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow`. Every number is hashed as 256 bytes.

use crate::dh::Group;
use crate::hash::{sha256, sha256_parts};
use crate::uint::{Modulus, load, store};
use crate::{Random, ct};
use crypto_bigint::{U256, U2048, Uint};
use zeroize::Zeroizing;

/// PBKDF2 iterations, fixed by the name of the algorithm.
const ITERATIONS: u32 = 100_000;

/// Wide enough for a + u*x: 2048 bits plus the carry of a 512-bit product.
type Exponent = Uint<{ U2048::LIMBS + 1 }>;

/// What both sides know before a password is typed.
#[derive(Clone, Copy, Debug)]
pub struct Params<'a> {
    /// Salt of the client's part, which the client may extend when it sets a password.
    pub salt1: &'a [u8],
    /// Salt of the server's part.
    pub salt2: &'a [u8],
    /// p and g.
    pub group: &'a Group,
}

/// Why a proof could not be made or checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SrpError {
    /// The other side's public value is zero or not below p.
    #[error("public value of the other side is out of range")]
    PublicRange,
    /// The proof does not match: the password is wrong.
    #[error("wrong password")]
    WrongPassword,
}

/// `inputCheckPasswordSRP` without its id.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    /// A = g^a mod p.
    pub a: [u8; 256],
    /// M1.
    pub m1: [u8; 32],
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(..)")
    }
}

impl Params<'_> {
    /// The password's verifier v = g^x, which the server stores and a client sends as `new_password_hash`.
    ///
    /// Takes as long as the key derivation wants: 100,000 rounds of HMAC-SHA-512, some 0.1 s.
    pub fn verifier(&self, password: &[u8]) -> [u8; 256] {
        store(&self.group.modulus().pow(&self.g(), &*self.x(password)))
    }

    /// The client's proof that it knows `password`, for the server's `srp_b`. Draws its own secret.
    ///
    /// # Errors
    /// [`SrpError::PublicRange`] when `srp_b` is not in 1 < B < p-1.
    pub fn prove(&self, password: &[u8], srp_b: &[u8], random: &mut impl Random) -> Result<Proof, SrpError> {
        loop {
            let secret = Zeroizing::new(random.array());
            let proof = self.prove_with(password, srp_b, &secret)?;
            if self.group.check_public(&proof.a).is_ok() {
                return Ok(proof);
            }
        }
    }

    fn prove_with(&self, password: &[u8], srp_b: &[u8], secret: &[u8; 256]) -> Result<Proof, SrpError> {
        let p = self.group.modulus();
        let b = load(srp_b).filter(|b| b > &U2048::ONE && b < &p.value().wrapping_sub(&U2048::ONE));
        let b = b.ok_or(SrpError::PublicRange)?;
        let secret = Zeroizing::new(U2048::from_be_slice(secret));
        let a = p.pow(&self.g(), &*secret);
        let u = U256::from_be_slice(&sha256_parts(&[&store(&a), &store(&b)]));
        let x = self.x(password);
        let ux: Zeroizing<Uint<{ 2 * U256::LIMBS }>> = Zeroizing::new(u.concatenating_mul(&*x));
        let exponent: Zeroizing<Exponent> =
            Zeroizing::new(secret.resize::<{ Exponent::LIMBS }>().wrapping_add(&ux.resize()));
        let v = p.pow(&self.g(), &*x);
        let base = p.sub(&b, &p.mul(&self.k(), &v));
        let s = Zeroizing::new(store(&p.pow(&base, &*exponent)));
        Ok(Proof { a: store(&a), m1: self.m1(&a, &b, &s) })
    }

    /// x: the password through both salts and the slow derivation.
    fn x(&self, password: &[u8]) -> Zeroizing<U256> {
        let salted = |data: &[u8], salt: &[u8]| Zeroizing::new(sha256_parts(&[salt, data, salt]));
        let ph1 = salted(&*salted(password, self.salt1), self.salt2);
        let mut slow = Zeroizing::new([0; 64]);
        pbkdf2::pbkdf2_hmac::<sha2::Sha512>(&*ph1, self.salt1, ITERATIONS, &mut *slow);
        let ph2 = salted(&*slow, self.salt2);
        Zeroizing::new(U256::from_be_slice(&*ph2))
    }

    fn g(&self) -> U2048 {
        U2048::from_u32(self.group.generator() as u32)
    }

    fn k(&self) -> U2048 {
        let hash = sha256_parts(&[&self.group.prime(), &store(&self.g())]);
        load(&hash).expect("256 bits fit 2048")
    }

    fn m1(&self, a: &U2048, b: &U2048, s: &[u8; 256]) -> [u8; 32] {
        let hash_p = sha256(&self.group.prime());
        let hash_g = sha256(&store(&self.g()));
        let mixed: [u8; 32] = std::array::from_fn(|i| hash_p[i] ^ hash_g[i]);
        let (salt1, salt2) = (sha256(self.salt1), sha256(self.salt2));
        sha256_parts(&[&mixed, &salt1, &salt2, &store(a), &store(b), &sha256(s)])
    }
}

/// The server's half of one attempt. Single use: a new attempt needs a new challenge (`SRP_ID_INVALID`).
pub struct Challenge {
    secret: Zeroizing<U2048>,
    verifier: Zeroizing<U2048>,
    public: U2048,
}

impl Challenge {
    /// Draws b and makes B = k*v + g^b for a stored verifier.
    pub fn new(params: &Params<'_>, verifier: &[u8; 256], random: &mut impl Random) -> Self {
        loop {
            let challenge = Self::with_secret(params, verifier, &Zeroizing::new(random.array()));
            if params.group.check_public(&challenge.public()).is_ok() {
                return challenge;
            }
        }
    }

    fn with_secret(params: &Params<'_>, verifier: &[u8; 256], secret: &[u8; 256]) -> Self {
        let p: &Modulus = params.group.modulus();
        let secret = Zeroizing::new(U2048::from_be_slice(secret));
        let verifier = Zeroizing::new(U2048::from_be_slice(verifier));
        let public = p.add(&p.mul(&params.k(), &verifier), &p.pow(&params.g(), &*secret));
        Self { secret, verifier, public }
    }

    /// B, the `srp_B` of `account.password`.
    pub fn public(&self) -> [u8; 256] {
        store(&self.public)
    }

    /// Checks a client's proof, whose A may come with or without leading zeros.
    ///
    /// # Errors
    /// [`SrpError::PublicRange`] for an A of 0, of p or above, [`SrpError::WrongPassword`] when M1 differs.
    pub fn verify(&self, params: &Params<'_>, a: &[u8], m1: &[u8]) -> Result<(), SrpError> {
        let p = params.group.modulus();
        let a = load(a).filter(|a| a > &U2048::ONE && a < &p.value().wrapping_sub(&U2048::ONE));
        let a = a.ok_or(SrpError::PublicRange)?;
        let u = U256::from_be_slice(&sha256_parts(&[&store(&a), &store(&self.public)]));
        let base = p.mul(&a, &p.pow(&self.verifier, &u));
        let s = Zeroizing::new(store(&p.pow(&base, &*self.secret)));
        if ct::eq(&params.m1(&a, &self.public, &s), m1) { Ok(()) } else { Err(SrpError::WrongPassword) }
    }
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Challenge(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn vector() -> Value {
        let all: Value = serde_json::from_str(include_str!("../tests/data/mtproto.json")).unwrap();
        all["srp"].clone()
    }

    fn bytes(value: &Value) -> Vec<u8> {
        hex::decode(value.as_str().unwrap()).unwrap()
    }

    fn array<const N: usize>(value: &Value) -> [u8; N] {
        bytes(value).try_into().unwrap()
    }

    /// One attempt with the given password against the verifier of "correct horse".
    fn attempt(password: &[u8], tamper: impl FnOnce(&mut Proof)) -> Result<(), SrpError> {
        let (case, group) = (vector(), Group::telegram());
        let (salt1, salt2) = (bytes(&case["salt1"]), bytes(&case["salt2"]));
        let params = Params { salt1: &salt1, salt2: &salt2, group: &group };
        let challenge = Challenge::with_secret(&params, &array(&case["v"]), &array(&case["b"]));
        let mut proof = params.prove_with(password, &challenge.public(), &array(&case["a"])).unwrap();
        tamper(&mut proof);
        challenge.verify(&params, &proof.a, &proof.m1)
    }

    #[test]
    fn both_ends_compute_the_published_numbers() {
        let (case, group) = (vector(), Group::telegram());
        let (salt1, salt2) = (bytes(&case["salt1"]), bytes(&case["salt2"]));
        let params = Params { salt1: &salt1, salt2: &salt2, group: &group };
        let password = bytes(&case["password_utf8"]);
        assert_eq!(params.x(&password).to_be_bytes().as_ref(), bytes(&case["x_ph2"]));
        assert_eq!(params.k(), load(&bytes(&case["k"])).unwrap());
        assert_eq!(params.verifier(&password), array(&case["v"]));
        let challenge = Challenge::with_secret(&params, &array(&case["v"]), &array(&case["b"]));
        assert_eq!(challenge.public(), array(&case["srp_B_g_b"]));
        let proof = params.prove_with(&password, &bytes(&case["srp_B_g_b"]), &array(&case["a"])).unwrap();
        assert_eq!(proof.a, array(&case["A_g_a"]));
        assert_eq!(proof.m1, array(&case["M1"]));
        assert_eq!(challenge.verify(&params, &proof.a, &proof.m1), Ok(()));
    }

    #[test]
    fn only_the_right_password_and_an_untouched_proof_pass() {
        assert_eq!(attempt(b"correct horse", |_| ()), Ok(()));
        assert_eq!(attempt(b"correct horsf", |_| ()), Err(SrpError::WrongPassword));
        assert_eq!(attempt(b"correct horse", |proof| proof.m1[31] ^= 1), Err(SrpError::WrongPassword));
        assert_eq!(attempt(b"correct horse", |proof| proof.a[9] ^= 1), Err(SrpError::WrongPassword));
        assert_eq!(attempt(b"correct horse", |proof| proof.a = [0; 256]), Err(SrpError::PublicRange));
        assert_eq!(
            attempt(b"correct horse", |proof| proof.a = crate::dh::TELEGRAM_PRIME),
            Err(SrpError::PublicRange)
        );
    }

    #[test]
    fn a_public_value_with_leading_zeros_is_hashed_as_256_bytes() {
        let (case, group) = (vector(), Group::telegram());
        let (salt1, salt2) = (bytes(&case["salt1"]), bytes(&case["salt2"]));
        let params = Params { salt1: &salt1, salt2: &salt2, group: &group };
        let challenge = Challenge::with_secret(&params, &array(&case["v"]), &array(&case["b"]));
        let zeros = (0..2000u32).find_map(|i| {
            let secret = Zeroizing::new(U2048::from_u32(1000 + i));
            let a = store(&group.modulus().pow_public(&params.g(), &*secret));
            (a[0] == 0 && i > 500).then_some(1000 + i)
        });
        let mut secret = [0; 256];
        secret[252..].copy_from_slice(&zeros.unwrap().to_be_bytes());
        let proof = params.prove_with(b"correct horse", &challenge.public(), &secret).unwrap();
        assert_eq!(proof.a[0], 0);
        assert_eq!(challenge.verify(&params, &proof.a, &proof.m1), Ok(()));
        let minimal = &proof.a[proof.a.iter().position(|&b| b != 0).unwrap()..];
        assert_eq!(challenge.verify(&params, minimal, &proof.m1), Ok(()));
    }

    #[test]
    fn a_server_value_outside_the_group_is_refused() {
        let group = Group::telegram();
        let params = Params { salt1: b"1", salt2: b"2", group: &group };
        for bad in [&[0][..], &[1], &crate::dh::TELEGRAM_PRIME, &[0xff; 256], &[1; 300]] {
            let refused = params.prove_with(b"password", bad, &[9; 256]);
            assert_eq!(refused, Err(SrpError::PublicRange));
        }
    }

    #[test]
    fn a_fresh_attempt_with_drawn_secrets_passes() {
        let group = Group::telegram();
        let params = Params { salt1: b"one", salt2: b"two", group: &group };
        let mut count = 0u8;
        let mut random = |out: &mut [u8]| {
            for byte in out {
                count = count.wrapping_mul(5).wrapping_add(17);
                *byte = count;
            }
        };
        let challenge = Challenge::new(&params, &params.verifier(b"pass"), &mut random);
        let proof = params.prove(b"pass", &challenge.public(), &mut random).unwrap();
        assert_eq!(challenge.verify(&params, &proof.a, &proof.m1), Ok(()));
    }
}
