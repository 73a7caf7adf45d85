//! Drawing a new key.

use super::PrivateKey;
use crate::Random;
use crate::prime::is_prime_secret;
use crypto_bigint::{NonZero, U1024, U2048};
use zeroize::Zeroizing;

const E: u32 = 65537;

/// Two primes with their top two bits set (so that n has 2048 bits), and d = e^-1 mod (p-1)(q-1).
pub(super) fn key(random: &mut impl Random) -> PrivateKey {
    let p = prime(random);
    loop {
        let q = prime(random);
        if p == q {
            continue;
        }
        let phi: U2048 = p.wrapping_sub(&U1024::ONE).concatenating_mul(&q.wrapping_sub(&U1024::ONE));
        let phi = Zeroizing::new(phi);
        let d = private_exponent(&phi);
        let key =
            PrivateKey::new(p.to_be_bytes().as_ref(), q.to_be_bytes().as_ref(), &E.to_be_bytes(), &d[..]);
        return key.expect("the numbers were made to fit");
    }
}

/// A prime p of 1024 bits with p - 1 not divisible by e.
fn prime(random: &mut impl Random) -> Zeroizing<U1024> {
    loop {
        let mut bytes: Zeroizing<[u8; 128]> = Zeroizing::new(random.array());
        bytes[0] |= 0xc0;
        bytes[127] |= 1;
        let candidate = Zeroizing::new(U1024::from_be_slice(&bytes[..]));
        if crate::prime::residue(&bytes[..], E) != 1 && is_prime_secret(&candidate, random) {
            return candidate;
        }
    }
}

/// d with e*d = 1 mod phi. As e is a small prime, d = (1 + phi*k)/e where k = -phi^-1 mod e.
fn private_exponent(phi: &U2048) -> Zeroizing<[u8; 256]> {
    let e = u64::from(E);
    let rest = u64::from(crate::prime::residue(phi.to_be_bytes().as_ref(), E));
    // Fermat: rest^(e-2) is the inverse of rest modulo the prime e.
    let (mut inverse, mut square, mut exponent) = (1u64, rest, e - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            inverse = inverse * square % e;
        }
        square = square * square % e;
        exponent >>= 1;
    }
    let k = (e - inverse) % e;
    // phi*k + 1 has up to 2065 bits: divide first, then correct. phi = e*t + rest.
    let divisor = NonZero::new(U2048::from_u64(e)).expect("65537 is not zero");
    let (t, _) = phi.div_rem(&divisor);
    let whole = t.wrapping_mul(&U2048::from_u64(k));
    let part = U2048::from_u64((rest * k + 1) / e);
    Zeroizing::new(crate::uint::store(&whole.wrapping_add(&part)))
}
