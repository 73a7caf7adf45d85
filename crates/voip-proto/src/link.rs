//! What both ends know about the packets between them.

mod path;
mod sent;
mod window;

pub(crate) use path::Path;
pub(crate) use sent::SentLog;
pub(crate) use window::{Arrival, Window};
