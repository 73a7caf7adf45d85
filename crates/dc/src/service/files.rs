//! `upload.*`: files in parts up, and in pieces down. Photos and documents as they are shown.

use bytes::Bytes;
use offhook_crypto::hash::sha256;
use offhook_mtproto::RpcError;
use offhook_tl::{Object, Schema, Value, from_json, to_json};

use super::{
    Asker, Service, bad,
    build::{list, object},
    uploads::Part,
};
use crate::world::{
    files::{FileKind, Picture, StoredFile, picture},
    mailbox::Media,
    users::UserId,
};

/// No read may cross a multiple of this.
const BLOCK: i64 = 1 << 20;
/// Bytes covered by one hash.
const HASHED: usize = 128 << 10;
/// Hashes in one answer.
const MOST_HASHES: usize = 16;
/// Attributes kept per document.
const MOST_ATTRIBUTES: usize = 16;
/// Longest name of a type.
const LONGEST_MIME: usize = 128;

impl Service {
    pub(super) fn upload_save_part(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        asker.logged_in()?;
        let part = Part {
            number: request.int("file_part").unwrap_or(-1),
            total: request.int("file_total_parts"),
            bytes: Bytes::copy_from_slice(request.bytes("bytes").unwrap_or(&[])),
        };
        let id = (asker.device, request.long("file_id").unwrap_or(0));
        let (kept, most) = self.world.file_room();
        self.uploads.save(id, part, most.saturating_sub(kept), asker.now.instant, || full(most))?;
        Ok(Value::Bool(true))
    }

    pub(super) fn upload_get_file(&mut self, asker: &Asker, request: &Object) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let offset = request.long("offset").unwrap_or(0);
        let limit = request.int("limit").unwrap_or(0);
        check_piece(offset, i64::from(limit), request.flag("precise"))?;
        let file = self.located(own, request.object("location"))?;
        let content = &file.content.0;
        // A read past the end is empty: clients read until a short piece.
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(content.len());
        let end = start.saturating_add(usize::try_from(limit).unwrap_or(0)).min(content.len());
        Ok(object("upload.file")
            .with("type", object(file_type(&file.kind)))
            .with("mtime", file.date)
            .with("bytes", &content[start..end])
            .into())
    }

    pub(super) fn upload_get_file_hashes(
        &mut self,
        asker: &Asker,
        request: &Object,
    ) -> Result<Value, RpcError> {
        let own = asker.logged_in()?;
        let file = self.located(own, request.object("location"))?;
        let offset = request.long("offset").and_then(|offset| usize::try_from(offset).ok());
        let first = offset.ok_or_else(|| bad("OFFSET_INVALID"))? / HASHED;
        let pieces = file.content.0.chunks(HASHED).enumerate().skip(first).take(MOST_HASHES);
        Ok(list(pieces.map(|(index, piece)| {
            object("fileHash")
                .with("offset", i64::try_from(index * HASHED).unwrap_or(i64::MAX))
                .with("limit", i32::try_from(piece.len()).unwrap_or(i32::MAX))
                .with("hash", sha256(piece).to_vec())
        })))
    }

    /// Makes a photo of an uploaded file.
    pub(super) fn take_photo(&mut self, asker: &Asker, input: Option<&Object>) -> Result<i64, RpcError> {
        let content = self.take_upload(asker, input)?;
        let (picture, width, height) = picture(&content).ok_or_else(|| bad("IMAGE_PROCESS_FAILED"))?;
        self.keep(FileKind::Photo { picture, width, height }, content, asker)
    }

    /// Makes a document of an uploaded file.
    pub(super) fn take_document(&mut self, asker: &Asker, input: &Object) -> Result<i64, RpcError> {
        let mime: String = input.str("mime_type").unwrap_or("").chars().take(LONGEST_MIME).collect();
        let attributes = input.vector("attributes").unwrap_or(&[]).iter().take(MOST_ATTRIBUTES).map(to_json);
        let kind = FileKind::Document { mime, attributes: attributes.collect() };
        let content = self.take_upload(asker, input.object("file"))?;
        self.keep(kind, content, asker)
    }

    /// The photo an `InputPhoto` names.
    pub(super) fn named_photo(
        &self,
        own: UserId,
        input: Option<&Object>,
        error: &str,
    ) -> Result<i64, RpcError> {
        let input = input.filter(|it| it.name() == "inputPhoto").ok_or_else(|| bad(error))?;
        let file = self.named_file(own, input, error)?;
        if matches!(file.kind, FileKind::Photo { .. }) { Ok(file.id) } else { Err(bad(error)) }
    }

    /// The document an `InputDocument` names.
    pub(super) fn named_document(&self, own: UserId, input: Option<&Object>) -> Result<i64, RpcError> {
        let invalid = || bad("MEDIA_INVALID");
        let input = input.filter(|it| it.name() == "inputDocument").ok_or_else(invalid)?;
        let file = self.named_file(own, input, "MEDIA_INVALID")?;
        if matches!(file.kind, FileKind::Document { .. }) { Ok(file.id) } else { Err(invalid()) }
    }

    /// What is attached to a message, as `viewer` sees it.
    pub(super) fn media(&self, viewer: UserId, media: Media) -> Object {
        match media {
            Media::Photo(id) => object("messageMediaPhoto").with_opt("photo", self.photo(viewer, id)),
            Media::Document(id) => {
                object("messageMediaDocument").with_opt("document", self.document(viewer, id))
            }
        }
    }

    /// A photo as `viewer` sees it: in its one size.
    pub(super) fn photo(&self, viewer: UserId, id: i64) -> Option<Object> {
        let file = self.world.file(id)?;
        let FileKind::Photo { width, height, .. } = file.kind else { return None };
        let size = object("photoSize")
            .with("type", size_letter(width, height))
            .with("w", width)
            .with("h", height)
            .with("size", i32::try_from(file.content.0.len()).unwrap_or(i32::MAX));
        Some(self.shown_file("photo", viewer, file).with("sizes", vec![size]))
    }

    fn document(&self, viewer: UserId, id: i64) -> Option<Object> {
        let file = self.world.file(id)?;
        let FileKind::Document { mime, attributes } = &file.kind else { return None };
        let attributes = attributes.iter().filter_map(|it| from_json(Schema::api(), it).ok());
        Some(
            self.shown_file("document", viewer, file)
                .with("mime_type", mime.as_str())
                .with("size", i64::try_from(file.content.0.len()).unwrap_or(i64::MAX))
                .with("attributes", list(attributes)),
        )
    }

    fn shown_file(&self, name: &'static str, viewer: UserId, file: &StoredFile) -> Object {
        object(name)
            .with("id", file.id)
            .with("access_hash", self.world.file_hash(viewer, file.id))
            .with("file_reference", self.world.file_reference(viewer, file.id))
            .with("date", file.date)
            .with("dc_id", self.config.dc_id)
    }

    /// The file behind `id`, `access_hash` and `file_reference`.
    fn named_file(&self, own: UserId, input: &Object, error: &str) -> Result<&StoredFile, RpcError> {
        let file = self.world.file(input.long("id").unwrap_or(0)).ok_or_else(|| bad(error))?;
        if input.long("access_hash") != Some(self.world.file_hash(own, file.id)) {
            return Err(bad(error));
        }
        match input.bytes("file_reference") {
            None | Some([]) => Err(bad("FILE_REFERENCE_EMPTY")),
            Some(reference) if reference == self.world.file_reference(own, file.id) => Ok(file),
            Some(_) => Err(bad("FILE_REFERENCE_INVALID")),
        }
    }

    /// The file at an `InputFileLocation`.
    fn located(&self, own: UserId, location: Option<&Object>) -> Result<&StoredFile, RpcError> {
        let invalid = || bad("LOCATION_INVALID");
        let location = location.ok_or_else(invalid)?;
        let size = location.str("thumb_size").unwrap_or("");
        match location.name() {
            "inputDocumentFileLocation" => {
                let file = self.named_file(own, location, "FILE_ID_INVALID")?;
                // Documents have no smaller pictures here.
                let whole = matches!(file.kind, FileKind::Document { .. }) && size.is_empty();
                if whole { Ok(file) } else { Err(invalid()) }
            }
            "inputPhotoFileLocation" => {
                let file = self.named_file(own, location, "FILE_ID_INVALID")?;
                match file.kind {
                    FileKind::Photo { width, height, .. } if size == size_letter(width, height) => Ok(file),
                    _ => Err(invalid()),
                }
            }
            "inputPeerPhotoFileLocation" => {
                let peer = self.named_peer(own, location.object("peer"), "PEER_ID_INVALID")?;
                let user = peer.user().and_then(|user| self.world.users().by_id(user)).ok_or_else(invalid)?;
                let id = location.long("photo_id").filter(|id| user.photos.contains(id));
                id.and_then(|id| self.world.file(id)).ok_or_else(invalid)
            }
            _ => Err(invalid()),
        }
    }

    fn take_upload(&mut self, asker: &Asker, input: Option<&Object>) -> Result<Bytes, RpcError> {
        let input = input.filter(|it| matches!(it.name(), "inputFile" | "inputFileBig"));
        let input = input.ok_or_else(|| bad("FILE_ID_INVALID"))?;
        let id = (asker.device, input.long("id").unwrap_or(0));
        let md5 = input.str("md5_checksum").unwrap_or("");
        self.uploads.take(id, input.int("parts").unwrap_or(0), md5)
    }

    fn keep(&mut self, kind: FileKind, content: Bytes, asker: &Asker) -> Result<i64, RpcError> {
        let (kept, most) = self.world.file_room();
        // Parts of other files keep their room.
        let fits = kept + self.uploads.bytes() + content.len() <= most;
        let id = if fits { self.world.add_file(kind, asker.date(), content) } else { None };
        id.ok_or_else(|| full(most))
    }
}

/// The error of a server that keeps as many bytes as it may.
fn full(most: usize) -> RpcError {
    bad(&format!("FILE_STORAGE_FULL_{most}"))
}

/// Which pieces may be asked for (core.telegram.org/api/files, "Downloading files").
fn check_piece(offset: i64, limit: i64, precise: bool) -> Result<(), RpcError> {
    let step = if precise { 1 << 10 } else { 4 << 10 };
    if offset < 0 || offset % step != 0 {
        return Err(bad("OFFSET_INVALID"));
    }
    let fits = limit > 0 && limit <= BLOCK && limit % step == 0 && (precise || BLOCK % limit == 0);
    if !fits || offset / BLOCK != (offset.saturating_add(limit) - 1) / BLOCK {
        return Err(bad("LIMIT_INVALID"));
    }
    Ok(())
}

/// The letter of the smallest box a picture fits in.
fn size_letter(width: i32, height: i32) -> &'static str {
    match width.max(height) {
        ..=320 => "m",
        321..=800 => "x",
        801..=1280 => "y",
        _ => "w",
    }
}

fn file_type(kind: &FileKind) -> &'static str {
    match kind {
        FileKind::Photo { picture: Picture::Jpeg, .. } => "storage.fileJpeg",
        FileKind::Photo { picture: Picture::Png, .. } => "storage.filePng",
        FileKind::Document { .. } => "storage.fileUnknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(offset: i64, limit: i64, precise: bool) -> String {
        check_piece(offset, limit, precise).map_or_else(|error| error.message, |()| "fine".into())
    }

    #[test]
    fn pieces_follow_the_rules_of_their_kind() {
        const KIB: i64 = 1 << 10;
        for (offset, limit, normal, precise) in [
            (0, 4 * KIB, "fine", "fine"),
            (0, KIB, "LIMIT_INVALID", "fine"),
            (KIB, 4 * KIB, "OFFSET_INVALID", "fine"),
            (512, 4 * KIB, "OFFSET_INVALID", "OFFSET_INVALID"),
            (-4 * KIB, 4 * KIB, "OFFSET_INVALID", "OFFSET_INVALID"),
            (0, 0, "LIMIT_INVALID", "LIMIT_INVALID"),
            (0, 12 * KIB, "LIMIT_INVALID", "fine"),
            (0, 1_000, "LIMIT_INVALID", "LIMIT_INVALID"),
            (0, BLOCK, "fine", "fine"),
            (BLOCK, BLOCK, "fine", "fine"),
            (4 * KIB, BLOCK, "LIMIT_INVALID", "LIMIT_INVALID"),
            (0, 2 * BLOCK, "LIMIT_INVALID", "LIMIT_INVALID"),
            (BLOCK - 4 * KIB, 4 * KIB, "fine", "fine"),
            (BLOCK - 4 * KIB, 8 * KIB, "LIMIT_INVALID", "LIMIT_INVALID"),
            (i64::MAX - i64::MAX % BLOCK, BLOCK, "fine", "fine"),
        ] {
            assert_eq!(verdict(offset, limit, false), normal, "{offset} {limit}");
            assert_eq!(verdict(offset, limit, true), precise, "{offset} {limit} precise");
        }
    }
}
