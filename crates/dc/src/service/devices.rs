//! The devices an account is logged in on: `account.getAuthorizations` and logging them out from afar.

use offhook_crypto::hash::sha256_parts;
use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{
    Asker, Service, bad,
    build::{Build, list, object},
};
use crate::world::keys::KeyRecord;

/// Days after which Telegram would end a login that nobody uses. Nothing ends here by itself.
const TTL_DAYS: i32 = 365;

impl Service {
    pub(super) fn account_get_authorizations(&self, asker: &Asker) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let mut keys: Vec<&KeyRecord> = self.world.keys().of_user(own).collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.used));
        let shown = keys.into_iter().map(|key| self.authorization(asker, key));
        Ok(object("account.authorizations")
            .with("authorization_ttl_days", TTL_DAYS)
            .with("authorizations", list(shown))
            .into())
    }

    pub(super) fn account_reset_authorization(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        // The asker's own device is called 0, and logs itself out by `auth.logOut`.
        let hash = request.long("hash").filter(|hash| *hash != 0).ok_or_else(|| bad("HASH_INVALID"))?;
        let mut keys = self.world.keys().of_user(own).map(|key| key.key.0.id());
        let key = keys.find(|key| *key != asker.device.0 && self.authorization_hash(*key) == hash);
        drop(keys);
        self.world.set_key_user(key.ok_or_else(|| bad("HASH_INVALID"))?, None);
        Ok(Value::Bool(true))
    }

    pub(super) fn auth_reset_authorizations(&mut self, asker: &Asker) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let keys = self.world.keys().of_user(own).map(|key| key.key.0.id());
        for key in keys.filter(|key| *key != asker.device.0).collect::<Vec<_>>() {
            self.world.set_key_user(key, None);
        }
        Ok(Value::Bool(true))
    }

    fn authorization(&self, asker: &Asker, key: &KeyRecord) -> Object {
        let id = key.key.0.id();
        let current = id == asker.device.0;
        let program = key.program.clone().unwrap_or_default();
        let date = |unix: i64| i32::try_from(unix).unwrap_or(i32::MAX);
        object("authorization")
            .with_flag("current", current)
            .with("hash", if current { 0 } else { self.authorization_hash(id) })
            .with("device_model", program.device_model)
            .with("platform", "")
            .with("system_version", program.system_version)
            .with("api_id", program.api_id)
            .with("app_name", "")
            .with("app_version", program.app_version)
            .with("date_created", date(key.created))
            .with("date_active", date(key.used))
            // Everybody is on this machine or next to it.
            .with("ip", "")
            .with("country", "")
            .with("region", "")
    }

    /// The number of a device, which says nothing about its key.
    fn authorization_hash(&self, key: i64) -> i64 {
        let digest = sha256_parts(&[b"number of a device", self.world.secret(), &key.to_le_bytes()]);
        let (head, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
        i64::from_le_bytes(*head)
    }
}
