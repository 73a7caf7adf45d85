//! What a local Telegram is told before it starts.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    LoginCode, Phone,
    secret::{BotToken, Password},
};

/// A user who exists from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSpec {
    pub(crate) phone: Phone,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<(Password, String)>,
    pub(crate) bot_token: Option<BotToken>,
    pub(crate) home: Option<i32>,
}

impl UserSpec {
    /// A user with a phone number (anything but digits is dropped) and a first name.
    #[must_use]
    pub fn new(phone: &str, first_name: impl Into<String>) -> Self {
        Self {
            phone: Phone::new(phone),
            first_name: first_name.into(),
            last_name: String::new(),
            username: None,
            password: None,
            bot_token: None,
            home: None,
        }
    }

    /// A bot with a token (`DIGITS:LETTERS`, at least five digits) and a name. It logs in with the token and has no
    /// phone number.
    #[must_use]
    pub fn bot(token: &str, name: impl Into<String>) -> Self {
        let number = token.split(':').next().unwrap_or_default();
        Self { bot_token: Some(BotToken::new(token)), ..Self::new(number, name) }
    }

    /// The data centre the account lives on, one of those of [`crate::Builder::another`]. Default: the first.
    #[must_use]
    pub fn lives_on(mut self, dc: i32) -> Self {
        self.home = Some(dc);
        self
    }

    /// Whether this is the user's phone number; only digits count.
    #[must_use]
    pub fn has_phone(&self, phone: &str) -> bool {
        self.phone == Phone::new(phone)
    }

    /// Gives the user a public name, without the `@`.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        let name = username.into();
        let name = name.trim_start_matches('@');
        self.username = (!name.is_empty()).then(|| name.to_owned());
        self
    }

    /// Gives the user a second-step password and a hint (empty for none). Only its verifier is kept.
    #[must_use]
    pub fn password(mut self, password: &str, hint: impl Into<String>) -> Self {
        self.password = Some((Password::new(password), hint.into()));
        self
    }

    /// Gives the user a last name.
    #[must_use]
    pub fn last_name(mut self, last_name: impl Into<String>) -> Self {
        self.last_name = last_name.into();
        self
    }
}

/// A login code that was just made for somebody.
#[derive(Clone, Debug)]
pub struct CodeIssued {
    /// Whose login it is.
    pub phone: Phone,
    /// What they must type.
    pub code: LoginCode,
}

/// Hears about new codes.
type Told = dyn Fn(&CodeIssued) + Send + Sync;

/// Which code lets a user in.
///
/// Test numbers `99966XYYYY` always use the code `XXXXX`, as on Telegram's own test servers.
#[derive(Clone)]
pub struct CodePolicy {
    pub(crate) fixed: Option<LoginCode>,
    pub(crate) told: Option<Arc<Told>>,
}

impl CodePolicy {
    /// The same code for everybody.
    #[must_use]
    pub fn fixed(code: impl Into<String>) -> Self {
        Self { fixed: Some(LoginCode::new(code)), told: None }
    }

    /// A new random code of five digits for every login; `told` hears about each one (print it, or hand it to a test).
    /// It is called with the state locked: it must not wait.
    #[must_use]
    pub fn random(told: impl Fn(&CodeIssued) + Send + Sync + 'static) -> Self {
        Self { fixed: None, told: Some(Arc::new(told)) }
    }
}

impl fmt::Debug for CodePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.fixed.is_some() { "CodePolicy::fixed(…)" } else { "CodePolicy::random(…)" })
    }
}

/// How long each stage of a call's set-up may take. The same values are told to clients in `help.getConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallTimers {
    /// From the request until a device of the callee says it rings. Default 20 s. At the end: missed.
    pub receive: Duration,
    /// From ringing until somebody answers. Default 90 s. At the end: missed.
    pub ring: Duration,
    /// From the answer until the caller confirms; clients also use it for the media to connect. Default 30 s.
    /// At the end: disconnected.
    pub connect: Duration,
    /// How long a client lives without media packets; only told to clients. Default 10 s.
    pub packet: Duration,
    /// The longest call kept by the server when nobody hangs up. Default 24 h.
    pub longest: Duration,
}

impl Default for CallTimers {
    fn default() -> Self {
        Self {
            receive: Duration::from_secs(20),
            ring: Duration::from_secs(90),
            connect: Duration::from_secs(30),
            packet: Duration::from_secs(10),
            longest: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// A bound on how often a device may call a method; beyond it the answer is 420 `FLOOD_WAIT_X`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloodLimit {
    pub(crate) method: String,
    pub(crate) calls: usize,
    pub(crate) per: Duration,
}

impl FloodLimit {
    /// At most `calls` calls of `method` in any time of length `per`. Refused calls do not count.
    #[must_use]
    pub fn new(method: impl Into<String>, calls: usize, per: Duration) -> Self {
        Self { method: method.into(), calls, per }
    }
}

/// Bounds on what strangers can make the server hold. What is over a bound is refused or the oldest is dropped, and
/// counted in [`crate::Counters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open TCP connections; more are closed at once. Default 4,096.
    pub connections: usize,
    /// Auth keys; at the bound the oldest key without a user is forgotten, else the new one is refused.
    /// Default 20,000.
    pub auth_keys: usize,
    /// Sessions over all keys; at the bound the longest unused one without a connection is forgotten. Default 8,192.
    pub sessions: usize,
    /// Users; sign-ups beyond it get `PHONE_NUMBER_FLOOD`. Default 100,000.
    pub users: usize,
    /// Messages kept per user; at the bound the oldest is forgotten. Default 10,000.
    pub messages_per_user: usize,
    /// Basic groups and channels; more get `CHANNELS_TOO_MUCH`. Each keeps as many messages as a user. Default 10,000.
    pub groups: usize,
    /// Bytes of all files together, parts of unfinished ones among them; more get `FILE_STORAGE_FULL_X`, X being this
    /// bound. Default 256 MiB.
    pub file_bytes: usize,
    /// Calls alive at once; more get `CALL_OCCUPY_FAILED`. Default 10,000.
    pub calls: usize,
    /// Packets waiting for one slow connection; at the bound the connection is closed. Default 1,024.
    pub connection_queue: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            auth_keys: 20_000,
            sessions: 8_192,
            users: 100_000,
            messages_per_user: 10_000,
            groups: 10_000,
            file_bytes: 256 << 20,
            calls: 10_000,
            connection_queue: 1_024,
        }
    }
}
