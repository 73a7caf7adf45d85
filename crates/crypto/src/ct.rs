//! Comparison whose time does not depend on where the inputs differ.

use subtle::ConstantTimeEq;

/// True when both slices are equal. Only their lengths leak.
pub fn eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::eq;

    #[test]
    fn equal_bytes_are_equal_and_any_difference_is_seen() {
        let a = [1, 2, 3, 4];
        assert!(eq(&a, &a));
        for i in 0..4 {
            let mut b = a;
            b[i] ^= 0x80;
            assert!(!eq(&a, &b));
        }
        assert!(!eq(&a, &a[..3]));
        assert!(eq(&[], &[]));
    }
}
