//! The Telegram client: connections, login, updates, peers, sessions.
