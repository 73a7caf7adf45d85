//! Login codes: made by policy, valid for a while, right a limited number of times wrong.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use rand::{Rng, RngCore};

use crate::{CodeIssued, CodePolicy, LoginCode, Phone};

/// How long a code can be used.
const LIFE: Duration = Duration::from_secs(300);
/// Wrong guesses before a code is worthless.
const GUESSES: u32 = 5;
/// Logins under way at once; the oldest is forgotten at the bound.
const MOST: usize = 10_000;

/// A login under way.
#[derive(Debug)]
struct Pending {
    hash: String,
    code: LoginCode,
    until: Instant,
    guesses: u32,
    /// The right code was given, and the number has no account yet.
    proved: bool,
}

/// Why a code does not let anybody in. The text is Telegram's name of the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeError {
    Empty,
    Invalid,
    Expired,
    HashInvalid,
}

impl CodeError {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Empty => "PHONE_CODE_EMPTY",
            Self::Invalid => "PHONE_CODE_INVALID",
            Self::Expired => "PHONE_CODE_EXPIRED",
            Self::HashInvalid => "PHONE_CODE_HASH_EMPTY",
        }
    }
}

/// All logins under way.
#[derive(Debug)]
pub(crate) struct Codes {
    policy: CodePolicy,
    pending: BTreeMap<Phone, Pending>,
}

impl Codes {
    pub(crate) fn new(policy: CodePolicy) -> Self {
        Self { policy, pending: BTreeMap::new() }
    }

    pub(crate) fn set_policy(&mut self, policy: CodePolicy) {
        self.policy = policy;
    }

    /// Begins a login: the hash that names it and the length of its code. An earlier one for the number is void.
    pub(crate) fn issue(
        &mut self,
        phone: &Phone,
        now: Instant,
        random: &mut impl RngCore,
    ) -> (String, usize) {
        self.pending.retain(|_, pending| pending.until > now);
        if self.pending.len() >= MOST {
            let oldest =
                self.pending.iter().min_by_key(|(_, pending)| pending.until).map(|(phone, _)| phone.clone());
            oldest.map(|phone| self.pending.remove(&phone));
        }
        let code = match (test_code(phone), &self.policy.fixed) {
            (Some(code), _) => code,
            (None, Some(fixed)) => fixed.clone(),
            (None, None) => LoginCode::new(format!("{:05}", random.random_range(0..100_000))),
        };
        if let Some(told) = &self.policy.told {
            told(&CodeIssued { phone: phone.clone(), code: code.clone() });
        }
        let hash = format!("{:018x}", random.next_u64());
        let len = code.as_str().len();
        let pending = Pending { hash: hash.clone(), code, until: now + LIFE, guesses: 0, proved: false };
        self.pending.insert(phone.clone(), pending);
        (hash, len)
    }

    /// Checks that a login is under way under this hash.
    pub(crate) fn check_hash(&self, phone: &Phone, hash: &str, now: Instant) -> Result<(), CodeError> {
        let pending =
            self.pending.get(phone).filter(|pending| pending.until > now).ok_or(CodeError::Expired)?;
        if pending.hash == hash { Ok(()) } else { Err(CodeError::HashInvalid) }
    }

    /// Checks a code. A right one stays good until [`Codes::finish`], so that a lost answer can be asked for again.
    pub(crate) fn check(
        &mut self,
        phone: &Phone,
        hash: &str,
        code: &str,
        now: Instant,
    ) -> Result<(), CodeError> {
        self.check_hash(phone, hash, now)?;
        let pending = self.pending.get_mut(phone).ok_or(CodeError::Expired)?;
        if code.is_empty() {
            return Err(CodeError::Empty);
        }
        if pending.guesses >= GUESSES {
            return Err(CodeError::Expired);
        }
        if pending.code.as_str() != code {
            pending.guesses += 1;
            return Err(CodeError::Invalid);
        }
        pending.proved = true;
        Ok(())
    }

    /// Whether the right code was given in this login.
    pub(crate) fn is_proved(&self, phone: &Phone, hash: &str, now: Instant) -> Result<bool, CodeError> {
        self.check_hash(phone, hash, now)?;
        Ok(self.pending.get(phone).is_some_and(|pending| pending.proved))
    }

    /// Ends a login.
    pub(crate) fn finish(&mut self, phone: &Phone) {
        self.pending.remove(phone);
    }
}

/// Test numbers are `99966XYYYY` with the code `XXXXX`: core.telegram.org/api/auth#test-accounts.
fn test_code(phone: &Phone) -> Option<LoginCode> {
    let digits = phone.as_str().strip_prefix("99966").filter(|rest| rest.len() == 5)?;
    let digit = digits.chars().next().filter(|digit| ('1'..='3').contains(digit))?;
    Some(LoginCode::new(String::from(digit).repeat(5)))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn random() -> ChaCha20Rng {
        ChaCha20Rng::from_seed([3; 32])
    }

    #[test]
    fn the_right_code_is_right_and_five_wrong_ones_spoil_it() {
        let (mut codes, phone, now) =
            (Codes::new(CodePolicy::fixed("12345")), Phone::new("100001"), Instant::now());
        let (hash, len) = codes.issue(&phone, now, &mut random());
        assert_eq!(len, 5);
        assert_eq!(codes.check(&phone, &hash, "12345", now), Ok(()));
        assert_eq!(codes.check(&phone, "other", "12345", now), Err(CodeError::HashInvalid));
        assert_eq!(codes.check(&phone, &hash, "", now), Err(CodeError::Empty));
        for _ in 0..5 {
            assert_eq!(codes.check(&phone, &hash, "54321", now), Err(CodeError::Invalid));
        }
        assert_eq!(codes.check(&phone, &hash, "12345", now), Err(CodeError::Expired));
    }

    #[test]
    fn a_code_ends_with_its_time_with_its_login_and_with_the_next_one() {
        let (mut codes, phone, now) =
            (Codes::new(CodePolicy::fixed("12345")), Phone::new("100001"), Instant::now());
        let mut random = random();
        let (old, _) = codes.issue(&phone, now, &mut random);
        let (hash, _) = codes.issue(&phone, now, &mut random);
        assert_eq!(codes.check(&phone, &old, "12345", now), Err(CodeError::HashInvalid));
        assert_eq!(codes.check(&phone, &hash, "12345", now + LIFE), Err(CodeError::Expired));
        codes.finish(&phone);
        assert_eq!(codes.check(&phone, &hash, "12345", now), Err(CodeError::Expired));
    }

    #[test]
    fn random_codes_are_told_and_right() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let copy = Arc::clone(&told);
        let mut codes =
            Codes::new(CodePolicy::random(move |issued| copy.lock().unwrap().push(issued.clone())));
        let (phone, now) = (Phone::new("100001"), Instant::now());
        let (hash, _) = codes.issue(&phone, now, &mut random());
        let issued = told.lock().unwrap().pop().unwrap();
        assert_eq!((issued.phone, issued.code.as_str().len()), (phone.clone(), 5));
        assert_eq!(codes.check(&phone, &hash, issued.code.as_str(), now), Ok(()));
    }

    #[test]
    fn test_numbers_have_their_well_known_codes() {
        let code = |digits| test_code(&Phone::new(digits)).map(|code| code.as_str().to_owned());
        assert_eq!(code("9996621234").as_deref(), Some("22222"));
        assert_eq!(code("9996641234"), None);
        assert_eq!(code("99966212345"), None);
        assert_eq!(code("1996621234"), None);
    }
}
