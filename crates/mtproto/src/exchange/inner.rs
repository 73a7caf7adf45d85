//! What both ends compute from the nonces, and the encrypted objects inside the exchange.

use crate::Salt;
use crate::wire::{Reader, Writer, id};
use offhook_crypto::hash::{sha1, sha1_parts};
use offhook_crypto::{AuthKey, ct, ige};

pub(super) type Nonce = [u8; 16];
pub(super) type NewNonce = [u8; 32];

/// AES key and IV of the two Diffie-Hellman messages. The nonces are byte strings, never numbers.
pub(super) fn temporary_key(new_nonce: &NewNonce, server_nonce: &Nonce) -> ([u8; 32], [u8; 32]) {
    let forward = sha1_parts(&[new_nonce, server_nonce]);
    let backward = sha1_parts(&[server_nonce, new_nonce]);
    let doubled = sha1_parts(&[new_nonce, new_nonce]);
    let (mut key, mut iv) = ([0; 32], [0; 32]);
    key[..20].copy_from_slice(&forward);
    key[20..].copy_from_slice(&backward[..12]);
    iv[..8].copy_from_slice(&backward[12..]);
    iv[8..28].copy_from_slice(&doubled);
    iv[28..].copy_from_slice(&new_nonce[..4]);
    (key, iv)
}

/// `new_nonce_hash1`, `2` or `3`: the server's proof that it has the key.
pub(super) fn new_nonce_hash(new_nonce: &NewNonce, number: u8, key: &AuthKey) -> Nonce {
    let hash = sha1_parts(&[new_nonce, &[number], &key.aux_hash()]);
    hash[4..].try_into().expect("twenty minus four is sixteen")
}

/// The first salt of a new key.
pub(super) fn first_salt(new_nonce: &NewNonce, server_nonce: &Nonce) -> Salt {
    let bytes: [u8; 8] = std::array::from_fn(|i| new_nonce[i] ^ server_nonce[i]);
    Salt(i64::from_le_bytes(bytes))
}

/// SHA1(object) | object | filling up to whole blocks, encrypted.
pub(super) fn seal(object: &[u8], (key, iv): &([u8; 32], [u8; 32]), filling: &[u8; 15]) -> Vec<u8> {
    let len = 20 + object.len();
    let mut out = Vec::with_capacity(len + filling.len());
    out.extend_from_slice(&sha1(object));
    out.extend_from_slice(object);
    out.extend_from_slice(&filling[..len.next_multiple_of(ige::BLOCK) - len]);
    ige::encrypt_in_place(key, iv, &mut out);
    out
}

/// Undoes [`seal`]: decrypts, lets `read` find the object's fields and end, compares the hash over exactly the
/// object. `None` when any of it fails or more than 15 bytes of filling follow.
pub(super) fn open<T>(
    encrypted: &[u8],
    (key, iv): &([u8; 32], [u8; 32]),
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Option<T> {
    if encrypted.is_empty() || !encrypted.len().is_multiple_of(ige::BLOCK) {
        return None;
    }
    let mut plain = encrypted.to_vec();
    ige::decrypt_in_place(key, iv, &mut plain);
    let (hash, object) = plain.split_at_checked(20)?;
    let mut reader = Reader::new(object);
    let fields = read(&mut reader)?;
    let filling = reader.rest().len();
    let whole = filling < ige::BLOCK && ct::eq(&sha1(&object[..object.len() - filling]), hash);
    whole.then_some(fields)
}

/// `p_q_inner_data` in its four forms.
pub(super) struct PqInner {
    pub(super) pq: u64,
    pub(super) p: u64,
    pub(super) q: u64,
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) new_nonce: NewNonce,
    pub(super) dc: Option<i32>,
    pub(super) expires_in: Option<i32>,
}

impl PqInner {
    pub(super) fn write(&self) -> Vec<u8> {
        let id = match (self.dc, self.expires_in) {
            (None, None) => id::P_Q_INNER_DATA,
            (Some(_), None) => id::P_Q_INNER_DATA_DC,
            (None, Some(_)) => id::P_Q_INNER_DATA_TEMP,
            (Some(_), Some(_)) => id::P_Q_INNER_DATA_TEMP_DC,
        };
        let mut out = number(number(number(Writer::boxed(id), self.pq), self.p), self.q)
            .raw(&self.nonce)
            .raw(&self.server_nonce)
            .raw(&self.new_nonce);
        for field in [self.dc, self.expires_in].into_iter().flatten() {
            out = out.int(field);
        }
        out.done()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let id = reader.u32()?;
        let (with_dc, with_expiry) = match id {
            id::P_Q_INNER_DATA => (false, false),
            id::P_Q_INNER_DATA_DC => (true, false),
            id::P_Q_INNER_DATA_TEMP => (false, true),
            id::P_Q_INNER_DATA_TEMP_DC => (true, true),
            _ => return None,
        };
        Some(Self {
            pq: read_number(reader)?,
            p: read_number(reader)?,
            q: read_number(reader)?,
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            new_nonce: reader.array()?,
            dc: if with_dc { Some(reader.int()?) } else { None },
            expires_in: if with_expiry { Some(reader.int()?) } else { None },
        })
    }
}

/// A number as TL bytes, big-endian without leading zeros.
pub(super) fn number(writer: Writer, number: u64) -> Writer {
    let bytes = number.to_be_bytes();
    writer.bytes(&bytes[number.leading_zeros() as usize / 8..])
}

/// A number below 2^64 from TL bytes, leading zeros allowed.
pub(super) fn read_number(reader: &mut Reader<'_>) -> Option<u64> {
    let bytes = reader.bytes()?;
    let start = bytes.iter().position(|&b| b != 0).unwrap_or(bytes.len());
    (bytes.len() - start <= 8).then(|| bytes[start..].iter().fold(0, |sum, &b| sum << 8 | u64::from(b)))
}

/// Reads constructor, nonce and server nonce, and checks all three.
pub(super) fn addressed<'a>(
    body: &'a [u8],
    id: u32,
    nonce: &Nonce,
    server_nonce: &Nonce,
) -> Option<Reader<'a>> {
    let mut reader = Reader::new(body);
    reader.expect(id)?;
    (reader.array::<16>()? == *nonce && reader.array::<16>()? == *server_nonce).then_some(reader)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn bytes(value: &Value) -> Vec<u8> {
        hex::decode(value.as_str().unwrap()).unwrap()
    }

    fn array<const N: usize>(value: &Value) -> [u8; N] {
        bytes(value).try_into().unwrap()
    }

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../tests/data/mtproto.json")).unwrap()
    }

    #[test]
    fn keys_hashes_and_salt_of_the_published_exchange_come_out() {
        let case = &vectors()["handshake"];
        let (new_nonce, server_nonce) = (array(&case["new_nonce"]), array(&case["server_nonce"]));
        let temporary = temporary_key(&new_nonce, &server_nonce);
        assert_eq!(temporary, (array(&case["tmp_aes_key"]), array(&case["tmp_aes_iv"])));
        let key = AuthKey::new(array(&case["auth_key"]));
        for n in 1..=3 {
            let name = format!("new_nonce_hash{n}");
            assert_eq!(new_nonce_hash(&new_nonce, n, &key), array::<16>(&case[&*name]));
        }
        let salt = first_salt(&new_nonce, &server_nonce);
        assert_eq!(salt.0.to_le_bytes(), array::<8>(&case["server_salt_le_bytes"]));
        for (plain, sealed, read) in [
            ("server_DH_inner_data", "encrypted_answer", 4 + 16 + 16),
            ("client_DH_inner_data", "client_encrypted_data", 4 + 16 + 16),
        ] {
            let object = bytes(&case[plain]);
            let encrypted = bytes(&case[sealed]);
            let head = open(&encrypted, &temporary, |reader| {
                let head = reader.raw(read)?.to_vec();
                reader.raw(object.len() - read)?;
                Some(head)
            });
            assert_eq!(head.unwrap(), object[..read]);
        }
    }

    #[test]
    fn inner_data_is_read_and_written_as_published() {
        let all = vectors();
        let mut objects = vec![bytes(&all["rsa_old_sha1"]["data"])];
        for case in all["rsa_pad"].as_array().unwrap() {
            objects.push(bytes(&case["data"]));
        }
        let fields: Vec<_> = objects
            .iter()
            .map(|object| {
                let mut reader = Reader::new(object);
                let inner = PqInner::read(&mut reader).unwrap();
                assert!(reader.rest().is_empty());
                assert_eq!(inner.write(), *object);
                for len in 0..object.len() {
                    assert!(PqInner::read(&mut Reader::new(&object[..len])).is_none());
                }
                (inner.dc, inner.expires_in)
            })
            .collect();
        assert_eq!(fields, [(None, None), (Some(2), None), (Some(-10002), Some(86400))]);
    }

    #[test]
    fn a_sealed_object_opens_only_whole_unchanged_and_with_little_filling() {
        let key = ([1; 32], [2; 32]);
        let sealed = seal(&[7; 52], &key, &[9; 15]);
        let read = |reader: &mut Reader<'_>| reader.raw(52).map(<[u8]>::to_vec);
        assert_eq!(open(&sealed, &key, read), Some(vec![7; 52]));
        for len in 0..sealed.len() {
            assert_eq!(open(&sealed[..len], &key, read), None);
        }
        for i in 0..sealed.len() - 16 {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert_eq!(open(&changed, &key, read), None);
        }
        let mut long = [sha1(&[7; 52]).to_vec(), vec![7; 52]].concat();
        long.resize(96, 0);
        ige::encrypt_in_place(&key.0, &key.1, &mut long);
        assert_eq!(open(&long, &key, read), None);
    }
}
