//! The families of calls behind one surface.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use offhook_voip_proto as proto;

/// The core of a call, whichever family it is of.
pub(crate) enum Family {
    /// libtgvoip "2.4.4".
    Libtgvoip(Box<proto::Call>),
    /// The modern family.
    Tgcalls(Box<proto::tgcalls::Call>),
}

impl Family {
    pub(crate) fn new(config: proto::CallConfig, now: Instant) -> Result<Self, proto::ConfigError> {
        match config.family {
            proto::Family::Libtgvoip => Ok(Self::Libtgvoip(Box::new(proto::Call::new(config, now)?))),
            proto::Family::Tgcalls(_) => Ok(Self::Tgcalls(Box::new(proto::tgcalls::Call::new(config, now)?))),
        }
    }

    pub(crate) fn datagram(&mut self, at: Instant, via: proto::Via, from: SocketAddr, bytes: &mut [u8]) {
        self.handle(proto::Input::Datagram { at, via, from, bytes });
    }

    /// What this side's datagrams begin with at relays, when that is not the tag of the endpoint.
    pub(crate) fn tags(&self) -> Option<Vec<(SocketAddr, proto::PeerTag)>> {
        match self {
            Self::Libtgvoip(_) => None,
            Self::Tgcalls(call) => Some(call.tags()),
        }
    }

    /// Whether relays may answer this family with the first 12 bytes of a tag alone.
    pub(crate) fn answers_by_prefix(&self) -> bool {
        match self {
            Self::Libtgvoip(_) => false,
            Self::Tgcalls(_) => true,
        }
    }

    /// Whether the core asks for addresses of this machine.
    pub(crate) fn wants_addresses(&self) -> bool {
        match self {
            Self::Libtgvoip(_) => false,
            Self::Tgcalls(_) => true,
        }
    }

    pub(crate) fn signalling(&mut self, at: Instant, packet: &[u8]) {
        self.handle(proto::Input::Signalling { at, packet });
    }

    pub(crate) fn local_addresses(&mut self, at: Instant, addresses: &[SocketAddr]) {
        self.handle(proto::Input::LocalAddresses { at, addresses });
    }

    pub(crate) fn opened(&mut self, at: Instant, via: proto::Via, local: SocketAddr) {
        self.handle(proto::Input::Opened { at, via, local });
    }

    pub(crate) fn closed(&mut self, at: Instant, via: proto::Via) {
        self.handle(proto::Input::Closed { at, via });
    }

    pub(crate) fn tick(&mut self, now: Instant) {
        self.handle(proto::Input::Tick(now));
    }

    pub(crate) fn network_changed(&mut self, now: Instant) {
        self.handle(proto::Input::NetworkChanged(now));
    }

    pub(crate) fn mute(&mut self, at: Instant, muted: bool) {
        self.handle(proto::Input::Mute { at, muted });
    }

    fn handle(&mut self, input: proto::Input<'_>) {
        match self {
            Self::Libtgvoip(call) => call.handle(input),
            Self::Tgcalls(call) => call.handle(input),
        }
    }

    pub(crate) fn poll(&mut self, out: &mut Vec<u8>) -> proto::Output {
        match self {
            Self::Libtgvoip(call) => call.poll(out),
            Self::Tgcalls(call) => call.poll(out),
        }
    }

    pub(crate) fn wants_frames(&self) -> bool {
        match self {
            Self::Libtgvoip(call) => call.wants_frames(),
            Self::Tgcalls(call) => call.wants_frames(),
        }
    }

    pub(crate) fn push_frame(&mut self, now: Instant, opus: &[u8]) -> Result<(), proto::PushError> {
        match self {
            Self::Libtgvoip(call) => call.push_frame(now, opus),
            Self::Tgcalls(call) => call.push_frame(now, opus),
        }
    }

    pub(crate) fn pull_frame(&mut self, now: Instant, queued: Duration, out: &mut Vec<u8>) -> proto::Playout {
        match self {
            Self::Libtgvoip(call) => call.pull_frame(now, queued, out),
            Self::Tgcalls(call) => call.pull_frame(now, queued, out),
        }
    }

    pub(crate) fn close(&mut self, now: Instant) {
        match self {
            Self::Libtgvoip(call) => call.close(now),
            Self::Tgcalls(call) => call.close(now),
        }
    }

    pub(crate) fn state(&self) -> proto::State {
        match self {
            Self::Libtgvoip(call) => call.state(),
            Self::Tgcalls(call) => call.state(),
        }
    }

    pub(crate) fn stats(&self) -> proto::Stats {
        match self {
            Self::Libtgvoip(call) => call.stats(),
            Self::Tgcalls(call) => call.stats(),
        }
    }

    /// How the two sides were connected.
    pub(crate) fn report(&self) -> Option<Box<proto::tgcalls::ConnectReport>> {
        match self {
            Self::Libtgvoip(_) => None,
            Self::Tgcalls(call) => Some(Box::new(call.report())),
        }
    }

    pub(crate) fn encoder_hints(&self) -> proto::EncoderHints {
        match self {
            Self::Libtgvoip(call) => call.encoder_hints(),
            Self::Tgcalls(call) => call.encoder_hints(),
        }
    }
}

/// The same length in the words of `media`, which does not know the core.
pub(crate) fn media_frame_len(frame: proto::FrameLen) -> offhook_media::FrameLen {
    match frame {
        proto::FrameLen::Ms20 => offhook_media::FrameLen::Ms20,
        proto::FrameLen::Ms40 => offhook_media::FrameLen::Ms40,
        proto::FrameLen::Ms60 => offhook_media::FrameLen::Ms60,
    }
}
