//! The four framings.
