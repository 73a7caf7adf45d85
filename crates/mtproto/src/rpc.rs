//! Errors of remote calls.

/// `rpc_error#2144ca19`: what a server answers instead of a result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} {message}")]
pub struct RpcError {
    /// Like an HTTP status: 303 other DC, 400 bad request, 401 log in, 406, 420 wait, 500 try again.
    pub code: i32,
    /// Upper-case name, often with a number at the end: `FLOOD_WAIT_3`.
    pub message: String,
}

impl RpcError {
    /// An error with its code and text.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The text without its number and the number, when there is one: `FLOOD_WAIT_3` is (`FLOOD_WAIT`, 3).
    ///
    /// The number may stand at the end or between underscores (`FILE_PART_2_MISSING` is `FILE_PART_MISSING`).
    pub fn parts(&self) -> (String, Option<i64>) {
        let mut value = None;
        let words = self.message.split('_').filter(|word| {
            let number = word.parse().ok().filter(|_| value.is_none() && !word.is_empty());
            value = value.or(number);
            number.is_none() && !word.is_empty()
        });
        let name = words.collect::<Vec<_>>().join("_");
        (name, value)
    }
}

#[cfg(test)]
mod tests {
    use super::RpcError;

    #[test]
    fn numbers_are_taken_out_of_error_texts() {
        let parts = |text: &str| RpcError::new(420, text).parts();
        assert_eq!(parts("FLOOD_WAIT_3"), ("FLOOD_WAIT".into(), Some(3)));
        assert_eq!(parts("FLOOD_PREMIUM_WAIT_0"), ("FLOOD_PREMIUM_WAIT".into(), Some(0)));
        assert_eq!(parts("2FA_CONFIRM_WAIT_604800"), ("2FA_CONFIRM_WAIT".into(), Some(604_800)));
        assert_eq!(parts("FILE_PART_2_MISSING"), ("FILE_PART_MISSING".into(), Some(2)));
        assert_eq!(parts("FLOOD_WAIT_"), ("FLOOD_WAIT".into(), None));
        assert_eq!(parts("PHONE_CODE_INVALID"), ("PHONE_CODE_INVALID".into(), None));
    }
}
