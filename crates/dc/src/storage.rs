//! The data directory: `state.log` with one record per line, `server.pem` with the RSA key, `lock` against a second
//! server.
//!
//! A line is eight hexadecimal digits (the start of the SHA-256 of the rest), a space, and a record as JSON. Lines are
//! appended as things happen, so a killed server loses nothing it had answered; after a power failure the last minute
//! may be missing. A last line that was cut is dropped at the next start. A start, and a log that has grown to several
//! times its snapshot, write a new file beside the old one and put it in its place.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use offhook_crypto::hash::sha256;
use tempfile::NamedTempFile;

use crate::world::record::Record;

const LOG: &str = "state.log";
const KEY: &str = "server.pem";
const LOCK: &str = "lock";
/// A log is not rewritten below this size.
const SMALL: u64 = 8 << 20;
/// Growth over the last snapshot after which the log is rewritten.
const GROWTH: u64 = 4;

/// An open data directory.
#[derive(Debug)]
pub(crate) struct Storage {
    dir: PathBuf,
    log: File,
    len: u64,
    snapshot_len: u64,
    /// Held as long as the directory is in use.
    _lock: File,
}

impl Storage {
    /// Opens or makes a directory and reads what it holds.
    pub(crate) fn open(dir: &Path) -> io::Result<(Self, Vec<Record>)> {
        fs::create_dir_all(dir)?;
        let lock = private().create(true).truncate(false).write(true).open(dir.join(LOCK))?;
        lock.try_lock().map_err(|_| io::Error::new(io::ErrorKind::WouldBlock, "in use by another server"))?;
        let path = dir.join(LOG);
        let (records, good) = match File::open(&path) {
            Ok(file) => read(file)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => (Vec::new(), 0),
            Err(error) => return Err(error),
        };
        let log = private().create(true).append(true).open(&path)?;
        // What follows the last whole line was cut by a crash.
        log.set_len(good)?;
        let storage = Self { dir: dir.to_owned(), log, len: good, snapshot_len: good, _lock: lock };
        Ok((storage, records))
    }

    /// The stored RSA key in PEM.
    pub(crate) fn key(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.dir.join(KEY)) {
            Ok(pem) => Ok(Some(pem)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores the RSA key.
    pub(crate) fn set_key(&self, pem: &str) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.dir)?;
        file.write_all(pem.as_bytes())?;
        self.put(file, KEY).map(drop)
    }

    /// Appends what has happened.
    pub(crate) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for record in records {
            write_line(&mut lines, record)?;
        }
        self.log.write_all(&lines)?;
        self.len += lines.len() as u64;
        Ok(())
    }

    /// Whether the log has grown so much that a snapshot pays.
    pub(crate) fn wants_snapshot(&self) -> bool {
        self.len > SMALL.max(self.snapshot_len * GROWTH)
    }

    /// Replaces the log by a snapshot, in one step.
    pub(crate) fn rewrite(&mut self, snapshot: &[Record]) -> io::Result<()> {
        let mut file = BufWriter::new(NamedTempFile::new_in(&self.dir)?);
        let mut len = 0;
        let mut line = Vec::new();
        for record in snapshot {
            line.clear();
            write_line(&mut line, record)?;
            file.write_all(&line)?;
            len += line.len() as u64;
        }
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.put(file, LOG)?;
        self.log = private().append(true).open(self.dir.join(LOG))?;
        self.len = len;
        self.snapshot_len = len;
        Ok(())
    }

    /// Makes sure that what was appended is on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.log.sync_data()
    }

    fn put(&self, file: NamedTempFile, name: &str) -> io::Result<File> {
        file.as_file().sync_all()?;
        let file = file.persist(self.dir.join(name)).map_err(|error| error.error)?;
        // The rename itself must reach the disk too.
        File::open(&self.dir)?.sync_all()?;
        Ok(file)
    }
}

/// Files hold keys: only their owner may read them.
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn write_line(out: &mut Vec<u8>, record: &Record) -> io::Result<()> {
    let json = serde_json::to_vec(record)?;
    write!(out, "{} ", checksum(&json))?;
    out.extend_from_slice(&json);
    out.push(b'\n');
    Ok(())
}

fn checksum(json: &[u8]) -> String {
    sha256(json)[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The records of a log, and the length of its good part.
fn read(file: File) -> io::Result<(Vec<Record>, u64)> {
    let mut reader = BufReader::new(file);
    let (mut records, mut good) = (Vec::new(), 0);
    let mut line = Vec::new();
    loop {
        line.clear();
        let len = reader.read_until(b'\n', &mut line)? as u64;
        if len == 0 {
            return Ok((records, good));
        }
        match parse_line(&line) {
            Some(record) => {
                records.push(record);
                good += len;
            }
            // Only the end can have been cut; anything else is damage that must not be overwritten.
            None if reader.fill_buf()?.is_empty() => return Ok((records, good)),
            None => {
                let reason = format!("line {} is damaged", records.len() + 1);
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
        }
    }
}

fn parse_line(line: &[u8]) -> Option<Record> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, json) = line.split_at_checked(9)?;
    if sum.strip_suffix(b" ")? != checksum(json).as_bytes() {
        return None;
    }
    serde_json::from_slice(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uids(records: &[Record]) -> Vec<u64> {
        let uid = |record: &Record| match record {
            Record::NextUid(uid) => *uid,
            other => panic!("{other:?}"),
        };
        records.iter().map(uid).collect()
    }

    #[test]
    fn what_was_appended_is_read_again_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let (mut storage, records) = Storage::open(dir.path()).unwrap();
        assert!(records.is_empty());
        storage.append(&[Record::NextUid(1), Record::NextUid(2)]).unwrap();
        storage.append(&[Record::NextUid(3)]).unwrap();
        drop(storage);
        let (mut storage, records) = Storage::open(dir.path()).unwrap();
        assert_eq!(uids(&records), [1, 2, 3]);
        storage.rewrite(&[Record::NextUid(9)]).unwrap();
        storage.append(&[Record::NextUid(10)]).unwrap();
        drop(storage);
        assert_eq!(uids(&Storage::open(dir.path()).unwrap().1), [9, 10]);
    }

    #[test]
    fn a_log_cut_anywhere_in_its_last_line_loses_that_line_only() {
        let dir = tempfile::tempdir().unwrap();
        let (mut storage, _) = Storage::open(dir.path()).unwrap();
        storage.append(&[Record::NextUid(1), Record::NextUid(2)]).unwrap();
        drop(storage);
        let path = dir.path().join(LOG);
        let whole = fs::read(&path).unwrap();
        let line = whole.len() / 2;
        for len in line..whole.len() {
            fs::write(&path, &whole[..len]).unwrap();
            let (mut storage, records) = Storage::open(dir.path()).unwrap();
            assert_eq!(uids(&records), [1], "{len} bytes");
            storage.append(&[Record::NextUid(7)]).unwrap();
            drop(storage);
            assert_eq!(uids(&Storage::open(dir.path()).unwrap().1), [1, 7], "{len} bytes");
        }
    }

    #[test]
    fn damage_inside_a_log_is_reported_and_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let (mut storage, _) = Storage::open(dir.path()).unwrap();
        storage.append(&[Record::NextUid(1), Record::NextUid(2)]).unwrap();
        drop(storage);
        let path = dir.path().join(LOG);
        let mut bytes = fs::read(&path).unwrap();
        bytes[12] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let error = Storage::open(dir.path()).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (io::ErrorKind::InvalidData, "line 1 is damaged")
        );
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }

    #[test]
    fn a_directory_serves_one_server_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = Storage::open(dir.path()).unwrap();
        assert_eq!(Storage::open(dir.path()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        drop(first);
        assert!(Storage::open(dir.path()).is_ok());
    }

    #[test]
    fn files_with_keys_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (mut storage, _) = Storage::open(dir.path()).unwrap();
        storage.set_key("pem").unwrap();
        storage.append(&[Record::NextUid(1)]).unwrap();
        let mode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(LOG), mode(KEY)), (0o600, 0o600));
        storage.rewrite(&[]).unwrap();
        assert_eq!(mode(LOG), 0o600);
        assert_eq!(storage.key().unwrap().as_deref(), Some("pem"));
    }
}
