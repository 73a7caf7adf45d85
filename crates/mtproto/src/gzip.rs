//! `gzip_packed#3072cfa1`.
