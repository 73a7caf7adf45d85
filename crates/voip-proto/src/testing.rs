//! What tests inside the crate share.

use std::time::Instant;

/// Tests need some instant to count from; which one does not matter.
#[allow(clippy::disallowed_methods, reason = "the origin of simulated time")]
pub(crate) fn origin() -> Instant {
    Instant::now()
}
