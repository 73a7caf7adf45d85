//! What the tests of the public API share: patience, sound, a small Telegram, and the binary.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "tests")]

pub(crate) mod legs;
pub(crate) mod sound;
pub(crate) mod town;

use std::future::Future;
use std::time::Duration;

/// Nothing in these tests takes this long, however busy the machine is: what does is a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The result of `future`, or a failure that says what did not happen.
pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(result) => result,
        Err(_) => panic!("still not: {what}"),
    }
}
