//! The small factorisation that starts an authorization key exchange.
//!
//! A client splits pq in two primes; a server makes such products. Both p and q fit in four bytes and
//! pq < 2^63, because clients pack them that way and read pq as a signed number.

use crate::Random;

/// Splits `pq` into its two prime factors, smaller first. `None` when it is not a product of exactly two primes,
/// or is below 4 or at least 2^63.
///
/// Pollard's rho with Brent's cycle search: about 2^16 steps for the largest product, under 10 ms.
pub fn factorize(pq: u64) -> Option<(u64, u64)> {
    if !(4..1 << 63).contains(&pq) || is_prime(pq) {
        return None;
    }
    let factor = if pq.is_multiple_of(2) {
        2
    } else {
        (1..64).find_map(|c| rho(pq, c)).or_else(|| square_root(pq))?
    };
    let (p, q) = (factor.min(pq / factor), factor.max(pq / factor));
    (is_prime(p) && is_prime(q)).then_some((p, q))
}

/// Two different random primes between 2^30 and 2^31, smaller first.
pub fn generate(random: &mut impl Random) -> (u32, u32) {
    let first = prime31(random);
    loop {
        let second = prime31(random);
        if second != first {
            return (first.min(second), first.max(second));
        }
    }
}

fn prime31(random: &mut impl Random) -> u32 {
    loop {
        let candidate = (u32::from_le_bytes(random.array()) & 0x7fff_ffff) | 0x4000_0001;
        if is_prime(u64::from(candidate)) {
            return candidate;
        }
    }
}

fn mul(a: u64, b: u64, n: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(n)) as u64
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn square_root(n: u64) -> Option<u64> {
    let root = n.isqrt();
    (root * root == n).then_some(root)
}

/// One run of Brent's variant with x -> x^2 + c. `None` when the cycle closes without showing a factor.
fn rho(n: u64, c: u64) -> Option<u64> {
    const BATCH: u64 = 128;
    let step = |x: u64| (mul(x, x, n) + c) % n;
    let (mut y, mut product, mut length) = (2, 1, 1);
    loop {
        let x = y;
        for _ in 0..length {
            y = step(y);
        }
        let mut done = 0;
        while done < length {
            let start = y;
            for _ in 0..BATCH.min(length - done) {
                y = step(y);
                product = mul(product, x.abs_diff(y), n);
            }
            let mut divisor = gcd(product, n);
            if divisor == n || product == 0 {
                // Several factors met in one batch: walk it again one step at a time.
                y = start;
                loop {
                    y = step(y);
                    divisor = gcd(x.abs_diff(y), n);
                    if divisor > 1 {
                        break;
                    }
                }
            }
            if divisor > 1 {
                return (divisor < n).then_some(divisor);
            }
            done += BATCH;
        }
        length *= 2;
        if length > 1 << 34 {
            return None;
        }
    }
}

/// Miller-Rabin with bases that decide every 64-bit number.
fn is_prime(n: u64) -> bool {
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if n < 2 {
        return false;
    }
    for p in BASES {
        if n.is_multiple_of(p) {
            return n == p;
        }
    }
    let twos = (n - 1).trailing_zeros();
    let odd = (n - 1) >> twos;
    BASES.iter().all(|&base| {
        let mut power = 1;
        let (mut square, mut exponent) = (base, odd);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = mul(power, square, n);
            }
            square = mul(square, square, n);
            exponent >>= 1;
        }
        if power == 1 || power == n - 1 {
            return true;
        }
        (1..twos).any(|_| {
            power = mul(power, power, n);
            power == n - 1
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_two_primes_are_split_and_nothing_else_is() {
        assert_eq!(factorize(0x17ed_4894_1a08_f981), Some((0x494c_553b, 0x5391_1073)));
        assert_eq!(factorize(4), Some((2, 2)));
        assert_eq!(factorize(15), Some((3, 5)));
        assert_eq!(factorize(9), Some((3, 3)));
        assert_eq!(factorize(2 * 4_294_967_291), Some((2, 4_294_967_291)));
        assert_eq!(factorize(2_147_483_647 * 2_147_483_647), Some((2_147_483_647, 2_147_483_647)));
        for hopeless in [0, 1, 2, 3, 8, 27, 30, 2_147_483_647, 1 << 62, 1 << 63, u64::MAX] {
            assert_eq!(factorize(hopeless), None, "{hopeless}");
        }
    }

    #[test]
    fn generated_factors_fit_what_every_client_can_hold() {
        let mut state = 1u64;
        let mut random = |out: &mut [u8]| {
            for byte in out {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 56) as u8;
            }
        };
        for _ in 0..20 {
            let (p, q) = generate(&mut random);
            assert!(p < q && q < 1 << 31);
            let pq = u64::from(p) * u64::from(q);
            assert!(pq < 1 << 63);
            assert_eq!(factorize(pq), Some((u64::from(p), u64::from(q))));
        }
    }
}
