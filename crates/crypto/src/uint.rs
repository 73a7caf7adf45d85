//! 2048-bit numbers and constant-time powers on top of `crypto-bigint`.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{NonZero, Odd, U2048, Uint};

/// Reads a big-endian number of any length; leading zeros are allowed, more than 2048 significant bits are not.
pub(crate) fn load(bytes: &[u8]) -> Option<U2048> {
    let start = bytes.iter().position(|&b| b != 0).unwrap_or(bytes.len());
    let significant = &bytes[start..];
    let mut padded = [0; 256];
    padded[256usize.checked_sub(significant.len())?..].copy_from_slice(significant);
    Some(U2048::from_be_slice(&padded))
}

/// Writes all 256 bytes.
pub(crate) fn store(number: &U2048) -> [u8; 256] {
    let mut out = [0; 256];
    out.copy_from_slice(number.to_be_bytes().as_ref());
    out
}

/// An odd modulus with its Montgomery constants.
#[derive(Clone)]
pub(crate) struct Modulus(FixedMontyParams<{ U2048::LIMBS }>);

impl Modulus {
    /// `None` for an even modulus.
    pub(crate) fn new(modulus: &U2048) -> Option<Self> {
        let odd = Odd::new(*modulus).into_option()?;
        Some(Self(FixedMontyParams::new_vartime(odd)))
    }

    pub(crate) fn value(&self) -> &U2048 {
        self.0.modulus().as_ref()
    }

    /// `base^exponent mod self`, in time that depends on the width of `exponent` only.
    pub(crate) fn pow<const LIMBS: usize>(&self, base: &U2048, exponent: &Uint<LIMBS>) -> U2048 {
        self.form(base).pow(exponent).retrieve()
    }

    /// The same for a public exponent: time follows its value.
    pub(crate) fn pow_public<const LIMBS: usize>(&self, base: &U2048, exponent: &Uint<LIMBS>) -> U2048 {
        self.form(base).pow_vartime(exponent).retrieve()
    }

    /// `a * b mod self`.
    pub(crate) fn mul(&self, a: &U2048, b: &U2048) -> U2048 {
        self.form(a).mul(&self.form(b)).retrieve()
    }

    /// `a + b mod self`.
    pub(crate) fn add(&self, a: &U2048, b: &U2048) -> U2048 {
        self.form(a).add(&self.form(b)).retrieve()
    }

    /// `a - b mod self`.
    pub(crate) fn sub(&self, a: &U2048, b: &U2048) -> U2048 {
        self.form(a).sub(&self.form(b)).retrieve()
    }

    fn form(&self, number: &U2048) -> FixedMontyForm<{ U2048::LIMBS }> {
        let modulus = NonZero::new(*self.value()).expect("an odd number is not zero");
        FixedMontyForm::new(&number.rem(&modulus), &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;

    #[test]
    fn powers_agree_with_another_implementation() {
        let modulus = crate::dh::TELEGRAM_PRIME;
        let base: [u8; 256] = std::array::from_fn(|i| (i * 7 + 3) as u8);
        let exponent: [u8; 256] = std::array::from_fn(|i| (i * 13 + 1) as u8);
        let ours = Modulus::new(&load(&modulus).unwrap()).unwrap();
        let power = ours.pow(&load(&base).unwrap(), &load(&exponent).unwrap());
        let theirs = BigUint::from_bytes_be(&base)
            .modpow(&BigUint::from_bytes_be(&exponent), &BigUint::from_bytes_be(&modulus));
        assert_eq!(BigUint::from_bytes_be(&store(&power)), theirs);
    }

    #[test]
    fn numbers_over_2048_bits_are_refused_unless_the_excess_is_zeros() {
        assert!(load(&[1; 257]).is_none());
        let mut padded = [0; 300];
        padded[299] = 5;
        assert_eq!(load(&padded), Some(U2048::from_u8(5)));
        assert_eq!(load(&[]), Some(U2048::ZERO));
    }
}
