//! What an account needs to remember between runs, and where it is kept.
//!
//! One file per account, or one database for many. A file is replaced as a whole (written beside, synced, renamed),
//! readable by its owner only, and starts with a version and ends with a checksum: a damaged or newer file is refused
//! and left alone.

mod data;
mod database;
mod file;
mod format;
mod seal;
mod strings;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

pub use self::data::{ChannelState, DcKey, SelfUser, SessionData, UpdateState};
pub use self::database::SessionDatabase;
pub use self::file::SessionFile;
pub use self::format::FormatError;
pub use self::strings::{SessionString, SessionStringError, StringFormat};

/// A place that keeps one account's [`SessionData`]. Implement it to keep sessions in a database.
///
/// Both methods may block; the client calls them away from its tasks.
pub trait SessionStorage: fmt::Debug + Send + 'static {
    /// What is kept, or `None` when nothing was kept yet.
    ///
    /// # Errors
    /// When something is there but cannot be used; it must be left as it is.
    fn load(&mut self) -> Result<Option<SessionData>, SessionError>;

    /// Replaces what is kept. Must be all or nothing, also through a crash.
    ///
    /// # Errors
    /// When it could not be kept; the previous content must still be there.
    fn save(&mut self, data: &SessionData) -> Result<(), SessionError>;
}

/// A handle on a place for one account's session. Clones share the place.
#[derive(Clone)]
pub struct SessionStore(Arc<Mutex<dyn SessionStorage>>);

impl SessionStore {
    /// Keeps the session in this process only.
    #[must_use]
    pub fn memory() -> Self {
        Self::custom(MemoryStorage::default())
    }

    /// Opens or prepares the session file at `path` and locks it against a second process.
    /// The file itself is written once there is something to keep.
    ///
    /// # Errors
    /// When another client uses it, or its folder cannot be used.
    pub fn file(path: impl Into<PathBuf>) -> Result<Self, SessionError> {
        Ok(Self::custom(SessionFile::open(path)?))
    }

    /// Uses a storage of your own.
    #[must_use]
    pub fn custom(storage: impl SessionStorage) -> Self {
        Self(Arc::new(Mutex::new(storage)))
    }

    /// Reads what is kept. Blocks.
    ///
    /// # Errors
    /// As [`SessionStorage::load`].
    pub fn load(&self) -> Result<Option<SessionData>, SessionError> {
        self.lock().load()
    }

    /// Replaces what is kept. Blocks.
    ///
    /// # Errors
    /// As [`SessionStorage::save`].
    pub fn save(&self, data: &SessionData) -> Result<(), SessionError> {
        self.lock().save(data)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, dyn SessionStorage + 'static> {
        // A storage that panicked has promised to be all or nothing, so what it keeps is still whole.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl fmt::Debug for SessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.try_lock() {
            Ok(storage) => write!(f, "SessionStore({:?})", &*storage),
            Err(_) => f.write_str("SessionStore(in use)"),
        }
    }
}

#[derive(Debug, Default)]
struct MemoryStorage(Option<SessionData>);

impl SessionStorage for MemoryStorage {
    fn load(&mut self) -> Result<Option<SessionData>, SessionError> {
        Ok(self.0.clone())
    }

    fn save(&mut self, data: &SessionData) -> Result<(), SessionError> {
        self.0 = Some(data.clone());
        Ok(())
    }
}

/// Why a session could not be read or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// Another client, of this process or another one, has the file open.
    #[error("session file {path} is in use by another client; stop that one, or log in with a file of its own", path = path.display())]
    InUse {
        /// The session file.
        path: PathBuf,
    },
    /// The file is damaged or newer than this version. It was not touched.
    #[error("session file {path} cannot be used: {source}; it was left as it is", path = path.display())]
    Unusable {
        /// The session file.
        path: PathBuf,
        /// What is wrong with its content.
        source: FormatError,
    },
    /// The file system said no.
    #[error("failed to {doing} session file {path}: {source}", path = path.display())]
    Io {
        /// What was tried: `read`, `lock`, `write`.
        doing: &'static str,
        /// The session file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A session database cannot be used.
    #[error("session database {path} cannot be used: {reason}", path = path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The database is encrypted, and no passphrase was given.
    #[error("session database {path} is encrypted; give its passphrase", path = path.display())]
    Encrypted {
        /// The database.
        path: PathBuf,
    },
    /// A passphrase was given for a database that is not encrypted.
    #[error("session database {path} is not encrypted; open it without a passphrase", path = path.display())]
    NotEncrypted {
        /// The database.
        path: PathBuf,
    },
    /// The passphrase does not open the database.
    #[error("the passphrase of session database {path} is wrong", path = path.display())]
    WrongPassphrase {
        /// The database.
        path: PathBuf,
    },
    /// A storage of the user's own failed.
    #[error("session storage failed: {0}")]
    Custom(#[source] Box<dyn std::error::Error + Send + Sync>),
}
