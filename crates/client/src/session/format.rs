//! The bytes of a session file.
//!
//! ```text
//! magic     16  "offhook session\n"
//! version    4  u32, little-endian; this is version 1
//! length     4  u32, bytes of the body
//! body       -  sections: tag u8, length u32, content
//! checksum  32  SHA-256 of everything before it
//! ```
//!
//! A reader skips sections whose tag it does not know, so a later version can add some without a new version number.
//! A change that an old reader would misread gets a new version number, and old readers then refuse the file.

use offhook_crypto::hash::sha256;
use zeroize::Zeroizing;

use super::data::{ChannelState, DcKey, SelfUser, SessionData, UpdateState};
use crate::config::DcId;
use crate::peer::{Peer, PeerKind};

const MAGIC: &[u8; 16] = b"offhook session\n";
const VERSION: u32 = 1;
const HEAD: usize = MAGIC.len() + 4 + 4;
const CHECKSUM: usize = 32;

/// Largest file that is read: far above 10,000 peers with names.
pub(super) const LARGEST: usize = 16 << 20;

const TAG_HOME: u8 = 1;
const TAG_KEY: u8 = 2;
const TAG_USER: u8 = 3;
const TAG_UPDATES: u8 = 4;
const TAG_PEER: u8 = 5;

/// What is wrong with the content of a session file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It does not start like a session file.
    #[error("it is not an offhook session file")]
    NotASession,
    /// A later version of this program wrote it.
    #[error("it has version {got} and this program reads up to {known}; use a newer offhook")]
    FutureVersion {
        /// Version of the file.
        got: u32,
        /// Highest version this program reads.
        known: u32,
    },
    /// It ends early or goes on after its end.
    #[error("it is {got} bytes long and should be {need}; restore a backup or log in again with a new file")]
    Length {
        /// Bytes in the file.
        got: usize,
        /// Bytes its header announces.
        need: usize,
    },
    /// Some byte is not the one that was written.
    #[error("its checksum does not match; restore a backup or log in again with a new file")]
    Checksum,
    /// The checksum holds but the content makes no sense.
    #[error("its section {tag} cannot be read; log in again with a new file")]
    Section {
        /// Tag of the section.
        tag: u8,
    },
}

pub(super) fn write(data: &SessionData) -> Zeroizing<Vec<u8>> {
    write_with(data, &data.peers)
}

/// Everything but the peers.
pub(super) fn write_state(data: &SessionData) -> Zeroizing<Vec<u8>> {
    write_with(data, &[])
}

/// One peer by itself.
pub(super) fn peer_bytes(peer: &Peer) -> Vec<u8> {
    let mut out = Vec::new();
    write_peer(&mut out, peer);
    out
}

/// Reads what [`peer_bytes`] wrote.
pub(super) fn peer_from_bytes(bytes: &[u8]) -> Option<Peer> {
    read_peer(Reader(bytes))
}

fn write_with(data: &SessionData, peers: &[Peer]) -> Zeroizing<Vec<u8>> {
    // Grown once, so that no copy of a key stays behind in memory that was given back.
    let channels = data.updates.as_ref().map_or(0, |state| state.channels.len());
    let room = 1024 + data.keys.len() * 320 + channels * 16 + peers.len() * 256;
    let mut out = Zeroizing::new(Vec::with_capacity(room));
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    if let Some(home) = data.home {
        section(&mut out, TAG_HOME, |out| out.extend_from_slice(&home.0.to_le_bytes()));
    }
    for (dc, key) in &data.keys {
        section(&mut out, TAG_KEY, |out| {
            out.extend_from_slice(&dc.0.to_le_bytes());
            out.extend_from_slice(&key.salt.to_le_bytes());
            out.extend_from_slice(&key.time_offset.to_le_bytes());
            out.extend_from_slice(&key.auth_key);
        });
    }
    if let Some(user) = data.user {
        section(&mut out, TAG_USER, |out| {
            out.extend_from_slice(&user.id.to_le_bytes());
            out.push(u8::from(user.bot));
        });
    }
    if let Some(state) = &data.updates {
        section(&mut out, TAG_UPDATES, |out| {
            for counter in [state.pts, state.qts, state.date, state.seq] {
                out.extend_from_slice(&counter.to_le_bytes());
            }
            for (id, channel) in &state.channels {
                out.extend_from_slice(&id.to_le_bytes());
                out.extend_from_slice(&channel.pts.to_le_bytes());
            }
        });
    }
    for peer in peers {
        section(&mut out, TAG_PEER, |out| write_peer(out, peer));
    }
    let length = u32::try_from(out.len() - HEAD).unwrap_or(u32::MAX);
    out[MAGIC.len() + 4..HEAD].copy_from_slice(&length.to_le_bytes());
    let checksum = sha256(&out);
    out.extend_from_slice(&checksum);
    out
}

pub(super) fn read(bytes: &[u8]) -> Result<SessionData, FormatError> {
    let body = open(bytes)?;
    let mut data = SessionData::default();
    let mut rest = Reader(body);
    while !rest.0.is_empty() {
        let bad_end = FormatError::Section { tag: 0 };
        let tag = rest.byte().ok_or(bad_end)?;
        let length = rest.u32().ok_or(bad_end)? as usize;
        let content = rest.take(length).ok_or(FormatError::Section { tag })?;
        read_section(&mut data, tag, Reader(content)).ok_or(FormatError::Section { tag })?;
    }
    Ok(data)
}

/// Checks everything around the body and returns the body.
fn open(bytes: &[u8]) -> Result<&[u8], FormatError> {
    if !bytes.starts_with(MAGIC) {
        return Err(FormatError::NotASession);
    }
    let mut head = Reader(&bytes[MAGIC.len()..]);
    let short = FormatError::Length { got: bytes.len(), need: HEAD + CHECKSUM };
    // The version comes first: a later one may lay out the rest differently.
    let version = head.u32().ok_or(short)?;
    if version > VERSION {
        return Err(FormatError::FutureVersion { got: version, known: VERSION });
    }
    let length = head.u32().ok_or(short)? as usize;
    let need = HEAD + length + CHECKSUM;
    if bytes.len() != need {
        return Err(FormatError::Length { got: bytes.len(), need });
    }
    let (content, checksum) = bytes.split_at(HEAD + length);
    if sha256(content) != checksum {
        return Err(FormatError::Checksum);
    }
    Ok(&content[HEAD..])
}

fn section(out: &mut Vec<u8>, tag: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    out.push(tag);
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    fill(out);
    let length = u32::try_from(out.len() - at - 4).unwrap_or(u32::MAX);
    out[at..at + 4].copy_from_slice(&length.to_le_bytes());
}

fn read_section(data: &mut SessionData, tag: u8, mut content: Reader<'_>) -> Option<()> {
    match tag {
        TAG_HOME => data.home = Some(DcId(content.i32()?)),
        TAG_KEY => {
            let dc = DcId(content.i32()?);
            let salt = content.i64()?;
            let time_offset = content.i64()?;
            let auth_key = *content.take(256)?.first_chunk()?;
            data.keys.insert(dc, DcKey { auth_key, salt, time_offset });
        }
        TAG_USER => data.user = Some(SelfUser { id: content.i64()?, bot: content.byte()? != 0 }),
        TAG_UPDATES => data.updates = Some(read_updates(content)?),
        TAG_PEER => data.peers.push(read_peer(content)?),
        _ => {}
    }
    Some(())
}

fn read_updates(mut content: Reader<'_>) -> Option<UpdateState> {
    let mut state = UpdateState {
        pts: content.i32()?,
        qts: content.i32()?,
        date: content.i32()?,
        seq: content.i32()?,
        ..UpdateState::default()
    };
    while !content.0.is_empty() {
        let id = content.i64()?;
        state.channels.insert(id, ChannelState { pts: content.i32()? });
    }
    Some(state)
}

fn write_peer(out: &mut Vec<u8>, peer: &Peer) {
    out.push(match peer.kind {
        PeerKind::User => 1,
        PeerKind::Chat => 2,
        PeerKind::Channel => 3,
    });
    out.push(u8::from(peer.min) | u8::from(peer.bot) << 1);
    out.extend_from_slice(&peer.id.to_le_bytes());
    out.extend_from_slice(&peer.access_hash.unwrap_or_default().to_le_bytes());
    out.push(u8::from(peer.access_hash.is_some()));
    for text in [Some(peer.name.as_str()), peer.username.as_deref(), peer.phone.as_ref().map(|p| p.digits())]
    {
        let text = text.unwrap_or_default().as_bytes();
        let length = u16::try_from(text.len()).unwrap_or(0);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&text[..usize::from(length)]);
    }
}

fn read_peer(mut content: Reader<'_>) -> Option<Peer> {
    let kind = match content.byte()? {
        1 => PeerKind::User,
        2 => PeerKind::Chat,
        3 => PeerKind::Channel,
        _ => return None,
    };
    let flags = content.byte()?;
    let id = content.i64()?;
    let hash = content.i64()?;
    let has_hash = content.byte()? != 0;
    let name = content.text()?;
    let username = content.text()?;
    let phone = content.text()?;
    Some(Peer {
        kind,
        id,
        access_hash: has_hash.then_some(hash),
        min: flags & 1 != 0,
        bot: flags & 2 != 0,
        name,
        username: (!username.is_empty()).then_some(username),
        phone: phone.parse().ok(),
    })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.first_chunk().copied()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_le_bytes)
    }

    fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::from(u16::from_le_bytes(self.array()?));
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> SessionData {
        let mut data = SessionData { home: Some(DcId(2)), ..SessionData::default() };
        let mut auth_key = [7; 256];
        auth_key[0] = 0;
        data.keys.insert(DcId(2), DcKey { auth_key, salt: -5, time_offset: 300 });
        data.user = Some(SelfUser { id: 777, bot: true });
        data.updates = Some(UpdateState {
            pts: 10,
            qts: 20,
            date: 1_700_000_000,
            seq: 3,
            channels: [(55, ChannelState { pts: 9 })].into(),
        });
        data.peers.push(Peer {
            kind: PeerKind::User,
            id: 1 << 40,
            access_hash: Some(-1),
            min: false,
            bot: false,
            name: "Ada Lovelace".to_owned(),
            username: Some("ada".to_owned()),
            phone: "+441234567".parse().ok(),
        });
        data.peers.push(Peer { kind: PeerKind::Chat, ..Peer::new(PeerKind::Chat, 4) });
        data
    }

    #[test]
    fn what_was_written_is_read_again() {
        assert_eq!(read(&write(&sample())), Ok(sample()));
        assert_eq!(read(&write(&SessionData::default())), Ok(SessionData::default()));
    }

    #[test]
    fn every_truncation_is_refused() {
        let whole = write(&sample());
        for length in 0..whole.len() {
            let error = read(&whole[..length]).unwrap_err();
            let expected = if length < MAGIC.len() {
                FormatError::NotASession
            } else if length < HEAD {
                FormatError::Length { got: length, need: HEAD + CHECKSUM }
            } else {
                FormatError::Length { got: length, need: whole.len() }
            };
            assert_eq!(error, expected, "{length} bytes");
        }
    }

    #[test]
    fn every_flipped_bit_after_the_header_fails_the_checksum() {
        let whole = write(&sample());
        for at in HEAD..whole.len() {
            let mut bytes = whole.to_vec();
            bytes[at] ^= 0x10;
            assert_eq!(read(&bytes), Err(FormatError::Checksum), "byte {at}");
        }
    }

    #[test]
    fn a_later_version_is_refused_by_name() {
        let mut bytes = write(&sample()).to_vec();
        bytes[MAGIC.len()..MAGIC.len() + 4].copy_from_slice(&2u32.to_le_bytes());
        assert_eq!(read(&bytes), Err(FormatError::FutureVersion { got: 2, known: 1 }));
    }

    #[test]
    fn an_unknown_section_is_skipped() {
        let mut bytes = write(&SessionData { home: Some(DcId(3)), ..SessionData::default() }).to_vec();
        bytes.truncate(bytes.len() - CHECKSUM);
        section(&mut bytes, 200, |out| out.extend_from_slice(b"from the future"));
        let length = u32::try_from(bytes.len() - HEAD).unwrap();
        bytes[MAGIC.len() + 4..HEAD].copy_from_slice(&length.to_le_bytes());
        let checksum = sha256(&bytes);
        bytes.extend_from_slice(&checksum);
        assert_eq!(read(&bytes).unwrap().home, Some(DcId(3)));
    }
}
