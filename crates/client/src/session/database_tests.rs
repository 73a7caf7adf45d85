use super::*;
use crate::config::DcId;
use crate::peer::{Peer, PeerKind};
use crate::session::{DcKey, SelfUser};

fn peer(id: i64, name: &str) -> Peer {
    Peer { name: name.into(), access_hash: Some(id * 3), ..Peer::new(PeerKind::User, id) }
}

/// A session with a key full of `byte`.
fn sample(byte: u8) -> SessionData {
    let mut data = SessionData { home: Some(DcId(2)), ..SessionData::default() };
    data.keys.insert(DcId(2), DcKey { auth_key: [byte; 256], salt: i64::from(byte), time_offset: 0 });
    data.user = Some(SelfUser { id: 777, bot: false });
    data.peers = vec![peer(1, "Ada"), peer(2, &format!("Bob {byte}"))];
    data
}

#[test]
fn accounts_are_kept_apart_and_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let database = SessionDatabase::open(&path, None).unwrap();
    let (one, two) = (database.account("one").unwrap(), database.account("two").unwrap());
    assert_eq!(one.load().unwrap(), None);
    one.save(&sample(1)).unwrap();
    two.save(&sample(2)).unwrap();
    database.set_note("one", b"beside it").unwrap();
    drop((one, two, database));
    let database = SessionDatabase::open(&path, None).unwrap();
    assert_eq!(database.accounts().unwrap(), ["one", "two"]);
    assert_eq!(database.account("one").unwrap().load().unwrap(), Some(sample(1)));
    assert_eq!(database.account("two").unwrap().load().unwrap(), Some(sample(2)));
    assert_eq!(database.note("one").unwrap().as_deref(), Some(&b"beside it"[..]));
    assert_eq!(database.note("two").unwrap(), None);
    assert!(database.remove("one").unwrap());
    assert!(!database.remove("one").unwrap());
    assert_eq!(database.accounts().unwrap(), ["two"]);
    assert_eq!(database.account("one").unwrap().load().unwrap(), None, "nothing is left of it");
}

#[test]
fn a_save_changes_what_changed_and_forgets_what_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let database = SessionDatabase::open(dir.path().join("a.db"), None).unwrap();
    let store = database.account("one").unwrap();
    let mut data = sample(1);
    store.save(&data).unwrap();
    data.peers.remove(0);
    data.peers.push(peer(9, "Carol"));
    data.peers[0].name = "Bobby".into();
    store.save(&data).unwrap();
    assert_eq!(store.load().unwrap().unwrap().peers, [peer(2, "Bobby"), peer(9, "Carol")]);
    let rows: i64 =
        database.shared.lock().query_row("SELECT count(*) FROM peer", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 2);
}

#[test]
fn an_account_is_used_by_one_client_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let (first, second) =
        (SessionDatabase::open(&path, None).unwrap(), SessionDatabase::open(&path, None).unwrap());
    let held = first.account("one").unwrap();
    assert!(matches!(second.account("one"), Err(SessionError::InUse { .. })));
    assert!(matches!(second.remove("one"), Err(SessionError::InUse { .. })));
    second.account("two").unwrap().save(&sample(2)).unwrap();
    drop(held);
    second.account("one").unwrap();
}

#[test]
fn an_encrypted_database_shows_nothing_and_opens_with_its_passphrase_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let right = Password::from("open sesame");
    let database = SessionDatabase::open(&path, Some(&right)).unwrap();
    let store = database.account("one").unwrap();
    store.save(&sample(0xa7)).unwrap();
    database.set_note("one", b"a note of mine").unwrap();
    assert_eq!(store.load().unwrap(), Some(sample(0xa7)));
    drop((store, database));
    for file in dir.path().read_dir().unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [&[0xa7; 32][..], b"Ada", b"Bob", b"a note of mine"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
    let missing = SessionDatabase::open(&path, None).unwrap_err();
    assert!(matches!(missing, SessionError::Encrypted { .. }), "{missing}");
    let wrong = SessionDatabase::open(&path, Some(&Password::from("guess"))).unwrap_err();
    assert!(matches!(wrong, SessionError::WrongPassphrase { .. }), "{wrong}");
    let database = SessionDatabase::open(&path, Some(&right)).unwrap();
    assert_eq!(database.account("one").unwrap().load().unwrap(), Some(sample(0xa7)));
    assert_eq!(database.note("one").unwrap().as_deref(), Some(&b"a note of mine"[..]));
    let plain = dir.path().join("plain.db");
    SessionDatabase::open(&plain, None).unwrap();
    let needless = SessionDatabase::open(&plain, Some(&right)).unwrap_err();
    assert!(matches!(needless, SessionError::NotEncrypted { .. }), "{needless}");
}

/// A crash may cut the write-ahead log anywhere: what is read afterwards was saved as a whole.
#[test]
fn a_log_cut_anywhere_leaves_one_whole_session() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let database = SessionDatabase::open(&path, None).unwrap();
    let store = database.account("one").unwrap();
    store.save(&sample(1)).unwrap();
    let log = |path: &Path| -> PathBuf { format!("{}-wal", path.display()).into() };
    let before = std::fs::metadata(log(&path)).unwrap().len();
    store.save(&sample(2)).unwrap();
    let (file, whole) = (std::fs::read(&path).unwrap(), std::fs::read(log(&path)).unwrap());
    assert!((whole.len() as u64) > before, "the log grows with a save");
    let mut seen = [0; 2];
    for cut in (before as usize..=whole.len()).step_by(257).chain([whole.len()]) {
        let copy = dir.path().join(format!("cut-{cut}.db"));
        std::fs::write(&copy, &file).unwrap();
        std::fs::write(log(&copy), &whole[..cut]).unwrap();
        let database = SessionDatabase::open(&copy, None).unwrap();
        let found = database.account("one").unwrap().load().unwrap().unwrap();
        let which = [sample(1), sample(2)].iter().position(|data| *data == found);
        seen[which.expect("one of both, whole")] += 1;
    }
    assert_eq!(seen[1], 1, "only the whole log brings the second save");
    assert!(seen[0] > 10);
}

#[test]
fn other_peoples_files_and_later_versions_are_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("text.db");
    std::fs::write(&text, "no database at all, only a text that is long enough to be looked at").unwrap();
    let kept = std::fs::read(&text).unwrap();
    assert!(SessionDatabase::open(&text, None).is_err());
    assert_eq!(std::fs::read(&text).unwrap(), kept);
    let other = dir.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let error = SessionDatabase::open(&other, None).unwrap_err();
    assert!(error.to_string().contains("belongs to another program"), "{error}");
    let later = dir.path().join("later.db");
    SessionDatabase::open(&later, None).unwrap();
    Connection::open(&later).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = SessionDatabase::open(&later, None).unwrap_err();
    assert!(error.to_string().contains("version 99"), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_database_and_its_log() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let database = SessionDatabase::open(dir.path().join("a.db"), None).unwrap();
    database.account("one").unwrap().save(&sample(1)).unwrap();
    for file in dir.path().read_dir().unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}
