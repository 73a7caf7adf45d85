//! The second step: proof of a password that stays here, and setting, changing or removing it. mtproto.md section 4.2.

use offhook_crypto::dh::Group;
use offhook_crypto::srp::{Params, Proof, SrpError};
use offhook_tl::Object;

use super::{LoginError, PasswordState};
use crate::api::Api;
use crate::clock::seed;
use crate::peer::Peer;
use crate::secret::Password;

const ALGORITHM: &str = "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";
/// Random bytes put after the server's first salt: a server must not choose the whole of it.
const OWN_SALT: usize = 32;

/// How the server wants a password to be hashed.
struct Algorithm {
    salt1: Vec<u8>,
    salt2: Vec<u8>,
    g: i32,
    p: Vec<u8>,
}

/// What the server wants the password to be proven against.
struct Challenge {
    srp_id: i64,
    srp_b: Vec<u8>,
    algorithm: Algorithm,
}

impl Api {
    pub(crate) async fn password_state(&self) -> Result<PasswordState, LoginError> {
        let password = self.account_password().await?;
        Ok(PasswordState {
            set: password.flag("has_password"),
            hint: password.str("hint").map(str::to_owned),
        })
    }

    pub(crate) async fn check_password(&self, password: &Password) -> Result<Peer, LoginError> {
        const METHOD: &str = "auth.checkPassword";
        // The server forgets its half of the exchange after a while; once anew is enough.
        let mut renewals = 1;
        loop {
            let check = prove(&self.account_password().await?, password).await?;
            match self.invoke_object(Object::new(METHOD).with("password", check)).await {
                Ok(answer) => return Ok(self.on_authorized(METHOD, &answer).await?),
                Err(error) if error.is_rpc("SRP_ID_INVALID") && renewals > 0 => renewals -= 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Sets, changes or (with `None`) removes the password. `current` is the one in force, if any.
    pub(crate) async fn set_password(
        &self,
        current: Option<&Password>,
        new: Option<(&Password, &str)>,
    ) -> Result<(), LoginError> {
        const METHOD: &str = "account.updatePasswordSettings";
        let mut renewals = 1;
        loop {
            let state = self.account_password().await?;
            let proof = match (state.flag("has_password"), current) {
                (true, Some(current)) => prove(&state, current).await?,
                (true, None) => return Err(LoginError::PasswordNeeded),
                (false, _) => Object::new("inputCheckPasswordEmpty"),
            };
            let settings = new_settings(&state, new).await?;
            let call = Object::new(METHOD).with("password", proof).with("new_settings", settings);
            match self.invoke_value(call).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_rpc("SRP_ID_INVALID") && renewals > 0 => renewals -= 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn account_password(&self) -> Result<Object, LoginError> {
        Ok(self.invoke_object(Object::new("account.getPassword")).await?)
    }
}

/// `inputCheckPasswordSRP` for the challenge in an `account.password`.
async fn prove(state: &Object, password: &Password) -> Result<Object, LoginError> {
    let challenge = Challenge::read(state)?;
    let srp_id = challenge.srp_id;
    let password = password.clone();
    let proof = off_the_tasks(move || challenge.prove(&password)).await?;
    Ok(Object::new("inputCheckPasswordSRP")
        .with("srp_id", srp_id)
        .with("A", &proof.a[..])
        .with("M1", &proof.m1[..]))
}

/// `account.passwordInputSettings` for a new password and its hint, or for none.
async fn new_settings(state: &Object, new: Option<(&Password, &str)>) -> Result<Object, LoginError> {
    let settings = Object::new("account.passwordInputSettings");
    let Some((password, hint)) = new else {
        return Ok(settings
            .with("new_algo", Object::new("passwordKdfAlgoUnknown"))
            .with("new_password_hash", &b""[..])
            .with("hint", ""));
    };
    let mut algorithm = Algorithm::read(state, "new_algo")?;
    algorithm.salt1.extend_from_slice(&seed::<OWN_SALT>());
    let new_algo = Object::new(ALGORITHM)
        .with("salt1", &algorithm.salt1[..])
        .with("salt2", &algorithm.salt2[..])
        .with("g", algorithm.g)
        .with("p", &algorithm.p[..]);
    let password = password.clone();
    let hash = off_the_tasks(move || {
        let group = algorithm.group()?;
        Ok(algorithm.params(&group).verifier(password.expose().as_bytes()))
    });
    let hash = hash.await?;
    Ok(settings.with("new_algo", new_algo).with("new_password_hash", &hash[..]).with("hint", hint))
}

/// 100,000 rounds of HMAC and big powers: some 0.1 s that must not hold up other tasks.
async fn off_the_tasks<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LoginError> + Send + 'static,
) -> Result<T, LoginError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or(Err(LoginError::PasswordUnsupported("the proof was not computed")))
}

impl Algorithm {
    fn read(state: &Object, field: &str) -> Result<Self, LoginError> {
        let algorithm =
            state.object(field).ok_or(LoginError::PasswordUnsupported("the account has no password"))?;
        if algorithm.name() != ALGORITHM {
            return Err(LoginError::PasswordUnsupported("its algorithm is newer than this program"));
        }
        let read = || {
            Some(Self {
                salt1: algorithm.bytes("salt1")?.to_vec(),
                salt2: algorithm.bytes("salt2")?.to_vec(),
                g: algorithm.int("g")?,
                p: algorithm.bytes("p")?.to_vec(),
            })
        };
        read().ok_or(LoginError::PasswordUnsupported("the server's challenge is not complete"))
    }

    fn group(&self) -> Result<Group, LoginError> {
        Group::check(&self.p, self.g)
            .map_err(|_| LoginError::PasswordUnsupported("the server's numbers are not safe"))
    }

    fn params<'a>(&'a self, group: &'a Group) -> Params<'a> {
        Params { salt1: &self.salt1, salt2: &self.salt2, group }
    }
}

impl Challenge {
    fn read(state: &Object) -> Result<Self, LoginError> {
        let algorithm = Algorithm::read(state, "current_algo")?;
        let read = || Some((state.long("srp_id")?, state.bytes("srp_B")?.to_vec()));
        let (srp_id, srp_b) =
            read().ok_or(LoginError::PasswordUnsupported("the server's challenge is not complete"))?;
        Ok(Self { srp_id, srp_b, algorithm })
    }

    fn prove(&self, password: &Password) -> Result<Proof, LoginError> {
        let group = self.algorithm.group()?;
        let mut random = |out: &mut [u8]| {
            for chunk in out.chunks_mut(32) {
                chunk.copy_from_slice(&seed::<32>()[..chunk.len()]);
            }
        };
        let proof =
            self.algorithm.params(&group).prove(password.expose().as_bytes(), &self.srp_b, &mut random);
        proof.map_err(|error| match error {
            SrpError::WrongPassword => LoginError::PasswordInvalid,
            _ => LoginError::PasswordUnsupported("the server's numbers are not safe"),
        })
    }
}
