//! Bytes of the libtgvoip family, parse and write side by side.
