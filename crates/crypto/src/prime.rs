//! Primality of numbers: public ones of any origin, and our own secret candidates.

use crate::hash::sha256_parts;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U1024};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::{One, Zero};

/// Miller-Rabin rounds. An adversary may have chosen the number, so each round counts for a factor of 4 only.
const ROUNDS: u32 = 64;

/// Primes below 256, for the sieve before the expensive test.
const SMALL_PRIMES: [u32; 54] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223,
    227, 229, 233, 239, 241, 251,
];

/// Significant bits of a big-endian number.
pub fn bits(number: &[u8]) -> usize {
    let start = number.iter().position(|&b| b != 0).unwrap_or(number.len());
    match number[start..].first() {
        Some(first) => (number.len() - start) * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

/// A big-endian number modulo a small one.
///
/// # Panics
/// When `modulus` is zero.
pub fn residue(number: &[u8], modulus: u32) -> u32 {
    let modulus = u64::from(modulus);
    number.iter().fold(0, |rest, &byte| (rest * 256 + u64::from(byte)) % modulus) as u32
}

/// True when a big-endian public number is prime (wrong with probability below 2^-128).
///
/// The bases are hashes of the number, so the answer is the same every time and the author of the number
/// cannot choose bases that lie for it. Not constant-time.
pub fn is_prime(number: &[u8]) -> bool {
    is_prime_number(&BigUint::from_bytes_be(number))
}

/// True when p and (p-1)/2 are both prime. Takes about a second for a 2048-bit safe prime. Not constant-time.
pub fn is_safe(number: &[u8]) -> bool {
    let p = BigUint::from_bytes_be(number);
    if p < BigUint::from(5u8) || p.is_even() {
        return false;
    }
    let half = &p >> 1;
    // The cheap sieve runs on both before the powers run on either.
    !has_small_factor(&p) && !has_small_factor(&half) && is_prime_number(&half) && is_prime_number(&p)
}

fn has_small_factor(n: &BigUint) -> bool {
    SMALL_PRIMES.iter().any(|&q| n != &BigUint::from(q) && (n % q).is_zero())
}

fn is_prime_number(n: &BigUint) -> bool {
    if n <= &BigUint::one() || has_small_factor(n) {
        return false;
    }
    if n < &BigUint::from(257u32 * 257) {
        return true;
    }
    let one = BigUint::one();
    let minus_one = n - &one;
    let twos = minus_one.trailing_zeros().unwrap_or(0);
    let odd = &minus_one >> twos;
    let bytes = n.to_bytes_be();
    (0..ROUNDS).all(|round| {
        let base = BigUint::from_bytes_be(&sha256_parts(&[b"prime", &round.to_be_bytes(), &bytes]));
        let base = base % (n - 3u8) + 2u8;
        let mut power = base.modpow(&odd, n);
        if power == one || power == minus_one {
            return true;
        }
        for _ in 1..twos {
            power = &power * &power % n;
            if power == minus_one {
                return true;
            }
        }
        false
    })
}

/// Miller-Rabin on a secret 1024-bit candidate: the powers are constant-time, the verdict is not.
///
/// Random candidates of this size need few rounds (FIPS 186-5 table B.1: 5 for an error below 2^-112).
pub(crate) fn is_prime_secret(candidate: &U1024, random: &mut impl crate::Random) -> bool {
    let bytes = candidate.to_be_bytes();
    if SMALL_PRIMES.iter().any(|&q| residue(bytes.as_ref(), q) == 0) {
        return false;
    }
    let Some(odd_modulus) = Odd::new(*candidate).into_option() else { return false };
    let params = FixedMontyParams::new(odd_modulus);
    let minus_one = candidate.wrapping_sub(&U1024::ONE);
    let twos = minus_one.trailing_zeros();
    let exponent = minus_one >> twos;
    let one = FixedMontyForm::one(&params);
    let minus_one = FixedMontyForm::zero(&params).sub(&one);
    (0..8).all(|_| {
        // The top byte cleared keeps the base below the candidate, whose top bits are set.
        let mut base: [u8; 128] = random.array();
        base[0] = 0;
        base[127] |= 2;
        let mut power = FixedMontyForm::new(&U1024::from_be_slice(&base), &params).pow(&exponent);
        if power == one || power == minus_one {
            return true;
        }
        for _ in 1..twos {
            power = power.square();
            if power == minus_one {
                return true;
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dh::TELEGRAM_PRIME;

    #[test]
    fn small_numbers_are_sorted_into_primes_and_others() {
        let primes: Vec<u32> = (0u32..100).filter(|n| is_prime(&n.to_be_bytes())).collect();
        assert_eq!(
            primes,
            [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97]
        );
        let safe: Vec<u32> = (0u32..120).filter(|n| is_safe(&n.to_be_bytes())).collect();
        assert_eq!(safe, [5, 7, 11, 23, 47, 59, 83, 107]);
    }

    #[test]
    fn carmichael_numbers_and_squares_of_primes_are_composite() {
        for n in [561u64, 1105, 3_215_031_751, 257 * 257, 4_294_967_291 * 4_294_967_291] {
            assert!(!is_prime(&n.to_be_bytes()), "{n}");
        }
        assert!(is_prime(&4_294_967_291u64.to_be_bytes()));
        assert!(is_prime(&((1u128 << 127) - 1).to_be_bytes()));
    }

    #[test]
    fn the_well_known_prime_is_safe_and_its_neighbours_are_not() {
        assert!(is_safe(&TELEGRAM_PRIME));
        for step in [2u8, 12, 60] {
            let mut other = TELEGRAM_PRIME;
            other[255] = other[255].wrapping_sub(step);
            assert!(!is_safe(&other));
        }
    }

    #[test]
    fn bits_and_residues_read_big_endian_numbers() {
        assert_eq!(bits(&[]), 0);
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(bits(&[0, 1, 0]), 9);
        assert_eq!(bits(&TELEGRAM_PRIME), 2048);
        assert_eq!(residue(&[0x01, 0x00], 7), 256 % 7);
    }
}
