//! What goes into a call and what comes out of it.

use std::net::SocketAddr;
use std::time::Instant;

/// The socket a datagram travels on. A call owns those that are not shared: it asks for them with [`Output::Open`], gives
/// each a number of its own choice, and never has more than [`Via::MOST`] of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Via {
    /// The UDP socket that many calls share. Only for relays of Telegram: a datagram of theirs finds its call by the relay's
    /// address and the tag that it begins with.
    #[default]
    Shared,
    /// A UDP socket of this call alone, for everything whose datagrams carry no tag: direct paths, STUN and TURN.
    Udp(u8),
    /// A TCP connection of this call alone. Its "datagrams" are pieces of a stream, cut anywhere.
    Tcp(u8),
}

impl Via {
    /// Sockets of one kind that a call may have open at one time.
    pub const MOST: u8 = 8;
}

/// What the outside world tells a call.
#[derive(Debug)]
#[non_exhaustive]
pub enum Input<'a> {
    /// A datagram has arrived. It is decrypted in place.
    Datagram {
        /// When the socket gave it up, not when we got round to it: jitter is measured by it.
        at: Instant,
        /// The socket it came from.
        via: Via,
        /// Who sent it.
        from: SocketAddr,
        /// The whole datagram.
        bytes: &'a mut [u8],
    },
    /// The deadline of the last [`Output::WaitUntil`] has passed (or any other moment has come).
    Tick(Instant),
    /// The interface or address of this machine has changed.
    NetworkChanged(Instant),
    /// The local side is muted or speaks again. While muted no frame is taken and the peer is told.
    Mute {
        /// When.
        at: Instant,
        /// Muted from now on?
        muted: bool,
    },
    /// The server brought a packet of the call's signalling (`updatePhoneCallSignalingData`). Families without
    /// signalling of their own ignore it.
    Signalling {
        /// When.
        at: Instant,
        /// The packet.
        packet: &'a [u8],
    },
    /// The addresses of this machine's interfaces. Told before anything else, and again when they have changed. The call
    /// offers those that are of use to the other side, where direct paths are allowed.
    LocalAddresses {
        /// When.
        at: Instant,
        /// All of them, also those told before. Their ports mean nothing: a call is reached at the ports of its own sockets.
        addresses: &'a [SocketAddr],
    },
    /// A socket that was asked for can be used.
    Opened {
        /// When.
        at: Instant,
        /// Which.
        via: Via,
        /// Its own address. Of a UDP socket that is bound to no address in particular, the port alone means something.
        local: SocketAddr,
    },
    /// A socket that was asked for could not be had, or was closed by the other end. Its number is free again.
    Closed {
        /// When.
        at: Instant,
        /// Which.
        via: Via,
    },
}

/// What a call asks of the outside world. Poll until [`Output::WaitUntil`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Output {
    /// Send the bytes written into the buffer given to [`crate::Call::poll`].
    Send {
        /// From which socket.
        via: Via,
        /// To whom.
        to: SocketAddr,
    },
    /// Hand the bytes written into the buffer to the server, for the other side (`phone.sendSignalingData`), in order.
    Signal,
    /// Open a socket of this call's own towards `to`; answered by [`Input::Opened`] or [`Input::Closed`].
    Open {
        /// Its kind and number.
        via: Via,
        /// A TCP connection goes there; a UDP socket is bound to the unspecified address of its family.
        to: SocketAddr,
    },
    /// Close a socket that was asked for. Not answered.
    Close {
        /// Which.
        via: Via,
    },
    /// Something the owner wants to know.
    Event(Event),
    /// Nothing to do before this instant. Ends the drain.
    WaitUntil(Instant),
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Started, the peer has not been heard.
    WaitInit,
    /// The peer has been heard, it has not acknowledged us yet.
    WaitInitAck,
    /// Both directions work.
    Established,
    /// Established before, but nothing valid has arrived for two seconds.
    Reconnecting,
    /// Over, because of a [`FailReason`]. Final.
    Failed,
    /// Closed by its owner. Final.
    Closed,
}

impl State {
    /// True when nothing will happen any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Failed | Self::Closed)
    }
}

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailReason {
    /// No INIT_ACK (libtgvoip) or no transport (tgcalls) within the connect time-out.
    ConnectTimeout,
    /// Nothing valid arrived within the receive time-out.
    ReceiveTimeout,
    /// The peer speaks no version that we do.
    Incompatible,
    /// The peer's packet names another call although it is sealed with our key.
    WrongCall,
    /// There is neither a server that could relay nor the permission to go without one.
    NoPath,
    /// The peer's certificate is not the one its signalling announced, or was announced in a way we cannot check.
    Fingerprint,
    /// `custom_parameters` ask for a transport that we do not have.
    CustomParameter,
    /// The peer ended the signalling before the call was up.
    SignallingEnded,
    /// The peer closed the media transport, and the call was not ended otherwise.
    PeerLeft,
}

impl std::fmt::Display for FailReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ConnectTimeout => "no connection in time",
            Self::ReceiveTimeout => "nothing was received for too long",
            Self::Incompatible => "the peer speaks no version that we do",
            Self::WrongCall => "a packet of the peer names another call",
            Self::NoPath => "no server to relay, and a direct path is not allowed",
            Self::Fingerprint => "the peer's certificate does not match its fingerprint",
            Self::CustomParameter => "unsupported custom parameter",
            Self::SignallingEnded => "the peer ended the signalling",
            Self::PeerLeft => "the peer closed the transport",
        })
    }
}

/// Something the owner of a call wants to know. At most 64 wait; then the oldest is dropped and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The call has moved on. Each state is reported once when it is entered.
    StateChanged(State),
    /// Follows `StateChanged(Failed)`.
    Failed(FailReason),
    /// Datagrams now go through another endpoint.
    EndpointChanged {
        /// Its id.
        id: i64,
    },
    /// The first frame of the peer's sound has arrived.
    FirstAudio,
    /// The peer switched its microphone off or on.
    PeerMuted(bool),
    /// The relay told how this machine looks from outside.
    PublicAddress(SocketAddr),
}

/// Why a frame was not taken. None of them is fatal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// The peer has not acknowledged us yet, or the call is over. The frame is forgotten; the timestamp stands still.
    #[error("the call is not established")]
    NotReady,
    /// The local side is muted.
    #[error("the call is muted")]
    Muted,
    /// The frame is longer than a receiver can hold.
    #[error("frame of {got} bytes, at most {limit} are possible")]
    TooLong {
        /// Its length.
        got: usize,
        /// The limit.
        limit: usize,
    },
    /// The frame is empty or its duration is not the one configured.
    #[error("frame does not hold one frame length of sound")]
    Duration,
    /// Earlier frames have not been polled out yet; at most 4 wait.
    #[error("too many frames wait to be sent")]
    Full,
}
