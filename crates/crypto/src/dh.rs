//! Diffie-Hellman in the 2048-bit groups of Telegram, with every check its security guidelines ask for.
//!
//! Source of the checks: core.telegram.org/mtproto/security_guidelines. A prime is safe when p and (p-1)/2 are
//! both prime; g must generate the subgroup of order (p-1)/2; a public value x must satisfy 1 < x < p-1 and
//! 2^1984 <= x <= p - 2^1984.
//!
//! ```
//! use offhook_crypto::dh::{Group, Secret};
//!
//! let group = Group::telegram();
//! let (a, b) = (Secret::new([1; 256]), Secret::new([2; 256]));
//! let (g_a, g_b) = (group.public(&a), group.public(&b));
//! let g_a = group.check_public(&g_a)?;
//! let g_b = group.check_public(&g_b)?;
//! assert_eq!(group.shared(&a, &g_b), group.shared(&b, &g_a));
//! # Ok::<(), offhook_crypto::dh::DhError>(())
//! ```

use crate::uint::{Modulus, load, store};
use crate::{AuthKey, Random, prime};
use crypto_bigint::U2048;
use zeroize::ZeroizeOnDrop;

/// The prime every Telegram data centre uses; clients may know it by its bytes.
#[rustfmt::skip]
pub const TELEGRAM_PRIME: [u8; 256] = [
    0xc7, 0x1c, 0xae, 0xb9, 0xc6, 0xb1, 0xc9, 0x04, 0x8e, 0x6c, 0x52, 0x2f, 0x70, 0xf1, 0x3f, 0x73,
    0x98, 0x0d, 0x40, 0x23, 0x8e, 0x3e, 0x21, 0xc1, 0x49, 0x34, 0xd0, 0x37, 0x56, 0x3d, 0x93, 0x0f,
    0x48, 0x19, 0x8a, 0x0a, 0xa7, 0xc1, 0x40, 0x58, 0x22, 0x94, 0x93, 0xd2, 0x25, 0x30, 0xf4, 0xdb,
    0xfa, 0x33, 0x6f, 0x6e, 0x0a, 0xc9, 0x25, 0x13, 0x95, 0x43, 0xae, 0xd4, 0x4c, 0xce, 0x7c, 0x37,
    0x20, 0xfd, 0x51, 0xf6, 0x94, 0x58, 0x70, 0x5a, 0xc6, 0x8c, 0xd4, 0xfe, 0x6b, 0x6b, 0x13, 0xab,
    0xdc, 0x97, 0x46, 0x51, 0x29, 0x69, 0x32, 0x84, 0x54, 0xf1, 0x8f, 0xaf, 0x8c, 0x59, 0x5f, 0x64,
    0x24, 0x77, 0xfe, 0x96, 0xbb, 0x2a, 0x94, 0x1d, 0x5b, 0xcd, 0x1d, 0x4a, 0xc8, 0xcc, 0x49, 0x88,
    0x07, 0x08, 0xfa, 0x9b, 0x37, 0x8e, 0x3c, 0x4f, 0x3a, 0x90, 0x60, 0xbe, 0xe6, 0x7c, 0xf9, 0xa4,
    0xa4, 0xa6, 0x95, 0x81, 0x10, 0x51, 0x90, 0x7e, 0x16, 0x27, 0x53, 0xb5, 0x6b, 0x0f, 0x6b, 0x41,
    0x0d, 0xba, 0x74, 0xd8, 0xa8, 0x4b, 0x2a, 0x14, 0xb3, 0x14, 0x4e, 0x0e, 0xf1, 0x28, 0x47, 0x54,
    0xfd, 0x17, 0xed, 0x95, 0x0d, 0x59, 0x65, 0xb4, 0xb9, 0xdd, 0x46, 0x58, 0x2d, 0xb1, 0x17, 0x8d,
    0x16, 0x9c, 0x6b, 0xc4, 0x65, 0xb0, 0xd6, 0xff, 0x9c, 0xa3, 0x92, 0x8f, 0xef, 0x5b, 0x9a, 0xe4,
    0xe4, 0x18, 0xfc, 0x15, 0xe8, 0x3e, 0xbe, 0xa0, 0xf8, 0x7f, 0xa9, 0xff, 0x5e, 0xed, 0x70, 0x05,
    0x0d, 0xed, 0x28, 0x49, 0xf4, 0x7b, 0xf9, 0x59, 0xd9, 0x56, 0x85, 0x0c, 0xe9, 0x29, 0x85, 0x1f,
    0x0d, 0x81, 0x15, 0xf6, 0x35, 0xb1, 0x05, 0xee, 0x2e, 0x4e, 0x15, 0xd0, 0x4b, 0x24, 0x54, 0xbf,
    0x6f, 0x4f, 0xad, 0xf0, 0x34, 0xb1, 0x04, 0x03, 0x11, 0x9c, 0xd8, 0xe3, 0xb9, 0x2f, 0xcc, 0x5b,
];

/// Why numbers offered by the other side were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DhError {
    /// The prime does not have exactly 2048 bits.
    #[error("modulus has {got} bits, need exactly 2048")]
    PrimeLength {
        /// Its bits.
        got: usize,
    },
    /// p or (p-1)/2 is composite.
    #[error("modulus is not a safe prime")]
    NotSafePrime,
    /// g is outside 2..=7 or does not generate the subgroup of order (p-1)/2.
    #[error("generator {g} does not fit the prime")]
    Generator {
        /// The generator offered.
        g: i32,
    },
    /// A public value is outside [2^1984, p - 2^1984].
    #[error("public value is outside the safe range")]
    PublicRange,
}

/// A prime and a generator that passed every check.
#[derive(Clone)]
pub struct Group {
    p: Modulus,
    g: u8,
}

impl Group {
    /// Telegram's own prime with generator 3, as data centres send it.
    pub fn telegram() -> Self {
        Self::check(&TELEGRAM_PRIME, 3).expect("3 generates the subgroup of the well-known prime")
    }

    /// Checks a prime and a generator from the network.
    ///
    /// The well-known prime is recognised by its bytes and costs nothing; any other takes about a second of
    /// primality tests, so keep the verdict.
    ///
    /// # Errors
    /// [`DhError`] names the check that failed.
    pub fn check(p: &[u8], g: i32) -> Result<Self, DhError> {
        let bits = prime::bits(p);
        let number = load(p).filter(|_| bits == 2048).ok_or(DhError::PrimeLength { got: bits })?;
        check_generator(&number, g)?;
        if store(&number) != TELEGRAM_PRIME && !prime::is_safe(p) {
            return Err(DhError::NotSafePrime);
        }
        let modulus = Modulus::new(&number).ok_or(DhError::NotSafePrime)?;
        Ok(Self { p: modulus, g: g as u8 })
    }

    /// The prime, 256 bytes.
    pub fn prime(&self) -> [u8; 256] {
        store(self.p.value())
    }

    /// The generator, 2 to 7.
    pub fn generator(&self) -> i32 {
        i32::from(self.g)
    }

    /// g^secret mod p, 256 bytes.
    pub fn public(&self, secret: &Secret) -> [u8; 256] {
        store(&self.p.pow(&U2048::from_u8(self.g), &secret.number()))
    }

    /// Draws a secret until its public value is in range and has no leading zero byte.
    ///
    /// Clients disagree on whether a leading zero is hashed and sent, so a value without one avoids the
    /// question (1 draw in 256 is repeated).
    pub fn key_pair(&self, random: &mut impl Random) -> (Secret, [u8; 256]) {
        loop {
            let secret = Secret::new(random.array());
            let public = self.public(&secret);
            if public[0] != 0 && self.check_public(&public).is_ok() {
                return (secret, public);
            }
        }
    }

    /// Checks the other side's public value, minimal or zero-padded big-endian.
    ///
    /// # Errors
    /// [`DhError::PublicRange`] when it is outside [2^1984, p - 2^1984].
    pub fn check_public(&self, x: &[u8]) -> Result<Public, DhError> {
        let x = load(x).ok_or(DhError::PublicRange)?;
        let margin = U2048::ONE << 1984;
        if x < margin || x > self.p.value().wrapping_sub(&margin) {
            return Err(DhError::PublicRange);
        }
        Ok(Public(store(&x)))
    }

    /// The shared key: other^secret mod p, always 256 bytes.
    pub fn shared(&self, secret: &Secret, other: &Public) -> AuthKey {
        let base = U2048::from_be_slice(&other.0);
        AuthKey::new(store(&self.p.pow(&base, &secret.number())))
    }

    pub(crate) fn modulus(&self) -> &Modulus {
        &self.p
    }
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = if self.prime() == TELEGRAM_PRIME { "well-known prime" } else { "other prime" };
        write!(f, "Group({name}, g {})", self.g)
    }
}

/// A secret exponent. Wiped on drop, hidden from `Debug`.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Secret([u8; 256]);

impl Secret {
    /// Takes 256 unpredictable bytes.
    pub fn new(random: [u8; 256]) -> Self {
        Self(random)
    }

    fn number(&self) -> U2048 {
        U2048::from_be_slice(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A public value of the other side that passed [`Group::check_public`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Public([u8; 256]);

impl Public {
    /// The value, zero-padded to 256 bytes.
    pub fn bytes(&self) -> &[u8; 256] {
        &self.0
    }
}

/// The residue conditions under which g generates the quadratic residues modulo p.
fn check_generator(p: &U2048, g: i32) -> Result<(), DhError> {
    let residue = |m: u8| prime::residue(&store(p), u32::from(m));
    let fits = match g {
        2 => residue(8) == 7,
        3 => residue(3) == 2,
        4 => true,
        5 => matches!(residue(5), 1 | 4),
        6 => matches!(residue(24), 19 | 23),
        7 => matches!(residue(7), 3 | 5 | 6),
        _ => false,
    };
    if fits { Ok(()) } else { Err(DhError::Generator { g }) }
}
