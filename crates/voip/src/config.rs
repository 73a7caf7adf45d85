//! What an engine and a call are told before they start.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use offhook_media::{ActivityConfig, Profile};

/// How an engine is set up.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EngineConfig {
    /// Threads that carry calls. Default 0: one per core.
    pub shards: usize,
    /// Calls one shard takes at most, prepared ones included. Default 4096.
    pub calls_per_shard: usize,
    /// Local IPv4 address of the sockets. Default: any.
    pub bind_v4: Ipv4Addr,
    /// Local IPv6 address of the sockets; they are left out where the machine has no IPv6. Default: any.
    pub bind_v6: Option<Ipv6Addr>,
    /// Bytes the kernel may hold for a shard's socket. Default 4 MiB; the system may grant less.
    pub receive_buffer: usize,
    /// Commands that may wait for a shard. Default 4096.
    pub command_queue: usize,
    /// Share of a shard's time above which its calls step down a profile, 0 to 1. They step up again, at most to what they
    /// were started with, when 0.2 less than this has been enough for ten seconds. Default 0.70.
    pub step_down_at: f32,
    /// Share of a shard's time above which it refuses new calls, 0 to 1. Default 0.90.
    pub refuse_at: f32,
    /// Whether calls are told by themselves when this machine reaches others from another address than before, as by
    /// [`Controller::network_changed`](crate::Controller::network_changed). Looked at every two seconds. Default true.
    pub watch_network: bool,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            shards: 0,
            calls_per_shard: 4096,
            bind_v4: Ipv4Addr::UNSPECIFIED,
            bind_v6: Some(Ipv6Addr::UNSPECIFIED),
            receive_buffer: 4 << 20,
            command_queue: 4096,
            step_down_at: 0.70,
            refuse_at: 0.90,
            watch_network: true,
        }
    }
}

impl EngineConfig {
    /// So many shards; 0 is one per core.
    #[must_use]
    pub fn shards(mut self, shards: usize) -> Self {
        self.shards = shards;
        self
    }

    /// Whether the machine's network is watched.
    #[must_use]
    pub fn watch_network(mut self, watch: bool) -> Self {
        self.watch_network = watch;
        self
    }

    /// At most so many calls on one shard.
    #[must_use]
    pub fn calls_per_shard(mut self, calls: usize) -> Self {
        self.calls_per_shard = calls;
        self
    }

    /// The local IPv4 address of the sockets.
    #[must_use]
    pub fn bind_v4(mut self, address: Ipv4Addr) -> Self {
        self.bind_v4 = address;
        self
    }

    /// The local IPv6 address of the sockets; `None` does without IPv6.
    #[must_use]
    pub fn bind_v6(mut self, address: Option<Ipv6Addr>) -> Self {
        self.bind_v6 = address;
        self
    }
}

/// Whether the peer's sound is decoded only to learn if somebody speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpeechEvents {
    /// Speech is reported while the sound is decoded anyway, for an output that takes samples. Costs nothing.
    #[default]
    WhenDecoding,
    /// Always, at the price of a decoder (about a tenth of a call).
    Always,
    /// Never.
    Never,
}

/// How the sound of one call is handled.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MediaOptions {
    /// What to spend on encoding. Default `quality`; stepped down under overload, and up again after it.
    pub profile: Profile,
    /// Bits a second; the profile's own by default.
    pub bitrate: Option<u32>,
    /// Send ready-made packets of sources without decoding them. Default true.
    pub pass_through: bool,
    /// Hang up when everything queued has been heard. Default false: the call stays up in silence.
    pub hang_up_when_done: bool,
    /// How long the call stays up after the last sample when [`MediaOptions::hang_up_when_done`] is set, so that what is
    /// under way and in the peer's jitter buffer is still heard. Default 700 ms (libtgvoip buffers up to 600 ms).
    pub linger: Duration,
    /// When speech is reported.
    pub speech_events: SpeechEvents,
    /// What counts as speech, and after how much silence the watchdog barks.
    pub activity: ActivityConfig,
    /// Record when frames are taken from the source and handed to the sink: at most this many of each (50 a second).
    /// Default none.
    pub stamps: Option<usize>,
}

impl Default for MediaOptions {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            bitrate: None,
            pass_through: true,
            hang_up_when_done: false,
            linger: Duration::from_millis(700),
            speech_events: SpeechEvents::default(),
            activity: ActivityConfig::default(),
            stamps: None,
        }
    }
}

impl MediaOptions {
    /// Spends this much on encoding.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Encodes at so many bits a second.
    #[must_use]
    pub fn bitrate(mut self, bits: u32) -> Self {
        self.bitrate = Some(bits);
        self
    }

    /// Passes ready-made packets on, or decodes and encodes them again.
    #[must_use]
    pub fn pass_through(mut self, on: bool) -> Self {
        self.pass_through = on;
        self
    }

    /// Hangs up when everything queued has been heard, or stays.
    #[must_use]
    pub fn hang_up_when_done(mut self, on: bool) -> Self {
        self.hang_up_when_done = on;
        self
    }

    /// Stays up for this long after the last sample before it hangs up.
    #[must_use]
    pub fn linger(mut self, time: Duration) -> Self {
        self.linger = time;
        self
    }

    /// When speech is reported.
    #[must_use]
    pub fn speech_events(mut self, when: SpeechEvents) -> Self {
        self.speech_events = when;
        self
    }

    /// What counts as speech, and as lasting silence.
    #[must_use]
    pub fn activity(mut self, activity: ActivityConfig) -> Self {
        self.activity = activity;
        self
    }

    /// Records the times of up to `frames` frames in each direction.
    #[must_use]
    pub fn stamps(mut self, frames: usize) -> Self {
        self.stamps = Some(frames);
        self
    }
}
