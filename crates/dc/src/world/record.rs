//! What is written down so that a restart finds everything again.
//!
//! The state is a fold over records: a running server makes them, a starting one replays them. A snapshot is the same
//! kind of records, only fewer.

use serde::{Deserialize, Serialize};

use super::{
    Editing, Sending,
    files::StoredFile,
    groups::Group,
    keys::{KeyRecord, Program},
    mailbox::Mailbox,
    password::StoredPassword,
    peer::PeerId,
    users::{User, UserId},
};

/// One change of the state.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Record {
    /// The secret behind access hashes.
    Secret([u8; 32]),
    /// The next number shared by both copies of a message.
    NextUid(u64),
    User(User),
    Contact {
        owner: UserId,
        contact: UserId,
    },
    Password {
        user: UserId,
        password: Option<StoredPassword>,
    },
    /// Everything of one user or channel; only in snapshots.
    Mail {
        user: PeerId,
        mail: Mailbox,
    },
    /// A group as it is after some change.
    Group(Group),
    File(StoredFile),
    Sent(Sending),
    Edited(Editing),
    Read {
        reader: UserId,
        peer: PeerId,
        max_id: i32,
    },
    Deleted {
        user: UserId,
        ids: Vec<i32>,
        both_sides: bool,
    },
    ChannelDeleted {
        user: UserId,
        channel: PeerId,
        ids: Vec<i32>,
        date: i32,
    },
    Key(KeyRecord),
    Login {
        key: i64,
        user: Option<UserId>,
    },
    Layer {
        key: i64,
        layer: i32,
    },
    Program {
        key: i64,
        program: Program,
    },
    Bound {
        temporary: i64,
        permanent: i64,
    },
    KeyGone {
        key: i64,
    },
}
