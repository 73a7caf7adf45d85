//! Names of fields that `Debug` does not print.

/// Whether a field of this name may carry a phone number, a code, a password, a key or a token. `Debug` of
/// values and of generated types prints `…` in place of such a field; logs and traces should do the same.
pub fn is_secret(field: &str) -> bool {
    matches!(
        field,
        "phone"
            | "phone_number"
            | "phone_code"
            | "phone_code_hash"
            | "phones"
            | "email"
            | "code"
            | "password"
            | "new_password_hash"
            | "current_password"
            | "M1"
            | "A"
            | "srp_B"
            | "secure_random"
            | "secret"
            | "token"
            | "bot_auth_token"
            | "api_hash"
            | "encrypted_message"
            | "encrypted_data"
            | "encrypted_answer"
            | "new_nonce"
            | "auth_key"
            | "server_salt"
            | "new_server_salt"
            | "salt"
            | "peer_tag"
            | "future_auth_token"
            | "future_auth_tokens"
    )
}
