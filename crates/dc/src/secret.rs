//! Values that must not end up in a log: their `Debug` shows nothing of them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A phone number: digits only, country code first, no plus sign.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Phone(String);

impl Phone {
    /// Keeps the digits of what was typed and drops spaces, signs and brackets.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(char::is_ascii_digit).collect())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has a plausible number of digits (5 to 15, as in E.164).
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        (5..=15).contains(&self.0.len())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

/// A login code as the user would type it.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginCode(String);

impl LoginCode {
    /// Wraps the text of a code.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The characters of the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LoginCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginCode(…)")
    }
}

/// What a bot logs in with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BotToken(String);

impl BotToken {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it is this text.
    pub(crate) fn is(&self, text: &str) -> bool {
        offhook_crypto::ct::eq(self.0.as_bytes(), text.as_bytes())
    }
}

impl fmt::Debug for BotToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BotToken(…)")
    }
}

/// A second-step password, on its way to becoming a verifier.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(String);

impl Password {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_keep_only_their_digits() {
        assert_eq!(Phone::new("+1 (000) 000-0001").as_str(), "10000000001");
    }

    #[test]
    fn debug_shows_neither_numbers_nor_codes_nor_passwords() {
        let secrets = (Phone::new("+10000000001"), LoginCode::new("54321"), Password::new("hunter2"));
        assert_eq!(format!("{secrets:?}"), "(Phone(…), LoginCode(…), Password(…))");
    }
}
