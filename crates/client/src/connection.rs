//! The connection to one data center.

pub(crate) mod dial;
