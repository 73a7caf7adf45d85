//! Parts of files on their way in, until somebody makes a message or a picture of them.
//!
//! Rules of the method pages of `upload.saveFilePart` and `upload.saveBigFilePart`: all parts but the last have one size,
//! a multiple of 1,024 that divides 524,288; parts come in any order and a repeated one replaces the earlier.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bytes::Bytes;
use md5::{Digest, Md5};
use offhook_mtproto::RpcError;

use super::bad;
use crate::calls::Device;

/// Largest part.
const LARGEST_PART: usize = 512 << 10;
/// Most parts of a file.
const MOST_PARTS: i32 = 4_000;
/// How long parts wait for the rest.
const PATIENCE: Duration = Duration::from_secs(3 * 60 * 60);

/// Which file of whom.
pub(super) type UploadId = (Device, i64);

/// One part as a client sends it.
pub(super) struct Part {
    pub number: i32,
    /// Of a big file: how many parts it has; -1 while the client does not know.
    pub total: Option<i32>,
    pub bytes: Bytes,
}

#[derive(Debug)]
struct Upload {
    parts: BTreeMap<i32, Bytes>,
    total: Option<i32>,
    touched: Instant,
}

impl Upload {
    fn len(&self) -> usize {
        self.parts.values().map(Bytes::len).sum()
    }

    /// Checks the sizes of the parts that cannot be the last.
    fn check_sizes(&self) -> Result<(), RpcError> {
        let newest = self.parts.last_key_value().map_or(0, |(number, _)| *number);
        let last = self.total.map_or(newest, |total| total - 1);
        let mut sizes = self.parts.range(..last).map(|(_, part)| part.len());
        let Some(first) = sizes.next() else { return Ok(()) };
        if !first.is_multiple_of(1_024) || first == 0 || !LARGEST_PART.is_multiple_of(first) {
            return Err(bad("FILE_PART_SIZE_INVALID"));
        }
        if sizes.any(|size| size != first) {
            return Err(bad("FILE_PART_SIZE_CHANGED"));
        }
        Ok(())
    }
}

/// All files that are not complete or not used yet.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    open: BTreeMap<UploadId, Upload>,
}

impl Uploads {
    /// Keeps a part. Together the parts may have `room` bytes; files nobody has touched for hours are forgotten first.
    /// `full` is the error when that does not help.
    pub(super) fn save(
        &mut self,
        id: UploadId,
        part: Part,
        room: usize,
        now: Instant,
        full: impl FnOnce() -> RpcError,
    ) -> Result<(), RpcError> {
        let Part { number, total, bytes } = part;
        let total = total.filter(|total| *total != -1);
        if total.is_some_and(|total| !(1..=MOST_PARTS).contains(&total)) {
            return Err(bad("FILE_PARTS_INVALID"));
        }
        if !(0..total.unwrap_or(MOST_PARTS)).contains(&number) {
            return Err(bad("FILE_PART_INVALID"));
        }
        if bytes.len() > LARGEST_PART {
            return Err(bad("FILE_PART_TOO_BIG"));
        }
        // Who streams may learn only after the last full part that it was the last.
        if bytes.is_empty() && total != Some(number + 1) {
            return Err(bad("FILE_PART_EMPTY"));
        }
        self.open.retain(|_, upload| now.saturating_duration_since(upload.touched) < PATIENCE);
        if self.bytes() + bytes.len() > room {
            return Err(full());
        }
        let new = || Upload { parts: BTreeMap::new(), total: None, touched: now };
        let upload = self.open.entry(id).or_insert_with(new);
        let (old, old_total) = (upload.parts.insert(number, bytes), upload.total);
        upload.total = total.or(old_total);
        upload.touched = now;
        let checked = upload.check_sizes();
        if checked.is_err() {
            // A refused part leaves no trace.
            upload.total = old_total;
            match old {
                Some(old) => drop(upload.parts.insert(number, old)),
                None => drop(upload.parts.remove(&number)),
            }
        }
        checked
    }

    /// Takes a complete file out. `md5` is the checksum in hexadecimal, empty when the client has none.
    pub(super) fn take(&mut self, id: UploadId, parts: i32, md5: &str) -> Result<Bytes, RpcError> {
        if !(1..=MOST_PARTS).contains(&parts) {
            return Err(bad("FILE_PARTS_INVALID"));
        }
        let upload = self.open.get(&id).ok_or_else(|| bad("FILE_PART_0_MISSING"))?;
        if let Some(missing) = (0..parts).find(|number| !upload.parts.contains_key(number)) {
            return Err(bad(&format!("FILE_PART_{missing}_MISSING")));
        }
        if upload.parts.range(parts..).next().is_some() {
            return Err(bad("FILE_PARTS_INVALID"));
        }
        upload.check_sizes()?;
        let mut whole = Vec::with_capacity(upload.len());
        upload.parts.values().for_each(|part| whole.extend_from_slice(part));
        if whole.is_empty() {
            return Err(bad("FILE_PART_EMPTY"));
        }
        let sum = || Md5::digest(&whole).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        if !md5.is_empty() && !md5.eq_ignore_ascii_case(&sum()) {
            return Err(bad("MD5_CHECKSUM_INVALID"));
        }
        self.open.remove(&id);
        Ok(whole.into())
    }

    /// Bytes of all parts together.
    pub(super) fn bytes(&self) -> usize {
        self.open.values().map(Upload::len).sum()
    }
}
