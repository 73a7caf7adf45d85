//! HTTP in front of the phone.
