//! Auth keys: they belong to the server, not to a connection, and say which user a device speaks for.

use std::{collections::BTreeMap, fmt};

use base64::{Engine, prelude::BASE64_STANDARD};
use offhook_crypto::AuthKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::users::UserId;
use crate::calls::Device;

/// The 256 bytes of a key as they are stored.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KeyBytes(pub AuthKey);

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyBytes(…)")
    }
}

impl Serialize for KeyBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(self.0.bytes()))
    }
}

impl<'de> Deserialize<'de> for KeyBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)?;
        let key = <[u8; 256]>::try_from(bytes).map_err(|_| D::Error::custom("a key is 256 bytes"))?;
        Ok(Self(AuthKey::new(key)))
    }
}

/// A key and what is known about the device behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyRecord {
    pub key: KeyBytes,
    /// First salt, from the exchange.
    pub salt: i64,
    /// Unix time of the exchange.
    pub created: i64,
    /// Unix time after which a temporary key is not known any more.
    pub expires: Option<i32>,
    /// The permanent key a temporary one is bound to.
    pub bound_to: Option<i64>,
    pub user: Option<UserId>,
    /// API layer of the last `invokeWithLayer`.
    pub layer: Option<i32>,
    /// The data centre it was made for, when the client named one.
    #[serde(default)]
    pub dc: Option<i32>,
    /// What the program said about itself.
    #[serde(default)]
    pub program: Option<Program>,
    /// Unix time of the last request. Written down only with a snapshot: it changes all the time and is worth little.
    #[serde(default)]
    pub used: i64,
    /// The data centre it was made with, and the only one that knows it; `None` for the first.
    #[serde(default)]
    pub place: Option<i32>,
}

/// What `initConnection` tells of a program, for the list of an account's devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Program {
    pub api_id: i32,
    pub device_model: String,
    pub system_version: String,
    pub app_version: String,
}

/// All keys.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    by_id: BTreeMap<i64, KeyRecord>,
}

impl Keys {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &KeyRecord> {
        self.by_id.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn get(&self, id: i64) -> Option<&KeyRecord> {
        self.by_id.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut KeyRecord> {
        self.by_id.get_mut(&id)
    }

    pub(crate) fn insert(&mut self, record: KeyRecord) {
        self.by_id.insert(record.key.0.id(), record);
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<KeyRecord> {
        self.by_id.remove(&id)
    }

    /// The permanent key behind a key: what stands for the device. A temporary key nobody bound stands for itself.
    pub(crate) fn device(&self, id: i64) -> Device {
        Device(self.by_id.get(&id).and_then(|record| record.bound_to).unwrap_or(id))
    }

    /// Who is logged in under a key.
    pub(crate) fn user(&self, id: i64) -> Option<UserId> {
        self.by_id.get(&self.device(id).0)?.user
    }

    /// The data centre a key belongs to; `None` for the first.
    pub(crate) fn place(&self, id: i64) -> Option<i32> {
        self.by_id.get(&id)?.place
    }

    /// The layer last used under a key or its permanent one.
    pub(crate) fn layer(&self, id: i64) -> Option<i32> {
        let own = self.by_id.get(&id)?.layer;
        own.or_else(|| self.by_id.get(&self.device(id).0)?.layer)
    }

    /// The devices of a user: permanent keys that are logged in.
    pub(crate) fn of_user(&self, user: UserId) -> impl Iterator<Item = &KeyRecord> {
        self.by_id.values().filter(move |record| record.user == Some(user))
    }

    /// The key to forget when there are too many: the oldest without a user.
    pub(crate) fn most_dispensable(&self) -> Option<i64> {
        let unused =
            self.by_id.iter().filter(|(id, record)| record.user.is_none() && self.user(**id).is_none());
        unused.min_by_key(|(_, record)| record.created).map(|(id, _)| *id)
    }

    /// Temporary keys bound to a permanent one.
    pub(crate) fn bound_to(&self, permanent: i64) -> impl Iterator<Item = i64> {
        let bound = move |record: &KeyRecord| record.bound_to == Some(permanent);
        self.by_id.iter().filter(move |(_, record)| bound(record)).map(|(id, _)| *id)
    }

    /// All permanent keys.
    pub(crate) fn permanent(&self) -> Vec<i64> {
        self.by_id.iter().filter(|(_, record)| record.expires.is_none()).map(|(id, _)| *id).collect()
    }

    /// All temporary keys.
    pub(crate) fn temporary(&self) -> Vec<i64> {
        self.by_id.iter().filter(|(_, record)| record.expires.is_some()).map(|(id, _)| *id).collect()
    }

    /// Temporary keys whose time is over.
    pub(crate) fn expired(&self, unix: i64) -> Vec<i64> {
        let over = |record: &KeyRecord| record.expires.is_some_and(|expires| i64::from(expires) < unix);
        self.by_id.iter().filter(|(_, record)| over(record)).map(|(id, _)| *id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(byte: u8, created: i64) -> KeyRecord {
        KeyRecord {
            key: KeyBytes(AuthKey::new([byte; 256])),
            salt: 1,
            created,
            expires: None,
            bound_to: None,
            user: None,
            layer: None,
            dc: None,
            program: None,
            used: created,
            place: None,
        }
    }

    #[test]
    fn a_bound_temporary_key_speaks_for_the_user_and_layer_of_its_permanent_key() {
        let mut keys = Keys::default();
        let (mut perm, mut temp) = (record(1, 10), record(2, 20));
        perm.user = Some(UserId(5));
        perm.layer = Some(200);
        let (perm_id, temp_id) = (perm.key.0.id(), temp.key.0.id());
        temp.expires = Some(100);
        keys.insert(perm);
        keys.insert(temp);
        assert_eq!(keys.user(temp_id), None);
        keys.get_mut(temp_id).unwrap().bound_to = Some(perm_id);
        assert_eq!(keys.user(temp_id), Some(UserId(5)));
        assert_eq!(keys.device(temp_id), Device(perm_id));
        assert_eq!(keys.layer(temp_id), Some(200));
        assert_eq!(keys.most_dispensable(), None);
        assert_eq!(keys.expired(100), Vec::<i64>::new());
        assert_eq!(keys.expired(101), [temp_id]);
    }

    #[test]
    fn the_oldest_key_without_a_user_is_forgotten_first() {
        let mut keys = Keys::default();
        let mut logged_in = record(1, 1);
        logged_in.user = Some(UserId(5));
        keys.insert(logged_in);
        keys.insert(record(2, 30));
        keys.insert(record(3, 20));
        assert_eq!(keys.most_dispensable(), Some(record(3, 20).key.0.id()));
    }

    #[test]
    fn a_stored_key_comes_back_and_is_never_shown() {
        let one = record(9, 1);
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<KeyRecord>(&text).unwrap(), one);
        assert!(!format!("{one:?}").contains("9, 9"));
        let cut = text.replacen("CQkJ", "", 1);
        assert!(serde_json::from_str::<KeyRecord>(&cut).is_err());
    }
}
