//! What a phone and a call are told before they start.

use std::time::Duration;

use offhook_voip::{FrameLen, MediaOptions, Offer};

/// Time limits of a call's set-up. `None` takes what `help.getConfig` says, or the default named here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timers {
    /// Caller: from the request until a device of the callee says that it rings. Default 20 s.
    pub receive: Option<Duration>,
    /// Caller: from the first ring until somebody answers. Callee: how long it rings. Default 90 s.
    pub ring: Option<Duration>,
    /// From the answer until both sides hear each other. Default 30 s.
    pub connect: Option<Duration>,
    /// An established call without any packet for this long is lost. Default 10 s.
    pub packet: Option<Duration>,
    /// How long a hang-up may wait for the server's word before the call counts as over without it. Default 5 s, as
    /// Telegram Desktop.
    pub hangup: Option<Duration>,
}

impl Timers {
    /// Every limit settled: ours, else the server's, else the default.
    pub(crate) fn settle(self, server: &Self) -> Limits {
        let limit = |ours: Option<Duration>, server: Option<Duration>, default: u64| {
            ours.or(server).unwrap_or(Duration::from_secs(default))
        };
        Limits {
            receive: limit(self.receive, server.receive, 20),
            ring: limit(self.ring, server.ring, 90),
            connect: limit(self.connect, server.connect, 30),
            packet: limit(self.packet, server.packet, 10),
            hangup: limit(self.hangup, server.hangup, 5),
        }
    }

    /// These, with `other` where nothing is said.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            receive: self.receive.or(other.receive),
            ring: self.ring.or(other.ring),
            connect: self.connect.or(other.connect),
            packet: self.packet.or(other.packet),
            hangup: self.hangup.or(other.hangup),
        }
    }
}

/// Settled [`Timers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub receive: Duration,
    pub ring: Duration,
    pub connect: Duration,
    pub packet: Duration,
    pub hangup: Duration,
}

/// How a phone is set up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PhoneConfig {
    /// Calls at one time, in both directions together. Incoming calls beyond it are refused as busy, outgoing ones are
    /// [`crate::CallError::TooMany`]. Default 1, as a person has; a service wants more.
    pub max_calls: usize,
    /// Incoming calls that ring and were not taken from [`crate::Incoming`] yet; more are refused as busy. Default 64.
    pub incoming_queue: usize,
    /// Versions of calls that are offered, best first. Default 13.0.0, 9.0.0, 8.0.0, 2.4.4: the modern family before the
    /// first one. Which family a call is of is decided by the server, from what both sides offer.
    pub versions: Offer,
    /// Allow a direct path to the other side, which then sees this machine's address. Default false.
    pub p2p: bool,
    /// Send the debug report when the server asks for it. Default true, as official clients.
    pub send_debug: bool,
    /// Time limits.
    pub timers: Timers,
    /// How the sound of calls is handled unless a call says otherwise.
    pub media: MediaOptions,
    /// Sound per packet. Default 60 ms; libtgvoip plays nothing else correctly.
    pub frame: FrameLen,
}

impl Default for PhoneConfig {
    fn default() -> Self {
        Self {
            max_calls: 1,
            incoming_queue: 64,
            versions: Offer::default(),
            p2p: false,
            send_debug: true,
            timers: Timers::default(),
            media: MediaOptions::default(),
            frame: FrameLen::default(),
        }
    }
}

impl PhoneConfig {
    /// So many calls at one time, at least one.
    #[must_use]
    pub fn max_calls(mut self, calls: usize) -> Self {
        self.max_calls = calls.max(1);
        self
    }

    /// Offers these versions of calls and no others.
    #[must_use]
    pub fn versions(mut self, versions: Offer) -> Self {
        self.versions = versions;
        self
    }

    /// Allows a direct path to the other side.
    #[must_use]
    pub fn p2p(mut self, allowed: bool) -> Self {
        self.p2p = allowed;
        self
    }

    /// Sends the debug report when the server asks for it.
    #[must_use]
    pub fn send_debug(mut self, on: bool) -> Self {
        self.send_debug = on;
        self
    }

    /// Handles the sound of calls this way.
    #[must_use]
    pub fn media(mut self, media: MediaOptions) -> Self {
        self.media = media;
        self
    }

    /// From the request until a device rings.
    #[must_use]
    pub fn receive_timeout(mut self, time: Duration) -> Self {
        self.timers.receive = Some(time);
        self
    }

    /// How long it rings.
    #[must_use]
    pub fn ring_timeout(mut self, time: Duration) -> Self {
        self.timers.ring = Some(time);
        self
    }

    /// From the answer until both sides hear each other.
    #[must_use]
    pub fn connect_timeout(mut self, time: Duration) -> Self {
        self.timers.connect = Some(time);
        self
    }

    /// Silence on the network after which an established call is lost.
    #[must_use]
    pub fn packet_timeout(mut self, time: Duration) -> Self {
        self.timers.packet = Some(time);
        self
    }

    /// How long a hang-up waits for the server.
    #[must_use]
    pub fn hangup_timeout(mut self, time: Duration) -> Self {
        self.timers.hangup = Some(time);
        self
    }
}

/// What one call does differently from its phone.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// How its sound is handled; the phone's way by default.
    pub media: Option<MediaOptions>,
    /// Its time limits; the phone's where nothing is said.
    pub timers: Timers,
}

impl CallOptions {
    /// Handles the sound this way.
    #[must_use]
    pub fn media(mut self, media: MediaOptions) -> Self {
        self.media = Some(media);
        self
    }

    /// Rings for this long.
    #[must_use]
    pub fn ring_timeout(mut self, time: Duration) -> Self {
        self.timers.ring = Some(time);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_goes_before_the_phone_and_the_phone_before_the_server() {
        let seconds = |s| Some(Duration::from_secs(s));
        let server =
            Timers { receive: seconds(1), ring: seconds(2), connect: seconds(3), ..Timers::default() };
        let phone = PhoneConfig::default().ring_timeout(Duration::from_secs(20));
        let call = CallOptions { timers: Timers { connect: seconds(300), ..Timers::default() }, media: None };
        let limits = call.timers.or(phone.timers).settle(&server);
        let expected = [1, 20, 300, 10, 5].map(Duration::from_secs);
        assert_eq!([limits.receive, limits.ring, limits.connect, limits.packet, limits.hangup], expected);
    }
}
