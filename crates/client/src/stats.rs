//! What the client counts. Counters only grow while the client lives.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

macro_rules! counters {
    ($($(#[$meta:meta])* $name:ident,)*) => {
        /// A snapshot of the client's counters.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Stats {
            $($(#[$meta])* pub $name: u64,)*
            /// Last measured time from a ping to its answer. `None` before the first.
            pub rtt: Option<Duration>,
            /// Whether a connection with a key is up now.
            pub connected: bool,
            /// Server time minus local time, in seconds.
            pub clock_offset: i64,
        }

        /// The counters themselves, shared by the client's tasks.
        #[derive(Debug, Default)]
        pub(crate) struct Counters {
            $(pub(crate) $name: Counter,)*
            pub(crate) rtt_micros: AtomicU64,
            pub(crate) connected: std::sync::atomic::AtomicBool,
            pub(crate) clock_offset: std::sync::atomic::AtomicI64,
        }

        impl Counters {
            pub(crate) fn snapshot(&self) -> Stats {
                let rtt = self.rtt_micros.load(Ordering::Relaxed);
                Stats {
                    $($name: self.$name.value(),)*
                    rtt: (rtt > 0).then(|| Duration::from_micros(rtt)),
                    connected: self.connected.load(Ordering::Relaxed),
                    clock_offset: self.clock_offset.load(Ordering::Relaxed),
                }
            }
        }
    };
}

counters! {
    /// Attempts to open a connection.
    dials,
    /// Connections opened after the first one.
    reconnects,
    /// Permanent keys exchanged.
    keys_made,
    /// Temporary keys exchanged.
    temporary_keys_made,
    /// Calls started.
    calls,
    /// Calls answered with an error by the server.
    call_errors,
    /// Calls that ran out of time.
    call_time_outs,
    /// Calls whose caller stopped waiting.
    calls_cancelled,
    /// Calls sent again under a new message id: lost connection, bad salt, bad message id.
    resends,
    /// `bad_server_salt` answers.
    bad_salts,
    /// `bad_msg_notification` answers.
    bad_messages,
    /// Packets dropped because they break a rule: forged, foreign, out of the time window.
    bad_packets,
    /// Pings sent.
    pings,
    /// Flood waits obeyed or reported.
    flood_waits,
    /// Seconds slept in flood waits.
    flood_wait_seconds,
    /// Internal server errors met.
    server_errors,
    /// Bytes sent on the streams.
    bytes_sent,
    /// Bytes received on the streams.
    bytes_received,
    /// Updates given to readers.
    updates,
    /// Updates dropped because they had been delivered before.
    updates_duplicate,
    /// Updates a reader did not take in time: the bound of its queue was reached.
    updates_dropped,
    /// Among the dropped ones, those about a phone call.
    call_updates_dropped,
    /// Packets of updates dropped before they were looked at; the difference was fetched instead.
    inbound_dropped,
    /// Packets of updates that could not be read; the difference was fetched instead.
    updates_unreadable,
    /// Gaps found in the numbering of updates.
    gaps,
    /// Differences fetched.
    differences,
    /// Updates given up while they waited for a gap to close; they came again with the difference.
    updates_refetched,
    /// Times the session was written.
    session_saves,
    /// Times the session could not be written.
    session_save_errors,
}

/// One counter.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    pub(crate) fn increment(&self) {
        self.add(1);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
