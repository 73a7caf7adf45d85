//! Which server salts are valid when.

use crate::Salt;
use offhook_crypto::AuthKey;
use std::time::Duration;

/// The salts of one authorization key, server side.
///
/// Each salt lasts half an hour and is accepted for half an hour more. Salts are derived from the key and the
/// number of the half hour, so nothing needs to be stored; the salt of the key exchange is accepted for its
/// first hour.
#[derive(Clone, Debug)]
pub struct SaltSchedule {
    secret: [u8; 32],
    handshake: Option<(Salt, Duration)>,
}

impl SaltSchedule {
    /// The schedule of a key.
    pub fn new(key: &AuthKey) -> Self {
        Self { secret: offhook_crypto::hash::hmac_sha256(b"salts", &[key.bytes()]), handshake: None }
    }

    /// Also accepts the salt of the key exchange, made at the unix time `created`.
    #[must_use]
    pub fn with_handshake(mut self, salt: Salt, created: Duration) -> Self {
        self.handshake = Some((salt, created));
        self
    }

    /// The salt of a moment.
    pub fn current(&self, unix: Duration) -> Salt {
        todo!("{unix:?} {:?} {:?}", self.secret, self.handshake)
    }

    /// True when a client may use `salt` now.
    pub fn accepts(&self, salt: Salt, unix: Duration) -> bool {
        todo!("{salt:?} {unix:?}")
    }

    /// The current salt and those that follow, as (valid since, valid until, salt) in unix seconds. `count` is
    /// held to 1..=64.
    pub fn future(&self, unix: Duration, count: usize) -> Vec<(i32, i32, Salt)> {
        todo!("{unix:?} {count:?}")
    }
}
