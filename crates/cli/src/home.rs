//! Where a session is kept: a file with `FILE.server` beside it, or a row of a session database with a note in it.

use std::fmt;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use offhook_client::{Password, SessionDatabase, SessionError, SessionStore};

use crate::account::Server;
use crate::ask;
use crate::exit::{Exit, Failure};

/// What every SQLite file begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";
/// Opens and encrypts session databases.
const PASSPHRASE: &str = "OFFHOOK_PASSPHRASE";

/// Where one account's session is kept.
#[derive(Clone, Debug)]
pub(crate) enum Home {
    File(PathBuf),
    Row { database: SessionDatabase, account: String },
}

impl Home {
    /// The session of an account that was logged in before.
    pub(crate) fn known(path: &Path, account: Option<&str>) -> Result<Self, Failure> {
        if !is_database(path)? {
            return Self::file(path, account);
        }
        let database = open_database(path)?;
        let accounts = database.accounts()?;
        let listed = || accounts.join(", ");
        match account {
            Some(name) if accounts.iter().any(|known| known == name) => {
                Ok(Self::Row { database, account: name.to_owned() })
            }
            Some(name) => {
                let text = format!("{} has no account {name}; it has: {}", path.display(), listed());
                Err(Failure::new(Exit::File, text))
            }
            None => match &accounts[..] {
                [only] => Ok(Self::Row { account: only.clone(), database }),
                [] => Err(Failure::new(Exit::File, format!("{} has no accounts yet", path.display()))),
                _ => {
                    let text = format!(
                        "{} has several accounts; give --account, one of: {}",
                        path.display(),
                        listed()
                    );
                    Err(Failure::new(Exit::Usage, text))
                }
            },
        }
    }

    /// The session of an account that may be new. With a name, a new file is a database.
    pub(crate) fn any(path: &Path, account: Option<&str>) -> Result<Self, Failure> {
        match account {
            Some(name) if !path.exists() || is_database(path)? => {
                Ok(Self::Row { database: open_database(path)?, account: name.to_owned() })
            }
            _ => Self::known(path, account),
        }
    }

    fn file(path: &Path, account: Option<&str>) -> Result<Self, Failure> {
        if account.is_some() {
            let text = format!("{} is no session database; leave --account out", path.display());
            return Err(Failure::new(Exit::Usage, text));
        }
        Ok(Self::File(path.to_owned()))
    }

    /// The name of the account in its database.
    pub(crate) fn account(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::Row { account, .. } => Some(account),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Row { database, .. } => database.path(),
        }
    }

    /// The session itself, locked against other programs.
    pub(crate) fn store(&self) -> Result<SessionStore, SessionError> {
        match self {
            Self::File(path) => SessionStore::file(path),
            Self::Row { database, account } => database.account(account),
        }
    }

    /// Where the session's server is.
    pub(crate) fn server(&self) -> Result<Server, Failure> {
        let told = match self {
            Self::File(path) => match fs::read(beside(path)) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    let text = format!("cannot read {}: {error}", beside(path).display());
                    return Err(Failure::new(Exit::File, text));
                }
                told => told.ok(),
            },
            Self::Row { database, account } => database.note(account)?,
        };
        let told = told.ok_or_else(|| {
            let hint = "log in first: offhook login --session FILE --dc ADDR --dc-key PEM --phone NUMBER";
            Failure::new(Exit::File, format!("{self} is no session yet; {hint}"))
        })?;
        serde_json::from_slice(&told).map_err(|error| {
            Failure::new(Exit::File, format!("the server of {self} is damaged ({error}); log in again"))
        })
    }

    /// Remembers the server of the session. A file is written beside and renamed, so that it is whole at every moment.
    pub(crate) fn set_server(&self, server: &Server) -> Result<(), Failure> {
        let text =
            serde_json::to_string_pretty(server).map_err(|error| Failure::new(Exit::Internal, error))?;
        match self {
            Self::Row { database, account } => Ok(database.set_note(account, text.as_bytes())?),
            Self::File(path) => {
                let path = beside(path);
                let mut new = path.clone().into_os_string();
                new.push(".new");
                fs::write(&new, text).and_then(|()| fs::rename(&new, &path)).map_err(|error| {
                    Failure::new(Exit::File, format!("cannot write {}: {error}", path.display()))
                })
            }
        }
    }

    /// Forgets the session. No client may use it any more.
    pub(crate) fn remove(&self) -> Result<(), Failure> {
        match self {
            Self::Row { database, account } => Ok(database.remove(account).map(drop)?),
            Self::File(path) => {
                let _lock = self.store()?;
                for path in [path.clone(), beside(path)] {
                    match fs::remove_file(&path) {
                        Err(error) if error.kind() != ErrorKind::NotFound => {
                            let text = format!("cannot remove {}: {error}", path.display());
                            return Err(Failure::new(Exit::File, text));
                        }
                        _ => {}
                    }
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.account() {
            Some(account) => write!(f, "{} of {}", account, self.path().display()),
            None => self.path().display().fmt(f),
        }
    }
}

/// Removes a session that never was one. Why it is none matters more than that it cannot be removed.
pub(crate) fn forget(home: &Home) {
    if let Err(error) = home.remove() {
        tracing::warn!(%error, "what is left of {home} cannot be removed");
    }
}

/// Every account kept at `path`.
pub(crate) fn all(path: &Path) -> Result<Vec<Home>, Failure> {
    if !is_database(path)? {
        return Ok(vec![Home::File(path.to_owned())]);
    }
    let database = open_database(path)?;
    let accounts = database.accounts()?;
    Ok(accounts.into_iter().map(|account| Home::Row { database: database.clone(), account }).collect())
}

fn beside(session: &Path) -> PathBuf {
    let mut name = session.as_os_str().to_owned();
    name.push(".server");
    name.into()
}

fn is_database(path: &Path) -> Result<bool, Failure> {
    let mut begin = [0; SQLITE.len()];
    let read = fs::File::open(path).and_then(|mut file| match file.read_exact(&mut begin) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(()),
        read => read,
    });
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::new(Exit::File, format!("cannot read {}: {error}", path.display()))),
        Ok(()) => Ok(begin == SQLITE),
    }
}

/// Asks for the passphrase when there is need of one.
fn open_database(path: &Path) -> Result<SessionDatabase, Failure> {
    let given = std::env::var(PASSPHRASE).ok().map(Password::from);
    match SessionDatabase::open(path, given.as_ref()) {
        Err(SessionError::Encrypted { .. }) => {
            let asked = Password::from(ask::secret("passphrase of the sessions: ", PASSPHRASE)?);
            Ok(SessionDatabase::open(path, Some(&asked))?)
        }
        opened => Ok(opened?),
    }
}
