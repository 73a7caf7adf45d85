//! Keys, primes and public values as an adversary might send them.

#![allow(clippy::unwrap_used, reason = "a broken fixture may panic")]

use offhook_crypto::dh::{DhError, Group, TELEGRAM_PRIME};
use offhook_crypto::rsa::{PrivateKey, PublicKey, RsaError, pad, sha1_block};

/// A small generator: enough to draw keys in a test.
fn random(mut state: u64) -> impl FnMut(&mut [u8]) {
    move |out| {
        for byte in out {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
    }
}

#[test]
fn only_the_generators_that_fit_the_prime_are_taken() {
    let fits: Vec<i32> = (-1..10).filter(|&g| Group::check(&TELEGRAM_PRIME, g).is_ok()).collect();
    assert_eq!(fits, [3, 4, 7]);
    assert_eq!(Group::check(&TELEGRAM_PRIME, 2).unwrap_err(), DhError::Generator { g: 2 });
}

#[test]
fn primes_of_another_length_and_composites_are_refused() {
    assert_eq!(Group::check(&[], 3).unwrap_err(), DhError::PrimeLength { got: 0 });
    assert_eq!(Group::check(&TELEGRAM_PRIME[1..], 3).unwrap_err(), DhError::PrimeLength { got: 2037 });
    let mut long = TELEGRAM_PRIME.to_vec();
    long.push(1);
    assert_eq!(Group::check(&long, 3).unwrap_err(), DhError::PrimeLength { got: 2056 });
    let mut composite = TELEGRAM_PRIME;
    composite[100] ^= 1;
    assert_eq!(Group::check(&composite, 4).unwrap_err(), DhError::NotSafePrime);
    let mut even = TELEGRAM_PRIME;
    even[255] ^= 1;
    assert_eq!(Group::check(&even, 4).unwrap_err(), DhError::NotSafePrime);
}

#[test]
fn a_safe_prime_that_is_not_the_well_known_one_is_accepted_after_the_full_test() {
    // RFC 3526, group 14.
    let prime = hex::decode(include_str!("data/rfc3526_group14.hex").trim()).unwrap();
    let group = Group::check(&prime, 2).unwrap();
    let mut random = random(1);
    let (a, g_a) = group.key_pair(&mut random);
    let (b, g_b) = group.key_pair(&mut random);
    let (g_a, g_b) = (group.check_public(&g_a).unwrap(), group.check_public(&g_b).unwrap());
    assert_eq!(group.shared(&a, &g_b), group.shared(&b, &g_a));
    assert_eq!(format!("{group:?} {a:?}"), "Group(other prime, g 2) Secret(..)");
}

#[test]
fn public_values_near_either_end_are_refused() {
    let group = Group::telegram();
    let mut edge = [0; 256];
    edge[7] = 1; // 2^1984
    assert!(group.check_public(&edge).is_ok());
    assert!(group.check_public(&edge[7..]).is_ok());
    let mut below = [0; 256];
    below[8..].fill(0xff);
    let mut top = TELEGRAM_PRIME; // p - 2^1984
    top[7] -= 1;
    assert!(group.check_public(&top).is_ok());
    let mut above = top;
    above[255] += 1;
    let mut minus_one = TELEGRAM_PRIME;
    minus_one[255] -= 1;
    for bad in [&[][..], &[0], &[1], &below, &above, &minus_one, &TELEGRAM_PRIME, &[0xff; 256], &[1; 257]] {
        assert_eq!(group.check_public(bad), Err(DhError::PublicRange));
    }
}

#[test]
fn a_drawn_pair_never_has_a_leading_zero() {
    let (group, mut random) = (Group::telegram(), random(7));
    for _ in 0..50 {
        assert_ne!(group.key_pair(&mut random).1[0], 0);
    }
}

#[test]
fn a_generated_key_survives_pem_and_serves_both_paddings() {
    let mut random = random(42);
    let key = PrivateKey::generate(&mut random);
    let again = PrivateKey::from_pem(&key.to_pem()).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(*again.to_pem(), *key.to_pem());
    for len in [0, 1, 100, pad::MAX_DATA] {
        let data = vec![0x5a; len];
        let there = pad::encrypt(key.public(), &data, &mut random).unwrap();
        assert_eq!(pad::open(&key.raw(&there).unwrap()).unwrap()[..len], data);
        let there = sha1_block::encrypt(key.public(), &data, &mut random).unwrap();
        let block = key.raw(&there).unwrap();
        assert_eq!(sha1_block::open(&block, |_| Some(len)).unwrap(), data);
    }
    let long = vec![0; pad::MAX_DATA + 1];
    assert_eq!(
        pad::encrypt(key.public(), &long, &mut random),
        Err(RsaError::TooLong { got: 145, limit: 144 })
    );
    assert_eq!(
        sha1_block::encrypt(key.public(), &[0; 236], &mut random),
        Err(RsaError::TooLong { got: 236, limit: 235 })
    );
}

#[test]
fn every_damaged_byte_of_a_padded_block_is_noticed() {
    let (key, mut random) = (PrivateKey::test_key(), random(3));
    let block = key.raw(&pad::encrypt(key.public(), b"data", &mut random).unwrap()).unwrap();
    for i in 0..256 {
        let mut damaged = block;
        damaged[i] ^= 1 << (i % 8);
        assert_eq!(pad::open(&damaged), Err(RsaError::Padding));
    }
}

#[test]
fn numbers_not_below_the_modulus_are_not_encrypted() {
    let key = PrivateKey::test_key();
    assert_eq!(key.public().raw(&key.public().n()), None);
    assert_eq!(key.raw(&[0xff; 256]), None);
}

#[test]
fn the_wrapper_other_tools_put_around_public_keys_is_read() {
    let key = PrivateKey::test_key();
    let both = format!("{}junk\n{}", include_str!("data/test_key_spki.pem"), key.public().to_pem());
    assert_eq!(PublicKey::list_from_pem(&both).unwrap(), [key.public().clone(), key.public().clone()]);
    assert_eq!(PublicKey::list_from_pem("no key here").unwrap(), []);
    assert_eq!(PublicKey::from_pem("no key here"), Err(RsaError::NotAKey));
}

#[test]
fn cut_and_changed_key_files_are_errors_and_never_panics() {
    let key = PrivateKey::test_key();
    let (public, private) = (key.public().to_pem(), key.to_pem());
    for text in [public.as_str(), private.as_str(), include_str!("data/test_key_spki.pem")] {
        for len in 0..text.trim_end().len() {
            assert!(PublicKey::from_pem(&text[..len]).is_err());
            assert!(PrivateKey::from_pem(&text[..len]).is_err());
        }
    }
    let body = private.find('\n').unwrap() + 1;
    for position in (body..body + 120).chain(private.len() - 120..private.len() - 40) {
        for letter in ['A', '/', 'q', '='] {
            let mut text = private.to_string();
            text.replace_range(position..=position, &letter.to_string());
            if let Ok(other) = PrivateKey::from_pem(&text) {
                // Changes to the parts that are recomputed on load do no harm.
                assert_eq!(other.public(), key.public());
            }
        }
    }
}

#[test]
fn impossible_numbers_make_no_key() {
    let n = PrivateKey::test_key().public().n();
    assert_eq!(PublicKey::new(&n[1..], &[1, 0, 1]).unwrap_err(), RsaError::Modulus { got: 2040 });
    assert_eq!(PublicKey::new(&[0xff; 257], &[3]).unwrap_err(), RsaError::Modulus { got: 2056 });
    let mut even = n;
    even[255] &= 0xfe;
    assert_eq!(PublicKey::new(&even, &[3]).unwrap_err(), RsaError::Modulus { got: 2048 });
    for e in [&[][..], &[1], &[2], &[1, 0, 0], &[1; 9]] {
        assert_eq!(PublicKey::new(&n, e).unwrap_err(), RsaError::Exponent);
    }
    assert_eq!(
        PrivateKey::new(&[7; 128], &[9; 128], &[3], &[5]).unwrap_err(),
        RsaError::Modulus { got: 2038 }
    );
}
