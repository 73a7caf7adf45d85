//! Values that must not reach a log: their `Debug` prints a placeholder and their memory is wiped.

use std::fmt;
use std::str::FromStr;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A phone number in international form, digits only. `Debug` shows only its length.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The digits, without a plus sign.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    /// Accepts an optional `+` and the separators people write: spaces, dashes, dots, parentheses.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let text = text.strip_prefix('+').unwrap_or(text);
        let mut digits = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '0'..='9' => digits.push(character),
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
                other => return Err(PhoneNumberError::Character(other)),
            }
        }
        // E.164 allows 15 digits; the shortest numbers in use (service and test ones) have 3.
        if !(3..=15).contains(&digits.len()) {
            return Err(PhoneNumberError::Length(digits.len()));
        }
        Ok(Self(digits))
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({} digits)", self.0.len())
    }
}

/// Why a text is not a phone number. Does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneNumberError {
    /// Something that is neither a digit nor a separator.
    #[error("phone number contains {0:?}; write it in international form, for example +4915112345678")]
    Character(char),
    /// Too few or too many digits.
    #[error("phone number has {0} digits, need 3 to 15; write it in international form")]
    Length(usize),
}

macro_rules! hidden_text {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
        pub struct $name(String);

        impl $name {
            /// The text itself. Do not log it.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.trim().to_owned())
            }
        }

        impl From<String> for $name {
            fn from(mut text: String) -> Self {
                let kept = Self(text.trim().to_owned());
                text.zeroize();
                kept
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    };
}

hidden_text! {
    /// A login code as it was sent to the person. `Debug` hides it.
    LoginCode
}

hidden_text! {
    /// What a bot logs in with, as BotFather gives it. `Debug` hides it.
    BotToken
}

hidden_text! {
    /// The application's `api_hash`. `Debug` hides it.
    ApiHash
}

hidden_text! {
    /// The hash that ties a code to the request it answers. `Debug` hides it.
    CodeHash
}

/// The password of two-step verification. `Debug` hides it. Blanks at the ends count.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Password(String);

impl Password {
    /// The password itself. Do not log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_read_as_people_write_it() {
        let number: PhoneNumber = " +49 (151) 123-45.678 ".parse().unwrap();
        assert_eq!(number.digits(), "4915112345678");
    }

    #[test]
    fn a_word_is_not_a_phone_number() {
        assert_eq!("+49a".parse::<PhoneNumber>(), Err(PhoneNumberError::Character('a')));
        assert_eq!("+1".parse::<PhoneNumber>(), Err(PhoneNumberError::Length(1)));
        assert_eq!("".parse::<PhoneNumber>(), Err(PhoneNumberError::Length(0)));
    }

    #[test]
    fn debug_output_of_secrets_shows_nothing_of_them() {
        let number: PhoneNumber = "+9996621234".parse().unwrap();
        let shown = format!(
            "{number:?} {:?} {:?} {:?} {:?}",
            LoginCode::from("22222"),
            ApiHash::from("0123456789abcdef"),
            CodeHash::from("feedbeef"),
            Password::from("hunter2"),
        );
        for secret in ["9996621234", "22222", "0123456789abcdef", "feedbeef", "hunter2"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn a_code_is_trimmed_and_a_password_is_not() {
        assert_eq!(LoginCode::from(" 12345\n").expose(), "12345");
        assert_eq!(Password::from(" p ").expose(), " p ");
    }
}
