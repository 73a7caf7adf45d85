//! Values computed by an independent program, part of them checked against foreign clients.

#![allow(clippy::unwrap_used, reason = "a broken vector file may panic")]

use offhook_crypto::dh::{Group, Secret, TELEGRAM_PRIME};
use offhook_crypto::rsa::{PrivateKey, PublicKey, pad, sha1_block};
use offhook_crypto::{AuthKey, ctr::Ctr, hash, ige, kdf, pq};
use serde_json::Value;

fn mtproto() -> Value {
    serde_json::from_str(include_str!("data/mtproto.json")).unwrap()
}

fn libtgvoip() -> Value {
    serde_json::from_str(include_str!("data/libtgvoip.json")).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

#[test]
fn ige_encrypts_and_decrypts_the_published_texts() {
    let (m, l) = (mtproto(), libtgvoip());
    let mut cases = vec![];
    for case in list(&m["aes256_ige"]) {
        cases.push((case["key"].clone(), case["iv"].clone(), case["plain"].clone(), case["cipher"].clone()));
    }
    let case = &l["aes256_ige"];
    cases.push((
        case["aes_key"].clone(),
        case["aes_iv"].clone(),
        case["plaintext"].clone(),
        case["ciphertext"].clone(),
    ));
    for (key, iv, plain, cipher) in cases {
        let (key, iv) = (array(&key), array(&iv));
        let mut text = bytes(&plain);
        ige::encrypt_in_place(&key, &iv, &mut text);
        assert_eq!(text, bytes(&cipher));
        ige::decrypt_in_place(&key, &iv, &mut text);
        assert_eq!(text, bytes(&plain));
    }
}

#[test]
#[should_panic(expected = "whole blocks")]
fn ige_refuses_a_broken_block() {
    ige::encrypt_in_place(&[0; 32], &[0; 32], &mut [0; 17]);
}

#[test]
fn both_key_derivations_give_the_published_keys_for_both_directions() {
    let m = mtproto();
    let key = array(&m["auth_key"]["auth_key"]);
    for (name, derive) in [("kdf_v1", kdf::v1 as fn(&_, &_, _) -> _), ("kdf_v2", kdf::v2)] {
        let msg_key = array(&m[name]["msg_key"]);
        for case in list(&m[name]["cases"]) {
            let pair = derive(&key, &msg_key, case["x"].as_u64().unwrap() as usize);
            assert_eq!(pair, (array(&case["aes_key"]), array(&case["aes_iv"])), "{name}");
        }
    }
    let l = libtgvoip();
    let key = array(&l["key"]);
    for case in list(&l["kdf"]) {
        let derive = if case["kdf"] == "mtproto1_sha1" { kdf::v1 } else { kdf::v2 };
        let pair = derive(&key, &array(&case["msg_key"]), case["x"].as_u64().unwrap() as usize);
        assert_eq!(pair, (array(&case["aes_key"]), array(&case["aes_iv"])));
    }
}

#[test]
fn message_keys_cover_what_each_version_says() {
    let m = mtproto();
    let chat = &m["secret_chat"];
    let key = array(&m["handshake"]["auth_key"]);
    for (name, x) in [("v2_from_creator", 0), ("v2_from_peer", 8)] {
        let plain = bytes(&chat[name]["plain_with_padding"]);
        assert_eq!(kdf::msg_key_v2(&key, &[&plain], x), array(&chat[name]["msg_key"]));
        let (first, rest) = plain.split_at(5);
        assert_eq!(kdf::msg_key_v2(&key, &[first, rest], x), array(&chat[name]["msg_key"]));
    }
    let case = &chat["v1_either_direction"];
    let plain = bytes(&case["plain_with_padding"]);
    let object = bytes(&case["object"]);
    assert_eq!(kdf::msg_key_v1(&[&plain[..4 + object.len()]]), array(&case["msg_key"]));
}

#[test]
fn counter_streams_run_on_across_calls() {
    let l = libtgvoip();
    let case = &l["tcp_obfuscated"];
    let mut send = Ctr::new(&array(&case["send_key"]), &array(&case["send_iv"]));
    let mut header = bytes(&case["nonce_plain"]);
    send.apply(&mut header);
    assert_eq!(header[56..], bytes(&case["first_64_bytes_on_wire"])[56..]);
    for (plain, wire) in [("frame1_plain", "frame1_wire"), ("frame2_plain", "frame2_wire")] {
        let mut frame = bytes(&case[plain]);
        for piece in frame.chunks_mut(7) {
            send.apply(piece);
        }
        assert_eq!(frame, bytes(&case[wire]));
    }
    let mut receive = Ctr::new(&array(&case["recv_key"]), &array(&case["recv_iv"]));
    let mut frame = bytes(&case["server_frame_wire"]);
    receive.apply(&mut frame);
    assert_eq!(frame, bytes(&case["server_frame_plain"]));
}

#[test]
fn a_file_piece_decrypts_from_its_counter() {
    let m = mtproto();
    for case in list(&m["cdn"]["cases"]) {
        let mut data = bytes(&m["cdn"]["data"]);
        Ctr::new(&array(&m["cdn"]["key"]), &array(&case["iv"])).apply(&mut data);
        assert_eq!(data, bytes(&case["cipher_of_data"]));
    }
}

#[test]
fn key_ids_are_the_low_half_of_sha1_and_never_printed_with_the_key() {
    let m = mtproto();
    let key = AuthKey::new(array(&m["auth_key"]["auth_key"]));
    assert_eq!(key.id(), m["auth_key"]["auth_key_id_i64"].as_i64().unwrap());
    assert_eq!(key.aux_hash(), array(&m["auth_key"]["aux_hash"]));
    assert_eq!(format!("{key:?}"), format!("AuthKey(id {:016x})", key.id()));
    assert!(AuthKey::from_slice(&[0; 255]).is_none());
    let l = libtgvoip();
    let key = AuthKey::new(array(&l["key"]));
    assert_eq!(key.id(), l["derived"]["key_fingerprint_int64"].as_i64().unwrap());
}

#[test]
fn a_key_with_a_leading_zero_keeps_its_256_bytes() {
    let m = mtproto();
    let group = Group::telegram();
    let g_a = group.check_public(&bytes(&m["handshake"]["g_a"])).unwrap();
    let key = group.shared(&Secret::new(array(&m["auth_key_leading_zero"]["b"])), &g_a);
    assert_eq!(key.bytes()[0], 0);
    assert_eq!(key.bytes(), &array(&m["auth_key_leading_zero"]["auth_key"]));
    assert_eq!(key.id(), m["auth_key_leading_zero"]["auth_key_id_i64"].as_i64().unwrap());
    let l = libtgvoip();
    let case = &l["dh_key_leading_zero"];
    let (a, b) = (Secret::new(array(&case["a"])), Secret::new(array(&case["b"])));
    let g_b = group.check_public(&group.public(&b)).unwrap();
    assert_eq!(group.shared(&a, &g_b).bytes(), &array(&case["key"]));
}

#[test]
fn both_ends_of_an_exchange_reach_the_published_key() {
    let (m, l) = (mtproto(), libtgvoip());
    let mut cases: Vec<Value> = list(&l["dh"]).clone();
    cases.push(m["handshake"].clone());
    for case in cases {
        let group = Group::check(&TELEGRAM_PRIME, case["g"].as_i64().unwrap() as i32).unwrap();
        let (a, b) = (Secret::new(array(&case["a"])), Secret::new(array(&case["b"])));
        assert_eq!(group.public(&a).to_vec(), bytes(&case["g_a"]));
        assert_eq!(group.public(&b).to_vec(), bytes(&case["g_b"]));
        let g_a = group.check_public(&bytes(&case["g_a"])).unwrap();
        let g_b = group.check_public(&bytes(&case["g_b"])).unwrap();
        let key = group.shared(&a, &g_b);
        assert_eq!(key, group.shared(&b, &g_a));
        let expected = if case["key"].is_null() { &case["auth_key"] } else { &case["key"] };
        assert_eq!(key.bytes(), &array(expected));
    }
    let case = &l["dh_leading_zero"];
    let public = Group::telegram().public(&Secret::new(array(&case["a"])));
    assert_eq!(public[0], 0);
    assert_eq!(public[1..], bytes(&case["g_a_minimal"])[..]);
}

#[test]
fn pq_splits_as_published() {
    for case in list(&mtproto()["pq"]) {
        let number = |name: &str| u64::from_str_radix(case[name].as_str().unwrap(), 16).unwrap();
        assert_eq!(pq::factorize(number("pq")), Some((number("p"), number("q"))));
    }
}

#[test]
fn the_test_key_has_the_published_fingerprint_and_pem() {
    let m = mtproto();
    let case = &m["rsa_key"];
    let key = PrivateKey::test_key();
    assert_eq!(key.public().fingerprint(), case["fingerprint_i64"].as_i64().unwrap());
    let pem = case["public_pkcs1_pem_str"].as_str().unwrap();
    assert_eq!(key.public().to_pem().trim(), pem.trim());
    assert_eq!(&PublicKey::from_pem(pem).unwrap(), key.public());
    assert_eq!(key.public().n().to_vec(), bytes(&case["n"]));
    let again = PrivateKey::new(&bytes(&case["p"]), &bytes(&case["q"]), &[1, 0, 1], &bytes(&case["d"]));
    assert_eq!(again.unwrap().public(), key.public());
}

#[test]
fn a_negative_fingerprint_is_known_as_such() {
    let n: [u8; 256] =
        std::array::from_fn(|i| [0xc0, 0x55, 0x01][usize::from(i > 0) + usize::from(i == 255)]);
    // Made with another implementation of SHA-1.
    assert_eq!(PublicKey::new(&n, &[1, 0, 1]).unwrap().fingerprint(), -8_110_894_432_186_401_247);
}

#[test]
fn rsa_pad_makes_and_opens_the_published_blocks() {
    let m = mtproto();
    let key = PrivateKey::test_key();
    for case in list(&m["rsa_pad"]) {
        let padded = bytes(&case["data_with_padding"]);
        let data = bytes(&case["data"]);
        // The generator hands out the published filling, then the published temporary key.
        let mut draws = vec![padded.clone(), bytes(&case["temp_key"])].into_iter();
        let mut random = |out: &mut [u8]| out.copy_from_slice(&draws.next().unwrap());
        // The filling follows the data; the data itself overwrites the start of the draw.
        let encrypted = pad::encrypt(key.public(), &data, &mut random).unwrap();
        assert_eq!(encrypted, array(&case["encrypted_data"]));
        let block = key.raw(&encrypted).unwrap();
        assert_eq!(block, array(&case["key_aes_encrypted"]));
        assert_eq!(pad::open(&block).unwrap().to_vec(), padded);
    }
}

#[test]
fn the_old_block_is_made_and_opened_as_published() {
    let m = mtproto();
    let case = &m["rsa_old_sha1"];
    let key = PrivateKey::test_key();
    let (data, block) = (bytes(&case["data"]), bytes(&case["block255"]));
    let mut random = |out: &mut [u8]| {
        out[0] = 0xff;
        out[1..].copy_from_slice(&block);
    };
    let encrypted = sha1_block::encrypt(key.public(), &data, &mut random).unwrap();
    assert_eq!(encrypted, array(&case["encrypted_data"]));
    let opened = key.raw(&encrypted).unwrap();
    assert_eq!(sha1_block::open(&opened, |_| Some(data.len())).unwrap(), data);
    assert!(sha1_block::open(&opened, |_| Some(data.len() + 4)).is_err());
    assert!(sha1_block::open(&opened, |_| Some(4000)).is_err());
    assert!(sha1_block::open(&opened, |_| None).is_err());
    assert!(pad::open(&opened).is_err());
}

#[test]
fn temporary_keys_of_the_exchange_are_hashes_of_its_nonces() {
    // The derivation itself lives with the exchange; its hashes are pinned here.
    let case = &mtproto()["handshake"];
    let (new_nonce, server_nonce) = (bytes(&case["new_nonce"]), bytes(&case["server_nonce"]));
    let first = hash::sha1_parts(&[&new_nonce, &server_nonce]);
    assert_eq!(first[..], bytes(&case["tmp_aes_key"])[..20]);
}
