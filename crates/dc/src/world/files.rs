//! Photos and documents that somebody sent or showed. They are kept as they came: nothing is scaled or converted.

use std::{collections::BTreeMap, fmt};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{World, record::Record, users::UserId};

/// The number of the first file.
const FIRST_FILE: i64 = 7_000_000_001;

/// The content of a file. Stored as base64, shown as its length.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Content(pub bytes::Bytes);

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(STANDARD.decode(text).map_err(D::Error::custom)?.into()))
    }
}

/// How a picture is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Picture {
    Jpeg,
    Png,
}

/// What a file is to its readers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FileKind {
    Photo {
        picture: Picture,
        width: i32,
        height: i32,
    },
    /// `attributes` are schema JSON.
    Document {
        mime: String,
        attributes: Vec<serde_json::Value>,
    },
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    pub id: i64,
    pub date: i32,
    pub kind: FileKind,
    pub content: Content,
}

/// All files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    by_id: BTreeMap<i64, StoredFile>,
    bytes: usize,
}

impl Files {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &StoredFile> {
        self.by_id.values()
    }
}

impl World {
    pub(crate) fn file(&self, id: i64) -> Option<&StoredFile> {
        self.files.by_id.get(&id)
    }

    /// Bytes of all files together, and the bound on them.
    pub(crate) fn file_room(&self) -> (usize, usize) {
        (self.files.bytes, self.limits.file_bytes)
    }

    /// Keeps a file. `None` when there is no room for it.
    pub(crate) fn add_file(&mut self, kind: FileKind, date: i32, content: bytes::Bytes) -> Option<i64> {
        if self.files.bytes + content.len() > self.limits.file_bytes {
            return None;
        }
        let id = self.files.by_id.last_key_value().map_or(FIRST_FILE, |(id, _)| id + 1);
        self.insert_file(StoredFile { id, date, kind, content: Content(content) });
        Some(id)
    }

    pub(super) fn insert_file(&mut self, file: StoredFile) {
        self.records.push(Record::File(file.clone()));
        self.files.bytes += file.content.0.len();
        self.files.by_id.insert(file.id, file);
    }

    /// The number by which `viewer` must name a file.
    pub(crate) fn file_hash(&self, viewer: UserId, file: i64) -> i64 {
        self.hash(viewer, b"file", file)
    }

    /// What proves that a viewer was shown a file. Clients must send it and cannot make it.
    pub(crate) fn file_reference(&self, viewer: UserId, file: i64) -> Vec<u8> {
        self.hash(viewer, b"reference", file).to_le_bytes().to_vec()
    }
}

/// How a picture is packed, its width and its height, as its head says. `None`: neither JPEG nor PNG.
pub(crate) fn picture(bytes: &[u8]) -> Option<(Picture, i32, i32)> {
    png(bytes).or_else(|| jpeg(bytes)).filter(|(_, width, height)| *width > 0 && *height > 0)
}

/// PNG (RFC 2083, 4.1.1): eight bytes of signature, then the chunk IHDR with width and height.
fn png(bytes: &[u8]) -> Option<(Picture, i32, i32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let side = |at: usize| Some(i32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    (rest.get(4..8)? == b"IHDR").then_some(())?;
    Some((Picture::Png, side(8)?, side(12)?))
}

/// JPEG (ITU T.81, B.1.1.4): segments of a marker and a length, until the frame header with height and width.
fn jpeg(bytes: &[u8]) -> Option<(Picture, i32, i32)> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, marker, high, low] = *rest.first_chunk()? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        // Start of frame, but not the tables DHT and DAC nor the reserved JPG.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side = |at: usize| Some(i32::from(u16::from_be_bytes([*rest.get(at)?, *rest.get(at + 1)?])));
            return Some((Picture::Jpeg, side(7)?, side(5)?));
        }
        rest = rest.get(2 + length..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x01\xe0\x02\x80\x01\x01\x11\x00";

    #[test]
    fn the_sides_of_a_picture_are_read_and_every_cut_one_is_refused() {
        assert_eq!(picture(PNG), Some((Picture::Png, 640, 480)));
        assert_eq!(picture(JPEG), Some((Picture::Jpeg, 640, 480)));
        for len in 0..PNG.len() {
            assert_eq!(picture(&PNG[..len]), None, "{len} bytes of a PNG");
        }
        for len in 0..17 {
            assert_eq!(picture(&JPEG[..len]), None, "{len} bytes of a JPEG");
        }
        assert_eq!(picture(b"GIF89a"), None);
    }

    #[test]
    fn content_is_stored_as_base64() {
        let content = Content(vec![0, 255, 7].into());
        let text = serde_json::to_string(&content).unwrap();
        assert_eq!(text, "\"AP8H\"");
        assert_eq!(serde_json::from_str::<Content>(&text).unwrap(), content);
    }
}
