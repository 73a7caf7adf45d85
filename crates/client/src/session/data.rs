//! The content of a session.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::config::DcId;
use crate::peer::Peer;

/// Everything an account needs to go on where it stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionData {
    /// The data center the account lives on, once known.
    pub home: Option<DcId>,
    /// One permanent key per data center.
    pub keys: BTreeMap<DcId, DcKey>,
    /// The account, once logged in.
    pub user: Option<SelfUser>,
    /// Where the stream of updates stands.
    pub updates: Option<UpdateState>,
    /// Users, chats and channels met, the latest last.
    pub peers: Vec<Peer>,
}

/// The key shared with one data center and what goes with it. `Debug` hides all of it but the offset.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DcKey {
    /// The authorization key, 256 bytes, leading zeros kept.
    pub auth_key: [u8; 256],
    /// The salt last known; an old one only costs one more round trip.
    pub salt: i64,
    /// Server time minus local time, in seconds, as last measured.
    pub time_offset: i64,
}

impl fmt::Debug for DcKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DcKey").field("time_offset", &self.time_offset).finish_non_exhaustive()
    }
}

/// The account that is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfUser {
    /// User id.
    pub id: i64,
    /// Whether the account is a bot.
    pub bot: bool,
}

/// Counters of the update streams. mtproto.md section 5.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateState {
    /// Events in private chats and basic groups.
    pub pts: i32,
    /// Events of this key (secret chats) or of a bot.
    pub qts: i32,
    /// Server time of the last event, unix seconds.
    pub date: i32,
    /// Number of the last ordered batch.
    pub seq: i32,
    /// Events of each channel by its id.
    pub channels: BTreeMap<i64, ChannelState>,
}

/// Counter of one channel's updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelState {
    /// Events seen.
    pub pts: i32,
}
