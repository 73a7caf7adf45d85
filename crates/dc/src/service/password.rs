//! The second step of a login: `account.getPassword`, `auth.checkPassword`, and setting, changing and removing it.
//!
//! Order and errors: core.telegram.org/api/srp. A challenge can be answered once; a wrong answer needs a new one.

use std::collections::BTreeMap;

use offhook_crypto::{
    dh::Group,
    hash::sha256_parts,
    srp::{Challenge, Params, SrpError},
};
use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};
use rand::RngCore;

use super::{Asker, Service, bad, build::Build, build::object};
use crate::{
    calls::Device,
    world::{
        password::{StoredPassword, Verifier},
        users::UserId,
    },
};

const ALGORITHM: &str = "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";
const SECURE_ALGORITHM: &str = "securePasswordKdfAlgoPBKDF2HMACSHA512iter100000";
/// Bytes of the salts this server gives.
const SALT1: usize = 8;
const SALT2: usize = 16;
/// Bytes a client must add to the first salt at least, and may at most.
const OWN_SALT: usize = 8;
const LONGEST_SALT: usize = 256;
/// Longest hint.
const LONGEST_HINT: usize = 255;
/// Logins between their steps, and challenges without an answer. At the bound the one with the lowest key goes.
const MOST: usize = 10_000;

/// Devices between the first and the second step, and what they were asked.
#[derive(Debug, Default)]
pub(crate) struct Passwords {
    /// Who has given the right code and owes the password.
    halfway: BTreeMap<Device, UserId>,
    challenges: BTreeMap<Device, Asked>,
    next_id: i64,
}

#[derive(Debug)]
struct Asked {
    id: i64,
    user: UserId,
    challenge: Challenge,
}

impl Passwords {
    /// The first step is done.
    pub(super) fn expect(&mut self, device: Device, user: UserId) {
        if self.halfway.len() >= MOST {
            self.halfway.pop_first();
        }
        self.halfway.insert(device, user);
    }

    /// The login is complete, or given up.
    pub(super) fn finish(&mut self, device: Device) {
        self.halfway.remove(&device);
        self.challenges.remove(&device);
    }

    fn ask(&mut self, device: Device, user: UserId, challenge: Challenge) -> i64 {
        if self.challenges.len() >= MOST {
            self.challenges.pop_first();
        }
        self.next_id += 1;
        let id = self.next_id;
        self.challenges.insert(device, Asked { id, user, challenge });
        id
    }

    /// A challenge, which is used up by this.
    fn take(&mut self, device: Device, id: i64, user: UserId) -> Option<Challenge> {
        let asked = self.challenges.remove(&device)?;
        (asked.id == id && asked.user == user).then_some(asked.challenge)
    }
}

impl Service {
    pub(super) fn account_get_password(&mut self, asker: &Asker) -> Result<Value, RpcError> {
        let user = self.halfway_or_in(asker)?;
        let group = Group::telegram();
        let algorithm = |salt1: &[u8], salt2: &[u8]| {
            object(ALGORITHM)
                .with("salt1", salt1)
                .with("salt2", salt2)
                .with("g", group.generator())
                .with("p", &group.prime()[..])
        };
        let (salt1, salt2) = self.new_salts(user);
        // For the secret of Telegram Passport, which nobody stores here. TDLib calls itself too old when it is not told how.
        let secure_salt = self.random_bytes(SALT1);
        let answer = object("account.password")
            .with("new_algo", algorithm(&salt1, &salt2))
            .with("new_secure_algo", object(SECURE_ALGORITHM).with("salt", secure_salt))
            .with("secure_random", self.random_bytes(256));
        let stored = self.world.users().by_id(user).and_then(|user| user.password.clone());
        let Some(stored) = stored else { return Ok(answer.into()) };
        let params = Params { salt1: &stored.salt1, salt2: &stored.salt2, group: &group };
        let random = &mut self.random;
        let challenge =
            Challenge::new(&params, &stored.verifier.0, &mut |out: &mut [u8]| random.fill_bytes(out));
        let public = challenge.public();
        let id = self.passwords.ask(asker.device, user, challenge);
        Ok(answer
            .with_flag("has_password", true)
            .with("current_algo", algorithm(&stored.salt1, &stored.salt2))
            .with("srp_B", &public[..])
            .with("srp_id", id)
            .with_opt("hint", (!stored.hint.is_empty()).then_some(stored.hint.as_str()))
            .into())
    }

    pub(super) fn auth_check_password(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let user = self.halfway_or_in(asker)?;
        self.prove(asker, user, request)?;
        Ok(self.log_in(asker, user))
    }

    pub(super) fn account_update_password_settings(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let user = asker.logged_in()?;
        let settings = request.object("new_settings").ok_or_else(|| bad("NEW_SETTINGS_INVALID"))?;
        if settings.get("new_algo").is_none() {
            return Err(bad("NEW_SETTINGS_EMPTY"));
        }
        let password = self.new_password(user, settings)?;
        self.prove(asker, user, request)?;
        self.world.set_password(user, password);
        Ok(Value::Bool(true))
    }

    pub(super) fn account_get_password_settings(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let user = asker.logged_in()?;
        self.prove(asker, user, request)?;
        Ok(object("account.passwordSettings").into())
    }

    /// Whoever is logged in, or has only the password left to give.
    fn halfway_or_in(&self, asker: &Asker) -> Result<UserId, RpcError> {
        let halfway = self.passwords.halfway.get(&asker.device).copied();
        halfway.map_or_else(|| asker.logged_in(), Ok)
    }

    /// Checks the proof in `password`. An account without a password needs none.
    fn prove(&mut self, asker: &Asker, user: UserId, request: &Object) -> Result<(), RpcError> {
        let Some(stored) = self.world.users().by_id(user).and_then(|user| user.password.clone()) else {
            return Ok(());
        };
        let wrong = || bad("PASSWORD_HASH_INVALID");
        let proof = request.object("password").ok_or_else(wrong)?;
        let (Some(id), Some(a), Some(m1)) = (proof.long("srp_id"), proof.bytes("A"), proof.bytes("M1"))
        else {
            return Err(wrong());
        };
        let challenge = self.passwords.take(asker.device, id, user).ok_or_else(|| bad("SRP_ID_INVALID"))?;
        let group = Group::telegram();
        let params = Params { salt1: &stored.salt1, salt2: &stored.salt2, group: &group };
        challenge.verify(&params, a, m1).map_err(|error| match error {
            SrpError::PublicRange => bad("SRP_A_INVALID"),
            _ => wrong(),
        })
    }

    /// What `account.passwordInputSettings` asks for: a password, or none.
    fn new_password(&self, user: UserId, settings: &Object) -> Result<Option<StoredPassword>, RpcError> {
        let hash = settings.bytes("new_password_hash").unwrap_or_default();
        if hash.is_empty() {
            return Ok(None);
        }
        let invalid = || bad("NEW_SETTINGS_INVALID");
        let algorithm = settings.object("new_algo").filter(|it| it.name() == ALGORITHM);
        let algorithm = algorithm.ok_or_else(invalid)?;
        let (salt1, salt2) = self.new_salts(user);
        let given = algorithm.bytes("salt1").unwrap_or_default();
        // The client's own part keeps a server from choosing salts for which it has prepared tables.
        let salted = given.starts_with(&salt1)
            && (SALT1 + OWN_SALT..=LONGEST_SALT).contains(&given.len())
            && algorithm.bytes("salt2") == Some(&salt2[..]);
        if !salted {
            return Err(bad("NEW_SALT_INVALID"));
        }
        let group = Group::telegram();
        let same_group =
            algorithm.int("g") == Some(group.generator()) && algorithm.bytes("p") == Some(&group.prime()[..]);
        let hint = settings.str("hint").unwrap_or_default();
        if !same_group || hint.chars().count() > LONGEST_HINT {
            return Err(invalid());
        }
        let verifier: [u8; 256] = hash.try_into().map_err(|_| invalid())?;
        if group.check_public(&verifier).is_err() {
            return Err(invalid());
        }
        let salt1 = given.to_vec();
        let verifier = Verifier(Box::new(verifier));
        Ok(Some(StoredPassword { salt1, salt2, verifier, hint: hint.to_owned() }))
    }

    /// The server's part of the salts for a new password: the same at each question, so nothing is to be remembered.
    fn new_salts(&self, user: UserId) -> (Vec<u8>, Vec<u8>) {
        let digest = sha256_parts(&[b"salts of a new password", self.world.secret(), &user.0.to_le_bytes()]);
        (digest[..SALT1].to_vec(), digest[SALT1..SALT1 + SALT2].to_vec())
    }
}
