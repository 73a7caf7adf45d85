//! Safe wrapper of libopus.
