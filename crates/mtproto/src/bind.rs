//! `auth.bindTempAuthKey`: tying a temporary key to a permanent one (perfect forward secrecy).
//!
//! Source: core.telegram.org/method/auth.bindTempAuthKey. The inner message is encrypted with the permanent key
//! under the MTProto 1.0 derivation, x = 0.

use crate::{MsgId, SessionId};
use offhook_crypto::AuthKey;

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

/// Builds `encrypted_message` for the call that will be sent with the message id `msg_id`.
pub fn seal(perm_key: &AuthKey, binding: &Binding, msg_id: MsgId, random: &[u8; 24]) -> Vec<u8> {
    todo!("{perm_key:?} {binding:?} {msg_id:?} {random:?}")
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
    todo!("{perm_key:?} {encrypted:?} {expected:?} {msg_id:?}")
}
