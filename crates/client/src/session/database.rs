//! Sessions of many accounts in one SQLite file.
//!
//! ```text
//! meta     name, value                    how the file is encrypted
//! account  id, name, state, note          state: a session file without its peers
//! peer     account, peer, met, body       one row each, so that a save writes only what changed
//! ```
//!
//! The file is in WAL mode and every save is one synced transaction: a crash leaves the state before or after it. With a
//! passphrase `state`, `note` and `body` are sealed and peers are found by keyed labels; only the accounts' names and
//! the number of their peers stay visible.

use std::collections::HashMap;
use std::fmt;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use offhook_crypto::hash::sha256;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::data::SessionData;
use super::file::{FileLock, lock_for};
use super::format;
use super::seal::{Derivation, Sealer};
use super::{SessionError, SessionStorage, SessionStore};
use crate::secret::Password;

/// Version of the tables, kept as SQLite's `user_version`.
const VERSION: i64 = 1;
/// "offh": tells our files from other people's databases.
const APPLICATION: i64 = 0x6f66_6668;
/// How long another process's transaction is waited for.
const BUSY: Duration = Duration::from_secs(5);
/// Longest name of an account, in bytes.
const LONGEST_NAME: usize = 128;

const TABLES: &str = "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, state BLOB, note BLOB);
    CREATE TABLE peer (
        account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        peer INTEGER NOT NULL,
        met INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (account, peer)
    ) WITHOUT ROWID;
";

/// An open session database. Clones share it.
#[derive(Clone)]
pub struct SessionDatabase {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    connection: Mutex<Connection>,
    sealer: Sealer,
}

impl fmt::Debug for SessionDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionDatabase")
            .field("path", &self.shared.path)
            .field("sealer", &self.shared.sealer)
            .finish_non_exhaustive()
    }
}

impl SessionDatabase {
    /// Opens the database at `path` or makes one, readable by its owner only. A passphrase encrypts a new database,
    /// and is needed for one that is encrypted. Blocks, with a passphrase for about 0.1 s.
    ///
    /// # Errors
    /// When the file cannot be used or is no session database, and when the passphrase is wrong, missing, or given
    /// for a database that is not encrypted.
    pub fn open(path: impl Into<PathBuf>, passphrase: Option<&Password>) -> Result<Self, SessionError> {
        let path = path.into();
        let failed = |error: rusqlite::Error| database_error(&path, &error);
        create_private(&path).map_err(|source| SessionError::Io {
            doing: "open",
            path: path.clone(),
            source,
        })?;
        let mut connection = Connection::open(&path).map_err(failed)?;
        connection.busy_timeout(BUSY).map_err(failed)?;
        connection.pragma_update(None, "journal_mode", "wal").map_err(failed)?;
        connection.pragma_update(None, "synchronous", "full").map_err(failed)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
        // Keys that were replaced must not linger in free pages.
        connection.pragma_update(None, "secure_delete", true).map_err(failed)?;
        let sealer = prepare(&mut connection, &path, passphrase)?;
        let shared = Shared { path, connection: Mutex::new(connection), sealer };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Where the database is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// The names of the accounts, in order. Blocks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts(&self) -> Result<Vec<String>, SessionError> {
        let connection = self.shared.lock();
        let names = || -> rusqlite::Result<Vec<String>> {
            let mut query = connection.prepare_cached("SELECT name FROM account ORDER BY name")?;
            let names = query.query_map([], |row| row.get(0))?;
            names.collect()
        };
        names().map_err(|error| self.shared.failed(&error))
    }

    /// The session of an account, which is made when it is not there, for one client: a second one is refused until the
    /// first is gone, also one of another process. Blocks.
    ///
    /// # Errors
    /// [`SessionError::InUse`], and when the database cannot be used.
    pub fn account(&self, name: &str) -> Result<SessionStore, SessionError> {
        Ok(SessionStore::custom(Account::open(self.shared.clone(), name)?))
    }

    /// Forgets an account. False when there is none of that name. Blocks.
    ///
    /// # Errors
    /// [`SessionError::InUse`] while a client uses it, and when the database cannot be written.
    pub fn remove(&self, name: &str) -> Result<bool, SessionError> {
        if !self.accounts()?.iter().any(|known| known == name) {
            return Ok(false);
        }
        let _lock = self.shared.lock_account(name)?;
        let removed = self.shared.lock().execute("DELETE FROM account WHERE name = ?1", [name]);
        removed.map(|count| count > 0).map_err(|error| self.shared.failed(&error))
    }

    /// What an application has left beside a session, such as the server's address. Blocks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn note(&self, name: &str) -> Result<Option<Vec<u8>>, SessionError> {
        let shared = &self.shared;
        let found: Option<Option<Vec<u8>>> = shared
            .lock()
            .query_row("SELECT note FROM account WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(|error| shared.failed(&error))?;
        let Some(kept) = found.flatten() else { return Ok(None) };
        let note = shared.sealer.open(&place(name, "note"), &kept);
        note.map(|note| Some(note.to_vec())).ok_or_else(|| shared.damaged())
    }

    /// Leaves something beside a session; the account is made when it is not there. Blocks.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_note(&self, name: &str, note: &[u8]) -> Result<(), SessionError> {
        let shared = &self.shared;
        check_name(&shared.path, name)?;
        let sealed = shared.sealer.seal(&place(name, "note"), note);
        let statement =
            "INSERT INTO account (name, note) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET note = ?2";
        let done = shared.lock().execute(statement, params![name, sealed]);
        done.map(drop).map_err(|error| shared.failed(&error))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A transaction that was not committed is rolled back by its drop, so a panic leaves nothing half done.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, error: &rusqlite::Error) -> SessionError {
        database_error(&self.path, error)
    }

    fn damaged(&self) -> SessionError {
        let reason = "what it keeps cannot be read".to_owned();
        SessionError::Database { path: self.path.clone(), reason }
    }

    /// Keeps a second client from an account. The lock is a file beside the database, named by a hash: names may hold
    /// anything.
    fn lock_account(&self, name: &str) -> Result<FileLock, SessionError> {
        let digest: String = sha256(name.as_bytes())[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let mut path = self.path.as_os_str().to_owned();
        path.push(format!(".{digest}"));
        lock_for(Path::new(&path), &self.path)
    }
}

/// One account of the database.
struct Account {
    shared: Arc<Shared>,
    name: String,
    id: i64,
    /// Digests of the peers as they are kept, by label.
    kept: HashMap<i64, [u8; 32]>,
    met: i64,
    _lock: FileLock,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Account {
    fn open(shared: Arc<Shared>, name: &str) -> Result<Self, SessionError> {
        check_name(&shared.path, name)?;
        let lock = shared.lock_account(name)?;
        let find = || -> rusqlite::Result<i64> {
            let connection = shared.lock();
            connection.execute("INSERT OR IGNORE INTO account (name) VALUES (?1)", [name])?;
            connection.query_row("SELECT id FROM account WHERE name = ?1", [name], |row| row.get(0))
        };
        let id = find().map_err(|error| shared.failed(&error))?;
        Ok(Self { shared, name: name.to_owned(), id, kept: HashMap::new(), met: 0, _lock: lock })
    }

    fn read(&mut self) -> rusqlite::Result<Option<(Vec<u8>, Vec<Row>)>> {
        let connection = self.shared.lock();
        let state: Option<Vec<u8>> =
            connection.query_row("SELECT state FROM account WHERE id = ?1", [self.id], |row| row.get(0))?;
        let Some(state) = state else { return Ok(None) };
        let statement = "SELECT peer, met, body FROM peer WHERE account = ?1 ORDER BY met";
        let mut query = connection.prepare_cached(statement)?;
        let rows = query.query_map([self.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(Some((state, rows.collect::<rusqlite::Result<_>>()?)))
    }

    fn write(&self, transaction: &Transaction<'_>, state: &[u8], changes: &Changes) -> rusqlite::Result<()> {
        transaction.execute("UPDATE account SET state = ?2 WHERE id = ?1", params![self.id, state])?;
        let mut put = transaction.prepare_cached(
            "INSERT OR REPLACE INTO peer (account, peer, met, body) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (label, met, body) in &changes.written {
            put.execute(params![self.id, label, met, body])?;
        }
        let mut remove = transaction.prepare_cached("DELETE FROM peer WHERE account = ?1 AND peer = ?2")?;
        for label in &changes.removed {
            remove.execute(params![self.id, label])?;
        }
        Ok(())
    }

    fn peer_place(&self, label: i64) -> Vec<u8> {
        [&place(&self.name, "peer")[..], &label.to_le_bytes()].concat()
    }
}

/// Label, order, body.
type Row = (i64, i64, Vec<u8>);

/// What a save changes among the peers.
#[derive(Default)]
struct Changes {
    written: Vec<Row>,
    removed: Vec<i64>,
    kept: HashMap<i64, [u8; 32]>,
}

impl SessionStorage for Account {
    fn load(&mut self) -> Result<Option<SessionData>, SessionError> {
        let read = self.read().map_err(|error| self.shared.failed(&error))?;
        let Some((state, rows)) = read else { return Ok(None) };
        let sealer = &self.shared.sealer;
        let state = sealer.open(&place(&self.name, "state"), &state).ok_or_else(|| self.shared.damaged())?;
        let mut data = format::read(&state)
            .map_err(|source| SessionError::Unusable { path: self.shared.path.clone(), source })?;
        self.kept.clear();
        for (label, met, body) in rows {
            let body = sealer.open(&self.peer_place(label), &body).ok_or_else(|| self.shared.damaged())?;
            data.peers.push(format::peer_from_bytes(&body).ok_or_else(|| self.shared.damaged())?);
            self.kept.insert(label, sha256(&body));
            self.met = self.met.max(met);
        }
        Ok(Some(data))
    }

    fn save(&mut self, data: &SessionData) -> Result<(), SessionError> {
        let sealer = &self.shared.sealer;
        let state = sealer.seal(&place(&self.name, "state"), &format::write_state(data));
        let mut changes = Changes::default();
        let mut met = self.met;
        for peer in &data.peers {
            let label = sealer.label(&place(&self.name, "peer"), peer.peer_id().bot_api());
            let body = format::peer_bytes(peer);
            let digest = sha256(&body);
            if self.kept.get(&label) != Some(&digest) {
                met += 1;
                changes.written.push((label, met, sealer.seal(&self.peer_place(label), &body)));
            }
            changes.kept.insert(label, digest);
        }
        changes.removed =
            self.kept.keys().filter(|label| !changes.kept.contains_key(label)).copied().collect();
        let mut connection = self.shared.lock();
        let written = connection.transaction().and_then(|transaction| {
            self.write(&transaction, &state, &changes)?;
            transaction.commit()
        });
        drop(connection);
        written.map_err(|error| self.shared.failed(&error))?;
        (self.kept, self.met) = (changes.kept, met);
        Ok(())
    }
}

/// Makes the tables of a new database, or checks those of an old one, and finds the key.
fn prepare(
    connection: &mut Connection,
    path: &Path,
    passphrase: Option<&Password>,
) -> Result<Sealer, SessionError> {
    let failed = |error: rusqlite::Error| database_error(path, &error);
    // Two processes may make the file at one time: one of them waits here and then finds it made.
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed)?;
    let pragma = |name| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = pragma("user_version").map_err(failed)?;
    let application = pragma("application_id").map_err(failed)?;
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    let sealer = match (version, application) {
        (0, 0) if tables == 0 => make(&transaction, path, passphrase)?,
        (VERSION, APPLICATION) => unlock(&transaction, path, passphrase)?,
        (_, APPLICATION) => {
            let reason = format!("its tables have version {version} and this program knows {VERSION}");
            return Err(SessionError::Database { path: path.to_owned(), reason });
        }
        _ => {
            let reason = "it belongs to another program".to_owned();
            return Err(SessionError::Database { path: path.to_owned(), reason });
        }
    };
    transaction.commit().map_err(failed)?;
    Ok(sealer)
}

/// A value that only the right key opens.
const CHECK: &[u8] = b"offhook session database";

fn make(
    transaction: &Transaction<'_>,
    path: &Path,
    passphrase: Option<&Password>,
) -> Result<Sealer, SessionError> {
    let failed = |error: rusqlite::Error| database_error(path, &error);
    transaction.execute_batch(TABLES).map_err(failed)?;
    transaction.pragma_update(None, "user_version", VERSION).map_err(failed)?;
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
    let Some(passphrase) = passphrase else { return Ok(Sealer::OPEN) };
    let derivation = Derivation::fresh();
    let sealer = derivation.key(passphrase).ok_or_else(|| wrong(path))?;
    let put = "INSERT INTO meta (name, value) VALUES (?1, ?2)";
    transaction.execute(put, params!["derivation", derivation.to_bytes()]).map_err(failed)?;
    transaction.execute(put, params!["check", sealer.seal(b"check", CHECK)]).map_err(failed)?;
    Ok(sealer)
}

fn unlock(
    transaction: &Transaction<'_>,
    path: &Path,
    passphrase: Option<&Password>,
) -> Result<Sealer, SessionError> {
    let value = |name: &str| {
        let query = "SELECT value FROM meta WHERE name = ?1";
        let found = transaction.query_row(query, [name], |row| row.get::<_, Vec<u8>>(0)).optional();
        found.map_err(|error| database_error(path, &error))
    };
    match (value("derivation")?, passphrase) {
        (None, None) => Ok(Sealer::OPEN),
        (Some(_), None) => Err(SessionError::Encrypted { path: path.to_owned() }),
        (None, Some(_)) => Err(SessionError::NotEncrypted { path: path.to_owned() }),
        (Some(derivation), Some(passphrase)) => {
            let sealer = Derivation::from_bytes(&derivation).and_then(|it| it.key(passphrase));
            let sealer = sealer.ok_or_else(|| wrong(path))?;
            let check = value("check")?.and_then(|kept| sealer.open(b"check", &kept));
            if check.is_some_and(|check| check.as_slice() == CHECK) { Ok(sealer) } else { Err(wrong(path)) }
        }
    }
}

fn wrong(path: &Path) -> SessionError {
    SessionError::WrongPassphrase { path: path.to_owned() }
}

fn check_name(path: &Path, name: &str) -> Result<(), SessionError> {
    if (1..=LONGEST_NAME).contains(&name.len()) {
        return Ok(());
    }
    let reason = format!("an account's name has 1 to {LONGEST_NAME} bytes, not {}", name.len());
    Err(SessionError::Database { path: path.to_owned(), reason })
}

/// What a sealed value is bound to.
fn place(account: &str, what: &str) -> Vec<u8> {
    format!("{what}\0{account}").into_bytes()
}

fn database_error(path: &Path, error: &rusqlite::Error) -> SessionError {
    SessionError::Database { path: path.to_owned(), reason: error.to_string() }
}

/// SQLite gives its other files the mode of this one.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
#[path = "database_tests.rs"]
mod tests;
