//! The local Telegram: MTProto server, users, updates, phone calls, reflectors.
