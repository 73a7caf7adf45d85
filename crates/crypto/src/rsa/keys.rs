//! Public and private RSA keys of 2048 bits.

use super::der;
use crate::hash::sha1_parts;
use crate::uint::{Modulus, load, store};
use crypto_bigint::{NonZero, U64, U1024, U2048};
use zeroize::Zeroizing;

/// Why a key could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RsaError {
    /// The text holds no readable key of the expected kind.
    #[error("not an RSA key in PEM (BEGIN RSA PUBLIC KEY, BEGIN PUBLIC KEY or BEGIN RSA PRIVATE KEY)")]
    NotAKey,
    /// The modulus must be odd and have exactly 2048 bits, which both paddings rely on.
    #[error("modulus has {got} bits, need exactly 2048 and an odd number")]
    Modulus {
        /// Its bits.
        got: usize,
    },
    /// The public exponent must be odd, above 1 and below 2^64.
    #[error("unusable public exponent")]
    Exponent,
    /// p, q, d and n do not belong together.
    #[error("the numbers of the private key contradict each other")]
    Inconsistent,
    /// More bytes than the padding can carry.
    #[error("{got} bytes to encrypt, at most {limit} fit")]
    TooLong {
        /// Bytes given.
        got: usize,
        /// Bytes that fit.
        limit: usize,
    },
    /// The block does not carry the padding it should: made for another key, or damaged.
    #[error("the encrypted block does not have this padding")]
    Padding,
}

/// The public half, which clients carry.
#[derive(Clone)]
pub struct PublicKey {
    n: Modulus,
    e: u64,
    fingerprint: i64,
}

impl PublicKey {
    /// A key from big-endian n and e.
    ///
    /// # Errors
    /// [`RsaError::Modulus`] and [`RsaError::Exponent`] when the numbers cannot be such a key.
    pub fn new(n: &[u8], e: &[u8]) -> Result<Self, RsaError> {
        let got = crate::prime::bits(n);
        let modulus = load(n).filter(|_| got == 2048).and_then(|n| Modulus::new(&n));
        let modulus = modulus.ok_or(RsaError::Modulus { got })?;
        let e = der::minimal(e);
        if e.len() > 8 {
            return Err(RsaError::Exponent);
        }
        let exponent = e.iter().fold(0, |sum, &b| sum << 8 | u64::from(b));
        if exponent < 3 || exponent % 2 == 0 {
            return Err(RsaError::Exponent);
        }
        let hash = sha1_parts(&[&tl_bytes(&store(modulus.value())), &tl_bytes(e)]);
        let fingerprint = i64::from_le_bytes(hash[12..].try_into().expect("twenty minus twelve is eight"));
        Ok(Self { n: modulus, e: exponent, fingerprint })
    }

    /// The first public key of a PEM text, PKCS#1 ("BEGIN RSA PUBLIC KEY") or SPKI ("BEGIN PUBLIC KEY").
    ///
    /// # Errors
    /// [`RsaError::NotAKey`] when there is none, or what [`PublicKey::new`] says about its numbers.
    pub fn from_pem(pem: &str) -> Result<Self, RsaError> {
        Self::list_from_pem(pem)?.into_iter().next().ok_or(RsaError::NotAKey)
    }

    /// Every public key of a PEM text, in order; blocks of other kinds are skipped.
    ///
    /// # Errors
    /// As [`PublicKey::from_pem`]; an empty list is not an error.
    pub fn list_from_pem(pem: &str) -> Result<Vec<Self>, RsaError> {
        let mut keys = Vec::new();
        for (label, der) in der::pem_blocks(pem).ok_or(RsaError::NotAKey)? {
            let pkcs1 = match label {
                "RSA PUBLIC KEY" => &der[..],
                "PUBLIC KEY" => der::spki(&der).ok_or(RsaError::NotAKey)?,
                _ => continue,
            };
            match der::integers(pkcs1).as_deref() {
                Some([n, e]) => keys.push(Self::new(n, e)?),
                _ => return Err(RsaError::NotAKey),
            }
        }
        Ok(keys)
    }

    /// The key as PKCS#1 PEM, the form every MTProto client reads.
    pub fn to_pem(&self) -> String {
        der::to_pem("RSA PUBLIC KEY", &der::sequence(&[&self.n(), &self.e.to_be_bytes()]))
    }

    /// Low 64 bits of SHA1(TL bytes of n | TL bytes of e), as the TL long of `resPQ`.
    pub fn fingerprint(&self) -> i64 {
        self.fingerprint
    }

    /// The modulus, 256 bytes.
    pub fn n(&self) -> [u8; 256] {
        store(self.n.value())
    }

    /// The public exponent.
    pub fn e(&self) -> u64 {
        self.e
    }

    /// block^e mod n without any padding; `None` when the block as a number is not below n.
    pub fn raw(&self, block: &[u8; 256]) -> Option<[u8; 256]> {
        let number = U2048::from_be_slice(block);
        (&number < self.n.value()).then(|| store(&self.n.pow_public(&number, &U64::from_u64(self.e))))
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey(fingerprint {:016x})", self.fingerprint)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.n.value() == other.n.value() && self.e == other.e
    }
}

impl Eq for PublicKey {}

/// A key pair, which servers hold. `Debug` shows the fingerprint only; the secret numbers are wiped on drop.
#[derive(Clone)]
pub struct PrivateKey {
    public: PublicKey,
    d: Zeroizing<U2048>,
    p: Zeroizing<U1024>,
    q: Zeroizing<U1024>,
}

impl PrivateKey {
    /// A key from its primes and exponents, big-endian.
    ///
    /// # Errors
    /// [`RsaError::Inconsistent`] when the numbers do not make a working key.
    pub fn new(p: &[u8], q: &[u8], e: &[u8], d: &[u8]) -> Result<Self, RsaError> {
        let narrow = |bytes: &[u8]| -> Option<Zeroizing<U1024>> {
            let number = Zeroizing::new(load(bytes)?);
            let low: Zeroizing<U1024> = Zeroizing::new(number.resize());
            (low.resize::<{ U2048::LIMBS }>() == *number && *low > U1024::ONE).then_some(low)
        };
        let p = narrow(p).ok_or(RsaError::Inconsistent)?;
        let q = narrow(q).ok_or(RsaError::Inconsistent)?;
        let d = Zeroizing::new(load(d).ok_or(RsaError::Inconsistent)?);
        let n: U2048 = p.concatenating_mul(&*q);
        let key = Self { public: PublicKey::new(&store(&n), e)?, d, p, q };
        let probe = [0x42; 256].map(|b: u8| b >> 1);
        let there = key.public.raw(&probe).ok_or(RsaError::Inconsistent)?;
        if key.raw(&there) == Some(probe) { Ok(key) } else { Err(RsaError::Inconsistent) }
    }

    /// Draws a new 2048-bit key with e = 65537. Takes some seconds.
    pub fn generate(random: &mut impl crate::Random) -> Self {
        super::generate::key(random)
    }

    /// A published key for tests and throw-away local servers. Everybody knows its secret half.
    pub fn test_key() -> Self {
        Self::from_pem(include_str!("test_key.pem")).expect("the test key is well formed")
    }

    /// The first "BEGIN RSA PRIVATE KEY" (PKCS#1) of a PEM text.
    ///
    /// # Errors
    /// [`RsaError::NotAKey`] when there is none, [`RsaError::Inconsistent`] when its numbers do not fit.
    pub fn from_pem(pem: &str) -> Result<Self, RsaError> {
        let blocks = der::pem_blocks(pem).ok_or(RsaError::NotAKey)?;
        let (_, der) =
            blocks.iter().find(|(label, _)| *label == "RSA PRIVATE KEY").ok_or(RsaError::NotAKey)?;
        match der::integers(der).as_deref() {
            Some([version, n, e, d, p, q, _, _, _]) if version.is_empty() => {
                let key = Self::new(p, q, e, d)?;
                if key.public.n() == n[..] { Ok(key) } else { Err(RsaError::Inconsistent) }
            }
            _ => Err(RsaError::NotAKey),
        }
    }

    /// The key as PKCS#1 PEM. The text is the secret: store it accordingly.
    pub fn to_pem(&self) -> Zeroizing<String> {
        let minus_one = |prime: &U1024| prime.wrapping_sub(&U1024::ONE);
        let exponent = |prime: &U1024| -> [u8; 256] {
            let modulus = NonZero::new(minus_one(prime).resize::<{ U2048::LIMBS }>());
            store(&self.d.rem(&modulus.into_option().expect("a prime is above 1")))
        };
        // q^-1 mod p is q^(p-2) mod p.
        let p = self.p.resize::<{ U2048::LIMBS }>();
        let modulus = Modulus::new(&p).expect("p is an odd prime");
        let q = self.q.resize::<{ U2048::LIMBS }>();
        let inverse = modulus.pow(&q, &p.wrapping_sub(&U2048::from_u8(2)));
        let der = Zeroizing::new(der::sequence(&[
            &[],
            &self.public.n(),
            &self.public.e.to_be_bytes(),
            &store(&self.d),
            &store(&p),
            &store(&q),
            &exponent(&self.p),
            &exponent(&self.q),
            &store(&inverse),
        ]));
        Zeroizing::new(der::to_pem("RSA PRIVATE KEY", &der))
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// block^d mod n without any padding, in constant time; `None` when the block is not below n.
    pub fn raw(&self, block: &[u8; 256]) -> Option<[u8; 256]> {
        let number = U2048::from_be_slice(block);
        (&number < self.public.n.value()).then(|| store(&self.public.n.pow(&number, &*self.d)))
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey(fingerprint {:016x})", self.public.fingerprint)
    }
}

/// TL `bytes`: short or long length, content, zeros up to a multiple of four.
fn tl_bytes(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 8);
    if content.len() < 254 {
        out.push(content.len() as u8);
    } else {
        out.push(254);
        out.extend_from_slice(&(content.len() as u32).to_le_bytes()[..3]);
    }
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}
