//! The Diffie-Hellman exchange of a 1:1 call, both roles (libtgvoip.md 1.2 to 1.5).
//!
//! Caller: [`Caller::new`] gives the hash for `phone.requestCall`; [`Caller::on_accepted`] takes g_b of
//! `phoneCallAccepted` and gives what `phone.confirmCall` needs. Callee: [`Callee::new`] takes the hash of
//! `phoneCallRequested` and gives g_b for `phone.acceptCall`; [`Callee::on_confirmed`] takes g_a and the fingerprint of
//! `phoneCall`. Random bytes are arguments. Each power takes milliseconds: keep them off media threads.
//!
//! Public values are hashed and compared exactly as they were received; our own never start with a zero byte, because
//! clients disagree on whether it is sent (1.3). The caller cannot choose g_a after it has seen g_b, since the hash was
//! sent first: that is what makes four emoji enough.

use offhook_crypto::dh::Secret;
pub use offhook_crypto::dh::{DhError, Group};
use offhook_crypto::{AuthKey, ct, hash};

use crate::CallKey;

/// What both sides hold when the exchange is over.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The shared key.
    pub key: CallKey,
    /// Its fingerprint: `key_fingerprint` of `phone.confirmCall` and `phoneCall`.
    pub fingerprint: i64,
    /// The four emoji both users should compare.
    pub emoji: [&'static str; 4],
}

impl Agreed {
    fn new(key: &AuthKey, g_a: &[u8]) -> Self {
        let fingerprint = key.id();
        let key = CallKey::new(*key.bytes());
        let emoji = emoji(&key, g_a);
        Self { key, fingerprint, emoji }
    }
}

/// Why an exchange failed. Each means that somebody between the two sides is lying or broken: end the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// `g_a_hash` is not 32 bytes long.
    #[error("the hash of g_a has {got} bytes, not 32")]
    HashLength {
        /// Its length.
        got: usize,
    },
    /// A public value is outside the safe range.
    #[error("the peer's public value is outside the safe range")]
    PublicRange,
    /// g_a is not the value the caller committed to.
    #[error("g_a does not match the hash the caller sent first")]
    HashMismatch,
    /// The fingerprint of the key differs.
    #[error("the key fingerprint is {got}, ours is {ours}")]
    Fingerprint {
        /// The peer's.
        got: i64,
        /// Ours.
        ours: i64,
    },
}

impl From<DhError> for HandshakeError {
    fn from(_: DhError) -> Self {
        Self::PublicRange
    }
}

/// The calling side, waiting for g_b.
#[derive(Debug)]
pub struct Caller {
    group: Group,
    secret: Secret,
    g_a: [u8; 256],
}

impl Caller {
    /// Draws the secret from `random`, which is asked again until g_a has 256 significant bytes (1.3).
    pub fn new(group: Group, mut random: impl FnMut(&mut [u8])) -> Self {
        let (secret, g_a) = group.key_pair(&mut random);
        Self { group, secret, g_a }
    }

    /// SHA256(g_a) for `phone.requestCall`.
    pub fn g_a_hash(&self) -> [u8; 32] {
        hash::sha256(&self.g_a)
    }

    /// Takes g_b of `phoneCallAccepted`; gives the agreement and g_a for `phone.confirmCall`.
    ///
    /// # Errors
    /// [`HandshakeError::PublicRange`].
    pub fn on_accepted(self, g_b: &[u8]) -> Result<(Agreed, [u8; 256]), HandshakeError> {
        let key = self.group.shared(&self.secret, &self.group.check_public(g_b)?);
        Ok((Agreed::new(&key, &self.g_a), self.g_a))
    }
}

/// The called side, waiting for g_a.
#[derive(Debug)]
pub struct Callee {
    group: Group,
    secret: Secret,
    g_b: [u8; 256],
    g_a_hash: [u8; 32],
}

impl Callee {
    /// Takes `g_a_hash` of `phoneCallRequested` and draws the secret.
    ///
    /// # Errors
    /// [`HandshakeError::HashLength`].
    pub fn new(
        group: Group,
        g_a_hash: &[u8],
        mut random: impl FnMut(&mut [u8]),
    ) -> Result<Self, HandshakeError> {
        let g_a_hash = g_a_hash.try_into().map_err(|_| HandshakeError::HashLength { got: g_a_hash.len() })?;
        let (secret, g_b) = group.key_pair(&mut random);
        Ok(Self { group, secret, g_b, g_a_hash })
    }

    /// g_b for `phone.acceptCall`.
    pub fn g_b(&self) -> [u8; 256] {
        self.g_b
    }

    /// Takes g_a and the fingerprint of `phoneCall`, with every check.
    ///
    /// # Errors
    /// [`HandshakeError`] names the check that failed.
    pub fn on_confirmed(self, g_a: &[u8], fingerprint: i64) -> Result<Agreed, HandshakeError> {
        if !ct::eq(&hash::sha256(g_a), &self.g_a_hash) {
            return Err(HandshakeError::HashMismatch);
        }
        let key = self.group.shared(&self.secret, &self.group.check_public(g_a)?);
        let agreed = Agreed::new(&key, g_a);
        if agreed.fingerprint != fingerprint {
            return Err(HandshakeError::Fingerprint { got: fingerprint, ours: agreed.fingerprint });
        }
        Ok(agreed)
    }
}

/// The four emoji of a key and of g_a as it was sent (1.5).
pub fn emoji(key: &CallKey, g_a: &[u8]) -> [&'static str; 4] {
    emoji_indices(key, g_a)
        .map(|index| EMOJI.lines().nth(index).expect("an index is below the number of lines"))
}

/// Their places in the list.
fn emoji_indices(key: &CallKey, g_a: &[u8]) -> [usize; 4] {
    let digest = hash::sha256_parts(&[key.bytes(), g_a]);
    std::array::from_fn(|i| {
        let group: [u8; 8] = std::array::from_fn(|j| digest[8 * i + j]);
        let value = u64::from_be_bytes(group) & (u64::MAX >> 1);
        (value % EMOJI_COUNT) as usize
    })
}

/// The list every client has, one per line.
const EMOJI: &str = include_str!("handshake/emoji.txt");
const EMOJI_COUNT: u64 = 333;

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../tests/data/libtgvoip-vectors.json")).unwrap()
    }

    fn bytes(value: &Value) -> Vec<u8> {
        hex::decode(value.as_str().unwrap()).unwrap()
    }

    fn key(value: &Value) -> CallKey {
        CallKey::new(bytes(value).try_into().unwrap())
    }

    fn indices(value: &Value) -> Vec<usize> {
        value.as_array().unwrap().iter().map(|i| i.as_u64().unwrap() as usize).collect()
    }

    /// A source that gives the same secret for ever.
    fn fixed(secret: &Value) -> impl FnMut(&mut [u8]) + use<> {
        let secret = bytes(secret);
        move |out: &mut [u8]| out.copy_from_slice(&secret)
    }

    fn agree(v: &Value) -> (Agreed, Agreed) {
        let group = Group::check(&bytes(&v["p"]), v["g"].as_i64().unwrap() as i32).unwrap();
        let caller = Caller::new(group.clone(), fixed(&v["a"]));
        assert_eq!(caller.g_a_hash()[..], bytes(&v["g_a_hash"]));
        let callee = Callee::new(group, &caller.g_a_hash(), fixed(&v["b"])).unwrap();
        assert_eq!(callee.g_b()[..], bytes(&v["g_b"]));
        let (one, g_a) = caller.on_accepted(&callee.g_b()).unwrap();
        assert_eq!(g_a[..], bytes(&v["g_a"]));
        let two = callee.on_confirmed(&g_a, one.fingerprint).unwrap();
        (one, two)
    }

    #[test]
    fn both_roles_agree_on_the_vectors() {
        let all = vectors();
        for v in all["dh"].as_array().unwrap() {
            let (one, two) = agree(v);
            for side in [&one, &two] {
                assert_eq!(side.key.bytes()[..], bytes(&v["key"]));
                assert_eq!(side.fingerprint, v["key_fingerprint_int64"].as_i64().unwrap());
                let expected =
                    indices(&v["emoji_indices"]).into_iter().map(|i| EMOJI.lines().nth(i).unwrap());
                assert!(side.emoji.into_iter().eq(expected));
            }
        }
    }

    #[test]
    fn emoji_of_the_vectors_come_out() {
        for v in vectors()["emoji"].as_array().unwrap() {
            let g_a = bytes(&v["g_a"]);
            assert_eq!(emoji_indices(&key(&v["key"]), &g_a)[..], indices(&v["indices"]));
            let expected: Vec<_> =
                v["emoji"].as_array().unwrap().iter().map(|e| e.as_str().unwrap()).collect();
            assert_eq!(emoji(&key(&v["key"]), &g_a)[..], expected);
        }
    }

    #[test]
    fn the_list_has_333_distinct_emoji() {
        let list: std::collections::BTreeSet<_> = EMOJI.lines().collect();
        assert_eq!((list.len(), EMOJI.lines().count() as u64), (333, EMOJI_COUNT));
    }

    #[test]
    fn a_minimal_g_a_of_another_client_is_hashed_and_shown_as_received() {
        let v = &vectors()["dh_leading_zero"];
        let group = Group::telegram();
        let (g_a, hash) = (bytes(&v["g_a_minimal"]), bytes(&v["g_a_hash_minimal"]));
        let callee = Callee::new(group.clone(), &hash, fixed(&v["b"])).unwrap();
        let agreed = AuthKey::new(*key(&v["key"]).bytes());
        let result = callee.on_confirmed(&g_a, agreed.id()).unwrap();
        assert_eq!(result.key.bytes(), agreed.bytes());
        assert_eq!(emoji_indices(&result.key, &g_a)[..], indices(&v["emoji_indices_minimal"]));
        // Sent padded after the minimal form was hashed: not what was committed to.
        let padded = [&[0][..], &g_a].concat();
        let callee = Callee::new(group, &hash, fixed(&v["b"])).unwrap();
        assert_eq!(callee.on_confirmed(&padded, agreed.id()).unwrap_err(), HandshakeError::HashMismatch);
    }

    #[test]
    fn a_secret_whose_g_a_starts_with_zero_is_drawn_again() {
        let v = &vectors()["dh_leading_zero"];
        let mut secrets = vec![bytes(&v["b"]), bytes(&v["a"])];
        let caller = Caller::new(Group::telegram(), |out: &mut [u8]| {
            out.copy_from_slice(&secrets.pop().unwrap());
        });
        assert!(secrets.is_empty());
        assert_ne!(caller.g_a[0], 0);
    }

    #[test]
    fn a_key_that_starts_with_zero_keeps_it() {
        let v = &vectors()["dh_key_leading_zero"];
        let group = Group::telegram();
        let public = |secret: &Value| group.public(&Secret::new(bytes(secret).try_into().unwrap()));
        let callee = Callee {
            group: group.clone(),
            secret: Secret::new(bytes(&v["b"]).try_into().unwrap()),
            g_b: public(&v["b"]),
            g_a_hash: hash::sha256(&public(&v["a"])),
        };
        let agreed =
            callee.on_confirmed(&public(&v["a"]), AuthKey::new(*key(&v["key"]).bytes()).id()).unwrap();
        assert_eq!(agreed.key.bytes()[..], bytes(&v["key"]));
        assert_eq!(agreed.key.bytes()[0], 0);
    }

    #[test]
    fn each_lie_has_its_own_error() {
        let v = &vectors()["dh"][0];
        let group = Group::telegram();
        let g_a = bytes(&v["g_a"]);
        let callee = |hash: &[u8]| Callee::new(group.clone(), hash, fixed(&v["b"]));
        let fingerprint = v["key_fingerprint_int64"].as_i64().unwrap();
        assert_eq!(callee(&[0; 31]).unwrap_err(), HandshakeError::HashLength { got: 31 });
        let other = callee(&[0; 32]).unwrap().on_confirmed(&g_a, fingerprint);
        assert_eq!(other.unwrap_err(), HandshakeError::HashMismatch);
        let wrong = callee(&hash::sha256(&g_a)).unwrap().on_confirmed(&g_a, fingerprint + 1);
        assert_eq!(
            wrong.unwrap_err(),
            HandshakeError::Fingerprint { got: fingerprint + 1, ours: fingerprint }
        );
        for bad in [vec![], vec![0; 256], vec![1], vec![0xFF; 256], vec![7; 300]] {
            let caller = Caller::new(group.clone(), fixed(&v["a"]));
            assert_eq!(caller.on_accepted(&bad).unwrap_err(), HandshakeError::PublicRange);
            let confirmed = callee(&hash::sha256(&bad)).unwrap().on_confirmed(&bad, fingerprint);
            assert_eq!(confirmed.unwrap_err(), HandshakeError::PublicRange);
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let v = &vectors()["dh"][0];
        let caller = Caller::new(Group::telegram(), fixed(&v["a"]));
        let text = format!("{caller:?} {:?}", key(&v["key"]));
        assert!(text.contains("Secret(..)") && text.contains("CallKey(..)"), "{text}");
    }
}
