//! `auth.bindTempAuthKey`: tying a temporary key to a permanent one (perfect forward secrecy).
//!
//! Source: core.telegram.org/method/auth.bindTempAuthKey. The inner message is encrypted with the permanent key
//! under the MTProto 1.0 derivation, x = 0.

use crate::wire::{Reader, Writer, id};
use crate::{MsgId, SessionId};
use offhook_crypto::{AuthKey, ct, ige, kdf};

/// What is bound; goes inside the encrypted message and, in part, beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Random.
    pub nonce: i64,
    /// [`AuthKey::id`] of the temporary key.
    pub temp_auth_key_id: i64,
    /// [`AuthKey::id`] of the permanent key.
    pub perm_auth_key_id: i64,
    /// Session that runs under the temporary key.
    pub temp_session_id: SessionId,
    /// Unix time at which the temporary key ends.
    pub expires_at: i32,
}

/// Why a bind message was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// Not decryptable with this permanent key, or cut.
    #[error("the message was not made with this permanent key")]
    Forged,
    /// The message inside was made for another call.
    #[error("made for message {got:?}, carried by {need:?}")]
    MsgId {
        /// Id inside.
        got: MsgId,
        /// Id of the call.
        need: MsgId,
    },
    /// The fields inside differ from those beside it.
    #[error("the fields inside and outside differ")]
    Fields,
}

/// Random bytes before the message id.
const RANDOM: usize = 16;
/// Bytes of `bind_auth_key_inner`.
const INNER: usize = 4 + 8 + 8 + 8 + 8 + 4;
/// Plaintext without padding: random, message id, sequence number, length, inner object.
const PLAIN: usize = RANDOM + 8 + 4 + 4 + INNER;
/// Plaintext filled up to whole AES blocks.
const PADDED: usize = PLAIN.next_multiple_of(ige::BLOCK);

/// Builds `encrypted_message` for the call that will be sent with the message id `msg_id`.
pub fn seal(perm_key: &AuthKey, binding: &Binding, msg_id: MsgId, random: &[u8; 24]) -> Vec<u8> {
    let (front, filling) = random.split_at(RANDOM);
    let plain = Writer::default()
        .raw(front)
        .long(msg_id.0)
        .int(0)
        .int(INNER as i32)
        .u32(id::BIND_AUTH_KEY_INNER)
        .long(binding.nonce)
        .long(binding.temp_auth_key_id)
        .long(binding.perm_auth_key_id)
        .long(binding.temp_session_id.0)
        .int(binding.expires_at);
    let mut plain = plain.done();
    let msg_key = kdf::msg_key_v1(&[&plain]);
    plain.extend_from_slice(filling);
    let (aes_key, aes_iv) = kdf::v1(perm_key.bytes(), &msg_key, 0);
    ige::encrypt_in_place(&aes_key, &aes_iv, &mut plain);
    Writer::default().long(perm_key.id()).raw(&msg_key).raw(&plain).done()
}

/// The whole call `auth.bindTempAuthKey` around [`seal`].
pub fn call(perm_key: &AuthKey, binding: &Binding, msg_id: MsgId, random: &[u8; 24]) -> Vec<u8> {
    Writer::boxed(id::BIND_TEMP_AUTH_KEY)
        .long(binding.perm_auth_key_id)
        .long(binding.nonce)
        .int(binding.expires_at)
        .bytes(&seal(perm_key, binding, msg_id, random))
        .done()
}

/// Checks `encrypted_message` of the call with message id `msg_id` (the inner id when it came in a container).
///
/// `expected` holds the fields beside it and the session and key the call came under.
///
/// # Errors
/// A [`BindError`]; answer 400 `ENCRYPTED_MESSAGE_INVALID`.
pub fn open(
    perm_key: &AuthKey,
    encrypted: &[u8],
    expected: &Binding,
    msg_id: MsgId,
) -> Result<(), BindError> {
    let mut reader = Reader::new(encrypted);
    let key_id = reader.long().ok_or(BindError::Forged)?;
    let msg_key: [u8; 16] = reader.array().ok_or(BindError::Forged)?;
    let mut plain: [u8; PADDED] = reader.array().ok_or(BindError::Forged)?;
    if key_id != perm_key.id() || !reader.rest().is_empty() {
        return Err(BindError::Forged);
    }
    let (aes_key, aes_iv) = kdf::v1(perm_key.bytes(), &msg_key, 0);
    ige::decrypt_in_place(&aes_key, &aes_iv, &mut plain);
    if !ct::eq(&kdf::msg_key_v1(&[&plain[..PLAIN]]), &msg_key) {
        return Err(BindError::Forged);
    }
    let (got, inner) = read(&plain).ok_or(BindError::Fields)?;
    if got != msg_id {
        return Err(BindError::MsgId { got, need: msg_id });
    }
    if inner == *expected { Ok(()) } else { Err(BindError::Fields) }
}

fn read(plain: &[u8]) -> Option<(MsgId, Binding)> {
    let mut reader = Reader::new(&plain[RANDOM..]);
    let msg_id = MsgId(reader.long()?);
    reader.int()?;
    (reader.int()? == INNER as i32).then_some(())?;
    reader.expect(id::BIND_AUTH_KEY_INNER)?;
    let binding = Binding {
        nonce: reader.long()?,
        temp_auth_key_id: reader.long()?,
        perm_auth_key_id: reader.long()?,
        temp_session_id: SessionId(reader.long()?),
        expires_at: reader.int()?,
    };
    Some((msg_id, binding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn vector() -> (AuthKey, Binding, MsgId, [u8; 24], Value) {
        let all: Value = serde_json::from_str(include_str!("../tests/data/mtproto.json")).unwrap();
        let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
        let case = all["bind_temp_auth_key"].clone();
        let number = |name: &str| case[name].as_i64().unwrap();
        let binding = Binding {
            nonce: number("nonce"),
            temp_auth_key_id: number("temp_auth_key_id"),
            perm_auth_key_id: number("perm_auth_key_id"),
            temp_session_id: SessionId(number("temp_session_id")),
            expires_at: number("expires_at") as i32,
        };
        let key = AuthKey::from_slice(&bytes(&all["auth_key"]["auth_key"])).unwrap();
        let random = [bytes(&case["random16"]), bytes(&case["padding"])].concat().try_into().unwrap();
        (key, binding, MsgId(number("msg_id")), random, case)
    }

    #[test]
    fn the_published_call_is_made_and_its_message_opens() {
        let (key, binding, msg_id, random, case) = vector();
        let sealed = seal(&key, &binding, msg_id, &random);
        assert_eq!(hex::encode(&sealed), case["encrypted_message"].as_str().unwrap());
        let whole = call(&key, &binding, msg_id, &random);
        assert_eq!(hex::encode(whole), case["auth_bindTempAuthKey_call"].as_str().unwrap());
        assert_eq!(open(&key, &sealed, &binding, msg_id), Ok(()));
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        let (key, binding, msg_id, random, _) = vector();
        let sealed = seal(&key, &binding, msg_id, &random);
        let other = MsgId(msg_id.0 + 4);
        assert_eq!(open(&key, &sealed, &binding, other), Err(BindError::MsgId { got: msg_id, need: other }));
        for changed in [
            Binding { nonce: 1, ..binding },
            Binding { temp_auth_key_id: 1, ..binding },
            Binding { perm_auth_key_id: 1, ..binding },
            Binding { temp_session_id: SessionId(1), ..binding },
            Binding { expires_at: 1, ..binding },
        ] {
            assert_eq!(open(&key, &sealed, &changed, msg_id), Err(BindError::Fields));
        }
        for len in 0..sealed.len() {
            assert_eq!(open(&key, &sealed[..len], &binding, msg_id), Err(BindError::Forged));
        }
        // The last block holds only the filling: it is not covered by the old message key.
        for i in 0..sealed.len() - 16 {
            let mut damaged = sealed.clone();
            damaged[i] ^= 1;
            assert_eq!(open(&key, &damaged, &binding, msg_id), Err(BindError::Forged));
        }
    }
}
