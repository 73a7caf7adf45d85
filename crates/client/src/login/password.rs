//! The second step: proof of a password that stays here. mtproto.md section 4.2.

use offhook_crypto::dh::Group;
use offhook_crypto::srp::{Params, Proof, SrpError};
use offhook_tl::Object;

use super::LoginError;
use crate::api::Api;
use crate::clock::seed;
use crate::peer::Peer;
use crate::secret::Password;

const ALGORITHM: &str = "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";

/// What the server wants the password to be proven against.
struct Challenge {
    srp_id: i64,
    srp_b: Vec<u8>,
    salt1: Vec<u8>,
    salt2: Vec<u8>,
    g: i32,
    p: Vec<u8>,
}

impl Api {
    pub(crate) async fn check_password(&self, password: &Password) -> Result<Peer, LoginError> {
        const METHOD: &str = "auth.checkPassword";
        // The server forgets its half of the exchange after a while; once anew is enough.
        let mut renewals = 1;
        loop {
            let challenge = Challenge::read(&self.invoke_object(Object::new("account.getPassword")).await?)?;
            let srp_id = challenge.srp_id;
            let password = password.clone();
            // 100,000 rounds of HMAC and three big powers: some 0.1 s.
            let proof = tokio::task::spawn_blocking(move || challenge.prove(&password));
            let proof =
                proof.await.unwrap_or(Err(LoginError::PasswordUnsupported("the proof was not computed")))?;
            let check = Object::new("inputCheckPasswordSRP")
                .with("srp_id", srp_id)
                .with("A", &proof.a[..])
                .with("M1", &proof.m1[..]);
            match self.invoke_object(Object::new(METHOD).with("password", check)).await {
                Ok(answer) => return Ok(self.on_authorized(METHOD, &answer).await?),
                Err(error) if error.is_rpc("SRP_ID_INVALID") && renewals > 0 => renewals -= 1,
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Challenge {
    fn read(password: &Object) -> Result<Self, LoginError> {
        let algorithm = password
            .object("current_algo")
            .ok_or(LoginError::PasswordUnsupported("the account has no password"))?;
        if algorithm.name() != ALGORITHM {
            return Err(LoginError::PasswordUnsupported("its algorithm is newer than this program"));
        }
        let read = || {
            Some(Self {
                srp_id: password.long("srp_id")?,
                srp_b: password.bytes("srp_B")?.to_vec(),
                salt1: algorithm.bytes("salt1")?.to_vec(),
                salt2: algorithm.bytes("salt2")?.to_vec(),
                g: algorithm.int("g")?,
                p: algorithm.bytes("p")?.to_vec(),
            })
        };
        read().ok_or(LoginError::PasswordUnsupported("the server's challenge is not complete"))
    }

    fn prove(&self, password: &Password) -> Result<Proof, LoginError> {
        let group = Group::check(&self.p, self.g)
            .map_err(|_| LoginError::PasswordUnsupported("the server's numbers are not safe"))?;
        let params = Params { salt1: &self.salt1, salt2: &self.salt2, group: &group };
        let mut random = |out: &mut [u8]| {
            for chunk in out.chunks_mut(32) {
                chunk.copy_from_slice(&seed::<32>()[..chunk.len()]);
            }
        };
        params.prove(password.expose().as_bytes(), &self.srp_b, &mut random).map_err(|error| match error {
            SrpError::WrongPassword => LoginError::PasswordInvalid,
            _ => LoginError::PasswordUnsupported("the server's numbers are not safe"),
        })
    }
}
