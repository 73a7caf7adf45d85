//! A session in one file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::data::SessionData;
use super::format::{self, FormatError};
use super::{SessionError, SessionStorage};

/// A session file, locked for as long as this value lives.
///
/// The lock is on a file beside it (`NAME.lock`), because the session file itself is replaced by each save.
/// The lock file stays behind, empty; the lock does not, also after a crash.
#[derive(Debug)]
pub struct SessionFile {
    path: PathBuf,
    _lock: FileLock,
}

impl SessionFile {
    /// Locks the session file at `path`, which need not exist yet; its folder must.
    ///
    /// # Errors
    /// [`SessionError::InUse`] when it is locked, [`SessionError::Io`] when its folder cannot be used.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, SessionError> {
        let path = path.into();
        let lock = lock_for(&path, &path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Where the session is kept.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, doing: &'static str, source: std::io::Error) -> SessionError {
        SessionError::Io { doing, path: self.path.clone(), source }
    }
}

impl SessionStorage for SessionFile {
    fn load(&mut self) -> Result<Option<SessionData>, SessionError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("read", error)),
        };
        let size = file.metadata().map_or(0, |meta| usize::try_from(meta.len()).unwrap_or(usize::MAX));
        let mut bytes = Zeroizing::new(Vec::with_capacity(size.min(format::LARGEST) + 1));
        let limit = format::LARGEST as u64 + 1;
        file.take(limit).read_to_end(&mut bytes).map_err(|error| self.failed("read", error))?;
        let content = if bytes.len() > format::LARGEST {
            Err(FormatError::Length { got: bytes.len(), need: format::LARGEST })
        } else {
            format::read(&bytes)
        };
        content.map(Some).map_err(|source| SessionError::Unusable { path: self.path.clone(), source })
    }

    fn save(&mut self, data: &SessionData) -> Result<(), SessionError> {
        let bytes = format::write(data);
        let folder = folder_of(&self.path);
        let write = || -> std::io::Result<()> {
            // `tempfile` creates with mode 0600 and a random name, and removes what was not persisted.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            file.persist(&self.path)?;
            sync_folder(folder)
        };
        write().map_err(|error| self.failed("write", error))
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A lock that ends with this value, or with the process.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

/// Locks `base` by the file beside it; an error names the session `named`.
pub(super) fn lock_for(base: &Path, named: &Path) -> Result<FileLock, SessionError> {
    let path = named.to_owned();
    match lock(base) {
        Ok(file) => Ok(FileLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(SessionError::InUse { path }),
        Err(TryLockError::Error(source)) => Err(SessionError::Io { doing: "lock", path, source }),
    }
}

fn lock(path: &Path) -> Result<File, TryLockError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(beside).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// Makes the new name survive a power cut. Other systems do it with the rename.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DcId;
    use crate::session::DcKey;

    fn sample() -> SessionData {
        let mut data = SessionData { home: Some(DcId(2)), ..SessionData::default() };
        data.keys.insert(DcId(2), DcKey { auth_key: [9; 256], salt: 1, time_offset: 0 });
        data
    }

    #[test]
    fn a_session_file_is_kept_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.session");
        let mut file = SessionFile::open(&path).unwrap();
        assert_eq!(file.load().unwrap(), None);
        assert!(!path.exists(), "nothing to keep yet");
        file.save(&sample()).unwrap();
        assert_eq!(file.load().unwrap(), Some(sample()));
        let names: Vec<_> = dir
            .path()
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names.len(), 2, "the session and its lock, no temporary file: {names:?}");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_session_file() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.session");
        SessionFile::open(&path).unwrap().save(&sample()).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_second_client_of_one_file_is_refused_until_the_first_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.session");
        let first = SessionFile::open(&path).unwrap();
        assert!(
            matches!(SessionFile::open(&path), Err(SessionError::InUse { path: named }) if named == path)
        );
        drop(first);
        SessionFile::open(&path).unwrap();
    }

    #[test]
    fn a_damaged_file_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.session");
        std::fs::write(&path, b"not a session").unwrap();
        let mut file = SessionFile::open(&path).unwrap();
        let error = file.load().unwrap_err();
        assert!(matches!(&error, SessionError::Unusable { source: FormatError::NotASession, .. }), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"not a session");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named_in_the_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("missing/a.session");
        let error = SessionFile::open(&path).unwrap_err();
        assert!(matches!(&error, SessionError::Io { doing: "lock", .. }), "{error}");
        assert!(error.to_string().contains("missing/a.session"), "{error}");
    }
}
