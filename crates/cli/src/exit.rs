//! The exit codes, one for each thing that a script may want to tell apart.

use std::fmt;
use std::process::ExitCode;

use offhook_client::{ConnectError, InvokeError, LoginError, PeerRefError, ResolveError, SessionError};
use offhook_phone::{CallError, PhoneError};
use offhook_voip::{ControlError, Outcome, StartError};

/// The codes as `--help` lists them.
pub const HELP: &str = "\
Exit codes:
  0  done; for a call: it was up and ended as it should
  1  something inside failed
  2  the arguments make no sense
  3  a file cannot be read or written
  4  the server or an address cannot be reached or used
  5  logging in failed
  10 the other side declined
  11 the other side is busy
  12 no answer
  13 the other side is offline
  14 cancelled before it was up
  15 the media never connected
  16 the keys of the two sides differ
  17 the other side went silent for good
  18 the two sides have no protocol in common
  19 nobody is called that
  20 what was heard is not what was said
  21 the other side does not accept calls from this account
  22 another device of this account took the call
  23 this machine could not keep up: frames were late
  24 the server refused a request";

/// How the program ends. The numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Success = 0,
    /// Something inside failed.
    Internal = 1,
    /// The arguments make no sense.
    Usage = 2,
    /// A file cannot be read or written.
    File = 3,
    /// A server or an address cannot be reached or used.
    Network = 4,
    /// Logging in failed.
    Login = 5,
    /// The other side declined.
    Declined = 10,
    /// The other side is busy.
    Busy = 11,
    /// Nobody answered in time.
    NoAnswer = 12,
    /// The other side is offline.
    PeerOffline = 13,
    /// Cancelled before the call was up.
    Cancelled = 14,
    /// The media never connected.
    ConnectFailed = 15,
    /// The keys of the two sides differ.
    KeyMismatch = 16,
    /// The other side went silent for good.
    MediaLost = 17,
    /// The two sides have no protocol in common.
    Versions = 18,
    /// Nobody is called that.
    PeerUnknown = 19,
    /// What was heard is not what was said.
    HeardDiffers = 20,
    /// The other side does not accept calls from this account.
    Privacy = 21,
    /// Another device of this account took the call.
    AnsweredElsewhere = 22,
    /// This machine could not keep up.
    LateFrames = 23,
    /// The server refused a request.
    Refused = 24,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Completed(_) => Self::Success,
            Outcome::Cancelled(_) => Self::Cancelled,
            Outcome::ConnectFailed => Self::ConnectFailed,
            Outcome::KeyMismatch | Outcome::WrongCall => Self::KeyMismatch,
            Outcome::MediaLost => Self::MediaLost,
            Outcome::Incompatible => Self::Versions,
            _ => Self::Internal,
        }
    }
}

impl From<&offhook_phone::Outcome> for Exit {
    fn from(outcome: &offhook_phone::Outcome) -> Self {
        use offhook_phone::Outcome;
        match outcome {
            Outcome::Completed => Self::Success,
            Outcome::Declined => Self::Declined,
            Outcome::Busy => Self::Busy,
            Outcome::NoAnswer => Self::NoAnswer,
            Outcome::PeerOffline => Self::PeerOffline,
            Outcome::Cancelled => Self::Cancelled,
            Outcome::AnsweredElsewhere => Self::AnsweredElsewhere,
            Outcome::ConnectFailed => Self::ConnectFailed,
            Outcome::MediaLost => Self::MediaLost,
            Outcome::KeyMismatch => Self::KeyMismatch,
            Outcome::VersionsDoNotMeet { .. } => Self::Versions,
            Outcome::PrivacyRestricted => Self::Privacy,
            Outcome::PeerUnknown => Self::PeerUnknown,
            _ => Self::Internal,
        }
    }
}

/// Why a command could not do its work, with the code it ends with.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    text: String,
}

impl Failure {
    /// A failure of one kind; the text says what is wrong and what to do.
    pub fn new(exit: Exit, text: impl fmt::Display) -> Self {
        Self { exit, text: text.to_string() }
    }

    /// The code it ends with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        let exit = match error {
            ControlError::Open(_) | ControlError::OpenSink(_) => Exit::File,
            _ => Exit::Internal,
        };
        Self::new(exit, error)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let exit = match error {
            StartError::Config(_) => Exit::Usage,
            StartError::NoIpv6 { .. } => Exit::Network,
            _ => Exit::Internal,
        };
        Self::new(exit, error)
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let exit = match error {
            ConnectError::Config(_) => Exit::Usage,
            ConnectError::Session(_) => Exit::File,
            _ => Exit::Network,
        };
        Self::new(exit, error)
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        Self::new(Exit::File, error)
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::Invoke(error) => error.into(),
            error => Self::new(Exit::PeerUnknown, error),
        }
    }
}

impl From<InvokeError> for Failure {
    fn from(error: InvokeError) -> Self {
        let exit = match &error {
            InvokeError::Rpc { error, .. } if error.is_unauthorized() => Exit::Login,
            InvokeError::Rpc { .. } => Exit::Refused,
            InvokeError::Encode { .. } => Exit::Usage,
            InvokeError::Decode { .. } => Exit::Internal,
            _ => Exit::Network,
        };
        Self::new(exit, error)
    }
}

impl From<LoginError> for Failure {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Invoke(error) if error.rpc().is_none() => error.into(),
            error => Self::new(Exit::Login, error),
        }
    }
}

impl From<PhoneError> for Failure {
    fn from(error: PhoneError) -> Self {
        Self::new(Exit::Login, error)
    }
}

impl From<PeerRefError> for Failure {
    fn from(error: PeerRefError) -> Self {
        Self::new(Exit::Usage, error)
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::PeerName(error) => error.into(),
            CallError::Resolve(error) => error.into(),
            error @ (CallError::NotAPerson(_) | CallError::Myself) => Self::new(Exit::PeerUnknown, error),
            CallError::Engine(error) => error.into(),
            error => Self::new(Exit::Internal, error),
        }
    }
}
