//! The call engine: shards, sockets, timers and the audio clock around the core, and the controller users hold.
