//! Logs go to stderr: warnings, more with `-v`, and by filter with `OFFHOOK_LOG`.

use tracing_subscriber::EnvFilter;

/// Starts the log. `verbose` counts the `-v`.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        // The TURN server's crate calls the first, unauthenticated question of every client an error.
        0 => "warn,stun_proto=off,turn_server_proto=off",
        1 => "info,stun_proto=off,turn_server_proto=off",
        2 => "debug",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("OFFHOOK_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // Only one log per process; a second start (tests) keeps the first.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
