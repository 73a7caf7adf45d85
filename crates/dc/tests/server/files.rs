//! Small files and pictures of people: up in parts, down in pieces, and every edge of both.

use offhook_dc::Limits;
use offhook_tl::{Object, Value};

use super::client::{Peer, object};
use super::messages::resolve;
use super::{ALICE, BOB, builder, start};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// The head of a PNG of 640 by 480, and some bytes after it.
fn png(tail: u8) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0";
    head.iter().copied().chain([tail; 100]).collect()
}

fn part(file: i64, number: i32, bytes: &[u8]) -> Object {
    object("upload.saveFilePart").with("file_id", file).with("file_part", number).with("bytes", bytes)
}

fn input_file(file: i64, parts: i32, md5: &str) -> Object {
    object("inputFile").with("id", file).with("parts", parts).with("name", "x").with("md5_checksum", md5)
}

fn uploaded(file: Object) -> Object {
    let name = object("documentAttributeFilename").with("file_name", "notes.txt");
    object("inputMediaUploadedDocument")
        .with("file", file)
        .with("mime_type", "text/plain")
        .with("attributes", vec![name])
}

fn send(peer: &Object, media: Object, random_id: i64) -> Object {
    object("messages.sendMedia")
        .with("peer", peer.clone())
        .with("media", media)
        .with("message", "look")
        .with("random_id", random_id)
}

fn location(document: &Object) -> Object {
    object("inputDocumentFileLocation")
        .with("id", document.long("id").unwrap())
        .with("access_hash", document.long("access_hash").unwrap())
        .with("file_reference", document.bytes("file_reference").unwrap())
        .with("thumb_size", "")
}

fn piece(location: &Object, offset: usize, limit: usize) -> Object {
    object("upload.getFile")
        .with("location", location.clone())
        .with("offset", offset as i64)
        .with("limit", limit as i32)
}

async fn upload(peer: &mut Peer, file: i64, content: &[u8]) -> Object {
    let parts: Vec<&[u8]> = content.chunks(512 * KIB).collect();
    // Parts may come in any order.
    for (number, bytes) in parts.iter().enumerate().rev() {
        assert_eq!(peer.call(part(file, number as i32, bytes)).await, Ok(Value::Bool(true)));
    }
    input_file(file, parts.len() as i32, "")
}

#[tokio::test]
async fn a_file_of_exactly_one_mebibyte_arrives_whole_and_reads_past_its_end_are_empty() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let to_bob = resolve(&mut alice, "bob").await;
    let content: Vec<u8> = (0..MIB).map(|at| (at * 31 / 7) as u8).collect();
    let file = upload(&mut alice, 5, &content).await;
    alice.call_object(send(&to_bob, uploaded(file), 1)).await;
    let heard = bob.update("updateNewMessage").await.object("message").unwrap().clone();
    assert_eq!(heard.str("message"), Some("look"));
    let document = heard.object("media").unwrap().object("document").unwrap().clone();
    assert_eq!((document.long("size"), document.str("mime_type")), (Some(MIB as i64), Some("text/plain")));
    let name = document.vector("attributes").unwrap()[0].as_object().unwrap().clone();
    assert_eq!(name.str("file_name"), Some("notes.txt"));
    let place = location(&document);
    let whole = bob.call_object(piece(&place, 0, MIB)).await;
    assert!(whole.bytes("bytes") == Some(&content[..]), "the same bytes");
    for (offset, limit, len) in [(MIB - 4 * KIB, 4 * KIB, 4 * KIB), (MIB, MIB, 0), (9 * MIB, 4 * KIB, 0)] {
        let got = bob.call_object(piece(&place, offset, limit)).await;
        assert_eq!(got.bytes("bytes").map(<[u8]>::len), Some(len), "{offset}");
    }
    assert_eq!(bob.error(piece(&place, KIB, 4 * KIB)).await, "400 OFFSET_INVALID");
    let precise = piece(&place, KIB, 3 * KIB).with("precise", true);
    assert_eq!(bob.call_object(precise).await.bytes("bytes"), Some(&content[KIB..4 * KIB]));
    assert_eq!(bob.error(piece(&place, 0, 3 * KIB)).await, "400 LIMIT_INVALID");
    assert_eq!(bob.error(piece(&place, 4 * KIB, MIB)).await, "400 LIMIT_INVALID");
    let hashes = object("upload.getFileHashes").with("location", place.clone()).with("offset", 0_i64);
    assert_eq!(bob.call(hashes).await.unwrap().as_vector().unwrap().len(), 8);
    // What was shown to Bob is of no use to Alice, and what Bob was not shown is of no use to him.
    assert_eq!(alice.error(piece(&place, 0, MIB)).await, "400 FILE_ID_INVALID");
    let blank = place.clone().with("file_reference", &b""[..]);
    assert_eq!(bob.error(piece(&blank, 0, MIB)).await, "400 FILE_REFERENCE_EMPTY");
    let forged = place.clone().with("file_reference", &[0; 8][..]);
    assert_eq!(bob.error(piece(&forged, 0, MIB)).await, "400 FILE_REFERENCE_INVALID");
    let thumb = place.with("thumb_size", "m");
    assert_eq!(bob.error(piece(&thumb, 0, MIB)).await, "400 LOCATION_INVALID");
}

#[tokio::test]
async fn parts_that_do_not_make_a_file_are_refused_by_name() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let own = object("inputPeerSelf");
    for (number, len, error) in [
        (-1, KIB, "FILE_PART_INVALID"),
        (4_000, KIB, "FILE_PART_INVALID"),
        (0, 0, "FILE_PART_EMPTY"),
        (0, 512 * KIB + 1, "FILE_PART_TOO_BIG"),
    ] {
        assert_eq!(alice.error(part(1, number, &vec![0; len])).await, format!("400 {error}"));
    }
    // A part that is not the last has a size that divides 512 KiB, the same as the others.
    alice.call(part(2, 1, b"tail")).await.unwrap();
    assert_eq!(alice.error(part(2, 0, &[0; 1_000])).await, "400 FILE_PART_SIZE_INVALID");
    assert_eq!(alice.error(part(2, 0, &[0; 3 * KIB])).await, "400 FILE_PART_SIZE_INVALID");
    alice.call(part(2, 0, &[0; KIB])).await.unwrap();
    // Part 1 is too short to be followed by another.
    assert_eq!(alice.error(part(2, 2, b"tail")).await, "400 FILE_PART_SIZE_CHANGED");
    let missing = send(&own, uploaded(input_file(2, 3, "")), 1);
    assert_eq!(alice.error(missing).await, "400 FILE_PART_2_MISSING");
    assert_eq!(alice.error(send(&own, uploaded(input_file(2, 0, "")), 1)).await, "400 FILE_PARTS_INVALID");
    assert_eq!(alice.error(send(&own, uploaded(input_file(99, 1, "")), 1)).await, "400 FILE_PART_0_MISSING");
    let wrong = uploaded(input_file(2, 2, "00000000000000000000000000000000"));
    assert_eq!(alice.error(send(&own, wrong, 1)).await, "400 MD5_CHECKSUM_INVALID");
    // RFC 1321: MD5 of "abc".
    alice.call(part(3, 0, b"abc")).await.unwrap();
    let right = uploaded(input_file(3, 1, "900150983cd24fb0d6963f7d28e17f72"));
    alice.call_object(send(&own, right, 1)).await;
    // A stream tells at its end how many parts there were.
    let big = |number: i32, total: i32, bytes: &[u8]| {
        object("upload.saveBigFilePart")
            .with("file_id", 4_i64)
            .with("file_part", number)
            .with("file_total_parts", total)
            .with("bytes", bytes)
    };
    alice.call(big(0, -1, &[7; KIB])).await.unwrap();
    assert_eq!(alice.error(big(1, -1, b"")).await, "400 FILE_PART_EMPTY");
    alice.call(big(1, 2, b"")).await.unwrap();
    let file = object("inputFileBig").with("id", 4_i64).with("parts", 2).with("name", "stream");
    let sent = alice.call_object(send(&own, uploaded(file), 2)).await;
    let message = sent.vector("updates").unwrap()[1].as_object().unwrap().object("message").unwrap().clone();
    assert_eq!(message.object("media").unwrap().object("document").unwrap().long("size"), Some(1_024));
    alice.call(part(5, 0, b"no picture")).await.unwrap();
    let photo = object("inputMediaUploadedPhoto").with("file", input_file(5, 1, ""));
    assert_eq!(alice.error(send(&own, photo, 3)).await, "400 IMAGE_PROCESS_FAILED");
}

#[tokio::test]
async fn a_full_store_says_how_much_it_keeps() {
    let limits = Limits { file_bytes: 3 * KIB, ..Limits::default() };
    let dc = builder().limits(limits).start().await.unwrap();
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let file = upload(&mut alice, 1, &[1; 2 * KIB]).await;
    alice.call_object(send(&object("inputPeerSelf"), uploaded(file), 1)).await;
    assert_eq!(alice.error(part(2, 0, &[1; 2 * KIB])).await, "400 FILE_STORAGE_FULL_3072");
    alice.call(part(2, 0, &[1; KIB])).await.unwrap();
}

#[tokio::test]
async fn pictures_of_people_are_shown_kept_and_taken_down_and_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let dc = builder().data(dir.path()).start().await.unwrap();
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let to_alice = resolve(&mut bob, "alice").await;
    let mut ids = Vec::new();
    for number in 1..=2 {
        let file = upload(&mut alice, number, &png(number as u8)).await;
        let set = alice.call_object(object("photos.uploadProfilePhoto").with("file", file)).await;
        let photo = set.object("photo").unwrap().clone();
        let size = photo.vector("sizes").unwrap()[0].as_object().unwrap().clone();
        assert_eq!((size.str("type"), size.int("w"), size.int("h")), (Some("x"), Some(640), Some(480)));
        ids.push(photo);
    }
    let user = object("inputUser")
        .with("user_id", to_alice.long("user_id").unwrap())
        .with("access_hash", to_alice.long("access_hash").unwrap());
    let seen = bob.call(object("users.getUsers").with("id", vec![user.clone()])).await.unwrap();
    let seen = seen.as_vector().unwrap()[0].as_object().unwrap().object("photo").unwrap().clone();
    assert_eq!(seen.long("photo_id"), ids[1].long("id"));
    let place = object("inputPeerPhotoFileLocation")
        .with("peer", to_alice.clone())
        .with("photo_id", seen.long("photo_id").unwrap());
    let key = bob.session.key().clone();
    dc.shutdown().await;

    let dc = builder().data(dir.path()).start().await.unwrap();
    let mut bob = Peer::resume(dc.addr(), key).await;
    let got = bob.call_object(piece(&place, 0, 4 * KIB)).await;
    assert_eq!(
        (got.bytes("bytes"), got.object("type").unwrap().name()),
        (Some(&png(2)[..]), "storage.filePng")
    );
    let list = object("photos.getUserPhotos")
        .with("user_id", user)
        .with("offset", 0)
        .with("max_id", 0_i64)
        .with("limit", 10);
    let shown = |answer: &Object| {
        let photos = answer.vector("photos").unwrap().iter();
        photos.map(|it| it.as_object().unwrap().long("id").unwrap()).collect::<Vec<_>>()
    };
    let [first, second] = [&ids[0], &ids[1]].map(|photo| photo.long("id").unwrap());
    assert_eq!(shown(&bob.call_object(list.clone()).await), [second, first]);
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let input = |photo: &Object| {
        object("inputPhoto")
            .with("id", photo.long("id").unwrap())
            .with("access_hash", photo.long("access_hash").unwrap())
            .with("file_reference", photo.bytes("file_reference").unwrap())
    };
    let delete = object("photos.deletePhotos").with("id", vec![input(&ids[1])]);
    assert_eq!(alice.call(delete).await, Ok(Value::Vector(vec![second.into()])));
    assert_eq!(shown(&bob.call_object(list).await), [first]);
    assert_eq!(bob.error(piece(&place, 0, 4 * KIB)).await, "400 LOCATION_INVALID");
    dc.shutdown().await;
}

#[tokio::test]
async fn a_file_cannot_be_put_where_its_sender_may_not_write() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let file = upload(&mut alice, 1, b"kept for the next try").await;
    let stranger = resolve(&mut alice, "bob").await.with("access_hash", 1_i64);
    assert_eq!(alice.error(send(&stranger, uploaded(file.clone()), 1)).await, "400 PEER_ID_INVALID");
    let to_bob = resolve(&mut alice, "bob").await;
    alice.call_object(send(&to_bob, uploaded(file), 1)).await;
}
